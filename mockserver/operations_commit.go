package mockserver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/openapi"
)

// withOwnBody is an operation whose body GitLab reads and checks itself from some release on. Grape sees neither it nor
// what the query says in its place.
//
// Source: lib/api/helpers/commits_body_uploader_helper.rb.
func withOwnBody(o operation) operation {
	o.ownBody = true
	return o
}

// bind sets the parameters of an operation, and refuses in Grape's words those that do not fit.
func (c *call) bind(tx *gitlab.Tx, o operation) (err error) {
	if o.ownBody && tx.Has(gitlab.RequiresInOwnWords) {
		c.params, _ = coerceAll(c.op, c.path, c.body, nil)
		return nil
	}
	c.params, err = bind(c.op, c.path, c.body, c.query)
	return err
}

// complain refuses what GitLab itself says of a body; nothing if it says nothing.
func complain(problem string) error {
	if problem == "" {
		return nil
	}
	return &gitlab.Refusal{Kind: gitlab.BadRequest, Text: problem, Reason: "GitLab itself checks what a commit needs"}
}

// absent reports whether Rails calls a value of a body blank.
func absent(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case bool:
		return !v
	case string:
		return strings.TrimSpace(v) == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// firstAbsent says which of the members is the first that is blank.
func firstAbsent(object map[string]any, names ...string) string {
	for _, name := range names {
		if absent(object[name]) {
			return name
		}
	}
	return ""
}

// isFlag reports whether GitLab takes a value for true or false.
func isFlag(value any) bool {
	return slices.Contains([]any{true, false, "true", "false"}, scalar(value))
}

// scalar is a value that can be compared with others.
func scalar(value any) any {
	switch value.(type) {
	case nil, bool, string, json.Number:
		return value
	}
	return json.Number("")
}

// mayCommitFile refuses a file that may not be saved, and one that is not described as GitLab wants it. Before
// FilesAskForBranch, the role was asked for first, and the branch only when saving.
//
// Source: lib/api/files.rb.
func (c *call) mayCommitFile(tx *gitlab.Tx) error {
	byBranch := tx.Has(gitlab.FilesAskForBranch)
	if !byBranch && !tx.Can(c.actor, gitlab.PushCode, c.project) {
		return denied("%s needs %s on the project", c.op.ID, gitlab.PushCode)
	}
	if !tx.Has(gitlab.RequiresInOwnWords) {
		return c.present([]string{"branch", "commit_message", "content"})
	}
	if err := complain(fileProblem(c.body)); err != nil || !byBranch {
		return err
	}
	return tx.MayPush(c.actor, c.project, c.params.text("branch"))
}

// fileProblem says what is wrong with the description of a file.
func fileProblem(body map[string]any) string {
	if name := firstAbsent(body, "branch", "commit_message"); name != "" {
		return name + " is required"
	}
	encoding, encoded := body["encoding"]
	mode, hasMode := body["execute_filemode"]
	_, hasContent := body["content"]
	switch {
	case !hasContent:
		return "content is required"
	case encoded && !isEncoding(encoding):
		return "encoding must be text or base64"
	case hasMode && !isFlag(mode):
		return "execute_filemode must be a boolean"
	}
	return ""
}

func isEncoding(value any) bool { return slices.Contains([]any{"text", "base64"}, scalar(value)) }

// mayCommit refuses a commit that may not be made, and one that is not described as GitLab wants it.
//
// Source: lib/api/commits.rb.
func (c *call) mayCommit(tx *gitlab.Tx) error {
	if !tx.Has(gitlab.RequiresInOwnWords) {
		if err := c.present([]string{"branch", "commit_message", "actions"}); err != nil {
			return err
		}
		if c.params.has("start_branch") && c.params.has("start_sha") {
			return failed(http.StatusBadRequest, twoStarts, "one start is enough")
		}
		return tx.MayPush(c.actor, c.project, c.params.text("branch"))
	}
	if err := tx.MayPush(c.actor, c.project, c.params.text("branch")); err != nil {
		return err
	}
	if name := firstAbsent(c.body, "branch", "commit_message"); name != "" {
		return complain(name + " is required")
	}
	actions, err := c.actionsGiven(tx)
	if err != nil {
		return err
	}
	_, hasSHA := c.body["start_sha"]
	if _, hasBranch := c.body["start_branch"]; hasSHA && hasBranch {
		return complain(twoStarts)
	}
	for i, item := range actions {
		object, isObject := item.(map[string]any)
		if !isObject {
			return notAnAction("actions[%d] is no object", i)
		}
		if problem := actionProblem(object); problem != "" {
			return complain(fmt.Sprintf("actions[%d]%s", i, problem))
		}
	}
	return nil
}

const twoStarts = "start_branch, start_sha are mutually exclusive"

// notAnAction is what becomes of actions that GitLab does not expect: it fails.
func notAnAction(reason string, args ...any) error {
	return &gitlab.Refusal{Kind: gitlab.Broken, Reason: fmt.Sprintf(reason, args...)}
}

// actionsGiven are the actions of a commit. Releases that do not know empty commits want at least one.
func (c *call) actionsGiven(tx *gitlab.Tx) ([]any, error) {
	value, given := c.body["actions"]
	actions, isList := value.([]any)
	switch {
	case !slices.ContainsFunc(c.op.Parameters(), func(p openapi.Parameter) bool { return p.Name == "allow_empty" }):
		if absent(value) {
			return nil, complain("actions is required")
		}
	case !given || isList && len(actions) == 0:
		return nil, complain(emptyCommitProblem(c.body))
	}
	switch {
	case isList:
		return actions, nil
	case tx.Has(gitlab.NamesWrongActions):
		return nil, complain("actions must be an array")
	}
	return nil, notAnAction("actions is no list")
}

// emptyCommitProblem says what is wrong with a commit without actions.
func emptyCommitProblem(body map[string]any) string {
	allowed := scalar(body["allow_empty"])
	switch {
	case allowed == true, allowed == "true":
		return ""
	case allowed != nil && allowed != "" && !isFlag(allowed):
		return "allow_empty must be a boolean"
	}
	return "Provide at least one action, or set allow_empty to true"
}

// actionProblem says what is wrong with one action of a commit.
func actionProblem(object map[string]any) string {
	if name := firstAbsent(object, "action", "file_path"); name != "" {
		return "[" + name + "] is required"
	}
	encoding, encoded := object["encoding"]
	_, hasContent := object["content"]
	mode, hasMode := object["execute_filemode"]
	switch action := scalar(object["action"]); {
	case !slices.Contains([]any{"create", "update", "move", "delete", "chmod"}, action):
		return "[action] must be one of: create, update, move, delete, chmod"
	case encoded && !isEncoding(encoding):
		return "[encoding] must be text or base64"
	case action == "update" && !hasContent:
		return "[content] is required for update action"
	case action == "move" && absent(object["previous_path"]):
		return "[previous_path] is required for move action"
	case action == "chmod" && !hasMode:
		return "[execute_filemode] is required for chmod action"
	case action == "chmod" && !isFlag(mode):
		return "[execute_filemode] must be a boolean"
	}
	return ""
}

func createCommit(c *call, tx *gitlab.Tx) (reply, error) {
	if err := c.mayCommit(tx); err != nil {
		return reply{}, err
	}
	list, _ := c.params["actions"].([]any)
	commit, err := tx.PushCommit(c.actor, c.project, c.newCommit(presentAll(list, fileAction)...))
	if err != nil {
		return reply{}, err
	}
	return created(c.presentCommitDetails(tx, commit))
}
