package mockserver_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// seeded is a harness whose world is that of a seed in YAML.
func seeded(t *testing.T, text string, mutate ...func(*mockserver.Options)) *harness {
	t.Helper()
	s, err := seed.Parse("seed.yaml", []byte(text))
	assert.NilError(t, err)
	return newHarness(t, append(mutate, func(o *mockserver.Options) { o.Seed = &s })...)
}

// everything is a seed in which each key has a value other than its default.
const everything = `
licensed: false
settings:
  {block_local_requests: true, deny_outbound: true, require_sha_for_merge: true, lock_require_sha_for_merge: true, writing: maintenance,
   maintenance_message: Back at ten, rate_limits: [throttle_authenticated_api=100000/1h]}
users:
  - id: 1
    username: root
    name: Administrator
    email: admin@example.com
    admin: true
    created_at: 2020-01-01T00:00:00Z
    tokens: [{id: 7, secret: glpat-admin, scopes: [api, admin_mode], name: all, created_at: 2020-01-02T00:00:00Z}]
  - id: 2
    username: ada
    public_email: ada@example.org
    external: true
    tokens:
      - {id: 8, secret: glpat-ada}
      - {id: 9, secret: glpat-reads, scopes: [read_api], expires_on: 2030-01-01}
      - {id: 10, secret: glpat-gone, revoked: true}
      - {id: 11, secret: glpat-late, expires_on: 2026-02-03}
  - {id: 3, username: bob, blocked: true, tokens: [{id: 12, secret: glpat-bob}]}
  - {id: 4, username: cy, tokens: [{id: 13, secret: glpat-cy}]}
groups:
  - id: 21
    path: tools/deep
    name: Deep Tools
    description: Further down
    visibility: internal
    created_at: 2021-01-01T00:00:00Z
    members: [{user: cy, access_level: reporter, expires_on: 2030-01-01}]
    protected_branches: [{id: 30, name: stable}]
  - {id: 20, path: tools, visibility: public, require_sha_for_merge: false, lock_require_sha_for_merge: true, members: [{user: cy, access_level: guest}, {user: ada, access_level: developer, expires_on: 2026-02-03}]}
projects:
  - id: 6
    path: tools/deep/engine
    name: The Engine
    description: Analytical
    visibility: public
    creator: root
    default_branch: trunk
    licensed: true
    created_at: 2022-01-01T00:00:00Z
    settings:
      only_allow_merge_if_all_status_checks_passed: true
      only_allow_merge_if_all_discussions_are_resolved: true
      only_allow_merge_if_pipeline_succeeds: true
      allow_merge_on_skipped_pipeline: true
      remove_source_branch_after_merge: true
      merge_method: ff
      squash_option: always
      approvals_before_merge: 2
      merge_requests_author_approval: true
      reset_approvals_on_push: true
    members:
      - {user: ada, custom_role: {base: guest, abilities: [manage_merge_request_settings]}}
      - {user: bob, access_level: owner}
    branches:
      - name: topic
        from: trunk
        commits:
          - {sha: "2222222222222222222222222222222222222222", message: More, author: ada, created_at: 2022-01-03T00:00:00Z, files: {notes.txt: n}, removed: [old.txt]}
      - name: main
        from: topic
      - name: trunk
        commits:
          - {sha: "1111111111111111111111111111111111111111", message: First, author: root, created_at: 2022-01-02T00:00:00Z, files: {README.md: r, old.txt: o}}
    protected_branches:
      - {id: 31, name: trunk, push_access_levels: [{access_level: no_one}, {user: cy}], merge_access_levels: [{group: tools}], unprotect_access_levels: [{access_level: owner}], allow_force_push: true, code_owner_approval_required: true}
      - {id: 14, name: "release-*"}
    external_status_checks:
      - {id: 2, name: Second, external_url: "https://second.example.com?token=1", shared_secret: hush, protected_branches: [stable, trunk], created_at: 2022-02-01T00:00:00Z}
      - {id: 1, name: First, external_url: "https://first.example.com", created_at: 2022-02-01T00:00:00Z}
    labels: [{id: 41, name: red, color: crimson, description: Stop, priority: 3}]
    milestones:
      - {id: 51, title: "1.0", description: The first, state: closed, start_date: 2022-01-01, due_date: 2022-06-30, created_at: 2022-01-05T00:00:00Z}
    merge_requests:
      - id: 144
        iid: 4
        source_branch: topic
        target_branch: trunk
        title: A topic
        description: In full
        author: cy
        assignees: [ada]
        reviewers: [bob]
        approved_by: [root]
        labels: [red, green]
        milestone: "1.0"
        sha: "2222222222222222222222222222222222222222"
        force_remove_source_branch: true
        created_at: 2022-03-01T00:00:00Z
        responses:
          - {id: 5, external_status_check: First, status: passed, created_at: 2022-03-02T00:00:00Z}
          - {id: 4, external_status_check: First, status: failed, created_at: 2022-03-01T00:00:00Z}
          - {id: 3, external_status_check: Second, status: failed, sha: "1111111111111111111111111111111111111111", created_at: 2022-03-01T00:00:00Z}
      - {id: 100, iid: 1, source_branch: gone, target_branch: trunk, title: Closed, author: root, state: closed, sha: "2222222222222222222222222222222222222222", created_at: 2022-03-01T00:00:00Z}
      - id: 101
        iid: 2
        source_branch: topic
        target_branch: trunk
        title: Merged
        author: root
        state: merged
        created_at: 2022-03-01T00:00:00Z
        merge_train_car:
          {id: 61, status: merged, user: cy, created_at: 2022-03-01T00:00:00Z, updated_at: 2022-03-02T00:00:00Z,
           merged_at: 2022-03-01T00:01:10Z}
      - {id: 145, iid: 5, source_project: cy/engine, source_branch: theirs, target_branch: trunk, title: From a fork,
         author: cy, created_at: 2022-03-01T00:00:00Z, merge_train_car: {status: fresh}}
  - id: 7
    path: cy/engine
    forked_from: tools/deep/engine
    created_at: 2022-01-06T00:00:00Z
    branches:
      - name: theirs
        from: topic
        commits: [{sha: "4444444444444444444444444444444444444444", message: Mine, files: {mine.txt: m}}]
      - {name: early, from: "1111111111111111111111111111111111111111"}
  - {id: 5, path: ada/attic, archived: true, licensed: false, created_at: 2022-01-01T00:00:00Z, branches: [{name: b, commits: [{message: B}]}, {name: a, commits: [{message: A}]}]}
`

const engine = "/projects/6"

const fork = "/projects/7"

const trains = engine + "/merge_trains"

const carPath = trains + "/merge_requests/2"

const topic = engine + "/merge_requests/4"

// seedEffects has a row for each key of a seed, with the effect of the key. A new key needs a new row.
var seedEffects = map[string]struct{ as, path, value, want string }{
	"users.name":           {"admin", "/users/1", "name", "Administrator"},
	"users.name left out":  {"admin", "/users/2", "name", "ada"},
	"users.email":          {"admin", "/users/1", "email", "admin@example.com"},
	"users.public_email":   {"admin", "/users/2", "public_email", "ada@example.org"},
	"users.admin":          {"admin", "/users/1", "is_admin", "true"},
	"users.external":       {"admin", "/users/2", "external", "true"},
	"users.blocked":        {"admin", "/users/3", "state", "blocked"},
	"users.created_at":     {"admin", "/users/1", "created_at", "2020-01-01T00:00:00.000Z"},
	"tokens.id":            {"admin", "/personal_access_tokens/self", "id", "7"},
	"tokens.name":          {"admin", "/personal_access_tokens/self", "name", "all"},
	"tokens.name left out": {"ada", "/personal_access_tokens/self", "name", "token 1"},
	"tokens.scopes":        {"admin", "/personal_access_tokens/self", "scopes", "[api admin_mode]"},
	"tokens.created_at":    {"admin", "/personal_access_tokens/self", "created_at", "2020-01-02T00:00:00.000Z"},
	"tokens.expires_on":    {"reads", "/personal_access_tokens/self", "expires_at", "2030-01-01"},

	"groups.id":          {"admin", "/groups/21", "full_path", "tools/deep"},
	"groups.name":        {"admin", "/groups/21", "name", "Deep Tools"},
	"groups.description": {"admin", "/groups/21", "description", "Further down"},
	"groups.visibility":  {"admin", "/groups/21", "visibility", "internal"},
	"groups.created_at":  {"admin", "/groups/21", "created_at", "2021-01-01T00:00:00.000Z"},
	"groups.members":     {"admin", "/groups/21/members", "0.access_level", "20"},

	"projects.path":                    {"admin", engine, "path_with_namespace", "tools/deep/engine"},
	"projects.name":                    {"admin", engine, "name", "The Engine"},
	"projects.description":             {"admin", engine, "description", "Analytical"},
	"projects.visibility":              {"admin", engine, "visibility", "public"},
	"projects.creator":                 {"admin", engine, "creator_id", "1"},
	"projects.default_branch":          {"admin", engine, "default_branch", "trunk"},
	"projects.created_at":              {"admin", engine, "created_at", "2022-01-01T00:00:00.000Z"},
	"projects.licensed":                {"admin", engine, "only_allow_merge_if_all_status_checks_passed", "true"},
	"projects.archived":                {"admin", "/projects/5", "archived", "true"},
	"projects.default_branch left out": {"admin", "/projects/5", "default_branch", "a"},
	"settings.only_allow_merge_if_all_discussions_are_resolved": {
		"admin", engine,
		"only_allow_merge_if_all_discussions_are_resolved", "true",
	},
	"settings.only_allow_merge_if_pipeline_succeeds": {
		"admin", engine,
		"only_allow_merge_if_pipeline_succeeds", "true",
	},
	"settings.allow_merge_on_skipped_pipeline": {
		"admin", engine,
		"allow_merge_on_skipped_pipeline", "true",
	},
	"settings.remove_source_branch_after_merge": {
		"admin", engine, "remove_source_branch_after_merge",
		"true",
	},
	"settings.merge_method":           {"admin", engine, "merge_method", "ff"},
	"settings.squash_option":          {"admin", engine, "squash_option", "always"},
	"settings.approvals_before_merge": {"admin", engine, "approvals_before_merge", "2"},
	"members.access_level":            {"admin", engine + "/members/3", "access_level", "50"},
	"members.custom_role.base":        {"admin", engine + "/members/2", "access_level", "10"},
	"members.custom_role.abilities": {
		"ada", engine + "/external_status_checks", "0.id",
		"1",
	},
	"members.expires_on": {
		"admin", "/groups/21/members", "0.expires_at",
		"2030-01-01",
	},

	"branches.from":   {"admin", engine + "/repository/branches/main", "commit.id", strings.Repeat("2", 40)},
	"commits.sha":     {"admin", engine + "/repository/branches/trunk", "commit.id", strings.Repeat("1", 40)},
	"commits.message": {"admin", engine + "/repository/commits/topic", "title", "More"},
	"commits.author":  {"admin", engine + "/repository/commits/topic", "author_name", "ada"},
	"commits.created_at": {
		"admin", engine + "/repository/commits/topic", "created_at",
		"2022-01-03T00:00:00.000+00:00",
	},
	"commits on one another": {"admin", engine + "/repository/commits/topic", "parent_ids.0", strings.Repeat("1", 40)},
	"commits.files":          {"admin", engine + "/repository/files/notes.txt?ref=topic", "content", "bg=="},

	"protected_branches.id": {"admin", engine + "/protected_branches/trunk", "id", "31"},
	"protected_branches.push_access_levels": {
		"admin", engine + "/protected_branches/trunk",
		"push_access_levels.0.access_level", "0",
	},
	"protected_branches.push_access_levels.user": {
		"admin", engine + "/protected_branches/trunk",
		"push_access_levels.1.user_id", "4",
	},
	"protected_branches.merge_access_levels.group": {
		"admin", engine + "/protected_branches/trunk",
		"merge_access_levels.0.group_id", "20",
	},
	"protected_branches.unprotect_access_levels": {
		"admin", engine + "/protected_branches/trunk",
		"unprotect_access_levels.0.access_level", "50",
	},
	"protected_branches.allow_force_push": {
		"admin", engine + "/protected_branches/trunk",
		"allow_force_push", "true",
	},
	"protected_branches.code_owner_approval_required": {
		"admin", engine + "/protected_branches/trunk",
		"code_owner_approval_required", "true",
	},
	"protected_branches without levels": {
		"admin", engine + "/protected_branches/release-*",
		"merge_access_levels.0.access_level", "40",
	},

	"external_status_checks.id":   {"admin", engine + "/external_status_checks", "1.id", "2"},
	"external_status_checks.name": {"admin", engine + "/external_status_checks", "1.name", "Second"},
	"external_status_checks.external_url": {
		"admin", engine + "/external_status_checks", "1.external_url",
		"https://second.example.com?token=1",
	},
	"external_status_checks.shared_secret": {"admin", engine + "/external_status_checks", "1.hmac", "true"},
	"external_status_checks.protected_branches": {
		"admin", engine + "/external_status_checks",
		"1.protected_branches.0.id", "30",
	},

	"merge_requests.id":          {"admin", topic, "id", "144"},
	"merge_requests.title":       {"admin", topic, "title", "A topic"},
	"merge_requests.description": {"admin", topic, "description", "In full"},
	"merge_requests.author":      {"admin", topic, "author.username", "cy"},
	"merge_requests.assignees":   {"admin", topic, "assignees.0.username", "ada"},
	"merge_requests.reviewers":   {"admin", topic, "reviewers.0.username", "bob"},
	"merge_requests.approved_by": {
		"admin", topic + "/approvals",
		"approved_by.0.user.username", "root",
	},
	"labels.id":              {"admin", engine + "/labels/red", "id", "41"},
	"labels.color":           {"admin", engine + "/labels/red", "color", "#dc143c"},
	"labels.description":     {"admin", engine + "/labels/41", "description", "Stop"},
	"labels.priority":        {"admin", engine + "/labels/41", "priority", "3"},
	"milestones.title":       {"admin", engine + "/milestones/51", "title", "1.0"},
	"milestones.description": {"admin", engine + "/milestones/51", "description", "The first"},
	"milestones.state":       {"admin", engine + "/milestones/51", "state", "closed"},
	"milestones.start_date":  {"admin", engine + "/milestones/51", "start_date", "2022-01-01"},
	"milestones.due_date":    {"admin", engine + "/milestones/51", "due_date", "2022-06-30"},
	"milestones.created_at":  {"admin", engine + "/milestones/51", "created_at", "2022-01-05T00:00:00.000Z"},

	"projects.forked_from":           {"admin", fork, "forked_from_project.id", "6"},
	"a fork is finished":             {"admin", fork, "import_status", "finished"},
	"default_branch of a fork":       {"admin", fork, "default_branch", "trunk"},
	"branches of a fork, taken over": {"admin", fork + "/repository/branches/main", "name", "main"},
	"branches of a fork, made there": {
		"admin", fork + "/repository/commits/theirs", "parent_ids", "[" + strings.Repeat("2", 40) + "]",
	},
	"branches of a fork, at a commit": {
		"admin", fork + "/repository/branches/early", "commit.id", strings.Repeat("1", 40),
	},
	"a project counts its forks":     {"admin", engine, "forks_count", "1"},
	"merge_requests.source_project":  {"admin", engine + "/merge_requests/5", "source_project_id", "7"},
	"the head of one from a fork":    {"admin", engine + "/merge_requests/5", "sha", strings.Repeat("4", 40)},
	"the changes of one from a fork": {"admin", engine + "/merge_requests/5/diffs", "1.new_path", "notes.txt"},
	"merging one from a fork":        {"admin", engine + "/merge_requests/5", "merge_status", "can_be_merged"},

	"merge_train_car.id":            {"admin", carPath, "id", "61"},
	"merge_train_car.status":        {"admin", carPath, "status", "merged"},
	"merge_train_car.user":          {"admin", carPath, "user.username", "cy"},
	"merge_train_car.user left out": {"admin", trains, "0.user.username", "cy"},
	"merge_train_car.created_at":    {"admin", carPath, "created_at", "2022-03-01T00:00:00.000Z"},
	"merge_train_car.updated_at":    {"admin", carPath, "updated_at", "2022-03-02T00:00:00.000Z"},
	"merge_train_car.merged_at":     {"admin", carPath, "duration", "70"},
	"a merge request on a train": {
		"admin", engine + "/merge_requests/5", "merge_when_pipeline_succeeds",
		"true",
	},
	"when a train has merged": {
		"admin", engine + "/merge_requests/2", "merged_at",
		"2022-03-01T00:01:10.000Z",
	},
	"merge_requests.milestone":                  {"admin", topic, "milestone.id", "51"},
	"merge_requests.labels":                     {"admin", topic, "labels", "[green red]"},
	"merge_requests.sha":                        {"admin", topic, "sha", strings.Repeat("2", 40)},
	"merge_requests.force_remove_source_branch": {"admin", topic, "force_remove_source_branch", "true"},
	"merge_requests.created_at":                 {"admin", topic, "created_at", "2022-03-01T00:00:00.000Z"},
	"merge_requests.state closed":               {"admin", engine + "/merge_requests/1", "state", "closed"},
	"merge_requests.state merged":               {"admin", engine + "/merge_requests/2", "state", "merged"},
	"responses, the highest id counts":          {"admin", topic + "/status_checks", "0.status", "passed"},
	"responses.sha, of an older head":           {"admin", topic + "/status_checks", "1.status", "pending"},
	"settings.only_allow_merge_if_all_status_checks_passed": {
		"admin", engine + "/merge_requests/4",
		"detailed_merge_status", "not_approved",
	},
}

func TestSeed_everyKeyHasItsEffect(t *testing.T) {
	t.Parallel()
	h := seeded(t, everything)
	assert.Equal(t, h.raw("GET", "/-/mock/writing", "").want(http.StatusOK).text("message"), "Back at ten")
	h.raw("PUT", "/-/mock/writing", `{"mode":"allowed"}`).want(http.StatusOK)
	for name, test := range seedEffects {
		t.Run(name, func(t *testing.T) {
			got := h.do(test.as, "GET", test.path, nil).want(http.StatusOK)
			assert.Equal(t, got.text(test.value), test.want, "%s", got.body)
		})
	}
	t.Run("refusals", func(t *testing.T) {
		h.do("gone", "GET", "/user", nil).want(http.StatusUnauthorized)
		h.do("late", "GET", "/user", nil).want(http.StatusUnauthorized)
		h.do("bob", "GET", "/user", nil).want(http.StatusForbidden)
		h.do("reads", "PUT", topic, map[string]string{"title": "No"}).want(http.StatusForbidden)
		h.do("admin", "GET", engine+"/repository/files/old.txt?ref=topic", nil).want(http.StatusNotFound)
		h.do("admin", "GET", engine+"/members/1", nil).want(http.StatusNotFound) // the creator is not a member
		h.do("admin", "GET", "/projects/5/external_status_checks", nil).want(http.StatusUnauthorized)
	})
	t.Run("merging needs the commit", func(t *testing.T) {
		h.view(func(tx *gitlab.Tx) {
			tools, _ := tx.NamespaceByPath("tools")
			deep, _ := tx.NamespaceByPath("tools/deep")
			assert.Equal(t, tx.Settings().SHARequirement, gitlab.SHARequirement{Required: gitlab.Yes, Locked: true})
			assert.Equal(t, tools.SHARequirement, gitlab.SHARequirement{Required: gitlab.No, Locked: true})
			assert.Equal(t, deep.SHARequirement, gitlab.SHARequirement{})
		})
	})
	t.Run("outbound requests are denied", func(t *testing.T) {
		h.do("admin", "PUT", topic, map[string]string{"title": "Out"}).want(http.StatusOK)
		h.deliver()
		for _, d := range h.deliveries() {
			assert.Equal(t, string(d.State), "blocked")
		}
	})
}

// The seed above has every key that exists, but for rows, which an export writes: TestExport_roundTrips tries those.
func TestSeed_everyKeyIsTried(t *testing.T) {
	t.Parallel()
	var walk func(reflect.Type)
	walk = func(v reflect.Type) {
		switch v.Kind() {
		case reflect.Pointer, reflect.Slice:
			walk(v.Elem())
		case reflect.Struct:
			for i := range v.NumField() {
				if key := v.Field(i).Tag.Get("yaml"); key != "" && key != "rows" {
					assert.Assert(t, strings.Contains(everything, key+":"), "no seed of this test has %s", key)
					walk(v.Field(i).Type)
				}
			}
		}
	}
	walk(reflect.TypeFor[seed.Document]())
}

// The effects of these keys are not visible in entities, only in what happens.
func TestSeed_keysThatShowInWhatHappens(t *testing.T) {
	t.Parallel()
	const world = `
%s
users:
  - {username: root, admin: true, tokens: [{secret: glpat-admin}]}
  - {username: dev, tokens: [{secret: glpat-dev}]}
projects:
  - path: root/x
    %s
    members: [{user: dev, access_level: developer}, {user: root, access_level: owner}]
    branches: [{name: main, commits: [{message: One}]}, {name: topic, from: main, commits: [{message: Two, files: {f: f}}]}]
    external_status_checks: [{name: A, external_url: "http://127.0.0.1:1"}]
    merge_requests: [{source_branch: topic, target_branch: main, title: T, author: dev, approved_by: [root], labels: [red]}]
`
	approve := func(h *harness) string {
		return fmt.Sprint(h.do("dev", "POST", "/projects/1/merge_requests/1/approve", nil).status)
	}
	comment := func(h *harness) string {
		return fmt.Sprint(h.do("dev", "POST", "/projects/1/merge_requests/1/notes", map[string]string{"body": "x"}).
			status)
	}
	push := func(h *harness) string {
		h.do("dev", "POST", "/projects/1/repository/commits", map[string]any{
			"branch": "topic", "commit_message": "m",
			"actions": []any{map[string]string{"action": "create", "file_path": "g"}},
		}).want(http.StatusCreated)
		return h.do("dev", "GET", "/projects/1/merge_requests/1/approvals", nil).text("approved_by")
	}
	list := func(h *harness) string {
		return fmt.Sprint(h.do("admin", "GET", "/projects/1/external_status_checks", nil).status)
	}
	send := func(h *harness) string {
		h.do("dev", "PUT", "/projects/1/merge_requests/1", map[string]string{"title": "U"}).want(http.StatusOK)
		h.deliver()
		return string(h.soleDelivery().State)
	}
	label := func(h *harness) string {
		send(h)
		return fmt.Sprint(strings.Contains(string(h.soleDelivery().Body.Bytes()), `"labels":[{"id":1,"title":"red"`))
	}
	tests := map[string]struct {
		top, project  string
		do            func(*harness) string
		with, without string
	}{
		"merge_requests_author_approval": {
			"", "settings: {merge_requests_author_approval: true}", approve, "201",
			"401",
		},
		"reset_approvals_on_push":  {"", "settings: {reset_approvals_on_push: true}", push, "[]", ""},
		"licensed":                 {"licensed: false", "", list, "401", "200"},
		"licensed, of the project": {"", "licensed: false", list, "401", "200"},
		"block_local_requests":     {"settings: {block_local_requests: true}", "", send, "blocked", "queued"},
		"deny_outbound":            {"settings: {deny_outbound: true}", "", send, "blocked", "queued"},
		"writing":                  {"settings: {writing: read_only}", "", comment, "403", "201"},
		"labels":                   {"", "", label, "true", "true"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.do(seeded(t, fmt.Sprintf(world, test.top, test.project))), test.with)
			without := test.do(seeded(t, fmt.Sprintf(world, "", "")))
			assert.Assert(t, without == test.without || (test.without == "" && without != test.with), without)
		})
	}
}

// An item without an id, or with the id 0, gets an id above all given ones.
func TestSeed_givesIDsToItemsWithoutOne(t *testing.T) {
	t.Parallel()
	h := seeded(t, `
users: [{username: ada, tokens: [{secret: glpat-a}, {id: 3, secret: glpat-b}]}, {id: 5, username: root, admin: true, tokens: [{secret: glpat-admin}]}]
projects:
  - path: ada/one
    branches: [{name: main, commits: [{message: One}]}, {name: topic, from: main, commits: [{message: Two}]}]
    external_status_checks: [{name: A, external_url: "https://a.example.com"}, {id: 8, name: B, external_url: "https://b.example.com"}]
    merge_requests: [{source_branch: topic, target_branch: main, title: T, author: ada}]
`)
	assert.Equal(t, h.do("admin", "GET", "/personal_access_tokens/self", nil).text("id"), "5")
	assert.Equal(t, h.do("a", "GET", "/personal_access_tokens/self", nil).text("id"), "4")
	assert.Equal(t, h.do("a", "GET", "/user", nil).text("id"), "6")
	assert.DeepEqual(t, h.do("admin", "GET", "/projects/1/external_status_checks", nil).column("id"),
		[]string{"8", "9"})
	assert.Equal(t, h.do("admin", "GET", "/projects/1/merge_requests/1", nil).text("id"), "1")
	created := h.do("admin", "POST", "/projects/1/external_status_checks",
		map[string]string{"name": "C", "external_url": "https://c.example.com"})
	assert.Equal(t, created.text("id"), "10", "numbers go on from there")
}

// If ids are given, the order of a seed makes no difference to responses.
func TestSeed_anyOrderIsTheSame(t *testing.T) {
	t.Parallel()
	s, err := seed.Parse("seed.yaml", []byte(everything))
	assert.NilError(t, err)
	want := wireOf(t, s)
	random := rand.New(rand.NewPCG(1, 2))
	for range 10 {
		shuffle(random, s.Users)
		shuffle(random, s.Groups)
		shuffle(random, s.Projects)
		for i := range s.Projects {
			p := &s.Projects[i]
			shuffle(random, p.Members)
			shuffle(random, p.Branches)
			shuffle(random, p.ProtectedBranches)
			shuffle(random, p.ExternalStatusChecks)
			shuffle(random, p.MergeRequests)
			for j := range p.MergeRequests {
				shuffle(random, p.MergeRequests[j].Responses)
			}
		}
		for i := range s.Users {
			shuffle(random, s.Users[i].Tokens)
		}
		assert.DeepEqual(t, wireOf(t, s), want)
	}
}

func shuffle[T any](random *rand.Rand, list []T) {
	random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

// wireOf returns the responses that show a world.
func wireOf(t *testing.T, s seed.Document) []string {
	t.Helper()
	for i := range s.Users { // names that depend on the place in the list are not compared
		s.Users[i].Tokens = slices.Clone(s.Users[i].Tokens)
		for j := range s.Users[i].Tokens {
			s.Users[i].Tokens[j].Name = "token"
			if s.Users[i].CreatedAt.IsZero() {
				s.Users[i].CreatedAt = time.Unix(0, 0)
			}
		}
	}
	h := newHarness(t, func(o *mockserver.Options) { o.Seed = &s })
	var wire []string
	for _, path := range []string{
		"/users", "/groups", "/namespaces", "/projects", "/projects/6/external_status_checks",
		"/projects/6/protected_branches",
		"/projects/6/members/all", "/projects/6/merge_requests?state=all", "/projects/6/merge_requests/4/status_checks",
		"/projects/6/repository/branches", "/projects/5/repository/branches",
	} {
		wire = append(wire, string(h.do("admin", "GET", path, nil).want(http.StatusOK).body))
	}
	return append(wire, string(h.raw("GET", "/-/mock/state", "").body))
}

func TestSeed_asValueIsCheckedToo(t *testing.T) {
	t.Parallel()
	_, err := mockserver.New(mockserver.Options{Seed: &seed.Document{
		Users:    []seed.User{{Username: "ada"}, {Username: "Ada"}},
		Projects: []seed.Project{{Path: "bob/x"}},
	}})
	assert.Error(t, err, `seed: users[1].username: the path "ada" is there already, as users[0].username
seed: users[1].email: the email address "ada@example.com" is there already, as users[0].email
seed: projects[0].path: there is no group or user "bob" in the seed
3 problems in seed`)
}

func TestSeed_Tokens(t *testing.T) {
	t.Parallel()
	var roles []string
	for _, token := range seed.Default().Tokens() {
		roles = append(roles, token.Role+" "+token.Username+" "+token.Secret)
	}
	assert.DeepEqual(t, roles, []string{
		"admin root glpat-admin", "owner owner glpat-owner", "maintainer maintainer glpat-maintainer",
		"developer developer glpat-developer",
		"reporter reporter glpat-reporter", "planner planner glpat-planner", "guest guest glpat-guest",
		"none stranger glpat-stranger",
	})
	s, err := seed.Parse("seed.yaml", []byte(everything))
	assert.NilError(t, err)
	var secrets []string
	for _, token := range s.Tokens() {
		secrets = append(secrets, token.Role+" "+token.Secret)
	}
	assert.DeepEqual(t, secrets, []string{
		"admin glpat-admin", "developer glpat-ada", "developer glpat-reads",
		"developer glpat-late", "reporter glpat-cy",
	})
}

// The default world is that of the documentation's examples.
func TestSeed_defaultIsThatOfTheDocumentation(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	checks := h.do("maintainer", "GET", "/projects/flightjs%2FFlight/external_status_checks", nil).want(http.StatusOK)
	assert.DeepEqual(t, checks.column("id"), []string{"1", "2"})
	assert.DeepEqual(t, checks.column("name"), []string{"Compliance Tool", "Service 1"})
	assert.DeepEqual(t, checks.column("external_url"), []string{
		"https://checks.example/compliance-tool",
		"https://checks.example/test-endpoint",
	})
	assert.DeepEqual(t, checks.column("hmac"), []string{"true", "false"})
	assert.Equal(t, checks.text("0.protected_branches.0.id"), "14")
	assert.Equal(t, checks.text("0.protected_branches.0.name"), "main")
	statuses := h.do("developer", "GET", mergeRequestPath+"/status_checks", nil).want(http.StatusOK)
	assert.DeepEqual(t, statuses.column("status"), []string{"pending", "passed"})
	mr := h.do("developer", "GET", mergeRequestPath, nil).want(http.StatusOK)
	for path, want := range map[string]string{
		"id": "144", "title": "Update README.md", "source_branch": "root-main-patch-30152", "target_branch": "main",
		"author.username": "root",
		"sha":             "141be9714669a4c1ccaa013c6a7f3e462ff2a40f", "state": "opened",
		"detailed_merge_status": "mergeable",
		"changes_count":         "1",
		"created_at":            "2022-12-07T07:53:43.000Z",
		"web_url":               "http://example.com/flightjs/Flight/-/merge_requests/4",
	} {
		assert.Equal(t, mr.text(path), want, path)
	}
	h.do("stranger", "GET", "/projects/6", nil).want(http.StatusNotFound)
	// The administrator is not a member.
	h.do("admin", "POST", mergeRequestPath+"/status_check_responses", pendingResponse).want(http.StatusForbidden)
}
