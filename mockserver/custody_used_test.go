package mockserver_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
)

// follow opens the stream of a world's journal. The function that it returns closes it.
func (h *harness) follow(world string) (over <-chan struct{}, end func()) {
	ctx, cancel := context.WithCancel(h.t.Context())
	r := httptest.NewRequestWithContext(ctx, "GET", testBaseURL+worldsPrefix+world+controlPrefix+"journal", http.NoBody)
	r.Header.Set("Accept", eventStream)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		h.send(r)
	}()
	return ended, func() {
		cancel()
		<-ended
	}
}

// A world in which one long request is under way does not expire: here, in the store, and for who claims it then.
func TestStore_aBusyWorldDoesNotExpire(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		all := share(t, 2, func(o *mockserver.Options) { o.Now = time.Now })
		first := all.list[0].server
		all.list[0].raw("POST", "/-/mock/worlds", `{"name":"a","expires_after":"1m"}`).want(http.StatusCreated)
		over, end := all.list[0].follow("a")
		var saved atomic.Int64
		all.before = func(string, string) { saved.Add(1) }
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { _ = first.Run(ctx) })
		running.Go(func() {
			for ctx.Err() == nil {
				changed := first.Changed()
				assert.Check(t, first.Keep(t.Context()))
				select {
				case <-changed:
				case <-ctx.Done():
				}
			}
		})
		for range 60 {
			time.Sleep(10 * time.Second)
			_, err := all.list[1].server.Store().Sweep(t.Context(), time.Now())
			assert.NilError(t, err)
			assert.Assert(t, all.count() == 2, "the world is gone from the store")
		}
		synctest.Wait()
		assert.Assert(t, saved.Load() <= 61, "it was saved %d times in ten minutes", saved.Load())
		select {
		case <-over:
			t.Error("the stream has ended")
		default:
		}
		all.title(1, "a")
		end()
		stop()
		running.Wait()
	})
}

// A world that is claimed just before it expires in the store is saved soon, so that it does not.
func TestStore_aClaimRenews(t *testing.T) {
	t.Parallel()
	all := share(t, 2)
	all.list[0].raw("POST", "/-/mock/worlds", `{"name":"a","expires_after":"10m"}`).want(http.StatusCreated)
	all.deaf = []mockserver.StoreEventKind{mockserver.StoreAsked, mockserver.StoreTaken} // the first one has died
	all.list[1].clock.advance(12 * time.Minute)
	all.title(1, "a")
	all.keep(t, 1)
	all.list[1].clock.advance(5 * time.Minute)
	swept, err := all.list[1].server.Store().Sweep(t.Context(), all.list[1].clock.now())
	assert.NilError(t, err)
	assert.Equal(t, swept, 0)
	all.title(1, "a")
}

// A world that is claimed and cannot be read belongs to nobody, so that it can be swept.
func TestStore_whatCannotBeReadIsLetGo(t *testing.T) {
	t.Parallel()
	all := share(t, 2)
	all.list[0].raw("POST", "/-/mock/worlds", `{"name":"a"}`).want(http.StatusCreated)
	all.list[0].raw("DELETE", "/-/mock/worlds/a", "").want(http.StatusNoContent)
	_, err := all.list[0].server.Store().Create(t.Context(), mockserver.StoredWorld{Name: "a", Data: []byte("damaged")})
	assert.NilError(t, err)
	all.list[1].in("a", "GET", titleOf, "").want(http.StatusInternalServerError)
	assert.Equal(t, all.rows["a"].owner, "")
}
