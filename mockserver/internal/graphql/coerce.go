package graphql

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Scalar makes a value of a scalar type out of what a document or a variable gives: a string, a bool, an int64 or a
// float64. A nil value says that it cannot be one; an error says so in its own words.
type Scalar func(given any) (value any, err error)

// problem is one thing that is wrong with a value.
type problem struct {
	path        []any // to it, from the variable
	explanation string
	message     string // where the scalar has its own words
}

func (p problem) object() Object {
	path := p.path
	if path == nil {
		path = []any{}
	}
	o := Object{{"path", path}, {"explanation", p.explanation}}
	if p.message != "" {
		o = append(o, Member{"message", p.message})
	}
	return o
}

// below are the problems of a member of a list or an object.
func under(name any, problems []problem) []problem {
	for i := range problems {
		problems[i].path = append([]any{name}, problems[i].path...)
	}
	return problems
}

var builtInScalars = map[string]Scalar{
	"String":  only[string],
	"Boolean": only[bool],
	"ID": func(given any) (any, error) {
		if n, ok := given.(int64); ok {
			return strconv.FormatInt(n, 10), nil
		}
		return only[string](given)
	},
	"Int": func(given any) (any, error) {
		if n, ok := given.(int64); ok && n <= math.MaxInt32 && n >= math.MinInt32 {
			return n, nil
		}
		return nil, nil
	},
	"Float": func(given any) (any, error) {
		if n, ok := given.(int64); ok {
			return float64(n), nil
		}
		return only[float64](given)
	},
}

// only takes values of a type and no others.
func only[T any](given any) (any, error) {
	if _, ok := given.(T); ok {
		return given, nil
	}
	return nil, nil
}

// coerceScalar makes a value of a scalar type.
func (s *Schema) coerceScalar(name string, given any) (any, *problem) {
	coerce := builtInScalars[name]
	if own, ok := s.scalars[name]; ok {
		coerce = own
	}
	if coerce == nil {
		coerce = builtInScalars["String"]
	}
	value, err := coerce(goNumber(given))
	switch {
	case err != nil:
		return nil, &problem{explanation: err.Error(), message: err.Error()}
	case value == nil:
		return nil, &problem{explanation: fmt.Sprintf("Could not coerce value %s to %s", serialized(given), name)}
	}
	return value, nil
}

// goNumber makes a Go number of one that is written.
func goNumber(given any) any {
	n, ok := given.(json.Number)
	if !ok {
		return given
	}
	if i, err := strconv.ParseInt(n.String(), 10, 64); err == nil {
		return i
	}
	f, _ := n.Float64()
	return f
}

// literal is the value that is written out, without variables; false if it holds any.
func literal(v *ast.Value) (any, bool) {
	switch v.Kind {
	case ast.Variable:
		return nil, false
	case ast.IntValue, ast.FloatValue:
		return json.Number(v.Raw), true
	case ast.StringValue, ast.BlockValue, ast.EnumValue:
		return v.Raw, true
	case ast.BooleanValue:
		return v.Raw == "true", true
	case ast.ListValue:
		list := []any{}
		for _, c := range v.Children {
			item, ok := literal(c.Value)
			if !ok {
				return nil, false
			}
			list = append(list, item)
		}
		return list, true
	case ast.ObjectValue:
		object := Object{}
		for _, c := range v.Children {
			item, ok := literal(c.Value)
			if !ok {
				return nil, false
			}
			object = append(object, Member{c.Name, item})
		}
		return object, true
	}
	return nil, true
}

// checkLiteral says whether a value that is written out is of a type. Of what is wrong it tells the first.
func (s *Schema) checkLiteral(v *ast.Value, t *ast.Type) (problems []problem, fits bool) {
	switch {
	case v.Kind == ast.NullValue:
		return nil, !t.NonNull
	case t.Elem != nil:
		items := []*ast.Value{v}
		if v.Kind == ast.ListValue {
			items = nil
			for _, c := range v.Children {
				items = append(items, c.Value)
			}
		}
		for _, item := range items {
			if problems, fits := s.checkLiteral(item, t.Elem); !fits {
				return problems, false
			}
		}
		return nil, true
	case v.Kind == ast.Variable:
		return nil, true
	}
	d := s.typeOf(t)
	switch {
	case d.Kind == ast.Scalar:
		return s.checkScalar(v, d)
	case d.Kind == ast.Enum:
		return nil, v.Kind == ast.EnumValue && d.EnumValues.ForName(v.Raw) != nil
	case d.Kind == ast.InputObject && v.Kind == ast.ObjectValue:
		return s.checkObject(v, d)
	}
	return nil, false
}

func (s *Schema) checkScalar(v *ast.Value, d *ast.Definition) ([]problem, bool) {
	value, constant := literal(v)
	if !constant || v.Kind == ast.EnumValue {
		return nil, false
	}
	if _, wrong := s.coerceScalar(d.Name, value); wrong != nil {
		return []problem{*wrong}, false
	}
	return nil, true
}

func (s *Schema) checkObject(v *ast.Value, d *ast.Definition) ([]problem, bool) {
	for _, f := range d.Fields {
		if f.Type.NonNull && f.DefaultValue == nil && childOf(v, f.Name) == nil {
			return nil, false
		}
	}
	for _, c := range v.Children {
		f := d.Fields.ForName(c.Name)
		if f == nil {
			return nil, false
		}
		if problems, fits := s.checkLiteral(c.Value, f.Type); !fits {
			return problems, false
		}
	}
	return nil, true
}

// variables checks what was given for the variables of an operation, and gives those that have a value.
func (s *Schema) variables(o *ast.OperationDefinition, given Object) (map[string]any, []*Error) {
	values := map[string]any{}
	var errs []*Error
	for _, d := range o.VariableDefinitions {
		if len(errs) >= mostErrors {
			errs = append(errs, tooManyErrors())
			break
		}
		value, isGiven := given.Get(d.Variable)
		coerced, problems := s.coerce(value, d.Type)
		switch {
		case len(problems) > 0:
			errs = append(errs, variableError(d, value, problems))
		case isGiven:
			values[d.Variable] = coerced
		case d.DefaultValue != nil:
			values[d.Variable] = s.valueOf(d.DefaultValue, d.Type, nil)
		}
	}
	return values, errs
}

func tooManyErrors() *Error {
	const message = "Too many errors processing variables, max validation error limit reached. Execution aborted"
	return &Error{Message: message, Extensions: Object{
		{"value", nil}, {"problems", []Object{problem{explanation: message}.object()}},
	}}
}

func variableError(d *ast.VariableDefinition, value any, problems []problem) *Error {
	message := fmt.Sprintf("Variable $%s of type %s was provided invalid value", d.Variable, d.Type)
	var told []string
	list := make([]Object, len(problems))
	for i, p := range problems {
		list[i] = p.object()
		if len(p.path) > 0 {
			told = append(told, pathText(p.path)+" ("+p.explanation+")")
		}
	}
	if len(told) > 0 {
		message += " for " + strings.Join(told, ", ")
	}
	return &Error{
		Message: message, Locations: ats(d.Position),
		Extensions: Object{{"value", value}, {"problems", list}},
	}
}

func pathText(path []any) string {
	var parts []string
	for _, p := range path {
		parts = append(parts, fmt.Sprint(p))
	}
	return strings.Join(parts, ".")
}

// coerce makes a value of a type out of what was given for a variable.
func (s *Schema) coerce(given any, t *ast.Type) (any, []problem) {
	if given == nil {
		if t.NonNull {
			return nil, []problem{{explanation: "Expected value to not be null"}}
		}
		return nil, nil
	}
	if t.Elem != nil {
		return s.coerceList(given, t.Elem)
	}
	switch d := s.typeOf(t); d.Kind {
	case ast.InputObject:
		return s.coerceObject(given, d)
	case ast.Enum:
		name, _ := given.(string)
		if d.EnumValues.ForName(name) == nil {
			return nil, []problem{{explanation: fmt.Sprintf("Expected %s to be one of: %s", serialized(given),
				strings.Join(enumNames(d), ", "))}}
		}
		return name, nil
	default:
		value, wrong := s.coerceScalar(d.Name, given)
		if wrong != nil {
			return nil, []problem{*wrong}
		}
		return value, nil
	}
}

func enumNames(d *ast.Definition) []string {
	var names []string
	for _, v := range d.EnumValues {
		names = append(names, v.Name)
	}
	return names
}

func (s *Schema) coerceList(given any, item *ast.Type) (any, []problem) {
	items, isList := given.([]any)
	if !isList {
		items = []any{given}
	}
	values := make([]any, len(items))
	var problems []problem
	for i, one := range items {
		value, wrong := s.coerce(one, item)
		values[i] = value
		problems = append(problems, under(i, wrong)...)
	}
	return values, problems
}

func (s *Schema) coerceObject(given any, d *ast.Definition) (any, []problem) {
	object, isObject := given.(Object)
	if !isObject {
		return nil, []problem{{explanation: "Expected " + jsonText(given) + " to be a key-value object."}}
	}
	values := map[string]any{}
	var problems []problem
	for _, m := range object {
		f := d.Fields.ForName(m.Name)
		if f == nil {
			problems = append(problems, problem{
				path: []any{m.Name}, explanation: "Field is not defined on " + d.Name,
			})
			continue
		}
		value, wrong := s.coerce(m.Value, f.Type)
		values[m.Name] = value
		problems = append(problems, under(m.Name, wrong)...)
	}
	for _, f := range d.Fields {
		if _, is := object.Get(f.Name); is {
			continue
		}
		switch {
		case f.DefaultValue != nil:
			values[f.Name] = s.valueOf(f.DefaultValue, f.Type, nil)
		case f.Type.NonNull:
			problems = append(problems, problem{
				path: []any{f.Name}, explanation: "Expected value to not be null",
			})
		}
	}
	return values, problems
}

// valueOf is the value that is written out for a type, where it was found to fit. What a variable gives is of its type
// already.
func (s *Schema) valueOf(v *ast.Value, t *ast.Type, variables map[string]any) any {
	switch {
	case v.Kind == ast.NullValue:
		return nil
	case v.Kind == ast.Variable:
		return variables[v.Raw]
	case t.Elem != nil:
		items := []any{}
		if v.Kind != ast.ListValue {
			return append(items, s.valueOf(v, t.Elem, variables))
		}
		for _, c := range v.Children {
			items = append(items, s.valueOf(c.Value, t.Elem, variables))
		}
		return items
	}
	d := s.typeOf(t)
	if d.Kind == ast.InputObject {
		return s.objectOf(v, d, variables)
	}
	given, _ := literal(v)
	if d.Kind == ast.Enum {
		return given
	}
	value, _ := s.coerceScalar(d.Name, given)
	return value
}

func (s *Schema) objectOf(v *ast.Value, d *ast.Definition, variables map[string]any) any {
	values := map[string]any{}
	for _, f := range d.Fields {
		c := childOf(v, f.Name)
		if c != nil && c.Kind == ast.Variable {
			if value, given := variables[c.Raw]; given {
				values[f.Name] = value
				continue
			}
			c = nil
		}
		switch {
		case c != nil:
			values[f.Name] = s.valueOf(c, f.Type, variables)
		case f.DefaultValue != nil:
			values[f.Name] = s.valueOf(f.DefaultValue, f.Type, nil)
		}
	}
	return values
}

// printed writes a value as graphql-ruby prints it.
func printed(v *ast.Value) string {
	switch v.Kind {
	case ast.Variable:
		return "$" + v.Raw
	case ast.StringValue, ast.BlockValue:
		return jsonText(v.Raw)
	case ast.ListValue:
		return "[" + strings.Join(printedChildren(v), ", ") + "]"
	case ast.ObjectValue:
		return "{" + strings.Join(printedChildren(v), ", ") + "}"
	}
	return v.Raw
}

func printedChildren(v *ast.Value) []string {
	var parts []string
	for _, c := range v.Children {
		text := printed(c.Value)
		if v.Kind == ast.ObjectValue {
			text = c.Name + ": " + text
		}
		parts = append(parts, text)
	}
	return slices.Clip(parts)
}
