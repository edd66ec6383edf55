package mockserver_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

const mergeRequestsPath = "/projects/6/merge_requests"

// newMergeRequest is the body that opens a merge request from the branch that newBranch makes.
func newMergeRequest(more ...any) map[string]any {
	body := map[string]any{"source_branch": "feature", "target_branch": "main", "title": "Feature"}
	for i := 0; i+1 < len(more); i += 2 {
		body[more[i].(string)] = more[i+1]
	}
	return body
}

// behind makes the target branch go on, where branches must be up to date to be merged.
func behind(h *harness) {
	h.t.Helper()
	project(func(p *gitlab.Project) { p.MergeMethod = "ff" })(h)
	h.do("maintainer", "POST", filesPath+"AHEAD", map[string]any{
		"branch": "main", "commit_message": "x", "content": "other",
	}).want(201)
}

// newBranch commits a file to a new branch.
func newBranch(h *harness) {
	h.t.Helper()
	h.do("developer", "POST", commitsPath, map[string]any{
		"branch": "feature", "start_branch": "main",
		"commit_message": "Add a feature", "actions": []map[string]any{action("create", "feature.go", "content",
			"package feature\n")},
	}).want(201)
}

func set(name string, value any) map[string]any { return map[string]any{name: value} }

// project changes the project directly in the state.
func project(change func(*gitlab.Project)) func(*harness) {
	return func(h *harness) {
		h.t.Helper()
		h.update(func(tx *gitlab.Tx) error {
			p, _ := tx.Project(6)
			change(&p)
			_, err := tx.UpdateProject(p)
			return err
		})
	}
}

func TestMergeRequests_refusals(t *testing.T) {
	t.Parallel()
	const noneSuch = `{"message":["Source branch \"gone\" does not exist"]}`
	runExchanges(t, []exchangeCase{
		{name: "list as Guest", as: "guest", method: "GET", path: mergeRequestsPath, status: 403, want: forbidden},
		{
			name: "list with an unknown state", as: "reporter", method: "GET", path: mergeRequestsPath + "?state=open",
			status: 400, want: `{"error":"state does not have a valid value"}`,
		},
		{name: "read as Guest", as: "guest", method: "GET", path: mergeRequestPath, status: 403, want: forbidden},
		{
			name: "read none", as: "reporter", method: "GET", path: mergeRequestsPath + "/99", status: 404,
			want: recordMissing,
		},
		{
			name: "read no number", as: "reporter", method: "GET", path: mergeRequestsPath + "/x", status: 400,
			want: `{"error":"merge_request_iid is invalid"}`,
		},
		{
			name: "delete as Maintainer", as: "maintainer", method: "DELETE", path: mergeRequestPath, status: 403,
			want: forbidden,
		},
		{
			name: "delete as Guest", as: "guest", method: "DELETE", path: mergeRequestPath, status: 404,
			want: recordMissing,
		},
		{
			name: "delete none", as: "owner", method: "DELETE", path: mergeRequestsPath + "/99", status: 404,
			want: recordMissing,
		},
		{
			name: "delete in an archived project", arrange: project(func(p *gitlab.Project) { p.Archived = true }),
			as: "owner", method: "DELETE", path: mergeRequestPath, status: 403, want: forbidden,
		},
		{
			name: "open as Reporter", as: "reporter", method: "POST", path: mergeRequestsPath, body: newMergeRequest(),
			status: 403, want: forbidden,
		},
		{
			name: "open with nothing", as: "developer", method: "POST", path: mergeRequestsPath, body: "{}",
			status: 400,
			want:   `{"error":"title is missing, source_branch is missing, target_branch is missing"}`,
		},
		{
			name: "open from nothing", as: "developer", method: "POST", path: mergeRequestsPath,
			body: newMergeRequest("source_branch", "gone"), status: 422, want: noneSuch,
		},
		{
			name: "open from a branch to itself", as: "developer", method: "POST", path: mergeRequestsPath,
			body: newMergeRequest("source_branch", "main"), status: 422,
			want: `{"message":["You can't use same project/branch for source and target"]}`,
		},
		{
			name: "open a second one", as: "developer", method: "POST", path: mergeRequestsPath,
			body: newMergeRequest("source_branch", patchBranch), status: 409,
			want: `{"message":["Another open merge request already exists for this source branch: !4"]}`,
		},
		{
			name: "open in no project", as: "developer", method: "POST", path: mergeRequestsPath,
			body: newMergeRequest("target_project_id", 99), status: 404, want: recordMissing,
		},
		{
			name: "open in a project of others", as: "developer", method: "POST", path: mergeRequestsPath, status: 422,
			want: `{"message":["Source project is not a fork of the target project"]}`,
			body: newMergeRequest("target_project_id", 7),
			arrange: func(h *harness) {
				assert.Equal(h.t, h.do("owner", "POST", "/projects",
					map[string]any{"name": "Open", "visibility": "public"}).want(201).text("id"), "7")
			},
		},
		{name: "update nothing of it", as: "developer", method: "PUT", path: mergeRequestPath, body: "{}", status: 400},
		{
			name: "update none", as: "developer", method: "PUT", path: mergeRequestsPath + "/99",
			body:   set("title", "x"),
			status: 404, want: recordMissing,
		},
		{
			name: "update as Reporter", as: "reporter", method: "PUT", path: mergeRequestPath, body: set("title", "x"),
			status: 403, want: forbidden,
		},
		{
			name: "update with an unknown event", as: "developer", method: "PUT", path: mergeRequestPath,
			body: set("state_event", "merge"), status: 400,
			want: `{"error":"state_event does not have a valid value"}`,
		},
		{
			name: "update to no branch", as: "developer", method: "PUT", path: mergeRequestPath,
			body: set("target_branch", "gone"), status: 422, want: `{"message":["Target branch \"gone\" does not ` +
				`exist"]}`,
		},
		{
			name: "update to no title", as: "developer", method: "PUT", path: mergeRequestPath, body: set("title", ""),
			status: 400, want: `{"error":"title is empty"}`,
		},
		{
			name: "merge without right", as: "developer", method: "PUT", path: mergeRequestPath + "/merge", status: 401,
			want: unauthorized,
		},
		{
			name: "merge none", as: "maintainer", method: "PUT", path: mergeRequestsPath + "/99/merge", status: 404,
			want: recordMissing,
		},
		{
			name: "merge another head", as: "maintainer", method: "PUT", path: mergeRequestPath + "/merge",
			body: set("sha", firstSHA), status: 409, want: `{"message":"SHA does not match HEAD of source branch: ` +
				headSHA + `"}`,
		},
		{
			name: "merge what is blocked by a status check", as: "maintainer", method: "PUT", path: mergeRequestPath +
				"/merge", status: 405, want: `{"message":"405 Method Not Allowed"}`,
			arrange: project(func(p *gitlab.Project) { p.RequirePassingStatusChecks = true }),
		},
		{
			name: "merge what is closed", as: "maintainer", method: "PUT", path: mergeRequestPath + "/merge",
			status: 405, want: `{"message":"405 Method Not Allowed"}`,
			arrange: func(h *harness) {
				h.do("developer", "PUT", mergeRequestPath, set("state_event", "close")).
					want(200)
			},
		},
		{
			name: "merge what conflicts", as: "maintainer", method: "PUT", path: mergeRequestPath + "/merge",
			status: 422, want: `{"message":"Branch cannot be merged"}`,
			arrange: func(h *harness) {
				h.do("maintainer", "PUT", filesPath+"README.md", map[string]any{
					"branch": "main", "commit_message": "x",
					"content": "other",
				}).want(200)
			},
		},
		{
			name: "merge what needs a rebase", as: "maintainer", method: "PUT", path: mergeRequestPath + "/merge",
			status: 422, want: `{"message":"Branch cannot be merged"}`, arrange: behind,
		},
		{
			name: "merge what needs a rebase and a pipeline", as: "maintainer", method: "PUT",
			path: mergeRequestPath + "/merge", status: 405, want: `{"message":"405 Method Not Allowed"}`,
			arrange: func(h *harness) {
				behind(h)
				project(func(p *gitlab.Project) { p.RequireSucceededPipeline = true })(h)
			},
		},
		{
			name: "approvals as Guest", as: "guest", method: "GET", path: mergeRequestPath + "/approvals", status: 403,
			want: forbidden,
		},
		{
			name: "approve as Reporter", as: "reporter", method: "POST", path: mergeRequestPath + "/approve",
			status: 403,
			want:   forbidden,
		},
		{
			name: "approve another head", as: "developer", method: "POST", path: mergeRequestPath + "/approve",
			body: set("sha", firstSHA), status: 409, want: `{"message":"SHA does not match HEAD of source branch: ` +
				headSHA + `"}`,
		},
		{
			name: "approve one's own", as: "developer", method: "POST", path: mergeRequestsPath + "/5/approve",
			status: 401, want: unauthorized,
			arrange: func(h *harness) {
				newBranch(h)
				h.do("developer", "POST", mergeRequestsPath, newMergeRequest()).want(201)
			},
		},
		{
			name: "approve twice", as: "developer", method: "POST", path: mergeRequestPath + "/approve", status: 401,
			want:    unauthorized,
			arrange: func(h *harness) { h.do("developer", "POST", mergeRequestPath+"/approve", nil).want(201) },
		},
		{
			name: "unapprove nothing", as: "developer", method: "POST", path: mergeRequestPath + "/unapprove",
			status: 404,
			want:   `{"message":"404 Not Found"}`,
		},
		{
			name: "unapprove as Reporter", as: "reporter", method: "POST", path: mergeRequestPath + "/unapprove",
			status: 403, want: forbidden,
		},
	})
}

func TestMergeRequest_isOpened(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	newBranch(h)
	made := h.do("developer", "POST", mergeRequestsPath, newMergeRequest(
		"title", "Draft: Feature", "description", "To do:\n- [x] one\n* [ ] two\n```\n- [ ] no\n```\n1. [X] three",
		"labels", "b, a,b,", "assignee_ids", []int{3, 99, 8, 3},
		"reviewer_ids", []int{4}, "remove_source_branch", true, "squash", true,
	)).want(201)
	for path, want := range map[string]string{
		"iid": "5", "project_id": "6", "state": "opened", "sha": h.do("developer", "GET", branchesPath+"/feature", nil).
			want(200).text("commit.id"),
		"merge_status": "checking", "detailed_merge_status": "preparing", "prepared_at": "<nil>", "diff_refs": "<nil>",
		"changes_count":   "<nil>",
		"author.username": "developer", "assignee.username": "maintainer", "assignees.1": "<nil>",
		"reviewers.0.username": "developer", "draft": "true",
		"work_in_progress": "true", "labels": "[a b]", "force_remove_source_branch": "true",
		"should_remove_source_branch": "<nil>", "squash": "true",
		"task_completion_status.count": "3", "task_completion_status.completed_count": "2",
		"references.full": "flightjs/Flight!5", "subscribed": "true",
		"user.can_merge": "false", "user_notes_count": "0",
		"web_url": "http://example.com/flightjs/Flight/-/merge_requests/5", "head_pipeline": "<nil>",
	} {
		assert.Equal(t, made.text(path), want, path)
	}
	shown := h.do("maintainer", "GET", mergeRequestsPath+"/5", nil).want(200)
	for path, want := range map[string]string{
		"merge_status": "can_be_merged", "detailed_merge_status": "draft_status",
		"prepared_at": "2026-02-03T10:00:00.000Z", "changes_count": "1",
		"diff_refs.base_sha": firstSHA, "diff_refs.start_sha": firstSHA, "diff_refs.head_sha": made.text("sha"),
		"user.can_merge": "true",
		"subscribed":     "true", "first_contribution": "false", "has_conflicts": "false",
		"blocking_discussions_resolved": "true",
	} {
		assert.Equal(t, shown.text(path), want, path)
	}
	assert.Equal(t, h.do("reporter", "GET", mergeRequestsPath+"/5", nil).want(200).text("subscribed"), "false")
}

// With a lag the background jobs are visible: nothing is prepared when the response is sent, and reading the merge
// request starts a new check of mergeability.
func TestMergeRequest_isPreparedLater(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(o *mockserver.Options) { o.Lag = mockserver.Lag{Min: time.Second, Max: time.Second} })
	newBranch(h)
	h.do("developer", "POST", mergeRequestsPath, newMergeRequest()).want(201)
	path := mergeRequestsPath + "/5"
	var seen []string
	for range 4 {
		seen = append(seen, h.do("developer", "GET", path, nil).want(200).text("detailed_merge_status"))
		h.clock.advance(time.Second)
	}
	assert.DeepEqual(t, seen, []string{"preparing", "checking", "mergeable", "mergeable"})
	h.do("maintainer", "POST", filesPath+"main.go", map[string]any{
		"branch": "main", "commit_message": "x",
		"content": "x",
	}).want(201)
	h.clock.advance(2 * time.Second)
	assert.Equal(t, h.do("reporter", "GET", path, nil).want(200).text("detailed_merge_status"), "unchecked")
	assert.Equal(t, h.do("reporter", "GET", path, nil).want(200).text("detailed_merge_status"), "unchecked",
		"who may not update asks for nothing")
	assert.Equal(t, h.do("developer", "GET", path, nil).want(200).text("detailed_merge_status"), "unchecked")
	assert.Equal(t, h.do("developer", "GET", path, nil).want(200).text("detailed_merge_status"), "checking")
	h.clock.advance(time.Second)
	assert.Equal(t, h.do("developer", "GET", path, nil).want(200).text("detailed_merge_status"), "mergeable")
}

func TestMergeRequest_showsMoreIfAsked(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("maintainer", "POST", filesPath+"main.go", map[string]any{
		"branch": "main", "commit_message": "x",
		"content": "x",
	}).want(201)
	r := h.do("guest", "GET", mergeRequestPath, nil)
	assert.Equal(t, r.status, 403)
	r = h.do("reporter", "GET", mergeRequestPath+
		"?render_html=true&include_diverged_commits_count=true&include_rebase_in_progress=true", nil).want(200)
	assert.Equal(t, r.text("diverged_commits_count"), "1")
	assert.Equal(t, r.text("rebase_in_progress"), "false")
	assert.Equal(t, r.text("title_html"), "Update README.md")
}

func TestMergeRequest_isUpdated(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for _, tc := range []struct {
		body map[string]any
		want map[string]string
	}{
		{map[string]any{"title": "draft: Two", "description": nil}, map[string]string{
			"title": "draft: Two",
			"draft": "true", "detailed_merge_status": "draft_status",
		}},
		{set("labels", "a,b"), map[string]string{"labels": "[a b]"}},
		{set("add_labels", "c,a"), map[string]string{"labels": "[a b c]"}},
		{set("remove_labels", []string{"a", "b"}), map[string]string{"labels": "[c]"}},
		{set("labels", ""), map[string]string{"labels": "[]"}},
		{set("assignee_id", 3), map[string]string{"assignee.username": "maintainer"}},
		{set("assignee_ids", []int{0}), map[string]string{"assignee": "<nil>", "assignees": "[]"}},
		{set("discussion_locked", true), map[string]string{"discussion_locked": "true"}},
		{set("discussion_locked", false), map[string]string{"discussion_locked": "false"}},
		{set("remove_source_branch", false), map[string]string{"force_remove_source_branch": "false"}},
		{set("squash", true), map[string]string{"squash": "true", "squash_on_merge": "true"}},
		{set("state_event", "close"), map[string]string{
			"state": "closed", "closed_by.username": "developer",
			"closed_at": "2026-02-03T10:00:00.000Z",
		}},
		{set("state_event", "reopen"), map[string]string{
			"state": "opened", "closed_by": "<nil>",
			"closed_at": "<nil>",
		}},
	} {
		r := h.do("developer", "PUT", mergeRequestPath, tc.body).want(200)
		for path, want := range tc.want {
			assert.Equal(t, r.text(path), want, "%v: %s", tc.body, path)
		}
	}
	before := h.do("developer", "GET", mergeRequestPath, nil).want(200).text("updated_at")
	h.clock.advance(time.Minute)
	assert.Equal(t, h.do("developer", "PUT", mergeRequestPath, set("title", "draft: Two")).want(200).text("updated_at"),
		before, "nothing changed")
}

func TestMergeRequest_targetBranchMakesANewDiff(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("maintainer", "POST", branchesPath, map[string]any{"branch": "stable", "ref": headSHA}).want(201)
	r := h.do("developer", "PUT", mergeRequestPath, set("target_branch", "stable")).want(200)
	assert.Equal(t, r.text("diff_refs.base_sha"), headSHA)
	assert.Equal(t, r.text("changes_count"), "0")
}

func TestMergeRequest_isMerged(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	r := h.do("maintainer", "PUT", mergeRequestPath+"/merge",
		map[string]any{"sha": headSHA, "merge_commit_message": "Merged"}).want(200)
	for path, want := range map[string]string{
		"state": "merged", "merged_by.username": "maintainer", "merge_user.username": "maintainer",
		"merged_at":         "2026-02-03T10:00:00.000Z",
		"squash_commit_sha": "<nil>", "detailed_merge_status": "not_open",
	} {
		assert.Equal(t, r.text(path), want, path)
	}
	commit := h.do("reporter", "GET", commitsPath+"/"+r.text("merge_commit_sha"), nil).want(200)
	assert.Equal(t, commit.text("title"), "Merged")
	assert.DeepEqual(t, commit.get("parent_ids"), []any{firstSHA, headSHA})
	h.do("reporter", "GET", branchesPath+"/"+patchBranch, nil).want(404) // force_remove_source_branch
	assert.Equal(t, h.do("reporter", "GET", branchesPath+"/main", nil).want(200).text("commit.id"), commit.text("id"))
	h.do("maintainer", "PUT", mergeRequestPath+"/merge", nil).wantBody(405, `{"message":"405 Method Not Allowed"}`)
}

// Deleting a merge request also deletes the statuses of its checks. Its branch stays, and its number is not used again.
func TestMergeRequest_isDeleted(t *testing.T) {
	t.Parallel()
	for _, who := range []string{"owner", "admin"} {
		h := newHarness(t)
		h.do("developer", "POST", respondPath, responseBody(1, headSHA, "passed")).want(201)
		before := h.do("owner", "GET", mergeRequestPath, nil).want(200)
		h.do(who, "DELETE", mergeRequestPath, nil).want(204)
		for _, path := range []string{mergeRequestPath, mergeRequestPath + "/status_checks", mergeRequestPath +
			"/notes"} {
			h.do("owner", "GET", path, nil).wantBody(404, recordMissing)
		}
		h.do("owner", "DELETE", mergeRequestPath, nil).wantBody(404, recordMissing)
		h.do("reporter", "GET", branchesPath+"/"+patchBranch, nil).want(200)
		again := h.do("developer", "POST", mergeRequestsPath, newMergeRequest("source_branch", patchBranch)).want(201)
		assert.Equal(t, again.text("iid"), "5")
		assert.Assert(t, again.text("id") != before.text("id"))
	}
}

// A merge request is not deleted if it was changed after the instant that the caller names.
func TestMergeRequest_isNotDeletedIfChanged(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	r := h.request("owner", "DELETE", mergeRequestPath, nil)
	r.Header.Set("If-Unmodified-Since", "2020-01-01")
	h.send(r).want(412)
	h.do("owner", "GET", mergeRequestPath, nil).want(200)
}

func TestMergeRequest_keepsItsBranchIfAsked(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	r := h.do("maintainer", "PUT", mergeRequestPath+"/merge", map[string]any{
		"should_remove_source_branch": false,
		"squash":                      true,
	}).want(200)
	assert.Equal(t, r.text("should_remove_source_branch"), "false")
	h.do("reporter", "GET", branchesPath+"/"+patchBranch, nil).want(200)
}

// Auto-merge waits for the status checks, and merges when the last one passes.
func TestMergeRequest_mergesWhenChecksPass(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("maintainer", "PUT", "/projects/6", set("only_allow_merge_if_all_status_checks_passed", true)).want(200)
	waiting := h.do("maintainer", "PUT", mergeRequestPath+"/merge", set("auto_merge", true)).want(200)
	for path, want := range map[string]string{
		"state": "opened", "merge_when_pipeline_succeeds": "true",
		"merge_user.username": "maintainer", "detailed_merge_status": "status_checks_must_pass",
	} {
		assert.Equal(t, waiting.text(path), want, path)
	}
	h.do("developer", "POST", respondPath, responseBody(1, headSHA, "passed")).want(201)
	assert.Equal(t, h.do("reporter", "GET", mergeRequestPath, nil).want(200).text("state"), "merged")
}

func TestApprovals_state(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	state := func(as string) response { return h.do(as, "GET", mergeRequestPath+"/approval_state", nil) }
	state("guest").wantBody(403, forbidden)
	state("reporter").wantBody(200, `{"approval_rules_overwritten":false,"rules":[]}`)
	rule := newRule("QA", 1, "user_ids", []int64{h.do("developer", "GET", "/user", nil).want(200).number("id")})
	h.do("owner", "POST", approvalRules, rule).want(201)
	project(func(p *gitlab.Project) { p.ApprovalsRequired = 2 })(h)
	h.do("developer", "POST", mergeRequestPath+"/approve", nil).want(201)
	shown := state("reporter").want(200)
	for path, want := range map[string]string{
		"rules.0.rule_type": "any_approver", "rules.0.name": "All Members", "rules.0.approvals_required": "2",
		"rules.0.approved": "false", "rules.0.approved_by.0.username": "developer",
		"rules.1.name": "QA", "rules.1.approved": "true", "rules.1.approved_by.0.username": "developer",
		"rules.1.eligible_approvers.0.username": "developer", "rules.1.users.0.username": "developer",
		"rules.1.section": "<nil>", "rules.1.code_owner": "false", "rules.1.contains_hidden_groups": "false",
	} {
		assert.Equal(t, shown.text(path), want, path)
	}
}

func TestApprovals(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	project(func(p *gitlab.Project) { p.ApprovalsRequired = 2 })(h)
	assert.Equal(t, h.do("reporter", "GET", mergeRequestPath, nil).want(200).text("detailed_merge_status"),
		"not_approved")
	before := h.do("developer", "GET", mergeRequestPath+"/approvals", nil).want(200)
	for path, want := range map[string]string{
		"approved": "false", "approvals_required": "2", "approvals_left": "2", "user_can_approve": "true",
		"user_has_approved":               "false",
		"approval_rules_left.0.rule_type": "any_approver", "has_approval_rules": "true",
	} {
		assert.Equal(t, before.text(path), want, path)
	}
	h.do("developer", "POST", mergeRequestPath+"/approve", set("sha", headSHA)).want(201)
	after := h.do("maintainer", "POST", mergeRequestPath+"/approve", nil).want(201)
	for path, want := range map[string]string{
		"approved": "true", "approvals_left": "0", "approved_by.0.user.username": "developer",
		"approved_by.1.approved_at": "2026-02-03T10:00:00.000Z",
		"user_can_approve":          "false", "user_has_approved": "true", "approval_rules_left": "[]",
	} {
		assert.Equal(t, after.text(path), want, path)
	}
	assert.Equal(t, h.do("maintainer", "POST", mergeRequestPath+"/unapprove", nil).want(201).text("approvals_left"),
		"1")
}

func TestListMergeRequests_filters(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	newBranch(h)
	h.clock.advance(time.Hour)
	h.do("developer", "POST", mergeRequestsPath, newMergeRequest("title", "Draft: Fly", "description", "Higher",
		"labels", "fast,new", "assignee_ids", []int{3}, "reviewer_ids", []int{5})).want(201)
	h.clock.advance(time.Hour)
	h.do("developer", "POST", branchesPath, map[string]any{"branch": "stable", "ref": "main"}).want(201)
	h.do("developer", "POST", mergeRequestsPath, newMergeRequest("title", "Abandoned", "target_branch", "stable")).
		want(201)
	h.do("developer", "PUT", mergeRequestsPath+"/6", set("state_event", "close")).want(200)
	for _, tc := range []struct {
		as, query string
		want      []string
	}{
		{"reporter", "", []string{"6", "5", "4"}},
		{"reporter", "sort=asc&per_page=2", []string{"4", "5"}},
		{"reporter", "order_by=title&sort=asc", []string{"6", "5", "4"}},
		{"reporter", "order_by=updated_at", []string{"6", "5", "4"}},
		{"reporter", "state=opened", []string{"5", "4"}},
		{"reporter", "state=closed", []string{"6"}},
		{"reporter", "iids[]=4&iids[]=6", []string{"6", "4"}},
		{"reporter", "source_branch=feature&target_branch=main", []string{"5"}},
		{"reporter", "search=HIGH", []string{"5"}},
		{"reporter", "labels=fast,new", []string{"5"}},
		{"reporter", "labels=fast,old", []string{}},
		{"reporter", "labels=None", []string{"6", "4"}},
		{"reporter", "labels=Any", []string{"5"}},
		{"reporter", "wip=yes", []string{"5"}},
		{"reporter", "wip=no", []string{"6", "4"}},
		{"reporter", "author_username=root", []string{"4"}},
		{"reporter", "author_username=nobody", []string{}},
		{"reporter", "author_id=4", []string{"6", "5"}},
		{"maintainer", "scope=assigned-to-me", []string{"5"}},
		{"developer", "scope=created_by_me", []string{"6", "5"}},
		{"reporter", "scope=reviews_for_me", []string{"5"}},
		{"reporter", "created_after=2026-02-03T10:30:00Z&created_before=2026-02-03T11:30:00Z", []string{"5"}},
		{"reporter", "updated_before=2023-01-01T00:00:00Z", []string{"4"}},
	} {
		got := h.do(tc.as, "GET", mergeRequestsPath+"?"+tc.query, nil).want(200).column("iid")
		assert.Check(t, cmp.Equal(got, tc.want), "%s: %s", tc.query, cmp.Diff(tc.want, got))
	}
	simple := h.do("reporter", "GET", mergeRequestsPath+"?view=simple&iids=5", nil).want(200)
	assert.Equal(t, len(simple.get("0").(map[string]any)), 9)
	assert.Equal(t, simple.text("0.web_url"), "http://example.com/flightjs/Flight/-/merge_requests/5")
	details := h.do("reporter", "GET", mergeRequestsPath+"?with_labels_details=true&iids=5", nil).want(200)
	assert.Equal(t, details.text("0.labels.0.name")+" "+details.text("0.labels.0.color"), "fast #6699cc")
}

func TestMergeRequests_ofAPublicProjectAreOpen(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.publish()
	assert.Equal(t, h.do("", "GET", mergeRequestPath, nil).want(200).text("user.can_merge"), "false")
	assert.DeepEqual(t, h.do("", "GET", mergeRequestsPath, nil).want(200).column("iid"), []string{"4"})
	h.do("", "PUT", mergeRequestPath, set("title", "x")).wantBody(401, unauthorized)
}
