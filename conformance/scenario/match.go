package scenario

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
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
func (m *Matcher) matches(pattern, value any) bool {
	quiet := &Matcher{Answer: m.Answer, Variables: m.Variables, exact: m.exact}
	quiet.Match("", pattern, value)
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

// Match compares one value with one pattern.
func (m *Matcher) Match(pointer string, pattern, value any) Views {
	switch pattern := pattern.(type) {
	case map[string]any:
		return m.matchObject(pointer, pattern, value)
	case *jsonvalue.Object:
		return m.matchObject(pointer, pattern.Members, value)
	case []any:
		return m.matchList(pointer, pattern, value)
	}
	if jsonvalue.Equal(pattern, value) {
		return fitting(value)
	}
	shown := m.Wrong(pointer, jsonvalue.Short(pattern), value)
	shown.Want = pattern
	return shown
}

func (m *Matcher) matchList(pointer string, pattern []any, value any) Views {
	list, isList := value.([]any)
	if !isList {
		shown := m.Wrong(pointer, "an array like "+jsonvalue.Short(pattern), value)
		shown.Want = jsonvalue.Plain(pattern)
		return shown
	}
	want, got := []any{}, []any{}
	for i := range max(len(pattern), len(list)) {
		at := pointer + "/" + strconv.Itoa(i)
		switch {
		case i >= len(list):
			m.Wrong(at, jsonvalue.Short(jsonvalue.Plain(pattern[i])), jsonvalue.Missing{})
			want = append(want, jsonvalue.Plain(pattern[i]))
		case i >= len(pattern):
			m.Wrong(at, "no item", list[i])
			got = append(got, jsonvalue.Plain(list[i]))
		default:
			shown := m.Match(at, pattern[i], list[i])
			want, got = append(want, shown.Want), append(got, shown.Got)
		}
	}
	return Views{Want: want, Got: got}
}

// matchObject applies the matchers of a pattern and compares the members that it names.
func (m *Matcher) matchObject(pointer string, pattern map[string]any, value any) Views {
	shown := fitting(value)
	for _, name := range matchers(pattern) {
		before := len(m.Found)
		one := m.apply(name, pointer, pattern[name], value)
		if len(m.Found) > before {
			shown = one
		}
	}
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(pattern)), func(name string) bool {
		return slices.Contains(vocabulary["pattern"], name)
	})
	if len(names) == 0 && len(pattern) > 0 {
		return shown
	}
	o, isObject := value.(*jsonvalue.Object)
	if !isObject {
		shown := m.Wrong(pointer, "an object like "+jsonvalue.Short(pattern), value)
		shown.Want = jsonvalue.Plain(pattern)
		return shown
	}
	return m.matchMembers(pointer, pattern, names, o)
}

func (m *Matcher) matchMembers(pointer string, pattern map[string]any, names []string, o *jsonvalue.Object) Views {
	want, got := map[string]any{}, map[string]any{}
	for _, name := range names {
		at := pointer + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
		var member any = jsonvalue.Missing{}
		if found, present := o.Members[name]; present {
			member = found
		}
		shown := m.Match(at, pattern[name], member)
		want[name], got[name] = shown.Want, shown.Got
		if shown.Got == "<nothing>" {
			delete(got, name)
			if shown.Want == "<nothing>" {
				delete(want, name)
			}
		}
	}
	if m.exact {
		for _, key := range o.Keys {
			if _, named := pattern[key]; !named {
				m.Wrong(pointer+"/"+key, "no such key", o.Members[key])
				got[key] = jsonvalue.Plain(o.Members[key])
			}
		}
	}
	return Views{Want: want, Got: got}
}

// apply runs one matcher.
func (m *Matcher) apply(name, pointer string, argument, value any) Views {
	if name == "$absent" {
		if _, absent := value.(jsonvalue.Missing); !absent {
			return m.Wrong(pointer, "nothing", value)
		}
		return fitting(value)
	}
	if _, absent := value.(jsonvalue.Missing); absent {
		return m.Wrong(pointer, jsonvalue.Short(jsonvalue.Plain(map[string]any{name: argument})), value)
	}
	switch name {
	case "$null":
		if (value == nil) != (argument == true) {
			return m.Wrong(pointer, map[bool]string{true: "null", false: "anything but null"}[argument == true], value)
		}
	case "$type":
		if got := jsonvalue.TypeName(value); got != argument && (argument != "number" || got != "integer") {
			return m.Wrong(pointer, "of type "+jsonvalue.Text(argument), value)
		}
	case "$match":
		return m.matchText(pointer, jsonvalue.Text(argument), value)
	case "$length":
		if length, has := lengthOf(value); !has || !jsonvalue.Equal(argument, length) {
			return m.Wrong(pointer, "of length "+jsonvalue.Text(argument), value)
		}
	case "$keys":
		return m.matchKeys(pointer, argument, value)
	case "$expr":
		return m.evaluate(pointer, jsonvalue.Text(argument), value)
	case "$exact":
		strict := &Matcher{Answer: m.Answer, Variables: m.Variables, exact: true}
		shown := strict.Match(pointer, argument, value)
		m.Found = append(m.Found, strict.Found...)
		return shown
	case "$not":
		if m.matches(argument, value) {
			return m.Wrong(pointer, "anything but "+jsonvalue.Short(jsonvalue.Plain(argument)), value)
		}
	case "$one_of":
		choices, _ := argument.([]any)
		if !slices.ContainsFunc(choices, func(choice any) bool { return m.matches(choice, value) }) {
			return m.Wrong(pointer, "one of "+jsonvalue.Short(jsonvalue.Plain(argument)), value)
		}
	default:
		return m.applyToItems(name, pointer, argument, value)
	}
	return fitting(value)
}

// applyToItems runs the matchers that look into a list. A text contains what stands in it.
func (m *Matcher) applyToItems(name, pointer string, argument, value any) Views {
	text, isText := value.(string)
	if part, also := argument.(string); name == "$contains" && isText && also {
		if !strings.Contains(text, part) {
			return m.Wrong(pointer, "text that contains "+jsonvalue.Short(part), value)
		}
		return fitting(value)
	}
	if name == "$any" {
		return fitting(value)
	}
	list, isList := value.([]any)
	if !isList {
		return m.Wrong(pointer, "an array", value)
	}
	switch name {
	case "$contains":
		if !slices.ContainsFunc(list, func(item any) bool { return m.matches(argument, item) }) {
			return m.Wrong(pointer, "an item like "+jsonvalue.Short(jsonvalue.Plain(argument)), value)
		}
	case "$none":
		if slices.ContainsFunc(list, func(item any) bool { return m.matches(argument, item) }) {
			return m.Wrong(pointer, "no item like "+jsonvalue.Short(jsonvalue.Plain(argument)), value)
		}
	case "$each":
		want, got := []any{}, []any{}
		for i, item := range list {
			shown := m.Match(pointer+"/"+strconv.Itoa(i), argument, item)
			want, got = append(want, shown.Want), append(got, shown.Got)
		}
		return Views{Want: want, Got: got}
	case "$item":
		return m.matchItem(pointer, argument, list)
	}
	return fitting(value)
}

// matchItem finds the one item that where describes and compares it with is.
func (m *Matcher) matchItem(pointer string, argument any, list []any) Views {
	parts, _ := argument.(map[string]any)
	var hits []int
	for i, item := range list {
		if m.matches(parts["where"], item) {
			hits = append(hits, i)
		}
	}
	if len(hits) != 1 {
		return m.Wrong(pointer, fmt.Sprintf("exactly one item like %s, not %d",
			jsonvalue.Short(jsonvalue.Plain(parts["where"])),
			len(hits)), list)
	}
	return m.Match(pointer+"/"+strconv.Itoa(hits[0]), parts["is"], list[hits[0]])
}

func (m *Matcher) matchText(pointer, pattern string, value any) Views {
	compiled, err := regexp.Compile(pattern)
	text, isText := value.(string)
	if err != nil || !isText || !compiled.MatchString(text) {
		return m.Wrong(pointer, "text that matches "+pattern, value)
	}
	return fitting(value)
}

func (m *Matcher) matchKeys(pointer string, argument, value any) Views {
	o, isObject := value.(*jsonvalue.Object)
	if !isObject {
		return m.Wrong(pointer, "an object", value)
	}
	wanted, _ := argument.([]any)
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

func (m *Matcher) evaluate(pointer, text string, value any) Views {
	program, err := compileMatch(text)
	if err != nil {
		return m.Wrong(pointer, text+" ("+expressionError(err)+")", value)
	}
	env := matchEnvironment{Answer: m.Answer, Value: jsonvalue.Plain(value), Variable: m.variable}
	result, err := expr.Run(program, env)
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
