package mockserver_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

const projectTokens = "/projects/6/access_tokens"

func newProjectToken(level any) map[string]any {
	return map[string]any{"name": "bot", "scopes": []string{"api"}, "access_level": level, "expires_at": "2026-12-31"}
}

func TestTokens_refusals(t *testing.T) {
	t.Parallel()
	personal := map[string]any{"name": "ci", "scopes": []string{"api"}}
	without := func(name string) map[string]any {
		body := newProjectToken(30)
		delete(body, name)
		return body
	}
	const tokenMissing = `{"message":"404 Could not find project access token with token_id: 99 Not Found"}`
	runExchanges(t, []exchangeCase{
		{
			name: "personal for others", as: "owner", method: "POST", path: "/users/4/personal_access_tokens",
			body: personal, status: 403, want: forbidden,
		},
		{
			name: "personal for nobody", as: "admin", method: "POST", path: "/users/99/personal_access_tokens",
			body: personal, status: 404, want: `{"message":"404 User Not Found"}`,
		},
		{
			name: "personal with an unknown scope", as: "admin", method: "POST",
			path:   "/users/4/personal_access_tokens",
			body:   map[string]any{"name": "ci", "scopes": []string{"api", "test", "best"}},
			status: 400,
			want:   `{"error":"scopes does not have a valid value"}`,
		},
		{
			name: "for a project with an unknown scope", as: "maintainer", method: "POST",
			path: "/projects/6/access_tokens", body: map[string]any{"name": "ci", "scopes": []string{"test"}},
			status: 400, want: `{"error":"scopes does not have a valid value"}`,
		},
		{
			name: "for a project with the scope of a user", as: "maintainer", method: "POST",
			path: "/projects/6/access_tokens", body: map[string]any{"name": "ci", "scopes": "api,read_user"},
			status: 400, want: `{"error":"scopes does not have a valid value"}`,
		},
		{
			name: "personal without scopes", as: "admin", method: "POST", path: "/users/4/personal_access_tokens",
			body: map[string]any{"name": "ci"}, status: 400, want: `{"error":"scopes is missing"}`,
		},
		{
			name: "personal with a blank name", as: "admin", method: "POST", path: "/users/4/personal_access_tokens",
			body: map[string]any{"name": " ", "scopes": []string{"api"}}, status: 422,
			want: `{"message":"Name can't be blank"}`,
		},
		{
			name: "personal for too long", as: "admin", method: "POST", path: "/users/4/personal_access_tokens",
			body: map[string]any{"name": "ci", "scopes": []string{"api"}, "expires_at": "2027-02-04"}, status: 422,
			want: `{"message":"Expiration date must be before 2027-02-04"}`,
		},
		{
			name: "tokens of others", as: "owner", method: "GET", path: "/personal_access_tokens?user_id=4",
			status: 401,
			want:   unauthorized,
		},
		{
			name: "revoke one of others", as: "owner", method: "DELETE", path: "/personal_access_tokens/4", status: 400,
			want: `{"message":"400 Bad request"}`,
		},
		{
			name: "revoke none", as: "owner", method: "DELETE", path: "/personal_access_tokens/99", status: 404,
			want: recordMissing,
		},
		{
			name: "project list as Developer", as: "developer", method: "GET", path: projectTokens, status: 401,
			want: unauthorized,
		},
		{
			name: "project show as Developer", as: "developer", method: "GET", path: projectTokens + "/99", status: 401,
			want: unauthorized,
		},
		{
			name: "project show none", as: "maintainer", method: "GET", path: projectTokens + "/99", status: 404,
			want: tokenMissing,
		},
		{
			name: "project create as a stranger", as: "stranger", method: "POST", path: projectTokens,
			body: newProjectToken(30), status: 404, want: projectMissing,
		},
		{
			name: "project create as Developer", as: "developer", method: "POST", path: projectTokens,
			body: newProjectToken(10), status: 400, want: `{"message":"400 Bad request - User does not have ` +
				`permission to create project access token"}`,
		},
		{
			name: "project create above oneself", as: "maintainer", method: "POST", path: projectTokens,
			body: newProjectToken(50), status: 400, want: `{"message":"400 Bad request - Access level of the token ` +
				`contains permissions not held by the creating user"}`,
		},
		{
			name: "project create a Planner as Maintainer", as: "maintainer", method: "POST", path: projectTokens,
			body: newProjectToken(15), status: 400, want: `{"message":"400 Bad request - Access level of the token ` +
				`contains permissions not held by the creating user"}`,
		},
		{
			name: "project create for ever", as: "maintainer", method: "POST", path: projectTokens,
			body: without("expires_at"), status: 400, want: `{"message":"400 Bad request - expires_at is missing"}`,
		},
		{
			name: "project create with an unknown level", as: "maintainer", method: "POST", path: projectTokens,
			body: newProjectToken(33), status: 400, want: `{"error":"access_level does not have a valid value"}`,
		},
		{
			name: "project create without a name", as: "maintainer", method: "POST", path: projectTokens,
			body: without("name"), status: 400, want: `{"error":"name is missing"}`,
		},
		{
			name: "project revoke none", as: "maintainer", method: "DELETE", path: projectTokens + "/99", status: 404,
			want: tokenMissing,
		},
		{
			name: "project revoke as Developer", as: "developer", method: "DELETE", path: projectTokens + "/9",
			status: 400, want: `{"message":"400 Bad request - Dana Developer cannot delete bot"}`,
			arrange: func(h *harness) {
				assert.Equal(h.t, h.do("maintainer", "POST", projectTokens, newProjectToken(30)).want(201).text("id"),
					"9")
			},
		},
	})
}

func TestProjectToken_isABotWithARole(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		as           string
		level        int
		statusChecks int // the status of listing the project's checks
	}{
		{"maintainer", 10, 401},
		{"owner", 15, 401},
		{"maintainer", 20, 401},
		{"maintainer", 30, 401},
		{"maintainer", 40, 200},
		{"owner", 50, 200},
	} {
		h := newHarness(t)
		made := h.do(tc.as, "POST", projectTokens, newProjectToken(tc.level)).want(201)
		assert.Equal(t, made.number("access_level"), int64(tc.level))
		assert.Equal(t, made.text("resource_type")+" "+made.text("resource_id"), "project 6")
		assert.Equal(t, made.text("expires_at"), "2026-12-31")
		token := made.text("token")
		h.do(token, "GET", checksPath, nil).want(tc.statusChecks)
		me := h.do(token, "GET", "/user", nil).want(200)
		assert.Equal(t, me.text("bot"), "true")
		assert.Equal(t, me.text("id"), made.text("user_id"))
		assert.Equal(t, h.do(token, "GET", "/personal_access_tokens/self", nil).want(200).text("id"), made.text("id"))
		assert.Equal(t, h.do("owner", "GET", "/projects/6/members/"+made.text("user_id"), nil).want(200).
			number("access_level"), int64(tc.level))
	}
}

func TestProjectToken_isRevoked(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	made := h.do("maintainer", "POST", projectTokens, newProjectToken(30)).want(201)
	path := projectTokens + "/" + made.text("id")
	assert.Equal(t, h.do("maintainer", "GET", path, nil).want(200).get("token"), nil)
	h.do("maintainer", "DELETE", path, nil).want(204)
	assert.Equal(t, h.do("maintainer", "GET", path, nil).want(200).text("revoked"), "true")
	h.do(made.text("token"), "GET", "/user", nil).
		wantBody(401, `{"error":"invalid_token","error_description":"Token was revoked. You have to re-authorize `+
			`from the user."}`)
	assert.DeepEqual(t, h.do("maintainer", "GET", projectTokens+"?state=active", nil).want(200).column("id"),
		[]string{})
	assert.DeepEqual(t, h.do("maintainer", "GET", projectTokens+"?revoked=true", nil).want(200).column("active"),
		[]string{"false"})
}

func TestToken_expires(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	made := h.do("admin", "POST", "/users/4/personal_access_tokens",
		map[string]any{"name": "ci", "scopes": []string{"api"}, "expires_at": "2026-02-04"}).want(201)
	h.clock.advance(14*time.Hour - time.Second)
	h.do(made.text("token"), "GET", "/user", nil).want(200)
	h.clock.advance(time.Second)
	h.do(made.text("token"), "GET", "/user", nil).
		wantBody(401, `{"error":"invalid_token","error_description":"Token is expired. You can either do `+
			`re-authorization or token refresh."}`)
	forever := h.do("admin", "POST", "/users/4/personal_access_tokens",
		map[string]any{"name": "ci", "scopes": []string{"api"}}).want(201)
	assert.Equal(t, forever.text("expires_at"), "2027-02-04", "a year, if nothing is said")
}

func TestPersonalTokens_areListedAndRevoked(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.clock.advance(time.Hour)
	for _, name := range []string{"beta", "Alpha"} {
		h.do("admin", "POST", "/users/4/personal_access_tokens", map[string]any{"name": name, "description": "for " +
			name, "scopes": []string{"api", "read_user"}}).want(201)
	}
	h.do("developer", "DELETE", "/personal_access_tokens/9", nil).want(204)
	for query, want := range map[string][]string{
		"":                                   {"developer", "beta", "Alpha"},
		"sort=name_asc":                      {"Alpha", "beta", "developer"},
		"sort=created_desc":                  {"beta", "Alpha", "developer"},
		"sort=expires_asc":                   {"developer", "beta", "Alpha"},
		"sort=last_used_desc":                {"developer", "beta", "Alpha"},
		"revoked=true":                       {"beta"},
		"state=inactive":                     {"beta"},
		"state=active":                       {"developer", "Alpha"},
		"search=ALP":                         {"Alpha"},
		"created_after=2026-02-03T10:30:00Z": {"beta", "Alpha"},
		"expires_before=2026-01-01":          {"developer"},
	} {
		got := h.do("developer", "GET", "/personal_access_tokens?"+query, nil).want(200).column("name")
		assert.Check(t, cmp.Equal(got, want), "%s: %s", query, cmp.Diff(want, got))
	}
	assert.Equal(t, len(h.do("admin", "GET", "/personal_access_tokens", nil).want(200).column("id")), 10)
	assert.DeepEqual(t, h.do("admin", "GET", "/personal_access_tokens?user_id=3", nil).want(200).column("name"),
		[]string{"maintainer"})
}

func TestTokenSelf(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("developer", "GET", "/user", nil).want(200)
	assert.Equal(t, h.do("developer", "GET", "/personal_access_tokens/self", nil).want(200).text("last_used_at"),
		"2026-02-03T10:00:00.000Z")
	h.update(func(tx *gitlab.Tx) error {
		tx.CreateToken(gitlab.Token{Kind: gitlab.OAuthToken, UserID: 4, Scopes: []string{"api"}}, "glpat-oauth")
		return nil
	})
	h.do("glpat-oauth", "GET", "/personal_access_tokens/self", nil).
		wantBody(400, `{"message":"400 Bad request - This endpoint requires token type to be a personal access token"}`)
}
