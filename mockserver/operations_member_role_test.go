package mockserver_test

import (
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/release"
)

const memberRoles = "/member_roles"

// customRole is a role with some permissions.
func customRole(name string, base int, permissions ...string) map[string]any {
	role := map[string]any{"name": name, "base_access_level": base}
	for _, p := range permissions {
		role[p] = true
	}
	return role
}

func TestMemberRoles_refusals(t *testing.T) {
	t.Parallel()
	unlicensed := func(h *harness) {
		h.update(func(tx *gitlab.Tx) error {
			tx.SetSettings(gitlab.Settings{})
			return nil
		})
	}
	one := func(h *harness) { h.do("admin", "POST", memberRoles, customRole("One", 20)).want(201) }
	worn := func(h *harness) {
		one(h)
		h.do("owner", "POST", "/projects/6/members", map[string]any{
			"user_id": 8, "access_level": 20,
			"member_role_id": 1,
		}).want(201)
	}
	add := func(level, role int) map[string]any {
		return map[string]any{"user_id": 8, "access_level": level, "member_role_id": role}
	}
	runExchanges(t, []exchangeCase{
		{name: "list as nobody", method: "GET", path: memberRoles, status: 401, want: unauthorized},
		{name: "list as anybody", as: "owner", method: "GET", path: memberRoles, status: 403, want: forbidden},
		{
			name: "list without a licence", as: "admin", arrange: unlicensed, method: "GET", path: memberRoles,
			status: 403, want: forbidden,
		},
		{
			name: "create as anybody", as: "owner", method: "POST", path: memberRoles, body: customRole("Two", 20),
			status: 403, want: forbidden,
		},
		{
			name: "create on no level", as: "admin", method: "POST", path: memberRoles, body: set("name", "Two"),
			status: 400, want: `{"error":"base_access_level is missing, ` +
				`base_access_level does not have a valid value"}`,
		},
		{
			name: "create on an unknown level", as: "admin", method: "POST", path: memberRoles,
			body: customRole("Two", 33), status: 400,
			want: `{"error":"base_access_level does not have a valid value"}`,
		},
		{
			name: "create on Owner", as: "admin", method: "POST", path: memberRoles, body: customRole("Two", 50),
			status: 400, want: `{"message":"Base access level is not included in the list"}`,
		},
		{
			name: "create with a taken name", as: "admin", arrange: one, method: "POST", path: memberRoles,
			body: customRole("One", 50), status: 400, want: `{"message":"Name has already been taken, Base access ` +
				`level is not included in the list"}`,
		},
		{
			name: "create without what a permission needs", as: "admin", method: "POST", path: memberRoles,
			body: customRole("Two", 10, "manage_merge_request_settings"), status: 400,
			want: `{"message":"Read code has to be enabled in order to enable Manage merge request settings"}`,
		},
		{
			name: "delete as anybody", as: "owner", arrange: one, method: "DELETE", path: memberRoles + "/1",
			status: 403,
			want:   forbidden,
		},
		{
			name: "delete none", as: "admin", method: "DELETE", path: memberRoles + "/1", status: 404,
			want: `{"message":"404 Member Role Not Found"}`,
		},
		{
			name: "delete one that somebody has", as: "admin", arrange: worn, method: "DELETE", path: memberRoles +
				"/1",
			status: 400, want: `{"message":"Role is assigned to one or more group members. Remove role from all ` +
				`group members, then delete role."}`,
		},
		{
			name: "give none", as: "owner", method: "POST", path: "/projects/6/members", body: add(20, 1), status: 404,
			want: `{"message":"404 Member Role Not Found"}`,
		},
		{
			name: "give one on another level", as: "owner", arrange: one, method: "POST", path: "/projects/6/members",
			body: add(30, 1), status: 400, want: `{"message":{"member_role_id":["the custom role's base access ` +
				`level does not match the current access level"]}}`,
		},
		{
			name: "change to one on another level", as: "owner", arrange: worn, method: "PUT",
			path: "/projects/6/members/8", body: add(10, 1), status: 400,
		},
	})
}

func TestMemberRoles(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	role := h.do("admin", "POST", memberRoles, customRole("Settings manager", 20, "manage_merge_request_settings")).
		want(201)
	assert.Equal(t, role.text("group_id"), "<nil>")
	assert.Equal(t, role.text("description"), "<nil>")
	assert.Equal(t, role.text("manage_merge_request_settings"), "true")
	assert.Equal(t, role.text("admin_merge_request"), "false")
	assert.Equal(t, h.do("admin", "POST", memberRoles, customRole(" ", 15)).want(201).text("name"), "Planner - custom")
	assert.DeepEqual(t, h.do("admin", "GET", memberRoles, nil).want(200).column("name"),
		[]string{"Settings manager", "Planner - custom"})

	const members = "/projects/6/members"
	h.do("developer", "GET", checksPath, nil).want(401)
	added := h.do("owner", "POST", members, map[string]any{"user_id": 8, "access_level": 20, "member_role_id": 1}).
		want(201)
	assert.Equal(t, added.text("member_role.name"), "Settings manager")
	h.do("stranger", "GET", checksPath, nil).want(200)
	plain := h.do("owner", "PUT", members+"/8", map[string]any{"access_level": 20}).want(200)
	assert.Equal(t, plain.get("member_role"), nil, "a role that is not named again is lost")
	h.do("stranger", "GET", checksPath, nil).want(401)
	h.do("admin", "DELETE", memberRoles+"/1", nil).want(204)
	assert.DeepEqual(t, h.do("admin", "GET", memberRoles, nil).want(200).column("id"), []string{"2"})
}

// Custom roles have an effect only in groups, because only a group can be licensed for them.
func TestMemberRoles_countInGroupsOnly(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("admin", "POST", memberRoles, customRole("Settings manager", 20, "manage_merge_request_settings")).want(201)
	id := h.do("owner", "POST", "/projects", map[string]any{"name": "Own", "initialize_with_readme": true}).want(201).
		text("id")
	added := h.do("owner", "POST", "/projects/"+id+"/members", map[string]any{
		"user_id": 8, "access_level": 20,
		"member_role_id": 1,
	}).want(201)
	assert.Equal(t, added.get("member_role"), nil)
	h.do("stranger", "GET", "/projects/"+id+"/external_status_checks", nil).want(401)
}

// A role shows only the permissions that its release has.
func TestMemberRoles_knowTheirRelease(t *testing.T) {
	t.Parallel()
	h := newHarness(t, asRelease(release.Of(16, 11)))
	role := h.do("admin", "POST", memberRoles, customRole("Approver", 10, "admin_merge_request",
		"manage_merge_request_settings")).want(201)
	assert.Equal(t, role.get("manage_merge_request_settings"), nil)
	assert.Equal(t, role.text("admin_merge_request"), "true")
}
