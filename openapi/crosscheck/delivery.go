package crosscheck

import (
	"bytes"
	"io"
	"net/http"
	"net/url"

	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"

	"github.com/statuschecks/statuschecks/openapi"
)

// CheckDelivery judges the body of what a server sends by itself, by the
// callback of an operation. The body is read as JSON whatever its type is said
// to be, as older releases say something else. op is the operationId.
func (v *Validator) CheckDelivery(op string, body []byte) []openapi.Violation {
	j, refused := v.find(op)
	if refused != nil {
		return refused
	}
	callback := callbackOf(j.declared())
	if callback == nil {
		return []openapi.Violation{{Code: "unknown-callback", Message: "the contract has no callback of " + op}}
	}
	r := &http.Request{
		Method: http.MethodPost, URL: &url.URL{Path: j.root + j.operation.Path},
		Header: http.Header{"Content-Type": {"application/json"}},
		Body:   io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}
	return j.guarded(func() []openapi.Violation {
		_, errs := j.bodies.ValidateRequestBodyWithPathItem(r, callback, j.operation.Path)
		return violations(errs)
	})
}

// callbackOf is the one callback that an operation has.
func callbackOf(operation *v3.Operation) *v3.PathItem {
	if operation == nil || operation.Callbacks == nil {
		return nil
	}
	for _, callback := range operation.Callbacks.FromOldest() {
		for _, item := range callback.Expression.FromOldest() {
			return item
		}
	}
	return nil
}
