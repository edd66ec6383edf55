//go:build unix

package scaleout

import (
	"bytes"
	"context"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/tooltest"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/postgres"
)

// aDatabase starts a PostgreSQL, or skips the test where there is none.
func aDatabase(t *testing.T) *database {
	t.Helper()
	_, err := postgresTool("initdb")
	tooltest.NoTrouble(t, "PostgreSQL", err)
	return startDatabase(t)
}

// open is the database as a process of some name has it.
func open(t *testing.T, url, owner string) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), url, owner)
	assert.NilError(t, err)
	t.Cleanup(s.Close)
	return s
}

// A row is saved only by who has its last revision, also within one process; only what this process saved itself, and
// did not hear of as the connection broke, counts as its own.
func TestStore_saveWantsTheLastRevision(t *testing.T) {
	ctx := t.Context()
	d := aDatabase(t)
	cut := &cutter{to: addressOf(t, d.url)}
	s := open(t, cut.listen(t, d.url), "first")

	old := mockserver.StoredWorld{Name: "a", Data: []byte("old")}
	var err error
	old.Revision, err = s.Create(ctx, old)
	assert.NilError(t, err)
	assert.NilError(t, s.Remove(ctx, "a", 0))
	anew := mockserver.StoredWorld{Name: "a", Data: []byte("anew")}
	anew.Revision, err = s.Create(ctx, anew)
	assert.NilError(t, err)
	_, err = s.Save(ctx, old)
	assert.ErrorIs(t, err, mockserver.ErrWorldTaken)
	is := func(data string) {
		t.Helper()
		w, err := s.Look(ctx, "a")
		assert.NilError(t, err)
		assert.Equal(t, string(w.Data), data)
	}
	is("anew")

	for _, text := range []string{"saved unheard", "saved unheard again"} {
		cut.armed.Store(true)
		anew.Data = []byte(text)
		_, err = s.Save(ctx, anew)
		assert.Assert(t, err != nil && !cut.armed.Load(), "the connection did not break: %v", err)
		is(text)
	}
	anew.Data = []byte("saved and heard")
	_, err = s.Save(ctx, anew)
	assert.NilError(t, err)
	is("saved and heard")
	_, err = s.Save(ctx, anew)
	assert.ErrorIs(t, err, mockserver.ErrWorldTaken)
}

// A refusal is told once, without the user and the password. A database without TLS is used without it, unless the URL
// wants it.
func TestStore_saysWhyItCannotBeOpened(t *testing.T) {
	d := aDatabase(t)
	u, err := url.Parse(d.url)
	assert.NilError(t, err)
	u.RawQuery = ""
	open(t, u.String(), "first")

	refused := func(want string) {
		t.Helper()
		_, err := postgres.Open(t.Context(), u.String(), "second")
		assert.ErrorContains(t, err, want)
		assert.Equal(t, strings.Count(err.Error(), want), 1, err)
		for _, secret := range []string{"mock", password, "hush"} {
			assert.Assert(t, !strings.Contains(err.Error(), secret), err)
		}
	}
	u.RawQuery = "sslmode=require"
	refused("SSL is not enabled on the server")
	u.RawQuery, u.User = "", url.UserPassword("mock", "hush")
	refused("password authentication failed for user of the URL")
}

// What has expired is swept, but for the worlds of a process that lives.
func TestStore_sweepSparesTheLiving(t *testing.T) {
	d := aDatabase(t)
	first, second := open(t, d.url, "first"), open(t, d.url, "second")
	for name, s := range map[string]*postgres.Store{"a": first, "b": second} {
		_, err := s.Create(t.Context(), mockserver.StoredWorld{
			Name: name, Data: []byte(name), Expires: time.Now().Add(-time.Hour),
		})
		assert.NilError(t, err)
	}
	ctx, die := context.WithCancel(t.Context())
	heard, dead := make(chan struct{}, 10), make(chan struct{})
	go func() {
		defer close(dead)
		_ = first.Listen(ctx, func(mockserver.StoreEvent) { heard <- struct{}{} })
	}()
	<-heard // of b, after it has the lock of its name
	left := func() (names []string) {
		t.Helper()
		_, err := second.Sweep(t.Context(), time.Now())
		assert.NilError(t, err)
		for _, name := range []string{"a", "b"} {
			revision, err := second.Revision(t.Context(), name)
			assert.NilError(t, err)
			if revision != 0 {
				names = append(names, name)
			}
		}
		return names
	}
	assert.DeepEqual(t, left(), []string{"a"})
	die()
	<-dead
	// the database needs a moment to see that the connection has ended
	for end := time.Now().Add(patience); len(left()) > 0; time.Sleep(20 * time.Millisecond) {
		assert.Assert(t, time.Now().Before(end), "the world of a process that has died stays")
	}
}

// Several worlds are handed over at once, and what happens to one world is told in order. Listen waits for all.
func TestStore_listensAtOnce(t *testing.T) {
	d := aDatabase(t)
	first, second := open(t, d.url, "first"), open(t, d.url, "second")
	names := []string{"a", "b", "c", "d"}
	_, err := second.Create(t.Context(), mockserver.StoredWorld{Name: "other", Data: []byte("other")})
	assert.NilError(t, err)
	revisions := map[string]int64{}
	for _, name := range names {
		revisions[name], err = first.Create(t.Context(), mockserver.StoredWorld{Name: name, Data: []byte(name)})
		assert.NilError(t, err)
	}
	var asked, claimed sync.WaitGroup
	asked.Add(len(names))
	var mu sync.Mutex
	told := map[string][]mockserver.StoreEventKind{}
	ctx, end := context.WithCancel(t.Context())
	ready, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		_ = first.Listen(ctx, func(e mockserver.StoreEvent) {
			if e.World == "other" {
				close(ready)
				return
			}
			mu.Lock()
			told[e.World] = append(told[e.World], e.Kind)
			mu.Unlock()
			if e.Kind == mockserver.StoreAsked {
				asked.Done()
				asked.Wait() // which takes all to be heard at once
				assert.Check(t, first.Release(context.Background(), e.World, revisions[e.World]))
			}
		})
	}()
	<-ready
	for _, name := range names {
		claimed.Go(func() {
			_, err := second.Claim(t.Context(), name, time.Now())
			assert.Check(t, err)
		})
	}
	claimed.Wait()
	all := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return !slices.ContainsFunc(names, func(name string) bool { return len(told[name]) < 2 })
	}
	for began := time.Now(); !all(); time.Sleep(time.Millisecond) {
		assert.Assert(t, time.Since(began) < patience, "not all was heard")
	}
	end()
	<-ended
	for _, name := range names {
		assert.DeepEqual(t, told[name], []mockserver.StoreEventKind{mockserver.StoreAsked, mockserver.StoreTaken})
	}
}

// cutter stands between a process and the database. When it is armed, it breaks the next connection by which a
// transaction is committed, as soon as the database has done so.
type cutter struct {
	to    string
	armed atomic.Bool
}

func addressOf(t *testing.T, text string) string {
	t.Helper()
	u, err := url.Parse(text)
	assert.NilError(t, err)
	return u.Host
}

// listen begins to take connections, and returns the URL of the database by this way.
func (c *cutter) listen(t *testing.T, text string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	assert.NilError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go c.pass(client)
		}
	}()
	u, err := url.Parse(text)
	assert.NilError(t, err)
	u.Host = listener.Addr().String()
	return u.String()
}

func (c *cutter) pass(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", c.to)
	if err != nil {
		return
	}
	defer server.Close()
	var mute atomic.Bool
	answered := make(chan struct{}, 1)
	go func() {
		defer client.Close()
		piece := make([]byte, 64<<10)
		for {
			n, err := server.Read(piece)
			if mute.Load() {
				answered <- struct{}{}
				return
			}
			if _, failed := client.Write(piece[:n]); err != nil || failed != nil {
				return
			}
		}
	}()
	piece := make([]byte, 64<<10)
	for {
		n, err := client.Read(piece)
		if bytes.Contains(bytes.ToLower(piece[:n]), []byte("commit\x00")) && c.armed.CompareAndSwap(true, false) {
			mute.Store(true)
		}
		if _, failed := server.Write(piece[:n]); err != nil || failed != nil {
			return
		}
		if mute.Load() {
			<-answered
			return
		}
	}
}
