package openapi_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

// TestOperation_Outline checks the outline of every operation: it has all components that something in it refers to,
// all schemas that stand for others are known, and what their schemas refer to is found.
func TestOperation_Outline(t *testing.T) {
	t.Parallel()
	for _, d := range []*openapi.Document{openapi.GitLab().At(release.Reference), openapi.Control()} {
		for _, o := range d.Operations() {
			outline, err := o.Outline()
			assert.NilError(t, err)
			written := readContents(t, outline.Text)
			wants := map[string]bool{}
			references(written, o.Path, strings.ToLower(o.Method), wants)
			has := map[string]bool{}
			for kind, named := range written.Components {
				for name := range named {
					has["#/components/"+kind+"/"+name] = true
				}
			}
			assert.DeepEqual(t, has, wants)
			stand := map[string]bool{}
			standing(written, stand)
			assert.DeepEqual(t, slices.Sorted(maps.Keys(stand)), slices.Sorted(maps.Keys(outline.Schemas)))
			for _, schema := range outline.Schemas {
				findComponents(t, d, schema, map[string]bool{})
			}
		}
	}
}

// standing collects the titles of the schemas that nothing satisfies.
func standing(value any, titles map[string]bool) {
	switch value := value.(type) {
	case contents:
		standing(value.Components, titles)
		standing(value.Paths, titles)
	case map[string]map[string]map[string]any:
		for _, one := range value {
			standing(one, titles)
		}
	case map[string]map[string]any:
		for _, one := range value {
			standing(one, titles)
		}
	case map[string]any:
		if not, has := value["not"].(map[string]any); has && len(not) == 0 {
			titles[value["title"].(string)] = true
		}
		for _, one := range value {
			standing(one, titles)
		}
	case []any:
		for _, one := range value {
			standing(one, titles)
		}
	}
}

// findComponents reads all that a schema refers to.
func findComponents(t *testing.T, d *openapi.Document, text []byte, found map[string]bool) {
	t.Helper()
	for part := range strings.SplitSeq(string(text), `"$ref":"`) {
		ref, _, _ := strings.Cut(part, `"`)
		if !strings.HasPrefix(ref, "#/") || found[ref] {
			continue
		}
		found[ref] = true
		component := d.Component(ref)
		assert.Assert(t, json.Valid(component), "%s: %s", ref, component)
		findComponents(t, d, component, found)
	}
}

// TestOperation_Outline_titles holds that an outline tells what differs only below it: releases whose schemas differ
// have other outlines, those whose schemas are the same have the same.
func TestOperation_Outline_titles(t *testing.T) {
	t.Parallel()
	of := func(v release.Version) string {
		outline, err := openapi.GitLab().At(v).Operation("listExternalStatusChecks").Outline()
		assert.NilError(t, err)
		return string(outline.Text)
	}
	assert.Equal(t, of(release.Of(18, 5)), of(release.Of(18, 6)))
	assert.Assert(t, of(release.Of(18, 9)) != of(release.Of(14, 0))) // which shows no secrets
	assert.Assert(t, openapi.GitLab().Component("#/components/schemas/NoSuchSchema") == nil)
}
