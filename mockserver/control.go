package mockserver

import (
	"bytes"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/pages"
	"github.com/statuschecks/statuschecks/openapi"
)

// controlPrefix is the path of the control surface. GitLab reserves the path above it, so the control surface hides
// nothing of GitLab's.
const controlPrefix = "/-/mock/"

// controlSurface lets tests look at the world of the mock and change it. Its operations are those of openapi.Control.
type controlSurface struct{ server *Server }

// controlRoutes are the routes of the contract, which is read at the first request.
var controlRoutes = sync.OnceValue(func() *router { return newRouter(openapi.Control()) })

// controlCall is one request to the control surface.
type controlCall struct {
	server  *Server
	world   *world
	request *http.Request
	path    map[string]string
	body    []byte
}

// controlOperation is what an operation of the control surface does. An error is a *controlProblem or a
// *gitlab.Refusal.
type controlOperation func(*controlCall) (reply, error)

// controlOperations are the operations by their id in the contract. A test checks that both sets are equal.
var controlOperations = map[string]controlOperation{
	"getState": (*controlCall).getState, "seed": (*controlCall).seed,
	"exportSeed": (*controlCall).exportSeed, "reset": (*controlCall).reset,
	"getClock": (*controlCall).getClock, "setClock": (*controlCall).setClock,
	"advanceClock": (*controlCall).advanceClock,
	"getLicence":   (*controlCall).getLicence, "setLicence": (*controlCall).setLicence,
	"getSHARequirement": (*controlCall).getSHARequirement, "setSHARequirement": (*controlCall).setSHARequirement,
	"getWriting": (*controlCall).getWriting, "setWriting": (*controlCall).setWriting,
	"getRelease": (*controlCall).getRelease, "setRelease": (*controlCall).setRelease,
	"getFeatures": (*controlCall).getFeatures, "setFeature": (*controlCall).setFeature,
	"listDeliveries": (*controlCall).listDeliveries, "getDelivery": (*controlCall).getDelivery,
	"redeliver": (*controlCall).redeliver, "flushDeliveries": (*controlCall).flushDeliveries,
	"triggerEvent": (*controlCall).triggerEvent,
	"listJobs":     (*controlCall).listJobs, "runJobs": (*controlCall).runJobs,
	"listFaultPlans": (*controlCall).listFaultPlans, "createFaultPlan": (*controlCall).createFaultPlan,
	"deleteFaultPlans": (*controlCall).deleteFaultPlans, "getFaultPlan": (*controlCall).getFaultPlan,
	"deleteFaultPlan": (*controlCall).deleteFaultPlan, "resetFaultPlan": (*controlCall).resetFaultPlan,
	"claim": (*controlCall).claim, "listWorlds": (*controlCall).listWorlds, "createWorld": (*controlCall).createWorld,
	"getWorld": (*controlCall).getWorld, "deleteWorld": (*controlCall).deleteWorld,
	"listSnapshots": (*controlCall).listSnapshots, "takeSnapshot": (*controlCall).takeSnapshot,
	"restoreSnapshot": (*controlCall).restoreSnapshot, "deleteSnapshot": (*controlCall).deleteSnapshot,
	"listAuditEvents": (*controlCall).listAuditEvents, "listSurprises": (*controlCall).listSurprises,
	"getRateLimits": (*controlCall).getRateLimits, "setRateLimits": (*controlCall).setRateLimits,
	"listExpectations":  (*controlCall).listExpectations,
	"createExpectation": (*controlCall).createExpectation, "deleteExpectations": (*controlCall).deleteExpectations,
	"getExpectation": (*controlCall).getExpectation, "deleteExpectation": (*controlCall).deleteExpectation,
	"listNotes": (*controlCall).listNotes, "clearNotes": (*controlCall).clearNotes,
	"getCoverage": (*controlCall).getCoverage, "clearCoverage": (*controlCall).clearCoverage,
	"listJournal": (*controlCall).listJournal, "clearJournal": (*controlCall).clearJournal,
	"exportJournal": (*controlCall).exportJournal,
}

// controlProblem is the refusal of a request to the control surface.
type controlProblem struct {
	Message  string   `json:"error"`
	Problems []string `json:"problems,omitempty"`

	status int
	header http.Header
}

func (p *controlProblem) Error() string { return p.Message }

func refused(status int, format string, args ...any) *controlProblem {
	return &controlProblem{status: status, Message: fmt.Sprintf(format, args...)}
}

func newControl(s *Server) http.Handler { return &controlSurface{server: s} }

// ServeHTTP responds to a request below the control prefix.
func (c *controlSurface) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if c.server.place == nil && strings.HasPrefix(r.URL.Path, worldsPrefix) { // the surface has an address of its own
		c.server.serveWorld(w, r, (*Server).serveControl)
		return
	}
	defer c.server.survive(w, r)
	if c.server.control == nil && c.server.servePagesApart(w, r) {
		return
	}
	if pages.TakesAsset(r) { // which the index shows
		c.server.servePage(w, r)
		return
	}
	if isControlIndex(r) || isIndex(r, r.URL.EscapedPath()) { // the latter where the surface has an address of its own
		c.serveIndex(w, r)
		return
	}
	re, err := c.answer(r)
	if err != nil {
		re = problemReply(err)
	}
	writeControl(w, r, re)
}

func (c *controlSurface) answer(r *http.Request) (reply, error) {
	if err := c.server.guard(r); err != nil {
		return reply{}, err
	}
	if !c.authorised(r) {
		p := refused(http.StatusUnauthorized, "the control token is missing or wrong: give it as X-Control-Token or "+
			"as Authorization: Bearer")
		p.header = http.Header{"Www-Authenticate": {`Bearer realm="control surface"`}}
		return reply{}, p
	}
	below := strings.TrimPrefix(r.URL.EscapedPath(), strings.TrimSuffix(controlPrefix, "/"))
	if !strings.HasPrefix(below, "/worlds") { // which need not be here
		if err := c.server.holdRoot(r); err != nil {
			return reply{}, err
		}
	}
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	m, found := controlRoutes().find(method, below)
	if !found {
		return reply{}, c.unknown(method, below)
	}
	body, err := readControlBody(m.op, r)
	if err != nil {
		return reply{}, err
	}
	if m.op.ID != "runJobs" { // which counts them
		c.server.world.settle()
	}
	return controlOperations[m.op.ID](&controlCall{
		server: c.server, world: c.server.world, request: r, path: m.path,
		body: body,
	})
}

// authorised reports whether the caller sent the control token, if one is set.
func (c *controlSurface) authorised(r *http.Request) bool {
	token := c.server.opts.ControlToken
	if token == "" {
		return true
	}
	if _, ok := c.server.pages().SignedIn(r); ok {
		return true
	}
	given := r.Header.Get("X-Control-Token")
	if b, ok := bearer(r); ok && given == "" {
		given = b
	}
	return subtle.ConstantTimeCompare([]byte(token), []byte(given)) == 1
}

func (c *controlSurface) unknown(method, below string) *controlProblem {
	if _, methods := controlRoutes().allowed(below); methods != nil {
		takes := slices.DeleteFunc(methods, func(m string) bool { return m == http.MethodOptions })
		p := refused(http.StatusMethodNotAllowed, "%s%s takes %s, not %s", strings.TrimSuffix(controlPrefix, "/"),
			below, strings.Join(takes, ", "), method)
		p.header = http.Header{"Allow": {strings.Join(takes, ", ")}}
		return p
	}
	p := refused(http.StatusNotFound, "the control surface has no %s %s%s", method, strings.TrimSuffix(controlPrefix,
		"/"), below)
	p.Problems = nearestOperations(openapi.Control(), method, below)
	if len(p.Problems) > 0 {
		p.Message += "; near it are those listed"
	} else {
		p.Message += "; see docs/control.md for what there is"
	}
	return p
}

// problemReply returns the response to an error.
func problemReply(err error) reply {
	var p *controlProblem
	var r *gitlab.Refusal
	switch {
	case errors.As(err, &p):
	case errors.As(err, &r) && r.Kind == gitlab.RecordNotFound:
		p = refused(http.StatusNotFound, "%s", r.Reason)
	default:
		p = refused(http.StatusInternalServerError, "%s", err)
	}
	return reply{status: p.status, body: p, header: p.header}
}

// writeControl sends a response of the control surface: JSON that must not be cached.
func writeControl(w http.ResponseWriter, r *http.Request, re reply) {
	h := w.Header()
	for name, values := range re.header {
		h[name] = values
	}
	h.Set("Cache-Control", "no-store")
	if re.stream != nil {
		re.stream(w)
		return
	}
	if re.body == nil && re.text == "" {
		w.WriteHeader(re.status)
		return
	}
	body := []byte(re.text) // whose type is among the headers
	if re.body != nil {
		body = append(encodeJSON(re.body), '\n')
		h.Set("Content-Type", "application/json")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(re.status)
	if r.Method != http.MethodHead {
		_, _ = bytes.NewReader(body).WriteTo(w) // a client that went away is no business of ours
	}
}

// number returns an integer of the path or query, which was checked against the contract; 0 if it is absent.
func (k *controlCall) number(name string) int64 {
	text, ok := k.path[name]
	if !ok {
		text = k.request.URL.Query().Get(name)
	}
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}

// has reports whether a query parameter is present.
func (k *controlCall) has(name string) bool { return k.request.URL.Query().Has(name) }
