package openapi

import (
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/release"
)

func TestExamples(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]*Document{"gitlab": GitLab().At(release.Reference), "control": Control()} {
		text, err := d.JSON()
		assert.NilError(t, err)
		root, err := parseJSON(text)
		assert.NilError(t, err)
		seen := 0
		checkExamples(t, d, name, root, &seen)
		assert.Assert(t, seen > 30, "%s has %d examples", name, seen)
	}
}

// Every response of the status check operations, and every kind of success, has an example.
func TestAnswersHaveExamples(t *testing.T) {
	t.Parallel()
	for _, o := range GitLab().At(release.Reference).Operations()[:7] {
		n, err := parseJSON(o.raw)
		assert.NilError(t, err)
		for _, m := range n.get("responses").members {
			answer := o.document.source.resolveFully(m.value)
			if content := answer.get("content"); content != nil {
				for _, media := range content.members {
					assert.Assert(t, media.value.get("examples") != nil, "%s %s", o.ID, m.name)
				}
			}
		}
	}
}

func (s *source) resolveFully(n *node) *node {
	for n.str("$ref") != "" {
		n = s.component(n.str("$ref"))
	}
	return n
}

func checkExamples(t *testing.T, d *Document, place string, n *node, seen *int) {
	t.Helper()
	if schema := n.get("schema"); schema != nil {
		check := func(place string, value *node) {
			*seen++
			d.mu.Lock()
			built := d.schemaLocked(schema)
			d.mu.Unlock()
			for _, v := range schemaViolations(built.Value.VisitJSON(value.plain(), openapi3.MultiErrors()), "") {
				t.Errorf("%s: %s", place, v)
			}
			declaresAll(t, place, value.plain(), built.Value)
		}
		if value := n.get("example"); value != nil {
			check(place+"/example", value)
		}
		if examples := n.get("examples"); examples != nil {
			for _, m := range examples.members {
				check(place+"/examples/"+m.name, m.value.get("value"))
			}
		}
	}
	for _, m := range n.members {
		if m.name != "example" && m.name != "examples" {
			checkExamples(t, d, place+"/"+m.name, m.value, seen)
		}
	}
	for _, item := range n.items {
		checkExamples(t, d, place+"/-", item, seen)
	}
}

// declaresAll checks that an example has only the properties of its schema, unless the schema has none.
func declaresAll(t *testing.T, place string, value any, schemas ...*openapi3.Schema) {
	t.Helper()
	schemas = madeOf(schemas)
	switch v := value.(type) {
	case []any:
		var items []*openapi3.Schema
		for _, schema := range schemas {
			if schema.Items != nil {
				items = append(items, schema.Items.Value)
			}
		}
		for _, item := range v {
			declaresAll(t, place, item, items...)
		}
	case map[string]any:
		some := slices.ContainsFunc(schemas,
			func(schema *openapi3.Schema) bool { return len(schema.Properties) > 0 }) &&
			!slices.ContainsFunc(schemas,
				func(schema *openapi3.Schema) bool { return schema.AdditionalProperties.Has != nil })
		for name, inner := range v {
			var declared []*openapi3.Schema
			for _, schema := range schemas {
				if property := schema.Properties[name]; property != nil {
					declared = append(declared, property.Value)
				}
			}
			if len(declared) == 0 && some {
				t.Errorf("%s shows %s, which is not declared", place, name)
			}
			declaresAll(t, place, inner, declared...)
		}
	}
}

// madeOf returns schemas with all schemas that they consist of.
func madeOf(schemas []*openapi3.Schema) []*openapi3.Schema {
	all := slices.Clone(schemas)
	for _, schema := range schemas {
		for _, one := range slices.Concat(schema.AllOf, schema.AnyOf, schema.OneOf) {
			all = append(all, madeOf([]*openapi3.Schema{one.Value})...)
		}
	}
	return all
}
