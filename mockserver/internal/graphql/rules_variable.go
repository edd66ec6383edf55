package graphql

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// usages are the variables of an operation or a fragment, in the order in which they were met.
type usages struct {
	in       any // the definition
	name     string
	kind     string // of an operation
	position *ast.Position
	names    []string
	byName   map[string]*usage
	spreads  []string // fragments that it spreads
}

// usage is one variable.
type usage struct {
	declared bool
	used     bool
	by       string // who uses it, by name
	position *ast.Position
	path     []any
}

func (v *validator) collect(in any, name, kind string) *usages {
	u := &usages{in: in, name: name, kind: kind, byName: map[string]*usage{}}
	if o, ok := in.(*ast.OperationDefinition); ok {
		u.position = o.Position
	}
	v.collected[in] = u
	return u
}

func (u *usages) of(name string) *usage {
	if u.byName[name] == nil {
		u.byName[name] = &usage{}
		u.names = append(u.names, name)
	}
	return u.byName[name]
}

// shown is how messages call the definition.
func (u *usages) shown() string {
	if u.name == "" {
		return "anonymous " + u.kind
	}
	return u.name
}

func (u *usages) declare(o *ast.OperationDefinition, path []any) {
	for _, d := range o.VariableDefinitions {
		one := u.of(d.Variable)
		one.declared, one.path = true, slices.Clone(path)
	}
}

func (u *usages) use(value *ast.Value, path []any) {
	one := u.of(value.Raw)
	one.used, one.by, one.position, one.path = true, u.shown(), value.Position, slices.Clone(path)
}

// variablesAreUsed wants each variable of an operation to be declared and used, in it or in the fragments that it
// spreads.
func (v *validator) variablesAreUsed() {
	for _, o := range v.document.Operations {
		u := v.collected[o]
		v.follow(u, u, map[string]bool{})
		for _, name := range u.names {
			if one := u.byName[name]; one.declared && !one.used {
				v.variableError(fmt.Sprintf("Variable $%s is declared by %s but not used", name, u.shown()),
					"variableNotUsed", name, one.path, u.position)
			}
		}
		for _, name := range u.names {
			if one := u.byName[name]; one.used && !one.declared {
				v.variableError(fmt.Sprintf("Variable $%s is used by %s but not declared", name, one.by),
					"variableNotDefined", name, one.path, one.position)
			}
		}
	}
}

func (v *validator) variableError(message, code, name string, path []any, p *ast.Position) {
	v.add(&Error{
		Message: message, Locations: ats(p), Path: path,
		Extensions: Object{{"code", code}, {"variableName", name}},
	})
}

// follow adds what spread fragments use.
func (v *validator) follow(of, in *usages, seen map[string]bool) {
	for _, name := range in.spreads {
		f := v.document.Fragments.ForName(name)
		if f == nil || seen[name] {
			continue
		}
		seen[name] = true
		inner := v.collected[f]
		for _, variable := range inner.names {
			if used := inner.byName[variable]; used.used {
				one := of.of(variable)
				one.used, one.by, one.position, one.path = true, used.by, used.position, used.path
			}
		}
		v.follow(of, inner, seen)
	}
}

func (v *validator) variableNamesAreUnique(o *ast.OperationDefinition) {
	list := o.VariableDefinitions
	for _, group := range grouped(list, func(d *ast.VariableDefinition) string { return d.Variable }) {
		if len(group) > 1 {
			v.add(&Error{
				Message:    fmt.Sprintf("There can only be one variable named %q", group[0].Variable),
				Locations:  atAll(group, func(d *ast.VariableDefinition) *ast.Position { return d.Position }),
				Extensions: Object{{"code", "variableNotUnique"}, {"variableName", group[0].Variable}},
			})
		}
	}
}

// variable looks at the declaration of a variable.
func (v *validator) variable(d *ast.VariableDefinition) {
	name := d.Type.Name()
	t := v.schema.types[name]
	extensions := Object{
		{"code", "variableRequiresValidType"}, {"typeName", name}, {"variableName", d.Variable},
	}
	switch {
	case t == nil:
		v.add(&Error{
			Message: fmt.Sprintf("%s isn't a defined input type (on $%s)%s", name, d.Variable,
				didYouMean(name, v.schema.namesOf(isInput))),
			Locations: ats(d.Position), Extensions: extensions,
		})
	case !isInput(t):
		v.add(&Error{
			Message:   fmt.Sprintf("%s isn't a valid input type (on $%s)", name, d.Variable),
			Locations: ats(d.Position), Extensions: extensions,
		})
	}
	if d.DefaultValue != nil && t != nil {
		v.defaultFits(d)
	}
	v.directives(d.Directives, ast.LocationVariableDefinition)
}

func (v *validator) defaultFits(d *ast.VariableDefinition) {
	problems, fits := v.schema.checkLiteral(d.DefaultValue, d.Type)
	if fits {
		return
	}
	message := fmt.Sprintf("Default value for $%s doesn't match type %s", d.Variable, d.Type)
	if len(problems) > 0 {
		message = problems[0].explanation
	}
	v.add(&Error{
		Message: message, Locations: ats(d.Position),
		Extensions: Object{
			{"code", "defaultValueInvalidType"}, {"variableName", d.Variable}, {"typeName", d.Type.String()},
		},
	})
}

// variableFits wants the variables that an argument holds to be of its type.
func (v *validator) variableFits(a argument, d *ast.ArgumentDefinition) {
	held := []*ast.Value{a.value}
	if a.value.Kind == ast.ListValue {
		held = nil
		for _, c := range a.value.Children {
			held = append(held, c.Value)
		}
	}
	for _, value := range held {
		declared := v.variables.ForName(value.Raw)
		if value.Kind != ast.Variable || declared == nil || v.schema.typeOf(declared.Type) == nil {
			continue
		}
		v.usageFits(a, d, declared)
	}
}

func (v *validator) usageFits(a argument, d *ast.ArgumentDefinition, declared *ast.VariableDefinition) {
	given, wanted := declared.Type, d.Type
	if declared.DefaultValue != nil && !given.NonNull {
		required := *given
		required.NonNull = true
		given = &required
	}
	if d.DefaultValue != nil {
		wanted = nullable(wanted)
	}
	for range listDepth(a.value) {
		given = ast.NonNullListType(given, given.Position)
	}
	problem := ""
	switch {
	case given.Name() != wanted.Name():
		problem = "Type mismatch"
	case listsOf(given) != listsOf(wanted):
		problem = "List dimension mismatch"
	case !nullsFit(wanted, given):
		problem = "Nullability mismatch"
	default:
		return
	}
	v.add(&Error{
		Message: fmt.Sprintf("%s on variable $%s and argument %s (%s / %s)", problem, declared.Variable, a.name, given,
			d.Type),
		Locations: ats(a.position),
		Extensions: Object{
			{"code", "variableMismatch"},
			{"variableName", declared.Variable},
			{"typeName", given.String()},
			{"argumentName", a.name},
			{"errorMessage", problem},
		},
	})
}

// listDepth is how many lists are around the items of a value.
func listDepth(value *ast.Value) int {
	if value.Kind != ast.ListValue {
		return 0
	}
	deepest := 0
	for _, c := range value.Children {
		deepest = max(deepest, listDepth(c.Value))
	}
	return 1 + deepest
}

func listsOf(t *ast.Type) int {
	if t.Elem == nil {
		return 0
	}
	return 1 + listsOf(t.Elem)
}

// nullsFit says whether a value of the type that is given can be where another one is wanted, as far as null goes.
func nullsFit(wanted, given *ast.Type) bool {
	if wanted.NonNull && !given.NonNull {
		return false
	}
	return wanted.Elem == nil || given.Elem == nil || nullsFit(wanted.Elem, given.Elem)
}
