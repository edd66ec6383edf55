package conformance

import (
	"regexp"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

// pattern checks an expected value and gives it as plain data. Keys with a dollar sign are matchers.
func (d *decoder) pattern(n *node) any {
	switch {
	case n.scalar:
		d.refer(n)
		return n.value
	case n.list:
		list := make([]any, len(n.items))
		for i, item := range n.items {
			list[i] = d.pattern(item)
		}
		return list
	}
	object := make(map[string]any, len(n.pairs))
	for _, p := range n.pairs {
		if strings.HasPrefix(p.key.text, "$") && !strings.HasPrefix(p.key.text, "${") {
			object[p.key.text] = d.matcher(p)
			continue
		}
		object[p.key.text] = d.pattern(p.value)
	}
	return object
}

// matcher checks the argument of one matcher.
func (d *decoder) matcher(p pair) any {
	n, name := p.value, p.key.text
	switch name {
	case "$any", "$absent":
		if n.value != true {
			d.p.at(n, "%s takes only true", name)
		}
	case "$null":
		d.flag(n, name)
	case "$type":
		d.word(n, "type", valueTypes)
	case "$match":
		d.expression(n, d.text(n, name))
	case "$length":
		if _, isNumber := n.value.(int64); !isNumber && len(references(n.text)) == 0 {
			d.p.at(n, "$length must be a number")
		}
		d.refer(n)
	case "$keys":
		d.texts(n, name)
	case "$expr":
		if _, err := compileMatch(d.text(n, name)); err != nil {
			d.p.at(n, "the expression cannot be read: %s", expressionError(err))
		}
	case "$one_of":
		d.list(n, name)
		return d.pattern(n)
	case "$item":
		fields := d.fields(n, "item")
		if n.mapping() && (fields["where"] == nil || fields["is"] == nil) {
			d.p.at(n, "$item needs where (which item) and is (what it must be like)")
		}
		return d.pattern(n)
	case "$contains", "$not", "$exact", "$each", "$none":
		return d.pattern(n)
	default:
		d.p.at(p.key, "unknown matcher %s%s", name, didYouMean(name, vocabulary["pattern"]))
	}
	return n.plainValue()
}

// expression checks a regular expression; a reference in it stands for some text.
func (d *decoder) expression(n *node, text string) {
	d.refer(n)
	if _, err := regexp.Compile(variable.ReplaceAllString(text, "x")); err != nil {
		d.p.at(n, "%s", strings.Replace(err.Error(), "error parsing regexp: ", "not a regular expression: ", 1))
	}
}

// matchEnvironment is what an expression of $expr sees: the value at its place, the whole answer, and what steps
// captured, through variable("name").
type matchEnvironment struct {
	captureEnvironment
	Value    any              `expr:"value"`
	Variable func(string) any `expr:"variable"`
}

// captureEnvironment is what an expression under capture sees.
type captureEnvironment struct {
	Status  int            `expr:"status"`
	Headers map[string]any `expr:"headers"`
	Body    any            `expr:"body"`
}

func environment(a *answer) captureEnvironment {
	return captureEnvironment{Status: a.status, Headers: a.headerMap(), Body: plain(a.body)}
}

func compileMatch(text string) (*vm.Program, error) {
	return expr.Compile(text, expr.Env(matchEnvironment{}), expr.AsBool())
}

func compileCapture(text string) (*vm.Program, error) {
	return expr.Compile(text, expr.Env(captureEnvironment{}))
}

// expressionError is the first line of an expression's error: what follows repeats the source.
func expressionError(err error) string {
	return strings.Split(err.Error(), "\n")[0]
}

// matchers are the matchers in a pattern that is an object, in the vocabulary's order.
func matchers(pattern map[string]any) []string {
	return slices.DeleteFunc(slices.Clone(vocabulary["pattern"]), func(name string) bool {
		_, used := pattern[name]
		return !used
	})
}
