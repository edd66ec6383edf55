package mockserver_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/release"
)

// boundary is a difference between a release and the one before it, as a caller sees it.
type boundary struct {
	change        string // its name in the history, or a word if only the contract has it
	version       string // the first release with the result after
	probe         func(*harness) string
	before, after string
	arrange       func(*mockserver.Options)
}

// asRelease makes a server of a release. It switches on the feature flags that the release has, because without them
// little is visible.
func asRelease(v release.Version) func(*mockserver.Options) {
	return func(o *mockserver.Options) {
		o.Version, o.Features = v, map[string]bool{}
		for _, f := range mockserver.FeatureFlags() {
			if f.In(v) && f.Name != gitlab.FlagStatusField {
				o.Features[f.Name] = true
			}
		}
	}
}

func parseVersion(t testing.TB, text string) release.Version {
	t.Helper()
	v, err := release.Parse(text)
	assert.NilError(t, err)
	return v
}

// headPipeline tells a status of the head of the merge request, and reads a value of the head pipeline.
func headPipeline(path string) func(*harness) string {
	return func(h *harness) string {
		say(h, "success").want(201)
		return h.do("developer", "GET", mergeRequestPath, nil).want(200).text("head_pipeline." + path)
	}
}

// releaseBefore is the release before another one.
func releaseBefore(t testing.TB, v release.Version) release.Version {
	t.Helper()
	i := slices.Index(release.All(), v)
	assert.Assert(t, i > 0, "there is no release before %s", v)
	return release.All()[i-1]
}

func (b boundary) check(t *testing.T) {
	after := parseVersion(t, b.version)
	for version, want := range map[release.Version]string{releaseBefore(t, after): b.before, after: b.after} {
		t.Run(version.String(), func(t *testing.T) {
			t.Parallel()
			options := []func(*mockserver.Options){asRelease(version)}
			if b.arrange != nil {
				options = append(options, b.arrange)
			}
			assert.Equal(t, b.probe(newHarness(t, options...)), want)
		})
	}
}

func TestBoundaries(t *testing.T) {
	t.Parallel()
	for _, b := range slices.Concat(doorBoundaries, answerBoundaries, ruleBoundaries, deliveryBoundaries,
		hookBoundaries, graphQLBoundaries, contractBoundaries, forkBoundaries) {
		t.Run(b.change, func(t *testing.T) {
			t.Parallel()
			b.check(t)
		})
	}
}

// TestBoundaries_coverTheHistory checks that each change of the history appears, or disappears, in the release that the
// history names.
func TestBoundaries_coverTheHistory(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, b := range slices.Concat(doorBoundaries, answerBoundaries, ruleBoundaries, deliveryBoundaries,
		hookBoundaries, graphQLBoundaries, forkBoundaries) {
		seen[b.change] = b.version
	}
	for _, c := range mockserver.History() {
		at := c.Since
		if at == release.Oldest {
			at = c.Gone
		}
		if seen[c.Name] != at.String() && (c.Gone == release.Version{} || seen[c.Name] != c.Gone.String()) {
			t.Errorf("%s comes with %s, and the boundaries look for it at %q", c.Name, c.Since, seen[c.Name])
		}
		delete(seen, c.Name)
	}
	for name := range seen {
		t.Errorf("%s is a boundary and not in the history", name)
	}
}

// shows returns the whole body of the response to a request.
func shows(as, method, path string, body any) func(*harness) string {
	return func(h *harness) string {
		r := h.do(as, method, path, body)
		return fmt.Sprintf("%d %s", r.status, r.body)
	}
}

// codeOf returns the status of the response to a request.
func codeOf(as, method, path string, body any) func(*harness) string {
	return func(h *harness) string { return fmt.Sprint(h.do(as, method, path, body).status) }
}

// hasKeys lists which of some keys an object of the response has.
func hasKeys(as, path, object string, keys ...string) func(*harness) string {
	return func(h *harness) string {
		return keysIn(h.do(as, http.MethodGet, path, nil).want(http.StatusOK).get(object), keys)
	}
}

func keysIn(value any, keys []string) string {
	object, _ := value.(map[string]any)
	return strings.Join(slices.DeleteFunc(slices.Clone(keys), func(key string) bool {
		_, there := object[key]
		return !there
	}), " ")
}

// tells lists which of some keys the object_attributes of a delivery have.
func tells(keys ...string) func(*harness) string {
	return func(h *harness) string {
		h.retitle("Another title")
		var event map[string]any
		assert.NilError(h.t, json.Unmarshal(sent(h, 2)[0].Body.Bytes(), &event))
		return keysIn(event["object_attributes"], keys)
	}
}

// answerBoundaries are the changes of responses.
var answerBoundaries = []boundary{
	{change: "says-what-is-executable", version: "14.10", probe: func(h *harness) string {
		r := h.do("developer", "GET", filesPath+"README.md?ref=main", nil).want(200)
		return r.header.Get("X-Gitlab-Execute-Filemode") + fmt.Sprint(r.get("execute_filemode"))
	}, before: "<nil>", after: "falsefalse"},
	{
		change: "misses-tree-paths", version: "17.7", probe: shows("developer", "GET", treePath+"?path=gone", nil),
		before: "200 []", after: `404 {"message":"404 invalid revision or path Not Found"}`,
	},
	{change: "links-straight-comparisons", version: "18.7", probe: func(h *harness) string {
		r := h.do("developer", "GET", comparePath+"?from=main&to=main&straight=true", nil).want(200)
		return strings.Repeat(".", strings.Count(r.text("web_url"), ".")-1)
	}, before: "...", after: ".."},
	{change: "shows-generated-files", version: "16.9", probe: hasKeys("developer", mergeRequestPath+"/changes",
		"changes.0", "diff", "generated_file"), before: "diff", after: "diff generated_file"},
	{
		change: "hashes-avatars-by-sha", version: "16.9", probe: func(h *harness) string {
			avatar := h.do("developer", "GET", "/user", nil).want(200).text("avatar_url")
			hash, _, _ := strings.Cut(strings.TrimPrefix(avatar, "https://www.gravatar.com/avatar/"), "?s=80")
			return hash
		}, before: "40fad0326c29c1d865caf3df888cfba9",
		after: "43ff1ab451d908cd7fa686808f7684dc2db4ae2269f451680c72c6d7bbebbf83",
	},
	{change: "numbers-pipelines", version: "14.6", probe: headPipeline("iid"), before: "<nil>", after: "1"},
	{change: "names-pipelines", version: "16.3", probe: func(h *harness) string {
		say(h, "success").want(201)
		_, named := h.do("developer", "GET", pipelinesPath+"/1", nil).want(200).get("").(map[string]any)["name"]
		return fmt.Sprint(named)
	}, before: "false", after: "true"},
	{
		change: "capitalizes-ci-status", version: "16.5", probe: headPipeline("detailed_status.text"),
		before: "passed", after: "Passed",
	},
	{
		change: "shows-archived-pipelines", version: "18.5", probe: headPipeline("archived"), before: "<nil>",
		after: "false",
	},
	{change: "overwrites-head-pipelines", version: "16.11", probe: func(h *harness) string {
		h.do("developer", "PUT", mergeRequestPath, set("state_event", "close")).want(200)
		return headPipeline("id")(h)
	}, before: "1", after: "<nil>"},
	{change: "limits-status-texts", version: "16.0", probe: func(h *harness) string {
		return fmt.Sprint(say(h, "success", "description", strings.Repeat("x", 256)).status)
	}, before: "201", after: "400"},
	{change: "shows-pipelines-of-statuses", version: "16.3", probe: func(h *harness) string {
		return say(h, "success").want(201).text("pipeline_id")
	}, before: "<nil>", after: "1"},
	{change: "misses-pipelines", version: "17.1", probe: func(h *harness) string {
		return fmt.Sprint(say(h, "success", "pipeline_id", 7).status)
	}, before: "201", after: "404"},
	{change: "pages-diffs", version: "17.11", probe: func(h *harness) string {
		return h.do("developer", "GET", mergeRequestPath+"/diffs", nil).want(200).header.Get("X-Total")
	}, before: "", after: "1"},
	{change: "shows-parents-of-commits", version: "18.0", probe: func(h *harness) string {
		return fmt.Sprint(h.do("developer", "GET", mergeRequestPath+"/commits", nil).want(200).get("0.parent_ids"))
	}, before: "[]", after: "[" + firstSHA + "]"},
	{change: "shows-diff-limits", version: "18.4", probe: hasKeys("developer", mergeRequestPath+"/diffs", "0",
		"diff", "collapsed", "too_large"), before: "diff", after: "diff collapsed too_large"},
	{change: "shows-merge-user", version: "14.7", probe: hasKeys("developer", mergeRequestPath, "", "merged_by",
		"merge_user"), before: "merged_by", after: "merged_by merge_user"},
	{change: "version-is-metadata", version: "15.5", probe: hasKeys("guest", "/version", "", "version", "revision",
		"kas", "enterprise"), before: "version revision", after: "version revision kas"},
	{
		change: "metadata-has-edition", version: "15.6", probe: hasKeys("guest", "/metadata", "", "version",
			"enterprise"),
		before: "version", after: "version enterprise",
	},
	{change: "shows-detailed-merge-status", version: "15.6", probe: func(h *harness) string {
		return hasKeys("developer", mergeRequestPath, "", "detailed_merge_status")(h) +
			tells("detailed_merge_status")(h)
	}, before: "", after: "detailed_merge_statusdetailed_merge_status"},
	{
		change: "numbers-access-levels", version: "15.6", probe: hasKeys("maintainer", checksPath,
			"0.protected_branches.0.merge_access_levels.0", "id", "access_level", "user_id"),
		before: "access_level user_id", after: "id access_level user_id",
	},
	{change: "poll-interval", version: "15.10", probe: func(h *harness) string {
		return h.do("developer", "GET", statusesPath, nil).want(200).header.Get("Poll-Interval")
	}, before: "", after: "10000"},
	{
		change: "masks-external-url", version: "16.0", arrange: onlyCheck("https://checks.example.com/a?token=1"),
		probe: func(h *harness) string {
			return h.do("developer", "GET", statusesPath, nil).want(200).text("0.external_url")
		}, before: "https://checks.example.com/a?token=1", after: "https://checks.example.com/a",
	},
	{change: "shows-deploy-keys", version: "16.0", probe: hasKeys("maintainer", checksPath,
		"0.protected_branches.0.push_access_levels.0", "id", "deploy_key_id"), before: "id", after: "id deploy_key_id"},
	{change: "hides-ci-settings", version: "16.0", probe: hasKeys("developer", "/projects/6", "", "build_timeout",
		"build_git_strategy", "public_jobs"), before: "build_timeout public_jobs", after: "public_jobs"},
	{change: "shows-emails-of-members", version: "16.9", probe: func(h *harness) string {
		return h.do("admin", "GET", "/projects/6/members/2", nil).want(200).text("email")
	}, before: "<nil>", after: "owner@example.com"},
	{change: "shows-visibility-in-short", version: "18.2", probe: hasKeys("guest", "/projects?simple=true", "0",
		"web_url", "visibility"), before: "web_url", after: "web_url visibility"},
	{change: "shows-preferred-language", version: "18.3", probe: func(h *harness) string {
		return h.do("guest", "GET", "/user", nil).want(200).text("preferred_language") +
			h.do("admin", "GET", "/users/7", nil).want(200).text("preferred_language")
	}, before: "<nil><nil>", after: "enen"},
	{change: "shows-preparation", version: "16.1", probe: hasKeys("developer", mergeRequestPath, "", "sha",
		"prepared_at"), before: "sha", after: "sha prepared_at"},
	{change: "shows-imports", version: "17.0", probe: func(h *harness) string {
		note := h.do("developer", "POST", mergeRequestPath+"/notes", set("body", "x")).want(201)
		of, _ := note.get("").(map[string]any)
		return fmt.Sprint(of["imported_from"]) + " " +
			hasKeys("developer", mergeRequestPath, "", "draft", "imported", "imported_from")(h)
	}, before: "<nil> draft", after: "none draft imported imported_from"},
	{change: "shows-merge-after", version: "17.5", probe: hasKeys("developer", mergeRequestPath, "", "sha",
		"merge_after"), before: "sha", after: "sha merge_after"},
	{change: "shared-secrets", version: "17.3", probe: func(h *harness) string {
		shown := hasKeys("maintainer", checksPath, "0", "name", "hmac")(h)
		h.retitle("Another title")
		return shown + " " + fmt.Sprint(sent(h, 1)[0].Signature != "")
	}, before: "name false", after: "name hmac true"},
	{change: "shows-inheritance", version: "18.0", probe: hasKeys("maintainer", checksPath, "0.protected_branches.0",
		"id", "inherited", "project_id"), before: "id", after: "id inherited"},
	{change: "shows-approval-times", version: "18.5", probe: func(h *harness) string {
		return keysIn(h.do("maintainer", "POST", mergeRequestPath+"/approve", nil).want(201).get("approved_by.0"),
			[]string{"user", "approved_at"})
	}, before: "user", after: "user approved_at"},
	{
		change: "short-response-entity", version: "19.4", arrange: onlyCheck("https://checks.example.com/a?token=1"),
		probe: func(h *harness) string {
			r := h.do("maintainer", "POST", respondPath, responseBody(1, headSHA, "passed")).want(201)
			keys := keysIn(r.get("external_status_check"),
				strings.Fields("id name project_id external_url protected_branches hmac"))
			return keys + " " + r.text("external_status_check.external_url") + " " +
				r.text("merge_request.user.can_merge")
		}, before: "id name project_id external_url protected_branches hmac https://checks.example.com/a?token=1 false",
		after: "id name external_url https://checks.example.com/a true",
	},
}

// otherProject makes a project of the owner with a protected branch and a check, and returns their ids.
func otherProject(h *harness) (branch, check int64) {
	h.t.Helper()
	id := h.do("owner", "POST", "/projects", map[string]any{"name": "Other", "initialize_with_readme": true}).want(201).
		number("id")
	path := fmt.Sprintf("/projects/%d", id)
	branch = h.do("owner", "GET", path+"/protected_branches", nil).want(200).number("0.id")
	check = h.do("owner", "POST", path+"/external_status_checks",
		map[string]any{"name": "Other", "external_url": "https://other.example.com"}).want(201).number("id")
	return branch, check
}

// assigned makes a user of the default world the assignee of merge request !4.
func assigned(h *harness, id int) {
	h.do("maintainer", "PUT", mergeRequestPath, map[string]any{"assignee_ids": []int{id}}).want(200)
}

// rowsOf counts the responses that are stored for merge request !5, which it opens.
func rowsOf(h *harness) string {
	newBranch(h)
	h.do("developer", "POST", mergeRequestsPath, newMergeRequest()).want(201)
	count := 0
	h.view(func(tx *gitlab.Tx) {
		mr, err := tx.MergeRequest(6, 5)
		assert.NilError(h.t, err)
		count = len(tx.Responses(mr.ID, 1)) + len(tx.Responses(mr.ID, 2))
	})
	return fmt.Sprint(count)
}

// auditedNames returns the audit events of changing a check's name and of deleting the check.
func auditedNames(h *harness) string {
	h.do("maintainer", "PUT", checksPath+"/2", set("name", "Service 2")).want(200)
	h.do("maintainer", "DELETE", checksPath+"/2", nil).want(204)
	var names []string
	h.view(func(tx *gitlab.Tx) {
		for _, e := range tx.AuditEvents() {
			names = append(names, e.Name)
		}
	})
	return strings.Join(names, " ")
}

// gated makes the project require that all checks have passed.
func gated(h *harness) {
	h.do("maintainer", "PUT", "/projects/6", set("only_allow_merge_if_all_status_checks_passed", true)).want(200)
}

// ruleBoundaries are the changes of permissions, and of what happens.
var ruleBoundaries = []boundary{
	{change: "loses-update-errors", version: "15.0", probe: shows("maintainer", "PUT", checksPath+"/2",
		set("name", "")), before: `422 {"message":[]}`, after: `422 {"message":["Name can't be blank"]}`},
	{change: "lists-applicable-checks", version: "14.1", probe: func(h *harness) string {
		h.do("maintainer", "POST", protectedPath, set("name", "stable")).want(201)
		id := h.do("maintainer", "GET", protectedPath+"/stable", nil).want(200).number("id")
		h.do("maintainer", "PUT", checksPath+"/1", set("protected_branch_ids", []int64{id})).want(200)
		return strings.Join(h.do("developer", "GET", statusesPath, nil).want(200).column("id"), " ")
	}, before: "1 2", after: "2"},
	{change: "refuses-foreign-branches", version: "14.1", probe: func(h *harness) string {
		branch, _ := otherProject(h)
		return codeOf("maintainer", "PUT", checksPath+"/1", set("protected_branch_ids", []int64{branch}))(h)
	}, before: "200", after: "422"},
	{change: "refuses-foreign-checks", version: "14.3", probe: func(h *harness) string {
		_, check := otherProject(h)
		return codeOf("developer", "POST", respondPath, responseBody(int(check), headSHA, "passed"))(h)
	}, before: "201", after: "404"},
	{change: "status-vocabulary", version: "15.0", probe: func(h *harness) string {
		refused := codeOf("developer", "POST", respondPath, map[string]any{
			"external_status_check_id": 1,
			"sha":                      headSHA,
		})(h)
		return refused + " " + strings.Join(h.do("developer", "GET", statusesPath, nil).want(200).column("status"), " ")
	}, before: "201 approved approved", after: "400 pending passed"},
	{change: "responding-needs-developer", version: "14.5", probe: func(h *harness) string {
		assigned(h, 5)
		return codeOf("reporter", "POST", respondPath, responseBody(1, headSHA, "passed"))(h)
	}, before: "201", after: "404"},
	{
		change: "opening-needs-code", version: "15.0", probe: codeOf("guest", "GET", approvalRules, nil), before: "200",
		after: "403",
	},
	{change: "maintainers-rename", version: "15.6", probe: codeOf("maintainer", "PUT", "/projects/6",
		set("name", "Renamed")), before: "403", after: "200"},
	{
		change: "readers-see-protected-branches", version: "15.11", probe: func(h *harness) string {
			seen := codeOf("reporter", "GET", protectedPath, nil)(h)
			visibility(gitlab.Public)(h)
			return seen + " " + codeOf("maintainer", "GET", protectedPath+"/main", nil)(h) + " " +
				codeOf("", "GET", protectedPath+"/main", nil)(h)
		}, before: "403 200 403", after: "200 200 200",
	},
	{
		change: "planners-read-code", version: "18.9", probe: func(h *harness) string {
			code := codeOf("planner", "GET", branchesPath, nil)(h)
			return code + " " + codeOf("planner", "GET", approvalRules, nil)(h)
		}, before: "403 403", after: "200 403",
	},
	{change: "audits-checks", version: "15.0", probe: auditedNames, before: "", after: "delete_status_check"},
	{
		change: "audits-check-names", version: "15.7", probe: auditedNames, before: "delete_status_check",
		after: "external_status_check_name_updated delete_status_check",
	},
	{
		change: "merge-gate", version: "15.5", probe: hasKeys("maintainer", "/projects/6", "",
			"only_allow_merge_if_all_status_checks_passed"), before: "",
		after: "only_allow_merge_if_all_status_checks_passed",
	},
	{change: "retry-only-marks", version: "16.1", probe: func(h *harness) string {
		h.do("developer", "POST", respondPath, responseBody(1, headSHA, "failed")).want(201)
		h.do("developer", "POST", retryPath(1), nil).want(202)
		shown := h.do("developer", "GET", statusesPath, nil).want(200).text("0.status")
		h.view(func(tx *gitlab.Tx) { shown += " " + string(tx.Responses(144, 1)[0].Status) })
		return shown
	}, before: "pending failed", after: "pending pending"},
	{change: "reads-diff-head", version: "16.0", probe: func(h *harness) string {
		h.do("developer", "DELETE", branchesPath+"/"+patchBranch, nil).want(204)
		return h.do("developer", "GET", statusesPath, nil).want(200).text("1.status")
	}, before: "pending", after: "passed"},
	{change: "admins-obey-protection", version: "16.0", probe: func(h *harness) string {
		return codeOf("admin", "POST", filesPath+"new", map[string]any{
			"branch": "main", "content": "x", "commit_message": "x",
		})(h)
	}, before: "201", after: "400"},
	{change: "delays-deletion", version: "16.0", probe: func(h *harness) string {
		h.do("owner", "DELETE", "/projects/6", nil).want(202)
		return codeOf("owner", "GET", "/projects/6", nil)(h)
	}, before: "404", after: "200"},
	{change: "pending-responses", version: "16.5", probe: rowsOf, before: "0", after: "2"},
	{change: "responses-time-out", version: "16.6", probe: func(h *harness) string {
		h.do("developer", "POST", respondPath, responseBody(1, headSHA, "pending")).want(201)
		h.clock.advance(2*time.Minute + time.Second)
		return h.do("developer", "GET", statusesPath, nil).want(200).text("0.status")
	}, before: "pending", after: "failed"},
	{
		change: "statusless-create-refusal", version: "16.11", probe: shows("developer", "POST", checksPath,
			map[string]any{"name": "x", "external_url": "https://x.example.com"}), before: "401 " + notAllowedBody,
		after: "500 " + notAllowedBody,
	},
	{change: "auto-merge-awaits-checks", version: "17.0", probe: func(h *harness) string {
		gated(h)
		return codeOf("maintainer", "PUT", mergeRequestPath+"/merge", set("merge_when_pipeline_succeeds", true))(h)
	}, before: "405", after: "200"},
	{change: "checks-have-own-ability", version: "17.1", probe: func(h *harness) string {
		withAbility("developer", gitlab.ManageMergeRequestSettings)(h)
		return codeOf("developer", "GET", checksPath, nil)(h)
	}, before: "401", after: "200"},
	{change: "approvers-are-members", version: "17.3", probe: func(h *harness) string {
		visibility(gitlab.Public)(h)
		authored("stranger")(h)
		return shows("stranger", "POST", respondPath, responseBody(1, headSHA, "passed"))(h)
	}, before: `404 {"message":"404 Not Found"}`, after: "403 " + forbidden},
	{
		change: "reporters-manage-milestones", version: "15.0",
		probe: codeOf("reporter", "POST", milestonesPath, set("title", "1.0")), before: "403", after: "201",
	},
	{
		change: "reporters-read-statuses", version: "17.11", probe: codeOf("reporter", "GET", statusesPath, nil),
		before: "403", after: "200",
	},
	{change: "group-branches", version: "18.0", probe: func(h *harness) string {
		var id gitlab.ProtectedBranchID
		h.update(func(tx *gitlab.Tx) error {
			id = tx.InsertProtectedBranch(gitlab.ProtectedBranch{NamespaceID: 9, Name: "main"}).ID
			return nil
		})
		return codeOf("maintainer", "PUT", checksPath+"/1",
			set("protected_branch_ids", []gitlab.ProtectedBranchID{id}))(h)
	}, before: "422", after: "200"},
	{
		change: "requires-in-own-words", version: "18.4", probe: shows("developer", "POST", commitsPath,
			set("branch", patchBranch)), before: `400 {"error":"commit_message is missing, actions is missing"}`,
		after: `400 {"message":"400 Bad request - commit_message is required"}`,
	},
	{
		change: "names-wrong-actions", version: "18.8", probe: shows("developer", "POST", commitsPath,
			map[string]any{"branch": patchBranch, "commit_message": "x", "actions": "create"}),
		before: `500 {"message":"500 Internal Server Error"}`,
		after:  `400 {"message":"400 Bad request - actions must be an array"}`,
	},
	{
		change: "files-ask-for-branch", version: "18.8", probe: shows("developer", "POST", filesPath+"new",
			map[string]any{"branch": "main", "commit_message": "x", "content": "x"}),
		before: `400 {"message":"You are not allowed to push into this branch"}`,
		after:  `403 {"message":"403 Forbidden - You are not allowed to push into this branch"}`,
	},
	{
		change: "responds-by-service", version: "18.2", probe: shows("developer", "POST", respondPath,
			`{"external_status_check_id":1,"sha":null,"status":"passed"}`),
		before: `500 {"message":"500 Internal Server Error"}`, after: `400 {"message":["Sha can't be blank"]}`,
	},
	{change: "limits-secrets", version: "18.9", probe: codeOf("maintainer", "PUT", checksPath+"/1",
		set("shared_secret", strings.Repeat("s", 256))), before: "200", after: "422"},
	{
		change: "merging-can-need-sha", version: "19.2", arrange: func(o *mockserver.Options) {
			world, yes := seed.Default(), true
			world.Settings.RequireSHAForMerge = &yes
			o.Seed = &world
		}, probe: shows("reporter", "PUT", mergeRequestPath+"/merge", "{}"),
		before: `401 {"message":"401 Unauthorized"}`,
		after:  `400 {"message":"SHA must be provided when merging"}`,
	},
	{change: "scopes-by-wildcard", version: "19.4", probe: func(h *harness) string {
		id := h.do("maintainer", "POST", protectedPath, set("name", "m*")).want(201).number("id")
		h.do("maintainer", "PUT", checksPath+"/1", set("protected_branch_ids", []int64{id})).want(200)
		return strings.Join(h.do("developer", "GET", statusesPath, nil).want(200).column("id"), " ")
	}, before: "2", after: "1 2"},
	{change: "orders-checks-by-cost", version: "19.4", probe: func(h *harness) string {
		gated(h)
		h.retitle("Draft: not yet")
		return h.do("developer", "GET", mergeRequestPath, nil).want(200).text("detailed_merge_status")
	}, before: "status_checks_must_pass", after: "draft_status"},
	{
		change: "looks-up-before-ability", version: "19.4", probe: shows("developer", "PUT", checksPath+"/99", "{}"),
		before: "401 " + notAllowedBody, after: "404 " + recordMissing,
	},
	{change: "group-approvers-from-planner", version: "19.4", probe: func(h *harness) string {
		visibility(gitlab.Public)(h)
		group := h.do("admin", "POST", "/groups", map[string]any{"name": "Reviewers", "path": "reviewers"}).want(201).
			text("id")
		h.do("admin", "POST", "/groups/"+group+"/members", map[string]any{"user_id": 8, "access_level": 30}).want(201)
		branch := h.do("maintainer", "GET", protectedPath+"/main", nil).want(200).number("id")
		h.do("admin", "POST", approvalRules, newRule("Reviewers", 0, "group_ids", group, "protected_branch_ids",
			[]int64{branch})).want(201)
		return shows("stranger", "POST", respondPath, responseBody(1, headSHA, "passed"))(h)
	}, before: "403 " + forbidden, after: `404 {"message":null}`},
}
