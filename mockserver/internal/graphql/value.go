package graphql

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// Object is a JSON object that keeps the order of its members.
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
func (o Object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(m.Name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.Value)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// DecodeJSON reads one JSON value, its objects as [Object] and its numbers as they are written.
func DecodeJSON(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	value, err := decodeValue(d)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more after the value")
	}
	return value, nil
}

func decodeValue(d *json.Decoder) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return decodeObject(d)
	case json.Delim('['):
		list := []any{}
		for d.More() {
			item, err := decodeValue(d)
			if err != nil {
				return nil, err
			}
			list = append(list, item)
		}
		_, err := d.Token()
		return list, err
	}
	return token, nil
}

func decodeObject(d *json.Decoder) (any, error) {
	object := Object{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		value, err := decodeValue(d)
		if err != nil {
			return nil, err
		}
		object = append(object, Member{name.(string), value})
	}
	_, err := d.Token()
	return object, err
}

// jsonText writes a value for a message.
func jsonText(value any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return "null"
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
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
