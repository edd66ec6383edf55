package graphql

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

func (v *validator) fieldIsUndefined(f *ast.Field, parent *ast.Definition) {
	if parent == nil {
		return
	}
	var names []string
	for _, d := range parent.Fields {
		names = append(names, d.Name)
	}
	v.add(&Error{
		Message: fmt.Sprintf("Field '%s' doesn't exist on type '%s'%s", f.Name, parent.Name,
			didYouMean(f.Name, names)),
		Locations:  ats(f.Position),
		Extensions: Object{{"code", "undefinedField"}, {"typeName", parent.Name}, {"fieldName", f.Name}},
	})
}

// fieldSelects says whether a field selects something exactly if it can.
func (v *validator) fieldSelects(f *ast.Field, t *ast.Definition) bool {
	return v.selects(f.SelectionSet, t, "field '"+f.Name+"'", f.Name, f.Position)
}

func (v *validator) operationSelects(o *ast.OperationDefinition, t *ast.Definition) bool {
	node := "anonymous query"
	if o.Name != "" {
		node = string(o.Operation) + " '" + o.Name + "'"
	}
	return v.selects(o.SelectionSet, t, node, o.Name, o.Position)
}

func (v *validator) selects(set ast.SelectionSet, t *ast.Definition, node, name string, p *ast.Position) bool {
	var message string
	switch {
	case t == nil:
	case t.IsLeafType() && len(set) > 0:
		message = fmt.Sprintf("Selections can't be made on %ss (%s returns %s but has selections [%s])",
			strings.ToLower(string(t.Kind)), node, t.Name, strings.Join(selectedNames(set), ", "))
	case !t.IsLeafType() && len(set) == 0:
		message = fmt.Sprintf("Field must have selections (%s returns %s but has no selections. Did you mean '%s { "+
			"... }'?)",
			node, t.Name, name)
	}
	if message == "" {
		return true
	}
	v.add(&Error{
		Message: message, Locations: ats(p),
		Extensions: Object{{"code", "selectionMismatch"}, {"nodeName", node}, {"typeName", t.Name}},
	})
	return false
}

func selectedNames(set ast.SelectionSet) []string {
	var names []string
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			names = append(names, `"`+s.Name+`"`)
		case *ast.FragmentSpread:
			names = append(names, `"`+s.Name+`"`)
		case *ast.InlineFragment:
			names = append(names, `"... on `+s.TypeCondition+` { ... }"`)
		}
	}
	return names
}

func (v *validator) rootExists(o *ast.OperationDefinition, root *ast.Definition) bool {
	if root != nil {
		return true
	}
	kind := string(o.Operation)
	v.add(&Error{
		Message: "Schema is not configured for " + kind + "s", Locations: ats(o.Position),
		Extensions: Object{{"code", "missing" + strings.ToUpper(kind[:1]) + kind[1:] + "Configuration"}},
	})
	return false
}

// conditionHolds says whether a fragment is about a type that there is and that has fields.
func (v *validator) conditionHolds(name string, p *ast.Position) bool {
	t := v.schema.types[name]
	if t != nil && isComposite(t) {
		return true
	}
	if t == nil {
		v.add(&Error{
			Message: fmt.Sprintf("No such type %s, so it can't be a fragment condition%s", name,
				didYouMean(name, v.schema.namesOf(isComposite))),
			Locations: ats(p), Extensions: Object{{"code", "undefinedType"}, {"typeName", name}},
		})
		return false
	}
	v.add(&Error{
		Message:   fmt.Sprintf("Invalid fragment on type %s (must be Union, Interface or Object)", name),
		Locations: ats(p), Extensions: Object{{"code", "fragmentOnNonCompositeType"}, {"typeName", name}},
	})
	return false
}

// namesOf lists the types of a kind.
func (s *Schema) namesOf(is func(*ast.Definition) bool) []string {
	var names []string
	for _, name := range s.order {
		if is(s.types[name]) {
			names = append(names, name)
		}
	}
	return names
}

func (v *validator) spreadsArePossible() {
	for _, s := range v.spreads {
		f := v.document.Fragments.ForName(s.node.Name)
		if f == nil {
			continue
		}
		if child := v.schema.types[f.TypeCondition]; child != nil {
			v.spreadIsPossible(s, child, " "+s.node.Name, s.node.Position)
		}
	}
}

// spreadIsPossible wants a fragment to be about the type that it stands in: there are no interfaces and no unions.
func (v *validator) spreadIsPossible(s spread, child *ast.Definition, name string, p *ast.Position) {
	if child.Kind != ast.Object || s.parent == nil || s.parent == child {
		return
	}
	shown := name
	if name == "" {
		shown = "unknown"
	}
	v.add(&Error{
		Message:   fmt.Sprintf("Fragment%s on %s can't be spread inside %s", name, child.Name, s.parent.Name),
		Locations: ats(p), Path: s.path,
		Extensions: Object{
			{"code", "cannotSpreadFragment"},
			{"typeName", child.Name},
			{"fragmentName", shown},
			{"parentName", s.parent.Name},
		},
	})
}

func (v *validator) fragmentsAreUsed() {
	used := map[string]bool{}
	for _, s := range v.spreads {
		used[s.node.Name] = true
		if v.document.Fragments.ForName(s.node.Name) == nil {
			v.fragmentError("Fragment "+s.node.Name+" was used, but not defined", s.node.Name, s.node.Position, s.path)
		}
	}
	for _, f := range v.document.Fragments {
		if !used[f.Name] {
			v.fragmentError("Fragment "+f.Name+" was defined, but not used", f.Name, f.Position,
				[]any{"fragment " + f.Name})
		}
	}
}

func (v *validator) fragmentError(message, name string, p *ast.Position, path []any) {
	v.add(&Error{
		Message: message, Locations: ats(p), Path: path,
		Extensions: Object{{"code", "useAndDefineFragment"}, {"fragmentName", name}},
	})
}

func (v *validator) fragmentsAreFinite() {
	for _, f := range v.document.Fragments {
		if v.reaches(f.Name, f.Name, map[string]bool{}) {
			v.add(&Error{
				Message: "Fragment " + f.Name + " contains an infinite loop", Locations: ats(f.Position),
				Path:       []any{"fragment " + f.Name},
				Extensions: Object{{"code", "infiniteLoop"}, {"fragmentName", f.Name}},
			})
		}
	}
}

// reaches says whether a fragment spreads another one, by however many steps.
func (v *validator) reaches(from, to string, seen map[string]bool) bool {
	f := v.document.Fragments.ForName(from)
	if f == nil || seen[from] {
		return false
	}
	seen[from] = true
	u := v.collected[f]
	return u != nil && slices.ContainsFunc(u.spreads, func(name string) bool {
		return name == to || v.reaches(name, to, seen)
	})
}

func (v *validator) fragmentNamesAreUnique() {
	for _, group := range grouped(v.document.Fragments, func(f *ast.FragmentDefinition) string { return f.Name }) {
		if len(group) > 1 {
			v.path = nil
			v.add(&Error{
				Message:   fmt.Sprintf("Fragment name %q must be unique", group[0].Name),
				Locations: atAll(group, func(f *ast.FragmentDefinition) *ast.Position { return f.Position }),
				Path:      []any{}, Extensions: Object{
					{"code", "fragmentNotUnique"}, {"fragmentName", group[0].Name},
				},
			})
		}
	}
}

func (v *validator) operationNamesAreValid() {
	place := func(o *ast.OperationDefinition) *ast.Position { return o.Position }
	for _, group := range grouped(v.document.Operations, func(o *ast.OperationDefinition) string { return o.Name }) {
		name := group[0].Name
		switch {
		case name == "" && len(v.document.Operations) > 1:
			v.add(&Error{
				Message:   "Operation name is required when multiple operations are present",
				Locations: atAll(group, place), Path: []any{},
				Extensions: Object{{"code", "uniquelyNamedOperations"}},
			})
		case len(group) > 1:
			v.add(&Error{
				Message:   fmt.Sprintf("Operation name %q must be unique", name),
				Locations: atAll(group, place), Path: []any{},
				Extensions: Object{{"code", "uniquelyNamedOperations"}, {"operationName", name}},
			})
		}
	}
}

// grouped puts together what has the same name, in the order of the first of each.
func grouped[T any](list []T, name func(T) string) [][]T {
	var groups [][]T
	index := map[string]int{}
	for _, item := range list {
		i, known := index[name(item)]
		if !known {
			i = len(groups)
			index[name(item)] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], item)
	}
	return groups
}

func atAll[T any](list []T, place func(T) *ast.Position) []Location {
	locations := make([]Location, len(list))
	for i, item := range list {
		locations[i] = at(place(item))
	}
	return locations
}
