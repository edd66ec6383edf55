package tooltest

import (
	"errors"
	"fmt"
	"testing"

	"gotest.tools/v3/assert"
)

// recorder is a test that remembers what ended it.
type recorder struct {
	testing.TB
	ended string
}

func (r *recorder) Helper() {}

func (r *recorder) Fatalf(format string, values ...any) { r.end("failed", format, values) }

func (r *recorder) Skipf(format string, values ...any) { r.end("skipped", format, values) }

func (r *recorder) end(how, format string, values []any) {
	if r.ended == "" { // a real test would be over
		r.ended = how + ": " + fmt.Sprintf(format, values...)
	}
}

// ended tells how a test ends, with a value of REQUIRE_TOOLS.
func ended(t *testing.T, required string, run func(testing.TB)) string {
	t.Helper()
	t.Setenv("REQUIRE_TOOLS", required)
	r := &recorder{TB: t}
	run(r)
	return r.ended
}

func TestNeed(t *testing.T) {
	lacking := func(tb testing.TB) { NoTrouble(tb, "a terminal", errors.New("no device")) }
	assert.Equal(t, ended(t, "", lacking), "skipped: this test takes a terminal, which this machine has not: no device")
	assert.Equal(t, ended(t, "1", lacking), "failed: this test takes a terminal: no device")
	assert.Equal(t, ended(t, "1", func(tb testing.TB) { Need(tb, "go") }), "")
	assert.Equal(t, ended(t, "1", func(tb testing.TB) { Need(tb, "go", "no-such-program") }),
		`failed: this test takes no-such-program: exec: "no-such-program": executable file not found in $PATH`)
}
