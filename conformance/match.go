package conformance

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/google/go-cmp/cmp"
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

// matcher compares values with patterns and records where they differ.
type matcher struct {
	answer    *answer
	variables variables
	exact     bool // objects may have no keys that the pattern lacks
	found     []Mismatch
}

// views are the expected and the found value cut down to what the pattern speaks about: equal where they match.
type views struct {
	want, got any
}

// matches tells whether a value fits, recording nothing.
func (m *matcher) matches(pattern, value any) bool {
	quiet := &matcher{answer: m.answer, variables: m.variables, exact: m.exact}
	quiet.match("", pattern, value)
	return len(quiet.found) == 0
}

func (m *matcher) wrong(pointer, want string, got any) views {
	if pointer == "" {
		pointer = "/"
	}
	m.found = append(m.found, Mismatch{Pointer: pointer, Want: want, Got: short(got)})
	return views{want: "<" + want + ">", got: plainOrAbsent(got)}
}

func plainOrAbsent(value any) any {
	if _, absent := value.(missing); absent {
		return "<nothing>"
	}
	return plain(value)
}

func fits(value any) views {
	shown := plainOrAbsent(value)
	return views{want: shown, got: shown}
}

// match compares one value with one pattern.
func (m *matcher) match(pointer string, pattern, value any) views {
	switch pattern := pattern.(type) {
	case map[string]any:
		return m.matchObject(pointer, pattern, value)
	case *object:
		return m.matchObject(pointer, pattern.members, value)
	case []any:
		return m.matchList(pointer, pattern, value)
	}
	if equal(pattern, value) {
		return fits(value)
	}
	shown := m.wrong(pointer, short(pattern), value)
	shown.want = pattern
	return shown
}

// equal compares scalars; a whole number equals the same number with a fraction of nothing.
func equal(a, b any) bool {
	if x, isNumber := asFloat(a); isNumber {
		y, alsoNumber := asFloat(b)
		return alsoNumber && x == y
	}
	switch b.(type) {
	case []any, *object, map[string]any, missing:
		return false
	}
	return a == b
}

func asFloat(value any) (float64, bool) {
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

func (m *matcher) matchList(pointer string, pattern []any, value any) views {
	list, isList := value.([]any)
	if !isList {
		shown := m.wrong(pointer, "an array like "+short(pattern), value)
		shown.want = plain(pattern)
		return shown
	}
	want, got := []any{}, []any{}
	for i := range max(len(pattern), len(list)) {
		at := pointer + "/" + strconv.Itoa(i)
		switch {
		case i >= len(list):
			m.wrong(at, short(plain(pattern[i])), missing{})
			want = append(want, plain(pattern[i]))
		case i >= len(pattern):
			m.wrong(at, "no item", list[i])
			got = append(got, plain(list[i]))
		default:
			shown := m.match(at, pattern[i], list[i])
			want, got = append(want, shown.want), append(got, shown.got)
		}
	}
	return views{want: want, got: got}
}

// matchObject applies the matchers of a pattern and compares the members that it names.
func (m *matcher) matchObject(pointer string, pattern map[string]any, value any) views {
	shown := fits(value)
	for _, name := range matchers(pattern) {
		before := len(m.found)
		one := m.apply(name, pointer, pattern[name], value)
		if len(m.found) > before {
			shown = one
		}
	}
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(pattern)), func(name string) bool {
		return slices.Contains(vocabulary["pattern"], name)
	})
	if len(names) == 0 && len(pattern) > 0 {
		return shown
	}
	o, isObject := value.(*object)
	if !isObject {
		shown := m.wrong(pointer, "an object like "+short(pattern), value)
		shown.want = plain(pattern)
		return shown
	}
	return m.matchMembers(pointer, pattern, names, o)
}

func (m *matcher) matchMembers(pointer string, pattern map[string]any, names []string, o *object) views {
	want, got := map[string]any{}, map[string]any{}
	for _, name := range names {
		at := pointer + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
		var member any = missing{}
		if found, present := o.members[name]; present {
			member = found
		}
		shown := m.match(at, pattern[name], member)
		want[name], got[name] = shown.want, shown.got
		if shown.got == "<nothing>" {
			delete(got, name)
			if shown.want == "<nothing>" {
				delete(want, name)
			}
		}
	}
	if m.exact {
		for _, key := range o.keys {
			if _, named := pattern[key]; !named {
				m.wrong(pointer+"/"+key, "no such key", o.members[key])
				got[key] = plain(o.members[key])
			}
		}
	}
	return views{want: want, got: got}
}

// apply runs one matcher.
func (m *matcher) apply(name, pointer string, argument, value any) views {
	if name == "$absent" {
		if _, absent := value.(missing); !absent {
			return m.wrong(pointer, "nothing", value)
		}
		return fits(value)
	}
	if _, absent := value.(missing); absent {
		return m.wrong(pointer, short(plain(map[string]any{name: argument})), value)
	}
	switch name {
	case "$null":
		if (value == nil) != (argument == true) {
			return m.wrong(pointer, map[bool]string{true: "null", false: "anything but null"}[argument == true], value)
		}
	case "$type":
		if got := typeName(value); got != argument && (argument != "number" || got != "integer") {
			return m.wrong(pointer, "of type "+asText(argument), value)
		}
	case "$match":
		return m.matchText(pointer, asText(argument), value)
	case "$length":
		if length, has := lengthOf(value); !has || !equal(argument, length) {
			return m.wrong(pointer, "of length "+asText(argument), value)
		}
	case "$keys":
		return m.matchKeys(pointer, argument, value)
	case "$expr":
		return m.evaluate(pointer, asText(argument), value)
	case "$exact":
		strict := &matcher{answer: m.answer, variables: m.variables, exact: true}
		shown := strict.match(pointer, argument, value)
		m.found = append(m.found, strict.found...)
		return shown
	case "$not":
		if m.matches(argument, value) {
			return m.wrong(pointer, "anything but "+short(plain(argument)), value)
		}
	case "$one_of":
		choices, _ := argument.([]any)
		if !slices.ContainsFunc(choices, func(choice any) bool { return m.matches(choice, value) }) {
			return m.wrong(pointer, "one of "+short(plain(argument)), value)
		}
	default:
		return m.applyToItems(name, pointer, argument, value)
	}
	return fits(value)
}

// applyToItems runs the matchers that look into a list. A text contains what stands in it.
func (m *matcher) applyToItems(name, pointer string, argument, value any) views {
	text, isText := value.(string)
	if part, also := argument.(string); name == "$contains" && isText && also {
		if !strings.Contains(text, part) {
			return m.wrong(pointer, "text that contains "+short(part), value)
		}
		return fits(value)
	}
	if name == "$any" {
		return fits(value)
	}
	list, isList := value.([]any)
	if !isList {
		return m.wrong(pointer, "an array", value)
	}
	switch name {
	case "$contains":
		if !slices.ContainsFunc(list, func(item any) bool { return m.matches(argument, item) }) {
			return m.wrong(pointer, "an item like "+short(plain(argument)), value)
		}
	case "$none":
		if slices.ContainsFunc(list, func(item any) bool { return m.matches(argument, item) }) {
			return m.wrong(pointer, "no item like "+short(plain(argument)), value)
		}
	case "$each":
		want, got := []any{}, []any{}
		for i, item := range list {
			shown := m.match(pointer+"/"+strconv.Itoa(i), argument, item)
			want, got = append(want, shown.want), append(got, shown.got)
		}
		return views{want: want, got: got}
	case "$item":
		return m.matchItem(pointer, argument, list)
	}
	return fits(value)
}

// matchItem finds the one item that where describes and compares it with is.
func (m *matcher) matchItem(pointer string, argument any, list []any) views {
	parts, _ := argument.(map[string]any)
	var hits []int
	for i, item := range list {
		if m.matches(parts["where"], item) {
			hits = append(hits, i)
		}
	}
	if len(hits) != 1 {
		return m.wrong(pointer, fmt.Sprintf("exactly one item like %s, not %d", short(plain(parts["where"])),
			len(hits)), list)
	}
	return m.match(pointer+"/"+strconv.Itoa(hits[0]), parts["is"], list[hits[0]])
}

func (m *matcher) matchText(pointer, pattern string, value any) views {
	compiled, err := regexp.Compile(pattern)
	text, isText := value.(string)
	if err != nil || !isText || !compiled.MatchString(text) {
		return m.wrong(pointer, "text that matches "+pattern, value)
	}
	return fits(value)
}

func (m *matcher) matchKeys(pointer string, argument, value any) views {
	o, isObject := value.(*object)
	if !isObject {
		return m.wrong(pointer, "an object", value)
	}
	wanted, _ := argument.([]any)
	var want []string
	for _, key := range wanted {
		want = append(want, asText(key))
	}
	if !slices.Equal(want, o.keys) {
		m.found = append(m.found, Mismatch{
			Pointer: pointer + "/", Want: "the keys " + strings.Join(want, ", "),
			Got: "the keys " + strings.Join(o.keys, ", "),
		})
		return views{want: map[string]any{"keys in order": want}, got: map[string]any{"keys in order": o.keys}}
	}
	return fits(value)
}

func (m *matcher) evaluate(pointer, text string, value any) views {
	program, err := compileMatch(text)
	if err != nil {
		return m.wrong(pointer, text+" ("+expressionError(err)+")", value)
	}
	env := matchEnvironment{captureEnvironment: environment(m.answer), Value: plain(value), Variable: m.variable}
	result, err := expr.Run(program, env)
	if err != nil {
		return m.wrong(pointer, text+" ("+expressionError(err)+")", value)
	}
	if result != true {
		return m.wrong(pointer, text, value)
	}
	return fits(value)
}

func (m *matcher) variable(name string) any {
	value, _ := m.variables.get(name)
	return plain(value)
}

func lengthOf(value any) (int, bool) {
	switch value := value.(type) {
	case string:
		return len([]rune(value)), true
	case []any:
		return len(value), true
	case *object:
		return len(value.keys), true
	}
	return 0, false
}

// diff renders the two views as go-cmp does, in plain spaces: go-cmp varies between two kinds of space on purpose.
func diff(shown views) string {
	text := cmp.Diff(shown.want, shown.got)
	return strings.TrimRight(strings.ReplaceAll(text, "\u00a0", " "), "\n")
}
