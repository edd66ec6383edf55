package mockserver

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/ratelimit"
)

// layer is one step that every request to GitLab passes. It comes before the path and the caller are looked at.
type layer struct {
	name string                // as docs/front-door.md has it
	pass func(*arrival) *reply // responds, or returns nil and may have changed the request
}

// frontDoor lists the layers in GitLab's order. The web server comes first, then what config/application.rb and
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

// stop says where a request was stopped. The earlier it was stopped, the fewer layers add headers to the response.
type stop int

const (
	atOperation stop = iota // GitLab's own code responded
	atGrape                 // the body or the format could not be read
	atPreflight
	atReadOnly
	atDoor // the layers that run before the session
	atPuma
)

// arrival is a request in the front door, with what the layers have found out about it.
type arrival struct {
	request *http.Request // with the verb that counts
	copied  http.Request  // what it points to
	behind  instance
	server  *Server // counts the request; nil if it is not counted
	baseURL string
	began   time.Time
	now     time.Time         // on the clock of the world
	window  *ratelimit.Window // in which the request was counted
	media   media
	size    int64       // of the body
	body    []byte      // one of JSON; any other is not kept
	json    jsonVerdict // of a JSON body
	query   map[string]any
	content countingReader // of the body
	form    map[string]any // of a form or multipart body
	formErr error
	// repeated lists the names that occur more than once in a urlencoded body
	repeated []string
}

// instance is what the front door asks of the GitLab behind it.
type instance interface {
	Has(change gitlab.Change) bool
	Writing() gitlab.Writing
}

// has reports whether the release has a change.
func (a *arrival) has(change gitlab.Change) bool { return a.behind.Has(change) }

// arrive reads the headers, the query and the body of a request into a.
func (s *Server) arrive(a *arrival, r *http.Request) *reply {
	*a = arrival{
		copied: *r, behind: s.world.state, baseURL: s.world.state.BaseURL(), server: s, began: s.opts.Now(),
		now: s.world.clock.now(),
	}
	a.request = &a.copied
	return a.read()
}

// enter passes a request through the layers. It returns the response of the layer that stopped it, or nil.
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

// isAPI reports whether the path belongs to the API, of any version.
func (a *arrival) isAPI() bool { return strings.HasPrefix(a.request.URL.Path, "/api/") }

// early returns a response of a layer that runs before the session.
func early(status int, body any, reason string) *reply {
	re := &reply{status: status, body: body, reason: reason, stop: atDoor}
	if text, ok := body.(plainText); ok {
		re.body, re.text = nil, string(text)
	}
	return re
}

// badRequest is the refusal of malformed strings.
func badRequest(reason string) *reply {
	return early(http.StatusBadRequest, plainText("Bad Request"), reason)
}

// errorPage is the response to an error outside the API. It is a page, unless the request accepts exactly JSON or XML.
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

// pageBody is the JSON form of an error page.
type pageBody struct {
	Status int    `json:"status"`
	Error  string `json:"error"`
}
