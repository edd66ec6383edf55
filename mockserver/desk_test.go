package mockserver_test

import (
	"context"
	"encoding/json"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gotest.tools/v3/assert"
	is "gotest.tools/v3/assert/cmp"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/journal"
	"github.com/statuschecks/statuschecks/release"
)

const settingsPage = "/flightjs/Flight/-/settings/merge_requests"

// onMachine is a request that came to an address of this machine.
func onMachine(r *http.Request, address string) *http.Request {
	at, _ := net.ResolveTCPAddr("tcp", address) // a number, so nothing is looked up
	return r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, net.Addr(at)))
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

func TestPages_headers(t *testing.T) {
	t.Parallel()
	v := visiting(t)
	for path, status := range map[string]int{"/": 200, settingsPage: 200, "/-/desk/nothing": 404} {
		r := httptest.NewRequest(http.MethodGet, v.origin+path, nil)
		r.Header.Set("Accept", browserAccept)
		w := v.send(r)
		assert.Equal(t, w.Code, status)
		policy := w.Header().Get("Content-Security-Policy")
		for _, rule := range []string{
			"default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'", "base-uri 'none'",
			"frame-ancestors 'none'", "require-trusted-types-for 'script'",
		} {
			assert.Check(t, is.Contains(policy, rule), path)
		}
		assert.Check(t, !strings.Contains(policy, "unsafe"), path)
		assert.Check(t, is.Equal(w.Header().Get("X-Frame-Options"), "DENY"), path)
		assert.Check(t, is.Equal(w.Header().Get("Cache-Control"), "no-store"), path)
		assert.Check(t, !inline.MatchString(w.Body.String()), path)
		assert.Check(t, len(w.Result().Cookies()) == 0, "nobody gets a cookie who asks for none")
	}
}

func TestPages_assets(t *testing.T) {
	t.Parallel()
	v := visiting(t, func(o *mockserver.Options) { o.NoControl = true })
	for name, kind := range map[string]string{
		"pages.css": "text/css; charset=utf-8", "base.js": "text/javascript; charset=utf-8",
		"icon.svg": "image/svg+xml",
	} {
		w := visit(v.server, http.MethodGet, "/-/desk/assets/"+name, "*/*")
		assert.Equal(t, w.Code, http.StatusOK)
		assert.Equal(t, w.Header().Get("Content-Type"), kind)
		assert.Equal(t, w.Header().Get("X-Content-Type-Options"), "nosniff")
	}
	for _, name := range []string{"", "../pages.go", "nothing.js"} {
		assert.Equal(t, visit(v.server, http.MethodGet, "/-/desk/assets/"+name, "*/*").Code, http.StatusNotFound)
	}
}

// Pages are there only with the control surface: they show and do as much.
func TestPages_goWithTheControlSurface(t *testing.T) {
	t.Parallel()
	v := visiting(t, func(o *mockserver.Options) { o.NoControl = true })
	v.open(settingsPage, http.StatusNotFound)
	assert.Check(t, !strings.Contains(v.open("/", http.StatusOK), "Signed in as"))
	assert.Equal(t, v.call("GET", "/api/v4/user", "").Code, http.StatusUnauthorized)
	closed := visiting(t, func(o *mockserver.Options) {
		o.NoControl, o.NoControlReason = true, "start it with a token"
	})
	assert.Check(t, is.Contains(closed.open(settingsPage, http.StatusForbidden), "start it with a token"))
}

// Where the control surface has an address of its own, the pages are there, and nothing of them at that of the API.
func TestPages_controlSurfaceApart(t *testing.T) {
	t.Parallel()
	v := visiting(t, func(o *mockserver.Options) { o.ControlApart, o.BaseURL = true, "http://127.0.0.1:9000" })
	v.open(settingsPage, http.StatusNotFound)
	v.handler = v.server.Control()
	assert.Check(t, is.Contains(v.open("/", http.StatusOK), "Signed in as"))
	v.open(settingsPage, http.StatusOK)
	assert.Equal(t, v.call("GET", "/api/v4/user", "").Code, http.StatusOK)
	assert.Equal(t, v.call("GET", "/-/mock/clock", "").Code, http.StatusOK)
	assert.Check(t, is.Contains(v.open(mergeRequestPage, http.StatusOK), "http://127.0.0.1:9000/api/v4/projects/6"))
	token := v.token
	v.token = ""
	assert.Equal(t, v.call("GET", "/api/v4/user", "").Code, http.StatusNotFound)
	v.token, v.handler = token, v.server
	assert.Equal(t, v.call("GET", "/api/v4/user", "").Code, http.StatusUnauthorized)
}

// What looks like a page in a path of the API is none.
func TestPages_leaveTheAPIAlone(t *testing.T) {
	t.Parallel()
	v := visiting(t)
	for _, path := range []string{
		"/api/v4/projects/6/repository/files/a%2F-%2Fsettings%2Fmerge_requests?ref=main",
		"/api/v4/x/-/merge_requests/4", "/flightjs/Flight/-/merge_requests/4?go-get=1",
		"/flightjs/-/settings/repository",
	} {
		w := visit(v.server, http.MethodGet, path, browserAccept)
		assert.Check(t, !strings.Contains(w.Body.String(), "Signed in as"), path)
	}
}

func TestPages_signedInAs(t *testing.T) {
	t.Parallel()
	v := visiting(t)
	who := func() string {
		w := v.call("GET", "/api/v4/user", "")
		var user struct{ Username string }
		assert.NilError(t, json.Unmarshal(w.Body.Bytes(), &user))
		return user.Username
	}
	v.open("/", http.StatusOK)
	assert.Equal(t, who(), "maintainer")
	v.as("developer")
	cookie := v.cookies[0]
	assert.Equal(t, cookie.SameSite, http.SameSiteStrictMode)
	assert.Check(t, cookie.HttpOnly)
	assert.Equal(t, who(), "developer")
	entries := v.server.Journal(journal.Filter{}).Entries
	assert.Equal(t, entries[len(entries)-1].User, "developer")
	w := v.call("POST", "/api/graphql", `{"query": "{currentUser {username}}"}`)
	assert.Check(t, is.Contains(w.Body.String(), `"developer"`))
	v.open(settingsPage, http.StatusNotFound)
}

// A page that one process has served works with another one, if both have the same store; else it does not.
func TestPages_ofAnotherProcess(t *testing.T) {
	t.Parallel()
	all := share(t, 2)
	v := &visitor{t: t, server: all.list[0].server, handler: all.list[0].server, origin: "http://127.0.0.1:8929"}
	v.as("developer")
	v.handler = all.list[1].server
	assert.Equal(t, v.call("GET", "/api/v4/user", "").Code, http.StatusOK)
	v.handler = visiting(t).handler
	assert.Equal(t, v.call("GET", "/api/v4/user", "").Code, http.StatusUnauthorized)
}

// A cookie opens nothing without the token of the page, and neither does the token in a request of another origin.
func TestPages_tokens(t *testing.T) {
	t.Parallel()
	v := visiting(t).as("owner")
	ask := func(change func(*http.Request)) int {
		r := httptest.NewRequest(http.MethodGet, v.origin+"/api/v4/user", nil)
		r.Header.Set("X-Csrf-Token", v.token)
		change(r)
		return v.send(r).Code
	}
	assert.Equal(t, ask(func(*http.Request) {}), http.StatusOK)
	for name, change := range map[string]func(*http.Request){
		"no token":       func(r *http.Request) { r.Header.Del("X-Csrf-Token") },
		"another token":  func(r *http.Request) { r.Header.Set("X-Csrf-Token", v.token+"x") },
		"another origin": func(r *http.Request) { r.Header.Set("Origin", "http://127.0.0.1:3000") },
		"another site":   func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"another name":   func(r *http.Request) { r.Host = "evil.example:8929" },
		"no key":         func(r *http.Request) { r.Header.Set("X-Csrf-Token", "owner") },
	} {
		assert.Check(t, is.Equal(ask(change), http.StatusUnauthorized), name)
	}
	own := v.cookies
	v.cookies = []*http.Cookie{{Name: own[0].Name, Value: "1"}}
	assert.Equal(t, ask(func(*http.Request) {}), http.StatusUnauthorized, "the token is one of somebody else")
	v.cookies = own
	for _, path := range []string{"/-/desk/session", settingsPage} {
		r := httptest.NewRequest(http.MethodPost, v.origin+path, strings.NewReader("person=1&authenticity_token=x"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := v.send(r)
		assert.Equal(t, w.Code, http.StatusUnprocessableEntity, path)
		assert.Equal(t, len(w.Result().Cookies()), 0)
	}
}

func TestPages_areGuarded(t *testing.T) {
	t.Parallel()
	v := visiting(t)
	for name, value := range map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"} {
		r := httptest.NewRequest(http.MethodGet, v.origin+settingsPage, nil)
		r.Header.Set(name, value)
		w := v.send(r)
		assert.Equal(t, w.Code, http.StatusForbidden)
		assert.Check(t, !strings.Contains(w.Body.String(), "csrf-token\" content=\"A"))
		assert.Check(t, !strings.Contains(w.Body.String(), "Compliance"))
	}
}

func TestPages_backLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	v := visiting(t)
	v.open("/", http.StatusOK)
	for _, back := range []string{
		"https://evil.example/", "//evil.example", `/\evil.example`, "", "evil", "/x\r\nY: z",
		"/\t/evil.example", "/\x00/evil.example", "/\x7f",
	} {
		w := v.submit("/-/desk/session", url.Values{"person": {"3"}, "back": {back}}, http.StatusSeeOther)
		assert.Check(t, is.Equal(w.Header().Get("Location"), "/"), back)
	}
}

func TestPages_controlToken(t *testing.T) {
	t.Parallel()
	v := visiting(t, func(o *mockserver.Options) { o.ControlToken = "sesame" })
	v.open("/", http.StatusOK)
	page := v.open(settingsPage, http.StatusUnauthorized)
	assert.Check(t, !strings.Contains(page, "Compliance") && !strings.Contains(page, "sesame"))
	v.submit("/-/desk/session", url.Values{"person": {"1"}}, http.StatusUnauthorized)
	wrong := v.submit("/-/desk/entry", url.Values{"control_token": {"wrong"}}, http.StatusUnauthorized)
	assert.Check(t, is.Contains(wrong.Body.String(), "This is not the control token."))
	right := v.submit("/-/desk/entry", url.Values{"control_token": {"sesame"}, "back": {settingsPage}},
		http.StatusSeeOther)
	assert.Equal(t, right.Header().Get("Location"), settingsPage)
	assert.Check(t, !strings.Contains(right.Header().Get("Set-Cookie"), "sesame"))
	assert.Check(t, is.Contains(v.open(settingsPage, http.StatusOK), "Compliance Tool"))
	assert.Equal(t, v.call("GET", "/-/mock/clock", "").Code, http.StatusOK)
	v.token = "x"
	assert.Equal(t, v.call("GET", "/-/mock/clock", "").Code, http.StatusUnauthorized)
}

var linkOnPage = regexp.MustCompile(`(?:href|src|action)="(/[^"]*)"`)

// Whatever the pages link to opens for those who gave the control token, which a browser that follows a link does not
// send. Calls of scripts are elsewhere, as data-call and the like.
func TestPages_linksOpenWithoutTheControlToken(t *testing.T) {
	t.Parallel()
	v := visiting(t, func(o *mockserver.Options) { o.ControlToken = "sesame" })
	v.submit("/-/desk/entry", url.Values{"control_token": {"sesame"}, "back": {"/"}}, http.StatusSeeOther)
	pushed, err := v.server.Trigger(t.Context(), control.Trigger{Event: control.EventPush})
	assert.NilError(t, err)
	assert.Assert(t, len(pushed.Deliveries) > 0)
	seen := map[string]bool{}
	for open := []string{"/"}; len(open) > 0; open = open[1:] {
		path := html.UnescapeString(open[0])
		if seen[path] {
			continue
		}
		seen[path] = true
		if strings.HasPrefix(path, "/-/desk/session") || strings.HasPrefix(path, "/-/desk/entry") {
			continue // forms
		}
		assert.Check(t, !strings.HasPrefix(path, "/-/mock/"), "the pages link to %s, which wants the token", path)
		for _, link := range linkOnPage.FindAllStringSubmatch(v.open(path, http.StatusOK), -1) {
			open = append(open, link[1])
		}
	}
	for _, path := range []string{"/-/desk/journal.har", "/-/desk/journal", "/-/desk/assets/desk.js", settingsPage} {
		assert.Check(t, seen[path], "no page links to %s", path)
	}
	assert.Check(t, len(seen) > 15, len(seen))
	assert.Check(t, is.Contains(v.open("/-/desk/journal.har", http.StatusOK), `{"log":{"version":"1.2"`))
	v.cookies = nil
	v.open("/-/desk/journal.har", http.StatusUnauthorized)
}

// countedBody counts what is read of a body.
type countedBody struct {
	io.Reader
	read int
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	b.read += n
	return n, err
}

// Whoever has not given the control token cannot make the server keep a long form.
func TestPages_readLittleOfStrangers(t *testing.T) {
	t.Parallel()
	form := "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n" + strings.Repeat("x", 1<<20)
	for path, most := range map[string]int{"/-/desk/entry": 128 << 10, "/-/desk/session": 0, settingsPage: 0} {
		v := visiting(t, func(o *mockserver.Options) { o.ControlToken = "sesame" })
		body := &countedBody{Reader: strings.NewReader(form)}
		r := httptest.NewRequest(http.MethodPost, v.origin+path, body)
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		w := v.send(r)
		assert.Equal(t, w.Code, http.StatusUnauthorized, path)
		assert.Check(t, body.read <= most, "%s: %d bytes were read", path, body.read)
		assert.Check(t, is.Contains(w.Body.String(), `name="back" value="/"`), path)
		assert.Check(t, r.MultipartForm == nil, path)
	}
}

// The page to go back to outlives a wrong control token.
func TestPages_entryKeepsThePage(t *testing.T) {
	t.Parallel()
	v := visiting(t, func(o *mockserver.Options) { o.ControlToken = "sesame" })
	for back, kept := range map[string]string{settingsPage: settingsPage, "/\t/evil.example": "/"} {
		w := v.submit("/-/desk/entry", url.Values{"control_token": {"wrong"}, "back": {back}},
			http.StatusUnauthorized)
		assert.Check(t, is.Contains(w.Body.String(), `name="back" value="`+kept+`"`))
	}
}

func TestPages_ofWorlds(t *testing.T) {
	t.Parallel()
	v := visiting(t)
	_, err := v.server.AddWorld("w", mockserver.WorldOptions{})
	assert.NilError(t, err)
	v.as("maintainer")
	root := v.token
	page := v.open("/worlds/w"+settingsPage, http.StatusOK)
	assert.Check(t, is.Contains(page, `/worlds/w/-/desk/assets/pages.css`))
	assert.Check(t, v.token != root, "a token of one world opens another")
	assert.Equal(t, v.call("GET", "/worlds/w/api/v4/user", "").Code, http.StatusOK)
	v.token = root
	assert.Equal(t, v.call("GET", "/worlds/w/api/v4/user", "").Code, http.StatusUnauthorized)
}

func TestPages_settings(t *testing.T) {
	t.Parallel()
	v := visiting(t)
	page := v.open(settingsPage, http.StatusOK)
	for _, text := range []string{
		"Merge checks", "These checks must pass before merge requests can be merged.", "Status checks must succeed",
		"Merge requests can&#39;t be merged if the status checks did not succeed or are still running.",
		"Check for a status response in merge requests.", "Add status check", "Compliance Tool",
		"https://checks.example/compliance-tool", "<code>main</code>", "All branches", `aria-label="Shared secret"`,
		`data-create="/api/v4/projects/{id}/external_status_checks"`,
	} {
		assert.Check(t, strings.Contains(page, text) ||
			strings.Contains(page, strings.ReplaceAll(text, "&#39;", "'")), "the page lacks %q", text)
	}
	assert.Check(t, !strings.Contains(page, "shared_secret\""), "a secret is shown")
	v.open("/flightjs/Nothing/-/settings/merge_requests", http.StatusNotFound)
}

func TestPages_requireStatusChecks(t *testing.T) {
	t.Parallel()
	v := visiting(t)
	const name = "project[only_allow_merge_if_all_status_checks_passed]"
	required := func() bool { return v.server.State().Projects[0].RequirePassingStatusChecks }
	v.open(settingsPage, http.StatusOK)
	v.submit(settingsPage, url.Values{name: {"1"}, "back": {settingsPage}}, http.StatusSeeOther)
	assert.Check(t, required())
	assert.Check(t, is.Contains(v.open(settingsPage, http.StatusOK), `value="1" checked`))
	v.submit(settingsPage, url.Values{"back": {settingsPage}}, http.StatusSeeOther)
	assert.Check(t, !required())
	v.as("developer")
	v.submit(settingsPage, url.Values{name: {"1"}}, http.StatusForbidden)
	assert.Check(t, !required())
}

// What a release had not is not shown.
func TestPages_settingsOfReleases(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		version       release.Version
		gate, secrets bool
	}{{release.Of(15, 0), false, false}, {release.Of(16, 0), true, false}, {release.Reference, true, true}} {
		v := visiting(t, func(o *mockserver.Options) { o.Version = test.version })
		page := v.open(settingsPage, http.StatusOK)
		assert.Check(t, is.Equal(strings.Contains(page, "Status checks must succeed"), test.gate),
			test.version.String())
		assert.Check(t, is.Equal(strings.Contains(page, "HMAC"), test.secrets), test.version.String())
	}
	v := visiting(t)
	assert.NilError(t, v.server.SetLicence(v.server.Licence()))
	licence := v.server.Licence()
	licence.Licensed = false
	assert.NilError(t, v.server.SetLicence(licence))
	assert.Check(t, !strings.Contains(v.open(settingsPage, http.StatusOK), "Add status check"))
}
