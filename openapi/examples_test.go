package openapi

import (
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

// Every answer of E1 to E7 and every kind of successful answer has a sample.
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
