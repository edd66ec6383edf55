package mockserver

import (
	"bytes"
	"fmt"
	"html"
	"net/http"
	"strings"
)

// answerGo responds to the go command, which asks for the repository of a package. There is no package below /api, so
// the response is the same as for a project that is hidden.
func answerGo(a *arrival) *reply {
	if !a.isAPI() || !a.asksForGo() {
		return nil
	}
	if a.request.Header.Get("Authorization") != "" {
		text := "Go package not found or access denied. If you are trying to access a private project, ensure your " +
			"~/.netrc file has credentials so the go " +
			"toolchain can authenticate. See " + a.baseURL + "/help for details."
		return &reply{status: http.StatusNotFound, text: text, stop: atGrape, reason: "go-get=1 asks for a Go package"}
	}
	path := strings.Join(strings.SplitN(a.request.URL.Path, "/", 4)[:3], "/")
	_, host, _ := strings.Cut(a.baseURL, "://")
	page := fmt.Sprintf(`<html><head><meta name="go-import" content="%[1]s git %[2]s.git"></head><body>go get `+
		`%[1]s</body></html>`,
		html.EscapeString(host+path), html.EscapeString(a.baseURL+path))
	return &reply{status: http.StatusOK, text: page, stop: atGrape, header: http.Header{"Content-Type": {"text/html"}}}
}

func (a *arrival) asksForGo() bool {
	const name = "go-get"
	value, given := a.query[name]
	if v, inForm := a.form[name]; inForm {
		value, given = v, true
	}
	if !given && a.media.kind == jsonMedia && bytes.Contains(a.body, []byte(name)) {
		value = decodeJSON(a.json.plain)[name]
	}
	return value != nil && fmt.Sprint(value) == "1"
}
