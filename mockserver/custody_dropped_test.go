package mockserver_test

import (
	"net/http"
	"testing"
	"time"

	"gotest.tools/v3/assert"
)

// A world is not saved while it is dropped, nor afterwards, so that it does not come back in another one of its name.
func TestStore_aDroppedWorldIsNotSaved(t *testing.T) {
	t.Parallel()
	all := share(t, 1)
	h := all.list[0]
	h.raw("POST", "/-/mock/worlds", `{"name":"a"}`).want(http.StatusCreated)
	all.retitle(0, "a", "old").want(http.StatusOK)
	saving, keep := h.server.HeldWorld("a")
	removed := 0
	all.before = func(call, _ string) {
		if call == "remove" {
			removed++
			assert.Check(t, saving(), "the world can be saved while it is removed")
		}
	}
	h.raw("DELETE", "/-/mock/worlds/a", "").want(http.StatusNoContent)
	assert.Equal(t, removed, 1)
	h.raw("POST", "/-/mock/worlds", `{"name":"a"}`).want(http.StatusCreated)
	all.before = func(call, world string) { t.Errorf("there is a call to %s world %s", call, world) }
	assert.NilError(t, keep(t.Context()))
	assert.Assert(t, all.title(0, "a") != "old")
}

// A world that cannot be dropped in the store stays and is saved later.
func TestStore_aWorldThatCannotBeDroppedIsSaved(t *testing.T) {
	t.Parallel()
	all := share(t, 2)
	all.list[0].raw("POST", "/-/mock/worlds", `{"name":"a"}`).want(http.StatusCreated)
	all.retitle(0, "a", "stays").want(http.StatusOK)
	all.down = http.ErrServerClosed
	all.list[0].raw("DELETE", "/-/mock/worlds/a", "").want(http.StatusServiceUnavailable)
	all.down = nil
	all.keep(t, 0)
	assert.Equal(t, all.title(1, "a"), "stays")
}

// A world that expires while it is saved is not lost to another process: its name is free, for a new one too.
func TestStore_expiresWhileItIsSaved(t *testing.T) {
	t.Parallel()
	const short = `{"name":"a","expires_after":"1m"}`
	for name, during := range map[string]func(*harness){
		"nobody comes":   func(h *harness) { h.server.ExpireWorlds(h.clock.now()) },
		"a new one made": func(h *harness) { h.raw("POST", "/-/mock/worlds", short).want(http.StatusCreated) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := share(t, 1)
			h := all.list[0]
			h.raw("POST", "/-/mock/worlds", short).want(http.StatusCreated)
			all.retitle(0, "a", "old").want(http.StatusOK)
			all.before = func(string, string) {
				all.before = nil
				h.clock.advance(2 * time.Minute)
				during(h)
			}
			all.keep(t, 0)
			all.keep(t, 0)
			if name == "nobody comes" {
				_, left := all.rows["a"]
				assert.Assert(t, !left, "the world that has expired is in the store still")
				h.raw("POST", "/-/mock/worlds", short).want(http.StatusCreated)
			}
			assert.Assert(t, all.title(0, "a") != "old")
		})
	}
}
