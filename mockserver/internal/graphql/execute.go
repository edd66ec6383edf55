package graphql

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
)

// Call is one field that is to be resolved.
type Call struct {
	Source  any            // what the field is of; nil at the root
	Args    map[string]any // those that were given or have a default
	Context any            // as the request has it
	query   *Query
}

// Resolver gives the value of a field: nil for null, a string, bool, int64 or float64 for scalars and enums, a []any
// for lists, and anything for objects. An [Error] makes the field null and is told with its place; any other error
// ends the whole request.
type Resolver func(Call) (any, error)

// Service is a schema with all its resolvers, by Type.field.
type Service struct {
	Schema    *Schema
	Resolvers map[string]Resolver
}

// Run executes the query, which [Query.Check] has found sound. Around is called for each field of a mutation, and once
// for a query, with what runs it. An error of a resolver that is no [Error] is returned, and nothing is answered.
func (q *Query) Run(context any, around func(run func() error) error) (Object, error) {
	x := &execution{query: q, context: context, cost: q.Complexity()}
	root := q.service.Schema.roots[q.operation.Operation]
	groups := x.collect(root, q.operation.SelectionSet)
	data := Object{}
	one := func(g selection) error {
		value, err := x.field(root, nil, g, nil)
		if err == nil {
			data = append(data, Member{g.name, value})
		}
		return err
	}
	var err error
	if q.operation.Operation == ast.Mutation {
		for _, g := range groups {
			if err = around(func() error { return one(g) }); err != nil {
				break
			}
		}
	} else {
		err = around(func() error {
			for _, g := range groups {
				if err := one(g); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err == errNull { //nolint:errorlint // it is never wrapped
		return answerOf(x.errors, nil), nil
	}
	if err != nil {
		return nil, err
	}
	return answerOf(x.errors, data), nil
}

// errNull says that a field which cannot be null is: what it is of becomes null.
var errNull = fmt.Errorf("graphql: a field that cannot be null is null")

// execution is a query at work.
type execution struct {
	query   *Query
	context any
	cost    int
	errors  []*Error
}

// selection is what is asked for by one name.
type selection struct {
	name   string
	fields []*ast.Field
}

// collect lists what a selection asks of an object, by the names of the answer.
func (x *execution) collect(t *ast.Definition, sets ...ast.SelectionSet) []selection {
	c := &collector{query: x.query, index: map[string]int{}, seen: map[string]bool{}}
	for _, set := range sets {
		c.add(t, set)
	}
	return c.list
}

// collector puts together what is asked for by the same name, in the order in which it is met.
type collector struct {
	query *Query
	list  []selection
	index map[string]int
	seen  map[string]bool
}

func (c *collector) add(t *ast.Definition, set ast.SelectionSet) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if !c.query.skips(s.Directives) {
				c.addField(s)
			}
		case *ast.InlineFragment:
			if !c.query.skips(s.Directives) && (s.TypeCondition == "" || s.TypeCondition == t.Name) {
				c.add(t, s.SelectionSet)
			}
		case *ast.FragmentSpread:
			f := c.query.document.Fragments.ForName(s.Name)
			if !c.query.skips(s.Directives) && !c.seen[s.Name] && f != nil && f.TypeCondition == t.Name {
				c.seen[s.Name] = true
				c.add(t, f.SelectionSet)
			}
		}
	}
}

func (c *collector) addField(f *ast.Field) {
	i, known := c.index[f.Alias]
	if !known {
		i = len(c.list)
		c.index[f.Alias] = i
		c.list = append(c.list, selection{name: f.Alias})
	}
	c.list[i].fields = append(c.list[i].fields, f)
}

// skips says whether the directives of a node leave it out.
func (q *Query) skips(directives ast.DirectiveList) bool {
	condition := func(name string) (value, given bool) {
		d := directives.ForName(name)
		if d == nil {
			return false, false
		}
		a := d.Arguments.ForName("if")
		if a == nil {
			return false, false
		}
		value, _ = q.service.Schema.valueOf(a.Value, ast.NonNullNamedType("Boolean", nil), q.variables).(bool)
		return value, true
	}
	skip, _ := condition("skip")
	include, given := condition("include")
	return skip || given && !include
}

// field resolves what is asked for by one name, and all below it.
func (x *execution) field(t *ast.Definition, source any, s selection, path []any) (any, error) {
	first := s.fields[0]
	if x.query.newer[first] {
		return nil, nil
	}
	path = append(append([]any{}, path...), s.name)
	if first.Name == "__typename" {
		return t.Name, nil
	}
	d := x.query.service.Schema.field(t, first.Name)
	resolve := x.query.service.resolver(t, d)
	value, err := resolve(Call{
		Source: source, Args: x.query.arguments(d, first), Context: x.context, query: x.query,
	})
	if wrong, ok := err.(*Error); ok { //nolint:errorlint // a resolver returns it as it is
		told := *wrong
		told.Locations, told.Path = ats(first.Position), path
		x.errors = append(x.errors, &told)
		value, err = nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s.%s: %w", t.Name, d.Name, err)
	}
	return x.complete(d.Type, value, s, path)
}

// complete makes the answer of a value of a type.
func (x *execution) complete(t *ast.Type, value any, s selection, path []any) (any, error) {
	if value == nil {
		if t.NonNull {
			return nil, errNull
		}
		return nil, nil
	}
	completed, err := x.completeValue(t, value, s, path)
	if err == errNull && !t.NonNull { //nolint:errorlint // it is never wrapped
		return nil, nil
	}
	return completed, err
}

func (x *execution) completeValue(t *ast.Type, value any, s selection, path []any) (any, error) {
	if t.Elem != nil {
		list := value.([]any)
		items := make([]any, len(list))
		for i, item := range list {
			completed, err := x.complete(t.Elem, item, s, append(append([]any{}, path...), i))
			if err != nil {
				return nil, err
			}
			items[i] = completed
		}
		return items, nil
	}
	d := x.query.service.Schema.typeOf(t)
	if d.IsLeafType() {
		return value, nil
	}
	sets := make([]ast.SelectionSet, len(s.fields))
	for i, f := range s.fields {
		sets[i] = f.SelectionSet
	}
	object := Object{}
	for _, inner := range x.collect(d, sets...) {
		member, err := x.field(d, value, inner, path)
		if err != nil {
			return nil, err
		}
		object = append(object, Member{inner.name, member})
	}
	return object, nil
}

// resolver finds what resolves a field.
func (s *Service) resolver(t *ast.Definition, d *ast.FieldDefinition) Resolver {
	if r := introspection[t.Name+"."+d.Name]; r != nil {
		return r
	}
	if r := introspection[d.Name]; r != nil {
		return r
	}
	if r := s.Resolvers[t.Name+"."+d.Name]; r != nil {
		return r
	}
	return func(Call) (any, error) { return nil, fmt.Errorf("the field has no resolver") }
}

// arguments are those of a field that were given or have a default.
func (q *Query) arguments(d *ast.FieldDefinition, f *ast.Field) map[string]any {
	values := map[string]any{}
	for _, a := range d.Arguments {
		given := f.Arguments.ForName(a.Name)
		if given != nil && given.Value.Kind == ast.Variable {
			if value, ok := q.variables[given.Value.Raw]; ok {
				values[a.Name] = value
				continue
			}
			given = nil
		}
		switch {
		case given != nil:
			values[a.Name] = q.service.Schema.valueOf(given.Value, a.Type, q.variables)
		case a.DefaultValue != nil:
			values[a.Name] = q.service.Schema.valueOf(a.DefaultValue, a.Type, nil)
		}
	}
	return values
}
