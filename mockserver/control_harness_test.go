package mockserver

import (
	"net/http"
	"net/http/httptest"
	"strings"
)

// raw sends a request to any path of the server; a body is JSON.
func (h *harness) raw(method, path, body string) response {
	h.t.Helper()
	r := httptest.NewRequest(method, testBaseURL+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if strings.HasSuffix(path, "/seed") && !strings.HasPrefix(body, "{") {
		r.Header.Set("Content-Type", "application/yaml")
	}
	if body == "" {
		r.Body = http.NoBody
	}
	return h.send(r)
}
