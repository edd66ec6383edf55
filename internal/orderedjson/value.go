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

	"github.com/go-json-experiment/json/jsontext"
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
// number is nil, numbers stay as they are written. Of a key that stands twice in an object, the last value counts.
func Parse(data []byte, number func(json.Number) any) (any, error) {
	r := newReader(data, number)
	value, err := r.value()
	if err != nil {
		return nil, err
	}
	if _, err := r.text.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something stands behind the JSON value")
	}
	return value, nil
}

// ParseFirst reads the first value of a text as [Parse] does, and leaves alone what stands behind it.
func ParseFirst(data []byte, number func(json.Number) any) (any, error) {
	return newReader(data, number).value()
}

// reader reads values from a text.
type reader struct {
	text   *jsontext.Decoder
	number func(json.Number) any
	open   []member // of the objects that are being read, the outermost first
}

type member struct {
	key   string
	value any
}

func newReader(data []byte, number func(json.Number) any) *reader {
	if number == nil {
		number = func(n json.Number) any { return n }
	}
	// A decoder reads from a bytes.Buffer without copying it.
	text := jsontext.NewDecoder(bytes.NewBuffer(data), jsontext.AllowDuplicateNames(true),
		jsontext.AllowInvalidUTF8(true))
	return &reader{text: text, number: number}
}

func (r *reader) value() (any, error) {
	token, err := r.text.ReadToken()
	if err != nil {
		return nil, err
	}
	switch token.Kind() {
	case jsontext.KindBeginObject:
		return r.object()
	case jsontext.KindBeginArray:
		return r.list()
	case jsontext.KindString:
		return token.String(), nil
	case jsontext.KindNumber:
		return r.number(json.Number(token.String())), nil
	case jsontext.KindTrue, jsontext.KindFalse:
		return token.Bool(), nil
	}
	return nil, nil
}

func (r *reader) list() (any, error) {
	list := []any{}
	for r.text.PeekKind() != jsontext.KindEndArray {
		item, err := r.value()
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	_, err := r.text.ReadToken()
	return list, err
}

func (r *reader) object() (any, error) {
	first := len(r.open)
	for r.text.PeekKind() != jsontext.KindEndObject {
		key, err := r.text.ReadToken()
		if err != nil {
			return nil, err
		}
		name := key.String() // what a token holds ends with the next one
		value, err := r.value()
		if err != nil {
			return nil, err
		}
		r.open = append(r.open, member{name, value})
	}
	_, err := r.text.ReadToken()
	own := r.open[first:]
	o := &Object{Members: make(map[string]any, len(own))}
	if len(own) > 0 {
		o.Keys = make([]string, 0, len(own))
	}
	for _, m := range own {
		o.Set(m.key, m.value)
	}
	clear(own)
	r.open = r.open[:first]
	return o, err
}
