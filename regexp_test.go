package statuschecks_test

import (
	"go/ast"
	"go/constant"
	"go/token"
	"regexp"
	"testing"

	"gotest.tools/v3/assert"
)

// TestRegexps_compile holds that the regular expressions that are compiled when they are first used are correct.
func TestRegexps_compile(t *testing.T) {
	t.Parallel()
	found := 0
	for _, s := range sources(t) {
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			call, isCall := n.(*ast.CallExpr)
			if !isCall || !isSelector(call.Fun, "lazy", "Regexp") {
				return true
			}
			found++
			text := textOf(call.Args[0])
			assert.Assert(t, text.Kind() == constant.String, "%s: give lazy.Regexp literal texts", s.place(call.Pos()))
			_, err := regexp.Compile(constant.StringVal(text))
			assert.Check(t, err, s.place(call.Pos()))
			return true
		})
	}
	assert.Assert(t, found > 50, "only %d were found", found)
}

func isSelector(e ast.Expr, of, name string) bool {
	selected, is := e.(*ast.SelectorExpr)
	if !is {
		return false
	}
	from, is := selected.X.(*ast.Ident)
	return is && from.Name == of && selected.Sel.Name == name
}

// textOf is the value of texts that are joined, and unknown if it is anything else.
func textOf(e ast.Expr) constant.Value {
	switch e := e.(type) {
	case *ast.BasicLit:
		return constant.MakeFromLiteral(e.Value, e.Kind, 0)
	case *ast.BinaryExpr:
		if x, y := textOf(e.X), textOf(e.Y); e.Op == token.ADD && x.Kind() == constant.String && x.Kind() == y.Kind() {
			return constant.BinaryOp(x, token.ADD, y)
		}
	}
	return constant.MakeUnknown()
}
