package proof

import (
	"bytes"
	"encoding/json"
	"slices"
)

// object is a JSON object that keeps the order of its keys, which is part of what is judged.
type object struct {
	keys   []string
	values map[string]any
}

// of makes an object of keys and values by turns.
func of(pairs ...any) *object {
	o := &object{values: map[string]any{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		o.set(pairs[i].(string), pairs[i+1])
	}
	return o
}

func (o *object) get(key string) any { return o.values[key] }

// set changes a value in its place, or adds it at the end.
func (o *object) set(key string, value any) {
	if _, known := o.values[key]; !known {
		o.keys = append(o.keys, key)
	}
	o.values[key] = value
}

func (o *object) drop(key string) {
	o.keys = slices.DeleteFunc(o.keys, func(k string) bool { return k == key })
	delete(o.values, key)
}

// rename gives a value another key in the same place.
func (o *object) rename(key, to string) {
	if i := slices.Index(o.keys, key); i >= 0 {
		o.keys[i], o.values[to] = to, o.values[key]
		delete(o.values, key)
	}
}

// copyOf is an object with the same keys and values.
func copyOf(o *object) *object {
	c := of()
	for _, key := range o.keys {
		c.set(key, o.values[key])
	}
	return c
}

// MarshalJSON writes the members in their order.
func (o *object) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, key := range o.keys {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, encode(key)...), ':'), encode(o.values[key])...)
	}
	return append(out, '}'), nil
}

// encode writes a value in one line, with < and & as they are.
func encode(value any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return []byte("null") // a value that was parsed, or made of parsed ones, can be written
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}

// parse reads a JSON value: nil, bool, json.Number, string, []any or *object. What is no JSON gives nil.
func parse(text []byte) any {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	value, err := read(decoder)
	if err != nil {
		return nil
	}
	return value
}

func read(decoder *json.Decoder) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		o := of()
		for decoder.More() {
			key, err := decoder.Token()
			if err != nil {
				return nil, err
			}
			value, err := read(decoder)
			if err != nil {
				return nil, err
			}
			o.set(key.(string), value)
		}
		_, err := decoder.Token()
		return o, err
	case json.Delim('['):
		list := []any{}
		for decoder.More() {
			value, err := read(decoder)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		_, err := decoder.Token()
		return list, err
	}
	return token, nil
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
