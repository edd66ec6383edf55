package proof

import (
	"github.com/statuschecks/statuschecks/internal/orderedjson"
)

// object is a JSON object that keeps the order of its keys, which is part of what is judged.
type object = orderedjson.Object

// of makes an object of keys and values by turns.
func of(pairs ...any) *object { return orderedjson.Of(pairs...) }

// encode writes a value in one line, with < and & as they are.
func encode(value any) []byte {
	text, err := orderedjson.Encode(value)
	if err != nil {
		return []byte("null") // a value that was parsed, or made of parsed ones, can be written
	}
	return text
}

// parse reads a JSON value: nil, bool, json.Number, string, []any or *object. What is no JSON gives nil; what stands
// behind the value does not matter.
func parse(text []byte) any {
	value, err := orderedjson.ParseFirst(text, nil)
	if err != nil {
		return nil
	}
	return value
}

// objects are the objects of a value: itself, or the items of a list.
func objects(value any) []*object {
	switch value := value.(type) {
	case *object:
		return []*object{value}
	case []any:
		var found []*object
		for _, item := range value {
			if o, ok := item.(*object); ok {
				found = append(found, o)
			}
		}
		return found
	}
	return nil
}

// text is a value as it stands in a path or query; empty for null.
func text(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return value
	}
	return string(encode(value))
}
