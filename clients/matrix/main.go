// Command matrix runs the clients of GitLab that people use against the mock while it misbehaves, and writes what they
// do as a page: how many requests they send, how long they wait, and what they tell their caller. It takes the folder
// that the script "install" filled.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// client is a library or program, and how its driver is run.
type client struct {
	name    string
	setup   string // how it was set up, if not as it is by default
	command []string
}

// clients are those that the script "install" put into a folder.
func clients(folder string) []client {
	in := func(elements ...string) string { return filepath.Join(append([]string{folder}, elements...)...) }
	python := in("python", "bin", "python")
	const here = "clients/matrix"
	return []client{
		{"client-go v2.64.0", "", []string{in("client-go-2")}},
		{"client-go v1.46.0", "", []string{in("client-go-1")}},
		{"gitbeaker 43.8.0", "", []string{"node", filepath.Join(here, "gitbeaker", "drive.mjs")}},
		{"python-gitlab 8.6.0", "", []string{python, filepath.Join(here, "python-gitlab", "drive.py")}},
		{
			"python-gitlab 8.6.0", "retry_transient_errors",
			[]string{python, filepath.Join(here, "python-gitlab", "drive.py"), "retry"},
		},
		{"gitlab4j 6.2.0", "", []string{"java", "-cp", in("gitlab4j") + ":" + in("gitlab4j", "*"), "Drive"}},
		{"glab 1.53.0", "", []string{filepath.Join(here, "glab", "drive"), in("glab", "root", "usr", "bin", "glab")}},
		{"ruby-gitlab 4.17.0", "", []string{"ruby", filepath.Join(here, "ruby-gitlab", "drive.rb")}},
	}
}

// settings say what is run.
type settings struct {
	folder  string
	only    string // a part of the name of a client
	page    string
	atATime int
	bound   time.Duration
}

func main() {
	var s settings
	flag.StringVar(&s.folder, "clients", "bin/client-matrix", "the folder that clients/matrix/install filled")
	flag.StringVar(&s.only, "only", "", "run the clients whose name contains this alone, and write no page")
	flag.StringVar(&s.page, "page", "docs/reference/client-matrix.md", "the page to write")
	flag.IntVar(&s.atATime, "parallel", 4, "clients at a time")
	flag.DurationVar(&s.bound, "bound", 30*time.Second, "how long a client may take for a call")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, s)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "matrix: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, s settings) error {
	folder, err := filepath.Abs(s.folder)
	if err != nil {
		return err
	}
	var chosen []client
	for _, c := range clients(folder) {
		if s.only == "" || strings.Contains(c.name, s.only) {
			chosen = append(chosen, c)
		}
	}
	results, err := runAll(ctx, s, chosen)
	if err != nil {
		return err
	}
	text := page(chosen, results, time.Now())
	if s.only != "" {
		_, err = os.Stdout.WriteString(text)
		return err
	}
	return os.WriteFile(s.page, []byte(text), 0o644) //nolint:gosec // a page of the documents
}

// runAll does each trial with each client, a few at a time. Results are by trial, then by client.
func runAll(ctx context.Context, s settings, chosen []client) ([][]result, error) {
	results := make([][]result, len(trials))
	for i := range results {
		results[i] = make([]result, len(chosen))
	}
	slots := make(chan struct{}, s.atATime)
	errs := make(chan error, len(trials)*len(chosen))
	var running sync.WaitGroup
	for i, t := range trials {
		for j, c := range chosen {
			slots <- struct{}{}
			running.Go(func() {
				defer func() { <-slots }()
				var err error
				if results[i][j], err = try(ctx, c, t, s.bound); err != nil {
					errs <- fmt.Errorf("%s, %s, %s: %w", c.name, t.what, t.call, err)
				}
			})
		}
	}
	running.Wait()
	close(errs)
	return results, <-errs
}
