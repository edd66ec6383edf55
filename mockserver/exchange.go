package mockserver

import (
	"net/http"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/mockserver/journal"
	"github.com/statuschecks/statuschecks/openapi"
)

// Exchange is a request that another GitLab has answered.
type Exchange struct {
	Request *http.Request // with the path below the root of that GitLab; its Body is read to the end
	Began   time.Time     // when it arrived
	Status  int           // 0 where no response came
	Header  http.Header   // of the response
	Size    int64         // of the response's body, in bytes
	Reason  string        // why no response came
}

// Witnessed is what the contract knows of an exchange.
type Witnessed struct {
	Entry     journal.Entry       // as the journal has it, without secrets
	Operation *openapi.Operation  // nil where the contract has none for the path
	Request   []openapi.Violation // what does not fit the contract in the parameters
}

// Witness notes an exchange with another GitLab in the journal, the notes about clients and the coverage, as if the
// server had answered it itself. It changes no data.
func (s *Server) Witness(x Exchange) Witnessed {
	v := s.follow(x.Request)
	v.began, v.entry.At = x.Began, s.world.clock.when(x.Began)
	a := &v.arrived
	stopped := s.arrive(a, x.Request)
	if stopped == nil {
		stopped = a.enter()
	}
	v.arrival = a
	seen := Witnessed{}
	v.called = call{server: s, request: a.request, arrival: a}
	if c := &v.called; stopped == nil && c.locate() {
		v.call, seen.Operation = c, c.op
		if !c.isGraphQL() {
			_, seen.Request = coerceAll(c.op, c.path, c.body, c.query)
		}
	}
	v.entry.Worked = seen.Operation != nil && x.Status != 0 && worked(x.Status)
	v.entry.Reason = oneLine(strictyaml.WithoutTokens(x.Reason))
	v.record(x.Status, x.Header, x.Size)
	seen.Entry = v.kept.Shown()
	return seen
}

// locate finds the operation of a call, and what it was given, if the contract has one for it.
func (c *call) locate() bool {
	surface := c.server.surface()
	if c.arrival.isGraphQL() {
		c.op, c.looked = surface.contract.Operation(graphQLOperation), true
		return c.op != nil
	}
	method := c.request.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	below, isAPI := strings.CutPrefix(c.request.URL.EscapedPath(), apiPrefix)
	m, found := surface.routes.find(method, below)
	if !isAPI || !found || c.read() != nil {
		return false
	}
	c.op, c.path = m.op, m.path
	return true
}
