package gitlab

import (
	"testing"

	"gotest.tools/v3/assert"
)

func TestSpentTime(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		seconds int
		shown   string
	}{
		"1h": {3600, "1h"}, "3h30m": {12600, "3h 30m"}, "90m": {5400, "1h 30m"}, "1d 2h": {36000, "1d 2h"},
		"8h": {28800, "1d"}, "1w": {144000, "1w"},
		"5d": {144000, "1w"}, "1mo": {576000, "1mo"}, "45s": {45, "45s"}, "-1h30m": {-5400, "-1h 30m"}, "0m": {0, ""},
	} {
		seconds, ok := ParseSpentTime(text)
		assert.Assert(t, ok, text)
		assert.Equal(t, seconds, want.seconds, text)
		assert.Equal(t, SpentTimeText(seconds), want.shown, text)
	}
	for _, text := range []string{"", "soon", "1x", "h", "1h-2m", "1.5h", "99999999999h"} {
		_, ok := ParseSpentTime(text)
		assert.Assert(t, !ok, text)
	}
}
