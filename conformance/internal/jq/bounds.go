package jq

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/itchyny/gojq"
	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
)

// most is the work that one run of a filter may do: a step is one, and so is each value that it makes or compares, and
// every eight bytes of a text.
const most = 1_000_000

var errSpent = errors.New("it is too much work: a filter may take a million steps")

// work counts what a run does. It is the run's context, as that is asked before every step.
type work struct {
	left   int
	lookup func(name string) (any, bool)
}

var over = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

func (w *work) Done() <-chan struct{} {
	if w.left--; w.left < 0 {
		return over
	}
	return nil
}

func (w *work) Err() error {
	if w.left < 0 {
		return errSpent
	}
	return nil
}

func (w *work) Deadline() (time.Time, bool) { return time.Time{}, false }
func (w *work) Value(any) any               { return nil }

var _ context.Context = (*work)(nil)

// The functions that are put in between, and the variable that holds the account. Nobody can write these names.
const (
	account        = "$__work"
	madeFunction   = "_made"   // counts its input
	weighFunction  = "_weigh"  // counts its input times its argument
	pairFunction   = "_pair"   // counts what an operator does, and gives both sides as a list
	lookupFunction = "_lookup" // of a variable
)

// squared are functions that compare or join everything with their argument.
var squared = []string{"contains/1", "inside/1", "join/1"}

// compared are functions that keep, or compare, what their arguments give.
var compared = []string{"sort_by/1", "group_by/1", "unique_by/1", "min_by/1", "max_by/1", "IN/1", "IN/2"}

// count puts the counting functions around what makes values.
func count(q *gojq.Query) {
	switch q.Op {
	case gojq.OpSub, gojq.OpMul, gojq.OpDiv, gojq.OpMod, gojq.OpEq, gojq.OpNe, gojq.OpGt, gojq.OpLt, gojq.OpGe,
		gojq.OpLe:
		sides := counting(pairFunction, textQuery(q.Op.String()), q.Left, q.Right)
		made := then(&gojq.Query{Op: q.Op, Left: itemQuery("0"), Right: itemQuery("1")}, counting(madeFunction))
		*q = *then(sides, made)
	case gojq.OpAdd:
		plain := *q
		*q = *then(&plain, counting(madeFunction))
	}
	if t := q.Term; t != nil && makes(t) {
		*q = *then(&gojq.Query{Term: t}, counting(madeFunction))
	}
}

func makes(t *gojq.Term) bool {
	switch t.Type {
	case gojq.TermTypeObject, gojq.TermTypeArray, gojq.TermTypeFormat:
		return true
	case gojq.TermTypeString:
		return t.Str.Queries != nil
	case gojq.TermTypeFunc:
		return !strings.HasPrefix(t.Func.Name, "$") && t.Func.Name != lookupFunction
	}
	return false
}

func then(left, right *gojq.Query) *gojq.Query {
	return &gojq.Query{Op: gojq.OpPipe, Left: left, Right: right}
}

// counting calls one of the functions of bounds.
func counting(name string, args ...*gojq.Query) *gojq.Query {
	return callQuery(name, slices.Concat([]*gojq.Query{variableNamed(account)}, args)...)
}

func variableNamed(name string) *gojq.Query { return callQuery(name) }

func callQuery(name string, args ...*gojq.Query) *gojq.Query {
	return &gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeFunc, Func: &gojq.Func{Name: name, Args: args}}}
}

func textQuery(text string) *gojq.Query {
	return &gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeString, Str: &gojq.String{Str: text}}}
}

func itemQuery(number string) *gojq.Query {
	at := &gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeNumber, Number: number}}
	return &gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeIndex, Index: &gojq.Index{Start: at}}}
}

func bounds() []gojq.CompilerOption {
	return []gojq.CompilerOption{
		gojq.WithFunction(madeFunction, 1, 1, func(made any, args []any) any {
			w := args[0].(*work)
			return w.spend(weight(made, w.left), made)
		}),
		gojq.WithFunction(weighFunction, 2, 2, func(input any, args []any) any {
			w := args[0].(*work)
			return w.spend(product(weight(input, w.left), weight(args[1], w.left)), args[1])
		}),
		gojq.WithFunction(pairFunction, 4, 4, func(_ any, args []any) any {
			w := args[0].(*work)
			return w.spend(w.effort(args[1].(string), args[2], args[3]), []any{args[2], args[3]})
		}),
		gojq.WithFunction(lookupFunction, 2, 30, func(_ any, args []any) any {
			return args[0].(*work).variable(args[1:])
		}),
	}
}

// spend takes off what something costs. It gives the value if there was enough.
func (w *work) spend(cost int, value any) any {
	w.left = max(w.left-cost, -1)
	if w.left < 0 {
		return errSpent
	}
	return value
}

// effort is what an operator costs.
func (w *work) effort(operator string, left, right any) int {
	x, y := weight(left, w.left), weight(right, w.left)
	switch operator {
	case "-", "/", "%":
		return product(x, y)
	case "*":
		for _, sides := range [][2]any{{left, right}, {right, left}} {
			text, isText := sides[0].(string)
			if times, isNumber := gojq.ToFloat64(sides[1]); isText && isNumber {
				return int(min(max(times, 0)*float64(weight(text, w.left)), most+1))
			}
		}
		return product(x, y)
	}
	return x + y
}

func product(x, y int) int {
	if y > 0 && x > math.MaxInt32/y {
		return math.MaxInt32
	}
	return x * y
}

// weight is the size of a value, or something above the limit.
func weight(value any, limit int) int {
	size := 1
	switch value := value.(type) {
	case string:
		size += len(value) / 8
	case *big.Int:
		size += value.BitLen() / 64
	case []any:
		for i := 0; i < len(value) && size <= limit; i++ {
			size += weight(value[i], limit-size)
		}
	case map[string]any:
		for key, member := range value {
			if size > limit {
				break
			}
			size += len(key)/8 + weight(member, limit-size)
		}
	}
	return size
}

// variable looks a variable up whose name comes in parts.
func (w *work) variable(parts []any) any {
	texts := make([]string, len(parts))
	for i, part := range parts {
		texts[i] = jsonvalue.Text(part)
	}
	name := strings.Join(texts, ".")
	value, has := w.lookup(name)
	if !has {
		return fmt.Errorf("%s.%s has no value here", Variables, name)
	}
	converted, err := toFilter(value)
	if err != nil {
		return err
	}
	return converted
}
