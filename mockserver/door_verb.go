package mockserver

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// lowLevelError is the message of GitLab's web server if no layer can respond.
const lowLevelError = "An error has occurred and reported in the system's low-level error handler."

// railsVerbs lists the methods that Rails routes. otherVerbs lists those that only the web server knows.
var (
	railsVerbs = strings.Fields("GET HEAD POST PUT PATCH DELETE OPTIONS TRACE CONNECT PROPFIND PROPPATCH MKCOL COPY " +
		"MOVE LOCK UNLOCK VERSION-CONTROL REPORT " +
		"CHECKOUT CHECKIN UNCHECKOUT MKWORKSPACE UPDATE LABEL MERGE BASELINE-CONTROL MKACTIVITY ORDERPATCH ACL " +
		"SEARCH MKCALENDAR")
	otherVerbs = strings.Fields("LINK UNLINK")
)

// The longest parts of a request that the web server accepts, in bytes.
const (
	longestPath   = 8 << 10
	longestQuery  = 10 << 10
	longestHeader = 80 << 10
)

// checkRequestLine refuses requests that the web server does not accept. Go's own server refuses some of them earlier,
// in its own words.
func checkRequestLine(a *arrival) *reply {
	r := a.request
	switch {
	case r.Method != strings.ToUpper(r.Method):
		return atWebServer(http.StatusBadRequest, lowLevelError, "the method is not in capital letters")
	case strings.ContainsAny(r.RequestURI, "\"<>^`{|}"):
		return atWebServer(http.StatusBadRequest, lowLevelError, "the request line has a character that must "+
			"be percent-encoded")
	case len(r.URL.EscapedPath()) > longestPath || len(r.URL.RawQuery) > longestQuery:
		return atWebServer(http.StatusBadRequest, lowLevelError,
			fmt.Sprintf("the path is longer than %d bytes, or the query is longer than %d bytes", longestPath,
				longestQuery))
	case !slices.Contains(railsVerbs, r.Method) && !slices.Contains(otherVerbs, r.Method):
		return atWebServer(http.StatusNotImplemented, r.Method+" method is not supported", "the method is not known")
	}
	for name, values := range r.Header {
		if len(strings.Join(values, ", ")) > longestHeader {
			return atWebServer(http.StatusBadRequest, lowLevelError,
				fmt.Sprintf("the header %s is longer than %d bytes", name, longestHeader))
		}
	}
	return nil
}

// atWebServer returns a response of the web server itself, which has no content type.
func atWebServer(status int, text, reason string) *reply {
	return &reply{status: status, text: text, reason: reason, stop: atPuma, header: http.Header{"Content-Type": nil}}
}

// overridable lists the methods that can replace POST.
var overridable = strings.Fields("GET HEAD PUT POST DELETE OPTIONS PATCH LINK UNLINK")

// overrideVerb replaces the method of a POST with the one in the form parameter _method or in a header. It reads the
// body to find that parameter, and fails if the body has too many parts.
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

// refuseUnknownVerb refuses methods that the web server knows and Rails does not.
func refuseUnknownVerb(a *arrival) *reply {
	if slices.Contains(railsVerbs, a.request.Method) {
		return nil
	}
	return a.errorPage(http.StatusMethodNotAllowed, "Rails does not know the method "+a.request.Method)
}
