package expectation_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/expectation"
	"github.com/statuschecks/statuschecks/mockserver/journal"
)

var noon = time.Date(2026, 2, 3, 12, 0, 0, 0, time.UTC)

// happened is a journal of a client that sets a status, is refused, repeats, and reads it.
func happened() journal.Page {
	respond := "/api/v4/projects/6/merge_requests/4/status_check_responses"
	return journal.Page{Entries: []journal.Entry{
		{
			Number: 1, Kind: journal.Call, Operation: "createStatusCheckResponse", Method: "POST", Path: respond,
			User: "dana", Status: 429, At: noon, Took: control.Duration{Duration: time.Second},
			ResponseHeaders: map[string]string{"Retry-After": "10"},
			Body:            map[string]any{"status": "passed", "external_status_check_id": json.Number("1")},
		},
		{
			Number: 2, Kind: journal.Call, Operation: "createStatusCheckResponse", Method: "POST", Path: respond,
			User: "dana", Status: 502, Worked: true, At: noon.Add(11 * time.Second), Fault: "flaky",
			ResponseHeaders: map[string]string{"Retry-After": "Tue, 03 Feb 2026 12:00:20 GMT"},
			Body:            map[string]any{"status": "failed", "shared_secret": journal.Hidden},
		},
		{Number: 3, Kind: journal.Delivery, Method: "POST", Status: 200, At: noon},
		{
			Number: 4, Kind: journal.Call, Operation: "createStatusCheckResponse", Method: "POST", Path: respond,
			User: "dana", Status: 422, At: noon, Real: noon.Add(19 * time.Second),
			Query: map[string]any{"status": "passed"},
		},
		{
			Number: 5, Kind: journal.Call, Operation: "listMergeRequestStatusChecks", Method: "GET",
			Path: "/api/v4/projects/6/merge_requests/4/status_checks", User: "olga", Status: 200, Worked: true,
			At: noon,
		},
	}, Next: 6}
}

// Each row is an expectation as a program writes it, and what becomes of it.
func TestJudge(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text, why string
		near      []string
	}{
		"called":            {text: `{"calls":{"operation":"createStatusCheckResponse"}}`},
		"called as often":   {text: `{"calls":{"operation":"createStatusCheckResponse"},"times":3}`},
		"one row was made":  {text: `{"calls":{"operation":"createStatusCheckResponse","worked":true},"times":1}`},
		"by path":           {text: `{"calls":{"method":"get","path":"/projects/*/merge_requests/**"},"times":1}`},
		"by status":         {text: `{"calls":{"status":"4xx"},"times":2}`},
		"with":              {text: `{"calls":{"with":{"status":"passed","external_status_check_id":"1"}},"times":1}`},
		"since":             {text: `{"since":4,"times":2}`},
		"never":             {text: `{"calls":{"operation":"deleteProject"},"times":0}`},
		"in order":          {text: `{"order":[{"status":"502"},{"status":"422"},{"method":"GET"}]}`},
		"nobody to wait":    {text: `{"calls":{"user":"olga"},"waits":true}`},
		"waited by seconds": {text: `{"calls":{"status":"429"},"waits":true}`},
		"waited by a date": {
			text: `{"calls":{"status":"502"},"waits":true}`,
			why:  "call 4 came 8s after the response to call 2, which said Retry-After: Tue, 03 Feb 2026 12:00:20 GMT",
		},
		"too many": {
			text: `{"calls":{"user":"dana"},"at_most":2}`,
			why:  "the API by dana was called 3 times, and at most 2 calls were expected; the last one is call 4",
		},
		"too few": {
			text: `{"calls":{"operation":"createStatusCheckResponse","status":"201","with":{"status":"failed"}}}`,
			why: "createStatusCheckResponse with the status 201 with status failed was called never, and at least 1 " +
				"call was expected",
			near: []string{
				"2: the status is 502, not 201", "1: the status is 429, not 201; status is passed, not failed",
				"4: the status is 422, not 201; status is passed, not failed",
			},
		},
		"a secret": {
			text: `{"calls":{"with":{"shared_secret":"x"}}}`,
			why:  "the API with shared_secret x was called never, and at least 1 call was expected",
			near: []string{
				"1: shared_secret is not given", "2: shared_secret is given, and the journal does not keep its value",
				"4: shared_secret is not given",
			},
		},
		"another order": {
			text: `{"calls":{"user":"dana"},"order":[{"status":"502"},{"status":"429"}]}`,
			why:  "number 2 in the order, the API with the status 429, did not come behind the API with the status 502",
			near: []string{"2: the status is 502, not 429", "4: the status is 422, not 429"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var e expectation.Expectation
			assert.NilError(t, json.Unmarshal([]byte(test.text), &e))
			assert.Equal(t, len(e.Check()), 0)
			v := expectation.Judge(e, happened())
			assert.Equal(t, v.Why, test.why)
			assert.Equal(t, v.Met, test.why == "")
			var near []string
			for _, n := range v.Near {
				near = append(near, string(rune('0'+n.Number))+": "+strings.Join(n.Differ, "; "))
			}
			assert.DeepEqual(t, near, test.near)
		})
	}
}

// What the journal has lost is not taken for what did not happen.
func TestJudge_lost(t *testing.T) {
	t.Parallel()
	p := happened()
	p.Dropped = 1
	p.Entries = p.Entries[1:]
	none, two := 0, 2
	v := expectation.Judge(expectation.Expectation{Since: 1, Times: &two}, p)
	assert.Assert(t, strings.Contains(v.Why, "at most 2 calls"), v.Why)
	v = expectation.Judge(expectation.Expectation{Since: 1, Calls: expectation.Calls{User: "x"}, Times: &none}, p)
	assert.Equal(t, v.Why, "the journal has lost calls that count: it was cleared, or should keep more")
	v = expectation.Judge(expectation.Expectation{Since: 2, Calls: expectation.Calls{User: "x"}, Times: &none}, p)
	assert.Assert(t, v.Met)
	v = expectation.Judge(expectation.Expectation{Since: 1, Calls: expectation.Calls{User: "olga"}}, p)
	assert.Assert(t, v.Met, "there is one, whatever was lost")
	cleared := journal.Page{Next: 6}
	v = expectation.Judge(expectation.Expectation{Since: 5, AtMost: &none}, cleared)
	assert.Assert(t, !v.Met && strings.Contains(v.Why, "was cleared"), v.Why)
	v = expectation.Judge(expectation.Expectation{Since: 6, AtMost: &none}, cleared)
	assert.Assert(t, v.Met)
}

func TestExpectation_Check(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"id":"a b"}`:                "id: ",
		`{"times":-1}`:                "times: a count",
		`{"times":1,"at_most":2}`:     "times: it says the exact number",
		`{"at_least":3,"at_most":2}`:  "at_least: it is more than at_most",
		`{"at_least":1,"at_most":-1}`: "at_most: a count",
	} {
		var e expectation.Expectation
		assert.NilError(t, json.Unmarshal([]byte(text), &e))
		wrong := e.Check()
		assert.Assert(t, len(wrong) > 0 && strings.HasPrefix(wrong[0], want), "%s: %q", text, wrong)
	}
}

func TestVerdict_String(t *testing.T) {
	t.Parallel()
	v := expectation.Judge(expectation.Expectation{ID: "x", Calls: expectation.Calls{Status: "500"}}, happened())
	assert.Assert(t, strings.HasPrefix(v.String(), "expectation x: the API with the status 500 was called never, and "+
		"at least 1 call was expected\n  near it is call 1, POST /api/v4/projects/6/merge_requests/4/"), v.String())
}
