package mockserver

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/mockserver/expectation"
	"github.com/statuschecks/statuschecks/mockserver/journal"
	"github.com/statuschecks/statuschecks/openapi"
)

// mostExpectations is how many expectations there can be side by side.
const mostExpectations = 1000

// expectations are those that a world has, the oldest first. The zero value is empty.
type expectations struct {
	mu    sync.Mutex
	list  []expectation.Expectation
	named int
}

func (x *expectations) find(id string) int {
	return slices.IndexFunc(x.list, func(e expectation.Expectation) bool { return e.ID == id })
}

func (x *expectations) add(e expectation.Expectation) (expectation.Expectation, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.list) >= mostExpectations {
		return e, fmt.Errorf("there are %d expectations already; remove some", mostExpectations)
	}
	for e.ID == "" {
		x.named++
		if name := fmt.Sprintf("expectation-%d", x.named); x.find(name) < 0 {
			e.ID = name
		}
	}
	if x.find(e.ID) >= 0 {
		return e, fmt.Errorf("there is an expectation %s already; remove it, or take another id", e.ID)
	}
	x.list = append(x.list, e)
	return e, nil
}

func (x *expectations) remove(id string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	i := x.find(id)
	if i >= 0 {
		x.list = slices.Delete(x.list, i, i+1)
	}
	return i >= 0
}

func (x *expectations) clear() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.list, x.named = nil, 0
}

func (x *expectations) all() []expectation.Expectation {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.Clone(x.list)
}

// AddExpectation adds an expectation to those that there are. Where Since is 0, the calls to come count. It fails for
// an expectation that is wrong, for an id that is taken, and without a journal.
func (s *Server) AddExpectation(e expectation.Expectation) (expectation.Verdict, error) {
	if wrong := expectationProblems(&e); len(wrong) > 0 {
		return expectation.Verdict{}, fmt.Errorf("the expectation is wrong: %s", strings.Join(wrong, "; "))
	}
	if !s.world.journal.Keeps() {
		return expectation.Verdict{}, fmt.Errorf("expectations need the journal, and this mock has none")
	}
	if e.Since == 0 {
		e.Since = s.world.journal.Page(journal.Filter{Limit: 1, Since: 1 << 62}).Next
	}
	e, err := s.world.expectations.add(e)
	if err != nil {
		return expectation.Verdict{}, err
	}
	return s.judge(e), nil
}

// Expectations are the expectations and what has become of them so far, the oldest first.
func (s *Server) Expectations() []expectation.Verdict {
	return presentAll(s.world.expectations.all(), s.judge)
}

// RemoveExpectation forgets an expectation. It reports whether there was one of that id.
func (s *Server) RemoveExpectation(id string) bool { return s.world.expectations.remove(id) }

// ClearExpectations forgets all expectations.
func (s *Server) ClearExpectations() { s.world.expectations.clear() }

func (s *Server) judge(e expectation.Expectation) expectation.Verdict {
	return expectation.Judge(e, s.world.journal.Page(journal.Filter{}))
}

// expectationProblems finds what is wrong with an expectation: in itself, and in the operations that it names.
func expectationProblems(e *expectation.Expectation) []string {
	wrong := e.Check()
	for i, calls := range append([]expectation.Calls{e.Calls}, e.Order...) {
		where := "calls/operation"
		if i > 0 {
			where = fmt.Sprintf("order/%d/operation", i-1)
		}
		if calls.Operation != "" && openapi.GitLab().Operation(calls.Operation) == nil {
			wrong = append(wrong, fmt.Sprintf("%s: there is no operation %q%s", where, calls.Operation,
				strictyaml.DidYouMean(calls.Operation, operationNames())))
		}
	}
	return wrong
}

// operationNames are the operations of the contract, of whatever release.
func operationNames() []string {
	return presentAll(openapi.GitLab().Operations(), func(op *openapi.Operation) string { return op.ID })
}

func (k *controlCall) listExpectations() (reply, error) { return ok(k.server.Expectations()) }

func (k *controlCall) createExpectation() (reply, error) {
	return createdFrom(k.body, expectationProblems, k.server.AddExpectation)
}

func (k *controlCall) deleteExpectations() (reply, error) {
	k.server.ClearExpectations()
	return noContent()
}

func (k *controlCall) getExpectation() (reply, error) {
	for _, v := range k.server.Expectations() {
		if v.ID == k.path["expectation"] {
			return ok(v)
		}
	}
	return reply{}, k.noExpectation()
}

func (k *controlCall) deleteExpectation() (reply, error) {
	if !k.server.RemoveExpectation(k.path["expectation"]) {
		return reply{}, k.noExpectation()
	}
	return noContent()
}

func (k *controlCall) noExpectation() error {
	ids := presentAll(k.world.expectations.all(), func(e expectation.Expectation) string { return e.ID })
	return noneNamed("expectation", k.path["expectation"], ids)
}
