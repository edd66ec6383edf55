package mockserver_test

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

// callers are the callers with one letter each: not signed in, a user who is not a member, the roles of a member, and
// an administrator who is not a member.
var callers = []struct{ letter, token string }{
	{"n", ""},
	{"s", "stranger"},
	{"g", "guest"},
	{"p", "planner"},
	{"r", "reporter"},
	{"d", "developer"},
	{"m", "maintainer"},
	{"o", "owner"},
	{"a", "admin"},
}

// whoMay says who may do what with the operations around the feature, in a project and a group of each visibility, in
// GitLab 18.9. The last column names the source. It requires an ability, or only that the caller is signed in.
const whoMay = `
operation                     private    internal   public     what decides
getVersion                    sgprdmoa   sgprdmoa   sgprdmoa   lib/api/metadata.rb: authenticate!
getMetadata                   sgprdmoa   sgprdmoa   sgprdmoa   lib/api/metadata.rb: authenticate!
getCurrentUser                sgprdmoa   sgprdmoa   sgprdmoa   lib/api/users.rb: authenticate!
listUsers                     sgprdmoa   sgprdmoa   sgprdmoa   lib/api/users.rb: read_users_list
createUser                    a          a          a          lib/api/users.rb: authenticated_as_admin!
getUser                       sgprdmoa   sgprdmoa   sgprdmoa   lib/api/users.rb: Not authorized! for nobody, read_user
deleteUser                    a          a          a          lib/api/users.rb: authenticated_as_admin!
createPersonalAccessToken     a          a          a          lib/api/users.rb: authenticated_as_admin!
listPersonalAccessTokens      sgprdmoa   sgprdmoa   sgprdmoa   lib/api/personal_access_tokens.rb: authenticate!
getPersonalAccessTokenSelf    sgprdmoa   sgprdmoa   sgprdmoa   lib/api/personal_access_tokens.rb: authenticate!
revokePersonalAccessToken     a          a          a          lib/api/personal_access_tokens.rb: revoke_token
listMemberRoles               a          a          a          ee/lib/api/member_roles.rb: admin_member_role
createMemberRole              a          a          a          ee/lib/api/member_roles.rb: admin_member_role
deleteMemberRole              a          a          a          ee/lib/api/member_roles.rb: admin_member_role
listGroups                    nsgprdmoa  nsgprdmoa  nsgprdmoa  lib/api/groups.rb: nothing; what is shown, read_group
createGroup                   sgprdmoa   sgprdmoa   sgprdmoa   lib/api/groups.rb: create_group
getGroup                      gprdmoa    sgprdmoa   nsgprdmoa  lib/api/groups.rb: read_group, also by projects below
deleteGroup                   oa         oa         oa         lib/api/groups.rb: remove_group
listGroupMembers              gprdmoa    sgprdmoa   sgprdmoa   lib/api/members.rb: authenticate!, read_group_member
createGroupMember             oa         oa         oa         lib/api/members.rb: admin_group_member
deleteGroupMember             oa         oa         oa         lib/api/members.rb: destroy_group_member
listGroupProtectedBranches    oa         oa         oa         ee/lib/api/group_protected_branches.rb: admin_group
createGroupProtectedBranch    oa         oa         oa         ee/lib/api/group_protected_branches.rb: admin_group
getGroupProtectedBranch       oa         oa         oa         ee/lib/api/group_protected_branches.rb: admin_group
updateGroupProtectedBranch    oa         oa         oa         ee/lib/api/group_protected_branches.rb: admin_group
deleteGroupProtectedBranch    oa         oa         oa         ee/lib/api/group_protected_branches.rb: admin_group
listNamespaces                sgprdmoa   sgprdmoa   sgprdmoa   lib/api/namespaces.rb: authenticate!
getNamespace                  oa         oa         oa         lib/api/namespaces.rb: authenticate!, read_namespace
listProjects                  nsgprdmoa  nsgprdmoa  nsgprdmoa  lib/api/projects.rb: nothing; what is shown, read_project
createProject                 oa         oa         oa         lib/api/projects.rb: create_projects
getProject                    gprdmoa    sgprdmoa   nsgprdmoa  lib/api/projects.rb: read_project
updateProject                 moa        moa        moa        lib/api/projects.rb: authenticate_non_get!, admin_project
deleteProject                 oa         oa         oa         lib/api/projects.rb: remove_project
restoreProject                oa         oa         oa         lib/api/projects.rb: remove_project
archiveProject                oa         oa         oa         lib/api/projects.rb: archive_project
unarchiveProject              oa         oa         oa         lib/api/projects.rb: archive_project
forkProject                   rdmoa      sgprdmoa   sgprdmoa   lib/api/projects.rb: fork_project, create_projects there
unlinkFork                    oa         oa         oa         lib/api/projects.rb: remove_fork_project
listForks                     gprdmoa    sgprdmoa   nsgprdmoa  lib/api/projects.rb: nothing; what is shown, read_project
listProjectMembers            gprdmoa    sgprdmoa   sgprdmoa   lib/api/members.rb: authenticate!, read_project_member
createProjectMember           moa        moa        moa        lib/api/members.rb: admin_project_member
listAllProjectMembers         gprdmoa    sgprdmoa   sgprdmoa   lib/api/members.rb: authenticate!, read_project_member
getProjectMember              gprdmoa    sgprdmoa   sgprdmoa   lib/api/members.rb: authenticate!, read_project_member
updateProjectMember           moa        moa        moa        lib/api/members.rb: update_project_member
deleteProjectMember           moa        moa        moa        lib/api/members.rb: destroy_project_member
getProjectApprovals           moa        moa        moa        ee/project_approvals.rb: read_approvers or admin_project
changeProjectApprovals        moa        moa        moa        ee/lib/api/project_approvals.rb: update_approvers
listApprovalRules             rdmoa      sgprdmoa   sgprdmoa   project_approval_rules.rb: create_merge_request_in
createApprovalRule            moa        moa        moa        project_approval_rules.rb: manage_merge_request_settings
deleteApprovalRule            moa        moa        moa        project_approval_rules.rb: manage_merge_request_settings
listProjectAccessTokens       moa        moa        moa        resource_access_tokens.rb: read_resource_access_tokens
createProjectAccessToken      moa        moa        moa        resource_access_tokens.rb: create_resource_access_tokens
getProjectAccessToken         moa        moa        moa        resource_access_tokens.rb: read_resource_access_tokens
revokeProjectAccessToken      moa        moa        moa        resource_access_tokens.rb: destroy_resource_access_tokens
listProjectHooks              moa        moa        moa        lib/api/project_hooks.rb: read_web_hook
createProjectHook             moa        moa        moa        lib/api/project_hooks.rb: admin_web_hook
getProjectHook                moa        moa        moa        lib/api/project_hooks.rb: read_web_hook
updateProjectHook             moa        moa        moa        lib/api/project_hooks.rb: admin_web_hook
deleteProjectHook             moa        moa        moa        lib/api/project_hooks.rb: admin_web_hook
listProjectHookEvents         moa        moa        moa        lib/api/hooks/events.rb: read_web_hook
testProjectHook               moa        moa        moa        lib/api/hooks/trigger_test.rb: admin_web_hook
resendProjectHookEvent        moa        moa        moa        lib/api/hooks/resend_hook.rb: admin_web_hook
getFile                       prdmoa     sgprdmoa   nsgprdmoa  lib/api/files.rb: read_code
createFile                    dmoa       dmoa       dmoa       lib/api/files.rb: push_code
updateFile                    dmoa       dmoa       dmoa       lib/api/files.rb: push_code
deleteFile                    dmoa       dmoa       dmoa       lib/api/files.rb: push_code
getRawFile                    prdmoa     sgprdmoa   nsgprdmoa  lib/api/files.rb: read_code
listRepositoryTree            prdmoa     sgprdmoa   nsgprdmoa  lib/api/repositories.rb: read_code
getBlob                       prdmoa     sgprdmoa   nsgprdmoa  lib/api/repositories.rb: read_code
getRawBlob                    prdmoa     sgprdmoa   nsgprdmoa  lib/api/repositories.rb: read_code
compareRefs                   prdmoa     sgprdmoa   nsgprdmoa  lib/api/repositories.rb: read_code
listCommits                   prdmoa     sgprdmoa   nsgprdmoa  lib/api/commits.rb: read_code
createCommit                  dmoa       dmoa       dmoa       lib/api/commits.rb: push_code
getCommit                     prdmoa     sgprdmoa   nsgprdmoa  lib/api/commits.rb: read_code
listCommitMergeRequests       prdmoa     sgprdmoa   nsgprdmoa  lib/api/commits.rb: read_code, read_merge_request
listCommitStatuses            rdmoa      sgprdmoa   sgprdmoa   lib/api/commit_statuses.rb: read_commit_status
createCommitStatus            dmoa       dmoa       dmoa       lib/api/commit_statuses.rb: create_commit_status
listPipelines                 gprdmoa    sgprdmoa   nsgprdmoa  lib/api/ci/pipelines.rb: read_pipeline, read_build
getLatestPipeline             gprdmoa    sgprdmoa   nsgprdmoa  lib/api/ci/pipelines.rb: read_pipeline
getPipeline                   gprdmoa    sgprdmoa   nsgprdmoa  lib/api/ci/pipelines.rb: read_pipeline
listMergeRequestPipelines     prdmoa     sgprdmoa   nsgprdmoa  lib/api/merge_requests.rb: read_merge_request
listBranches                  prdmoa     sgprdmoa   nsgprdmoa  lib/api/branches.rb: read_code
createBranch                  dmoa       dmoa       dmoa       lib/api/branches.rb: push_code
getBranch                     prdmoa     sgprdmoa   nsgprdmoa  lib/api/branches.rb: read_code
deleteBranch                  dmoa       dmoa       dmoa       lib/api/branches.rb: push_code
listProtectedBranches         prdmoa     sgprdmoa   nsgprdmoa  lib/api/protected_branches.rb: read_code
createProtectedBranch         mo         mo         mo         lib/api/protected_branches.rb: create_protected_branch
getProtectedBranch            prdmoa     sgprdmoa   nsgprdmoa  lib/api/protected_branches.rb: read_code
updateProtectedBranch         moa        moa        moa        lib/api/protected_branches.rb: update_protected_branch
deleteProtectedBranch         moa        moa        moa        lib/api/protected_branches.rb: destroy_protected_branch
listMergeTrainCars            prdmoa     sgprdmoa   nsgprdmoa  ee/lib/api/merge_trains.rb: read_merge_train
listMergeTrainCarsOfBranch    prdmoa     sgprdmoa   nsgprdmoa  ee/lib/api/merge_trains.rb: read_merge_train
getMergeTrainCar              prdmoa     sgprdmoa   nsgprdmoa  ee/lib/api/merge_trains.rb: read_merge_train
listProjectLabels             gprdmoa    sgprdmoa   sgprdmoa   lib/api/labels.rb: authenticate!
createProjectLabel            prdmoa     prdmoa     prdmoa     lib/api/helpers/label_helpers.rb: admin_label
getProjectLabel               gprdmoa    sgprdmoa   sgprdmoa   lib/api/labels.rb: authenticate!
updateProjectLabel            prdmoa     prdmoa     prdmoa     lib/api/helpers/label_helpers.rb: admin_label
deleteProjectLabel            prdmoa     prdmoa     prdmoa     lib/api/helpers/label_helpers.rb: admin_label
listProjectMilestones         gprdmoa    sgprdmoa   sgprdmoa   lib/api/project_milestones.rb: read_milestone
createProjectMilestone        prdmoa     prdmoa     prdmoa     lib/api/project_milestones.rb: admin_milestone
getProjectMilestone           gprdmoa    sgprdmoa   sgprdmoa   lib/api/project_milestones.rb: read_milestone
updateProjectMilestone        prdmoa     prdmoa     prdmoa     lib/api/project_milestones.rb: admin_milestone
deleteProjectMilestone        prdmoa     prdmoa     prdmoa     lib/api/project_milestones.rb: admin_milestone
listMergeRequests             prdmoa     sgprdmoa   nsgprdmoa  lib/api/merge_requests.rb: read_merge_request
createMergeRequest            dmoa       dmoa       dmoa       lib/api/merge_requests.rb: create_merge_request_from
getMergeRequest               prdmoa     sgprdmoa   nsgprdmoa  lib/api/merge_requests.rb: read_merge_request
updateMergeRequest            dmoa       dmoa       dmoa       lib/api/merge_requests.rb: update_merge_request
deleteMergeRequest            oa         oa         oa         lib/api/merge_requests.rb: destroy_merge_request
mergeMergeRequest             mo         mo         mo         lib/api/merge_requests.rb: as main is protected
listMergeRequestParticipants  prdmoa     sgprdmoa   nsgprdmoa  lib/api/merge_requests.rb: read_merge_request
listMergeRequestCommits       prdmoa     sgprdmoa   nsgprdmoa  lib/api/merge_requests.rb: read_merge_request
listMergeRequestDiffs         prdmoa     sgprdmoa   nsgprdmoa  lib/api/merge_requests.rb: read_merge_request
getMergeRequestChanges        prdmoa     sgprdmoa   nsgprdmoa  lib/api/merge_requests.rb: read_merge_request
getMergeRequestRawDiffs       prdmoa     sgprdmoa   nsgprdmoa  lib/api/merge_requests.rb: read_merge_request
addSpentTime                  dmoa       dmoa       dmoa       lib/api/time_tracking_endpoints.rb: admin_merge_request
getMergeRequestApprovals      prdmoa     sgprdmoa   nsgprdmoa  lib/api/merge_request_approvals.rb: read_merge_request
getMergeRequestApprovalState  prdmoa     sgprdmoa   nsgprdmoa  ee/merge_request_approvals.rb: read_merge_request
approveMergeRequest           dmo        dmo        dmo        lib/api/merge_request_approvals.rb: approve_merge_request
unapproveMergeRequest         dmo        dmo        dmo        lib/api/merge_request_approvals.rb: approve_merge_request
listMergeRequestNotes         prdmoa     sgprdmoa   sgprdmoa   lib/api/notes.rb: authenticate!, read_note
createMergeRequestNote        prdmoa     sgprdmoa   sgprdmoa   lib/api/notes.rb: create_note
listMergeRequestDiscussions   prdmoa     sgprdmoa   sgprdmoa   lib/api/discussions.rb: authenticate!, read_note
createMergeRequestDiscussion  prdmoa     sgprdmoa   sgprdmoa   lib/api/discussions.rb: create_note
resolveMergeRequestDiscussion dmoa       dmoa       dmoa       lib/api/discussions.rb: resolve_note
listProjectAuditEvents        dmoa       dmoa       dmoa       ee/lib/api/audit_events.rb: read_project_audit_events
`

// roleWorld is a world in which every operation has something to act on. It is restored before each request.
type roleWorld struct {
	*harness
	restart func()
	ids     map[string]string // ids of created items, by name
}

func newRoleWorld(t *testing.T, v gitlab.Visibility) *roleWorld {
	w := &roleWorld{ids: map[string]string{}, harness: newUnjudged(t, func(o *mockserver.Options) {
		world := seed.Default()
		world.Groups[0].Visibility, world.Projects[0].Visibility = string(v), string(v)
		o.Seed, o.Transport = &world, &answering{}
	})}
	made := func(name, as, path string, body any) {
		w.ids[name] = w.do(as, "POST", path, body).want(201).text("id")
	}
	made("user", "admin", "/users", map[string]any{
		"username": "other", "name": "Other", "email": "other@example.com",
		"password": "long enough 4 it",
	})
	made("member", "owner", "/projects/6/members", map[string]any{"user_id": w.ids["user"], "access_level": 10})
	made("group member", "owner", "/groups/9/members", map[string]any{"user_id": w.ids["user"], "access_level": 10})
	made("personal token", "admin", "/users/"+w.ids["user"]+"/personal_access_tokens",
		map[string]any{"name": "any", "scopes": []string{"api"}})
	made("project token", "owner", "/projects/6/access_tokens",
		map[string]any{"name": "any", "scopes": []string{"api"}, "expires_at": "2026-06-01"})
	made("hook", "owner", "/projects/6/hooks", set("url", "https://example.com/hook"))
	w.do("owner", "POST", "/projects/6/hooks/"+w.ids["hook"]+"/test/push_events", nil).want(201)
	made("rule", "owner", approvalRules, newRule("Rule", 0))
	made("thread", "owner", discussionsPath, set("body", "Why?"))
	made("role", "admin", "/member_roles", map[string]any{"name": "Role", "base_access_level": 10, "read_code": true})
	made("status", "owner", "/projects/6/statuses/main", saying("success", "ref", "main"))
	made("branch rule", "owner", "/groups/9/protected_branches", set("name", "main"))
	w.do("owner", "POST", "/projects/6/repository/commits", map[string]any{
		"branch": "topic", "start_branch": "main", "commit_message": "Topic",
		"actions": []map[string]any{{"action": "create", "file_path": "topic.txt", "content": "x"}},
	}).want(201)
	w.restart = w.server.KeepState()
	return w
}

// roleRequest is the request to an operation: the values in its path that differ from the usual ones, its body, and
// what must be true before it.
type roleRequest struct {
	path    map[string]string
	body    any
	arrange func(w *roleWorld, as string)
}

func onPath(name, value string) roleRequest { return roleRequest{path: map[string]string{name: value}} }

func withBody(pairs ...any) roleRequest {
	body := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		body[pairs[i].(string)] = pairs[i+1]
	}
	return roleRequest{body: body}
}

func (r roleRequest) after(arrange func(w *roleWorld, as string)) roleRequest {
	r.arrange = arrange
	return r
}

func (r roleRequest) on(name, value string) roleRequest {
	r.path = map[string]string{name: value}
	return r
}

// roleRequests are the requests to operations that need more than a path. A name in brackets stands for the id of an
// item in the world.
var roleRequests = map[string]roleRequest{
	"createUser": withBody("username", "new", "name", "New", "email", "new@example.com",
		"password", "long enough 4 it"),
	"getUser":                    onPath("id", "<user>"),
	"deleteUser":                 onPath("id", "<user>"),
	"createPersonalAccessToken":  withBody("name", "new", "scopes", []string{"api"}).on("user_id", "<user>"),
	"revokePersonalAccessToken":  onPath("id", "<personal token>"),
	"createMemberRole":           withBody("name", "New", "base_access_level", 10, "read_code", true),
	"createGroup":                withBody("name", "New", "path", "new"),
	"createGroupMember":          withBody("user_id", 8, "access_level", 10),
	"deleteGroupMember":          onPath("user_id", "<user>"),
	"createGroupProtectedBranch": withBody("name", "new"),
	"updateGroupProtectedBranch": withBody("allow_force_push", true),
	"createProject":              withBody("name", "New", "namespace_id", 9),
	"updateProject":              withBody("description", "New"),
	"restoreProject": withBody().after(func(w *roleWorld, _ string) {
		w.do("owner", "DELETE", "/projects/6", nil).want(202)
	}),
	"unarchiveProject": withBody().after(func(w *roleWorld, _ string) {
		w.do("owner", "POST", "/projects/6/archive", nil).want(201)
	}),
	"createProjectMember":    withBody("user_id", 1, "access_level", 10),
	"getProjectMember":       onPath("user_id", "<user>"),
	"updateProjectMember":    withBody("access_level", 15).on("user_id", "<user>"),
	"deleteProjectMember":    onPath("user_id", "<user>"),
	"changeProjectApprovals": withBody("reset_approvals_on_push", true),
	"createApprovalRule":     withBody("name", "New", "approvals_required", 0, "user_ids", []int{3}),
	"createProjectHook":      withBody("url", "https://example.com/hook"),
	"updateProjectHook":      withBody("note_events", true),
	"createProjectAccessToken": withBody("name", "new", "scopes", []string{"api"}, "access_level", 10,
		"expires_at", "2026-06-01"),
	"createFile": withBody("branch", "topic", "content", "x", "commit_message", "New").
		on("file_path", "new.txt"),
	"updateFile": withBody("branch", "topic", "content", "y", "commit_message", "New"),
	"deleteFile": withBody("branch", "topic", "commit_message", "New"),
	"createCommit": withBody("branch", "topic", "commit_message", "New", "actions",
		[]map[string]any{{"action": "create", "file_path": "new.txt", "content": "x"}}),
	"getBlob":                       onPath("sha", readmeBlob),
	"getRawBlob":                    onPath("sha", readmeBlob),
	"createCommitStatus":            withBody("state", "success", "ref", "topic"),
	"createBranch":                  withBody("branch", "new", "ref", "main"),
	"createProtectedBranch":         withBody("name", "new"),
	"updateProtectedBranch":         withBody("allow_force_push", true),
	"createMergeRequest":            withBody("source_branch", "topic", "target_branch", "main", "title", "New"),
	"updateMergeRequest":            withBody("description", "New"),
	"createProjectLabel":            withBody("name", "New", "color", "red"),
	"createProjectMilestone":        withBody("title", "New"),
	"getProjectLabel":               withBody().on("name", "red").after(newLabel),
	"getProjectMilestone":           withBody().on("milestone_id", "1").after(newMilestone),
	"getMergeTrainCar":              withBody().after(onTrain),
	"updateProjectLabel":            withBody("color", "blue").on("name", "red").after(newLabel),
	"deleteProjectLabel":            withBody().on("name", "red").after(newLabel),
	"updateProjectMilestone":        withBody("title", "Newer").on("milestone_id", "1").after(newMilestone),
	"deleteProjectMilestone":        withBody().on("milestone_id", "1").after(newMilestone),
	"mergeMergeRequest":             withBody("sha", headSHA),
	"addSpentTime":                  withBody("duration", "1h"),
	"createMergeRequestNote":        withBody("body", "New"),
	"createMergeRequestDiscussion":  withBody("body", "New"),
	"resolveMergeRequestDiscussion": withBody("resolved", true),
	"unapproveMergeRequest": withBody().after(func(w *roleWorld, as string) {
		w.update(func(tx *gitlab.Tx) error {
			t, _ := tx.TokenBySecret("glpat-" + as)
			mr, err := tx.MergeRequest(6, 4)
			mr.Approvals = append(slices.Clone(mr.Approvals), gitlab.Approval{UserID: t.UserID, At: tx.Now})
			tx.InsertMergeRequest(mr)
			return err
		})
	}),
}

func newLabel(w *roleWorld, _ string) {
	w.do("owner", "POST", labelsPath, map[string]any{"name": "red", "color": "red"}).want(201)
}

func newMilestone(w *roleWorld, _ string) {
	w.do("owner", "POST", milestonesPath, set("title", "1.0")).want(201)
}

func onTrain(w *roleWorld, _ string) { w.update(putOnTrain) }

// putOnTrain puts the merge request of the default world on a merge train.
func putOnTrain(tx *gitlab.Tx) error {
	mr, err := tx.MergeRequest(6, 4)
	tx.InsertMergeTrainCar(mr, gitlab.MergeTrainCar{UserID: mr.AuthorID, Status: gitlab.CarIdle})
	return err
}

// usual are the values in paths that most operations accept.
var usual = map[string]string{
	"id": "6", "merge_request_iid": "4", "noteable_id": "4", "sha": headSHA, "branch": "topic", "name": "main",
	"file_path": "topic.txt", "approval_rule_id": "<rule>", "token_id": "<project token>", "member_role_id": "<role>",
	"discussion_id": "<thread>", "hook_id": "<hook>", "hook_log_id": "1", "trigger": "push_events",
	"pipeline_id": "1", "target_branch": "main",
}

// whoMay returns the letters of the callers whom an operation does not refuse.
func (w *roleWorld) whoMay(op *openapi.Operation) string {
	letters := ""
	for _, c := range callers {
		w.restart()
		asked := roleRequests[op.ID]
		if asked.arrange != nil {
			asked.arrange(w, c.token)
		}
		r := w.do(c.token, op.Method, w.pathOf(op, asked.path), asked.body)
		switch {
		case r.status < http.StatusBadRequest:
			letters += c.letter
		case !slices.Contains([]int{400, 401, 403, 404}, r.status):
			w.t.Errorf("%s as %q: %d %s", op.ID, c.token, r.status, r.body)
		}
	}
	return cmp.Or(letters, "-")
}

// pathOf fills in the path of an operation.
func (w *roleWorld) pathOf(op *openapi.Operation, own map[string]string) string {
	path := op.Path
	if strings.HasPrefix(path, "/groups/") || strings.HasPrefix(path, "/namespaces/") {
		path = strings.Replace(path, "{id}", "9", 1)
	}
	for _, values := range []map[string]string{own, usual} {
		for name, value := range values {
			if id, stands := strings.CutPrefix(value, "<"); stands {
				value = w.ids[strings.TrimSuffix(id, ">")]
			}
			path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value))
		}
	}
	switch op.ID {
	case "getFile", "getRawFile":
		path += "?ref=topic"
	case "compareRefs":
		path += "?from=main&to=topic"
	}
	return path
}

func TestOperations_whoMay(t *testing.T) {
	t.Parallel()
	contract := openapi.GitLab().At(release.Reference)
	worlds := []*roleWorld{
		newRoleWorld(t, gitlab.Private), newRoleWorld(t, gitlab.Internal), newRoleWorld(t, gitlab.Public),
	}
	named := map[string]bool{}
	for _, row := range strings.Split(strings.TrimSpace(whoMay), "\n")[1:] {
		cells := strings.Fields(row)
		op := contract.Operation(cells[0])
		assert.Assert(t, op != nil, "the contract has no %s", cells[0])
		named[op.ID] = true
		got := []string{worlds[0].whoMay(op), worlds[1].whoMay(op), worlds[2].whoMay(op)}
		assert.Check(t, slices.Equal(got, cells[1:4]), "%s is for %s, not %s", op.ID, got, cells[1:4])
		assert.Check(t, len(cells) > 4, "%s: what decides is not said", op.ID)
	}
	for _, op := range contract.Operations() {
		assert.Check(t, named[op.ID] != statusCheckOperation(op.ID), "%s", op.ID)
	}
}

// statusCheckOperation says whether an operation is the feature's own, or GraphQL, which tables of their own hold.
func statusCheckOperation(id string) bool {
	return mockserver.IsStatusCheckOperation(id) || id == askGraphQL
}
