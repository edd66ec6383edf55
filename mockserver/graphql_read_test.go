package mockserver_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/release"
)

const rulesQuery = `query getBranchRulesEE($first: Int, $after: String, $missing: Boolean) {
  project(fullPath: "flightjs/Flight") {
    branchRules(first: $first, after: $after, buildMissing: $missing) {
      nodes { id name isDefault isProtected matchingBranchesCount branchProtection { allowForcePush } createdAt
        externalStatusChecks { nodes { id name externalUrl hmac } }
        approvalRules { nodes { name approvalsRequired type } } }
      pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
    }
  }
}`

func TestGraphQL_branchRules(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.ask("maintainer", rulesQuery, "missing", true).answers(`{"data":{"project":{"branchRules":{"nodes":[` +
		`{"id":"` + allRule + `","name":"All branches","isDefault":false,"isProtected":false,` +
		`"matchingBranchesCount":2,` +
		`"branchProtection":null,"createdAt":"2022-12-01T00:00:00Z","externalStatusChecks":{"nodes":[` +
		`{"id":"` + checkGID + `2","name":"Service 1","externalUrl":"https://checks.example/test-endpoint",` +
		`"hmac":false}]},` +
		`"approvalRules":{"nodes":[]}},` +
		`{"id":"` + allProtected + `","name":"All protected branches","isDefault":false,"isProtected":false,` +
		`"matchingBranchesCount":1,"branchProtection":null,"createdAt":null,"externalStatusChecks":{"nodes":[]},` +
		`"approvalRules":{"nodes":[]}},` +
		`{"id":"` + mainRule + `","name":"main","isDefault":true,"isProtected":true,"matchingBranchesCount":1,` +
		`"branchProtection":{"allowForcePush":false},"createdAt":"2026-02-03T10:00:00Z",` +
		`"externalStatusChecks":{"nodes":[` +
		`{"id":"` + checkGID + `1","name":"Compliance Tool","externalUrl":"https://checks.example/compliance-tool",` +
		`"hmac":true}]},` +
		`"approvalRules":{"nodes":[]}}],` +
		`"pageInfo":{"startCursor":null,"endCursor":null,"hasNextPage":false,"hasPreviousPage":false}}}}}`)
	names := func(as string, variables ...any) string {
		return strings.Join(h.ask(as, rulesQuery, variables...).want(200).names(), ", ")
	}
	assert.Equal(t, names("maintainer"), "All branches, main")
	h.do("maintainer", "POST", protectedPath, set("name", "z*")).want(201)
	h.do("maintainer", "POST", protectedPath, set("name", "a")).want(201)
	assert.Equal(t, names("owner"), "All branches, main, a, z*")
	h.ask("maintainer", rulesQuery, "first", -1).want(500)
	assert.Equal(t, names("maintainer", "first", 200), "All branches, main, a, z*")
	assert.Equal(t, names("developer"), "")
	visibility(gitlab.Public)(h)
	h.ask("stranger", rulesQuery).answers(`{"data":{"project":{"branchRules":{"nodes":[],"pageInfo":` +
		`{"startCursor":null,"endCursor":null,"hasNextPage":false,"hasPreviousPage":false}}}}}`)
}

// names are the names of the branch rules of an answer.
func (r response) names() []string {
	r.t.Helper()
	nodes, _ := r.get("data.project.branchRules.nodes").([]any)
	var names []string
	for i := range nodes {
		names = append(names, r.text(fmt.Sprintf("data.project.branchRules.nodes.%d.name", i)))
	}
	return names
}

// accessQuery asks as GitLab's page of one branch rule does.
const accessQuery = `query getBranchRulesDetailsEE($projectPath: ID!, $buildMissing: Boolean = false) {
  project(fullPath: $projectPath) {
    group { id }
    branchRules(buildMissing: $buildMissing) {
      nodes {
        branchProtection {
          isGroupLevel
          mergeAccessLevels {
            edges {
              node {
                accessLevel accessLevelDescription
                group { id name avatarUrl webUrl } user { id name username webUrl }
              }
            }
          }
          modificationBlockedByPolicy
          warnProtectedFromPushBySecurityPolicy @gl_introduced(version: "18.8.0")
          pushAccessLevels {
            nodes { accessLevel accessLevelDescription deployKey { id title user { name } } }
          }
          unprotectAccessLevels { nodes { user { id } } }
        }
        approvalRules { nodes { name eligibleApprovers { nodes { id username avatarUrl } } } }
      }
    }
  }
}`

func TestGraphQL_accessLevels(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("owner", "PATCH", protectedPath+"/main", map[string]any{
		"allowed_to_merge": []any{map[string]any{"user_id": 4}},
	}).want(200)
	h.do("owner", "POST", approvalRules, map[string]any{
		"name": "QA", "approvals_required": 1, "protected_branch_ids": []any{14},
		"user_ids": []any{4, 5},
	}).want(201)
	r := h.ask("maintainer", accessQuery, "projectPath", "flightjs/Flight", "buildMissing", true).want(200)
	assert.Equal(t, r.text("errors"), "<nil>")
	assert.Equal(t, r.text("data.project.group.id"), "gid://gitlab/Group/9")
	at := func(path string) string { return r.text("data.project.branchRules.nodes.2." + path) }
	assert.Equal(t, at("branchProtection.mergeAccessLevels.edges.0.node.user.username"), "developer")
	assert.Equal(t, at("branchProtection.mergeAccessLevels.edges.0.node.accessLevel"), "40")
	assert.Equal(t, at("branchProtection.mergeAccessLevels.edges.1.node.accessLevelDescription"), "Maintainers")
	assert.Equal(t, at("branchProtection.mergeAccessLevels.edges.1.node.user"), "<nil>")
	assert.Equal(t, at("branchProtection.mergeAccessLevels.edges.2"), "<nil>")
	assert.Equal(t, at("branchProtection.pushAccessLevels.nodes.0.accessLevelDescription"), "Maintainers")
	assert.Equal(t, at("branchProtection.pushAccessLevels.nodes.0.deployKey"), "<nil>")
	assert.Equal(t, at("branchProtection.modificationBlockedByPolicy"), "false")
	assert.Equal(t, at("approvalRules.nodes.0.eligibleApprovers.nodes.0.username"), "reporter")
	assert.Equal(t, at("approvalRules.nodes.0.eligibleApprovers.nodes.1.username"), "developer")
}

func TestGraphQL_pagesOfBranchRules(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for _, name := range []string{"b", "a", "z"} {
		h.do("maintainer", "POST", protectedPath, set("name", name)).want(201)
	}
	var pages []string
	variables := []any{"first", 2, "missing", true}
	for range 5 {
		r := h.ask("maintainer", rulesQuery, variables...).want(200)
		pages = append(pages, strings.Join(r.names(), " "))
		end, more := r.text("data.project.branchRules.pageInfo.endCursor"),
			r.text("data.project.branchRules.pageInfo.hasNextPage")
		assert.Equal(t, more == "true", end != "<nil>")
		if more != "true" {
			break
		}
		variables = []any{"first", 2, "missing", true, "after", end}
	}
	assert.DeepEqual(t, pages, []string{"All branches All protected branches", "main a", "b z"})
	first := h.ask("maintainer", rulesQuery, "first", 1).want(200).text("data.project.branchRules.pageInfo.endCursor")
	text, err := base64.StdEncoding.DecodeString(first)
	assert.NilError(t, err)
	assert.Equal(t, string(text), `{"name":"all_branches","id":null}`)
	wrong := h.ask("maintainer", rulesQuery, "after", "bad").want(200)
	assert.Assert(t, strings.HasPrefix(wrong.text("errors.0.message"), "Invalid cursor: "))
	assert.Equal(t, wrong.text("errors.0.path.1"), "branchRules")
	assert.Equal(t, wrong.text("data.project.branchRules"), "<nil>")
	last := h.ask("maintainer", `{ project(fullPath: "flightjs/Flight") { branchRules(last: 1) { nodes { name } } `+
		`} }`).want(200)
	assert.Equal(t, last.text("errors.0.message"), "Field 'branchRules' doesn't accept argument 'last'")
}

func TestGraphQL_pagesOfChecks(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for i := range 3 {
		h.do("maintainer", "POST", checksPath, map[string]any{
			"name": fmt.Sprint("n", i), "external_url": fmt.Sprint("https://n.example/", i),
		}).want(201)
	}
	page := func(args string) string {
		r := h.ask("maintainer", `{ project(fullPath: "flightjs/Flight") { branchRules { nodes { `+
			`externalStatusChecks`+args+
			` { edges { cursor node { id } } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } } } `+
			`} }`).want(200)
		var ids []string
		at := "data.project.branchRules.nodes.0.externalStatusChecks."
		for i := range asListed(r, at+"edges") {
			ids = append(ids, strings.TrimPrefix(r.text(fmt.Sprintf("%sedges.%d.node.id", at, i)), checkGID))
		}
		return strings.Join(ids, " ") + " " + r.text(at+"pageInfo.hasPreviousPage") + " " +
			r.text(at+"pageInfo.hasNextPage")
	}
	assert.Equal(t, page(""), "5 4 3 2 false false")
	assert.Equal(t, page("(first: 2)"), "5 4 false true")
	assert.Equal(t, page(`(first: 2, after: "`+cursorAt(4)+`")`), "3 2 true false")
	assert.Equal(t, page(`(last: 1)`), "2 true false")
	assert.Equal(t, page(`(last: 1, before: "`+cursorAt(3)+`")`), "4 true true")
	assert.Equal(t, page(`(last: 9, before: "`+cursorAt(3)+`==")`), "5 4 false true")
	h.do("maintainer", "DELETE", checksPath+"/4", nil).want(204)
	assert.Equal(t, page(`(first: 2, after: "`+cursorAt(4)+`")`), "3 2 true false", "the cursor outlives its check")
	assert.Equal(t, page(`(after: "`+cursorAt(5)+`", before: "`+cursorAt(2)+`")`), "3 true true")
	for cursor, want := range map[string]string{
		"%": `Invalid input: "%"`, "e30": "Please provide a valid cursor", "eA": "Please provide a valid cursor",
	} {
		r := h.ask("maintainer", `{ project(fullPath: "flightjs/Flight") { branchRules { nodes { externalStatusChecks(`+
			`after: "`+cursor+`") { nodes { id } } } } } }`).want(200)
		assert.Equal(t, r.text("errors.0.message"), want)
	}
}

func TestGraphQL_projects(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for _, path := range []string{"nowhere", "6", "flightjs", "flightjs/Flight"} {
		h.ask("", fmt.Sprintf(`{ project(fullPath: %q) { id } }`, path)).answers(`{"data":{"project":null}}`)
	}
	h.ask("guest", `{ a: project(fullPath: "nowhere") { id } b: project(fullPath: "FLIGHTJS/flight") { id fullPath `+
		`onlyAllowMergeIfAllStatusChecksPassed } }`).
		answers(`{"data":{"a":null,"b":{"id":"gid://gitlab/Project/6","fullPath":"flightjs/Flight",` +
			`"onlyAllowMergeIfAllStatusChecksPassed":false}}}`)
	h.update(func(tx *gitlab.Tx) error {
		settings := tx.Settings()
		settings.Licensed = false
		tx.SetSettings(settings)
		return nil
	})
	assert.Equal(t, h.ask("maintainer", rulesQuery).text(
		"data.project.branchRules.nodes.1.externalStatusChecks.nodes.0.name"), "Compliance Tool",
		"GraphQL does not ask for the licence")
	assert.Equal(t, h.ask("maintainer", createMutation, "input",
		newCheck(mainRule)).text("data."+createField+".externalStatusCheck.name"), "New")
}

func TestGraphQL_mergeRequests(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	gated(h)
	h.ask("developer", `query getStateEE { project(fullPath: "flightjs/Flight") {
  id archived onlyAllowMergeIfPipelineSucceeds
  mergeRequest(iid: "4") { id autoMergeEnabled commitCount detailedMergeStatus mergeError state draft
    userPermissions { canMerge }
    mergeable mergeStatusEnum mergeStatus approved projectId iid } } }`).
		answers(`{"data":{"project":{"id":"gid://gitlab/Project/6","archived":false,` +
			`"onlyAllowMergeIfPipelineSucceeds":false,` +
			`"mergeRequest":{"id":"gid://gitlab/MergeRequest/144","autoMergeEnabled":false,"commitCount":1,` +
			`"detailedMergeStatus":"EXTERNAL_STATUS_CHECKS","mergeError":null,"state":"opened","draft":false,` +
			`"userPermissions":{"canMerge":false},"mergeable":false,"mergeStatusEnum":"CAN_BE_MERGED",` +
			`"mergeStatus":"can_be_merged","approved":true,"projectId":6,"iid":"4"}}}}`)
	for _, iid := range []string{"99", "x", "", "04", "+4", " 4"} {
		h.ask("developer", fmt.Sprintf(`{ project(fullPath: "flightjs/Flight") { mergeRequest(iid: %q) { id } } }`,
			iid)).
			answers(`{"data":{"project":{"mergeRequest":null}}}`)
	}
	assert.Equal(t, h.checkStatuses(), "REQUESTED_CHANGES=SUCCESS NOT_APPROVED=SUCCESS "+
		"MERGE_REQUEST_BLOCKED=SUCCESS "+
		"JIRA_ASSOCIATION_MISSING=INACTIVE SECURITY_POLICY_VIOLATIONS=INACTIVE STATUS_CHECKS_MUST_PASS=FAILED "+
		"LOCKED_PATHS=SUCCESS "+
		"NOT_OPEN=SUCCESS MERGE_TIME=INACTIVE DRAFT_STATUS=SUCCESS COMMITS_STATUS=SUCCESS "+
		"DISCUSSIONS_NOT_RESOLVED=INACTIVE "+
		"TITLE_REGEX=INACTIVE CI_MUST_PASS=INACTIVE LOCKED_LFS_FILES=SUCCESS CONFLICT=SUCCESS NEED_REBASE=INACTIVE")
	for _, check := range []int{1, 2} {
		h.do("developer", "POST", respondPath, responseBody(check, headSHA, "passed")).want(201)
	}
	assert.Assert(t, strings.Contains(h.checkStatuses(), "STATUS_CHECKS_MUST_PASS=SUCCESS"))
	later := newHarness(t, as(release.Newest))
	assert.Assert(t, strings.HasPrefix(later.checkStatuses(),
		"NOT_OPEN=SUCCESS MERGE_TIME=INACTIVE DRAFT_STATUS=SUCCESS COMMITS_STATUS=SUCCESS "+
			"STATUS_CHECKS_MUST_PASS=INACTIVE JIRA_ASSOCIATION_MISSING=INACTIVE MERGE_REQUEST_BLOCKED=SUCCESS"))
}

// checkStatuses are the mergeability checks of a merge request, in their order.
func (h *harness) checkStatuses() string {
	h.t.Helper()
	r := h.ask("developer", `{ project(fullPath: "flightjs/Flight") { mergeRequest(iid: "4") { mergeabilityChecks `+
		`{ identifier status } } } }`).want(200)
	var list []string
	const at = "data.project.mergeRequest.mergeabilityChecks"
	for i := range asListed(r, at) {
		list = append(list, r.text(fmt.Sprintf("%s.%d.identifier", at, i))+"="+r.text(fmt.Sprintf("%s.%d.status",
			at, i)))
	}
	return strings.Join(list, " ")
}

func TestGraphQL_instance(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.ask("", `{ currentUser { id } metadata { version } echo(text: "<a>") }`).
		answers(`{"data":{"currentUser":null,"metadata":null,"echo":"nil says: \u003ca\u003e"}}`)
	h.ask("developer", `{ currentUser { id username name webUrl } metadata { version enterprise } }`).
		answers(`{"data":{"currentUser":{"id":"gid://gitlab/User/4","username":"developer","name":"Dana Developer",` +
			`"webUrl":"http://example.com/developer"},"metadata":{"version":"18.9.0-ee","enterprise":true}}}`)
}

// cursorAt is the place of a number in pages of numbers.
func cursorAt(n int) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"id":"%d"}`, n))
}
