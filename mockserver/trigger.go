package mockserver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// triggering is an event that is being triggered.
type triggering struct {
	tx      *gitlab.Tx
	asked   control.Trigger
	project gitlab.Project
	mr      gitlab.MergeRequest
	actor   gitlab.Actor
}

// happening says what an event does, which merge requests it fits, and who may cause it.
type happening struct {
	takes string                                                   // which merge requests fit, in words
	fits  func(*gitlab.Tx, gitlab.MergeRequest) bool               // nil means open merge requests
	may   func(*gitlab.Tx, gitlab.Actor, gitlab.MergeRequest) bool // nil means everybody
	do    func(*triggering) (gitlab.MergeRequest, error)
}

var happenings = map[control.Event]happening{
	control.EventOpen: {fits: anyRequest, do: (*triggering).open},
	control.EventPush: {do: (*triggering).push},
	control.EventUpdate: {fits: anyRequest, do: func(t *triggering) (gitlab.MergeRequest, error) {
		text := t.mr.Description + "\nEdited at " + t.tx.Now.Format(time.RFC3339Nano)
		return t.tx.UpdateMergeRequest(t.actor, t.mr, gitlab.MergeRequestUpdate{Description: &text})
	}},
	control.EventClose: {do: func(t *triggering) (gitlab.MergeRequest, error) {
		return t.tx.UpdateMergeRequest(t.actor, t.mr, gitlab.MergeRequestUpdate{StateEvent: "close"})
	}},
	control.EventReopen: {
		takes: "a closed one",
		fits:  func(_ *gitlab.Tx, mr gitlab.MergeRequest) bool { return mr.State == gitlab.Closed },
		do: func(t *triggering) (gitlab.MergeRequest, error) {
			return t.tx.UpdateMergeRequest(t.actor, t.mr, gitlab.MergeRequestUpdate{StateEvent: "reopen"})
		},
	},
	control.EventApprove: {
		may: (*gitlab.Tx).CanApprove,
		do: func(t *triggering) (gitlab.MergeRequest, error) {
			return t.tx.Approve(t.actor, t.mr, "")
		},
	},
	control.EventUnapprove: {
		takes: "one that somebody has approved",
		fits:  func(_ *gitlab.Tx, mr gitlab.MergeRequest) bool { return len(mr.Approvals) > 0 },
		may: func(_ *gitlab.Tx, a gitlab.Actor, mr gitlab.MergeRequest) bool {
			return mr.ApprovedBy(a.User.ID)
		},
		do: func(t *triggering) (gitlab.MergeRequest, error) { return t.tx.Unapprove(t.actor, t.mr) },
	},
	control.EventMerge: {do: func(t *triggering) (gitlab.MergeRequest, error) {
		return t.tx.Merge(t.actor, t.mr, gitlab.MergeOptions{SHA: t.mr.HeadSHA})
	}},
	control.EventRetry: {
		takes: "one with a failed check",
		fits:  func(tx *gitlab.Tx, mr gitlab.MergeRequest) bool { return len(failedChecks(tx, mr)) > 0 },
		do:    (*triggering).retry,
	},
}

// Trigger makes something happen to a merge request, as if a member did it in GitLab. It fails, and changes nothing, if
// no merge request fits the event or if GitLab refuses it. EventTimeout advances the clock, as Advance does.
func (s *Server) Trigger(ctx context.Context, asked control.Trigger) (control.Triggered, error) {
	if asked.Event == control.EventTimeout {
		return s.triggerTimeout(ctx, asked)
	}
	h, known := happenings[asked.Event]
	if !known {
		return control.Triggered{}, refused(http.StatusBadRequest, "there is no event %q", asked.Event)
	}
	t := &triggering{asked: asked}
	before := s.world.deliverer.newest()
	err := s.change(func(tx *gitlab.Tx) error {
		t.tx = tx
		if err := t.choose(h); err != nil {
			return err
		}
		mr, err := h.do(t)
		if err != nil {
			return s.refusedEvent(t, err)
		}
		t.mr = mr
		return nil
	})
	if err != nil {
		return control.Triggered{}, err
	}
	return s.triggered(asked.Event, t.actor.User.Username, t.mr.ID, before), nil
}

// refusedEvent makes the error that says why GitLab refuses an event.
func (s *Server) refusedEvent(t *triggering, err error) error {
	var broken *gitlab.Refusal
	if !errors.As(err, &broken) {
		return err
	}
	return refused(http.StatusConflict, "GitLab refuses to %s merge request !%d for %s with status %d: %s",
		t.asked.Event, t.mr.IID, t.actor.User.Username, refusalOf(err).status, broken.Reason)
}

// triggered describes what an event has caused so far.
func (s *Server) triggered(event control.Event, username string, id gitlab.MergeRequestID,
	before gitlab.DeliveryID,
) control.Triggered {
	done := control.Triggered{Event: event, User: username, Deliveries: []int64{}, Clock: s.Clock()}
	s.look(func(tx *gitlab.Tx) {
		if mr, there := tx.MergeRequestByID(id); there {
			done.MergeRequest = presentMergeRequestRow(tx, mr)
		}
		for _, d := range tx.Deliveries() {
			if d.ID > before && d.MergeRequestID == id {
				done.Deliveries = append(done.Deliveries, int64(d.ID))
			}
		}
	})
	return done
}

func anyRequest(*gitlab.Tx, gitlab.MergeRequest) bool { return true }

// choose finds the merge request and the user.
func (t *triggering) choose(h happening) error {
	var err error
	if t.mr, err = chooseMergeRequest(t.tx, t.asked, h); err != nil {
		return err
	}
	t.project, _ = t.tx.Project(t.mr.ProjectID)
	return t.chooseActor(h.may)
}

// chooseMergeRequest returns the merge request that an event names, or the first one that fits it.
func chooseMergeRequest(tx *gitlab.Tx, asked control.Trigger, h happening) (gitlab.MergeRequest, error) {
	fits := h.fits
	if fits == nil {
		fits = func(_ *gitlab.Tx, mr gitlab.MergeRequest) bool { return mr.State == gitlab.Opened }
	}
	for _, p := range tx.Projects() {
		for _, mr := range tx.MergeRequests(p.ID) {
			here := (asked.Project == 0 || asked.Project == int64(p.ID)) &&
				(asked.MergeRequest == 0 || asked.MergeRequest == int64(mr.IID))
			if here && (asked.MergeRequest != 0 || fits(tx, mr)) {
				return mr, nil
			}
		}
	}
	if asked.MergeRequest != 0 {
		return gitlab.MergeRequest{}, refused(http.StatusNotFound, "there is no merge request !%d in %s",
			asked.MergeRequest, placeOf(asked))
	}
	return gitlab.MergeRequest{}, refused(http.StatusConflict, "there is no merge request in %s for %s, which takes "+
		"%s; name one by its iid (merge_request)", placeOf(asked), asked.Event, cmp.Or(h.takes, "an open one"))
}

func placeOf(asked control.Trigger) string {
	if asked.Project == 0 {
		return "any project"
	}
	return fmt.Sprintf("project %d", asked.Project)
}

// chooseActor finds the user whom the event names, or the member with the highest role who may cause it.
func (t *triggering) chooseActor(may func(*gitlab.Tx, gitlab.Actor, gitlab.MergeRequest) bool) error {
	if t.asked.User != "" {
		u, known := t.tx.UserByUsername(t.asked.User)
		if !known {
			return refused(http.StatusNotFound, "there is no user %q", t.asked.User)
		}
		t.actor = gitlab.Actor{User: u}
		return nil
	}
	p := t.project
	if t.asked.Event == control.EventPush {
		p, _ = t.tx.Project(t.mr.SourceProjectID)
	}
	members := t.tx.AllProjectMembers(p)
	slices.SortStableFunc(members, func(a, b gitlab.Member) int { return cmp.Compare(b.AccessLevel, a.AccessLevel) })
	for _, m := range members {
		u, _ := t.tx.User(m.UserID)
		if a := (gitlab.Actor{User: u}); !u.Blocked && (may == nil || may(t.tx, a, t.mr)) {
			t.actor = a
			return nil
		}
	}
	return refused(http.StatusConflict, "no member of %s may %s merge request !%d; name a user with user",
		p.FullPath, t.asked.Event, t.mr.IID)
}

// push adds a commit with a new file to the source branch.
func (t *triggering) push() (gitlab.MergeRequest, error) {
	head, _ := t.tx.Commit(t.mr.ProjectID, t.mr.HeadSHA)
	source, _ := t.tx.Project(t.mr.SourceProjectID)
	name := ""
	for n := 1; name == "" || head.Tree[name] != ""; n++ {
		name = fmt.Sprintf("triggered/push-%d.txt", n)
	}
	if err := t.tx.MayPush(t.actor, source, t.mr.SourceBranch); err != nil {
		return t.mr, err
	}
	_, err := t.tx.PushCommit(t.actor, source, gitlab.NewCommit{
		Branch: t.mr.SourceBranch, Message: "Add " + name,
		Actions: []gitlab.FileAction{{Action: "create", Path: name, Content: triggeredText, HasContent: true}},
	})
	if err != nil {
		return t.mr, err
	}
	mr, _ := t.tx.MergeRequestByID(t.mr.ID)
	return mr, nil
}

// triggeredText is the content of the files that events add.
const triggeredText = "Triggered.\n"

// open opens another merge request to the same target as the chosen one. Its branch is stored directly, so that no
// service is notified of a push.
func (t *triggering) open() (gitlab.MergeRequest, error) {
	target, _ := t.tx.Branch(t.project.ID, t.mr.TargetBranch)
	head, _ := t.tx.Commit(t.project.ID, target.SHA)
	branch := ""
	for n := 1; branch == ""; n++ {
		name := fmt.Sprintf("triggered-%d", n)
		if _, there := t.tx.Branch(t.project.ID, name); !there {
			branch = name
		}
	}
	tree := maps.Clone(head.Tree)
	if tree == nil {
		tree = map[string]string{}
	}
	tree["triggered/"+branch+".txt"] = triggeredText
	c := t.tx.SeedCommit(gitlab.Commit{
		ProjectID: t.project.ID, ParentSHAs: []string{target.SHA}, Message: "Add " + branch, Tree: tree,
		AuthorName: t.actor.User.Name, AuthorEmail: t.actor.User.Email,
	})
	t.tx.SeedBranch(gitlab.Branch{ProjectID: t.project.ID, Name: branch, SHA: c.SHA})
	return t.tx.CreateMergeRequest(t.actor, t.project, gitlab.MergeRequest{
		SourceProjectID: t.project.ID, Title: "Merge " + branch, SourceBranch: branch, TargetBranch: t.mr.TargetBranch,
	})
}

// retry retries a failed check.
func (t *triggering) retry() (gitlab.MergeRequest, error) {
	check := gitlab.CheckID(t.asked.Check)
	if failed := failedChecks(t.tx, t.mr); check == 0 && len(failed) > 0 {
		check = failed[0]
	}
	if check == 0 {
		return t.mr, refused(
			http.StatusConflict,
			"no external status check of merge request !%d has failed; only one "+
				"that failed can be retried",
			t.mr.IID,
		)
	}
	return t.mr, t.tx.Retry(t.actor, t.mr, check)
}

// failedChecks lists the failed checks of a merge request.
func failedChecks(tx *gitlab.Tx, mr gitlab.MergeRequest) (failed []gitlab.CheckID) {
	for _, c := range tx.ApplicableChecks(mr) {
		if tx.StatusOf(mr, c.ID) == gitlab.Failed {
			failed = append(failed, c.ID)
		}
	}
	return failed
}

// triggerTimeout advances the clock until the responses that are pending now have timed out.
func (s *Server) triggerTimeout(ctx context.Context, asked control.Trigger) (control.Triggered, error) {
	var mr gitlab.MergeRequest
	var at time.Time
	var err error
	s.look(func(tx *gitlab.Tx) {
		mr, err = chooseMergeRequest(tx, asked, happening{
			takes: "one with a pending response",
			fits:  func(tx *gitlab.Tx, mr gitlab.MergeRequest) bool { return !lastExpiry(tx, mr, asked).IsZero() },
		})
		if err == nil {
			at = lastExpiry(tx, mr, asked)
		}
	})
	if err != nil {
		return control.Triggered{}, err
	}
	if at.IsZero() {
		return control.Triggered{}, refused(
			http.StatusConflict,
			"no response of merge request !%d is pending, so none "+
				"can time out; a service sets one to pending first",
			mr.IID,
		)
	}
	before := s.world.deliverer.newest()
	if err := s.AdvanceTo(ctx, at); err != nil {
		return control.Triggered{}, notFinished(err)
	}
	return s.triggered(asked.Event, "", mr.ID, before), nil
}

// lastExpiry is when the last pending response of a merge request times out; zero if none is pending.
func lastExpiry(tx *gitlab.Tx, mr gitlab.MergeRequest, asked control.Trigger) (last time.Time) {
	for _, c := range tx.ApplicableChecks(mr) {
		r, there := tx.LatestResponse(mr, c.ID)
		if !there || r.Status != gitlab.Pending || asked.Check != 0 && asked.Check != int64(c.ID) {
			continue
		}
		if at := tx.ExpiresAt(r); at.After(last) {
			last = at
		}
	}
	return last
}
