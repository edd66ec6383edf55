package conformance_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/mockserver"
)

// TestExplore_mockAgainstMock walks two mocks, one of them late with everything, and finds no difference.
func TestExplore_mockAgainstMock(t *testing.T) {
	t.Parallel()
	for _, lag := range []time.Duration{0, 300 * time.Millisecond} {
		for seed := range uint64(4) {
			t.Run(fmt.Sprintf("lag %s seed %d", lag, seed), func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T) {
					target, reference := mock(t, func(m *mockserver.Options) { m.Lag = mockserver.Lag{Min: lag, Max: lag} }), mock(t, nil)
					e, err := conformance.Explore(t.Context(), target, reference, conformance.ExploreOptions{Seed: seed, Steps: 120})
					assert.NilError(t, err)
					var text strings.Builder
					assert.NilError(t, e.WriteText(&text, conformance.TextOptions{}, ""))
					assert.Equal(t, e.ExitCode(), conformance.ExitConformant, text.String())
					assert.Equal(t, e.Steps, 120)
					assert.Equal(t, len(e.Left), 0, text.String())
				})
			})
		}
	}
}
