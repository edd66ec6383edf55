// Package graphql runs GraphQL documents as graphql-ruby does, the library that GitLab is built on: with its order of
// validation, its words, its keys and its limits. Parsing is gqlparser's.
//
// It knows nothing of GitLab but how GitLab has set that library up. What there is to ask for comes from a [Schema],
// and what it is from the resolvers of a [Service].
package graphql

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/statuschecks/statuschecks/release"
)

// Schema is what a release lets callers ask for. It never changes.
type Schema struct {
	release    release.Version
	types      map[string]*ast.Definition
	order      []string // names of the types as the text has them
	directives map[string]*ast.DirectiveDefinition
	named      []string // names of the directives likewise
	roots      map[ast.Operation]*ast.Definition
	meta       map[string]*ast.FieldDefinition // what every root, or every object, has beside its own fields
	scalars    map[string]Scalar
	memory     *memory
}

// Parse reads a schema and cuts it down to a release: the directives since and until name the first and the last minor
// release that has a type, field, argument or enum value. The scalars are those that are more than text.
func Parse(text string, v release.Version, scalars map[string]Scalar) (*Schema, error) {
	document, err := parser.ParseSchemas(
		&ast.Source{Name: "graphql.graphqls", Input: text},
		&ast.Source{Name: "introspection", Input: introspectionText, BuiltIn: true},
	)
	if err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	s := &Schema{
		release: v, types: map[string]*ast.Definition{}, directives: map[string]*ast.DirectiveDefinition{},
		roots: map[ast.Operation]*ast.Definition{}, meta: map[string]*ast.FieldDefinition{},
		scalars: scalars, memory: newMemory(),
	}
	cut := &cutter{version: v}
	for _, d := range document.Definitions {
		if d = cut.definition(d); d != nil {
			s.types[d.Name], s.order = d, append(s.order, d.Name)
		}
	}
	for _, d := range document.Directives {
		if !slices.Contains([]string{sinceDirective, untilDirective, gitalyDirective, absentDirective}, d.Name) {
			s.directives[d.Name], s.named = d, append(s.named, d.Name)
		}
	}
	for _, root := range document.Schema {
		for _, o := range root.OperationTypes {
			s.roots[o.Operation] = s.types[o.Type]
		}
	}
	for _, f := range s.types["__Meta"].Fields {
		s.meta[f.Name] = f
	}
	delete(s.types, "__Meta")
	s.order = slices.DeleteFunc(s.order, func(name string) bool { return name == "__Meta" })
	if m := s.roots[ast.Mutation]; m != nil && len(m.Fields) == 0 {
		delete(s.roots, ast.Mutation)
	}
	return s, cut.err
}

// The directives of the schema's text that are about it and no part of it.
const (
	sinceDirective  = "since"
	untilDirective  = "until"
	gitalyDirective = "gitaly"
	absentDirective = "absent"
)

// cutter takes out what a release does not have.
type cutter struct {
	version release.Version
	err     error // the first release that cannot be read
}

func (c *cutter) definition(d *ast.Definition) *ast.Definition {
	if !c.has(d.Directives) {
		return nil
	}
	d.Fields = slices.DeleteFunc(d.Fields, func(f *ast.FieldDefinition) bool { return !c.has(f.Directives) })
	for _, f := range d.Fields {
		f.Arguments = slices.DeleteFunc(f.Arguments,
			func(a *ast.ArgumentDefinition) bool { return !c.has(a.Directives) })
	}
	d.EnumValues = slices.DeleteFunc(d.EnumValues, func(v *ast.EnumValueDefinition) bool {
		return !c.has(
			v.Directives)
	})
	return d
}

func (c *cutter) has(directives ast.DirectiveList) bool {
	since, until := c.release(directives, sinceDirective), c.release(directives, untilDirective)
	return c.version.Compare(since) >= 0 && (until == release.Version{} || c.version.Compare(until) <= 0)
}

func (c *cutter) release(directives ast.DirectiveList, name string) release.Version {
	d := directives.ForName(name)
	if d == nil {
		return release.Version{}
	}
	v, err := release.Parse(d.Arguments.ForName("release").Value.Raw)
	if err != nil && c.err == nil {
		c.err = fmt.Errorf("line %d of the schema: %w", d.Position.Line, err)
	}
	return v
}

// Fields lists all fields of all objects as Type.field, in the order of the schema, without those of introspection and
// of types that no object is of.
func (s *Schema) Fields() []string {
	var names []string
	for _, t := range s.order {
		if d := s.types[t]; d.Kind == ast.Object && !d.BuiltIn && d.Directives.ForName(absentDirective) == nil {
			for _, f := range d.Fields {
				names = append(names, t+"."+f.Name)
			}
		}
	}
	return names
}

// field finds what a selection in a type names; nil if there is nothing of the name.
func (s *Schema) field(parent *ast.Definition, name string) *ast.FieldDefinition {
	if parent == nil || parent.Kind != ast.Object {
		return nil
	}
	if f := parent.Fields.ForName(name); f != nil {
		return f
	}
	if name == "__typename" || parent == s.roots[ast.Query] {
		return s.meta[name]
	}
	return nil
}

// typeOf is the type that a reference names, whatever wraps it.
func (s *Schema) typeOf(t *ast.Type) *ast.Definition { return s.types[t.Name()] }

func isInput(d *ast.Definition) bool { return d.IsInputType() }

func isComposite(d *ast.Definition) bool { return d.IsCompositeType() }

// nullable is a type that also takes null.
func nullable(t *ast.Type) *ast.Type {
	plain := *t
	plain.NonNull = false
	return &plain
}

// WithoutIntrospection is the schema for callers who may not ask for it.
func (s *Schema) WithoutIntrospection() *Schema {
	plain := *s
	plain.memory = newMemory()
	plain.meta = map[string]*ast.FieldDefinition{"__typename": s.meta["__typename"]}
	return &plain
}

// WithoutDeprecated is the schema without what GitLab is about to remove.
func (s *Schema) WithoutDeprecated() *Schema {
	plain := *s
	plain.memory = newMemory()
	plain.types, plain.roots = map[string]*ast.Definition{}, map[ast.Operation]*ast.Definition{}
	for name, d := range s.types {
		cut := *d
		cut.Fields = nil
		for _, f := range d.Fields {
			if f.Directives.ForName("deprecated") == nil {
				cut.Fields = append(cut.Fields, f)
			}
		}
		plain.types[name] = &cut
	}
	for operation, d := range s.roots {
		if root := plain.types[d.Name]; len(root.Fields) > 0 {
			plain.roots[operation] = root
		}
	}
	return &plain
}
