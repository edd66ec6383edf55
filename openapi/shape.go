package openapi

// shape says what may be at one place of a document. The tables below contain the OpenAPI 3.0.3 keywords that the
// contract uses, and its own extensions. Everything else is an error.
type shape struct {
	name     string
	kind     nodeKind
	anyKind  bool
	refs     bool              // a $ref is allowed instead
	keys     map[string]*shape // objectNode: the known keys
	named    *shape            // objectNode: the shape under any key
	items    *shape            // arrayNode
	required []string
	words    []string // stringNode: the only texts allowed
	check    func(c *checker, n *node)
}

func text(words ...string) *shape { return &shape{name: "text", kind: stringNode, words: words} }

func listOf(items *shape) *shape { return &shape{name: "list", kind: arrayNode, items: items} }

func mapOf(values *shape) *shape { return &shape{name: "map", kind: objectNode, named: values} }

var (
	flag      = &shape{name: "flag", kind: boolNode}
	count     = &shape{name: "count", kind: numberNode, check: (*checker).count}
	number    = &shape{name: "number", kind: numberNode}
	anything  = &shape{name: "value", anyKind: true}
	aVersion  = &shape{name: "version", anyKind: true, check: (*checker).version}
	aPattern  = &shape{name: "pattern", kind: stringNode, check: (*checker).pattern}
	enumDates = mapOf(aVersion)
	notes     = listOf(&shape{name: "note", kind: objectNode, required: []string{"text"}, keys: map[string]*shape{
		"text": text(), "x-since": aVersion, "x-until": aVersion,
	}})
)

// Schemas contain schemas, so their table is filled in by init.
var schemaShape = &shape{name: "schema", kind: objectNode, refs: true, check: (*checker).schema}

var schemaOrFlag = &shape{name: "schema", anyKind: true, check: (*checker).schemaOrFlag}

func init() {
	schemas := listOf(schemaShape)
	schemaShape.keys = map[string]*shape{
		"title": text(), "description": text(),
		"type":   text("string", "integer", "number", "boolean", "array", "object"),
		"format": text(), "pattern": aPattern, "enum": listOf(anything), "default": anything, "example": anything,
		"nullable": flag, "readOnly": flag, "writeOnly": flag, "deprecated": flag, "uniqueItems": flag,
		"minimum": number, "maximum": number, "multipleOf": number, "exclusiveMinimum": flag, "exclusiveMaximum": flag,
		"minLength": count, "maxLength": count, "minItems": count, "maxItems": count,
		"minProperties": count, "maxProperties": count,
		"required": listOf(text()), "properties": mapOf(schemaShape), "items": schemaShape,
		"oneOf": schemas, "anyOf": schemas, "allOf": schemas, "not": schemaShape,
		"additionalProperties": schemaOrFlag,
		"x-since":              aVersion, "x-until": aVersion, "x-enum-since": enumDates, "x-enum-until": enumDates,
		"x-source": text(), "x-notes": notes,
	}
	callbackShape.named = pathShape
}

var exampleShape = &shape{name: "example", kind: objectNode, keys: map[string]*shape{
	"summary": text(), "description": text(), "value": anything, "x-since": aVersion, "x-until": aVersion,
}}

var parameterShape = &shape{
	name: "parameter", kind: objectNode, refs: true, required: []string{"name", "in", "schema"},
	check: (*checker).notes,
	keys: map[string]*shape{
		"name": text(), "in": text("path", "query", "header"), "description": text(), "required": flag,
		"deprecated": flag, "allowEmptyValue": flag, "allowReserved": flag, "explode": flag,
		"style":  text("simple", "form", "deepObject"),
		"schema": schemaShape, "example": anything, "examples": mapOf(exampleShape),
		"x-since": aVersion, "x-until": aVersion, "x-source": text(), "x-notes": notes,
	},
}

var headerShape = &shape{
	name: "header", kind: objectNode, refs: true, required: []string{"schema"},
	keys: map[string]*shape{
		"description": text(), "required": flag, "schema": schemaShape, "example": anything,
		"x-since": aVersion, "x-until": aVersion, "x-source": text(),
	},
}

var mediaShape = &shape{
	name: "media type", kind: objectNode,
	keys: map[string]*shape{
		"schema": schemaShape, "example": anything, "examples": mapOf(exampleShape),
		"encoding": mapOf(&shape{name: "encoding", kind: objectNode, keys: map[string]*shape{
			"contentType": text(), "style": text("form", "deepObject"), "explode": flag,
		}}),
	},
}

var responseShape = &shape{
	name: "response", kind: objectNode, refs: true, required: []string{"description"}, check: (*checker).notes,
	keys: map[string]*shape{
		"description": text(), "headers": mapOf(headerShape), "content": mapOf(mediaShape),
		"x-since": aVersion, "x-until": aVersion, "x-source": text(), "x-notes": notes,
	},
}

var bodyShape = &shape{
	name: "request body", kind: objectNode, refs: true, required: []string{"content"},
	keys: map[string]*shape{"description": text(), "required": flag, "content": mapOf(mediaShape)},
}

var callbackShape = &shape{name: "callback", kind: objectNode}

var securityShape = listOf(mapOf(listOf(text())))

// operationKeys are the keys of operations. The operations of callbacks use them too, but need no operationId.
var operationKeys = map[string]*shape{
	"operationId": text(), "summary": text(), "description": text(), "tags": listOf(text()),
	"parameters": listOf(parameterShape), "requestBody": bodyShape,
	"responses": {name: "responses", kind: objectNode, named: responseShape, check: (*checker).responses},
	"callbacks": mapOf(callbackShape), "security": securityShape, "deprecated": flag,
	"x-since": aVersion, "x-until": aVersion, "x-ability": text(), "x-source": text(), "x-notes": notes,
}

var operationShape = &shape{
	name: "operation", kind: objectNode, keys: operationKeys, required: []string{"responses"}, check: (*checker).notes,
}

var serversShape = listOf(&shape{name: "server", kind: objectNode, required: []string{"url"}, keys: map[string]*shape{
	"url": text(), "description": text(),
}})

var pathShape = &shape{name: "path", kind: objectNode, keys: map[string]*shape{
	"servers": serversShape,
	"get":     operationShape, "put": operationShape, "post": operationShape, "delete": operationShape,
	"patch": operationShape, "options": operationShape, "head": operationShape,
}}

var documentShape = &shape{
	name: "document", kind: objectNode, required: []string{"openapi", "info", "paths"},
	keys: map[string]*shape{
		"openapi": text("3.0.3"),
		"info": {
			name: "info", kind: objectNode, required: []string{"title", "version"},
			keys: map[string]*shape{"title": text(), "version": text(), "description": text(), "license": {
				name: "license", kind: objectNode, keys: map[string]*shape{"name": text(), "url": text()},
			}},
		},
		"servers": serversShape,
		"tags": listOf(&shape{name: "tag", kind: objectNode, required: []string{"name"}, keys: map[string]*shape{
			"name": text(), "description": text(),
		}}),
		"security": securityShape,
		"paths":    mapOf(pathShape),
		"components": {name: "components", kind: objectNode, keys: map[string]*shape{
			"schemas": mapOf(schemaShape), "parameters": mapOf(parameterShape), "headers": mapOf(headerShape),
			"responses": mapOf(responseShape), "requestBodies": mapOf(bodyShape),
			"securitySchemes": mapOf(&shape{
				name: "security scheme", kind: objectNode, required: []string{"type"},
				keys: map[string]*shape{
					"type": text("apiKey", "http"), "in": text("header", "query"), "name": text(),
					"scheme": text(), "description": text(),
				},
			}),
		}},
	},
}
