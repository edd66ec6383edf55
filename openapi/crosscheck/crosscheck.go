// Package crosscheck judges requests and answers by libopenapi-validator, which
// shares no code with the kin-openapi that package openapi uses. A defect in one
// of them cannot hide in the other.
//
// Compiling a document takes tens of milliseconds and several megabytes, so this
// belongs into the conformance suite and into tests, not into a server.
package crosscheck

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/pb33f/libopenapi"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/errors"
	"github.com/pb33f/libopenapi-validator/parameters"
	"github.com/pb33f/libopenapi-validator/requests"
	"github.com/pb33f/libopenapi-validator/responses"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"

	"github.com/statuschecks/statuschecks/openapi"
)

// Options say how strictly a [Validator] judges.
type Options struct {
	// Strict makes properties of an answer that the contract does not declare
	// violations; false lets them pass.
	Strict bool
}

// Validator judges by one document. It is safe for concurrent use.
type Validator struct {
	mu         sync.Mutex
	document   *openapi.Document
	root       string
	paths      map[string]*v3.PathItem
	parameters parameters.ParameterValidator
	bodies     requests.RequestBodyValidator
	answers    responses.ResponseBodyValidator
}

// New compiles doc. It fails when libopenapi cannot build a model of it.
func New(doc *openapi.Document, opts Options) (*Validator, error) {
	text, err := doc.YAML()
	if err != nil {
		return nil, fmt.Errorf("write the contract out: %w", err)
	}
	parsed, err := libopenapi.NewDocument(text)
	if err != nil {
		return nil, fmt.Errorf("read the contract with libopenapi: %w", err)
	}
	model, err := parsed.BuildV3Model()
	if err != nil {
		return nil, fmt.Errorf("build libopenapi's model of the contract: %w", err)
	}
	v := &Validator{document: doc, paths: map[string]*v3.PathItem{}}
	for path, item := range model.Model.Paths.PathItems.FromOldest() {
		v.paths[path] = item
	}
	if len(model.Model.Servers) > 0 {
		v.root = strings.TrimSuffix(model.Model.Servers[0].URL, "/")
	}
	v.assemble(&model.Model, opts)
	return v, nil
}

// assemble uses the parts of the validator rather than the whole, which would
// compile every schema of the document before the first request.
func (v *Validator) assemble(model *v3.Document, opts Options) {
	options := []config.Option{
		config.WithStandardBodyDecoders(), config.WithFormatAssertions(), config.WithoutSecurityValidation(),
		config.WithRegexCache(&sync.Map{}),
	}
	v.parameters = parameters.NewParameterValidator(model, options...)
	v.bodies = requests.NewRequestBodyValidator(model, options...)
	if opts.Strict {
		options = append(options, config.WithStrictMode())
	}
	v.answers = responses.NewResponseBodyValidator(model, options...)
}

// CheckRequest judges a request in canonical form, as
// [openapi.Operation.CheckRequest] does. op is the operationId.
func (v *Validator) CheckRequest(op string, r *http.Request, body []byte) []openapi.Violation {
	operation, item, refused := v.find(op)
	if refused != nil {
		return refused
	}
	canonical, ok := v.canonical(operation, r, body)
	if !ok {
		return []openapi.Violation{{Code: "path", Message: "the path does not fit " + operation.Path}}
	}
	return v.guarded(func() []openapi.Violation {
		var all []*errors.ValidationError
		for _, judge := range []func(*http.Request, *v3.PathItem, string) (bool, []*errors.ValidationError){
			v.parameters.ValidatePathParamsWithPathItem,
			v.parameters.ValidateHeaderParamsWithPathItem,
			v.parameters.ValidateQueryParamsWithPathItem,
			v.bodies.ValidateRequestBodyWithPathItem,
		} {
			_, errs := judge(canonical, item, operation.Path)
			all = append(all, errs...)
		}
		return violations(all)
	})
}

// CheckResponse judges the answer to r. op is the operationId. The answer to a
// HEAD request is judged without its body.
func (v *Validator) CheckResponse(
	op string, r *http.Request, status int, header http.Header, body []byte,
) []openapi.Violation {
	operation, item, refused := v.find(op)
	if refused != nil {
		return refused
	}
	canonical := v.asked(operation, r)
	declared := item.GetOperations().GetOrZero(strings.ToLower(operation.Method))
	answer := &http.Response{
		StatusCode: status, Header: declaredHeaders(declared, status, header),
		Body: io.NopCloser(bytes.NewReader(body)), Request: canonical,
	}
	if r.Method == http.MethodHead {
		canonical.Method, answer.Body = http.MethodHead, http.NoBody
	}
	var found []openapi.Violation
	if r.Method != http.MethodHead {
		found = overlooked(declaredAnswer(declared, status), body)
	}
	return append(found, v.guarded(func() []openapi.Violation {
		_, errs := v.answers.ValidateResponseBodyWithPathItem(canonical, answer, item, operation.Path)
		return withoutDeclared(violations(errs), answerSchema(declaredAnswer(declared, status), header))
	})...)
}

func (v *Validator) find(op string) (*openapi.Operation, *v3.PathItem, []openapi.Violation) {
	operation := v.document.Operation(op)
	if operation == nil || v.paths[operation.Path] == nil {
		return nil, nil, []openapi.Violation{{
			Code: "unknown-operation", Message: fmt.Sprintf("the contract has no operation %q", op),
		}}
	}
	return operation, v.paths[operation.Path], nil
}

// canonical moves r below the contract's own root: the API may be served below
// any other, and libopenapi slices paths by the server's. An empty segment,
// which makes libopenapi panic, does not pass.
func (v *Validator) canonical(operation *openapi.Operation, r *http.Request, body []byte) (*http.Request, bool) {
	template := strings.Split(strings.TrimPrefix(operation.Path, "/"), "/")
	given := strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), "/"), "/")
	if len(given) < len(template) {
		return nil, false
	}
	given = given[len(given)-len(template):]
	for i, segment := range given {
		fixed := !strings.HasPrefix(template[i], "{")
		if segment == "" || fixed && segment != template[i] {
			return nil, false
		}
	}
	escaped := v.root + "/" + strings.Join(given, "/")
	plain, err := url.PathUnescape(escaped)
	if err != nil {
		return nil, false
	}
	copied := r.Clone(r.Context())
	copied.Method = operation.Method
	copied.URL.Path, copied.URL.RawPath = plain, escaped
	copied.Body, copied.GetBody, copied.ContentLength = http.NoBody, nil, int64(len(body))
	if len(body) > 0 {
		copied.Body = io.NopCloser(bytes.NewReader(body))
	}
	return copied, true
}

// asked is the request that an answer belongs to. A server may take paths that
// are not canonical, such as one with a trailing slash: that says nothing about
// its answer, so the template then stands for the path.
func (v *Validator) asked(operation *openapi.Operation, r *http.Request) *http.Request {
	if canonical, ok := v.canonical(operation, r, nil); ok {
		return canonical
	}
	template := r.Clone(r.Context())
	template.Method, template.URL = operation.Method, &url.URL{Path: v.root + operation.Path}
	template.Body = http.NoBody
	return template
}

// declaredHeaders keeps what the contract speaks of: strict mode is meant for
// properties, and every server adds headers of its own.
func declaredHeaders(operation *v3.Operation, status int, header http.Header) http.Header {
	kept := http.Header{}
	keep := func(name string) {
		if values, present := header[http.CanonicalHeaderKey(name)]; present {
			kept[http.CanonicalHeaderKey(name)] = values
		}
	}
	keep("Content-Type")
	if answer := declaredAnswer(operation, status); answer != nil && answer.Headers != nil {
		for name := range answer.Headers.FromOldest() {
			keep(name)
		}
	}
	return kept
}

func declaredAnswer(operation *v3.Operation, status int) *v3.Response {
	if operation == nil || operation.Responses == nil || operation.Responses.Codes == nil {
		return nil
	}
	return operation.Responses.Codes.GetOrZero(fmt.Sprint(status))
}

// overlooked reports what libopenapi lets pass: a body where none is documented,
// and none, or null, where one is.
func overlooked(answer *v3.Response, body []byte) []openapi.Violation {
	if answer == nil {
		return nil
	}
	documented := answer.Content != nil && answer.Content.Len() > 0
	switch trimmed := strings.TrimSpace(string(body)); {
	case !documented && len(body) > 0:
		return []openapi.Violation{{Code: "unexpected-body", Message: "no body is documented for this status"}}
	case documented && trimmed == "":
		return []openapi.Violation{{Code: "invalid-json", Message: "the body cannot be read"}}
	case documented && trimmed == "null":
		return []openapi.Violation{{Code: "null", Message: "the value must not be null"}}
	}
	return nil
}

// guarded keeps a panic inside libopenapi from ending the program. It lets one
// judgement happen at a time: libopenapi compiles a schema when it is first
// used, and writes into what the schemas share while it does.
func (v *Validator) guarded(judge func() []openapi.Violation) (found []openapi.Violation) {
	v.mu.Lock()
	defer v.mu.Unlock()
	defer func() {
		if caught := recover(); caught != nil {
			found = []openapi.Violation{{Code: "validator-failed", Message: "libopenapi-validator could not judge this"}}
		}
	}()
	return judge()
}
