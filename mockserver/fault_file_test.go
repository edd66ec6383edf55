package mockserver_test

import (
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/fault"
)

func TestParseFaults(t *testing.T) {
	t.Parallel()
	p, err := mockserver.ParseFaults("faults.yaml", []byte(`
id: flaky
seed: 7
faults:
  - calls: {operation: listExternalStatusChecks, page: 2}
    every: 3
    delay: 1m15s
    until: 2026-02-03T10:00:00Z
  - chance: 0.5
    after: true
    response: {status: 502, body: nginx}
  - connection: cut
    cut_after: 12
    headers: {set: {Retry-After: "${date+3}"}, drop: [Link]}
`))
	assert.NilError(t, err)
	assert.DeepEqual(t, p, fault.Plan{ID: "flaky", Seed: 7, Faults: []fault.Fault{
		{
			Calls: fault.Calls{Operation: "listExternalStatusChecks", Page: 2}, Every: 3,
			Delay: fault.Period(75 * time.Second), Until: time.Date(2026, 2, 3, 10, 0, 0, 0, time.UTC),
		},
		{Chance: 0.5, After: true, Response: &fault.Response{Status: 502, Body: fault.BodyNginx}},
		{
			Connection: fault.CutKnown, CutAfter: 12,
			Headers: fault.Headers{Set: map[string]string{"Retry-After": "${date+3}"}, Drop: []string{"Link"}},
		},
	}})
}

func TestParseFaults_problems(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"faults:\n  - {calls: {operation: getProjct}, delay: 1s}\n": "f.yaml:2:14: faults/0/calls/operation: " +
			`there is no operation "getProjct" (did you mean getProject?)`,
		"faults:\n  - headers: {set: {\"A\\r\\nB\": x}}\n": "f.yaml:2:15: faults/0/headers/set: \"A\\r\\nB\" is " +
			"not a valid header name",
		"faults:\n  - headers: {set: {A: \"x\\r\\nB: y\"}}\n": "f.yaml:2:15: faults/0/headers/set: the value " +
			"of A contains",
		"": "f.yaml:1:1: ",
		"faults:\n  - dellay: 1s\n": `f.yaml:2:5: the value has the property "dellay", which is not documented ` +
			"(did you mean delay?)",
		"faults:\n  - response: {status: 99}\n": "f.yaml:2:16: ",
		"faults:\n  - connection: bounce\n":     "f.yaml:2:5: ",
		"faults:\n  - {connection: reset, cut_after: 3}\n": "f.yaml:2:25: faults/0/cut_after: can only be " +
			"used with the connection cut",
		"faults:\n  - delay: soon\n": "f.yaml:2:5: must be a duration as 300ms or 1m15s",
		"faults: []\n":               "f.yaml:1:1: ",
		"faults:\n  - delay: 1s\nfaults:\n  - delay: 1s\n":    `f.yaml:3:1: "faults" stands here twice`,
		"faults:\n  - {first: 0, delay: 1s}\nsed: 3\n":        "2 problems in f.yaml",
		"id: a/b\nfaults:\n  - {ids_as_text: true}\n":         `f.yaml:1:1: id: "a/b" is not a valid name`,
		"faults:\n  - ids_as_text: true\n    times: 1e400\n":  "f.yaml:3:5: ",
		"faults:\n  - response: {status: 200, body: nothing}": "f.yaml:2:29: ",
	} {
		_, err := mockserver.ParseFaults("f.yaml", []byte(text))
		assert.ErrorContains(t, err, want, text)
	}
}
