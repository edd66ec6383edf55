package gitlab

import "strings"

// CommandResult is what the quick actions in a comment did.
type CommandResult struct {
	Rest    string         // the comment without the commands
	Changes map[string]any // what they changed, by GitLab's names
	Summary []string       // in words, for users
}

// quickAction runs a command with its argument. It fails if the command cannot be applied.
type quickAction func(tx *Tx, a Actor, mr MergeRequest, argument string, r *CommandResult) error

// quickActions are the commands on merge requests that matter to status checks and to merging.
//
// Source: app/services/quick_actions/interpret_service.rb,
// lib/gitlab/quick_actions/{issuable,merge_request}_actions.rb.
var quickActions = map[string]quickAction{
	"close":     stateAction("close", "Closed this merge request."),
	"reopen":    stateAction("reopen", "Reopened this merge request."),
	"title":     titleAction,
	"draft":     draftAction(true, "Marked this merge request as a draft."),
	"ready":     draftAction(false, "Marked this merge request as ready."),
	"approve":   approveAction,
	"unapprove": unapproveAction,
}

// RunCommands runs the quick actions in a comment: the lines that begin with a slash and a known command.
func (tx *Tx) RunCommands(a Actor, id MergeRequestID, body string) CommandResult {
	r := CommandResult{Changes: map[string]any{}}
	var rest []string
	for line := range strings.Lines(body) {
		name, argument, _ := strings.Cut(strings.TrimSpace(line), " ")
		command, known := quickActions[strings.TrimPrefix(name, "/")]
		if !known || !strings.HasPrefix(name, "/") {
			rest = append(rest, line)
			continue
		}
		mr, _ := tx.mergeRequestByID(id)
		if err := command(tx, a, mr, strings.TrimSpace(argument), &r); err != nil {
			r.Summary = append(r.Summary, "Could not apply "+name[1:]+" command.")
		}
	}
	r.Rest = strings.TrimSpace(strings.Join(rest, ""))
	return r
}

func stateAction(event, summary string) quickAction {
	return func(tx *Tx, a Actor, mr MergeRequest, _ string, r *CommandResult) error {
		_, err := tx.UpdateMergeRequest(a, mr, MergeRequestUpdate{StateEvent: event})
		return r.done(err, "state_event", event, summary)
	}
}

func titleAction(tx *Tx, a Actor, mr MergeRequest, title string, r *CommandResult) error {
	_, err := tx.UpdateMergeRequest(a, mr, MergeRequestUpdate{Title: &title})
	return r.done(err, "title", title, `Changed the title to "`+title+`".`)
}

func draftAction(draft bool, summary string) quickAction {
	return func(tx *Tx, a Actor, mr MergeRequest, _ string, r *CommandResult) error {
		title, event := mr.Title, "ready"
		if draft {
			event = "draft"
		}
		switch {
		case draft && !mr.Draft():
			title = "Draft: " + title
		case !draft && mr.Draft():
			title = strings.TrimSpace(title[strings.IndexAny(title, ":])")+1:])
		}
		_, err := tx.UpdateMergeRequest(a, mr, MergeRequestUpdate{Title: &title})
		return r.done(err, "wip_event", event, summary)
	}
}

func approveAction(tx *Tx, a Actor, mr MergeRequest, _ string, r *CommandResult) error {
	_, err := tx.Approve(a, mr, "")
	return r.done(err, "approve", true, "Approved the current merge request.")
}

func unapproveAction(tx *Tx, a Actor, mr MergeRequest, _ string, r *CommandResult) error {
	_, err := tx.Unapprove(a, mr)
	return r.done(err, "unapprove", true, "Unapproved the current merge request.")
}

// done records the effect of a command, unless it failed.
func (r *CommandResult) done(err error, name string, value any, summary string) error {
	if err == nil {
		r.Changes[name] = value
		r.Summary = append(r.Summary, summary)
	}
	return err
}
