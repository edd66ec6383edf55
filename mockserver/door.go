package mockserver

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/ratelimit"
)

// layer is one of those that a request to GitLab passes before anybody looks at its path or at who sent it.
type layer struct {
	name string                // as docs/front-door.md has it
	pass func(*arrival) *reply // answers, or returns nil to let the request through, maybe changed
}

// frontDoor are the layers in GitLab's order, outermost first: the web server, then what config/application.rb and
// config/initializers put before the API.
var frontDoor = []layer{
	{"web server", checkRequestLine},         // Puma
	{"method override", overrideVerb},        // Rack::MethodOverride
	{"JSON validation", validateJSON},        // lib/gitlab/middleware/json_validation.rb
	{"malformed strings", refuseMalformed},   // lib/gitlab/middleware/handle_malformed_strings.rb
	{"path traversal", refuseTraversal},      // lib/gitlab/middleware/path_traversal_check.rb
	{"read-only", refuseWrites},              // lib/gitlab/middleware/read_only.rb
	{"preflight", answerPreflight},           // Rack::Cors
	{"rate limits", limitRate},               // lib/gitlab/rack_attack.rb
	{"go command", answerGo},                 // lib/gitlab/middleware/go.rb
	{"verbs of Rails", refuseUnknownVerb},    // Rails' routes
	{"client's address", checkClientAddress}, // lib/api/api.rb
}

// stop says where a request was stopped. The earlier that is, the fewer layers leave their headers on the answer.
type stop int

const (
	atOperation stop = iota // GitLab's own code answered
	atGrape                 // the body or the format could not be read
	atPreflight
	atReadOnly
	atDoor // the layers outside of the session
	atPuma
)

// arrival is a request on its way through the front door, and what the layers make of it.
type arrival struct {
	request *http.Request // with the verb that counts
	has     func(gitlab.Change) bool
	baseURL string
	writing func() gitlab.Writing
	began   time.Time
	now     time.Time // on the clock of the world
	count   func(*arrival) *ratelimit.Window
	window  *ratelimit.Window // in which the request was counted
	media   media
	size    int64       // of the body
	body    []byte      // one of JSON; any other is not kept
	json    jsonVerdict // of a JSON body
	query   map[string]any
	form    map[string]any // of a form or multipart body
	formErr error
	// repeated are the names that a urlencoded body has more than once
	repeated []string
}

// arrive reads what a request carries.
func (s *Server) arrive(r *http.Request) (*arrival, *reply) {
	copied := *r
	a := &arrival{
		request: &copied, has: s.world.state.Has, baseURL: s.world.state.BaseURL(),
		writing: s.world.state.Writing, began: s.opts.Now(), now: s.world.clock.now(), count: s.countRequest,
	}
	return a, a.read()
}

// enter takes a request through the layers. It returns the answer of the one that stopped it.
func (a *arrival) enter() *reply {
	for _, l := range frontDoor {
		if re := l.pass(a); re != nil {
			if re.reason != "" {
				re.reason = l.name + ": " + re.reason
			}
			return re
		}
	}
	return nil
}

// isAPI says whether the path is one of the API, of whatever version.
func (a *arrival) isAPI() bool { return strings.HasPrefix(a.request.URL.Path, "/api/") }

// early is the answer of a layer outside of the session.
func early(status int, body any, reason string) *reply {
	re := &reply{status: status, body: body, reason: reason, stop: atDoor}
	if text, ok := body.(plainText); ok {
		re.body, re.text = nil, string(text)
	}
	return re
}

// badRequest is how malformed strings are refused.
func badRequest(reason string) *reply {
	return early(http.StatusBadRequest, plainText("Bad Request"), reason)
}

// errorPage is the answer to an error outside of the API: a page, unless exactly JSON or XML was asked for.
func (a *arrival) errorPage(status int, reason string) *reply {
	re := &reply{status: status, reason: reason, stop: atDoor, header: http.Header{}}
	kind := "text/html; charset=utf-8"
	switch a.request.Header.Get("Accept") {
	case "application/json":
		kind = "application/json; charset=utf-8"
		re.body = pageBody{status, http.StatusText(status)}
	case "application/xml":
		kind = "application/xml; charset=utf-8"
		re.text = `<?xml version="1.0" encoding="UTF-8"?>` + "\n<hash>\n  <status type=\"integer\">" +
			strconv.Itoa(status) +
			"</status>\n  <error>" + http.StatusText(status) + "</error>\n</hash>\n"
	default:
		switch status { // there are no pages for 400, 405 and 406
		case http.StatusNotFound:
			re.text = "<!DOCTYPE html>\n<html><head><title>The page you're looking for could not be found " +
				"(404)</title>" +
				"</head><body><h1>404: Page not found</h1></body></html>\n"
			re.header.Set("X-GitLab-Custom-Error", "1")
		case http.StatusInternalServerError:
			re.text = "<!DOCTYPE html>\n<html><head><title>Something went wrong (500)</title></head><body><h1>500: " +
				"Something went wrong on our end</h1></body></html>\n"
			re.header.Set("X-GitLab-Custom-Error", "1")
		}
	}
	re.header.Set("Content-Type", kind)
	return re
}

// pageBody is the shape of an error page for those who asked for JSON.
type pageBody struct {
	Status int    `json:"status"`
	Error  string `json:"error"`
}
