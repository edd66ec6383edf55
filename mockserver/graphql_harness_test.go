package mockserver_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/release"
)

const (
	graphQLURL   = testBaseURL + "/api/graphql"
	mainRule     = "gid://gitlab/Projects::BranchRule/14"
	allRule      = "gid://gitlab/Projects::AllBranchesRule/6"
	allProtected = "gid://gitlab/Projects::AllProtectedBranchesRule/6"
	checkGID     = "gid://gitlab/MergeRequests::ExternalStatusCheck/"
)

// post sends a body to GraphQL as it is.
func (h *harness) post(as string, body any, kind ...string) response {
	h.t.Helper()
	return h.send(h.graphQLRequest(as, http.MethodPost, graphQLURL, body, kind...))
}

func (h *harness) graphQLRequest(as, method, url string, body any, kind ...string) *http.Request {
	h.t.Helper()
	declared, text := "application/json", []byte(nil)
	if body != nil {
		declared, text = encodeBody(h.t, body)
	}
	r := httptest.NewRequest(method, url, bytes.NewReader(text))
	for _, k := range kind {
		declared = k
	}
	if body != nil && declared != "" {
		r.Header.Set("Content-Type", declared)
	}
	if as != "" {
		r.Header.Set("Private-Token", "glpat-"+as)
	}
	return r
}

// ask sends a query with its variables, as names and values by turns.
func (h *harness) ask(as, query string, variables ...any) response {
	h.t.Helper()
	body := map[string]any{"query": query}
	if len(variables) > 0 {
		values := map[string]any{}
		for i := 0; i < len(variables); i += 2 {
			values[variables[i].(string)] = variables[i+1]
		}
		body["variables"] = values
	}
	return h.post(as, body)
}

// mutations are those of GitLab's own pages, with all that they can answer.
const (
	createMutation = `mutation createStatusCheck($input: BranchRuleExternalStatusCheckCreateInput!) {
  branchRuleExternalStatusCheckCreate(input: $input) {
    externalStatusCheck { id name externalUrl hmac } errors clientMutationId
  }
}`
	updateMutation = `mutation updateStatusCheck($input: BranchRuleExternalStatusCheckUpdateInput!) {
  branchRuleExternalStatusCheckUpdate(input: $input) { externalStatusCheck { id name externalUrl hmac } errors }
}`
	destroyMutation = `mutation deleteStatusCheck($input: BranchRuleExternalStatusCheckDestroyInput!) {
  branchRuleExternalStatusCheckDestroy(input: $input) { errors }
}`
)

// input is an input object, given as names and values by turns.
func input(members ...any) map[string]any {
	values := map[string]any{}
	for i := 0; i < len(members); i += 2 {
		values[members[i].(string)] = members[i+1]
	}
	return values
}

func newCheck(rule string, more ...any) map[string]any {
	return input(append([]any{"branchRuleId", rule, "name", "New", "externalUrl", "https://new.example"}, more...)...)
}

// answers makes sure that a request is answered with 200 and a body, to the byte.
func (r response) answers(body string) {
	r.t.Helper()
	r.want(http.StatusOK)
	assert.Equal(r.t, string(r.body), body, r.request)
}

// notAvailableAt is the answer to a mutation that the caller may not do.
func notAvailableAt(line, column int, field string) string {
	place := fmt.Sprintf(`{"line":%d,"column":%d}`, line, column)
	return `{"errors":[{"message":"` + mockserver.NotAvailable + `","locations":[` + place + `],"path":["` + field +
		`"]}],"data":{"` +
		field + `":null}}`
}

// as is a release to behave as.
func as(v release.Version) func(*mockserver.Options) {
	return func(o *mockserver.Options) { o.Version = v }
}
