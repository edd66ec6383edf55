package gitlab

import (
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/internal/lazy"
)

// PublicMergeStatus is the merge status as GitLab shows it. GitLab does not show separately that a merge request is
// still being prepared.
func (m MergeRequest) PublicMergeStatus() MergeStatus {
	if m.MergeStatus == PreparingStatus || m.MergeStatus == Rechecking {
		return Checking
	}
	return m.MergeStatus
}

// SquashesInto reports whether merging squashes the commits. The project's setting can force or forbid that.
func (m MergeRequest) SquashesInto(p Project) bool {
	switch p.SquashOption {
	case "always":
		return true
	case "never":
		return false
	}
	return m.Squash
}

var (
	taskItem  = lazy.Regexp(`^(?:\s*>)*\s*(?:[-+*]|\d+[.)])\s+\[([ xX])\](?:\s|$)`)
	codeFence = lazy.Regexp("^\\s*(?:```|~~~)")
)

// Tasks counts the check boxes in the description, and those that are ticked. What stands in fenced code does not
// count.
//
// Source: app/models/concerns/taskable.rb.
func (m MergeRequest) Tasks() (count, completed int) {
	fenced := false
	if !strings.Contains(m.Description, "[") {
		return 0, 0
	}
	for line := range strings.Lines(m.Description) {
		if codeFence().MatchString(line) {
			fenced = !fenced
		}
		box := taskItem().FindStringSubmatch(line)
		if fenced || box == nil {
			continue
		}
		count++
		if box[1] != " " {
			completed++
		}
	}
	return count, completed
}

// FirstContribution says whether an author has nothing merged yet in the project, in which they have no role above
// Guest.
//
// Source: app/models/concerns/issuable.rb (first_contribution?).
func (tx *Tx) FirstContribution(mr MergeRequest) bool {
	p, _ := tx.Project(mr.ProjectID)
	if tx.Role(p, mr.AuthorID).AccessLevel > Guest {
		return false
	}
	first := true
	each(tx, mergeRequestTable, "iid", key(p.ID), func(other MergeRequest) bool {
		first = other.State != Merged || other.AuthorID != mr.AuthorID
		return first
	})
	return first
}

// DivergedCommits counts the commits of the target branch that a merge request does not have.
func (tx *Tx) DivergedCommits(mr MergeRequest) int {
	target, _ := tx.Branch(mr.ProjectID, mr.TargetBranch)
	have := map[string]bool{}
	for _, c := range tx.History(mr.ProjectID, mr.HeadSHA) {
		have[c.SHA] = true
	}
	return len(slices.DeleteFunc(tx.History(mr.ProjectID, target.SHA), func(c Commit) bool { return have[c.SHA] }))
}
