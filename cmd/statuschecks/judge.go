package main

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/judge"
	"github.com/statuschecks/statuschecks/release"
)

// serviceUser is who the judged service is: a developer of the mock's default world.
const serviceUser = "developer"

// judgeOptions are the flags of judge. How scenarios are chosen and what is told are flags of verify.
type judgeOptions struct {
	verify       *verifyOptions
	mock         *serveOptions
	service, key string
	checkToken   string
	// the mock that runs; empty means that one is started
	url, controlToken, world string
	releases                 bool
	env                      bool
	patience                 period
	quiet                    period
}

func newJudge(sys system) *cobra.Command {
	o := &judgeOptions{
		verify: newVerifyOptions(), mock: newServeOptions(), patience: atLeastSome(20 * time.Second),
		quiet: atLeastSome(500 * time.Millisecond),
	}
	o.mock.logLevel.value = "error" // what is lost on purpose is no news
	cmd := &cobra.Command{
		Use:   "judge [flags] [-- COMMAND [ARGUMENT...]]",
		Short: "Test whether your external status-check service does what it should",
		Long: `Test whether an external service for status checks does what GitLab and its users expect of it.

judge starts a mock GitLab of its own, or uses one that runs (--url), with checks that point at the service, and plays
the life of merge requests: pushes, retries, merges, wrong signatures, late and doubled deliveries, and a GitLab in
trouble. It looks at what the service calls. With a command after --, it starts the service itself. Else start the
service with the variables that --env prints. docs/judge.md lists what is asked of a service.`,
		Example: "  statuschecks judge --service http://127.0.0.1:3000/ --secret hush -- node service.mjs\n" +
			"  eval \"$(statuschecks judge --env --secret hush)\"\n" +
			"  statuschecks judge --service http://127.0.0.1:3000/ --secret hush --releases",
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd, sys, args) },
	}
	f := cmd.Flags()
	f.Var(newText(&o.service, serviceURL), "service", "`URL` at which the service takes deliveries")
	addSecret(cmd, &o.key)
	f.Var(newText(&o.mock.listen, hostPort), "listen", "`host:port` at which the mock listens that judge starts "+
		"(with a command: a free port)")
	o.mockFlags(f)
	f.BoolVar(&o.releases, "releases", false, "judge with each GitLab release, from the oldest to the newest")
	f.BoolVar(&o.env, "env", false, "print the variables to start the service with, and do nothing else")
	f.Var(&o.patience, "patience", "how long the service may take to set a status")
	f.Var(&o.quiet, "quiet", "how long the service must be still to be taken to be at rest")
	o.verify.whichFlags(f)
	o.verify.tellFlags(f)
	f.SetInterspersed(false)
	return cmd
}

// mockFlags say which mock helps.
func (o *judgeOptions) mockFlags(f *pflag.FlagSet) {
	f.Var(newSecret(&o.checkToken), "check-token", "`token` that the service has for GitLab, if it has one already "+
		"(default: that of a developer of the mock)")
	f.Var(&o.mock.version, "gitlab-version", "GitLab release that the mock behaves as (default 18.9; with --url that "+
		"of the mock)")
	f.Var(newText(&o.url, ownURL), "url", "root `URL` of a running mock; the service is judged in a world of its own "+
		"there, which is removed at the end (default: start a mock)")
	nameVariable(f, "url", "mock-url") // verify has another
	f.Var(newSecret(&o.controlToken), "control-token", "with --url: `token` for the mock's control surface, if it has "+
		"one")
	f.Var(newText(&o.world, anyName), "world", "with --url: `name` of the world that is made (default: judge, or with "+
		"a command one that nothing else has)")
	nameVariable(f, "world", "judge-world") // trigger has another
	f.Var(newText(&o.verify.caFile, readable), "tls-ca", "with --url: PEM `file` with the authority that signed the "+
		"mock's certificate")
	f.Var(newText(&o.verify.receiverListen, hostPort), "receiver-listen", "`host:port` at which judge takes the "+
		"deliveries of the mock (default: a free local port if the mock is local)")
	f.Var(newText(&o.verify.receiverURL, serverURL), "receiver-url", "`URL` at which the mock can reach judge")
}

func (o *judgeOptions) run(cmd *cobra.Command, sys system, args []string) error {
	ctx := cmd.Context()
	options, err := o.runOptions(sys, cmd)
	if err != nil {
		return err
	}
	if o.verify.list {
		return listScenarios(sys, options.Scenarios, options.Selection)
	}
	if err := o.fit(); err != nil {
		return err
	}
	o.choosePlaces(cmd, options.RunID, args)
	if o.env {
		return o.printVariables(sys)
	}
	m, err := o.help(ctx, sys)
	if err != nil {
		return err
	}
	judged := o.judgeWith(ctx, sys, m, &judging{options: options, args: args})
	switch err := m.end(ctx); {
	case judged == nil:
		return err
	case err != nil:
		fmt.Fprintf(sys.errs, "statuschecks: %s\n", err)
	}
	return judged
}

// choosePlaces says where the mock listens, and how its world is called, as far as the caller has not said it: a
// service that judge starts hears of it anyway, so that it can be any.
func (o *judgeOptions) choosePlaces(cmd *cobra.Command, runID string, args []string) {
	if len(args) > 0 && !cmd.Flags().Changed("listen") {
		o.mock.listen = "127.0.0.1:0"
	}
	if o.world == "" {
		o.world = "judge"
		if len(args) > 0 {
			o.world += "-" + runID
		}
	}
}

// fit tells what does not go together.
func (o *judgeOptions) fit() error {
	switch {
	case o.url == "" && o.world != "":
		return wrongUsage("--world is the name of a world in a running mock, so it goes with --url")
	case o.env:
		return nil
	case o.service == "":
		return wrongUsage("nothing to judge: say with --service where the service takes deliveries, such as " +
			"http://127.0.0.1:3000/")
	case o.url != "" && !isLocal(o.url) && o.verify.receiverListen == "":
		return wrongUsage("%s is not on this machine: say with --receiver-listen where judge takes the deliveries of "+
			"the mock, and with --receiver-url how the mock reaches that", o.url)
	case o.releases && (len(o.verify.reports) > 0 || o.verify.baseline != "" || o.verify.dryRun):
		return wrongUsage("--releases makes a report for each release, so --report, --baseline and --dry-run do not " +
			"go with it")
	case o.releases && o.mock.version.String() != "":
		return wrongUsage("--releases judges with all releases, so --gitlab-version does not go with it")
	}
	return nil
}

func (o *judgeOptions) runOptions(sys system, cmd *cobra.Command) (conformance.RunOptions, error) {
	options, err := o.verify.runOptions(sys, cmd)
	if options.Scenarios == nil {
		options.Scenarios = fs.FS(judge.Files)
	}
	return options, err
}

// variables are the environment of the service.
func (o *judgeOptions) variables(m *helpingMock, environ []string) ([]string, error) {
	variables, err := m.note.environment(serviceUser, m.state, environ)
	variables = slices.DeleteFunc(variables, func(entry string) bool {
		return strings.HasPrefix(entry, secretVariable+"=")
	})
	return append(variables, secretVariable+"="+o.key), err
}

// secretVariable tells a service the shared secret of its checks.
const secretVariable = "STATUS_CHECK_SECRET"

// printVariables prints what a service has to know, for a shell.
func (o *judgeOptions) printVariables(sys system) error {
	root := o.serviceRoot()
	for _, variable := range [][2]string{
		{"CI_SERVER_URL", root},
		{"CI_API_V4_URL", root + apiPath},
		{"GITLAB_TOKEN", o.serviceToken()},
		{secretVariable, o.key},
	} {
		if _, err := fmt.Fprintf(sys.out, "export %s=%s\n", variable[0], shellWord(variable[1])); err != nil {
			return err
		}
	}
	return nil
}

// judging is one call of judge.
type judging struct {
	options conformance.RunOptions
	args    []string // the command that starts the service; empty means that it runs already
	environ []string
}

// judgeWith judges the service with the help of a mock that serves.
func (o *judgeOptions) judgeWith(ctx context.Context, sys system, m *helpingMock, j *judging) error {
	var err error
	if j.environ, err = o.variables(m, sys.environ); err != nil {
		return err
	}
	receiver, err := o.receiver()
	if err != nil {
		return err
	}
	defer func() { _ = receiver.Close() }()
	started, err := o.start(ctx, j)
	if err != nil {
		return err
	}
	defer started.end()
	target, err := o.target(m)
	if err != nil {
		return err
	}
	target.Receiver = receiver
	if len(j.args) > 0 {
		target.Service.Output = started.output
	}
	defer func() {
		if err := started.early(); err != nil {
			fmt.Fprintf(sys.errs, "statuschecks: %s\n", err)
		}
	}()
	if o.releases {
		return o.judgeReleases(ctx, sys, m, func() (*conformance.Report, error) {
			options := j.options
			options.RunID = newRunID()
			return conformance.Run(ctx, target, options)
		})
	}
	return o.judgeOnce(ctx, sys, target, j.options)
}

// target is the mock, with the service that it is to help to judge.
func (o *judgeOptions) target(m *helpingMock) (conformance.Target, error) {
	profile, err := readProfile(o.verify.profile)
	if err != nil {
		return conformance.Target{}, err
	}
	token, err := m.note.tokenOf(serviceUser)
	target := conformance.Target{
		URL: m.note.URL, ControlToken: m.controlToken, Transport: m.transport,
		Tokens:  map[scenario.Role]string{scenario.Developer: token},
		Profile: profile,
		Service: &conformance.Service{
			URL: o.service, Secret: o.key, Patience: o.patience.length, Quiet: o.quiet.length,
		},
	}
	for _, t := range m.note.world.Tokens() {
		if t.Role == "admin" {
			target.Token = cmp.Or(target.Token, t.Secret)
		}
	}
	return target, err
}

// judgeOnce judges with one release, and reports as verify does.
func (o *judgeOptions) judgeOnce(ctx context.Context, sys system, target conformance.Target,
	options conformance.RunOptions,
) error {
	if o.verify.dryRun {
		return o.verify.preview(ctx, sys, target, options)
	}
	files, err := reportFiles(o.verify.reports)
	if err != nil {
		return err
	}
	earlier, err := readBaseline(o.verify.baseline)
	if err != nil {
		return err
	}
	show := o.verify.newProgress(sys)
	options.Begun, options.Progress, options.Slowed = show.begin, show.end, show.slowed
	report, err := conformance.Run(ctx, target, options)
	show.close()
	if err != nil {
		return o.verify.explain(ctx, err)
	}
	if earlier != nil {
		report.CompareWith(o.verify.baseline, earlier)
	}
	if err := o.verify.write(sys, report, files); err != nil {
		return err
	}
	if code := report.ExitCode(); code != exitOK {
		return &exitError{code: code}
	}
	return nil
}

// judgeReleases judges with each release, and tells a line of each and the report of those that are not as they should.
func (o *judgeOptions) judgeReleases(ctx context.Context, sys system, m *helpingMock,
	judgeNow func() (*conformance.Report, error),
) error {
	worst := exitOK
	for _, v := range release.All() {
		if ctx.Err() != nil {
			err := fmt.Errorf("interrupted: GitLab %s and newer are not judged: %w", v, context.Cause(ctx))
			return &exitError{worse(worst, exitNotJudged), err}
		}
		if err := m.setRelease(ctx, v); err != nil {
			return &exitError{exitNotJudged, err}
		}
		report, err := judgeNow()
		if err != nil {
			return o.verify.explain(ctx, err)
		}
		if code := report.ExitCode(); code != exitOK {
			worst = worse(worst, code)
			if err := o.verify.write(sys, report, nil); err != nil {
				return err
			}
		}
		if _, err := fmt.Fprintf(sys.out, "GitLab %-6s %s: %d passed, %d skipped\n", v, report.Verdict,
			report.Totals["passed"], report.Totals["skipped"]); err != nil {
			return err
		}
	}
	if worst != exitOK {
		return &exitError{code: worst}
	}
	return nil
}

// worse is the exit code of two that says more: a service that is not conformant outweighs what was not judged.
func worse(a, b int) int {
	if a == exitNotConformant || b == exitOK {
		return a
	}
	return b
}
