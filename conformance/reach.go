package conformance

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/conformance/internal/contract"
	"github.com/statuschecks/statuschecks/conformance/internal/reader"
	"github.com/statuschecks/statuschecks/conformance/scenario"
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
func ReachOf(all []*scenario.Scenario, unseen *Unseen) []Reach {
	asked := map[string][]string{}
	for _, s := range all {
		for i := range s.Steps {
			for _, key := range asks(&s.Steps[i]) {
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
		for _, status := range contract.GitLab().Documented(op.ID) {
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
func asks(s *scenario.Step) []string {
	if s.Kind() != "call" || s.Raw != nil && s.Raw.Method+s.Raw.Prefix+s.Raw.Suffix != "" {
		return nil
	}
	var keys []string
	for _, status := range wanted(s) {
		keys = append(keys, s.Call+" "+strconv.Itoa(status))
	}
	for _, name := range given(s) {
		keys = append(keys, s.Call+" "+name)
	}
	return keys
}

// wanted are the statuses that satisfy a step; without a word about them those of success.
func wanted(s *scenario.Step) []int {
	if s.Expect != nil && len(s.Expect.Status) > 0 {
		return s.Expect.Status
	}
	return slices.DeleteFunc(slices.Clone(contract.GitLab().Documented(s.Call)),
		func(status int) bool { return status < 200 || status > 299 })
}

// given are the parameters that a step's request carries, those included that the suite adds.
func given(s *scenario.Step) []string {
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

// unseenReader reads what there is no scenario for.
type unseenReader struct{ reader.Reader }

// LoadUnseen returns the facts and statuses for which the catalogue has no scenario.
func LoadUnseen() (*Unseen, error) {
	p := reader.NewProblems("unseen.yaml", scenarios.Unseen)
	root := reader.Parse(scenarios.Unseen, p)
	u := &Unseen{}
	if root != nil {
		d := &unseenReader{reader.Reader{P: p}}
		for _, item := range d.List(root.Get("statuses"), "statuses") {
			u.Statuses = append(u.Statuses, d.unseenStatus(item))
		}
		for _, item := range d.List(root.Get("facts"), "facts") {
			u.Facts = append(u.Facts, UnseenFact{
				Fact: d.needed(item, "fact"), Source: d.needed(item, "source"), Evidence: d.Word(item.Get("evidence"),
					"evidence mark", scenario.Evidences), Reason: d.needed(item, "reason"),
			})
		}
	}
	return u, scenario.NewLoadError(reader.Found(p, scenario.NewProblem))
}

func (d *unseenReader) unseenStatus(item *reader.Node) UnseenStatus {
	one := UnseenStatus{Operation: d.needed(item, "operation"), Reason: d.needed(item, "reason")}
	status, err := strconv.Atoi(fmt.Sprint(item.Get("status").Plain()))
	if err != nil {
		d.P.At(item, "status must be a number")
	}
	one.Status = status
	return one
}

// needed is a text that must be there.
func (d *unseenReader) needed(n *reader.Node, key string) string {
	text := d.Text(n.Get(key), key)
	if text == "" {
		d.P.At(n, "%s is missing", key)
	}
	return text
}
