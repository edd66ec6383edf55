package scenario

import (
	"fmt"
	"os"
	"regexp"
	"testing"

	"gotest.tools/v3/assert"
)

// TestPageExamples loads every example of the page that teaches the format, and holds that it names every key.
func TestPageExamples(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/scenario-format.md")
	assert.NilError(t, err)
	examples := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(page, -1)
	assert.Assert(t, len(examples) >= 6, "only %d examples", len(examples))
	for i, example := range examples {
		_, err := Read(fmt.Sprintf("example-%d.yaml", i+1), example[1])
		assert.NilError(t, err)
	}
	for kind, keys := range vocabulary {
		for _, key := range keys {
			named := regexp.MustCompile(`(^|[^a-z_$])` + regexp.QuoteMeta(key) + `([^a-z_]|$)`).Match(page)
			assert.Assert(t, named, "the page does not name %s of %s", key, kind)
		}
	}
}
