package mockserver

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/openapi"
)

// params are the declared parameters of a request, coerced to their types. A parameter that was not given is absent;
// null is nil.
type params map[string]any

// bind takes an operation's parameters from path, body and query, coerces them as Grape does, and checks them against
// the contract. If values are invalid, it fails with 400 and lists all problems in Grape's words.
func bind(op *openapi.Operation, path map[string]string, body, query map[string]any) (params, error) {
	values, violations := coerceAll(op, path, body, query)
	if len(violations) > 0 {
		return nil, grapeFailure(violations)
	}
	return values, nil
}

// coerceAll does the same, and returns what does not fit the contract.
func coerceAll(op *openapi.Operation, path map[string]string, body, query map[string]any) (
	params, []openapi.Violation,
) {
	declared := op.Parameters()
	values := make(params, len(declared))
	for i := range declared {
		p := &declared[i]
		if text := path[p.Name]; p.Type == openapi.Integer && isDigits(text) {
			values[p.Name] = clamped(text)
			continue
		}
		raw, given := pick(p.Name, path, body, query)
		if !given {
			if p.HasDefault {
				values[p.Name] = p.Default
			}
			continue
		}
		value := coerce(p.Type, p.Members, raw)
		if value == nil && p.HasDefault {
			value = p.Default
		}
		values[p.Name] = value
	}
	return values, op.CheckParameters(values)
}

// pick finds the raw value of a parameter. The path takes precedence over the body, and the body over the query.
func pick(name string, path map[string]string, body, query map[string]any) (any, bool) {
	if v, ok := path[name]; ok {
		return v, true
	}
	if v, ok := body[name]; ok {
		return v, true
	}
	v, ok := query[name]
	return v, ok
}

// grapeWords maps a kind of violation to Grape's message.
var grapeWords = map[string]string{
	"required": "is missing", "enum": "does not have a valid value", "not": "has a value not allowed",
	"null": "is empty", "pattern": "is empty",
	"any-of":         "are missing, at least one parameter must be provided",
	"min-properties": "are missing, at least one parameter must be provided",
}

func grapeFailure(violations []openapi.Violation) *failure {
	var texts, reasons []string
	for _, v := range violations {
		words, ok := grapeWords[v.Code]
		if !ok {
			words = "is invalid"
		}
		if text := v.Parameter + " " + words; !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
		reasons = append(reasons, v.String())
	}
	return failed(http.StatusBadRequest, strings.Join(texts, ", "), strings.Join(reasons, "; "))
}

// coerce converts a raw value to a declared type. A value that cannot be converted is returned unchanged, so that the
// contract refuses it. Members are the types of an object's members.
func coerce(t openapi.Type, members map[string]openapi.Type, raw any) any {
	switch t {
	case openapi.String:
		return coerceString(raw)
	case openapi.Integer:
		return coerceInteger(raw)
	case openapi.Number:
		return coerceNumber(raw)
	case openapi.Boolean:
		return coerceBoolean(raw)
	case openapi.Integers:
		return coerceIntegers(raw)
	case openapi.Strings:
		return coerceStrings(raw)
	}
	return coerceObject(members, raw)
}

func coerceString(raw any) any {
	switch v := raw.(type) {
	case json.Number:
		return rubyNumber(v)
	case bool:
		return strconv.FormatBool(v)
	}
	return raw
}

// rubyNumber writes a JSON number as Ruby shows it: 1e3 is a float, so 1000.0.
func rubyNumber(n json.Number) string {
	text := n.String()
	if !strings.ContainsAny(text, ".eE") {
		return text
	}
	f, err := n.Float64()
	if err != nil {
		return text
	}
	if f == math.Trunc(f) && math.Abs(f) < 1e16 {
		return strconv.FormatFloat(f, 'f', 1, 64)
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// rubyInteger matches what Ruby's Integer() accepts in base ten: spaces around, a sign, single underscores between
// digits.
var rubyInteger = lazy.Regexp(`^\s*[+-]?[0-9]+(_[0-9]+)*\s*$`)

func coerceInteger(raw any) any {
	switch v := raw.(type) {
	case json.Number:
		if !strings.ContainsAny(v.String(), ".eE") {
			return clamped(v.String())
		}
		f, _ := v.Float64() // infinite if it is too large
		switch {
		case f >= math.MaxInt64:
			return int64(math.MaxInt64)
		case f <= math.MinInt64:
			return int64(math.MinInt64)
		}
		return int64(f)
	case string:
		if v == "" {
			return nil
		}
		if !isDigits(v) && !rubyInteger().MatchString(v) {
			return raw
		}
		return clamped(strings.ReplaceAll(strings.TrimSpace(v), "_", ""))
	}
	return raw
}

// isDigits reports whether a text is a number without a sign.
func isDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}

// clamped reads digits with an optional sign. A number that is too large becomes the greatest int64. It is valid, but
// no row has it as its id.
func clamped(digits string) int64 {
	n, _ := strconv.ParseInt(digits, 10, 64)
	return n
}

func coerceNumber(raw any) any {
	var text string
	switch v := raw.(type) {
	case json.Number:
		text = v.String()
	case string:
		if v == "" {
			return nil
		}
		text = strings.TrimSpace(v)
	default:
		return raw
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return raw
	}
	return f
}

var (
	trueWords  = strings.Fields("1 on On ON t true True TRUE T y yes Yes YES Y")
	falseWords = strings.Fields("0 off Off OFF f false False FALSE F n no No NO N")
)

func coerceBoolean(raw any) any {
	text, isText := raw.(string)
	if n, ok := raw.(json.Number); ok {
		text, isText = n.String(), true
	}
	switch {
	case !isText:
		return raw
	case text == "":
		return nil
	case slices.Contains(trueWords, text):
		return true
	case slices.Contains(falseWords, text):
		return false
	}
	return raw
}

// coerceIntegers reads a list of ids. Text is split at commas; a list is read item by item. Anything else becomes an
// empty list, without an error.
func coerceIntegers(raw any) any {
	ids := []int64{}
	for _, text := range listItems(raw) {
		ids = append(ids, rubyToInteger(text))
	}
	return ids
}

func coerceStrings(raw any) any {
	items := []string{}
	for _, text := range listItems(raw) {
		items = append(items, strings.TrimSpace(text))
	}
	return items
}

func listItems(raw any) []string {
	switch v := raw.(type) {
	case string:
		return splitList(v)
	case []any:
		var items []string
		for _, item := range v {
			items = append(items, splitList(rubyText(item))...)
		}
		return items
	}
	return nil
}

func splitList(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimRight(text, ","), ",")
}

func rubyText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return rubyNumber(v)
	}
	return fmt.Sprint(v)
}

var leadingInteger = lazy.Regexp(`^\s*[+-]?[0-9]+(_[0-9]+)*`)

// rubyToInteger is Ruby's to_i: the number that a text begins with, or 0.
func rubyToInteger(text string) int64 {
	digits := strings.ReplaceAll(strings.TrimSpace(leadingInteger().FindString(text)), "_", "")
	return clamped(digits)
}

// coerceObject coerces the declared members of an object, or of each object in a list. Other members stay as they are,
// except that their numbers become plain numbers.
func coerceObject(members map[string]openapi.Type, raw any) any {
	switch v := raw.(type) {
	case map[string]any:
		object := make(map[string]any, len(v))
		for name, item := range v {
			if t, declared := members[name]; declared {
				object[name] = coerce(t, nil, item)
			} else {
				object[name] = coerceObject(nil, item)
			}
		}
		return object
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = coerceObject(members, item)
		}
		return list
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, _ := v.Float64()
		return f
	}
	return raw
}

// has reports whether a parameter was given, even as null.
func (p params) has(name string) bool {
	_, ok := p[name]
	return ok
}

// text returns a string parameter; empty if it is absent or null.
func (p params) text(name string) string {
	s, _ := p[name].(string)
	return s
}

// textIf returns a string parameter, with null as empty text; nil if it is absent.
func (p params) textIf(name string) *string {
	if !p.has(name) {
		return nil
	}
	s := p.text(name)
	return &s
}

// number returns an integer parameter; 0 if it is absent or null. No row has the id 0.
func (p params) number(name string) int64 {
	n, _ := p[name].(int64)
	return n
}

// flag returns a boolean parameter; false if it is absent or null.
func (p params) flag(name string) bool {
	b, _ := p[name].(bool)
	return b
}

// flagIf returns a boolean parameter; nil if it is absent or null.
func (p params) flagIf(name string) *bool {
	if b, ok := p[name].(bool); ok {
		return &b
	}
	return nil
}

// numbers returns a list of integers; nil if it is absent.
func (p params) numbers(name string) []int64 {
	list, _ := p[name].([]int64)
	return list
}

// texts returns a list of strings; nil if it is absent.
func (p params) texts(name string) []string {
	list, _ := p[name].([]string)
	return list
}
