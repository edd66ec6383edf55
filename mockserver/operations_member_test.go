package mockserver_test

import (
	"testing"

	"gotest.tools/v3/assert"
)

func TestMembers_refusals(t *testing.T) {
	t.Parallel()
	add := func(user, level any) map[string]any { return map[string]any{"user_id": user, "access_level": level} }
	const members = "/projects/6/members"
	runExchanges(t, []exchangeCase{
		{
			name: "list of a hidden project", as: "stranger", method: "GET", path: members, status: 404,
			want: projectMissing,
		},
		{name: "no such member", as: "guest", method: "GET", path: members + "/8", status: 404, want: recordMissing},
		{
			name: "add as Developer", as: "developer", method: "POST", path: members, body: add(8, 30), status: 403,
			want: forbidden,
		},
		{
			name: "add nobody", as: "maintainer", method: "POST", path: members, body: add(99, 30), status: 404,
			want: `{"message":"404 User Not Found"}`,
		},
		{
			name: "add nobody by name", as: "maintainer", method: "POST", path: members,
			body: map[string]any{"username": "nobody", "access_level": 30}, status: 404,
			want: `{"message":"404 User Not Found"}`,
		},
		{
			name: "add somebody twice", as: "maintainer", method: "POST", path: members, body: add(4, 30), status: 409,
			want: `{"message":"Member already exists"}`,
		},
		{
			name: "add with an unknown level", as: "maintainer", method: "POST", path: members, body: add(8, 33),
			status: 400, want: `{"error":"access_level does not have a valid value"}`,
		},
		{
			name: "add above oneself", as: "maintainer", method: "POST", path: members, body: add(8, 50), status: 403,
			want: forbidden,
		},
		{
			name: "add without a level", as: "maintainer", method: "POST", path: members,
			body: map[string]any{"user_id": 8}, status: 400,
		},
		{name: "add until no day", as: "maintainer", method: "POST", path: members, body: map[string]any{
			"user_id":      8,
			"access_level": 20, "expires_at": "soon",
		}, status: 400, want: `{"error":"expires_at is invalid"}`},
		{
			name: "change nobody", as: "maintainer", method: "PUT", path: members + "/8",
			body: map[string]any{"access_level": 30}, status: 404, want: recordMissing,
		},
		{
			name: "change an Owner as Maintainer", as: "maintainer", method: "PUT", path: members + "/2",
			body: map[string]any{"access_level": 30}, status: 403, want: forbidden,
		},
		{
			name: "raise above oneself", as: "maintainer", method: "PUT", path: members + "/4",
			body: map[string]any{"access_level": 50}, status: 403, want: forbidden,
		},
		{
			name: "change as Developer", as: "developer", method: "PUT", path: members + "/5",
			body: map[string]any{"access_level": 10}, status: 403, want: forbidden,
		},
		{
			name: "dismiss as Developer", as: "developer", method: "DELETE", path: members + "/5", status: 403,
			want: forbidden,
		},
		{
			name: "dismiss an Owner as Maintainer", as: "maintainer", method: "DELETE", path: members + "/2",
			status: 403,
			want:   forbidden,
		},
		{
			name: "dismiss nobody", as: "maintainer", method: "DELETE", path: members + "/8", status: 404,
			want: recordMissing,
		},
		{name: "leave", as: "guest", method: "DELETE", path: members + "/7", status: 204},
	})
}

func TestMembers(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	const members = "/projects/6/members"
	added := h.do("maintainer", "POST", members, map[string]any{
		"user_id": "8", "access_level": 20,
		"expires_at": "2026-03-01",
	}).want(201)
	assert.Equal(t, added.text("expires_at"), "2026-03-01")
	assert.Equal(t, added.text("created_by.username"), "maintainer")
	assert.Equal(t, h.do("stranger", "GET", members+"/8", nil).want(200).text("access_level"), "20")
	changed := h.do("owner", "PUT", members+"/8", map[string]any{"access_level": 40, "expires_at": ""}).want(200)
	assert.Equal(t, changed.text("access_level"), "40")
	assert.Equal(t, changed.text("expires_at"), "<nil>")
	assert.DeepEqual(t, h.do("guest", "GET", members+"?query=s", nil).want(200).column("username"),
		[]string{"guest", "stranger"})
	assert.DeepEqual(t, h.do("guest", "GET", members+"?user_ids=3,4&show_seat_info=true", nil).want(200).
		column("is_using_seat"), []string{"true", "true"})
	assert.DeepEqual(t, h.do("guest", "GET", members+"?skip_users=1,2,3,4,5,6", nil).want(200).column("username"),
		[]string{"guest", "stranger"})
	for as, want := range map[string]string{"maintainer": "", "owner": "", "admin": "email"} {
		keys := []string{"email", "group_saml_identity", "group_scim_identity"}
		assert.Equal(t, hasKeys(as, members, "0", keys...)(h), want, as)
		assert.Equal(t, hasKeys(as, members+"/8", "", keys...)(h), want, as)
	}
	h.do("owner", "DELETE", members+"/8", nil).want(204)
	h.do("stranger", "GET", members, nil).wantBody(404, projectMissing)
}

func TestMembers_severalAtOnce(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("admin", "DELETE", "/projects/6/members/7", nil).want(204)
	h.do("maintainer", "POST", "/projects/6/members", map[string]any{"user_id": "7, 8", "access_level": 10}).
		wantBody(201, `{"status":"success"}`)
	assert.Equal(t, h.do("stranger", "GET", "/projects/6/members/8", nil).want(200).text("access_level"), "10")
}

// Those who have a role in a group above are members too, but not direct members.
func TestAllMembers_inherit(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("owner", "POST", "/groups/9/members", map[string]any{"user_id": 8, "access_level": 30}).want(201)
	h.do("owner", "POST", "/groups/9/members", map[string]any{"user_id": 7, "access_level": 40}).want(201)
	direct := h.do("owner", "GET", "/projects/6/members", nil).want(200)
	all := h.do("owner", "GET", "/projects/6/members/all", nil).want(200)
	assert.DeepEqual(t, direct.column("username"), []string{
		"owner", "maintainer", "developer", "reporter", "planner",
		"guest",
	})
	assert.DeepEqual(t, all.column("access_level"), []string{"50", "40", "30", "20", "15", "40", "30"})
	assert.DeepEqual(t, h.do("owner", "GET", "/projects/6/members/all?state=awaiting", nil).want(200).column("id"),
		[]string{})
}
