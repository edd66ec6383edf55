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

// checkUserFilters refuses filters by people that are neither an id nor None nor Any.
//
// Source: lib/api/validations/validators/integer_or_custom_value.rb.
func (c *call) checkUserFilters() error {
	var wrong []string
	for _, name := range []string{"assignee_id", "reviewer_id"} {
		text := c.params.text(name)
		if c.params.has(name) && !rubyInteger.MatchString(text) && !isNone(text) && !isAny(text) {
			wrong = append(wrong, fmt.Sprintf("%s should be an integer, 'None' or 'Any', however got %s", name, text))
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return failed(http.StatusBadRequest, strings.Join(wrong, ", "), strings.Join(wrong, "; "))
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
	id, _ := strconv.ParseInt(strings.ReplaceAll(strings.TrimSpace(filter), "_", ""), 10, 64)
	return slices.Contains(ids, gitlab.UserID(id))
}

// userNamed turns a filter by username into one by id. Nobody has the id 0.
func userNamed(tx *gitlab.Tx, name string) string {
	if isNone(name) || isAny(name) {
		return name
	}
	u, _ := tx.UserByUsername(name)
	return fmt.Sprint(u.ID)
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
