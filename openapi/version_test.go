package openapi

import (
	"testing"

	"gotest.tools/v3/assert"
)

func TestParseVersion(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Version{
		"18.9": {18, 9}, "v18.9.0-ee": {18, 9}, "18.9.0-pre": {18, 9}, "16.11.2": {16, 11},
		" 14.10 ": {14, 10}, "19.4.1-jh": {19, 4}, "17.3.0+build": {17, 3},
	} {
		got, err := ParseVersion(text)
		assert.NilError(t, err)
		assert.Equal(t, got, want, text)
	}
	for _, text := range []string{"", "18", "18.", ".9", "18.x", "-1.2", "18.9.0.1", "99999.1", "१८.९", "18 .9"} {
		_, err := ParseVersion(text)
		assert.ErrorContains(t, err, "is not a GitLab version", text)
	}
}

func TestVersionOrder(t *testing.T) {
	t.Parallel()
	order := Versions()
	assert.Equal(t, order[0], Oldest)
	assert.Equal(t, order[len(order)-1], Newest)
	for i := 1; i < len(order); i++ {
		assert.Equal(t, order[i-1].Compare(order[i]), -1)
		assert.Equal(t, order[i].Compare(order[i-1]), 1)
		assert.Equal(t, order[i].Compare(order[i]), 0)
	}
	assert.Equal(t, Reference.String(), "18.9")
}

func TestCovered(t *testing.T) {
	t.Parallel()
	for _, v := range Versions() {
		assert.NilError(t, Covered(v))
	}
	for v, want := range map[Version]string{
		{13, 12}: "the contract covers GitLab 14.0 to 19.4, and 13.12 is older: the nearest is 14.0",
		{20, 0}:  "the contract covers GitLab 14.0 to 19.4, and 20.0 is newer: the nearest is 19.4",
		{14, 11}: "the contract covers GitLab 14.0 to 19.4, and there was no 14.11: the nearest are 14.10 and 15.0",
	} {
		assert.Error(t, Covered(v), want)
	}
}
