package graphql

import (
	"encoding/json"
	"strings"

	"github.com/statuschecks/statuschecks/internal/orderedjson"
)

// Object is a JSON object that keeps the order of its members. Results have one for each object, which is made, read in
// its order and written. So it is a list, without the map of an [orderedjson.Object], which nobody would look into.
type Object []Member

// Member is one name of an Object with its value: nil, a bool, a string, a number, a list or an Object.
type Member struct {
	Name  string
	Value any
}

// Get finds a value by its name. Of several of a name the last one counts.
func (o Object) Get(name string) (value any, found bool) {
	for _, m := range o {
		if m.Name == name {
			value, found = m.Value, true
		}
	}
	return value, found
}

// MarshalJSON writes the members in their order.
func (o Object) MarshalJSON() ([]byte, error) { return appendJSON(nil, o) }

// appendJSON writes a value behind a text, at once with all that is below it.
func appendJSON(text []byte, value any) ([]byte, error) {
	var err error
	switch v := value.(type) {
	case Object:
		text = append(text, '{')
		for i, m := range v {
			if i > 0 {
				text = append(text, ',')
			}
			text = append(appendText(text, m.Name), ':')
			if text, err = appendJSON(text, m.Value); err != nil {
				return nil, err
			}
		}
		return append(text, '}'), nil
	case []any:
		text = append(text, '[')
		for i, item := range v {
			if i > 0 {
				text = append(text, ',')
			}
			if text, err = appendJSON(text, item); err != nil {
				return nil, err
			}
		}
		return append(text, ']'), nil
	case string:
		return appendText(text, v), nil
	}
	other, err := json.Marshal(value)
	return append(text, other...), err
}

// appendText writes a text as JSON.
func appendText(text []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || strings.IndexByte(`"\<>&`, c) >= 0 {
			quoted, _ := json.Marshal(s) // of a string there is always one
			return append(text, quoted...)
		}
	}
	return append(append(append(text, '"'), s...), '"')
}

// DecodeJSON reads one JSON value, its objects as [Object] and its numbers as they are written. A name that is repeated
// has its last value, in its first place, as in Ruby.
func DecodeJSON(text []byte) (any, error) {
	value, err := orderedjson.Parse(text, nil)
	return withObjects(value), err
}

// withObjects returns a value with its objects as [Object].
func withObjects(value any) any {
	switch v := value.(type) {
	case *orderedjson.Object:
		object := make(Object, len(v.Keys))
		for i, name := range v.Keys {
			object[i] = Member{name, withObjects(v.Members[name])}
		}
		return object
	case []any:
		for i, item := range v {
			v[i] = withObjects(item)
		}
	}
	return value
}

// jsonText writes a value for a message.
func jsonText(value any) string {
	text, err := orderedjson.Encode(value)
	if err != nil {
		return "null"
	}
	return string(text)
}

// serialized writes a value as graphql-ruby does in messages: objects with bare names, and no blanks.
func serialized(value any) string {
	switch v := value.(type) {
	case Object:
		text := "{"
		for i, m := range v {
			if i > 0 {
				text += ","
			}
			text += m.Name + ":" + serialized(m.Value)
		}
		return text + "}"
	case []any:
		text := "["
		for i, item := range v {
			if i > 0 {
				text += ","
			}
			text += serialized(item)
		}
		return text + "]"
	}
	return jsonText(value)
}
