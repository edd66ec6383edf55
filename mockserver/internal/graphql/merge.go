package graphql

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// selected is a field of a selection, also one out of a fragment, with the type that it is a field of.
type selected struct {
	field  *ast.Field
	parent *ast.Definition
}

// flatten lists the fields of a selection with those of its fragments, grouped by the names that they answer by.
func (v *validator) flatten(set ast.SelectionSet, parent *ast.Definition) [][]selected {
	var all []selected
	v.gather(set, parent, map[string]bool{}, &all)
	return grouped(all, func(s selected) string { return s.field.Alias })
}

func (v *validator) gather(set ast.SelectionSet, parent *ast.Definition, seen map[string]bool, all *[]selected) {
	for _, s := range set {
		if v.looks++; v.looks > mostLooks {
			return
		}
		switch s := s.(type) {
		case *ast.Field:
			if !v.newer[s] {
				*all = append(*all, selected{s, parent})
			}
		case *ast.InlineFragment:
			in := parent
			if s.TypeCondition != "" {
				in = v.schema.types[s.TypeCondition]
			}
			v.gather(s.SelectionSet, in, seen, all)
		case *ast.FragmentSpread:
			f := v.document.Fragments.ForName(s.Name)
			if f != nil && !seen[s.Name] {
				seen[s.Name] = true
				v.gather(f.SelectionSet, v.schema.types[f.TypeCondition], seen, all)
			}
		}
	}
}

// mostLooks is how many selections are looked at for conflicts, for documents that spread the same fragments again and
// again. The rest is taken as it is.
const mostLooks = 100_000

// conflicts are the answers' names that more than one thing was asked for by, in the order in which they were met.
type conflicts struct {
	fields, arguments []*conflict
}

type conflict struct {
	name      string
	positions []*ast.Position
	what      []string
}

// fieldsMerge wants fields that answer by the same name to be the same, with the same arguments.
func (v *validator) fieldsMerge(set ast.SelectionSet, parent *ast.Definition) {
	if parent == nil || len(set) == 0 {
		return
	}
	found := &conflicts{}
	v.findConflicts(v.flatten(set, parent), found)
	for _, c := range found.fields {
		v.addConflict(c, "a field")
	}
	for _, c := range found.arguments {
		v.addConflict(c, "an argument")
	}
}

func (v *validator) findConflicts(groups [][]selected, found *conflicts) {
	for _, group := range groups {
		if len(group) < 2 || v.schema.field(group[0].parent, group[0].field.Name) == nil {
			continue
		}
		name := func(s selected) string { return s.field.Name }
		if c := differing(group, name, name); c != nil {
			found.fields = append(found.fields, c)
		}
		if c := differing(group, sortedArguments, argumentsText); c != nil {
			found.arguments = append(found.arguments, c)
		}
		v.findConflicts(v.flattenAll(group), found)
	}
}

// flattenAll is the selections of fields that are one in the answer.
func (v *validator) flattenAll(group []selected) [][]selected {
	var all []selected
	for _, s := range group {
		if d := v.schema.field(s.parent, s.field.Name); d != nil {
			v.gather(s.field.SelectionSet, v.schema.typeOf(d.Type), map[string]bool{}, &all)
		}
	}
	return grouped(all, func(s selected) string { return s.field.Alias })
}

// differing finds fields whose key is not that of the first one: the first, those that differ, and those that are like
// it. Text is what the message says of each.
func differing(group []selected, key, text func(selected) string) *conflict {
	first := key(group[0])
	ordered := []selected{group[0]}
	var alike []selected
	for _, s := range group[1:] {
		if key(s) != first {
			ordered = append(ordered, s)
		} else {
			alike = append(alike, s)
		}
	}
	if len(ordered) == 1 {
		return nil
	}
	c := &conflict{name: group[0].field.Alias}
	for _, s := range append(ordered, alike...) {
		c.positions, c.what = append(c.positions, s.field.Position), append(c.what, text(s))
	}
	return c
}

// argumentsText writes arguments as messages about conflicts have them: each value printed, and then written as a text.
func argumentsText(s selected) string { return argumentsOf(s.field.Arguments) }

// sortedArguments is the same for the same arguments in whatever order.
func sortedArguments(s selected) string {
	list := slices.Clone(s.field.Arguments)
	slices.SortStableFunc(list, func(a, b *ast.Argument) int { return strings.Compare(a.Name, b.Name) })
	return argumentsOf(list)
}

func argumentsOf(list ast.ArgumentList) string {
	object := Object{}
	for _, a := range list {
		object = append(object, Member{a.Name, printed(a.Value)})
	}
	return serialized(object)
}

func (v *validator) addConflict(c *conflict, kind string) {
	what := strings.Join(c.what, " or ")
	v.add(&Error{
		Message:   "Field '" + c.name + "' has " + kind + " conflict: " + what + "?",
		Locations: ats(c.positions...), Path: []any{},
		Extensions: Object{{"code", "fieldConflict"}, {"fieldName", c.name}, {"conflicts", what}},
	})
}
