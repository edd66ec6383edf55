package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// readyPath is GitLab's own probe of whether it takes requests.
const readyPath = "/-/readiness"

// probeTime is how long ready waits for a response, and pauseTime how long it rests before it asks again.
const (
	probeTime = 2 * time.Second
	pauseTime = 50 * time.Millisecond
)

func newReady(sys system) *cobra.Command {
	address, caFile, wait := "http://"+defaultListen, "", period{}
	cmd := &cobra.Command{
		Use:   "ready",
		Short: "Tell by the exit code whether a mock GitLab is ready",
		Long: `Ask a mock GitLab, or a real one, whether it is ready. The exit code is 0 if it is, and 1 if it is not or
if nothing answers. It is meant for health checks and for scripts that start the mock.`,
		Example: "  statuschecks ready\n  statuschecks ready --url http://127.0.0.1:8929 --wait 10s",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return awaitReady(cmd.Context(), sys, address, caFile, wait.length)
		},
	}
	f := cmd.Flags()
	f.Var(newText(&address, ownURL), "url", "root `URL` of the instance")
	f.Var(newText(&caFile, readable), "tls-ca", "PEM `file` with the authority to trust, instead of those of the "+
		"machine")
	f.Var(&wait, "wait", "how long to wait until it is ready, such as 10s; with 0s it is asked once")
	return cmd
}

// awaitReady asks until the instance is ready or the time is up.
func awaitReady(ctx context.Context, sys system, address, caFile string, wait time.Duration) error {
	transport, err := trusting(caFile)
	if err != nil {
		return err
	}
	client := &http.Client{Transport: transport, Timeout: probeTime}
	until := sys.now().Add(wait)
	for {
		err := probe(ctx, client, strings.TrimSuffix(address, "/")+readyPath)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil || !sys.now().Add(pauseTime).Before(until) {
			return &exitError{exitNotReady, fmt.Errorf("%s is not ready: %s", address, plainCause(err))}
		}
		select {
		case <-time.After(pauseTime):
		case <-ctx.Done():
		}
	}
}

// probe asks once.
func probe(ctx context.Context, client *http.Client, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s", readyPath, response.Status)
	}
	return nil
}
