package gitlab

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"gotest.tools/v3/assert"
	"pgregory.net/rapid"
)

// Whatever the order in which responses are stored, replaced and removed, they are those that a plain list has, in the
// same order, and earlier versions of the state keep theirs.
func TestResponses_arePagesOfAList(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := New(Options{})
		rows := map[ResponseID]StatusCheckResponse{}
		for range rapid.IntRange(1, 5).Draw(t, "transactions") {
			earlier, before := s.Snapshot(), maps.Clone(rows)
			kept := rapid.Bool().Draw(t, "kept")
			_ = s.Update(time.Time{}, func(tx *Tx) error {
				for range rapid.IntRange(0, 60).Draw(t, "writes") {
					writeResponse(t, tx, rows)
				}
				sameResponses(t, tx, rows)
				if !kept {
					return errors.New("refused")
				}
				return nil
			})
			written := s.Snapshot()
			s.Restore(earlier)
			assert.NilError(t, s.View(time.Time{}, func(tx *Tx) error {
				sameResponses(t, tx, before)
				return nil
			}))
			if kept && rapid.Bool().Draw(t, "stays") {
				s.Restore(written)
			} else {
				rows = before
			}
		}
	})
}

// writeResponse stores a response, or removes all of a check, in the state and in a plain map.
func writeResponse(t *rapid.T, tx *Tx, rows map[ResponseID]StatusCheckResponse) {
	r := StatusCheckResponse{
		ID: ResponseID(rapid.IntRange(1, 200).Draw(t, "id")), Status: Passed,
		CheckID: CheckID(rapid.IntRange(1, 2).Draw(t, "check")), MergeRequestID: 7,
		SHA:       rapid.SampledFrom([]string{"a", "", "0123456789012345678901234567890123456789"}).Draw(t, "sha"),
		CreatedAt: epoch.Add(time.Duration(rapid.Int64Range(0, 1e12).Draw(t, "at"))),
	}
	if old, there := rows[r.ID]; there { // what a response is about never changes
		r.CheckID, r.SHA, r.Status, r.RetriedAt = old.CheckID, old.SHA, Failed, r.CreatedAt
	}
	if rapid.IntRange(0, 40).Draw(t, "kind") == 0 {
		removeAll(tx, responsePageTable, "id", key(r.CheckID))
		maps.DeleteFunc(rows, func(_ ResponseID, other StatusCheckResponse) bool { return other.CheckID == r.CheckID })
		return
	}
	tx.storeResponse(r)
	rows[r.ID] = r
}

func sameResponses(t *rapid.T, tx *Tx, rows map[ResponseID]StatusCheckResponse) {
	want := slices.SortedFunc(maps.Values(rows), func(a, b StatusCheckResponse) int {
		return cmp.Compare(key(a.CheckID, a.MergeRequestID, keySHA(a.SHA), a.ID),
			key(b.CheckID, b.MergeRequestID, keySHA(b.SHA), b.ID))
	})
	assert.Assert(t, slices.Equal(tx.responses(""), want))
	for _, r := range want {
		found, ok := tx.response(r.CheckID, r.MergeRequestID, r.SHA, r.ID)
		assert.Assert(t, ok && found == r)
	}
	_, ok := tx.response(1, 7, "a", 1000)
	assert.Assert(t, !ok)
	each(tx, responsePageTable, "id", "", func(p responsePage) bool {
		assert.Assert(t, len(p.Responses) > 0 && len(p.Responses) <= responsesInPage)
		return true
	})
}
