package mockserver

import (
	"bytes"
	"encoding/json"
)

// jsonValues decodes values from JSON that the scan has accepted, without copying the body. A decoder would copy a
// large body twice first.
type jsonValues struct {
	text []byte
	at   int
}

// decodeJSON decodes a body that the scan has accepted. Numbers stay as they are written. Only an object has
// parameters; for any other value there are none.
func decodeJSON(plain []byte) map[string]any {
	v := jsonValues{text: plain}
	object, _ := v.value().(map[string]any)
	return object
}

// next skips blanks, and returns the next character; 0 at the end.
func (v *jsonValues) next() byte {
	for v.at < len(v.text) && isBlank(v.text[v.at]) {
		v.at++
	}
	if v.at >= len(v.text) {
		return 0
	}
	return v.text[v.at]
}

func (v *jsonValues) value() any {
	switch c := v.next(); c {
	case '{':
		return v.object()
	case '[':
		return v.array()
	case '"':
		return v.string()
	case 't', 'f', 'n':
		return map[string]any{"true": true, "false": false}[string(v.cut(isLetter))]
	}
	return json.Number(v.cut(isOfNumber))
}

func (v *jsonValues) object() any {
	object := map[string]any{}
	for v.at++; v.next() == '"' || v.next() == ','; {
		if v.next() == ',' {
			v.at++
			continue
		}
		name := v.string()
		v.next()
		v.at++ // the colon
		object[name] = v.value()
	}
	v.at++
	return object
}

func (v *jsonValues) array() any {
	list := []any{}
	for v.at++; v.next() != ']'; {
		before := v.at
		list = append(list, v.value())
		if v.next() == ',' {
			v.at++
		}
		if v.at == before {
			return list // not a value; the scan has refused such a body
		}
	}
	v.at++
	return list
}

// string reads a text in double quotes. Only a text with escapes is copied more than once.
func (v *jsonValues) string() string {
	from, escaped := v.at, false
	for v.at++; v.at < len(v.text) && v.text[v.at] != '"'; v.at++ {
		if v.text[v.at] == '\\' {
			escaped = true
			v.at++
		}
	}
	v.at = min(v.at+1, len(v.text))
	if !escaped {
		return string(bytes.Trim(v.text[from:v.at], `"`))
	}
	var text string
	_ = json.Unmarshal(v.text[from:v.at], &text) // the scan has refused text that is not valid
	return text
}

// cut takes the characters of one kind.
func (v *jsonValues) cut(is func(byte) bool) []byte {
	from := v.at
	for v.at < len(v.text) && is(v.text[v.at]) {
		v.at++
	}
	return v.text[from:v.at]
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' }

func isOfNumber(c byte) bool {
	return c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.' || c|0x20 == 'e'
}
