package conformance

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/internal/orderedjson"
	"github.com/statuschecks/statuschecks/openapi"
)

// request is a request on its way, complete but for the time it is sent at.
type request struct {
	operation string
	op        *openapi.Operation // nil when the request is bent out of the contract
	method    string
	url       string
	header    http.Header
	body      []byte
	hasBody   bool
	chunked   bool
}

// builder makes requests of operations. Paths and places of parameters come from the contract alone.
type builder struct {
	root string // the API's address without a slash at its end
}

// input is what a request is made of, references filled.
type input struct {
	with    map[string]any
	query   map[string]any
	encode  string
	json    any
	hasJSON bool
	headers map[string]any
	raw     *scenario.Raw
}

// build makes the request of an operation.
func (b *builder) build(op *openapi.Operation, in input) (*request, error) {
	r := &request{operation: op.ID, op: op, method: op.Method, header: http.Header{}}
	path, err := fillPath(op, in)
	if err != nil {
		return nil, err
	}
	query, body := places(op, in)
	if err := r.setBody(body, in); err != nil {
		return nil, err
	}
	values := url.Values{}
	addValues(values, "", query)
	addValues(values, "", in.query)
	root := b.rootOf(op)
	address, rawQuery := root+path, values.Encode()
	if in.raw != nil {
		address = b.bend(r, root, path, in.raw)
		if in.raw.Query != "" {
			rawQuery = in.raw.Query
		}
	}
	if rawQuery != "" {
		address += "?" + rawQuery
	}
	r.url = address
	for name, value := range in.headers {
		r.header.Set(name, jsonvalue.Text(value))
	}
	return r, nil
}

// rootOf is the address that an operation's path is below. GraphQL has one beside that of the REST API.
func (b *builder) rootOf(op *openapi.Operation) string {
	instance, isAPI := strings.CutSuffix(b.root, openapi.GitLab().Root())
	if !isAPI {
		return b.root
	}
	return instance + op.Root()
}

// bend applies what a raw step changes.
func (b *builder) bend(r *request, root, path string, raw *scenario.Raw) string {
	if raw.Method != "" {
		r.method = raw.Method
	}
	if raw.Method != "" || raw.Prefix != "" || raw.Suffix != "" {
		r.op = nil
	}
	if raw.HasBody {
		r.body, r.hasBody = []byte(raw.Body), true
	}
	if raw.NoType {
		r.header.Del("Content-Type")
	}
	r.chunked = raw.Chunked
	if raw.API != "" {
		root = strings.TrimSuffix(b.root, openapi.GitLab().Root()) + raw.API
	}
	return root + raw.Prefix + path + raw.Suffix
}

var (
	letter      = lazy.Regexp(`%[0-9A-F]{2}|[A-Za-z0-9]`)
	anyEscape   = lazy.Regexp(`%[0-9A-F]{2}`)
	asTheyStand = func(text string) string { return text }
)

// escaping is how a step escapes path parameters.
func escaping(raw *scenario.Raw) func(string) string {
	switch {
	case raw != nil && raw.Escape == scenario.EscapeLetters:
		return func(text string) string {
			return letter().ReplaceAllStringFunc(text, func(found string) string {
				if len(found) > 1 {
					return found
				}
				return fmt.Sprintf("%%%02X", found[0])
			})
		}
	case raw != nil && raw.Escape == scenario.EscapeLowerCase:
		return func(text string) string { return anyEscape().ReplaceAllStringFunc(text, strings.ToLower) }
	}
	return asTheyStand
}

func fillPath(op *openapi.Operation, in input) (string, error) {
	escaped := escaping(in.raw)
	path := op.Path
	for _, p := range op.Parameters() {
		if p.In != "path" {
			continue
		}
		value, given := in.with[p.Name]
		if !given {
			return "", fmt.Errorf("%s needs %s", op.ID, p.Name)
		}
		path = strings.ReplaceAll(path, "{"+p.Name+"}", escaped(url.PathEscape(jsonvalue.Text(value))))
	}
	return path, nil
}

// places sorts parameters into those for the query string and those for the body.
func places(op *openapi.Operation, in input) (query, body map[string]any) {
	query, body = map[string]any{}, map[string]any{}
	for _, p := range op.Parameters() {
		value, given := in.with[p.Name]
		switch {
		case !given || p.In == "path":
		case p.In == "query" || in.encode == "query":
			query[p.Name] = value
		default:
			body[p.Name] = value
		}
	}
	return query, body
}

func (r *request) setBody(values map[string]any, in input) error {
	switch {
	case in.hasJSON:
		return r.setJSON(in.json)
	case len(values) == 0 && (in.encode == "" || in.encode == "query"):
		return nil
	}
	switch in.encode {
	case "form":
		form := url.Values{}
		addValues(form, "", values)
		r.body = []byte(form.Encode())
		r.header.Set("Content-Type", "application/x-www-form-urlencoded")
	case "multipart":
		return r.setMultipart(values)
	default:
		return r.setJSON(values)
	}
	r.hasBody = true
	return nil
}

func (r *request) setJSON(value any) error {
	body, err := orderedjson.Encode(jsonvalue.Plain(value))
	if err != nil {
		return fmt.Errorf("write the body as JSON: %w", err)
	}
	r.body, r.hasBody = body, true
	r.header.Set("Content-Type", "application/json")
	return nil
}

// boundary is fixed so that a request is the same in every run.
const boundary = "statuschecks-boundary-7d8e1f"

func (r *request) setMultipart(values map[string]any) error {
	form := url.Values{}
	addValues(form, "", values)
	var out bytes.Buffer
	writer := multipart.NewWriter(&out)
	errs := []error{writer.SetBoundary(boundary)}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, value := range form[name] {
			errs = append(errs, writer.WriteField(name, value))
		}
	}
	errs = append(errs, writer.Close())
	r.body, r.hasBody = out.Bytes(), true
	r.header.Set("Content-Type", writer.FormDataContentType())
	return errors.Join(errs...)
}

// addValues writes values as forms and query strings spell them: lists as name[]=, objects as name[key]=.
func addValues(form url.Values, prefix string, values map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		key := name
		if prefix != "" {
			key = prefix + "[" + name + "]"
		}
		addValue(form, key, values[name])
	}
}

func addValue(form url.Values, key string, value any) {
	switch value := jsonvalue.Plain(value).(type) {
	case map[string]any:
		addValues(form, key, value)
	case []any:
		for _, item := range value {
			addValue(form, key+"[]", item)
		}
	default:
		form.Add(key, jsonvalue.Text(value))
	}
}
