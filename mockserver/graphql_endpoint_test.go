package mockserver_test

import (
	"cmp"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/release"
)

const (
	typename     = `{"data":{"__typename":"Query"}}`
	endOfQuery   = `{"errors":[{"message":"Unexpected end of document","locations":[]}]}`
	invalidToken = `{"errors":[{"message":"Invalid token"}]}`
	serverBroke  = `{"errors":[{"message":"Internal server error"}]}`
)

func TestGraphQL_bodies(t *testing.T) {
	t.Parallel()
	const form = "application/x-www-form-urlencoded"
	for _, c := range []struct {
		name, body, kind string
		status           int
		want             string
	}{
		{"a query", `{"query":"{ __typename }"}`, typeJSON, 200, typename},
		{
			"null for what is not given", `{"query":"{ __typename }","variables":null,"operationName":null}`, typeJSON,
			200, typename,
		},
		{"no query", `{}`, typeJSON, 200, endOfQuery},
		{"an empty query", `{"query":" "}`, typeJSON, 200, endOfQuery},
		{"a comment alone", `{"query":"# nothing"}`, typeJSON, 200, endOfQuery},
		{
			"true for a query", `{"query":true}`, typeJSON, 200,
			`{"errors":[{"message":"Expected one of SCHEMA, SCALAR, TYPE, ENUM, INPUT, UNION, INTERFACE, actual: ` +
				`TRUE ` +
				`(\"true\") at [1, 1]","locations":[{"line":1,"column":1}]}]}`,
		},
		{"an object for a query", `{"query":{"a":1}}`, typeJSON, 200, endOfQuery},
		{"text for _json", `{"_json":"bad"}`, typeJSON, 200, endOfQuery},
		{
			"variables as text", `{"query":"query($t: String!) { echo(text: $t) }","variables":"{\"t\":\"x\"}"}`,
			typeJSON, 200, `{"data":{"echo":"nil says: x"}}`,
		},
		{"no variables as text", `{"query":"{ __typename }","variables":""}`, typeJSON, 200, typename},
		{"variables that are no JSON", `{"query":"{ __typename }","variables":"bad"}`, typeJSON, 422, ""},
		{
			"a list of variables", `{"query":"{ __typename }","variables":[1]}`, typeJSON, 422,
			`{"errors":[{"message":"Unexpected parameter: [1]"}]}`,
		},
		{
			"a number for variables", `{"query":"{ __typename }","variables":5}`, typeJSON, 422,
			`{"errors":[{"message":"Unexpected parameter: 5"}]}`,
		},
		{"a " +
			"batch", `[{"query":"{ __typename }"},{"query":"{ x }"},{"query":"query A { a: __typename }",` +
			`"operationName":"A"}]`, typeJSON, 200, `[` + typename +
			`,{"errors":[{"message":"Field 'x' doesn't exist on type 'Query'","locations":[{"line":1,` +
			`"column":3}],"path":["query","x"],"extensions":{"code":"undefinedField",` +
			`"typeName":"Query","fieldName":"x"}}]},{"data":{"a":"Query"}}]`},
		{"a batch of nothing", `[]`, typeJSON, 200, `[]`},
		{"a batch without a query", `[{"query":"{ __typename }"},{}]`, typeJSON, 500, serverBroke},
		{"a batch of something else", `[1]`, typeJSON, 500, serverBroke},
		{"a form", url.Values{"query": {"{ __typename }"}}.Encode(), form, 200, typename},
		{"a form with variables", url.Values{
			"query":        {"query($t: String!) { echo(text: $t) }"},
			"variables[t]": {"x"},
		}.Encode(), form, 200, `{"data":{"echo":"nil says: x"}}`},
		{"a form with variables as text", url.Values{
			"query":     {"query($t: String!) { echo(text: $t) }"},
			"variables": {`{"t":"x"}`},
		}.Encode(), form, 200, `{"data":{"echo":"nil says: x"}}`},
		{
			"a multipart form", "--b\r\nContent-Disposition: form-data; name=\"query\"\r\n\r\n" +
				"{ __typename }\r\n--b--\r\n",
			"multipart/form-data; boundary=b", 200, typename,
		},
		{"GraphQL as its own type", `{ __typename }`, "application/graphql", 200, endOfQuery},
		{"plain text", `{ __typename }`, "text/plain", 200, endOfQuery},
		{"no type", `{"query":"{ __typename }"}`, "", 200, endOfQuery},
		{"no JSON", `{"invalid": json}`, typeJSON, 400, `{"error":"Invalid JSON format"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			r := h.post("", c.body, c.kind).want(c.status)
			if c.want != "" {
				assert.Equal(t, string(r.body), c.want)
			}
		})
	}
}

func TestGraphQL_longQueries(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	long := strings.Repeat(" ", 10_001-len("{ __typename }")) + "{ __typename }"
	const tooLarge = `{"errors":[{"message":"Query too large"}]}`
	h.ask("", long).wantGraphQL(422, tooLarge)
	h.ask("", long[1:]).answers(typename)
	h.post("", []any{map[string]any{"query": long[5000:]}, map[string]any{"query": long[4000:]}}).wantGraphQL(422,
		tooLarge)
	h.ask("", strings.Repeat("__typename ", 1000)).wantGraphQL(422, tooLarge)
}

// wantGraphQL is wantBody for refusals that say why in their errors.
func (r response) wantGraphQL(status int, body string) {
	r.t.Helper()
	r.want(status)
	assert.Equal(r.t, string(r.body), body, r.request)
}

func TestGraphQL_verbs(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	get := func(method string, query url.Values) response {
		return h.send(h.graphQLRequest("maintainer", method, graphQLURL+"?"+query.Encode(), nil))
	}
	get("GET", url.Values{
		"query":     {"query A($t: String!) { echo(text: $t) } query B { __typename }"},
		"variables": {`{"t":"x"}`}, "operationName": {"A"},
	}).
		answers(`{"data":{"echo":"\"maintainer\" says: x"}}`)
	assert.Equal(t, len(get("HEAD", url.Values{"query": {"{ __typename }"}}).want(200).body), 0)
	mutation := url.Values{"query": {`mutation { branchRuleExternalStatusCheckDestroy(input: {id: "` + checkGID +
		`1", branchRuleId: "` + mainRule + `"}) { errors } }`}}
	get("GET", mutation).wantGraphQL(422, `{"errors":[{"message":"Mutations are forbidden in GET requests"}]}`)
	assert.Equal(t, get("HEAD", mutation).want(422).header.Get("Content-Type"), "application/json; charset=utf-8")
	get("PUT", mutation).want(404)
	get("DELETE", mutation).want(404)
	assert.DeepEqual(t, h.do("maintainer", "GET", checksPath, nil).want(200).column("id"), []string{"1", "2"})
	for _, path := range []string{"/api/graphql.json", "/api/graphql/"} {
		r := httptest.NewRequest("POST", testBaseURL+path, strings.NewReader(`{"query":"{ __typename }"}`))
		r.Header.Set("Content-Type", typeJSON)
		h.send(r).answers(typename)
	}
	h.do("", "POST", "/graphql", map[string]any{"query": "{ __typename }"}).want(404)
}

func TestGraphQL_headers(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	r := h.graphQLRequest("", "POST", graphQLURL, map[string]any{"query": "{ __typename }"})
	r.Header.Set("Origin", "https://elsewhere.example")
	answer := h.send(r).want(200)
	for name, want := range map[string]string{
		"Content-Type": "application/json; charset=utf-8", "X-Frame-Options": "SAMEORIGIN",
		"X-Content-Type-Options": "nosniff", "X-Xss-Protection": "1; mode=block", "X-Ua-Compatible": "IE=edge",
		"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "", "X-Gitlab-Custom-Error": "",
	} {
		assert.Equal(t, answer.header.Get(name), want, name)
	}
	assert.Assert(t, answer.header.Get("X-Request-Id") != "")
	refused := h.post("nobody", map[string]any{"query": "{ __typename }"}).want(401)
	assert.Equal(t, refused.header.Get("X-Gitlab-Custom-Error"), "1")
	assert.Equal(t, refused.header.Get("Www-Authenticate"), "")
}

// echoes is what the query echo says of the caller.
func echoes(who string) string { return `{"data":{"echo":"` + who + ` says: x"}}` }

func TestGraphQL_tokens(t *testing.T) {
	t.Parallel()
	const query = `{ echo(text: "x") }`
	h := newHarness(t)
	h.update(func(tx *gitlab.Tx) error {
		developer, _ := tx.UserByUsername("developer")
		for secret, t := range map[string]gitlab.Token{
			"revoked": {Revoked: true}, "expired": {ExpiresOn: testNow.AddDate(0, 0, -1)},
			"reads-user": {Scopes: []string{"read_user"}}, "reads": {Scopes: []string{"read_api"}},
			"job": {Kind: gitlab.JobToken}, "oauth": {Kind: gitlab.OAuthToken},
		} {
			t.UserID, t.Kind = developer.ID, cmp.Or(t.Kind, gitlab.PersonalToken)
			if t.Scopes == nil {
				t.Scopes = []string{"api"}
			}
			tx.CreateToken(t, "glpat-"+secret)
		}
		blocked, err := tx.CreateUser(gitlab.User{Username: "blocked", Email: "blocked@example.com", Blocked: true})
		tx.CreateToken(gitlab.Token{UserID: blocked.ID, Kind: gitlab.PersonalToken, Scopes: []string{"api"}},
			"glpat-blocked")
		return err
	})
	const developer = `\"developer\"`
	for _, c := range []struct {
		name   string
		change func(*http.Request)
		status int
		want   string
	}{
		{"nobody", func(*http.Request) {}, 200, echoes("nil")},
		{"a private token", withHeader("Private-Token", "glpat-developer"), 200, echoes(developer)},
		{"a bearer", withHeader("Authorization", "Bearer glpat-developer"), 200, echoes(developer)},
		{"an OAuth token", withHeader("Authorization", "Bearer glpat-oauth"), 200, echoes(developer)},
		{"a token that only reads", withHeader("Private-Token", "glpat-reads"), 200, echoes(developer)},
		{"a token in the query", withQuery("private_token=glpat-developer"), 200, echoes(developer)},
		{"an access token in the query", withQuery("access_token=glpat-developer"), 200, echoes(developer)},
		{"a token for static objects", withHeader("X-Gitlab-Static-Object-Token", "x"), 200, echoes("nil")},
		{"Basic", withHeader("Authorization", "Basic eDp5"), 200, echoes("nil")},
		{"an unknown token", withHeader("Private-Token", "glpat-nobody"), 401, invalidToken},
		{"a revoked token", withHeader("Private-Token", "glpat-revoked"), 401, invalidToken},
		{"an expired token", withHeader("Private-Token", "glpat-expired"), 401, invalidToken},
		{"a token of another scope", withHeader("Private-Token", "glpat-reads-user"), 401, invalidToken},
		{"an OAuth token as a private one", withHeader("Private-Token", "glpat-oauth"), 401, invalidToken},
		{"a job token", withHeader("Job-Token", "glpat-job"), 401, invalidToken},
		{"a job token as a bearer", withHeader("Authorization", "Bearer glpat-job"), 401, invalidToken},
		{"a deploy token", withHeader("Deploy-Token", "gldt-x"), 401, invalidToken},
		{"token in the query", withQuery("token=x"), 401, invalidToken},
		{"job_token in the query", withQuery("job_token=x"), 401, invalidToken},
		{
			"a blocked user", withHeader("Private-Token", "glpat-blocked"), 403,
			`{"errors":[{"message":"API not accessible for user"}]}`,
		},
	} {
		r := h.graphQLRequest("", "POST", graphQLURL, map[string]any{"query": query})
		c.change(r)
		answer := h.send(r).want(c.status)
		assert.Equal(t, string(answer.body), c.want, c.name)
	}
	broken := h.graphQLRequest("nobody", "POST", graphQLURL, map[string]any{"query": "{"})
	assert.Equal(t, string(h.send(broken).want(401).body), invalidToken, "a token that does not hold beats the query")
	batch := h.post("nobody", []any{map[string]any{"query": query}, map[string]any{"query": query}})
	batch.wantGraphQL(401, invalidToken)
}

func withHeader(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func withQuery(query string) func(*http.Request) {
	return func(r *http.Request) { r.URL.RawQuery = query }
}

func TestGraphQL_limits(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	many := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString("a")
			b.WriteString(strings.Repeat("a", i%40))
			b.WriteByte(byte('a' + i/40))
			b.WriteString(": __typename ")
		}
		return "{ queryComplexity { score limit } " + b.String() + "}"
	}
	assert.Equal(t, h.ask("", many(197)).want(200).text("data.queryComplexity.score"), "200")
	h.ask("", many(198)).answers(`{"errors":[{"message":"Query has complexity of 201, which exceeds max complexity ` +
		`of 200"}]}`)
	assert.Equal(t, h.ask("guest", many(198)).want(200).text("data.queryComplexity.limit"), "250")
	assert.Equal(t, h.ask("admin", many(198)).want(200).text("data.queryComplexity.limit"), "300")
	assert.Equal(t, h.ask("", `{ project(fullPath: "x") { branchRules { nodes { isDefault name } } } `+
		`queryComplexity { score } }`).
		want(200).text("data.queryComplexity.score"), "9")
	assert.Assert(t, strings.HasPrefix(h.ask("", `{ __schema { types { fields { type { fields { type { fields { `+
		`name } } } } } } } }`).want(200).text("errors.0.message"), "Recursive query - too many of fields ") ||
		h.has(gitlab.DumpsSchema))
}

// GraphQL counts as the API for rate limits, and is refused as it is.
func TestGraphQL_rateLimits(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t, limited("throttle_authenticated_api=2/1m"))
	h.ask("guest", "{ __typename }").answers(typename)
	h.do("guest", "GET", "/version", nil).want(200)
	refused := h.ask("guest", "{ __typename }").want(429)
	assert.Equal(t, string(refused.body), "Retry later\n")
	assert.Equal(t, refused.header.Get("Content-Type"), "text/plain")
	assert.Equal(t, refused.header.Get("Retry-After"), "60")
}

func TestGraphQL_introspection(t *testing.T) {
	t.Parallel()
	const small = `{ __schema { queryType { name } } }`
	const unknown = `{"errors":[{"message":"Field '__schema' doesn't exist on type 'Query'","locations":[{"line":1,` +
		`"column":11}],"path":["query A","__schema"],"extensions":{"code":"undefinedField","typeName":"Query",` +
		`"fieldName":"__schema"}}]}`
	before, after := newHarness(t, as(release.Of(18, 5))), newHarness(t)
	before.ask("", small).answers(`{"data":{"__schema":{"queryType":{"name":"Query"}}}}`)
	before.ask("", `{ __type(name: "ExternalStatusCheck") { kind fields { name type { kind ofType { name } } } } }`).
		answers(`{"data":{"__type":{"kind":"OBJECT","fields":[` +
			`{"name":"externalUrl","type":{"kind":"NON_NULL","ofType":{"name":"String"}}},` +
			`{"name":"id","type":{"kind":"NON_NULL","ofType":{"name":"GlobalID"}}},` +
			`{"name":"name","type":{"kind":"NON_NULL","ofType":{"name":"String"}}}]}}}`)
	for _, query := range []string{small, `{ __type(name: "Project") { name } }`, `query IntrospectionQuery { a }`} {
		dump := after.ask("", query).want(200)
		assert.Equal(t, dump.text("data.__schema.mutationType.name"), "Mutation", query)
	}
	after.post("", map[string]any{
		"query":         `query A { __schema { queryType { name } } }`,
		"operationName": "A",
	}).answers(unknown)
	batch := after.post("", []any{map[string]any{"query": `query A { __schema { queryType { name } } }`}})
	batch.answers("[" + unknown + "]")
	after.ask("", `{ __typename }`).answers(typename)
}

func TestGraphQL_withoutWhatIsDeprecated(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	r := h.graphQLRequest("maintainer", "POST", graphQLURL+"?remove_deprecated=true", map[string]any{
		"query": `{ project(fullPath: "flightjs/Flight") { mergeRequest(iid: "4") { mergeStatus } } }`,
	})
	assert.Equal(t, h.send(r).want(200).text("errors.0.extensions.code"), "undefinedField")
}

func TestGraphQL_introduced(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	const query = `{ a: nothing @gl_introduced(version: "18.10.0") { b } __typename @gl_introduced(version: "18.9.0") }`
	h.ask("", query).answers(`{"data":{"a":null,"__typename":"Query"}}`)
	assert.Equal(t, h.ask("", `{ nothing @gl_introduced(version: "18.9.0") }`).text("errors.0.extensions.code"),
		"undefinedField")
}

func TestGraphQL_schemaHasResolvers(t *testing.T) {
	t.Parallel()
	fields := map[string]bool{}
	for _, v := range release.All() {
		for _, name := range mockserver.GraphQLSchema(v).Fields() {
			fields[name] = true
			assert.Assert(t, mockserver.GraphQLResolvers()[name] != nil, "nothing resolves %s", name)
		}
	}
	for name := range mockserver.GraphQLResolvers() {
		assert.Assert(t, fields[name], "%s is resolved and in no schema", name)
	}
}
