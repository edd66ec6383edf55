package mockserver_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/openapi"
)

// FuzzControl holds that no body makes the control surface answer with a status that its contract does not have, or
// with a mistake of the mock, and that the mock answers afterwards.
func FuzzControl(f *testing.F) {
	for _, body := range []string{
		"", "{}", "[]", `{"by":"2m1s"}`, `{"by":"1e600000000s"}`, `{"to":"2200-01-01T00:00:01Z"}`,
		`{"mode":"frozen","now":"1969-12-31T23:59:59Z"}`, `{"mode":"offset","offset":"-99999h"}`,
		`{"licensed":true,"project":1e600000000}`, `{"users":[{"username":"ada","id":9223372036854775807}]}`,
		"users:\n  - &a {username: *a}\n", `{"version":"18.10"}`, `{"name":"x","enabled":true}`,
		`{"faults":[{"delay":"1h","chance":1e-300}]}`, `{"faults":[{"response":{"status":200,"text":"` + "\u2028" +
			`"}}]}`,
		strings.Repeat("[", 5000), `{"wait":"1ns"}`, `{"mode":"maintenance","message":"\u0000"}`,
	} {
		f.Add(body, body != "" && body[0] != '{')
	}
	operations := openapi.Control().Operations()
	f.Fuzz(func(t *testing.T, body string, yaml bool) {
		h := newUnjudged(t)
		for _, op := range operations {
			path := strings.NewReplacer("{delivery_id}", "1", "{plan}", "p", "{world}", "w", "{snapshot}", "s").
				Replace(op.Path)
			r := httptest.NewRequest(op.Method, testBaseURL+strings.TrimSuffix(controlPrefix, "/")+path,
				strings.NewReader(body))
			r.Header.Set("Content-Type", map[bool]string{true: "application/yaml", false: "application/json"}[yaml])
			got := h.control(r)
			assert.Assert(t, got.status < 500, "%s: %d %s", op.ID, got.status, got.body)
		}
		got := h.raw("GET", "/-/mock/state", "")
		assert.Equal(t, got.status, 200, "%s", got.body)
	})
}
