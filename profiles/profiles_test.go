package profiles_test

import (
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/profiles"
)

// TestProfiles holds that every profile can be read, is called what its file is called, and names scenarios that exist.
func TestProfiles(t *testing.T) {
	t.Parallel()
	all, err := conformance.LoadCatalogue(nil)
	assert.NilError(t, err)
	assert.Assert(t, len(profiles.Names()) >= 1)
	for _, name := range profiles.Names() {
		data, found := profiles.Read(name)
		assert.Assert(t, found, name)
		profile, err := conformance.ReadProfile("profiles/"+name+".yaml", data)
		assert.NilError(t, err)
		assert.Equal(t, profile.Name, name)
		assert.NilError(t, profile.Check(all))
	}
	_, found := profiles.Read("nothing")
	assert.Assert(t, !found)
}
