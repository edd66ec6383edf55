package mockserver_test

import (
	"net/http"
	"testing"

	"gotest.tools/v3/assert"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		method, path string
		status       int
		kind, body   string
	}{
		"health":         {"GET", "/-/health", 200, "text/plain", "GitLab OK"},
		"health by HEAD": {"HEAD", "/-/health", 200, "text/plain", ""},
		"liveness":       {"GET", "/-/liveness", 200, "application/json; charset=utf-8", `{"status":"ok"}`},
		"readiness": {
			"GET", "/-/readiness?all=1", 200, "application/json; charset=utf-8",
			`{"status":"ok","master_check":[{"status":"ok"}]}`,
		},
		"something else": {"GET", "/-/metrics", 404, "application/json", `{"error":"404 Not Found"}`},
		"a POST":         {"POST", "/-/health", 404, "application/json", `{"error":"404 Not Found"}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			for range 2 {
				got := h.raw(test.method, test.path, "").want(test.status)
				assert.Equal(t, got.header.Get("Content-Type"), test.kind)
				assert.Equal(t, string(got.body), test.body)
				h.raw("POST", "/-/mock/reset", "").want(http.StatusNoContent)
			}
		})
	}
}
