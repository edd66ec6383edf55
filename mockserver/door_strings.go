package mockserver

import (
	"encoding/base64"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// refuseMalformed refuses paths, headers and parameters that contain a NUL byte or are not UTF-8, and parameters that
// cannot be decoded. It decodes the query for the layers after it.
func refuseMalformed(a *arrival) *reply {
	if flaw := textFlaw(a.request.URL.Path); flaw != "" {
		return badRequest("the path " + flaw)
	}
	if referer := a.request.Header.Get("Referer"); a.has(gitlab.ReadsReferer) {
		if flaw := formTextFlaw(referer); flaw != "" {
			return badRequest("the header Referer " + flaw)
		}
	}
	if flaw := textFlaw(credentialsOf(a.request)); flaw != "" {
		return badRequest("the header Authorization " + flaw)
	}
	if a.media.invalid() {
		return a.errorPage(http.StatusNotAcceptable, "the header Content-Type contains no media type")
	}
	query, err := readForm(a.request.URL.RawQuery)
	if err == nil {
		err = a.formErr
	}
	if err != nil {
		return badRequest(err.Error())
	}
	a.query = query
	return a.refuseJSON()
}

// refuseJSON refuses JSON that passed the first check but that Ruby's parser cannot read.
func (a *arrival) refuseJSON() *reply {
	if a.media.kind != jsonMedia {
		return nil
	}
	switch a.json.flaw {
	case jsonSound, jsonTrailingComment, jsonBareScalar, jsonBadEscape:
		return nil
	case jsonBadText:
		return badRequest(a.json.reason)
	}
	if !a.has(gitlab.TextForMalformedJSON) {
		return a.errorPage(http.StatusBadRequest, a.json.reason)
	}
	return badRequest(a.json.reason)
}

// textFlaw says what is wrong with a text. It is empty if nothing is.
func textFlaw(text string) string {
	switch {
	case strings.ContainsRune(text, 0):
		return "contains a NUL byte"
	case !utf8.ValidString(text):
		return "is not UTF-8"
	}
	return ""
}

// formTextFlaw says what is wrong with a percent-encoded text. It is empty if nothing is.
func formTextFlaw(text string) string {
	decoded, err := unescape(text)
	if err != nil {
		return "contains a % that is not followed by two hexadecimal digits"
	}
	return textFlaw(decoded)
}

// credentialsOf returns the content of the header Authorization. User and password of basic authentication are decoded;
// anything else stays as it is.
func credentialsOf(r *http.Request) string {
	header := r.Header.Get("Authorization")
	scheme, encoded, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Basic") {
		return header
	}
	decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
	if err != nil {
		return header
	}
	return string(decoded)
}
