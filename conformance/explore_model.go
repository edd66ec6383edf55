package conformance

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/statuschecks/statuschecks/conformance/scenario"
)

// model is what a walk knows of the world by name: which checks and merge requests there are and what became of them.
// It chooses what to do next; what an answer should be it leaves to the reference.
type model struct {
	dice  *chance
	roles []scenario.Role // that both servers have
	clock bool            // both servers' clocks can be moved

	checks   []*modelCheck
	requests []*modelRequest
	// reference to the id of the protection of the branch release; empty while it has none
	protected string
	// puts a check that failed, and its merge request, into parameters; nil without one
	failed  func(with map[string]any)
	made    int // things that were given a name
	weights int
}

// modelCheck is a check that was made.
type modelCheck struct {
	ref, name, url string
	gone           bool
}

// modelRequest is a merge request that was made.
type modelRequest struct {
	iid, sha, stale string // references; stale is empty while there was one head only
	branch          string // its source branch; empty for the one that was given
	closed, merged  bool
}

// move is one or more steps that belong together, with what follows from them.
type move struct {
	steps []scenario.Step
	done  func(h *answerPair) // called when the last step is done and succeeded; nil means nothing follows
}

// goesOn tells whether the move's next step makes sense, and lets the model follow the last one.
func (m *move) goesOn(i int, h *answerPair) bool {
	if a := h.answer[ofReference]; a != nil && (a.status < 200 || a.status > 299) {
		return false
	}
	if i == len(m.steps)-1 && m.done != nil {
		m.done(h)
	}
	return true
}

func newModel(roles []scenario.Role, clock bool, dice *chance) *model {
	m := &model{dice: dice, roles: roles, clock: clock, protected: "${branch.release.id}"}
	for _, c := range m.given().Checks {
		m.checks = append(m.checks, &modelCheck{ref: "${check." + c.Key + ".id}", name: c.Name, url: c.ExternalURL})
	}
	m.requests = []*modelRequest{{iid: "${mr.iid}", sha: "${mr.sha}"}}
	for i := range moves {
		m.weights += moves[i].weight
	}
	return m
}

// given is what a walk begins with.
func (m *model) given() scenario.Given {
	return scenario.Given{
		Project:  scenario.ProjectGiven{Visibility: "private"},
		Branches: []scenario.BranchGiven{{Key: "release", Protected: true}},
		Checks: []scenario.CheckGiven{
			{Key: "qa", Name: "qa", ExternalURL: exploredURL + "qa?token=1", Before: true},
			{
				Key: "release", Name: "release", ExternalURL: exploredURL + "release", Secret: exploredSecret,
				Branches: []string{"release"},
			},
		},
		MergeRequest: &scenario.MergeRequestGiven{Target: "main", Author: scenario.Creator},
		Other:        true,
	}
}

// exploredURL begins the addresses of checks: nobody is there. The secret is told by its reference alone.
const (
	exploredURL    = "https://status-checks.invalid/"
	exploredSecret = "s3cret-${run.id}"
)

// moves are what can be done, each with how often it is tried.
var moves = []struct {
	weight int
	make   func(*model) *move // nil when it cannot be done now
}{
	{10, (*model).createCheck},
	{7, (*model).updateCheck},
	{4, (*model).deleteCheck},
	{8, (*model).listChecks},
	{16, (*model).listStatusChecks},
	{18, (*model).respond},
	{8, (*model).retry},
	{5, (*model).push},
	{2, (*model).changeTitle},
	{3, (*model).closeOrReopen},
	{2, (*model).merge},
	{3, (*model).switchGate},
	{3, (*model).lookAtGate},
	{3, (*model).passTime},
	{1, (*model).open},
	{1, (*model).protect},
}

// next chooses what to do.
func (m *model) next() *move {
	for {
		at := m.dice.below(m.weights)
		for _, one := range moves {
			if at -= one.weight; at < 0 {
				if move := one.make(m); move != nil {
					return move
				}
				break
			}
		}
	}
}

// single is a move of one call.
func single(step scenario.Step, done func(*answerPair)) *move {
	return &move{steps: []scenario.Step{step}, done: done}
}

// as is mostly the role that a step is for.
func (m *model) as(role scenario.Role) scenario.Role {
	if m.dice.percent(75) && slices.Contains(m.roles, role) {
		return role
	}
	return pick(m.dice, m.roles...)
}

// encode is mostly JSON, which goes without saying.
func (m *model) encode() string { return pick(m.dice, "", "", "", "", "", "", "form", "query") }

// name is a new name for what a step makes.
func (m *model) name(prefix string) string {
	m.made++
	return fmt.Sprintf("%s%d", prefix, m.made)
}

// check is mostly a check that stands.
func (m *model) check() string {
	standing := slices.DeleteFunc(slices.Clone(m.checks), func(c *modelCheck) bool { return c.gone })
	gone := slices.DeleteFunc(slices.Clone(m.checks), func(c *modelCheck) bool { return !c.gone })
	at := m.dice.below(100)
	switch {
	case at < 80 && len(standing) > 0:
		return pick(m.dice, standing...).ref
	case at < 90 && len(gone) > 0:
		return pick(m.dice, gone...).ref
	case at < 96:
		return "${other.check.id}"
	}
	return "999999999"
}

// request is one of the merge requests; with open, one that can be changed, or nil.
func (m *model) request(open bool) *modelRequest {
	some := slices.DeleteFunc(slices.Clone(m.requests), func(r *modelRequest) bool {
		return open &&
			(r.closed || r.merged)
	})
	if len(some) == 0 {
		return nil
	}
	return pick(m.dice, some...)
}

// within puts a merge request into the parameters; the given one goes without saying.
func (r *modelRequest) within(with map[string]any) map[string]any {
	if r.branch != "" {
		with["merge_request_iid"] = r.iid
	}
	return with
}

func (m *model) push() *move {
	r := m.request(true)
	if r == nil {
		return nil
	}
	if r.branch == "" {
		return &move{
			steps: []scenario.Step{{Push: &scenario.Push{}}},
			done:  func(*answerPair) { r.stale = "${mr.previous_sha}" },
		}
	}
	name := m.name(commitName)
	head := "${" + name + ".id}"
	return &move{
		steps: []scenario.Step{m.commit(name, r.branch, false), awaitHead(r, head)},
		done:  func(*answerPair) { r.stale, r.sha = r.sha, head },
	}
}

// commit is a step that adds a commit to a branch, which the first one makes.
func (m *model) commit(name, branch string, first bool) scenario.Step {
	with := map[string]any{
		"branch": branch, "commit_message": "Change " + name,
		"actions": []any{map[string]any{"action": "create", "file_path": name + ".txt", "content": name + "\n"}},
	}
	if first {
		with["start_branch"] = "${branch.main.name}"
	}
	return scenario.Step{
		As: scenario.Maintainer, Call: "createCommit", With: with,
		Capture: capturing(name),
	}
}

// awaitHead is a step that waits until a merge request is prepared and shows a commit.
func awaitHead(r *modelRequest, head string) scenario.Step {
	return scenario.Step{
		As: scenario.Maintainer, Call: "getMergeRequest", With: r.within(map[string]any{}), Await: time.Minute,
		Expect: &scenario.Expect{Status: []int{http.StatusOK}, Body: scenario.MustPattern(map[string]any{
			"sha": head, "$jq": `.detailed_merge_status | IN("preparing", "checking", "unchecked") | not`,
		})},
	}
}

// open opens one more merge request, up to three.
func (m *model) open() *move {
	if len(m.requests) == 3 {
		return nil
	}
	commit, opened := m.name(commitName), m.name(openedName)
	r := &modelRequest{iid: "${" + opened + ".iid}", sha: "${" + commit + ".id}", branch: "change-" + commit}
	target := pick(m.dice, "main", "main", "release")
	return &move{
		steps: []scenario.Step{
			m.commit(commit, r.branch, true),
			{
				As: scenario.Maintainer, Call: "createMergeRequest", Capture: capturing(opened),
				With: map[string]any{
					"source_branch": r.branch, "target_branch": "${branch." + target + ".name}", "title": "Change " +
						opened,
				},
			},
			awaitHead(r, r.sha),
		},
		done: func(*answerPair) { m.requests = append(m.requests, r) },
	}
}

func (m *model) changeTitle() *move {
	r := m.request(true)
	if r == nil {
		return nil
	}
	title := pick(m.dice, "", "Draft: ") + "Title " + m.name("")
	return single(scenario.Step{
		As: m.as(scenario.Developer), Call: "updateMergeRequest",
		With: r.within(map[string]any{"title": title}),
	},
		nil)
}

func (m *model) closeOrReopen() *move {
	r := m.request(false)
	if r.merged {
		return nil
	}
	event := "close"
	if r.closed {
		event = "reopen"
	}
	return single(scenario.Step{
		As: m.as(scenario.Developer), Call: "updateMergeRequest",
		With: r.within(map[string]any{"state_event": event}),
	},
		func(*answerPair) { r.closed = !r.closed })
}

// merge tries to merge. Before, it waits until the server knows whether that can be done.
func (m *model) merge() *move {
	r := m.request(true)
	if r == nil {
		return nil
	}
	return &move{
		steps: []scenario.Step{awaitHead(r, r.sha), {
			As: m.as(scenario.Maintainer), Call: "mergeMergeRequest",
			With: r.within(map[string]any{"sha": r.sha}),
		}},
		done: func(*answerPair) { r.merged = true },
	}
}

func (m *model) switchGate() *move {
	with := map[string]any{"only_allow_merge_if_all_status_checks_passed": m.dice.percent(75)}
	return single(scenario.Step{As: m.as(scenario.Maintainer), Call: "updateProject", With: with}, nil)
}

func (m *model) lookAtGate() *move {
	return single(scenario.Step{
		As: scenario.Maintainer, Call: "getMergeRequest",
		With: m.request(false).within(map[string]any{}),
	}, nil)
}

func (m *model) passTime() *move {
	if !m.clock {
		return nil
	}
	return &move{steps: []scenario.Step{{Let: &scenario.Let{Pass: 2*time.Minute + time.Second}}}}
}

// protect takes the protection of the branch release away, or gives it back.
func (m *model) protect() *move {
	if m.protected != "" {
		step := scenario.Step{
			As: scenario.Maintainer, Call: "deleteProtectedBranch",
			With: map[string]any{"name": "${branch.release.name}"},
		}
		return single(step, func(*answerPair) { m.protected = "" })
	}
	name := m.name(protectedName)
	step := scenario.Step{
		As: scenario.Maintainer, Call: "createProtectedBranch", With: map[string]any{"name": "${branch.release.name}"},
		Capture: capturing(name),
	}
	return single(step, func(*answerPair) { m.protected = "${" + name + ".id}" })
}
