package crosscheck

import (
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/pb33f/libopenapi-validator/errors"
	"github.com/pb33f/libopenapi/datamodel/high/base"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"

	"github.com/statuschecks/statuschecks/openapi"
)

// Strict mode reports too much in two cases. The first are the properties of maps that the contract leaves open because
// GitLab does, such as the details of an audit event. The second are the properties of an allOf inside a oneOf, anyOf
// or allOf, because strict mode does not look into it. The functions below remove these reports.

func answerSchema(answer *v3.Response, header http.Header) *base.Schema {
	if answer == nil || answer.Content == nil {
		return nil
	}
	kind, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		return nil
	}
	media := answer.Content.GetOrZero(kind)
	if media == nil || media.Schema == nil {
		return nil
	}
	return media.Schema.Schema()
}

func withoutDeclared(found []openapi.Violation, schema *base.Schema) []openapi.Violation {
	return slices.DeleteFunc(found, func(v openapi.Violation) bool {
		if v.Code != errors.StrictSubTypeProperty || schema == nil {
			return false
		}
		return declares(schema, strings.Split(strings.TrimPrefix(v.Pointer, "/"), "/"))
	})
}

// declares reports whether the steps lead to a declared property, or through a map that allows any key, in any of the
// alternatives.
func declares(schema *base.Schema, steps []string) bool {
	if len(steps) == 0 {
		return true
	}
	if schema == nil {
		return false
	}
	for _, alternatives := range [][]*base.SchemaProxy{schema.OneOf, schema.AnyOf, schema.AllOf} {
		for _, alternative := range alternatives {
			if declares(alternative.Schema(), steps) {
				return true
			}
		}
	}
	if schema.Items != nil && schema.Items.IsA() {
		return declares(schema.Items.A.Schema(), steps[1:])
	}
	if schema.Properties != nil {
		if property := schema.Properties.GetOrZero(steps[0]); property != nil {
			return declares(property.Schema(), steps[1:])
		}
	}
	if more := schema.AdditionalProperties; more != nil {
		return more.IsA() || more.B
	}
	composed := len(schema.OneOf)+len(schema.AnyOf)+len(schema.AllOf) > 0
	return slices.Contains(schema.Type, "object") && !composed &&
		(schema.Properties == nil || schema.Properties.Len() == 0)
}
