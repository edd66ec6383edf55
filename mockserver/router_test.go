package mockserver

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

func TestRouter_finds(t *testing.T) {
	t.Parallel()
	r := newRouter(openapi.GitLab().At(release.Reference))
	for _, tc := range []struct {
		method, path string
		operation    string // empty if nothing is found
		values       map[string]string
	}{
		{"GET", "/projects/6/external_status_checks", "listExternalStatusChecks", map[string]string{"id": "6"}},
		{"GET", "/projects/6/external_status_checks/", "listExternalStatusChecks", map[string]string{"id": "6"}},
		{"GET", "/projects/6/external_status_checks.json", "listExternalStatusChecks", map[string]string{"id": "6"}},
		{"GET", "/projects/6/external_status_checks.xml", "listExternalStatusChecks", map[string]string{"id": "6"}},
		{
			"GET", "/projects/a%2Fb.c/external_status_checks", "listExternalStatusChecks",
			map[string]string{"id": "a/b.c"},
		},
		{
			"GET", "/projects/a%2Fb%2Ec%2Dd%5Fe/external_status_checks", "listExternalStatusChecks",
			map[string]string{"id": "a/b.c-d_e"},
		},
		{
			"GET", "/projects/a%252Fb/external_status_checks", "listExternalStatusChecks",
			map[string]string{"id": "a%2Fb"},
		},
		{
			"PUT", "/projects/6/external_status_checks/1", "updateExternalStatusCheck",
			map[string]string{"id": "6", "check_id": "1"},
		},
		{
			"PUT", "/projects/6/external_status_checks/1.json", "updateExternalStatusCheck",
			map[string]string{"id": "6", "check_id": "1"},
		},
		{
			"DELETE", "/projects/6/external_status_checks/1.5", "deleteExternalStatusCheck",
			map[string]string{"id": "6", "check_id": "1"},
		},
		{
			"POST", "/projects/6/merge_requests/4/status_checks/2/retry.json", "retryStatusCheck",
			map[string]string{"id": "6", "merge_request_iid": "4", "external_status_check_id": "2"},
		},
		{"GET", "/projects/a%2Fb.json", "getProject", map[string]string{"id": "a/b.json"}},
		{"GET", "/projects/6/repository/branches/v1.2", "getBranch", map[string]string{"id": "6", "branch": "v1.2"}},
		{"GET", "/projects/6/repository/branches/a%2Fb", "getBranch", map[string]string{"id": "6", "branch": "a/b"}},
		{"GET", "/projects/6/external_status_checks/1", "", nil},
		{"PATCH", "/projects/6/external_status_checks/1", "", nil},
		{"GET", "/projects/6//external_status_checks", "", nil},
		{"GET", "/projects/6/./external_status_checks", "", nil},
		{"GET", "//projects/6/external_status_checks", "", nil},
		{"GET", "/projects/a/b/external_status_checks", "", nil},
		{"GET", "/projects/6/external_status_checks/1/2", "", nil},
		{"PUT", "/projects/6/external_status_checks/1.5.6", "", nil},
		{"GET", "/nothing", "", nil},
		{"GET", "", "", nil},
	} {
		m, found := r.find(tc.method, tc.path)
		assert.Equal(t, found, tc.operation != "", "%s %s", tc.method, tc.path)
		if found {
			assert.Equal(t, m.op.ID, tc.operation, tc.path)
			assert.DeepEqual(t, m.path, tc.values)
		}
	}
}

// TestRouter_findsWhatAServeMuxFinds compares with the multiplexer of the standard library, and with what the contract
// reads from a path.
func TestRouter_findsWhatAServeMuxFinds(t *testing.T) {
	t.Parallel()
	contract := openapi.GitLab().At(release.Reference)
	r, mux := newRouter(contract), http.NewServeMux()
	var paths []string
	for _, op := range contract.Operations() {
		if op.Root() != contract.Root() {
			continue
		}
		mux.Handle(op.Method+" "+op.Path, operationHandler{op: op})
		paths = append(paths, variantsOf(op.Path)...)
	}
	for _, path := range paths {
		for _, method := range []string{"GET", "PUT", "POST", "DELETE", "PATCH", "TRACE"} {
			u, err := url.Parse(path)
			assert.NilError(t, err)
			handler, _ := mux.Handler(&http.Request{Method: method, URL: u, Host: "gitlab"})
			want, known := handler.(operationHandler)
			got, found := r.lookup(method, path)
			assert.Equal(t, found, known, "%s %s", method, path)
			if !found {
				continue
			}
			assert.Equal(t, got.op.ID, want.op.ID, "%s %s", method, path)
			values, _ := got.op.PathValues(path)
			assert.DeepEqual(t, got.path, values)
		}
	}
}

// operationHandler is how a multiplexer knows an operation.
type operationHandler struct {
	http.Handler
	op *openapi.Operation
}

// variantsOf are paths of a template, and some that have too much or too little.
func variantsOf(template string) []string {
	var paths []string
	for _, value := range []string{
		"1", "all", "self", "raw", "a%2Fb", "%2e%2E", "a%20b%2Ec", "%C3%A4", "merge_requests",
	} {
		path := regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(template, value)
		paths = append(paths, path, path+"/"+value, path[:strings.LastIndexByte(path, '/')]+"/"+value,
			strings.Replace(path, "s/", "%73/", 1))
	}
	return paths
}

func TestRouter_allows(t *testing.T) {
	t.Parallel()
	r := newRouter(openapi.GitLab().At(release.Reference))
	for path, want := range map[string][]string{
		"/projects/6/external_status_checks":                  {"OPTIONS", "POST", "GET", "HEAD"},
		"/projects/6/external_status_checks/1":                {"OPTIONS", "PUT", "DELETE"},
		"/projects/6/merge_requests/4/status_checks":          {"OPTIONS", "GET", "HEAD"},
		"/projects/6/merge_requests/4/status_check_responses": {"OPTIONS", "POST"},
		"/projects/6/merge_requests/4/status_checks/1/retry":  {"OPTIONS", "POST"},
		"/nothing": nil,
	} {
		_, got := r.allowed(path)
		assert.DeepEqual(t, got, want)
	}
}

func TestOperations_matchTheContract(t *testing.T) {
	t.Parallel()
	declared := map[string]bool{}
	for _, op := range openapi.GitLab().At(release.Newest).Operations() {
		declared[op.ID] = true
		_, ok := operations[op.ID]
		assert.Check(t, ok, "operation %s is in the contract and not in the mock", op.ID)
	}
	for id := range operations {
		assert.Check(t, declared[id], "operation %s is in the mock and not in the contract", id)
	}
}
