package openapi

import (
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"
)

// The functions below turn nodes into kin-openapi values directly. kin's own loader decodes every level of a document
// several times, which takes milliseconds per operation. Direct conversion takes microseconds, and a component is built
// only once for all operations. A test compares the result with that of the loader.

// schemaLocked builds the schema written in n. The caller holds d.mu.
func (d *Document) schemaLocked(n *node) *openapi3.SchemaRef {
	if n == nil {
		return nil
	}
	ref := n.str("$ref")
	if ref == "" {
		schema := &openapi3.Schema{}
		d.fillSchema(schema, n)
		return &openapi3.SchemaRef{Value: schema}
	}
	built := d.schemas[ref]
	if built == nil {
		// It is stored before it is filled, so that a schema may contain itself.
		built = &openapi3.SchemaRef{Ref: ref, Value: &openapi3.Schema{}}
		d.schemas[ref] = built
		if target := d.resolve(n); target != nil {
			d.fillSchema(built.Value, target)
		}
	}
	return built
}

func (d *Document) fillSchema(s *openapi3.Schema, n *node) {
	if kind := n.str("type"); kind != "" {
		s.Type = &openapi3.Types{kind}
	}
	s.Title, s.Format, s.Pattern = n.str("title"), n.str("format"), n.str("pattern")
	s.Nullable, s.UniqueItems = n.is("nullable"), n.is("uniqueItems")
	s.ReadOnly, s.WriteOnly, s.Deprecated = n.is("readOnly"), n.is("writeOnly"), n.is("deprecated")
	s.Required = n.get("required").texts()
	if enum := n.get("enum"); enum != nil {
		s.Enum, _ = enum.plain().([]any)
	}
	if value := n.get("default"); value != nil {
		s.Default = value.plain()
	}
	d.fillBounds(s, n)
	s.OneOf, s.AnyOf, s.AllOf = d.schemas3(n.get("oneOf")), d.schemas3(n.get("anyOf")), d.schemas3(n.get("allOf"))
	s.Not, s.Items = d.schemaLocked(n.get("not")), d.schemaLocked(n.get("items"))
	if properties := n.get("properties"); properties != nil {
		s.Properties = make(openapi3.Schemas, len(properties.members))
		for _, m := range properties.members {
			s.Properties[m.name] = d.schemaLocked(m.value)
		}
	}
	switch more := n.get("additionalProperties"); {
	case more == nil:
	case more.kind == boolNode:
		allowed := more.text == "true"
		s.AdditionalProperties.Has = &allowed
	default:
		s.AdditionalProperties.Schema = d.schemaLocked(more)
	}
}

func (d *Document) fillBounds(s *openapi3.Schema, n *node) {
	s.Min, s.Max, s.MultipleOf = n.float("minimum"), n.float("maximum"), n.float("multipleOf")
	s.MaxLength, s.MaxItems, s.MaxProps = n.count("maxLength"), n.count("maxItems"), n.count("maxProperties")
	for name, target := range map[string]*uint64{
		"minLength": &s.MinLength, "minItems": &s.MinItems, "minProperties": &s.MinProps,
	} {
		if value := n.count(name); value != nil {
			*target = *value
		}
	}
	for name, target := range map[string]*openapi3.ExclusiveBound{
		"exclusiveMinimum": &s.ExclusiveMin, "exclusiveMaximum": &s.ExclusiveMax,
	} {
		if n.is(name) {
			exclusive := true
			target.Bool = &exclusive
		}
	}
}

func (d *Document) schemas3(list *node) openapi3.SchemaRefs {
	if list == nil {
		return nil
	}
	refs := make(openapi3.SchemaRefs, 0, len(list.items))
	for _, item := range list.items {
		refs = append(refs, d.schemaLocked(item))
	}
	return refs
}

func (n *node) float(name string) *float64 {
	value := n.get(name)
	if value == nil || value.kind != numberNode {
		return nil
	}
	number, err := strconv.ParseFloat(value.text, 64)
	if err != nil {
		return nil
	}
	return &number
}

func (n *node) count(name string) *uint64 {
	value := n.get(name)
	if value == nil || value.kind != numberNode {
		return nil
	}
	number, err := strconv.ParseUint(value.text, 10, 63)
	if err != nil {
		return nil
	}
	return &number
}

// plain returns the value as encoding/json would decode it into any.
func (n *node) plain() any {
	switch n.kind {
	case objectNode:
		values := make(map[string]any, len(n.members))
		for _, m := range n.members {
			values[m.name] = m.value.plain()
		}
		return values
	case arrayNode:
		values := make([]any, 0, len(n.items))
		for _, item := range n.items {
			values = append(values, item.plain())
		}
		return values
	case stringNode:
		return n.text
	case boolNode:
		return n.text == "true"
	case numberNode:
		number, _ := strconv.ParseFloat(n.text, 64)
		return number
	}
	return nil
}

// operationLocked builds what kin needs to check requests.
func (d *Document) operationLocked(n *node) *openapi3.Operation {
	operation := &openapi3.Operation{OperationID: n.str("operationId"), Responses: openapi3.NewResponses()}
	if parameters := n.get("parameters"); parameters != nil {
		for _, item := range parameters.items {
			if parameter := d.parameter3(d.resolve(item)); parameter != nil {
				operation.Parameters = append(operation.Parameters, &openapi3.ParameterRef{Value: parameter})
			}
		}
	}
	if body := d.resolve(n.get("requestBody")); body != nil {
		operation.RequestBody = &openapi3.RequestBodyRef{Value: &openapi3.RequestBody{
			Required: body.is("required"),
			Content:  d.content3(body.get("content")),
		}}
	}
	return operation
}

func (d *Document) parameter3(n *node) *openapi3.Parameter {
	if n == nil {
		return nil
	}
	parameter := &openapi3.Parameter{
		Name: n.str("name"), In: n.str("in"), Style: n.str("style"),
		Required: n.is("required"), AllowEmptyValue: n.is("allowEmptyValue"), AllowReserved: n.is("allowReserved"),
		Schema: d.schemaLocked(n.get("schema")),
	}
	if explode := n.get("explode"); explode != nil {
		value := explode.text == "true"
		parameter.Explode = &value
	}
	if schema := parameter.Schema; schema != nil && schema.Value.Not != nil {
		// kin cannot decode a parameter whose schema has not; see checkNegated.
		positive := *schema.Value
		positive.Not = nil
		parameter.Schema = positive.NewRef()
	}
	return parameter
}

func (d *Document) content3(n *node) openapi3.Content {
	if n == nil {
		return nil
	}
	content := make(openapi3.Content, len(n.members))
	for _, m := range n.members {
		media := &openapi3.MediaType{Schema: d.schemaLocked(m.value.get("schema"))}
		if encoding := m.value.get("encoding"); encoding != nil {
			media.Encoding = openapi3.Encodings{}
			for _, e := range encoding.members {
				media.Encoding[e.name] = encoding3(e.value)
			}
		}
		content[m.name] = media
	}
	return content
}

func encoding3(n *node) *openapi3.Encoding {
	encoding := &openapi3.Encoding{ContentType: n.str("contentType"), Style: n.str("style")}
	if explode := n.get("explode"); explode != nil {
		value := explode.text == "true"
		encoding.Explode = &value
	}
	return encoding
}
