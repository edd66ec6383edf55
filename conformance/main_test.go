package conformance_test

import (
	"flag"
	"os"
	"runtime/debug"
	"testing"
)

// TestMain has garbage collected less often while there is memory, as tests that run side by side make many small
// servers. GOGC and GOMEMLIMIT in the environment win.
func TestMain(m *testing.M) {
	flag.Parse()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(2 << 30)
	}
	os.Exit(m.Run())
}
