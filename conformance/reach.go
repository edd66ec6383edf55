package conformance

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/scenarios"
)

// Reach lists the scenarios for the documented statuses and parameters of an operation.
type Reach struct {
	Operation  string
	Statuses   []Reached // ascending
	Parameters []Reached // in the contract's order
}

// Reached is one status or parameter.
type Reached struct {
	Name      string
	Scenarios []string // that expect the status, or give the parameter
	Unseen    string   // why there can be none; empty when nothing is said about it
}

// ReachOf compares scenarios with the contract, for the judged operations. It looks at the steps. It ignores requests
// whose method or path is changed.
func ReachOf(all []*Scenario, unseen *Unseen) []Reach {
	asked := map[string][]string{}
	for _, s := range all {
		for i := range s.Steps {
			for _, key := range s.Steps[i].asks() {
				if !slices.Contains(asked[key], s.ID) {
					asked[key] = append(asked[key], s.ID)
				}
			}
		}
	}
	var reach []Reach
	for _, op := range openapi.GitLab().Operations() {
		if !aboutStatusChecks(op) {
			continue
		}
		row := Reach{Operation: op.ID}
		for _, status := range loadContract().documented(op.ID) {
			name := strconv.Itoa(status)
			row.Statuses = append(row.Statuses, Reached{name, asked[op.ID+" "+name], unseen.status(op.ID, status)})
		}
		for _, p := range op.Parameters() {
			row.Parameters = append(row.Parameters, Reached{Name: p.Name, Scenarios: asked[op.ID+" "+p.Name]})
		}
		reach = append(reach, row)
	}
	return reach
}

// asks are the statuses that a step expects and the parameters that it gives, each behind the name of the operation.
func (s *Step) asks() []string {
	if s.Kind() != "call" || s.Raw != nil && s.Raw.Method+s.Raw.Prefix+s.Raw.Suffix != "" {
		return nil
	}
	var keys []string
	for _, status := range s.wanted() {
		keys = append(keys, s.Call+" "+strconv.Itoa(status))
	}
	for _, name := range s.given() {
		keys = append(keys, s.Call+" "+name)
	}
	return keys
}

// wanted are the statuses that satisfy the step; without a word about them those of success.
func (s *Step) wanted() []int {
	if s.Expect != nil && len(s.Expect.Status) > 0 {
		return s.Expect.Status
	}
	return slices.DeleteFunc(slices.Clone(loadContract().documented(s.Call)),
		func(status int) bool { return status < 200 || status > 299 })
}

// given are the parameters that the step's request carries, those included that the suite adds.
func (s *Step) given() []string {
	var names []string
	if op := openapi.GitLab().Operation(s.Call); op != nil {
		for _, p := range op.Parameters() {
			if p.In == "path" {
				names = append(names, p.Name)
			}
		}
	}
	body, _ := s.JSON.(map[string]any)
	for _, values := range []map[string]any{s.With, s.Query, body} {
		for name := range values {
			names = append(names, name)
		}
	}
	if s.Raw != nil {
		query, err := url.ParseQuery(s.Raw.Query)
		for name := range query {
			if plainName, _, _ := strings.Cut(name, "["); err == nil {
				names = append(names, plainName)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Unseen lists what has no scenario, with the reasons.
type Unseen struct {
	Statuses []UnseenStatus
	Facts    []UnseenFact
}

// UnseenStatus is a documented status that no scenario can produce.
type UnseenStatus struct {
	Operation string
	Status    int
	Reason    string
}

// UnseenFact is a fact about GitLab that no scenario shows.
type UnseenFact struct {
	Fact, Source, Evidence, Reason string
}

func (u *Unseen) status(operation string, status int) string {
	for _, one := range u.Statuses {
		if one.Operation == operation && one.Status == status {
			return one.Reason
		}
	}
	return ""
}

// LoadUnseen returns the facts and statuses for which the catalogue has no scenario.
func LoadUnseen() (*Unseen, error) {
	p := newProblems("unseen.yaml", scenarios.Unseen)
	root := parse(scenarios.Unseen, p)
	u := &Unseen{}
	if root != nil {
		d := &decoder{p: p}
		for _, item := range d.list(root.get("statuses"), "statuses") {
			u.Statuses = append(u.Statuses, d.unseenStatus(item))
		}
		for _, item := range d.list(root.get("facts"), "facts") {
			u.Facts = append(u.Facts, UnseenFact{
				Fact: d.needed(item, "fact"), Source: d.needed(item, "source"), Evidence: d.word(item.get("evidence"),
					"evidence mark", evidences), Reason: d.needed(item, "reason"),
			})
		}
	}
	return u, loadError(p.found())
}

func (d *decoder) unseenStatus(item *node) UnseenStatus {
	one := UnseenStatus{Operation: d.needed(item, "operation"), Reason: d.needed(item, "reason")}
	status, err := strconv.Atoi(fmt.Sprint(item.get("status").plainValue()))
	if err != nil {
		d.p.at(item, "status must be a number")
	}
	one.Status = status
	return one
}

// needed is a text that must be there.
func (d *decoder) needed(n *node, key string) string {
	text := d.text(n.get(key), key)
	if text == "" {
		d.p.at(n, "%s is missing", key)
	}
	return text
}
