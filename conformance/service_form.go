package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf16"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/internal/orderedjson"
)

// written writes the JSON of a delivery in a form.
func written(value any, form string) ([]byte, error) {
	if form == scenario.FormSorted {
		sortKeys(value)
	}
	text, err := orderedjson.Encode(value)
	if err != nil {
		return nil, err
	}
	switch form {
	case scenario.FormEscaped:
		return escaped(text), nil
	case scenario.FormIndented:
		var out bytes.Buffer
		err := json.Indent(&out, text, "", "    ")
		return out.Bytes(), err
	}
	return text, nil
}

func sortKeys(value any) {
	switch value := value.(type) {
	case *orderedjson.Object:
		slices.Sort(value.Keys)
		for _, member := range value.Members {
			sortKeys(member)
		}
	case []any:
		for _, item := range value {
			sortKeys(item)
		}
	}
}

// escaped writes all that is not ASCII as escapes, as JSON's grammar has them.
func escaped(text []byte) []byte {
	var out bytes.Buffer
	for _, r := range string(text) {
		switch {
		case r < 0x80:
			out.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
	}
	return out.Bytes()
}
