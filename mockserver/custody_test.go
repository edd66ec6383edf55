package mockserver_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/logtest"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// shelf is a store in memory, of which several servers have a hand each.
type shelf struct {
	mu     sync.Mutex
	rows   map[string]shelved
	newest int64
	down   error
	before func(call, world string) // is called before worlds are saved and removed
}

func (s *shelf) begin(call, world string) {
	if s.before != nil {
		s.before(call, world)
	}
}

func (s *shelf) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.rows)
}

type shelved struct {
	mockserver.StoredWorld
	owner string
}

// hand is the store as one server has it.
type hand struct {
	*shelf
	owner string
	tell  func(mockserver.StoreEvent)
}

func (h *hand) next() int64 {
	h.newest++
	return h.newest
}

func (h *hand) with(run func() error) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.down != nil {
		return h.down
	}
	return run()
}

func (h *hand) Secret(context.Context) ([]byte, error) { return []byte("of the shelf"), nil }

func (h *hand) Create(_ context.Context, w mockserver.StoredWorld) (revision int64, err error) {
	err = h.with(func() error {
		if _, known := h.rows[w.Name]; known {
			return mockserver.ErrWorldExists
		}
		revision = h.next()
		w.Revision = revision
		h.rows[w.Name] = shelved{w, h.owner}
		return nil
	})
	return revision, err
}

func (h *hand) Claim(_ context.Context, name string, now time.Time) (w mockserver.StoredWorld, err error) {
	h.tell(mockserver.StoreEvent{Kind: mockserver.StoreAsked, World: name, By: h.owner})
	err = h.with(func() error {
		row, known := h.rows[name]
		if !known || !row.Expires.IsZero() && !now.Before(row.Expires) {
			return mockserver.ErrNoWorld
		}
		row.Revision, row.owner = h.next(), h.owner
		h.rows[name], w = row, row.StoredWorld
		return nil
	})
	if err == nil {
		h.tell(mockserver.StoreEvent{Kind: mockserver.StoreTaken, World: name, By: h.owner, Revision: w.Revision})
	}
	return w, err
}

func (h *hand) Look(_ context.Context, name string) (w mockserver.StoredWorld, err error) {
	err = h.with(func() error {
		row, known := h.rows[name]
		if !known {
			return mockserver.ErrNoWorld
		}
		w = row.StoredWorld
		return nil
	})
	return w, err
}

func (h *hand) Revision(_ context.Context, name string) (revision int64, err error) {
	err = h.with(func() error {
		revision = h.rows[name].Revision
		return nil
	})
	return revision, err
}

func (h *hand) Save(_ context.Context, w mockserver.StoredWorld) (revision int64, err error) {
	h.begin("save", w.Name)
	err = h.with(func() error {
		row, known := h.rows[w.Name]
		if !known {
			return mockserver.ErrNoWorld
		}
		if row.Revision != w.Revision {
			return fmt.Errorf("%w: it is %s", mockserver.ErrWorldTaken, row.owner)
		}
		revision = h.next()
		w.Revision = revision
		h.rows[w.Name] = shelved{w, h.owner}
		return nil
	})
	return revision, err
}

func (h *hand) Release(_ context.Context, name string, revision int64) error {
	return h.with(func() error {
		if row, known := h.rows[name]; known && row.Revision == revision && row.owner == h.owner {
			row.owner = ""
			h.rows[name] = row
		}
		return nil
	})
}

func (h *hand) Remove(_ context.Context, name string, revision int64) error {
	h.begin("remove", name)
	err := h.with(func() error {
		row, known := h.rows[name]
		if !known || revision != 0 && row.Revision != revision {
			return mockserver.ErrNoWorld
		}
		delete(h.rows, name)
		return nil
	})
	if err == nil {
		h.tell(mockserver.StoreEvent{Kind: mockserver.StoreRemoved, World: name, By: h.owner})
	}
	return err
}

func (h *hand) List(context.Context) (list []control.World, err error) {
	err = h.with(func() error {
		for name, row := range h.rows {
			if name != "" {
				list = append(list, row.Shown)
			}
		}
		return nil
	})
	slices.SortFunc(list, func(a, b control.World) int { return cmp.Compare(a.Name, b.Name) })
	return list, err
}

func (h *hand) Sweep(_ context.Context, now time.Time) (swept int, err error) {
	err = h.with(func() error {
		for name, row := range h.rows {
			if !row.Expires.IsZero() && row.Expires.Before(now) {
				delete(h.rows, name)
				swept++
			}
		}
		return nil
	})
	return swept, err
}

// shared are servers that share a store, and what they do not hear of each other.
type shared struct {
	*shelf
	list []*harness
	deaf []mockserver.StoreEventKind
}

// share makes servers that share a store.
func share(t *testing.T, n int, mutate ...func(*mockserver.Options)) *shared {
	t.Helper()
	all := &shared{shelf: &shelf{rows: map[string]shelved{}}}
	for i := range n {
		own := &hand{shelf: all.shelf, owner: fmt.Sprint("process ", i)}
		own.tell = func(e mockserver.StoreEvent) {
			for other, h := range all.list {
				if other != i && !slices.Contains(all.deaf, e.Kind) {
					h.server.Heard(e)
				}
			}
		}
		h := newUnjudged(t, append(mutate, func(o *mockserver.Options) { o.Store = own })...)
		_, err := h.server.ReadStore(t.Context())
		assert.NilError(t, err)
		all.list = append(all.list, h)
	}
	return all
}

func (s *shared) keep(t *testing.T, i int) {
	t.Helper()
	assert.NilError(t, s.list[i].server.Keep(t.Context()))
}

// retitle changes a world by a request to one of the servers.
func (s *shared) retitle(i int, world, title string) response {
	return s.list[i].in(world, "PUT", titleOf, `{"title":"`+title+`"}`)
}

// title is what a world has by a request to one of the servers.
func (s *shared) title(i int, world string) string {
	return s.list[i].in(world, "GET", titleOf, "").want(http.StatusOK).text("title")
}

// What one process has saved, the next one finds that is asked, whoever made it.
func TestStore_worldsGoFromHandToHand(t *testing.T) {
	t.Parallel()
	all := share(t, 3)
	all.list[0].raw("POST", "/-/mock/worlds", `{"name":"a"}`).want(http.StatusCreated)
	all.list[1].raw("POST", "/-/mock/worlds", `{"name":"a"}`).want(http.StatusConflict)
	all.retitle(1, "a", "by the second").want(http.StatusOK)
	all.keep(t, 1)
	assert.Equal(t, all.title(2, "a"), "by the second")
	all.retitle(2, "a", "by the third").want(http.StatusOK)
	all.keep(t, 2)
	assert.Equal(t, all.title(0, "a"), "by the third", "the copy that it had once is not used")
	for i := range 3 {
		listed := all.list[i].raw("GET", "/-/mock/worlds", "").want(http.StatusOK)
		assert.DeepEqual(t, listed.column("name"), []string{"a"})
	}
	all.list[1].raw("DELETE", "/-/mock/worlds/a", "").want(http.StatusNoContent)
	for i := range 3 {
		all.list[i].in("a", "GET", titleOf, "").want(http.StatusNotFound)
	}
	all.list[1].raw("DELETE", "/-/mock/worlds/a", "").want(http.StatusNotFound)
}

// Two that both believe to have a world do not overwrite each other: the second is told, until it takes the world anew.
func TestStore_theSecondIsTold(t *testing.T) {
	t.Parallel()
	for name, deaf := range map[string][]mockserver.StoreEventKind{
		"at the next saving": {mockserver.StoreAsked, mockserver.StoreTaken}, "at once": {mockserver.StoreAsked},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := &logtest.Buffer{}
			all := share(t, 2, func(o *mockserver.Options) { o.Log = slog.New(slog.NewTextHandler(log, nil)) })
			all.deaf = deaf
			all.list[0].raw("POST", "/-/mock/worlds", `{"name":"a"}`).want(http.StatusCreated)
			all.retitle(0, "a", "of the first").want(http.StatusOK)
			all.retitle(1, "a", "of the second").want(http.StatusOK)
			all.keep(t, 1)
			all.keep(t, 0)
			assert.Assert(t, strings.Contains(log.String(), "another process has taken a world over"), log.String())
			for _, path := range []string{"/-/mock/state", titleOf} {
				told := all.list[0].in("a", "GET", path, "").want(http.StatusConflict)
				assert.Assert(t, strings.Contains(string(told.body), "process 1"), "%s", told.body)
				assert.Assert(t, strings.Contains(string(told.body), "POST /worlds/a/-/mock/claim"), "%s", told.body)
			}
			all.keep(t, 0)
			assert.Equal(t, all.title(1, "a"), "of the second")
			all.list[0].in("a", "POST", "/-/mock/claim", "").want(http.StatusNoContent)
			assert.Equal(t, all.title(0, "a"), "of the second")
		})
	}
}

// A process that is asked for a world saves it and lets go of it, so that nothing is lost.
func TestStore_handOver(t *testing.T) {
	t.Parallel()
	all := share(t, 2)
	all.list[0].raw("POST", "/-/mock/worlds", `{"name":"a"}`).want(http.StatusCreated)
	for i := range 6 {
		title := fmt.Sprint("change ", i)
		all.retitle(i%2, "a", title).want(http.StatusOK)
		assert.Equal(t, all.title((i+1)%2, "a"), title)
	}
	assert.Assert(t, !all.list[1].server.Holds("a"), "only one has it")
}

// A fault happens as often as its plan says, in whichever process the world is.
func TestStore_faultsAreCountedInAllProcesses(t *testing.T) {
	t.Parallel()
	all := share(t, 2)
	all.list[0].raw("POST", "/-/mock/worlds", `{"name":"a"}`).want(http.StatusCreated)
	all.list[0].raw("POST", "/worlds/a/-/mock/faults",
		`{"faults":[{"calls":{"method":"GET"},"first":2,"times":2,"response":{"status":503}}]}`).
		want(http.StatusCreated)
	for i, status := range []int{200, 503, 503, 200} {
		all.list[(i+1)%2].in("a", "GET", titleOf, "").want(status)
	}
}

// The root is that of whoever was asked for it last, and worlds begin as it would begin now, wherever they are made.
func TestStore_root(t *testing.T) {
	t.Parallel()
	all := share(t, 3, func(o *mockserver.Options) { o.WorldPerName = true })
	title := func(i int) string {
		return all.list[i].do("maintainer", "GET", mergeRequestPath, nil).want(http.StatusOK).text("title")
	}
	all.list[0].raw("POST", "/-/mock/seed", `{"users":[{"username":"ada","tokens":[{"secret":"`+seed.MaintainerToken+
		`"}]}]}`).want(http.StatusOK)
	all.keep(t, 0)
	all.list[1].in("made", "GET", apiPrefix+"/user", "").want(http.StatusOK)
	all.list[2].in("made", "GET", titleOf, "").want(http.StatusNotFound)
	assert.NilError(t, all.list[0].server.Seed(seed.Default()))
	all.list[0].do("maintainer", "PUT", mergeRequestPath, `{"title":"of the first"}`).want(http.StatusOK)
	all.keep(t, 0)
	assert.Equal(t, title(1), "of the first")
	all.deaf = []mockserver.StoreEventKind{mockserver.StoreAsked}
	all.list[1].do("maintainer", "PUT", mergeRequestPath, `{"title":"of the second"}`).want(http.StatusOK)
	all.list[2].do("maintainer", "PUT", mergeRequestPath, `{"title":"of the third"}`).want(http.StatusOK)
	all.list[1].do("maintainer", "GET", mergeRequestPath, nil).want(http.StatusConflict)
	all.list[1].raw("GET", "/-/health", "").want(http.StatusOK)
	all.keep(t, 1)
	all.keep(t, 2)
	all.list[1].raw("POST", "/-/mock/claim", "").want(http.StatusNoContent)
	assert.Equal(t, title(1), "of the third")
}

// A store that does not answer is no reason to forget anything.
func TestStore_down(t *testing.T) {
	t.Parallel()
	all := share(t, 2)
	all.list[0].raw("POST", "/-/mock/worlds", `{"name":"a"}`).want(http.StatusCreated)
	all.down = errors.New("nobody is there")
	all.retitle(0, "a", "kept later").want(http.StatusOK)
	assert.ErrorContains(t, all.list[0].server.Keep(t.Context()), "world a: nobody is there")
	told := all.list[1].in("a", "GET", titleOf, "").want(http.StatusServiceUnavailable)
	assert.Assert(t, strings.Contains(string(told.body), "nobody is there; try again later"), "%s", told.body)
	all.list[0].raw("POST", "/-/mock/worlds", `{"name":"b"}`).want(http.StatusServiceUnavailable)
	all.list[0].raw("DELETE", "/-/mock/worlds/a", "").want(http.StatusServiceUnavailable)
	all.down = nil
	all.keep(t, 0)
	assert.Equal(t, all.title(1, "a"), "kept later")
}

// A world expires in the store too; one that is used does not, whatever another process thinks.
func TestStore_expiry(t *testing.T) {
	t.Parallel()
	all := share(t, 2)
	for _, name := range []string{"used", "unused"} {
		all.list[0].raw("POST", "/-/mock/worlds", `{"name":"`+name+`","expires_after":"1m"}`).want(http.StatusCreated)
	}
	for range 10 {
		for _, h := range all.list {
			h.clock.advance(20 * time.Second)
		}
		all.title(0, "used")
		all.keep(t, 0)
		_, err := all.list[1].server.Store().Sweep(t.Context(), all.list[1].clock.now())
		assert.NilError(t, err)
	}
	all.list[0].in("unused", "GET", titleOf, "").want(http.StatusNotFound)
	all.list[1].in("unused", "GET", titleOf, "").want(http.StatusNotFound)
	assert.Assert(t, all.title(1, "used") != "")
	all.list[1].raw("POST", "/-/mock/worlds", `{"name":"unused"}`).want(http.StatusCreated)
}

// A claim is for those who may use the control surface.
func TestStore_claimNeedsTheToken(t *testing.T) {
	t.Parallel()
	all := share(t, 2, func(o *mockserver.Options) { o.ControlToken = "hush" })
	all.deaf = []mockserver.StoreEventKind{mockserver.StoreAsked}
	_, err := all.list[0].server.AddWorld("a", mockserver.WorldOptions{})
	assert.NilError(t, err)
	all.retitle(0, "a", "of the first").want(http.StatusOK)
	all.retitle(1, "a", "of the second").want(http.StatusOK)
	all.list[0].in("a", "POST", "/-/mock/claim", "").want(http.StatusConflict)
	all.list[0].in("a", "GET", titleOf, "").want(http.StatusConflict)
	r := httptest.NewRequest("POST", testBaseURL+"/worlds/a/-/mock/claim", http.NoBody)
	r.Header.Set("X-Control-Token", "hush")
	all.list[0].send(r).want(http.StatusNoContent)
	all.list[0].in("a", "GET", titleOf, "").want(http.StatusOK)
}
