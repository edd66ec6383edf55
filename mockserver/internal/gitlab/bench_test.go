package gitlab

import (
	"fmt"
	"testing"
)

// The size of a large world.
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
				tx.SeedResponse(StatusCheckResponse{
					MergeRequestID: mr.ID, CheckID: s.check, SHA: mr.HeadSHA,
					Status: Failed,
				})
			}
		}
		for range keptAuditEvents { // the log is full
			tx.auditResponse(s.actor(tx, "developer"), template, ExternalStatusCheck{ID: s.check},
				StatusCheckResponse{})
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
			if s == nil { // only once for all rounds
				s = newScene(b, Options{})
				world.fill(s)
			}
			b.ReportAllocs()
			run(b, s)
		})
	}
}

// spread picks merge requests from all over the world, in an order that repeats.
func spread(s *scene) func() MergeRequestIID {
	newest := MergeRequestIID(0)
	s.see(func(tx *Tx) {
		mr, _ := last(tx, mergeRequestTable, "iid", key(s.project))
		newest = mr.IID
	})
	next := uint64(0)
	return func() MergeRequestIID {
		next += 0x9E3779B97F4A7C15
		return MergeRequestIID(next>>20%uint64(newest)) + 1
	}
}

func BenchmarkRespond(b *testing.B) {
	worlds(b, func(b *testing.B, s *scene) {
		pick := spread(s)
		for b.Loop() {
			err := s.state.Update(s.now, func(tx *Tx) error {
				mr, err := tx.MergeRequest(s.project, pick())
				if err != nil {
					return err
				}
				_, _, err = tx.Respond(s.actor(tx, "developer"), mr, NewResponse{
					CheckID: s.check, SHA: &mr.HeadSHA,
					Status: Passed,
				})
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
		pick := spread(s)
		for b.Loop() {
			_ = s.state.View(s.now, func(tx *Tx) error {
				mr, err := tx.MergeRequest(s.project, pick())
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

// BenchmarkDelete removes a check with a million responses, and one without any.
func BenchmarkDelete(b *testing.B) {
	worlds(b, func(b *testing.B, s *scene) {
		before := s.state.Snapshot()
		defer s.state.Restore(before)
		for b.Loop() {
			b.StopTimer()
			s.state.Restore(before)
			b.StartTimer()
			_ = s.state.Update(s.now, func(tx *Tx) error {
				c, err := tx.ExternalStatusCheck(s.project, s.check)
				if err == nil {
					tx.DeleteExternalStatusCheck(s.actor(tx, "owner"), s.projectIn(tx), c)
				}
				return err
			})
		}
	})
}
