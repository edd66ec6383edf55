package openapi

import (
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

func TestExamples(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]*Document{"gitlab": GitLab().At(Reference), "control": Control()} {
		root, err := d.root2()
		if err != nil {
			t.Fatal(err)
		}
		checkExamples(t, d, name, root)
	}
}

func (d *Document) root2() (*node, error) {
	text, err := d.JSON()
	if err != nil {
		return nil, err
	}
	return parseJSON(text)
}

func checkExamples(t *testing.T, d *Document, place string, n *node) {
	t.Helper()
	if schema := n.get("schema"); schema != nil {
		check := func(place string, value *node) {
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
			checkExamples(t, d, place+"/"+m.name, m.value)
		}
	}
	for _, item := range n.items {
		checkExamples(t, d, place+"/-", item)
	}
}
