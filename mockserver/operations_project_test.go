package mockserver_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

func unlicensed(h *harness) {
	h.update(func(tx *gitlab.Tx) error {
		settings := tx.Settings()
		settings.Licensed = false
		tx.SetSettings(settings)
		return nil
	})
}

func TestProjects_refusals(t *testing.T) {
	t.Parallel()
	set := func(name string, value any) map[string]any { return map[string]any{name: value} }
	const namespaceInvalid = `{"message":{"namespace":["is not valid"]}}`
	runExchanges(t, []exchangeCase{
		{
			name: "a private project without token", method: "GET", path: "/projects/6", status: 404,
			want: projectMissing,
		},
		{
			name: "create without token", method: "POST", path: "/projects", body: set("name", "x"), status: 401,
			want: unauthorized,
		},
		{
			name: "create with neither name nor path", as: "owner", method: "POST", path: "/projects", body: "{}",
			status: 400, want: `{"error":"name, path are missing, at least one parameter must be provided"}`,
		},
		{
			name: "create a taken one", as: "owner", method: "POST", path: "/projects",
			body: map[string]any{"name": "Flight", "path": "flight", "namespace_id": 9}, status: 400,
			want: `{"message":{"name":["has already been taken"],"path":["has already been taken"],` +
				`"project_namespace.name":["has already been taken"]}}`,
		},
		{
			name: "create with a taken path", as: "owner", method: "POST", path: "/projects",
			body: map[string]any{"path": "FLIGHT", "namespace_id": 9}, status: 400,
			want: `{"message":{"path":["has already been taken"]}}`,
		},
		{
			name: "create in a group of others", as: "stranger", method: "POST", path: "/projects",
			body: map[string]any{"name": "x", "namespace_id": 9}, status: 400, want: namespaceInvalid,
		},
		{
			name: "create in no namespace", as: "owner", method: "POST", path: "/projects",
			body: map[string]any{"name": "x", "namespace_id": 99}, status: 400, want: namespaceInvalid,
		},
		{
			name: "create more visible than the group", as: "owner", method: "POST", path: "/projects",
			body: map[string]any{"name": "x", "namespace_id": 9, "visibility": "public"}, status: 400,
			want: `{"message":{"visibility_level":["public is not allowed in a private group."]}}`,
		},
		{
			name: "create with a bad path", as: "owner", method: "POST", path: "/projects",
			body: map[string]any{"name": "x", "path": "-x"}, status: 400,
		},
		{
			name: "create with a bad name", as: "owner", method: "POST", path: "/projects", body: set("name", "<x>"),
			status: 400,
		},
		{
			name: "create with an unknown visibility", as: "owner", method: "POST", path: "/projects",
			body: map[string]any{"name": "x", "visibility": "secret"}, status: 400,
			want: `{"error":"visibility does not have a valid value"}`,
		},
		{
			name: "edit as Developer", as: "developer", method: "PUT", path: "/projects/6",
			body: set("only_allow_merge_if_all_status_checks_passed", true), status: 403, want: forbidden,
		},
		{
			name: "edit as a stranger", as: "stranger", method: "PUT", path: "/projects/6",
			body:   set("description", "x"),
			status: 404, want: projectMissing,
		},
		{
			name: "edit the visibility as Maintainer", as: "maintainer", method: "PUT", path: "/projects/6",
			body: set("visibility", "public"), status: 403, want: forbidden,
		},
		{
			name: "edit to a branch that is not there", as: "maintainer", method: "PUT", path: "/projects/6",
			body: set("default_branch", "gone"), status: 400, want: `{"message":{"base":["Could not change HEAD: ` +
				`branch 'gone' does not exist"]}}`,
		},
		{
			name: "edit to a blank name", as: "maintainer", method: "PUT", path: "/projects/6", body: set("name", ""),
			status: 400, want: `{"message":{"name":["can't be blank"]}}`,
		},
		{
			name: "delete as Maintainer", as: "maintainer", method: "DELETE", path: "/projects/6", status: 403,
			want: forbidden,
		},
		{
			name: "remove without the first step", as: "owner", method: "DELETE",
			path: "/projects/6?permanently_remove=true&full_path=flightjs/Flight", status: 400,
			want: `{"message":"Project must be marked for deletion first."}`,
		},
		{
			name: "remove where nobody may", as: "owner", method: "DELETE",
			path: "/projects/6?permanently_remove=true&full_path=flightjs/Flight", status: 400,
			want: "{\"message\":\"`permanently_remove` option is not permitted on this instance.\"}",
			arrange: func(h *harness) {
				h.update(func(tx *gitlab.Tx) error {
					settings := tx.Settings()
					settings.DenyImmediateDeletion = true
					tx.SetSettings(settings)
					return nil
				})
			},
		},
		{
			name: "restore what is not marked", as: "owner", method: "POST", path: "/projects/6/restore", status: 400,
			want: `{"message":"Project has not been marked for deletion"}`,
		},
		{
			name: "archive as Maintainer", as: "maintainer", method: "POST", path: "/projects/6/archive", status: 403,
			want: forbidden,
		},
		{
			name: "unarchive what is not archived", as: "owner", method: "POST", path: "/projects/6/unarchive",
			status: 422, want: `{"message":"Project is not archived!"}`,
		},
	})
}

func TestProject_isMade(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	empty := h.do("stranger", "POST", "/projects", map[string]any{"name": "My Probe"}).want(201)
	assert.Equal(t, empty.text("path_with_namespace"), "stranger/my-probe")
	assert.Equal(t, empty.text("default_branch"), "<nil>")
	assert.Equal(t, empty.text("empty_repo"), "true")
	assert.Equal(t, empty.text("visibility"), "private")
	assert.Equal(t, empty.text("owner.username"), "stranger")
	assert.Equal(t, empty.text("permissions.project_access.access_level"), "50")
	full := h.do("stranger", "POST", "/projects", map[string]any{
		"path": "probe", "initialize_with_readme": true, "default_branch": "trunk", "visibility": "public",
		"topics": []string{"go", "test"},
		"only_allow_merge_if_all_status_checks_passed": true, "wiki_access_level": "disabled", "merge_method": "ff",
	}).want(201)
	assert.Equal(t, full.text("name"), "probe")
	assert.Equal(t, full.text("default_branch"), "trunk")
	assert.Equal(t, full.text("only_allow_merge_if_all_status_checks_passed"), "true")
	assert.Equal(t, full.text("wiki_enabled"), "false")
	assert.Equal(t, full.text("merge_method"), "ff")
	assert.Equal(t, full.text("topics.1"), "test")
	id := full.text("id")
	assert.DeepEqual(t, h.do("stranger", "GET", "/projects/"+id+"/protected_branches", nil).want(200).column("name"),
		[]string{"trunk"})
	anonymous := h.do("", "GET", "/projects/stranger%2Fprobe", nil).want(200)
	assert.Equal(t, anonymous.text("readme_url"), "http://example.com/stranger/probe/-/blob/trunk/README.md")
	assert.Equal(t, anonymous.get("archived"), nil, "callers without an account see a few keys only")
}

func TestProject_showsMoreToThoseWhoCanDoMore(t *testing.T) {
	t.Parallel()
	keys := []string{
		"readme_url", "forks_count", "service_desk_address", "import_url", "import_type", "import_error",
		"ci_default_git_depth", "build_git_strategy", "ci_config_path", "ci_restrict_pipeline_cancellation_role",
	}
	for as, want := range map[string]string{
		"guest":    "",
		"planner":  "readme_url forks_count service_desk_address ci_config_path",
		"reporter": "readme_url forks_count service_desk_address ci_config_path",
		"maintainer": "readme_url forks_count service_desk_address import_url import_type import_error " +
			"ci_default_git_depth build_git_strategy ci_config_path ci_restrict_pipeline_cancellation_role",
	} {
		h := newHarness(t)
		assert.Equal(t, hasKeys(as, "/projects/6", "", keys...)(h), want, as)
		assert.Equal(t, hasKeys(as, "/projects?simple=true", "0", "readme_url")(h) != "", want != "", as)
	}
}

func TestProject_tellsWhetherTheViewerCanUseAFeature(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	project := "/projects/" + h.do("owner", "POST", "/projects", map[string]any{
		"name": "Probe", "visibility": "internal", "wiki_access_level": "disabled",
		"issues_access_level": "private", "merge_requests_access_level": "private",
	}).want(201).text("id")
	for name, level := range map[string]int{"guest": 10, "reporter": 20} {
		h.do("owner", "POST", project+"/members", map[string]any{"username": name, "access_level": level}).want(201)
	}
	keys := []string{
		"issues_enabled", "merge_requests_enabled", "wiki_enabled", "jobs_enabled", "security_and_compliance_enabled",
	}
	for as, want := range map[string]string{
		"stranger": "false false false true false",
		"guest":    "true false false true true",
		"reporter": "true true false true true",
		"admin":    "true true false true true",
	} {
		r := h.do(as, "GET", project, nil).want(200)
		var got []string
		for _, key := range keys {
			got = append(got, r.text(key))
		}
		assert.Equal(t, strings.Join(got, " "), want, as)
		assert.Equal(t, r.get("open_issues_count") != nil, got[0] == "true", as)
		assert.Equal(t, r.text("issues_access_level"), "private", "all viewers see the level")
	}
}

// Who uses a project's merge requests is a setting. Those who may not use them still see status checks where GitLab
// asks for an ability that does not hang on them.
func TestProject_offersMergeRequestsToSome(t *testing.T) {
	t.Parallel()
	const mr = "/projects/6/merge_requests/4"
	response := map[string]any{"external_status_check_id": 1, "sha": headSHA, "status": "passed"}
	for _, step := range []struct {
		level, as string
		want      []int // of the merge requests, one of them, a change of it, its checks, and a response
	}{
		{"enabled", "developer", []int{200, 200, 200, 200, 201}},
		{"private", "developer", []int{200, 200, 200, 200, 201}},
		{"private", "planner", []int{403, 403, 403, 403, 403}},
		{"disabled", "developer", []int{403, 403, 403, 200, 403}},
		{"disabled", "admin", []int{403, 403, 403, 200, 403}},
	} {
		h := newHarness(t)
		h.do("owner", "PUT", "/projects/6", map[string]any{"merge_requests_access_level": step.level}).want(200)
		got := []int{
			h.do(step.as, "GET", "/projects/6/merge_requests", nil).status,
			h.do(step.as, "GET", mr, nil).status,
			h.do(step.as, "PUT", mr, map[string]any{"title": "Another"}).status,
			h.do(step.as, "GET", mr+"/status_checks", nil).status,
			h.do(step.as, "POST", mr+"/status_check_responses", response).status,
		}
		assert.DeepEqual(t, got, step.want)
	}
}

// The attribute is shown only with the licence. Without the licence setting it has no effect, and GitLab reports no
// error.
func TestProject_showsTheMergeGateIfLicensed(t *testing.T) {
	t.Parallel()
	const gate = "only_allow_merge_if_all_status_checks_passed"
	h := newHarness(t)
	assert.Equal(t, h.do("guest", "GET", "/projects/6", nil).want(200).text(gate), "false")
	unlicensed(h)
	assert.Equal(t, h.do("owner", "PUT", "/projects/6", map[string]any{gate: true}).want(200).get(gate), nil)
	h.update(func(tx *gitlab.Tx) error { tx.SetSettings(gitlab.Settings{Licensed: true}); return nil })
	assert.Equal(t, h.do("owner", "GET", "/projects/6", nil).want(200).text(gate), "false")
	assert.Equal(t, h.do("maintainer", "PUT", "/projects/6", map[string]any{gate: true}).want(200).text(gate), "true")
}

func TestProject_isEdited(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	r := h.do("owner", "PUT", "/projects/6", map[string]any{
		"name": "Flight 2", "path": "flight-2", "description": "New & shiny", "default_branch": "root-main-patch-30152",
		"approvals_before_merge":                2,
		"only_allow_merge_if_pipeline_succeeds": true, "only_allow_merge_if_all_discussions_are_resolved": true,
		"squash_option":                    "always",
		"remove_source_branch_after_merge": false, "allow_merge_on_skipped_pipeline": true, "build_timeout": 60,
		"ci_config_path": "ci.yml",
	}).want(200)
	for path, want := range map[string]string{
		"path_with_namespace": "flightjs/flight-2", "name_with_namespace": "Flightjs / Flight 2",
		"default_branch":         "root-main-patch-30152",
		"description_html":       `<p data-sourcepos="1:1-1:11" dir="auto">New &amp; shiny</p>`,
		"approvals_before_merge": "2", "squash_option": "always",
		"only_allow_merge_if_pipeline_succeeds": "true", "only_allow_merge_if_all_discussions_are_resolved": "true",
		"allow_merge_on_skipped_pipeline": "true", "build_timeout": "60", "ci_config_path": "ci.yml",
		"ssh_url_to_repo": "git@example.com:flightjs/flight-2.git",
	} {
		assert.Equal(t, r.text(path), want, path)
	}
	moved := h.do("owner", "GET", "/projects/flightjs%2FFlight", nil).want(301)
	assert.Equal(t, moved.header.Get("Location"), "http://example.com/api/v4/projects/flightjs%2Fflight-2")
}

func TestProject_isDeletedInTwoSteps(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("owner", "DELETE", "/projects/6", nil).wantBody(202, `{"message":"202 Accepted"}`)
	marked := h.do("owner", "GET", "/projects/6", nil).want(200)
	assert.Equal(t, marked.text("path_with_namespace"), "flightjs/Flight-deletion_scheduled-6")
	assert.Equal(t, marked.text("name"), "Flight-deletion_scheduled-6")
	assert.Equal(t, marked.text("archived"), "true")
	assert.Equal(t, marked.text("marked_for_deletion_on"), "2026-02-03")
	h.do("owner", "DELETE", "/projects/6", nil).wantBody(400, `{"message":"Project has been already marked for `+
		`deletion"}`)
	h.do("owner", "POST", "/projects/6/unarchive", nil).wantBody(422, `{"message":"Cannot unarchive project since `+
		`it is scheduled for deletion."}`)
	h.do("owner", "DELETE", "/projects/6?permanently_remove=true&full_path=flightjs/Flight", nil).
		wantBody(400, "{\"message\":\"`full_path` is incorrect. You must enter the complete path for the project.\"}")
	h.do("owner", "DELETE", "/projects/6", map[string]any{
		"permanently_remove": true,
		"full_path":          "flightjs/Flight-deletion_scheduled-6",
	}).want(202)
	h.do("owner", "GET", "/projects/6", nil).wantBody(404, projectMissing)
}

func TestProject_isRestored(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("owner", "DELETE", "/projects/6", nil).want(202)
	restored := h.do("owner", "POST", "/projects/6/restore", nil).want(201)
	assert.Equal(t, restored.text("path_with_namespace"), "flightjs/Flight")
	assert.Equal(t, restored.text("archived"), "false")
	h.clock.advance(40 * 24 * time.Hour)
	h.do("owner", "GET", "/projects/6", nil).want(200)
	h.do("owner", "DELETE", "/projects/6", nil).want(202)
	h.clock.advance(29 * 24 * time.Hour)
	h.do("owner", "GET", "/projects/6", nil).want(200)
	h.clock.advance(24 * time.Hour)
	h.do("owner", "GET", "/projects/6", nil).wantBody(404, projectMissing)
}

func TestProject_deletionIsConditional(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	r := h.request("owner", "DELETE", "/projects/6", nil)
	r.Header.Set("If-Unmodified-Since", "2020-01-01")
	h.send(r).wantBody(412, `{"message":"412 Precondition Failed"}`)
}

func TestProject_isArchived(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	assert.Equal(t, h.do("owner", "POST", "/projects/6/archive", nil).want(201).text("archived"), "true")
	h.do("owner", "POST", "/projects/6/archive", nil).wantBody(422, `{"message":"Project is already archived!"}`)
	h.do("developer", "PUT", "/projects/6/merge_requests/4", map[string]any{"title": "x"}).wantBody(403, forbidden)
	assert.Equal(t, h.do("owner", "POST", "/projects/6/unarchive", nil).want(201).text("archived"), "false")
}

func TestListProjects_filters(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.clock.advance(time.Hour)
	h.do("stranger", "POST", "/projects", map[string]any{"name": "Open", "visibility": "public"}).want(201)
	h.clock.advance(time.Hour)
	h.do("stranger", "POST", "/projects", map[string]any{"name": "inner", "visibility": "internal"}).want(201)
	inner := "/projects/stranger%2Finner"
	h.do("stranger", "POST", inner+"/archive", nil).want(201)
	for _, tc := range []struct {
		as, query string
		want      []string
	}{
		{"", "", []string{"Open"}},
		{"guest", "", []string{"inner", "Open", "Flight"}},
		{"guest", "archived=false", []string{"Open", "Flight"}},
		{"guest", "membership=true", []string{"Flight"}},
		{"guest", "membership=true&min_access_level=20", []string{}},
		{"owner", "owned=true", []string{"Flight"}},
		{"admin", "order_by=name&sort=asc", []string{"Flight", "inner", "Open"}},
		{"admin", "order_by=id&sort=asc&per_page=1", []string{"Flight"}},
		{"admin", "visibility=internal", []string{"inner"}},
		{"admin", "search=PE", []string{"Open"}},
		{"admin", "search=stranger", []string{}},
		{"admin", "search=stranger&search_namespaces=true", []string{"inner", "Open"}},
		{"admin", "starred=true", []string{}},
	} {
		got := h.do(tc.as, "GET", "/projects?"+tc.query, nil).want(200).column("name")
		assert.Check(t, cmp.Equal(got, tc.want), "%s as %q: %s", tc.query, tc.as, cmp.Diff(tc.want, got))
	}
	assert.Equal(t, h.do("admin", "GET", "/projects?simple=true", nil).want(200).get("0.archived"), nil)
}

// External users make projects in groups alone.
func TestCreateProject_byAnExternalUser(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.update(func(tx *gitlab.Tx) error {
		u, err := tx.RegisterUser(gitlab.User{
			Username: "outside", Name: "Outside", Email: "outside@example.com", External: true,
		})
		if err != nil {
			return err
		}
		tx.CreateToken(gitlab.Token{UserID: u.ID, Scopes: []string{"api"}}, "glpat-outside")
		return nil
	})
	made := h.raw("POST", "/api/v4/projects?private_token=glpat-outside&name=mine", "")
	made.wantBody(403, `{"error":["You cannot create projects in your personal namespace. Contact your GitLab `+
		`administrator."]}`)
	h.raw("POST", "/api/v4/projects/6/fork?private_token=glpat-outside", "").want(404)
	self := h.raw("GET", "/api/v4/user?private_token=glpat-outside", "").want(200)
	assert.Equal(t, self.text("projects_limit")+" "+self.text("can_create_project"), "0 false")
}
