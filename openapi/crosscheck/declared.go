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

// Strict mode reports the properties of open maps too: those that the contract
// leaves open because GitLab does, such as the details of an audit event. The
// functions below tell them from properties that nobody declared.

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

func withoutOpen(found []openapi.Violation, schema *base.Schema) []openapi.Violation {
	return slices.DeleteFunc(found, func(v openapi.Violation) bool {
		if v.Code != errors.StrictSubTypeProperty || schema == nil {
			return false
		}
		return open(schema, strings.Split(strings.TrimPrefix(v.Pointer, "/"), "/"))
	})
}

// open reports whether the way down leads through a map that takes any key.
func open(schema *base.Schema, steps []string) bool {
	if schema == nil || len(steps) == 0 {
		return false
	}
	for _, alternatives := range [][]*base.SchemaProxy{schema.OneOf, schema.AnyOf, schema.AllOf} {
		for _, alternative := range alternatives {
			if open(alternative.Schema(), steps) {
				return true
			}
		}
	}
	if schema.Items != nil && schema.Items.IsA() {
		return open(schema.Items.A.Schema(), steps[1:])
	}
	if schema.Properties != nil {
		if property := schema.Properties.GetOrZero(steps[0]); property != nil {
			return open(property.Schema(), steps[1:])
		}
	}
	if more := schema.AdditionalProperties; more != nil {
		return more.IsA() || more.B
	}
	composed := len(schema.OneOf)+len(schema.AnyOf)+len(schema.AllOf) > 0
	return slices.Contains(schema.Type, "object") && !composed &&
		(schema.Properties == nil || schema.Properties.Len() == 0)
}
