package mockserver_test

import (
	"net/url"
	"testing"

	"gotest.tools/v3/assert"
)

const protectedPath = "/projects/6/protected_branches"

func TestProtectedBranches_refusals(t *testing.T) {
	t.Parallel()
	name := func(name string) map[string]any { return map[string]any{"name": name} }
	runExchanges(t, []exchangeCase{
		{name: "list as Guest", as: "guest", method: "GET", path: protectedPath, status: 403, want: forbidden},
		{
			name: "no such rule", as: "developer", method: "GET", path: protectedPath + "/gone", status: 404,
			want: recordMissing,
		},
		{
			name: "protect as Developer", as: "developer", method: "POST", path: protectedPath, body: name("x"),
			status: 403, want: forbidden,
		},
		{
			name: "protect without name", as: "maintainer", method: "POST", path: protectedPath, body: "{}",
			status: 400,
			want:   `{"error":"name is missing"}`,
		},
		{
			name: "protect twice", as: "maintainer", method: "POST", path: protectedPath, body: name("main"),
			status: 409,
			want:   `{"message":"Protected branch 'main' already exists"}`,
		},
		{
			name: "protect nothing", as: "maintainer", method: "POST", path: protectedPath, body: name(" "),
			status: 422,
			want:   `{"message":["Name can't be blank"]}`,
		},
		{
			name: "protect for no member", as: "maintainer", method: "POST", path: protectedPath,
			body: map[string]any{"name": "x", "allowed_to_push": []map[string]any{{"user_id": 8}}}, status: 422,
			want: `{"message":["Push access levels user is not a member of the project"]}`,
		},
		{
			name: "protect for nobody", as: "maintainer", method: "POST", path: protectedPath,
			body: allowing("x", "allowed_to_merge", set("user_id", 99)), status: 422,
			want: `{"message":["Merge access levels user can't be blank"]}`,
		},
		{
			name: "protect for a group that has no access", as: "maintainer", method: "POST", path: protectedPath,
			body: allowing("x", "allowed_to_push", set("group_id", 9)), status: 422,
			want: `{"message":["Push access levels group does not have access to the project"]}`,
		},
		{
			name: "protect for no group", as: "maintainer", method: "POST", path: protectedPath,
			body: allowing("x", "allowed_to_push", set("group_id", 99)), status: 422,
			want: `{"message":["Push access levels group can't be blank"]}`,
		},
		{
			name: "protect for no key", as: "maintainer", method: "POST", path: protectedPath,
			body: allowing("x", "allowed_to_push", set("deploy_key_id", 1)), status: 422,
			want: `{"message":["Push access levels deploy key can't be blank"]}`,
		},
		{
			name: "list what breaks rules by its kind", as: "maintainer", method: "POST", path: protectedPath,
			body: map[string]any{
				"name": " ", "allowed_to_push": []any{set("user_id", 8), set("user_id", 8)},
				"allowed_to_merge": []any{set("user_id", 99)},
			}, status: 422,
			want: `{"message":["Name can't be blank","Merge access levels user can't be blank",` +
				`"Push access levels user is not a member of the project",` +
				`"Push access levels user is not a member of the project"]}`,
		},
		{
			name: "protect for what is no object", as: "maintainer", method: "POST", path: protectedPath,
			body: map[string]any{
				"name": "x", "allowed_to_push": []any{""}, "allowed_to_merge": []any{""},
				"allowed_to_unprotect": []any{""},
			}, status: 400,
			want: `{"error":"allowed_to_push is invalid, allowed_to_merge is invalid, ` +
				`allowed_to_unprotect is invalid"}`,
		},
		{
			name: "let nobody unprotect", as: "maintainer", method: "POST", path: protectedPath,
			body: allowing("x", "allowed_to_unprotect", set("access_level", 0)), status: 400,
			want: `{"error":"allowed_to_unprotect[0][access_level] does not have a valid value"}`,
		},
		{
			name: "protect from oneself", as: "maintainer", method: "POST", path: protectedPath,
			body: map[string]any{"name": "x", "unprotect_access_level": 60}, status: 403, want: forbidden,
		},
		{
			name: "protect twice from oneself", as: "maintainer", method: "POST", path: protectedPath,
			body: map[string]any{"name": "main", "unprotect_access_level": 60}, status: 409,
			want: `{"message":"Protected branch 'main' already exists"}`,
		},
		{
			name: "protect as an administrator who is no member", as: "admin", method: "POST", path: protectedPath,
			body: name("x"), status: 403, want: forbidden,
		},
		{
			name: "protect for administrators", as: "admin", method: "POST", path: protectedPath,
			body: map[string]any{"name": "x", "unprotect_access_level": 60}, status: 201,
		},
		{
			name: "change to an empty flag", as: "maintainer", method: "PATCH", path: protectedPath + "/main",
			body: `{"allow_force_push":null}`, status: 400, want: `{"error":"allow_force_push is empty"}`,
		},
		{
			name: "let push who may", as: "maintainer", method: "PATCH", path: protectedPath + "/main",
			body: allowing("main", "allowed_to_push", set("access_level", 40)), status: 422,
			want: `{"message":["Push access levels access level has already been taken"]}`,
		},
		{
			name: "protect with an unknown level", as: "maintainer", method: "POST", path: protectedPath,
			body: map[string]any{"name": "x", "push_access_level": 20}, status: 400,
			want: `{"error":"push_access_level does not have a valid value"}`,
		},
		{
			name: "change no rule", as: "maintainer", method: "PATCH", path: protectedPath + "/gone", body: "{}",
			status: 404, want: recordMissing,
		},
		{
			name: "change no access level", as: "maintainer", method: "PATCH", path: protectedPath + "/main",
			body: map[string]any{"allowed_to_push": []map[string]any{{"id": 99, "_destroy": true}}}, status: 404,
			want: recordMissing,
		},
		{
			name: "unprotect as Developer", as: "developer", method: "DELETE", path: protectedPath + "/main",
			status: 403,
			want:   forbidden,
		},
		{
			name: "unprotect nothing", as: "maintainer", method: "DELETE", path: protectedPath + "/gone", status: 404,
			want: recordMissing,
		},
	})
}

// allowing is a body that lets someone do something to a branch.
func allowing(name, kind string, who map[string]any) map[string]any {
	return map[string]any{"name": name, kind: []any{who}}
}

func TestProtectedBranch(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	simple := h.do("maintainer", "POST", protectedPath, map[string]any{"name": "release-*"}).want(201)
	assert.Equal(t, simple.text("push_access_levels.0.access_level_description"), "Maintainers")
	assert.Equal(t, simple.text("merge_access_levels.0.access_level"), "40")
	assert.Equal(t, simple.text("unprotect_access_levels.0.access_level"), "40")
	made := h.do("maintainer", "POST", protectedPath, map[string]any{
		"name": "stable/*", "push_access_level": 0, "merge_access_level": 30, "unprotect_access_level": 30,
		"allow_force_push":             true,
		"code_owner_approval_required": true, "allowed_to_push": []map[string]any{{"user_id": 4}},
		"allowed_to_merge": []map[string]any{{"user_id": 5, "access_level": 30}, {"access_level": 40}},
	}).want(201)
	for path, want := range map[string]string{
		"push_access_levels.0.access_level_description": "No one",
		"push_access_levels.1.access_level_description": "Dana Developer",
		"push_access_levels.1.user_id":                  "4", "push_access_levels.1.access_level": "40",
		"merge_access_levels.0.access_level_description": "Developers + Maintainers",
		"merge_access_levels.1.user_id":                  "5", "merge_access_levels.1.access_level": "30",
		"merge_access_levels.2.access_level":                 "40",
		"unprotect_access_levels.0.access_level_description": "Developers + Maintainers", "allow_force_push": "true",
		"code_owner_approval_required": "true", "inherited": "false",
	} {
		assert.Equal(t, made.text(path), want, path)
	}
	assert.DeepEqual(t, h.do("developer", "GET", protectedPath+"?search=E", nil).want(200).column("name"),
		[]string{"release-*", "stable/*"})
	push := made.number("push_access_levels.1.id")
	changed := h.do("maintainer", "PATCH", protectedPath+"/stable%2F*", map[string]any{
		"allow_force_push": false, "allowed_to_push": []map[string]any{
			{"id": push, "_destroy": true},
			{"access_level": 40},
			{"id": made.number("push_access_levels.0.id"), "access_level": 30},
		},
	}).want(200)
	assert.Equal(t, changed.text("id"), made.text("id"))
	assert.Equal(t, changed.text("allow_force_push"), "false")
	assert.Equal(t, changed.text("push_access_levels.0.access_level")+" "+
		changed.text("push_access_levels.1.access_level"), "30 40")
	assert.Equal(t, h.do("developer", "GET", protectedPath+"/stable%2F%2A", nil).want(200).text("name"), "stable/*")
	r := h.request("maintainer", "DELETE", protectedPath+"/stable%2F*", nil)
	r.Header.Set("If-Unmodified-Since", "2020-01-01")
	h.send(r).wantBody(412, `{"message":"412 Precondition Failed"}`)
	h.do("maintainer", "DELETE", protectedPath+"/stable%2F*", nil).want(204)
}

// A check that loses the last branch of its scope applies to all branches.
func TestUnprotecting_widensStatusChecks(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	assert.Equal(t, h.do("maintainer", "GET", checksPath, nil).want(200).text("0.protected_branches.0.id"), "14")
	h.do("maintainer", "DELETE", protectedPath+"/main", nil).want(204)
	assert.Equal(t, h.do("maintainer", "GET", checksPath, nil).want(200).text("0.protected_branches.0.id"), "<nil>")
	h.do("developer", "POST", filesPath+"new", map[string]any{"branch": "main", "commit_message": "x", "content": "x"}).
		want(201)
}

// TestProtectedBranch_fromForm checks that the members of objects are coerced as parameters are, because a form
// contains only text.
func TestProtectedBranch_fromForm(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	made := h.do("maintainer", "POST", protectedPath,
		url.Values{"name": {"formed"}, "allowed_to_push[][access_level]": {"30"}}).want(201)
	assert.Equal(t, made.text("push_access_levels.0.access_level"), "30")
	h.do("maintainer", "POST", protectedPath,
		url.Values{"name": {"other"}, "allowed_to_push[][access_level]": {"many"}}).want(400)
}

// TestProtectedBranch_changesLevels checks that a change of an access level keeps what it does not name, and that those
// that stay are not looked at again.
func TestProtectedBranch_changesLevels(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	made := h.do("maintainer", "POST", protectedPath, allowing("x", "allowed_to_push", set("user_id", 4))).want(201)
	change := func(status int, body map[string]any) response {
		return h.do("maintainer", "PATCH", protectedPath+"/x", body).want(status)
	}
	level := made.number("push_access_levels.0.id")
	changed := change(200, allowing("x", "allowed_to_push", map[string]any{"id": level, "access_level": 30}))
	assert.Equal(t, changed.text("push_access_levels.0.user_id")+" "+
		changed.text("push_access_levels.0.access_level"), "4 30")
	change(200, allowing("x", "allowed_to_push", map[string]any{"access_level": 40, "_destroy": true}))
	change(422, allowing("x", "allowed_to_push", set("user_id", 4))).
		wantBody(422, `{"message":["Push access levels user has already been taken"]}`)
	h.do("owner", "DELETE", "/projects/6/members/4", nil).want(204)
	changed = change(200, map[string]any{"allow_force_push": true, "unprotect_access_level": 30})
	assert.Equal(t, changed.text("push_access_levels.0.user_id"), "4")
	assert.Equal(t, changed.text("unprotect_access_levels.0.access_level")+" "+
		changed.text("unprotect_access_levels.1.access_level"), "40 30")
}

// TestProtectedBranch_unprotectedByThoseNamed checks that Maintainers whom a rule does not name can neither change nor
// remove it.
func TestProtectedBranch_unprotectedByThoseNamed(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("owner", "POST", protectedPath, allowing("x", "allowed_to_unprotect", set("user_id", 2))).want(201)
	h.do("maintainer", "PATCH", protectedPath+"/x", map[string]any{"allow_force_push": true}).wantBody(403, forbidden)
	h.do("maintainer", "DELETE", protectedPath+"/x", nil).wantBody(403, forbidden)
	h.do("owner", "DELETE", protectedPath+"/x", nil).want(204)
}

// TestMerge_byThoseNamed checks that whom a protected branch lets merge need no more, while pushing needs to be a
// Developer.
func TestMerge_byThoseNamed(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("maintainer", "PATCH", protectedPath+"/main", map[string]any{
		"allowed_to_merge": []any{set("user_id", 5)}, "allowed_to_push": []any{set("user_id", 5)},
	}).want(200)
	h.do("reporter", "POST", filesPath+"new", map[string]any{
		"branch": "main", "commit_message": "x", "content": "x",
	}).want(403)
	h.do("reporter", "PUT", mergeRequestPath+"/merge", nil).want(200)
	h.do("guest", "PUT", mergeRequestPath+"/merge", nil).want(401)
}
