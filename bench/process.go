package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/statuschecks/statuschecks/openapi"

	"github.com/statuschecks/statuschecks/bench/internal/bare"
)

// starts is how often the program is started to see how soon it answers.
const starts = 21

// processRows measure the program as a process.
func processRows(ctx context.Context, s settings) ([]row, error) {
	rows, err := startRows(ctx, s)
	if err != nil {
		return nil, err
	}
	judged, err := verifyRows(ctx, s)
	return append(rows, judged...), err
}

// build makes the programs that are not given as releases are made, and puts them into the settings.
func build(ctx context.Context, s *settings) (discard func(), err error) {
	folder, err := os.MkdirTemp("", "statuschecks-bench")
	if err != nil {
		return nil, err
	}
	discard = func() { _ = os.RemoveAll(folder) }
	for _, program := range []struct {
		path    *string
		of      string
		command string
	}{
		{&s.program, "./cmd/statuschecks", "statuschecks"},
		{&s.bare, "./bench/internal/bare/server", "bare"},
	} {
		if *program.path != "" {
			continue
		}
		*program.path = filepath.Join(folder, program.command)
		building := exec.CommandContext(ctx, "go", "build", "-ldflags", "-s -w", "-o", *program.path, program.of)
		building.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := building.CombinedOutput(); err != nil {
			discard()
			return nil, fmt.Errorf("build the program %s: %w\n%s", program.of, err, out)
		}
	}
	return discard, nil
}

// startRows compare how soon the program and the bare one answer, in turns.
func startRows(ctx context.Context, s settings) ([]row, error) {
	folder, err := os.MkdirTemp("", "statuschecks-bare")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if err := bare.WriteFile(folder, "0", []byte(`{"version":"18.9.0"}`), nil); err != nil {
		return nil, err
	}
	var times, least []time.Duration
	var memories []int
	for range starts {
		took, memory, err := startOnce(ctx, firstAnswer, s.program, "serve", "--listen", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		times, memories = append(times, took), append(memories, memory)
		if took, _, err = startOnce(ctx, firstBareAnswer, s.bare, folder); err != nil {
			return nil, err
		}
		least = append(least, took)
	}
	start, of, memory := median(times), median(least), median(memories)
	ratio := start.Seconds() / of.Seconds()
	rows := []row{{
		"from the start of serve to its first answer, to that of a bare program",
		fmt.Sprintf("%.1f (%s to %s)", ratio, start.Round(100*time.Microsecond), of.Round(100*time.Microsecond)),
		"≤ 1.5, or 12 ms", ratio <= 1.5 || start <= 12*time.Millisecond,
	}}
	if memory > 0 {
		rows = append(rows, row{
			"memory of an idle serve (RSS)", fmt.Sprintf("%.1f MB", float64(memory)/1024),
			"≤ 35 MB", memory <= 35*1024,
		})
	}
	return rows, nil
}

// startOnce starts a program, gets its first answer and ends it. The memory is in kB; 0 where the system does not tell.
func startOnce(
	ctx context.Context, answer func(context.Context, io.Reader) error, program string, args ...string,
) (took time.Duration, memory int, err error) {
	command := exec.CommandContext(ctx, program, args...)
	out, err := command.StdoutPipe()
	if err != nil {
		return 0, 0, err
	}
	begin := time.Now()
	if err := command.Start(); err != nil {
		return 0, 0, err
	}
	err = answer(ctx, out)
	took = time.Since(begin)
	if err == nil {
		time.Sleep(300 * time.Millisecond) // let it come to rest
		memory = residentKB(command.Process.Pid)
	}
	stopped := errors.Join(command.Process.Signal(syscall.SIGTERM), command.Wait())
	return took, memory, errors.Join(err, stopped)
}

// firstBareAnswer is firstAnswer for the bare program, which says where it listens and nothing else.
func firstBareAnswer(ctx context.Context, out io.Reader) error {
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return fmt.Errorf("read the ready line of the bare program: %w", err)
	}
	first := exchange{method: http.MethodGet, url: strings.TrimSpace(line) + "/0/200", status: http.StatusOK}
	_, err = first.send(ctx, newClient(1))
	return err
}

// firstAnswer reads where the mock listens, and asks it for its version.
func firstAnswer(ctx context.Context, out io.Reader) error {
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("read the ready line: %w", err)
	}
	var ready struct {
		API    string            `json:"api"`
		Tokens map[string]string `json:"tokens"`
	}
	if err := json.Unmarshal(line, &ready); err != nil {
		return fmt.Errorf("read the ready line: %w", err)
	}
	first := exchange{
		method: http.MethodGet, url: ready.API + openapi.GitLab().Operation("getVersion").Path,
		token: ready.Tokens["root"], status: http.StatusOK,
	}
	_, err = first.send(ctx, newClient(1))
	return err
}

// residentKB is how much memory a process holds, on Linux.
func residentKB(pid int) int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, _ := strconv.Atoi(strings.Fields(rest)[0])
			return kb
		}
	}
	return 0
}

// processCost is what a process that has ended took.
type processCost struct {
	took, cpu time.Duration
	peak      int // of its memory, in kB
}

// verifyRows measure a whole verify of the built-in mock, which must find it conformant, and that of an older program.
func verifyRows(ctx context.Context, s settings) ([]row, error) {
	programs := []string{s.program}
	if s.old != "" {
		programs = append(programs, s.old)
	}
	costs := make([][]processCost, len(programs))
	for range 5 {
		for i, program := range programs {
			cost, err := verifyOnce(ctx, program)
			if err != nil {
				return nil, err
			}
			costs[i] = append(costs[i], cost)
		}
	}
	const what = "verify --builtin, all scenarios"
	took := each(costs, func(c processCost) time.Duration { return c.took })
	cpu := each(costs, func(c processCost) time.Duration { return c.cpu })
	peak := each(costs, func(c processCost) int { return c.peak })
	rows := []row{
		{what, beside(took, inHundredths), "≤ 0.70 s", took[0] <= 700*time.Millisecond},
		{what + ", CPU time", beside(cpu, inHundredths), "≤ 1.30 s", cpu[0] <= 1300*time.Millisecond},
	}
	if peak[0] > 0 {
		rows = append(rows, row{what + ", most memory (RSS)", beside(peak, inMB), "≤ 150 MB", peak[0] <= 150*1024})
	}
	return rows, nil
}

// each is the median of a part of the costs of each program.
func each[T int | time.Duration](costs [][]processCost, part func(processCost) T) []T {
	medians := make([]T, len(costs))
	for i, of := range costs {
		values := make([]T, len(of))
		for n, c := range of {
			values[n] = part(c)
		}
		medians[i] = median(values)
	}
	return medians
}

// beside shows what was measured of the program and, if there is one, of the older program.
func beside[T any](of []T, show func(T) string) string {
	if len(of) > 1 {
		return show(of[0]) + ", before " + show(of[1])
	}
	return show(of[0])
}

func inHundredths(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

func inMB(kb int) string { return fmt.Sprintf("%.0f MB", float64(kb)/1024) }

func verifyOnce(ctx context.Context, program string) (processCost, error) {
	command := exec.CommandContext(ctx, program, "verify", "--builtin")
	begin := time.Now()
	if out, err := command.CombinedOutput(); err != nil {
		return processCost{}, fmt.Errorf("verify --builtin: %w\n%s", err, out)
	}
	state := command.ProcessState
	return processCost{time.Since(begin), state.UserTime() + state.SystemTime(), peakKB(state)}, nil
}
