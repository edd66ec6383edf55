package gitlab

import (
	"fmt"
	"testing"
)

// How much a large world holds.
const (
	manyMergeRequests = 100_000
	manyResponses     = 1_000_000
)

// crowd fills a scene's project.
func crowd(s *scene) {
	s.do(func(tx *Tx) {
		template := s.mrIn(tx)
		for i := range manyMergeRequests {
			mr := template
			mr.ID, mr.IID, mr.HeadSHA = 0, MergeRequestIID(i+2), fmt.Sprintf("%040x", i)
			mr = tx.InsertMergeRequest(mr)
			for range manyResponses / manyMergeRequests {
				tx.SeedResponse(StatusCheckResponse{MergeRequestID: mr.ID, CheckID: s.check, SHA: mr.HeadSHA, Status: Failed})
			}
		}
		for range keptAuditEvents { // the log is full
			tx.auditResponse(s.actor(tx, "developer"), template, ExternalStatusCheck{ID: s.check}, StatusCheckResponse{})
		}
	})
}

func worlds(b *testing.B, run func(*testing.B, *scene)) {
	for _, world := range []struct {
		name string
		fill func(*scene)
	}{{"empty", func(*scene) {}}, {"large", crowd}} {
		var s *scene
		b.Run(world.name, func(b *testing.B) {
			if s == nil { // once for all rounds
				s = newScene(b, Options{})
				world.fill(s)
			}
			b.ReportAllocs()
			run(b, s)
		})
	}
}

func BenchmarkRespond(b *testing.B) {
	worlds(b, func(b *testing.B, s *scene) {
		for b.Loop() {
			err := s.state.Update(s.now, func(tx *Tx) error {
				mr, err := tx.MergeRequest(s.project, 1)
				if err != nil {
					return err
				}
				_, _, err = tx.Respond(s.actor(tx, "developer"), mr, NewResponse{CheckID: s.check, SHA: &mr.HeadSHA, Status: Passed})
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkStatusOf(b *testing.B) {
	worlds(b, func(b *testing.B, s *scene) {
		for b.Loop() {
			_ = s.state.View(s.now, func(tx *Tx) error {
				mr, err := tx.MergeRequest(s.project, 1)
				if err != nil {
					return err
				}
				if !tx.CanOn(s.actor(tx, "developer"), ReadExternalStatusCheckResponse, mr) {
					b.Fatal("a developer cannot read")
				}
				for _, c := range tx.ApplicableChecks(mr) {
					tx.StatusOf(mr, c.ID)
				}
				return nil
			})
		}
	})
}
