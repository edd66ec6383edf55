package conformance_test

import (
	"path/filepath"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
)

// keeping gives options for a run that keeps what it makes.
func keeping(t *testing.T) setup {
	t.Helper()
	o := mock(t, nil)
	o.Keep, o.Ledger = true, filepath.Join(t.TempDir(), "run.ledger")
	return o
}

// kept runs the scenarios, of which none fails, and gives what is left on the server.
func kept(t *testing.T, o setup) []string {
	t.Helper()
	report, err := conformance.Run(t.Context(), o.Target, o.RunOptions)
	assert.NilError(t, err)
	assert.Assert(t, report.Totals["passed"] > 0)
	for _, result := range report.Scenarios {
		if result.Outcome != conformance.Passed && result.Outcome != conformance.Skipped {
			t.Errorf("%s: %s %+v", result.ID, result.Outcome, result.Failure)
		}
	}
	return report.Remaining
}

// beginsWith counts the texts that begin so.
func beginsWith(texts []string, prefix string) int {
	count := 0
	for _, text := range texts {
		if strings.HasPrefix(text, prefix) {
			count++
		}
	}
	return count
}

// TestKeep holds that nothing that a scenario leaves disturbs another one.
func TestKeep(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		o := keeping(t)
		left := kept(t, o)
		assert.Assert(t, beginsWith(left, "kept: project ") > 700, "a project each: %d things", len(left))
		cleaned, err := conformance.CleanUp(t.Context(), o.Target, o.Ledger, conformance.RunOptions{})
		assert.NilError(t, err)
		assert.Equal(t, len(cleaned.Removed), len(left))
	})
}

// TestKeep_inGivenProject holds that several scenarios do not disturb each other in a given project either, where what
// one alone made is kept.
func TestKeep_inGivenProject(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		o := keeping(t)
		o.Token, o.Project, o.Tokens = "glpat-owner", standing, handedTokens()
		assert.Equal(t, beginsWith(kept(t, o), "kept: external_status_check "), 0)

		one := keeping(t)
		one.Token, one.Project, one.Tokens = "glpat-owner", standing, handedTokens()
		one.Only = []string{"retry.passed"}
		left := kept(t, one)
		assert.Assert(t, beginsWith(left, "kept: external_status_check ") > 0, "%v", left)
	})
}

// TestKeep_preview holds that one scenario alone shares what others would, and that several do not.
func TestKeep_preview(t *testing.T) {
	t.Parallel()
	for only, shared := range map[string]bool{"retry.passed": true, "retry": false} {
		o := keeping(t)
		o.Only = []string{only}
		preview, err := conformance.Look(t.Context(), o.Target, o.RunOptions)
		assert.NilError(t, err)
		assert.Equal(t, beginsWith(preview.Makes, "private project statuschecks-run1-shared-private") > 0, shared, only)
	}
}
