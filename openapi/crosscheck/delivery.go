package crosscheck

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"

	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"

	"github.com/statuschecks/statuschecks/openapi"
)

// CheckDelivery checks the body of a delivery that a server sends, against a callback of an operation: the one whose
// declared headers the delivery has. It reads the body as JSON whatever its declared type is, because older releases
// declare another one. op is the operationId.
func (v *Validator) CheckDelivery(op string, header http.Header, body []byte) []openapi.Violation {
	j, refused := v.find(op)
	if refused != nil {
		return refused
	}
	callback := callbackFor(j.declared, header)
	if callback == nil {
		return []openapi.Violation{{
			Code: "unknown-callback", Message: "the contract has no callback of " + op + " for such a delivery",
		}}
	}
	r := &http.Request{
		Method: http.MethodPost, URL: &url.URL{Path: j.root + j.operation.Path},
		Header: http.Header{"Content-Type": {"application/json"}},
		Body:   io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}
	return j.guarded(func() ([]openapi.Violation, error) {
		if err := j.ready(callback.Post.RequestBody.Content, asked); err != nil {
			return nil, err
		}
		_, errs := j.bodies.ValidateRequestBodyWithPathItem(r, callback, j.operation.Path)
		return violations(errs), nil
	})
}

// callbackFor returns the callback of an operation that declares a delivery with these headers.
func callbackFor(operation *v3.Operation, header http.Header) *v3.PathItem {
	if operation == nil || operation.Callbacks == nil {
		return nil
	}
	for _, callback := range operation.Callbacks.FromOldest() {
		for _, item := range callback.Expression.FromOldest() {
			if item.Post != nil && !slices.ContainsFunc(item.Post.Parameters, func(p *v3.Parameter) bool {
				return excludes(p, header)
			}) {
				return item
			}
		}
	}
	return nil
}

// excludes reports whether a parameter is a header that has one of a few values, and not the given one.
func excludes(p *v3.Parameter, header http.Header) bool {
	if p.In != "header" || p.Schema == nil || len(p.Schema.Schema().Enum) == 0 {
		return false
	}
	for _, value := range p.Schema.Schema().Enum {
		if value.Value == header.Get(p.Name) {
			return false
		}
	}
	return true
}
