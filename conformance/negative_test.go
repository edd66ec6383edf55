package conformance

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"gotest.tools/v3/assert"
	"gotest.tools/v3/golden"

	"github.com/statuschecks/statuschecks/conformance/internal/contract"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

// TestNegatives_catalogue holds the ids, which are permanent, the releases, and what is sent.
func TestNegatives_catalogue(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for _, s := range Negatives() {
		fmt.Fprintf(&text, "%s\n  %s %s since %s until %s\n  %s\n", s.ID, s.Level, s.Evidence, s.Since, s.Until,
			s.Summary)
		for i := range s.Steps {
			fmt.Fprintf(&text, "  - %s\n", s.Steps[i].Note)
		}
	}
	golden.Assert(t, text.String(), "negatives.golden")
}

// unbreakable are the parameters about which no request can be wrong, and why.
var unbreakable = map[string]string{
	"listExternalStatusChecks id":                    "any text is taken for an id or a path, and is found or not",
	"createExternalStatusCheck id":                   "any text is taken for an id or a path, and is found or not",
	"updateExternalStatusCheck id":                   "any text is taken for an id or a path, and is found or not",
	"deleteExternalStatusCheck id":                   "any text is taken for an id or a path, and is found or not",
	"listMergeRequestStatusChecks id":                "any text is taken for an id or a path, and is found or not",
	"createStatusCheckResponse id":                   "any text is taken for an id or a path, and is found or not",
	"retryStatusCheck id":                            "any text is taken for an id or a path, and is found or not",
	"createExternalStatusCheck protected_branch_ids": "whatever is sent becomes a list of numbers",
	"updateExternalStatusCheck protected_branch_ids": "whatever is sent becomes a list of numbers",
	"listMergeRequestStatusChecks page":              "not declared, so never refused",
	"listMergeRequestStatusChecks per_page":          "not declared, so never refused",
}

// TestNegatives_coverTheContract holds that each parameter has a negative, or is known to have none.
func TestNegatives_coverTheContract(t *testing.T) {
	t.Parallel()
	broken := map[string]bool{}
	for _, s := range Negatives() {
		for i := range s.Steps {
			broken[s.Steps[i].Call+" "+s.Steps[i].Breaks.Parameter] = true
		}
	}
	known := 0
	for _, op := range openapi.GitLab().Operations() {
		if !aboutStatusChecks(op) {
			continue
		}
		for _, p := range op.Parameters() {
			name := op.ID + " " + p.Name
			if unbreakable[name] != "" {
				known++
			}
			if broken[name] == (unbreakable[name] != "") {
				t.Errorf("%s: a negative is there: %t; it is known that there can be none: %q", name, broken[name],
					unbreakable[name])
			}
		}
	}
	assert.Equal(t, known, len(unbreakable), "the list names parameters that are not in the contract")
}

// TestNegatives_breakOneRuleInTheirReleases holds for every release that a scenario says something about it exactly
// when all its requests break the rule.
func TestNegatives_breakOneRuleInTheirReleases(t *testing.T) {
	t.Parallel()
	for _, v := range release.All() {
		for _, s := range Negatives() {
			op := openapi.GitLab().At(v).Operation(s.Steps[0].Call)
			_, moot := notAbout(s, Facts{Version: v, Licensed: true})
			for i := range s.Steps {
				step := &s.Steps[i]
				breaks := false
				if op != nil {
					r, err := rehearsed(op, step.With, step.Encode)
					assert.NilError(t, err)
					sent, err := r.parameters()
					assert.NilError(t, err)
					found := violated(op, sent)
					breaks = breaksOnly(found, step.Breaks.Parameter) && found[0].Code == step.Breaks.Rule
					assert.Assert(t, !breaks || contract.Documents(op, 400), "%s at %s", s.ID, v)
				}
				assert.Equal(t, breaks, !moot, "%s at %s: %s", s.ID, v, step.Note)
			}
		}
	}
}

// TestRequest_parameters reads back what was built, in every way to write it.
func TestRequest_parameters(t *testing.T) {
	t.Parallel()
	op := openapi.GitLab().Operation("createStatusCheckResponse")
	texts := map[string]any{
		"id": "group/project", "merge_request_iid": "7", "sha": "a b&c", "status": []any{"1", "2"},
		"external_status_check_id": map[string]any{"a": "1", "b": ""},
	}
	values := map[string]any{
		"id": "5", "merge_request_iid": "7", "sha": nil, "status": true,
		"external_status_check_id": []any{int64(1), 1.5, map[string]any{"a": "x"}},
	}
	for _, test := range []struct {
		encode string
		with   map[string]any
	}{{"form", texts}, {"multipart", texts}, {"query", texts}, {"json", texts}, {"json", values}} {
		r, err := (&builder{root: "http://gitlab.test/below/api/v4"}).build(op,
			input{with: test.with, encode: test.encode})
		assert.NilError(t, err)
		sent, err := r.parameters()
		assert.NilError(t, err)
		assert.DeepEqual(t, sent, test.with)
	}
	r, err := (&builder{root: "http://gitlab.test/api/v4"}).build(op,
		input{
			with:  map[string]any{"id": "5", "merge_request_iid": "7", "sha": "body"},
			query: map[string]any{"sha": "query", "id": "6"},
		})
	assert.NilError(t, err)
	sent, err := r.parameters()
	assert.NilError(t, err)
	assert.DeepEqual(t, sent, map[string]any{"id": "5", "merge_request_iid": "7", "sha": "body"})
	for kind, body := range map[string]string{
		"application/json": "{", "text/plain": "x", "": "x", "application/x-www-form-urlencoded": "a=%zz",
		"multipart/form-data; boundary=b": "--b\r\nContent-",
	} {
		r.header.Set("Content-Type", kind)
		r.body = []byte(body)
		_, err := r.parameters()
		assert.ErrorContains(t, err, "read the body", kind)
	}
}

// TestCoerced holds what GitLab takes although its type is another: it must never count as a negative.
func TestCoerced(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind       openapi.Type
		sent, want any
	}{
		{openapi.Integer, " 1", int64(1)},
		{openapi.Integer, "1_0", int64(10)},
		{openapi.Integer, "+3", int64(3)},
		{openapi.Integer, "", nil},
		{openapi.Integer, nil, nil},
		{openapi.Integer, 1.7, int64(1)},
		{openapi.Integer, "99999999999999999999", int64(9223372036854775807)},
		{openapi.Integer, "1.7", "1.7"},
		{openapi.Integer, "0x1", "0x1"},
		{openapi.Integer, true, true},
		{openapi.String, int64(5), "5"},
		{openapi.String, true, "true"},
		{openapi.String, nil, nil},
		{openapi.Integers, "1,x", []int64{}},
		{openapi.Integers, map[string]any{}, []int64{}},
	} {
		assert.DeepEqual(t, coerced(test.kind, test.sent), test.want)
	}
}

// TestNegatives_wrongRequests holds that a request which does not break what it is meant to break is not sent, and is
// an error of the suite rather than of the target.
func TestNegatives_wrongRequests(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, request, reason string
		breach                scenario.Breach
	}{
		{
			"valid", `with: {name: x, external_url: "https://example.com"}`, "GitLab 18.9 takes it",
			scenario.Breach{Parameter: "name", Rule: "type"},
		},
		{
			"taken by coercion", `with: {name: 5, external_url: "https://example.com", protected_branch_ids: 7}`,
			"GitLab 18.9 takes it",
			scenario.Breach{Parameter: "name", Rule: "type"},
		},
		{
			"another rule", `with: {external_url: "https://example.com"}`,
			"it breaks this: required at /name: name is missing",
			scenario.Breach{Parameter: "name", Rule: "type"},
		},
		{
			"another parameter", `with: {name: [x], external_url: "https://example.com"}`,
			"it breaks this: type at /name: name must be a string",
			scenario.Breach{Parameter: "external_url", Rule: "type"},
		},
		{
			"two rules", `with: {name: [x]}`, "it breaks this: type at /name: name must be a string; required at " +
				"/external_url: external_url is missing", scenario.Breach{Parameter: "name", Rule: "type"},
		},
		{
			"two rules of which the second validator sees one more",
			`with: {name: [x], external_url: "https://example.com", protected_branch_ids: 7}`,
			"the second validator finds this: ",
			scenario.Breach{Parameter: "name", Rule: "type"},
		},
		{
			"unreadable", `raw: {body: "{"}`, "its bytes cannot be read back", scenario.Breach{
				Parameter: "name",
				Rule:      "type",
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := newFakeGitLab()
			text := head("made.wrong") + "steps:\n  - call: createExternalStatusCheck\n    headers: {Content-Type: " +
				"application/json}\n    " + test.request + "\n    expect: 400\n"
			options, _ := optionsFor(g, fstest.MapFS{"made/wrong.yaml": {Data: []byte(text)}})
			s, chosen, err := prepareRun(options.withDefaults())
			assert.NilError(t, err)
			chosen[0].Steps[0].Breaks = &test.breach
			assert.NilError(t, s.target.connect(t.Context()))
			s.ledger, err = newLedger("", header{})
			assert.NilError(t, err)
			s.projects.ledger = s.ledger
			results, err := s.judge(t.Context(), chosen)
			assert.NilError(t, err)
			assert.Equal(t, results[0].Outcome, Errored)
			assert.ErrorContains(t, fmt.Errorf("%s", results[0].mishap.Message),
				"the suite made a wrong request: it was to break the rule "+test.breach.Rule+" about "+
					test.breach.Parameter+" and no other, but "+test.reason)
			for _, sent := range g.log {
				assert.Assert(t, !strings.HasPrefix(sent, "POST") || !strings.HasSuffix(sent, "external_status_checks"),
					sent)
			}
		})
	}
}
