package mockserver_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"gotest.tools/v3/assert"
	is "gotest.tools/v3/assert/cmp"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/release"
)

const mergeRequestPage = "/flightjs/Flight/-/merge_requests/4"

// happen lets something happen to a merge request, a number of times.
func (v *visitor) happen(event control.Event, times int) {
	v.t.Helper()
	for range times {
		_, err := v.server.Trigger(context.Background(), control.Trigger{Event: event})
		assert.NilError(v.t, err)
	}
}

func has(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		assert.Check(t, strings.Contains(page, text), "the page lacks %q", text)
	}
}

func TestPages_mergeRequest(t *testing.T) {
	t.Parallel()
	v := visiting(t)
	page := v.open(mergeRequestPage, http.StatusOK)
	has(t, page, "Update README.md", `data-testid="info-status-checks"`, "Ready to merge!", "Status Check ID: 1",
		`data-list="/api/v4/projects/{id}/merge_requests/{merge_request_iid}/status_checks"`, "Push a commit",
		"&#39;http://127.0.0.1:8929/api/v4/projects/6/merge_requests/4/status_check_responses&#39;")
	v.open("/flightjs/Flight/-/merge_requests/5", http.StatusNotFound)
	v.open("/flightjs/Flight/-/merge_requests/x", http.StatusNotFound)
	v.as("guest")
	v.open(mergeRequestPage, http.StatusNotFound)
	v.as("reporter")
	assert.Check(t, is.Contains(v.open(mergeRequestPage, http.StatusOK), `data-retry=""`), "a Reporter may not retry")
}

// The box names what a release knows to name.
func TestPages_mergeRequestOfReleases(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		version release.Version
		listed  bool
	}{{release.Of(14, 5), false}, {release.Of(16, 4), false}, {release.Of(16, 5), true}, {release.Reference, true}} {
		v := visiting(t, func(o *mockserver.Options) { o.Version = test.version })
		page := v.open(mergeRequestPage, http.StatusOK)
		assert.Check(t, is.Equal(!strings.Contains(page, `data-graphql=""`), test.listed), test.version.String())
	}
}

func TestPages_branchRules(t *testing.T) {
	t.Parallel()
	const list = "/flightjs/Flight/-/settings/repository"
	for _, test := range []struct {
		version release.Version
		status  int
		adds    bool
	}{
		{release.Of(15, 5), 404, false},
		{release.Of(16, 0), 200, false},
		{release.Of(16, 11), 200, true},
		{release.Reference, 200, true},
	} {
		v := visiting(t, func(o *mockserver.Options) { o.Version = test.version })
		v.open(list, test.status)
		page := v.open(list+"/branch_rules?branch=main", test.status)
		assert.Check(t, is.Equal(strings.Contains(page, `data-testid="add-btn"`), test.adds), test.version.String())
		v.open(list+"/branch_rules?branch=other", http.StatusNotFound)
		v.as("developer")
		v.open(list, http.StatusNotFound)
	}
}

func TestPages_deliveries(t *testing.T) {
	t.Parallel()
	v := visiting(t)
	v.happen(control.EventUpdate, 60)
	count := func(path string) int {
		return strings.Count(v.open(path, http.StatusOK), `<tr data-testid="delivery">`)
	}
	assert.Equal(t, count("/-/desk/deliveries"), 50)
	has(t, v.open("/-/desk/deliveries", http.StatusOK), "1–50 of 120", "Page 1 of 3", `href="?page=2"`)
	assert.Equal(t, count("/-/desk/deliveries?page=3"), 20)
	assert.Equal(t, count("/-/desk/deliveries?page=99"), 20)
	assert.Equal(t, count("/-/desk/deliveries?check=1"), 50)
	assert.Equal(t, count("/-/desk/deliveries?text=compliance-tool&page=2"), 10)
	assert.Equal(t, count("/-/desk/deliveries?state=delivered"), 0)
	assert.Equal(t, count("/-/desk/deliveries?merge_request=5"), 0)
	assert.Equal(t, count("/-/desk/deliveries?project=6&merge_request=4"), 50)
}

// A page is as long for a thousand deliveries as for fifty.
func TestPages_manyDeliveries(t *testing.T) {
	t.Parallel()
	v := visiting(t)
	toggle := func(times int) {
		for range times {
			v.happen(control.EventClose, 1)
			v.happen(control.EventReopen, 1)
		}
	}
	toggle(13)
	few := len(v.open("/-/desk/deliveries", http.StatusOK))
	toggle(112)
	page := v.open("/-/desk/deliveries", http.StatusOK)
	has(t, page, "1–50 of 1000")
	many := len(page)
	assert.Check(t, many < few+few/20, "%d bytes grew to %d", few, many)
}

func TestPages_delivery(t *testing.T) {
	t.Parallel()
	v := visiting(t)
	v.happen(control.EventUpdate, 1)
	list := v.server.Deliveries()
	signed, plain := list[0], list[1]
	if signed.CheckID != 1 {
		signed, plain = plain, signed
	}
	page := v.open("/-/desk/deliveries/"+number(signed.ID), http.StatusOK)
	has(t, page, "X-Gitlab-Signature: "+signed.Signature, "It is made with the secret that the check has now.",
		"It was not tried yet.", "object_attributes", "curl -X POST &#39;https://checks.example/compliance-tool&#39;")
	assert.Check(t, !strings.Contains(page, ">shared_secret<"))
	has(t, v.open("/-/desk/deliveries/"+number(plain.ID), http.StatusOK), "the delivery is not signed")
	v.open("/-/desk/deliveries/999", http.StatusNotFound)
}

func TestPages_workbench(t *testing.T) {
	t.Parallel()
	v := visiting(t)
	v.call("GET", "/api/v4/nothing", "")
	assert.NilError(t, v.server.Freeze(testNow))
	_, err := v.server.TakeSnapshot("before")
	assert.NilError(t, err)
	for path, texts := range map[string][]string{
		"journal": {"GET /api/v4/nothing", "no operation has this path", "&#34;method&#34;: &#34;GET&#34;"},
		"clock":   {"2026-02-03 10:00:00.000", "frozen"},
		"faults":  {"No plan is in force."}, "worlds": {"before", "There is none beside this."},
		"tokens": {"glpat-maintainer", "@owner"}, "notes": {"Nothing was noted."},
	} {
		has(t, v.open("/-/desk/"+path, http.StatusOK), texts...)
	}
}

// Tokens that did not come with the seed are known by their digest alone.
func TestPages_tokensOfOthers(t *testing.T) {
	t.Parallel()
	v := visiting(t).as("owner")
	made := v.call("POST", "/api/v4/projects/6/access_tokens",
		`{"name": "made later", "scopes": ["api"], "expires_at": "2026-06-01"}`)
	assert.Equal(t, made.Code, http.StatusCreated, made.Body.String())
	page := v.open("/-/desk/tokens", http.StatusOK)
	has(t, page, "made later")
	_, secret, _ := strings.Cut(made.Body.String(), `"token":"`)
	secret, _, _ = strings.Cut(secret, `"`)
	assert.Check(t, secret != "" && !strings.Contains(page, secret))
}

func TestPages_hostileNames(t *testing.T) {
	t.Parallel()
	v := visiting(t, hostile(t))
	v.happen(control.EventUpdate, 1)
	for _, path := range []string{
		"/", "/g/p/-/settings/merge_requests", "/g/p/-/merge_requests", "/g/p/-/merge_requests/1",
		"/g/p/-/settings/repository",
		"/g/p/-/settings/repository/branch_rules?branch=%27%3E%3Csvg/onload%3Dalert(4)%3E*",
		"/-/desk/deliveries", "/-/desk/deliveries/1", "/-/desk/deliveries?text=%22%3E%3Cscript%3Ealert",
		"/-/desk/tokens", "/-/desk/journal?user=%22%3E%3Cscript%3Ealert", "/-/desk/worlds",
	} {
		page := v.open(path, http.StatusOK)
		for _, evil := range []string{"<script>alert", "<img src=x", "<svg/onload", "<b>", `data-test">Foo`} {
			assert.Check(t, !strings.Contains(page, evil), "%s has %s", path, evil)
		}
	}
}

// BenchmarkPages_deliveries is what the server has to do for the first paint of the inbox with a thousand deliveries.
func BenchmarkPages_deliveries(b *testing.B) {
	v := visiting(b)
	for len(v.server.Deliveries()) < 1000 {
		v.happen(control.EventClose, 1)
		v.happen(control.EventReopen, 1)
	}
	for b.Loop() {
		v.open("/-/desk/deliveries", http.StatusOK)
	}
}
