package release

import (
	"testing"

	"gotest.tools/v3/assert"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Version{
		"18.9": Of(18, 9), "v18.9.0-ee": Of(18, 9), "18.9.0-pre": Of(18, 9), "16.11.2": Of(16, 11),
		" 14.10 ": Of(14, 10), "19.4.1-jh": Of(19, 4), "17.3.0+build": Of(17, 3),
	} {
		got, err := Parse(text)
		assert.NilError(t, err)
		assert.Equal(t, got, want, text)
	}
	for _, text := range []string{
		"", "18", "18.", ".9", "18.x", "-1.2", "18.9.0.1", "99999.1", "१८.९", "18 .9",
		"18.9.x",
	} {
		_, err := Parse(text)
		assert.ErrorContains(t, err, "is not a GitLab version", text)
	}
}

func TestVersion_order(t *testing.T) {
	t.Parallel()
	order := All()
	assert.Equal(t, order[0], Oldest)
	assert.Equal(t, order[len(order)-1], Newest)
	for i := 1; i < len(order); i++ {
		assert.Equal(t, order[i-1].Compare(order[i]), -1)
		assert.Equal(t, order[i].Compare(order[i-1]), 1)
		assert.Equal(t, order[i].Compare(order[i]), 0)
		assert.Equal(t, order[i-1].Next(), order[i])
	}
	assert.Equal(t, Newest.Next(), Newest)
	assert.Equal(t, Reference.String(), "18.9")
}

func TestVersion_bounds(t *testing.T) {
	t.Parallel()
	var open Version
	for _, tc := range []struct {
		v, bound     Version
		since, until bool
	}{
		{Of(16, 4), Of(16, 5), false, true},
		{Of(16, 5), Of(16, 5), true, true},
		{Of(16, 6), Of(16, 5), true, false},
		{Of(17, 0), Of(16, 5), true, false},
		{Of(16, 5), open, true, true},
	} {
		assert.Equal(t, tc.v.Within(tc.bound, open), tc.since, "%s since %s", tc.v, tc.bound)
		assert.Equal(t, tc.v.Within(open, tc.bound), tc.until, "%s until %s", tc.v, tc.bound)
	}
}

func TestCovered(t *testing.T) {
	t.Parallel()
	for _, v := range All() {
		assert.NilError(t, Covered(v))
	}
	for v, want := range map[Version]string{
		Of(13, 12): "the contract covers GitLab 14.0 to 19.4, and 13.12 is older: the nearest is 14.0",
		Of(20, 0):  "the contract covers GitLab 14.0 to 19.4, and 20.0 is newer: the nearest is 19.4",
		Of(14, 11): "the contract covers GitLab 14.0 to 19.4, and there was no 14.11: the nearest are 14.10 and 15.0",
	} {
		assert.Error(t, Covered(v), want)
	}
}
