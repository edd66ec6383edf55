package pages

import "net/http"

// MergeRequest is what the page of a merge request shows.
type MergeRequest struct {
	Project                Project
	ID, IID                int64
	Title, Description     string
	State, Source, Target  string
	SHA, Author, MergeWord string // the word is GitLab's detailed_merge_status
	Widget                 bool   // there is a widget of status checks
	Retries                bool   // the person may retry failed checks
	Masks                  bool   // URLs are shown without their query
	Verdicts               []Verdict
	Box                    MergeBox
	Applies                []StatusCheck // the checks whose service may answer
	Statuses               []string      // that a service can set
}

// Verdict is a status check as a merge request shows it.
type Verdict struct {
	ID                int64
	Name, URL, Status string
}

// MergeBox says whether a merge request can be merged.
type MergeBox struct {
	Listed    bool       // the release lists what must hold
	Checks    []Obstacle // in GitLab's order
	Checking  bool       // it is not known yet
	MayMerge  bool       // the person may merge
	Mergeable bool
	AutoMerge bool // it is set
	Awaits    bool // auto-merge would wait for what stands in the way
	// AwaitsChecks says whether auto-merge waits for status checks in this release.
	AwaitsChecks bool
	Parameter    string // by which auto-merge is asked for
}

// Obstacle is one thing that must hold before a merge.
type Obstacle struct{ Name, Status string }

// Text says what must hold; empty for what the mock never asks for.
func (o Obstacle) Text() string { return obstacleTexts[o.Name] }

var obstacleTexts = map[string]string{
	"NOT_OPEN":                 "Merge request must be open.",
	"DRAFT_STATUS":             "Merge request must not be draft.",
	"NOT_APPROVED":             "All required approvals must be given.",
	"CI_MUST_PASS":             "Pipeline must succeed.",
	"DISCUSSIONS_NOT_RESOLVED": "Open threads must be resolved.",
	"CONFLICT":                 "Merge conflicts must be resolved.",
	"STATUS_CHECKS_MUST_PASS":  "Status checks must pass.",
	"MERGE_TIME":               "Cannot merge until this date and time.",
	"COMMITS_STATUS":           "Source branch exists and contains commits.",
	"NEED_REBASE":              "Fast forward merge is not possible. Please rebase.",
}

// Failed counts the obstacles that are there.
func (b MergeBox) Failed() (count int) {
	for _, o := range b.Checks {
		if o.Status == "FAILED" {
			count++
		}
	}
	return count
}

func (b MergeBox) offersMerge() bool { return b.MayMerge && b.Mergeable }

func (b MergeBox) offersAutoMerge() bool { return b.MayMerge && b.Awaits && !b.AutoMerge }

// Texts are the texts of all obstacles, by their names.
func (b MergeBox) Texts() map[string]string { return obstacleTexts }

// tone says how the state is coloured.
func (m MergeRequest) tone() string {
	return map[string]string{"merged": "good", "closed": "bad"}[m.State]
}

// icon is that of the merge box.
func (m MergeRequest) icon() string {
	switch {
	case m.Box.Checking:
		return "spinner"
	case m.Box.Mergeable, m.State == "merged":
		return "success"
	}
	return "failed"
}

// listsObstacles says whether the merge box lists what must hold.
func (m MergeRequest) listsObstacles() bool { return m.Box.Listed && m.State != "merged" }

// blockedBy says what stands in the way of a merge.
func (m MergeRequest) blockedBy() string {
	if m.Box.Listed {
		return counted(m.Box.Failed(), "check") + " failed"
	}
	return m.MergeWord
}

// Event is something that can be made to happen to a merge request.
type Event struct{ Name, Words string }

// Events are those that fit the state of the merge request.
func (m MergeRequest) Events() []Event {
	switch m.State {
	case "closed":
		return []Event{{"reopen", "Reopen"}, {"update", "Edit"}}
	case "merged":
		return []Event{{"update", "Edit"}}
	}
	return []Event{
		{"push", "Push a commit"},
		{"update", "Edit"},
		{"close", "Close"},
		{"approve", "Approve"},
		{"unapprove", "Unapprove"},
		{"merge", "Merge"},
		{"timeout", "Time out now"},
	}
}

// showMergeRequest shows the page of a merge request.
func (h Handler) showMergeRequest(w http.ResponseWriter, r *http.Request, where place, p *page) {
	iid := positive(where.rest[len("merge_requests/"):])
	mr, ok := h.World.MergeRequest(where.project, iid, p.Person.ID)
	if !ok {
		h.notFound(w, r)
		return
	}
	p.Title = mr.Title + " (!" + where.rest[len("merge_requests/"):] + ")"
	h.render(w, r, mergeRequestPage(p, mr))
}
