package scenario

import (
	"fmt"
	"regexp"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/docstest"
)

// TestPageExamples loads every example of the page that teaches the format, and holds that it names every key.
func TestPageExamples(t *testing.T) {
	t.Parallel()
	page, examples := docstest.Page(t, "scenario-format.md"), docstest.Blocks(t, "scenario-format.md", "yaml")
	assert.Assert(t, len(examples) >= 6, "only %d examples", len(examples))
	for i, example := range examples {
		_, err := Read(fmt.Sprintf("example-%d.yaml", i+1), []byte(example.Text))
		assert.NilError(t, err)
	}
	for kind, keys := range vocabulary {
		for _, key := range keys {
			named := regexp.MustCompile(`(^|[^a-z_$])` + regexp.QuoteMeta(key) + `([^a-z_]|$)`).MatchString(page)
			assert.Assert(t, named, "the page does not name %s of %s", key, kind)
		}
	}
}
