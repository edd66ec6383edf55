package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gotest.tools/v3/assert"
)

// notesAsJSON is what is written of the changes between two releases, held against the published schema.
func notesAsJSON(t *testing.T, releases string) notesReport {
	t.Helper()
	var between span
	assert.NilError(t, between.Set(releases))
	notes, err := notesBetween(between.from.version, between.to.version)
	assert.NilError(t, err)
	var text bytes.Buffer
	assert.NilError(t, writeNotesAsJSON(&text, &between, notes))
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "docs", "reference",
		"contract-diff.schema.json"))
	assert.NilError(t, err)
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text.Bytes()))
	assert.NilError(t, err)
	assert.NilError(t, schema.Validate(value), text.String())
	var report notesReport
	assert.NilError(t, json.Unmarshal(text.Bytes(), &report))
	return report
}

// TestNotes_breaking names all that may break clients from one release to another. An independent tool, oasdiff 1.37.0,
// calls the same breaking, and nothing else.
func TestNotes_breaking(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		between string
		want    []string
	}{
		{"14.0..18.9", []string{
			"14.9 unexpected StatusCheck.status can be passed",
			"14.9 unexpected StatusCheck.status can be failed",
			"15.0 needed createStatusCheckResponse takes status, which is required: passed or failed",
			"16.1 unexpected the answer 500 of createExternalStatusCheck can be Messages",
			"18.2 unexpected the answer 400 of createStatusCheckResponse can be Messages",
			"18.2 unexpected the answer 404 of createStatusCheckResponse can be NullMessage",
			"18.9 unexpected ScopeError.error can be insufficient_granular_scope",
		}},
		{"16.4..16.6", nil},
		{"18.9..19.4", []string{
			"19.4 retyped listMergeRequestStatusChecks reads merge_request_iid as integer, no longer as string",
			"19.4 gone StatusCheckResponse.external_status_check no longer has project_id",
			"19.4 gone StatusCheckResponse.external_status_check no longer has protected_branches",
			"19.4 gone StatusCheckResponse.external_status_check no longer has hmac",
		}},
	} {
		report := notesAsJSON(t, c.between)
		var found []string
		total := 0
		for _, r := range report.Releases {
			total += len(r.Contract)
			for _, d := range r.Contract {
				if d.Severity == "breaking" {
					found = append(found, r.Release+" "+string(d.Why)+" "+d.Text)
				}
			}
		}
		assert.DeepEqual(t, found, c.want)
		assert.Equal(t, report.Breaking, len(c.want))
		assert.Equal(t, report.Total, total)
	}
}

func TestNotes_ofNothing(t *testing.T) {
	t.Parallel()
	report := notesAsJSON(t, "15.0..15.1")
	assert.Equal(t, len(report.Releases), 0)
	assert.Equal(t, report.Total, 0)
}
