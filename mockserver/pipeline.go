package mockserver

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/internal/graphql"
	"github.com/statuschecks/statuschecks/mockserver/pages"
	"github.com/statuschecks/statuschecks/openapi"
)

// call is one request in the pipeline.
type call struct {
	server   *Server
	request  *http.Request
	arrival  *arrival
	op       *openapi.Operation
	path     map[string]string
	body     map[string]any
	query    map[string]any
	params   params
	actor    gitlab.Actor
	visitor  gitlab.UserID         // who is signed in on the page that calls
	project  gitlab.Project        // set by the stage that looks it up
	group    gitlab.Namespace      // set likewise
	staleUse gitlab.TokenID        // the token whose time of last use must be updated
	recheck  gitlab.MergeRequestID // the merge request whose mergeability must be checked
	looked   bool                  // whether findings is known
	findings []finding
	usages   []graphql.Usage // of GraphQL: what the queries ask for
	failed   bool            // of GraphQL: an answer tells errors
}

// operation is what the mock knows about an operation in addition to its contract.
type operation struct {
	run       func(*call, *gitlab.Tx) (reply, error)
	before    func(*call, *gitlab.Tx) error // runs before the parameters are looked at
	anonymous bool                          // callers who are not signed in may call it
	ownBody   bool                          // GitLab reads and checks the body itself
	scopes    []string                      // sufficient scopes in addition to api and, for reading, read_api
}

// ServeHTTP responds to a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.place == nil && strings.HasPrefix(r.URL.Path, worldsPrefix) {
		s.serveWorld(w, r, (*Server).ServeHTTP)
		return
	}
	s.identify(w.Header(), r)
	defer s.survive(w, r)
	path := r.URL.EscapedPath()
	switch {
	case s.control != nil && (strings.HasPrefix(path, controlPrefix) || isControlIndex(r)):
		s.control.ServeHTTP(w, r)
	case pages.TakesAsset(r), s.control != nil && pages.Takes(r):
		s.servePage(w, r)
	case s.opts.NoControlReason != "" && pages.Takes(r):
		pages.ShowRefused(w, r, http.StatusForbidden, s.opts.NoControlReason)
	case isIndex(r, path):
		s.writeIndex(w, r, s.index(r))
	case strings.HasPrefix(path, "/-/"):
		s.serveHealth(w, r)
	default:
		s.serveAPI(w, r)
	}
}

// originOf returns the scheme and host that a caller used.
func originOf(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// serveSoundly responds to a request as GitLab does, and records it.
func (s *Server) serveSoundly(w http.ResponseWriter, r *http.Request, v *callRecord) {
	if s.opts.BaseURL == "" && !isApart(r) {
		s.adoptBaseURL(r)
	}
	s.world.settle()
	a := &v.arrived
	stopped := s.arrive(a, r)
	if stopped == nil {
		stopped = a.enter()
	}
	v.arrival = a
	if stopped != nil {
		s.explain(stopped, a.request, "-")
		v.answered(stopped)
		s.write(w, a, *stopped)
		return
	}
	v.called = call{server: s, request: a.request, arrival: a, visitor: s.visitor(a.request)}
	c := &v.called
	re := s.reply(c)
	v.call = c
	v.answered(&re)
	s.afterwards(c)
	s.world.settle()
	s.write(w, a, re)
}

// reply responds to a request that has passed the front door.
func (s *Server) reply(c *call) reply {
	if c.arrival.isGraphQL() {
		re := s.answerGraphQL(c)
		s.explain(&re, c.request, graphQLOperation)
		return re
	}
	re, err := s.answer(c, c.request.URL.EscapedPath())
	if err != nil {
		re = s.refuse(c, err)
	}
	return re
}

// apiPrefix is the root of the API below that of the world, as in the servers entry of the contract.
const apiPrefix = "/api/v4"

// answer runs the stages of a request. Their order decides which of several refusals a request gets, as in GitLab.
func (s *Server) answer(c *call, path string) (reply, error) {
	if strings.HasPrefix(path, "/api/v3/") {
		return reply{}, failed(http.StatusGone, "API V3 is no longer supported. Use API V4 instead.",
			"the path begins with /api/v3")
	}
	if err := c.read(); err != nil {
		return reply{}, err
	}
	below, isAPI := strings.CutPrefix(path, apiPrefix)
	if c.request.Method == http.MethodOptions && isAPI {
		return s.options(c, below)
	}
	method := c.request.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	m, found := s.surface().routes.find(method, below)
	if !isAPI || !found {
		s.surprised(c.request)
		return reply{}, s.unknownPath(method, below)
	}
	c.op, c.path = m.op, m.path
	return s.operate(c)
}

// malformedJSON is Grape's exact message for a body that is not JSON.
const malformedJSON = "\nProblem:\n  message body does not match declared format\nResolution:\n  when specifying " +
	"application/json as content-type, " +
	"you must pass valid application/json in the request's 'body' "

// read decodes a request as Grape does, before GitLab's own code runs.
func (c *call) read() error {
	a := c.arrival
	c.query = a.query
	if format, ok := c.query["format"].(string); ok && format != "json" && format != "" {
		return atGrapeFailed(http.StatusNotAcceptable, "The requested format '"+format+"' is not supported.",
			"format can only be json")
	}
	if a.size == 0 || !slices.Contains(bodyVerbs, c.request.Method) {
		return nil
	}
	switch a.media.kind {
	case jsonMedia:
		if a.json.flaw == jsonTrailingComment || a.json.flaw == jsonBadEscape {
			return atGrapeFailed(http.StatusBadRequest, malformedJSON, a.json.reason)
		}
		c.body = decodeJSON(a.json.plain)
	case formMedia, multipartMedia:
		c.body = a.form
	default:
		return atGrapeFailed(http.StatusUnsupportedMediaType, "The provided content-type '"+a.media.declared+
			"' is not supported.",
			"a body must be application/json, application/x-www-form-urlencoded or multipart/form-data")
	}
	return nil
}

// bodyVerbs lists the methods whose body has parameters.
var bodyVerbs = []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

func atGrapeFailed(status int, text, reason string) *failure {
	f := failed(status, text, reason)
	f.stop = atGrape
	return f
}

func (s *Server) unknownPath(method, below string) *failure {
	reason := "no operation has this path"
	if _, methods := s.surface().routes.allowed(below); methods != nil {
		reason = "the path is known, but not with " + method + ": it has " + strings.Join(methods[1:], ", ")
	}
	return failed(http.StatusNotFound, "404 Not Found", reason)
}

// options responds to OPTIONS on a known path. The stages before an operation run here too, so the caller needs the
// same permissions.
func (s *Server) options(c *call, below string) (reply, error) {
	m, methods := s.surface().routes.allowed(below)
	if methods == nil {
		return reply{}, s.unknownPath(http.MethodOptions, below)
	}
	c.op, c.path = m.op, m.path
	err := s.world.state.View(s.world.clock.now(), func(tx *gitlab.Tx) error {
		return c.stagesBefore(tx, operations[c.op.ID])
	})
	return reply{status: http.StatusNoContent, header: http.Header{"Allow": {strings.Join(methods, ", ")}}}, err
}

// operate runs the operation in one transaction.
func (s *Server) operate(c *call) (reply, error) {
	o, known := operations[c.op.ID]
	if !known {
		return reply{}, failed(http.StatusNotFound, "404 Not Found", "operation "+c.op.ID+
			" is in the contract and not in the mock")
	}
	var re reply
	run := func(tx *gitlab.Tx) (err error) {
		re, err = c.runStages(tx, o)
		return err
	}
	var err error
	if now := s.world.clock.now(); isRead(c.op.Method) {
		err = s.world.state.View(now, run)
	} else {
		err = s.world.state.Update(now, run)
	}
	if err == nil && re.sends != nil {
		return s.sendNow(c, re.sends)
	}
	return re, err
}

// runStages runs the operation and what comes before it in the same transaction.
func (c *call) runStages(tx *gitlab.Tx, o operation) (reply, error) {
	err := c.stagesBefore(tx, o)
	if err != nil {
		return reply{}, err
	}
	if err = c.bind(tx, o); err != nil {
		return reply{}, err
	}
	if err = c.limitOperation(tx); err != nil {
		return reply{}, err
	}
	if err = c.strictly(); err != nil {
		return reply{}, err
	}
	return o.run(c, tx)
}

// stagesBefore runs the stages before the parameters: they authenticate the caller and, if the operation needs one,
// find the project.
func (c *call) stagesBefore(tx *gitlab.Tx, o operation) error {
	if err := c.authenticate(tx, o); err != nil {
		return err
	}
	if o.before == nil {
		return nil
	}
	return o.before(c, tx)
}

// refuse returns the response to an error.
func (s *Server) refuse(c *call, err error) reply {
	f := refusalOf(err)
	operation := "-"
	if c.op != nil {
		operation = c.op.ID
	}
	re := reply{status: f.status, body: f.body, header: f.header.Clone(), reason: f.reason, stop: f.stop}
	if text, ok := f.body.(plainText); ok {
		re.body, re.text = nil, string(text)
	}
	s.explain(&re, c.request, operation)
	return re
}

// explain shows the reason for a refusal, in the log, in a header and in the journal. What looks like a token is left
// out of it.
func (s *Server) explain(re *reply, r *http.Request, operation string) {
	if re.reason == "" {
		return
	}
	re.reason = strictyaml.WithoutTokens(re.reason)
	s.log.LogAttrs(context.Background(), slog.LevelDebug, "refused", slog.String("method", r.Method),
		slog.String("operation", operation),
		slog.Int("status", re.status), slog.String("reason", re.reason))
	if s.opts.NoHints {
		return
	}
	if re.header == nil {
		re.header = http.Header{}
	}
	re.header.Set("X-Mock-Reason", oneLine(re.reason))
}

// oneLine converts a text so that a header can contain it.
func oneLine(text string) string {
	const longest = 500
	text = text[:min(len(text), utf8.UTFMax*longest)]
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '.'
		}
		return r
	}, text)
	return clean[:min(len(clean), longest)]
}

// afterwards makes the changes that a read causes. They need a transaction of their own.
func (s *Server) afterwards(c *call) {
	if c.staleUse == 0 && c.recheck == 0 {
		return
	}
	_ = s.world.state.Update(s.world.clock.now(), func(tx *gitlab.Tx) error {
		if c.staleUse != 0 {
			tx.UseToken(c.staleUse)
		}
		if c.recheck != 0 {
			tx.RecheckMergeability(c.recheck)
		}
		return nil
	})
}

// findProject finds the project that the path names by number or full path. It is not found if the caller cannot see
// it.
func (c *call) findProject(tx *gitlab.Tx) error {
	id := c.path["id"]
	var p gitlab.Project
	var ok, moved bool
	if n, is := idFrom(id); is {
		p, ok = tx.Project(gitlab.ProjectID(n))
	} else if strings.Contains(id, "/") {
		p, moved, ok = tx.ProjectByPath(id)
	}
	if !ok || !tx.Can(c.actor, gitlab.ReadProject, p) {
		return &gitlab.Refusal{Kind: gitlab.NotFound, Text: "Project", Reason: "there is no project " +
			strconv.Quote(id) + ", or the caller cannot see it"}
	}
	if moved {
		return c.movedTo(tx, p)
	}
	c.project = p
	return nil
}

// movedTo redirects reads of a renamed project to its new path. It refuses all other requests.
func (c *call) movedTo(tx *gitlab.Tx, p gitlab.Project) error {
	if !isRead(c.op.Method) {
		return &failure{
			status: http.StatusMethodNotAllowed,
			body:   messageBody{"Non GET methods are not allowed for moved projects"}, reason: "the project is now " +
				p.FullPath,
		}
	}
	path := strings.Replace(c.op.Path, "{id}", url.PathEscape(p.FullPath), 1)
	for name, value := range c.path {
		path = strings.Replace(path, "{"+name+"}", url.PathEscape(value), 1)
	}
	location := tx.BaseURL() + apiPrefix + path
	if c.request.URL.RawQuery != "" {
		location += "?" + c.request.URL.RawQuery
	}
	return &failure{
		status: http.StatusMovedPermanently, body: plainText("This resource has been moved permanently to " + location),
		reason: "the project is now " + p.FullPath, header: http.Header{"Location": {location}},
	}
}

// plainText is a body that is not JSON.
type plainText string
