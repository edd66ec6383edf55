package openapi

import (
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/release"
)

const headSHA = "141be9714669a4c1ccaa013c6a7f3e462ff2a40f"

func TestParameters(t *testing.T) {
	t.Parallel()
	path := func(name string, kind Type) Parameter {
		return Parameter{Name: name, In: "path", Type: kind, Required: true}
	}
	body := func(name string, kind Type, required bool) Parameter {
		return Parameter{Name: name, In: "body", Type: kind, Required: required, Nullable: true}
	}
	query := func(name string, kind Type) Parameter {
		return Parameter{Name: name, In: "query", Type: kind, Nullable: true}
	}
	page, perPage := query("page", Integer), query("per_page", Integer)
	page.Default, page.HasDefault = int64(1), true
	perPage.Default, perPage.HasDefault = int64(20), true
	status := Parameter{
		Name: "status", In: "body", Type: String, Required: true, Enum: []string{"passed", "failed", "pending"},
	}
	for id, want := range map[string][]Parameter{
		"listExternalStatusChecks": {path("id", String), page, perPage},
		"createExternalStatusCheck": {
			path("id", String), body("name", String, true), body("external_url", String, true),
			body("shared_secret", String, false), body("protected_branch_ids", Integers, false),
		},
		"updateExternalStatusCheck": {
			path("id", String), path("check_id", Integer), body("name", String, false),
			body("external_url", String, false),
			body("shared_secret", String, false), body("protected_branch_ids", Integers, false),
		},
		"deleteExternalStatusCheck": {path("id", String), path("check_id", Integer)},
		"listMergeRequestStatusChecks": {
			path("id", String), path("merge_request_iid", String), query("page", String), query("per_page", String),
		},
		"createStatusCheckResponse": {
			path("id", String), path("merge_request_iid", Integer),
			body("external_status_check_id", Integer, true), body("sha", String, true), status,
		},
		"retryStatusCheck": {
			path("id", String), path("merge_request_iid", Integer), path("external_status_check_id", Integer),
		},
	} {
		assert.DeepEqual(t, GitLab().At(release.Reference).Operation(id).Parameters(), want)
	}
}

func TestParameterTypes(t *testing.T) {
	t.Parallel()
	for where, want := range map[[2]string]Type{
		{"createCommit", "actions"}:                      Objects,
		{"createProjectAccessToken", "scopes"}:           Strings,
		{"createProjectAccessToken", "access_level"}:     Integer,
		{"listMergeRequests", "iids"}:                    Integers,
		{"createMergeRequestDiscussion", "position"}:     Object,
		{"updateProject", "topics"}:                      Strings,
		{"updateProject", "lfs_enabled"}:                 Boolean,
		{"createProjectMember", "expires_at"}:            String,
		{"createProtectedBranch", "allowed_to_push"}:     Objects,
		{"resolveMergeRequestDiscussion", "noteable_id"}: Integer,
	} {
		found := false
		for _, p := range GitLab().At(release.Reference).Operation(where[0]).Parameters() {
			if p.Name == where[1] {
				found = true
				assert.Equal(t, p.Type, want, "%v", where)
			}
		}
		assert.Assert(t, found, "%v", where)
	}
	for _, p := range GitLab().At(release.Reference).Operation("createProjectAccessToken").Parameters() {
		if p.Name == "access_level" {
			assert.DeepEqual(t, p.Enum, []string{"10", "15", "20", "30", "40", "50"})
			assert.Equal(t, p.Default, int64(40))
		}
	}
}

// found lists violations as "code parameter", in order.
func found(violations []Violation) []string {
	out := []string{}
	for _, v := range violations {
		out = append(out, v.Code+" "+v.Parameter)
	}
	return out
}

type values = map[string]any

var none = []string{}

var parameterTests = []struct {
	name   string
	id     string
	values values
	want   []string
}{
	{"bare", "listExternalStatusChecks", values{"id": "6"}, none},
	{"defaults", "listExternalStatusChecks", values{"id": "6", "page": int64(1), "per_page": int64(20)}, none},
	{"empty text", "listExternalStatusChecks", values{"id": "6", "page": nil, "per_page": nil}, none},
	{
		"clamped later", "listExternalStatusChecks",
		values{"id": "6", "page": int64(-1), "per_page": int64(1000)},
		none,
	},
	{"negative", "listExternalStatusChecks", values{"id": "6", "per_page": int64(-5)}, none},
	{"zero", "listExternalStatusChecks", values{"id": "6", "per_page": int64(0)}, []string{"not per_page"}},
	{"text", "listExternalStatusChecks", values{"id": "6", "per_page": "abc"}, []string{"type per_page"}},
	{
		"both", "listExternalStatusChecks",
		values{"id": "6", "per_page": "2.5", "page": []any{"2"}},
		[]string{"type page", "type per_page"},
	},

	{"all", "createExternalStatusCheck", values{
		"id": "6", "name": "a", "external_url": "https://a.test", "shared_secret": "s",
		"protected_branch_ids": []int64{14},
	}, none},
	{"null", "createExternalStatusCheck", values{"id": "6", "name": nil, "external_url": nil}, none},
	{"empty", "createExternalStatusCheck", values{"id": "6", "name": "", "external_url": ""}, none},
	{"nothing", "createExternalStatusCheck", values{"id": "6"}, []string{"required name", "required external_url"}},
	{"one missing", "createExternalStatusCheck", values{"id": "6", "name": "a"}, []string{"required external_url"}},
	{
		"lists for text", "createExternalStatusCheck",
		values{"id": "6", "name": []any{}, "external_url": values{}},
		[]string{"type name", "type external_url"},
	},
	{"unknown", "createExternalStatusCheck", values{"id": "6", "name": "a", "external_url": "b", "more": 1}, none},
	{"no branches", "createExternalStatusCheck", values{
		"id": "6", "name": "a", "external_url": "b", "protected_branch_ids": []int64{},
	}, none},

	{"nothing", "updateExternalStatusCheck", values{"id": "6", "check_id": int64(1)}, none},
	{"clear", "updateExternalStatusCheck", values{
		"id": "6", "check_id": int64(1), "shared_secret": nil, "protected_branch_ids": []int64{},
	}, none},
	{"bad id", "updateExternalStatusCheck", values{"id": "6", "check_id": "x"}, []string{"type check_id"}},
	{"huge id", "deleteExternalStatusCheck", values{"id": "6", "check_id": int64(1 << 40)}, none},
	{"bad id", "deleteExternalStatusCheck", values{"id": "6", "check_id": "0x1"}, []string{"type check_id"}},

	{"anything", "listMergeRequestStatusChecks", values{
		"id": "6", "merge_request_iid": "abc", "page": "x", "per_page": "0", "sha": "ignored",
	}, none},

	{"all", "createStatusCheckResponse", values{
		"id": "6", "merge_request_iid": int64(4), "external_status_check_id": int64(1), "sha": headSHA,
		"status": "pending",
	}, none},
	{"nothing", "createStatusCheckResponse", values{"id": "6", "merge_request_iid": int64(4)}, []string{
		"required external_status_check_id", "required sha", "required status", "enum status",
	}},
	{"nulls", "createStatusCheckResponse", values{
		"id": "6", "merge_request_iid": int64(4), "external_status_check_id": nil, "sha": nil, "status": nil,
	}, []string{"enum status"}},
	{"empty status", "createStatusCheckResponse", values{
		"id": "6", "merge_request_iid": int64(4), "external_status_check_id": int64(1), "sha": "", "status": "",
	}, []string{"enum status"}},
	{"other case", "createStatusCheckResponse", values{
		"id": "6", "merge_request_iid": int64(4), "external_status_check_id": int64(1), "sha": headSHA,
		"status": "Passed",
	}, []string{"enum status"}},
	{"text made of a boolean", "createStatusCheckResponse", values{
		"id": "6", "merge_request_iid": int64(4), "external_status_check_id": int64(1), "sha": headSHA,
		"status": "true",
	}, []string{"enum status"}},
	{"list for status", "createStatusCheckResponse", values{
		"id": "6", "merge_request_iid": int64(4), "external_status_check_id": int64(1), "sha": headSHA,
		"status": []any{},
	}, []string{"type status"}},
	{"texts for numbers", "createStatusCheckResponse", values{
		"id": "6", "merge_request_iid": "x", "external_status_check_id": "y", "sha": headSHA, "status": "passed",
	}, []string{"type merge_request_iid", "type external_status_check_id"}},

	{
		"as it should be", "retryStatusCheck",
		values{"id": "6", "merge_request_iid": int64(4), "external_status_check_id": int64(1)},
		none,
	},
	{
		"text", "retryStatusCheck",
		values{"id": "6", "merge_request_iid": int64(4), "external_status_check_id": "x"},
		[]string{
			"type external_status_check_id",
		},
	},

	{"project without name and path", "createProject", values{"visibility": "private"}, []string{"any-of name, path"}},
	{"project by path", "createProject", values{"path": "flight"}, none},
	{
		"project visibility", "createProject",
		values{"path": "flight", "visibility": "secret"},
		[]string{"enum visibility"},
	},
	{"project visibility null", "createProject", values{"path": "flight", "visibility": nil}, none},
	{
		"member", "createProjectMember",
		values{"id": "6"},
		[]string{"required access_level", "enum access_level", "one-of user_id, username"},
	},
	{
		"member level", "createProjectMember",
		values{"id": "6", "user_id": "2", "access_level": int64(35)},
		[]string{"enum access_level"},
	},
	{"both names of a member", "createProjectMember", values{
		"id": "6", "user_id": "2", "username": "a", "access_level": int64(30),
	}, []string{"one-of user_id, username"}},
	{"commit without action", "createCommit", values{
		"id": "6", "branch": "a", "commit_message": "b", "actions": []any{map[string]any{"file_path": "x"}},
	}, []string{"required actions[0][action]"}},
	{"branch for nobody known", "createProtectedBranch", values{
		"id": "6", "name": "a", "allowed_to_push": []any{
			map[string]any{"user_id": int64(1)}, map[string]any{"user_id": "x", "access_level": int64(20)},
		},
	}, []string{"type allowed_to_push[1][user_id]", "enum allowed_to_push[1][access_level]"}},
	{"branch for a level that is no number", "createProtectedBranch", values{
		"id": "6", "name": "a", "allowed_to_push": []any{map[string]any{"access_level": "x"}},
	}, []string{"type allowed_to_push[0][access_level]"}},
	{"branch for what is no object", "createProtectedBranch", values{
		"id": "6", "name": "a", "allowed_to_push": []any{""},
	}, []string{"type allowed_to_push"}},
	{"commit with a wrong action", "createCommit", values{
		"id": "6", "branch": "a", "commit_message": "b",
		"actions": []any{map[string]any{"action": "burn", "file_path": "x"}},
	}, []string{"enum actions[0][action]"}},
}

func TestCheckParameters(t *testing.T) {
	t.Parallel()
	for _, test := range parameterTests {
		t.Run(test.id+" "+test.name, func(t *testing.T) {
			t.Parallel()
			got := GitLab().At(release.Reference).Operation(test.id).CheckParameters(test.values)
			assert.DeepEqual(t, found(got), test.want)
		})
	}
}

func TestCheckParametersNeedsSomething(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"updateProject", "updateMergeRequest"} {
		o := GitLab().At(release.Reference).Operation(id)
		got := o.CheckParameters(map[string]any{"id": "6", "merge_request_iid": int64(4), "unknown": 1})
		assert.Equal(t, len(got), 1)
		assert.Equal(t, got[0].Code, "min-properties")
		assert.Assert(t, len(got[0].Parameter) > 100, "it names the parameters: %s", got[0].Parameter)
		assert.Equal(t, len(o.CheckParameters(map[string]any{
			"id": "6", "merge_request_iid": int64(4),
			"description": "x",
		})), 0)
	}
}

func TestViolationsSayWhatIsWanted(t *testing.T) {
	t.Parallel()
	got := GitLab().At(release.Reference).Operation("createStatusCheckResponse").CheckParameters(map[string]any{
		"id": "6", "merge_request_iid": "glpat-secret", "external_status_check_id": int64(1), "status": "glpat-secret",
	})
	assert.DeepEqual(t, got, []Violation{
		{
			Code: "type", Parameter: "merge_request_iid", Pointer: "/merge_request_iid",
			Message: "merge_request_iid must be an integer",
		},
		{Code: "required", Parameter: "sha", Pointer: "/sha", Message: "sha is missing"},
		{
			Code: "enum", Parameter: "status", Pointer: "/status",
			Message: "status must be one of passed, failed, pending",
		},
	})
	got = GitLab().At(release.Reference).Operation("createCommit").CheckParameters(map[string]any{
		"id": "6", "actions": []any{
			map[string]any{"action": "create", "file_path": "a"},
			map[string]any{"action": "create", "file_path": 7.5},
		},
	})
	assert.Equal(t, got[0].String(), "type at /actions/1/file_path: actions must be string")
}
