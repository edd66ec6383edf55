package openapi

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-openapi/jsonpointer"
)

// Type is the declared type of a parameter. It decides how text is converted.
type Type string

// The types of parameters. Integers and Strings are lists; Objects is a list of
// maps.
const (
	String   Type = "string"
	Integer  Type = "integer"
	Number   Type = "number"
	Boolean  Type = "boolean"
	Integers Type = "integers"
	Strings  Type = "strings"
	Object   Type = "object"
	Objects  Type = "objects"
)

// Parameter is one parameter of an operation. GitLab merges path, body and query into one set of parameters.
type Parameter struct {
	Name       string
	In         string // "path", "body" or "query"; a body parameter is also accepted in the query
	Type       Type
	Required   bool
	Nullable   bool     // null is accepted, and so is empty text unless it is a string
	Enum       []string // the allowed words, in order; empty if any value is allowed
	Default    any      // of a type that CheckParameters accepts; see HasDefault
	HasDefault bool
	NotBlank   bool            // an empty or blank text is refused
	Members    map[string]Type // of an object, or of each object in a list; nil for other types
}

// parameterSchemas are two schemas of one parameter: one with only the kind of value, and one with everything.
type parameterSchemas struct {
	kind *openapi3.Schema
	full *openapi3.Schema
	// plain is the type that any value of is valid, or one of the words: the schema restricts nothing else. It is empty
	// if there is no such type.
	plain string
	words []string
}

// plainType is a type of which any value fits a schema or, of a string, each of the words of its enum.
func plainType(s *openapi3.Schema) (plain string, words []string) {
	for _, word := range s.Enum {
		text, isText := word.(string)
		if !isText {
			return "", nil
		}
		words = append(words, text)
	}
	rest := *s
	rest.Type, rest.Enum, rest.Nullable, rest.Default, rest.Example = nil, nil, false, nil, nil
	rest.Title, rest.Description, rest.Examples, rest.Extensions, rest.Origin = "", "", nil, nil, nil
	if !reflect.ValueOf(rest).IsZero() || s.Type == nil || len(*s.Type) != 1 {
		return "", nil
	}
	return (*s.Type)[0], words
}

// surelyFits reports whether a value fits the schema, where that is plain to see. If it is not, the value may still
// fit.
func (s *parameterSchemas) surelyFits(value any) bool {
	switch v := value.(type) {
	case string:
		return s.plain == openapi3.TypeString && (len(s.words) == 0 || slices.Contains(s.words, v))
	case int64:
		return s.plain == openapi3.TypeInteger && len(s.words) == 0
	case bool:
		return s.plain == openapi3.TypeBoolean && len(s.words) == 0
	}
	return false
}

// Parameters returns the parameters in GitLab's order: path, then body, then those that only the query has. The slice
// is shared; do not change it.
func (o *Operation) Parameters() []Parameter { return o.requestPart().parameters }

// fillParameters lists the parameters of the operation written in n. The caller
// holds d.mu.
func (d *Document) fillParameters(r *requestContract, n *node) {
	var path, query []*node
	if list := n.get("parameters"); list != nil {
		for _, item := range list.items {
			switch p := d.resolve(item); p.str("in") {
			case "path":
				path = append(path, p)
			case "query":
				query = append(query, p)
			}
		}
	}
	for _, p := range path {
		d.addParameter(r, p.str("name"), "path", p.get("schema"), p.is("required"))
	}
	d.fillBody(r, d.bodySchema(n))
	for _, p := range query {
		d.addParameter(r, p.str("name"), "query", p.get("schema"), p.is("required"))
	}
}

// bodySchema is the schema that all media types of the body share.
func (d *Document) bodySchema(n *node) *node {
	content := d.resolve(n.get("requestBody")).get("content")
	if content == nil || len(content.members) == 0 {
		return nil
	}
	return d.resolve(content.members[0].value.get("schema"))
}

func (d *Document) fillBody(r *requestContract, schema *node) {
	if schema == nil {
		return
	}
	required := schema.get("required").texts()
	properties := schema.get("properties")
	if properties != nil {
		for _, m := range properties.members {
			if d.addParameter(r, m.name, "body", m.value, slices.Contains(required, m.name)) {
				r.bodyNames = append(r.bodyNames, m.name)
			}
		}
	}
	groups := &openapi3.Schema{AnyOf: d.schemas3(schema.get("anyOf")), OneOf: d.schemas3(schema.get("oneOf"))}
	if least := schema.count("minProperties"); least != nil {
		groups.MinProps = *least
	}
	if len(groups.AnyOf)+len(groups.OneOf) > 0 || groups.MinProps > 0 {
		groups.Type = &openapi3.Types{openapi3.TypeObject}
		r.body = groups
	}
}

// notBlank is the pattern of texts that may not be blank.
const notBlank = `\S`

// addParameter leaves out a name that came before: a query parameter that repeats a body parameter, or a body parameter
// that repeats a path parameter.
func (d *Document) addParameter(r *requestContract, name, in string, written *node, required bool) bool {
	for i := range r.parameters {
		if r.parameters[i].Name == name {
			return false
		}
	}
	schema := d.resolve(written)
	full := d.schemaLocked(written)
	if schema == nil || full == nil {
		schema, full = &node{kind: objectNode}, &openapi3.SchemaRef{Value: &openapi3.Schema{}}
	}
	p := Parameter{
		Name: name, In: in, Required: required,
		Type: d.typeOf(schema), Nullable: full.Value.Nullable || in == "query", Enum: schema.get("enum").words(),
	}
	if value := schema.get("default"); value != nil {
		p.Default, p.HasDefault = p.Type.coerced(value), true
	}
	p.NotBlank = schema.str("pattern") == notBlank
	p.Members = d.membersOf(schema, p.Type)
	r.parameters = append(r.parameters, p)
	one := parameterSchemas{kind: kindOf(full.Value), full: full.Value}
	one.plain, one.words = plainType(full.Value)
	r.schemas = append(r.schemas, one)
	return true
}

// typeOf reads the declared type. If there are alternatives, the last one counts, because it is the newest.
func (d *Document) typeOf(schema *node) Type {
	for range maxDepth {
		choices := schema.get("anyOf")
		if choices == nil || len(choices.items) == 0 {
			break
		}
		schema = d.resolve(choices.items[len(choices.items)-1])
	}
	switch kind := schema.str("type"); kind {
	case "integer", "number", "boolean", "object":
		return Type(kind)
	case "array":
		switch d.resolve(schema.get("items")).str("type") {
		case "integer":
			return Integers
		case "object":
			return Objects
		}
		return Strings
	}
	return String
}

// membersOf returns the types of the members that objects of a type may have.
func (d *Document) membersOf(schema *node, t Type) map[string]Type {
	switch t {
	case Objects:
		schema = d.resolve(schema.get("items"))
	case Object:
	default:
		return nil
	}
	members := map[string]Type{}
	if properties := schema.get("properties"); properties != nil {
		for _, m := range properties.members {
			members[m.name] = d.typeOf(d.resolve(m.value))
		}
	}
	return members
}

// coerced turns a default into the Go value that the checks use.
func (t Type) coerced(value *node) any {
	plain := value.plain()
	if number, ok := plain.(float64); ok && t == Integer {
		return int64(number)
	}
	return plain
}

// kindOf keeps the types of a schema and drops all other restrictions.
func kindOf(full *openapi3.Schema) *openapi3.Schema {
	if len(full.AnyOf) > 0 {
		kinds := &openapi3.Schema{}
		for _, choice := range full.AnyOf {
			kinds.AnyOf = append(kinds.AnyOf, kindOf(choice.Value).NewRef())
		}
		return kinds
	}
	kind := &openapi3.Schema{Type: full.Type, Nullable: true}
	if full.Items != nil && full.Items.Value != nil {
		kind.Items = kindOf(full.Items.Value).NewRef()
	}
	for name, member := range full.Properties {
		kind.WithPropertyRef(name, kindOf(member.Value).NewRef())
	}
	return kind
}

// CheckParameters checks parameters after they were merged and coerced. Values are string, int64, float64, bool,
// []int64, []string, map[string]any, []any or nil. Violations are in the order in which the parameters are declared.
// As in GitLab, a missing value of an enum is reported twice, first as missing and then as invalid, and so is one that
// may not be blank. A value of the wrong type is reported once.
//
// Parameters that the operation does not declare are ignored, as in GitLab.
func (o *Operation) CheckParameters(values map[string]any) []Violation {
	r := o.requestPart()
	var found []Violation
	for i := range r.parameters {
		found = append(found, checkParameter(&r.parameters[i], &r.schemas[i], values)...)
	}
	if r.body != nil {
		found = append(found, r.checkGroups(values)...)
	}
	return found
}

func checkParameter(p *Parameter, schemas *parameterSchemas, values map[string]any) []Violation {
	value, present := values[p.Name]
	if !present && !p.Required || present && (value == nil && p.Nullable || schemas.surelyFits(value)) {
		return nil
	}
	pointer := "/" + jsonpointer.Escape(p.Name)
	if !present {
		found := []Violation{{Code: "required", Parameter: p.Name, Pointer: pointer, Message: p.Name + " is missing"}}
		if len(p.Enum) > 0 {
			found = append(found, enumViolation(p, pointer))
		}
		if p.NotBlank {
			found = append(found, Violation{
				Code: "pattern", Parameter: p.Name, Pointer: pointer, Message: p.Name + " must match " + notBlank,
			})
		}
		return found
	}
	if schemas.full.VisitJSON(value) == nil {
		return nil
	}
	found := schemaViolations(schemas.kind.VisitJSON(value, openapi3.MultiErrors()), pointer)
	if slices.ContainsFunc(found, func(v Violation) bool { return p.nameAt(v.Pointer, pointer) == p.Name }) {
		return []Violation{{
			Code: "type", Parameter: p.Name, Pointer: pointer, Message: p.Name + " must be " + p.Type.words(),
		}}
	}
	for _, one := range schemaViolations(schemas.full.VisitJSON(value, openapi3.MultiErrors()), pointer) {
		if !slices.ContainsFunc(found, func(v Violation) bool { return v.Pointer == one.Pointer }) {
			found = append(found, one)
		}
	}
	for i := range found {
		found[i].Parameter = p.nameAt(found[i].Pointer, pointer)
		found[i].Message = strings.Replace(found[i].Message, "the value", p.Name, 1)
	}
	return found
}

// nameAt is the name of the parameter or, if the pointer leads to a member of an object, that of the member as forms
// write it: not[author_id], allowed_to_push[0][user_id]. Items of plain lists have no names of their own.
func (p *Parameter) nameAt(pointer, own string) string {
	name, path := p.Name, strings.Split(strings.TrimPrefix(pointer, own), "/")[1:]
	for len(path) > 0 && isIndex(path[len(path)-1]) {
		path = path[:len(path)-1]
	}
	for _, step := range path {
		name += "[" + step + "]"
	}
	return name
}

func isIndex(step string) bool {
	_, err := strconv.Atoi(step)
	return err == nil
}

func enumViolation(p *Parameter, pointer string) Violation {
	return Violation{
		Code: "enum", Parameter: p.Name, Pointer: pointer,
		Message: p.Name + " must be one of " + strings.Join(p.Enum, ", "),
	}
}

// checkGroups checks the requirements that concern several parameters of the body.
func (r *requestContract) checkGroups(values map[string]any) []Violation {
	given := map[string]any{}
	for _, name := range r.bodyNames {
		if value, present := values[name]; present {
			given[name] = value
		}
	}
	var found []Violation
	for _, one := range schemaViolations(r.body.VisitJSON(given, openapi3.MultiErrors()), "") {
		names, wanted := r.bodyNames, "at least one of "
		switch one.Code {
		case "any-of":
			names = requiredNames(r.body.AnyOf)
		case "one-of":
			names, wanted = requiredNames(r.body.OneOf), "exactly one of "
		}
		one.Parameter = strings.Join(names, ", ")
		one.Message = wanted + one.Parameter + " must be given"
		found = append(found, one)
	}
	return found
}

func requiredNames(choices openapi3.SchemaRefs) []string {
	var names []string
	for _, choice := range choices {
		names = append(names, choice.Value.Required...)
	}
	return names
}

func (t Type) words() string {
	switch t {
	case Integer:
		return "an integer"
	case Integers:
		return "a list of integers"
	case Strings:
		return "a list of strings"
	case Object:
		return "a map"
	case Objects:
		return "a list of maps"
	}
	return "a " + string(t)
}
