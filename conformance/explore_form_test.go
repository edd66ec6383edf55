package conformance

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/openapi"
	"gotest.tools/v3/assert"
)

func exploredVariables(t *testing.T) scenario.Variables {
	t.Helper()
	return scenario.Variables{
		"project.id": int64(5), "mr.iid": int64(5), "mr.id": int64(9), "mr.sha": strings.Repeat("a", 40),
		"mr.previous_sha": strings.Repeat("b", 40),
		"check.qa.id":     int64(5), "branch.main.id": int64(5), "made7": parsedJSON(t, `{"id":6}`),
		"opened2": parsedJSON(t, `{"id":8,"iid":2}`),
		"commit1": parsedJSON(t, `{"id":"`+strings.Repeat("c", 40)+`"}`), "protected3": parsedJSON(t, `{"id":7}`),
	}
}

func parsedJSON(t *testing.T, text string) any {
	t.Helper()
	value, err := jsonvalue.Parse([]byte(text))
	assert.NilError(t, err)
	return value
}

// TestNaming_value holds in what form answers are compared, and that each is an expectation which the answer meets.
func TestNaming_value(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, answer, form string }{
		{
			"checks", `[{"id":5,"external_url":"","project_id":5},{"id":6,"external_url":null},{"id":4,` +
				`"external_url":"x"}]`,
			`[{"external_url":"","id":"${check.qa.id}","project_id":"${project.id}"},{"external_url":null,` +
				`"id":"${made7.id}"},{"external_url":"x","id":{"$type":"integer"}}]`,
		},
		{
			"branches", `[{"id":5,"push_access_levels":[{"id":5,"user_id":null}]},{"id":7,"push_access_levels":[]}]`,
			`[{"id":"${branch.main.id}","push_access_levels":[{"id":{"$type":"integer"},"user_id":null}]},` +
				`{"id":"${protected3.id}","push_access_levels":[]}]`,
		},
		{
			"head", `{"message":"SHA does not match HEAD of source branch: ` + strings.Repeat("a", 40) + `"}`,
			`{"message":"SHA does not match HEAD of source branch: ${mr.sha}"}`,
		},
		{
			"commit", `["` + strings.Repeat("c", 40) + `","` + strings.Repeat("b", 40) + `"]`,
			`["${commit1.id}","${mr.previous_sha}"]`,
		},
		{
			"unknown commit", `{"message":"not ` + strings.Repeat("d", 40) + `?"}`,
			`{"message":{"$match":"^not [0-9a-f]{40}\\?$"}}`,
		},
		{"time", `{"at":"2026-01-31T09:00:00.000Z"}`, `{"at":{"$match":"^\\d{4}-\\d\\d-\\d\\d.*$"}}`},
		{"like a reference", `{"name":"${mr.sha} $$ {}"}`, `{"name":"$${mr.sha} $$ {}"}`},
		{
			"merge request", `{"merge_request":{"iid":2,"state":"closed","sha":"` + strings.Repeat("c", 40) +
				`","title":"x"}}`,
			`{"merge_request":{"$jq":".iid == $variables.opened2.iid and .state == \"closed\" and ` +
				`.sha == $variables.commit1.id"}}`,
		},
		{"strange merge request", `{"merge_request":{}}`, `{"merge_request":{"$type":"object"}}`},
		{
			"plain", `{"status":"passed","hmac":true,"n":1.5,"count":3}`,
			`{"count":3,"hmac":true,"n":1.5,"status":"passed"}`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			vars, answered := exploredVariables(t), parsedJSON(t, test.answer)
			form := shapeOf(newNaming(vars), answered)
			assert.DeepEqual(t, form, jsonvalue.Plain(parsedJSON(t, test.form)))
			m := &judgement{variables: vars}
			_, err := m.match("", scenario.MustPattern(map[string]any{"$exact": form}), answered)
			assert.NilError(t, err)
			assert.Equal(t, len(m.found), 0, "%v", m.found)
		})
	}
}

// TestFormOf_comparesLinksWhereverTheyLead holds that two deployments' links are alike, and that the form fits both.
func TestFormOf_comparesLinksWhereverTheyLead(t *testing.T) {
	t.Parallel()
	one := `<http://one.test/api/v4/projects/5/merge_requests/5/status_checks?` +
		`id=5&merge_request_iid=5&page=2&per_page=1>; rel="next", ` +
		`<http://one.test/api/v4/projects/5/merge_requests/5/status_checks?` +
		`id=5&merge_request_iid=5&page=1&per_page=1>; rel="first"`
	other := strings.NewReplacer("http://one.test", "https://two.test/gitlab", "/5", "/77", "id=5", "id=77").
		Replace(one)
	moved := exploredVariables(t)
	moved["project.id"], moved["mr.iid"] = int64(77), int64(77)
	form := newNaming(exploredVariables(t)).link(one)
	assert.Equal(t, form, newNaming(moved).link(other))
	for _, side := range []struct {
		vars scenario.Variables
		link string
	}{{exploredVariables(t), one}, {moved, other}} {
		pattern := scenario.MustPattern(map[string]any{"$match": form})
		m := &judgement{variables: side.vars}
		_, err := m.match("", pattern, side.link)
		assert.NilError(t, err)
		assert.Equal(t, len(m.found), 0, "%v", m.found)
		_, _ = m.match("", pattern, strings.Replace(side.link, "page=2", "page=3", 1))
		assert.Equal(t, len(m.found), 1, "another page is another link")
	}
	assert.Assert(t, form != newNaming(exploredVariables(t)).link(strings.Replace(one, "per_page=1", "per_page=2", 1)))
	assert.Equal(t, newNaming(scenario.Variables{}).link("<http://x/api/v4/projects/3/things>"),
		`^<https?://[^<>]*/api/v4/projects/\d+/things>$`)
}

func TestDifferingHeaders(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"Allow": "GET", "Link": "^a$", "X-Page": "1", "Content-Type": "application/json",
		"X-Total": "2",
	}
	got := map[string]string{"Allow": "POST", "Link": "^b$", "X-Page": "1", "X-Per-Page": "20", "X-Total": "3"}
	assert.DeepEqual(t, differingHeaders(want, got), map[string]any{
		"Allow": "GET", "Link": map[string]any{"$match": "^a$"},
		"Content-Type": map[string]any{"$contains": "application/json"},
		"X-Per-Page":   map[string]any{"$absent": true}, "X-Total": "2",
	})
	assert.Assert(t, differingHeaders(want, want) == nil)
}

func TestNeededCaptures(t *testing.T) {
	t.Parallel()
	captures := map[string]*scenario.Capture{}
	for _, name := range []string{"made1", "made2", "made3", "made4", "made11"} {
		captures[name] = wholeBody()
	}
	later := []scenario.Step{
		{Call: "deleteExternalStatusCheck", With: map[string]any{"check_id": "${made1.id}"}},
		{Call: "listExternalStatusChecks", Expect: &scenario.Expect{
			Body: scenario.MustPattern([]any{
				map[string]any{"id": "${made2.id}"},
				map[string]any{"$jq": `. == $variables.made3.id`},
			}),
			Headers: patternsOf(map[string]any{"Link": map[string]any{"$match": "${made4.id}"}}),
		}},
	}
	assert.DeepEqual(t, slices.Sorted(maps.Keys(neededCaptures(captures, later))),
		[]string{"made1", "made2", "made3", "made4"})
}

// TestNeeded holds which steps a list needs for its last one, and which cannot stand when one is left out.
func TestNeeded(t *testing.T) {
	t.Parallel()
	steps := []scenario.Step{
		{Call: "createCommit", Capture: capturing("commit1")},
		{Push: &scenario.Push{}},
		{
			Call: "createMergeRequest", Capture: capturing("opened2"),
			With: map[string]any{"source_branch": "x"},
		},
		{
			Call: "createExternalStatusCheck", Capture: capturing("made3"),
			With: map[string]any{"protected_branch_ids": []any{"${branch.main.id}"}},
		},
		{Call: "createStatusCheckResponse", With: map[string]any{
			"merge_request_iid":        "${opened2.iid}",
			"external_status_check_id": "${made3.id}",
		}},
	}
	last := needed(steps, []bool{4: true})
	assert.DeepEqual(t, callsOf(last), []string{
		"createMergeRequest", "createExternalStatusCheck",
		"createStatusCheckResponse",
	})
	without := resolvable(append(append([]scenario.Step{}, steps[:2]...), steps[3:]...))
	assert.DeepEqual(t, callsOf(without), []string{"createCommit", "", "createExternalStatusCheck"})
}

func callsOf(steps []scenario.Step) []string {
	var calls []string
	for _, s := range steps {
		calls = append(calls, s.Call)
	}
	return calls
}

// TestChance holds the first numbers of the generator, on which every seed's walk rests.
func TestChance(t *testing.T) {
	t.Parallel()
	dice := &chance{}
	for _, want := range []uint64{0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f} {
		assert.Equal(t, dice.next(), want)
	}
	seen := map[int]bool{}
	for range 1000 {
		n := dice.below(7)
		assert.Assert(t, n >= 0 && n < 7)
		seen[n] = true
	}
	assert.Equal(t, len(seen), 7)
}

// TestModel_next holds that every kind of move comes up, that all of them are calls of the contract, and that what they
// refer to was given or captured.
func TestModel_next(t *testing.T) {
	t.Parallel()
	m := newModel([]scenario.Role{
		scenario.Anonymous, scenario.Guest, scenario.Reporter, scenario.Developer,
		scenario.Maintainer, scenario.Owner,
	}, true, &chance{state: 1})
	known := (&scenario.Scenario{Given: m.given()}).Names()
	seen := map[string]bool{}
	for range 3000 {
		move := m.next()
		for i := range move.steps {
			step := &move.steps[i]
			for _, name := range stepReferences(step) {
				root, _, _ := strings.Cut(name, ".")
				assert.Assert(t, isCaptured(root) || slices.Contains(known, name), "%s: %s", stepTitle(step), name)
			}
			seen[step.Kind()+" "+step.Call] = true
			status := http.StatusOK
			if step.Call == "" {
				assert.Assert(t, move.goesOn(i, &answerPair{}))
				continue
			}
			assert.Assert(t, openapi.GitLab().Operation(step.Call) != nil, step.Call)
			if step.Call == "mergeMergeRequest" {
				status = http.StatusMethodNotAllowed
			}
			assert.Equal(t, move.goesOn(i, &answerPair{answer: [2]*answer{{status: status}}}), status == http.StatusOK)
		}
	}
	assert.Equal(t, len(seen), 17, "%v", seen)
}
