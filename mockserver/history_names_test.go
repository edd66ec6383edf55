package mockserver_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"gotest.tools/v3/assert"
	"gotest.tools/v3/golden"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// Each change of the history has a constant for its name. The flag -update rewrites them.
func TestChangeNames_areThoseOfTheHistory(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	b.WriteString("// Code generated from internal/gitlab/change.go by go test -run TestChangeNames -update; DO " +
		"NOT EDIT." +
		"\n\npackage mockserver\n\n// The changes of History, by name.\nconst (\n")
	constants := changeConstants(t)
	for i, change := range gitlab.History() {
		fmt.Fprintf(&b, "\tChange%s = %q // since %s\n", constants[i], change.Name, change.Since)
	}
	b.WriteString(")\n")
	source, err := format.Source(b.Bytes())
	assert.NilError(t, err)
	golden.Assert(t, string(source), "../history_names.go")
}

// changeConstants returns the names of the state machine's constants for changes, in their order.
func changeConstants(t *testing.T) (names []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "internal/gitlab/change.go", nil, 0)
	assert.NilError(t, err)
	for _, d := range file.Decls {
		g, isGroup := d.(*ast.GenDecl)
		if !isGroup || g.Tok != token.CONST || !strings.Contains(fmt.Sprint(g.Specs[0].(*ast.ValueSpec).Type),
			"Change") {
			continue
		}
		for _, s := range g.Specs {
			names = append(names, s.(*ast.ValueSpec).Names[0].Name)
		}
	}
	assert.Equal(t, len(names), len(gitlab.History())+1) // the last one counts them
	return names
}
