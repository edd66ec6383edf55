package mockserver_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

const (
	forkPath  = "/projects/6/fork"
	forksPath = "/projects/6/forks"
)

// fork makes a fork of the project in the namespace of a user, and returns its path in the API.
func (h *harness) fork(as string) string {
	h.t.Helper()
	return "/projects/" + h.do(as, "POST", forkPath, nil).want(201).text("id")
}

// openFromFork forks the project, commits to the fork and opens a merge request from there. It returns the path of the
// fork and the response to the request that opened it.
func (h *harness) openFromFork(as string, more ...any) (path string, opened response) {
	h.t.Helper()
	path = h.fork(as)
	h.pushToFork(as, path, "feature.go")
	body := newMergeRequest(append(more, "target_project_id", 6)...)
	return path, h.do(as, "POST", path+"/merge_requests", body).want(201)
}

func (h *harness) pushToFork(as, fork, file string) string {
	h.t.Helper()
	return h.do(as, "POST", fork+"/repository/commits", map[string]any{
		"branch": "feature", "start_branch": "main", "force": true, "commit_message": "Add " + file,
		"actions": []map[string]any{action("create", file, "content", "package feature\n")},
	}).want(201).text("id")
}

func TestFork_refusals(t *testing.T) {
	t.Parallel()
	const none = `{"message":"404 Namespace Not Found"}`
	into := func(name string, value any) map[string]any { return map[string]any{name: value} }
	runExchanges(t, []exchangeCase{
		{name: "without a token", method: "POST", path: forkPath, status: 401, want: unauthorized},
		{name: "as a stranger", as: "stranger", method: "POST", path: forkPath, status: 404, want: projectMissing},
		{
			name: "as Guest", as: "guest", method: "POST", path: forkPath, status: 404,
			want: `{"message":"404 Not Found"}`,
		},
		{
			name: "where forks are disabled", as: "owner", method: "POST", path: forkPath, status: 404,
			want: `{"message":"404 Not Found"}`,
			arrange: project(func(p *gitlab.Project) {
				p.Plain = map[string]any{"forking_access_level": "disabled"}
			}),
		},
		{
			name: "into no namespace", as: "owner", method: "POST", path: forkPath, body: into("namespace_id", 999),
			status: 404, want: none,
		},
		{
			name: "into the namespace of others", as: "developer", method: "POST", path: forkPath,
			body: into("namespace_path", "owner"), status: 404, want: none,
		},
		{
			name: "into a group where one may not create projects", as: "reporter", method: "POST", path: forkPath,
			body: into("namespace", "flightjs"), status: 404,
			want: `{"message":"404 Target Namespace Not Found"}`,
			arrange: func(h *harness) {
				h.do("owner", "POST", "/groups/9/members", map[string]any{"user_id": 5, "access_level": 10}).want(201)
			},
		},
		{
			name: "of no branch", as: "developer", method: "POST", path: forkPath, body: into("branches", "gone"),
			status: 404, want: `{"message":"404 Source Branch Not Found"}`,
		},
		{
			name: "beside the project", as: "owner", method: "POST", path: forkPath, body: into("namespace", "9"),
			status: 409, want: `{"message":["Name has already been taken","Path has already been taken",` +
				`"Project namespace name has already been taken"]}`,
		},
		{
			name: "with a taken path", as: "owner", method: "POST", path: forkPath,
			body: map[string]any{"namespace_id": 9, "name": "Other"}, status: 409,
			want: `{"message":["Path has already been taken"]}`,
		},
		{
			name: "with an unknown visibility", as: "owner", method: "POST", path: forkPath,
			body: into("visibility", "open"), status: 400, want: `{"error":"visibility does not have a valid value"}`,
		},
		{name: "forks of a private project", method: "GET", path: forksPath, status: 404, want: projectMissing},
	})
}

func TestFork(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	made := h.do("developer", "POST", forkPath, map[string]any{
		"name": "Mine", "path": "mine", "description": "To try", "mr_default_target_self": true,
	}).want(201)
	for path, want := range map[string]string{
		"import_status": "scheduled", "forked_from_project.id": "6", "path_with_namespace": "developer/mine",
		"name": "Mine", "description": "To try", "visibility": "private", "mr_default_target_self": "true",
		"owner.username": "developer",
	} {
		assert.Equal(t, made.text(path), want, path)
	}
	path := "/projects/" + made.text("id")
	later := h.do("developer", "GET", path, nil).want(200)
	assert.Equal(t, later.text("import_status"), "finished")
	assert.Equal(t, later.text("default_branch"), "main")
	assert.Equal(t, h.do("owner", "GET", "/projects/6", nil).text("forks_count"), "1")
	assert.DeepEqual(t, h.do("developer", "GET", forksPath, nil).want(200).column("id"), []string{made.text("id")})
	assert.DeepEqual(t, h.do("owner", "GET", forksPath, nil).want(200).column("id"), []string{})
	h.do("developer", "POST", path+"/members", map[string]any{"user_id": 8, "access_level": 30}).want(201)
	shown := h.do("stranger", "GET", path, nil).want(200)
	assert.Equal(t, shown.get("forked_from_project"), nil, "those who cannot see the other project are not told of it")
}

func TestForks_openMergeRequests(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	fork, opened := h.openFromFork("reporter", "labels", "bug", "assignee_id", 4)
	id := fork[len("/projects/"):]
	for path, want := range map[string]string{
		"project_id": "6", "target_project_id": "6", "source_project_id": id, "reference": "flightjs/Flight!5",
		"references.short": "!5", "references.relative": "flightjs/Flight!5", "references.full": "flightjs/Flight!5",
		"allow_collaboration": "false", "author.username": "reporter", "labels": "[]", "assignees": "[]",
	} {
		assert.Equal(t, opened.text(path), want, path)
	}
	shown := h.do("reporter", "GET", mergeRequestsPath+"/5", nil).want(200)
	assert.Equal(t, shown.text("reference"), "!5")
	assert.Equal(t, shown.text("merge_status"), "can_be_merged")
	assert.DeepEqual(t, h.do("reporter", "GET", mergeRequestsPath+"?source_project_id="+id, nil).column("iid"),
		[]string{"5"})
	assert.DeepEqual(t, h.do("reporter", "GET", fork+"/merge_requests", nil).want(200).column("iid"), []string{})
}

// What happens in the fork goes to the checks of the target project. There the head of the fork's branch counts, and
// the roles in the target project.
func TestForks_answerChecks(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	fork, _ := h.openFromFork("reporter")
	head := h.pushToFork("reporter", fork, "more.go")
	h.deliver()
	last := h.deliveries()[len(h.deliveries())-1]
	sent := response{t: t, body: last.Body.Bytes()}
	for path, want := range map[string]string{
		"object_attributes.action": "update", "project.id": "6", "object_attributes.target.id": "6",
		"object_attributes.source_project_id": fork[len("/projects/"):], "object_attributes.target_project_id": "6",
		"object_attributes.source.id":                  fork[len("/projects/"):],
		"object_attributes.source.path_with_namespace": "reporter/Flight", "object_attributes.last_commit.id": head,
		"object_attributes.last_commit.url": testBaseURL + "/flightjs/Flight/-/commit/" + head,
	} {
		assert.Equal(t, sent.text(path), want, path)
	}
	answer := func(as, sha string) response {
		return h.do(as, "POST", mergeRequestsPath+"/5/status_check_responses",
			map[string]any{"external_status_check_id": 1, "sha": sha, "status": "passed"})
	}
	answer("developer", headSHA).wantBody(409, fmt.Sprintf(
		`{"message":"SHA does not match HEAD of source branch: %s"}`, head))
	answer("reporter", head).want(404) // the owner of the fork is the author here
	answer("developer", head).want(201)
	h.do("developer", "POST", fork+"/merge_requests/1/status_check_responses",
		map[string]any{"external_status_check_id": 1, "sha": head, "status": "passed"}).want(404)
}

// A branch of a fork can be compared with the project that it was made from.
func TestForks_compare(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	fork := h.fork("reporter")
	head := h.pushToFork("reporter", fork, "more.go")
	compare := fork + "/repository/compare?from=main&to=feature&from_project_id=6"
	got := h.do("reporter", "GET", compare, nil).want(200)
	assert.Equal(t, got.text("commit.id"), head)
	assert.Equal(t, got.text("diffs.0.new_path"), "more.go")
	assert.Equal(t, got.text("commit.web_url"), testBaseURL+"/flightjs/Flight/-/commit/"+head)
	h.do("reporter", "POST", fork+"/members", map[string]any{"user_id": 7, "access_level": 20}).want(201)
	h.do("guest", "GET", compare, nil).wantBody(403,
		`{"message":"403 Forbidden - You don't have access to this fork's parent project"}`)
}

func TestForks_allowCollaboration(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.publish()
	fork, opened := h.openFromFork("reporter", "allow_maintainer_to_push", true)
	assert.Equal(t, opened.text("allow_collaboration"), "true")
	commit := map[string]any{
		"branch": "feature", "commit_message": "Help",
		"actions": []map[string]any{action("create", "help.go", "content", "x")},
	}
	h.do("developer", "POST", fork+"/repository/commits", commit).want(403)
	h.do("maintainer", "POST", fork+"/repository/commits", commit).want(201)
	updated := h.do("reporter", "PUT", mergeRequestsPath+"/5", set("allow_collaboration", false)).want(200)
	assert.Equal(t, updated.text("allow_maintainer_to_push"), "false")
	updated = h.do("developer", "PUT", mergeRequestsPath+"/5", set("allow_collaboration", true)).want(200)
	assert.Equal(t, updated.text("allow_collaboration"), "false", "only those who may push to the fork can allow it")
}

// A fork that is deleted leaves its merge requests closed, and null in place of their source.
func TestForks_deleted(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	fork, _ := h.openFromFork("reporter")
	h.do("reporter", "DELETE", fork, nil).want(202)
	h.do("reporter", "DELETE", fork+"?permanently_remove=true&full_path="+
		h.do("reporter", "GET", fork, nil).text("path_with_namespace"), nil).want(202)
	shown := h.do("developer", "GET", mergeRequestsPath+"/5", nil).want(200)
	assert.Equal(t, shown.text("state"), "closed")
	assert.Equal(t, shown.text("closed_by.username"), "reporter")
	assert.Equal(t, shown.get("source_project_id"), nil)
	h.do("developer", "PUT", mergeRequestsPath+"/5", set("title", "Gone")).want(200)
	h.deliver()
	last := h.deliveries()[len(h.deliveries())-1]
	sent := response{t: t, body: last.Body.Bytes()}
	assert.Equal(t, sent.text("object_attributes.title"), "Gone")
	assert.Equal(t, sent.get("object_attributes.source"), nil)
	assert.Equal(t, sent.get("object_attributes.source_project_id"), nil)
}

// The pipelines of a merge request are those of the fork, which not everybody sees.
func TestForks_pipelines(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	fork, opened := h.openFromFork("reporter")
	h.do("reporter", "POST", fork+"/statuses/"+opened.text("sha"), saying("success", "ref", "feature")).want(201)
	const path = mergeRequestsPath + "/5/pipelines"
	assert.DeepEqual(t, h.do("reporter", "GET", path, nil).want(200).column("id"), []string{"1"})
	assert.DeepEqual(t, h.do("developer", "GET", path, nil).want(200).column("id"), []string{})
}

// A fork leaves its project, and a project all of its forks. Merge requests between them are closed.
func TestForks_leave(t *testing.T) {
	t.Parallel()
	for _, leaving := range []string{"fork", "parent"} {
		h := newHarness(t)
		fork, _ := h.openFromFork("reporter")
		path, as := fork+"/fork", "reporter"
		if leaving == "parent" {
			path, as = forkPath, "owner"
		}
		h.do("developer", "DELETE", forkPath, nil).wantBody(403, forbidden)
		h.do(as, "DELETE", path, nil).want(204)
		mr := h.do("developer", "GET", mergeRequestsPath+"/5", nil).want(200)
		assert.Equal(t, mr.text("state")+mr.text("closed_by.username"), "closed"+as)
		assert.Equal(t, h.do("reporter", "GET", fork, nil).want(200).text("forked_from_project"), "<nil>")
		assert.DeepEqual(t, h.do("owner", "GET", forksPath, nil).want(200).column("id"), []string{})
		again := h.do(as, "DELETE", path, nil).want(304)
		assert.Equal(t, len(again.body), 0)
	}
}

func TestForks_inGraphQL(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	fork, _ := h.openFromFork("reporter")
	id := strings.TrimPrefix(fork, "/projects/")
	const query = `query($iid: String!) { project(fullPath: "flightjs/Flight") { mergeRequest(iid: $iid) {
  project { id } sourceProject { fullPath } sourceProjectId targetProject { fullPath } targetProjectId } } }`
	answer := func(iid, source, id string) string {
		return `{"data":{"project":{"mergeRequest":{"project":{"id":"gid://gitlab/Project/6"},"sourceProject":` +
			source + `,"sourceProjectId":` + id + `,"targetProject":{"fullPath":"flightjs/Flight"},` +
			`"targetProjectId":6}}}}`
	}
	h.ask("reporter", query, "iid", "4").answers(answer("4", `{"fullPath":"flightjs/Flight"}`, "6"))
	h.ask("reporter", query, "iid", "5").answers(answer("5", `{"fullPath":"reporter/Flight"}`, id))
	h.ask("developer", query, "iid", "5").answers(answer("5", "null", id))
	h.do("reporter", "DELETE", fork, nil).want(202)
	h.do("reporter", "DELETE", fork+"?permanently_remove=true&full_path="+
		h.do("reporter", "GET", fork, nil).text("path_with_namespace"), nil).want(202)
	h.ask("developer", query, "iid", "5").answers(answer("5", "null", "null"))
}

// Pages name the fork that a merge request comes from, as GitLab's do.
func TestPages_nameForks(t *testing.T) {
	t.Parallel()
	world := seed.Default()
	world.Projects = append(slices.Clone(world.Projects), seed.Project{
		Path: "developer/Flight", ForkedFrom: "flightjs/Flight", Branches: []seed.Branch{{
			Name: "theirs", From: "main", Commits: []seed.Commit{{Message: "Add theirs"}},
		}},
	})
	world.Projects[0].MergeRequests = append(slices.Clone(world.Projects[0].MergeRequests), seed.MergeRequest{
		IID: 5, SourceProject: "developer/Flight", SourceBranch: "theirs", TargetBranch: "main", Title: "Theirs",
		Author: "developer",
	})
	v := visiting(t, func(o *mockserver.Options) { o.Seed = &world })
	for path, want := range map[string]string{
		"/flightjs/Flight/-/merge_requests":   "!5, developer/Flight:theirs into main",
		"/flightjs/Flight/-/merge_requests/5": "wants to merge <code>developer/Flight:theirs</code> into",
		"/flightjs/Flight/-/merge_requests/4": "wants to merge <code>root-main-patch-30152</code> into",
	} {
		assert.Check(t, strings.Contains(v.open(path, 200), want), path)
	}
}
