package mockserver_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/logtest"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/openapi"
)

func TestControl_operationsAreThoseOfTheContract(t *testing.T) {
	t.Parallel()
	var documented []string
	for _, op := range openapi.Control().Operations() {
		documented = append(documented, op.ID)
	}
	slices.Sort(documented)
	assert.DeepEqual(t, mockserver.ControlOperations(), documented)
	assert.Equal(t, controlPrefix, openapi.Control().Root()+"/")
}

const bounds = "the instant must lie between 1970-01-01T00:00:00Z and 2200-01-01T00:00:00Z"

// Each row is a request that is wrong, and what is said about it.
func TestControl_saysWhatIsWrong(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		method, path, body string
		status             int
		want               string // the whole answer
	}{
		"no such path": {"GET", "/-/mock/clok", "", 404, `{"error":"the control surface has no GET ` +
			`/-/mock/clok; near it are those listed","problems":["GET /-/mock/clock (getClock)","PUT /-/mock/clock ` +
			`(setClock)"]}`},
		"no such path, none near": {"GET", "/-/mock/galaxy/1", "", 404, `{"error":"the control surface has no GET ` +
			`/-/mock/galaxy/1; see docs/control.md for what there is"}`},
		"another method": {
			"DELETE", "/-/mock/clock", "", 405,
			`{"error":"/-/mock/clock takes PUT, GET, HEAD, not DELETE"}`,
		},
		"a query nobody asked for": {
			"GET", "/-/mock/clock?verbose=1", "", 400,
			`{"error":"getClock takes no parameters in the query; \"verbose\" is one"}`,
		},
		"a body nobody asked for": {
			"POST", "/-/mock/reset", `{"clock":true}`, 400,
			`{"error":"reset takes no body"}`,
		},
		"no body": {"PUT", "/-/mock/clock", "", 400, `{"error":"a body is required"}`},
		"a body of another type": {
			"PUT", "/-/mock/clock", "mode: frozen", 415,
			`{"error":"send JSON with Content-Type: application/json: curl -X PUT -H 'Content-Type: ` +
				`application/json' --data-binary 'mode: frozen' 'http://example.com/-/mock/clock'"}`,
		},
		"no JSON": {
			"PUT", "/-/mock/clock", "{\n  \"mode\": frozen}", 400,
			`{"error":"2:12: the body is not JSON"}`,
		},
		"JSON that ends too early": {
			"PUT", "/-/mock/clock", `{"mode": "frozen"`, 400,
			`{"error":"1:18: the body ends too early"}`,
		},
		"more than one JSON value": {
			"PUT", "/-/mock/clock", `{"mode": "frozen"} {}`, 400,
			`{"error":"1:20: the body goes on after its end"}`,
		},
		"no object": {
			"PUT", "/-/mock/clock", `{"mode"}`, 400,
			`{"error":"1:8: the body is not JSON"}`,
		},
		"a key twice": {
			"PUT", "/-/mock/clock", `{"mode": "real", "mode": "frozen"}`, 400,
			`{"error":"1:18: \"mode\" stands here twice, first at 1:2"}`,
		},
		"an unknown key": {
			"PUT", "/-/mock/clock", "{\"mode\": \"real\",\n \"ofset\": \"1s\"}", 400,
			`{"error":"2:2: there is no key \"ofset\" (did you mean offset?)"}`,
		},
		"an unknown key, none near": {
			"PUT", "/-/mock/clock", `{"mode": "real", "speed": 2}`, 400,
			`{"error":"1:18: there is no key \"speed\"; it has mode, now, offset"}`,
		},
		"several things": {
			"PUT", "/-/mock/clock", `{"mde": "real", "now": 5}`, 400,
			`{"error":"3 things are wrong with the request","problems":["1:2: there is no key \"mde\" (did you mean ` +
				`mode?)","1:17: now must be an instant as 2026-01-31T09:00:00Z","mode is missing"]}`,
		},
		"no such mode": {
			"PUT", "/-/mock/clock", `{"mode": "stopped"}`, 400,
			`{"error":"1:2: mode must be one of real, offset, frozen"}`,
		},
		"now without frozen": {
			"PUT", "/-/mock/clock", `{"mode": "real", "now": "2026-01-31T09:00:00Z"}`, 400,
			`{"error":"now goes with mode frozen; a clock of mode real shows its own time"}`,
		},
		"offset without offset": {
			"PUT", "/-/mock/clock", `{"mode": "frozen", "offset": "1s"}`, 400,
			`{"error":"offset goes with mode offset, not with frozen"}`,
		},
		"no duration": {
			"PUT", "/-/mock/clock", `{"mode": "offset", "offset": "soon"}`, 400,
			`{"error":"1:20: offset must be a duration as 2m1s or -300ms"}`,
		},
		"too long a duration": {
			"PUT", "/-/mock/clock", `{"mode": "offset", "offset": "99999999h"}`, 400,
			`{"error":"offset is not a duration as 2m1s, at most some 290 years"}`,
		},
		"advance by nothing": {
			"POST", "/-/mock/clock/advance", `{}`, 400,
			`{"error":"give one of by and to, and only one"}`,
		},
		"advance by and to": {
			"POST", "/-/mock/clock/advance", `{"by":"1s","to":"2030-01-01T00:00:00Z"}`, 400,
			`{"error":"give one of by and to, and only one"}`,
		},
		"advance by a negative time": {
			"POST", "/-/mock/clock/advance", `{"by":"-1s"}`, 400,
			`{"error":"1:2: by must be a duration as 2m1s, and not negative"}`,
		},
		"advance by too much": {
			"POST", "/-/mock/clock/advance", `{"by":"99999999h"}`, 400,
			`{"error":"by is not a duration as 2m1s, at most some 290 years"}`,
		},
		"the zero instant": {
			"PUT", "/-/mock/clock", `{"mode":"frozen","now":"0001-01-01T00:00:00Z"}`, 400,
			`{"error":"now: ` + bounds + `"}`,
		},
		"now before all time": {
			"PUT", "/-/mock/clock", `{"mode":"frozen","now":"1969-12-31T23:59:59Z"}`, 400,
			`{"error":"now: ` + bounds + `"}`,
		},
		"now after all time": {
			"PUT", "/-/mock/clock", `{"mode":"frozen","now":"9999-12-31T23:59:59-14:00"}`,
			400, `{"error":"now: ` + bounds + `"}`,
		},
		"now too late in UTC alone": {
			"PUT", "/-/mock/clock", `{"mode":"frozen","now":"2199-12-31T23:59:59-01:00"}`,
			400, `{"error":"now: ` + bounds + `"}`,
		},
		"an offset back too far": {
			"PUT", "/-/mock/clock", `{"mode":"offset","offset":"-500000h"}`, 400,
			`{"error":"offset leads too far: ` + bounds + `"}`,
		},
		"an offset too far": {
			"PUT", "/-/mock/clock", `{"mode":"offset","offset":"2000000h"}`, 400,
			`{"error":"offset leads too far: ` + bounds + `"}`,
		},
		"advance after all time": {
			"POST", "/-/mock/clock/advance", `{"to":"2200-01-01T00:00:01Z"}`, 400,
			`{"error":"this leads to 2200-01-01T00:00:01Z: ` + bounds + `"}`,
		},
		"advance by too much in all": {
			"POST", "/-/mock/clock/advance", `{"by":"2000000h"}`, 400,
			`{"error":"this leads to 2254-04-02T18:00:00Z: ` + bounds + `"}`,
		},
		"wait for ever": {
			"POST", "/-/mock/clock/advance", `{"by":"1s","wait":"11m"}`, 400,
			`{"error":"wait must be a duration as 20s, at most 10m0s"}`,
		},
		"wait for a word": {
			"POST", "/-/mock/deliveries/flush", `{"wait":"long"}`, 400,
			`{"error":"1:2: wait must be a duration as 30s"}`,
		},
		"advance to the past": {
			"POST", "/-/mock/clock/advance", `{"to":"2000-01-01T00:00:00Z"}`, 400,
			`{"error":"to is past; time only goes forward: set the clock to put it back"}`,
		},
		"licence of no project": {
			"PUT", "/-/mock/licence", `{"licensed":false,"project":7}`, 404,
			`{"error":"there is no project 7"}`,
		},
		"licence of no path": {
			"PUT", "/-/mock/licence", `{"licensed":false,"project":"a/b"}`, 404,
			`{"error":"there is no project a/b"}`,
		},
		"licence of what": {
			"PUT", "/-/mock/licence", `{"licensed":false,"project":true}`, 400,
			`{"error":"1:19: project must be the id or the full path of a project"}`,
		},
		"licence left out": {
			"PUT", "/-/mock/licence", `{"project":6}`, 400,
			`{"error":"licensed is missing"}`,
		},
		"licence null": {
			"PUT", "/-/mock/licence", `{"licensed":null}`, 400,
			`{"error":"licensed is null, which only a project can have: give project, or true or false for the ` +
				`instance"}`,
		},
		"a filter that is none": {
			"GET", "/-/mock/deliveries?chek=1", "", 400,
			`{"error":"there is no parameter \"chek\" (did you mean check?)"}`,
		},
		"a filter twice": {
			"GET", "/-/mock/deliveries?check=1&check=2", "", 400,
			`{"error":"parameter \"check\" is given 2 times"}`,
		},
		"a filter that is no number": {
			"GET", "/-/mock/deliveries?project=x", "", 400,
			`{"error":"project must be a whole number"}`,
		},
		"no such state": {
			"GET", "/-/mock/deliveries?state=lost", "", 400,
			`{"error":"state must be one of queued, delivered, blocked, gave_up"}`,
		},
		"no such delivery": {
			"GET", "/-/mock/deliveries/9", "", 404,
			`{"error":"there is no delivery 9 in the log; listDeliveries shows which there are"}`,
		},
		"no number for a delivery": {
			"GET", "/-/mock/deliveries/x", "", 400,
			`{"error":"delivery_id must be a whole number"}`,
		},
		"redeliver nothing": {
			"POST", "/-/mock/deliveries/9/redeliver", "", 404,
			`{"error":"there is no delivery 9 in the log"}`,
		},
		"redeliver how": {
			"POST", "/-/mock/deliveries/9/redeliver", `{"fresh":"yes"}`, 400,
			`{"error":"1:2: fresh must be boolean"}`,
		},
		"no seed": {"POST", "/-/mock/seed", "", 400, `{"error":"the body is empty: send a seed; ` +
			`{} is one, for an empty world"}`},
		"a seed that is wrong": {
			"POST", "/-/mock/seed", "users:\n  - usrname: ada\n", 400,
			`{"error":"the seed does not hold together; nothing was changed","problems":["seed:2:5: a user has no ` +
				`key \"usrname\" (did you mean username?)\n    2 |   - usrname …\n      |     ^"]}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			before := string(h.raw("GET", "/-/mock/state", "").body)
			got := h.raw(test.method, test.path, test.body)
			assert.Equal(t, string(got.body), test.want+"\n")
			assert.Equal(t, got.status, test.status)
			assert.Equal(t, got.header.Get("Content-Type"), "application/json")
			assert.Equal(t, string(h.raw("GET", "/-/mock/state", "").body), before, "something changed")
		})
	}
}

func TestControl_tooLarge(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	got := h.raw("POST", "/-/mock/seed", "# "+strings.Repeat("x", seed.MaxSize))
	assert.Equal(t, got.status, http.StatusRequestEntityTooLarge)
	assert.Equal(t, got.text("error"), "the body is larger than 16 MiB")
}

// A body that is not declared to be what it must be is refused, with the command that declares it.
func TestControl_undeclaredBodies(t *testing.T) {
	t.Parallel()
	const json, either = "send JSON with Content-Type: application/json: ",
		"send YAML with Content-Type: application/yaml, or JSON with application/json: "
	tests := map[string]struct{ method, path, kind, body, want string }{
		"none": {
			"PUT", "clock", "", `{"mode":"frozen"}`,
			json + `curl -X PUT -H 'Content-Type: application/json' --data-binary '{"mode":"frozen"}' ` +
				`'http://example.com/-/mock/clock'`,
		},
		"that of curl": {
			"POST", "clock/advance", "application/x-www-form-urlencoded", `{"by":"1s"}`,
			json + `curl -X POST -H 'Content-Type: application/json' --data-binary '{"by":"1s"}' ` +
				`'http://example.com/-/mock/clock/advance'`,
		},
		"that of any page": {
			"POST", "seed", "text/plain", "users: []\n",
			either + "curl -X POST -H 'Content-Type: application/yaml' --data-binary 'users: []\n' " +
				"'http://example.com/-/mock/seed'",
		},
		"JSON for a seed": {
			"POST", "seed", "", `{}`,
			either + "curl -X POST -H 'Content-Type: application/json' --data-binary '{}' " +
				"'http://example.com/-/mock/seed'",
		},
		"what a shell would run": {
			"PUT", "clock", "", `'$(id)'`,
			json + `curl -X PUT -H 'Content-Type: application/json' --data-binary ''\''$(id)'\''' ` +
				`'http://example.com/-/mock/clock'`,
		},
		"what curl would read": {
			"PUT", "clock", "", "@/etc/passwd",
			json + "curl -X PUT -H 'Content-Type: application/json' --data-binary '@FILE' " +
				"'http://example.com/-/mock/clock'",
		},
		"too much": {
			"PUT", "clock", "", strings.Repeat("x", mockserver.LongestRepeated+1),
			json + "curl -X PUT -H 'Content-Type: application/json' --data-binary '@FILE' " +
				"'http://example.com/-/mock/clock'",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			r := httptest.NewRequest(test.method, testBaseURL+controlPrefix+test.path, strings.NewReader(test.body))
			if test.kind != "" {
				r.Header.Set("Content-Type", test.kind)
			}
			assert.Equal(t, h.control(r).want(http.StatusUnsupportedMediaType).text("error"), test.want)
		})
	}
}

func TestControl_declaredBodies(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for kind, path := range map[string]string{
		"application/json; charset=utf-8": "clock", "application/yaml": "seed", "application/x-yaml": "seed",
		"text/yaml": "seed",
	} {
		method, body := http.MethodPut, `{"mode":"frozen"}`
		if path == "seed" {
			method, body = http.MethodPost, "users: []\n"
		}
		r := httptest.NewRequest(method, testBaseURL+controlPrefix+path, strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		h.control(r).want(http.StatusOK)
	}
}

func TestControl_token(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(o *mockserver.Options) { o.ControlToken = "open sesame" })
	tests := map[string]struct {
		header, value string
		status        int
	}{
		"none":                {"", "", 401},
		"a wrong one":         {"X-Control-Token", "open", 401},
		"a token of GitLab's": {"Private-Token", "glpat-admin", 401},
		"by its own header":   {"X-Control-Token", "open sesame", 200},
		"as bearer":           {"Authorization", "Bearer open sesame", 200},
		"as something else":   {"Authorization", "Basic open sesame", 401},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest("GET", testBaseURL+"/-/mock/clock", nil)
			if test.header != "" {
				r.Header.Set(test.header, test.value)
			}
			got := h.control(r)
			assert.Equal(t, got.status, test.status)
			if test.status == 401 {
				assert.Equal(t, string(got.body), `{"error":"the control token is missing or wrong: give it as `+
					`X-Control-Token or as Authorization: Bearer"}`+"\n")
			}
		})
	}
	h.raw("GET", "/-/mock/nothing", "").want(401) // nothing is told without it
	h.raw("GET", "/-/health", "").want(200)
}

func TestControl_canBeLeftOut(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(o *mockserver.Options) { o.NoControl = true })
	h.raw("GET", "/-/health", "").want(200)
	r := httptest.NewRequest("GET", testBaseURL+"/-/mock/state", nil)
	h.send(r).want(404)
}

func TestControl_canBeClosedWithAReason(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(o *mockserver.Options) { o.NoControl, o.NoControlReason = true, "give a token" })
	for _, path := range []string{"/-/mock", "/-/mock/", "/-/mock/state", "/-/mock/reset"} {
		assert.Equal(t, h.raw("POST", path, "").want(403).text("error"), "give a token")
	}
	h.raw("GET", "/-/mocking", "").want(404)
	assert.Equal(t, len(h.server.Surprises()), 1)
}

func TestControl_clock(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	steps := []struct{ method, path, body, want string }{
		{"GET", "/-/mock/clock", "", `{"mode":"real","now":"2026-02-03T10:00:00Z","offset":"0s"}`},
		{
			"PUT", "/-/mock/clock", `{"mode":"offset","offset":"-1h30m"}`,
			`{"mode":"offset","now":"2026-02-03T08:30:00Z","offset":"-1h30m0s"}`,
		},
		{"POST", "/-/mock/clock/advance", `{"by":"30m"}`, `{"mode":"offset","now":"2026-02-03T09:00:00Z",` +
			`"offset":"-1h0m0s"}`},
		{"PUT", "/-/mock/clock", `{"mode":"frozen"}`, `{"mode":"frozen","now":"2026-02-03T09:00:00Z","offset":"0s"}`},
		{
			"POST", "/-/mock/clock/advance", `{"by":"90s"}`,
			`{"mode":"frozen","now":"2026-02-03T09:01:30Z","offset":"0s"}`,
		},
		{"PUT", "/-/mock/clock", `{"mode":"offset"}`, `{"mode":"offset","now":"2026-02-03T09:01:30Z",` +
			`"offset":"-58m30s"}`},
		{
			"PUT", "/-/mock/clock", `{"mode":"frozen","now":"2030-01-01T01:00:00+01:00"}`,
			`{"mode":"frozen","now":"2030-01-01T00:00:00Z","offset":"0s"}`,
		},
		{
			"POST", "/-/mock/clock/advance", `{"to":"2030-01-01T00:00:01.000001Z"}`,
			`{"mode":"frozen","now":"2030-01-01T00:00:01.000001Z","offset":"0s"}`,
		},
		{"PUT", "/-/mock/clock", `{"mode":"real"}`, `{"mode":"real","now":"2026-02-03T10:00:00Z","offset":"0s"}`},
	}
	for _, step := range steps {
		got := h.raw(step.method, step.path, step.body)
		assert.Equal(t, string(got.body), step.want+"\n", "%s %s", step.path, step.body)
	}
}

func TestControl_advanceMakesThingsHappen(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("developer", "POST", mergeRequestPath+"/status_check_responses", pendingResponse).want(http.StatusCreated)
	status := func() string {
		return h.do("developer", "GET", mergeRequestPath+"/status_checks", nil).text("0.status")
	}
	h.raw("POST", "/-/mock/clock/advance", `{"by":"2m"}`).want(200)
	assert.Equal(t, status(), "pending")
	jobs := h.raw("GET", "/-/mock/jobs", "").want(200)
	assert.Equal(t, jobs.text("0.kind"), "time_out_response")
	assert.Equal(t, string(h.raw("GET", "/-/mock/jobs?not_kind=time_out_response", "").body), "[]\n")
	other := h.raw("GET", "/-/mock/jobs?not_kind=execute_hooks", "").want(200)
	assert.Equal(t, other.text("0.kind"), "time_out_response")
	assert.Equal(t, jobs.text("0.due"), "2026-02-03T10:02:00.000001Z")
	h.raw("POST", "/-/mock/clock/advance", `{"by":"1us"}`).want(200)
	assert.Equal(t, status(), "failed")
	assert.Equal(t, string(h.raw("GET", "/-/mock/jobs", "").body), "[]\n")
	events := h.raw("GET", "/-/mock/audit_events?name=status_check_response_update", "").want(200)
	assert.DeepEqual(t, events.column("author_name"), []string{"Dana Developer", "(System)"})
	assert.Equal(t, events.text("1.stored"), "false")
	assert.Equal(t, events.text("1.details.status"), "failed")
	assert.Equal(t, len(h.raw("GET", "/-/mock/audit_events?project=7", "").get("").([]any)), 0)
}

func TestControl_jobs(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(o *mockserver.Options) { o.Lag = mockserver.Lag{Min: time.Second, Max: time.Second} })
	h.do("developer", "POST", "/projects/6/repository/commits", map[string]any{
		"branch":       "topic",
		"start_branch": "main", "commit_message": "m", "allow_empty": true,
	})
	assert.Equal(t, string(h.raw("POST", "/-/mock/jobs/run", "").body), `{"ran":0,"waiting":1}`+"\n")
	h.clock.advance(2 * time.Second)
	assert.Equal(t, string(h.raw("POST", "/-/mock/jobs/run", "").body), `{"ran":1,"waiting":0}`+"\n")
}

func TestControl_licence(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	list := func() int {
		return h.do("maintainer", "GET", "/projects/6/external_status_checks", nil).status
	}
	steps := []struct {
		body, want string
		status     int
	}{
		{`{"licensed":false}`, `{"licensed":false,"projects":[]}`, 401},
		{
			`{"licensed":true,"project":"flightjs/Flight"}`, `{"licensed":false,"projects":[{"id":6,"licensed":true}]}`,
			200,
		},
		{`{"licensed":true}`, `{"licensed":true,"projects":[{"id":6,"licensed":true}]}`, 200},
		{`{"licensed":false,"project":6}`, `{"licensed":true,"projects":[{"id":6,"licensed":false}]}`, 401},
		{`{"licensed":null,"project":"6"}`, `{"licensed":true,"projects":[]}`, 200},
	}
	for _, step := range steps {
		assert.Equal(t, string(h.raw("PUT", "/-/mock/licence", step.body).body), step.want+"\n")
		assert.Equal(t, string(h.raw("GET", "/-/mock/licence", "").body), step.want+"\n")
		assert.Equal(t, list(), step.status, step.body)
	}
}

func TestControl_deliveries(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, nil)
	h := newHarness(t, withChecks(r.URL+"/one", r.URL+"/two"))
	h.retitle("First")
	assert.DeepEqual(t, h.raw("GET", "/-/mock/deliveries", "").column("state"), []string{"queued", "queued"})
	assert.Equal(t, string(h.raw("POST", "/-/mock/deliveries/flush", "").body), `{"attempts":2,"queued":0}`+"\n")
	for filter, ids := range map[string][]string{
		"": {"1", "2"}, "?check=2": {"2"}, "?project=6": {"1", "2"}, "?project=7": {},
		"?merge_request=4&check=1": {"1"}, "?merge_request=144": {},
		"?state=delivered": {"1", "2"}, "?state=queued": {},
	} {
		assert.DeepEqual(t, h.raw("GET", "/-/mock/deliveries"+filter, "").column("id"), ids)
	}
	one := h.raw("GET", "/-/mock/deliveries/1", "").want(200)
	assert.Equal(t, one.text("body"), r.all()[indexOf(r, "/one")].body)
	assert.Equal(t, one.text("signature"), gitlab.Signature("shared_secret",
		gitlab.Payload{Event: []byte(one.text("body"))}))
	assert.Equal(t, one.text("merge_request_iid"), "4")
	assert.Equal(t, one.text("action"), "update")
	assert.Equal(t, one.text("redelivery_of"), "<nil>")
	assert.Equal(t, one.text("attempts.0.status"), "200")
	assert.Equal(t, one.text("attempts.0.request_headers.User-Agent.0"), "Ruby")

	h.do("developer", "PUT", mergeRequestPath, map[string]string{"description": "Changed since"}).want(200)
	h.deliver()
	again := h.raw("POST", "/-/mock/deliveries/1/redeliver", "").want(201)
	assert.Equal(t, again.text("id"), "5")
	assert.Equal(t, again.text("redelivery_of"), "1")
	assert.Equal(t, again.text("body"), one.text("body"), "the same bytes")
	assert.Equal(t, again.text("signature"), one.text("signature"))
	assert.Equal(t, again.text("attempts"), "[]")
	fresh := h.raw("POST", "/-/mock/deliveries/1/redeliver", `{"fresh":true}`).want(201)
	assert.Assert(t, strings.Contains(fresh.text("body"), `"description":"Changed since"`))
	assert.Equal(t, fresh.text("signature"), gitlab.Signature("shared_secret",
		gitlab.Payload{Event: []byte(fresh.text("body"))}))
	assert.Equal(t, h.deliver(), 2)
	h.do("maintainer", "DELETE", "/projects/6/external_status_checks/1", nil).want(204)
	h.raw("POST", "/-/mock/deliveries/1/redeliver", `{"fresh":true}`).want(404)
	h.raw("POST", "/-/mock/deliveries/1/redeliver", `{"fresh":false}`).want(201)
}

// indexOf is the first request to a path.
func indexOf(r *receiver, path string) int {
	for i, got := range r.all() {
		if got.path == path {
			return i
		}
	}
	return -1
}

func TestControl_flushLeavesWhatIsForLater(t *testing.T) {
	t.Parallel()
	h := newHarness(t, onlyCheck("http://127.0.0.1:1"))
	h.retitle("Nobody")
	assert.Equal(t, string(h.raw("POST", "/-/mock/deliveries/flush", "").body), `{"attempts":1,"queued":1}`+"\n")
}

func TestControl_seedAndReset(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.raw("PUT", "/-/mock/clock", `{"mode":"frozen","now":"2030-01-01T00:00:00Z"}`).want(200)
	got := h.raw("POST", "/-/mock/seed", "users:\n  - {id: 1, username: ada, tokens: [{secret: glpat-ada}]}\n")
	assert.Equal(t, string(got.body), `{"users":1,"groups":0,"projects":0,"merge_requests":0,`+
		`"external_status_checks":0}`+"\n")
	assert.Equal(t, h.raw("GET", "/-/mock/clock", "").text("mode"), "real")
	h.do("owner", "GET", "/user", nil).want(401)
	created := h.do("ada", "POST", "/projects", map[string]string{"name": "new"}).want(201)
	h.raw("POST", "/-/mock/reset", "").want(204)
	h.do("ada", "GET", "/projects/"+created.text("id"), nil).want(404)
	assert.Equal(t, h.do("ada", "GET", "/user", nil).text("username"), "ada",
		"reset goes back to the seed that came last")
	h.raw("POST", "/-/mock/seed", `{"users":[{"username":"bob","tokens":[{"secret":"glpat-bob"}]}]}`).want(200)
	h.do("bob", "GET", "/user", nil).want(200)
}

func TestControl_state(t *testing.T) {
	t.Parallel()
	h := seeded(t, everything)
	assert.Equal(t, h.raw("GET", "/-/mock/state", "").want(200).text("settings.writing.message"), "Back at ten")
	h.raw("PUT", "/-/mock/writing", `{"mode":"allowed"}`).want(200)
	h.do("admin", "POST", "/projects/6/merge_requests/4/notes", map[string]string{"body": "A note"}).want(201)
	h.do("admin", "POST", "/projects/6/access_tokens", map[string]any{
		"name": "bot", "scopes": []string{"api"},
		"expires_at": "2026-12-31",
	}).want(201)
	got := h.raw("GET", "/-/mock/state", "").want(200)
	for path, want := range map[string]string{
		"version": "18.9", "base_url": testBaseURL, "clock.mode": "real", "licence.licensed": "false",
		"licence.projects.1.id":  "6",
		"settings.deny_outbound": "true", "users.1.username": "ada", "tokens.0.active": "true",
		"tokens.4.active":    "false",
		"groups.0.full_path": "tools", "groups.1.members.0.access_level": "20",
		"projects.1.full_path": "tools/deep/engine", "projects.1.licensed": "true",
		"projects.1.branches.1.files": "[README.md notes.txt]", "projects.1.branches.1.commits": "[" +
			strings.Repeat("2", 40) + " " + strings.Repeat("1", 40) + "]",
		"protected_branches.0.name": "release-*", "protected_branches.1.group_id": "21",
		"external_status_checks.1.hmac":                 "true",
		"external_status_checks.1.protected_branch_ids": "[30 31]",
		"merge_requests.2.detailed_merge_status":        "not_approved",
		"status_check_responses.2.status":               "passed", "notes.0.body": "A note", "deliveries": "[]",
		"jobs": "[]",
	} {
		assert.Equal(t, got.text(path), want, path)
	}
}

// Secrets are in no answer of the control surface and in no log.
func TestControl_secretsStayOut(t *testing.T) {
	t.Parallel()
	var log logtest.Buffer
	h := newHarness(t, func(o *mockserver.Options) {
		o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	secret := h.do("owner", "POST", "/projects/6/access_tokens",
		map[string]any{"name": "bot", "scopes": []string{"api"}, "expires_at": "2026-12-31"}).want(201).text("token")
	h.retitle("Something")
	h.do("wrong", "GET", "/user?private_token=glpat-nobody", nil).want(401)
	h.do("maintainer", "PUT", "/projects/6/external_status_checks/2",
		map[string]string{"shared_secret": "another_secret"}).want(200)
	h.deliver()
	texts := []string{log.String()}
	for _, path := range []string{
		"state", "deliveries", "jobs", "audit_events", "surprises", "licence", "clock", "journal?limit=1000",
		"journal.har",
	} {
		texts = append(texts, string(h.raw("GET", "/-/mock/"+path, "").want(200).body))
	}
	digest := gitlab.TokenDigest("glpat-owner")
	encoded, err := json.Marshal(digest)
	assert.NilError(t, err)
	for _, text := range texts {
		text = strings.ReplaceAll(text, `"shared_secret":"…"`, "") // as the journal has it
		for _, hidden := range []string{"glpat-", secret, "shared_secret\":", "another_secret", string(encoded)} {
			assert.Assert(t, !strings.Contains(text, hidden), "%s is in %s", hidden, text)
		}
	}
}
