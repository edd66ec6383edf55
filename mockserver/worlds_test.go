package mockserver_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/fault"
	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/release"
)

// in sends a request to a world; the path is below its relative root.
func (h *harness) in(world, method, path, body string) response {
	h.t.Helper()
	r := httptest.NewRequest(method, testBaseURL+worldsPrefix+world+path, strings.NewReader(body))
	r.Header.Set("Private-Token", seed.MaintainerToken)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return h.send(r)
}

// addWorlds makes worlds of some names.
func (h *harness) addWorlds(names ...string) {
	h.t.Helper()
	for _, name := range names {
		_, err := h.server.AddWorld(name, mockserver.WorldOptions{})
		assert.NilError(h.t, err)
	}
}

const titleOf = apiPrefix + mergeRequestPath

// What is done in one world is seen in no other.
func TestWorlds_areApart(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t)
	h.addWorlds("a", "b")
	h.in("a", "PUT", titleOf, `{"title":"in a"}`).want(http.StatusOK)
	h.in("a", "PUT", "/-/mock/clock", `{"mode":"frozen","now":"2030-01-01T00:00:00Z"}`).want(http.StatusOK)
	h.in("a", "PUT", "/-/mock/licence", `{"licensed":false}`).want(http.StatusOK)
	h.in("a", "PUT", "/-/mock/release", `{"version":"16.0"}`).want(http.StatusOK)
	h.in("a", "POST", "/-/mock/faults", `{"faults":[{"calls":{"operation":"getVersion"},"response":{"status":503}}]}`).
		want(http.StatusCreated)
	h.in("a", "GET", apiPrefix+"/nothing", "").want(http.StatusNotFound)
	h.in("a", "GET", apiPrefix+"/version", "").want(http.StatusServiceUnavailable)
	for _, root := range []string{"", worldsPrefix + "b"} {
		other := h.server
		if root != "" {
			other, _ = h.server.World("b")
		}
		r := httptest.NewRequest("GET", testBaseURL+root+titleOf, nil)
		r.Header.Set("Private-Token", seed.MaintainerToken)
		assert.Assert(t, h.send(r).want(http.StatusOK).text("title") != "in a")
		assert.Equal(t, other.Clock().Mode, control.RealClock)
		assert.Assert(t, other.Licence().Licensed)
		assert.Equal(t, other.Release().Version, release.Reference.String())
		assert.Equal(t, len(other.Faults()), 0)
		assert.Equal(t, len(other.Surprises()), 0)
	}
	a, _ := h.server.World("a")
	assert.Equal(t, len(a.Surprises()), 1)
	assert.NilError(t, a.Reset())
	h.in("a", "GET", apiPrefix+"/version", "").want(http.StatusOK)
}

// All that is absolute in an answer includes the relative root.
func TestWorlds_links(t *testing.T) {
	t.Parallel()
	for name, base := range map[string]string{"given": testBaseURL + "/gitlab", "adopted": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newUnjudged(t, func(o *mockserver.Options) { o.BaseURL = base })
			h.addWorlds("a")
			root := base
			if root == "" {
				root = testBaseURL
			}
			root += "/worlds/a"
			got := h.in("a", "GET", titleOf, "").want(http.StatusOK)
			assert.Equal(t, got.text("web_url"), root+"/flightjs/Flight/-/merge_requests/4")
			list := h.in("a", "GET", apiPrefix+"/projects/6/external_status_checks?per_page=1", "").want(http.StatusOK)
			assert.Assert(t, strings.Contains(list.header.Get("Link"),
				"<"+root+apiPrefix+"/projects/6/external_status_checks?"), list.header.Get("Link"))
			a, _ := h.server.World("a")
			assert.Equal(t, a.State().BaseURL, root)
			index := h.in("a", "GET", "", "").want(http.StatusOK)
			assert.Equal(t, index.text("api"), testBaseURL+"/worlds/a/api/v4")
			assert.Equal(t, index.text("control"), testBaseURL+"/worlds/a/-/mock")
			h.in("a", "PUT", "/-/mock/clock", `{"mode":"frozen"}`).want(http.StatusOK)
			r := httptest.NewRequest("PUT", testBaseURL+"/worlds/a/-/mock/clock", strings.NewReader("{}"))
			assert.Assert(t, strings.Contains(h.send(r).text("error"), "'"+testBaseURL+"/worlds/a/-/mock/clock'"))
			h.in("a", "PUT", titleOf, `{"title":"told"}`).want(http.StatusOK)
			assert.Assert(t, strings.Contains(a.Deliveries()[0].Body, root+"/flightjs/Flight/-/merge_requests/4"))
		})
	}
}

func TestWorlds_refusals(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t, func(o *mockserver.Options) { o.MaxWorlds = 12 })
	got := h.in("a", "GET", titleOf, "").want(http.StatusNotFound)
	assert.Equal(t, got.text("error"),
		`there is no world "a"; there is none at all; make it with POST /-/mock/worlds`)
	for i := range 12 {
		h.addWorlds(fmt.Sprint("w", 10+i))
	}
	got = h.in("a", "GET", titleOf, "").want(http.StatusNotFound)
	assert.Equal(t, string(got.body), `{"error":"there is no world \"a\"; there are those listed, and 2 more; make it `+
		`with POST /-/mock/worlds","problems":["w10","w11","w12","w13","w14","w15","w16","w17","w18","w19"]}`+"\n")
	assert.Assert(t, got.header.Get("X-Mock-Reason") != "")
	for _, name := range []string{"..", ".a", "-a", "a%20b", "a%2Fb", strings.Repeat("x", 101), "größe"} {
		got := h.send(httptest.NewRequest("GET", testBaseURL+worldsPrefix+name+"/api/v4/version", nil))
		assert.Equal(t, got.status, http.StatusBadRequest, name)
		assert.Assert(t, strings.Contains(got.text("error"), "cannot be the name of a world: take 1 to 100 letters"))
	}
	_, err := h.server.AddWorld("w10", mockserver.WorldOptions{})
	assert.ErrorIs(t, err, mockserver.ErrWorldExists)
	_, err = h.server.AddWorld("one-more", mockserver.WorldOptions{})
	assert.ErrorIs(t, err, mockserver.ErrTooManyWorlds)
	assert.Assert(t, h.server.RemoveWorld("w10"))
	assert.Assert(t, !h.server.RemoveWorld("w10"))
	world, err := h.server.AddWorld("one-more", mockserver.WorldOptions{})
	assert.NilError(t, err)
	_, err = world.AddWorld("below", mockserver.WorldOptions{})
	assert.ErrorContains(t, err, "a world has no worlds")
	assert.ErrorContains(t, world.Run(t.Context()), "the Run of the server")
	_, known := world.World("w11")
	assert.Assert(t, !known && len(world.Worlds()) == 0 && !world.RemoveWorld("w11"))
	h.in("one-more", "GET", "/-/mock/worlds", "").want(http.StatusNotFound)
	h.in("one-more", "GET", "/worlds/w11/api/v4/version", "").want(http.StatusNotFound)
}

// What does not go together makes no world.
func TestWorlds_wrongOptions(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for body, want := range map[string]string{
		`{"name":"a","version":"12.0"}`:                "the contract covers GitLab",
		`{"name":"a","features":{"nothing":true}}`:     "nothing",
		`{"name":"a","expires_after":"soon"}`:          "expires_after",
		`{"name":"a b"}`:                               `\"a b\" cannot be the name of a world`,
		`{"name":"a","snapshot":"s","version":"16.0"}`: "a world of a snapshot begins as that was",
		`{}`: "name is missing",
	} {
		got := h.raw("POST", "/-/mock/worlds", body).want(http.StatusBadRequest)
		assert.Assert(t, strings.Contains(string(got.body), want), "%s: %s", body, got.body)
	}
	got := h.raw("POST", "/-/mock/worlds", "{\"name\":\"a\",\n \"seed\": {\"users\": [{\"usrname\": \"ada\"}]}}").
		want(http.StatusBadRequest)
	assert.Assert(t, strings.Contains(string(got.body), "body:2:22: a user has no key"), "%s", got.body)
	h.raw("POST", "/-/mock/worlds", `{"name":"a","snapshot":"s"}`).want(http.StatusNotFound)
	assert.Equal(t, len(h.server.Worlds()), 0)
}

// A world is of its own seed, release, flags and licence, and is reset to them.
func TestWorlds_options(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t)
	no, ada := false, seed.User{Username: "ada", Tokens: []seed.AccessToken{{Secret: "glpat-a"}}}
	d := seed.Document{Users: []seed.User{ada}}
	a, err := h.server.AddWorld("a", mockserver.WorldOptions{
		Seed: &d, Version: release.Of(16, 5), Licensed: &no,
		Features: map[string]bool{mockserver.FlagPendingResponses: false},
	})
	assert.NilError(t, err)
	look := func() {
		state := a.State()
		assert.Equal(t, len(state.Users), 1)
		assert.Equal(t, state.Version, "16.5")
		assert.Assert(t, !state.Licence.Licensed)
	}
	look()
	assert.NilError(t, a.Seed(seed.Default()))
	assert.NilError(t, a.SetRelease(release.Of(18, 0), nil))
	assert.Equal(t, len(a.State().Projects), 1)
	again, err := h.server.AddWorld("again", mockserver.WorldOptions{Seed: &d, Version: release.Of(16, 5)})
	assert.NilError(t, err)
	assert.Assert(t, again.Licence().Licensed)
	assert.Assert(t, h.server.Licence().Licensed)
}

func TestWorlds_perName(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t, func(o *mockserver.Options) {
		o.WorldPerName, o.MaxWorlds, o.WorldsExpireAfter = true, 2, time.Minute
	})
	h.in("a", "GET", titleOf, "").want(http.StatusOK)
	h.in("a", "PUT", titleOf, `{"title":"mine"}`).want(http.StatusOK)
	h.in("b", "GET", titleOf, "").want(http.StatusOK)
	got := h.in("c", "GET", titleOf, "").want(http.StatusInsufficientStorage)
	assert.Assert(t, strings.Contains(got.text("error"), "as many worlds as there can be, which is 2"))
	h.clock.advance(59 * time.Second)
	h.in("a", "GET", titleOf, "").want(http.StatusOK)
	h.clock.advance(time.Second)
	h.in("c", "GET", titleOf, "").want(http.StatusOK) // b was not used for a minute
	assert.Equal(t, h.in("a", "GET", titleOf, "").text("title"), "mine")
	h.clock.advance(time.Minute)
	assert.Equal(t, len(h.server.Worlds()), 0)
	assert.Assert(t, h.in("a", "GET", titleOf, "").text("title") != "mine", "it was dropped and made anew")
}

// Run works in the worlds too, drops those that expire, and leaves nothing behind.
func TestWorlds_run(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent atomic.Int64
		lag := mockserver.Lag{Min: time.Second, Max: time.Second}
		s, err := mockserver.New(mockserver.Options{Lag: lag, Transport: roundTrip(
			func(r *http.Request) (*http.Response, error) {
				sent.Add(1)
				return answerWith(http.StatusOK, ""), r.Context().Err()
			})})
		assert.NilError(t, err)
		early, err := s.AddWorld("early", mockserver.WorldOptions{})
		assert.NilError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- s.Run(ctx) }()
		synctest.Wait()
		late, err := s.AddWorld("late", mockserver.WorldOptions{ExpiresAfter: time.Hour})
		assert.NilError(t, err)
		gone, err := s.AddWorld("gone", mockserver.WorldOptions{})
		assert.NilError(t, err)
		for _, world := range []*mockserver.Server{early, late, gone} {
			blow(world, "PUT", titleOf, `{"title":"told"}`)
		}
		assert.Assert(t, s.RemoveWorld("gone"))
		time.Sleep(time.Minute)
		assert.Equal(t, sent.Load(), int64(4), "two checks in each of two worlds")
		blow(early, "PUT", titleOf, `{"title":"told again"}`)
		time.Sleep(time.Minute)
		assert.Equal(t, sent.Load(), int64(6))
		assert.Equal(t, len(s.Worlds()), 2)
		time.Sleep(time.Hour)
		assert.Equal(t, s.HeldWorlds(), 1, "one has expired, and nobody had to ask")
		cancel()
		assert.NilError(t, <-ended)
	})
}

// Suites that run side by side, each in its world, see what they did and nothing else.
func TestWorlds_neverMeet(t *testing.T) {
	t.Parallel()
	const suites, rounds = 64, 12
	s, err := mockserver.New(mockserver.Options{WorldPerName: true, Transport: roundTrip(func(r *http.Request) (
		*http.Response, error,
	) {
		return answerWith(http.StatusOK, ""), r.Context().Err()
	})})
	assert.NilError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- s.Run(ctx) }()
	problems := make(chan error, suites)
	var wg sync.WaitGroup
	for i := range suites {
		wg.Go(func() { problems <- suite(s, fmt.Sprintf("suite-%d", i), rounds) })
	}
	wg.Wait()
	for range suites {
		assert.NilError(t, <-problems)
	}
	assert.Equal(t, len(s.Worlds()), suites)
	assert.Equal(t, len(s.Deliveries()), 0, "nothing happened at the root")
	cancel()
	assert.NilError(t, <-ended)
}

// suite is a suite of tests in a world of its own.
func suite(s *mockserver.Server, name string, rounds int) error {
	send := func(method, path, body string) (int, string) {
		r := httptest.NewRequest(method, testBaseURL+worldsPrefix+name+path, strings.NewReader(body))
		r.Header.Set("Private-Token", seed.MaintainerToken)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	for i := range rounds {
		title := fmt.Sprintf("%s round %d", name, i)
		if code, body := send("PUT", titleOf, `{"title":"`+title+`"}`); code != http.StatusOK {
			return errors.New(body)
		}
		if _, body := send("GET", titleOf, ""); !strings.Contains(body, `"title":"`+title+`"`) {
			return fmt.Errorf("want %s: %s", title, body)
		}
		code, body := send("POST", apiPrefix+"/projects/6/external_status_checks",
			fmt.Sprintf(`{"name":"c%d","external_url":"http://c%d.example"}`, i, i))
		if id := fmt.Sprintf(`"id":%d,`, 3+i); code != http.StatusCreated || !strings.Contains(body, id) {
			return fmt.Errorf("want %s: %d %s", id, code, body)
		}
		if i%4 == 3 {
			send("POST", "/-/mock/clock/advance", `{"by":"1m"}`)
		}
	}
	world, _ := s.World(name)
	for _, d := range world.Deliveries() {
		if !strings.Contains(d.Body, name+" round") {
			return fmt.Errorf("%s got a delivery of somebody else: %s", name, d.Body)
		}
	}
	return nil
}

// A world that nobody uses costs little: 10 000 of them less than 300 MB.
func TestWorlds_idle(t *testing.T) {
	const worlds, most = 1000, 300 << 20 / 10_000
	s, err := mockserver.New(mockserver.Options{Faults: []fault.Plan{}})
	assert.NilError(t, err)
	first, err := s.AddWorld("first", mockserver.WorldOptions{})
	assert.NilError(t, err)
	before := heap()
	for i := range worlds {
		_, err := s.AddWorld(fmt.Sprint("w", i), mockserver.WorldOptions{})
		assert.NilError(t, err)
	}
	each := (heap() - before) / worlds
	t.Logf("%d bytes for each world", each)
	assert.Assert(t, each < most, "a world costs %d bytes", each)
	runtime.KeepAlive(first)
	assert.Equal(t, len(s.Worlds()), worlds+1)
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// A seed with something that is to happen so long after it is planted is planted for each world.
func TestWorlds_seedsWithoutTimes(t *testing.T) {
	t.Parallel()
	d := seed.Default()
	d.Projects[0].MergeRequests[0].Responses = []seed.Response{{
		Check:  d.Projects[0].ExternalStatusChecks[0].Name,
		Status: "pending",
	}}
	h := newUnjudged(t, func(o *mockserver.Options) { o.Seed = &d })
	h.addWorlds("first")
	h.clock.advance(time.Hour)
	h.addWorlds("second")
	second, _ := h.server.World("second")
	assert.Equal(t, second.State().Responses[0].Status, "pending")
	first, _ := h.server.World("first")
	assert.Equal(t, first.State().Responses[0].Status, "failed")
}

// The control surfaces of worlds are where that of the root is, and ask for the same token.
func TestWorlds_guard(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t, func(o *mockserver.Options) { o.ControlToken, o.ControlApart = "s3cret", true })
	h.addWorlds("a")
	h.in("a", "GET", "/-/mock/state", "").want(http.StatusNotFound)
	h.handler = h.server.Control()
	h.in("a", "GET", "/-/mock/state", "").want(http.StatusUnauthorized)
	r := httptest.NewRequest("GET", testBaseURL+"/worlds/a/-/mock/clock", nil)
	r.Header.Set("X-Control-Token", "s3cret")
	h.send(r).want(http.StatusOK)
	r.Header.Set("Origin", "http://elsewhere.example")
	h.send(r).want(http.StatusForbidden)
	h.in("a", "GET", titleOf, "").want(http.StatusUnauthorized)
}

// BenchmarkAddWorld tells how long it takes to make a world.
func BenchmarkAddWorld(b *testing.B) {
	s, err := mockserver.New(mockserver.Options{MaxWorlds: 1 << 30})
	assert.NilError(b, err)
	for i := 0; b.Loop(); i++ {
		if _, err := s.AddWorld(fmt.Sprint(i), mockserver.WorldOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

// Whoever finds that a world has expired drops that one, and not another that has its name by then.
func TestWorlds_expiredHasASuccessor(t *testing.T) {
	t.Parallel()
	now, between := testNow, func() {}
	s, err := mockserver.New(mockserver.Options{Now: func() time.Time {
		happens := between
		between = func() {}
		happens()
		return now
	}})
	assert.NilError(t, err)
	_, err = s.AddWorld("a", mockserver.WorldOptions{ExpiresAfter: time.Minute})
	assert.NilError(t, err)
	now = now.Add(time.Hour)
	var successor *mockserver.Server
	between = func() { // after the clock was asked for, if not before the world was looked for
		s.RemoveWorld("a")
		successor, err = s.AddWorld("a", mockserver.WorldOptions{ExpiresAfter: time.Minute})
		assert.NilError(t, err)
	}
	_, _ = s.World("a")
	found, known := s.World("a")
	assert.Assert(t, known && found == successor)
}

// A world in which a request is under way does not expire, from the moment on in which it is found.
func TestWorlds_busyFromTheStart(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t, func(o *mockserver.Options) { o.WorldPerName = true })
	for range 2 { // it is made, and then found
		requests, err := h.server.UseWorld(t.Context(), "a")
		assert.NilError(t, err)
		assert.Equal(t, requests, int64(1))
	}
}
