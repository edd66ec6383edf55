package strictyaml

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/statuschecks/statuschecks/internal/lazy"
)

// Problem is one problem of a file.
type Problem struct {
	File    string
	Place   Place  // zero if it is about the file as a whole
	Message string // what is wrong
	Line    string // the line, without secrets; empty if there is nothing to show
}

// String is the position and the message, with the line and a caret below.
func (p Problem) String() string {
	if p.Place.Line < 1 {
		return p.File + ": " + p.Message
	}
	text := fmt.Sprintf("%s:%d:%d: %s", p.File, p.Place.Line, p.Place.Column, p.Message)
	if strings.TrimSpace(p.Line) == "" {
		return text
	}
	line, column := window(p.Line, p.Place.Column)
	number := fmt.Sprintf("%5d", p.Place.Line)
	return text + "\n" + number + " | " + line + "\n" + strings.Repeat(" ", len(number)) + " | " + caret(line, column)
}

// window shortens a long line to the part around a column.
func window(line string, column int) (string, int) {
	const before, width = 60, 160
	runes := []rune(line)
	if len(runes) <= width {
		return line, column
	}
	start := min(max(column-1-before, 0), len(runes)-width)
	cut := string(runes[start : start+width])
	if start+width < len(runes) {
		cut += "…"
	}
	if start > 0 {
		return "…" + cut, column - start + 1
	}
	return cut, column
}

// caret points at a column of a line. It keeps the line's tabs, so that it is in the right place.
func caret(line string, column int) string {
	var pad strings.Builder
	for i, r := range []rune(line) {
		if i >= column-1 {
			break
		}
		if r != '\t' {
			r = ' '
		}
		pad.WriteRune(r)
	}
	return pad.String() + "^"
}

// mostShown is how many problems are written in full.
const mostShown = 50

// Texts returns the texts of at most 50 problems, and the number of the others.
func Texts[T fmt.Stringer](list []T) []string {
	var texts []string
	for _, p := range list[:min(len(list), mostShown)] {
		texts = append(texts, p.String())
	}
	if more := len(list) - mostShown; more > 0 {
		texts = append(texts, fmt.Sprintf("and %d more", more))
	}
	return texts
}

// Join writes problems one below the other. If there are several, their number follows. Where says where they are, such
// as " in seed.yaml"; it may be empty.
func Join[T fmt.Stringer](list []T, where string) string {
	texts := Texts(list)
	if len(list) > 1 {
		texts = append(texts, fmt.Sprintf("%d problems%s", len(list), where))
	}
	return strings.Join(texts, "\n")
}

// Problems collects the problems of a file during reading.
type Problems struct {
	File   string
	List   []Problem
	lines  []string
	hidden map[int]int    // by line: the first column that must not be shown
	safe   map[int]string // lines without their secrets
	isRead bool           // whether hidden is complete
}

// NewProblems starts a collection for a file with this text.
func NewProblems(file string, data []byte) *Problems {
	lines := strings.Split(string(withoutMark(data)), "\n")
	return &Problems{File: file, lines: lines, hidden: map[int]int{}, safe: map[int]string{}}
}

// Add records a problem.
func (p *Problems) Add(at Place, format string, args ...any) {
	p.List = append(p.List, Problem{File: p.File, Place: at, Message: fmt.Sprintf(format, args...)})
}

// Hide removes the rest of a line, from a place on, from all excerpts.
func (p *Problems) Hide(at Place) {
	if column, is := p.hidden[at.Line]; at.Line > 0 && (!is || at.Column < column) {
		p.hidden[at.Line] = at.Column
	}
}

// HideAfter removes what follows a key, on its line and indented below it, from all excerpts. The key is that of a
// secret, or may be a misspelt one.
func (p *Problems) HideAfter(key Pair) {
	p.Hide(Place{key.Line, key.Column + len([]rune(key.Key))})
	p.hideBelow(key.Place)
}

// hideBelow hides the lines that are indented below a key.
func (p *Problems) hideBelow(key Place) {
	for line := key.Line + 1; line <= len(p.lines); line++ {
		text := strings.TrimLeft(p.lines[line-1], " \t\r")
		indent := len(p.lines[line-1]) - len(text)
		if text != "" && indent < key.Column {
			return
		}
		p.Hide(Place{line, indent + 1})
	}
}

// Sorted returns the problems in the order of the text, without duplicates. Those that are written in full have their
// lines.
func (p *Problems) Sorted() []Problem {
	slices.SortStableFunc(p.List, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Place.Line, b.Place.Line), cmp.Compare(a.Place.Column, b.Place.Column))
	})
	p.List = slices.Compact(p.List)
	for i := range p.List[:min(len(p.List), mostShown)] {
		p.List[i].Line = p.Line(p.List[i].Place.Line)
	}
	return p.List
}

// Line is a line of the file without secrets and without passwords in URLs.
func (p *Problems) Line(number int) string {
	if number < 1 || number > len(p.lines) {
		return ""
	}
	if text, known := p.safe[number]; known {
		return text
	}
	line := strings.TrimRight(p.lines[number-1], "\r")
	if !utf8.ValidString(line) {
		return ""
	}
	if column, is := p.hidden[number]; is {
		if runes := []rune(line); column >= 1 && column <= len(runes) {
			line = strings.TrimRight(string(runes[:column-1]), " ") + " …"
		}
	}
	if !p.isRead {
		line = p.guarded(line, number)
	}
	line = WithoutSecrets(line)
	p.safe[number] = line
	return line
}

// WithoutSecrets is a text without the users, passwords and secret parameters of the URLs in it.
func WithoutSecrets(text string) string {
	return secretParameter().ReplaceAllString(MaskURLs(text), "${1}…")
}

// tokenText is a token of GitLab's, also in a path with escapes, and behind one: one whose prefix is known, of any
// length, or one that is as long as GitLab's are. So glass-house is none.
var tokenText = lazy.Regexp(`(%(?:25)*[0-9A-Fa-f]{2}|\b|_)gl(?:` +
	`(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|wt|soat|ffct)(?:-|%2[Dd])[0-9A-Za-z_.-]+|` +
	`[a-z]{2,5}(?:-|%2[Dd])[0-9A-Za-z_.-]{20,})`)

// WithoutTokens is a text without what looks like a token of GitLab's.
func WithoutTokens(text string) string {
	if !strings.Contains(text, "gl") {
		return text
	}
	return tokenText().ReplaceAllString(text, "${1}…")
}

// guarded is a line of a file that is not valid YAML. What follows the key of a secret, or is indented below it, is
// left out.
func (p *Problems) guarded(line string, number int) string {
	if at := secretPair().FindStringIndex(line); at != nil && strings.TrimSpace(line[at[1]:]) != "" {
		return line[:at[1]] + " …"
	}
	indent := indentOf(line)
	for i := number - 2; i >= 0 && indent > 0; i-- {
		above := p.lines[i]
		if in := indentOf(above); strings.TrimSpace(above) != "" && in < indent {
			indent = in
			if secretPair().MatchString(above) {
				return line[:indentOf(line)] + "…"
			}
		}
	}
	return line
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " -")) }
