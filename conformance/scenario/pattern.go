package scenario

import (
	"strings"

	"github.com/statuschecks/statuschecks/conformance/internal/reader"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

// compiled checks an expected value and compiles it. What is wrong with it is a problem at its place.
func (d *decoder) compiled(n *reader.Node) *Pattern {
	before := len(d.P.List)
	p, err := NewPattern(d.pattern(n))
	if err != nil && len(d.P.List) == before {
		d.P.At(n, "%s", err)
	}
	return p
}

// pattern checks an expected value and gives it as plain data. Keys with a dollar sign are matchers.
func (d *decoder) pattern(n *reader.Node) any {
	switch {
	case n.IsScalar:
		d.refer(n)
		return n.Value
	case n.IsList:
		list := make([]any, len(n.Items))
		for i, item := range n.Items {
			list[i] = d.pattern(item)
		}
		return list
	}
	object := make(map[string]any, len(n.Pairs))
	for _, p := range n.Pairs {
		if strings.HasPrefix(p.Key.Text, "$") && !strings.HasPrefix(p.Key.Text, "${") {
			object[p.Key.Text] = d.matcher(p)
			continue
		}
		object[p.Key.Text] = d.pattern(p.Value)
	}
	return object
}

// matcher checks the argument of one matcher.
func (d *decoder) matcher(p reader.Pair) any {
	n, name := p.Value, p.Key.Text
	switch name {
	case "$any", "$absent":
		if n.Value != true {
			d.P.At(n, "%s takes only true", name)
		}
	case "$null":
		d.Flag(n, name)
	case "$type":
		d.Word(n, "type", valueTypes)
	case "$match":
		d.expression(n, d.Text(n, name))
	case "$length":
		if _, isNumber := n.Value.(int64); !isNumber && len(References(n.Text)) == 0 {
			d.P.At(n, "$length must be a number")
		}
		d.refer(n)
	case "$keys":
		d.Texts(n, name)
	case "$jq":
		d.filter(n, d.Text(n, name))
	case "$one_of":
		d.List(n, name)
		return d.pattern(n)
	case "$item":
		fields := d.fields(n, "item")
		if n.IsMapping() && (fields["where"] == nil || fields["is"] == nil) {
			d.P.At(n, "$item needs where (which item) and is (what it must be like)")
		}
		return d.pattern(n)
	case "$contains", "$not", "$exact", "$each", "$none":
		return d.pattern(n)
	default:
		if name == "$expr" {
			d.P.At(p.Key, "there is no $expr any more: $jq takes a jq filter over the value")
			break
		}
		d.P.At(p.Key, "unknown matcher %s%s", name, strictyaml.DidYouMean(name, vocabulary["pattern"]))
	}
	return n.Plain()
}

// expression checks a regular expression; a reference in it stands for some text.
func (d *decoder) expression(n *reader.Node, text string) {
	d.refer(n)
	if _, err := newExpression(text); err != nil {
		d.P.At(n, "%s", err)
	}
}

// filter checks a filter of a pattern, and notes the variables that it reads.
func (d *decoder) filter(n *reader.Node, text string) {
	filter, err := newFilter(text)
	if err != nil {
		d.P.At(n, "%s", err)
		return
	}
	d.literal(n, text)
	d.mentions = append(d.mentions, mention{node: n, at: d.at, names: filter.Names})
}

// literal refuses references in a filter: nothing fills them there.
func (d *decoder) literal(n *reader.Node, text string) {
	for _, name := range References(text) {
		d.P.At(n, "a jq filter is not filled, so ${%s} stands for itself; matchers have $variables.%s", name, name)
	}
}
