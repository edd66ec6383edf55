package mockserver_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/testheap"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/openapi/crosscheck"
	"github.com/statuschecks/statuschecks/openapi/openapitest"
	"github.com/statuschecks/statuschecks/release"
)

const (
	apiPrefix     = mockserver.APIPrefix
	controlPrefix = mockserver.ControlPrefix
	askGraphQL    = "postGraphQL" // the operation that GraphQL is asked by
	eventStream   = "text/event-stream"
	invalidJSON   = "Invalid JSON format"
	typeForm      = "application/x-www-form-urlencoded"
	typeJSON      = "application/json"
	typeLFS       = "application/vnd.git-lfs+json"
	worldsPrefix  = "/worlds/"
)

// testNow is the instant at which every harness begins.
var testNow = time.Date(2026, 2, 3, 10, 0, 0, 0, time.UTC)

// testBaseURL is the URL in the examples of GitLab's documentation.
const testBaseURL = "http://example.com"

// harness is a server with the default world. Its clock is frozen until a test advances it. Every response is checked
// against the contract.
type harness struct {
	t       testing.TB
	server  *mockserver.Server
	handler http.Handler
	clock   *testClock
}

// testClock is the time that a harness gives its server.
type testClock struct {
	mu sync.Mutex
	at time.Time
}

func (c *testClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *testClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// newHarness makes a server with the default world; mutate changes its options. Its responses are checked against the
// contract.
func newHarness(t testing.TB, mutate ...func(*mockserver.Options)) *harness {
	t.Helper()
	h := newUnjudged(t, mutate...)
	contract := h.server.Contract()
	recorder := openapitest.NewRecorder(contract)
	h.handler = recorder.Handler(h.server)
	t.Cleanup(func() { exchanged.judge(t, contract, recorder.Exchanges()) })
	return h
}

// newUnjudged makes a server whose responses are not checked against a contract, because its release may change.
func newUnjudged(t testing.TB, mutate ...func(*mockserver.Options)) *harness {
	t.Helper()
	h := &harness{t: t, clock: &testClock{at: testNow}}
	opts := mockserver.Options{BaseURL: testBaseURL, Now: h.clock.now}
	for _, m := range mutate {
		m(&opts)
	}
	server, err := mockserver.New(opts)
	assert.NilError(t, err)
	h.server, h.handler = server, server
	return h
}

// update changes the state directly, in ways that no request can.
func (h *harness) update(f func(*gitlab.Tx) error) {
	h.t.Helper()
	assert.NilError(h.t, h.server.ChangeState(f))
}

// publish makes the project public, which its private group forbids.
func (h *harness) publish() { project(func(p *gitlab.Project) { p.Visibility = gitlab.Public })(h) }

// view reads the state directly.
func (h *harness) view(f func(*gitlab.Tx)) {
	h.t.Helper()
	assert.NilError(h.t, h.server.ViewState(h.server.Now(), func(tx *gitlab.Tx) error {
		f(tx)
		return nil
	}))
}

// has reports whether the release has a change.
func (h *harness) has(c gitlab.Change) (has bool) {
	h.view(func(tx *gitlab.Tx) { has = tx.Has(c) })
	return has
}

// do sends a request. as is a role of the default world ("owner", "guest" …), a token, or nothing for nobody. The path
// is below /api/v4. The body is JSON given as text or as any value, a form given as url.Values, or none if it is nil.
func (h *harness) do(as, method, path string, body any) response {
	h.t.Helper()
	return h.send(h.request(as, method, path, body))
}

// request makes the request that do sends.
func (h *harness) request(as, method, path string, body any) *http.Request {
	h.t.Helper()
	r := httptest.NewRequest(method, testBaseURL+apiPrefix+path, nil)
	if body != nil {
		kind, text := encodeBody(h.t, body)
		r = httptest.NewRequest(method, testBaseURL+apiPrefix+path, bytes.NewReader(text))
		r.Header.Set("Content-Type", kind)
	}
	switch {
	case strings.HasPrefix(as, "glpat-"):
		r.Header.Set("Private-Token", as)
	case as != "":
		r.Header.Set("Private-Token", "glpat-"+as)
	}
	return r
}

// send sends a request unchanged.
func (h *harness) send(r *http.Request) response {
	h.t.Helper()
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return response{
		t: h.t, request: r.Method + " " + r.URL.RequestURI(), status: w.Code, header: w.Header(),
		body: w.Body.Bytes(),
	}
}

func encodeBody(t testing.TB, body any) (kind string, text []byte) {
	t.Helper()
	switch body := body.(type) {
	case string:
		return "application/json", []byte(body)
	case url.Values:
		return "application/x-www-form-urlencoded", []byte(body.Encode())
	}
	text, err := json.Marshal(body)
	assert.NilError(t, err)
	return "application/json", text
}

// errorText is the body of a refusal that has one text.
func errorText(text string) string { return `{"error":` + strconv.Quote(text) + `}` }

// response is the response to a request.
type response struct {
	t       testing.TB
	request string
	status  int
	header  http.Header
	body    []byte
}

// want fails the test at once unless the status is the expected one.
func (r response) want(status int) response {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("%s: status is %d, expected %d\nreason: %s\nbody: %s", r.request, r.status, status,
			r.header.Get("X-Mock-Reason"), r.body)
	}
	return r
}

// wantBody fails the test at once unless status and body are exactly the expected ones. A refusal must have a reason.
func (r response) wantBody(status int, body string) response {
	r.t.Helper()
	r.want(status)
	assert.Equal(r.t, string(r.body), body, r.request)
	if status >= 400 {
		assert.Assert(r.t, r.header.Get("X-Mock-Reason") != "", "%s: a refusal without a reason", r.request)
	}
	return r
}

// get returns a value of a JSON body by the names and numbers of its path, such as "references.full" or "0.id". If
// there is none, it is nil.
func (r response) get(path string) any {
	r.t.Helper()
	d := json.NewDecoder(bytes.NewReader(r.body))
	d.UseNumber()
	var value any
	assert.NilError(r.t, d.Decode(&value), "%s: %s", r.request, r.body)
	if path == "" {
		return value
	}
	for step := range strings.SplitSeq(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

// text is a value of the body as text: numbers in digits, null as "<nil>".
func (r response) text(path string) string {
	r.t.Helper()
	return fmt.Sprint(r.get(path))
}

// number is a whole number of the body.
func (r response) number(path string) int64 {
	r.t.Helper()
	n, err := strconv.ParseInt(r.text(path), 10, 64)
	assert.NilError(r.t, err, "%s: %s of %s", r.request, path, r.body)
	return n
}

// column returns one value of each item of a list, as text.
func (r response) column(path string) []string {
	r.t.Helper()
	items, isList := r.get("").([]any)
	assert.Assert(r.t, isList, "%s: not a list: %s", r.request, r.body)
	column := []string{}
	for i := range items {
		column = append(column, r.text(strconv.Itoa(i)+"."+path))
	}
	return column
}

// exchangeLog holds all exchanges of all harnesses of the reference release. The two validators are compared on them
// when all tests are done.
type exchangeLog struct {
	mu         sync.Mutex
	all        []openapitest.Exchange
	validators map[*openapi.Document]*crosscheck.Validator // by the contract of a release
}

var exchanged = exchangeLog{validators: map[*openapi.Document]*crosscheck.Validator{}}

// judge checks the responses of a test against the contract of its release, with both validators. The second one also
// refuses keys that the contract does not have.
func (l *exchangeLog) judge(t testing.TB, contract *openapi.Document, exchanges []openapitest.Exchange) {
	t.Helper()
	exchanges = slices.DeleteFunc(exchanges,
		func(e openapitest.Exchange) bool { return !strings.HasPrefix(e.Request.URL.Path, apiPrefix) })
	openapitest.Conform(t, contract, exchanges)
	l.mu.Lock()
	defer l.mu.Unlock()
	validator := l.validators[contract]
	if validator == nil {
		validator = crosscheck.New(contract, crosscheck.Options{Strict: true})
		l.validators[contract] = validator
	}
	for _, e := range exchanges {
		if e.Operation == "" || e.Request.Method == http.MethodHead || e.Request.Method == http.MethodOptions {
			continue
		}
		if violations := validator.CheckResponse(e.Operation, e.Request, e.Status, e.Header,
			e.Body); len(violations) > 0 {
			t.Errorf("%s answered %d, strictly against the contract: %v\n%s", e.Operation, e.Status, violations, e.Body)
		}
	}
	if contract == openapi.GitLab().At(release.Reference) {
		l.all = append(l.all, exchanges...)
	}
}

// soleTB is a testing.TB that reports to the console, for a check after all tests.
type soleTB struct {
	testing.TB
	failed bool
}

func (s *soleTB) Helper() {}

func (s *soleTB) Errorf(format string, args ...any) {
	s.failed = true
	fmt.Fprintf(os.Stderr, format+"\n", args...)
}

func (s *soleTB) Fatalf(format string, args ...any) { s.Errorf(format, args...) }

func TestMain(m *testing.M) {
	code := testheap.Run(m)
	chosen := func(name string) bool { return flag.Lookup(name).Value.String() != "" }
	if code == 0 && !slices.ContainsFunc([]string{"test.run", "test.skip", "test.list", "test.fuzz"}, chosen) {
		tb := &soleTB{}
		openapitest.Agree(tb, openapi.GitLab().At(release.Reference), exchanged.all, "testdata/agreement.txt")
		if tb.failed {
			code = 1
		}
	}
	os.Exit(code)
}
