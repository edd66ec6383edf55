// Package expectation describes what the clients of a mock must do, and checks in the journal of the mock whether they
// did it. It also finds calls that were almost as expected.
package expectation

import (
	"fmt"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/journal"
)

// Expectation is what clients are expected to do. All that is given must hold; where only Calls is given, there must be
// at least one such call.
type Expectation struct {
	ID    string `json:"id"`             // letters, digits, -, _ and .; empty lets the mock choose one
	Calls Calls  `json:"calls,omitzero"` // the calls that are meant; the zero value means all
	Since int64  `json:"since"`          // number in the journal from which calls count; 0 means those to come

	Times   *int    `json:"times,omitempty"`    // how many such calls there are, exactly
	AtLeast *int    `json:"at_least,omitempty"` // how many there are at least
	AtMost  *int    `json:"at_most,omitempty"`  // how many there are at most
	Order   []Calls `json:"order,omitempty"`    // such calls come in this order; others may come between them
	// Waits means that whoever got a Retry-After in answer to such a call makes the same call again not before it is
	// over. It is over when that time has passed for the mock or for the machine.
	Waits bool `json:"waits,omitempty"`
}

// Calls says which calls are meant. All that is given must fit.
type Calls struct {
	Operation string `json:"operation,omitempty"` // operationId in the contract
	Method    string `json:"method,omitempty"`
	Path      string `json:"path,omitempty"`   // below /api/v4, with * for one segment and ** for the rest
	User      string `json:"user,omitempty"`   // username of the token's owner
	Status    string `json:"status,omitempty"` // as 404, or 4xx for all of a kind; 0 for no response
	Worked    *bool  `json:"worked,omitempty"` // whether what was asked for was done, whatever the response
	// With are parameters, by name. A number fits a text of the same digits.
	With map[string]any `json:"with,omitempty"`
}

// Verdict is an expectation and what became of it.
type Verdict struct {
	Expectation
	Met     bool   `json:"met"`
	Matched int    `json:"matched"` // how many calls were those that are meant
	Why     string `json:"why"`     // what is not as expected; empty if all is
	// Near are the calls that nearly were those that are meant, the nearest first, if too few were.
	Near []NearMiss `json:"near,omitempty"`
}

// NearMiss is a call that nearly was one of those that are meant.
type NearMiss struct {
	Number int64    `json:"number"` // in the journal
	Call   string   `json:"call"`   // method, path and status
	Differ []string `json:"differ"` // what is not as it should be
}

// String tells of an expectation that was not met, for the output of a test.
func (v Verdict) String() string {
	text := fmt.Sprintf("expectation %s: ", v.ID)
	if v.Met {
		return text + "met"
	}
	text += v.Why
	for _, n := range v.Near {
		text += fmt.Sprintf("\n  near it is call %d, %s: %s", n.Number, n.Call, strings.Join(n.Differ, "; "))
	}
	return text
}

// Check finds what is wrong with an expectation beyond what its types say. Each problem begins with where it is.
func (e *Expectation) Check() []string {
	var wrong []string
	if e.ID != "" && strings.Trim(e.ID, nameLetters) != "" {
		wrong = append(wrong, fmt.Sprintf("id: %q is no name: use letters, digits, -, _ and .", e.ID))
	}
	for _, count := range []struct {
		name string
		n    *int
	}{{"times", e.Times}, {"at_least", e.AtLeast}, {"at_most", e.AtMost}} {
		if count.n != nil && *count.n < 0 {
			wrong = append(wrong, count.name+": a count cannot be negative")
		}
	}
	if e.Times != nil && (e.AtLeast != nil || e.AtMost != nil) {
		wrong = append(wrong, "times: it says the exact number; leave at_least and at_most out")
	}
	if e.AtLeast != nil && e.AtMost != nil && *e.AtLeast > *e.AtMost {
		wrong = append(wrong, "at_least: it is more than at_most")
	}
	return wrong
}

const nameLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."

// Judge says whether what happened is as expected.
func Judge(e Expectation, happened journal.Page) Verdict {
	v := Verdict{Expectation: e}
	var calls, matching []*journal.Entry
	for i := range happened.Entries {
		entry := &happened.Entries[i]
		if entry.Kind != journal.Call || entry.Number < e.Since {
			continue
		}
		calls = append(calls, entry)
		if len(e.Calls.differ(entry)) == 0 {
			matching = append(matching, entry)
		}
	}
	v.Matched = len(matching)
	v.Why = v.wrong(matching, calls, happened)
	v.Met = v.Why == ""
	return v
}

// lost reports whether the journal has lost calls that count, by which it could be otherwise than it seems. Entries
// have numbers without gaps.
func (v *Verdict) lost(matching []*journal.Entry, happened journal.Page) bool {
	oldest := happened.Next // that can be kept
	if len(happened.Entries) > 0 {
		oldest = happened.Entries[0].Number
	}
	least, most := v.bounds()
	return oldest > max(v.Since, 1) &&
		(most >= 0 || v.Waits || len(matching) < least || v.stuck(matching) >= 0)
}

// wrong is the first thing that is not as expected.
func (v *Verdict) wrong(matching, calls []*journal.Entry, happened journal.Page) string {
	least, most := v.bounds()
	switch {
	case most >= 0 && len(matching) > most:
		return fmt.Sprintf("%s was called %s, and at most %s expected; the last one is call %d", v.Calls,
			times(v.Matched), wereExpected(most), matching[len(matching)-1].Number)
	case v.lost(matching, happened):
		return "the journal has lost calls that count: it was cleared, or should keep more"
	case len(matching) < least:
		v.Near = nearMisses(v.Calls, calls)
		return fmt.Sprintf("%s was called %s, and at least %s expected", v.Calls, times(v.Matched), wereExpected(least))
	}
	if step := v.stuck(matching); step >= 0 {
		v.Near = nearMisses(v.Order[step], matching)
		return fmt.Sprintf("number %d in the order, %s, did not come%s", step+1, v.Order[step], v.behind(step))
	}
	if v.Waits {
		return hurried(matching, calls)
	}
	return ""
}

// bounds are how many calls there are at least and at most; -1 means any number.
func (v *Verdict) bounds() (least, most int) {
	most = -1
	if v.Times != nil {
		return *v.Times, *v.Times
	}
	if v.AtMost != nil {
		most = *v.AtMost
	}
	switch {
	case v.AtLeast != nil:
		least = *v.AtLeast
	case v.AtMost == nil && len(v.Order) == 0 && !v.Waits:
		least = 1
	}
	return least, most
}

// stuck is the step of the order that did not come; -1 if all did.
func (v *Verdict) stuck(matching []*journal.Entry) int {
	step := 0
	for _, entry := range matching {
		if step < len(v.Order) && len(v.Order[step].differ(entry)) == 0 {
			step++
		}
	}
	if step == len(v.Order) {
		return -1
	}
	return step
}

func (v *Verdict) behind(step int) string {
	if step == 0 {
		return ""
	}
	return fmt.Sprintf(" behind %s", v.Order[step-1])
}

func times(n int) string {
	switch n {
	case 0:
		return "never"
	case 1:
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

func wereExpected(n int) string {
	if n == 1 {
		return "1 call was"
	}
	return fmt.Sprintf("%d calls were", n)
}
