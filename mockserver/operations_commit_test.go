package mockserver_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

func badRequest(text string) string { return fmt.Sprintf(`{"message":"400 Bad request - %s"}`, text) }

// TestCreateCommit_refusesInItsOwnWords checks what GitLab says of commits that do not fit, and that it first asks
// whether the caller may push.
func TestCreateCommit_refusesInItsOwnWords(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	type fields = map[string]any
	one := func(action fields) fields { return set("actions", []any{action}) }
	const nothing = "Provide at least one action, or set allow_empty to true"
	for _, tc := range []struct {
		change fields
		want   string
	}{
		{set("branch", " "), "branch is required"},
		{set("commit_message", ""), "commit_message is required"},
		{set("commit_message", []any{}), "commit_message is required"},
		{set("actions", []any{}), nothing},
		{fields{"actions": []any{}, "allow_empty": "false"}, nothing},
		{fields{"actions": []any{}, "allow_empty": "yes"}, "allow_empty must be a boolean"},
		{set("actions", nil), "actions must be an array"},
		{set("actions", fields{"action": "create"}), "actions must be an array"},
		{fields{"start_branch": "main", "start_sha": nil}, "start_branch, start_sha are mutually exclusive"},
		{one(fields{"file_path": "a"}), "actions[0][action] is required"},
		{one(fields{"action": "create"}), "actions[0][file_path] is required"},
		{
			one(fields{"action": 1, "file_path": "a"}),
			"actions[0][action] must be one of: create, update, move, delete, chmod",
		},
		{
			one(fields{"action": "create", "file_path": "a", "encoding": nil}),
			"actions[0][encoding] must be text or base64",
		},
		{
			one(fields{"action": "update", "file_path": "README.md"}),
			"actions[0][content] is required for update action",
		},
		{one(fields{"action": "move", "file_path": "a"}), "actions[0][previous_path] is required for move action"},
		{
			one(fields{"action": "chmod", "file_path": "README.md"}),
			"actions[0][execute_filemode] is required for chmod action",
		},
		{
			one(fields{"action": "chmod", "file_path": "README.md", "execute_filemode": "yes"}),
			"actions[0][execute_filemode] must be a boolean",
		},
		{
			set("actions", []any{action("create", "a", "content", "a"), fields{"action": "create"}}),
			"actions[1][file_path] is required",
		},
	} {
		body := commitOf(action("create", "a", "content", "a"))
		for name, value := range tc.change {
			body[name] = value
		}
		assert.Equal(t, string(h.do("developer", "POST", commitsPath, body).want(400).body), badRequest(tc.want))
		assert.Equal(t, h.do("reporter", "POST", commitsPath, body).status, 403, tc.want)
	}
	h.do("developer", "POST", commitsPath, commitOf(nil)).wantBody(500, `{"message":"500 Internal Server Error"}`)
}

// TestCreateCommit_wordsOfTheContract holds that the actions and encodings which GitLab itself names are those of the
// contract.
func TestCreateCommit_wordsOfTheContract(t *testing.T) {
	t.Parallel()
	text, err := openapi.GitLab().At(release.Reference).JSON()
	assert.NilError(t, err)
	type words struct {
		Enum []*string `json:"enum"`
	}
	var contract struct {
		Components struct {
			Schemas struct {
				CreateCommitBody struct {
					Properties struct {
						Actions struct {
							Items struct {
								Properties struct{ Action, Encoding words }
							}
						}
					}
				}
			}
		}
	}
	assert.NilError(t, json.Unmarshal(text, &contract))
	item := contract.Components.Schemas.CreateCommitBody.Properties.Actions.Items.Properties
	h := newHarness(t)
	for member, want := range map[string]words{"action": item.Action, "encoding": item.Encoding} {
		action := map[string]any{"action": "create", "file_path": "a", "content": "a", member: "odd"}
		said := h.do("developer", "POST", commitsPath, commitOf(action)).want(400).text("message")
		_, list, _ := strings.Cut(strings.Replace(said, "one of: ", "", 1), " must be ")
		told := strings.Split(strings.ReplaceAll(list, " or ", ", "), ", ")
		var taken []string
		for _, word := range want.Enum {
			if word != nil {
				taken = append(taken, *word)
			}
		}
		slices.Sort(told)
		slices.Sort(taken)
		assert.DeepEqual(t, told, taken)
	}
}

// TestCreateCommit_empty checks which releases take a commit without actions, and what comes of it.
func TestCreateCommit_empty(t *testing.T) {
	t.Parallel()
	body := map[string]any{"branch": patchBranch, "commit_message": "Nothing", "actions": []any{}}
	allowed := map[string]any{"branch": patchBranch, "commit_message": "Nothing", "allow_empty": true}
	h := newHarness(t)
	made := h.do("developer", "POST", commitsPath, allowed).want(201)
	assert.Equal(t, made.text("title"), "Nothing")
	between := h.do("developer", "GET", "/projects/6/repository/compare?from="+headSHA+"&to="+made.text("id"), nil)
	assert.Equal(t, len(between.want(200).get("diffs").([]any)), 0)
	assert.Equal(t, len(between.get("commits").([]any)), 1)
	before := newHarness(t, asRelease(release.Of(18, 7)))
	for _, body := range []map[string]any{body, allowed} {
		assert.Equal(t, string(before.do("developer", "POST", commitsPath, body).want(400).body),
			badRequest("actions is required"))
	}
	long := newHarness(t, asRelease(release.Of(18, 3)))
	long.do("developer", "POST", commitsPath, body).want(201)
	long.do("developer", "POST", commitsPath, allowed).wantBody(400, `{"error":"actions is missing"}`)
}

// TestCreateCommit_start checks where a commit can start, and what a new branch can be called.
func TestCreateCommit_start(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	zeros := strings.Repeat("0", 40)
	for _, tc := range []struct{ branch, key, start, want string }{
		{"x", "start_sha", "main", "Invalid start_sha 'main'"},
		{"x", "start_sha", zeros, "Cannot find start_sha '" + zeros + "'"},
		{"x", "start_branch", "gone", "You can only create or edit files when you are on a branch"},
		{"a..b", "start_branch", "gone", "You can only create or edit files when you are on a branch"},
		{
			"a..b", "start_branch", "main",
			"Something went wrong when we tried to create 'a..b' for you: Branch name is invalid",
		},
	} {
		h.do("developer", "POST", commitsPath, map[string]any{
			"branch": tc.branch, "commit_message": "x", "allow_empty": true, tc.key: tc.start,
		}).wantBody(400, `{"message":"`+tc.want+`"}`)
	}
	h.do("developer", "POST", commitsPath, map[string]any{
		"branch": "x", "commit_message": "x", "allow_empty": true, "start_sha": strings.ToUpper(firstSHA),
	}).want(201)
}
