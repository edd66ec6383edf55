package scenario

import (
	"errors"
	"regexp"
	"strings"
	"sync/atomic"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
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
	checked, err := regexp.Compile(variable.ReplaceAllString(text, "x"))
	if err != nil {
		return nil, errors.New(strings.Replace(err.Error(), "error parsing regexp", "not a regular expression", 1))
	}
	if !variable.MatchString(text) {
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

// Capture is an expression that takes a value out of an answer. It is compiled once.
type Capture struct {
	Source  string
	program *vm.Program
}

// NewCapture compiles an expression over status, headers and body. The error says what is wrong with it.
func NewCapture(source string) (*Capture, error) {
	program, err := expr.Compile(source, expr.Env(Answer{}))
	if err != nil {
		return nil, errors.New(expressionError(err))
	}
	return &Capture{source, program}, nil
}

// MustCapture is NewCapture for an expression that is known to be right. It panics if it is not.
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

// Value returns what the expression gives for an answer. The error says why it gives nothing.
func (c *Capture) Value(seen Answer) (any, error) {
	value, err := expr.Run(c.program, seen)
	if err != nil {
		return nil, errors.New(expressionError(err))
	}
	if number, isInt := value.(int); isInt {
		return int64(number), nil
	}
	return value, nil
}
