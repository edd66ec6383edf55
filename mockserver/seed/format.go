package seed

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// YAML writes the document in the form that Parse reads. It leaves out zero values.
func (d Document) YAML() []byte {
	var b bytes.Buffer
	writeMapping(&b, reflect.ValueOf(d), 0)
	if b.Len() == 0 {
		return []byte("{}\n")
	}
	return b.Bytes()
}

// writeMapping writes the fields of a struct that are not zero, one per line.
func writeMapping(b *bytes.Buffer, v reflect.Value, indent int) {
	for i, name := range fieldsOf(v.Type()) {
		if field := v.Field(i); !field.IsZero() && !empty(field) {
			b.WriteString(strings.Repeat(" ", indent) + name + ":")
			writeValue(b, field, indent+2)
		}
	}
}

// empty reports whether a list, a map or a struct has nothing to write.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	}
	return false
}

// writeValue writes what follows a colon.
func writeValue(b *bytes.Buffer, v reflect.Value, indent int) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		b.WriteString(" " + quoted(v.Interface().(time.Time).Format(time.RFC3339Nano)) + "\n")
	case v.Type() == reflect.TypeFor[Rows]():
		b.WriteByte('\n')
		writeRowOf(b, reflect.ValueOf(*v.Interface().(Rows).all), indent)
	case v.Kind() == reflect.Pointer:
		writeValue(b, v.Elem(), indent)
	case v.Kind() == reflect.Struct:
		b.WriteByte('\n')
		writeMapping(b, v, indent)
	case v.Kind() == reflect.Slice:
		b.WriteByte('\n')
		for i := range v.Len() {
			writeItem(b, v.Index(i), indent, writeValue, writeMapping)
		}
	case v.Kind() == reflect.Map:
		b.WriteByte('\n')
		texts := v.Interface().(map[string]string)
		for _, key := range slices.Sorted(maps.Keys(texts)) {
			b.WriteString(strings.Repeat(" ", indent) + quoted(key) + ": " + quoted(texts[key]) + "\n")
		}
	case v.Kind() == reflect.String:
		b.WriteString(" " + quoted(v.String()) + "\n")
	default:
		fmt.Fprintf(b, " %v\n", v.Interface())
	}
}

// writing writes a value with its lines indented.
type writing func(b *bytes.Buffer, v reflect.Value, indent int)

// writeItem writes one item of a list: its fields if it has some, else its value.
func writeItem(b *bytes.Buffer, v reflect.Value, indent int, value, fields writing) {
	lead := strings.Repeat(" ", indent) + "-"
	if v.Kind() != reflect.Struct {
		b.WriteString(lead)
		value(b, v, indent+2)
		return
	}
	var item bytes.Buffer
	fields(&item, v, indent+2)
	if item.Len() == 0 {
		b.WriteString(lead + " {}\n")
		return
	}
	b.WriteString(lead + item.String()[indent+1:])
}

// plainWord is the form of text that YAML reads as text even without quotes.
var plainWord = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*$`)

// wordsOfYAML are words that YAML, or one of its readers, does not read as text.
var wordsOfYAML = strings.Fields("true false null yes no on off y n nan inf")

// quoted writes text, in quotes if YAML would otherwise read something else.
func quoted(text string) string {
	if plainWord.MatchString(text) && !slices.Contains(wordsOfYAML, strings.ToLower(text)) {
		return text
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r <= 0xff:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
