package scenario

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr"
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

// Matcher compares values with patterns and records where they differ.
type Matcher struct {
	Answer    Answer
	Variables Variables
	exact     bool // objects may have no keys that the pattern lacks
	Found     []Mismatch
}

// Views are the expected and the found value cut down to what the pattern speaks about: equal where they match.
type Views struct {
	Want, Got any
}

// matches tells whether a value fits, recording nothing.
func (m *Matcher) matches(pattern node, value any) bool {
	quiet := &Matcher{Answer: m.Answer, Variables: m.Variables, exact: m.exact}
	pattern.match(quiet, "", value)
	return len(quiet.Found) == 0
}

// Wrong records a mismatch that was found elsewhere.
func (m *Matcher) Wrong(pointer, want string, got any) Views {
	if pointer == "" {
		pointer = "/"
	}
	m.Found = append(m.Found, Mismatch{Pointer: pointer, Want: want, Got: jsonvalue.Short(got)})
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

// Match compares one value with one pattern. The error names a variable that has no value.
func (m *Matcher) Match(pointer string, pattern *Pattern, value any) (Views, error) {
	for _, name := range pattern.names {
		if _, has := m.Variables.Get(name); !has {
			return Views{}, noValue("${" + name + "}")
		}
	}
	return pattern.root.match(m, pointer, value), nil
}

// match compares with a single value. A reference may stand for a value that is no scalar.
func (n *scalarNode) match(m *Matcher, pointer string, value any) Views {
	want := n.shown(m)
	switch want.(type) {
	case map[string]any, []any, *jsonvalue.Object:
		return literal(want).match(m, pointer, value)
	}
	if jsonvalue.Equal(want, value) {
		return fitting(value)
	}
	shown := m.Wrong(pointer, jsonvalue.Short(want), value)
	shown.Want = want
	return shown
}

func (n *listNode) match(m *Matcher, pointer string, value any) Views {
	list, isList := value.([]any)
	if !isList {
		shown := m.Wrong(pointer, "an array like "+n.short(m), value)
		shown.Want = jsonvalue.Plain(n.shown(m))
		return shown
	}
	want, got := []any{}, []any{}
	for i := range max(len(n.items), len(list)) {
		at := pointer + "/" + strconv.Itoa(i)
		switch {
		case i >= len(list):
			item := jsonvalue.Plain(n.items[i].shown(m))
			m.Wrong(at, jsonvalue.Short(item), jsonvalue.Missing{})
			want = append(want, item)
		case i >= len(n.items):
			m.Wrong(at, "no item", list[i])
			got = append(got, jsonvalue.Plain(list[i]))
		default:
			shown := n.items[i].match(m, at, list[i])
			want, got = append(want, shown.Want), append(got, shown.Got)
		}
	}
	return Views{Want: want, Got: got}
}

// match applies the matchers of a pattern and compares the members that it names.
func (n *objectNode) match(m *Matcher, pointer string, value any) Views {
	shown := fitting(value)
	for _, one := range n.matchers {
		before := len(m.Found)
		view := one.apply(m, pointer, value)
		if len(m.Found) > before {
			shown = view
		}
	}
	if len(n.members) == 0 && len(n.matchers) > 0 {
		return shown
	}
	o, isObject := value.(*jsonvalue.Object)
	if !isObject {
		shown := m.Wrong(pointer, "an object like "+n.short(m), value)
		shown.Want = jsonvalue.Plain(n.shown(m))
		return shown
	}
	return n.matchMembers(m, pointer, o)
}

func (n *objectNode) matchMembers(m *Matcher, pointer string, o *jsonvalue.Object) Views {
	want, got := map[string]any{}, map[string]any{}
	for _, member := range n.members {
		at := pointer + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(member.name)
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
				m.Wrong(pointer+"/"+key, "no such key", o.Members[key])
				got[key] = jsonvalue.Plain(o.Members[key])
			}
		}
	}
	return Views{Want: want, Got: got}
}

// apply runs one matcher.
func (n *matcher) apply(m *Matcher, pointer string, value any) Views {
	_, absent := value.(jsonvalue.Missing)
	switch {
	case n.name == "$absent" && absent:
		return fitting(value)
	case n.name == "$absent":
		return m.Wrong(pointer, "nothing", value)
	case absent:
		return m.Wrong(pointer, jsonvalue.Short(jsonvalue.Plain(map[string]any{n.name: n.shown(m)})), value)
	}
	return n.check(n, m, pointer, value)
}

// checks are the matchers by their names. $absent is apart, as it is the only one for what is not there.
var checks = map[string]func(*matcher, *Matcher, string, any) Views{
	"$any":    func(_ *matcher, _ *Matcher, _ string, value any) Views { return fitting(value) },
	"$absent": func(_ *matcher, _ *Matcher, _ string, value any) Views { return fitting(value) },
	"$null":   (*matcher).matchNull, "$type": (*matcher).matchType, "$match": (*matcher).matchText,
	"$length": (*matcher).matchLength, "$keys": (*matcher).matchKeys, "$expr": (*matcher).evaluate,
	"$exact": (*matcher).matchExact, "$not": (*matcher).matchNot, "$one_of": (*matcher).matchOneOf,
	"$contains": (*matcher).matchContains, "$none": (*matcher).matchNone, "$each": (*matcher).matchEach,
	"$item": (*matcher).matchItem,
}

func (n *matcher) matchNull(m *Matcher, pointer string, value any) Views {
	wanted := n.source == true
	if (value == nil) != wanted {
		return m.Wrong(pointer, map[bool]string{true: "null", false: "anything but null"}[wanted], value)
	}
	return fitting(value)
}

func (n *matcher) matchType(m *Matcher, pointer string, value any) Views {
	want := n.shown(m)
	if got := jsonvalue.TypeName(value); got != want && (want != "number" || got != "integer") {
		return m.Wrong(pointer, "of type "+jsonvalue.Text(want), value)
	}
	return fitting(value)
}

// matchText matches a regular expression, in which a reference stands for its value's own text.
func (n *matcher) matchText(m *Matcher, pointer string, value any) Views {
	pattern, compiled := jsonvalue.Text(n.source), n.regexp
	var err error
	if compiled == nil {
		filled, _ := m.Variables.fillPattern(n.source) // the names were looked up before
		pattern = jsonvalue.Text(filled)
		compiled, err = regexp.Compile(pattern)
	}
	text, isText := value.(string)
	if err != nil || !isText || !compiled.MatchString(text) {
		return m.Wrong(pointer, "text that matches "+pattern, value)
	}
	return fitting(value)
}

func (n *matcher) matchLength(m *Matcher, pointer string, value any) Views {
	want := n.shown(m)
	if length, has := lengthOf(value); !has || !jsonvalue.Equal(want, length) {
		return m.Wrong(pointer, "of length "+jsonvalue.Text(want), value)
	}
	return fitting(value)
}

func (n *matcher) matchKeys(m *Matcher, pointer string, value any) Views {
	o, isObject := value.(*jsonvalue.Object)
	if !isObject {
		return m.Wrong(pointer, "an object", value)
	}
	wanted, _ := n.shown(m).([]any)
	var want []string
	for _, key := range wanted {
		want = append(want, jsonvalue.Text(key))
	}
	if !slices.Equal(want, o.Keys) {
		m.Found = append(m.Found, Mismatch{
			Pointer: pointer + "/", Want: "the keys " + strings.Join(want, ", "),
			Got: "the keys " + strings.Join(o.Keys, ", "),
		})
		return Views{Want: map[string]any{"keys in order": want}, Got: map[string]any{"keys in order": o.Keys}}
	}
	return fitting(value)
}

func (n *matcher) evaluate(m *Matcher, pointer string, value any) Views {
	text := jsonvalue.Text(n.source)
	env := matchEnvironment{Answer: m.Answer, Value: jsonvalue.Plain(value), Variable: m.variable}
	result, err := expr.Run(n.program, env)
	if err != nil {
		return m.Wrong(pointer, text+" ("+expressionError(err)+")", value)
	}
	if result != true {
		return m.Wrong(pointer, text, value)
	}
	return fitting(value)
}

func (m *Matcher) variable(name string) any {
	value, _ := m.Variables.Get(name)
	return jsonvalue.Plain(value)
}

func (n *matcher) matchExact(m *Matcher, pointer string, value any) Views {
	strict := &Matcher{Answer: m.Answer, Variables: m.Variables, exact: true}
	shown := n.inner.match(strict, pointer, value)
	m.Found = append(m.Found, strict.Found...)
	return shown
}

func (n *matcher) matchNot(m *Matcher, pointer string, value any) Views {
	if m.matches(n.inner, value) {
		return m.Wrong(pointer, "anything but "+n.short(m), value)
	}
	return fitting(value)
}

func (n *matcher) matchOneOf(m *Matcher, pointer string, value any) Views {
	if choices, isList := n.inner.(*listNode); isList {
		for _, choice := range choices.items {
			if m.matches(choice, value) {
				return fitting(value)
			}
		}
	}
	return m.Wrong(pointer, "one of "+n.short(m), value)
}

// matchContains looks for an item of a list, or for a text in a text.
func (n *matcher) matchContains(m *Matcher, pointer string, value any) Views {
	text, isText := value.(string)
	if part, also := n.shown(m).(string); isText && also {
		if !strings.Contains(text, part) {
			return m.Wrong(pointer, "text that contains "+jsonvalue.Short(part), value)
		}
		return fitting(value)
	}
	list, isList := value.([]any)
	switch {
	case !isList:
		return m.Wrong(pointer, "an array", value)
	case !slices.ContainsFunc(list, func(item any) bool { return m.matches(n.inner, item) }):
		return m.Wrong(pointer, "an item like "+n.short(m), value)
	}
	return fitting(value)
}

func (n *matcher) matchNone(m *Matcher, pointer string, value any) Views {
	list, isList := value.([]any)
	switch {
	case !isList:
		return m.Wrong(pointer, "an array", value)
	case slices.ContainsFunc(list, func(item any) bool { return m.matches(n.inner, item) }):
		return m.Wrong(pointer, "no item like "+n.short(m), value)
	}
	return fitting(value)
}

func (n *matcher) matchEach(m *Matcher, pointer string, value any) Views {
	list, isList := value.([]any)
	if !isList {
		return m.Wrong(pointer, "an array", value)
	}
	want, got := []any{}, []any{}
	for i, item := range list {
		shown := n.inner.match(m, pointer+"/"+strconv.Itoa(i), item)
		want, got = append(want, shown.Want), append(got, shown.Got)
	}
	return Views{Want: want, Got: got}
}

// matchItem finds the one item that where describes and compares it with is.
func (n *matcher) matchItem(m *Matcher, pointer string, value any) Views {
	list, isList := value.([]any)
	if !isList {
		return m.Wrong(pointer, "an array", value)
	}
	var hits []int
	for i, item := range list {
		if m.matches(n.where, item) {
			hits = append(hits, i)
		}
	}
	if len(hits) != 1 {
		return m.Wrong(pointer, fmt.Sprintf("exactly one item like %s, not %d",
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
