package openapi

import (
	"testing"

	"github.com/statuschecks/statuschecks/release"
)

// BenchmarkOpen measures the time before a program can list the operations of GitLab 18.9, without any cache.
func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		d := openGitLab().At(release.Reference)
		if len(d.Operations()) == 0 {
			b.Fatal("no operations")
		}
	}
}

// BenchmarkFirstUse measures the time of the first request to an operation.
func BenchmarkFirstUse(b *testing.B) {
	for _, id := range []string{
		"listExternalStatusChecks", "listMergeRequestStatusChecks", "createStatusCheckResponse", "updateProject",
		"listMergeRequests",
	} {
		b.Run(id, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				o := openGitLab().At(release.Reference).Operation(id)
				b.StartTimer()
				o.Parameters()
			}
		})
		b.Run(id+"/answers", func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				o := openGitLab().At(release.Reference).Operation(id)
				b.StartTimer()
				o.answerPart()
			}
		})
	}
}

func BenchmarkCheckParameters(b *testing.B) {
	list := GitLab().At(release.Reference).Operation("listMergeRequestStatusChecks")
	respond := GitLab().At(release.Reference).Operation("createStatusCheckResponse")
	b.Run("list", func(b *testing.B) {
		values := map[string]any{"id": "6", "merge_request_iid": "4"}
		b.ReportAllocs()
		for b.Loop() {
			if found := list.CheckParameters(values); found != nil {
				b.Fatal(found)
			}
		}
	})
	b.Run("respond", func(b *testing.B) {
		values := map[string]any{
			"id": "6", "merge_request_iid": int64(4), "external_status_check_id": int64(1),
			"sha": "141be9714669a4c1ccaa013c6a7f3e462ff2a40f", "status": "passed",
		}
		b.ReportAllocs()
		for b.Loop() {
			if found := respond.CheckParameters(values); found != nil {
				b.Fatal(found)
			}
		}
	})
}
