package mockserver

import (
	"net/http"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// corsMethods lists the methods that pages of other origins may use.
const corsMethods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"

// corsExposed lists the headers that such pages may read.
func corsExposed(a *arrival) string {
	const some = "Link, X-Total, X-Total-Pages, X-Per-Page, X-Page, X-Next-Page, X-Prev-Page, X-Gitlab-Blob-Id, " +
		"X-Gitlab-Commit-Id, "
	const files = "X-Gitlab-Encoding, X-Gitlab-File-Name, X-Gitlab-File-Path, X-Gitlab-Last-Commit-Id, X-Gitlab-Ref," +
		" X-Gitlab-Size"
	if !a.has(gitlab.ExposesMoreHeaders) {
		return some + files
	}
	return some + "X-Gitlab-Content-Sha256, " + files + ", X-Request-Id, ETag"
}

// crossOrigin adds the headers that allow pages of other origins to use the API. Only pages of the instance itself may
// send their cookies.
func crossOrigin(h http.Header, a *arrival) {
	origin := a.request.Header.Get("Origin")
	if origin == "" || !a.isAPI() {
		return
	}
	h.Set("Access-Control-Allow-Origin", "*")
	if own := originOfURL(a.baseURL); own == origin {
		h.Set("Access-Control-Allow-Origin", own)
		h.Set("Access-Control-Allow-Credentials", "true")
	}
	h.Set("Access-Control-Allow-Methods", corsMethods)
	h.Set("Access-Control-Expose-Headers", corsExposed(a))
	h.Set("Access-Control-Max-Age", "7200")
}

// originOfURL returns the scheme and host of a URL.
func originOfURL(address string) string {
	scheme, rest, _ := strings.Cut(address, "://")
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host
}

// answerPreflight responds to the preflight request that a browser sends before a request from another origin.
func answerPreflight(a *arrival) *reply {
	h := a.request.Header
	verb := h.Get("Access-Control-Request-Method")
	if a.request.Method != http.MethodOptions || h.Get("Origin") == "" || verb == "" {
		return nil
	}
	re := &reply{status: http.StatusOK, stop: atPreflight, header: http.Header{}}
	if !a.isAPI() || !slices.Contains(strings.Split(corsMethods, ", "), strings.ToUpper(verb)) {
		return re
	}
	crossOrigin(re.header, a)
	if asked := h.Get("Access-Control-Request-Headers"); asked != "" {
		re.header.Set("Access-Control-Allow-Headers", asked)
	}
	return re
}
