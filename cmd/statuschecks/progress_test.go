package main

import (
	"bytes"
	"testing"
	"time"

	"gotest.tools/v3/assert"
)

// TestProgress_tellsWhyItWaits holds that a wait which the server asks for is told, with its length.
func TestProgress_tellsWhyItWaits(t *testing.T) {
	t.Parallel()
	for length, want := range map[time.Duration]string{
		2 * time.Minute:         "waiting 2 min as the server asks\n",
		90 * time.Second:        "waiting 90 s as the server asks\n",
		1200 * time.Millisecond: "waiting 2 s as the server asks\n",
	} {
		var out bytes.Buffer
		(&progress{to: &out}).slowed(length)
		assert.Equal(t, out.String(), want)
	}
}
