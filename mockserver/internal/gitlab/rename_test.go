package gitlab

import (
	"strings"
	"testing"

	"gotest.tools/v3/assert"
)

// A commit cannot keep the mock busy: where too much would have to be compared, only equal files are found again.
func TestRenames_areBounded(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		lines, changed int
		renamed        bool
	}{
		"alike":                {lines: 1000, changed: 1, renamed: true},
		"equal":                {lines: 1000, renamed: true},
		"alike, but too large": {lines: mostCompared, changed: 1},
		"equal and large":      {lines: mostCompared, renamed: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := strings.Repeat("line\n", test.lines)
			changed := text + strings.Repeat("x\n", test.changed)
			files := diffFiles(map[string]string{"a": text}, map[string]string{"b": changed}, gitSimilarity)
			assert.Equal(t, len(files) == 1 && files[0].Renamed(), test.renamed, "%+v", files)
		})
	}
}
