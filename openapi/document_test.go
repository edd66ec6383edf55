package openapi

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/tooltest"
	"github.com/statuschecks/statuschecks/openapi/internal/index"
	"github.com/statuschecks/statuschecks/release"
)

// The names that code uses. If a name disappears, that code breaks.
var gitlabOperations = strings.Fields(`
	listExternalStatusChecks createExternalStatusCheck updateExternalStatusCheck deleteExternalStatusCheck
	listMergeRequestStatusChecks createStatusCheckResponse retryStatusCheck
	getVersion postGraphQL getMetadata getCurrentUser listUsers createUser getUser deleteUser createPersonalAccessToken
	listPersonalAccessTokens getPersonalAccessTokenSelf revokePersonalAccessToken
	listMemberRoles createMemberRole deleteMemberRole
	listGroups createGroup getGroup deleteGroup listGroupMembers createGroupMember deleteGroupMember
	listGroupProtectedBranches createGroupProtectedBranch getGroupProtectedBranch updateGroupProtectedBranch deleteGroupProtectedBranch
	listNamespaces getNamespace
	listProjects createProject getProject updateProject deleteProject restoreProject archiveProject unarchiveProject
	forkProject unlinkFork listForks
	listProjectMembers createProjectMember listAllProjectMembers getProjectMember updateProjectMember deleteProjectMember
	getProjectApprovals changeProjectApprovals listApprovalRules createApprovalRule deleteApprovalRule
	listProjectAccessTokens createProjectAccessToken getProjectAccessToken revokeProjectAccessToken
	listProjectHooks createProjectHook getProjectHook updateProjectHook deleteProjectHook
	listProjectHookEvents testProjectHook resendProjectHookEvent
	getFile createFile updateFile deleteFile getRawFile listRepositoryTree getBlob getRawBlob compareRefs
	listCommits createCommit getCommit listCommitMergeRequests listCommitStatuses createCommitStatus
	listPipelines getLatestPipeline getPipeline
	listBranches createBranch getBranch deleteBranch
	listProtectedBranches createProtectedBranch getProtectedBranch updateProtectedBranch deleteProtectedBranch
	listMergeTrainCars listMergeTrainCarsOfBranch getMergeTrainCar
	listProjectLabels createProjectLabel getProjectLabel updateProjectLabel deleteProjectLabel
	listProjectMilestones createProjectMilestone getProjectMilestone updateProjectMilestone deleteProjectMilestone
	listMergeRequests createMergeRequest getMergeRequest updateMergeRequest deleteMergeRequest mergeMergeRequest
	addSpentTime listMergeRequestParticipants listMergeRequestCommits listMergeRequestPipelines listMergeRequestDiffs
	getMergeRequestChanges getMergeRequestRawDiffs
	getMergeRequestApprovals getMergeRequestApprovalState approveMergeRequest unapproveMergeRequest
	listMergeRequestNotes createMergeRequestNote
	listMergeRequestDiscussions createMergeRequestDiscussion resolveMergeRequestDiscussion
	listProjectAuditEvents`)

var controlOperations = strings.Fields(`
	getState exportSeed seed reset getClock setClock advanceClock getLicence setLicence getSHARequirement
	setSHARequirement getWriting setWriting getRateLimits setRateLimits getRelease setRelease getFeatures setFeature
	listDeliveries flushDeliveries getDelivery redeliver triggerEvent listJobs runJobs listAuditEvents listSurprises
	listJournal clearJournal exportJournal listExpectations createExpectation deleteExpectations getExpectation
	deleteExpectation listNotes clearNotes getCoverage clearCoverage listFaultPlans createFaultPlan deleteFaultPlans
	getFaultPlan deleteFaultPlan resetFaultPlan listWorlds createWorld getWorld deleteWorld claim listSnapshots
	takeSnapshot deleteSnapshot restoreSnapshot`)

func ids(d *Document) []string {
	var all []string
	for _, o := range d.Operations() {
		all = append(all, o.ID)
	}
	return all
}

func TestOperations(t *testing.T) {
	t.Parallel()
	assert.DeepEqual(t, ids(GitLab().At(release.Reference)), gitlabOperations)
	assert.DeepEqual(t, ids(Control()), controlOperations)
	assert.Equal(t, GitLab().Root(), "/api/v4")
	assert.Equal(t, Control().Root(), "/-/mock")

	retry := GitLab().At(release.Reference).Operation("retryStatusCheck")
	assert.Equal(t, retry.Method, "POST")
	assert.Equal(t, retry.Path,
		"/projects/{id}/merge_requests/{merge_request_iid}/status_checks/{external_status_check_id}/retry")
	assert.Equal(t, retry.Ability, "retry_failed_status_checks")
	assert.Equal(t, retry.Since, release.Of(15, 7))
	assert.DeepEqual(t, retry.Tags, []string{"status checks of a merge request"})
	assert.Assert(t, GitLab().Operation("retryEverything") == nil)
	for _, o := range slices.Concat(GitLab().Operations(), Control().Operations()) {
		assert.Assert(t, o.Source != "" && o.Summary != "" && len(o.Tags) == 1, o.ID)
	}
}

// The program reads the JSON files beside the YAML files, by their indexes.
func TestJSONIsFresh(t *testing.T) {
	t.Parallel()
	for name, embedded := range map[string]*Document{"gitlab": GitLab(), "control": Control()} {
		text, err := os.ReadFile(name + ".yaml")
		assert.NilError(t, err)
		loaded, err := Load(name+".yaml", text)
		assert.NilError(t, err)
		want, err := loaded.JSON()
		assert.NilError(t, err)
		var got bytes.Buffer
		inFile, err := embedded.JSON()
		assert.NilError(t, err)
		assert.NilError(t, json.Compact(&got, inFile))
		assert.Assert(t, got.String() == string(want), "%s.json is stale: run go generate ./openapi", name)
		assert.DeepEqual(t, ids(embedded), ids(loaded))
		indexed, err := index.Of(inFile)
		assert.NilError(t, err)
		assert.DeepEqual(t, embedded.source.index, indexed)
	}
}

// Releases must be valid documents for kin and for our loader, also after they were written as YAML and read again. In
// these releases much changed.
func TestReleasesAreValid(t *testing.T) {
	t.Parallel()
	for _, v := range []release.Version{
		release.Oldest, release.Of(15, 0), release.Of(16, 4), release.Of(17, 3),
		release.Reference, release.Newest,
	} {
		text, err := GitLab().At(v).JSON()
		assert.NilError(t, err)
		loaded, err := openapi3.NewLoader().LoadFromData(text)
		assert.NilError(t, err, v.String())
		assert.NilError(t, loaded.Validate(context.Background()), v.String())

		asYAML, err := GitLab().At(v).YAML()
		assert.NilError(t, err)
		again, err := Load(v.String(), asYAML)
		assert.NilError(t, err, v.String())
		back, err := again.JSON()
		assert.NilError(t, err)
		assert.Equal(t, string(back), string(text), v.String())
	}
	text, err := Control().JSON()
	assert.NilError(t, err)
	loaded, err := openapi3.NewLoader().LoadFromData(text)
	assert.NilError(t, err)
	assert.NilError(t, loaded.Validate(context.Background()))
}

func TestAtIsMemoised(t *testing.T) {
	t.Parallel()
	var wait sync.WaitGroup
	found := make([]*Document, 8)
	for i := range found {
		wait.Go(func() {
			found[i] = GitLab().At(release.Of(17, 2)).At(release.Of(16, 4))
			found[i].Operation("createStatusCheckResponse").Parameters()
		})
	}
	wait.Wait()
	for _, d := range found {
		assert.Assert(t, d == GitLab().At(release.Of(16, 4)))
	}
}

func TestWholeDocumentComesAsWritten(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("gitlab.yaml")
	assert.NilError(t, err)
	got, err := GitLab().YAML()
	assert.NilError(t, err)
	assert.Assert(t, bytes.Equal(got, want))
	got[0] = '!'
	again, err := GitLab().YAML()
	assert.NilError(t, err)
	assert.Assert(t, bytes.Equal(again, want), "the caller's copy must not be the document's")
}

// We build schemas by hand for speed. They must be the same that kin's own loader makes.
func TestSchemasAreWhatKinLoads(t *testing.T) {
	t.Parallel()
	for _, d := range []*Document{GitLab().At(release.Reference), GitLab().At(release.Oldest), GitLab(), Control()} {
		text, err := d.JSON()
		assert.NilError(t, err)
		loaded, err := openapi3.NewLoader().LoadFromData(text)
		assert.NilError(t, err)
		for name, want := range loaded.Components.Schemas {
			d.mu.Lock()
			got := d.schemaLocked(&node{kind: objectNode, members: []member{
				{name: "$ref", value: &node{kind: stringNode, text: "#/components/schemas/" + name}},
			}})
			d.mu.Unlock()
			assert.DeepEqual(t, comparable(t, got.Value), comparable(t, want.Value))
		}
	}
}

// comparable is a schema without the parts that no check uses.
func comparable(t *testing.T, schema *openapi3.Schema) any {
	t.Helper()
	text, err := json.Marshal(schema)
	assert.NilError(t, err)
	var value any
	assert.NilError(t, json.Unmarshal(text, &value))
	return withoutProse(value, false)
}

func withoutProse(value any, named bool) any {
	switch v := value.(type) {
	case map[string]any:
		kept := map[string]any{}
		for name, inner := range v {
			if !named && (forPeople[name] || strings.HasPrefix(name, "x-")) {
				continue
			}
			kept[name] = withoutProse(inner, !named && name == "properties")
		}
		return kept
	case []any:
		var kept []any
		for _, inner := range v {
			kept = append(kept, withoutProse(inner, false))
		}
		return kept
	}
	return value
}

// A server must not link the second validator.
func TestImports(t *testing.T) {
	t.Parallel()
	listed, err := exec.Command("go", "list", "-deps", ".").Output()
	tooltest.NoTrouble(t, "Go", err)
	for name := range strings.Lines(string(listed)) {
		assert.Assert(t, !strings.Contains(name, "pb33f"), "package openapi must not import %s", name)
	}
}

func TestPruning(t *testing.T) {
	t.Parallel()
	at := func(major, minor int) *Document { return GitLab().At(release.Of(major, minor)) }
	names := func(o *Operation) []string {
		var all []string
		for _, p := range o.Parameters() {
			all = append(all, p.Name)
		}
		return all
	}
	parameter := func(o *Operation, name string) Parameter {
		i := slices.IndexFunc(o.Parameters(), func(p Parameter) bool { return p.Name == name })
		assert.Assert(t, i >= 0, name)
		return o.Parameters()[i]
	}

	assert.Assert(t, at(15, 6).Operation("retryStatusCheck") == nil)
	assert.Assert(t, at(15, 7).Operation("retryStatusCheck") != nil)
	assert.Assert(t, at(15, 1).Operation("getMetadata") == nil)

	respond := "createStatusCheckResponse"
	assert.DeepEqual(t, names(at(14, 10).Operation(respond)), []string{
		"id", "merge_request_iid",
		"external_status_check_id", "sha",
	})
	assert.DeepEqual(t, parameter(at(15, 0).Operation(respond), "status").Enum, []string{"passed", "failed"})
	assert.DeepEqual(t, parameter(at(16, 4).Operation(respond), "status").Enum, []string{"passed", "failed"})
	assert.DeepEqual(t, parameter(at(16, 5).Operation(respond), "status").Enum, []string{"passed", "failed", "pending"})

	create := "createExternalStatusCheck"
	assert.DeepEqual(t, names(at(17, 2).Operation(create)), []string{
		"id", "name", "external_url",
		"protected_branch_ids",
	})
	assert.DeepEqual(t, names(at(17, 3).Operation(create)), []string{
		"id", "name", "external_url", "shared_secret",
		"protected_branch_ids",
	})

	list := "listMergeRequestStatusChecks"
	assert.Equal(t, parameter(at(18, 9).Operation(list), "merge_request_iid").Type, String)
	assert.Equal(t, parameter(at(19, 4).Operation(list), "merge_request_iid").Type, Integer)
	assert.Equal(t, parameter(at(18, 9).Operation(list), "per_page").HasDefault, false)
	assert.Equal(t, parameter(at(19, 4).Operation(list), "per_page").HasDefault, false)
}

func TestPruningOfAnswers(t *testing.T) {
	t.Parallel()
	schema := func(v release.Version, name string) map[string]any {
		text, err := GitLab().At(v).JSON()
		assert.NilError(t, err)
		var document struct {
			Components struct {
				Schemas map[string]map[string]any
			}
		}
		assert.NilError(t, json.Unmarshal(text, &document))
		return document.Components.Schemas[name]
	}
	check := schema(release.Of(17, 2), "ExternalStatusCheck")
	assert.Assert(t, cmp.Equal(check["required"], []any{
		"id", "name", "project_id", "external_url",
		"protected_branches",
	}))
	assert.Assert(t, check["properties"].(map[string]any)["hmac"] == nil)

	status := func(v release.Version) any {
		return schema(v, "StatusCheck")["properties"].(map[string]any)["status"].(map[string]any)["enum"]
	}
	assert.DeepEqual(t, status(release.Of(14, 8)), []any{"pending", "approved"})
	// with and without a feature flag
	assert.DeepEqual(t, status(release.Of(14, 10)), []any{"passed", "failed", "pending", "approved"})
	assert.DeepEqual(t, status(release.Of(15, 0)), []any{"passed", "failed", "pending"})

	assert.Assert(t, schema(release.Of(19, 3), "AnsweredStatusCheck") == nil, "what is not used any more goes")
	assert.Assert(t, schema(release.Of(19, 4), "AnsweredStatusCheck") != nil)
}

func TestPruningOfRefusals(t *testing.T) {
	t.Parallel()
	refusal := func(v release.Version, status int, body string) int {
		header := http.Header{"Content-Type": {"application/json"}}
		return len(GitLab().At(v).Operation("createStatusCheckResponse").CheckResponse(status, header, []byte(body)))
	}
	assert.Equal(t, refusal(release.Of(18, 1), 404, `{"message":null}`), 1)
	assert.Equal(t, refusal(release.Of(18, 2), 404, `{"message":null}`), 0)
	assert.Equal(t, refusal(release.Of(18, 1), 400, `{"message":["Sha can't be blank"]}`), 1)
	assert.Equal(t, refusal(release.Of(18, 2), 400, `{"message":["Sha can't be blank"]}`), 0)

	list := GitLab().At(release.Of(15, 9)).Operation("listMergeRequestStatusChecks").answerPart()
	assert.Assert(t, !slices.ContainsFunc(list[200].headers,
		func(h headerContract) bool { return h.name == "Poll-Interval" }))
	list = GitLab().At(release.Newest).Operation("listMergeRequestStatusChecks").answerPart()
	assert.Assert(t, slices.ContainsFunc(list[200].headers,
		func(h headerContract) bool { return h.name == "Poll-Interval" && h.required }))
	assert.Assert(t, list[400] != nil)
}

// Several callers at once may cause the first use of an operation.
func TestConcurrentFirstUse(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("gitlab.yaml")
	assert.NilError(t, err)
	loaded, err := Load("gitlab.yaml", text)
	assert.NilError(t, err)
	d := loaded.At(release.Reference)
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for _, o := range d.Operations() {
				o.Parameters()
				o.CheckParameters(map[string]any{"id": "6"})
				o.CheckResponse(200, http.Header{"Content-Type": {"application/json"}}, []byte(`{"id":1}`))
			}
		})
	}
	wait.Wait()
}

// TestAt_sharesDocuments checks that releases share a document exactly if the contract did not change between them.
func TestAt_sharesDocuments(t *testing.T) {
	t.Parallel()
	before := GitLab().At(release.Oldest)
	earlier, err := before.JSON()
	assert.NilError(t, err)
	for _, v := range release.All()[1:] {
		after := GitLab().At(v)
		later, err := after.JSON()
		assert.NilError(t, err)
		assert.Equal(t, before == after, string(earlier) == string(later), "%s and the release before it", v)
		before, earlier = after, later
	}
	assert.Assert(t, GitLab().At(release.Of(99, 0)) == GitLab().At(release.Newest))
}
