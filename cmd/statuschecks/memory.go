package main

import (
	"log/slog"
	"runtime"
	"runtime/debug"
	"runtime/metrics"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// memoryShare is how much of the memory that a container may have the garbage collector reckons with.
const memoryShare = 0.9

// boundMemory keeps within what a container may have, rather than to be ended by it. GOMEMLIMIT in the environment
// wins.
func boundMemory(limit memlimit.Provider, log *slog.Logger) {
	before := debug.SetMemoryLimit(-1)
	bound, err := memlimit.Set(memlimit.WithProvider(limit), memlimit.WithRatio(memoryShare))
	if err == nil && bound > 0 && bound != before {
		log.Info("memory is bounded to 90 % of what the container may have, as GOMEMLIMIT does", "bytes", bound)
	}
}

const (
	// gcPercent lets the heap grow to five times what is in use before it is swept. What is in use is small as a rule,
	// so that the default would spend more time on sweeping than on answering. GOGC in the environment wins.
	gcPercent = 400
	// spareHeap is how much of that growth there is at most, in bytes, unless as much again as is in use is more.
	spareHeap = 32 << 20
)

// lazily is how far the heap may grow beyond what is in use, in percent of it.
func lazily(inUse uint64) int { return int(min(gcPercent, max(100, spareHeap*100/max(inUse, 1)))) }

// collectLazily sets the pace of the garbage collector, and sets it anew after each of its rounds.
func collectLazily() {
	debug.SetGCPercent(gcPercent)
	runtime.SetFinalizer(&pace{percent: gcPercent}, (*pace).adjust)
}

// pace is garbage that is found in each round of the collector. It is too large to share its place with others, which
// would keep it.
type pace struct {
	percent int
	_       [24]byte
}

func (p *pace) adjust() {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if percent := lazily(sample[0].Value.Uint64()); percent != p.percent {
		p.percent = percent
		debug.SetGCPercent(percent)
	}
	runtime.SetFinalizer(p, (*pace).adjust)
}
