package graphql

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// mostErrors is how many errors of validation are told at most.
const mostErrors = 5

// validator walks through a document once, with all rules, in the order in which graphql-ruby's rules come to their
// errors: what is wrong with a node before what is wrong below it, unless said otherwise.
type validator struct {
	schema   *Schema
	document *document
	newer    map[*ast.Field]bool // fields that are newer than the schema and not looked at
	errors   []*Error

	path      []any
	parents   []*ast.Definition          // the types that were entered; nil for one that is not known
	variables ast.VariableDefinitionList // of the operation at hand
	usages    *usages                    // of the definition at hand
	collected map[any]*usages            // of all definitions
	spreads   []spread
	undefined map[string]*Error // by the name of a directive
	looks     int               // see mostLooks
}

// spread is a use of a fragment, with where it is.
type spread struct {
	node   *ast.FragmentSpread
	in     any // the definition
	parent *ast.Definition
	path   []any
}

// enough is how the walk ends when there are errors enough.
type enough struct{}

// validate finds what is wrong with a document.
func (s *Schema) validate(d *document, newer map[*ast.Field]bool) (errs []*Error) {
	v := &validator{
		schema: s, document: d, newer: newer, collected: map[any]*usages{}, undefined: map[string]*Error{},
	}
	defer func() {
		errs = v.errors
		if r := recover(); r != nil && r != any(enough{}) {
			panic(r)
		}
	}()
	v.definitions()
	v.variablesAreUsed()
	v.spreadsArePossible()
	v.fragmentsAreUsed()
	v.fragmentsAreFinite()
	v.fragmentNamesAreUnique()
	v.operationNamesAreValid()
	return v.errors
}

// add adds an error, at the place that was reached unless it has a path.
func (v *validator) add(e *Error) {
	if len(v.errors) >= mostErrors {
		panic(enough{})
	}
	if e.Path == nil {
		e.Path = append([]any{}, v.path...)
	}
	v.errors = append(v.errors, e)
}

// within walks on with one more name on the path.
func (v *validator) within(name any, walk func()) {
	v.path = append(v.path, name)
	walk()
	v.path = v.path[:len(v.path)-1]
}

// inType walks on inside of a type.
func (v *validator) inType(t *ast.Definition, walk func()) {
	v.parents = append(v.parents, t)
	walk()
	v.parents = v.parents[:len(v.parents)-1]
}

func (v *validator) parent() *ast.Definition { return v.parents[len(v.parents)-1] }

// definitions walks through the operations and fragments in the order of the text.
func (v *validator) definitions() {
	type definition struct {
		start int
		visit func()
	}
	var all []definition
	for _, o := range v.document.Operations {
		all = append(all, definition{o.Position.Start, func() { v.operation(o) }})
	}
	for _, f := range v.document.Fragments {
		all = append(all, definition{f.Position.Start, func() { v.fragment(f) }})
	}
	slices.SortStableFunc(all, func(a, b definition) int { return a.start - b.start })
	for _, d := range all {
		d.visit()
	}
}

func (v *validator) operation(o *ast.OperationDefinition) {
	root := v.schema.roots[o.Operation]
	name := string(o.Operation)
	if o.Name != "" {
		name += " " + o.Name
	}
	v.usages = v.collect(o, o.Name, string(o.Operation))
	v.variables = o.VariableDefinitions
	v.inType(root, func() {
		v.within(name, func() {
			v.directivesAreUnique(o.Directives)
			v.fieldsMerge(o.SelectionSet, root)
			if !v.operationSelects(o, root) {
				return
			}
			v.variableNamesAreUnique(o)
			v.usages.declare(o, v.path)
			if !v.rootExists(o, root) {
				return
			}
			for _, d := range o.VariableDefinitions {
				v.variable(d)
			}
			v.directives(o.Directives, operationLocations[o.Operation])
			v.selections(o.SelectionSet)
		})
	})
}

var operationLocations = map[ast.Operation]ast.DirectiveLocation{
	ast.Query: ast.LocationQuery, ast.Mutation: ast.LocationMutation, ast.Subscription: ast.LocationSubscription,
}

func (v *validator) fragment(f *ast.FragmentDefinition) {
	t := v.schema.types[f.TypeCondition]
	v.usages = v.collect(f, f.Name, "")
	v.variables = nil
	v.inType(t, func() {
		v.within("fragment "+f.Name, func() {
			v.directivesAreUnique(f.Directives)
			if !v.conditionHolds(f.TypeCondition, f.Position) {
				return
			}
			v.directives(f.Directives, ast.LocationFragmentDefinition)
			v.selections(f.SelectionSet)
		})
	})
}

func (v *validator) selections(set ast.SelectionSet) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			v.field(s)
		case *ast.InlineFragment:
			v.inlineFragment(s)
		case *ast.FragmentSpread:
			v.fragmentSpread(s)
		}
	}
}

func (v *validator) field(f *ast.Field) {
	if v.newer[f] {
		return
	}
	parent := v.parent()
	definition := v.schema.field(parent, f.Name)
	var result *ast.Definition
	if definition != nil {
		result = v.schema.typeOf(definition.Type)
	}
	v.inType(result, func() {
		v.within(f.Alias, func() {
			v.directivesAreUnique(f.Directives)
			if definition == nil {
				v.fieldIsUndefined(f, parent)
				return
			}
			v.fieldsMerge(f.SelectionSet, result)
			if !v.fieldSelects(f, result) {
				return
			}
			owner := argumentOwner{"Field", f.Alias, f.Name, f.Position, definition.Arguments}
			v.requiredArguments(owner, f.Arguments)
			v.argumentNamesAreUnique(f.Arguments)
			for _, a := range f.Arguments {
				v.argument(owner, argumentOf(a))
			}
			v.directives(f.Directives, ast.LocationField)
			v.selections(f.SelectionSet)
		})
	})
}

func (v *validator) inlineFragment(f *ast.InlineFragment) {
	t, name := v.parent(), "..."
	if f.TypeCondition != "" {
		t, name = v.schema.types[f.TypeCondition], "... on "+f.TypeCondition
	}
	outer := v.parent()
	v.inType(t, func() {
		v.within(name, func() {
			v.directivesAreUnique(f.Directives)
			if f.TypeCondition != "" && !v.conditionHolds(f.TypeCondition, f.Position) {
				return
			}
			if t != nil {
				v.spreadIsPossible(spread{parent: outer, path: slices.Clone(v.path)}, t, "", f.Position)
			}
			v.directives(f.Directives, ast.LocationInlineFragment)
			v.selections(f.SelectionSet)
		})
	})
}

func (v *validator) fragmentSpread(f *ast.FragmentSpread) {
	v.within("... "+f.Name, func() {
		v.directivesAreUnique(f.Directives)
		v.usages.spreads = append(v.usages.spreads, f.Name)
		v.spreads = append(v.spreads, spread{f, v.usages.in, v.parent(), slices.Clone(v.path)})
		v.directives(f.Directives, ast.LocationFragmentSpread)
	})
}
