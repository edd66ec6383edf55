package mockserver_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// limited switches rate limits on.
func limited(texts ...string) func(*mockserver.Options) {
	return func(o *mockserver.Options) {
		limits, err := mockserver.ParseRateLimits(texts)
		if err != nil {
			panic(err)
		}
		o.RateLimits = limits
	}
}

// The headers and the body of a refusal are GitLab's, and go on until the window ends.
func TestRateLimits_user(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t, limited("throttle_authenticated_api=2/1m"))
	h.clock.advance(50 * time.Second)
	for _, left := range []string{"1", "0"} {
		r := h.do("owner", "GET", "/version", nil).want(200)
		assert.Equal(t, r.header.Get("Ratelimit-Remaining"), left)
		assert.Equal(t, r.header.Get("Retry-After"), "")
	}
	r := h.do("owner", "GET", "/version", nil).wantBody(429, "Retry later\n")
	for name, want := range map[string]string{
		"Content-Type": "text/plain", "Ratelimit-Name": "throttle_authenticated_api", "Ratelimit-Limit": "2",
		"Ratelimit-Observed": "3", "Ratelimit-Remaining": "0", "Ratelimit-Reset": "1770112860", "Retry-After": "10",
		"Ratelimit-Resettime": "Tue, 03 Feb 2026 10:01:00 GMT", "Cache-Control": "no-cache", "Vary": "Origin",
		"X-Frame-Options": "",
	} {
		assert.Equal(t, r.header.Get(name), want, name)
	}
	assert.Assert(t, strings.HasPrefix(r.header.Get("X-Mock-Reason"), "rate limits: "))
	h.do("guest", "GET", "/version", nil).want(200)
	h.do("", "GET", "/version", nil).want(401)
	h.clock.advance(10 * time.Second)
	h.do("owner", "GET", "/version", nil).want(200)
}

// Requests count for an address unless their token is valid; a password counts for its token, though it opens nothing.
func TestRateLimits_address(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t, limited("throttle_unauthenticated_api=3/1h", "throttle_authenticated_api=1/1h"))
	h.do("", "GET", "/version", nil).want(401)
	h.do("glpat-unknown", "GET", "/version", nil).want(401)
	h.do("", "GET", "/nothing?private_token=glpat-owner", nil).want(404)
	h.do("owner", "GET", "/version", nil).want(429)
	r := h.request("", "GET", "/version", nil)
	r.SetBasicAuth("guest", "glpat-guest")
	assert.Equal(t, h.send(r).want(401).header.Get("Ratelimit-Name"), "throttle_authenticated_api")
	h.do("", "OPTIONS", "/version", nil).want(401)
	h.do("", "GET", "/version", nil).want(429)
	h.do("", "GET", "/version?x=%00", nil).want(400)
	head := h.do("", "HEAD", "/version", nil).want(429)
	assert.Equal(t, len(head.body), 0)
	other := h.request("", "GET", "/version", nil)
	other.RemoteAddr = "198.51.100.7:99"
	h.send(other).want(401)
}

func TestRateLimits_application(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t, limited("project_api=1/1m", "projects_api=2/1m",
		"projects_api_rate_limit_unauthenticated=1/1m"))
	h.do("owner", "GET", "/projects/6", nil).want(200)
	r := h.do("owner", "GET", "/projects/6", nil).wantBody(429,
		`{"message":{"error":"This endpoint has been requested too many times. Try again later."}}`)
	assert.Equal(t, r.header.Get("Retry-After"), "60")
	assert.Equal(t, r.header.Get("Ratelimit-Limit"), "")
	h.do("guest", "GET", "/projects/6", nil).want(200)
	h.do("owner", "GET", "/projects/6/external_status_checks", nil).want(200)
	h.do("owner", "GET", "/projects", nil).want(200)
	h.do("owner", "GET", "/projects", nil).want(200)
	h.do("owner", "GET", "/projects", nil).want(429)
	h.do("", "GET", "/projects", nil).want(200)
	h.do("", "GET", "/projects", nil).want(429)
	h.clock.advance(time.Minute)
	h.do("owner", "GET", "/projects/6", nil).want(200)
}

// Limits come from options, from a seed and by call, and a reset puts the first ones back.
func TestRateLimits_set(t *testing.T) {
	t.Parallel()
	world := seed.Default()
	world.Settings.RateLimits = []string{"gitlab.com", "throttle_authenticated_api=9/5s"}
	h := newUnjudged(t, limited("project_api=1/1m"))
	one := control.RateLimit{Name: "project_api", Requests: 1, Period: control.Duration{Duration: time.Minute}}
	assert.DeepEqual(t, h.server.RateLimits().Limits, []control.RateLimit{one})
	h.do("owner", "GET", "/projects/6", nil).want(200)
	assert.NilError(t, h.server.SetRateLimits(nil))
	h.do("owner", "GET", "/projects/6", nil).want(200)
	assert.NilError(t, h.server.Reset())
	assert.DeepEqual(t, h.server.RateLimits(), control.RateLimits{
		Limits: []control.RateLimit{one}, Windows: []control.RateWindow{},
	})
	assert.NilError(t, h.server.Seed(world))
	limits := h.server.RateLimits().Limits
	assert.Equal(t, len(limits), 11)
	assert.Equal(t, limits[0].Requests, 9)
	assert.Equal(t, limits[1].Requests, 500)
	one.Name = "project_apis"
	assert.ErrorContains(t, h.server.SetRateLimits([]control.RateLimit{one}), "did you mean project_api?")
	one = control.RateLimit{Name: "project_api", Requests: 1, Period: control.Duration{Duration: time.Millisecond}}
	assert.ErrorContains(t, h.server.SetRateLimits([]control.RateLimit{one}), "project_api: the period")
	assert.Equal(t, len(h.server.RateLimits().Limits), 11)
	world.Settings.RateLimits = []string{"project_api=1"}
	assert.ErrorContains(t, h.server.Seed(world), "settings.rate_limits[0]: ")
	_, err := mockserver.New(mockserver.Options{RateLimits: []control.RateLimit{one}})
	assert.ErrorContains(t, err, "project_api")
	got := h.raw(http.MethodPut, "/-/mock/rate_limits",
		`{"limits":[{"name":"project_api","requests":0,"period":"1m"}]}`)
	assert.Equal(t, got.status, 400)
}

// Who waits for as long as Retry-After says gets through, also if the second was not whole.
func TestRateLimits_waitedEnough(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t, limited("throttle_authenticated_api=1/1m"))
	h.clock.advance(50*time.Second + 500*time.Millisecond)
	h.do("owner", "GET", "/version", nil).want(200)
	after, err := strconv.Atoi(h.do("owner", "GET", "/version", nil).want(429).header.Get("Retry-After"))
	assert.NilError(t, err)
	assert.Equal(t, after, 10)
	h.clock.advance(time.Duration(after) * time.Second)
	h.do("owner", "GET", "/version", nil).want(200)
}

// The same project is the same by its id and its path, and a group of the same id is another thing.
func TestRateLimits_membersOfOne(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t, limited("members_delete=1/1m"))
	var group gitlab.NamespaceID
	h.view(func(tx *gitlab.Tx) {
		p, _ := tx.Project(6)
		group = p.NamespaceID
	})
	inGroup := fmt.Sprintf("/groups/%d/members/9999", group)
	h.do("owner", "DELETE", "/projects/6/members/9999", nil).want(404)
	h.do("owner", "DELETE", "/projects/flightjs%2FFlight/members/9999", nil).want(429)
	h.do("owner", "DELETE", inGroup, nil).want(404)
	h.do("owner", "DELETE", "/groups/flightjs/members/9999", nil).want(429)
}
