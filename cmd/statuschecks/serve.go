package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/postgres"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// defaultListen is where serve listens unless told otherwise.
const defaultListen = "127.0.0.1:8929"

// serveOptions are the flags of serve.
type serveOptions struct {
	watch                                                  watching
	listen, controlListen, seedFile, baseURL, controlToken string
	certFile, keyFile, caFile                              string
	selfSigned, blockLocal, noHints, noControl             bool
	ready                                                  readyFile
	version                                                releaseFlag
	features                                               features
	lag                                                    lag
	timeoutJob, logFormat, logLevel                        *choice
	worlds                                                 worldOptions
	data                                                   string
	untilStdinEnds                                         bool
	world                                                  *seed.Document // in place of that of --seed; nil means that
}

func newServeOptions() *serveOptions {
	return &serveOptions{
		listen: defaultListen, watch: newWatching(), features: features{},
		timeoutJob: newChoice("exact", "every-minute"),
		logFormat:  newChoice("text", "json"), logLevel: newChoice("info", "debug", "warn", "error"),
		worlds: worldOptions{most: 10_000},
	}
}

func newServe(sys system) *cobra.Command {
	o := newServeOptions()
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run a mock GitLab",
		Long: `Run a mock GitLab with projects, users and tokens, until SIGTERM or SIGINT. It keeps its data in
memory, and with --data also in a file or a database.

When the mock is ready, it writes one line of JSON to standard output:
{"event":"ready","url":…,"api":…,"tokens":{…}}.`,
		Example: "  statuschecks serve\n  statuschecks serve --listen 127.0.0.1:0 --ready-file ready.json\n  " +
			"statuschecks serve --lag 100ms-2s --log-level debug",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	f := cmd.Flags()
	f.Var(newText(&o.ready.path, writable), "ready-file", "also write the ready line to this `file` when the mock "+
		"is ready; deleted at the end")
	f.BoolVar(&o.untilStdinEnds, "until-stdin-ends", false, "also stop when standard input ends, as it does when the "+
		"program ends that started the mock")
	o.addFlags(f)
	return cmd
}

// addFlags adds the flags of whatever runs a mock.
func (o *serveOptions) addFlags(f *pflag.FlagSet) {
	f.Var(newText(&o.listen, listenAddress), "listen", "`host:port` to listen at, port 0 for a free one, or "+
		"unix:PATH for a socket")
	f.Var(newText(&o.seedFile, readable), "seed", "YAML `file` with the data at the start (default: the examples "+
		"of GitLab's documentation)")
	o.watch.flags(f)
	f.Var(&o.version, "gitlab-version", "GitLab release to behave as (default 18.9)")
	f.Var(o.features, "feature", "switch a feature flag of the release; repeatable; "+
		"docs/reference/versions.md lists them")
	f.Var(&o.lag, "lag", "delay of background jobs and deliveries, such as 300ms or 0s-2s; with 0s they happen "+
		"before the response")
	f.Var(o.timeoutJob, "timeout-job", "when pending responses time out: exact, or at full minutes like GitLab's "+
		"cron job")
	f.Var(newText(&o.data, fileOrDatabase), "data", "`file`, or postgres://… for a database, in which the data "+
		"are kept over restarts; see docs/data.md and docs/scale-out.md")
	o.worlds.register(f)
	f.Var(newText(&o.baseURL, ownURL), "base-url", "external `URL`, used in links (default: the address "+
		"of --listen)")
	f.BoolVar(&o.blockLocal, "block-local-requests", false, "silently drop deliveries to private and loopback "+
		"addresses, as GitLab does")
	f.BoolVar(&o.noHints, "no-hints", false, "do not send the header X-Mock-Reason, which says why a request was "+
		"refused")
	f.BoolVar(&o.noControl, "no-control", false, "switch off the control surface "+controlPath)
	f.Var(newText(&o.controlListen, listenAddress), "control-listen",
		"serve the control surface at this `host:port` or unix:PATH instead")
	f.Var(newSecret(&o.controlToken), "control-token", "`token` for the control surface; without a token "+
		"it is closed if other machines can reach it")
	o.addDoorFlags(f)
}

// addDoorFlags adds those about TLS and the log.
func (o *serveOptions) addDoorFlags(f *pflag.FlagSet) {
	f.Var(newText(&o.certFile, readable), "tls-cert", "PEM `file` with the certificate, for HTTPS")
	f.Var(newText(&o.keyFile, readable), "tls-key", "PEM `file` with the certificate's key")
	f.BoolVar(&o.selfSigned, "tls-self-signed", false, "use HTTPS with a new certificate")
	f.Var(newText(&o.caFile, writable), "tls-ca-file", "with --tls-self-signed: `file` for the certificate that "+
		"clients must trust "+
		"(default: a new temporary file)")
	f.Var(o.logFormat, "log-format", "format of the log, which goes to standard error")
	f.Var(o.logLevel, "log-level", "level of the log; debug shows every request and why it was refused")
}

func (o *serveOptions) run(ctx context.Context, sys system) error {
	m, err := o.open(ctx, sys)
	if err != nil {
		return err
	}
	defer m.close()
	if err := m.note.publish(sys, &o.ready); err != nil {
		return err
	}
	if o.untilStdinEnds {
		ended, stop := context.WithCancelCause(ctx)
		defer stop(nil)
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			stop(errStdinEnded)
		}()
		ctx = ended
	}
	return m.serve(ctx)
}

// errStdinEnded is why serve stops with --until-stdin-ends.
var errStdinEnded = errors.New("standard input has ended")

// runningMock is a mock whose listeners are open.
type runningMock struct {
	watch   *watching
	doors   *doors
	mock    *mockserver.Server
	servers *servers
	note    *readyNote
	ready   *readyFile
	kept    *keeper         // nil without --data
	store   *postgres.Store // nil without a database
	log     *slog.Logger
}

// open makes the mock and opens its listeners. Requests wait until serve is called.
func (o *serveOptions) open(ctx context.Context, sys system) (*runningMock, error) {
	if o.noControl && (o.controlListen != "" || o.controlToken != "") {
		return nil, wrongUsage("--no-control leaves the control surface out, so --control-listen and " +
			"--control-token do not go with it")
	}
	world, err := o.beginning()
	if err != nil {
		return nil, err
	}
	if err := o.watch.read(); err != nil {
		return nil, err
	}
	if err := o.ready.clear(); err != nil {
		return nil, wrongUsage("%w", err)
	}
	d, err := o.openDoors(ctx, sys)
	if err != nil {
		return nil, err
	}
	m, err := o.behind(ctx, d, sys, world)
	if err != nil {
		d.close()
	}
	return m, err
}

// behind makes the mock that is behind the doors.
func (o *serveOptions) behind(ctx context.Context, d *doors, sys system, world *seed.Document) (*runningMock, error) {
	log := newLog(sys.errs, o.logFormat.value, o.logLevel.value)
	var beside sync.WaitGroup
	beside.Go(func() { boundMemory(memlimit.FromCgroup, log) }) // which reads some files
	defer beside.Wait()
	store, err := o.openStore(ctx)
	if err != nil {
		return nil, err
	}
	m := &runningMock{doors: d, ready: &o.ready, store: store, log: log, watch: &o.watch}
	if err := o.fill(m, world); err != nil {
		store.Close()
		return nil, err
	}
	handlers := map[net.Listener]http.Handler{d.main: m.mock}
	if d.control != nil {
		handlers[d.control] = m.mock.Control()
	}
	m.servers = newServers(handlers, d.tls, log, sys.now)
	return m, nil
}

// fill makes the mock itself.
func (o *serveOptions) fill(m *runningMock, world *seed.Document) error {
	options := o.mockOptions(m.doors, world, m.log)
	if m.store != nil {
		options.Store = m.store
	}
	mock, err := mockserver.New(options)
	if err != nil {
		return wrongUsage("%w", err)
	}
	kept, found, err := o.openData(mock, m.store, m.log)
	if err != nil {
		return err
	}
	if found != nil {
		world = found
	}
	o.warnOfEmptiness(world, m.log)
	m.mock, m.kept, m.note = mock, kept, o.announcement(m.doors, mock, world)
	return nil
}

// serve answers requests until ctx ends or a listener fails.
func (m *runningMock) serve(ctx context.Context) error {
	err := m.kept.during(ctx, func() error { return m.servers.run(ctx, m.mock, m.log) })
	totals := m.mock.Totals()
	switch n := totals.Undelivered; {
	case n > 0 && m.kept != nil:
		m.log.Info("deliveries that were not sent, or that nobody answered, wait in the data", "undelivered", n)
	case n > 0:
		m.log.Warn("deliveries that were not sent, or that nobody answered, are gone with the mock", "undelivered", n)
	}
	concluded := m.watch.conclude(&totals, m.log) // also then, so that the report of coverage is written
	if err == nil {
		return concluded
	}
	if concluded != nil {
		m.log.Error("the mock failed, and something else is wrong", "error", concluded)
	}
	return err
}

func (m *runningMock) close() {
	m.ready.remove()
	m.doors.close()
	m.store.Close()
}

// openDoors opens the listeners.
func (o *serveOptions) openDoors(ctx context.Context, sys system) (*doors, error) {
	tls, err := o.secure(sys.now())
	if err != nil {
		return nil, err
	}
	d := &doors{tls: tls}
	main, err := listen(ctx, "listen", o.listen)
	if err == nil {
		d.main = mockserver.NewListener(main)
		d.control, err = o.listenForControl(ctx)
	}
	if err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

// listenForControl opens the door of the control surface, if it has one of its own.
func (o *serveOptions) listenForControl(ctx context.Context) (net.Listener, error) {
	if o.controlListen == "" {
		return nil, nil
	}
	control, err := listen(ctx, "control-listen", o.controlListen)
	if err == nil && !private(control) && o.controlToken == "" {
		_ = control.Close()
		return nil, wrongUsage("--control-listen %s can be reached from other machines, and so needs a control "+
			"token: %s", o.controlListen, howToGuard)
	}
	return control, err
}

// howToGuard says how the control surface gets a token.
const howToGuard = "give one with --control-token, or in the environment as STATUSCHECKS_CONTROL_TOKEN"

// closed says why there is no control surface, if other machines could reach it and it has no token; else it is empty.
func (o *serveOptions) closed(d *doors) string {
	if o.noControl || d.control != nil || o.controlToken != "" || private(d.main) {
		return ""
	}
	return "the control surface is closed, as --listen " + o.listen +
		" can be reached from other machines and there is no control token: " + howToGuard
}

// ownNames are the names by which the listeners were called.
func (o *serveOptions) ownNames() []string { return hostsOf(o.listen, o.controlListen) }

// hostsOf are the names in addresses to listen at.
func hostsOf(addresses ...string) []string {
	var names []string
	for _, address := range addresses {
		if host, _, err := net.SplitHostPort(address); err == nil && host != "" {
			names = append(names, host)
		}
	}
	return names
}

// doors are where requests come in.
type doors struct {
	main    *mockserver.Listener // nil before it is open
	control net.Listener         // nil when it has no door of its own
	tls     security
}

// close closes what is open of them.
func (d *doors) close() {
	if d.main != nil {
		_ = d.main.Close()
	}
	if d.control != nil {
		_ = d.control.Close()
	}
	d.tls.close()
}

func (o *serveOptions) mockOptions(d *doors, world *seed.Document, log *slog.Logger) mockserver.Options {
	base := o.baseURL
	if base == "" && !everywhere(d.main) {
		base = rootURL(d.main, d.tls.config != nil)
	}
	options := mockserver.Options{
		Version: o.version.version, Features: o.features, BaseURL: base, Lag: o.lag.Lag,
		TimeoutEveryMinute: o.timeoutJob.value == "every-minute",
		Seed:               world, BlockLocalRequests: o.blockLocal, NoHints: o.noHints, NoControl: o.noControl ||
			o.closed(d) != "",
		NoControlReason: o.closed(d), ControlApart: d.control != nil, ControlToken: o.controlToken, Hosts: o.ownNames(),
		Log: log, StopListening: d.main.StopListening,
		MaxWorlds: o.worlds.most, WorldPerName: o.worlds.perName, WorldsExpireAfter: o.worlds.expireAfter,
	}
	o.watch.apply(&options)
	return options
}

// beginning is the world to begin with; nil means the default one.
func (o *serveOptions) beginning() (*seed.Document, error) {
	if o.world != nil {
		return o.world, nil
	}
	return readSeed(o.seedFile)
}

// readSeed reads the world to begin with; nil means the default one.
func readSeed(path string) (*seed.Document, error) {
	if path == "" {
		return nil, nil
	}
	data, err := fileOfFlag(path, "seed", "seed")
	if err != nil {
		return nil, err
	}
	world, err := seed.Parse(path, data)
	if err != nil {
		return nil, wrongUsage("%w", err)
	}
	return &world, nil
}

// warnOfEmptiness tells of a world in which nobody can do anything: most likely the wrong file was named.
func (o *serveOptions) warnOfEmptiness(world *seed.Document, log *slog.Logger) {
	if world != nil {
		if _, exported := world.Stored(); exported {
			return
		}
	}
	switch {
	case world == nil:
	case len(world.Users)+len(world.Groups)+len(world.Projects) == 0:
		log.Warn("the seed is empty: there are no users and no projects, and nobody can sign in; docs/seed.md tells "+
			"what goes into one", "file", o.seedFile)
	case len(world.Tokens()) == 0:
		log.Warn("the seed has no token that is valid, so nobody can sign in; give a user one under tokens", "file",
			o.seedFile)
	}
}

// announcement is what the ready line says.
func (o *serveOptions) announcement(d *doors, mock *mockserver.Server, world *seed.Document) *readyNote {
	note := newReadyNote(d, mock.Release().Version, world)
	note.Closed = o.closed(d)
	if o.noControl || note.Closed != "" {
		note.Control = ""
	}
	return note
}
