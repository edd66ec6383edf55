package gitlab

import (
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/internal/lazy"
)

// timeUnits are the units of spent time, the largest first. A day has eight hours, a week five days and a month four
// weeks.
//
// Source: lib/gitlab/time_tracking_formatter.rb.
var timeUnits = []struct {
	name    string
	seconds int
}{{"mo", 4 * 5 * 8 * 3600}, {"w", 5 * 8 * 3600}, {"d", 8 * 3600}, {"h", 3600}, {"m", 60}, {"s", 1}}

var (
	spentTime     = lazy.Regexp(`^-?(?:\d{1,6}(?:mo|[wdhms]))+$`)
	spentTimePart = lazy.Regexp(`(\d+)(mo|[wdhms])`)
)

// ParseSpentTime parses a duration such as 3h30m or -1d and returns seconds. Ok is false for a text that is no
// duration.
func ParseSpentTime(text string) (seconds int, ok bool) {
	text = strings.ReplaceAll(text, " ", "")
	if !spentTime().MatchString(text) {
		return 0, false
	}
	for _, part := range spentTimePart().FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(part[1])
		for _, unit := range timeUnits {
			if unit.name == part[2] {
				seconds += n * unit.seconds
			}
		}
	}
	if strings.HasPrefix(text, "-") {
		seconds = -seconds
	}
	return seconds, true
}

// SpentTimeText formats seconds for people. It is empty for zero.
func SpentTimeText(seconds int) string {
	sign := ""
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	var parts []string
	for _, unit := range timeUnits {
		if n := seconds / unit.seconds; n > 0 {
			parts = append(parts, strconv.Itoa(n)+unit.name)
			seconds %= unit.seconds
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return sign + strings.Join(parts, " ")
}

// AddSpentTime adds time to the time spent on a merge request, or subtracts some, and notifies the external services,
// also for zero seconds. It refuses, in this order: Forbidden without admin_merge_request, BadAttributes if it would
// subtract more than was spent.
//
// Source: lib/api/time_tracking_endpoints.rb, app/services/merge_requests/add_spent_time_service.rb.
func (tx *Tx) AddSpentTime(a Actor, mr MergeRequest, seconds int) (MergeRequest, error) {
	if !tx.CanOn(a, AdminMergeRequest, mr) {
		return mr, refuse(Forbidden, "tracking time needs %s (Developer, or a custom role)", AdminMergeRequest)
	}
	before := mr.TimeSpent
	if before+seconds < 0 {
		return mr, badAttributes(map[string][]string{"base": {"Time to subtract exceeds the total time spent"}})
	}
	mr.TimeSpent += seconds
	var changes []AttributeChange
	if seconds != 0 {
		mr.UpdatedAt = tx.Now
		changes = []AttributeChange{{"total_time_spent", before, mr.TimeSpent}, {"time_change", seconds, seconds}}
	}
	insert(tx, mergeRequestTable, mr)
	tx.fire(MergeRequestEvent{MergeRequest: mr, User: a.User, Action: "update", Changes: changes, TimeChange: seconds})
	return mr, nil
}
