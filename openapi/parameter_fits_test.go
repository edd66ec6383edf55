package openapi

import (
	"math"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/release"
)

// TestSurelyFits_isRight holds that what is plain to fit does fit, by the library, and that most parameters are plain.
func TestSurelyFits_isRight(t *testing.T) {
	t.Parallel()
	plain, all := 0, 0
	for _, v := range []release.Version{release.Oldest, release.Reference, release.Newest} {
		for _, op := range GitLab().At(v).Operations() {
			r := op.requestPart()
			for i := range r.schemas {
				all++
				values := []any{
					nil, "", "a", "1", "ä", "\x00", "passed", "2026-01-01", int64(0), int64(-1), int64(math.MaxInt64),
					true, false,
				}
				for _, word := range r.parameters[i].Enum {
					values = append(values, word, word+"x")
				}
				fits := false
				for _, value := range values {
					if r.schemas[i].surelyFits(value) {
						fits = true
						assert.NilError(t, r.schemas[i].full.VisitJSON(value), "%s %s %v", op.ID,
							r.parameters[i].Name, value)
					}
				}
				if fits {
					plain++
				}
			}
		}
	}
	assert.Assert(t, plain*3 > all, "%d of %d", plain, all)
}
