package mockserver_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

const (
	filesPath    = "/projects/6/repository/files/"
	commitsPath  = "/projects/6/repository/commits"
	branchesPath = "/projects/6/repository/branches"
	patchBranch  = "root-main-patch-30152"
	firstSHA     = "6104942438c14ec7bd21c6cd5bd995272b3faff6"
)

// commitOf is the body of a commit to the branch of the merge request.
func commitOf(actions ...map[string]any) map[string]any {
	return map[string]any{"branch": patchBranch, "commit_message": "Change files", "actions": actions}
}

func action(kind, path string, more ...string) map[string]any {
	a := map[string]any{"action": kind, "file_path": path}
	for i := 0; i+1 < len(more); i += 2 {
		a[more[i]] = more[i+1]
	}
	return a
}

func TestRepository_refusals(t *testing.T) {
	t.Parallel()
	file := func(name string, value any) map[string]any {
		body := map[string]any{"branch": patchBranch, "commit_message": "x", "content": "x"}
		if body[name] = value; value == nil {
			delete(body, name)
		}
		return body
	}
	commit := func(name string, value any) map[string]any {
		body := commitOf(action("create", "new", "content", "x"))
		if body[name] = value; value == nil {
			delete(body, name)
		}
		return body
	}
	const (
		noPush      = `{"message":"403 Forbidden - You are not allowed to push into this branch"}`
		noSuchFile  = `{"message":"A file with this name doesn't exist"}`
		fileChanged = `{"message":"You are attempting to update a file that has changed since you started editing it."}`
	)
	runExchanges(t, []exchangeCase{
		{
			name: "read as Guest", as: "guest", method: "GET", path: filesPath + "README.md?ref=main", status: 403,
			want: forbidden,
		},
		{
			name: "read without ref", as: "reporter", method: "GET", path: filesPath + "README.md", status: 400,
			want: `{"error":"ref is missing, ref is empty"}`,
		},
		{
			name: "read without the name of a ref", as: "reporter", method: "GET", path: filesPath + "README.md?ref=+",
			status: 400, want: `{"error":"ref is empty"}`,
		},
		{
			name: "read raw without the name of a ref", as: "reporter", method: "GET",
			path: filesPath + "README.md/raw?ref=", status: 400, want: `{"error":"ref is empty"}`,
		},
		{
			name: "make no branch", as: "developer", method: "POST", path: branchesPath, body: set("ref", nil),
			status: 400, want: `{"error":"branch is missing, branch is empty, ref is empty"}`,
		},
		{
			name: "read at no ref", as: "reporter", method: "GET", path: filesPath + "README.md?ref=gone", status: 404,
			want: `{"message":"404 Commit Not Found"}`,
		},
		{
			name: "read no file", as: "reporter", method: "GET", path: filesPath + "gone?ref=main", status: 404,
			want: `{"message":"404 File Not Found"}`,
		},
		{
			name: "write as Reporter", as: "reporter", method: "POST", path: filesPath + "new",
			body: file("branch", patchBranch), status: 403, want: noPush,
		},
		{
			name: "write without branch as Reporter", as: "reporter", method: "POST", path: filesPath + "new",
			body: file("branch", nil), status: 400, want: badRequest("branch is required"),
		},
		{
			name: "write in no encoding", as: "developer", method: "POST", path: filesPath + "new",
			body: file("encoding", "rot13"), status: 400, want: badRequest("encoding must be text or base64"),
		},
		{
			name: "write with no mode", as: "developer", method: "PUT", path: filesPath + "README.md",
			body: file("execute_filemode", "yes"), status: 400, want: badRequest("execute_filemode must be a boolean"),
		},
		{
			name: "write without branch", as: "developer", method: "POST", path: filesPath + "new",
			body: file("branch", nil), status: 400, want: `{"message":"400 Bad request - branch is required"}`,
		},
		{
			name: "write without message", as: "developer", method: "PUT", path: filesPath + "README.md",
			body: file("commit_message", nil), status: 400, want: `{"message":"400 Bad request - commit_message is ` +
				`required"}`,
		},
		{
			name: "write what the query says", as: "developer", method: "PUT", path: filesPath + "README.md?branch=" +
				patchBranch, body: file("branch", nil), status: 400, want: badRequest("branch is required"),
		},
		{
			name: "delete as Reporter", as: "reporter", method: "DELETE", path: filesPath +
				"README.md?commit_message=x&branch=" + patchBranch, status: 403, want: forbidden,
		},
		{
			name: "delete in a protected branch", as: "developer", method: "DELETE", path: filesPath +
				"README.md?commit_message=x&branch=main", status: 400,
			want: `{"message":"You are not allowed to push into this branch"}`,
		},
		{
			name: "write to a protected branch", as: "developer", method: "POST", path: filesPath + "new",
			body: file("branch", "main"), status: 403, want: noPush,
		},
		{
			name: "create what exists", as: "developer", method: "POST", path: filesPath + "README.md",
			body: file("content", "y"), status: 400, want: `{"message":"A file with this name already exists"}`,
		},
		{
			name: "create outside", as: "developer", method: "POST", path: filesPath + "a%2F..%2F..%2Fb",
			body: file("content", "y"), status: 400, want: mockserver.TraversalText,
		},
		{
			name: "create on no branch", as: "developer", method: "POST", path: filesPath + "new",
			body: file("branch", "gone"), status: 400, want: `{"message":"You can only create or edit files when ` +
				`you are on a branch"}`,
		},
		{
			name: "update nothing", as: "developer", method: "PUT", path: filesPath + "gone",
			body:   file("content", "y"),
			status: 400, want: noSuchFile,
		},
		{
			name: "update what has changed", as: "developer", method: "PUT", path: filesPath + "README.md",
			body: file("last_commit_id", firstSHA), status: 400, want: fileChanged,
		},
		{name: "delete without message", as: "developer", method: "DELETE", path: filesPath + "README.md?branch=" +
			patchBranch, status: 400, want: `{"error":"commit_message is missing"}`},
		{name: "delete nothing", as: "developer", method: "DELETE", path: filesPath + "gone?commit_message=x&branch=" +
			patchBranch, status: 400, want: noSuchFile},
		{
			name: "commit as Reporter", as: "reporter", method: "POST", path: commitsPath,
			body: commit("branch", patchBranch), status: 403, want: noPush,
		},
		{
			name: "commit to a protected branch", as: "developer", method: "POST", path: commitsPath,
			body: commit("branch", "main"), status: 403, want: noPush,
		},
		{
			name: "commit without actions", as: "developer", method: "POST", path: commitsPath,
			body: commit("actions", []any{}), status: 400, want: badRequest("Provide at least one action, or set " +
				"allow_empty to true"),
		},
		{
			name: "commit as Guest", as: "guest", method: "POST", path: commitsPath, body: commit("branch", nil),
			status: 403, want: forbidden,
		},
		{
			name: "commit from a branch to one that exists", as: "developer", method: "POST", path: commitsPath,
			body: commit("start_branch", "main"), status: 400,
			want: `{"message":"A branch called 'root-main-patch-30152' already exists. Switch to that branch in ` +
				`order to make changes"}`,
		},
		{
			name: "commit a move of nothing", as: "developer", method: "POST", path: commitsPath,
			body: commitOf(action("move", "b", "previous_path", "gone")), status: 400, want: noSuchFile,
		},
		{
			name: "commit an unknown action", as: "developer", method: "POST", path: commitsPath,
			body: commitOf(action("burn", "b")), status: 400,
			want: badRequest("actions[0][action] must be one of: create, update, move, delete, chmod"),
		},
		{
			name: "no such commit", as: "reporter", method: "GET", path: commitsPath + "/0123456789", status: 404,
			want: `{"message":"404 Commit Not Found"}`,
		},
		{name: "merge requests of no commit", as: "reporter", method: "GET", path: commitsPath +
			"/0123456789/merge_requests", status: 404, want: `{"message":"404 Commit Not Found"}`},
		{
			name: "branch that exists", as: "developer", method: "POST", path: branchesPath,
			body: map[string]any{"branch": "main", "ref": "main"}, status: 400,
			want: `{"message":"Branch already exists"}`,
		},
		{
			name: "branch at nothing", as: "developer", method: "POST", path: branchesPath,
			body: map[string]any{"branch": "x", "ref": "y"}, status: 400,
			want: `{"message":"Failed to create branch 'x': invalid reference name 'y'"}`,
		},
		{
			name: "branch with a bad name", as: "developer", method: "POST", path: branchesPath,
			body: map[string]any{"branch": "a..b", "ref": "main"}, status: 400,
			want: `{"message":"Branch name is invalid"}`,
		},
		{
			name: "branch as Reporter", as: "reporter", method: "POST", path: branchesPath,
			body: map[string]any{"branch": "x", "ref": "main"}, status: 403, want: forbidden,
		},
		{
			name: "no such branch", as: "reporter", method: "GET", path: branchesPath + "/gone", status: 404,
			want: `{"message":"404 Branch Not Found"}`,
		},
		{
			name: "list branches by no expression", as: "reporter", method: "GET", path: branchesPath + "?regex=%5B",
			status: 400, want: `{"message":"Regex is invalid"}`,
		},
		{
			name: "delete no branch", as: "developer", method: "DELETE", path: branchesPath + "/gone", status: 404,
			want: `{"message":"404 Branch Not Found"}`,
		},
		{
			name: "delete the default branch", as: "owner", method: "DELETE", path: branchesPath + "/main", status: 400,
			want: `{"message":"GitLab: The default branch of a project cannot be deleted."}`,
		},
		{
			name: "delete a protected branch as Developer", as: "developer", method: "DELETE", path: branchesPath +
				"/" + patchBranch, status: 400,
			want: `{"message":"GitLab: You are not allowed to delete protected branches from this project. Only a ` +
				`project maintainer or owner can delete a protected branch."}`,
			arrange: func(h *harness) {
				h.do("maintainer", "POST", "/projects/6/protected_branches", map[string]any{"name": "root-*"}).want(201)
			},
		},
	})
}

func TestFiles(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	const path = filesPath + "lib%2Fflight.js"
	h.do("developer", "POST", path, url.Values{
		"branch": {"new"}, "start_branch": {"main"}, "commit_message": {"Add"},
		"content": {base64.StdEncoding.EncodeToString([]byte("1\n2\n"))}, "encoding": {"base64"},
	}).
		wantBody(201, `{"file_path":"lib/flight.js","branch":"new"}`)
	made := h.do("reporter", "GET", path+"?ref=new", nil).want(200)
	assert.Equal(t, made.text("content"), base64.StdEncoding.EncodeToString([]byte("1\n2\n")))
	assert.Equal(t, made.text("blob_id"), "1191247b6d9a206f6ba3d8ac79e26d041dd86941") // git hash-object
	assert.Equal(t, made.text("last_commit_id"), made.text("commit_id"))
	h.do("developer", "PUT", path, map[string]any{
		"branch": "new", "commit_message": "Change", "content": "3\n",
		"last_commit_id": made.text("commit_id"),
	}).
		wantBody(200, `{"file_path":"lib/flight.js","branch":"new"}`)
	readme := h.do("reporter", "GET", filesPath+"README.md?ref=new", nil).want(200)
	assert.Equal(t, readme.text("last_commit_id"), firstSHA)
	assert.Assert(t, readme.text("commit_id") != firstSHA)
	h.do("developer", "DELETE", path+"?branch=new&commit_message=Remove", nil).want(204)
	h.do("reporter", "GET", path+"?ref=new", nil).wantBody(404, `{"message":"404 File Not Found"}`)
	assert.Equal(t, h.do("reporter", "GET", filesPath+"README.md?ref=HEAD", nil).want(200).text("ref"), "HEAD")
	history := h.do("reporter", "GET", commitsPath+"?ref_name=new", nil).want(200)
	assert.DeepEqual(t, history.column("title"), []string{"Remove", "Change", "Add", "Initial commit"})
	assert.DeepEqual(t, h.do("reporter", "GET", commitsPath+"?ref_name=new&path=lib", nil).want(200).column("title"),
		[]string{"Remove", "Change", "Add"})
	assert.DeepEqual(t, h.do("reporter", "GET", commitsPath+
		"?ref_name=new&since=2026-01-01T00:00:00Z&author=dana&with_stats=true", nil).want(200).column("stats.total"),
		[]string{"1", "3", "2"})
	assert.DeepEqual(t, h.do("reporter", "GET", commitsPath+"?until=2021-01-01T00:00:00Z", nil).want(200).column("id"),
		[]string{firstSHA})
}

func TestCommit(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	made := h.do("developer", "POST", commitsPath, map[string]any{
		"branch": "feature", "start_sha": firstSHA, "commit_message": "Move\n\nand more", "author_name": "Ann",
		"author_email": "ann@example.com",
		"actions": []map[string]any{
			action("create", "a", "content", "1\n2\n3\n"), action("move", "docs/README.md", "previous_path",
				"README.md"), action("chmod", "a", "execute_filemode", "true"),
			action("create", "b", "content", "eA==", "encoding", "base64"), action("delete", "b"),
			action("update", "a", "content", "1\n3\n"),
		},
	}).want(201)
	assert.Equal(t, made.text("title"), "Move")
	assert.Equal(t, made.text("message"), "Move\n\nand more")
	assert.Equal(t, made.text("author_name")+" "+made.text("author_email"), "Ann ann@example.com")
	assert.DeepEqual(t, made.get("parent_ids"), []any{firstSHA})
	assert.Equal(t, made.text("stats.additions")+" "+made.text("stats.deletions"), "3 1")
	assert.Equal(t, made.text("created_at"), "2026-02-03T10:00:00.000+00:00")
	sha := made.text("id")
	assert.Equal(t, made.text("web_url"), "http://example.com/flightjs/Flight/-/commit/"+sha)
	for _, ref := range []string{sha, sha[:8], "feature"} {
		assert.Equal(t, h.do("reporter", "GET", commitsPath+"/"+ref+"?stats=false", nil).want(200).text("id"), sha)
	}
	content := h.do("reporter", "GET", filesPath+"docs%2FREADME.md?ref=feature", nil).want(200).text("content")
	assert.Equal(t, content, base64.StdEncoding.EncodeToString([]byte("# Flight\n")))
	again := h.do("developer", "POST", commitsPath, map[string]any{
		"branch": "feature", "start_branch": "main",
		"force": true, "commit_message": "Anew", "actions": []map[string]any{action("delete", "README.md")},
	}).want(201)
	assert.DeepEqual(t, again.get("parent_ids"), []any{firstSHA})
}

// A pushed commit becomes the head of the branch's open merge requests.
func TestCommit_movesTheHeadOfAMergeRequest(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	sha := h.do("developer", "POST", commitsPath, commitOf(action("create", "a", "content", "x"))).want(201).text("id")
	assert.Equal(t, h.do("reporter", "GET", "/projects/6/merge_requests/4", nil).want(200).text("sha"), sha)
	for _, ref := range []string{sha, headSHA} {
		assert.DeepEqual(t, h.do("reporter", "GET", commitsPath+"/"+ref+"/merge_requests", nil).want(200).column("iid"),
			[]string{"4"})
	}
	assert.DeepEqual(t, h.do("reporter", "GET", commitsPath+"/"+firstSHA+"/merge_requests", nil).want(200).
		column("iid"), []string{})
	assert.DeepEqual(t, h.do("reporter", "GET", commitsPath+"/"+sha+"/merge_requests?state=merged", nil).want(200).
		column("iid"), []string{})
}

// Commits that came with a merge of the target branch do not belong to the merge request.
func TestCommit_ofAMergeRequestThatMergedItsTarget(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	var merge string
	h.update(func(tx *gitlab.Tx) error {
		p, _ := tx.Project(6)
		u, _ := tx.UserByUsername("maintainer")
		onMain, err := tx.PushCommit(gitlab.Actor{User: u}, p, gitlab.NewCommit{
			Branch: "main", Message: "Go on",
			Actions: []gitlab.FileAction{{Action: "create", Path: "main.go"}},
		})
		if err != nil {
			return err
		}
		head, _ := tx.Commit(6, headSHA)
		tree := map[string]string{"README.md": head.Tree["README.md"], "main.go": ""}
		c := tx.SeedCommit(gitlab.Commit{
			ProjectID: 6, ParentSHAs: []string{headSHA, onMain.SHA}, Message: "Merge main",
			Tree: tree, CreatedAt: tx.Now,
		})
		tx.SeedBranch(gitlab.Branch{ProjectID: 6, Name: patchBranch, SHA: c.SHA})
		mr, _ := tx.MergeRequest(6, 4)
		merge, mr.HeadSHA = c.SHA, c.SHA
		tx.PrepareNow(mr)
		return nil
	})
	h.do("guest", "GET", "/version", nil).want(200)
	for sha, want := range map[string][]string{merge: {"4"}, headSHA: {"4"}, firstSHA: {}} {
		assert.DeepEqual(t, h.do("reporter", "GET", commitsPath+"/"+sha+"/merge_requests", nil).want(200).column("iid"),
			want)
	}
}

func TestBranches(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	made := h.do("developer", "POST", branchesPath, map[string]any{"branch": "fix/one", "ref": firstSHA}).want(201)
	for path, want := range map[string]string{
		"name": "fix/one", "commit.id": firstSHA, "merged": "true", "protected": "false", "can_push": "true",
		"default": "false",
		"web_url": "http://example.com/flightjs/Flight/-/tree/fix/one",
	} {
		assert.Equal(t, made.text(path), want, path)
	}
	main := h.do("developer", "GET", branchesPath+"/main", nil).want(200)
	assert.Equal(t, main.text("protected")+" "+main.text("can_push")+" "+main.text("default")+" "+main.text("merged"),
		"true false true false")
	for query, want := range map[string][]string{
		"":                      {"fix/one", "main", patchBranch},
		"search=MAIN":           {"main", patchBranch},
		"search=%5Emain":        {"main"},
		"search=one$":           {"fix/one"},
		"search=%5Emain$":       {"main"},
		"regex=%5E(fix%7Croot)": {"fix/one", patchBranch},
		"sort=updated_desc":     {patchBranch, "fix/one", "main"},
		"per_page=1&page=2":     {"main"},
	} {
		got := h.do("reporter", "GET", branchesPath+"?"+query, nil).want(200).column("name")
		assert.Check(t, cmp.Equal(got, want), "%s: %s", query, cmp.Diff(want, got))
	}
	r := h.request("developer", "DELETE", branchesPath+"/fix%2Fone", nil)
	r.Header.Set("If-Unmodified-Since", "2020-01-01")
	h.send(r).wantBody(http.StatusPreconditionFailed, `{"message":"412 Precondition Failed"}`)
	h.do("developer", "DELETE", branchesPath+"/fix%2Fone", nil).want(204)
	h.do("developer", "GET", branchesPath+"/fix%2Fone", nil).want(404)
}

func TestRepository_ofAPublicProjectIsOpen(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("owner", "POST", "/projects", map[string]any{
		"name": "Open", "visibility": "public",
		"initialize_with_readme": true,
	}).want(201)
	const open = "/projects/owner%2Fopen/repository"
	h.do("", "GET", open+"/files/README.md?ref=main", nil).want(200)
	assert.DeepEqual(t, h.do("", "GET", open+"/branches", nil).want(200).column("can_push"), []string{"false"})
	assert.DeepEqual(t, h.do("", "GET", open+"/commits", nil).want(200).column("title"), []string{"Initial commit"})
	h.do("", "POST", open+"/branches", map[string]any{"branch": "x", "ref": "main"}).wantBody(401, unauthorized)
}
