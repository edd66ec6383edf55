package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// startedService is the process of a service; without a command there is none.
type startedService struct {
	child *exec.Cmd
	// ended is closed when the child has ended, with outcome as what Wait said.
	ended   chan struct{}
	outcome error
	wrote   *transcript
	secrets []string // what it was given, and may have written
}

// transcript keeps what a process writes, up to a bound.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

const longestTranscript = 8 << 20

// Write keeps a piece.
func (t *transcript) Write(piece []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.text.Len() < longestTranscript {
		t.text.Write(piece)
	}
	return len(piece), nil
}

func (s *startedService) output() string {
	if s.wrote == nil {
		return ""
	}
	s.wrote.mu.Lock()
	defer s.wrote.mu.Unlock()
	return s.wrote.text.String()
}

// said is the end of what the service wrote, without the secrets that it was given.
func (s *startedService) said() string {
	text := s.output()
	for _, secret := range s.secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "…")
		}
	}
	lines := strings.Split(strings.TrimRight(text, "\r\n"), "\n")
	switch {
	case text == "":
		return "it wrote nothing"
	case len(lines) > mostSaid:
		return "it wrote at last:\n" + strings.Join(lines[len(lines)-mostSaid:], "\n")
	}
	return "it wrote:\n" + text
}

// mostSaid is how many lines of what a service wrote are shown.
const mostSaid = 20

// early says that the service has ended by itself.
func (s *startedService) early() error {
	select {
	case <-s.ended:
		return fmt.Errorf("the service ended while it was judged: %w; %s", s.outcome, s.said())
	default:
		return nil
	}
}

// How long a service may take to listen, and to end.
const (
	startTime = 30 * time.Second
	endTime   = 3 * time.Second
	reachTime = 3 * time.Second       // for one attempt to reach it
	knockTime = 50 * time.Millisecond // between two attempts
)

// start starts the service, if judge is to do that, and waits until it listens.
func (o *judgeOptions) start(ctx context.Context, j *judging) (*startedService, error) {
	s := &startedService{secrets: []string{o.serviceToken(), o.key}}
	if len(j.args) == 0 {
		return s, nil
	}
	address, err := addressOf(o.service)
	if err != nil {
		return nil, err
	}
	if knock(ctx, address) == nil {
		return nil, &exitError{exitNotJudged, fmt.Errorf("something listens at %s already, and would be judged in "+
			"place of the service; end it, or let the service listen elsewhere and say so with --service", address)}
	}
	s.wrote, s.ended = &transcript{}, make(chan struct{})
	// #nosec G204 -- the caller's own command
	s.child = exec.Command(j.args[0], j.args[1:]...)
	s.child.Env, s.child.Stdout, s.child.Stderr = j.environ, s.wrote, s.wrote
	s.child.WaitDelay = endTime
	inOwnGroup(s.child)
	if err := s.child.Start(); err != nil {
		return nil, notStarted(j.args[0], err)
	}
	go func() {
		s.outcome = s.child.Wait()
		if s.outcome == nil {
			s.outcome = errors.New(s.child.ProcessState.String())
		}
		close(s.ended)
	}()
	if err := s.listens(ctx, address); err != nil {
		s.end()
		return nil, &exitError{exitNotJudged, fmt.Errorf("%w; %s", err, s.said())}
	}
	return s, nil
}

// addressOf is the host and port of a service.
func addressOf(service string) (string, error) {
	at, err := url.Parse(service)
	if err != nil {
		return "", err
	}
	return net.JoinHostPort(at.Hostname(), portOf(at)), nil
}

// portOf is the port of a URL, also where it is not written.
func portOf(at *url.URL) string {
	switch {
	case at.Port() != "":
		return at.Port()
	case at.Scheme == "https":
		return "443"
	}
	return "80"
}

// knock fails if nothing listens at an address.
func knock(ctx context.Context, address string) error {
	connection, err := (&net.Dialer{Timeout: reachTime}).DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return connection.Close()
}

// listens waits until something listens where the service should, while the service runs.
func (s *startedService) listens(ctx context.Context, address string) error {
	late := time.After(startTime)
	for {
		if knock(ctx, address) == nil {
			select {
			case <-s.ended: // so it is another process that listens
				return fmt.Errorf("the service ended before it listened at %s: %w", address, s.outcome)
			default:
				return nil
			}
		}
		select {
		case <-s.ended:
			return fmt.Errorf("the service ended before it listened at %s: %w", address, s.outcome)
		case <-late:
			return fmt.Errorf("the service does not listen at %s after %s", address, startTime)
		case <-ctx.Done():
			return fmt.Errorf("interrupted before the service listened at %s", address)
		case <-time.After(knockTime):
		}
	}
}

// end ends the service: by a signal, or hard if it does not heed that.
func (s *startedService) end() {
	if s.child == nil {
		return
	}
	if err := signalGroup(s.child.Process, syscall.SIGTERM); err != nil {
		_ = s.child.Process.Kill()
	}
	select {
	case <-s.ended:
	case <-time.After(endTime):
		_ = s.child.Process.Kill()
		<-s.ended
	}
	_ = signalGroup(s.child.Process, syscall.SIGKILL) // what it has left running
}
