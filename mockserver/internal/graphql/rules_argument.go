package graphql

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// argumentOwner is what arguments are given to: a field, a directive or an input object.
type argumentOwner struct {
	kind     string // as graphql-ruby calls its node
	shown    string // its name where an argument of it is wrong
	name     string
	position *ast.Position
	accepts  ast.ArgumentDefinitionList
}

// accepted finds the definition of an argument.
func (o argumentOwner) accepted(name string) *ast.ArgumentDefinition { return o.accepts.ForName(name) }

func (o argumentOwner) required() []*ast.ArgumentDefinition {
	var list []*ast.ArgumentDefinition
	for _, a := range o.accepts {
		if a.Type.NonNull && a.DefaultValue == nil {
			list = append(list, a)
		}
	}
	return list
}

// argument is one that was given, to whatever.
type argument struct {
	name     string
	value    *ast.Value
	position *ast.Position
}

func argumentOf(a *ast.Argument) argument { return argument{a.Name, a.Value, a.Position} }

// inputOwner is an input object as what its members are given to.
func inputOwner(t *ast.Definition, value *ast.Value) argumentOwner {
	o := argumentOwner{kind: "InputObject", shown: t.Name, name: t.Name, position: value.Position}
	for _, f := range t.Fields {
		o.accepts = append(o.accepts, &ast.ArgumentDefinition{
			Name: f.Name, Type: f.Type, DefaultValue: f.DefaultValue, Directives: f.Directives,
		})
	}
	return o
}

func (v *validator) requiredArguments(o argumentOwner, given ast.ArgumentList) {
	var missing []string
	for _, a := range o.required() {
		if given.ForName(a.Name) == nil {
			missing = append(missing, a.Name)
		}
	}
	if len(missing) == 0 {
		return
	}
	names := strings.Join(missing, ", ")
	v.add(&Error{
		Message:   fmt.Sprintf("%s '%s' is missing required arguments: %s", o.kind, o.name, names),
		Locations: ats(o.position),
		Extensions: Object{
			{"code", "missingRequiredArguments"}, {"className", o.kind}, {"name", o.name}, {"arguments", names},
		},
	})
}

func (v *validator) argumentNamesAreUnique(given ast.ArgumentList) {
	for _, group := range grouped(given, func(a *ast.Argument) string { return a.Name }) {
		if len(group) > 1 {
			v.add(&Error{
				Message:    fmt.Sprintf("There can be only one argument named %q", group[0].Name),
				Locations:  atAll(group, func(a *ast.Argument) *ast.Position { return a.Position }),
				Extensions: Object{{"code", "argumentNotUnique"}, {"name", group[0].Name}},
			})
		}
	}
}

func (v *validator) argument(o argumentOwner, a argument) {
	v.within(a.name, func() {
		definition := o.accepted(a.name)
		if definition == nil {
			v.argumentIsUndefined(o, a)
			return
		}
		v.variableFits(a, definition)
		v.values(a.value, definition.Type)
		v.literalFits(o, a, definition)
	})
}

func (v *validator) argumentIsUndefined(o argumentOwner, a argument) {
	var names []string
	for _, d := range o.accepts {
		names = append(names, d.Name)
	}
	v.add(&Error{
		Message: fmt.Sprintf("%s '%s' doesn't accept argument '%s'%s", o.kind, o.shown, a.name,
			didYouMean(a.name, names)),
		Locations: ats(a.position),
		Extensions: Object{
			{"code", "argumentNotAccepted"}, {"name", o.shown}, {"typeName", o.kind}, {"argumentName", a.name},
		},
	})
}

// values walks through what an argument holds: input objects and variables, also in lists.
func (v *validator) values(value *ast.Value, t *ast.Type) {
	switch value.Kind {
	case ast.Variable:
		v.usages.use(value, v.path)
	case ast.ListValue:
		item := t
		if t.Elem != nil {
			item = t.Elem
		}
		for i, child := range value.Children {
			if child.Value.Kind == ast.ObjectValue {
				v.within(i, func() { v.values(child.Value, item) })
			} else {
				v.values(child.Value, item)
			}
		}
	case ast.ObjectValue:
		if d := v.schema.typeOf(t); d != nil && d.Kind == ast.InputObject {
			v.inputObject(value, d)
		}
	}
}

func (v *validator) inputObject(value *ast.Value, t *ast.Definition) {
	o := inputOwner(t, value)
	for _, a := range o.required() {
		if childOf(value, a.Name) == nil {
			v.add(&Error{
				Message: fmt.Sprintf("Argument '%s' on InputObject '%s' is required. Expected type %s", a.Name, t.Name,
					a.Type),
				Locations: ats(value.Position), Path: append(slices.Clone(v.path), a.Name),
				Extensions: Object{
					{"code", "missingRequiredInputObjectAttribute"},
					{"argumentName", a.Name},
					{"argumentType", a.Type.String()},
					{"inputObjectType", t.Name},
				},
			})
		}
	}
	for _, group := range grouped(value.Children, func(c *ast.ChildValue) string { return c.Name }) {
		if len(group) > 1 {
			v.add(&Error{
				Message:    fmt.Sprintf("There can be only one input field named %q", group[0].Name),
				Locations:  atAll(group, func(c *ast.ChildValue) *ast.Position { return c.Position }),
				Extensions: Object{{"code", "inputFieldNotUnique"}, {"name", group[0].Name}},
			})
		}
	}
	for _, c := range value.Children {
		v.argument(o, argument{c.Name, c.Value, c.Position})
	}
}

func childOf(value *ast.Value, name string) *ast.Value {
	for _, c := range value.Children {
		if c.Name == name {
			return c.Value
		}
	}
	return nil
}

// literalFits wants a value that is written out to be of its type, unless something inside of it is known to be wrong.
func (v *validator) literalFits(o argumentOwner, a argument, d *ast.ArgumentDefinition) {
	if a.value.Kind == ast.Variable || v.toldBelow() {
		return
	}
	problems, fits := v.schema.checkLiteral(a.value, d.Type)
	if fits {
		return
	}
	e := &Error{
		Message: fmt.Sprintf("Argument '%s' on %s '%s' has an invalid value (%s). Expected type '%s'.", a.name, o.kind,
			o.shown, printed(a.value), d.Type),
		Locations: ats(o.position),
		Extensions: Object{
			{"code", "argumentLiteralsIncompatible"}, {"typeName", o.kind}, {"argumentName", a.name},
		},
	}
	if len(problems) > 0 && problems[0].message != "" {
		e.Message = problems[0].message
		e.Extensions = Object{{"code", "argumentLiteralsIncompatible"}, {"typeName", "CoercionError"}}
	}
	v.add(e)
}

// toldBelow says whether there is an error at the place that was reached, or below it.
func (v *validator) toldBelow() bool {
	return slices.ContainsFunc(v.errors, func(e *Error) bool {
		return len(e.Path) >= len(v.path) && slices.Equal(e.Path[:len(v.path)], v.path)
	})
}

func (v *validator) directivesAreUnique(directives ast.DirectiveList) {
	first := map[string]*ast.Directive{}
	told := map[string]*Error{}
	for _, d := range directives {
		switch definition := v.schema.directives[d.Name]; {
		case first[d.Name] == nil:
			if definition == nil || !definition.IsRepeatable {
				first[d.Name] = d
			}
		case told[d.Name] == nil:
			told[d.Name] = &Error{
				Message:    fmt.Sprintf("The directive %q can only be used once at this location.", d.Name),
				Locations:  ats(first[d.Name].Position, d.Position),
				Extensions: Object{{"code", "directiveNotUniqueForLocation"}, {"directiveName", d.Name}},
			}
			v.add(told[d.Name])
		default:
			told[d.Name].Locations = append(told[d.Name].Locations, at(d.Position))
		}
	}
}

func (v *validator) directives(directives ast.DirectiveList, where ast.DirectiveLocation) {
	for _, d := range directives {
		definition := v.schema.directives[d.Name]
		if definition == nil {
			v.directiveIsUndefined(d)
			continue
		}
		v.directiveIsInPlace(d, definition, where)
		o := argumentOwner{"Directive", d.Name, d.Name, d.Position, definition.Arguments}
		v.requiredArguments(o, d.Arguments)
		v.argumentNamesAreUnique(d.Arguments)
		for _, a := range d.Arguments {
			v.argument(o, argumentOf(a))
		}
	}
}

func (v *validator) directiveIsUndefined(d *ast.Directive) {
	if e := v.undefined[d.Name]; e != nil {
		e.Locations = append(e.Locations, at(d.Position))
		return
	}
	v.undefined[d.Name] = &Error{
		Message:    fmt.Sprintf("Directive @%s is not defined%s", d.Name, didYouMean(d.Name, v.schema.named)),
		Locations:  ats(d.Position),
		Extensions: Object{{"code", "undefinedDirective"}, {"directiveName", d.Name}},
	}
	v.add(v.undefined[d.Name])
}

// locationNames are the words for the places of directives.
var locationNames = map[ast.DirectiveLocation]string{
	ast.LocationQuery: "queries", ast.LocationMutation: "mutations", ast.LocationSubscription: "subscriptions",
	ast.LocationField: "fields", ast.LocationFragmentDefinition: "fragment definitions",
	ast.LocationFragmentSpread: "fragment spreads", ast.LocationInlineFragment: "inline fragments",
	ast.LocationVariableDefinition: "variable definitions",
}

func (v *validator) directiveIsInPlace(d *ast.Directive, definition *ast.DirectiveDefinition,
	where ast.DirectiveLocation,
) {
	if slices.Contains(definition.Locations, where) {
		return
	}
	var allowed []string
	for _, l := range definition.Locations {
		allowed = append(allowed, locationNames[l])
	}
	v.add(&Error{
		Message: fmt.Sprintf("'@%s' can't be applied to %s (allowed: %s)", d.Name, locationNames[where],
			strings.Join(allowed, ", ")),
		Locations: ats(d.Position),
		Extensions: Object{
			{"code", "directiveCannotBeApplied"}, {"targetName", locationNames[where]}, {"name", d.Name},
		},
	})
}
