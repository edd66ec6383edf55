package clientgo

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	gitlab "gitlab.com/gitlab-org/api/client-go/v2"
	"gotest.tools/v3/assert"
	is "gotest.tools/v3/assert/cmp"
)

// fixture is a project of its own at a mock.
type fixture struct {
	server  *server
	client  *gitlab.Client
	project *gitlab.Project
}

func newFixture(t *testing.T, flags ...string) *fixture {
	t.Helper()
	s := serve(t, flags...)
	client := s.as(t, "owner")
	project, _, err := client.Projects.CreateProject(&gitlab.CreateProjectOptions{
		Name: gitlab.Ptr("life cycle"), Path: gitlab.Ptr("life.cycle"), InitializeWithReadme: gitlab.Ptr(true),
		DefaultBranch: gitlab.Ptr("main"),
	})
	assert.NilError(t, err)
	assert.Equal(t, project.DefaultBranch, "main")
	return &fixture{server: s, client: client, project: project}
}

// commit adds a commit to a branch and gives its SHA; start names the branch to begin a new one from.
func (f *fixture) commit(t *testing.T, branch, start, file string) string {
	t.Helper()
	options := &gitlab.CreateCommitOptions{
		Branch: &branch, CommitMessage: gitlab.Ptr("Add " + file),
		Actions: []*gitlab.CommitActionOptions{{
			Action: gitlab.Ptr(gitlab.FileCreate), FilePath: &file,
			Content: gitlab.Ptr(file),
		}},
	}
	if start != "" {
		options.StartBranch = &start
	}
	commit, _, err := f.client.Commits.CreateCommit(f.project.ID, options)
	assert.NilError(t, err)
	return commit.ID
}

func (f *fixture) mergeRequest(t *testing.T, branch string) *gitlab.MergeRequest {
	t.Helper()
	f.commit(t, branch, "main", branch+".txt")
	mr, _, err := f.client.MergeRequests.CreateMergeRequest(f.project.ID, &gitlab.CreateMergeRequestOptions{
		Title: gitlab.Ptr("Add " + branch), SourceBranch: &branch, TargetBranch: gitlab.Ptr("main"),
	})
	assert.NilError(t, err)
	mr, _, err = f.client.MergeRequests.GetMergeRequest(f.project.ID, mr.IID, nil)
	assert.NilError(t, err)
	assert.Assert(t, mr.PreparedAt != nil, "the merge request is not prepared although there is no lag")
	return mr
}

func (f *fixture) check(t *testing.T, name, url, secret string) *gitlab.ProjectStatusCheck {
	t.Helper()
	options := &gitlab.CreateProjectExternalStatusCheckOptions{Name: &name, ExternalURL: &url}
	if secret != "" {
		options.SharedSecret = &secret
	}
	check, _, err := f.client.ExternalStatusChecks.CreateProjectExternalStatusCheck(f.project.ID, options)
	assert.NilError(t, err)
	return check
}

func (f *fixture) set(mr, check int64, sha, status string) error {
	_, err := f.client.ExternalStatusChecks.SetProjectMergeRequestExternalStatusCheckStatus(f.project.ID, mr,
		&gitlab.SetProjectMergeRequestExternalStatusCheckStatusOptions{
			SHA: &sha, ExternalStatusCheckID: &check,
			Status: &status,
		})
	return err
}

func (f *fixture) retry(mr, check int64) (*gitlab.Response, error) {
	return f.client.ExternalStatusChecks.RetryFailedExternalStatusCheckForProjectMergeRequest(f.project.ID, mr, check,
		nil)
}

// holdsStatus holds what the merge request shows for its one check.
func (f *fixture) holdsStatus(t *testing.T, mr int64, want string) {
	t.Helper()
	list, _, err := f.client.ExternalStatusChecks.ListProjectMergeRequestExternalStatusChecks(
		f.project.PathWithNamespace, mr, nil)
	assert.NilError(t, err)
	assert.Assert(t, is.Len(list, 1))
	assert.Equal(t, list[0].Status, want)
}

// refusedWith holds that the client reports a status and what its message contains.
func refusedWith(t *testing.T, err error, status int, text string) {
	t.Helper()
	var refused *gitlab.ErrorResponse
	assert.Assert(t, errors.As(err, &refused), "got %v", err)
	assert.Assert(t, refused.HasStatusCode(status), "got %v", err)
	assert.Assert(t, is.Contains(refused.Message, text))
}

func TestChecks_createPageUpdateDelete(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	checks := f.client.ExternalStatusChecks
	branch, _, err := f.client.ProtectedBranches.ProtectRepositoryBranches(f.project.ID,
		&gitlab.ProtectRepositoryBranchesOptions{Name: gitlab.Ptr("release")})
	assert.NilError(t, err)

	for i := range 23 {
		made := f.check(t, fmt.Sprintf("check %d", i), fmt.Sprintf("https://checks.example.com/%d?key=1", i), "")
		assert.Equal(t, made.ProjectID, f.project.ID)
		assert.Assert(t, is.Len(made.ProtectedBranches, 0))
		assert.Equal(t, made.HMAC, false)
	}
	var names []string
	options := &gitlab.ListProjectExternalStatusChecksOptions{}
	for page := 1; ; page++ {
		list, response, err := checks.ListProjectExternalStatusChecks(f.project.PathWithNamespace, options)
		assert.NilError(t, err)
		assert.Equal(t, response.TotalItems, int64(23))
		assert.Equal(t, response.CurrentPage, int64(page))
		for _, c := range list {
			names = append(names, c.Name)
		}
		if response.NextPage == 0 {
			assert.Equal(t, page, 2)
			break
		}
		assert.Assert(t, is.Len(list, 20))
		assert.Assert(t, strings.HasPrefix(response.NextLink, f.server.URL), "next link %q", response.NextLink)
		options.Page = response.NextPage
	}
	assert.Assert(t, is.Len(names, 23))
	assert.Equal(t, names[22], "check 22")

	_, _, err = checks.CreateProjectExternalStatusCheck(f.project.ID, &gitlab.CreateProjectExternalStatusCheckOptions{
		Name: gitlab.Ptr("check 1"), ExternalURL: gitlab.Ptr("https://checks.example.com/other"),
	})
	refusedWith(t, err, http.StatusUnprocessableEntity, "Name has already been taken")

	guarded := f.check(t, "guarded", "https://guarded.example.com", "sesame")
	assert.Equal(t, guarded.HMAC, true)
	update := func(options gitlab.UpdateProjectExternalStatusCheckOptions) *gitlab.ProjectStatusCheck {
		t.Helper()
		updated, _, err := checks.UpdateProjectExternalStatusCheck(f.project.ID, guarded.ID, &options)
		assert.NilError(t, err)
		return updated
	}
	scoped := update(gitlab.UpdateProjectExternalStatusCheckOptions{ProtectedBranchIDs: &[]int64{branch.ID}})
	assert.Assert(t, is.Len(scoped.ProtectedBranches, 1))
	assert.Equal(t, scoped.ProtectedBranches[0].Name, "release")
	assert.Equal(t, scoped.HMAC, true)
	cleared := update(gitlab.UpdateProjectExternalStatusCheckOptions{SharedSecret: gitlab.Ptr("")})
	assert.Equal(t, cleared.HMAC, false)
	assert.Assert(t, is.Len(cleared.ProtectedBranches, 1))
	everywhere := update(gitlab.UpdateProjectExternalStatusCheckOptions{
		Name:               gitlab.Ptr("everywhere"),
		ProtectedBranchIDs: &[]int64{},
	})
	assert.Equal(t, everywhere.Name, "everywhere")
	assert.Assert(t, is.Len(everywhere.ProtectedBranches, 0))

	response, err := checks.DeleteProjectExternalStatusCheck(f.project.ID, guarded.ID, nil)
	assert.NilError(t, err)
	assert.Equal(t, response.StatusCode, http.StatusNoContent)
	_, err = checks.DeleteProjectExternalStatusCheck(f.project.ID, guarded.ID, nil)
	assert.Assert(t, errors.Is(err, gitlab.ErrNotFound), "got %v", err)
}

func TestStatus_fromPendingToPassedFailedAndBack(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	service := receive(t)
	check := f.check(t, "gate", service.URL+"/gate?key=1", "sesame")
	mr := f.mergeRequest(t, "change")

	opened := service.next(t)
	opened.signedWith(t, "sesame")
	assert.Equal(t, opened.payload.ObjectKind, "merge_request")
	assert.Equal(t, opened.payload.ObjectAttributes.Action, "open")
	assert.Equal(t, opened.payload.ObjectAttributes.LastCommit.ID, mr.SHA)
	assert.Equal(t, opened.payload.ExternalApprovalRule.ID, check.ID)
	assert.Equal(t, opened.payload.ExternalApprovalRule.ExternalURL, check.ExternalURL)
	f.holdsStatus(t, mr.IID, "pending")

	refusedWith(t, f.set(mr.IID, check.ID, strings.Repeat("0", 40), "passed"), http.StatusConflict,
		"SHA does not match HEAD of source branch: "+mr.SHA)
	refusedWith(t, f.set(mr.IID, check.ID, mr.SHA, "approved"), http.StatusBadRequest,
		"status does not have a valid value")
	assert.NilError(t, f.set(mr.IID, check.ID, mr.SHA, "passed"))
	f.holdsStatus(t, mr.IID, "passed")
	_, err := f.retry(mr.IID, check.ID)
	refusedWith(t, err, http.StatusUnprocessableEntity, "External status check must be failed")

	assert.NilError(t, f.set(mr.IID, check.ID, mr.SHA, "failed"))
	f.holdsStatus(t, mr.IID, "failed")
	response, err := f.retry(mr.IID, check.ID)
	assert.NilError(t, err)
	assert.Equal(t, response.StatusCode, http.StatusAccepted)
	f.holdsStatus(t, mr.IID, "pending")
	retried := service.next(t)
	retried.signedWith(t, "sesame")
	assert.Equal(t, retried.payload.ObjectAttributes.Action, "")

	f.server.advance(t, 110*time.Second)
	f.holdsStatus(t, mr.IID, "pending")
	f.server.advance(t, 10*time.Second)
	f.holdsStatus(t, mr.IID, "failed")
}

func TestStatus_startsOverWithEachPush(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	service := receive(t)
	check := f.check(t, "gate", service.URL, "")
	mr := f.mergeRequest(t, "change")
	service.next(t)
	assert.NilError(t, f.set(mr.IID, check.ID, mr.SHA, "passed"))

	pushed := f.commit(t, "change", "", "more.txt")
	delivered := service.next(t)
	assert.Equal(t, delivered.header.Get("X-Gitlab-Signature"), "")
	assert.Equal(t, delivered.payload.ObjectAttributes.Action, "update")
	assert.Equal(t, delivered.payload.ObjectAttributes.OldRev, mr.SHA)
	assert.Equal(t, delivered.payload.ObjectAttributes.LastCommit.ID, pushed)
	f.holdsStatus(t, mr.IID, "pending")
	refusedWith(t, f.set(mr.IID, check.ID, mr.SHA, "passed"), http.StatusConflict, pushed)
	assert.NilError(t, f.set(mr.IID, check.ID, pushed, "passed"))
	f.holdsStatus(t, mr.IID, "passed")
}

func TestMerge_waitsForTheChecks(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	_, _, err := f.client.Projects.EditProject(f.project.ID,
		&gitlab.EditProjectOptions{OnlyAllowMergeIfAllStatusChecksPassed: gitlab.Ptr(true)})
	assert.NilError(t, err)
	check := f.check(t, "gate", "https://gate.example.invalid", "")
	mr := f.mergeRequest(t, "change")
	assert.Equal(t, mr.DetailedMergeStatus, "status_checks_must_pass")
	_, _, err = f.client.MergeRequests.AcceptMergeRequest(f.project.ID, mr.IID,
		&gitlab.AcceptMergeRequestOptions{SHA: &mr.SHA})
	refusedWith(t, err, http.StatusMethodNotAllowed, "405 Method Not Allowed")

	assert.NilError(t, f.set(mr.IID, check.ID, mr.SHA, "passed"))
	merged, _, err := f.client.MergeRequests.AcceptMergeRequest(f.project.ID, mr.IID, nil)
	assert.NilError(t, err)
	assert.Equal(t, merged.State, "merged")
}

// TestLag_isSeenByClients holds that with a lag the client meets GitLab's asynchrony, and that polling gets it past
// that.
func TestLag_isSeenByClients(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "--lag", "300ms")
	service := receive(t)
	f.check(t, "gate", service.URL, "")
	branch := "change"
	f.commit(t, branch, "main", "change.txt")
	mr, _, err := f.client.MergeRequests.CreateMergeRequest(f.project.ID, &gitlab.CreateMergeRequestOptions{
		Title: gitlab.Ptr("Change"), SourceBranch: &branch, TargetBranch: gitlab.Ptr("main"),
	})
	assert.NilError(t, err)
	assert.Equal(t, mr.DetailedMergeStatus, "preparing")
	assert.Assert(t, mr.PreparedAt == nil)
	opened := service.next(t)
	assert.Equal(t, opened.payload.ObjectAttributes.Action, "open")
	ready, _, err := f.client.MergeRequests.GetMergeRequest(f.project.ID, mr.IID, nil)
	assert.NilError(t, err)
	assert.Assert(t, ready.PreparedAt != nil)
}
