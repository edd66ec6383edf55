package mockserver

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// namedTwice are pairs of filters of which a request can have one only.
//
// Source: lib/api/helpers/merge_requests_helpers.rb.
var namedTwice = [][2]string{
	{"author_id", "author_username"}, {"assignee_id", "assignee_username"}, {"reviewer_id", "reviewer_username"},
}

// checkFilters refuses filters of merge requests that do not fit.
//
// Source: lib/api/helpers/merge_requests_helpers.rb, lib/api/validations/validators/integer_or_custom_value.rb and
// check_assignees_count.rb; ee/lib/ee/api/validations/validators/check_assignees_count.rb.
func (c *call) checkFilters(tx *gitlab.Tx) error {
	var wrong []string
	for _, name := range []string{"created_after", "created_before", "updated_after", "updated_before"} {
		if c.params.text(name) != "" && c.params.instant(name).IsZero() {
			wrong = append(wrong, name+" is invalid")
		}
	}
	asIs, inNot := func(name string) string { return name }, func(name string) string { return "not[" + name + "]" }
	wrong = append(wrong, c.params.filterProblems(tx.MostAssignees(), asIs)...)
	wrong = append(wrong, c.negated().filterProblems(tx.MostAssignees(), inNot)...)
	if len(wrong) == 0 {
		return nil
	}
	return failed(http.StatusBadRequest, strings.Join(wrong, ", "), strings.Join(wrong, "; "))
}

// negated are the filters in not.
func (c *call) negated() params {
	not, _ := c.params["not"].(map[string]any)
	return params(not)
}

// filterProblems says what is wrong with filters by people.
func (p params) filterProblems(assignees int, called func(string) string) []string {
	var wrong []string
	for _, name := range []string{"assignee_id", "reviewer_id"} {
		text, isText := p[name].(string)
		if isText && !rubyInteger().MatchString(text) && !isNone(text) && !isAny(text) {
			wrong = append(wrong, fmt.Sprintf("%s should be an integer, 'None' or 'Any', however got %s", called(name),
				text))
		}
	}
	if names := p.oneOrMore("assignee_username"); len(names) > assignees {
		wrong = append(wrong, fmt.Sprintf("%s allows one value, but found %d: %s", called("assignee_username"),
			len(names), strings.Join(names, ", ")))
	}
	for _, pair := range namedTwice {
		if p.has(pair[0]) && p.has(pair[1]) {
			wrong = append(wrong, called(pair[0])+", "+called(pair[1])+" are mutually exclusive")
		}
	}
	return wrong
}

// titlesIn are labels in a text or a list.
func (p params) titlesIn(name string) []string {
	list, _ := coerceStrings(p[name]).([]string)
	return list
}

// oneOrMore is a text that was given, or each of a list of them.
func (p params) oneOrMore(name string) []string {
	switch v := p[name].(type) {
	case string:
		return []string{v}
	case []any:
		return presentAll(v, rubyText)
	}
	return nil
}

func isNone(text string) bool { return strings.EqualFold(text, "none") }

func isAny(text string) bool { return strings.EqualFold(text, "any") }

// hasUser reports whether users match a filter: the id of one of them, None or Any. An empty filter matches all.
func hasUser(ids []gitlab.UserID, filter string) bool {
	switch {
	case filter == "":
		return true
	case isNone(filter):
		return len(ids) == 0
	case isAny(filter):
		return len(ids) > 0
	}
	return slices.Contains(ids, idIn(filter))
}

// idIn is the id of a user that a filter names; 0, which nobody has, if it names none.
func idIn(filter string) gitlab.UserID {
	id, _ := strconv.ParseInt(strings.ReplaceAll(strings.TrimSpace(filter), "_", ""), 10, 64)
	return gitlab.UserID(id)
}

// userNamed is the id of a user; 0, which nobody has, if there is none with the username.
func userNamed(tx *gitlab.Tx, name string) gitlab.UserID {
	u, _ := tx.UserByUsername(name)
	return u.ID
}

// usersNamed are the ids of those users that there are.
func usersNamed(tx *gitlab.Tx, names []string) []gitlab.UserID {
	var ids []gitlab.UserID
	for _, name := range names {
		if id := userNamed(tx, name); id != 0 {
			ids = append(ids, id)
		}
	}
	return ids
}

// hasPeople reports whether a merge request passes the filters by author, assignees and reviewer. Of several usernames
// of assignees, those that nobody has do not count, unless nobody has any of them.
//
// Source: app/finders/issuables/{author,assignee}_filter.rb, app/finders/merge_requests_finder.rb.
func (p params) hasPeople(tx *gitlab.Tx, mr gitlab.MergeRequest) bool {
	if id := p.number("author_id"); id != 0 && gitlab.UserID(id) != mr.AuthorID {
		return false
	}
	if name := p.text("author_username"); name != "" && userNamed(tx, name) != mr.AuthorID {
		return false
	}
	if name := p.text("reviewer_username"); name != "" && !slices.Contains(mr.ReviewerIDs, userNamed(tx, name)) {
		return false
	}
	if names := p.oneOrMore("assignee_username"); len(names) > 0 {
		ids := usersNamed(tx, names)
		if len(ids) == 0 || slices.ContainsFunc(ids, func(id gitlab.UserID) bool {
			return !slices.Contains(mr.AssigneeIDs, id)
		}) {
			return false
		}
	}
	return hasUser(mr.AssigneeIDs, p.text("assignee_id")) && hasUser(mr.ReviewerIDs, p.text("reviewer_id"))
}

// excludes reports whether filters in not leave a merge request out. Who does not exist excludes nothing as author and
// as assignee, and everything as reviewer.
//
// Source: the same; app/finders/issuable_finder.rb, app/finders/issuables/label_filter.rb.
func (p params) excludes(c *call, tx *gitlab.Tx, mr gitlab.MergeRequest) bool {
	author := gitlab.UserID(p.number("author_id"))
	if author == 0 {
		author = userNamed(tx, p.text("author_username"))
	}
	assignees := usersNamed(tx, p.oneOrMore("assignee_username"))
	if text := p.text("assignee_id"); text != "" {
		assignees = []gitlab.UserID{idIn(text)}
	}
	reviewer := gitlab.UserID(p.number("reviewer_id"))
	byReviewer := reviewer != 0 || p.text("reviewer_username") != ""
	if reviewer == 0 {
		reviewer = userNamed(tx, p.text("reviewer_username"))
	}
	_, exists := tx.User(reviewer)
	switch {
	case author != 0 && author == mr.AuthorID, byReviewer && (!exists || slices.Contains(mr.ReviewerIDs, reviewer)):
		return true
	case slices.ContainsFunc(assignees, func(id gitlab.UserID) bool { return slices.Contains(mr.AssigneeIDs, id) }):
		return true
	case slices.ContainsFunc(p.titlesIn("labels"), func(title string) bool { return c.hasLabel(tx, mr, title) }):
		return true
	}
	return !outOfMilestone(tx, mr, p.text("milestone"))
}

// outOfMilestone reports whether a merge request passes not[milestone]. None and Any are titles there.
//
// Source: app/finders/issuable_finder.rb, app/models/milestone.rb.
func outOfMilestone(tx *gitlab.Tx, mr gitlab.MergeRequest, unwanted string) bool {
	m, err := tx.MilestoneOf(mr.ProjectID, mr.MilestoneID)
	has, today := err == nil, tx.Now.UTC().Format(time.DateOnly)
	active := has && m.State == gitlab.ActiveMilestone && m.StartsOn != ""
	switch unwanted {
	case "":
		return true
	case "#upcoming":
		return active && m.StartsOn <= today
	case "#started":
		return active && m.StartsOn > today
	}
	return !has || m.Title != unwanted
}

// hasLabels reports whether a merge request has the wanted labels: all of these, None or Any.
//
// Source: app/finders/issuables/label_filter.rb.
func (c *call) hasLabels(tx *gitlab.Tx, mr gitlab.MergeRequest, wanted []string) bool {
	switch {
	case slices.ContainsFunc(wanted, isNone):
		return len(mr.Labels) == 0
	case slices.ContainsFunc(wanted, isAny):
		return len(mr.Labels) > 0
	}
	return !slices.ContainsFunc(wanted, func(title string) bool { return !c.hasLabel(tx, mr, title) })
}

// hasLabel reports whether a merge request has a label, or one of the scope before ::*, which needs a plan.
//
// Source: ee/app/finders/ee/issuables/label_filter.rb.
func (c *call) hasLabel(tx *gitlab.Tx, mr gitlab.MergeRequest, title string) bool {
	if scope, all := strings.CutSuffix(title, "::*"); all && tx.ScopesLabels(c.project) {
		return slices.ContainsFunc(mr.Labels, func(l string) bool { return strings.HasPrefix(l, scope+"::") })
	}
	return slices.Contains(mr.Labels, title)
}

// inMilestone reports whether a merge request passes the filter by milestone: a title, None, Any, #upcoming or
// #started.
//
// Source: app/finders/issuable_finder.rb, app/finders/issuable_finder/params.rb, app/models/milestone.rb.
func (c *call) inMilestone(tx *gitlab.Tx, mr gitlab.MergeRequest) bool {
	wanted := c.params.text("milestone")
	m, err := tx.MilestoneOf(mr.ProjectID, mr.MilestoneID)
	has, today := err == nil, tx.Now.UTC().Format(time.DateOnly)
	active := has && m.State == gitlab.ActiveMilestone
	switch {
	case wanted == "":
		return true
	case isNone(wanted) || wanted == "No Milestone":
		return !has
	case isAny(wanted) || wanted == "Any Milestone":
		return has
	case wanted == "#upcoming":
		return active && m.StartsOn > today
	case wanted == "#started":
		return active && m.StartsOn+m.DueOn != "" && m.StartsOn <= today && !m.Expired(tx.Now)
	}
	return has && m.Title == wanted
}
