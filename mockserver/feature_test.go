package mockserver_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// flagged is the effect of a feature flag in a release that has it.
type flagged struct {
	flag, version string
	probe         func(*harness) string
	off, on       string
}

var flaggedCases = []flagged{
	{gitlab.FlagStatusChecks, "14.0", func(h *harness) string {
		return codeOf("maintainer", "GET", checksPath, nil)(h) + codeOf("developer", "GET", statusesPath, nil)(h) +
			codeOf("developer", "POST", respondPath, response14())(h)
	}, "401401401", "200200201"},
	{gitlab.FlagStatusField, "14.9", func(h *harness) string {
		failed := codeOf("developer", "POST", respondPath, response14("status", "failed"))(h)
		return failed + " " + h.do("developer", "GET", statusesPath, nil).want(200).text("0.status")
	}, "201 approved", "201 failed"},
	{
		gitlab.FlagStatusField, "14.10", shows("developer", "POST", respondPath, response14("status", "pass", "sha",
			"0")),
		"409 " + staleSHA, `400 {"error":"status does not have a valid value"}`,
	},
	{gitlab.FlagStatusField, "14.10", func(h *harness) string {
		given := codeOf("developer", "POST", respondPath, response14())(h)
		return given + " " + h.do("developer", "GET", statusesPath, nil).want(200).text("0.status")
	}, "201 approved", "201 passed"},
	{gitlab.FlagMergeGate, "15.5", func(h *harness) string {
		h.do("maintainer", "PUT", "/projects/6", map[string]any{
			"only_allow_merge_if_all_status_checks_passed": true,
			"description": "x",
		}).want(200)
		shown := hasKeys("maintainer", "/projects/6", "", "only_allow_merge_if_all_status_checks_passed")(h)
		return shown + " " + codeOf("maintainer", "PUT", mergeRequestPath+"/merge", nil)(h)
	}, " 200", "only_allow_merge_if_all_status_checks_passed 405"},
	{gitlab.FlagPendingResponses, "16.7", rowsOf, "0", "2"},
	{gitlab.FlagTimeout, "16.7", func(h *harness) string {
		h.do("developer", "POST", respondPath, responseBody(1, headSHA, "pending")).want(201)
		h.clock.advance(2*time.Minute + time.Second)
		return h.do("developer", "GET", statusesPath, nil).want(200).text("0.status")
	}, "pending", "failed"},
}

const staleSHA = `{"message":"SHA does not match HEAD of source branch: ` + headSHA + `"}`

func TestFeatures(t *testing.T) {
	t.Parallel()
	for i, tc := range flaggedCases {
		for on, want := range map[bool]string{false: tc.off, true: tc.on} {
			t.Run(fmt.Sprintf("%d/%s/%s/%t", i, tc.flag, tc.version, on), func(t *testing.T) {
				t.Parallel()
				options := func(o *mockserver.Options) { o.Version = parseVersion(t, tc.version) }
				started := newHarness(t, options, func(o *mockserver.Options) {
					o.Features = map[string]bool{tc.flag: on}
				})
				assert.Equal(t, tc.probe(started), want)

				switched := newHarness(t, options)
				switched.raw("PUT", "/-/mock/features", fmt.Sprintf(`{"name":%q,"enabled":%t}`, tc.flag, on)).want(200)
				assert.Equal(t, tc.probe(switched), want, "switched by the control surface")
			})
		}
	}
}

// TestFeatures_asShipped checks that a release has the defaults of its flags, and that reset restores the flags with
// which the server was started.
func TestFeatures_asShipped(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(o *mockserver.Options) { o.Version = parseVersion(t, "16.6") })
	enabled := func() string {
		r := h.raw("GET", "/-/mock/features", "").want(200)
		return strings.Join(r.column("enabled"), " ") + " / " + strings.Join(r.column("switchable"), " ")
	}
	const shipped = "true true true true true / false false false true true"
	assert.Equal(t, enabled(), shipped)
	h.raw("PUT", "/-/mock/features", `{"name":"timeout_status_check_responses","enabled":false}`).want(200)
	assert.Equal(t, enabled(), "true true true true false / false false false true true")
	h.raw("POST", "/-/mock/reset", "").want(204)
	assert.Equal(t, enabled(), shipped)

	old := newHarness(t, func(o *mockserver.Options) { o.Version = parseVersion(t, "14.0") })
	assert.DeepEqual(t, old.raw("GET", "/-/mock/features", "").want(200).column("enabled"),
		strings.Fields("false false false false false"))
}

// TestFeatures_sayWhatIsOff holds that a refusal for the flag of 14.0 is not taken for one for the licence.
func TestFeatures_sayWhatIsOff(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(o *mockserver.Options) { o.Version = parseVersion(t, "14.0") })
	reason := h.do("owner", "GET", checksPath, "").want(401).header.Get("X-Mock-Reason")
	assert.Equal(t, reason, "the feature flag ff_external_status_checks is off, as GitLab 14.0 has it by default; "+
		"--feature and the control surface switch it on")
	h.raw("PUT", "/-/mock/features", `{"name":"ff_external_status_checks","enabled":true}`).want(200)
	h.do("owner", "GET", checksPath, "").want(200)
}

func TestFeatures_refusals(t *testing.T) {
	t.Parallel()
	const all = "ff_external_status_checks, status_checks_add_status_field, " +
		"only_allow_merge_if_all_status_checks_passed, pending_status_check_responses, timeout_status_check_responses"
	for _, tc := range []struct{ version, name, want string }{
		{"16.6", "timeout_status_checks_responses", `there is no feature flag "timeout_status_checks_responses" ` +
			`(did you mean timeout_status_check_responses?); GitLab 16.6 has pending_status_check_responses and ` +
			`timeout_status_check_responses`},
		{"18.9", "nonsense", `there is no feature flag "nonsense": there were ` + all +
			`; GitLab 18.9 has none of them`},
		{"16.5", "timeout_status_check_responses", "GitLab 16.5 has no feature flag timeout_status_check_responses: " +
			"it came with 16.6 and was removed in 16.8"},
		{"16.8", "timeout_status_check_responses", "GitLab 16.8 has no feature flag timeout_status_check_responses: " +
			"it came with 16.6 and was removed in 16.8"},
		{"14.1", "ff_external_status_checks", "GitLab 14.1 has no feature flag ff_external_status_checks: it came " +
			"with 13.12 and was removed in 14.1"},
	} {
		version := parseVersion(t, tc.version)
		_, err := mockserver.New(mockserver.Options{Version: version, Features: map[string]bool{tc.name: true}})
		assert.Error(t, err, tc.want)
		h := newHarness(t, func(o *mockserver.Options) { o.Version = version })
		got := h.raw("PUT", "/-/mock/features", fmt.Sprintf(`{"name":%q,"enabled":true}`, tc.name)).want(400)
		assert.Equal(t, got.text("error"), tc.want)
	}
	h := newHarness(t)
	h.raw("PUT", "/-/mock/features", `{"name":"x"}`).want(400)
	h.raw("PUT", "/-/mock/features", `{"name":"x","enabled":"on"}`).want(400)
}

func TestNew_refusesUnknownReleases(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{
		"13.12": "the contract covers GitLab 14.0 to 19.4, and 13.12 is older: the nearest is 14.0",
		"15.12": "the contract covers GitLab 14.0 to 19.4, and there was no 15.12: the nearest are 15.11 and 16.0",
	} {
		_, err := mockserver.New(mockserver.Options{Version: parseVersion(t, version)})
		assert.Error(t, err, want)
	}
}

// TestChanges checks that a single change can be switched on and off in any release.
func TestChanges(t *testing.T) {
	t.Parallel()
	polled := func(h *harness) string {
		return h.do("developer", "GET", statusesPath, nil).want(200).header.Get("Poll-Interval")
	}
	change := func(version, name string, on bool) func(*mockserver.Options) {
		return func(o *mockserver.Options) {
			o.Version, o.Changes = parseVersion(t, version), map[string]bool{name: on}
		}
	}
	assert.Equal(t, polled(newHarness(t, change("15.9", "poll-interval", true))), "10000")
	for _, b := range ruleBoundaries {
		if b.change == "reporters-read-statuses" {
			assert.Equal(t, b.probe(newHarness(t, change("18.9", b.change, false))), b.before)
			assert.Equal(t, b.probe(newHarness(t, change("16.0", b.change, true))), b.after)
		}
	}
	_, err := mockserver.New(mockserver.Options{Changes: map[string]bool{"pol-interval": true}})
	assert.Error(t, err, `there is no change "pol-interval" in the history (did you mean poll-interval?); `+
		`docs/reference/versions.md lists them`)
}
