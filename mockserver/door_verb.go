package mockserver

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// lowLevelError is what GitLab has its web server say where no layer can answer.
const lowLevelError = "An error has occurred and reported in the system's low-level error handler."

// railsVerbs are the verbs that Rails routes, and otherVerbs those that only the web server knows.
var (
	railsVerbs = strings.Fields("GET HEAD POST PUT PATCH DELETE OPTIONS TRACE CONNECT PROPFIND PROPPATCH MKCOL COPY " +
		"MOVE LOCK UNLOCK VERSION-CONTROL REPORT " +
		"CHECKOUT CHECKIN UNCHECKOUT MKWORKSPACE UPDATE LABEL MERGE BASELINE-CONTROL MKACTIVITY ORDERPATCH ACL " +
		"SEARCH MKCALENDAR")
	otherVerbs = strings.Fields("LINK UNLINK")
)

// The longest parts of a request that the web server takes, in bytes.
const (
	longestPath   = 8 << 10
	longestQuery  = 10 << 10
	longestHeader = 80 << 10
)

// checkRequestLine refuses what the web server does not take. What Go's own server refuses before, it refuses in its
// own words.
func checkRequestLine(a *arrival) *reply {
	r := a.request
	switch {
	case r.Method != strings.ToUpper(r.Method):
		return atWebServer(http.StatusBadRequest, lowLevelError, "a verb is written in capitals")
	case strings.ContainsAny(r.RequestURI, "\"<>^`{|}"):
		return atWebServer(http.StatusBadRequest, lowLevelError, "the request line holds a character that wants "+
			"percent-encoding")
	case len(r.URL.EscapedPath()) > longestPath || len(r.URL.RawQuery) > longestQuery:
		return atWebServer(http.StatusBadRequest, lowLevelError,
			fmt.Sprintf("the path is longer than %d bytes or the query than %d", longestPath, longestQuery))
	case !slices.Contains(railsVerbs, r.Method) && !slices.Contains(otherVerbs, r.Method):
		return atWebServer(http.StatusNotImplemented, r.Method+" method is not supported", "there is no such verb")
	}
	for name, values := range r.Header {
		if len(strings.Join(values, ", ")) > longestHeader {
			return atWebServer(http.StatusBadRequest, lowLevelError,
				fmt.Sprintf("the header %s is longer than %d bytes", name, longestHeader))
		}
	}
	return nil
}

// atWebServer is an answer of the web server itself, which is of no type.
func atWebServer(status int, text, reason string) *reply {
	return &reply{status: status, text: text, reason: reason, stop: atPuma, header: http.Header{"Content-Type": nil}}
}

// overridable are the verbs that a POST can be made.
var overridable = strings.Fields("GET HEAD PUT POST DELETE OPTIONS PATCH LINK UNLINK")

// overrideVerb lets a POST name another verb, in a form as _method or in a header. To see the form it reads the body,
// and breaks where that has too many parts.
func overrideVerb(a *arrival) *reply {
	if a.request.Method != http.MethodPost {
		return nil
	}
	if errors.Is(a.formErr, errTooManyParts) {
		re := atWebServer(http.StatusInternalServerError, lowLevelError, a.formErr.Error())
		re.stop = atDoor
		return re
	}
	verb, inForm := a.form["_method"].(string)
	if !inForm || a.formErr != nil {
		verb = a.request.Header.Get("X-Http-Method-Override")
	}
	if verb = strings.ToUpper(verb); slices.Contains(overridable, verb) {
		a.request.Method = verb
	}
	return nil
}

// refuseUnknownVerb refuses verbs that the web server knows and Rails does not.
func refuseUnknownVerb(a *arrival) *reply {
	if slices.Contains(railsVerbs, a.request.Method) {
		return nil
	}
	return a.errorPage(http.StatusMethodNotAllowed, "Rails has no verb "+a.request.Method)
}
