package mockserver

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/url"
	"strings"

	"github.com/statuschecks/statuschecks/internal/lazy"
)

// Rack's limits for forms and queries.
const (
	maxFormBytes  = 4 << 20
	maxParameters = 4096
	maxNameBytes  = 64 << 10
	maxBrackets   = 99
	maxTextBytes  = 16 << 20 // of all the text in a multipart body
	maxParts      = 4096
	maxFiles      = 127
)

// errTooManyParts means that a multipart body has too many parts or files.
var errTooManyParts = fmt.Errorf("a multipart body has at most %d parts and %d files", maxParts, maxFiles)

// readFormBody reads a urlencoded body, and says which names are in it more than once. One that is too long is not read
// to its end.
func readFormBody(body io.Reader, length int64) (form map[string]any, repeated []string, err error) {
	if length > maxFormBytes {
		return nil, nil, errLongForm
	}
	text, err := readAll(io.LimitReader(body, maxFormBytes+1), maxFormBytes+1)
	if err != nil {
		return nil, nil, err
	}
	if form, err = readForm(string(text)); err != nil {
		return nil, nil, err
	}
	return form, repeatedNames(string(text)), nil
}

var errNotMultipart = errors.New("the body is declared as multipart but is not, or it is cut short")

// readMultipart reads a multipart form part by part, until there are too many. Without a boundary there are no parts.
func readMultipart(body io.Reader, boundary string) (map[string]any, error) {
	params := map[string]any{}
	if boundary == "" {
		return params, nil
	}
	reader := multipart.NewReader(body, boundary)
	text, files := 0, 0
	for parts := 1; ; parts++ {
		part, err := reader.NextRawPart()
		if err == io.EOF { //nolint:errorlint // only EOF itself: errors that wrap it say that the end is missing
			return params, nil
		}
		if err != nil {
			return nil, errNotMultipart
		}
		if part.FileName() != "" {
			files++
		}
		if parts > maxParts || files > maxFiles {
			return nil, errTooManyParts
		}
		value, size, err := readPart(part, maxTextBytes-text)
		if err != nil {
			return nil, err
		}
		text += size
		if err := add(params, part.FormName(), value); err != nil {
			return nil, err
		}
	}
}

// readPart reads a part. It returns its text and the length of the text, which may be at most left bytes, or the name
// of its file.
func readPart(part *multipart.Part, left int) (value any, size int, err error) {
	content := []byte(part.FileName())
	if len(content) > 0 {
		value = map[string]any{"filename": part.FileName()}
		_, err = io.Copy(io.Discard, part)
	} else {
		content, err = io.ReadAll(io.LimitReader(part, int64(left)+1))
		value, size = string(content), len(content)
	}
	switch flaw := textFlaw(string(content)); {
	case err != nil:
		return nil, 0, errors.New("a part of the multipart body is cut short")
	case size > left:
		return nil, 0, fmt.Errorf("a multipart body has at most %d bytes of text", maxTextBytes)
	case flaw != "":
		return nil, 0, errors.New("a part of the multipart body " + flaw)
	}
	return value, size, nil
}

var errLongForm = fmt.Errorf("a query or a form has at most %d bytes", maxFormBytes)

// readForm reads a query string or a urlencoded body as Rack does: name[]=1 makes lists, name[key]=1 makes objects, and
// the last value of a plain name counts. It refuses text that cannot be decoded, that is not UTF-8, or that is too
// long.
func readForm(text string) (map[string]any, error) {
	if text == "" {
		return nil, nil
	}
	params := map[string]any{}
	if len(text) > maxFormBytes {
		return nil, errLongForm
	}
	if strings.Count(text, "&") >= maxParameters {
		return nil, fmt.Errorf("a query or a form has at most %d parameters", maxParameters)
	}
	for pair := range strings.SplitSeq(text, "&") {
		if pair == "" {
			continue
		}
		name, value, found := strings.Cut(pair, "=")
		for _, half := range []string{name, value} {
			if flaw := formTextFlaw(half); flaw != "" {
				return nil, errors.New("a name or a value among the parameters " + flaw)
			}
		}
		name, _ = unescape(name)
		var decoded any
		if found {
			decoded, _ = unescape(value)
		}
		if err := add(params, name, decoded); err != nil {
			return nil, err
		}
	}
	return params, nil
}

func unescape(text string) (string, error) { return url.QueryUnescape(text) }

var nestedName = lazy.Regexp(`^([^\[\]]+)((?:\[[^\[\]]*\])*)$`)

// add stores a value under a name such as a, a[], a[b] or a[b][].
func add(params map[string]any, name string, value any) error {
	if flaw := textFlaw(name); flaw != "" {
		return errors.New("the name of a parameter " + flaw)
	}
	if len(name) > maxNameBytes {
		return fmt.Errorf("the name of a parameter has at most %d bytes", maxNameBytes)
	}
	m := nestedName().FindStringSubmatch(name)
	if m == nil || m[2] == "" {
		return addPlain(params, name, value)
	}
	keys := strings.Split(m[2][1:len(m[2])-1], "][")
	if len(keys) > maxBrackets {
		return fmt.Errorf("parameters are nested at most %d deep", maxBrackets)
	}
	return addUnder(params, m[1], keys, value)
}

// addPlain stores a value under a name without brackets. In GitLab such a value replaces a list or an object. Here it
// is refused, as the opposite is.
func addPlain(params map[string]any, name string, value any) error {
	if name == "" {
		return nil
	}
	_, isFile := value.(map[string]any)
	switch params[name].(type) {
	case map[string]any, []any:
		if !isFile {
			return conflictingTypes(name)
		}
	}
	params[name] = value
	return nil
}

// addUnder follows the keys in brackets. An empty key stands for a list. When a key of the last item comes again, a new
// item begins.
func addUnder(params map[string]any, name string, keys []string, value any) error {
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
		return addUnder(object, keys[0], keys[1:], value)
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
			return addUnder(item, keys[1], keys[2:], value)
		}
	}
	item := map[string]any{}
	params[name] = append(list, item)
	return addUnder(item, keys[1], keys[2:], value)
}

func conflictingTypes(name string) error {
	return fmt.Errorf("parameter %s is given as a list, an object or a plain value at the same time", name)
}
