package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/statuschecks/statuschecks/openapi"
)

// surface is the control surface as templates see it.
type surface struct {
	Operations []operation
	Schemas    []named
}

// operation is a method.
type operation struct {
	ID, Method, Path, Summary string
	Paths                     []string // parameters in the path
	Query                     []named
	Body                      *schema // nil if it takes none
	BodyNeeded                bool
	Result                    *schema // nil if there is nothing in the response
}

// Deciding tells whether an operation has a body or parameters that may be left out as a whole.
func (o operation) Deciding() bool { return o.Body != nil || len(o.Query) > 0 }

// named is a schema with a name.
type named struct {
	Name     string
	Required bool
	Schema   *schema
}

// schema is what templates need of one.
type schema struct {
	Ref, Type, Description string
	Nullable               bool
	Enum                   []any
	Items                  *schema
	Properties             []named
	Extra                  *schema // of any further property; nil if there is none
	OneOf                  []*schema
}

// tree is a document as it is written.
type tree struct{ root yaml.MapSlice }

func read(d *openapi.Document) (*surface, error) {
	written, err := d.YAML()
	if err != nil {
		return nil, err
	}
	var t tree
	if err := yaml.UnmarshalWithOptions(written, &t.root, yaml.UseOrderedMap()); err != nil {
		return nil, fmt.Errorf("read the control surface: %w", err)
	}
	s := &surface{}
	for _, o := range d.Operations() {
		s.Operations = append(s.Operations, t.operation(o))
	}
	for _, item := range object(t.at("components", "schemas")) {
		s.Schemas = append(s.Schemas, named{Name: item.Key.(string), Schema: t.schema(item.Value)})
	}
	return s, nil
}

func (t *tree) operation(o *openapi.Operation) operation {
	written := object(t.at("paths", o.Path, strings.ToLower(o.Method)))
	made := operation{ID: o.ID, Method: o.Method, Path: o.Path, Summary: text(get(written, "summary"))}
	for _, p := range list(get(written, "parameters")) {
		parameter := t.resolved(p)
		n := named{Name: text(get(parameter, "name")), Schema: t.schema(get(parameter, "schema"))}
		if text(get(parameter, "in")) == "path" {
			made.Paths = append(made.Paths, n.Name)
		} else {
			made.Query = append(made.Query, n)
		}
	}
	if body := object(get(written, "requestBody")); body != nil {
		made.BodyNeeded = get(body, "required") == true
		made.Body = t.schema(get(object(get(object(get(body, "content")), "application/json")), "schema"))
	}
	made.Result = t.result(written)
	return made
}

// result is what an operation gives when it works.
func (t *tree) result(written yaml.MapSlice) *schema {
	for _, response := range object(get(written, "responses")) {
		if !strings.HasPrefix(fmt.Sprint(response.Key), "2") {
			continue
		}
		content := object(get(t.resolved(response.Value), "content"))
		if content == nil {
			return nil
		}
		if json := get(content, "application/json"); json != nil {
			return t.schema(get(object(json), "schema"))
		}
		return t.schema(get(object(content[0].Value), "schema"))
	}
	return nil
}

func (t *tree) schema(written any) *schema {
	w := object(written)
	if ref := text(get(w, "$ref")); ref != "" {
		return &schema{Ref: path.Base(ref)}
	}
	s := &schema{
		Type: text(get(w, "type")), Description: text(get(w, "description")), Nullable: get(w, "nullable") == true,
		Enum: list(get(w, "enum")),
	}
	if items := get(w, "items"); items != nil {
		s.Items = t.schema(items)
	}
	var required []string
	for _, name := range list(get(w, "required")) {
		required = append(required, text(name))
	}
	for _, p := range object(get(w, "properties")) {
		name := text(p.Key)
		s.Properties = append(s.Properties, named{name, slices.Contains(required, name), t.schema(p.Value)})
	}
	switch extra := get(w, "additionalProperties").(type) {
	case bool:
		if extra {
			s.Extra = &schema{}
		}
	case yaml.MapSlice:
		s.Extra = t.schema(extra)
	}
	for _, one := range list(get(w, "oneOf")) {
		if choice := t.schema(one); choice.Type != "" || choice.Ref != "" {
			s.OneOf = append(s.OneOf, choice)
		}
	}
	return s
}

// resolved is a parameter or response, where need be what it refers to.
func (t *tree) resolved(written any) yaml.MapSlice {
	w := object(written)
	if ref := text(get(w, "$ref")); ref != "" {
		return object(t.at(strings.Split(strings.TrimPrefix(ref, "#/"), "/")...))
	}
	return w
}

func (t *tree) at(keys ...string) any {
	var found any = t.root
	for _, key := range keys {
		found = get(object(found), key)
	}
	return found
}

func get(m yaml.MapSlice, key string) any {
	for _, item := range m {
		if item.Key == key {
			return item.Value
		}
	}
	return nil
}

func object(v any) yaml.MapSlice {
	m, _ := v.(yaml.MapSlice)
	return m
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

func text(v any) string {
	s, _ := v.(string)
	return strings.Join(strings.Fields(s), " ")
}
