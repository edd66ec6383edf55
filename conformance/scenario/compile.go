package scenario

import (
	"maps"
	"reflect"
	"slices"

	"github.com/statuschecks/statuschecks/conformance/internal/jq"
	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
)

// Pattern describes what a value must be like. It is compiled once, and can be compared with many values.
type Pattern struct {
	// Source is the pattern as it is written: nil, bool, int64, float64, string, []any or map[string]any. Keys with a
	// dollar sign are matchers.
	Source any

	root  node
	names []string // of the variables that its texts refer to
	fixed bool     // nothing in it is a reference
}

// NewPattern compiles a pattern. The error says which regular expression, filter or matcher is wrong.
func NewPattern(source any) (*Pattern, error) {
	p := &Pattern{Source: source}
	var err error
	if p.root, err = p.compile(source); err != nil {
		return nil, err
	}
	return p, nil
}

// References returns the names of the variables that the pattern refers to, those in its filters included.
func (p *Pattern) References() []string { return slices.Clone(p.names) }

// MustPattern is NewPattern for a pattern that is known to be right. It panics if it is not.
func MustPattern(source any) *Pattern {
	return must(NewPattern(source))
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// Equal reports whether two patterns are written alike.
func (p *Pattern) Equal(other *Pattern) bool {
	if p == nil || other == nil {
		return p == other
	}
	return reflect.DeepEqual(p.Source, other.Source)
}

// node is a part of a compiled pattern.
type node interface {
	match(m *comparison, pointer string, value any) Views
	shown(m *comparison) any // as it is written, with its references filled in
}

// written is what a node was compiled from.
type written struct {
	source any
	fixed  bool // it has no references
}

func (w written) shown(m *comparison) any {
	if w.fixed {
		return w.source
	}
	filled, err := m.variables.Fill(w.source)
	if err != nil { // the names were looked up before
		return w.source
	}
	return filled
}

// short shows the pattern in one line.
func (w written) short(m *comparison) string { return jsonvalue.Short(jsonvalue.Plain(w.shown(m))) }

type scalarNode struct{ written }

type listNode struct {
	written
	items []node
}

type objectNode struct {
	written
	matchers []*matcher // in the vocabulary's order
	members  []memberNode
}

type memberNode struct {
	name    string
	pattern node
}

func (n *objectNode) has(key string) bool {
	return slices.ContainsFunc(n.members, func(member memberNode) bool { return member.name == key })
}

// matcher is a matcher with its argument.
type matcher struct {
	written
	name      string
	check     func(n *matcher, m *comparison, pointer string, value any) Views
	inner     node        // of those that compare with a pattern
	where, is node        // of $item
	regexp    *expression // of $match
	filter    *jq.Filter  // of $jq
}

func (p *Pattern) compile(source any) (node, error) {
	switch source := source.(type) {
	case *jsonvalue.Object:
		return p.compileObject(source.Members)
	case map[string]any:
		return p.compileObject(source)
	case []any:
		list := &listNode{written: written{source, p.fixed}}
		for _, item := range source {
			one, err := p.compile(item)
			if err != nil {
				return nil, err
			}
			list.items = append(list.items, one)
		}
		return list, nil
	case string:
		p.names = append(p.names, References(source)...)
	}
	return &scalarNode{written{source, p.fixed}}, nil
}

func (p *Pattern) compileObject(source map[string]any) (node, error) {
	o := &objectNode{written: written{source, p.fixed}}
	for _, name := range vocabulary["pattern"] {
		if argument, used := source[name]; used {
			one, err := p.compileMatcher(name, argument)
			if err != nil {
				return nil, err
			}
			o.matchers = append(o.matchers, one)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(source)) {
		if slices.Contains(vocabulary["pattern"], name) {
			continue
		}
		member, err := p.compile(source[name])
		if err != nil {
			return nil, err
		}
		o.members = append(o.members, memberNode{name, member})
	}
	return o, nil
}

func (p *Pattern) compileMatcher(name string, argument any) (*matcher, error) {
	n := &matcher{written: written{argument, p.fixed}, name: name, check: checks[name]}
	var err error
	switch name {
	case "$match":
		text := jsonvalue.Text(argument)
		p.names = append(p.names, References(text)...)
		n.regexp, err = newExpression(text)
	case "$jq":
		if n.filter, err = newFilter(jsonvalue.Text(argument)); err == nil {
			p.names = append(p.names, wholeNames(n.filter)...)
		}
	case "$item":
		parts, _ := argument.(map[string]any)
		if n.where, err = p.compile(parts["where"]); err == nil {
			n.is, err = p.compile(parts["is"])
		}
	default:
		n.inner, err = p.compile(argument)
	}
	return n, err
}

// wholeNames are the variables that a filter reads whatever happens.
func wholeNames(filter *jq.Filter) []string {
	var names []string
	for _, name := range filter.Names {
		if !name.Open {
			names = append(names, name.Text)
		}
	}
	return names
}

// literal is a pattern for a value that came with a variable. What cannot be compiled there fits nothing.
func literal(value any) node {
	n, err := (&Pattern{fixed: true}).compile(value)
	if err != nil {
		return &scalarNode{written{jsonvalue.Text(value), true}}
	}
	return n
}
