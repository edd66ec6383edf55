package main

import (
	"log/slog"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// memoryShare is how much of the memory that a container may have the garbage collector reckons with.
const memoryShare = 0.9

// boundMemory keeps within what a container may have, rather than to be ended by it. GOMEMLIMIT in the environment wins.
func boundMemory(limit memlimit.Provider, log *slog.Logger) {
	before := debug.SetMemoryLimit(-1)
	bound, err := memlimit.Set(memlimit.WithProvider(limit), memlimit.WithRatio(memoryShare))
	if err == nil && bound > 0 && bound != before {
		log.Info("memory is bounded to 90 % of what the container may have, as GOMEMLIMIT does", "bytes", bound)
	}
}
