package openapi

import (
	"errors"
	"fmt"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/openapi/internal/index"
)

// maxSource is the maximum size of a document's text, in bytes.
const maxSource = 8 << 20

// Load reads an OpenAPI 3.0.3 document from YAML or JSON and checks it. In addition to OpenAPI's own rules, these are
// errors: an unknown key, an operation without operationId or x-source, an operationId that is used twice, a version
// that is not quoted text, and a reference to nothing. The error contains all problems, each as "name:line:column:
// what is wrong" with the line below it.
func Load(name string, data []byte) (*Document, error) {
	problems := newProblems(name, data)
	root := parseYAML(data, problems)
	if root == nil {
		return nil, problems.err()
	}
	newChecker(root, problems).check()
	if problems.any() {
		return nil, problems.err()
	}
	text := root.appendJSON(nil)
	found, err := index.Of(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return newSource(name, data, text, found).document(nil), nil
}

// problems collects the problems of a document.
type problems struct{ *strictyaml.Problems }

func newProblems(name string, data []byte) *problems {
	return &problems{strictyaml.NewProblems(name, data)}
}

func (p *problems) any() bool { return len(p.List) > 0 }

func (p *problems) add(line, column int, format string, arguments ...any) {
	p.Add(strictyaml.Place{Line: line, Column: column}, format, arguments...)
}

func (p *problems) at(n *node, format string, arguments ...any) {
	p.add(n.line, n.column, format, arguments...)
}

// err joins the problems in the order of the text.
func (p *problems) err() error {
	if !p.any() {
		return nil
	}
	return errors.New(strictyaml.Join(p.Sorted(), " in "+p.File))
}
