package conformance

import (
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/scenarios"
)

func TestCatalogueLoads(t *testing.T) {
	t.Parallel()
	all, err := Load(scenarios.Files)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d scenarios", len(all))
	assert.Assert(t, len(all) >= 1)
}
