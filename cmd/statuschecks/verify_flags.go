package main

import (
	"time"

	"github.com/spf13/pflag"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/profiles"
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
	shard                                shardFlag
	version                              releaseFlag
	assumeVersion                        patchedRelease
	features                             features
	lag                                  lag
	color, progress                      *choice
	tokens                               map[scenario.Role]string
}

func newVerifyOptions() *verifyOptions {
	return &verifyOptions{
		features: features{}, color: newChoice("auto", "always", "never"), progress: newChoice("auto", "bar", "lines",
			"none"),
		jobs: 8, patience: atLeastSome(time.Minute), timeout: atLeastSome(time.Minute),
		receiverWait: atLeastSome(15 * time.Second), maxWait: boundedWait{-1},
	}
}

// serverFlags say where the server is, and who may create projects where.
func (o *verifyOptions) serverFlags(f *pflag.FlagSet) {
	f.Var(newText(&o.url, serverURL), "url", "`URL` of the server: the instance's root, or its /api/v4")
	f.Var(newSecret(&o.token), "token", "`token` with the scope api, of a user who may create projects; "+
		"STATUSCHECKS_TOKEN is safer")
	f.Var(newText(&o.namespace, idOrPath), "namespace", "`id or path` of the namespace for new projects "+
		"(default: that of the token's user)")
}

// whereFlags say which server to judge and what of it may be used.
func (o *verifyOptions) whereFlags(f *pflag.FlagSet) {
	f.Var(newText(&o.target, readable), "target", "YAML `file` that describes the server: URL, tokens, namespace or "+
		"project, receiver and more")
	o.serverFlags(f)
	f.Var(newText(&o.project, idOrPath), "project", "`id or path` of an existing project; no project is created then, "+
		"and scenarios that need their own project are skipped")
	f.Var(newText(&o.otherProject, idOrPath), "other-project", "with --project: `id or path` of a second project "+
		"with other members")
	f.BoolVar(&o.builtin, "builtin", false, "test the built-in mock instead of a server")
	f.Var(&o.version, "gitlab-version", "with --builtin: GitLab release that the mock behaves as (default 18.9)")
	f.Var(o.features, "feature", "with --builtin: switch a feature flag of the release; repeatable; "+
		"docs/reference/versions.md lists them")
	f.Var(&o.assumeVersion, "assume-version", "GitLab release to judge the server as, instead of the one it reports")
	f.Var(&o.lag, "lag", "with --builtin: delay of background jobs and deliveries")
}

// serverOrMock lets the command line choose between a server and the built-in mock, although the environment or the
// settings file says something about the other one.
func serverOrMock(f *pflag.FlagSet) {
	giveWay(f, []string{"url", "token", "target", "keep", "ledger"}, "builtin")
	giveWay(f, []string{"builtin", "gitlab-version", "feature", "lag"}, "url", "target")
}

// whichFlags choose scenarios.
func (o *verifyOptions) whichFlags(f *pflag.FlagSet) {
	f.Var(newWords(&o.only, pattern).offering(selections), "only",
		"scenarios to run: `ids`, patterns for ids, areas, tags, or needs, such as needs:receiver; ! before one "+
			"excludes it")
	f.Var(newWords(&o.levels, level).offering(levelNames), "level",
		"`levels` to run: must, should, observed (default: all)")
	f.Var(newText(&o.scenarios, folder), "scenarios",
		"`folder` with your own scenarios, instead of the built-in ones")
	f.Var(&o.shard, "shard", "run only a part of the scenarios, such as 2/5 on the second of five machines; "+
		"merge-reports joins the JSON reports of verify and judge")
	f.Var(&o.maxWait, "max-wait", "skip scenarios that really have to wait longer than this, such as 0s; any skips "+
		"none")
}

// howFlags say how to go about it.
func (o *verifyOptions) howFlags(f *pflag.FlagSet) {
	f.Var(newText(&o.caFile, readable), "tls-ca", "PEM `file` with the authority that signed the server's certificate")
	f.Var(&o.patience, "patience", "how long to wait for background work of the server")
	f.Var(&o.timeout, "timeout", "time limit for one request and its response")
	f.Var(&number{&o.jobs, 1, conformance.MaxJobs}, "jobs", "number of `scenarios` that run at the same time")
	f.Var(&rate{&o.rate}, "rate", "most requests per `second` (default: no limit)")
	f.Var(newText(&o.receiverListen, hostPort), "receiver-listen", "`host:port` at which the receiver of deliveries "+
		"listens (default: a free local port if the server is local)")
	f.Var(newText(&o.receiverURL, serverURL), "receiver-url", "`URL` at which the server can reach the receiver")
	f.Var(&o.receiverWait, "receiver-wait", "how long to wait for the first delivery, which shows that the server "+
		"can reach the receiver")
	f.BoolVar(&o.strict, "strict", false, "report unknown properties in responses as violations")
	f.BoolVar(&o.keep, "keep", false, "do not delete what was created, and keep the ledger")
	f.Var(newText(&o.ledger, creatable), "ledger", "`file` that records what was created, for cleanup "+
		"(default: a new file in the user's cache folder)")
}

// tellFlags say what to tell about it.
func (o *verifyOptions) tellFlags(f *pflag.FlagSet) {
	f.BoolVar(&o.list, "list", false, "list the scenarios, and do not run them")
	f.BoolVar(&o.dryRun, "dry-run", false, "show what would be created and sent; only read from the server")
	f.Var(newText(&o.profile, profileName).offering(profiles.Names), "profile",
		"`name or file` of a profile, which lists where the server differs on purpose")
	f.Var(newReports(&o.reports, reportFormats), "report", "further reports, as `format=file`: html, json, "+
		"junit, markdown or text; the file - is standard output")
	f.Var(newText(&o.baseline, readable), "baseline", "`file` with the JSON report of an earlier run, to show what "+
		"changed")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "show a line for each scenario, and which responses occurred")
	f.Var(o.color, "color", "colours in the report")
	f.Var(o.progress, "progress", "how to show the progress; auto: a bar on a terminal, lines elsewhere")
}
