package crosscheck

import (
	"bytes"
	"io"
	"net/http"
	"net/url"

	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"

	"github.com/statuschecks/statuschecks/openapi"
)

// CheckDelivery checks the body of a delivery that a server sends, against the callback of an operation. It reads the
// body as JSON whatever its declared type is, because older releases declare another one. op is the operationId.
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

// callbackOf returns the only callback of an operation.
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
