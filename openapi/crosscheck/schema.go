package crosscheck

import (
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/pb33f/libopenapi-validator/cache"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/helpers"
	"github.com/pb33f/libopenapi-validator/schema_validation"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
	"github.com/pb33f/libopenapi/orderedmap"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/statuschecks/statuschecks/openapi"
)

// libopenapi-validator compiles each schema with all that it refers to, from YAML that it writes for this. So it
// compiles most components of a contract many times. The types below compile the schemas of JSON bodies for it, with
// the same JSON Schema library, each component once.

// direction is where a body goes. What is readOnly need not be in a request, what is writeOnly not in a response.
type direction struct {
	name     string
	purpose  schema_validation.SchemaValidationPurpose
	optional string // properties with this keyword may be missing though they are required
}

var (
	asked    = direction{"request", schema_validation.SchemaValidationPurposeRequestBody, "readOnly"}
	answered = direction{"response", schema_validation.SchemaValidationPurposeResponseBody, "writeOnly"}
)

// schemas compiles the schemas of the bodies of one document. It is safe for concurrent use.
type schemas struct {
	document *openapi.Document
	mu       sync.Mutex
	bodies   map[string][]byte // by the title of what stands in their place
	compiler *jsonschema.Compiler
}

func newSchemas(document *openapi.Document) *schemas {
	s := &schemas{
		document: document, bodies: map[string][]byte{},
		compiler: helpers.NewCompilerWithOptions(config.NewValidationOptions(config.WithFormatAssertions())),
	}
	s.compiler.UseLoader(s)
	return s
}

// compile compiles the schema of a body.
func (s *schemas) compile(title string, text []byte, d direction) (*jsonschema.Schema, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bodies[title] = text
	compiled, err := s.compiler.Compile("contract://" + d.name + "/bodies/" + title)
	if err != nil {
		return nil, fmt.Errorf("compile a schema of the contract: %w", err)
	}
	return compiled, nil
}

// Load returns a schema for the compiler. Its address is contract://DIRECTION/bodies/TITLE or, for a component,
// contract://DIRECTION/KIND/NAME.
func (s *schemas) Load(address string) (any, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	text := s.bodies[strings.TrimPrefix(u.Path, "/bodies/")]
	if text == nil {
		text = s.document.Component("#/components" + u.Path)
	}
	if text == nil {
		return nil, fmt.Errorf("the contract has no component %s", u.Path)
	}
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	d := answered
	if u.Host == asked.name {
		d = asked
	}
	d.translate(schema)
	return schema, nil
}

// translate changes a schema of OpenAPI 3.0 into JSON Schema, as libopenapi-validator does.
func (d direction) translate(value any) {
	schema, is := value.(map[string]any)
	if !is {
		return
	}
	d.dropOptional(schema)
	if ref, is := schema["$ref"].(string); is {
		schema["$ref"] = strings.Replace(ref, "#/components", "contract://"+d.name, 1)
	}
	for _, keyword := range []string{"items", "not", "additionalProperties"} {
		d.translate(schema[keyword])
	}
	for _, keyword := range []string{"oneOf", "anyOf", "allOf"} {
		alternatives, _ := schema[keyword].([]any)
		for _, one := range alternatives {
			d.translate(one)
		}
	}
	properties, _ := schema["properties"].(map[string]any)
	for _, one := range properties {
		d.translate(one)
	}
	if schema["nullable"] == true {
		allowNull(schema)
	}
	delete(schema, "nullable")
	exclude(schema, "exclusiveMinimum", "minimum")
	exclude(schema, "exclusiveMaximum", "maximum")
}

// dropOptional takes out of required what may be missing in this direction.
func (d direction) dropOptional(schema map[string]any) {
	required, _ := schema["required"].([]any)
	properties, _ := schema["properties"].(map[string]any)
	if len(required) == 0 || properties == nil {
		return
	}
	required = slices.DeleteFunc(required, func(name any) bool {
		text, _ := name.(string)
		return d.marks(properties[text])
	})
	schema["required"] = required
}

// marks reports whether a schema has the keyword, itself or in a part of it.
func (d direction) marks(value any) bool {
	schema, _ := value.(map[string]any)
	if schema[d.optional] == true {
		return true
	}
	for _, keyword := range []string{"oneOf", "anyOf", "allOf"} {
		if alternatives, _ := schema[keyword].([]any); slices.ContainsFunc(alternatives, d.marks) {
			return true
		}
	}
	return false
}

// allowNull lets a schema accept null.
func allowNull(schema map[string]any) {
	if kind, is := schema["type"].(string); is {
		schema["type"] = []any{kind, "null"}
	}
	if all, has := schema["allOf"]; has {
		delete(schema, "allOf")
		one, _ := schema["oneOf"].([]any)
		schema["oneOf"] = append(one, map[string]any{"allOf": all}, map[string]any{"type": "null"})
	}
	if enum, is := schema["enum"].([]any); is && !slices.Contains(enum, nil) {
		schema["enum"] = append(enum, nil)
	}
}

// exclude writes a bound that does not belong to the range as JSON Schema does: as a number.
func exclude(schema map[string]any, exclusive, bound string) {
	excluded, is := schema[exclusive].(bool)
	if !is {
		return
	}
	delete(schema, exclusive)
	if limit, has := schema[bound]; has && excluded {
		schema[exclusive] = limit
		delete(schema, bound)
	}
}

// ready compiles the schema of a JSON body, if that is not done, and puts it where libopenapi-validator looks for it.
func (j *judge) ready(content *orderedmap.Map[string, *v3.MediaType], d direction) error {
	if j.outline == nil || content == nil {
		return nil
	}
	media := content.GetOrZero("application/json")
	if media == nil || media.Schema == nil {
		return nil
	}
	schema := media.Schema.Schema()
	text := j.outline.Schemas[schema.Title]
	key := schema_validation.SchemaCacheKey(schema.GoLow().Hash(), j.version, d.purpose)
	if _, done := j.compiled.Load(key); done || text == nil {
		return nil
	}
	compiled, err := j.schemas.compile(schema.Title, text, d)
	if err == nil {
		// without the texts that libopenapi-validator puts into its messages
		j.compiled.Store(key, &cache.SchemaCacheEntry{Schema: schema, RenderedJSON: text, CompiledSchema: compiled})
	}
	return err
}
