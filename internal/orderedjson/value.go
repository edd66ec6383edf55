// Package orderedjson reads and writes JSON values whose objects keep the order of their keys, which clients of GitLab
// can see.
package orderedjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Object is a JSON object that keeps the order of its keys.
type Object struct {
	Keys    []string
	Members map[string]any
}

// Of returns an object of keys and values by turns.
func Of(pairs ...any) *Object {
	o := &Object{Members: map[string]any{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		o.Set(fmt.Sprint(pairs[i]), pairs[i+1])
	}
	return o
}

// Get returns the value of a key, or nil if the object does not have the key.
func (o *Object) Get(key string) any { return o.Members[key] }

// Set changes a value in its place, or adds it at the end.
func (o *Object) Set(key string, value any) {
	if _, known := o.Members[key]; !known {
		o.Keys = append(o.Keys, key)
	}
	o.Members[key] = value
}

// Drop removes a key and its value.
func (o *Object) Drop(key string) {
	o.Keys = slices.DeleteFunc(o.Keys, func(k string) bool { return k == key })
	delete(o.Members, key)
}

// Rename gives a value another key in the same place.
func (o *Object) Rename(key, to string) {
	if i := slices.Index(o.Keys, key); i >= 0 {
		o.Keys[i], o.Members[to] = to, o.Members[key]
		delete(o.Members, key)
	}
}

// Clone returns an object with the same keys and values.
func (o *Object) Clone() *Object {
	c := Of()
	for _, key := range o.Keys {
		c.Set(key, o.Members[key])
	}
	return c
}

// MarshalJSON writes the members in their order.
func (o *Object) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, key := range o.Keys {
		if i > 0 {
			out = append(out, ',')
		}
		name, err := Encode(key)
		if err != nil {
			return nil, err
		}
		value, err := Encode(o.Members[key])
		if err != nil {
			return nil, err
		}
		out = append(append(append(out, name...), ':'), value...)
	}
	return append(out, '}'), nil
}

// Encode writes a value in one line, with < and & as they are.
func Encode(value any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// Parse reads a text that is one JSON value: nil, bool, string, []any, *Object, or what number makes of a number. If
// number is nil, numbers stay as they are written.
func Parse(data []byte, number func(json.Number) any) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	value, err := Read(decoder, number)
	if err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something stands behind the JSON value")
	}
	return value, nil
}

// Read reads the next value of a decoder as [Parse] does, and leaves alone what stands behind it.
func Read(decoder *json.Decoder, number func(json.Number) any) (any, error) {
	decoder.UseNumber()
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			return readObject(decoder, number)
		}
		return readList(decoder, number)
	case json.Number:
		if number != nil {
			return number(token), nil
		}
	}
	return token, nil
}

func readList(decoder *json.Decoder, number func(json.Number) any) (any, error) {
	list := []any{}
	for decoder.More() {
		item, err := Read(decoder, number)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	_, err := decoder.Token()
	return list, err
}

func readObject(decoder *json.Decoder, number func(json.Number) any) (any, error) {
	o := Of()
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		value, err := Read(decoder, number)
		if err != nil {
			return nil, err
		}
		o.Set(fmt.Sprint(key), value)
	}
	_, err := decoder.Token()
	return o, err
}
