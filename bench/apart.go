package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/statuschecks/statuschecks/bench/internal/bare"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// apart is a server in a process of its own, so that its CPU time is that of no client.
type apart struct {
	process *exec.Cmd
	calls   []exchange // what is measured at it
	made    int        // how many calls made something
}

// ticks is how many of the units in which Linux counts CPU time make a second.
const ticks = 100

// cpu is what the process has had of the processors; 0 where the system does not tell.
func (a *apart) cpu() time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", a.process.Process.Pid))
	if err != nil {
		return 0
	}
	const user, system = 11, 12 // behind the name
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	u, _ := strconv.Atoi(fields[user])
	s, _ := strconv.Atoi(fields[system])
	return time.Duration(u+s) * time.Second / ticks
}

func (a *apart) end() error {
	return errors.Join(a.process.Process.Signal(syscall.SIGTERM), a.process.Wait())
}

// startApart starts a program that prints a line when it is ready.
func startApart(ctx context.Context, program string, args ...string) (*apart, string, error) {
	command := exec.CommandContext(ctx, program, args...)
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	if err := command.Start(); err != nil {
		return nil, "", err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, "", fmt.Errorf("read the ready line of %s: %w", program, err)
	}
	return &apart{process: command}, line, nil
}

var readyURL = regexp.MustCompile(`"url":"([^"]*)"`)

// serveApart starts the mock, with the default world.
func serveApart(ctx context.Context, program string) (*apart, error) {
	a, line, err := startApart(ctx, program, "serve", "--listen", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	found := readyURL.FindStringSubmatch(line)
	if found == nil {
		return nil, errors.Join(fmt.Errorf("no URL in the ready line %q", line), a.end())
	}
	of, err := exchangesOf(strings.TrimSuffix(found[1], "/"), seed.Default())
	if err != nil {
		return nil, errors.Join(err, a.end())
	}
	poll, err := of.list.polled(ctx)
	a.calls = []exchange{of.list, poll, of.respond}
	return a, err
}

// bareApart starts the bare program twice: it answers each exchange as another server does, without and with all of the
// headers.
func bareApart(ctx context.Context, program string, like *apart) (both []*apart, err error) {
	folder, err := os.MkdirTemp("", "statuschecks-bare")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	for i, e := range like.calls {
		answer, headers, err := e.answer(ctx, newClient(1))
		if err == nil {
			err = bare.WriteFile(folder, strconv.Itoa(i), answer, headers)
		}
		if err != nil {
			return nil, err
		}
	}
	for _, way := range []string{"", "/headers"} {
		a, root, err := startApart(ctx, program, folder)
		if err != nil {
			return both, err
		}
		for i, e := range like.calls {
			e.url = fmt.Sprintf("%s/%d/%d%s", strings.TrimSpace(root), i, e.status, way)
			a.calls = append(a.calls, e)
		}
		both = append(both, a)
	}
	return both, nil
}

// load is what a client got of a server.
type load struct {
	rate float64       // requests a second
	cpu  time.Duration // of the server's process, for each request
}

// press sends an exchange as fast as a client can: wrk where it is installed, and else one that sends raw bytes.
func (a *apart) press(ctx context.Context, s settings, e *exchange) (load, error) {
	before := a.cpu()
	n, took, err := s.requests, time.Duration(0), error(nil)
	if wrk, missing := exec.LookPath("wrk"); missing == nil {
		n, took, err = pressWith(ctx, wrk, s, e)
	} else {
		var c cost
		c, err = flood(ctx, e, n, s.connections)
		took = c.took
	}
	if err != nil {
		return load{}, err
	}
	if e.status == http.StatusCreated {
		a.made += n
	}
	return load{perSecond(n, took), (a.cpu() - before) / time.Duration(max(1, n))}, nil
}

var (
	wrkDone  = regexp.MustCompile(`(\d+) requests in ([0-9.]+m?s)`)
	wrkWrong = regexp.MustCompile(`Non-2xx or 3xx responses: \d+|Socket errors: .*`)
)

// pressWith lets wrk send an exchange for a second.
func pressWith(ctx context.Context, wrk string, s settings, e *exchange) (n int, took time.Duration, err error) {
	script, err := os.CreateTemp("", "statuschecks-*.lua")
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = os.Remove(script.Name()) }()
	fmt.Fprintf(script, "wrk.method = %q\nwrk.headers[\"Private-Token\"] = %q\n", e.method, e.token)
	if e.body != nil {
		fmt.Fprintf(script, "wrk.headers[\"Content-Type\"] = \"application/json\"\nwrk.body = %q\n", e.body)
	}
	if e.known != "" {
		fmt.Fprintf(script, "wrk.headers[\"If-None-Match\"] = %q\n", e.known)
	}
	if err := script.Close(); err != nil {
		return 0, 0, err
	}
	out, err := exec.CommandContext(ctx, wrk, "-t", "1", "-c", strconv.Itoa(s.connections), "-d", "1s", "-s",
		script.Name(), e.url).CombinedOutput()
	found := wrkDone.FindSubmatch(out)
	if err != nil || found == nil || wrkWrong.Match(out) {
		return 0, 0, fmt.Errorf("wrk at %s: %w\n%s", e.url, errors.Join(err, io.ErrUnexpectedEOF), out)
	}
	n, _ = strconv.Atoi(string(found[1]))
	took, err = time.ParseDuration(string(found[2]))
	return n, took, err
}
