package mockserver_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

const (
	headSHA      = "141be9714669a4c1ccaa013c6a7f3e462ff2a40f"
	checksPath   = "/projects/6/external_status_checks"
	statusesPath = "/projects/6/merge_requests/4/status_checks"
	respondPath  = "/projects/6/merge_requests/4/status_check_responses"

	unauthorized   = `{"message":"401 Unauthorized"}`
	forbidden      = `{"message":"403 Forbidden"}`
	recordMissing  = `{"message":"404 Not found"}`
	projectMissing = `{"message":"404 Project Not Found"}`
	notAllowedBody = `{"message":["Not allowed"]}`
	nullMessage    = `{"message":null}`
	mustBeFailed   = `{"message":"External status check must be failed"}`
)

func responseBody(check int, sha, status string) string {
	return fmt.Sprintf(`{"external_status_check_id":%d,"sha":%q,"status":%q}`, check, sha, status)
}

func retryPath(check int) string { return fmt.Sprintf("%s/%d/retry", statusesPath, check) }

// outcome is a status and, unless it is a plain success, the exact body.
type outcome struct {
	status int
	body   string
}

// callerCase is one row of the role matrix: the caller, the world, and the response of each endpoint.
type callerCase struct {
	name                 string
	as                   string
	arrange              func(*harness)
	list, create, update outcome
	deletes              bool
	remove               int
	statuses             outcome
	masked               string // external_url that the list of statuses shows
	respond, retry       outcome
}

func below(statuses, respond outcome, masked string) callerCase {
	return callerCase{
		list: outcome{401, unauthorized}, create: outcome{500, notAllowedBody}, update: outcome{401, notAllowedBody},
		remove:   204,
		statuses: statuses, masked: masked, respond: respond, retry: outcome{403, forbidden},
	}
}

func nothing(status int, body string) callerCase {
	o := outcome{status, body}
	return callerCase{list: o, create: o, update: o, remove: status, statuses: o, respond: o, retry: o}
}

func full(respond outcome) callerCase {
	return callerCase{
		list: outcome{200, ""}, create: outcome{201, ""}, update: outcome{200, ""}, remove: 204, deletes: true,
		statuses: outcome{200, ""}, masked: "https://mock.api.test/status", respond: respond,
		retry: outcome{202, `{"message":"202 Accepted"}`},
	}
}

func (cc callerCase) called(name, as string, arrange ...func(*harness)) callerCase {
	cc.name, cc.as = name, as
	cc.arrange = func(h *harness) {
		for _, a := range arrange {
			a(h)
		}
	}
	return cc
}

func visibility(v gitlab.Visibility) func(*harness) {
	return func(h *harness) {
		h.update(func(tx *gitlab.Tx) error {
			p, _ := tx.Project(6)
			p.Visibility = v
			_, err := tx.UpdateProject(p)
			return err
		})
	}
}

// authored makes a user of the default world the author of merge request !4.
func authored(username string) func(*harness) {
	return func(h *harness) {
		h.update(func(tx *gitlab.Tx) error {
			u, _ := tx.UserByUsername(username)
			mr, err := tx.MergeRequest(6, 4)
			mr.AuthorID = u.ID
			tx.InsertMergeRequest(mr)
			return err
		})
	}
}

func withAbility(username string, ability gitlab.Ability) func(*harness) {
	return func(h *harness) {
		h.update(func(tx *gitlab.Tx) error {
			u, _ := tx.UserByUsername(username)
			m, _ := tx.ProjectMember(6, u.ID)
			m.Abilities = []gitlab.Ability{ability}
			tx.SetMember(m)
			return nil
		})
	}
}

func TestRoleMatrix(t *testing.T) {
	t.Parallel()
	refused, ok := outcome{403, forbidden}, outcome{200, ""}
	developer := below(ok, outcome{201, ""}, "https://mock.api.test/status")
	developer.retry = outcome{202, `{"message":"202 Accepted"}`}
	settings := full(refused)
	settings.retry, settings.statuses, settings.masked = refused, ok, ""
	for _, cc := range []callerCase{
		nothing(401, unauthorized).called("anonymous", ""),
		nothing(401, unauthorized).called("unknown token", "glpat-nobody"),
		nothing(404, projectMissing).called("stranger, private project", "stranger"),
		below(refused, refused, "").called("stranger, public project", "stranger", visibility(gitlab.Public)),
		below(ok, refused, "").called("stranger, internal project", "stranger", visibility(gitlab.Internal)),
		below(refused, refused, "").called("guest", "guest"),
		below(refused, refused, "").called("planner", "planner"),
		below(ok, refused, "").called("reporter", "reporter"),
		below(ok, outcome{404, nullMessage}, "").called("reporter who is the author", "reporter", authored("reporter")),
		developer.called("developer", "developer"),
		full(outcome{201, ""}).called("maintainer", "maintainer"),
		full(outcome{201, ""}).called("owner", "owner"),
		full(refused).called("admin who is no member", "admin"),
		settings.called("reporter with manage_merge_request_settings", "reporter",
			withAbility("reporter", gitlab.ManageMergeRequestSettings)),
	} {
		t.Run(cc.name, func(t *testing.T) {
			t.Parallel()
			cc.run(t)
		})
	}
}

// run sends each of the seven requests to a fresh world whose check 1 has failed.
func (cc callerCase) run(t *testing.T) {
	fresh := func() *harness {
		h := newHarness(t)
		h.update(func(tx *gitlab.Tx) error {
			c, err := tx.ExternalStatusCheck(6, 1)
			c.ExternalURL = "https://mock.api.test/status?token=123456789"
			tx.SeedExternalStatusCheck(c)
			tx.SeedResponse(gitlab.StatusCheckResponse{
				MergeRequestID: 144, CheckID: 1, SHA: headSHA,
				Status: gitlab.Failed,
			})
			return err
		})
		cc.arrange(h)
		return h
	}
	assertOutcome := func(r response, o outcome) {
		t.Helper()
		if r.want(o.status); o.body != "" {
			r.wantBody(o.status, o.body)
		}
	}
	assertOutcome(fresh().do(cc.as, "GET", checksPath, nil), cc.list)
	assertOutcome(fresh().do(cc.as, "POST", checksPath, `{"name":"new","external_url":"https://new.example.com"}`),
		cc.create)
	assertOutcome(fresh().do(cc.as, "PUT", checksPath+"/1", `{"name":"renamed"}`), cc.update)
	assertOutcome(fresh().do(cc.as, "POST", respondPath, responseBody(1, headSHA, "passed")), cc.respond)
	assertOutcome(fresh().do(cc.as, "POST", retryPath(1), nil), cc.retry)

	h := fresh()
	list := h.do(cc.as, "GET", statusesPath, nil)
	assertOutcome(list, cc.statuses)
	if cc.statuses.status == 200 {
		assert.Equal(t, list.text("0.external_url"), cc.masked)
		assert.Equal(t, list.text("0.status"), "failed")
	}
	deleted := h.do(cc.as, "DELETE", checksPath+"/1", nil)
	assert.Equal(t, deleted.status, cc.remove)
	h.view(func(tx *gitlab.Tx) {
		_, err := tx.ExternalStatusCheck(6, 1)
		assert.Equal(t, err != nil, cc.deletes)
	})
}

func TestStatusChecks_refusalsComeInGitLabsOrder(t *testing.T) {
	t.Parallel()
	const badParams = `{"external_status_check_id":"x","name":[]}`
	type step struct {
		name, as, method, path, body string
		arrange                      func(*harness)
		want                         outcome
	}
	unlicensed := func(h *harness) {
		h.update(func(tx *gitlab.Tx) error {
			tx.SetSettings(gitlab.Settings{})
			return nil
		})
	}
	for _, s := range []step{
		{
			"malformed JSON before authentication", "", "POST", checksPath, `{`, nil,
			outcome{400, errorText(invalidJSON)},
		},
		{
			"malformed JSON before the path", "", "POST", "/nowhere", `{`, nil,
			outcome{400, errorText(invalidJSON)},
		},
		{"path before authentication", "", "GET", "/nowhere", "", nil, outcome{404, `{"error":"404 Not Found"}`}},
		{
			"verb before authentication", "", "PATCH", checksPath + "/1", `{}`, nil,
			outcome{404, `{"error":"404 Not Found"}`},
		},
		{"no check by itself", "owner", "GET", checksPath + "/1", "", nil, outcome{404, `{"error":"404 Not Found"}`}},
		{
			"authentication before the project", "", "GET", "/projects/999/external_status_checks", "", nil,
			outcome{401, unauthorized},
		},
		{"project before the licence", "stranger", "GET", checksPath, "", unlicensed, outcome{404, projectMissing}},
		{
			"licence before the parameters", "owner", "GET", checksPath + "?per_page=0", "", unlicensed,
			outcome{401, unauthorized},
		},
		{
			"parameters before permission", "guest", "GET", checksPath + "?per_page=0", "", nil,
			outcome{400, `{"error":"per_page has a value not allowed"}`},
		},
		{
			"create: parameters before permission", "guest", "POST", checksPath, `{}`, nil,
			outcome{400, `{"error":"name is missing, external_url is missing"}`},
		},
		{
			"create: permission before the branch", "guest", "POST", checksPath,
			`{"name":"n","external_url":"http://x","protected_branch_ids":[999]}`, nil,
			outcome{500, notAllowedBody},
		},
		{
			"create: branch before the model", "owner", "POST", checksPath,
			`{"name":"","external_url":"","protected_branch_ids":[999]}`, nil,
			outcome{404, recordMissing},
		},
		{
			"update: parameters before permission", "guest", "PUT", checksPath + "/1", `{"name":[]}`, nil,
			outcome{400, `{"error":"name is invalid"}`},
		},
		{
			"update: permission before the check", "guest", "PUT", checksPath + "/999", `{}`, nil,
			outcome{401, notAllowedBody},
		},
		{
			"update: check before the branch", "owner", "PUT", checksPath + "/999", `{"protected_branch_ids":[999]}`,
			nil,
			outcome{404, recordMissing},
		},
		{
			"update: check_id is no number", "owner", "PUT", checksPath + "/abc", `{}`, nil,
			outcome{400, `{"error":"check_id is invalid"}`},
		},
		{"delete: check, whoever asks", "guest", "DELETE", checksPath + "/999", "", nil, outcome{404, recordMissing}},
		{
			"statuses: merge request before permission", "guest", "GET", "/projects/6/merge_requests/999/status_checks",
			"",
			nil,
			outcome{404, recordMissing},
		},
		{
			"statuses: iid is no number", "owner", "GET", "/projects/6/merge_requests/abc/status_checks", "", nil,
			outcome{404, recordMissing},
		},
		{
			"statuses: per_page 0", "owner", "GET", statusesPath + "?per_page=0", "", nil,
			outcome{500, `{"message":"500 Internal Server Error"}`},
		},
		{
			"respond: parameters before the merge request", "owner", "POST",
			"/projects/6/merge_requests/999/status_check_responses", badParams, nil,
			outcome{400, `{"error":"external_status_check_id is invalid, sha is missing, status is missing, ` +
				`status does not have a valid value"}`},
		},
		{
			"respond: iid is no number", "owner", "POST", "/projects/6/merge_requests/abc/status_check_responses",
			responseBody(1, headSHA, "passed"), nil,
			outcome{400, `{"error":"merge_request_iid is invalid"}`},
		},
		{
			"respond: merge request before permission", "guest", "POST",
			"/projects/6/merge_requests/999/status_check_responses", responseBody(999, "x", "passed"), nil,
			outcome{404, recordMissing},
		},
		{
			"respond: permission before the check", "guest", "POST", respondPath, responseBody(999, "x", "passed"), nil,
			outcome{403, forbidden},
		},
		{
			"respond: check before the SHA", "owner", "POST", respondPath, responseBody(999, "x", "passed"), nil,
			outcome{404, recordMissing},
		},
		{
			"respond: SHA before the Developer role", "reporter", "POST", respondPath, responseBody(1, "x", "passed"),
			authored("reporter"),
			outcome{409, `{"message":"SHA does not match HEAD of source branch: ` + headSHA +
				`"}`},
		},
		{
			"respond: short SHA", "owner", "POST", respondPath, responseBody(1, headSHA[:8], "passed"), nil,
			outcome{409, `{"message":"SHA does not match HEAD of source branch: ` + headSHA + `"}`},
		},
		{
			"respond: SHA in capitals", "owner", "POST", respondPath, responseBody(1, strings.ToUpper(headSHA),
				"passed"),
			nil,
			outcome{409, `{"message":"SHA does not match HEAD of source branch: ` + headSHA + `"}`},
		},
		{
			"respond: empty SHA", "owner", "POST", respondPath, responseBody(1, "", "passed"), nil,
			outcome{409, `{"message":"SHA does not match HEAD of source branch: ` + headSHA + `"}`},
		},
		{
			"respond: null SHA", "owner", "POST", respondPath, `{"external_status_check_id":1,"sha":null,` +
				`"status":"passed"}`,
			nil,
			outcome{400, `{"message":["Sha can't be blank"]}`},
		},
		{
			"respond: null id", "owner", "POST", respondPath,
			`{"external_status_check_id":null,"sha":"x","status":"passed"}`,
			nil,
			outcome{404, recordMissing},
		},
		{
			"retry: merge request before permission", "guest", "POST",
			"/projects/6/merge_requests/999/status_checks/1/retry",
			"", nil,
			outcome{404, recordMissing},
		},
		{"retry: permission before the check", "reporter", "POST", retryPath(999), "", nil, outcome{403, forbidden}},
		{"retry: check", "owner", "POST", retryPath(999), "", nil, outcome{404, recordMissing}},
		{"retry: never answered", "owner", "POST", retryPath(1), "", nil, outcome{422, mustBeFailed}},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			if s.arrange != nil {
				s.arrange(h)
			}
			var body any
			if s.body != "" {
				body = s.body
			}
			h.do(s.as, s.method, s.path, body).wantBody(s.want.status, s.want.body)
		})
	}
}

func TestCreateExternalStatusCheck_messages(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 256)
	for _, tc := range []struct{ name, body, want string }{
		{"blank name", `{"name":" ","external_url":"http://n"}`, `["Name can't be blank"]`},
		{"null name", `{"name":null,"external_url":"http://n"}`, `["Name can't be blank"]`},
		{"blank URL", `{"name":"n","external_url":""}`, `["External url can't be blank","External url must be a ` +
			`valid URL"]`},
		{"both blank", `{"name":"","external_url":null}`, `["External url can't be blank","External url must be a ` +
			`valid URL","Name can't be blank"]`},
		{
			"both taken", `{"name":"Compliance Tool","external_url":"https://checks.example/compliance-tool"}`,
			`["External url has already been taken","Name has already been taken"]`,
		},
		{"scheme", `{"name":"n","external_url":"ftp://x"}`, `["External url is blocked: Only allowed schemes are ` +
			`http, https"]`},
		{"no scheme", `{"name":"n","external_url":"foo"}`, `["External url is blocked: Only allowed schemes are ` +
			`http, https"]`},
		{"newline", `{"name":"n","external_url":"http://a\nb"}`, `["External url is blocked: URI is invalid"]`},
		{"host", `{"name":"n","external_url":"http://-x"}`, `["External url is blocked: Hostname or IP address ` +
			`invalid"]`},
		{
			"secret", `{"name":"n","external_url":"http://n","shared_secret":"` + long + `"}`,
			`["Shared secret is too long (maximum is 255 characters)"]`,
		},
		{
			"all", `{"name":"","external_url":"x","shared_secret":"` + long + `"}`,
			`["External url is blocked: Only allowed schemes are http, https","Name can't be blank","Shared secret ` +
				`is too long (maximum is 255 characters)"]`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			newHarness(t).do("maintainer", "POST", checksPath, tc.body).wantBody(422, `{"message":`+tc.want+`}`)
		})
	}
	h := newHarness(t)
	h.do("maintainer", "POST", checksPath, `{"name":"`+long+`","external_url":"http://n"}`).wantBody(500,
		`{"message":"500 Internal Server Error"}`)
	h.do("maintainer", "POST", checksPath, `{"name":"n","external_url":" http://localhost "}`).want(201)
	h.do("maintainer", "POST", checksPath, `{"name":"N","external_url":"http://"}`).want(201)
}

func TestUpdateExternalStatusCheck_scopeAndSecret(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	id := h.do("maintainer", "POST", checksPath, `{"name":"n","external_url":"http://n","shared_secret":"s",`+
		`"protected_branch_ids":[14]}`).want(201).text("id")
	path := checksPath + "/" + id
	put := func(body string) response { return h.do("maintainer", "PUT", path, body).want(200) }
	assert.Equal(t, put(`{}`).text("hmac"), "true")
	assert.Equal(t, put(`{"name":"m"}`).text("protected_branches.0.id"), "14")
	assert.Equal(t, put(`{"shared_secret":" "}`).text("hmac"), "false")
	assert.Equal(t, put(`{"shared_secret":"s"}`).text("hmac"), "true")
	assert.Equal(t, put(`{"shared_secret":null}`).text("hmac"), "false")
	for _, clears := range []string{`[]`, `null`, `""`, `5`, `[""]`} {
		assert.Equal(t, put(`{"protected_branch_ids":"14"}`).text("protected_branches.0.name"), "main")
		assert.Equal(t, put(`{"protected_branch_ids":`+clears+`}`).text("protected_branches"), "[]", clears)
	}
	h.do("maintainer", "PUT", path, `{"name":"","protected_branch_ids":[14]}`).wantBody(422,
		`{"message":["Name can't be blank"]}`)
	assert.Equal(t, put(`{}`).text("protected_branches"), "[]", "a refused update leaves a trace")
}

func TestDeleteExternalStatusCheck_conditional(t *testing.T) {
	t.Parallel()
	for since, want := range map[string]int{
		testNow.Add(time.Hour).Format(http.TimeFormat): 204,
		"not a date":                    204,
		"Mon, 01 Jan 2001 00:00:00 GMT": 412,
		"2001-01-01T00:00:00Z":          412,
	} {
		h := newHarness(t)
		r := httptest.NewRequest("DELETE", testBaseURL+apiPrefix+checksPath+"/1", nil)
		r.Header.Set("Private-Token", "glpat-owner")
		r.Header.Set("If-Unmodified-Since", since)
		got := h.send(r)
		assert.Equal(t, got.status, want, since)
		if want == 204 {
			assert.Equal(t, got.header.Get("Content-Type"), "")
			assert.Equal(t, len(got.body), 0)
		}
	}
}

func TestListExternalStatusChecks_pages(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for i := range 23 {
		h.do("owner", "POST", checksPath, url.Values{
			"name":         {fmt.Sprint("c", i)},
			"external_url": {fmt.Sprint("http://c", i)},
		}).want(201)
	}
	first := h.do("owner", "GET", checksPath, nil).want(200)
	assert.Equal(t, len(first.get("").([]any)), 20)
	for name, want := range map[string]string{
		"X-Page": "1", "X-Per-Page": "20", "X-Next-Page": "2", "X-Prev-Page": "", "X-Total": "25", "X-Total-Pages": "2",
		"Link": `<http://example.com/api/v4/projects/6/external_status_checks?id=6&page=2&per_page=20>; rel="next", ` +
			`<http://example.com/api/v4/projects/6/external_status_checks?id=6&page=1&per_page=20>; rel="first", ` +
			`<http://example.com/api/v4/projects/6/external_status_checks?id=6&page=2&per_page=20>; rel="last"`,
	} {
		assert.Equal(t, first.header.Get(name), want, name)
		assert.Equal(t, len(first.header.Values(name)), 1, name)
	}
	past := h.do("owner", "GET", checksPath+"?page=9&per_page=1000", nil).wantBody(200, "[]")
	assert.Equal(t, past.header.Get("X-Page")+" "+past.header.Get("X-Per-Page")+" "+past.header.Get("X-Prev-Page")+
		past.header.Get("X-Next-Page")+past.header.Get("X-Total-Pages"), "9 100 1")
	raw := h.do("developer", "GET", statusesPath+"?per_page=7x&page=abc", nil).want(200)
	assert.Equal(t, raw.header.Get("X-Per-Page")+raw.header.Get("X-Page"), "71")
	assert.Equal(t, raw.header.Get("Poll-Interval"), "10000")
	assert.Assert(t, strings.Contains(raw.header.Get("Link"), "?id=6&merge_request_iid=4&page=2&per_page=7"),
		raw.header.Get("Link"))
}

func TestStatusChecks_lifeCycle(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	status := func(want string) {
		t.Helper()
		assert.Equal(t, h.do("reporter", "GET", statusesPath, nil).want(200).text("0.status"), want)
	}
	respond := func(s string) { h.do("developer", "POST", respondPath, responseBody(1, headSHA, s)).want(201) }
	status("pending")
	h.clock.advance(time.Hour)
	status("pending") // without a stored response nothing times out
	respond("passed")
	status("passed")
	h.do("developer", "POST", retryPath(1), nil).wantBody(422, mustBeFailed)
	respond("pending")
	h.do("developer", "POST", retryPath(1), nil).wantBody(422, mustBeFailed)
	h.clock.advance(gitlab.TimeoutInterval)
	status("pending")
	h.clock.advance(time.Microsecond)
	status("failed")
	h.do("developer", "POST", retryPath(1), nil).wantBody(202, `{"message":"202 Accepted"}`)
	status("pending")
	h.clock.advance(gitlab.TimeoutInterval + time.Second)
	status("failed")
	respond("passed")
	status("passed")
}

func TestCreateStatusCheckResponse_body(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	r := h.do("developer", "POST", respondPath, responseBody(1, headSHA, "failed")).want(201)
	assert.Equal(t, r.text("external_status_check.external_url"), "https://checks.example/compliance-tool")
	assert.Equal(t, r.text("merge_request.sha"), headSHA)
	assert.Equal(t, r.text("merge_request.subscribed"), "false")
	assert.Equal(t, r.text("merge_request.user.can_merge"), "false")
	assert.Equal(t, r.text("merge_request.references.full"), "flightjs/Flight!4")
	for _, absent := range []string{
		"status", "sha", "merge_request.pipeline", "merge_request.head_pipeline",
		"merge_request.latest_build_started_at",
	} {
		assert.Assert(t, r.get(absent) == nil, absent)
	}
	assert.Assert(t, strings.HasPrefix(r.header.Get("Etag"), `W/"`), r.header)
	assert.Equal(t, r.header.Get("Cache-Control"), "max-age=0, private, must-revalidate")
}

func TestHTTP_conditionsAndMethods(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	send := func(method, path string, header ...string) response {
		r := httptest.NewRequest(method, testBaseURL+path, nil)
		r.Header.Set("Private-Token", "glpat-owner")
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		return h.send(r)
	}
	etag := send("GET", apiPrefix+checksPath).want(200).header.Get("Etag")
	same := send("GET", apiPrefix+checksPath, "If-None-Match", etag).wantBody(304, "")
	assert.Equal(t, same.header.Get("Etag"), etag)
	send("GET", apiPrefix+checksPath, "If-None-Match", strings.TrimPrefix(etag, "W/")).want(200)
	send("GET", apiPrefix+checksPath, "If-None-Match", "*").want(200)
	send("HEAD", apiPrefix+checksPath).wantBody(200, "")
	assert.Equal(t, send("OPTIONS", apiPrefix+checksPath).wantBody(204, "").header.Get("Allow"),
		"OPTIONS, POST, GET, HEAD")
	r := httptest.NewRequest("OPTIONS", testBaseURL+apiPrefix+checksPath, nil)
	h.send(r).wantBody(401, unauthorized)
	r.Header.Set("Origin", "https://app.example.com")
	r.Header.Set("Access-Control-Request-Method", "POST")
	assert.Equal(t, h.send(r).wantBody(200, "").header.Get("Access-Control-Allow-Origin"), "*")
	send("GET", "/api/v3/projects").wantBody(410, `{"error":"API V3 is no longer supported. Use API V4 instead."}`)
	send("GET", apiPrefix+checksPath+"?format=xml").wantBody(406, `{"error":"The requested format 'xml' is not `+
		`supported."}`)
	send("GET", apiPrefix+"/projects/flightjs%2FFlight/external_status_checks/").want(200)
	send("GET", apiPrefix+"/projects/FLIGHTJS%2Fflight/external_status_checks.json").want(200)
	send("GET", apiPrefix+"/projects/Flight/external_status_checks").wantBody(404, projectMissing)
}

func TestAuthentication(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	yesterday := testNow.Truncate(24 * time.Hour)
	h.update(func(tx *gitlab.Tx) error {
		owner, _ := tx.UserByUsername("owner")
		for secret, token := range map[string]gitlab.Token{
			"glpat-expired": {ExpiresOn: yesterday, Scopes: []string{"api"}}, "glpat-revoked": {
				Revoked: true,
				Scopes:  []string{"api"},
			},
			"glpat-read": {Scopes: []string{"read_api"}}, "glpat-user": {Scopes: []string{"read_user"}},
			"glpat-job": {Kind: gitlab.JobToken, Scopes: []string{"api"}},
		} {
			if token.Kind == "" {
				token.Kind = gitlab.PersonalToken
			}
			token.UserID = owner.ID
			tx.CreateToken(token, secret)
		}
		return nil
	})
	expired := h.do("expired", "GET", checksPath, nil).wantBody(401,
		`{"error":"invalid_token","error_description":"Token is expired. You can either do re-authorization or `+
			`token refresh."}`)
	assert.Assert(t, strings.HasPrefix(expired.header.Get("Www-Authenticate"), `Bearer realm="`), expired.header)
	h.do("revoked", "GET", checksPath, nil).wantBody(401, `{"error":"invalid_token","error_description":"Token was `+
		`revoked. You have to re-authorize from the user."}`)
	h.do("read", "GET", checksPath, nil).want(200)
	h.do("read", "POST", checksPath, `{}`).wantBody(403, `{"error":"insufficient_scope","error_description":"The `+
		`request requires higher privileges than provided by the access token.","scope":"api"}`)
	h.do("user", "GET", checksPath, nil).wantBody(403, `{"error":"insufficient_scope","error_description":"The `+
		`request requires higher privileges than provided by the access token.","scope":"api read_api"}`)
	h.do("job", "GET", checksPath, nil).wantBody(401, unauthorized)
	for name, value := range map[string]string{"Authorization": "Bearer glpat-owner", "private-token": "glpat-owner"} {
		r := httptest.NewRequest("GET", testBaseURL+apiPrefix+checksPath, nil)
		r.Header.Set(name, value)
		h.send(r).want(200)
	}
	h.do("", "GET", checksPath+"?private_token=glpat-owner", nil).want(200)
	h.do("", "GET", checksPath+"?access_token=glpat-owner", nil).want(200)
}
