// Package jq runs the filters of scenarios: the part of the jq language that reads a value. A filter sees nothing but
// what it is given, and the work that it may do is counted, so that none runs for ever.
package jq

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/itchyny/gojq"

	"github.com/statuschecks/statuschecks/internal/lazy"
)

// Variables is the name under which a filter finds the variables of a scenario, as in $variables.check.qa.id.
const Variables = "$variables"

// Filter is a filter that is compiled once and can run many times, also at the same time.
type Filter struct {
	Names []Name // of the variables that it reads

	code  *gojq.Code
	given []string
	used  []string // of the given ones
}

// Name is the dotted name of a variable that a filter reads.
type Name struct {
	Text string
	Open bool // what follows is only known when the filter runs
}

// Given is what a filter can use beside its input.
type Given struct {
	Values map[string]any                // of the names that Compile was given
	Lookup func(name string) (any, bool) // of the variables
}

// Compile reads a filter. It can use the given names, such as $status, beside its input. The error says what is wrong.
func Compile(source string, given ...string) (*Filter, error) {
	query, err := gojq.Parse(source)
	if err != nil {
		return nil, errors.New(err.Error() + parseHint(source))
	}
	r := &reading{source: source, given: given}
	if err := r.query(query); err != nil {
		return nil, err
	}
	options := append(bounds(), gojq.WithVariables(append([]string{account}, given...)))
	code, err := gojq.Compile(query, options...)
	if err != nil {
		return nil, err
	}
	return &Filter{Names: r.names, code: code, given: given, used: r.used}, nil
}

// Uses reports whether the filter reads something that it is given.
func (f *Filter) Uses(name string) bool { return slices.Contains(f.used, name) }

// Run gives the one result of a filter. The error says why there is none.
func (f *Filter) Run(input any, given Given) (any, error) {
	in, err := toFilter(input)
	if err != nil {
		return nil, err
	}
	w := &work{left: most, lookup: given.Lookup}
	values := []any{w}
	for _, name := range f.given {
		value, err := toFilter(given.Values[name])
		if err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	results := f.code.RunWithContext(w, in, values...)
	first, err := next(results)
	if err != nil {
		return nil, err
	}
	if _, err := next(results); !errors.Is(err, errNothing) {
		if err == nil {
			err = errMany
		}
		return nil, err
	}
	return fromFilter(first)
}

var (
	errNothing = errors.New("it gives no result")
	errMany    = errors.New("it gives more than one result; [...] makes a list of them, and first(...) takes one")
)

func next(results gojq.Iter) (any, error) {
	value, more := results.Next()
	if !more {
		return nil, errNothing
	}
	err, failed := value.(error)
	switch {
	case !failed:
		return value, nil
	case errors.Is(err, errSpent):
		return nil, errSpent
	}
	return nil, errors.New(withoutPreviews(err.Error()))
}

// preview is a value in a message that is cut off. It goes, as no secret can be found in a part of itself.
var preview = lazy.Regexp(`(?s)["\[{(].{0,40}? \.\.\.["\]}]?\)?`)

func withoutPreviews(message string) string {
	message = strings.TrimPrefix(message, "error: ") // of error("...")
	return strings.TrimSpace(preview().ReplaceAllString(message, "…"))
}

// parseHint says what somebody may have meant who writes another language.
func parseHint(source string) string {
	for _, one := range [][2]string{
		{"&&", "and"}, {"||", "or"}, {"'", `texts in double quotes: "..."`}, {"!", "not behind a pipe: (...) | not"},
	} {
		if strings.Contains(strings.ReplaceAll(source, "!=", ""), one[0]) {
			return fmt.Sprintf(" (for %s, jq has %s)", one[0], one[1])
		}
	}
	return ""
}
