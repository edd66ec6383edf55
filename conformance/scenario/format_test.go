package scenario

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"gotest.tools/v3/assert"
	"gotest.tools/v3/golden"

	"github.com/statuschecks/statuschecks/scenarios"
)

// sameScenarios compares what scenarios say, not where they stand.
var sameScenarios = cmp.Options{
	cmpopts.IgnoreFields(Scenario{}, "Position", "Area"),
	cmpopts.IgnoreFields(Step{}, "Position"),
	cmpopts.EquateEmpty(),
}

const everything = `
id: format.everything
summary: "Every key: of the format, once"
level: observed
evidence: D
source: 'a #source: with "signs"'
why: |
  Two lines,
  for people.
tags: [one, "two words", "true", "12"]
since: ["15.10.2", "15.11.1"]
until: "18.10.3"
needs: [control]
isolation: project
given:
  project:
    visibility: internal
    settings: {only_allow_merge_if_all_status_checks_passed: true}
  branches:
    release: {protected: true}
    wild: {name: "release-*", wildcard: true}
    ours: {group: true}
  checks:
    qa: {name: "QA ${run.id}", external_url: "${hook}?token=1", secret: "two  spaces", branches: [main, release], before: true}
    plain: {}
  merge_request: {target: release, author: developer, assignee: reporter, draft: true}
  tokens:
    reader: {role: developer, scopes: [read_api, read_user], days: 3, revoked: true}
    plain: {scopes: [api]}
  replies:
    qa: {status: 302, headers: {location: "${hook.moved}"}}
    moved: {body: {status: "${run.id}"}, after: 1m0s}
    plain: {close: true}
  members:
    manager: {role: reporter, abilities: [read_code, manage_merge_request_settings]}
    reviewer: {role: developer, group: true}
  other: true
steps:
  - note: a call with everything
    as: developer
    call: createStatusCheckResponse
    with: {external_status_check_id: "${check.qa.id}", sha: "0000000000000000000000000000000000000000", status: null}
    query: {per_page: 1.5, "odd key": [1, "2", true, null, {}, []]}
    encode: form
    headers: {X-One: "1"}
    raw: {method: PATCH, api: /api/v3, prefix: "//", suffix: .json, query: "a=b", body: "{\"a\": \u0001}", chunked: true, no_type: true}
    lenient: true
    expect: {status: [200, 201], headers: {etag: {$match: '^W/"'}}, body: {$exact: {a: {$any: true}, b: [{$type: integer}], "12": -0.5}}}
    capture: {first: .body.id, second: ".headers.Etag"}
    await: 1m30s
  - call: createExternalStatusCheck
    json: []
    expect: {status: 400, empty: true}
  - call: createExternalStatusCheck
    headers: {X-Odd: "${byte.c0}"}
    raw: {body: ["[", {repeat: "${run.id},", times: 3}, "1]"]}
  - let: {pass: 2m1s, freeze: true, licensed: false}
  - receive: {check: qa, at: moved, method: GET, within: 10s, none: true, headers: {x-gitlab-signature: {$absent: true}}, body: {object_kind: merge_request}, signed: false, answered: taken, capture: {sha: .body.object_attributes.last_commit.id}}
  - push: {message: "${first} again"}
  - push: {}
  - answer: {check: qa, status: [pending, failed], within: 10s}
  - calls: {operation: createMergeRequestNote, at_least: 2, at_most: 9, paged: true, within: 2s}
  - calls: {none: true}
  - deliver: {check: qa, set: {object_attributes.title: "${mr.sha}"}, drop: [labels], form: sorted, sign: before, expect: refused}
  - deliver: {check: plain, body: "{", expect: survived}
  - fault: {calls: {operation: getMergeRequest}, times: 1, response: {status: 503}}
  - secrets: kept
`

// grouped has what cannot stand beside the rest.
var grouped = strings.Replace(everything, "visibility: internal", "group: below", 1)

func TestFormat_group(t *testing.T) {
	t.Parallel()
	first, err := Read("x/grouped.yaml", []byte(grouped))
	assert.NilError(t, err)
	assert.Equal(t, first[0].Given.Project.Group, BelowTopGroup)
	again, err := Read("x/grouped.yaml", Format(first))
	assert.NilError(t, err)
	assert.DeepEqual(t, again, first, sameScenarios)
}

func TestFormat(t *testing.T) {
	t.Parallel()
	first, err := Read("x/everything.yaml", []byte(everything))
	assert.NilError(t, err)
	text := Format(first)
	golden.Assert(t, string(text), "format.golden")
	again, err := Read("x/everything.yaml", text)
	assert.NilError(t, err)
	assert.DeepEqual(t, again, first, sameScenarios)
}

// FuzzRead holds that a file which can be read is written so that it reads back the same, and that no file makes the
// loader panic.
func FuzzRead(f *testing.F) {
	f.Add([]byte(everything))
	files, err := filepath.Glob(filepath.Join(failing, "*.yaml"))
	assert.NilError(f, err)
	for _, file := range files {
		data, err := os.ReadFile(file)
		assert.NilError(f, err)
		f.Add(data)
	}
	assert.NilError(f, fs.WalkDir(scenarios.Files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(scenarios.Files, name)
		f.Add(data)
		return err
	}))
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := Read("fuzz.yaml", data)
		if err != nil {
			assert.Assert(t, err.Error() != "")
			return
		}
		again, err := Read("fuzz.yaml", Format(first))
		assert.NilError(t, err, "written back as:\n%s", Format(first))
		assert.DeepEqual(t, again, first, sameScenarios)
	})
}
