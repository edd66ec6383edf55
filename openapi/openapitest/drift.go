package openapitest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/statuschecks/statuschecks/internal/orderedjson"
	"github.com/statuschecks/statuschecks/openapi"
)

// Drift fails the test if Go values and a schema of doc differ. The parameter at names the schema: a component such as
// "ExternalStatusCheck", or the JSON response of an operation such as "createStatusCheckResponse 201".
//
// Each value is marshalled. At every level, its keys must be properties of the schema in the order of the document, and
// no required key may be missing. All values together must have every property at least once. So the test notices an
// optional key that no code writes any more.
func Drift(t testing.TB, doc *openapi.Document, at string, values ...any) {
	t.Helper()
	drifted(t, doc, at, true, values)
}

// Fits is [Drift] without the last requirement: optional properties may be missing from all values. It is meant for
// entities of which code writes only a part.
func Fits(t testing.TB, doc *openapi.Document, at string, values ...any) {
	t.Helper()
	drifted(t, doc, at, false, values)
}

func drifted(t testing.TB, doc *openapi.Document, at string, whole bool, values []any) {
	t.Helper()
	d := newDrift(t, doc)
	schema := d.locate(at)
	if schema == nil {
		t.Errorf("the contract has no schema for %q", at)
		return
	}
	for _, value := range values {
		text, err := json.Marshal(value)
		if err != nil {
			t.Errorf("%s: marshal %T: %v", at, value, err)
			return
		}
		d.problems = append(d.problems, d.compare("", schema, decode(text))...)
	}
	for place, names := range d.expected {
		for _, name := range names {
			if whole && !d.seen[place+"/"+name] {
				d.problems = append(d.problems, fmt.Sprintf("no value has %s/%s", place, name))
			}
		}
	}
	slices.Sort(d.problems)
	for _, problem := range slices.Compact(d.problems) {
		t.Errorf("%s has drifted from the contract: %s", at, problem)
	}
}

type drift struct {
	document any
	doc      *openapi.Document
	expected map[string][]string // the properties at each place visited
	seen     map[string]bool
	problems []string
}

func newDrift(t testing.TB, doc *openapi.Document) *drift {
	t.Helper()
	text, err := doc.JSON()
	if err != nil {
		t.Fatalf("write the contract out: %v", err)
	}
	return &drift{document: decode(text), doc: doc, expected: map[string][]string{}, seen: map[string]bool{}}
}

func (d *drift) locate(at string) *object {
	id, status, isAnswer := strings.Cut(at, " ")
	if !isAnswer {
		return d.resolve(dig(d.document, "components", "schemas", id))
	}
	operation := d.doc.Operation(id)
	if operation == nil {
		return nil
	}
	answer := d.resolve(dig(d.document, "paths", operation.Path, strings.ToLower(operation.Method), "responses",
		status))
	if answer == nil {
		return nil
	}
	return d.resolve(dig(answer, "content", "application/json", "schema"))
}

func (d *drift) resolve(value any) *object {
	schema, _ := value.(*object)
	for schema != nil {
		ref, ok := schema.Members["$ref"].(string)
		if !ok {
			break
		}
		schema, _ = dig(d.document, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...).(*object)
	}
	return schema
}

// compare returns what is wrong below place, and records the properties that it has seen.
func (d *drift) compare(place string, schema *object, value any) []string {
	if schema == nil || value == nil {
		return nil
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		if choices, ok := schema.Members[keyword].([]any); ok && schema.Members["properties"] == nil {
			return d.alternatives(place, choices, value)
		}
	}
	schema = d.flatten(schema)
	switch v := value.(type) {
	case []any:
		var problems []string
		for _, item := range v {
			problems = append(problems, d.compare(place+"/0", d.resolve(schema.Members["items"]), item)...)
		}
		return problems
	case *object:
		return d.compareObject(place, schema, v)
	}
	return nil
}

// flatten joins the parts of an allOf. Their properties follow each other, as the keys of an entity follow those of the
// entity that it extends.
func (d *drift) flatten(schema *object) *object {
	parts, ok := schema.Members["allOf"].([]any)
	if !ok {
		return schema
	}
	properties := orderedjson.Of()
	var required []any
	for _, part := range parts {
		flat := d.resolve(part)
		if flat == nil {
			continue
		}
		flat = d.flatten(flat)
		if names, ok := flat.Members["required"].([]any); ok {
			required = append(required, names...)
		}
		if more, ok := flat.Members["properties"].(*object); ok {
			properties.Keys = append(properties.Keys, more.Keys...)
			for name, property := range more.Members {
				properties.Members[name] = property
			}
		}
	}
	return orderedjson.Of("properties", properties, "required", required)
}

// alternatives uses the first alternative that fits. If none fits, it returns the problems of the last one.
func (d *drift) alternatives(place string, choices []any, value any) []string {
	var problems []string
	for _, choice := range choices {
		trial := &drift{document: d.document, doc: d.doc, expected: map[string][]string{}, seen: map[string]bool{}}
		if problems = trial.compare(place, d.resolve(choice), value); len(problems) == 0 {
			for key, names := range trial.expected {
				d.expected[key] = names
			}
			for key := range trial.seen {
				d.seen[key] = true
			}
			return nil
		}
	}
	return problems
}

func (d *drift) compareObject(place string, schema, value *object) []string {
	properties, _ := schema.Members["properties"].(*object)
	if properties == nil {
		return nil
	}
	d.expected[place] = properties.Keys
	var problems []string
	last := -1
	for _, name := range value.Keys {
		position := slices.Index(properties.Keys, name)
		if position < 0 {
			problems = append(problems, fmt.Sprintf("%s/%s is not declared", place, name))
			continue
		}
		if position < last {
			problems = append(problems, fmt.Sprintf("%s/%s stands after %s", place, name, properties.Keys[last]))
		}
		last = max(last, position)
		d.seen[place+"/"+name] = true
		problems = append(problems, d.compare(place+"/"+name, d.resolve(properties.Members[name]),
			value.Members[name])...)
	}
	required, _ := schema.Members["required"].([]any)
	for _, name := range required {
		if !slices.Contains(value.Keys, fmt.Sprint(name)) {
			problems = append(problems, fmt.Sprintf("%s/%v is missing", place, name))
		}
	}
	return problems
}

// object is a JSON object that remembers the order of its keys.
type object = orderedjson.Object

func dig(value any, names ...string) any {
	for _, name := range names {
		o, ok := value.(*object)
		if !ok {
			return nil
		}
		value = o.Members[name]
	}
	return value
}

func decode(text []byte) any {
	value, err := orderedjson.Parse(text, nil)
	if err != nil {
		return nil
	}
	return value
}
