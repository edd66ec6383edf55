package mockserver_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// become makes a running world one of another release.
func (h *harness) become(version string) {
	h.t.Helper()
	r := h.raw("PUT", "/-/mock/release", fmt.Sprintf(`{"version":%q}`, version)).want(200)
	assert.Equal(h.t, r.text("version"), version)
}

// TestRelease_set holds that a world that became another release is as one that began as it.
func TestRelease_set(t *testing.T) {
	t.Parallel()
	for _, b := range []struct{ from, to, change string }{
		{"18.9", "16.0", "reads-diff-head"},
		{"18.9", "16.10", "statusless-create-refusal"},
		{"14.5", "19.4", "looks-up-before-ability"},
		{"19.4", "14.10", "loses-update-errors"},
		{"18.9", "18.1", "responds-by-service"},
		{"15.9", "15.10", "poll-interval"},
		{"16.4", "17.3", "shared-secrets"},
		{"18.9", "15.4", "version-is-metadata"},
	} {
		t.Run(b.change, func(t *testing.T) {
			t.Parallel()
			for _, known := range append(append([]boundary{}, answerBoundaries...), ruleBoundaries...) {
				if known.change != b.change {
					continue
				}
				arrange := known.arrange
				if arrange == nil {
					arrange = func(*mockserver.Options) {}
				}
				began := newHarness(t, arrange, func(o *mockserver.Options) { o.Version = parseVersion(t, b.to) })
				became := newUnjudged(t, arrange, func(o *mockserver.Options) { o.Version = parseVersion(t, b.from) })
				became.become(b.to)
				assert.Equal(t, known.probe(became), known.probe(began))
				assert.DeepEqual(t, became.raw("GET", "/-/mock/release", "").want(200).get("changes"),
					began.raw("GET", "/-/mock/release", "").want(200).get("changes"))
			}
		})
	}
}

// TestRelease_upgrade holds that what is stored stays, that endpoints come and go, and that reset goes back to how it
// began.
func TestRelease_upgrade(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t, func(o *mockserver.Options) { o.Version = parseVersion(t, "16.5") })
	h.do("developer", "POST", respondPath, responseBody(1, headSHA, "pending")).want(201)
	h.clock.advance(10 * time.Minute)
	status := func() string { return h.do("developer", "GET", statusesPath, nil).want(200).text("0.status") }
	assert.Equal(t, status(), "pending", "in 16.5 nothing times out")
	h.become("16.6")
	assert.Equal(t, status(), "failed", "what is too old times out after the upgrade")
	h.do("developer", "POST", retryPath(1), nil).want(202)
	h.become("15.6")
	h.do("developer", "POST", retryPath(1), nil).want(404)
	assert.Equal(t, h.do("guest", "GET", "/version", nil).want(200).text("version"), "15.6.0-ee")
	assert.Equal(t, h.raw("GET", "/-/mock/state", "").want(200).text("version"), "15.6")
	h.clock.advance(10 * time.Minute)
	h.do("developer", "GET", statusesPath, nil).want(200)
	assert.Equal(t, status(), "pending", "what was due does not happen in a release that does not know it")
	h.raw("POST", "/-/mock/reset", "").want(204)
	assert.Equal(t, h.raw("GET", "/-/mock/release", "").want(200).text("version"), "16.5")
	assert.Equal(t, h.do("guest", "GET", "/version", nil).want(200).text("version"), "16.5.0-ee")
}

func TestRelease_setWithFlags(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t)
	enabled := func() string {
		return strings.Join(h.raw("GET", "/-/mock/features", "").want(200).column("enabled"), " ")
	}
	h.raw("PUT", "/-/mock/release",
		`{"version":"v15.5.2-ee","features":{"only_allow_merge_if_all_status_checks_passed":true}}`).want(200)
	assert.Equal(t, enabled(), "true true true false false")
	h.become("15.5")
	assert.Equal(t, enabled(), "true true false false false", "flags are as they were shipped")
	h.raw("PUT", "/-/mock/features", `{"name":"only_allow_merge_if_all_status_checks_passed","enabled":true}`).want(200)
	h.become("15.6")
	assert.Equal(t, enabled(), "true true false false false", "what was switched before does not last")
	h.become("14.0")
	h.do("maintainer", "GET", checksPath, nil).want(401)
}

// TestFeatures_timeoutSwitchedLater holds that the switch counts when a response becomes too old, not when it is made.
func TestFeatures_timeoutSwitchedLater(t *testing.T) {
	t.Parallel()
	for _, on := range []bool{true, false} {
		h := newHarness(t, func(o *mockserver.Options) {
			o.Version, o.Features = parseVersion(t, "16.7"), map[string]bool{gitlab.FlagTimeout: !on}
		})
		h.do("developer", "POST", respondPath, responseBody(1, headSHA, "pending")).want(201)
		h.raw("PUT", "/-/mock/features", fmt.Sprintf(`{"name":%q,"enabled":%t}`, gitlab.FlagTimeout, on)).want(200)
		h.clock.advance(2*time.Minute + time.Second)
		assert.Equal(t, h.do("developer", "GET", statusesPath, nil).want(200).text("0.status"),
			map[bool]string{true: "failed", false: "pending"}[on])
	}
}

func TestRelease_refusals(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for body, want := range map[string]string{
		`{"version":"20.0"}`:  "the contract covers GitLab 14.0 to 19.4, and 20.0 is newer: the nearest is 19.4",
		`{"version":"13.12"}`: "the contract covers GitLab 14.0 to 19.4, and 13.12 is older: the nearest is 14.0",
		`{"version":"17.12"}`: "the contract covers GitLab 14.0 to 19.4, and there was no 17.12: the nearest are " +
			"17.11 and 18.0",
		`{"version":"newest"}`: `"newest" is not a GitLab version: write major and minor, such as 18.9`,
		`{"version":"16.8","features":{"timeout_status_check_responses":true}}`: "GitLab 16.8 has no feature flag " +
			"timeout_status_check_responses: it came with 16.6 and was removed in 16.8",
		`{"version":"16.6","features":{"timeout_status_check_response":true}}`: `there is no feature flag ` +
			`"timeout_status_check_response" (did you mean timeout_status_check_responses?); GitLab 16.6 has ` +
			`pending_status_check_responses and timeout_status_check_responses`,
	} {
		assert.Equal(t, h.raw(http.MethodPut, "/-/mock/release", body).want(400).text("error"), want)
	}
	h.raw(http.MethodPut, "/-/mock/release", `{"release":"16.4"}`).want(400)
	assert.Equal(t, h.raw(http.MethodGet, "/-/mock/release", "").want(200).text("version"), "18.9",
		"what is refused changes nothing")
}
