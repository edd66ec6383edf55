package mockserver_test

import (
	"encoding/json"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/openapi/openapitest"
	"github.com/statuschecks/statuschecks/release"
)

// Entities and the contract have the same keys in the same order. If this GitLab writes only a part of an entity, that
// part is compared.
func TestEntities_followTheContract(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	fork := entityWorld(h)
	contract := openapi.GitLab().At(release.Reference)
	show := func(as, path string) json.RawMessage { return h.do(as, "GET", path, nil).want(200).body }
	for _, tc := range []struct {
		schema string
		whole  bool
		values []any
	}{
		{"Metadata", true, []any{show("guest", "/metadata")}},
		{"UserDetails", false, []any{
			show("admin", "/user"), show("admin", "/users/3"), show("guest", "/users/3"),
			show("guest", "/user"),
		}},
		{"listUsers 200", false, []any{show("admin", "/users"), show("guest", "/users")}},
		{"PersonalAccessToken", false, []any{show("guest", "/personal_access_tokens/self")}},
		{"listProjectAccessTokens 200", false, []any{show("owner", projectTokens)}},
		{"GroupDetails", false, []any{show("owner", "/groups/9")}},
		{"listNamespaces 200", false, []any{show("owner", "/namespaces")}},
		{"Project", false, []any{
			show("owner", "/projects/6"), show("guest", "/projects/6"),
			show("owner", "/projects/owner%2Fopen"), show("", "/projects/owner%2Fopen"),
		}},
		{"listProjectMembers 200", false, []any{
			show("owner", "/projects/6/members?show_seat_info=true"),
			show("guest", "/projects/6/members"),
		}},
		{"listApprovalRules 200", false, []any{show("owner", approvalRules)}},
		{"ApprovalSettings", false, []any{show("owner", projectApprovals)}},
		{"listMemberRoles 200", true, []any{show("admin", memberRoles)}},
		{"ProjectHook", false, []any{show("owner", hookPath)}},
		{"listProjectHooks 200", false, []any{show("owner", hooksPath)}},
		{"File", true, []any{show("guest", "/projects/owner%2Fopen/repository/files/README.md?ref=main")}},
		{"listRepositoryTree 200", true, []any{show("reporter", treePath)}},
		{"Blob", true, []any{show("reporter", blobsPath+readmeBlob)}},
		{"Comparison", false, []any{show("reporter", comparePath+"?from=main&to="+patchBranch)}},
		{"CommitDetails", true, []any{show("reporter", commitsPath+"/main")}},
		{"listCommits 200", true, []any{show("reporter", commitsPath+"?with_stats=true")}},
		{"listBranches 200", false, []any{show("reporter", branchesPath)}},
		{"listProtectedBranches 200", true, []any{show("owner", protectedPath)}},
		{"listGroupProtectedBranches 200", true, []any{show("owner", groupProtectedPath)}},
		{"ProjectLabel", false, []any{show("reporter", labelsPath+"/a")}},
		{"Milestone", false, []any{show("reporter", milestonesPath+"/1")}},
		{"listMergeRequests 200", false, []any{show("reporter", mergeRequestsPath), show("reporter", mergeRequestsPath+
			"?with_labels_details=true")}},
		{
			"MergeRequestDetails", false,
			[]any{fork, show("reporter", mergeRequestPath+
				"?render_html=true&include_diverged_commits_count=true&include_rebase_in_progress=true")},
		},
		{"listMergeRequestParticipants 200", false, []any{show("reporter", mergeRequestPath+"/participants")}},
		{"listMergeRequestCommits 200", false, []any{show("reporter", mergeRequestPath+"/commits")}},
		{"listMergeRequestDiffs 200", true, []any{show("reporter", mergeRequestPath+"/diffs")}},
		{"listMergeTrainCars 200", false, []any{show("reporter", "/projects/6/merge_trains")}},
		{"MergeRequestChanges", false, []any{show("reporter", mergeRequestPath+"/changes")}},
		{"Approvals", false, []any{show("reporter", mergeRequestPath+"/approvals")}},
		{"listMergeRequestDiscussions 200", false, []any{show("reporter", discussionsPath)}},
		{"listProjectAuditEvents 200", true, []any{show("owner", auditPath)}},
		{"FileSaved", true, []any{mockserver.SavedFile{}}},
		{"CommandsSummary", true, []any{
			mockserver.CommandsSummary{CommandsChanges: map[string]any{}, Summary: []string{}},
		}},
	} {
		compare := openapitest.Fits
		if tc.whole {
			compare = openapitest.Drift
		}
		compare(t, contract, tc.schema, tc.values...)
	}
}

// entityWorld creates what the default world lacks, so that all keys of entities are shown. It returns a merge request
// from a fork.
func entityWorld(h *harness) any {
	h.t.Helper()
	project(func(p *gitlab.Project) { p.ApprovalsRequired = 2 })(h)
	h.do("owner", "POST", "/projects", map[string]any{
		"name": "Open", "visibility": "public",
		"initialize_with_readme": true,
	}).want(201)
	h.do("owner", "POST", projectTokens, newProjectToken(30)).want(201)
	h.do("owner", "POST", approvalRules, newRule("Reviewers", 1, "user_ids", "3", "group_ids", "9",
		"protected_branch_ids", "1")).want(201)
	h.do("owner", "POST", hooksPath, set("url", hookURL)).want(201)
	h.do("admin", "POST", memberRoles, customRole("Approver", 10, "admin_merge_request")).want(201)
	h.do("owner", "POST", "/projects/6/members", map[string]any{"user_id": 8, "access_level": 10, "member_role_id": 1}).
		want(201)
	h.do("maintainer", "POST", mergeRequestPath+"/approve", nil).want(201)
	h.do("maintainer", "POST", discussionsPath, set("body", "Tested?")).want(201)
	h.do("maintainer", "POST", notesPath, set("body", "Fine.")).want(201)
	h.update(putOnTrain)
	h.do("reporter", "POST", milestonesPath, map[string]any{"title": "1.0", "due_date": "2026-03-01"}).want(201)
	h.do("maintainer", "PUT", mergeRequestPath, map[string]any{
		"labels": "a,b", "milestone_id": 1, "assignee_ids": []int{3},
		"reviewer_ids": []int{4},
	}).want(200)
	h.do("maintainer", "PUT", checksPath+"/1", set("name", "First")).want(200)
	h.do("maintainer", "PATCH", protectedPath+"/main",
		map[string]any{"allowed_to_unprotect": []map[string]any{{"access_level": 40}}}).want(200)
	h.do("owner", "POST", groupProtectedPath, map[string]any{"name": "stable", "unprotect_access_level": 40}).want(201)
	var fork any
	h.view(func(tx *gitlab.Tx) {
		mr, err := tx.MergeRequest(6, 4)
		assert.NilError(h.t, err)
		mr.SourceProjectID = 7
		owner, _ := tx.UserByUsername("owner")
		fork = mockserver.PresentMergeRequest(tx, &gitlab.Actor{User: owner}, mr)
	})
	return fork
}
