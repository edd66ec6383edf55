package mockserver_test

import (
	"net/http"
	"testing"

	"gotest.tools/v3/assert"
)

// What is said about a value is what is taken there, also where a member of the same name takes something else.
func TestControl_saysWhatIsTaken(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for _, test := range []struct{ method, path, body, want string }{
		{
			"POST", "faults", `{"faults":[{"deliveries":{"project":"a/b"},"delivery":"lost"}]}`,
			"1:27: faults/0/deliveries/project: must be the id of a project, a number",
		},
		{
			"POST", "faults", `{"faults":[{"calls":{"project":6},"connection":"reset"}]}`,
			`1:22: faults/0/calls/project: must be text: the id in quotes, as "6", or the full path of a project`,
		},
		{
			"POST", "events", `{"event":"push","project":"a/b"}`,
			"1:17: project must be the id of a project, a number",
		},
		{
			"PUT", "licence", `{"licensed":false,"project":true}`,
			"1:19: project must be the id or the full path of a project",
		},
		{
			"POST", "faults", `{"faults":[{"connection":"close_idle","idle":"1"}]}`,
			"1:39: faults/0/idle: must be a duration as 200ms",
		},
		{
			"PUT", "rate_limits", `{"limits":[{"name":"group_api","requests":1,"period":"soon"}]}`,
			"1:45: limits/0/period: must be a duration as 1m",
		},
		{
			"POST", "worlds", `{"name":"w","expires_after":60}`,
			"1:13: expires_after must be a duration as 10m, and not negative",
		},
		{
			"POST", "expectations", `{"calls":{"status":404}}`,
			`1:11: calls/status: must be text, as "404", "4xx" or "0"`,
		},
		{
			"POST", "faults", `{"faults":[{"response":{"status":"404"}}]}`,
			"1:25: faults/0/response/status: the value must be integer",
		},
		{"GET", "journal?status=5x", "", `status must be text, as "404", "4xx" or "0"`},
	} {
		got := h.raw(test.method, "/-/mock/"+test.path, test.body).want(http.StatusBadRequest)
		assert.Check(t, got.text("error") == test.want, "%s\n%s", got.text("error"), test.want)
	}
}
