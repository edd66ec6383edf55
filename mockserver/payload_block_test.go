package mockserver

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"
	"pgregory.net/rapid"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// A block is what these expressions find, which look through the whole text for each place.
func TestBlockEnds(t *testing.T) {
	t.Parallel()
	block := regexp.MustCompile("^```.*?\\n(?:\\n|.)*?\\n``` *$|" + `^<[^>]+?> *\n(?:\n|.)*?\n</[^>]+?> *$`)
	part := rapid.SampledFrom([]string{"```", "<", ">", "</", "\n", " ", "a", "`", "/", "\n```", "\n</p>"})
	parts := rapid.SliceOfN(part, 0, 14)
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(parts.Draw(t, "parts"), "")
		ends := blockEndsOf(text)
		for start := range len(text) {
			if got, want := ends.blockFrom(start), block.MatchString(text[start:]); got != want {
				t.Fatalf("%q from %d: %t", text, start, got)
			}
		}
	})
}

// A description that is long, with an image and the beginning of a block in each line, takes no time.
func TestAbsoluteImages_many(t *testing.T) {
	t.Parallel()
	s, err := New(Options{})
	assert.NilError(t, err)
	for _, behind := range []string{"```x\n", "<", "<x>\n", "```", ""} {
		text := strings.Repeat("![a](b)"+behind, 1<<18/(7+len(behind)))
		assert.NilError(t, s.world.state.View(time.Time{}, func(tx *gitlab.Tx) error {
			for _, end := range []string{"", "\n```", "\n</p>", strings.Repeat(" ", 1000)} {
				got := absoluteImages(tx, gitlab.Project{}, text+end)
				assert.Assert(t, strings.HasPrefix(got, "![a]("+tx.BaseURL()+"/b)"))
			}
			return nil
		}))
	}
}
