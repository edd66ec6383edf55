package mockserver_test

import (
	"log/slog"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/logtest"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/control"
)

func TestSurprises_nearestOperations(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ method, path, nearest string }{
		"a misspelt segment": {
			"GET", "/api/v4/projects/6/external_status_check",
			"GET /api/v4/projects/{id}/external_status_checks (listExternalStatusChecks)",
		},
		"another method": {
			"PATCH", "/api/v4/projects/6/external_status_checks/1",
			"PUT /api/v4/projects/{id}/external_status_checks/{check_id} (updateExternalStatusCheck)",
		},
		"a segment that is left out": {
			"POST", "/api/v4/projects/6/merge_requests/4/status_checks/retry",
			"POST /api/v4/projects/{id}/merge_requests/{merge_request_iid}/status_checks/" +
				"{external_status_check_id}/retry (retryStatusCheck)",
		},
		"nothing like it":    {"GET", "/api/v4/geo_nodes/1/status", ""},
		"outside of the API": {"GET", "/help", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			h.raw(test.method, test.path+"?private_token=hush", "").want(404)
			got := h.raw("GET", "/-/mock/surprises", "").want(200)
			assert.Equal(t, got.text("0.method"), test.method)
			assert.Equal(t, got.text("0.path"), test.path)
			assert.Equal(t, got.text("0.at"), "2026-02-03T10:00:00Z")
			assert.Assert(t, !strings.Contains(string(got.body), "hush"))
			if test.nearest == "" {
				assert.Equal(t, got.text("0.nearest"), "[]")
				return
			}
			assert.Equal(t, got.text("0.nearest.0"), test.nearest)
		})
	}
}

func TestSurprises_doNotIncludeRefusals(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("", "GET", "/projects/6/external_status_checks", nil).want(401)
	h.do("owner", "GET", "/projects/7", nil).want(404)
	assert.Equal(t, string(h.raw("GET", "/-/mock/surprises", "").body), "[]\n")
}

// The state counts the surprises that were removed, until the world begins anew. The log mentions it once.
func TestSurprises_droppedAreCounted(t *testing.T) {
	t.Parallel()
	log := &logtest.Buffer{}
	h := newHarness(t, func(o *mockserver.Options) { o.Log = slog.New(slog.NewTextHandler(log, nil)) })
	for range mockserver.KeptSurprises + 2 {
		h.raw("GET", "/help", "").want(404)
	}
	assert.Equal(t, h.raw("GET", "/-/mock/state", "").want(200).text("dropped.surprises"), "2")
	assert.Equal(t, strings.Count(log.String(), "there are too many surprises"), 1)
	assert.NilError(t, h.server.Reset())
	assert.Equal(t, h.server.State().Dropped, control.Dropped{})
}

// A path can be as long as the web server accepts. Only its beginning is kept.
func TestSurprises_keepLittle(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("guest", "GET", "/"+strings.Repeat("x", mockserver.LongestPath-100), nil).want(404)
	kept := h.server.Surprises()
	assert.Equal(t, len(kept), 1)
	assert.Equal(t, len(kept[0].Path), mockserver.LongestSurprise+len("…"))
}
