package mockserver_test

import (
	"encoding/json"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

const (
	approvalRules    = "/projects/6/approval_rules"
	projectApprovals = "/projects/6/approvals"
)

func newRule(name string, required any, more ...any) map[string]any {
	rule := map[string]any{"name": name, "approvals_required": required}
	for i := 0; i < len(more); i += 2 {
		rule[more[i].(string)] = more[i+1]
	}
	return rule
}

func TestApprovalRules_refusals(t *testing.T) {
	t.Parallel()
	unlicensed := func(h *harness) {
		h.update(func(tx *gitlab.Tx) error {
			tx.SetSettings(gitlab.Settings{})
			return nil
		})
	}
	one := func(h *harness) { h.do("maintainer", "POST", approvalRules, newRule("One", 1)).want(201) }
	runExchanges(t, []exchangeCase{
		{name: "list as Guest", as: "guest", method: "GET", path: approvalRules, status: 403, want: forbidden},
		{
			name: "list of a hidden project", as: "stranger", method: "GET", path: approvalRules, status: 404,
			want: projectMissing,
		},
		{
			name: "list without a licence", as: "stranger", arrange: unlicensed, method: "GET", path: approvalRules,
			status: 403, want: forbidden,
		},
		{
			name: "create as Developer", as: "developer", method: "POST", path: approvalRules, body: newRule("One", 1),
			status: 403, want: forbidden,
		},
		{
			name: "create with nothing", as: "maintainer", method: "POST", path: approvalRules, body: "{}", status: 400,
			want: `{"error":"name is missing, approvals_required is missing"}`,
		},
		{
			name: "create without a name", as: "maintainer", method: "POST", path: approvalRules, body: newRule(" ", 1),
			status: 400, want: `{"message":{"name":["can't be blank"]}}`,
		},
		{
			name: "create with a taken name", as: "maintainer", arrange: one, method: "POST", path: approvalRules,
			body: newRule("One", 1), status: 400, want: `{"message":{"name":["has already been taken"],` +
				`"rule_type":["any-approver for the project already exists"]}}`,
		},
		{
			name: "create another for anybody", as: "maintainer", arrange: one, method: "POST", path: approvalRules,
			body: newRule("Two", 1), status: 400, want: `{"message":{"rule_type":["any-approver for the project ` +
				`already exists"]}}`,
		},
		{
			name: "create with less than none", as: "maintainer", method: "POST", path: approvalRules,
			body: newRule("One", -1), status: 400, want: `{"message":{"approvals_required":["must be greater than ` +
				`or equal to 0"]}}`,
		},
		{
			name: "create with too many", as: "maintainer", method: "POST", path: approvalRules,
			body:   newRule("One", 101),
			status: 400, want: `{"message":{"approvals_required":["must be less than or equal to 100"]}}`,
		},
		{
			name: "create of no type", as: "maintainer", method: "POST", path: approvalRules,
			body: newRule("One", 1, "rule_type", "odd"), status: 500,
		},
		{
			name: "delete as Developer", as: "developer", arrange: one, method: "DELETE", path: approvalRules + "/1",
			status: 403, want: forbidden,
		},
		{
			name: "delete none", as: "maintainer", method: "DELETE", path: approvalRules + "/1", status: 404,
			want: recordMissing,
		},
		{
			name: "settings as Developer", as: "developer", method: "GET", path: projectApprovals, status: 403,
			want: forbidden,
		},
		{
			name: "change settings as Developer", as: "developer", method: "POST", path: projectApprovals,
			body: set("reset_approvals_on_push", true), status: 403, want: forbidden,
		},
		{name: "change no setting", as: "maintainer", method: "POST", path: projectApprovals, body: "{}", status: 400},
	})
}

func TestApprovalRules(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	all := h.do("maintainer", "POST", approvalRules, newRule("Everybody", 2)).want(201)
	assert.Equal(t, all.text("rule_type"), "any_approver")
	branch := h.do("maintainer", "GET", protectedPath+"/main", nil).want(200).number("id")
	named := h.do("owner", "POST", approvalRules, newRule("Named", 1, "user_ids", []int{3, 8}, "group_ids", "9,99",
		"protected_branch_ids", []int64{branch, 999})).want(201)
	assert.Equal(t, named.text("rule_type"), "regular")
	assert.Equal(t, named.text("users.0.username"), "maintainer")
	assert.Equal(t, named.get("users.1"), nil, "a stranger is left out")
	assert.Equal(t, named.text("groups.0.full_path"), "flightjs")
	assert.Equal(t, named.text("protected_branches.0.name"), "main")
	assert.DeepEqual(t, h.do("developer", "GET", approvalRules, nil).want(200).column("name"),
		[]string{"Everybody", "Named"})

	mr := h.do("reporter", "GET", mergeRequestPath+"/approvals", nil).want(200)
	assert.Equal(t, mr.text("approvals_left"), "2")
	assert.Equal(t, mr.text("approved"), "false")
	assert.Equal(t, mr.text("has_approval_rules"), "true")
	assert.Equal(t, h.do("maintainer", "POST", mergeRequestPath+"/approve", nil).want(201).
		text("approval_rules_left.0.name"), "Everybody")
	h.do("owner", "DELETE", approvalRules+"/1", nil).want(204)
	assert.Equal(t, h.do("reporter", "GET", mergeRequestPath+"/approvals", nil).want(200).text("approved"), "true")
	h.do("owner", "DELETE", approvalRules+"/2", nil).want(204)
	assert.DeepEqual(t, h.do("developer", "GET", approvalRules, nil).want(200).column("name"), []string{})
}

func TestProjectApprovals(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	made := h.do("owner", "POST", "/projects", map[string]any{"name": "New"}).want(201).text("id")
	assert.Equal(t, h.do("owner", "GET", "/projects/"+made+"/approvals", nil).want(200).text("reset_approvals_on_push"),
		"true", "a push resets approvals in new projects")
	h.do("maintainer", "POST", projectApprovals, map[string]any{
		"reset_approvals_on_push":        true,
		"merge_requests_author_approval": true, "approvals_before_merge": 1,
	}).want(201)
	settings := h.do("maintainer", "GET", projectApprovals, nil).want(200)
	assert.Equal(t, settings.text("reset_approvals_on_push"), "true")
	assert.Equal(t, settings.text("merge_requests_author_approval"), "true")
	assert.Equal(t, settings.text("approvals_before_merge"), "1")
	assert.Equal(t, h.do("maintainer", "POST", projectApprovals, set("reset_approvals_on_push", false)).want(201).
		text("approvals_before_merge"), "1")
}

func TestAddSpentTime(t *testing.T) {
	t.Parallel()
	const path = mergeRequestPath + "/add_spent_time"
	h := newHarness(t)
	added := h.do("developer", "POST", path, set("duration", "1h30m")).want(201)
	assert.Equal(t, added.text("total_time_spent"), "5400")
	assert.Equal(t, added.text("human_total_time_spent"), "1h 30m")
	assert.Equal(t, added.text("human_time_estimate"), "<nil>")
	assert.Equal(t, h.do("developer", "POST", path, set("duration", "-30m")).want(201).text("total_time_spent"), "3600")
	assert.Equal(t, h.do("developer", "POST", path, set("duration", "soon")).want(201).text("total_time_spent"), "3600",
		"what is no time adds none")
	assert.Equal(t, h.do("reporter", "GET", mergeRequestPath, nil).want(200).text("time_stats.human_total_time_spent"),
		"1h")
	h.do("developer", "POST", path, set("duration", "-2h")).wantBody(400,
		`{"message":{"base":["Time to subtract exceeds the total time spent"]}}`)
	h.do("reporter", "POST", path, set("duration", "1h")).wantBody(403, forbidden)
	h.do("developer", "POST", path, "{}").wantBody(400, `{"error":"duration is missing"}`)
	event := map[string]any{}
	assert.NilError(t, json.Unmarshal(sent(h, 1)[0].Body.Bytes(), &event))
	attributes := event["object_attributes"].(map[string]any)
	assert.Equal(t, attributes["time_change"], 5400.0)
	assert.Equal(t, attributes["human_time_change"], "1h 30m")
	assert.DeepEqual(t, event["changes"], map[string]any{
		"total_time_spent": map[string]any{"previous": 0.0, "current": 5400.0},
		"time_change":      map[string]any{"previous": 5400.0, "current": 5400.0},
	})
}
