package conformance

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/openapi"
)

// MergeReports joins the reports of all shards of a run. The result is the report of the whole run, with the verdict
// that it would have: only ids, times and numbers of responses differ. names are the files of the reports, for errors.
// The error is a *UsageError if the reports do not belong together, or if one is missing.
func MergeReports(names []string, reports []*Report) (*Report, error) {
	shards, err := inOrder(names, reports)
	if err != nil {
		return nil, err
	}
	first := shards[0]
	merged := &Report{
		Format: first.Format, Target: first.Target, Run: first.Run, Totals: map[string]int{},
		Coverage: mergedCoverage(shards),
	}
	merged.Target.Missing = map[string]string{}
	merged.Run.Shard = ""
	merged.Run.Command = strings.Replace(first.Run.Command, " --shard "+first.Run.Shard, "", 1)
	// The first shard has the most scenarios, as they are dealt out in turn.
	for i := range first.Scenarios {
		for _, r := range shards {
			if i < len(r.Scenarios) {
				merged.Scenarios = append(merged.Scenarios, r.Scenarios[i])
			}
		}
	}
	for _, r := range shards {
		merged.add(r)
	}
	merged.Profile = first.Profile.over(merged.Scenarios)
	for _, cause := range merged.causes() {
		merged.Causes = append(merged.Causes, cause.Cause)
	}
	merged.judge()
	return merged, nil
}

// inOrder are the reports by their shards, if they are all of one run.
func inOrder(names []string, reports []*Report) ([]*Report, error) {
	var shards []*Report
	var from []string
	for i, r := range reports {
		shard, err := ParseShard(r.Run.Shard)
		if err != nil {
			return nil, usage("%s is the report of no shard; give files that verify --shard wrote", names[i])
		}
		if shards == nil {
			shards, from = make([]*Report, shard.Count), make([]string, shard.Count)
		}
		switch {
		case shard.Count != len(shards):
			return nil, usage("%s is of the shard %s and %s of %s; give the shards of one run", names[0],
				reports[0].Run.Shard, names[i], r.Run.Shard)
		case shards[shard.Index-1] != nil:
			return nil, usage("%s and %s are both of the shard %s; give one of them", from[shard.Index-1], names[i],
				shard)
		}
		if what := differs(reports[0], r); what != "" {
			return nil, usage("%s and %s are not of one run: they differ in %s", names[0], names[i], what)
		}
		shards[shard.Index-1], from[shard.Index-1] = r, names[i]
	}
	for i, r := range shards {
		if r == nil {
			return nil, usage("the report of the shard %s is missing", Shard{i + 1, len(shards)})
		}
	}
	if len(shards) == 0 {
		return nil, usage("there is no report to merge; give files that verify --shard wrote")
	}
	return shards, nil
}

// differs says in what two reports differ that those of one run have in common; empty if in nothing. The mock that
// helps to judge a service may be another one for each shard.
func differs(a, b *Report) string {
	for _, one := range []struct{ what, a, b string }{
		{"the service", a.Target.Service, b.Target.Service},
		{"the server", a.Target.judged(), b.Target.judged()},
		{"its release", a.Target.Version, b.Target.Version},
		{"the release that it says it is", a.Target.ReportedVersion, b.Target.ReportedVersion},
		{"its revision", a.Target.Revision, b.Target.Revision},
		{"its licence", fmt.Sprint(a.Target.Licensed), fmt.Sprint(b.Target.Licensed)},
		{"the version of this program", a.Run.Product, b.Run.Product},
		{"the scenarios", a.Run.Catalogue.Digest, b.Run.Catalogue.Digest},
		{"the selection", fmt.Sprint(a.Run.Only, a.Run.Levels), fmt.Sprint(b.Run.Only, b.Run.Levels)},
		{"--strict", fmt.Sprint(a.Run.Strict), fmt.Sprint(b.Run.Strict)},
		{"--max-wait", a.Run.MaxWait, b.Run.MaxWait},
		{"the profile", a.Profile.name(), b.Profile.name()},
	} {
		if one.a != one.b {
			return one.what
		}
	}
	return ""
}

// add takes from the report of a shard what is counted or listed.
func (r *Report) add(shard *Report) {
	for outcome, n := range shard.Totals {
		r.Totals[outcome] += n
	}
	maps.Copy(r.Target.Missing, shard.Target.Missing) // each shard asks for what its scenarios need
	for _, finding := range shard.Fixtures {
		if !slices.Contains(r.Fixtures, finding) {
			r.Fixtures = append(r.Fixtures, finding)
		}
	}
	r.Remaining = append(r.Remaining, shard.Remaining...)
	r.Stays = append(r.Stays, shard.Stays...)
	r.Refused += shard.Refused
	r.Run.Interrupted = r.Run.Interrupted || shard.Run.Interrupted
	r.Run.Seconds = max(r.Run.Seconds, shard.Run.Seconds)
	if shard.Run.Started.Before(r.Run.Started) {
		r.Run.Started = shard.Run.Started
	}
}

// mergedCoverage adds the responses of all shards, in the order of the contract. A status is missing if no shard met
// it.
func mergedCoverage(shards []*Report) []Coverage {
	rows := map[string]*Coverage{}
	for _, r := range shards {
		for _, of := range r.Coverage {
			row := rows[of.Operation]
			if row == nil {
				row = &Coverage{Operation: of.Operation, Statuses: map[int]int{}, Missing: slices.Clone(of.Missing)}
				rows[of.Operation] = row
			}
			for status, n := range of.Statuses {
				row.Statuses[status] += n
			}
		}
	}
	var merged []Coverage
	for _, op := range openapi.GitLab().Operations() {
		if row := rows[op.ID]; row != nil {
			row.Missing = slices.DeleteFunc(row.Missing, func(status int) bool { return row.Statuses[status] > 0 })
			if len(row.Missing) == 0 {
				row.Missing = nil
			}
			merged = append(merged, *row)
		}
	}
	return merged
}

func (r *ProfileReport) name() string {
	if r == nil {
		return ""
	}
	return r.Name
}

// over is what the profile of a report says about other results.
func (r *ProfileReport) over(results []Result) *ProfileReport {
	if r == nil {
		return nil
	}
	p, fits := &Profile{Name: r.Name, Summary: r.Summary}, map[string]int{}
	for _, entry := range r.Differences {
		maps.Copy(fits, entry.Fits)
		difference := Difference{KnownDifference: entry.KnownDifference}
		for _, pattern := range entry.Scenarios {
			difference.Scenarios = append(difference.Scenarios, ProfilePattern{Text: pattern})
		}
		p.Differences = append(p.Differences, difference)
	}
	return p.report(results, fits)
}
