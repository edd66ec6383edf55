package mockserver_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

const checkPath = "/projects/6/external_status_checks/1"

// Each row is a call that GitLab takes, and what is noted of it.
func TestClientNotes(t *testing.T) {
	t.Parallel()
	const toGitLab = "is not a parameter of updateExternalStatusCheck, and GitLab ignores it"
	for name, test := range map[string]struct {
		method, path string
		body         any
		want         []string
	}{
		"nothing": {"PUT", checkPath, `{"name":"Tool","protected_branch_ids":[]}`, nil},
		"a form":  {"PUT", checkPath, url.Values{"name": {"Tool"}, "protected_branch_ids[]": {"14"}}, nil},
		"a query": {"GET", "/projects/6/external_status_checks?per_page=5&private_token=glpat-owner", nil, nil},
		"a misspelt": {"PUT", checkPath, `{"sharedsecret":"s"}`, []string{
			"unknown_parameter: sharedsecret " + toGitLab + " (did you mean shared_secret?)",
		}},
		"one of GitLab's": {"GET", "/projects/6/merge_requests?environment=prod", nil, []string{
			"unknown_parameter: environment is not a parameter of listMergeRequests that the mock knows, and the " +
				"mock ignores it; GitLab may know it",
		}},
		"in not": {"GET", "/projects/6/merge_requests?not[labels]=red&assignee_username[]=root", nil, nil},
		"misspelt ids": {"PUT", checkPath, `{"protected_branche_ids":[1]}`, []string{
			"unknown_parameter: protected_branche_ids " + toGitLab + " (did you mean protected_branch_ids?)",
		}},
		"ids in brackets": {"PUT", checkPath, url.Values{"protected_branch_ids[0]": {"1"}}, []string{
			"no_list: protected_branch_ids is an object, as protected_branch_ids[0]= makes one, and GitLab takes it " +
				"for a list of no item, which means all branches; write protected_branch_ids[]=",
		}},
		"an id alone": {"PUT", checkPath, `{"protected_branch_ids":1}`, []string{
			"no_list: protected_branch_ids is no list, and GitLab takes it for one of no item, which means all " +
				"branches",
		}},
		"ids as text": {"PUT", checkPath, `{"protected_branch_ids":"14"}`, []string{
			"coerced: protected_branch_ids is a text that GitLab splits at commas; send a list",
		}},
		"odd ids": {"PUT", checkPath, `{"protected_branch_ids":["14x"]}`, []string{
			"coerced: protected_branch_ids has an item that is no whole number, of which GitLab takes the digits " +
				"that it begins with, or 0",
		}},
		"a number for a text": {"PUT", checkPath, `{"name":12}`, []string{
			"coerced: name is no text, and GitLab makes one of it",
		}},
		"a text for a number": {
			"POST", "/projects/6/merge_requests/4/status_check_responses",
			`{"external_status_check_id":"1","sha":"141be9714669a4c1ccaa013c6a7f3e462ff2a40f","status":"passed"}`,
			[]string{"coerced: external_status_check_id is a text that GitLab reads as a number"},
		},
		"a word for a flag": {"GET", "/projects?owned=yes", nil, []string{
			"coerced: owned is neither true nor false, and GitLab takes it for one of them",
		}},
		"a query with one twice": {"GET", "/projects/6/external_status_checks?page=1&page=2", nil, []string{
			"repeated: page is given more than once, and the last one counts",
		}},
		"a form with one twice": {"PUT", checkPath, url.Values{"name": {"a", "b"}}, []string{
			"repeated: name is given more than once, and the last one counts",
		}},
		"JSON with one twice": {"PUT", checkPath, `{"name":"a","name":"b"}`, []string{
			"repeated: name is given more than once, and the last one counts",
		}},
		"in body and query": {"PUT", checkPath + "?name=x", `{"name":"a"}`, []string{
			"repeated: name is given in the body and in the query, and the one in the body counts",
		}},
		"in path and body": {"PUT", checkPath, `{"name":"a","check_id":1}`, []string{
			"repeated: check_id is given in the path and again, and the one in the path counts",
		}},
		"a body on GET": {"GET", "/projects/6/external_status_checks", `{}`, []string{
			"body_unread:  the body is not read, as the method is GET",
		}},
		"deprecated": {"GET", "/version", nil, []string{"deprecated:  getVersion is deprecated; use getMetadata"}},
		"deprecated parameter": {"GET", "/groups/9?with_projects=true", nil, []string{
			"deprecated: with_projects is deprecated; use the list of the group's projects",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newUnjudged(t)
			r := h.do("owner", test.method, test.path, test.body)
			assert.Assert(t, r.status < 300, "%d %s", r.status, r.body)
			var got []string
			for _, n := range h.server.Notes().Notes {
				text := n.Message
				if n.Parameter == "" {
					text = " " + text
				}
				got = append(got, fmt.Sprintf("%s: %s", n.Kind, text))
			}
			assert.DeepEqual(t, got, test.want)
			strict := newUnjudged(t, func(o *mockserver.Options) { o.Strict = true })
			r = strict.do("owner", test.method, test.path, test.body)
			if test.want == nil {
				assert.Assert(t, r.status < 300, "%d %s", r.status, r.body)
				return
			}
			r.want(400)
			assert.Assert(t, strings.HasPrefix(r.header.Get("X-Mock-Reason"), "the mock is strict: "))
		})
	}
}

// The same is noted once for each caller, and nothing that was sent is in it.
func TestClientNotes_collected(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for _, who := range []string{"owner", "maintainer", "owner"} {
		h.do(who, "PUT", checkPath, `{"name":"Tool","glpat-abcdef":"value","sharedsecret":"hush"}`).want(200)
		h.clock.advance(time.Second)
	}
	notes := h.server.Notes()
	assert.Equal(t, len(notes.Notes), 4)
	n := notes.Notes[1]
	assert.Equal(t, n.Kind, control.NoteUnknownParameter)
	assert.Equal(t, n.Count, 2)
	assert.Equal(t, n.User, "owner")
	assert.DeepEqual(t, n.LastAt.Sub(n.FirstAt), 2*time.Second)
	text := fmt.Sprint(notes)
	for _, hidden := range []string{"glpat", "value", "hush"} {
		assert.Assert(t, !strings.Contains(text, hidden), text)
	}
	for query, want := range map[string]int{"user=maintainer&kind=unknown_parameter": 2, "kind=repeated": 0} {
		assert.Equal(t, len(h.raw("GET", "/-/mock/notes?"+query, "").want(200).get("notes").([]any)), want)
	}
	assert.NilError(t, h.server.Reset())
	assert.Equal(t, len(h.server.Notes().Notes), 0)
}

// Many different notes do not fill the memory.
func TestClientNotes_areBounded(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for i := range 30 {
		query := url.Values{}
		for j := range 50 {
			query.Set(fmt.Sprintf("p%d", i*50+j), "")
		}
		h.do("owner", "GET", "/version?"+query.Encode(), nil).want(200)
	}
	notes := h.server.Notes()
	assert.Equal(t, len(notes.Notes), 1000)
	assert.Assert(t, notes.Dropped >= 400)
}

// A strict mock asks for the token first, and does no work that it refuses.
func TestClientNotes_strict(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(o *mockserver.Options) { o.Strict = true })
	h.do("", "DELETE", checkPath+"?force=1", nil).want(401)
	h.do("owner", "DELETE", checkPath+"?force=1", nil).want(400)
	h.do("owner", "DELETE", checkPath, nil).want(204)
}

// What is deprecated is in the contract, and depends on the release.
func TestDeprecations(t *testing.T) {
	t.Parallel()
	for _, d := range gitlab.Deprecations() {
		op := openapi.GitLab().Operation(d.Operation)
		assert.Assert(t, op != nil, d.Operation)
		found := d.Parameter == ""
		for _, p := range op.Parameters() {
			found = found || p.Name == d.Parameter
		}
		assert.Assert(t, found, "%s has no parameter %s", d.Operation, d.Parameter)
	}
	h := newHarness(t, asRelease(release.Of(15, 4)))
	h.do("owner", "GET", "/version", nil).want(200)
	assert.Equal(t, len(h.server.Notes().Notes), 0)
}

// So many names that it would cost time to look through them all are noted in part.
func TestClientNotes_many(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(o *mockserver.Options) { o.Strict = true })
	var twice, unknown strings.Builder
	for i := range 24_000 {
		fmt.Fprintf(&twice, `,"n%d":1,"n%d":1`, i, i)
		fmt.Fprintf(&unknown, `,"shared_secre%d":1`, i)
	}
	for _, names := range []string{twice.String(), unknown.String()} {
		reason := h.do("maintainer", "PUT", checkPath, `{"name":"Tool"`+names+`}`).want(400).header.Get("X-Mock-Reason")
		assert.Assert(t, reason != "")
		assert.Equal(t, len(h.server.Notes().Notes), mockserver.MostFindings)
		h.server.ClearNotes()
	}
	assert.Equal(t, len(mockserver.RepeatedNames(strings.Repeat("a=1&b=1&", 10_000))), 2)
}
