package conformance

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
)

// fakeGitLab is just enough of a GitLab to make and remove fixtures and to answer about checks. Its knobs make it as
// slow, as strict and as wrong as a test wants.
type fakeGitLab struct {
	token      string
	version    string
	unlicensed bool
	// reads until a merge request is prepared, or shows a push
	lag      int
	throttle int                                               // requests that are answered 429 first
	refuse   map[string]int                                    // "METHOD path-suffix" to a status
	broken   func(w http.ResponseWriter, r *http.Request) bool // answers instead
	tell     func(path string, payload map[string]any)         // hears of merge request events
	mux      *http.ServeMux

	mu       sync.Mutex
	ids      int64
	projects map[string]*fakeProject
	tokens   map[string]int64
	agents   map[string]bool
	log      []string
}

type fakeProject struct {
	id      int64
	path    string
	created string // empty means when all are made
	doomed  bool
	checks  []map[string]any
	mrs     []*fakeMergeRequest
	heads   map[string]string
}

type fakeMergeRequest struct {
	iid            int64
	source, target string
	shown          string
	reads          int
}

func newFakeGitLab() *fakeGitLab {
	g := &fakeGitLab{
		token: "glpat-given-token", version: "18.9.0-ee", projects: map[string]*fakeProject{},
		tokens: map[string]int64{}, agents: map[string]bool{}, mux: http.NewServeMux(),
	}
	g.tokens[g.token] = 1
	api := "/api/v4"
	g.handle("GET "+api+"/version", func(*http.Request, map[string]any) (int, any) {
		return 200, map[string]any{
			"version": g.version, "revision": "abc", "enterprise": true,
			"kas": map[string]any{"enabled": false, "externalUrl": nil, "externalK8sProxyUrl": nil, "version": nil},
		}
	})
	g.handle("GET "+api+"/user", func(*http.Request, map[string]any) (int, any) {
		return 200, map[string]any{"id": 1, "username": "root", "is_admin": false}
	})
	g.handle("POST "+api+"/projects", g.createProject)
	g.handle("GET "+api+"/projects/{id}", g.getProject)
	g.handle("GET "+api+"/projects", func(r *http.Request, _ map[string]any) (int, any) {
		found := []any{}
		for _, p := range g.projects {
			if strings.Contains(p.path, r.URL.Query().Get("search")) {
				found = append(found, map[string]any{
					"id": p.id, "path": p.path[strings.LastIndex(p.path, "/")+1:],
					"path_with_namespace": p.path,
				})
			}
		}
		return 200, found
	})
	g.handle("DELETE "+api+"/projects/{id}", g.deleteProject)
	g.handle("GET "+api+"/projects/{id}/protected_branches/{name}", func(*http.Request, map[string]any) (int, any) {
		return 200, map[string]any{"id": 14, "name": "main"}
	})
	g.handle("POST "+api+"/projects/{id}/access_tokens", g.createToken)
	g.handle("POST "+api+"/projects/{id}/repository/commits", g.createCommit)
	g.handle("POST "+api+"/projects/{id}/merge_requests", g.createMergeRequest)
	g.handle("GET "+api+"/projects/{id}/merge_requests/{iid}", g.getMergeRequest)
	g.handle("GET "+api+"/projects/{id}/merge_requests/{iid}/status_checks", g.listStatusChecks)
	g.handle("GET "+api+"/projects/{id}/external_status_checks", g.listChecks)
	g.handle("POST "+api+"/projects/{id}/external_status_checks", g.createCheck)
	g.handle("DELETE "+api+"/projects/{id}/external_status_checks/{check}", g.deleteCheck)
	return g
}

// ServeHTTP checks token and knobs before anything else.
func (g *fakeGitLab) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	g.log = append(g.log, r.Method+" "+r.URL.Path)
	g.agents[r.Header.Get("User-Agent")] = true
	throttled := g.throttle > 0
	if throttled {
		g.throttle--
	}
	_, known := g.tokens[r.Header.Get("Private-Token")]
	g.mu.Unlock()
	switch {
	case throttled:
		w.Header().Set("Retry-After", "2")
		answer429(w)
	case g.broken != nil && g.broken(w, r):
	case strings.HasPrefix(r.URL.Path, "/-/"):
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(404)
		_, _ = io.WriteString(w, "<html>no such page</html>")
	case !known:
		writeJSON(w, 401, map[string]any{"message": "401 Unauthorized"})
	default:
		g.mux.ServeHTTP(w, r)
	}
}

func answer429(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain")
	w.WriteHeader(http.StatusTooManyRequests)
	_, _ = io.WriteString(w, "Retry later\n")
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	if body == nil {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if list, isList := body.([]map[string]any); isList {
		for name, value := range map[string]string{
			"X-Page": "1", "X-Per-Page": "20", "X-Next-Page": "", "X-Prev-Page": "",
			"X-Total": strconv.Itoa(len(list)), "X-Total-Pages": "1", "Poll-Interval": "10000",
			"Link": `<http://gitlab.test/x?page=1>; rel="first", <http://gitlab.test/x?page=1>; rel="last"`,
		} {
			w.Header().Set(name, value)
		}
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func (g *fakeGitLab) handle(pattern string, answer func(r *http.Request, body map[string]any) (int, any)) {
	g.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		body := map[string]any{}
		_ = json.NewDecoder(r.Body).Decode(&body)
		g.mu.Lock()
		defer g.mu.Unlock()
		for suffix, status := range g.refuse {
			if method, tail, _ := strings.Cut(suffix, " "); method == r.Method && strings.HasSuffix(r.URL.Path, tail) {
				writeJSON(w, status, map[string]any{"message": fmt.Sprintf("%d refused", status)})
				return
			}
		}
		if id := r.PathValue("id"); id != "" && g.projects[id] == nil {
			writeJSON(w, 404, map[string]any{"message": "404 Project Not Found"})
			return
		}
		status, reply := answer(r, body)
		writeJSON(w, status, reply)
	})
}

func (g *fakeGitLab) id() int64 {
	g.ids++
	return g.ids
}

func (g *fakeGitLab) project(r *http.Request) *fakeProject { return g.projects[r.PathValue("id")] }

func (g *fakeGitLab) createProject(_ *http.Request, body map[string]any) (int, any) {
	p := &fakeProject{id: g.id(), path: "root/" + jsonvalue.Text(body["path"]), heads: map[string]string{"main": "0"}}
	g.projects[strconv.FormatInt(p.id, 10)] = p
	return 201, map[string]any{
		"id": p.id, "path_with_namespace": p.path, "default_branch": "main",
		"visibility": body["visibility"], "created_at": "2026-01-31T09:00:00.000Z",
	}
}

func (g *fakeGitLab) getProject(r *http.Request, _ map[string]any) (int, any) {
	p := g.project(r)
	shown := map[string]any{
		"id": p.id, "path_with_namespace": p.path, "marked_for_deletion_on": nil,
		"created_at": cmp.Or(p.created, "2026-01-31T09:00:00.000Z"),
	}
	if p.doomed {
		shown["marked_for_deletion_on"] = "2026-01-31"
	}
	return 200, shown
}

// deleteProject only marks a project, as GitLab does since 18.0; the second call must name its new path.
func (g *fakeGitLab) deleteProject(r *http.Request, body map[string]any) (int, any) {
	p := g.project(r)
	query := r.URL.Query()
	for _, name := range []string{"permanently_remove", "full_path"} {
		if _, given := body[name]; !given && query.Has(name) {
			body[name] = query.Get(name)
		}
	}
	switch {
	case !p.doomed:
		p.doomed, p.path = true, p.path+"-deletion_scheduled-"+r.PathValue("id")
	case body["full_path"] != p.path:
		return 400, map[string]any{"message": "`full_path` is incorrect. You must enter the complete path for the " +
			"project."}
	default:
		delete(g.projects, r.PathValue("id"))
	}
	return 202, map[string]any{"message": "202 Accepted"}
}

func (g *fakeGitLab) createToken(_ *http.Request, body map[string]any) (int, any) {
	id := g.id()
	token := "glpat-made-" + jsonvalue.Text(body["name"]) + "-" + strconv.FormatInt(id, 10)
	g.tokens[token] = id
	return 201, map[string]any{"id": id, "user_id": 1000 + id, "token": token, "expires_at": body["expires_at"]}
}

func (g *fakeGitLab) createCommit(r *http.Request, body map[string]any) (int, any) {
	sha := fmt.Sprintf("%040x", 0xabc000+g.id())
	g.project(r).heads[jsonvalue.Text(body["branch"])] = sha
	return 201, map[string]any{"id": sha}
}

func (g *fakeGitLab) createMergeRequest(r *http.Request, body map[string]any) (int, any) {
	p := g.project(r)
	mr := &fakeMergeRequest{
		iid: int64(len(p.mrs) + 1), source: jsonvalue.Text(body["source_branch"]),
		target: jsonvalue.Text(body["target_branch"]),
	}
	p.mrs = append(p.mrs, mr)
	for _, check := range p.checks {
		g.event(check, mr, "open")
	}
	return 201, map[string]any{"id": g.id(), "iid": mr.iid}
}

func (g *fakeGitLab) event(check map[string]any, mr *fakeMergeRequest, action string) {
	if g.tell == nil {
		return
	}
	g.tell(jsonvalue.Text(check["external_url"]), map[string]any{
		"object_kind":       "merge_request",
		"object_attributes": map[string]any{"iid": mr.iid, "action": action},
	})
}

func (g *fakeGitLab) getMergeRequest(r *http.Request, _ map[string]any) (int, any) {
	p := g.project(r)
	iid, _ := strconv.Atoi(r.PathValue("iid"))
	mr := p.mrs[iid-1]
	mr.reads++
	reply := map[string]any{"iid": iid, "prepared_at": nil, "detailed_merge_status": "preparing", "sha": mr.shown}
	if mr.reads > g.lag {
		mr.shown = p.heads[mr.source]
		reply["prepared_at"], reply["detailed_merge_status"], reply["sha"] = "2026-01-31T09:00:01.000Z", "mergeable",
			mr.shown
	}
	return 200, reply
}

func (g *fakeGitLab) listStatusChecks(r *http.Request, _ map[string]any) (int, any) {
	list := []map[string]any{}
	for _, check := range g.project(r).checks {
		list = append(list, map[string]any{
			"id": check["id"], "name": check["name"], "external_url": "",
			"status": "pending",
		})
	}
	return 200, list
}

func (g *fakeGitLab) listChecks(r *http.Request, _ map[string]any) (int, any) {
	if g.unlicensed {
		return 401, map[string]any{"message": "401 Unauthorized"}
	}
	list := []map[string]any{}
	return 200, append(list, g.project(r).checks...)
}

func (g *fakeGitLab) createCheck(r *http.Request, body map[string]any) (int, any) {
	p := g.project(r)
	check := map[string]any{
		"id": g.id(), "name": jsonvalue.Text(body["name"]), "project_id": p.id, "external_url": body["external_url"],
		"protected_branches": []any{}, "hmac": body["shared_secret"] != nil,
	}
	p.checks = append(p.checks, check)
	return 201, check
}

func (g *fakeGitLab) deleteCheck(r *http.Request, _ map[string]any) (int, any) {
	p := g.project(r)
	for i, check := range p.checks {
		if fmt.Sprint(check["id"]) == r.PathValue("check") {
			p.checks = append(p.checks[:i:i], p.checks[i+1:]...)
			return 204, nil
		}
	}
	return 404, map[string]any{"message": "404 Not found"}
}

// standing are the paths of the projects that are there.
func (g *fakeGitLab) standing() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	var paths []string
	for _, p := range g.projects {
		paths = append(paths, p.path)
	}
	return paths
}

// testClock is a clock that waiting moves, so that nothing really waits.
type testClock struct {
	mu  sync.Mutex
	now time.Time
	all time.Duration
}

func newTestClock() *testClock {
	return &testClock{now: time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC)}
}

func (c *testClock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}
