// Package collect makes a seed of what a GitLab has answered: of a recording, or of a real project.
package collect

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/openapi"
)

// Answer is a response that did what was asked for.
type Answer struct {
	Operation string            // operationId
	Path      map[string]string // values in the path
	Body      []byte            // JSON
}

// Collector puts answers together. What comes later counts. The zero value is empty.
type Collector struct {
	users    map[int64]user
	projects map[int64]*project
	paths    map[string]int64 // ids of projects by their full paths
	ignored  map[string]bool  // operations that say nothing that a seed has
	unread   []string         // what GitLab refused to tell
}

// project is what is known of one.
type project struct {
	about      projectBody
	members    map[int64]member
	branches   map[string]branch
	protected  map[int64]protectedBranch
	checks     map[int64]check
	labels     map[string]label // by name
	milestones map[int64]milestone
	requests   map[int64]mergeRequest // by iid
	statuses   map[int64][]status
	approvals  map[int64][]user
}

// Locate finds the operation of a URL's path that reads or writes, below any root; nil if the contract has none.
func Locate(method, path string) (*openapi.Operation, map[string]string) {
	var found *openapi.Operation
	for _, op := range openapi.GitLab().Operations() {
		i := strings.Index(path, op.Root()+"/")
		if i < 0 || op.Method != method {
			continue
		}
		below := path[i+len(op.Root()):]
		if strings.Count(below, "/") != strings.Count(op.Path, "/") {
			continue
		}
		_, fits := op.PathValues(below)
		if fits && (found == nil || strings.Count(op.Path, "{") < strings.Count(found.Path, "{")) {
			found = op
		}
	}
	if found == nil {
		return nil, nil
	}
	values, _ := found.PathValues(path)
	return found, values
}

// Add takes an answer. It fails if the body is not what the operation answers.
func (c *Collector) Add(a Answer) error {
	take := takers[a.Operation]
	if take == nil {
		if c.ignored == nil {
			c.ignored = map[string]bool{}
		}
		c.ignored[a.Operation] = true
		return nil
	}
	if err := take(c, a); err != nil {
		return fmt.Errorf("an answer to %s is not read: %w", a.Operation, err)
	}
	return nil
}

// takers read the answers by operationId.
var takers = map[string]func(*Collector, Answer) error{
	"getCurrentUser": one((*Collector).user), "getUser": one((*Collector).user), "listUsers": all((*Collector).user),
	"getProject": one((*Collector).aboutProject), "updateProject": one((*Collector).aboutProject),
	"createProject": one((*Collector).aboutProject), "listProjects": all((*Collector).aboutProject),
	"listProjectMembers": within(all, (*project).member), "listAllProjectMembers": within(all, (*project).member),
	"listBranches": within(all, (*project).branch), "getBranch": within(one, (*project).branch),
	"createBranch":              within(one, (*project).branch),
	"listProtectedBranches":     within(all, (*project).protect),
	"getProtectedBranch":        within(one, (*project).protect),
	"createProtectedBranch":     within(one, (*project).protect),
	"updateProtectedBranch":     within(one, (*project).protect),
	"listExternalStatusChecks":  within(all, (*project).check),
	"createExternalStatusCheck": within(one, (*project).check),
	"updateExternalStatusCheck": within(one, (*project).check),
	"listProjectLabels":         within(all, (*project).label),
	"createProjectLabel":        within(one, (*project).label),
	"getProjectLabel":           within(one, (*project).label),
	"listProjectMilestones":     within(all, (*project).milestone),
	"createProjectMilestone":    within(one, (*project).milestone),
	"getProjectMilestone":       within(one, (*project).milestone),
	"listMergeRequests":         within(all, (*project).mergeRequest),
	"getMergeRequest":           within(one, (*project).mergeRequest),
	"createMergeRequest":        within(one, (*project).mergeRequest),
	"updateMergeRequest":        within(one, (*project).mergeRequest),
	"mergeMergeRequest":         within(one, (*project).mergeRequest),
	"listMergeRequestStatusChecks": func(c *Collector, a Answer) error {
		return perRequest(c, a, func(p *project, iid int64, list []status) { p.statuses[iid] = list })
	},
	"getMergeRequestApprovals": func(c *Collector, a Answer) error {
		return perRequest(c, a, func(p *project, iid int64, said approvals) {
			p.approvals[iid] = nil
			for _, by := range said.ApprovedBy {
				p.approvals[iid] = append(p.approvals[iid], by.User)
			}
		})
	},
}

// shape reads a body that is one value, or a list of them.
type shape[T any] func(take func(*Collector, T)) func(*Collector, Answer) error

func one[T any](take func(*Collector, T)) func(*Collector, Answer) error {
	return func(c *Collector, a Answer) error {
		var v T
		err := json.Unmarshal(a.Body, &v)
		if err == nil {
			take(c, v)
		}
		return err
	}
}

func all[T any](take func(*Collector, T)) func(*Collector, Answer) error {
	return func(c *Collector, a Answer) error {
		var list []T
		err := json.Unmarshal(a.Body, &list)
		for _, v := range list {
			take(c, v)
		}
		return err
	}
}

// within reads what belongs to the project that the path names.
func within[T any](read shape[T], take func(*project, T)) func(*Collector, Answer) error {
	return func(c *Collector, a Answer) error {
		p := c.projectNamed(a.Path["id"])
		return read(func(_ *Collector, v T) { take(p, v) })(c, a)
	}
}

func perRequest[T any](c *Collector, a Answer, take func(*project, int64, T)) error {
	var v T
	if err := json.Unmarshal(a.Body, &v); err != nil {
		return err
	}
	var iid int64
	if _, err := fmt.Sscan(a.Path["merge_request_iid"], &iid); err != nil {
		return fmt.Errorf("the merge request has no number: %w", err)
	}
	take(c.projectNamed(a.Path["id"]), iid, v)
	return nil
}

// projectNamed is the project with an id or a full path, which may be known only by that until its own answer comes.
func (c *Collector) projectNamed(name string) *project {
	var id int64
	if _, err := fmt.Sscan(name, &id); err != nil || fmt.Sprint(id) != name {
		if c.paths == nil {
			c.paths = map[string]int64{}
		}
		if id = c.paths[name]; id == 0 {
			id = -int64(len(c.paths) + 1) // until it is known
			c.paths[name] = id
		}
	}
	if c.projects == nil {
		c.projects = map[int64]*project{}
	}
	if c.projects[id] == nil {
		c.projects[id] = &project{
			members: map[int64]member{}, branches: map[string]branch{}, protected: map[int64]protectedBranch{},
			checks: map[int64]check{}, requests: map[int64]mergeRequest{}, statuses: map[int64][]status{},
			approvals: map[int64][]user{}, labels: map[string]label{}, milestones: map[int64]milestone{},
		}
	}
	return c.projects[id]
}

func (c *Collector) user(u user) {
	if c.users == nil {
		c.users = map[int64]user{}
	}
	c.users[u.ID] = u
}

// aboutProject takes what a project is, and joins what was known by its path only.
func (c *Collector) aboutProject(b projectBody) {
	p := c.projectNamed(fmt.Sprint(b.ID))
	p.about = b
	if c.paths == nil {
		c.paths = map[string]int64{}
	}
	id := c.paths[b.Path]
	c.paths[b.Path] = b.ID
	if id < 0 {
		early := c.projects[id]
		delete(c.projects, id)
		maps.Copy(p.members, early.members)
		maps.Copy(p.branches, early.branches)
		maps.Copy(p.protected, early.protected)
		maps.Copy(p.checks, early.checks)
		maps.Copy(p.labels, early.labels)
		maps.Copy(p.milestones, early.milestones)
		maps.Copy(p.requests, early.requests)
		maps.Copy(p.statuses, early.statuses)
		maps.Copy(p.approvals, early.approvals)
	}
}

func (p *project) member(m member)             { p.members[m.ID] = m }
func (p *project) branch(b branch)             { p.branches[b.Name] = b }
func (p *project) protect(b protectedBranch)   { p.protected[b.ID] = b }
func (p *project) check(k check)               { p.checks[k.ID] = k }
func (p *project) label(l label)               { p.labels[l.Name] = l }
func (p *project) milestone(m milestone)       { p.milestones[m.ID] = m }
func (p *project) mergeRequest(m mergeRequest) { p.requests[m.IID] = m }

// plain is a text without what looks like a secret.
func plain(text string) string { return strictyaml.WithoutTokens(strictyaml.WithoutSecrets(text)) }

// plainURL is a URL without a user and without the values of secret parameters, that can still be called. All else is
// as it was.
func plainURL(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "https://unknown.example.com/"
	}
	if query := plainQuery(u.RawQuery); u.User != nil || query != u.RawQuery {
		u.User, u.RawQuery = nil, query
		text = u.String()
	}
	return strings.ReplaceAll(strictyaml.WithoutTokens(text), "…", "hidden")
}

// plainQuery is a query without the values of secret parameters.
func plainQuery(query string) string {
	parts := strings.Split(query, "&")
	for i, part := range parts {
		written, _, _ := strings.Cut(part, "=")
		name, err := url.QueryUnescape(written)
		if err != nil {
			name = written
		}
		if slices.ContainsFunc(strings.FieldsFunc(name, isBracket), strictyaml.IsSecret) {
			parts[i] = written + "=hidden"
		}
	}
	return strings.Join(parts, "&")
}

func isBracket(r rune) bool { return r == '[' || r == ']' }

// sorted are the values of a map by its keys.
func sorted[K cmp.Ordered, V any](m map[K]V) []V {
	list := make([]V, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		list = append(list, m[k])
	}
	return list
}

// instant is a time, or the zero time for one that cannot be read.
func instant(text string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// isDone says whether a status is that of a response that did what was asked for.
func isDone(status int) bool { return status == http.StatusOK || status == http.StatusCreated }
