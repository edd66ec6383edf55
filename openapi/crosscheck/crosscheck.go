// Package crosscheck checks requests and responses with libopenapi-validator. This library shares no code with
// kin-openapi, which package openapi uses. So a bug in one of them does not hide an error.
//
// The first check of an operation takes milliseconds, because it compiles the schemas. Use this package in the
// conformance suite and in tests, not in a server.
package crosscheck

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/pb33f/libopenapi"
	"github.com/pb33f/libopenapi-validator/cache"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/errors"
	"github.com/pb33f/libopenapi-validator/helpers"
	"github.com/pb33f/libopenapi-validator/parameters"
	"github.com/pb33f/libopenapi-validator/requests"
	"github.com/pb33f/libopenapi-validator/responses"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"

	"github.com/statuschecks/statuschecks/openapi"
)

// Options say how strict a [Validator] is.
type Options struct {
	// Strict makes undeclared properties of a response violations. Otherwise they are allowed.
	Strict bool
}

// Validator checks requests and responses against one document. It is safe for concurrent use.
type Validator struct {
	document *openapi.Document
	strict   bool
	whole    bool // models are made from whole operations, which strict mode needs
	schemas  *schemas
	compiled cache.SchemaCache // of bodies that stand for others, so that their keys say what they are
	mu       sync.Mutex
	judges   map[string]*judge // by operationId, found when first needed
}

// judge checks one operation. It has a model of that operation alone, because libopenapi-validator compiles the whole
// model for each schema.
type judge struct {
	operation *openapi.Operation
	outline   *openapi.Outline // what the model is made from; nil if it is made from the whole operation
	schemas   *schemas
	compiled  cache.SchemaCache
	built     func() error // builds the model when it is first called

	mu         sync.Mutex
	root       string
	version    float32 // of OpenAPI
	item       *v3.PathItem
	declared   *v3.Operation // libopenapi's model of the operation
	parameters parameters.ParameterValidator
	bodies     requests.RequestBodyValidator
	answers    responses.ResponseBodyValidator

	sound soundAnswers
}

// New makes a validator for a document. If libopenapi cannot build the model of an operation, each check of it reports
// the violation "validator-failed".
func New(doc *openapi.Document, opts Options) *Validator {
	return &Validator{
		document: doc, strict: opts.Strict, whole: opts.Strict, schemas: newSchemas(doc),
		compiled: cache.NewDefaultCache(), judges: map[string]*judge{},
	}
}

// shared holds a judge for each text of an operation that was needed so far, by judgeKey. The releases of one document
// share most of their operations, and the judges of all operations of one release take more than 60 MB.
var shared sync.Map

type judgeKey struct {
	text   [sha256.Size]byte
	strict bool
}

// find returns the judge of an operation.
func (v *Validator) find(op string) (*judge, []openapi.Violation) {
	operation := v.document.Operation(op)
	if operation == nil {
		return nil, []openapi.Violation{{
			Code:    "unknown-operation",
			Message: fmt.Sprintf("the contract has no operation %q", op),
		}}
	}
	j, err := v.judge(operation)
	if err == nil {
		err = j.built()
	}
	if err != nil {
		return nil, []openapi.Violation{{Code: "validator-failed", Message: err.Error()}}
	}
	return j, nil
}

func (v *Validator) judge(operation *openapi.Operation) (*judge, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if j := v.judges[operation.ID]; j != nil {
		return j, nil
	}
	j, strict := &judge{operation: operation, schemas: v.schemas, compiled: v.compiled}, v.strict
	text, err := v.text(j)
	if err != nil {
		return nil, fmt.Errorf("write the contract of %s out: %w", operation.ID, err)
	}
	j.built = sync.OnceValue(func() error { return j.build(text, strict) })
	found, _ := shared.LoadOrStore(judgeKey{sha256.Sum256(text), strict}, j)
	v.judges[operation.ID] = found.(*judge)
	return v.judges[operation.ID], nil
}

// text is what the model of an operation is made from.
func (v *Validator) text(j *judge) ([]byte, error) {
	if v.whole {
		// libopenapi's keys do not tell the anyOf of two schemas from their oneOf, so operations share nothing
		j.compiled = cache.NewDefaultCache()
		return j.operation.Excerpt()
	}
	outline, err := j.operation.Outline()
	if err != nil {
		return nil, err
	}
	j.outline = outline
	return outline.Text, nil
}

func (j *judge) build(text []byte, strict bool) error {
	parsed, err := libopenapi.NewDocument(text)
	if err != nil {
		return fmt.Errorf("read the contract of %s with libopenapi: %w", j.operation.ID, err)
	}
	model, err := parsed.BuildV3Model()
	if err != nil {
		return fmt.Errorf("build libopenapi's model of %s: %w", j.operation.ID, err)
	}
	j.item = model.Model.Paths.PathItems.GetOrZero(j.operation.Path)
	j.declared = j.item.GetOperations().GetOrZero(strings.ToLower(j.operation.Method))
	j.root = strings.TrimSuffix(model.Model.Servers[0].URL, "/")
	j.version = helpers.VersionToFloat(model.Model.Version)
	j.assemble(&model.Model, strict)
	return nil
}

// assemble uses the parts of the validator. The whole validator would compile every schema of the model before the
// first request.
func (j *judge) assemble(model *v3.Document, strict bool) {
	options := []config.Option{
		config.WithStandardBodyDecoders(), config.WithFormatAssertions(), config.WithoutSecurityValidation(),
		config.WithRegexCache(&sync.Map{}), config.WithSchemaCache(j.compiled),
	}
	j.parameters = parameters.NewParameterValidator(model, options...)
	j.bodies = requests.NewRequestBodyValidator(model, options...)
	if strict {
		options = append(options, config.WithStrictMode())
	}
	j.answers = responses.NewResponseBodyValidator(model, options...)
}

// CheckRequest checks a request in canonical form, as [openapi.Operation.CheckRequest] does. op is the operationId.
func (v *Validator) CheckRequest(op string, r *http.Request, body []byte) []openapi.Violation {
	j, refused := v.find(op)
	if refused != nil {
		return refused
	}
	canonical, ok := j.canonical(r, body)
	if !ok {
		return []openapi.Violation{{Code: "path", Message: "the path does not fit " + j.operation.Path}}
	}
	return j.guarded(func() ([]openapi.Violation, error) {
		if body := j.declared.RequestBody; body != nil {
			if err := j.ready(body.Content, asked); err != nil {
				return nil, err
			}
		}
		var all []*errors.ValidationError
		for _, validate := range []func(*http.Request, *v3.PathItem, string) (bool, []*errors.ValidationError){
			j.parameters.ValidatePathParamsWithPathItem,
			j.parameters.ValidateHeaderParamsWithPathItem,
			j.parameters.ValidateQueryParamsWithPathItem,
			j.bodies.ValidateRequestBodyWithPathItem,
		} {
			_, errs := validate(canonical, j.item, j.operation.Path)
			all = append(all, errs...)
		}
		return violations(all), nil
	})
}

// CheckResponse checks the response to r. op is the operationId. The response to a HEAD request is checked without its
// body.
func (v *Validator) CheckResponse(
	op string, r *http.Request, status int, header http.Header, body []byte,
) []openapi.Violation {
	j, refused := v.find(op)
	if refused != nil {
		return refused
	}
	declared := j.declared
	kept := declaredHeaders(declared, status, header)
	sum := sumOf(r.Method, status, kept, body)
	if j.sound.has(sum) {
		return nil
	}
	canonical := j.asked(r)
	answer := &http.Response{
		StatusCode: status, Header: kept,
		Body: io.NopCloser(bytes.NewReader(body)), Request: canonical,
	}
	if r.Method == http.MethodHead {
		canonical.Method, answer.Body = http.MethodHead, http.NoBody
	}
	var found []openapi.Violation
	if r.Method != http.MethodHead {
		found = overlooked(declaredAnswer(declared, status), header, body)
	}
	found = append(found, j.guarded(func() ([]openapi.Violation, error) {
		if documented := declaredAnswer(declared, status); documented != nil {
			if err := j.ready(documented.Content, answered); err != nil {
				return nil, err
			}
		}
		_, errs := j.answers.ValidateResponseBodyWithPathItem(canonical, answer, j.item, j.operation.Path)
		return withoutDeclared(violations(errs), answerSchema(declaredAnswer(declared, status), header)), nil
	})...)
	if len(found) == 0 {
		j.sound.add(sum)
	}
	return found
}

// canonical moves r below the contract's own root. The API may be served below any root, but libopenapi removes the
// root of the server from paths. It refuses an empty segment, because that makes libopenapi panic.
func (j *judge) canonical(r *http.Request, body []byte) (*http.Request, bool) {
	template := strings.Split(strings.TrimPrefix(j.operation.Path, "/"), "/")
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
	escaped := j.root + "/" + strings.Join(given, "/")
	plain, err := url.PathUnescape(escaped)
	if err != nil {
		return nil, false
	}
	copied, u := r.WithContext(r.Context()), *r.URL
	copied.Method, copied.URL = j.operation.Method, &u
	u.Path, u.RawPath = plain, escaped
	copied.Body, copied.GetBody, copied.ContentLength = http.NoBody, nil, int64(len(body))
	if len(body) > 0 {
		copied.Body = io.NopCloser(bytes.NewReader(body))
	}
	return copied, true
}

// asked returns the request that a response belongs to. A server may accept paths that are not canonical, such as one
// with a trailing slash. That does not matter for its response, so the path is then made from the template.
func (j *judge) asked(r *http.Request) *http.Request {
	if canonical, ok := j.canonical(r, nil); ok {
		return canonical
	}
	template := r.WithContext(r.Context())
	template.Method, template.URL = j.operation.Method, &url.URL{Path: j.root + j.operation.Path}
	template.Body = http.NoBody
	return template
}

// declaredHeaders keeps the headers that the contract declares. Strict mode is meant for properties, and every server
// adds headers of its own.
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

// overlooked reports what libopenapi misses: a body where none is documented, and a missing or null body where one is
// documented. A page may be empty.
func overlooked(answer *v3.Response, header http.Header, body []byte) []openapi.Violation {
	if answer == nil || len(body) == 0 && strings.HasPrefix(header.Get("Content-Type"), "text/html") {
		return nil
	}
	documented := answer.Content != nil && answer.Content.Len() > 0
	switch trimmed := bytes.TrimSpace(body); {
	case !documented && len(body) > 0:
		return []openapi.Violation{{Code: "unexpected-body", Message: "no body is documented for this status"}}
	case documented && len(trimmed) == 0:
		return []openapi.Violation{{Code: "invalid-json", Message: "the body cannot be read"}}
	case documented && string(trimmed) == "null":
		return []openapi.Violation{{Code: "null", Message: "the value must not be null"}}
	}
	return nil
}

// guarded recovers from a panic inside libopenapi. It also allows only one check at a time: libopenapi compiles a
// schema when it is first used, and meanwhile writes into what the schemas share.
func (j *judge) guarded(validate func() ([]openapi.Violation, error)) (found []openapi.Violation) {
	j.mu.Lock()
	defer j.mu.Unlock()
	defer func() {
		if caught := recover(); caught != nil {
			found = []openapi.Violation{{
				Code:    "validator-failed",
				Message: "libopenapi-validator could not judge this",
			}}
		}
	}()
	found, err := validate()
	if err != nil {
		return []openapi.Violation{{Code: "validator-failed", Message: err.Error()}}
	}
	return found
}
