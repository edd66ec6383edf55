package mockserver_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

func TestUsers_refusals(t *testing.T) {
	t.Parallel()
	jane := map[string]any{
		"username": "jane", "name": "Jane Doe", "email": "jane@example.com",
		"force_random_password": true,
	}
	with := func(name string, value any) map[string]any {
		changed := map[string]any{}
		for k, v := range jane {
			changed[k] = v
		}
		changed[name] = value
		return changed
	}
	runExchanges(t, []exchangeCase{
		{name: "version without token", method: "GET", path: "/version", status: 401, want: unauthorized},
		{name: "who am I without token", method: "GET", path: "/user", status: 401, want: unauthorized},
		{
			name: "all users without token", method: "GET", path: "/users", status: 403,
			want: `{"message":"403 Forbidden - Not authorized to access /api/v4/users"}`,
		},
		{name: "a user by name without token", method: "GET", path: "/users?username=owner", status: 200},
		{
			name: "a user by id without token", method: "GET", path: "/users/1", status: 403,
			want: `{"message":"403 Forbidden - Not authorized!"}`,
		},
		{
			name: "no such user", as: "guest", method: "GET", path: "/users/999", status: 404,
			want: `{"message":"404 User Not Found"}`,
		},
		{
			name: "create as anybody", as: "owner", method: "POST", path: "/users", body: jane, status: 403,
			want: forbidden,
		},
		{name: "create with nothing", as: "admin", method: "POST", path: "/users", body: "{}", status: 400},
		{
			name: "create with the email of another", as: "admin", method: "POST", path: "/users",
			body: with("email", "OWNER@example.com"), status: 409, want: `{"message":"Email has already been taken"}`,
		},
		{
			name: "create with the name of another", as: "admin", method: "POST", path: "/users",
			body: with("username", "Owner"), status: 409, want: `{"message":"Username has already been taken"}`,
		},
		{
			name: "create with the name of a group", as: "admin", method: "POST", path: "/users",
			body: with("username", "flightjs"), status: 409, want: `{"message":"Username has already been taken"}`,
		},
		{
			name: "create with a blank name", as: "admin", method: "POST", path: "/users", body: with("name", " "),
			status: 400, want: `{"message":{"name":["can't be blank"]}}`,
		},
		{
			name: "create with no address", as: "admin", method: "POST", path: "/users", body: with("email", "jane"),
			status: 400, want: `{"message":{"email":["is invalid"]}}`,
		},
		{
			name: "create with a slash", as: "admin", method: "POST", path: "/users", body: with("username", "a/b"),
			status: 400,
		},
		{name: "delete as anybody", as: "owner", method: "DELETE", path: "/users/8", status: 403, want: forbidden},
		{
			name: "delete nobody", as: "admin", method: "DELETE", path: "/users/999", status: 404,
			want: `{"message":"404 User Not Found"}`,
		},
		{
			name: "delete the only owner of a group", as: "admin", method: "DELETE", path: "/users/2", status: 409,
			want: `{"message":"User cannot be removed while is the sole-owner of a group"}`,
		},
	})
}

func TestVersion(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for _, path := range []string{"/version", "/metadata"} {
		r := h.do("guest", "GET", path, nil).want(200)
		assert.Equal(t, r.text("version"), "18.9.0-ee")
		assert.Equal(t, r.text("enterprise"), "true")
	}
}

// The scope read_user allows reading about users and the instance, and nothing else.
func TestVersion_takesReadUser(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	token := h.do("admin", "POST", "/users/4/personal_access_tokens",
		map[string]any{"name": "who", "scopes": []string{"read_user"}}).want(201).text("token")
	h.do(token, "GET", "/version", nil).want(200)
	assert.Equal(t, h.do(token, "GET", "/user", nil).want(200).text("username"), "developer")
	h.do(token, "GET", "/projects/6", nil).want(403)
}

func TestUser_showsMoreToAdministrators(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	me := h.do("developer", "GET", "/user", nil).want(200)
	assert.Equal(t, me.text("username"), "developer")
	assert.Equal(t, me.text("email"), "developer@example.com")
	assert.Equal(t, me.get("is_admin"), nil)
	other := h.do("developer", "GET", "/users/3", nil).want(200)
	assert.Equal(t, other.text("web_url"), "http://example.com/maintainer")
	assert.Equal(t, other.get("email"), nil)
	admin := h.do("admin", "GET", "/users/3", nil).want(200)
	assert.Equal(t, admin.text("email"), "maintainer@example.com")
	assert.Equal(t, admin.text("is_admin"), "false")
	assert.Equal(t, admin.number("highest_role"), int64(gitlab.Maintainer))
	assert.Equal(t, h.do("admin", "GET", "/user", nil).want(200).text("is_admin"), "true")
}

func TestListUsers_filters(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.update(func(tx *gitlab.Tx) error {
		_, err := tx.CreateUser(gitlab.User{
			Username: "contractor", Name: "Con Tractor", Email: "con@example.com",
			External: true, Blocked: true,
		})
		return err
	})
	for query, want := range map[string][]string{
		"username=OWNER":         {"owner"},
		"username=nobody":        {},
		"search=maint":           {"maintainer"},
		"search=con@example.com": {},
		"external=true":          {"contractor"},
		"blocked=true":           {"contractor"},
		"search=er&active=true&sort=asc": {
			"owner", "maintainer", "developer", "reporter", "planner",
			"stranger",
		},
		"order_by=username&sort=asc&per_page=2":      {"contractor", "developer"},
		"per_page=2":                                 {"contractor", "stranger"},
		"created_after=2026-01-01T00:00:00Z":         {"contractor"},
		"created_before=2020-01-01T00:00:01Z&page=9": {},
	} {
		got := h.do("guest", "GET", "/users?"+query, nil).want(200).column("username")
		assert.Check(t, cmp.Equal(got, want), "%s: %s", query, cmp.Diff(want, got))
	}
	assert.DeepEqual(t, h.do("admin", "GET", "/users?search=con@example.com", nil).want(200).column("email"),
		[]string{"con@example.com"})
}

func TestCreateUser(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	made := h.do("admin", "POST", "/users", map[string]any{
		"username": "jane", "name": "Jane Doe",
		"email": "jane@example.com", "reset_password": true,
	}).want(201)
	id := made.text("id")
	assert.Equal(t, made.text("created_by.username"), "root")
	assert.Equal(t, h.do("admin", "GET", "/namespaces/jane", nil).want(200).text("id"), made.text("namespace_id"))
	token := h.do("admin", "POST", "/users/"+id+"/personal_access_tokens",
		map[string]any{"name": "ci", "scopes": []string{"api"}}).want(201).text("token")
	assert.Equal(t, h.do(token, "GET", "/user", nil).want(200).text("id"), id)
	h.do("admin", "DELETE", "/users/"+id, nil).want(204)
	h.do(token, "GET", "/user", nil).wantBody(401, unauthorized)
	h.do("admin", "GET", "/users/"+id, nil).want(404)
}

// What deleted users wrote remains, with the ghost user as its author.
func TestDeleteUser_leavesAGhost(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("developer", "POST", "/projects/6/merge_requests/4/notes", map[string]any{"body": "Fine."}).want(201)
	h.do("developer", "PUT", "/projects/6/merge_requests/4", map[string]any{
		"assignee_ids": []int{4, 3},
		"reviewer_ids": []int{4},
	}).want(200)
	h.do("admin", "DELETE", "/users/4", nil).want(204)
	mr := h.do("maintainer", "GET", "/projects/6/merge_requests/4", nil).want(200)
	assert.Equal(t, mr.text("assignees.0.username"), "maintainer")
	assert.Equal(t, mr.text("assignees.1"), "<nil>")
	assert.Equal(t, h.do("maintainer", "GET", "/projects/6/merge_requests/4/notes", nil).want(200).
		text("0.author.username"), "ghost")
}

func TestDeleteUser_hardDeletesMergeRequestsToo(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("developer", "POST", "/projects/6/merge_requests", map[string]any{
		"source_branch": "main",
		"target_branch": "root-main-patch-30152", "title": "Back",
	}).want(201)
	h.do("admin", "DELETE", "/users/4?hard_delete=true", nil).want(204)
	h.do("maintainer", "GET", "/projects/6/merge_requests/5", nil).wantBody(404, recordMissing)
}
