package gitlab

import (
	"fmt"
	"time"
)

// Clocks and the dates of a seed must lie within these limits. An instant far outside cannot be written as text, and
// sorts wrongly.
var (
	earliest = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
)

// CheckInstant refuses an instant outside the limits.
func CheckInstant(at time.Time) error {
	if at.Before(earliest) || at.After(latest) {
		return fmt.Errorf("the instant must lie between %s and %s", earliest.Format(time.RFC3339),
			latest.Format(time.RFC3339))
	}
	return nil
}
