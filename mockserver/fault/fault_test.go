package fault_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/fault"
)

var broken = &fault.Response{Status: 503}

// happened says to which of some equal calls a fault happened, as a text of digits.
func happened(t *testing.T, b *fault.Book, calls int, c fault.Call) string {
	t.Helper()
	out := ""
	for range calls {
		if name, _ := b.Choose(c); name != "" {
			out += "1"
		} else {
			out += "0"
		}
	}
	return out
}

func TestBook_counts(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 2, 3, 10, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		fault  fault.Fault
		want   string
		usedUp bool
	}{
		"for ever":         {fault.Fault{}, "11111111", true},
		"once":             {fault.Fault{Times: 1}, "10000000", true},
		"twice":            {fault.Fault{Times: 2}, "11000000", true},
		"from the third":   {fault.Fault{First: 3}, "00111111", true},
		"the third":        {fault.Fault{First: 3, Times: 1}, "00100000", true},
		"each second":      {fault.Fault{Every: 2}, "10101010", true},
		"2nd, 5th, 8th":    {fault.Fault{First: 2, Every: 3}, "01001001", true},
		"more than come":   {fault.Fault{Times: 9}, "11111111", false},
		"never":            {fault.Fault{First: 9}, "00000000", false},
		"until it is over": {fault.Fault{Until: start}, "00000000", false},
		"until later":      {fault.Fault{Until: start.Add(1)}, "11111111", true},
		"chance":           {fault.Fault{Chance: 0.5}, "00001111", true},
		"chance, twice":    {fault.Fault{Chance: 0.5, Times: 2}, "00001100", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b fault.Book
			test.fault.Response = broken
			_, err := b.Add(fault.Plan{ID: "p", Seed: 7, Faults: []fault.Fault{test.fault}})
			assert.NilError(t, err)
			for range 2 { // the same again after a reset
				assert.Equal(t, happened(t, &b, 8, fault.Call{At: start}), test.want)
				state, _ := b.Get("p")
				assert.Equal(t, state.UsedUp, test.usedUp)
				assert.Equal(t, state.Counts[0].Matched, 8)
				assert.Assert(t, b.Reset("p"))
			}
		})
	}
}

func TestBook_matches(t *testing.T) {
	t.Parallel()
	call := fault.Call{
		Operation: "listExternalStatusChecks", Method: "GET", Path: "/projects/6/external_status_checks", User: "owner",
		Project: "6", Page: 2, OnConnection: 3,
	}
	for name, test := range map[string]struct {
		calls fault.Calls
		want  bool
	}{
		"all":               {fault.Calls{}, true},
		"operation":         {fault.Calls{Operation: "listExternalStatusChecks"}, true},
		"another operation": {fault.Calls{Operation: "getProject"}, false},
		"method":            {fault.Calls{Method: "get"}, true},
		"another method":    {fault.Calls{Method: "POST"}, false},
		"path":              {fault.Calls{Path: "/projects/6/external_status_checks"}, true},
		"a star":            {fault.Calls{Path: "/projects/*/external_status_checks"}, true},
		"a star is one":     {fault.Calls{Path: "/*/external_status_checks"}, false},
		"two stars":         {fault.Calls{Path: "/projects/**"}, true},
		"longer":            {fault.Calls{Path: "/projects/6/external_status_checks/1"}, false},
		"shorter":           {fault.Calls{Path: "/projects/6"}, false},
		"user":              {fault.Calls{User: "owner"}, true},
		"another user":      {fault.Calls{User: "guest"}, false},
		"project":           {fault.Calls{Project: "6"}, true},
		"another project":   {fault.Calls{Project: "7"}, false},
		"page":              {fault.Calls{Page: 2}, true},
		"another page":      {fault.Calls{Page: 1}, false},
		"on connection":     {fault.Calls{OnConnection: 3}, true},
		"another there":     {fault.Calls{OnConnection: 2}, false},
		"two that fit":      {fault.Calls{User: "owner", Method: "GET"}, true},
		"one that does not": {fault.Calls{User: "owner", Method: "PUT"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b fault.Book
			_, err := b.Add(fault.Plan{Faults: []fault.Fault{{Calls: test.calls, Response: broken}}})
			assert.NilError(t, err)
			name, _ := b.Choose(call)
			assert.Equal(t, name != "", test.want)
		})
	}
	var b fault.Book
	_, err := b.Add(fault.Plan{Faults: []fault.Fault{{Calls: fault.Calls{Page: 1}, Response: broken}}})
	assert.NilError(t, err)
	name, _ := b.Choose(fault.Call{})
	assert.Equal(t, name, "plan-1", "a list without a page is page 1")
}

// Plans stand side by side: the oldest that is due happens, and each counts for itself.
func TestBook_sideBySide(t *testing.T) {
	t.Parallel()
	var b fault.Book
	assert.Assert(t, !b.Active())
	one := []fault.Fault{{Times: 1, Response: broken}}
	for _, id := range []string{"a", "b"} {
		_, err := b.Add(fault.Plan{ID: id, Faults: one})
		assert.NilError(t, err)
	}
	_, err := b.Add(fault.Plan{ID: "a", Faults: one})
	assert.ErrorContains(t, err, "there is already a plan a")
	assert.Assert(t, b.Active())
	for _, want := range []string{"a", "b", ""} {
		name, _ := b.Choose(fault.Call{})
		assert.Equal(t, name, want)
	}
	assert.Assert(t, b.Remove("a") && !b.Remove("a"))
	assert.Equal(t, len(b.List()), 1)
	b.Clear()
	assert.Assert(t, !b.Active() && len(b.List()) == 0)
	for i := range fault.MostPlans {
		_, err := b.Add(fault.Plan{Faults: one})
		assert.NilError(t, err, "%d", i)
	}
	_, err = b.Add(fault.Plan{Faults: one})
	assert.ErrorContains(t, err, "there are already 100 plans")
}

func TestPlan_Check(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"faults":[]}`: "faults: a plan needs at least one fault",
		`{"faults":[{}]}`: "faults/0: the fault does nothing: set a response, a delay, headers, a connection " +
			"or another fault",
		`{"id":"a b","faults":[{"delay":"1s"}]}`: `id: "a b" is not a valid name: use ` +
			`letters, digits, -, _ and .`,
		`{"faults":[{"delay":"1s"},{"delay":"11m"}]}`: "faults/1/delay: must be between " +
			"0s and 10m0s",
		`{"faults":[{"delay":"1s","chance":1.5}]}`: "faults/0/chance: must be above " +
			"0 and at most 1",
		`{"faults":[{"connection":"reset","cut_after":1}]}`: "faults/0/cut_after: can only " +
			"be used with the connection cut or cut_chunked",
		`{"faults":[{"response":{"status":99}}]}`: "faults/0/response/status: must " +
			"be from 200 to 599",
		`{"faults":[{"response":{"status":200,"text":"x","body":"null"}}]}`: "faults/0/response: give body or " +
			"text, not both",
		`{"faults":[{"response":{"status":200,"reason":"a\r\nX: y"}}]}`: "faults/0/response: reason and " +
			"type cannot contain line breaks or NUL bytes",
		`{"faults":[{"delay":"1s","times":-1}]}`: "faults/0: a count cannot be negative",
		`{"faults":[{"connection":"bounce"}]}`: `faults/0/connection: "bounce" ` +
			`is not one of reset, close, close_after, close_idle, cut, cut_chunked, extra_bytes, nothing_listens`,
		`{"faults":[{"connection":"nothing_listens"}]}`: "faults/0/down: is needed with the connection " +
			"nothing_listens, and cannot be used without it",
		`{"faults":[{"deliveries":{},"delivery":"lost","delay":"1s"}]}`: "faults/0/delay: is needed with the " +
			"delivery late, can be used with out_of_order, and with no other",
		`{"faults":[{"response":{"status":200,"body":"html"}}]}`: `faults/0/response/body: "html" ` +
			`is not one of gitlab, nginx, login, empty, null`,
		`{"id":"a","faults":[{"calls":{"method":"GET"},"delay":"1m15s"}]}`:                 "",
		`{"id":"a","faults":[{"headers":{"drop":["Link"]}},{"ids_as_text":true}]}`:         "",
		`{"id":"a","faults":[{"until":"2026-02-03T10:00:00Z","response":{"status":429}}]}`: "",
	} {
		var p fault.Plan
		assert.NilError(t, json.Unmarshal([]byte(text), &p), text)
		got := p.Check()
		if want == "" {
			assert.Equal(t, len(got), 0, "%s: %v", text, got)
			again, err := json.Marshal(p)
			assert.NilError(t, err)
			assert.Equal(t, string(again), text, "a plan is written as it was read")
			continue
		}
		assert.DeepEqual(t, got, []string{want})
		var b fault.Book
		_, err := b.Add(p)
		assert.ErrorContains(t, err, want)
	}
}

func TestPeriod_refuses(t *testing.T) {
	t.Parallel()
	var p fault.Plan
	err := json.Unmarshal([]byte(`{"faults":[{"delay":"soon"}]}`), &p)
	assert.ErrorContains(t, err, `"soon" is not a duration; write it as 300ms or 1m15s`)
}

func ExampleBook() {
	var book fault.Book
	if _, err := book.Add(fault.Plan{ID: "flaky", Faults: []fault.Fault{
		{Calls: fault.Calls{Method: "POST"}, Times: 1, After: true, Response: &fault.Response{Status: 502}},
	}}); err != nil {
		panic(err)
	}
	for range 2 {
		plan, f := book.Choose(fault.Call{Method: "POST", Path: "/projects"})
		fmt.Printf("%q %v\n", plan, f.Response != nil)
	}
	// Output:
	// "flaky" true
	// "" false
}

func TestBook_asksForWhatPlansName(t *testing.T) {
	t.Parallel()
	var b fault.Book
	assert.DeepEqual(t, b.Asks(), fault.Calls{})
	for _, calls := range []fault.Calls{{User: "a", Page: 2}, {Role: "owner", User: "b"}, {}} {
		_, err := b.Add(fault.Plan{Faults: []fault.Fault{{Calls: calls, Response: &fault.Response{Status: 503}}}})
		assert.NilError(t, err)
	}
	assert.DeepEqual(t, b.Asks(), fault.Calls{User: "a", Page: 2, Role: "owner"})
	all := fault.Calls{
		Operation: "getVersion", Method: "GET", Path: "/version", User: "a", Role: "owner", Project: "6", Page: 1,
		OnConnection: 2,
	}
	b.Clear()
	_, err := b.Add(fault.Plan{Faults: []fault.Fault{{Calls: all, Response: &fault.Response{Status: 503}}}})
	assert.NilError(t, err)
	assert.DeepEqual(t, b.Asks(), all)
}
