package conformance

import (
	"reflect"
	"slices"
)

// redacted is a copy of a record in which every text is redacted by itself. It is made when the record is complete and
// before anything is rendered: in a rendered text a secret that a server chose could be part of what holds the text
// together, such as a quote.
func redacted[T any](value *T, all ...*secrets) *T {
	shown, _ := redactedCopy(reflect.ValueOf(value), all).Interface().(*T)
	return shown
}

// ownWords are the members that hold no text from outside: what reports are compared and read by. A command of a shell
// is redacted before it is quoted.
var ownWords = []string{
	"Format", "ID", "Area", "Digest", "Evidence", "Code", "Operation", "Method", "File", "Call",
	"Key", "Curl",
}

func redactedCopy(v reflect.Value, all []*secrets) reflect.Value {
	switch v.Kind() {
	case reflect.String:
		return redactedText(v, all)
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return v
		}
		inner := redactedCopy(v.Elem(), all)
		if v.Kind() == reflect.Interface {
			return inner
		}
		copied := reflect.New(v.Type().Elem())
		copied.Elem().Set(inner)
		return copied
	case reflect.Slice:
		if v.IsNil() || v.Type().Elem().Kind() == reflect.Uint8 {
			return v
		}
		copied := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			copied.Index(i).Set(redactedCopy(v.Index(i), all))
		}
		return copied
	case reflect.Map:
		if v.IsNil() {
			return v
		}
		copied := reflect.MakeMapWithSize(v.Type(), v.Len())
		for _, key := range v.MapKeys() {
			copied.SetMapIndex(key, redactedCopy(v.MapIndex(key), all))
		}
		return copied
	case reflect.Struct:
		return redactedStruct(v, all)
	}
	return v
}

// redactedText redacts plain texts; words of a type of their own are this package's.
func redactedText(v reflect.Value, all []*secrets) reflect.Value {
	if v.Type() != reflect.TypeFor[string]() {
		return v
	}
	text := v.String()
	for _, s := range all {
		text = s.redact(text)
	}
	return reflect.ValueOf(text)
}

func redactedStruct(v reflect.Value, all []*secrets) reflect.Value {
	copied := reflect.New(v.Type()).Elem()
	copied.Set(v)
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.IsExported() && !slices.Contains(ownWords, field.Name) {
			copied.Field(i).Set(redactedCopy(v.Field(i), all))
		}
	}
	return copied
}
