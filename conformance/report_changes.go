package conformance

import (
	"encoding/json"
	"fmt"
	"time"
)

// Changes describes how a report differs from an earlier one.
type Changes struct {
	Since   Baseline `json:"since"`
	Failing []Change `json:"newly_failing,omitempty"` // worse than before, and not as expected now
	Fixed   []Change `json:"fixed,omitempty"`         // not as expected before, passed or a known difference now
	New     []Change `json:"new,omitempty"`           // not in the catalogue of the earlier run
	Gone    []Change `json:"gone,omitempty"`          // in the catalogue of the earlier run alone
	Other   []Change `json:"other,omitempty"`         // skipped now and not before, and the like
	Apart   int      `json:"not_compared,omitempty"`  // how many one of the runs was not asked for
}

// Baseline describes the earlier report of a comparison.
type Baseline struct {
	File    string    `json:"file"`
	Run     string    `json:"run"`
	URL     string    `json:"url"`
	Version string    `json:"version"`
	Started time.Time `json:"started"`
	Verdict Verdict   `json:"verdict"`
}

// Change is a scenario whose outcome changed.
type Change struct {
	ID      string   `json:"id"`
	Summary string   `json:"summary"`
	Before  *Outcome `json:"before,omitempty"` // absent when it is new
	After   *Outcome `json:"after,omitempty"`  // absent when it is gone
}

// String is the change in one line.
func (c Change) String() string {
	switch {
	case c.Before == nil:
		return fmt.Sprintf("%s: %s", c.ID, c.After)
	case c.After == nil:
		return fmt.Sprintf("%s: was %s", c.ID, c.Before)
	}
	return fmt.Sprintf("%s: %s, was %s", c.ID, c.After, c.Before)
}

// ReadReport reads a report that WriteJSON wrote. name is used in messages.
func ReadReport(name string, data []byte) (*Report, error) {
	var claimed struct {
		Format string `json:"format"`
	}
	if err := json.Unmarshal(data, &claimed); err != nil {
		return nil, usage("%s is no report: %v; give a file that --report json=FILE wrote", name, err)
	}
	if claimed.Format != ReportFormat {
		return nil, usage("%s is no report of the form %s, its format is %q; give a file that --report json=FILE wrote",
			name, ReportFormat, claimed.Format)
	}
	r := &Report{}
	if err := json.Unmarshal(data, r); err != nil {
		return nil, usage("%s is a damaged report: %v", name, err)
	}
	return r, nil
}

// CompareWith adds the changes since an earlier report. name is the name of its file.
func (r *Report) CompareWith(name string, earlier *Report) {
	c := &Changes{Since: Baseline{
		File: name, Run: earlier.Run.ID, URL: earlier.Target.URL, Version: earlier.Target.Version,
		Started: earlier.Run.Started, Verdict: earlier.Verdict,
	}}
	before := map[string]*Result{}
	for i := range earlier.Scenarios {
		before[earlier.Scenarios[i].ID] = &earlier.Scenarios[i]
	}
	now := map[string]bool{}
	for i := range r.Scenarios {
		now[r.Scenarios[i].ID] = true
		c.compare(before[r.Scenarios[i].ID], &r.Scenarios[i])
	}
	for i := range earlier.Scenarios {
		if old := &earlier.Scenarios[i]; !now[old.ID] {
			c.Gone = append(c.Gone, Change{ID: old.ID, Summary: old.Summary, Before: &old.Outcome})
		}
	}
	if !r.Run.whole() {
		c.Apart, c.Gone = c.Apart+len(c.Gone), nil
	}
	if !earlier.Run.whole() {
		c.Apart, c.New = c.Apart+len(c.New), nil
	}
	r.Changes = c
}

// whole says whether the run was asked for all scenarios of its catalogue.
func (r *RunReport) whole() bool { return r.Shard == "" && r.Catalogue.Chosen == r.Catalogue.Scenarios }

func (c *Changes) compare(before, after *Result) {
	change := Change{ID: after.ID, Summary: after.Summary, After: &after.Outcome}
	if before == nil {
		c.New = append(c.New, change)
		return
	}
	change.Before = &before.Outcome
	switch {
	case before.Outcome == after.Outcome:
	case after.Outcome >= Differed && after.Outcome > before.Outcome:
		c.Failing = append(c.Failing, change)
	case before.Outcome >= Differed && (after.Outcome == Passed || after.Outcome == Known):
		c.Fixed = append(c.Fixed, change)
	default:
		c.Other = append(c.Other, change)
	}
}

// groups are the kinds of change with their headings, the empty ones left out.
func (c *Changes) groups() []changeGroup {
	var groups []changeGroup
	for _, g := range []changeGroup{
		{"newly failing", c.Failing},
		{"fixed", c.Fixed},
		{"new", c.New},
		{"gone", c.Gone},
		{"otherwise changed", c.Other},
	} {
		if len(g.Changes) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

type changeGroup struct {
	Name    string
	Changes []Change
}
