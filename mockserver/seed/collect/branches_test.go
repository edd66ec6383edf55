package collect_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/mockserver/seed/collect"
)

// paths are a project, a fork of it, and a fork of the fork, with the ids 1 to 3.
var paths = []string{"up/up", "bob/up", "eve/up"}

// repositories are the heads of the branches of the projects. The letters stand for commits.
type repositories []map[string]string

func sha(letter string) string { return strings.Repeat(letter, 40) }

type object = map[string]any

// told is what a GitLab says of repositories, and of merge requests into the first one.
func told(t *testing.T, all repositories, requests []object) *collect.Collector {
	t.Helper()
	c := &collect.Collector{}
	add := func(operation, project string, body any) {
		text, err := json.Marshal(body)
		assert.NilError(t, err)
		assert.NilError(t, c.Add(collect.Answer{
			Operation: operation, Path: map[string]string{"id": project}, Body: text,
		}))
	}
	for i, heads := range all {
		id := fmt.Sprint(i + 1)
		about := object{"id": i + 1, "path_with_namespace": paths[i], "default_branch": "main"}
		if i > 0 {
			about["forked_from_project"] = object{"id": i, "path_with_namespace": paths[i-1]}
		}
		add("getProject", id, about)
		list := []object{}
		for name, letter := range heads {
			list = append(list, object{"name": name, "commit": object{"id": sha(letter), "title": letter}})
		}
		add("listBranches", id, list)
	}
	add("listMergeRequests", "1", requests)
	return c
}

// madeOf are the answers of a mock made of what was told.
func madeOf(t *testing.T, c *collect.Collector) (root, said string) {
	t.Helper()
	root, missing := readBack(t, c)
	return root, strings.Join(missing, "\n")
}

// keeps asserts that a mock has the branches with their heads.
func keeps(t *testing.T, root string, all repositories) {
	t.Helper()
	for i, heads := range all {
		_, text := call(t, "GET", fmt.Sprintf("%s/api/v4/projects/%d/repository/branches?per_page=100", root, i+1),
			"glpat-root", "")
		var branches []struct {
			Name   string
			Commit struct{ ID string }
		}
		assert.NilError(t, json.Unmarshal([]byte(text), &branches), text)
		now := map[string]string{}
		for _, b := range branches {
			now[b.Name] = b.Commit.ID
		}
		for name, letter := range heads {
			assert.Equal(t, now[name], sha(letter), "%s of %s in %v", name, paths[i], all)
		}
	}
}

// Branches keep their heads, whichever of them have the same.
func TestCollector_keepsHeads(t *testing.T) {
	for name, all := range map[string]repositories{
		"two branches of a fork share a head": {{"main": "a"}, {"main": "a", "dup": "b", "feat": "b"}},
		"a fork turns two heads round":        {{"main": "a", "old": "b"}, {"main": "a", "old": "a", "zz": "b"}},
		"a fork swaps two heads":              {{"main": "a", "old": "b"}, {"main": "b", "old": "a"}},
		"branches begin at another than main": {{"main": "a", "dup": "b", "one": "b", "p": "b"}},
		"a fork goes back behind its fork":    {{"main": "a", "old": "b"}, {"main": "b"}, {"main": "a", "old": "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			root, _ := madeOf(t, withAdmin(t, told(t, all, []object{})))
			keeps(t, root, all)
		})
	}
}

// The forks between a project and the one that a merge request comes from are read, too.
func TestCollector_readsForksOfForks(t *testing.T) {
	world, err := seed.Parse("world.yaml", []byte(`
users: [{username: root, admin: true, tokens: [{secret: glpat-of-root}]}]
groups: [{path: up}, {path: bob}, {path: eve}]
projects:
  - {id: 1, path: up/up, branches: [{name: main, commits: [{message: One}]}], merge_requests: [
      {source_project: eve/up, source_branch: far, target_branch: main, title: Far, author: root}]}
  - {id: 2, path: bob/up, forked_from: up/up}
  - {id: 3, path: eve/up, forked_from: bob/up, branches: [{name: far, from: main, commits: [{message: Two}]}]}
`))
	assert.NilError(t, err)
	c := &collect.Collector{}
	assert.NilError(t, c.Project(t.Context(), collect.GitLab{
		Root: serve(t, &world).URL, Token: "glpat-of-root", Client: http.DefaultClient,
	}, "1"))
	made, _, err := c.Document()
	assert.NilError(t, err)
	assert.Equal(t, len(made.Projects), 3)
	assert.Equal(t, made.Projects[0].MergeRequests[0].SourceProject, "eve/up")
}

func withAdmin(t *testing.T, c *collect.Collector) *collect.Collector {
	t.Helper()
	assert.NilError(t, c.Add(collect.Answer{
		Operation: "getCurrentUser", Body: []byte(`{"id":1,"username":"root","is_admin":true}`),
	}))
	return c
}

// Branches keep their heads, however they and the merge requests between them lie.
func TestCollector_keepsHeadsOfAnyBranches(t *testing.T) {
	for n := range uint64(300) {
		random := rand.New(rand.NewPCG(n, 1))
		letter := func() string { return string("abcd"[random.IntN(4)]) }
		all := make(repositories, len(paths))
		for i := range all {
			all[i] = map[string]string{"main": letter()}
			for _, name := range []string{"dup", "feat", "old", "zz"} {
				if random.IntN(2) == 0 {
					all[i][name] = letter()
				}
			}
		}
		requests := []object{}
		for i, heads := range all {
			for _, name := range []string{"dup", "feat", "gone", "old"} {
				if random.IntN(3) > 0 {
					continue
				}
				m := object{
					"id": len(requests) + 1, "iid": len(requests) + 1, "source_project_id": i + 1,
					"target_project_id": 1, "source_branch": name, "target_branch": "main", "title": name,
					"state": "closed", "sha": sha(letter()), "author": object{"id": 1, "username": "root"},
				}
				if head, there := heads[name]; there && random.IntN(2) == 0 {
					m["state"], m["sha"] = "opened", sha(head)
				}
				requests = append(requests, m)
			}
		}
		root, _ := madeOf(t, withAdmin(t, told(t, all, requests)))
		keeps(t, root, all)
		for _, m := range requests {
			_, text := call(t, "GET", fmt.Sprintf("%s/api/v4/projects/1/merge_requests/%d", root, m["iid"]),
				"glpat-root", "")
			var now struct{ State, SHA string }
			assert.NilError(t, json.Unmarshal([]byte(text), &now), text)
			assert.Equal(t, now.State, m["state"], "%v", m)
			if now.State == "opened" {
				assert.Equal(t, now.SHA, m["sha"], "%v of %v", m, all)
			}
		}
	}
}

// What comes back in a fork, since its project has it, is said.
func TestCollector_saysWhatForksLack(t *testing.T) {
	all := repositories{{"main": "a", "old": "b"}, {"main": "a"}, {"main": "a", "old": "b"}}
	_, said := madeOf(t, withAdmin(t, told(t, all, []object{})))
	assert.Assert(t, strings.Contains(said, "that bob/up does not have the branches old, or that"), said)
	assert.Assert(t, !strings.Contains(said, "eve/up does not"), said)
}

// A merge request can come from a fork of a fork.
func TestCollector_takesForksOfForks(t *testing.T) {
	all := repositories{{"main": "a"}, {"main": "a"}, {"main": "a", "feat": "b"}}
	root, said := madeOf(t, withAdmin(t, told(t, all, []object{{
		"id": 1, "iid": 1, "source_project_id": 3, "target_project_id": 1, "source_branch": "feat", "sha": sha("b"),
		"target_branch": "main", "title": "Far", "state": "opened", "author": object{"id": 1, "username": "root"},
	}})))
	_, text := call(t, "GET", root+"/api/v4/projects/1/merge_requests/1", "glpat-root", "")
	assert.Assert(t, strings.Contains(text, `"source_project_id":3`), text)
	assert.Assert(t, !strings.Contains(said, "merge requests from forks"), said)
}
