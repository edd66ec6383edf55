package mockserver_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

const groupMissing = `{"message":"404 Group Not Found"}`

func TestGroups_refusals(t *testing.T) {
	t.Parallel()
	runExchanges(t, []exchangeCase{
		{
			name: "a private group of others", as: "stranger", method: "GET", path: "/groups/9", status: 404,
			want: groupMissing,
		},
		{
			name: "a private group without token", method: "GET", path: "/groups/flightjs", status: 404,
			want: groupMissing,
		},
		{name: "no such group", as: "admin", method: "GET", path: "/groups/99", status: 404, want: groupMissing},
		{
			name: "a user is no group", as: "admin", method: "GET", path: "/groups/owner", status: 404,
			want: groupMissing,
		},
		{
			name: "create without path", as: "owner", method: "POST", path: "/groups",
			body:   map[string]any{"name": "x"},
			status: 400, want: `{"error":"path is missing"}`,
		},
		{
			name: "create with a taken path", as: "owner", method: "POST", path: "/groups",
			body: map[string]any{"name": "x", "path": "FlightJS"}, status: 400,
			want: `{"message":"Failed to save group {:path=>[\"has already been taken\"]}"}`,
		},
		{
			name: "create with a blank name", as: "owner", method: "POST", path: "/groups",
			body: map[string]any{"name": " ", "path": "x"}, status: 400,
			want: `{"message":"Failed to save group {:name=>[\"can't be blank\"]}"}`,
		},
		{name: "create with a bad path", as: "owner", method: "POST", path: "/groups", body: map[string]any{
			"name": "x",
			"path": "a b",
		}, status: 400},
		{name: "create below nothing", as: "owner", method: "POST", path: "/groups", body: map[string]any{
			"name": "x",
			"path": "x", "parent_id": 99,
		}, status: 404, want: groupMissing},
		{
			name: "create below a group of others", as: "developer", method: "POST", path: "/groups",
			body: map[string]any{"name": "x", "path": "x", "parent_id": 9}, status: 403, want: forbidden,
			arrange: func(h *harness) {
				h.do("owner", "POST", "/groups/9/members", map[string]any{"user_id": 4, "access_level": 30}).want(201)
			},
		},
		{
			name: "create as a user who may not", as: "glpat-jane", method: "POST", path: "/groups",
			body: map[string]any{"name": "x", "path": "x"}, status: 403, want: forbidden,
			arrange: func(h *harness) {
				h.update(func(tx *gitlab.Tx) error {
					u, err := tx.CreateUser(gitlab.User{Username: "jane", External: true})
					tx.CreateToken(gitlab.Token{Kind: gitlab.PersonalToken, UserID: u.ID, Scopes: []string{"api"}},
						"glpat-jane")
					return err
				})
			},
		},
		{
			name: "remove without the first step", as: "owner", method: "DELETE",
			path: "/groups/9?permanently_remove=true&full_path=flightjs", status: 400,
			want: `{"message":"Group must be marked for deletion first."}`,
		},
		{
			name: "remove as a stranger", as: "stranger", method: "DELETE", path: "/groups/9", status: 404,
			want: groupMissing,
		},
		{
			name: "remove as a member", as: "developer", method: "DELETE", path: "/groups/9", status: 403,
			want: forbidden,
			arrange: func(h *harness) {
				h.do("owner", "POST", "/groups/9/members", map[string]any{"username": "developer", "access_level": 40}).
					want(201)
			},
		},
		{
			name: "members of a hidden group", as: "stranger", method: "GET", path: "/groups/9/members", status: 404,
			want: groupMissing,
		},
		{name: "add nobody", as: "owner", method: "POST", path: "/groups/9/members", body: map[string]any{
			"user_id":      99,
			"access_level": 30,
		}, status: 404, want: `{"message":"404 User Not Found"}`},
		{name: "add twice", as: "owner", method: "POST", path: "/groups/9/members", body: map[string]any{
			"user_id":      2,
			"access_level": 30,
		}, status: 409, want: `{"message":"Member already exists"}`},
		{
			name: "dismiss nobody", as: "owner", method: "DELETE", path: "/groups/9/members/99", status: 404,
			want: recordMissing,
		},
		{
			name: "dismiss the last owner", as: "owner", method: "DELETE", path: "/groups/9/members/2", status: 403,
			want: forbidden,
		},
		{
			name: "a namespace of others", as: "guest", method: "GET", path: "/namespaces/owner", status: 404,
			want: `{"message":"404 Namespace Not Found"}`,
		},
	})
}

func TestGroup_isMadeAndRemovedInTwoSteps(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	made := h.do("stranger", "POST", "/groups", map[string]any{
		"name": "Space", "path": "space",
		"visibility": "internal", "description": "Far",
	}).want(201)
	sub := h.do("stranger", "POST", "/groups", map[string]any{
		"name": "Deep", "path": "deep",
		"parent_id": made.number("id"),
	}).want(201)
	assert.Equal(t, sub.text("full_path"), "space/deep")
	assert.Equal(t, sub.text("full_name"), "Space / Deep")
	project := h.do("stranger", "POST", "/projects", map[string]any{"name": "Probe", "namespace_id": sub.number("id")}).
		want(201)
	assert.Equal(t, project.text("path_with_namespace"), "space/deep/probe")
	assert.Equal(t, h.do("stranger", "GET", "/groups/space%2Fdeep", nil).want(200).text("projects.0.name"), "Probe")
	assert.Equal(t, h.do("stranger", "GET", "/groups/space%2Fdeep?with_projects=false", nil).want(200).get("projects"),
		nil)
	h.do("guest", "GET", "/groups/space", nil).want(200) // internal

	h.do("stranger", "DELETE", "/groups/space", nil).wantBody(202, `{"message":"202 Accepted"}`)
	assert.Equal(t, h.do("stranger", "GET", "/groups/space", nil).want(200).text("marked_for_deletion_on"),
		"2026-02-03")
	h.do("stranger", "DELETE", "/groups/space", nil).wantBody(400, `{"message":"Group has been already marked for `+
		`deletion"}`)
	h.do("stranger", "DELETE", "/groups/space?permanently_remove=true&full_path=wrong", nil).
		wantBody(400, "{\"message\":\"`full_path` is incorrect. You must enter the complete path for the group.\"}")
	h.do("stranger", "DELETE", "/groups/space?permanently_remove=true&full_path=space", nil).want(202)
	h.do("stranger", "GET", "/groups/space", nil).wantBody(404, groupMissing)
	h.do("stranger", "GET", "/projects/"+project.text("id"), nil).wantBody(404, projectMissing)
}

func TestGroup_deletionIsConditional(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	r := h.request("owner", "DELETE", "/groups/9", nil)
	r.Header.Set("If-Unmodified-Since", testNow.AddDate(-30, 0, 0).Format(http.TimeFormat))
	h.send(r).wantBody(412, `{"message":"412 Precondition Failed"}`)
}

func TestListGroups_filters(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for _, g := range []map[string]any{
		{"name": "alpha", "path": "zulu", "visibility": "public"},
		{"name": "Beta", "path": "beta"},
	} {
		h.do("stranger", "POST", "/groups", g).want(201)
	}
	for _, tc := range []struct {
		as, query string
		want      []string
	}{
		{"", "", []string{"zulu"}},
		{"guest", "", []string{"zulu", "flightjs"}},
		{"stranger", "", []string{"zulu", "beta"}},
		{"stranger", "owned=true&order_by=path", []string{"beta", "zulu"}},
		{"stranger", "visibility=public", []string{"zulu"}},
		{"owner", "owned=true", []string{"flightjs"}},
		{"admin", "sort=desc", []string{"flightjs", "beta", "zulu"}},
		{"admin", "search=ET", []string{"beta"}},
		{"admin", "skip_groups[]=9", []string{"zulu", "beta"}},
		{"owner", "min_access_level=50", []string{"flightjs"}},
	} {
		got := h.do(tc.as, "GET", "/groups?"+tc.query, nil).want(200).column("path")
		assert.Check(t, cmp.Equal(got, tc.want), "%s as %q: %s", tc.query, tc.as, cmp.Diff(tc.want, got))
	}
}

func TestGroupMembers(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("owner", "POST", "/groups/9/members", map[string]any{
		"user_id": 8, "access_level": 30,
		"expires_at": "2026-02-10",
	}).want(201)
	assert.DeepEqual(t, h.do("owner", "GET", "/groups/9/members", nil).want(200).column("username"),
		[]string{"owner", "stranger"})
	h.do("stranger", "GET", "/projects/6", nil).want(200) // members of the group see its projects
	assert.DeepEqual(t, h.do("stranger", "GET", "/projects/6/members/all?query=stran", nil).want(200).
		column("access_level"), []string{"30"})
	h.clock.advance(7 * 24 * time.Hour)
	h.do("stranger", "GET", "/projects/6", nil).wantBody(404, projectMissing) // until the day on which the role ends
	h.do("owner", "DELETE", "/groups/9/members/8", nil).want(204)
}

func TestNamespaces(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	assert.DeepEqual(t, h.do("owner", "GET", "/namespaces", nil).want(200).column("full_path"),
		[]string{"flightjs", "owner"})
	assert.DeepEqual(t, h.do("owner", "GET", "/namespaces?search=fli&owned_only=true&top_level_only=true", nil).
		want(200).column("kind"), []string{"group"})
	assert.Equal(t, h.do("owner", "GET", "/namespaces/flightjs", nil).want(200).text("id"), "9")
	assert.Equal(t, h.do("guest", "GET", "/namespaces/guest", nil).want(200).text("kind"), "user")
	assert.Equal(t, len(h.do("admin", "GET", "/namespaces", nil).want(200).column("id")), 9)
}
