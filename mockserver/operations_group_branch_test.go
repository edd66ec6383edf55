package mockserver_test

import (
	"testing"

	"gotest.tools/v3/assert"
)

const (
	groupProtectedPath = "/groups/9/protected_branches"
	groupRuleMissing   = `{"message":"404 ProtectedBranch Not Found"}`
)

// memberOfGroup makes a user of the default world a member of its group.
func memberOfGroup(user, level int) func(*harness) {
	return func(h *harness) {
		h.do("owner", "POST", "/groups/9/members", map[string]any{"user_id": user, "access_level": level}).want(201)
	}
}

func TestGroupBranches_refusals(t *testing.T) {
	t.Parallel()
	access := func(kind string, who map[string]any) map[string]any {
		return map[string]any{"name": "x", kind: []map[string]any{who}}
	}
	protect := func(name string) func(*harness) {
		return func(h *harness) { h.do("owner", "POST", groupProtectedPath, set("name", name)).want(201) }
	}
	subgroup := func(h *harness) {
		h.do("owner", "POST", "/groups", map[string]any{"name": "Sub", "path": "sub", "parent_id": 9}).want(201)
	}
	runExchanges(t, []exchangeCase{
		{
			name: "without a token", method: "GET", path: groupProtectedPath, status: 401,
			want: `{"message":"401 Unauthorized"}`,
		},
		{
			name: "a private group of others", as: "stranger", method: "GET", path: groupProtectedPath, status: 404,
			want: groupMissing,
		},
		{
			name: "list as Maintainer", as: "developer", arrange: memberOfGroup(4, 40), method: "GET",
			path: groupProtectedPath, status: 403, want: forbidden,
		},
		{
			name: "refuse before the parameters", as: "developer", arrange: memberOfGroup(4, 40), method: "POST",
			path: groupProtectedPath, body: "{}", status: 403, want: forbidden,
		},
		{
			name: "protect without name", as: "owner", method: "POST", path: groupProtectedPath, body: "{}",
			status: 400,
			want:   `{"error":"name is missing"}`,
		},
		{
			name: "protect nothing", as: "owner", method: "POST", path: groupProtectedPath, body: set("name", " "),
			status: 422, want: `{"message":["Name can't be blank"]}`,
		},
		{
			name: "protect twice", as: "owner", arrange: protect("stable"), method: "POST", path: groupProtectedPath,
			body: set("name", "stable"), status: 409, want: `{"message":"Protected branch 'stable' already exists"}`,
		},
		{
			name: "protect a part of a name", as: "owner", arrange: protect("stable-2"), method: "POST",
			path: groupProtectedPath, body: set("name", "Stable"), status: 409,
			want: `{"message":"Protected branch 'Stable' already exists"}`,
		},
		{
			name: "protect in a subgroup", as: "owner", arrange: subgroup, method: "POST",
			path: "/groups/flightjs%2Fsub/protected_branches", body: set("name", "x"), status: 422,
			want: `{"message":["cannot be associated with a subgroup"]}`,
		},
		{
			name: "protect for a user", as: "owner", method: "POST", path: groupProtectedPath,
			body: access("allowed_to_push", set("user_id", 4)), status: 422,
			want: `{"message":["Push access levels user must be blank"]}`,
		},
		{
			name: "protect for a group", as: "owner", method: "POST", path: groupProtectedPath,
			body: access("allowed_to_merge", set("group_id", 9)), status: 422,
			want: `{"message":["Merge access levels group must be blank"]}`,
		},
		{
			name: "show nothing", as: "owner", method: "GET", path: groupProtectedPath + "/gone", status: 404,
			want: groupRuleMissing,
		},
		{
			name: "change nothing", as: "owner", method: "PATCH", path: groupProtectedPath + "/gone", body: "{}",
			status: 404, want: groupRuleMissing,
		},
		{
			name: "change for a user", as: "owner", arrange: protect("stable"), method: "PATCH",
			path: groupProtectedPath +
				"/stable", body: access("allowed_to_push", set("user_id", 4)), status: 422,
			want: `{"message":["Push access levels user must be blank"]}`,
		},
		{
			name: "change no access level", as: "owner", arrange: protect("stable"), method: "PATCH",
			path: groupProtectedPath + "/stable",
			body: access("allowed_to_push", map[string]any{"id": 99, "access_level": 40}), status: 404,
			want: recordMissing,
		},
		{
			name: "unprotect nothing", as: "owner", method: "DELETE", path: groupProtectedPath + "/gone", status: 404,
			want: groupRuleMissing,
		},
	})
}

func TestGroupBranch(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	made := h.do("owner", "POST", groupProtectedPath, map[string]any{
		"name": "stable/*", "push_access_level": 0,
		"allow_force_push": true,
	}).want(201)
	assert.Equal(t, made.text("push_access_levels.0.access_level_description")+", "+
		made.text("merge_access_levels.0.access_level_description"), "No one, Maintainers")
	assert.Equal(t, made.get("inherited"), nil)
	h.do("owner", "POST", groupProtectedPath, set("name", "release")).want(201)
	assert.DeepEqual(t, h.do("owner", "GET", groupProtectedPath+"?search=STA", nil).want(200).column("name"),
		[]string{"stable/*"})
	assert.Equal(t, h.do("admin", "GET", groupProtectedPath+"/stable%2F*", nil).want(200).text("id"), made.text("id"))
	assert.Equal(t, h.do("owner", "GET", groupProtectedPath+"/rel", nil).want(200).text("name"), "release")

	shown := h.do("developer", "GET", protectedPath+"?search=stable", nil).want(200)
	assert.Equal(t, shown.text("0.id")+" "+shown.text("0.inherited"), made.text("id")+" true")
	changed := h.do("owner", "PATCH", groupProtectedPath+"/stable%2F*", map[string]any{
		"allow_force_push":     false,
		"allowed_to_unprotect": []map[string]any{{"access_level": 30}},
	}).want(200)
	assert.Equal(t, changed.text("allow_force_push")+" "+changed.text("unprotect_access_levels.1.access_level"),
		"false 30")
	assert.Equal(t, h.do("owner", "DELETE", groupProtectedPath+"/stable%2F*", nil).want(200).text("name"), "stable/*")
	assert.DeepEqual(t, h.do("owner", "GET", groupProtectedPath, nil).want(200).column("name"), []string{"release"})
}

// The scope of a check may be a protected branch of the top-level group, also for projects in subgroups. When that
// branch is removed, the check applies to all branches.
func TestGroupBranch_scopesChecks(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	sub := h.do("owner", "POST", "/groups", map[string]any{"name": "Sub", "path": "sub", "parent_id": 9}).want(201).
		number("id")
	deep := h.do("owner", "POST", "/projects", map[string]any{"name": "Deep", "namespace_id": sub}).want(201).text("id")
	rule := h.do("owner", "POST", groupProtectedPath, set("name", "stable")).want(201).number("id")
	check := map[string]any{
		"name": "Deep", "external_url": "https://checks.example/deep",
		"protected_branch_ids": []any{rule},
	}
	for _, project := range []string{"6", deep} {
		made := h.do("owner", "POST", "/projects/"+project+"/external_status_checks", check).want(201)
		assert.Equal(t, made.text("protected_branches.0.name")+" "+made.text("protected_branches.0.inherited"),
			"stable true")
	}
	outside := h.do("owner", "POST", "/projects", map[string]any{"name": "Outside"}).want(201).text("id")
	h.do("owner", "POST", "/projects/"+outside+"/external_status_checks", check).wantBody(422,
		`{"message":["all protected branches must exist within the project"]}`)
	h.do("owner", "DELETE", groupProtectedPath+"/stable", nil).want(200)
	assert.DeepEqual(t, h.do("owner", "GET", "/projects/"+deep+"/external_status_checks", nil).want(200).
		get("0.protected_branches"), []any{})
}

// A new project protects its default branch, unless a rule of its group already does.
func TestGroupBranch_protectsDefaultBranches(t *testing.T) {
	t.Parallel()
	for rule, own := range map[string]int{"stable": 200, "ma*": 404} {
		h := newHarness(t)
		h.do("owner", "POST", groupProtectedPath, set("name", rule)).want(201)
		made := h.do("owner", "POST", "/projects", map[string]any{
			"name": "New", "namespace_id": 9,
			"initialize_with_readme": true,
		}).want(201)
		h.do("owner", "GET", "/projects/"+made.text("id")+"/protected_branches/main", nil).want(own)
	}
}

func TestGroupBranches_comeWith17_6(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]int{"17.5": 404, "17.6": 201} {
		h := newHarness(t, asRelease(parseVersion(t, version)))
		h.do("owner", "POST", groupProtectedPath, set("name", "stable")).want(want)
	}
}
