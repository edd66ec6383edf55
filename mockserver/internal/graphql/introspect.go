package graphql

import (
	"maps"

	"github.com/vektah/gqlparser/v2/ast"
)

// introspection resolves the fields that tell of the schema, by Type.field, and at the root by their name.
var introspection map[string]Resolver

func init() { //nolint:gochecknoinits // the resolvers refer to each other through the map
	introspection = map[string]Resolver{}
	maps.Copy(introspection, typeResolvers())
	maps.Copy(introspection, memberResolvers())
}

// typeResolvers resolve the schema and its types.
func typeResolvers() map[string]Resolver {
	return map[string]Resolver{
		"__schema": func(c Call) (any, error) { return c.query.service.Schema, nil },
		"__type": func(c Call) (any, error) {
			name, _ := c.Args["name"].(string)
			return c.named(name), nil
		},

		"__Schema.description":      null,
		"__Schema.subscriptionType": null,
		"__Schema.queryType":        func(c Call) (any, error) { return c.root(ast.Query), nil },
		"__Schema.mutationType":     func(c Call) (any, error) { return c.root(ast.Mutation), nil },
		"__Schema.types":            allTypes,
		"__Schema.directives":       allDirectives,

		"__Type.kind":           func(c Call) (any, error) { return kindOf(c.typed()), nil },
		"__Type.name":           ofDefinition(func(d *ast.Definition) any { return d.Name }),
		"__Type.description":    ofDefinition(func(d *ast.Definition) any { return textOrNull(d.Description) }),
		"__Type.specifiedByURL": null,
		"__Type.isOneOf":        func(Call) (any, error) { return false, nil },
		"__Type.fields":         fieldsOf,
		"__Type.inputFields":    inputFieldsOf,
		"__Type.interfaces":     interfacesOf,
		"__Type.possibleTypes":  null,
		"__Type.enumValues":     enumValuesOf,
		"__Type.ofType":         innerType,
	}
}

// memberResolvers resolve what types and directives consist of.
func memberResolvers() map[string]Resolver {
	return map[string]Resolver{
		"__Field.name":              ofField(func(f *ast.FieldDefinition) any { return f.Name }),
		"__Field.description":       ofField(func(f *ast.FieldDefinition) any { return textOrNull(f.Description) }),
		"__Field.isDeprecated":      ofField(func(f *ast.FieldDefinition) any { return reason(f.Directives) != nil }),
		"__Field.deprecationReason": ofField(func(f *ast.FieldDefinition) any { return reason(f.Directives) }),
		"__Field.type": func(c Call) (any, error) {
			return c.wrapped(c.Source.(*ast.FieldDefinition).Type), nil
		},
		"__Field.args": func(c Call) (any, error) {
			return inputs(c.Source.(*ast.FieldDefinition).Arguments), nil
		},

		"__InputValue.name": ofInput(func(a *ast.ArgumentDefinition) any { return a.Name }),
		"__InputValue.description": ofInput(func(a *ast.ArgumentDefinition) any {
			return textOrNull(
				a.Description)
		}),
		"__InputValue.isDeprecated":      ofInput(func(*ast.ArgumentDefinition) any { return false }),
		"__InputValue.deprecationReason": null,
		"__InputValue.type": func(c Call) (any, error) {
			return c.wrapped(c.Source.(*ast.ArgumentDefinition).Type), nil
		},
		"__InputValue.defaultValue": ofInput(func(a *ast.ArgumentDefinition) any {
			if a.DefaultValue == nil {
				return nil
			}
			return printed(a.DefaultValue)
		}),

		"__EnumValue.name": ofEnumValue(func(v *ast.EnumValueDefinition) any { return v.Name }),
		"__EnumValue.description": ofEnumValue(func(v *ast.EnumValueDefinition) any {
			return textOrNull(
				v.Description)
		}),
		"__EnumValue.isDeprecated":      ofEnumValue(func(*ast.EnumValueDefinition) any { return false }),
		"__EnumValue.deprecationReason": null,

		"__Directive.name": ofDirective(func(d *ast.DirectiveDefinition) any { return d.Name }),
		"__Directive.description": ofDirective(func(d *ast.DirectiveDefinition) any {
			return textOrNull(
				d.Description)
		}),
		"__Directive.isRepeatable": ofDirective(func(d *ast.DirectiveDefinition) any { return d.IsRepeatable }),
		"__Directive.args":         ofDirective(func(d *ast.DirectiveDefinition) any { return inputs(d.Arguments) }),
		"__Directive.onField": ofDirective(func(d *ast.DirectiveDefinition) any {
			return takes(d,
				ast.LocationField)
		}),
		"__Directive.onFragment": ofDirective(func(d *ast.DirectiveDefinition) any {
			return takes(d,
				ast.LocationFragmentSpread)
		}),
		"__Directive.onOperation": ofDirective(func(d *ast.DirectiveDefinition) any {
			return takes(d,
				ast.LocationQuery)
		}),
		"__Directive.locations": ofDirective(func(d *ast.DirectiveDefinition) any {
			list := make([]any, len(d.Locations))
			for i, l := range d.Locations {
				list[i] = string(l)
			}
			return list
		}),
	}
}

// typed is a type as introspection shows it: one by its name, or one around another.
type typed struct {
	named *ast.Definition
	kind  string // LIST or NON_NULL where it is around another
	inner *ast.Type
}

func null(Call) (any, error) { return nil, nil }

func (c Call) typed() typed { return c.Source.(typed) }

// named finds a type by its name; nil if there is none.
func (c Call) named(name string) any {
	d := c.query.service.Schema.types[name]
	if d == nil {
		return nil
	}
	return typed{named: d}
}

func (c Call) root(o ast.Operation) any {
	d := c.query.service.Schema.roots[o]
	if d == nil {
		return nil
	}
	return typed{named: d}
}

func (c Call) wrapped(t *ast.Type) any {
	switch {
	case t.NonNull:
		return typed{kind: "NON_NULL", inner: nullable(t)}
	case t.Elem != nil:
		return typed{kind: "LIST", inner: t.Elem}
	}
	return c.named(t.NamedType)
}

func kindOf(t typed) string {
	if t.named == nil {
		return t.kind
	}
	return string(t.named.Kind)
}

func innerType(c Call) (any, error) {
	t := c.typed()
	if t.inner == nil {
		return nil, nil
	}
	return c.wrapped(t.inner), nil
}

func allTypes(c Call) (any, error) {
	s := c.query.service.Schema
	list := make([]any, len(s.order))
	for i, name := range s.order {
		list[i] = typed{named: s.types[name]}
	}
	return list, nil
}

func allDirectives(c Call) (any, error) {
	s := c.query.service.Schema
	list := make([]any, len(s.named))
	for i, name := range s.named {
		list[i] = s.directives[name]
	}
	return list, nil
}

// fieldsOf lists the fields of an object, the deprecated ones only where they are asked for.
func fieldsOf(c Call) (any, error) {
	d := c.typed().named
	if d == nil || d.Kind != ast.Object {
		return nil, nil
	}
	list := []any{}
	for _, f := range d.Fields {
		if reason(f.Directives) == nil || c.Args["includeDeprecated"] == true {
			list = append(list, f)
		}
	}
	return list, nil
}

func inputFieldsOf(c Call) (any, error) {
	d := c.typed().named
	if d == nil || d.Kind != ast.InputObject {
		return nil, nil
	}
	return inputs(inputOwner(d, &ast.Value{}).accepts), nil
}

func interfacesOf(c Call) (any, error) {
	if d := c.typed().named; d == nil || d.Kind != ast.Object {
		return nil, nil
	}
	return []any{}, nil
}

func enumValuesOf(c Call) (any, error) {
	d := c.typed().named
	if d == nil || d.Kind != ast.Enum {
		return nil, nil
	}
	list := make([]any, len(d.EnumValues))
	for i, v := range d.EnumValues {
		list[i] = v
	}
	return list, nil
}

func inputs(list ast.ArgumentDefinitionList) []any {
	values := make([]any, len(list))
	for i, a := range list {
		values[i] = a
	}
	return values
}

func ofDefinition(value func(*ast.Definition) any) Resolver {
	return func(c Call) (any, error) {
		if d := c.typed().named; d != nil {
			return value(d), nil
		}
		return nil, nil
	}
}

func ofField(value func(*ast.FieldDefinition) any) Resolver {
	return func(c Call) (any, error) { return value(c.Source.(*ast.FieldDefinition)), nil }
}

func ofInput(value func(*ast.ArgumentDefinition) any) Resolver {
	return func(c Call) (any, error) { return value(c.Source.(*ast.ArgumentDefinition)), nil }
}

func ofEnumValue(value func(*ast.EnumValueDefinition) any) Resolver {
	return func(c Call) (any, error) { return value(c.Source.(*ast.EnumValueDefinition)), nil }
}

func ofDirective(value func(*ast.DirectiveDefinition) any) Resolver {
	return func(c Call) (any, error) { return value(c.Source.(*ast.DirectiveDefinition)), nil }
}

func textOrNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// reason is why something is deprecated; nil if it is not.
func reason(directives ast.DirectiveList) any {
	d := directives.ForName("deprecated")
	if d == nil {
		return nil
	}
	if a := d.Arguments.ForName("reason"); a != nil {
		return a.Value.Raw
	}
	return "No longer supported"
}

func takes(d *ast.DirectiveDefinition, where ast.DirectiveLocation) bool {
	for _, l := range d.Locations {
		if l == where {
			return true
		}
	}
	return false
}
