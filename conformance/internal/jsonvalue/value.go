// Package jsonvalue holds JSON values as the suite compares them: objects keep the order of their keys, and whole
// numbers stay whole.
package jsonvalue

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/internal/orderedjson"
)

// Object is a JSON object that keeps the order of its keys, which GitLab's clients can see and scenarios assert.
type Object = orderedjson.Object

// Missing stands for a value that is not there at all.
type Missing struct{}

// Parse reads one JSON value: nil, bool, int64, float64, string, []any or *Object.
func Parse(data []byte) (any, error) { return orderedjson.Parse(data, number) }

func number(text json.Number) any {
	if whole, err := text.Int64(); err == nil {
		return whole
	}
	broken, err := text.Float64()
	if err != nil {
		return text.String()
	}
	return broken
}

// Plain turns objects into maps, for diffs and encoding.
func Plain(value any) any {
	switch value := value.(type) {
	case *Object:
		members := make(map[string]any, len(value.Members))
		for key, member := range value.Members {
			members[key] = Plain(member)
		}
		return members
	case map[string]any:
		members := make(map[string]any, len(value))
		for key, member := range value {
			members[key] = Plain(member)
		}
		return members
	case []any:
		return Each(value, Plain)
	}
	return value
}

// Each returns a list of what change makes of each item.
func Each(list []any, change func(any) any) []any {
	changed := make([]any, len(list))
	for i, item := range list {
		changed[i] = change(item)
	}
	return changed
}

// TypeName is JSON's word for a value's type; integers are told from other numbers.
func TypeName(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case int64, int:
		return "integer"
	case float64:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	case Missing:
		return "absent"
	}
	return "object"
}

// Short is a value in one line, cut when it is long.
func Short(value any) string {
	if _, absent := value.(Missing); absent {
		return "nothing"
	}
	text, err := orderedjson.Encode(Plain(value))
	if err != nil {
		return TypeName(value)
	}
	if len(text) > 200 {
		return strings.ToValidUTF8(string(text[:200]), "") + "… (" + strconv.Itoa(len(text)) + " bytes)"
	}
	return string(text)
}

// Dig goes down into objects by key and into lists by position.
func Dig(value any, path []string) (any, bool) {
	for _, part := range path {
		switch container := value.(type) {
		case *Object:
			member, ok := container.Members[part]
			if !ok {
				return nil, false
			}
			value = member
		case map[string]any:
			member, ok := container[part]
			if !ok {
				return nil, false
			}
			value = member
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(container) {
				return nil, false
			}
			value = container[i]
		default:
			return nil, false
		}
	}
	return value, true
}

// Text is a value as it stands inside a longer text.
func Text(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return value
	case int64:
		return strconv.FormatInt(value, 10)
	case int:
		return strconv.Itoa(value)
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(value)
	}
	text, err := json.Marshal(Plain(value))
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}

// Equal compares scalars; a whole number equals the same number with a fraction of nothing.
func Equal(a, b any) bool {
	if x, isNumber := Float(a); isNumber {
		y, alsoNumber := Float(b)
		return alsoNumber && x == y
	}
	switch b.(type) {
	case []any, *Object, map[string]any, Missing:
		return false
	}
	return a == b
}

// Float is a value as a number, if it is one.
func Float(value any) (float64, bool) {
	switch value := value.(type) {
	case int64:
		return float64(value), true
	case int:
		return float64(value), true
	case float64:
		return value, true
	}
	return 0, false
}

// Quoted is a text in quotes, as JSON writes it.
func Quoted(text string) string {
	escaped, err := orderedjson.Encode(text)
	if err != nil {
		return strconv.Quote(text)
	}
	return string(escaped)
}

// JoinInts lists numbers with commas.
func JoinInts(numbers []int) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.Itoa(n)
	}
	return strings.Join(texts, ", ")
}
