package conformance

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Problem is one thing wrong with a scenario file, with the place where it is.
type Problem struct {
	Position Position
	Message  string
	Line     string // the line of the file, for the excerpt; may be empty
}

// String is the message behind its position, and below it the line with a caret.
func (p Problem) String() string {
	text := p.Position.String() + ": " + p.Message
	if strings.TrimSpace(p.Line) == "" || p.Position.Line < 1 {
		return text
	}
	line, column := window(p.Line, p.Position.Column)
	number := fmt.Sprintf("%5d", p.Position.Line)
	return text + "\n" + number + " | " + line + "\n" + strings.Repeat(" ", len(number)) + " | " + caret(line, column)
}

// window cuts a long line down to what is around a column.
func window(line string, column int) (string, int) {
	const before, width = 60, 160
	runes := []rune(line)
	if len(runes) <= width {
		return line, column
	}
	start := min(max(column-1-before, 0), len(runes)-width)
	cut := string(runes[start : start+width])
	if start > 0 {
		return "…" + cut, column - start + 1
	}
	return cut + "…", column
}

// caret points at a column of a line, keeping the line's tabs so that it lines up.
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

// LoadError holds every problem of the scenario files that were read.
type LoadError struct {
	Problems []Problem
}

// Error lists all problems, in the order of files and lines.
func (e *LoadError) Error() string {
	lines := make([]string, 0, len(e.Problems)+1)
	for _, p := range e.Problems {
		lines = append(lines, p.String())
	}
	if len(e.Problems) > 1 {
		lines = append(lines, fmt.Sprintf("%d problems", len(e.Problems)))
	}
	return strings.Join(lines, "\n")
}

// problems collects what is wrong while reading goes on.
type problems struct {
	file  string
	lines []string
	list  []Problem
}

func newProblems(file string, data []byte) *problems {
	return &problems{file: file, lines: strings.Split(string(data), "\n")}
}

// add records a problem at a line and column; a line of 0 means the file as a whole.
func (p *problems) add(line, column int, format string, args ...any) {
	problem := Problem{Position: Position{File: p.file, Line: line, Column: column}, Message: MaskURLs(fmt.Sprintf(format, args...))}
	if line >= 1 && line <= len(p.lines) {
		if text := strings.TrimRight(p.lines[line-1], "\r"); utf8.ValidString(text) {
			problem.Line = maskLine(text)
		}
	}
	p.list = append(p.list, problem)
}

func (p *problems) at(n *node, format string, args ...any) {
	p.add(n.line, n.column, format, args...)
}

// loadError is the error for what was collected, nil when that is nothing.
func loadError(list []Problem) error {
	if len(list) == 0 {
		return nil
	}
	slices.SortStableFunc(list, func(a, b Problem) int {
		return cmp.Or(
			strings.Compare(a.Position.File, b.Position.File),
			cmp.Compare(a.Position.Line, b.Position.Line),
			cmp.Compare(a.Position.Column, b.Position.Column),
		)
	})
	return &LoadError{Problems: slices.CompactFunc(list, func(a, b Problem) bool { return a == b })}
}

// didYouMean is " (did you mean X?)" for the known word nearest to a wrong one, or nothing when none is near.
func didYouMean(word string, known []string) string {
	best, bestDistance := "", max(1, min(len(word)/3, 3))+1
	for _, candidate := range known {
		if d := distance(strings.ToLower(word), strings.ToLower(candidate)); d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	if best == "" {
		return ""
	}
	return " (did you mean " + best + "?)"
}

// distance counts the single-letter edits, swaps of neighbours included, between two words.
func distance(a, b string) int {
	var before []int
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
