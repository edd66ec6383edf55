package conformance_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/release"
)

// sharded runs scenarios against a mock of its own, and reads the report as it is written. The mock is judged as an
// older release, so that scenarios fail.
func sharded(t *testing.T, shard conformance.Shard) *conformance.Report {
	t.Helper()
	o := mock(t, nil)
	o.Only, o.Shard, o.Command = []string{"respond", "retry", "history.retry*"}, shard, "statuschecks verify"
	o.AssumeVersion = release.Version{Major: 15, Minor: 6}
	if shard.Count > 0 {
		o.Command += " --shard " + shard.String()
	}
	report, err := conformance.Run(t.Context(), o.Target, o.RunOptions)
	assert.NilError(t, err)
	var text bytes.Buffer
	assert.NilError(t, report.WriteJSON(&text))
	read, err := conformance.ReadReport("report.json", text.Bytes())
	assert.NilError(t, err)
	return read
}

// asOfAnyRun ignores what differs from run to run: times, ids in the responses that are shown, numbers of responses.
var asOfAnyRun = cmp.Options{
	cmpopts.IgnoreFields(conformance.RunReport{}, "Seconds", "Started"),
	cmpopts.IgnoreFields(conformance.Result{}, "Seconds", "Failure", "Before"),
	cmpopts.IgnoreFields(conformance.Cause{}, "Finding"),
	cmp.Transformer("statuses", func(c conformance.Coverage) []any {
		var statuses []int
		for status := range c.Statuses {
			statuses = append(statuses, status)
		}
		return []any{c.Operation, statuses, c.Missing}
	}),
	cmpopts.SortSlices(func(a, b int) bool { return a < b }),
}

func TestMergeReports_isTheReportOfOneRun(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		whole := sharded(t, conformance.Shard{})
		assert.Equal(t, whole.Verdict, conformance.NotConformant)
		assert.Assert(t, len(whole.Causes) > 1, "%d causes", len(whole.Causes))
		var parts []*conformance.Report
		for _, index := range []int{3, 1, 2} {
			part := sharded(t, conformance.Shard{Index: index, Count: 3})
			assert.Assert(t, len(part.Scenarios) < len(whole.Scenarios)/2)
			parts = append(parts, part)
		}
		merged, err := conformance.MergeReports([]string{"c", "a", "b"}, parts)
		assert.NilError(t, err)
		assert.DeepEqual(t, merged, whole, asOfAnyRun)
	})
}

func TestMergeReports_refusesWhatDoesNotBelongTogether(t *testing.T) {
	t.Parallel()
	part := func(change func(*conformance.Report)) *conformance.Report {
		r := &conformance.Report{}
		r.Target.URL, r.Run.Shard, r.Run.Catalogue.Digest = "https://gitlab.example.com", "1/2", "sha256:0"
		change(r)
		return r
	}
	first := part(func(*conformance.Report) {})
	for want, second := range map[string]*conformance.Report{
		"b is the report of no shard; give files that verify --shard wrote": part(func(r *conformance.Report) {
			r.Run.Shard = ""
		}),
		"a is of the shard 1/2 and b of 2/3; give the shards of one run": part(func(r *conformance.Report) {
			r.Run.Shard = "2/3"
		}),
		"a and b are both of the shard 1/2; give one of them": first,
	} {
		_, err := conformance.MergeReports([]string{"a", "b"}, []*conformance.Report{first, second})
		assert.Error(t, err, want)
	}
	profile := &conformance.ProfileReport{Name: "p"}
	for what, change := range map[string]func(*conformance.Report){
		"the service":                    func(r *conformance.Report) { r.Target.Service = "http://127.0.0.1:3000/" },
		"the server":                     func(r *conformance.Report) { r.Target.URL = "https://other.example.com" },
		"its release":                    func(r *conformance.Report) { r.Target.Version = "16.0" },
		"the release that it says it is": func(r *conformance.Report) { r.Target.ReportedVersion = "15.0" },
		"its revision":                   func(r *conformance.Report) { r.Target.Revision = "0a1b2c3d4e5" },
		"its licence":                    func(r *conformance.Report) { r.Target.Licensed = true },
		"the version of this program":    func(r *conformance.Report) { r.Run.Product = "statuschecks/2" },
		"the scenarios":                  func(r *conformance.Report) { r.Run.Catalogue.Digest = "sha256:1" },
		"the selection":                  func(r *conformance.Report) { r.Run.Only = []string{"retry"} },
		"--strict":                       func(r *conformance.Report) { r.Run.Strict = true },
		"--max-wait":                     func(r *conformance.Report) { r.Run.MaxWait = "0s" },
		"the profile":                    func(r *conformance.Report) { r.Profile = profile },
	} {
		second := part(change)
		second.Run.Shard = "2/2"
		_, err := conformance.MergeReports([]string{"a", "b"}, []*conformance.Report{first, second})
		assert.Error(t, err, "a and b are not of one run: they differ in "+what)
	}
	_, err := conformance.MergeReports([]string{"a"}, []*conformance.Report{first})
	assert.Error(t, err, "the report of the shard 2/2 is missing")
	_, err = conformance.MergeReports(nil, nil)
	assert.ErrorContains(t, err, "there is no report to merge")
}

// The mocks that help to judge one service may be at any address, as judge --shard lets them listen anywhere.
func TestMergeReports_takesAnyMockThatHelps(t *testing.T) {
	t.Parallel()
	part := func(url, shard string) *conformance.Report {
		r := &conformance.Report{}
		r.Target.URL, r.Target.Service, r.Run.Shard = url, "http://127.0.0.1:3000/", shard
		return r
	}
	merged, err := conformance.MergeReports([]string{"a", "b"}, []*conformance.Report{
		part("http://127.0.0.1:1", "1/2"), part("http://127.0.0.1:2", "2/2"),
	})
	assert.NilError(t, err)
	assert.Equal(t, merged.Target.Service, "http://127.0.0.1:3000/")
}
