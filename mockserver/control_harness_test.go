package mockserver_test

import (
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/openapi/openapitest"
)

// raw sends a request to any path of the server. A body is declared as JSON, or as YAML if it does not look like JSON.
// Answers of the control surface are held against its contract.
func (h *harness) raw(method, path, body string) response {
	h.t.Helper()
	r := httptest.NewRequest(method, testBaseURL+path, strings.NewReader(body))
	switch {
	case body == "":
		r.Body = http.NoBody
	case strings.HasPrefix(body, "{"):
		r.Header.Set("Content-Type", "application/json")
	default:
		r.Header.Set("Content-Type", "application/yaml")
	}
	return h.control(r)
}

// control sends a request as it is and holds the answer against the contract of the control surface, if that is whose
// it is.
func (h *harness) control(r *http.Request) response {
	h.t.Helper()
	got := h.send(r)
	if op := openapitest.Find(openapi.Control(), r.Method, r.URL.EscapedPath()); op != nil &&
		r.Method != http.MethodHead {
		for _, v := range op.CheckResponse(got.status, got.header, got.body) {
			h.t.Errorf("%s %s against the contract: %s\n%d %s", r.Method, r.URL.Path, v, got.status, got.body)
		}
	}
	return got
}
