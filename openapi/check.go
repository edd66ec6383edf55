package openapi

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/go-openapi/jsonpointer"

	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

// Violation is one way in which a request or response breaks the contract.
type Violation struct {
	Code      string // permanent, kebab-case: required, type, enum, undocumented-status, ...
	Parameter string // the parameter or header, or several joined by ", "; may be empty
	Pointer   string // JSON pointer to the value; empty for the whole
	Message   string // for people; never contains the value
}

// Place returns the pointer or, without one, the parameter. It is empty for the whole.
func (v Violation) Place() string { return cmp.Or(v.Pointer, v.Parameter) }

// String returns code, place and message in one line.
func (v Violation) String() string {
	place := v.Place()
	if place == "" {
		return v.Code + ": " + v.Message
	}
	return v.Code + " at " + place + ": " + v.Message
}

// CheckRequest checks a whole request in canonical form: each parameter in one place, lists as repeated names, and a
// body of a documented media type. It reads path values from the end of the path, so the API can be below any root.
// body is what was read from r.Body; CheckRequest does not read r.Body.
func (o *Operation) CheckRequest(r *http.Request, body []byte) []Violation {
	values, ok := o.PathValues(r.URL.EscapedPath())
	if !ok {
		return []Violation{{Code: "path", Message: "the path does not fit " + o.Path}}
	}
	copied := r.Clone(r.Context())
	copied.Body, copied.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	copied.GetBody = nil
	err := openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{
		Request:    copied,
		PathParams: values,
		Route: &routers.Route{
			Spec: specification, Path: o.Path, Method: o.Method,
			PathItem: &openapi3.PathItem{}, Operation: o.requestPart().kin,
		},
		Options: requestOptions,
	})
	return append(requestViolations(err), o.checkNegated(r.URL.Query())...)
}

// checkNegated checks the query parameters whose schema has not, because kin cannot do that in a request.
func (o *Operation) checkNegated(query url.Values) []Violation {
	var found []Violation
	r := o.requestPart()
	for i := range r.parameters {
		name, not := r.parameters[i].Name, r.schemas[i].full.Not
		if not == nil || !query.Has(name) {
			continue
		}
		value := asDeclared(r.schemas[i].full, query.Get(name))
		if not.Value.VisitJSON(value) == nil {
			found = append(found, Violation{
				Code: "not", Parameter: name, Pointer: "/" + jsonpointer.Escape(name),
				Message: name + " must not be " + plainList(not.Value.Enum),
			})
		}
	}
	return found
}

// asDeclared reads text as an integer if the schema requires one.
func asDeclared(s *openapi3.Schema, text string) any {
	if s.Type.Is(openapi3.TypeInteger) {
		if number, err := strconv.ParseInt(text, 10, 64); err == nil {
			return number
		}
	}
	return text
}

var (
	specification  = &openapi3.T{OpenAPI: "3.0.3"}
	requestOptions = &openapi3filter.Options{
		MultiError:          true,
		SkipSettingDefaults: true,
		AuthenticationFunc:  openapi3filter.NoopAuthenticationFunc,
	}
)

// PathValues returns the values of the path parameters in a path of this operation, decoded once. The path is that of a
// URL as it was sent, with its escapes. Anything may come before the API's own paths. PathValues reports false if the
// path is not one of the operation, or if a value is empty.
func (o *Operation) PathValues(escaped string) (map[string]string, bool) {
	template := strings.Split(strings.TrimPrefix(o.Path, "/"), "/")
	given := strings.Split(strings.TrimPrefix(escaped, "/"), "/")
	if len(given) < len(template) {
		return nil, false
	}
	given = given[len(given)-len(template):]
	values := map[string]string{}
	for i, segment := range template {
		value, err := url.PathUnescape(given[i])
		if err != nil || value == "" {
			return nil, false
		}
		if name, variable := strings.CutPrefix(segment, "{"); variable {
			values[strings.TrimSuffix(name, "}")] = value
		} else if segment != value {
			return nil, false
		}
	}
	return values, true
}

func requestViolations(err error) []Violation {
	if err == nil {
		return nil
	}
	var many openapi3.MultiError
	if errors.As(err, &many) && !isRequestError(err) {
		var found []Violation
		for _, one := range many {
			found = append(found, requestViolations(one)...)
		}
		return found
	}
	var refused *openapi3filter.RequestError
	if !errors.As(err, &refused) {
		return schemaViolations(err, "")
	}
	if refused.Parameter != nil {
		return parameterViolations(refused)
	}
	if errors.Is(refused.Err, openapi3filter.ErrInvalidRequired) {
		return []Violation{{Code: "required", Message: "a body is required"}}
	}
	if refused.Err == nil {
		return []Violation{{
			Code: "content-type", Parameter: "Content-Type",
			Message: "the media type of the body is not documented",
		}}
	}
	return bodyViolations(refused.Err)
}

func isRequestError(err error) bool {
	_, ok := err.(*openapi3filter.RequestError)
	return ok
}

func parameterViolations(refused *openapi3filter.RequestError) []Violation {
	name := refused.Parameter.Name
	pointer := "/" + jsonpointer.Escape(name)
	if errors.Is(refused.Err, openapi3filter.ErrInvalidRequired) {
		return []Violation{{Code: "required", Parameter: name, Pointer: pointer, Message: name + " is missing"}}
	}
	if errors.Is(refused.Err, openapi3filter.ErrInvalidEmptyValue) {
		return []Violation{{Code: "empty", Parameter: name, Pointer: pointer, Message: name + " must not be empty"}}
	}
	found := bodyViolations(refused.Err)
	for i := range found {
		found[i].Parameter = name
		found[i].Pointer = pointer + found[i].Pointer
		found[i].Message = strings.Replace(found[i].Message, "the value", name, 1)
	}
	return found
}

func bodyViolations(err error) []Violation {
	var parse *openapi3filter.ParseError
	if !errors.As(err, &parse) {
		return schemaViolations(err, "")
	}
	one := Violation{Code: "type", Message: "the value cannot be read as the declared type"}
	for _, step := range parse.Path() {
		one.Pointer += "/" + jsonpointer.Escape(fmt.Sprint(step))
	}
	return []Violation{one}
}

// schemaViolations translates what kin found below the value at pointer.
func schemaViolations(err error, pointer string) []Violation {
	switch e := err.(type) {
	case nil:
		return nil
	case openapi3.MultiError:
		var found []Violation
		for _, one := range e {
			found = append(found, schemaViolations(one, pointer)...)
		}
		return found
	case *openapi3.SchemaError:
		one := Violation{Code: CodeOf(e.SchemaField), Pointer: pointer, Message: schemaMessage(e)}
		for _, step := range e.JSONPointer() {
			one.Pointer += "/" + jsonpointer.Escape(step)
		}
		// An error inside an allOf has the whole path from the top.
		var inside openapi3.MultiError
		if e.SchemaField == "allOf" && errors.As(e.Origin, &inside) && len(inside) > 0 {
			return schemaViolations(inside, pointer)
		}
		return []Violation{one}
	}
	return []Violation{{Code: "type", Pointer: pointer, Message: "the value does not fit the schema"}}
}

// CodeOf returns the code of a violation of a schema's keyword.
func CodeOf(keyword string) string {
	switch keyword {
	case "nullable":
		return "null"
	case "properties":
		return "unknown-property"
	}
	var code strings.Builder
	for _, r := range keyword {
		if unicode.IsUpper(r) {
			code.WriteByte('-')
			r = unicode.ToLower(r)
		}
		code.WriteRune(r)
	}
	return code.String()
}

// schemaMessage says what the schema requires, and never what the value was.
func schemaMessage(e *openapi3.SchemaError) string {
	s := e.Schema
	switch e.SchemaField {
	case "required":
		return "a required property is missing"
	case "type":
		return "the value must be " + strings.Join(s.Type.Slice(), " or ")
	case "enum":
		return "the value must be one of " + plainList(s.Enum)
	case "nullable":
		return "the value must not be null"
	case "not":
		if s.Not != nil && s.Not.Value != nil && len(s.Not.Value.Enum) > 0 {
			return "the value must not be " + plainList(s.Not.Value.Enum)
		}
		return "the value is of a kind that is ruled out"
	case "pattern":
		return "the value must match " + s.Pattern
	case "format":
		return "the value must have the format " + s.Format
	case "oneOf", "anyOf":
		return "the value fits none of the alternatives"
	case "properties":
		return "the value has " + strayProperty(e)
	case "readOnly", "writeOnly":
		return "the property does not belong here"
	}
	return "the value is outside the limit set by " + e.SchemaField
}

// strayProperty names the property that the schema does not have, and the one that was perhaps meant. Its name is only
// in what the library says, in quotes.
func strayProperty(e *openapi3.SchemaError) string {
	from, to := strings.IndexByte(e.Reason, '"'), strings.LastIndexByte(e.Reason, '"')
	name, err := strconv.Unquote(e.Reason[max(from, 0) : to+1])
	if err != nil {
		return "a property that is not documented"
	}
	known := slices.Sorted(maps.Keys(e.Schema.Properties))
	return fmt.Sprintf("the property %q, which is not documented%s", name, strictyaml.DidYouMean(name, known))
}

func plainList(values []any) string {
	var words []string
	for _, value := range values {
		if value != nil {
			words = append(words, fmt.Sprint(value))
		}
	}
	return strings.Join(words, ", ")
}

// CheckResponse checks a response. Its status must be documented, and its headers and body must match what is
// documented for that status.
func (o *Operation) CheckResponse(status int, header http.Header, body []byte) []Violation {
	answer := o.answerPart()[status]
	if answer == nil {
		return []Violation{{
			Code:    "undocumented-status",
			Message: fmt.Sprintf("%s documents no answer with status %d", o.ID, status),
		}}
	}
	var found []Violation
	for _, h := range answer.headers {
		found = append(found, h.check(header)...)
	}
	return append(found, answer.checkBody(header.Get("Content-Type"), body)...)
}

func (h *headerContract) check(header http.Header) []Violation {
	values, present := header[h.name]
	if !present {
		if h.required {
			return []Violation{{Code: "header-missing", Parameter: h.name, Message: "header " + h.name + " is missing"}}
		}
		return nil
	}
	if h.schema == nil || len(values) == 0 {
		return nil
	}
	found := schemaViolations(h.schema.VisitJSON(asDeclared(h.schema, values[0]), openapi3.MultiErrors()), "")
	for i := range found {
		found[i].Code = "header-" + found[i].Code
		found[i].Parameter = h.name
		found[i].Message = strings.Replace(found[i].Message, "the value", "header "+h.name, 1)
	}
	return found
}

func (a *answerContract) checkBody(contentType string, body []byte) []Violation {
	if len(a.content) == 0 {
		if len(body) > 0 {
			return []Violation{{Code: "unexpected-body", Message: "no body is documented for this status"}}
		}
		return nil
	}
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil || a.content[kind] == nil {
		return []Violation{{
			Code: "content-type", Parameter: "Content-Type",
			Message: "the media type of the body is not documented for this status",
		}}
	}
	media := a.content[kind]
	if media.Schema == nil || media.Schema.Value == nil {
		return nil
	}
	if !jsonType().MatchString(kind) {
		return schemaViolations(media.Schema.Value.VisitJSON(string(body), openapi3.MultiErrors()), "")
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return []Violation{{Code: "invalid-json", Message: "the body is not valid JSON"}}
	}
	return schemaViolations(media.Schema.Value.VisitJSON(value, openapi3.VisitAsResponse(), openapi3.MultiErrors()), "")
}

var jsonType = lazy.Regexp(`^application/([a-z.-]+\+)?json$`)

// CheckSchema checks a JSON text against a component schema of the document, such as MergeRequestEvent, the payload
// of deliveries. An unknown name is the violation "unknown-schema".
func (d *Document) CheckSchema(name string, text []byte) []Violation {
	ref := "#/components/schemas/" + name
	if _, known := d.source.index.Component(ref); !known {
		return []Violation{{Code: "unknown-schema", Message: fmt.Sprintf("the document has no schema %q", name)}}
	}
	d.mu.Lock()
	schema := d.schemaLocked(&node{kind: objectNode, members: []member{
		{name: "$ref", value: &node{kind: stringNode, text: ref}},
	}})
	d.mu.Unlock()
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return []Violation{{Code: "invalid-json", Message: "the text is not valid JSON"}}
	}
	return schemaViolations(schema.Value.VisitJSON(value, openapi3.MultiErrors()), "")
}
