// Package tooltest is for tests that take a program or a part of the machine that not every machine has.
package tooltest

import (
	"os"
	"os/exec"
	"testing"
)

// Need skips a test if a program is not on this machine. Where REQUIRE_TOOLS is 1, as in CI, the test fails instead.
func Need(tb testing.TB, programs ...string) {
	tb.Helper()
	for _, name := range programs {
		_, err := exec.LookPath(name)
		NoTrouble(tb, name, err)
	}
}

// NoTrouble skips a test if what it takes is missing, as an error says. Where REQUIRE_TOOLS is 1, the test fails.
func NoTrouble(tb testing.TB, needed string, err error) {
	tb.Helper()
	if err == nil {
		return
	}
	if os.Getenv("REQUIRE_TOOLS") == "1" {
		tb.Fatalf("this test takes %s: %v", needed, err)
	}
	tb.Skipf("this test takes %s, which this machine has not: %v", needed, err)
}
