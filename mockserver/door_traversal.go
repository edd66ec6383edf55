package mockserver

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

const traversalText = "Potential path traversal attempt detected. Feedback issue: " +
	"https://gitlab.com/gitlab-org/gitlab/-/issues/520714."

// freeTexts lists parameters of the query that can contain any text.
var freeTexts = []string{"name", "search"}

// refuseTraversal refuses a path or query with a part that leads upwards. It decodes until nothing is encoded any more,
// which is stricter than GitLab.
func refuseTraversal(a *arrival) *reply {
	if !a.has(gitlab.RefusesPathTraversal) {
		return nil
	}
	if leadsUpwards(a.request.URL.EscapedPath()) {
		return early(http.StatusBadRequest, plainText(traversalText), "a part of the path is '..'")
	}
	for pair := range strings.SplitSeq(a.request.URL.RawQuery, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if slices.Contains(freeTexts, name) {
			value = ""
		}
		if leadsUpwards(name) || leadsUpwards(value) {
			return early(http.StatusBadRequest, plainText(traversalText), "a parameter of the query has a part '..'")
		}
	}
	return nil
}

// leadsUpwards reports whether a part between slashes or backslashes is two dots.
func leadsUpwards(text string) bool {
	for range 5 {
		if strings.Contains(text, "..") {
			parts := strings.FieldsFunc(text, func(r rune) bool { return r == '/' || r == '\\' })
			if slices.Contains(parts, "..") {
				return true
			}
		}
		decoded, err := url.PathUnescape(text)
		if err != nil || decoded == text {
			return false
		}
		text = decoded
	}
	return true
}
