package gitlab

// testTag is the tag that a test of a webhook tells of, in a project without tags.
const testTag = "v1.0.0"

// sampleCommits is how many commits the test of a push tells of.
const sampleCommits = 3

// untestable says what a project lacks for the test of an event. Nothing here makes it.
//
// Source: app/services/concerns/integrations/project_test_data.rb.
var untestable = map[HookEvent]string{
	"issues_events": "Ensure the project has issues.", "confidential_issues_events": "Ensure the project has issues.",
	"job_events": "Ensure the project has CI jobs.", "pipeline_events": "Ensure the project has CI pipelines.",
	"wiki_page_events": "Ensure the wiki is enabled and has pages.",
	"releases_events":  "Ensure the project has releases.",
}

// notTestable is the refusal for events that cannot be tested.
//
// Source: app/services/test_hooks/base_service.rb.
const notTestable = "Testing not available for this hook"

// TestProjectHook queues a delivery to a webhook as if an event had happened, also if the webhook does not want it. It
// refuses with Unprocessable if the project lacks what the event would be about.
//
// Source: app/services/test_hooks/project_service.rb.
func (tx *Tx) TestProjectHook(a Actor, p Project, h ProjectHook, event HookEvent) (Delivery, error) {
	d := h.delivery(event)
	d.Leads = true
	switch event {
	case PushEvents, TagPushEvents:
		return tx.testPush(a, p, d)
	case MergeRequestsEvents:
		return tx.testMergeRequest(a, p, d)
	case NoteEvents, "emoji_events":
		return tx.testNote(a, p, d)
	}
	if lacks, known := untestable[event]; known {
		return d, refuseText(Unprocessable, lacks, "this GitLab has nothing that %s could be about", event)
	}
	return d, refuseText(Unprocessable, notTestable, "%s cannot be tested here", event)
}

func (tx *Tx) testPush(a Actor, p Project, d Delivery) (Delivery, error) {
	main, ok := tx.Branch(p.ID, p.DefaultBranch)
	if !ok {
		return d, refuseText(Unprocessable, notTestable, "the repository is empty; GitLab would send a fixed sample")
	}
	commits := tx.History(p.ID, main.SHA)
	commits = commits[:min(len(commits), sampleCommits)]
	e := PushEvent{
		Project: p, User: a.User, Branch: main.Name, Before: commits[len(commits)-1].SHA, After: main.SHA,
		Commits: commits, NewestFirst: true,
	}
	if d.Hook.Event == TagPushEvents {
		e.Tag = testTag
	} else {
		e.Protected = tx.protects(p, main.Name)
	}
	d.Body = Payload{Event: tx.state.opts.Hooks.Push(tx, e)}
	return tx.queue(d), nil
}

func (tx *Tx) testMergeRequest(a Actor, p Project, d Delivery) (Delivery, error) {
	list := tx.MergeRequests(p.ID)
	if len(list) == 0 {
		return d, refuseText(Unprocessable, "Ensure the project has merge requests.", "the project has none")
	}
	newest := list[0]
	for _, mr := range list {
		if mr.CreatedAt.After(newest.CreatedAt) {
			newest = mr
		}
	}
	r, err := tx.render(MergeRequestEvent{MergeRequest: newest, User: a.User, Action: "open"})
	if err != nil {
		return d, err
	}
	d.MergeRequestID, d.Action, d.Body = newest.ID, "open", Payload{r.Event, r.Closing}
	return tx.queue(d), nil
}

func (tx *Tx) testNote(a Actor, p Project, d Delivery) (Delivery, error) {
	var e NoteEvent
	for _, mr := range tx.MergeRequests(p.ID) {
		for _, n := range tx.Notes(mr.ID) {
			if n.ID > e.Note.ID {
				e = NoteEvent{Note: n, MergeRequest: mr, User: a.User}
			}
		}
	}
	switch {
	case e.Note.ID == 0:
		return d, refuseText(Unprocessable, "Ensure the project has notes.", "no merge request has a comment")
	case d.Hook.Event != NoteEvents:
		return d, refuseText(Unprocessable, notTestable, "%s cannot be tested here", d.Hook.Event)
	}
	d.MergeRequestID, d.Action = e.MergeRequest.ID, "create"
	d.Body = Payload{Event: tx.state.opts.Hooks.Note(tx, e)}
	return tx.queue(d), nil
}

// ResendToHook queues a delivery to a webhook again. It refuses with RecordNotFound for a delivery that the webhook's
// log does not have, and with Unprocessable if the webhook has another URL by now.
//
// Source: lib/api/hooks/resend_hook.rb, app/services/web_hooks/events/resend_service.rb.
func (tx *Tx) ResendToHook(h ProjectHook, id DeliveryID) (Delivery, error) {
	d, ok := tx.Delivery(id)
	switch {
	case !ok || d.Hook.HookID != h.ID || len(d.Attempts) == 0:
		return d, refuse(RecordNotFound, "the log of webhook %d has no event %d", h.ID, id)
	case d.URL != h.URL:
		return d, refuseText(Unprocessable, "The hook URL has changed, and this log entry cannot be retried",
			"the webhook has another URL by now")
	}
	return tx.Redeliver(id, false)
}
