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
)

// starts is how often the program is started to see how soon it answers.
const starts = 21

// processRows measure the program as a process.
func processRows(ctx context.Context, s settings) ([]row, error) {
	program, discard, err := build(ctx, s.program)
	if err != nil {
		return nil, err
	}
	defer discard()
	var times []time.Duration
	var memories []int
	for range starts {
		took, memory, err := startOnce(ctx, program)
		if err != nil {
			return nil, err
		}
		times, memories = append(times, took), append(memories, memory)
	}
	start, memory := median(times), median(memories)
	rows := []row{{
		"from the start of serve to its first answer", start.Round(100 * time.Microsecond).String(),
		"≤ 15 ms", start <= 15*time.Millisecond,
	}}
	if memory > 0 {
		rows = append(rows, row{
			"memory of an idle serve (RSS)", fmt.Sprintf("%.1f MB", float64(memory)/1024),
			"≤ 35 MB", memory <= 35*1024,
		})
	}
	judged, err := verifyOnce(ctx, program)
	return append(rows, judged), err
}

// build makes the program, unless it is given.
func build(ctx context.Context, given string) (program string, discard func(), err error) {
	if given != "" {
		return given, func() {}, nil
	}
	folder, err := os.MkdirTemp("", "statuschecks-bench")
	if err != nil {
		return "", nil, err
	}
	discard = func() { _ = os.RemoveAll(folder) }
	program = filepath.Join(folder, "statuschecks")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", program, "./cmd/statuschecks").
		CombinedOutput(); err != nil {
		discard()
		return "", nil, fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return program, discard, nil
}

// startOnce starts serve, asks it for its version and ends it. The memory is in kB; 0 where the system does not tell.
func startOnce(ctx context.Context, program string) (took time.Duration, memory int, err error) {
	command := exec.CommandContext(ctx, program, "serve", "--listen", "127.0.0.1:0")
	out, err := command.StdoutPipe()
	if err != nil {
		return 0, 0, err
	}
	begin := time.Now()
	if err := command.Start(); err != nil {
		return 0, 0, err
	}
	took, err = firstAnswer(ctx, out, begin)
	if err == nil {
		time.Sleep(300 * time.Millisecond) // let it come to rest
		memory = residentKB(command.Process.Pid)
	}
	stopped := errors.Join(command.Process.Signal(syscall.SIGTERM), command.Wait())
	return took, memory, errors.Join(err, stopped)
}

func firstAnswer(ctx context.Context, out io.Reader, begin time.Time) (time.Duration, error) {
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		return 0, fmt.Errorf("read the ready line: %w", err)
	}
	var ready struct {
		API    string            `json:"api"`
		Tokens map[string]string `json:"tokens"`
	}
	if err := json.Unmarshal(line, &ready); err != nil {
		return 0, fmt.Errorf("read the ready line: %w", err)
	}
	first := exchange{
		method: http.MethodGet, url: ready.API + openapi.GitLab().Operation("getVersion").Path,
		token: ready.Tokens["root"], status: http.StatusOK,
	}
	_, err = first.send(ctx, newClient(1))
	return time.Since(begin), err
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

// verifyOnce times a whole verify of the built-in mock, and holds that it finds it conformant.
func verifyOnce(ctx context.Context, program string) (row, error) {
	var times []time.Duration
	for range 5 {
		begin := time.Now()
		if out, err := exec.CommandContext(ctx, program, "verify", "--builtin").CombinedOutput(); err != nil {
			return row{}, fmt.Errorf("verify --builtin: %w\n%s", err, out)
		}
		times = append(times, time.Since(begin))
	}
	took := median(times)
	return row{
		"verify --builtin, all scenarios", took.Round(10 * time.Millisecond).String(), "≤ 3 s",
		took <= 3*time.Second,
	}, nil
}
