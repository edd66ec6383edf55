package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
)

// object is a JSON object that keeps the order of its keys, which GitLab's clients can see and scenarios assert.
type object struct {
	keys    []string
	members map[string]any
}

// missing stands for a value that is not there at all.
type missing struct{}

// parseJSON reads one JSON value: nil, bool, int64, float64, string, []any or *object.
func parseJSON(data []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	value, err := readValue(decoder)
	if err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something stands behind the JSON value")
	}
	return value, nil
}

func readValue(decoder *json.Decoder) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			return readObject(decoder)
		}
		return readList(decoder)
	case json.Number:
		return number(token), nil
	}
	return token, nil
}

func number(text json.Number) any {
	if whole, err := text.Int64(); err == nil {
		return whole
	}
	broken, err := text.Float64()
	if err != nil {
		return text.String()
	}
	return broken
}

func readList(decoder *json.Decoder) (any, error) {
	list := []any{}
	for decoder.More() {
		item, err := readValue(decoder)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	_, err := decoder.Token()
	return list, err
}

func readObject(decoder *json.Decoder) (any, error) {
	o := &object{members: map[string]any{}}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		value, err := readValue(decoder)
		if err != nil {
			return nil, err
		}
		name, _ := key.(string)
		if _, again := o.members[name]; !again {
			o.keys = append(o.keys, name)
		}
		o.members[name] = value
	}
	_, err := decoder.Token()
	return o, err
}

// plain turns objects into maps, for expressions, diffs and encoding.
func plain(value any) any {
	switch value := value.(type) {
	case *object:
		members := make(map[string]any, len(value.members))
		for key, member := range value.members {
			members[key] = plain(member)
		}
		return members
	case map[string]any:
		members := make(map[string]any, len(value))
		for key, member := range value {
			members[key] = plain(member)
		}
		return members
	case []any:
		list := make([]any, len(value))
		for i, item := range value {
			list[i] = plain(item)
		}
		return list
	}
	return value
}

// typeName is JSON's word for a value's type; integers are told from other numbers.
func typeName(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case int64, int:
		return "integer"
	case float64:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	case missing:
		return "absent"
	}
	return "object"
}

// short is a value in one line, cut when it is long.
func short(value any) string {
	if _, absent := value.(missing); absent {
		return "nothing"
	}
	text, err := encodeJSON(plain(value))
	if err != nil {
		return typeName(value)
	}
	if len(text) > 200 {
		return strings.ToValidUTF8(string(text[:200]), "") + "… (" + strconv.Itoa(len(text)) + " bytes)"
	}
	return string(text)
}

// encodeJSON writes a value in one line, with < and & as they are.
func encodeJSON(value any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}
