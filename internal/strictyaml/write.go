package strictyaml

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/statuschecks/statuschecks/internal/lazy"
)

// Map is a mapping that is written in its order.
type Map []Entry

// Entry is a key of a Map with its value.
type Entry struct {
	Key   string
	Value any
}

// Raw is a scalar that is written as it is, such as the digits of a number.
type Raw string

// Add appends an entry, unless the value is nil, false, an empty text, an empty Map or list, or a nil map.
func (m *Map) Add(key string, value any) {
	switch value := value.(type) {
	case nil:
		return
	case string:
		if value == "" {
			return
		}
	case bool:
		if !value {
			return
		}
	case Map:
		if len(value) == 0 {
			return
		}
	case []any:
		if len(value) == 0 {
			return
		}
	case map[string]any:
		if value == nil {
			return
		}
	}
	*m = append(*m, Entry{key, value})
}

// Write returns a value as YAML that Read reads as the same value, with an entry or item on each line. The value is
// nil, a bool, a number, a text, a Raw, or a list ([]any), a Map or a map[string]any of such values. The keys of a map
// are sorted.
func Write(value any) []byte {
	w := &writer{}
	w.value(value, 0)
	return w.out[1:] // the space or the line's end that would follow a colon
}

type writer struct{ out []byte }

// value writes what follows a colon or a dash, with the end of the line.
func (w *writer) value(value any, indent int) {
	switch value := inOrder(value).(type) {
	case Map:
		if len(value) > 0 {
			w.add("\n")
			w.entries(value, indent, indent)
			return
		}
		w.add(" {}\n")
	case []any:
		if len(value) > 0 {
			w.add("\n")
			w.items(value, indent)
			return
		}
		w.add(" []\n")
	default:
		w.add(" " + scalar(value) + "\n")
	}
}

// entries writes a mapping. The first key is indented apart, as it can follow a dash.
func (w *writer) entries(m Map, first, indent int) {
	for i, entry := range m {
		if i > 0 {
			first = indent
		}
		w.add(strings.Repeat(" ", first) + quoted(entry.Key) + ":")
		w.value(entry.Value, indent+2)
	}
}

func (w *writer) items(list []any, indent int) {
	for _, item := range list {
		w.add(strings.Repeat(" ", indent) + "-")
		if m, is := inOrder(item).(Map); is && len(m) > 0 {
			w.entries(m, 1, indent+2)
			continue
		}
		w.value(item, indent+2)
	}
}

func (w *writer) add(text string) { w.out = append(w.out, text...) }

// inOrder returns a map as a Map, and any other value as it is.
func inOrder(value any) any {
	members, is := value.(map[string]any)
	if !is {
		return value
	}
	m := make(Map, 0, len(members))
	for _, key := range slices.Sorted(maps.Keys(members)) {
		m = append(m, Entry{key, members[key]})
	}
	return m
}

func scalar(value any) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case string:
		return quoted(value)
	case float64:
		text := strconv.FormatFloat(value, 'f', -1, 64)
		if !strings.Contains(text, ".") {
			text += ".0"
		}
		return text
	}
	return fmt.Sprint(value)
}

var (
	// plainText is text that every reader of YAML takes for just that text, even without quotes: words, or a path.
	plainText = lazy.Regexp(`^([A-Za-z_$/][\w$/.()'-]*( [\w$/.()'-]+)*|/[\w/.{}-]*)$`)
	// keyword is text that some readers of YAML take for something else.
	keyword = lazy.Regexp(`^(?i:true|false|null|yes|no|on|off|y|n|nan|inf)$`)
	// LongHex is text of hexadecimal digits, which some readers of YAML take for a number.
	LongHex = lazy.Regexp(`^([0-9a-fA-F]{20,}|[0-9]+[eE][0-9]+)$`)
)

// longestPlain is how long plain text is at most, in bytes: to see that text is plain takes long for the contents of
// files.
const longestPlain = 1000

// quoted writes text, with quotes unless it is plain.
func quoted(text string) string {
	if len(text) <= longestPlain && plainText().MatchString(text) && !keyword().MatchString(text) &&
		!LongHex().MatchString(text) {
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
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
