package main

import (
	"os"
	"syscall"
	"time"
)

// cpuTime is what the process has had of the processors.
func cpuTime() time.Duration {
	process, err := syscall.GetCurrentProcess()
	if err != nil {
		return 0
	}
	var created, ended, kernel, user syscall.Filetime
	if err := syscall.GetProcessTimes(process, &created, &ended, &kernel, &user); err != nil {
		return 0
	}
	return spent(kernel) + spent(user)
}

// spent reads an amount of time that Windows writes as a Filetime, in units of 100 ns.
func spent(t syscall.Filetime) time.Duration {
	return time.Duration(int64(t.HighDateTime)<<32|int64(t.LowDateTime)) * 100
}

// peakKB is 0, as Windows does not tell.
func peakKB(*os.ProcessState) int { return 0 }
