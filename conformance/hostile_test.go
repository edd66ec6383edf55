package conformance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"gotest.tools/v3/assert"
)

// TestReadHostile holds that input made to exhaust the parser is refused with a message that fits a screen.
func TestReadHostile(t *testing.T) {
	t.Parallel()
	var steps, keys strings.Builder
	for i := range 700 {
		steps.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	for i := range 5_000 {
		fmt.Fprintf(&keys, "key%d: 1\n", i)
	}
	tests := []struct{ name, data, want string }{
		{"open brackets", strings.Repeat("[", 250<<10), "nests more than"},
		{"open braces", strings.Repeat("{a: ", 60<<10), "nests more than"},
		{"brackets on lines of their own", strings.Repeat("[\n", 60<<10), "nests more than"},
		{"dashes", strings.Repeat("- ", 120<<10), "nests more than"},
		{"question marks", strings.Repeat("? ", 120<<10), "nests more than"},
		{"colons", strings.Repeat("a: ", 80<<10), "nests more than"},
		{"indentation", steps.String(), "nests more than"},
		{"unknown keys", keys.String(), "unknown key"},
		{"open quotes", strings.Repeat("\"a\n", 80<<10), "not YAML"},
		{"lines", strings.Repeat("a\n", 120<<10), "a file must be a mapping"},
		{"comments", strings.Repeat("#a\n", 80<<10), "empty"},
		{"size", strings.Repeat("a", 257<<10), "larger than 256 KiB"},
		{"bytes", "id: \xff\xfe", "not UTF-8"},
		{"null byte", "id: a\x00b", "is missing"},
		{"long line", "id: 5" + strings.Repeat(" ", 10_000) + "# end\n", "id must be text"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := scenario.Read("hostile.yaml", []byte(test.data))
			assert.ErrorContains(t, err, test.want)
			first := strings.SplitN(err.Error(), "\nhostile.yaml", 2)[0]
			assert.Assert(t, len(first) < 1000, "%d bytes: %s", len(first), first)
		})
	}
}
