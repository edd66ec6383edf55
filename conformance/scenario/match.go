package scenario

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-openapi/jsonpointer"
	"github.com/rogpeppe/go-internal/diff"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
)

// Mismatch is one place where a response is not as expected.
type Mismatch struct {
	Pointer string `json:"pointer"` // JSON pointer into the body, or the name of what was looked at
	Want    string `json:"want"`
	Got     string `json:"got"`
}

// String is the mismatch in one line.
func (m Mismatch) String() string {
	return fmt.Sprintf("%s: want %s, got %s", m.Pointer, m.Want, m.Got)
}

// Differs describes a difference that was found without a pattern. An empty pointer means the whole body.
func Differs(pointer, want string, got any) Mismatch {
	if pointer == "" {
		pointer = "/"
	}
	return Mismatch{Pointer: pointer, Want: want, Got: jsonvalue.Short(got)}
}

// comparison compares one value with one pattern and records where they differ.
type comparison struct {
	answer    Answer
	variables Variables
	exact     bool // objects may have no keys that the pattern lacks
	found     []Mismatch
}

// Views are the expected and the found value cut down to what the pattern speaks about: equal where they match.
type Views struct {
	Want, Got any
}

// matches reports whether a value fits. It records nothing.
func (m *comparison) matches(pattern node, value any) bool {
	quiet := &comparison{answer: m.answer, variables: m.variables, exact: m.exact}
	pattern.match(quiet, "", value)
	return len(quiet.found) == 0
}

// wrong records a mismatch.
func (m *comparison) wrong(pointer, want string, got any) Views {
	m.found = append(m.found, Differs(pointer, want, got))
	return Views{Want: "<" + want + ">", Got: plainOrAbsent(got)}
}

func plainOrAbsent(value any) any {
	if _, absent := value.(jsonvalue.Missing); absent {
		return "<nothing>"
	}
	return jsonvalue.Plain(value)
}

func fitting(value any) Views {
	shown := plainOrAbsent(value)
	return Views{Want: shown, Got: shown}
}

// Match compares a value with the pattern and returns the differences. The pointer says where the value stands.
// Filters can look at the whole answer, and references have the values of the variables. The error names a variable
// that has no value.
func (p *Pattern) Match(pointer string, value any, answer Answer, variables Variables) (Views, []Mismatch, error) {
	for _, name := range p.names {
		if _, has := variables.Get(name); !has {
			return Views{}, nil, noValue("${" + name + "}")
		}
	}
	m := &comparison{answer: answer, variables: variables}
	shown := p.root.match(m, pointer, value)
	return shown, m.found, nil
}

// match compares with a single value. A reference may stand for a value that is no scalar.
func (n *scalarNode) match(m *comparison, pointer string, value any) Views {
	want := n.shown(m)
	switch want.(type) {
	case map[string]any, []any, *jsonvalue.Object:
		return literal(want).match(m, pointer, value)
	}
	if jsonvalue.Equal(want, value) {
		return fitting(value)
	}
	shown := m.wrong(pointer, jsonvalue.Short(want), value)
	shown.Want = want
	return shown
}

func (n *listNode) match(m *comparison, pointer string, value any) Views {
	list, isList := value.([]any)
	if !isList {
		shown := m.wrong(pointer, "an array like "+n.short(m), value)
		shown.Want = jsonvalue.Plain(n.shown(m))
		return shown
	}
	want, got := []any{}, []any{}
	for i := range max(len(n.items), len(list)) {
		at := pointer + "/" + strconv.Itoa(i)
		switch {
		case i >= len(list):
			item := jsonvalue.Plain(n.items[i].shown(m))
			m.wrong(at, jsonvalue.Short(item), jsonvalue.Missing{})
			want = append(want, item)
		case i >= len(n.items):
			m.wrong(at, "no item", list[i])
			got = append(got, jsonvalue.Plain(list[i]))
		default:
			shown := n.items[i].match(m, at, list[i])
			want, got = append(want, shown.Want), append(got, shown.Got)
		}
	}
	return Views{Want: want, Got: got}
}

// match applies the matchers of a pattern and compares the members that it names.
func (n *objectNode) match(m *comparison, pointer string, value any) Views {
	shown := fitting(value)
	for _, one := range n.matchers {
		before := len(m.found)
		view := one.apply(m, pointer, value)
		if len(m.found) > before {
			shown = view
		}
	}
	if len(n.members) == 0 && len(n.matchers) > 0 {
		return shown
	}
	o, isObject := value.(*jsonvalue.Object)
	if !isObject {
		shown := m.wrong(pointer, "an object like "+n.short(m), value)
		shown.Want = jsonvalue.Plain(n.shown(m))
		return shown
	}
	return n.matchMembers(m, pointer, o)
}

func (n *objectNode) matchMembers(m *comparison, pointer string, o *jsonvalue.Object) Views {
	want, got := map[string]any{}, map[string]any{}
	for _, member := range n.members {
		at := pointer + "/" + jsonpointer.Escape(member.name)
		var found any = jsonvalue.Missing{}
		if value, present := o.Members[member.name]; present {
			found = value
		}
		shown := member.pattern.match(m, at, found)
		want[member.name], got[member.name] = shown.Want, shown.Got
		if shown.Got == "<nothing>" {
			delete(got, member.name)
			if shown.Want == "<nothing>" {
				delete(want, member.name)
			}
		}
	}
	if m.exact {
		for _, key := range o.Keys {
			if !n.has(key) {
				m.wrong(pointer+"/"+jsonpointer.Escape(key), "no such key", o.Members[key])
				got[key] = jsonvalue.Plain(o.Members[key])
			}
		}
	}
	return Views{Want: want, Got: got}
}

// apply runs one matcher.
func (n *matcher) apply(m *comparison, pointer string, value any) Views {
	_, absent := value.(jsonvalue.Missing)
	switch {
	case n.name == "$absent" && absent:
		return fitting(value)
	case n.name == "$absent":
		return m.wrong(pointer, "nothing", value)
	case absent:
		return m.wrong(pointer, jsonvalue.Short(jsonvalue.Plain(map[string]any{n.name: n.shown(m)})), value)
	}
	return n.check(n, m, pointer, value)
}

// checks are the matchers by their names. $absent is apart, as it is the only one for what is not there.
var checks = map[string]func(*matcher, *comparison, string, any) Views{
	"$any":    func(_ *matcher, _ *comparison, _ string, value any) Views { return fitting(value) },
	"$absent": func(_ *matcher, _ *comparison, _ string, value any) Views { return fitting(value) },
	"$null":   (*matcher).matchNull, "$type": (*matcher).matchType, "$match": (*matcher).matchText,
	"$length": (*matcher).matchLength, "$keys": (*matcher).matchKeys, "$jq": (*matcher).matchFilter,
	"$exact": (*matcher).matchExact, "$not": (*matcher).matchNot, "$one_of": (*matcher).matchOneOf,
	"$contains": (*matcher).matchContains, "$none": (*matcher).matchNone, "$each": (*matcher).matchEach,
	"$item": (*matcher).matchItem,
}

func (n *matcher) matchNull(m *comparison, pointer string, value any) Views {
	wanted := n.source == true
	if (value == nil) != wanted {
		return m.wrong(pointer, map[bool]string{true: "null", false: "anything but null"}[wanted], value)
	}
	return fitting(value)
}

func (n *matcher) matchType(m *comparison, pointer string, value any) Views {
	want := n.shown(m)
	if got := jsonvalue.TypeName(value); got != want && (want != "number" || got != "integer") {
		return m.wrong(pointer, "of type "+jsonvalue.Text(want), value)
	}
	return fitting(value)
}

// matchText matches a regular expression, in which a reference stands for its value's own text.
func (n *matcher) matchText(m *comparison, pointer string, value any) Views {
	compiled, err := n.regexp.filled(m.variables)
	if err != nil {
		return m.wrong(pointer, "text that matches "+n.regexp.text, value)
	}
	if text, isText := value.(string); !isText || !compiled.MatchString(text) {
		return m.wrong(pointer, "text that matches "+compiled.String(), value)
	}
	return fitting(value)
}

func (n *matcher) matchLength(m *comparison, pointer string, value any) Views {
	want := n.shown(m)
	if length, has := lengthOf(value); !has || !jsonvalue.Equal(want, length) {
		return m.wrong(pointer, "of length "+jsonvalue.Text(want), value)
	}
	return fitting(value)
}

func (n *matcher) matchKeys(m *comparison, pointer string, value any) Views {
	o, isObject := value.(*jsonvalue.Object)
	if !isObject {
		return m.wrong(pointer, "an object", value)
	}
	wanted, _ := n.shown(m).([]any)
	var want []string
	for _, key := range wanted {
		want = append(want, jsonvalue.Text(key))
	}
	if !slices.Equal(want, o.Keys) {
		before := ""
		if slices.Equal(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(o.Keys))) {
			before = "in this order "
		}
		m.found = append(m.found, Mismatch{
			Pointer: pointer + "/", Want: before + "the keys " + strings.Join(want, ", "),
			Got: before + "the keys " + strings.Join(o.Keys, ", "),
		})
		return Views{Want: map[string]any{"keys in order": want}, Got: map[string]any{"keys in order": o.Keys}}
	}
	return fitting(value)
}

func (n *matcher) matchFilter(m *comparison, pointer string, value any) Views {
	text := jsonvalue.Text(n.source)
	is, err := holds(n.filter, value, m.answer, m.variables)
	if err != nil {
		return m.wrong(pointer, text+" ("+err.Error()+")", value)
	}
	if !is {
		return m.wrong(pointer, text, value)
	}
	return fitting(value)
}

func (n *matcher) matchExact(m *comparison, pointer string, value any) Views {
	strict := &comparison{answer: m.answer, variables: m.variables, exact: true}
	shown := n.inner.match(strict, pointer, value)
	m.found = append(m.found, strict.found...)
	return shown
}

func (n *matcher) matchNot(m *comparison, pointer string, value any) Views {
	if m.matches(n.inner, value) {
		return m.wrong(pointer, "anything but "+n.short(m), value)
	}
	return fitting(value)
}

func (n *matcher) matchOneOf(m *comparison, pointer string, value any) Views {
	if choices, isList := n.inner.(*listNode); isList {
		for _, choice := range choices.items {
			if m.matches(choice, value) {
				return fitting(value)
			}
		}
	}
	return m.wrong(pointer, "one of "+n.short(m), value)
}

// matchContains looks for an item of a list, or for a text in a text.
func (n *matcher) matchContains(m *comparison, pointer string, value any) Views {
	text, isText := value.(string)
	if part, also := n.shown(m).(string); isText && also {
		if !strings.Contains(text, part) {
			return m.wrong(pointer, "text that contains "+jsonvalue.Short(part), value)
		}
		return fitting(value)
	}
	list, isList := value.([]any)
	switch {
	case !isList:
		return m.wrong(pointer, "an array", value)
	case !slices.ContainsFunc(list, func(item any) bool { return m.matches(n.inner, item) }):
		return m.wrong(pointer, "an item like "+n.short(m), value)
	}
	return fitting(value)
}

func (n *matcher) matchNone(m *comparison, pointer string, value any) Views {
	list, isList := value.([]any)
	switch {
	case !isList:
		return m.wrong(pointer, "an array", value)
	case slices.ContainsFunc(list, func(item any) bool { return m.matches(n.inner, item) }):
		return m.wrong(pointer, "no item like "+n.short(m), value)
	}
	return fitting(value)
}

func (n *matcher) matchEach(m *comparison, pointer string, value any) Views {
	list, isList := value.([]any)
	if !isList {
		return m.wrong(pointer, "an array", value)
	}
	want, got := []any{}, []any{}
	for i, item := range list {
		shown := n.inner.match(m, pointer+"/"+strconv.Itoa(i), item)
		want, got = append(want, shown.Want), append(got, shown.Got)
	}
	return Views{Want: want, Got: got}
}

// matchItem finds the one item that where describes and compares it with is.
func (n *matcher) matchItem(m *comparison, pointer string, value any) Views {
	list, isList := value.([]any)
	if !isList {
		return m.wrong(pointer, "an array", value)
	}
	var hits []int
	for i, item := range list {
		if m.matches(n.where, item) {
			hits = append(hits, i)
		}
	}
	if len(hits) != 1 {
		return m.wrong(pointer, fmt.Sprintf("exactly one item like %s, not %d",
			jsonvalue.Short(jsonvalue.Plain(n.where.shown(m))), len(hits)), list)
	}
	return n.is.match(m, pointer+"/"+strconv.Itoa(hits[0]), list[hits[0]])
}

func lengthOf(value any) (int, bool) {
	switch value := value.(type) {
	case string:
		return len([]rune(value)), true
	case []any:
		return len(value), true
	case *jsonvalue.Object:
		return len(value.Keys), true
	}
	return 0, false
}

// Diff shows where the two views differ, as lines of JSON: "-" before what was wanted, "+" before what came. It is
// empty when nothing differs.
func (shown Views) Diff() string {
	text := string(diff.Diff("want", indented(shown.Want), "got", indented(shown.Got)))
	if at := strings.Index(text, "@@\n"); at >= 0 {
		text = text[at+len("@@\n"):] // what is before it names files
	}
	return strings.TrimRight(text, "\n")
}

// indented is a value as JSON, a member a line.
func indented(value any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(jsonvalue.Plain(value)); err != nil {
		return []byte(err.Error() + "\n")
	}
	return out.Bytes()
}
