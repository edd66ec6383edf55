package graphql

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// Usage is what a query asks for, for those who keep a record.
type Usage struct {
	Kind       string       // query or mutation; empty if there is nothing to run
	Name       string       // of the operation; empty if it has none
	Fields     []string     // of the root, each once, in their order
	Deprecated []Deprecated // fields that the schema marks so, each once, in their order
	Undeclared []string     // variables that were given and that the operation does not declare, in their order
}

// Deprecated is a field that is marked as such.
type Deprecated struct {
	Field  string // as Type.field
	Reason string
}

// Usage tells what the query asks for. It may be wrong in any way.
func (q *Query) Usage(given Object) Usage {
	if q.operation == nil {
		return Usage{}
	}
	u := asking{query: q, spread: map[string]bool{}}
	u.found.Kind, u.found.Name = string(q.operation.Operation), q.operation.Name
	root := q.service.Schema.roots[q.operation.Operation]
	u.visit(root, q.operation.SelectionSet, func(f *ast.Field) { u.found.Fields = once(u.found.Fields, f.Name) })
	for _, m := range given {
		if q.operation.VariableDefinitions.ForName(m.Name) == nil {
			u.found.Undeclared = once(u.found.Undeclared, m.Name)
		}
	}
	return u.found
}

// asking gathers what a query asks for. Each fragment is looked at once.
type asking struct {
	query  *Query
	spread map[string]bool
	found  Usage
}

func (u *asking) visit(t *ast.Definition, set ast.SelectionSet, each func(*ast.Field)) {
	schema := u.query.service.Schema
	for _, one := range set {
		switch one := one.(type) {
		case *ast.Field:
			each(one)
			d := schema.field(t, one.Name)
			if d == nil {
				continue
			}
			if why, is := reason(d.Directives).(string); is {
				u.found.Deprecated = once(u.found.Deprecated, Deprecated{t.Name + "." + one.Name, why})
			}
			u.visit(schema.typeOf(d.Type), one.SelectionSet, func(*ast.Field) {})
		case *ast.InlineFragment:
			u.visit(u.typeOr(one.TypeCondition, t), one.SelectionSet, each)
		case *ast.FragmentSpread:
			f := u.query.document.Fragments.ForName(one.Name)
			if f == nil || u.spread[one.Name] {
				continue
			}
			u.spread[one.Name] = true
			u.visit(u.typeOr(f.TypeCondition, t), f.SelectionSet, each)
		}
	}
}

// typeOr is the type that a fragment is about, or the one that it stands in if it names none.
func (u *asking) typeOr(name string, t *ast.Definition) *ast.Definition {
	if name == "" {
		return t
	}
	return u.query.service.Schema.types[name]
}

// once adds what is not there yet.
func once[T comparable](list []T, name T) []T {
	if slices.Contains(list, name) {
		return list
	}
	return append(list, name)
}

// Roots lists the fields that queries and mutations can begin with, as query.field and mutation.field.
func (s *Schema) Roots() []string {
	var names []string
	for _, kind := range []ast.Operation{ast.Query, ast.Mutation} {
		root := s.roots[kind]
		if root == nil {
			continue
		}
		for _, f := range root.Fields {
			names = append(names, string(kind)+"."+f.Name)
		}
	}
	return names
}
