package openapi

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// maxSource bounds a document's text, in bytes.
const maxSource = 8 << 20

// Load reads an OpenAPI 3.0.3 document from YAML or JSON and checks it before
// anything uses it. Beside what OpenAPI demands, these are errors: a key that
// is not known where it stands, an operation without operationId or x-source,
// an operationId used twice, a version that is not quoted text, a reference to
// nothing. Every problem is reported at once, one line each, as
// "name:line:column: what is wrong".
func Load(name string, data []byte) (*Document, error) {
	found := &problems{name: name}
	if len(data) > maxSource {
		found.add(1, 1, "the document has %d bytes; the limit is %d", len(data), maxSource)
		return nil, found.err()
	}
	root := parseYAML(data, found)
	if root == nil {
		return nil, found.err()
	}
	newChecker(root, found).check()
	if found.any() {
		return nil, found.err()
	}
	text := root.appendJSON(nil)
	source, err := newSource(name, data, text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return source.document(nil), nil
}

// problems collects what is wrong with a document.
type problems struct {
	name string
	list []problem
}

type problem struct {
	line, column int
	text         string
}

func (p *problems) any() bool { return len(p.list) > 0 }

func (p *problems) add(line, column int, format string, arguments ...any) {
	p.list = append(p.list, problem{line, column, fmt.Sprintf(format, arguments...)})
}

func (p *problems) at(n *node, format string, arguments ...any) {
	p.add(n.line, n.column, format, arguments...)
}

// addYAML reports a syntax error without the source excerpt that the parser
// likes to print.
func (p *problems) addYAML(err error) {
	var syntax *yaml.SyntaxError
	if errors.As(err, &syntax) && syntax.Token != nil {
		line, column := place(syntax.Token)
		p.add(line, column, "%s", syntax.Message)
		return
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	p.add(1, 1, "%s", text)
}

// err joins the problems in the order of the text.
func (p *problems) err() error {
	slices.SortStableFunc(p.list, func(a, b problem) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column))
	})
	var all []error
	for _, one := range p.list {
		all = append(all, fmt.Errorf("%s:%d:%d: %s", p.name, one.line, one.column, one.text))
	}
	return errors.Join(all...)
}
