package scenario

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"gotest.tools/v3/assert"
	"gotest.tools/v3/golden"
)

const failing = "../../testdata/failing"

// TestLoadMalformed holds every message about a malformed file; go test -update rewrites them.
func TestLoadMalformed(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(failing, "malformed-*.yaml"))
	assert.NilError(t, err)
	assert.Assert(t, len(files) >= 12, "only %d malformed files", len(files))
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			assert.NilError(t, err)
			scenarios, err := Read(filepath.Base(file), data)
			assert.Assert(t, scenarios == nil)
			var load *LoadError
			assert.Assert(t, errors.As(err, &load))
			path, absErr := filepath.Abs(strings.TrimSuffix(file, ".yaml") + ".golden")
			assert.NilError(t, absErr)
			golden.Assert(t, err.Error()+"\n", path)
		})
	}
}

func TestLoadReportsAllFilesAtOnce(t *testing.T) {
	t.Parallel()
	good := "id: %.x\nsummary: s\nlevel: must\nevidence: S\nsource: s\nsteps: [{call: getVersion}]\n"
	_, err := Load(fstest.MapFS{
		"a/one.yaml": {Data: []byte(strings.ReplaceAll(good, "%", "one"))},
		"a/two.yaml": {Data: []byte(strings.ReplaceAll(good, "%", "one"))},
		"a/dash.yml": {Data: []byte(strings.ReplaceAll(strings.ReplaceAll(good, "%.x", "%-x.y"), "%", "one"))},
		"a/dots.yml": {Data: []byte(strings.ReplaceAll(strings.ReplaceAll(good, "%.x", "%.x.y"), "%", "one"))},
		"b/bad.yaml": {Data: []byte("id: 5\n")},
		"b/note.txt": {Data: []byte("not a scenario")},
	})
	assert.ErrorContains(t, err, "a/two.yaml:1:1: the id one.x is taken by a/one.yaml:1:1")
	assert.ErrorContains(t, err, "a/dots.yml:1:1: the id one.x.y differs from one-x.y of a/dash.yml:1:1 only by "+
		"dots and hyphens; choose another word")
	assert.ErrorContains(t, err, "b/bad.yaml:1:5: id must be text, not a number")
}

// TestLoad_capturesStayInTheirScenario holds that what a step captures is unknown before it and in other scenarios.
func TestLoad_capturesStayInTheirScenario(t *testing.T) {
	t.Parallel()
	const head = "summary: s, level: must, evidence: S, source: s"
	_, err := Read("a/b.yaml", []byte(`scenarios:
  - {id: a.one, `+head+`, steps: [{call: getVersion, capture: {seen: .body.version}}]}
  - {id: a.two, `+head+`, given: {checks: {qa: {name: "${seen}"}}}, steps: [{call: getVersion}]}
  - {id: a.three, `+head+`, steps: [{call: getVersion, query: {q: "${seen}"}, capture: {seen: .body.version}}]}
  - {id: a.four, `+head+`, steps: [{call: getVersion, capture: {seen: .body.version}},
      {call: getVersion, query: {q: "${seen}"}}]}
`))
	var load *LoadError
	assert.Assert(t, errors.As(err, &load))
	assert.Equal(t, len(load.Problems), 2, err.Error())
	for i, line := range []int{3, 4} {
		assert.Equal(t, load.Problems[i].Position.Line, line)
		assert.Equal(t, load.Problems[i].Message, "nothing sets ${seen}")
	}
}

func TestLoadGivesAreasAndCases(t *testing.T) {
	t.Parallel()
	scenarios, err := Load(fstest.MapFS{"roles/list.yaml": {Data: []byte(`
summary: ${case.role} gets ${case.status}.
level: must
evidence: S
source: somewhere
steps:
  - as: ${case.role}
    call: listExternalStatusChecks
    expect: {status: "${case.status}", body: "${case.body}"}
cases:
  - id: roles.list.guest
    level: observed
    evidence: D
    with: {role: guest, status: 401, body: {message: 401 Unauthorized}}
  - id: roles.list.maintainer
    since: "18.0"
    with: {role: maintainer, status: 200, body: []}
`)}})
	assert.NilError(t, err)
	assert.Equal(t, len(scenarios), 2)
	guest, maintainer := scenarios[0], scenarios[1]
	assert.Equal(t, guest.Area, "roles")
	assert.Equal(t, guest.Summary, "guest gets 401.")
	assert.Equal(t, guest.Level, Observed)
	assert.Equal(t, guest.Steps[0].As, Guest)
	assert.DeepEqual(t, guest.Steps[0].Expect.Status, []int{401})
	assert.DeepEqual(t, guest.Steps[0].Expect.Body.Source, map[string]any{"message": "401 Unauthorized"})
	assert.Equal(t, guest.Position.String(), "roles/list.yaml:11:5")
	assert.Equal(t, maintainer.Level, Must)
	assert.Equal(t, maintainer.Since.String(), "18.0")
	assert.DeepEqual(t, maintainer.Steps[0].Expect.Body.Source, []any{})
}
