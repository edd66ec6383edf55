package collect_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/proxy"
	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/mockserver/seed/collect"
)

func serve(t *testing.T, world *seed.Document) *httptest.Server {
	t.Helper()
	mock, err := mockserver.New(mockserver.Options{Seed: world})
	assert.NilError(t, err)
	server := httptest.NewServer(mock)
	t.Cleanup(server.Close)
	return server
}

func call(t *testing.T, method, address, token, body string) (int, string) {
	t.Helper()
	request, err := http.NewRequest(method, address, strings.NewReader(body))
	assert.NilError(t, err)
	request.Header.Set("Private-Token", token)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	assert.NilError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	assert.NilError(t, err)
	return response.StatusCode, string(text)
}

const project = "/api/v4/projects/6"

// change makes the default world less plain.
func change(t *testing.T, root string) {
	t.Helper()
	for _, c := range []struct{ method, path, token, body string }{
		{"POST", "/external_status_checks", seed.OwnerToken, `{"name":"Signed","shared_secret":"hush-secret",` +
			`"external_url":"https://u:hush-user@example.com/hook?token=hush-token&a=b"}`},
		{"POST", "/merge_requests/4/status_check_responses", seed.DeveloperToken, `{"external_status_check_id":1,` +
			`"sha":"141be9714669a4c1ccaa013c6a7f3e462ff2a40f","status":"failed"}`},
		{"POST", "/merge_requests/4/status_check_responses", seed.DeveloperToken, `{"external_status_check_id":2,` +
			`"sha":"141be9714669a4c1ccaa013c6a7f3e462ff2a40f","status":"passed"}`},
		{"POST", "/merge_requests/4/approve", seed.MaintainerToken, `{}`},
		{"POST", "/labels", seed.OwnerToken, `{"name":"urgent","color":"red","description":"Soon","priority":2}`},
		{"POST", "/milestones", seed.OwnerToken, `{"title":"1.0","due_date":"2099-12-31","description":"First"}`},
		{"PUT", "/merge_requests/4", seed.OwnerToken, `{"labels":"urgent","milestone_id":1}`},
		{"PUT", "", seed.OwnerToken, `{"only_allow_merge_if_all_status_checks_passed":true}`},
	} {
		status, text := call(t, c.method, root+project+c.path, c.token, c.body)
		assert.Assert(t, status == 200 || status == 201, text)
	}
}

// readBack writes the seed, reads it again as serve does, and makes a mock of it.
func readBack(t *testing.T, c *collect.Collector) (string, []string) {
	t.Helper()
	document, missing, err := c.Document()
	assert.NilError(t, err)
	text := document.YAML()
	for _, secret := range []string{"hush", seed.OwnerToken + "\"", "glpat-admin"} {
		assert.Assert(t, !bytes.Contains(text, []byte(secret)), "%s", text)
	}
	read, err := seed.Parse("made.yaml", text)
	assert.NilError(t, err, "%s", text)
	return serve(t, &read).URL, missing
}

// shown is an answer without what a seed cannot know.
func shown(t *testing.T, root, path, token string) string {
	t.Helper()
	status, text := call(t, "GET", root+project+path, token, "")
	assert.Equal(t, status, 200, text)
	var value any
	assert.NilError(t, json.Unmarshal([]byte(text), &value))
	strip(value)
	plain, err := json.MarshalIndent(value, "", " ")
	assert.NilError(t, err)
	return strings.ReplaceAll(string(plain), root, "http://gitlab")
}

// strip leaves out ids that are counted anew, times of what nobody tells, and addresses of people.
func strip(value any) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			strip(item)
		}
	case map[string]any:
		for _, name := range []string{
			"approved_at", "updated_at", "prepared_at", "created_at", "avatar_url",
			"detailed_merge_status", "diff_refs", "namespace", "commit", "public_email",
			"merge_user", "latest_build_started_at", "last_activity_at", "created_by", "web_url",
		} {
			delete(v, name)
		}
		if address, _ := v["external_url"].(string); strings.Contains(address, "example.com/hook") {
			delete(v, "external_url") // of which the secrets are left out
		}
		if _, isLevel := v["access_level_description"]; isLevel {
			delete(v, "id")
		}
		for _, item := range v {
			strip(item)
		}
	}
}

// compare compares what two GitLabs say of the project.
func compare(t *testing.T, first, second string) {
	t.Helper()
	for _, path := range []string{
		"/external_status_checks", "/merge_requests/4/status_checks", "/merge_requests?state=all", "/members/all",
		"/merge_requests/4/approvals", "/branches", "/protected_branches", "/labels", "/milestones",
	} {
		path = strings.Replace(path, "/branches", "/repository/branches", 1)
		if strings.HasPrefix(path, "/protected") {
			path = "/protected_branches"
		}
		assert.Equal(t, shown(t, second, path, "glpat-owner"), shown(t, first, path, seed.OwnerToken), path)
	}
}

// A mock made of a project answers as the GitLab that the project is in.
func TestCollector_ofAProject(t *testing.T) {
	gitlab := serve(t, nil)
	change(t, gitlab.URL)
	for _, name := range []string{"6", "flightjs/Flight"} {
		c := &collect.Collector{}
		assert.NilError(t, c.Project(t.Context(), collect.GitLab{
			Root: gitlab.URL, Token: seed.OwnerToken, Client: http.DefaultClient,
		}, name))
		made, missing := readBack(t, c)
		compare(t, gitlab.URL, made)
		assert.Equal(t, len(missing), 3, missing)
	}
}

// Merge requests from forks come with the forks, as far as the token sees them.
func TestCollector_ofAProjectWithForks(t *testing.T) {
	world := seed.Default()
	world.Groups[0].Visibility, world.Projects[0].Visibility = "public", "public"
	gitlab := serve(t, &world)
	for _, c := range []struct{ method, path, token, body string }{
		{"POST", project + "/fork", seed.DeveloperToken, `{}`},
		{"POST", project + "/fork", seed.StrangerToken, `{"visibility":"private"}`},
		{"POST", "/-/mock/jobs/run", "", ""},
		{"POST", push("developer"), seed.DeveloperToken, commit},
		{"POST", push("stranger"), seed.StrangerToken, commit},
		{"POST", "/api/v4/projects/developer%2Fflight/merge_requests", seed.DeveloperToken, fromFork},
		{"POST", "/api/v4/projects/stranger%2Fflight/merge_requests", seed.StrangerToken, fromFork},
		{"POST", "/-/mock/jobs/run", "", ""},
	} {
		status, text := call(t, c.method, gitlab.URL+c.path, c.token, c.body)
		assert.Assert(t, status == 200 || status == 201, "%s: %d %s", c.path, status, text)
	}
	c := &collect.Collector{}
	assert.NilError(t, c.Project(t.Context(), collect.GitLab{
		Root: gitlab.URL, Token: seed.OwnerToken, Client: http.DefaultClient,
	}, "6"))
	document, missing, err := c.Document()
	assert.NilError(t, err)
	made, _ := readBack(t, c)
	assert.Equal(t, shown(t, made, "/merge_requests/5", "glpat-owner"),
		shown(t, gitlab.URL, "/merge_requests/5", seed.OwnerToken))
	status, text := call(t, "GET", made+project+"/merge_requests/6", "glpat-owner", "")
	assert.Equal(t, status, 404, text)
	said := strings.Join(missing, "\n")
	assert.Assert(t, strings.Contains(said, "GitLab answers 404 Not Found"), said)
	assert.Assert(t, strings.Contains(said, "merge requests from forks that were not read"), said)
	assert.Equal(t, len(document.Projects), 2)
}

const (
	commit = `{"branch":"theirs","start_branch":"main","commit_message":"Add theirs",` +
		`"actions":[{"action":"create","file_path":"theirs.txt","content":"theirs"}]}`
	fromFork = `{"source_branch":"theirs","target_branch":"main","target_project_id":6,"title":"Theirs"}`
)

func push(owner string) string { return "/api/v4/projects/" + owner + "%2Fflight/repository/commits" }

// A recording of the proxy makes the same, as far as it was recorded.
func TestCollector_ofARecording(t *testing.T) {
	gitlab := serve(t, nil)
	u, err := url.Parse(gitlab.URL)
	assert.NilError(t, err)
	var har bytes.Buffer
	p, err := proxy.New(proxy.Options{
		Upstream: u, Now: time.Now, Record: &har, Transport: &http.Transport{DisableCompression: true},
	})
	assert.NilError(t, err)
	before := httptest.NewServer(p)
	change(t, before.URL)
	c := &collect.Collector{}
	assert.NilError(t, c.Project(t.Context(), collect.GitLab{
		Root: before.URL, Token: seed.OwnerToken, Client: http.DefaultClient,
	}, "6"))
	before.Close()
	assert.NilError(t, p.Close())
	recorded := &collect.Collector{}
	used, err := recorded.HAR(har.Bytes())
	assert.NilError(t, err)
	assert.Assert(t, used > 10, used)
	made, _ := readBack(t, recorded)
	compare(t, gitlab.URL, made)
}

// Recordings of browsers have contents in base64, roots below others, and much that is of no use.
func TestCollector_ofABrowser(t *testing.T) {
	const entry = `{"request":{"method":"GET","url":"https://example.com/gitlab/api/v4/projects/a%2Fb"},"response":` +
		`{"status":200,"content":{"encoding":"base64","text":"eyJpZCI6MSwicGF0aF93aXRoX25hbWVzcGFjZSI6ImEvYiJ9"}}}`
	c := &collect.Collector{}
	used, err := c.HAR([]byte(`{"log":{"entries":[{"request":{"method":"GET","url":"https://example.com/x.css"},` +
		`"response":{"status":200,"content":{"text":"b{}"}}},` + entry + `]}}`))
	assert.NilError(t, err)
	assert.Equal(t, used, 1)
	document, _, err := c.Document()
	assert.NilError(t, err)
	assert.Equal(t, document.Projects[0].Path, "a/b")
}

// What is no recording, and what has no project, is said.
func TestCollector_refuses(t *testing.T) {
	for text, want := range map[string]string{
		"": "this is no HAR", `{"log":{"entries":[]}}`: "no entry of the HAR",
		`{"log":{"entries":[{"request":{"method":"GET","url":"https://h/api/v4/projects/1"},"response":{"status":200,` +
			`"content":{"text":"[]"}}}]}}`: "entry 1: an answer to getProject is not read",
	} {
		_, err := (&collect.Collector{}).HAR([]byte(text))
		assert.ErrorContains(t, err, want)
	}
	c := &collect.Collector{}
	assert.NilError(t, c.Add(collect.Answer{Operation: "listUsers", Body: []byte(`[]`)}))
	_, _, err := c.Document()
	assert.ErrorContains(t, err, "no answer is a whole project")
}

// Nothing but reading is done to a real GitLab, and its token is not in what goes wrong.
func TestCollector_onlyReads(t *testing.T) {
	gitlab := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Check(t, r.Method == http.MethodGet)
		w.WriteHeader(http.StatusForbidden)
	}))
	defer gitlab.Close()
	err := (&collect.Collector{}).Project(t.Context(), collect.GitLab{
		Root: gitlab.URL, Token: "glpat-hush", Client: http.DefaultClient,
	}, "6")
	assert.ErrorContains(t, err, "getProject: GitLab answers 403 Forbidden")
	assert.Assert(t, !strings.Contains(err.Error(), "hush"))
}

// What a Developer may not read is said with the role that it needs.
func TestCollector_needsMaintainers(t *testing.T) {
	err := (&collect.Collector{}).Project(t.Context(), collect.GitLab{
		Root: serve(t, nil).URL, Token: seed.DeveloperToken, Client: http.DefaultClient,
	}, "6")
	assert.ErrorContains(t, err, "GitLab answers 401 Unauthorized; only a token of a Maintainer")
}
