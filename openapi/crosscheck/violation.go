package crosscheck

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/go-openapi/jsonpointer"
	"github.com/pb33f/libopenapi-validator/errors"
	"github.com/pb33f/libopenapi-validator/helpers"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"github.com/statuschecks/statuschecks/openapi"
)

// violations translates what libopenapi found. It does not use libopenapi's texts, because they contain values, nor its
// line numbers, which are those of a text that nobody sees.
func violations(errs []*errors.ValidationError) []openapi.Violation {
	var found []openapi.Violation
	for _, e := range errs {
		if schema := schemaError(e); schema != nil {
			found = append(found, leaves(e, schema)...)
			continue
		}
		found = append(found, plainViolation(e))
	}
	slices.SortStableFunc(found, func(a, b openapi.Violation) int {
		return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Code, b.Code))
	})
	return slices.Compact(found)
}

func schemaError(e *errors.ValidationError) *jsonschema.ValidationError {
	for _, failure := range e.SchemaValidationErrors {
		if failure.OriginalJsonSchemaError != nil {
			return failure.OriginalJsonSchemaError
		}
	}
	return nil
}

// plainViolation translates a finding that is not about a schema.
func plainViolation(e *errors.ValidationError) openapi.Violation {
	v := openapi.Violation{Parameter: e.ParameterName}
	reason := strings.ToLower(e.Message + " " + e.Reason)
	switch {
	case e.ValidationType == errors.StrictValidationType:
		v.Code, v.Pointer = e.ValidationSubType, strictPointer(e)
		v.Message = "the contract does not declare this"
	case e.ValidationSubType == helpers.ParameterValidationHeader && e.ValidationType == helpers.ResponseBodyValidation:
		v.Code, v.Parameter = "header-missing", fieldName(e)
		v.Message = "a required header is missing"
	case e.ValidationSubType == "statusCode":
		v.Code, v.Message = "undocumented-status", "the contract documents no answer with this status"
	case e.ValidationSubType == "contentType":
		v.Code, v.Parameter, v.Message = "content-type", "Content-Type", "the media type is not documented"
	case strings.Contains(reason, "cannot be decoded") || strings.Contains(reason, "failed to be decoded"):
		v.Code, v.Message = "invalid-json", "the body cannot be read"
	case e.ValidationType == helpers.ParameterValidation && strings.Contains(reason, "missing"):
		v.Code, v.Message = "required", "a required parameter is missing"
	case e.ValidationType == helpers.ParameterValidation:
		v.Code, v.Message = "type", "the parameter is not of the declared type"
	default:
		v.Code, v.Message = "refused", "it does not fit the contract: "+e.ValidationType+" "+e.ValidationSubType
	}
	return v
}

func fieldName(e *errors.ValidationError) string {
	for _, failure := range e.SchemaValidationErrors {
		if failure.FieldName != "" {
			return failure.FieldName
		}
	}
	return e.ParameterName
}

// strictPointer reads the place from the message. The message has it as the JSONPath of the property between the last
// pair of quotes: '$.body.a[0].b'.
func strictPointer(e *errors.ValidationError) string {
	parts := strings.Split(e.Message, "'")
	if len(parts) < 4 {
		return ""
	}
	path := strings.TrimPrefix(strings.TrimPrefix(parts[3], "$"), ".body")
	return strings.NewReplacer(".", "/", "[", "/", "]", "").Replace(path)
}

// leaves lists the failures of one schema with their places. It does not follow the branches of a oneOf, because it
// cannot know which of them was meant.
func leaves(e *errors.ValidationError, schema *jsonschema.ValidationError) []openapi.Violation {
	switch k := schema.ErrorKind.(type) {
	case *kind.Schema, *kind.Group, *kind.Reference, *kind.AllOf:
		var found []openapi.Violation
		for _, cause := range schema.Causes {
			found = append(found, leaves(e, cause)...)
		}
		return found
	case *kind.Required:
		var found []openapi.Violation
		for _, name := range k.Missing {
			found = append(found, at(e, "required", append(slices.Clone(schema.InstanceLocation), name),
				"a required property is missing"))
		}
		return found
	case *kind.AdditionalProperties:
		return []openapi.Violation{at(e, "unknown-property", schema.InstanceLocation, "a property is not documented")}
	}
	path := schema.ErrorKind.KeywordPath()
	keyword := "schema"
	if len(path) > 0 {
		keyword = path[len(path)-1]
	}
	message := "the value does not satisfy " + keyword + wanted(schema.ErrorKind)
	return []openapi.Violation{at(e, openapi.CodeOf(keyword), schema.InstanceLocation, message)}
}

// wanted says what the schema asks for; nothing of the value itself.
func wanted(failure jsonschema.ErrorKind) string {
	switch k := failure.(type) {
	case *kind.Type:
		return ": want " + strings.Join(k.Want, " or ") + ", got " + k.Got
	case *kind.Enum:
		words := make([]string, len(k.Want))
		for i, word := range k.Want {
			words[i] = fmt.Sprint(word)
		}
		return ": want one of " + strings.Join(words, ", ")
	}
	return ""
}

func at(e *errors.ValidationError, code string, location []string, message string) openapi.Violation {
	v := openapi.Violation{Code: code, Parameter: e.ParameterName, Message: message}
	if e.ParameterName != "" {
		location = append([]string{e.ParameterName}, location...)
	}
	for _, step := range location {
		v.Pointer += "/" + jsonpointer.Escape(step)
	}
	return v
}
