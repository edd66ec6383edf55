package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func newExec(sys system) *cobra.Command {
	o := newServeOptions()
	o.listen = "127.0.0.1:0"
	o.logLevel.value = "warn"
	user := ""
	cmd := &cobra.Command{
		Use:   "exec [flags] -- COMMAND [ARGUMENT...]",
		Short: "Run a command with a mock GitLab of its own",
		Long: `Run a mock GitLab on a free port, and a command that finds it in its environment. The mock ends with
the command, and exec exits with the command's exit code.

The environment has the variables of a GitLab CI job (CI_SERVER_URL, CI_API_V4_URL, CI_PROJECT_ID,
CI_MERGE_REQUEST_IID …) and those that clients read (GITLAB_TOKEN, GITLAB_HOST …), for the first open
merge request of the mock. Tokens and passwords of a real GitLab that stand in the environment are
replaced, so that the command cannot use them. docs/exec.md lists all variables.`,
		Example: "  statuschecks exec -- go test ./...\n  statuschecks exec --gitlab-version 15.6 -- pytest\n  " +
			"statuschecks exec -- sh -c 'curl -H \"PRIVATE-TOKEN: $GITLAB_TOKEN\" $CI_API_V4_URL/version'",
		Args: someCommand,
		RunE: func(cmd *cobra.Command, args []string) error {
			return o.exec(cmd.Context(), sys, user, args)
		},
	}
	f := cmd.Flags()
	f.Var(newText(&user, anyName), "user", "`username` whose token the command gets (default: a maintainer, if "+
		"there is one)")
	o.addFlags(f)
	f.SetInterspersed(false)
	return cmd
}

// someCommand asks for the command that exec runs.
func someCommand(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return wrongUsage("exec needs a command to run, as in: statuschecks exec -- go test ./...")
	}
	return nil
}

// exec runs the command while the mock serves. The error has the exit code of the command.
func (o *serveOptions) exec(ctx context.Context, sys system, user string, args []string) error {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGHUP, os.Interrupt)
	defer signal.Stop(signals)
	m, err := o.open(ctx, sys)
	if err != nil {
		return err
	}
	defer m.close()
	variables, err := m.environment(user, sys.environ)
	if err != nil {
		return err
	}
	// The command decides what a signal means, so the mock lives until the command ends.
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	served := make(chan error, 1)
	go func() { served <- m.serve(serving) }()
	ended := errNotBegun(ctx, args[0])
	if ended == nil {
		ended = sys.runCommand(args, variables, signals)
	}
	stop()
	failed := <-served
	if ended == nil {
		return failed
	}
	if failed != nil {
		m.log.Error("the command failed, and so did the mock", "error", failed)
	}
	return ended
}

// errNotBegun is why no command is begun if a signal came while the mock was made.
func errNotBegun(ctx context.Context, name string) error {
	if ctx.Err() == nil {
		return nil
	}
	return &exitError{exitBySignal + int(syscall.SIGTERM), fmt.Errorf("the command %s was not begun: %w", name,
		context.Cause(ctx))}
}

// runCommand runs a command to its end. Signals are passed on to it.
func (sys system) runCommand(args, environ []string, signals <-chan os.Signal) error {
	// #nosec G204 -- the caller's own command
	child := exec.Command(args[0], args[1:]...)
	child.Env, child.Stdin, child.Stdout, child.Stderr = environ, os.Stdin, sys.out, sys.errs
	if err := child.Start(); err != nil {
		return notStarted(args[0], err)
	}
	done := make(chan struct{})
	defer close(done)
	go passOn(signals, child.Process, done)
	return exitOf(args[0], child.Wait())
}

// passOn passes signals on to a process. Ctrl-C has reached it already if the terminal sends it to the program's group.
func passOn(signals <-chan os.Signal, to *os.Process, done <-chan struct{}) {
	for {
		select {
		case s := <-signals:
			if s != os.Interrupt || !inForeground() {
				_ = to.Signal(s)
			}
		case <-done:
			return
		}
	}
}

// exitOf is how a command ended, as an exit code of exec.
func exitOf(name string, err error) error {
	var ended *exec.ExitError
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &ended):
		return &exitError{exitNotExecutable, fmt.Errorf("the command %s: %w", name, err)}
	}
	if status, ok := ended.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return &exitError{exitBySignal + int(status.Signal()), fmt.Errorf("the command %s was ended by a signal: %s",
			name, status.Signal())}
	}
	return &exitError{code: ended.ExitCode()}
}

// notStarted says why there is no command.
func notStarted(name string, err error) error {
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		return &exitError{exitNotFound, fmt.Errorf("there is no command %s: %w; check the name and PATH", name, err)}
	}
	return &exitError{exitNotExecutable, fmt.Errorf("the command %s could not be started: %w", name, err)}
}
