package proof

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"
)

// memory is what a broken server has seen so far, so that a defect can tell who calls and what is what.
type memory struct {
	mu       sync.Mutex
	admin    string // the administrator's token
	grants   map[string]grant
	custom   map[string]bool    // who has a custom role, by project and user
	projects map[string]int64   // by path
	creators map[int64]string   // token by project
	checks   map[string]check   // by id
	notes    map[string]string  // what a defect wants to remember
	requests map[int64][]string // numbers of merge requests by project
	hidden   map[string]bool    // every token and shared secret that went through, stored or not
}

// grant is what a token stands for.
type grant struct {
	project int64 // 0 for a user's own token
	role    string
	user    string // whose own token it is
}

// check is an external status check as it was last asked for.
type check struct {
	project     int64
	secret, url string
}

func newMemory(admin string) *memory {
	return &memory{
		admin: admin, grants: map[string]grant{}, custom: map[string]bool{}, projects: map[string]int64{},
		creators: map[int64]string{},
		checks:   map[string]check{}, notes: map[string]string{}, requests: map[int64][]string{},
		hidden: map[string]bool{admin: true},
	}
}

var roleNames = map[string]string{
	"10": "guest", "15": "planner", "20": "reporter", "30": "developer",
	"40": "maintainer", "50": "owner",
}

// learn takes in what an answer tells.
func (m *memory) learn(v *visit) {
	answer, _ := v.answered().(*object)
	if answer == nil || !v.succeeded() || v.method() == http.MethodGet {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	switch v.op {
	case "createProjectAccessToken":
		project, _ := strconv.ParseInt(v.path["id"], 10, 64)
		m.grants[text(answer.Get("token"))] = grant{project: project, role: roleNames[text(answer.Get("access_level"))]}
	case "createPersonalAccessToken":
		m.grants[text(answer.Get("token"))] = grant{role: "user", user: v.path["user_id"]}
	case "createProjectMember":
		if answer.Get("member_role") != nil {
			m.custom[v.path["id"]+" "+text(answer.Get("id"))] = true
		}
	case "createProject":
		id := whole(answer.Get("id"))
		m.projects[text(answer.Get("path_with_namespace"))], m.creators[id] = id, v.token()
	case "createMergeRequest":
		project := whole(answer.Get("project_id"))
		m.requests[project] = append(m.requests[project], text(answer.Get("iid")))
	case "createExternalStatusCheck", "updateExternalStatusCheck":
		id := text(answer.Get("id"))
		c := m.checks[id]
		c.project, c.url = whole(answer.Get("project_id")), text(answer.Get("external_url"))
		if v.input != nil {
			if secret, given := v.input.Members["shared_secret"]; given {
				c.secret = text(secret)
			}
		}
		m.checks[id] = c
	}
}

func whole(value any) int64 {
	number, _ := value.(json.Number)
	n, _ := number.Int64()
	return n
}

func (m *memory) projectAt(path string) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.projects[path]
}

func (m *memory) creator(project int64) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if token, known := m.creators[project]; known {
		return token
	}
	return m.admin
}

func (m *memory) roleOf(token string, project int64) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	g, known := m.grants[token]
	switch {
	case token == "":
		return "anonymous"
	case m.creators[project] == token:
		return "creator"
	case token == m.admin:
		return "admin"
	case known && m.custom[text(number(project))+" "+g.user]:
		return "custom"
	case known && g.project != project:
		return "stranger"
	}
	return g.role
}

func (m *memory) check(id string) check {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.checks[id]
}

// foreignChecks are the first checks of other projects, as a list shows them.
func (m *memory) foreignChecks(project int64, most int) (found []any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(m.checks)) {
		if c := m.checks[id]; c.project != project && len(found) < most {
			found = append(found, of("id", json.Number(id), "name", id, "project_id", number(c.project), "external_url",
				c.url, "protected_branches", []any{}, "hmac", false))
		}
	}
	return found
}

// mergeRequests are the numbers of the merge requests that were made in a project.
func (m *memory) mergeRequests(project int64) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.requests[project])
}

// others are all projects that were made but for one.
func (m *memory) others(project int64) []int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := slices.Sorted(maps.Keys(m.creators))
	return slices.DeleteFunc(all, func(other int64) bool { return other == project })
}

// checksOf are the ids of the checks that were made in a project.
func (m *memory) checksOf(project int64) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := slices.Sorted(maps.Keys(m.checks))
	return slices.DeleteFunc(all, func(id string) bool { return m.checks[id].project != project })
}

// note remembers a text under a name; noted gives it back, empty when there is none.
func (m *memory) note(name, value string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.notes[name] = value
}

func (m *memory) noted(name string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.notes[name]
}

// hides are the parameters and members whose values nobody else may see.
var hides = []string{"token", "shared_secret", "password"}

// hide keeps what a request or an answer tells that must not be seen.
func (m *memory) hide(told any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, o := range objects(told) {
		for _, name := range hides {
			if _, isList := o.Get(name).([]any); isList {
				continue // which is refused whatever it holds
			}
			if secret := text(o.Get(name)); secret != "" {
				m.hidden[secret] = true
			}
		}
	}
}

// secrets are all tokens and shared secrets that went through.
func (m *memory) secrets() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.hidden))
}
