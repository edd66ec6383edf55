package seed

import (
	"reflect"
	"time"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

// YAML writes the document in the form that Parse reads. It leaves out zero values. Rows that would be larger than
// MaxSize are packed.
func (d Document) YAML() []byte {
	text := strictyaml.Write(valueOf(reflect.ValueOf(d)))
	if len(text) <= largestPlain || d.Rows.all == nil {
		return text
	}
	packed, err := pack(d.Rows.all)
	if err != nil {
		return text
	}
	plain := d
	plain.Rows = Rows{}
	m, _ := valueOf(reflect.ValueOf(plain)).(strictyaml.Map)
	return strictyaml.Write(append(m, strictyaml.Entry{Key: "rows", Value: packed}))
}

// valueOf is a value of a document as it is written.
func valueOf(v reflect.Value) any {
	switch x := v.Interface().(type) {
	case time.Time:
		return x.Format(time.RFC3339Nano)
	case Rows:
		return rowOf(reflect.ValueOf(*x.all))
	case map[string]string:
		return mapOf(v, valueOf)
	}
	switch v.Kind() {
	case reflect.Pointer:
		return valueOf(v.Elem())
	case reflect.Struct:
		return structOf(v, fieldsOf(v.Type()), valueOf)
	case reflect.Slice:
		return listOf(v, valueOf)
	case reflect.String:
		return v.String()
	}
	return v.Interface()
}

// structOf has the fields of a struct that are neither zero nor empty, each as show gives it.
func structOf(v reflect.Value, keys []string, show func(reflect.Value) any) strictyaml.Map {
	var m strictyaml.Map
	for i, key := range keys {
		if field := v.Field(i); !field.IsZero() && !empty(field) {
			m = append(m, strictyaml.Entry{Key: key, Value: show(field)})
		}
	}
	return m
}

// empty reports whether a list or a map has nothing to write.
func empty(v reflect.Value) bool {
	return (v.Kind() == reflect.Slice || v.Kind() == reflect.Map) && v.Len() == 0
}

func listOf(v reflect.Value, show func(reflect.Value) any) []any {
	list := make([]any, v.Len())
	for i := range list {
		list[i] = show(v.Index(i))
	}
	return list
}

func mapOf(v reflect.Value, show func(reflect.Value) any) map[string]any {
	m := make(map[string]any, v.Len())
	for _, key := range v.MapKeys() {
		m[key.String()] = show(v.MapIndex(key))
	}
	return m
}
