//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
	"time"
)

// cpuTime is what the process has had of the processors.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// peakKB is the most memory that a process held, in kB; 0 where the system does not tell.
func peakKB(ended *os.ProcessState) int {
	usage, ok := ended.SysUsage().(*syscall.Rusage)
	if !ok || runtime.GOOS != "linux" { // others count in other units
		return 0
	}
	return int(usage.Maxrss)
}
