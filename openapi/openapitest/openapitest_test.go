package openapitest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

func contract() *openapi.Document { return openapi.GitLab().At(release.Reference) }

// witness is a testing.TB that only records what failed.
type witness struct {
	testing.TB
	failures []string
	fatal    bool
}

func (w *witness) Helper() {}
func (w *witness) Errorf(format string, a ...any) {
	w.failures = append(w.failures, fmt.Sprintf(format, a...))
}

func (w *witness) Fatalf(format string, a ...any) { w.Errorf(format, a...); w.fatal = true; panic(w) }
func (w *witness) watch(check func(t testing.TB)) { defer func() { _ = recover() }(); check(w) }
func (w *witness) says(t *testing.T, parts ...string) {
	t.Helper()
	all := strings.Join(w.failures, "\n")
	assert.Equal(t, len(w.failures), len(parts), all)
	for _, part := range parts {
		assert.Assert(t, strings.Contains(all, part), "%q is not in:\n%s", part, all)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ method, path, want string }{
		{"GET", "/api/v4/projects/6/external_status_checks", "listExternalStatusChecks"},
		{"HEAD", "/api/v4/projects/6/external_status_checks", "listExternalStatusChecks"},
		{"GET", "/worlds/one/api/v4/projects/a%2Fb/external_status_checks/", "listExternalStatusChecks"},
		{"GET", "/api/v4/projects/6/members/all", "listAllProjectMembers"},
		{"GET", "/api/v4/projects/6/members/7", "getProjectMember"},
		{"GET", "/api/v4/personal_access_tokens/self", "getPersonalAccessTokenSelf"},
		{"POST", "/api/v4/projects/6/merge_requests/4/status_checks/1/retry.json", "retryStatusCheck"},
		{"GET", "/api/v4/projects/a.json", "getProject"},
		{"GET", "/api/v4/projects/6/external_status_checks/1", ""},
		{"PATCH", "/api/v4/projects/6/external_status_checks", ""},
		{"GET", "/api/v4/projects//external_status_checks", ""},
		{"GET", "/api/v5/version", ""},
	} {
		got := ""
		if o := Find(contract(), test.method, test.path); o != nil {
			got = o.ID
		}
		assert.Equal(t, got, test.want, "%s %s", test.method, test.path)
	}
}

// answering is a server that responds the same to every request.
func answering(status int, contentType, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

const retry = "/api/v4/projects/6/merge_requests/4/status_checks/1/retry"

func record(t *testing.T, h http.Handler, method, path, contentType, body string) []Exchange {
	t.Helper()
	recorder := NewRecorder(contract())
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	recorder.Handler(h).ServeHTTP(httptest.NewRecorder(), r)
	return recorder.Exchanges()
}

func TestRecorder(t *testing.T) {
	t.Parallel()
	recorder := NewRecorder(contract())
	inside := recorder.Handler(answering(202, "application/json", `{"message":"202 Accepted"}`))
	server := httptest.NewServer(inside)
	defer server.Close()
	outside := NewRecorder(contract())
	client := &http.Client{Transport: outside.RoundTripper(nil)}

	answer, err := client.Post(server.URL+retry, "application/json", strings.NewReader(`{"a":1}`))
	assert.NilError(t, err)
	body, err := io.ReadAll(answer.Body)
	assert.NilError(t, err)
	assert.NilError(t, answer.Body.Close())
	assert.Equal(t, string(body), `{"message":"202 Accepted"}`, "the caller still gets the body")
	assert.Equal(t, answer.StatusCode, 202)

	for _, kept := range [][]Exchange{recorder.Exchanges(), outside.Exchanges()} {
		assert.Equal(t, len(kept), 1)
		assert.Equal(t, kept[0].Operation, "retryStatusCheck")
		assert.Equal(t, string(kept[0].RequestBody), `{"a":1}`)
		assert.Equal(t, string(kept[0].Body), `{"message":"202 Accepted"}`)
		assert.Equal(t, kept[0].Header.Get("Content-Type"), "application/json")
	}
}

func TestConform(t *testing.T) {
	t.Parallel()
	Conform(t, contract(), record(t, answering(202, "application/json", `{"message":"202 Accepted"}`), "POST", retry,
		"", ""))
	Conform(t, contract(), record(t, answering(404, "application/json", `{}`), "POST", "/api/v4/nothing", "", ""))

	w := &witness{}
	Conform(w, contract(), record(t, answering(202, "application/json", `{"message":202}`), "POST", retry, "", ""))
	Conform(w, contract(), record(t, answering(200, "application/json", `{}`), "POST", "/api/v4/nothing", "", ""))
	w.says(t, "retryStatusCheck answered 202 against the contract: type at /message",
		"the contract has no such operation")
}

func TestAgree(t *testing.T) {
	t.Parallel()
	good := answering(202, "application/json", `{"message":"202 Accepted"}`)
	list := filepath.Join(t.TempDir(), "disagreements.txt")
	write := func(text string) { assert.NilError(t, os.WriteFile(list, []byte(text), 0o600)) }

	write("# nothing known\n")
	Agree(t, contract(), record(t, good, "POST", retry, "", ""), list)
	Agree(t, contract(), record(t, answering(202, "application/json", `{}`), "POST", retry, "", ""), list)

	// A list with one item in a form: kin reads a list, libopenapi does not.
	odd := record(t, answering(422, "application/json", `{"message":["Name has already been taken"]}`),
		"POST", "/api/v4/projects/6/external_status_checks", "application/x-www-form-urlencoded",
		"name=a&external_url=b&protected_branch_ids=7")
	const line = "createExternalStatusCheck request: only libopenapi: type /protected_branch_ids"
	w := &witness{}
	w.watch(func(t testing.TB) { Agree(t, contract(), odd, list) })
	w.says(t, "the validators disagree, and "+list+" does not say so: "+line)

	write("# known\n" + line + "\n")
	Agree(t, contract(), odd, list)
	w = &witness{}
	w.watch(func(t testing.TB) { Agree(t, contract(), nil, list) })
	w.says(t, "lists a disagreement that is gone: "+line)

	w = &witness{}
	w.watch(func(t testing.TB) { Agree(t, contract(), nil, filepath.Join(list, "absent")) })
	assert.Assert(t, w.fatal)
}

// The environment variable belongs to the process, so this test must run alone.
func TestAgreeRewrites(t *testing.T) {
	t.Setenv("UPDATE_AGREEMENT", "1")
	list := filepath.Join(t.TempDir(), "disagreements.txt")
	assert.NilError(t, os.WriteFile(list, []byte("# why\nstale line\n"), 0o600))
	odd := record(t, answering(401, "application/json", `{"message":"401 Unauthorized"}`),
		"POST", "/api/v4/projects/6/external_status_checks", "application/x-www-form-urlencoded",
		"name=a&external_url=b&protected_branch_ids=7")
	Agree(t, contract(), odd, list)
	text, err := os.ReadFile(list)
	assert.NilError(t, err)
	assert.Equal(t, string(text), "# why\ncreateExternalStatusCheck request: only libopenapi: type "+
		"/protected_branch_ids\n")
}

type statusCheck struct {
	ID          int    `json:"id"`
	Name        string `json:"name"`
	ExternalURL string `json:"external_url"`
	Status      string `json:"status"`
}

type swapped struct {
	Name   string `json:"name"`
	ID     int    `json:"id"`
	URL    string `json:"external_url"`
	Status string `json:"status"`
	More   bool   `json:"more"`
}

type short struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
}

func TestDrift(t *testing.T) {
	t.Parallel()
	Drift(t, contract(), "StatusCheck", statusCheck{})
	Drift(t, contract(), "listMergeRequestStatusChecks 200", []statusCheck{{}, {}})
	Drift(t, contract(), "retryStatusCheck 202", map[string]string{"message": "202 Accepted"})

	for at, test := range map[string]struct {
		value any
		want  []string
	}{
		"StatusCheck": {swapped{}, []string{"/id stands after name", "/more is not declared"}},
		"listMergeRequestStatusChecks 200": {[]short{{}}, []string{
			"/0/external_url is missing", "/0/status is missing", "no value has /0/external_url",
			"no value has /0/status",
		}},
		"Nothing":                       {short{}, []string{`no schema for "Nothing"`}},
		"retryStatusCheck 299":          {short{}, []string{`no schema for "retryStatusCheck 299"`}},
		"listNothing 200":               {short{}, []string{`no schema for "listNothing 200"`}},
		"AnsweredStatusCheck":           {short{}, []string{`no schema for`}}, // not in 18.9
		"deleteExternalStatusCheck 204": {short{}, []string{`no schema for`}},
		"ExternalStatusCheck":           {make(chan int), []string{"marshal chan int"}},
	} {
		w := &witness{}
		Drift(w, contract(), at, test.value)
		w.says(t, test.want...)
	}
}

// A key may be missing from some values, if at least one of them has it.
func TestDriftOfOptionalKeys(t *testing.T) {
	t.Parallel()
	type token struct {
		ID          int      `json:"id"`
		Name        string   `json:"name"`
		Revoked     bool     `json:"revoked"`
		CreatedAt   string   `json:"created_at"`
		Description *string  `json:"description"`
		Scopes      []string `json:"scopes"`
		UserID      int      `json:"user_id"`
		LastUsedAt  *string  `json:"last_used_at"`
		Active      bool     `json:"active"`
		ExpiresAt   *string  `json:"expires_at"`
		LastUsedIPs []string `json:"last_used_ips,omitempty"`
		Granular    *bool    `json:"granular,omitempty"`
		Token       string   `json:"token"`
	}
	granular := true
	Drift(t, contract(), "NewPersonalAccessToken", token{}, token{LastUsedIPs: []string{"::1"}, Granular: &granular})

	w := &witness{}
	Drift(w, contract(), "NewPersonalAccessToken", token{})
	w.says(t, "no value has /last_used_ips", "no value has /granular")

	Fits(t, contract(), "NewPersonalAccessToken", token{})
	w = &witness{}
	Fits(w, contract(), "NewPersonalAccessToken", short{})
	assert.Assert(t, len(w.failures) > 5, "what is required must still be there: %v", w.failures)
}
