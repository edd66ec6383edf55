package gitlab

import (
	"fmt"
	"time"
)

// Clocks, and what a seed dates, stay within these: what lies far outside cannot be written down, and sorts wrongly.
var (
	earliest = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
)

// CheckInstant refuses an instant that no clock can show.
func CheckInstant(at time.Time) error {
	if at.Before(earliest) || at.After(latest) {
		return fmt.Errorf("the instant must lie between %s and %s", earliest.Format(time.RFC3339),
			latest.Format(time.RFC3339))
	}
	return nil
}
