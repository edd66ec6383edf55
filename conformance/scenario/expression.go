package scenario

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync/atomic"

	"github.com/statuschecks/statuschecks/conformance/internal/jq"
	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
)

// expression is a regular expression whose text can have references. It is checked when a scenario is read. One with
// references is compiled when they have values, and again only when the values change.
type expression struct {
	text  string
	fixed *regexp.Regexp // nil if the text has references
	last  atomic.Pointer[regexp.Regexp]
}

func newExpression(text string) (*expression, error) {
	e := &expression{text: text}
	checked, err := regexp.Compile(variable().ReplaceAllString(text, "x"))
	if err != nil {
		return nil, errors.New(strings.Replace(err.Error(), "error parsing regexp", "not a regular expression", 1))
	}
	if !variable().MatchString(text) {
		e.fixed = checked
	}
	return e, nil
}

// filled returns the regular expression with the values of the variables in it. The values match themselves.
func (e *expression) filled(variables Variables) (*regexp.Regexp, error) {
	if e.fixed != nil {
		return e.fixed, nil
	}
	text, err := variables.fillPattern(e.text)
	if err != nil {
		return nil, err
	}
	if last := e.last.Load(); last != nil && last.String() == text {
		return last, nil
	}
	compiled, err := regexp.Compile(text)
	if err == nil {
		e.last.Store(compiled)
	}
	return compiled, err
}

// Capture is a jq filter that takes a value out of an answer. It is compiled once.
type Capture struct {
	Source string
	filter *jq.Filter
}

// NewCapture compiles a filter over an object with status, headers and body. The error says what is wrong with it.
func NewCapture(source string) (*Capture, error) {
	filter, err := jq.Compile(source)
	if err != nil {
		return nil, unreadable(err)
	}
	return &Capture{source, filter}, nil
}

func unreadable(err error) error { return fmt.Errorf("the jq filter cannot be read: %w", err) }

// MustCapture is NewCapture for a filter that is known to be right. It panics if it is not.
func MustCapture(source string) *Capture {
	return must(NewCapture(source))
}

// Equal reports whether two captures are written alike.
func (c *Capture) Equal(other *Capture) bool {
	if c == nil || other == nil {
		return c == other
	}
	return c.Source == other.Source
}

// Value returns what the filter gives for an answer. The error says why it gives nothing.
func (c *Capture) Value(seen Answer) (any, error) {
	input := map[string]any{"status": seen.Status, "headers": seen.Headers, "body": seen.Body}
	value, err := c.filter.Run(input, jq.Given{})
	if err == nil && value == nil {
		err = errors.New("it gives null, so there is nothing to take")
	}
	return value, err
}

// Answer is what a filter sees of an answer, or of a delivery.
type Answer struct {
	Status  int
	Headers map[string]any // by canonical name
	Body    any            // the JSON value; nil if there is none
}

// The names under which a filter in a pattern finds the answer as a whole.
const (
	answerStatus  = "$status"
	answerHeaders = "$headers"
	answerBody    = "$body"
)

// newFilter compiles a filter of a pattern: its input is the value at its place.
func newFilter(source string) (*jq.Filter, error) {
	filter, err := jq.Compile(source, answerStatus, answerHeaders, answerBody, jq.Variables)
	if err != nil {
		return nil, unreadable(err)
	}
	return filter, nil
}

// holds runs a filter of a pattern, which must give true or false.
func holds(filter *jq.Filter, value any, answer Answer, variables Variables) (bool, error) {
	values := map[string]any{answerStatus: answer.Status}
	if filter.Uses(answerHeaders) {
		values[answerHeaders] = answer.Headers
	}
	if filter.Uses(answerBody) {
		values[answerBody] = answer.Body
	}
	result, err := filter.Run(value, jq.Given{Values: values, Lookup: variables.Get})
	if err != nil {
		return false, err
	}
	holds, is := result.(bool)
	if !is {
		return false, fmt.Errorf("it gives %s, neither true nor false", jsonvalue.TypeName(result))
	}
	return holds, nil
}
