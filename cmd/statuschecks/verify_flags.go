package main

import (
	"time"

	"github.com/spf13/pflag"

	"github.com/statuschecks/statuschecks/conformance"
)

// verifyOptions are the flags of verify, and what its target file says beside them.
type verifyOptions struct {
	url, token, caFile, target           string
	namespace, project, otherProject     string
	scenarios, ledger, profile, baseline string
	receiverListen, receiverURL          string
	only, levels, reports                []string
	builtin, list, keep, strict, verbose bool
	dryRun                               bool
	jobs                                 int
	rate                                 float64
	patience, timeout, receiverWait      period
	maxWait                              boundedWait
	version                              releaseFlag
	assumeVersion                        patched
	features                             features
	lag                                  lag
	color, progress                      *choice
	tokens                               map[conformance.Role]string
}

func newVerifyOptions() *verifyOptions {
	return &verifyOptions{
		features: features{}, color: newChoice("auto", "always", "never"), progress: newChoice("auto", "bar", "lines",
			"none"),
		jobs: 8, patience: atLeastSome(time.Minute), timeout: atLeastSome(time.Minute),
		receiverWait: atLeastSome(15 * time.Second), maxWait: boundedWait{-1},
	}
}

// whereFlags say which server to judge and what of it may be used.
func (o *verifyOptions) whereFlags(f *pflag.FlagSet) {
	f.Var(newText(&o.target, readable), "target", "YAML `file` that describes the server: URL, tokens, namespace or "+
		"project, receiver and more")
	f.Var(newText(&o.url, serverURL), "url", "`URL` of the server: the instance's root, or its /api/v4")
	f.Var(newSecret(&o.token), "token", "`token` with the scope api of someone who may create projects; better "+
		"given as STATUSCHECKS_TOKEN")
	f.Var(newText(&o.namespace, idOrPath), "namespace", "`id or path` of the namespace to make projects in "+
		"(default: that of the token's owner)")
	f.Var(newText(&o.project, idOrPath), "project", "`id or path` of a project to work in; none is made then, and "+
		"what needs one of its own is left out")
	f.Var(newText(&o.otherProject, idOrPath), "other-project", "beside --project: `id or path` of a second one, "+
		"whose members are strangers to it")
	f.BoolVar(&o.builtin, "builtin", false, "judge the built-in mock instead of a server")
	f.Var(&o.version, "gitlab-version", "with --builtin: GitLab release that the mock behaves as (default 18.9)")
	f.Var(o.features, "feature", "with --builtin: switch a feature flag that the release has; repeatable; "+
		"docs/reference/versions.md lists them")
	f.Var(&o.assumeVersion, "assume-version", "GitLab release to judge the server as, whatever it says it is")
	f.Var(&o.lag, "lag", "with --builtin: how long the mock's background jobs and deliveries wait")
}

// whichFlags choose scenarios.
func (o *verifyOptions) whichFlags(f *pflag.FlagSet) {
	f.Var(newWords(&o.only, pattern), "only", "scenarios to run: `ids`, globs over ids, areas, tags, or "+
		"needs:receiver and its like; with ! before it, to leave out")
	f.Var(newWords(&o.levels, level), "level", "`levels` to run: must, should, observed (default: all)")
	f.Var(newText(&o.scenarios, folder), "scenarios",
		"`folder` with scenarios of your own instead of the built-in ones")
	f.Var(&o.maxWait, "max-wait", "leave out scenarios that really have to wait longer than this, as 0s; any leaves "+
		"out none")
}

// howFlags say how to go about it.
func (o *verifyOptions) howFlags(f *pflag.FlagSet) {
	f.Var(newText(&o.caFile, readable), "tls-ca", "PEM `file` with the authority that signed the server's certificate")
	f.Var(&o.patience, "patience", "how long to poll for what the server does in the background")
	f.Var(&o.timeout, "timeout", "how long one request may take with its answer")
	f.Var(&number{&o.jobs, 1, conformance.MaxJobs}, "jobs", "`scenarios` to run at a time")
	f.Var(&rate{&o.rate}, "rate", "requests a `second` at most (default: no limit)")
	f.Var(newText(&o.receiverListen, hostPort), "receiver-listen", "`host:port` to receive the server's deliveries "+
		"at (default: a free local port if the server is local)")
	f.Var(newText(&o.receiverURL, serverURL), "receiver-url", "`URL` by which the server reaches the receiver")
	f.Var(&o.receiverWait, "receiver-wait", "how long the first delivery may take, by which the receiver is known "+
		"to be reachable")
	f.BoolVar(&o.strict, "strict", false, "properties that the contract does not know are violations")
	f.BoolVar(&o.keep, "keep", false, "leave on the server what was made, and the ledger of it")
	f.Var(newText(&o.ledger, creatable), "ledger", "`file` that remembers what was made, for cleanup (default: a "+
		"new one among the user's cached files)")
}

// tellFlags say what to tell about it.
func (o *verifyOptions) tellFlags(f *pflag.FlagSet) {
	f.BoolVar(&o.list, "list", false, "list the scenarios and run none")
	f.BoolVar(&o.dryRun, "dry-run", false, "tell what would be made and sent, and only read from the server")
	f.Var(newText(&o.profile, profileName), "profile", "`name or file` of a profile, which says where the server "+
		"differs on purpose")
	f.Var(newWords(&o.reports, reportIn(reportFormats)), "report", "further reports as `format=file`: html, json, "+
		"junit, markdown or text")
	f.Var(newText(&o.baseline, readable), "baseline", "JSON report of an earlier run, as a `file`, to tell what "+
		"changed since")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "a line for each scenario, and which answers were met")
	f.Var(o.color, "color", "colours in the report")
	f.Var(o.progress, "progress", "how to show how far the run is: a bar on a terminal, lines elsewhere")
}
