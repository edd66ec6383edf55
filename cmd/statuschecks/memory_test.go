package main

import (
	"bytes"
	"errors"
	"log/slog"
	"math"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"gotest.tools/v3/assert"
)

func TestBoundMemory(t *testing.T) { // not parallel: the bound and the environment are those of the process
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(-1))
	tests := map[string]struct {
		limit   memlimit.Provider
		environ string
		bound   int64
	}{
		"a container":                  {memlimit.Limit(1000 << 20), "", 900 << 20},
		"a container, and a given one": {memlimit.Limit(1000 << 20), "2GiB", math.MaxInt64},
		"no container":                 {func() (uint64, error) { return 0, memlimit.ErrNoLimit }, "", math.MaxInt64},
		"something that cannot be read": {
			func() (uint64, error) { return 0, errors.New("no such file") }, "",
			math.MaxInt64,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			debug.SetMemoryLimit(math.MaxInt64)
			if test.environ != "" {
				t.Setenv("GOMEMLIMIT", test.environ)
			}
			var log bytes.Buffer
			boundMemory(test.limit, slog.New(slog.NewTextHandler(&log, nil)))
			assert.Equal(t, debug.SetMemoryLimit(-1), test.bound)
			assert.Equal(t, strings.Contains(log.String(), "memory is bounded"), test.bound != math.MaxInt64,
				log.String())
		})
	}
}

// The more is in use, the less the heap grows beyond it, down to what is usual.
func TestLazily(t *testing.T) {
	t.Parallel()
	for inUse, percent := range map[uint64]int{0: 400, 5 << 20: 400, 16 << 20: 200, 32 << 20: 100, 4 << 30: 100} {
		assert.Equal(t, lazily(inUse), percent)
	}
}
