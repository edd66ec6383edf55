package graphql

import (
	"cmp"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Query is one operation that is asked for.
type Query struct {
	service   *Service
	document  *document
	operation *ast.OperationDefinition
	variables map[string]any
	newer     map[*ast.Field]bool
	invalid   []*Error // what is wrong with the document
	failed    []*Error // why it cannot be run; further checks may add to it
	cost      int      // 0 until it was counted
}

// Limits are how large a query may be; zero means that it does not matter.
type Limits struct{ Complexity, Depth int }

// Parse reads a document and finds the operation to run. A name that was not given is nil. What is wrong is told by
// [Query.Check].
func (s *Service) Parse(text string, name *string) *Query {
	r := s.Schema.read(text)
	q := &Query{service: s, document: r.document, newer: r.newer, invalid: r.invalid}
	if r.wrong != nil {
		q.failed = []*Error{r.wrong}
		return q
	}
	q.operation = q.document.operation(name)
	if q.operation == nil && len(q.document.Operations) > 0 {
		message := "An operation name is required"
		if name != nil {
			message = fmt.Sprintf("No operation named %q", *name)
		}
		q.failed = []*Error{{Message: message}}
	}
	return q
}

// operation finds the operation of a name. Without a name it is the only one, or the one without a name. Of several
// of a
// name it is the last.
func (d *document) operation(name *string) *ast.OperationDefinition {
	byName := map[string]*ast.OperationDefinition{}
	for _, o := range d.Operations {
		byName[o.Name] = o
	}
	switch {
	case name == nil && len(byName) == 1:
		return d.Operations[len(d.Operations)-1]
	case name == nil:
		return byName[""]
	case *name == "":
		return nil
	}
	return byName[*name]
}

// Mutates says whether the operation is a mutation.
func (q *Query) Mutates() bool { return q.operation != nil && q.operation.Operation == ast.Mutation }

// Name is that of the operation; empty if it has none or there is none.
func (q *Query) Name() string {
	if q.operation == nil {
		return ""
	}
	return q.operation.Name
}

// Check says whether the query can be run with variables, and else gives the answer: errors and no data.
func (q *Query) Check(variables Object) (refused Object, sound bool) {
	if len(q.failed) == 0 {
		q.failed = q.invalid
	}
	if len(q.failed) == 0 && q.operation != nil {
		q.variables, q.failed = q.service.Schema.variables(q.operation, variables)
	}
	if len(q.failed) == 0 {
		q.failed = q.recursion()
	}
	return refusalOf(q.failed), len(q.failed) == 0
}

// Exceeds gives the answer to a query that is larger than it may be. Complexity is that of all queries of the request.
func (q *Query) Exceeds(l Limits, complexity int) (refused Object, exceeds bool) {
	var errs []*Error
	if l.Complexity > 0 && complexity > l.Complexity {
		errs = append(errs, &Error{Message: fmt.Sprintf(
			"Query has complexity of %d, which exceeds max complexity of %d", complexity, l.Complexity)})
	}
	if depth := q.depth(); l.Depth > 0 && depth > l.Depth {
		errs = append(errs, &Error{Message: fmt.Sprintf("Query has depth of %d, which exceeds max depth of %d", depth,
			l.Depth)})
	}
	return refusalOf(errs), len(errs) > 0
}

// mostFields is how many fields are counted; a query with more is too complex anyway.
const mostFields = 100_000

// Complexity counts the fields of the query, those marked as dear twice.
func (q *Query) Complexity() int {
	if q.cost == 0 && q.operation != nil {
		left := mostFields
		q.cost = q.costOf(q.service.Schema.roots[q.operation.Operation], &left, q.operation.SelectionSet)
	}
	return q.cost
}

func (q *Query) costOf(t *ast.Definition, left *int, sets ...ast.SelectionSet) int {
	cost := 0
	for _, s := range (&execution{query: q}).collect(t, sets...) {
		if *left--; *left < 0 {
			break
		}
		d := q.service.Schema.field(t, s.fields[0].Name)
		if d == nil {
			continue // newer than the schema
		}
		cost++
		if d.Directives.ForName(gitalyDirective) != nil {
			cost++
		}
		inner := make([]ast.SelectionSet, len(s.fields))
		for i, f := range s.fields {
			inner[i] = f.SelectionSet
		}
		if composite := q.service.Schema.typeOf(d.Type); isComposite(composite) {
			cost += q.costOf(composite, left, inner...)
		}
	}
	return cost
}

// depth is how many fields there are at most below each other, the first included.
func (q *Query) depth() int {
	if q.operation == nil {
		return 0
	}
	return q.depthOf(q.operation.SelectionSet, map[string]int{})
}

func (q *Query) depthOf(set ast.SelectionSet, known map[string]int) int {
	deepest := 0
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			deepest = max(deepest, 1+q.depthOf(s.SelectionSet, known))
		case *ast.InlineFragment:
			deepest = max(deepest, q.depthOf(s.SelectionSet, known))
		case *ast.FragmentSpread:
			if _, is := known[s.Name]; !is {
				known[s.Name] = 0
				if f := q.document.Fragments.ForName(s.Name); f != nil {
					known[s.Name] = q.depthOf(f.SelectionSet, known)
				}
			}
			deepest = max(deepest, known[s.Name])
		}
	}
	return deepest
}

// mostNested is how often a field may stand inside of itself, and unnested those for which that does not matter.
const mostNested = 2

var unnested = map[string]bool{"node": true, "edges": true, "nodes": true, "ofType": true}

// recursion finds fields that stand too often inside of themselves.
func (q *Query) recursion() []*Error {
	if q.operation == nil {
		return nil
	}
	r := &recursion{query: q, inside: map[string]int{}, most: map[string]int{}, left: mostFields}
	r.visit(q.operation.SelectionSet)
	var told []string
	for name, times := range r.most {
		told = append(told, strconv.Quote(name)+"=>"+strconv.Itoa(times))
	}
	if len(told) == 0 {
		return nil
	}
	sort.Strings(told)
	return []*Error{{Message: "Recursive query - too many of fields '{" + strings.Join(told, ", ") +
		"}' detected in single branch of the query"}}
}

type recursion struct {
	query        *Query
	inside, most map[string]int
	left         int
}

func (r *recursion) visit(set ast.SelectionSet) {
	for _, s := range set {
		if r.left--; r.left < 0 {
			return
		}
		switch s := s.(type) {
		case *ast.Field:
			if len(s.SelectionSet) == 0 {
				continue
			}
			r.inside[s.Name]++
			if times := r.inside[s.Name]; times > mostNested && !unnested[s.Name] {
				r.most[s.Name] = max(r.most[s.Name], times)
			}
			r.visit(s.SelectionSet)
			r.inside[s.Name]--
		case *ast.InlineFragment:
			r.visit(s.SelectionSet)
		case *ast.FragmentSpread:
			if f := r.query.document.Fragments.ForName(s.Name); f != nil {
				r.visit(f.SelectionSet)
			}
		}
	}
}

// introducedDirective names the release that a field needs.
const introducedDirective = "gl_introduced"

// newerThan finds the fields that say that they are newer than the schema.
func (d *document) newerThan(s *Schema) map[*ast.Field]bool {
	newer := map[*ast.Field]bool{}
	if s.directives[introducedDirective] == nil {
		return newer
	}
	var look func(ast.SelectionSet)
	look = func(set ast.SelectionSet) {
		for _, one := range set {
			switch one := one.(type) {
			case *ast.Field:
				if s.isNewer(one.Directives.ForName(introducedDirective)) {
					newer[one] = true
					continue
				}
				look(one.SelectionSet)
			case *ast.InlineFragment:
				look(one.SelectionSet)
			}
		}
	}
	for _, o := range d.Operations {
		look(o.SelectionSet)
	}
	for _, f := range d.Fragments {
		look(f.SelectionSet)
	}
	return newer
}

// isNewer says whether a directive names a release after the schema's, patches included: there was none yet.
func (s *Schema) isNewer(d *ast.Directive) bool {
	if d == nil || d.Arguments.ForName("version") == nil {
		return false
	}
	own := []int{s.release.Major, s.release.Minor, 0}
	for i, part := range strings.SplitN(d.Arguments.ForName("version").Value.Raw, ".", len(own)) {
		number, err := strconv.Atoi(part)
		if err != nil {
			return false
		}
		if order := cmp.Compare(number, own[i]); order != 0 {
			return order > 0
		}
	}
	return false
}
