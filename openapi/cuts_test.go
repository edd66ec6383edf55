package openapi

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/release"
)

// cuts are the documents of all releases, each once, by the first release that has it.
func cuts() map[release.Version]*Document {
	all, seen := map[release.Version]*Document{}, map[*Document]bool{}
	for _, v := range release.All() {
		if d := GitLab().At(v); !seen[d] {
			all[v], seen[d] = d, true
		}
	}
	return all
}

// TestCuts_areValid checks that every release's document is valid and has valid examples, and that it shows and
// mentions nothing of other releases.
func TestCuts_areValid(t *testing.T) {
	t.Parallel()
	assert.Assert(t, len(cuts()) > 20)
	for v, d := range cuts() {
		t.Run(v.String(), func(t *testing.T) {
			t.Parallel()
			text, err := d.JSON()
			assert.NilError(t, err)
			loaded, err := openapi3.NewLoader().LoadFromData(text)
			assert.NilError(t, err)
			assert.NilError(t, loaded.Validate(context.Background()))
			root, err := parseJSON(text)
			assert.NilError(t, err)
			seen := 0
			checkExamples(t, d, "cut", root, &seen)
			assert.Assert(t, seen > 30)
			assert.Equal(t, root.child("info", "version").text, v.String())
			assert.Assert(t, strings.HasPrefix(root.child("info", "title").text,
				"GitLab External Status Checks, GitLab "+v.String()))
			tellsNoHistory(t, "", root)
		})
	}
}

// TestCuts_areValidWhenPlain holds the same of the plain form of each release.
func TestCuts_areValidWhenPlain(t *testing.T) {
	t.Parallel()
	for v, d := range cuts() {
		t.Run(v.String(), func(t *testing.T) {
			t.Parallel()
			text, err := d.Write(Form{Release: v, Plain: true}, "json")
			assert.NilError(t, err)
			loaded, err := openapi3.NewLoader().LoadFromData(text)
			assert.NilError(t, err)
			assert.NilError(t, loaded.Validate(context.Background()))
		})
	}
}

var numberOfRelease = regexp.MustCompile(`\b1[4-9]\.\d`)

// tellsNoHistory searches the texts for people for releases, except the title of the document and the version in a
// User-Agent.
func tellsNoHistory(t *testing.T, place string, n *node) {
	t.Helper()
	for _, m := range n.members {
		assert.Assert(t, m.name != "x-notes", place)
		if m.value.kind == stringNode && (m.name == "description" || m.name == "summary") {
			assert.Assert(t, !numberOfRelease.MatchString(m.value.text), "%s/%s: %s", place, m.name, m.value.text)
		}
		if m.name != "example" && m.name != "value" {
			tellsNoHistory(t, place+"/"+m.name, m.value)
		}
	}
	for _, item := range n.items {
		tellsNoHistory(t, place, item)
	}
}

// TestCuts_followTheirRelease checks descriptions and examples in two releases.
func TestCuts_followTheirRelease(t *testing.T) {
	t.Parallel()
	shown := func(v release.Version, names ...string) string {
		text, err := GitLab().At(v).JSON()
		assert.NilError(t, err)
		root, err := parseJSON(text)
		assert.NilError(t, err)
		found := root.child(names...)
		if found == nil {
			return ""
		}
		return string(found.appendJSON(nil))
	}
	sample := []string{
		"components", "responses", "ExternalStatusCheckCreated", "content", "application/json",
		"examples", "sample", "value",
	}
	assert.Assert(t, !strings.Contains(shown(release.Of(17, 2), sample...), "hmac"))
	assert.Assert(t, strings.Contains(shown(release.Of(17, 3), sample...), "hmac"))
	address := []string{"components", "schemas", "StatusCheck", "properties", "external_url", "description"}
	assert.Equal(t, shown(release.Of(15, 11), address...), `"Where the external service is. It is always whole."`)
	assert.Equal(t, shown(release.Of(16, 0), address...),
		`"Where the external service is. It is cut at the first question mark for Developers, and empty for `+
			`everybody else."`)
	responses := []string{
		"paths", "/projects/{id}/merge_requests/{merge_request_iid}/status_check_responses", "post",
		"responses",
	}
	assert.Equal(t, shown(release.Of(18, 1), append(responses, "400", "content", "application/json", "examples",
		"sha")...), "")
	assert.Assert(t, shown(release.Of(18, 2), append(responses, "400", "content", "application/json", "examples",
		"sha")...) != "")
	answered := slices.Concat(responses, []string{
		"201", "content", "application/json", "examples", "sample", "value",
		"external_status_check",
	})
	assert.Assert(t, strings.Contains(shown(release.Of(19, 3), answered...), "protected_branches"))
	assert.Assert(t, !strings.Contains(shown(release.Of(19, 4), answered...), "protected_branches"))
	version := []string{
		"paths", "/version", "get", "responses", "200", "content", "application/json", "examples", "sample", "value",
		"version",
	}
	assert.Equal(t, shown(release.Of(16, 5), version...), `"16.5.0-ee"`)
	assert.Equal(t, shown(release.Oldest, "info", "title"), `"GitLab External Status Checks, GitLab 14.0 to 14.5"`)
	assert.Equal(t, shown(release.Newest, "info", "title"), `"GitLab External Status Checks, GitLab 19.4"`)
}

// TestNames_areUnique checks what code generators need, because they put all names into one namespace: ignoring case,
// no two components and no component and operation have the same name. Every component is used, and every body has one.
func TestNames_areUnique(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]*Document{"gitlab": GitLab(), "control": Control()} {
		text, err := d.JSON()
		assert.NilError(t, err)
		root, err := parseJSON(text)
		assert.NilError(t, err)
		taken := map[string]string{}
		take := func(name, what string) {
			key := strings.ToLower(name)
			assert.Assert(t, taken[key] == "", "%s and %s have one name", what, taken[key])
			taken[key] = what
		}
		used := map[string]bool{}
		markUsed(root.get("paths"), root.get("components"), used)
		for _, kind := range root.get("components").members {
			for _, m := range kind.value.members {
				take(m.name, kind.name+"/"+m.name)
				assert.Assert(t, kind.name == "securitySchemes" || used["#/components/"+kind.name+"/"+m.name],
					"%s: %s %s is not used", name, kind.name, m.name)
			}
		}
		for _, o := range d.Operations() {
			take(o.ID, "the operation "+o.ID)
			body := root.child("paths", o.Path, strings.ToLower(o.Method), "requestBody")
			for _, media := range body.get("content").all() {
				assert.Assert(t, media.value.get("schema").str("$ref") != "", "%s: the body %s has no name", o.ID,
					media.name)
			}
		}
	}
}
