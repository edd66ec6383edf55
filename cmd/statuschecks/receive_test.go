package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/control"
)

// Nothing that is sent to receive reaches the terminal as a command of its own.
func TestReceiving_isPrintable(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	r := &receiving{options: &receiveOptions{answer: newChoice("nothing")}, sys: system{out: &out}, ctx: t.Context()}
	escape := `\u001b]0;x\u0007`
	for _, body := range []string{
		"\x1b]0;x\a",
		`{"object_attributes":{"action":"` + escape + `","state":"` + escape + `","title":"` + escape + `"}}`,
	} {
		request := httptest.NewRequest("POST", "/%1b%5d0;x%07", strings.NewReader(body))
		r.ServeHTTP(httptest.NewRecorder(), request)
	}
	assert.Assert(t, strings.Contains(out.String(), "2. "), out.String())
	assert.Assert(t, !strings.ContainsAny(out.String(), "\x1b\a"), "%q", out.String())
}

// A redirect takes no token elsewhere.
func TestNewClient(t *testing.T) {
	t.Parallel()
	told := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { told = true }))
	defer elsewhere.Close()
	here := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer here.Close()
	options := &receiveOptions{url: here.URL, token: "secret", answer: newChoice("passed")}
	receive := &receiving{options: options, ctx: t.Context(), client: newClient(nil)}
	status, err := receive.setStatus(&arrivedDelivery{})
	assert.NilError(t, err)
	assert.Assert(t, strings.HasPrefix(status, "307 Temporary Redirect"), status)
	trigger := &triggerOptions{url: here.URL, controlToken: "secret"}
	_, err = trigger.call(t.Context(), controlCaller{url: here.URL}, control.EventPush)
	assert.ErrorContains(t, err, "is no mock with a control surface: 307")
	assert.Assert(t, !told)
	assert.Assert(t, newClient(nil).Timeout > 0)
}
