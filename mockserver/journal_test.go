package mockserver_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/logtest"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/journal"
)

// last is the newest entry of the journal.
func (h *harness) last() journal.Entry {
	h.t.Helper()
	entries := h.server.Journal(journal.Filter{}).Entries
	assert.Assert(h.t, len(entries) > 0, "the journal is empty")
	return entries[len(entries)-1]
}

func TestJournal_call(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("maintainer", "PUT", "/projects/6/external_status_checks/1?private_token=glpat-guest",
		`{"name":"Tool","external_url":"https://me:pass@x.test/hook?token=abc&api_key=def","shared_secret":"s3",`+
			`"sharedsecrt":"s4"}`).
		want(200)
	e := h.last()
	assert.Equal(t, e.Kind, journal.Call)
	assert.Equal(t, e.Operation, "updateExternalStatusCheck")
	assert.Equal(t, e.Method+" "+e.Path, "PUT /api/v4/projects/6/external_status_checks/1")
	assert.DeepEqual(t, e.Query, map[string]any{"private_token": "…"})
	assert.DeepEqual(t, e.Body, map[string]any{
		"name": "Tool", "external_url": "https://***@x.test/hook?token=…&api_key=…",
		"shared_secret": "…", "sharedsecrt": "…",
	})
	assert.Equal(t, e.Release, "18.9")
	assert.Assert(t, e.User != "" && e.Token != "" && e.Address == "", e.User, e.Token)
	assert.DeepEqual(t, e.At, testNow)
	assert.Assert(t, e.Real.IsZero())
	assert.Equal(t, e.Status, 200)
	assert.Assert(t, e.Worked && e.RequestSize > 100 && e.ResponseSize > 100, "%+v", e)
	assert.Equal(t, e.ResponseHeaders["Content-Type"], "application/json")
	assert.Equal(t, e.RequestHeaders["Content-Type"], "application/json")

	h.do("guest", "PUT", "/projects/6/merge_requests/4", `{"title":"Mine"}`).want(403)
	e = h.last()
	assert.Assert(t, !e.Worked && e.Reason != "", "%+v", e)
	h.do("glpat-nobody", "GET", "/users/glpat-nobody.x/none?page=1", nil).want(404)
	e = h.last()
	assert.Equal(t, e.Path, "/api/v4/users/…/none")
	assert.Equal(t, e.User+e.Token+e.Operation, "")
	assert.Equal(t, e.Address, "192.0.2.1")
	assert.DeepEqual(t, e.Query, map[string]any{"page": "…"})
	h.do("", "GET", "/projects/6?x=%00", nil).want(400)
	assert.Assert(t, strings.HasPrefix(h.last().Reason, "malformed strings: "))
}

// Neither a token in a Link header nor a long text gets into the journal whole.
func TestJournal_keepsLittle(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("", "GET", "/projects/6/external_status_checks?per_page=1&private_token=glpat-maintainer", nil).want(200)
	e := h.last()
	assert.Assert(t, strings.Contains(e.ResponseHeaders["Link"], "?…>"), e.ResponseHeaders)
	h.do("maintainer", "POST", "/projects/6/external_status_checks", map[string]any{
		"name": strings.Repeat("ä", 1000), "external_url": "https://x.test",
	}).want(500)
	assert.Assert(t, len(h.last().Body["name"].(string)) < 210)

	h.do("maintainer", "POST", "/projects/6/external_status_checks", `{"name":"n","external_url":"http://a.test",`+
		`"protected_branch_ids":`+strings.Repeat("1", 1_000_000)+`}`).want(201)
	e = h.last()
	assert.Equal(t, len(fmt.Sprint(e.Body["protected_branch_ids"])), mockserver.LongestKept+len(journal.Hidden))
	h.do("maintainer", "POST", "/projects/6/external_status_checks", `{"name":"m","external_url":"http://b.test",`+
		`"protected_branch_ids":[[`+strings.Repeat("1", 1_000_000)+`],7]}`)
	text, err := json.Marshal(h.last())
	assert.NilError(t, err)
	assert.Assert(t, len(text) < 3000 && strings.Contains(string(text), ",7]"), "%d bytes", len(text))
}

// What looks like a token gets nowhere, wherever a client has put it.
func TestJournal_tokens(t *testing.T) {
	t.Parallel()
	log := &logtest.Buffer{}
	h := newHarness(t, func(o *mockserver.Options) {
		o.Log = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	h.do("maintainer", "GET", "/projects/glpat-hidden1", nil).want(404)
	h.do("maintainer", "GET", "/projects/glpat%2Dhidden2", nil).want(404)
	h.do("maintainer", "POST", "/projects/6/external_status_checks", map[string]any{
		"name": "my glpat-hidden3", "external_url": "https://x.test/gldt-hidden4/y",
	}).want(201)
	h.do("maintainer", "GET", "/nothing/glpat-hidden5", nil).want(404)
	h.do("maintainer", "PUT", "/projects/6/merge_requests/4", map[string]any{"title": "Another"}).want(200)
	h.deliver()
	journaled, err := json.Marshal(h.server.Journal(journal.Filter{}))
	assert.NilError(t, err)
	archive, err := json.Marshal(h.server.Archive(journal.Filter{}))
	assert.NilError(t, err)
	for name, text := range map[string]string{
		"journal": string(journaled), "archive": string(archive), "log": log.String(),
		"surprises": string(h.raw("GET", "/-/mock/surprises", "").want(200).body),
	} {
		assert.Check(t, strings.Contains(text, "…") && !strings.Contains(text, "hidden"), "%s: %s", name, text)
	}
}

func TestJournal_gaps(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	server := httptest.NewUnstartedServer(h.server)
	server.Config.ConnContext = mockserver.ConnContext
	server.Start()
	defer server.Close()
	get := func(token string) {
		r, err := http.NewRequest("GET", server.URL+"/api/v4/version", nil)
		assert.NilError(t, err)
		r.Header.Set("Private-Token", token)
		answer, err := server.Client().Do(r)
		assert.NilError(t, err)
		_, err = io.Copy(io.Discard, answer.Body)
		assert.NilError(t, err)
		assert.NilError(t, answer.Body.Close())
	}
	get("glpat-owner")
	h.clock.advance(3 * time.Second)
	get("glpat-guest")
	h.clock.advance(2 * time.Second)
	assert.NilError(t, h.server.Freeze(testNow.AddDate(1, 0, 0)))
	get("glpat-owner")
	entries := h.server.Journal(journal.Filter{}).Entries
	assert.Equal(t, len(entries), 3)
	assert.Assert(t, entries[0].SinceConnection == nil && entries[0].SinceCaller == nil)
	assert.Equal(t, entries[1].SinceConnection.Duration, 3*time.Second)
	assert.Assert(t, entries[1].SinceCaller == nil)
	assert.Equal(t, entries[2].SinceConnection.Duration, 2*time.Second)
	assert.Equal(t, entries[2].SinceCaller.Duration, 5*time.Second)
	assert.DeepEqual(t, entries[2].At, testNow.AddDate(1, 0, 0))
	assert.DeepEqual(t, entries[2].Real, testNow.Add(5*time.Second))
	assert.Equal(t, entries[2].OnConnection, 3)
}

func TestJournal_deliveries(t *testing.T) {
	t.Parallel()
	h := newHarness(t, onlyCheck("http://me:pass@127.0.0.1:1/gitlab?key=abc"))
	h.retitle("Another")
	h.deliver()
	p := h.server.Journal(journal.Filter{Kind: journal.Delivery})
	assert.Equal(t, len(p.Entries), 1)
	e := p.Entries[0]
	assert.Equal(t, e.URL, "http://127.0.0.1:1/gitlab")
	assert.Assert(t, e.Status == 0 && !e.Worked && e.Reason != "" && e.RequestSize > 0, "%+v", e)
	assert.Equal(t, e.Attempt.Number, 1)
}

// Whoever has a response finds its entry at once, and whoever follows gets it too.
func TestJournal_events(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	server := httptest.NewServer(h.server)
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	h.do("owner", "GET", "/version", nil).want(200)
	h.do("owner", "GET", "/user", nil).want(200)
	r, err := http.NewRequestWithContext(ctx, "GET", server.URL+"/-/mock/journal?user=owner", nil)
	assert.NilError(t, err)
	r.Header.Set("Accept", "text/event-stream")
	r.Header.Set("Last-Event-ID", "1")
	answer, err := server.Client().Do(r)
	assert.NilError(t, err)
	defer answer.Body.Close()
	assert.Equal(t, answer.Header.Get("Content-Type"), "text/event-stream")
	lines := bufio.NewScanner(answer.Body)
	next := func() (id string, e journal.Entry) {
		for lines.Scan() && lines.Text() != "" {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "id":
				id = value
			case "data":
				assert.NilError(t, json.Unmarshal([]byte(value), &e))
			}
		}
		return id, e
	}
	id, e := next()
	assert.Equal(t, id, "2")
	assert.Equal(t, e.Operation, "getCurrentUser")
	h.do("guest", "GET", "/version", nil).want(200)
	h.do("owner", "GET", "/projects/6", nil).want(200)
	id, e = next()
	assert.Equal(t, id, "4")
	assert.Equal(t, e.Operation, "getProject")
}

func TestJournal_canBeLeftOut(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(o *mockserver.Options) { o.JournalSize = -1 })
	h.do("owner", "GET", "/version", nil).want(200)
	assert.Equal(t, len(h.server.Journal(journal.Filter{}).Entries), 0)
}

func TestJournal_isClearedByAReset(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(o *mockserver.Options) { o.JournalSize = 2 })
	for range 3 {
		h.do("owner", "GET", "/version", nil).want(200)
	}
	assert.Equal(t, h.server.Journal(journal.Filter{}).Dropped, int64(1))
	assert.NilError(t, h.server.Reset())
	assert.DeepEqual(t, h.server.Journal(journal.Filter{}), journal.Page{Entries: []journal.Entry{}, Next: 4})
}

// What is kept of a long text is little, and never who a URL in it names.
func TestJournal_longTexts(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", mockserver.LongestSearched)
	tests := map[string]struct{ given, kept string }{
		"short":              {"https://a.example/x", "https://a.example/x"},
		"user":               {"https://me:hush@a.example/x", "https://***@a.example/x"},
		"user far away":      {"https://" + long[:1000] + ":hush@a.example", "https://***@a.example"},
		"no URL":             {long + long, long[:mockserver.LongestKept] + journal.Hidden},
		"longer than search": {"https://me:hush" + long + "@a.example", journal.Hidden},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, mockserver.KeptText(test.given), test.kept)
		})
	}
}

// ticking is a server whose clock goes on each time that somebody looks at it.
func ticking(t *testing.T, mutate ...func(*mockserver.Options)) *harness {
	t.Helper()
	var h *harness
	mutate = append(mutate, func(o *mockserver.Options) {
		o.Now = func() time.Time {
			h.clock.advance(time.Millisecond)
			return h.clock.now()
		}
	})
	h = &harness{t: t, clock: &testClock{at: testNow}}
	made := newUnjudged(t, mutate...)
	h.server, h.handler = made.server, made.server
	return h
}

// The real time is told only if the clock of the mock is another.
func TestJournal_real(t *testing.T) {
	t.Parallel()
	answered := roundTrip(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, nil
	})
	h := ticking(t, onlyCheck("http://service.test/hook"), func(o *mockserver.Options) { o.Transport = answered })
	h.retitle("One")
	h.deliver()
	entries := h.server.Journal(journal.Filter{}).Entries
	assert.Equal(t, len(entries), 2)
	for _, e := range entries {
		assert.Assert(t, e.Real.IsZero(), "%s: %s is not %s", e.Kind, e.Real, e.At)
	}
	assert.NilError(t, h.server.Advance(t.Context(), time.Hour))
	h.retitle("Two")
	h.deliver()
	for _, e := range h.server.Journal(journal.Filter{Since: 3}).Entries {
		assert.Assert(t, e.At.Sub(e.Real) > 59*time.Minute, "%s: %s is not %s", e.Kind, e.Real, e.At)
	}
}

// A connection counts its requests in each world by itself, and keeps no world that was dropped.
func TestJournal_connectionsOfWorlds(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t)
	ctx := mockserver.ConnContext(t.Context(), nil)
	get := func(root string) {
		r := httptest.NewRequest("GET", testBaseURL+root+"/api/v4/version", nil)
		h.send(r.WithContext(ctx))
	}
	gone := func() func() bool {
		a, err := h.server.AddWorld("a", mockserver.WorldOptions{})
		assert.NilError(t, err)
		get("")
		get("/worlds/a")
		get("/worlds/a")
		get("")
		assert.Equal(t, h.last().OnConnection, 2)
		entries := a.Journal(journal.Filter{}).Entries
		assert.Equal(t, entries[1].OnConnection, 2)
		assert.Assert(t, h.server.RemoveWorld("a"))
		return a.Forgotten()
	}()
	for range 10 {
		runtime.GC()
	}
	assert.Assert(t, gone(), "the connection keeps the world")
	runtime.KeepAlive(ctx)
}

// An event stream ends with its world.
func TestJournal_streamOfADroppedWorld(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t)
	h.addWorlds("a")
	server := httptest.NewServer(h.server)
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+"/worlds/a/-/mock/journal", nil)
	assert.NilError(t, err)
	r.Header.Set("Accept", eventStream)
	stream, err := server.Client().Do(r)
	assert.NilError(t, err)
	defer stream.Body.Close()
	assert.Equal(t, stream.StatusCode, 200)
	assert.Assert(t, h.server.RemoveWorld("a"))
	_, err = io.ReadAll(stream.Body)
	assert.NilError(t, err)
}
