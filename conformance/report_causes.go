package conformance

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/internal/lazy"
)

// Cause is a finding with all scenarios that had it. Reports show it once.
type Cause struct {
	Outcome   Outcome  `json:"outcome"`
	Finding   string   `json:"finding"`   // in one line, as the first of the scenarios met it
	Scenarios []string `json:"scenarios"` // in their order
}

// causeOf is a cause with the results that had it.
type causeOf struct {
	Cause
	results []*Result
}

// causes groups what is not as expected by what was found, in the order in which it was first met. Known differences
// are the profile's to tell.
func (r *Report) causes() []causeOf {
	var causes []causeOf
	at := map[string]int{}
	for i := range r.Scenarios {
		result := &r.Scenarios[i]
		if result.Failure == nil || result.Outcome == Known {
			continue
		}
		key := result.Outcome.String() + "\n" + result.Failure.cause()
		place, seen := at[key]
		if !seen {
			place = len(causes)
			at[key] = place
			causes = append(causes, causeOf{
				Cause: Cause{Outcome: result.Outcome, Finding: result.Failure.headline()},
			})
		}
		causes[place].Scenarios = append(causes[place].Scenarios, result.ID)
		causes[place].results = append(causes[place].results, result)
	}
	return causes
}

// placeNumbers are the ids and indexes in a path, which differ from one scenario to the next.
var placeNumbers = lazy.Regexp(`/\d+`)

func anyPlace(text string) string { return placeNumbers().ReplaceAllString(text, "/*") }

// cause is what a failure is grouped by. A departure from the contract is one cause wherever it is met, and what else
// was not as expected follows from it; an unexpected value is one of its operation.
func (f *Failure) cause() string {
	var parts []string
	for _, finding := range f.Contract {
		parts = append(parts, anyPlace(finding.String()))
	}
	if len(parts) == 0 {
		parts = f.unexpected()
	}
	switch {
	case len(parts) > 0:
	case f.unanswered() != "":
		parts = []string{"no answer", f.unanswered()}
	case f.errand():
		parts = []string{f.Exchange.Operation, strconv.Itoa(f.Exchange.Status)}
	default:
		parts = []string{f.Action, anyPlace(f.Message)}
	}
	slices.Sort(parts)
	return strings.Join(slices.Compact(parts), "\n")
}

// errand tells whether it was met in making what the scenario needs: each scenario calls that by another name, and it
// is one request for all.
func (f *Failure) errand() bool {
	return f.Exchange != nil && f.Exchange.Operation != "" && !strings.HasPrefix(f.Action, f.Exchange.Operation)
}

// unanswered is why no answer came, without the address that was asked; empty if one came.
func (f *Failure) unanswered() string {
	if f.Exchange == nil || f.Exchange.Error == "" {
		return ""
	}
	const separator = `": `
	return strings.TrimPrefix(f.Exchange.Error[max(0, strings.LastIndex(f.Exchange.Error, separator)):], separator)
}

// unexpected are the values that were not as expected, with the operation that answered them.
func (f *Failure) unexpected() []string {
	operation := f.Action
	if f.Exchange != nil && f.Exchange.Operation != "" {
		operation = f.Exchange.Operation
	}
	var parts []string
	for _, m := range f.Mismatches {
		parts = append(parts, operation+" "+anyPlace(m.Pointer)+" "+m.Want+" "+m.Got)
	}
	return parts
}

// beside is what a later scenario of a cause met that the first one did not; empty if there is nothing.
func (f *Failure) beside(first *Failure) string {
	var lines []string
	for _, m := range f.Mismatches {
		same := func(other scenario.Mismatch) bool {
			return anyPlace(other.Pointer) == anyPlace(m.Pointer) && other.Want == m.Want && other.Got == m.Got
		}
		if !slices.ContainsFunc(first.Mismatches, same) {
			lines = append(lines, m.String())
		}
	}
	if f.Message != "" && f.unanswered() == "" && !f.errand() && anyPlace(f.Message) != anyPlace(first.Message) {
		lines = append(lines, f.Message)
	}
	return strings.Join(lines, "; ")
}

// wide is how many scenarios a cause must have to be told with the verdict, and mostWide how many of these are told.
const (
	wide     = 5
	mostWide = 5
)

// widest tells the causes behind the most failures and errors, the widest first: where to begin.
func (r *Report) widest() []string {
	causes := slices.DeleteFunc(r.causes(), func(c causeOf) bool {
		return c.Outcome != Failed && c.Outcome != Errored || len(c.Scenarios) < wide
	})
	slices.SortStableFunc(causes, func(a, b causeOf) int { return cmp.Compare(len(b.Scenarios), len(a.Scenarios)) })
	var told []string
	for _, c := range causes[:min(mostWide, len(causes))] {
		told = append(told, fmt.Sprintf("%d scenarios met what is shown with %s: %s", len(c.Scenarios), c.Scenarios[0],
			c.results[0].Failure.shared()))
	}
	return told
}

// shared is a failure in one line, as those that have its cause met it.
func (f *Failure) shared() string {
	text := f.headline()
	if len(f.Contract) > 0 {
		text = f.Contract[0].String()
	}
	if reason := f.unanswered(); reason != "" {
		return "no answer came: " + reason
	}
	if f.Exchange != nil && f.Exchange.Operation != "" {
		text = f.Exchange.Operation + ", " + text
	}
	if f.errand() && len(f.Contract)+len(f.Mismatches) == 0 {
		text += fmt.Sprintf(" (answered %d)", f.Exchange.Status)
	}
	return text
}

// firstAlike maps each scenario that is not the first of its cause to the one that is.
func (r *Report) firstAlike() map[string]string {
	first := map[string]string{}
	for _, cause := range r.causes() {
		for _, id := range cause.Scenarios[1:] {
			first[id] = cause.Scenarios[0]
		}
	}
	return first
}

// open says why must scenarios did not run, a line for each reason, with what can be done about it.
func (r *Report) open() {
	byReason := map[string][]string{}
	var reasons []string
	var longest time.Duration
	for i := range r.Scenarios {
		result := &r.Scenarios[i]
		if result.Outcome != Skipped || result.Level != scenario.Must || result.Moot {
			continue
		}
		reason := result.Reason
		if wait, _ := time.ParseDuration(result.Waits); wait > 0 {
			longest, reason = max(longest, wait), tooLong
		}
		if byReason[reason] == nil {
			reasons = append(reasons, reason)
		}
		byReason[reason] = append(byReason[reason], result.ID)
	}
	for _, reason := range reasons {
		ids := byReason[reason]
		if reason == tooLong {
			minutes := int((longest + time.Duration(r.Run.Seconds*float64(time.Second))).Minutes()) + 1
			r.Reasons = append(r.Reasons,
				fmt.Sprintf("%s left out by --max-wait %s: %s; without it the run takes about %s",
					mustScenarios(len(ids)), r.Run.MaxWait,
					someOf(ids), counted(minutes, "minute")))
			continue
		}
		r.Reasons = append(r.Reasons, fmt.Sprintf("%s not run: %s; %s%s", mustScenarios(len(ids)), someOf(ids), reason,
			remedy(reason)))
	}
}

// tooLong stands for the reasons of all scenarios that would have to wait too long.
const tooLong = "wait"

func mustScenarios(n int) string {
	if n == 1 {
		return "1 must scenario was"
	}
	return fmt.Sprintf("%d must scenarios were", n)
}

func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// someOf names up to five scenarios.
func someOf(ids []string) string {
	if len(ids) > 5 {
		ids = append(slices.Clone(ids[:5]), "…")
	}
	return strings.Join(ids, ", ")
}

// remedies say which flag a reason comes from, and what to do for a verdict, by how reasons begin.
var remedies = []struct{ reason, remedy string }{
	{noOwnProject, "that comes of --project; without it the run makes projects of its own"},
	{noAdminsProject, "that comes of --project; without it the run makes projects of its own"},
	{noGroupInGiven, "that comes of --project; without it the run makes a group of its own"},
	{noGroupInNamespaces, "that comes of --namespace; without it the run makes a group of its own"},
	{noOtherProject, "name one with --other-project"},
	{noReceiver, "say with --receiver-listen where to listen and with --receiver-url how the server gets there, or " +
		"judge the rest by --only '!needs:receiver'"},
	{noTokensMade, "that comes of the tokens in the target file; without them the run makes tokens of its own"},
	{noAdmin, "give an administrator's token, or judge the rest by --only '!needs:admin'"},
	{noDelivery, "judge the rest by --only '!needs:receiver'"},
	{noGroup, "judge the rest by --only '!groups.*'"},
	{noIdentity, "name tokens of users in a target file, if the server makes none"},
}

// remedy is what can be done about a reason, to go on after it.
func remedy(reason string) string {
	for _, one := range remedies {
		if strings.HasPrefix(reason, one.reason) {
			return "; " + one.remedy
		}
	}
	return ""
}
