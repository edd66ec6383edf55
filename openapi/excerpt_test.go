package openapi_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/goccy/go-yaml"

	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

// contents are the parts of a document, by name.
type contents struct {
	Paths      map[string]map[string]map[string]any
	Components map[string]map[string]any
}

func readContents(t *testing.T, text []byte) contents {
	t.Helper()
	var written struct {
		Paths      map[string]map[string]any
		Components map[string]map[string]any
	}
	assert.NilError(t, yaml.Unmarshal(text, &written))
	c := contents{Paths: map[string]map[string]map[string]any{}, Components: written.Components}
	for path, item := range written.Paths {
		c.Paths[path] = map[string]map[string]any{}
		for method, operation := range item {
			if o, is := operation.(map[string]any); is { // not the servers of a path
				c.Paths[path][method] = o
			}
		}
	}
	return c
}

// TestOperation_Excerpt checks the excerpt of every operation in two releases. It must have the operation as in its
// release, all components that something in the excerpt refers to, and no others.
func TestOperation_Excerpt(t *testing.T) {
	t.Parallel()
	for _, v := range []release.Version{release.Oldest, release.Reference} {
		document := openapi.GitLab().At(v)
		text, err := document.YAML()
		assert.NilError(t, err)
		whole := readContents(t, text)
		for _, o := range document.Operations() {
			text, err := o.Excerpt()
			assert.NilError(t, err)
			excerpt := readContents(t, text)
			method := strings.ToLower(o.Method)
			assert.DeepEqual(t, excerpt.Paths,
				map[string]map[string]map[string]any{o.Path: {method: whole.Paths[o.Path][method]}})
			var has []string
			for kind, named := range excerpt.Components {
				for name := range named {
					has = append(has, "#/components/"+kind+"/"+name)
				}
			}
			wants := map[string]bool{}
			references(excerpt, o.Path, method, wants)
			assert.DeepEqual(t, slices.Sorted(slices.Values(has)), slices.Sorted(maps.Keys(wants)))
		}
	}
}

// references collects what an operation refers to, directly or indirectly.
func references(c contents, path, method string, found map[string]bool) {
	var walk func(any)
	walk = func(value any) {
		switch value := value.(type) {
		case map[string]any:
			if ref, ok := value["$ref"].(string); ok && !found[ref] {
				found[ref] = true
				parts := strings.Split(ref, "/")
				walk(c.Components[parts[2]][parts[3]])
			}
			for _, member := range value {
				walk(member)
			}
		case []any:
			for _, item := range value {
				walk(item)
			}
		}
	}
	walk(c.Paths[path][method])
}
