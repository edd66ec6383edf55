package mockserver_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/control"
)

// arriving is a request that came to an address of this machine.
func arriving(method, url, address string) *http.Request {
	r := httptest.NewRequest(method, url, nil)
	if address == "" {
		return r
	}
	at, _ := net.ResolveTCPAddr("tcp", address) // a number, so nothing is looked up
	return r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, net.Addr(at)))
}

// What is not the API is not for pages of others: they neither reach it nor read it.
func TestGuard_pages(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		header, value string
		status        int
	}{
		"a program":                       {"Accept", "*/*", 200},
		"a page of another origin":        {"Origin", "http://evil.example", 403},
		"a page from another port":        {"Origin", "http://localhost:3000", 403},
		"a page of another scheme":        {"Origin", "https://localhost:8929", 403},
		"a page of no origin":             {"Origin", "null", 403},
		"a page of its own":               {"Origin", "http://localhost:8929", 200},
		"a page of the external URL":      {"Origin", "https://gitlab.example", 200},
		"something that a page embeds":    {"Sec-Fetch-Site", "cross-site", 403},
		"something that its page embeds":  {"Sec-Fetch-Site", "same-origin", 200},
		"what somebody types":             {"Sec-Fetch-Site", "none", 200},
		"a page that hides what it shows": {"Origin", "HTTP://LOCALHOST:8929", 200},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newUnjudged(t, func(o *mockserver.Options) { o.BaseURL = "https://gitlab.example/" })
			for _, path := range []string{"/-/mock/clock", "/-/mock/state", "/-/health", "/-/readiness"} {
				r := arriving(http.MethodGet, "http://localhost:8929"+path, "127.0.0.1:8929")
				r.Header.Set(test.header, test.value)
				got := h.send(r).want(test.status)
				for name := range got.header {
					assert.Assert(t, len(name) < 14 || name[:14] != "Access-Control", "%s: %s", path, name)
				}
			}
			question := arriving(http.MethodOptions, "http://localhost:8929/-/mock/clock", "127.0.0.1:8929")
			question.Header.Set(test.header, test.value)
			question.Header.Set("Access-Control-Request-Method", "PUT")
			got := h.send(question)
			assert.Assert(t, got.status >= 400, got.status)
			assert.Equal(t, got.header.Get("Access-Control-Allow-Headers"), "")
			h.clockStands()
		})
	}
}

// clockStands holds that the clock is as it was at the beginning.
func (h *harness) clockStands() {
	h.t.Helper()
	assert.Equal(h.t, h.server.Clock().Mode, control.RealClock)
}

// A page whose name somebody makes stand for the loopback address is of the same origin as the mock, by the browser's
// lights.
func TestGuard_names(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		at, host string
		status   int
	}{
		"the address":                  {"127.0.0.1:8929", "127.0.0.1:8929", 200},
		"another loopback address":     {"127.0.0.1:8929", "127.1.2.3", 200},
		"the newer address":            {"[::1]:8929", "[::1]:8929", 200},
		"the newer address, no port":   {"[::1]:80", "[::1]", 200},
		"localhost":                    {"127.0.0.1:8929", "LocalHost.:8929", 200},
		"a name below localhost":       {"127.0.0.1:8929", "mock.localhost:8929", 200},
		"the name listened at":         {"127.0.0.1:8929", "Mock.test:8929", 200},
		"that of the external URL":     {"127.0.0.1:8929", "gitlab.example", 200},
		"another name":                 {"127.0.0.1:8929", "evil.example:8929", 403},
		"a name that looks like it":    {"127.0.0.1:8929", "localhost.evil.example", 403},
		"a number that is no loopback": {"127.0.0.1:8929", "192.0.2.1", 403},
		"no name":                      {"127.0.0.1:8929", "", 403},
		// where it is the token that guards
		"another name at another address":  {"192.0.2.7:8929", "evil.example", 200},
		"another name at no address known": {"", "evil.example", 200},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newUnjudged(t, func(o *mockserver.Options) {
				o.BaseURL, o.Hosts = "https://gitlab.example:8443",
					[]string{"mock.test"}
			})
			for path, status := range map[string]int{
				"/-/mock/clock": test.status, "/-/health": test.status,
				"/api/v4/version": 401,
			} {
				r := arriving(http.MethodGet, "http://localhost"+path, test.at)
				r.Host = test.host
				h.send(r).want(status)
			}
		})
	}
}

// The API is as GitLab's: pages of every origin may read it, under any name.
func TestGuard_leavesTheAPIOpen(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	r := arriving(http.MethodGet, "http://evil.example/api/v4/version", "127.0.0.1:8929")
	r.Header.Set("Origin", "http://evil.example")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r.Header.Set("Private-Token", "glpat-guest")
	assert.Equal(t, h.send(r).want(200).header.Get("Access-Control-Allow-Origin"), "*")
}
