package gitlab

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"time"
)

// HookCall is what a delivery to a webhook has beside its body. The zero value belongs to a delivery to a check. The
// tokens of the webhook are not part of it: they are read when the delivery is sent.
type HookCall struct {
	HookID         HookID
	Event          HookEvent // the kind of event that the webhook is told of
	IdempotencyKey string    // the same for a delivery that is sent again
	WebhookUUID    string
	EventUUID      string
}

// Trigger is the name of the kind of event in GitLab's log of deliveries, such as push_hooks.
//
// Source: app/models/concerns/triggerable_hooks.rb.
func (h HookCall) Trigger() string {
	switch h.Event {
	case PushEvents:
		return "push_hooks"
	case TagPushEvents:
		return "tag_push_hooks"
	case MergeRequestsEvents:
		return "merge_request_hooks"
	case NoteEvents:
		return "note_hooks"
	case ConfidentialNoteEvents:
		return "confidential_note_hooks"
	}
	return ""
}

// Header is the value of the header that says what the delivery is about, such as Push Hook.
//
// Source: app/services/web_hook_service.rb.
func (h HookCall) Header() string {
	switch h.Event {
	case PushEvents:
		return "Push Hook"
	case TagPushEvents:
		return "Tag Push Hook"
	case MergeRequestsEvents:
		return "Merge Request Hook"
	case NoteEvents:
		return "Note Hook"
	case ConfidentialNoteEvents:
		return "Confidential Note Hook"
	}
	return ""
}

// HookSignature signs a delivery to a webhook as the specification Standard Webhooks says: its id, the instant in
// seconds and its body, under HMAC-SHA256, in Base64.
//
// Source: https://gitlab.com/gitlab-org/gitlab/-/merge_requests/230944.
func HookSignature(key []byte, id string, at time.Time, body Payload) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
	mac.Write(body.Event)
	mac.Write(body.Own)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// PushEvent is something that happened to a branch. An empty SHA stands for a branch that is not there.
type PushEvent struct {
	Project       Project
	User          User
	Branch        string
	Before, After string
	Commits       []Commit // those that are new, the newest first
	Protected     bool     // whether a rule protects the branch
	NewestFirst   bool     // tell of the commits in this order; otherwise in that in which they were made
	Tag           string   // the tag that is told of instead of the branch; empty if there is none
}

// NoteEvent is a comment that was made on a merge request.
type NoteEvent struct {
	Note         Note
	MergeRequest MergeRequest
	User         User
}

// Renderings make the bodies of deliveries that go to webhooks alone.
type Renderings struct {
	Push func(*Tx, PushEvent) []byte
	Note func(*Tx, NoteEvent) []byte
}

// orEmpty replaces what is missing by what renders an empty object.
func (r Renderings) orEmpty() Renderings {
	if r.Push == nil {
		r.Push = func(*Tx, PushEvent) []byte { return []byte("{}") }
	}
	if r.Note == nil {
		r.Note = func(*Tx, NoteEvent) []byte { return []byte("{}") }
	}
	return r
}

// delivery is a delivery to the webhook, without its body.
func (h ProjectHook) delivery(event HookEvent) Delivery {
	return Delivery{ProjectID: h.ProjectID, URL: h.URL, Hook: HookCall{HookID: h.ID, Event: event}}
}

// firePush tells webhooks of a push.
//
// Source: app/services/git/base_hooks_service.rb, lib/gitlab/data_builder/push.rb.
func (tx *Tx) firePush(e PushEvent) {
	if e.Before == e.After {
		return
	}
	tx.fireHooks(e.Project.ID, PushEvents, Delivery{}, e.Branch, func() []byte {
		e.Commits, e.Protected = tx.pushed(e), tx.protects(e.Project, e.Branch)
		return tx.state.opts.Hooks.Push(tx, e)
	})
}

// fireNote tells webhooks of a comment.
//
// Source: app/services/notes/post_process_service.rb.
func (tx *Tx) fireNote(e NoteEvent) {
	event := NoteEvents
	if e.Note.Internal {
		event = ConfidentialNoteEvents
	}
	tx.fireHooks(e.MergeRequest.ProjectID, event, Delivery{MergeRequestID: e.MergeRequest.ID, Action: "create"}, "",
		func() []byte { return tx.state.opts.Hooks.Note(tx, e) })
}

// fireHooks queues a delivery to each webhook of a project that wants it. They share one body.
func (tx *Tx) fireHooks(p ProjectID, event HookEvent, about Delivery, branch string, render func() []byte) {
	var body []byte
	for _, h := range tx.ProjectHooks(p) {
		if !h.wants(event, branch) {
			continue
		}
		d := h.delivery(event)
		d.MergeRequestID, d.Action, d.Leads = about.MergeRequestID, about.Action, body == nil
		if body == nil {
			body = render()
		}
		d.Body = Payload{Event: body}
		tx.queue(d)
	}
}

// pushed lists the commits that a push has brought, the newest first. Of a new branch, only commits count that the
// default branch does not have.
//
// Source: app/services/git/branch_hooks_service.rb.
func (tx *Tx) pushed(e PushEvent) []Commit {
	if e.After == "" {
		return []Commit{}
	}
	known := map[string]bool{}
	before := e.Before
	if main, ok := tx.Branch(e.Project.ID, e.Project.DefaultBranch); ok && before == "" && main.Name != e.Branch {
		before = main.SHA
	}
	if before != "" {
		for _, c := range tx.History(e.Project.ID, before) {
			known[c.SHA] = true
		}
	}
	return tx.walk(e.Project.ID, e.After, known)
}

// FilesOf lists the files that a commit added, modified and removed, each in order. None of the lists is nil.
func (tx *Tx) FilesOf(c Commit) (added, modified, removed []string) {
	added, modified, removed = []string{}, []string{}, []string{}
	var before Commit
	if len(c.ParentSHAs) > 0 {
		before, _ = tx.Commit(c.ProjectID, c.ParentSHAs[0])
	}
	for _, path := range changedPaths(before.Tree, c.Tree) {
		_, was := before.Tree[path]
		_, is := c.Tree[path]
		switch {
		case !was:
			added = append(added, path)
		case !is:
			removed = append(removed, path)
		default:
			modified = append(modified, path)
		}
	}
	return added, modified, removed
}

// protects reports whether a rule protects a branch.
func (tx *Tx) protects(p Project, branch string) bool {
	for _, b := range tx.ProtectedBranches(p) {
		if b.Matches(branch) {
			return true
		}
	}
	return false
}

// renewForHook makes the body of a delivery to a webhook anew.
func (tx *Tx) renewForHook(d *Delivery, r Rendering) error {
	h, err := tx.ProjectHook(d.ProjectID, d.Hook.HookID)
	if err != nil {
		return err
	}
	if d.Hook.Event != MergeRequestsEvents {
		return refuse(Unprocessable, "delivery %d is about %s; only deliveries about merge requests can be made afresh",
			d.ID, d.Hook.Event)
	}
	d.URL, d.Body = h.URL, Payload{r.Event, r.Closing}
	return nil
}

// identify gives a delivery to a webhook its UUIDs. They follow from its number and its time, so that a run can be
// repeated.
func (tx *Tx) identify(d *Delivery) {
	if d.Hook.HookID == 0 {
		return
	}
	if d.Hook.IdempotencyKey == "" {
		d.Hook.IdempotencyKey = tx.uuid(d.ID, "idempotency key")
	}
	d.Hook.WebhookUUID, d.Hook.EventUUID = tx.uuid(d.ID, "webhook"), tx.uuid(d.ID, "event")
}

func (tx *Tx) uuid(id DeliveryID, of string) string {
	b := sha256.Sum256(fmt.Appendf(nil, "%s of delivery %d at %d of %s", of, id, tx.Now.UnixMicro(), tx.BaseURL()))
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// HookDeliveries lists the deliveries to a webhook that are still in the log, by id.
func (tx *Tx) HookDeliveries(id HookID) []Delivery { return all(tx, deliveryTable, "hook", key(id)) }
