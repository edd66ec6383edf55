package mockserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// maxBody is how large a request's body may be, in bytes.
const maxBody = 32 << 20

// malformedJSON is what Grape says of a body that is not JSON, to the byte.
const malformedJSON = "\nProblem:\n  message body does not match declared format\nResolution:\n  when specifying application/json as content-type, " +
	"you must pass valid application/json in the request's 'body' "

// readBody reads the parameters that a request carries in its body. It fails with 415 for a type that GitLab does not read, with 400 for
// what is not of its type, with 413 for too much. This comes before everything else, the path included.
func readBody(r *http.Request) (map[string]any, error) {
	if !slices.Contains([]string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}, r.Method) {
		return nil, nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, failed(http.StatusRequestEntityTooLarge, "413 Request Entity Too Large", "the body is larger than this server reads")
	}
	if err != nil {
		return nil, failed(http.StatusBadRequest, "400 Bad Request", "the body ended too early")
	}
	if len(body) == 0 {
		return nil, nil
	}
	declared := r.Header.Get("Content-Type")
	kind, options, err := mime.ParseMediaType(declared)
	if err != nil {
		kind, _, _ = strings.Cut(declared, ";")
		kind = strings.TrimSpace(strings.ToLower(kind))
	}
	switch kind {
	case "application/json":
		return readJSON(body)
	case "application/x-www-form-urlencoded":
		return readForm(string(body))
	case "multipart/form-data":
		return readMultipart(body, options["boundary"])
	}
	return nil, failed(http.StatusUnsupportedMediaType, "The provided content-type '"+declared+"' is not supported.",
		"a body must be application/json, application/x-www-form-urlencoded or multipart/form-data")
}

// readJSON reads an object; any other JSON value carries no parameters.
func readJSON(body []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var value any
	broken := d.Decode(&value) != nil
	if _, err := d.Token(); broken || !errors.Is(err, io.EOF) {
		return nil, failed(http.StatusBadRequest, malformedJSON, "the body is declared to be JSON and is not")
	}
	if err := tooDeep(value, 100); err != nil {
		return nil, err
	}
	object, _ := value.(map[string]any)
	return object, nil
}

func tooDeep(value any, left int) error {
	if left == 0 {
		return failed(http.StatusBadRequest, malformedJSON, "the body is nested more than 100 deep")
	}
	switch v := value.(type) {
	case map[string]any:
		for _, item := range v {
			if err := tooDeep(item, left-1); err != nil {
				return err
			}
		}
	case []any:
		for _, item := range v {
			if err := tooDeep(item, left-1); err != nil {
				return err
			}
		}
	}
	return nil
}

func readMultipart(body []byte, boundary string) (map[string]any, error) {
	broken := failed(http.StatusBadRequest, "Invalid or incomplete multipart body", "the body is declared to be multipart and is not")
	if boundary == "" {
		return nil, broken
	}
	params := map[string]any{}
	reader := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			return params, nil
		}
		if err != nil {
			return nil, broken
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return nil, broken
		}
		var value any = string(content)
		if part.FileName() != "" {
			value = map[string]any{"filename": part.FileName()}
		}
		if err := nest(params, part.FormName(), value); err != nil {
			return nil, err
		}
	}
}

// readForm reads a query string or a urlencoded body as Rack does: name[]=1 makes lists, name[key]=1 makes objects, and of a plain name
// given twice the last counts. What cannot be decoded is taken as it is.
func readForm(text string) (map[string]any, error) {
	params := map[string]any{}
	for pair := range strings.SplitSeq(text, "&") {
		if pair == "" {
			continue
		}
		name, value, found := strings.Cut(pair, "=")
		var decoded any
		if found {
			decoded = unescape(value)
		}
		if err := nest(params, unescape(name), decoded); err != nil {
			return nil, err
		}
	}
	return params, nil
}

func unescape(text string) string {
	plain, err := url.QueryUnescape(text)
	if err != nil {
		return text
	}
	return plain
}

var nestedName = regexp.MustCompile(`^([^\[\]]+)((?:\[[^\[\]]*\])*)$`)

// nest stores a value under a name such as a, a[], a[b] or a[b][].
func nest(params map[string]any, name string, value any) error {
	m := nestedName.FindStringSubmatch(name)
	if m == nil || m[2] == "" {
		if name != "" {
			params[name] = value
		}
		return nil
	}
	keys := strings.Split(m[2][1:len(m[2])-1], "][")
	if len(keys) > 32 {
		return failed(http.StatusBadRequest, "The request parameters are nested too deep", name)
	}
	return nestUnder(params, m[1], keys, value)
}

// nestUnder follows the bracketed keys; an empty one stands for a list, whose items are begun anew when a key comes again.
func nestUnder(params map[string]any, name string, keys []string, value any) error {
	if len(keys) == 0 {
		params[name] = value
		return nil
	}
	if keys[0] != "" {
		object, isObject := params[name].(map[string]any)
		if params[name] != nil && !isObject {
			return conflictingTypes(name)
		}
		if object == nil {
			object = map[string]any{}
			params[name] = object
		}
		return nestUnder(object, keys[0], keys[1:], value)
	}
	list, isList := params[name].([]any)
	if params[name] != nil && !isList {
		return conflictingTypes(name)
	}
	if len(keys) == 1 {
		params[name] = append(list, value)
		return nil
	}
	if n := len(list); n > 0 {
		if item, ok := list[n-1].(map[string]any); ok && item[keys[1]] == nil {
			return nestUnder(item, keys[1], keys[2:], value)
		}
	}
	item := map[string]any{}
	params[name] = append(list, item)
	return nestUnder(item, keys[1], keys[2:], value)
}

func conflictingTypes(name string) error {
	return failed(http.StatusBadRequest, "The request contains conflicting types",
		"parameter "+name+" is given as a list, an object or a plain value at the same time")
}
