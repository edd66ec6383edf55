package strictyaml

import (
	"testing"

	"gotest.tools/v3/assert"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	known := []string{"users", "groups", "projects", "settings"}
	for word, want := range map[string]string{
		"user": "users", "usres": "users", "Groups": "groups", "project": "projects", "sttings": "settings",
		"setting": "settings",
		"members": "", "": "", "x": "", "projectsprojects": "",
	} {
		assert.Equal(t, Nearest(word, known), want, word)
	}
	assert.Equal(t, DidYouMean("usrs", known), " (did you mean users?)")
	assert.Equal(t, DidYouMean("xyz", known), "")
}
