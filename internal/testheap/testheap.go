// Package testheap is for packages whose tests make much that is soon garbage, such as many small servers.
package testheap

import (
	"flag"
	"os"
	"runtime/debug"
	"testing"
)

const (
	percent = 400     // how far the heap grows beyond what is in use
	most    = 2 << 30 // up to which size it grows so, in bytes
)

// Run runs the tests and has garbage collected less often while there is memory. GOGC and GOMEMLIMIT in the environment
// win. A TestMain calls it in place of m.Run.
func Run(m *testing.M) int {
	flag.Parse()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(most)
	}
	return m.Run()
}
