package mockserver_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// visitor is a browser without scripts: it keeps cookies, and knows the token of the last page.
type visitor struct {
	t       testing.TB
	server  *mockserver.Server
	handler http.Handler
	origin  string
	cookies []*http.Cookie
	token   string
}

// visiting makes a browser that visits a server.
func visiting(t testing.TB, mutate ...func(*mockserver.Options)) *visitor {
	t.Helper()
	h := newUnjudged(t, mutate...)
	return &visitor{t: t, server: h.server, handler: h.server, origin: "http://127.0.0.1:8929"}
}

var tokenOnPage = regexp.MustCompile(`<meta name="csrf-token" content="([^"]*)">`)

// open reads a page and wants a status.
func (v *visitor) open(path string, status int) string {
	v.t.Helper()
	r := httptest.NewRequest(http.MethodGet, v.origin+path, nil)
	r.Header.Set("Accept", browserAccept)
	w := v.send(r)
	assert.Equal(v.t, w.Code, status, "%s: %s", path, w.Body.String())
	if found := tokenOnPage.FindStringSubmatch(w.Body.String()); found != nil {
		v.token = found[1]
	}
	return w.Body.String()
}

// submit sends a form with the token of the last page and wants a status.
func (v *visitor) submit(path string, fields url.Values, status int) *httptest.ResponseRecorder {
	v.t.Helper()
	fields.Set("authenticity_token", v.token)
	r := httptest.NewRequest(http.MethodPost, v.origin+path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", v.origin)
	w := v.send(r)
	assert.Equal(v.t, w.Code, status, "%s: %s", path, w.Body.String())
	return w
}

// call sends what a script of the last page sends.
func (v *visitor) call(method, path, body string) *httptest.ResponseRecorder {
	v.t.Helper()
	r := httptest.NewRequest(method, v.origin+path, strings.NewReader(body))
	r.Header.Set("X-Csrf-Token", v.token)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Origin", v.origin)
	}
	return v.send(r)
}

func (v *visitor) send(r *http.Request) *httptest.ResponseRecorder {
	for _, c := range v.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	v.handler.ServeHTTP(w, onMachine(r, "127.0.0.1:8929"))
	for _, set := range w.Result().Cookies() {
		v.cookies = slices.DeleteFunc(v.cookies, func(c *http.Cookie) bool { return c.Name == set.Name })
		v.cookies = append(v.cookies, set)
	}
	return w
}

// as signs somebody in.
func (v *visitor) as(username string) *visitor {
	v.t.Helper()
	v.open("/", http.StatusOK)
	for _, p := range v.server.People() {
		if p.Username == username {
			w := v.submit("/-/desk/session", url.Values{"person": {number(p.ID)}, "back": {"/"}}, http.StatusSeeOther)
			assert.Equal(v.t, w.Header().Get("Location"), "/")
			v.open("/", http.StatusOK)
			return v
		}
	}
	v.t.Fatalf("nobody is called %s", username)
	return nil
}

// hostile is a world whose names try to be HTML, scripts and attributes.
func hostile(t testing.TB) func(*mockserver.Options) {
	t.Helper()
	document, err := seed.Parse("hostile", []byte(hostileSeed))
	assert.NilError(t, err)
	return func(o *mockserver.Options) { o.Seed = &document }
}

const hostileSeed = `
users:
  - {id: 1, username: mallory, name: '"><script>alert(1)</script>', tokens: [{name: "'\"><b>", secret: glpat-mallory, scopes: [api]}]}
groups:
  - {path: g, name: '<img src=x onerror=alert(1)>', members: [{user: mallory, access_level: owner}]}
projects:
  - path: g/p
    name: '<script>alert(2)</script>'
    branches:
      - {name: main, commits: [{message: one, files: {a: b}}]}
      - {name: '"onload=alert(3)', from: main, commits: [{message: two, files: {c: d}}]}
    protected_branches: [{name: main}, {name: "'><svg/onload=alert(4)>*"}]
    external_status_checks:
      - {name: '<a class="test" data-test">Foo', external_url: "http://127.0.0.1:9/?a=%3Cscript%3E", protected_branches: [main, "'><svg/onload=alert(4)>*"], shared_secret: '"><'}
    merge_requests:
      - {iid: 1, source_branch: '"onload=alert(3)', target_branch: main, title: '</title><script>alert(5)</script>', author: mallory}
`
