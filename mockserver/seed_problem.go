package mockserver

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// place is a line and column of a text, both from 1; the zero place is none.
type place struct{ line, column int }

// problem is one thing wrong with a seed. Path says where in the seed it is, as in projects[0].members[1].user; place where in its text.
type problem struct {
	path    string
	place   place
	message string
	until   int    // the column up to which the line can be shown; 0 means all of it
	first   string // path of what it repeats, if it does
}

// seedError holds all that is wrong with a seed.
type seedError struct {
	name     string
	lines    []string // of the text, if there is one
	problems []problem
}

// Error lists the problems in the order of the text, each with its position and the line it is on.
func (e *seedError) Error() string {
	var texts []string
	for _, p := range e.problems {
		texts = append(texts, e.describe(p))
	}
	if len(texts) > 1 {
		texts = append(texts, fmt.Sprintf("%d problems in %s", len(texts), e.name))
	}
	return strings.Join(texts, "\n")
}

func (e *seedError) describe(p problem) string {
	where := e.name
	if p.place.line == 0 {
		if p.path != "" {
			where += ": " + p.path
		}
		if p.first != "" {
			p.message += ", as " + p.first
		}
		return where + ": " + p.message
	}
	text := fmt.Sprintf("%s:%d:%d: %s", where, p.place.line, p.place.column, p.message)
	if p.place.line > len(e.lines) || strings.TrimSpace(e.lines[p.place.line-1]) == "" {
		return text
	}
	line := concealed(e.lines[p.place.line-1], p)
	number := fmt.Sprintf("%5d", p.place.line)
	return text + "\n" + number + " | " + line + "\n" + strings.Repeat(" ", len(number)) + " | " + caret(line, p.place.column)
}

// secretKey is a key whose value is a secret.
var secretKey = regexp.MustCompile(`(?i)secret["']?\s*:`)

// concealed is a line of a seed as it can be shown: secrets stay out of messages.
func concealed(line string, p problem) string {
	if strings.HasSuffix(p.path, "secret") {
		p.until = p.place.column
	}
	if runes := []rune(line); p.until > 0 && p.until <= len(runes) {
		line = string(runes[:p.until-1]) + " …"
	}
	if at := secretKey.FindStringIndex(line); at != nil {
		line = line[:at[1]] + " …"
	}
	return strings.TrimRight(line, "\r")
}

// caret points at a column of a line, keeping its tabs so that it lines up.
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

// sorted puts problems in the order of the text.
func sorted(problems []problem) []problem {
	slices.SortStableFunc(problems, func(a, b problem) int {
		return cmp.Or(cmp.Compare(a.place.line, b.place.line), cmp.Compare(a.place.column, b.place.column))
	})
	return slices.Compact(problems)
}
