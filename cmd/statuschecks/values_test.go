package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"gotest.tools/v3/assert"
	is "gotest.tools/v3/assert/cmp"
)

// values are what a flag takes, and what makes no sense for it.
type values struct{ good, bad []string }

// Values that several flags take or refuse. Paths are below the folder of the test, which has the file "file" and the
// folder "folder".
var (
	noNumber = []string{"", "-1", "many", "1.5", "99999999999999999999", "0x10", " 5"}
	noLength = []string{"", "-1s", "soon", "5", "25h", "9999999999h", "1s1"}
	noFile   = []string{"", "  ", "none", "folder", "none/file"}
	noTarget = []string{"", "folder", "none/file", "file/below"}
	noURL    = []string{
		"", "ftp://example.com", "example.com", "http://", "http://h:0", "http://h:65536",
		"http://h:http", "http://u:p@h", "http://h?a=b", "/api/v4",
	}
	noSwitch  = []string{"", "maybe", "2", "-1"}
	noAddress = []string{"", "8929", "127.0.0.1", "127.0.0.1:http", "127.0.0.1:65536", "127.0.0.1:-1", "::1:80"}
	noToken   = []string{"", " ", "two words", "line\nbreak", "größe"}
	noPlace   = []string{
		"", "0", "-1", "1.5", "99999999999999999999", "https://gitlab.example.com/a/b", "/a/b", "a//b",
		"a/b/",
	}
	noVersion = []string{"", "0", "-1", "13.12", "99.0", "newest"}

	pairReports = values{[]string{"json=new", "text=-"}, []string{
		"", "json", "json=", "html=new", "junit=new",
		"json=folder", "json=new,",
	}}
	switches  = values{[]string{"true", "false", "1", "0"}, noSwitch}
	tokens    = values{[]string{"glpat-x", "a.b_c=:/"}, noToken}
	files     = values{[]string{"file", "folder/../file"}, noFile}
	newFiles  = values{[]string{"new", "folder/new", "file"}, noTarget}
	addresses = values{[]string{"127.0.0.1:0", ":9000", "[::1]:80", "localhost:65535"}, noAddress}
	urls      = values{
		[]string{"https://gitlab.example.com", "http://127.0.0.1:8080/gitlab/", "http://[::1]:80"},
		noURL,
	}
	gitlabs  = values{[]string{"14.0", "18.9", "v16.11.2-ee"}, noVersion}
	lengths  = values{[]string{"1ms", "1m30s", "24h"}, append([]string{"0s", "0"}, noLength...)}
	places   = values{[]string{"42", "group", "group/sub.group/a-b_c"}, noPlace}
	patterns = values{[]string{"respond", "retry.*", "!roles", "a,b"}, []string{
		"", " ", "[", "a,,b", ",", "!",
		"\"a",
	}}
	numbers = values{[]string{"1", "144"}, append([]string{"0"}, noNumber...)}
	sides   = values{
		[]string{"builtin", "builtin@16.4", "https://gitlab.example.com", "target.yaml"},
		[]string{"", "builtin@1.0", "builtin@", "none.yaml", "buildin", "ftp://example.com", "example.com"},
	}
)

// valuesOf has a row for every flag of every command, by its name; one that means something else in some command has
// its own row there, with the command before it.
var valuesOf = map[string]values{
	"diff report": pairReports, "explore report": pairReports,
	"a": sides, "b": sides, "token-a": tokens, "token-b": tokens, "token": tokens,
	"control-token": tokens, "check-token": tokens,
	"config": {[]string{"settings.yaml"}, noFile}, "target": files, "tls-ca": files, "tls-cert": files,
	"tls-key": files, "baseline": files,
	"serve seed": files, "exec seed": files, "faults": files,
	"ready-file": newFiles, "data": {
		append([]string{"postgres://u:p%40ss@h:5432/d", "postgresql:///d?host=/run"}, newFiles.good...),
		append([]string{"postgres://u:pa/ss@h", "postgres://h:99999999/d"}, noTarget...),
	},
	"tls-ca-file": newFiles, "out": newFiles,
	"ledger": {[]string{"new", "none/new", "folder/new"}, []string{
		"", "folder", "file/below",
		"file/below/it",
	}},
	"scenarios": {[]string{"folder", "."}, []string{"", "none", "file"}},
	"listen": {
		append([]string{"unix:mock.sock"}, addresses.good...),
		append([]string{"unix:"}, noAddress...),
	},
	"control-listen": {
		append([]string{"unix:mock.sock"}, addresses.good...),
		append([]string{"unix:"}, noAddress...),
	},
	"receiver-listen": {addresses.good, append([]string{"unix:mock.sock"}, noAddress...)},
	"contract only":   {[]string{"status-checks", "clock"}, []string{"", " ", "cooking", "[", "status-checks,clock"}},
	"server":          urls,
	"url":             urls, "receiver-url": urls,
	"base-url":  {urls.good, append([]string{"http://h/api/v4", "http://h/api/v4/"}, noURL...)},
	"namespace": places, "project": places, "other-project": places,
	"gitlab-version": gitlabs, "assume-version": gitlabs,
	"diff": {[]string{"16.4..16.6", "18.9..18.9"}, []string{
		"", "16.4", "16.6..16.4", "16.4..", "..16.4",
		"16.4..99.0", "16.4...16.6",
	}},
	"fail-on": {[]string{"nothing", "breaking", "any"}, []string{"", "breaks", "breaking,any"}},
	"feature": {
		[]string{"pending_status_check_responses=on"},
		[]string{"", "nothing=on", "pending_status_check_responses", "pending_status_check_responses=1"},
	},
	"lag": {
		[]string{"0", "0s", "300ms", "0s-2s"},
		append([]string{"2s-1s", "1s-", "1s-2s-3s"}, noLength...),
	},
	"shard":           {[]string{"1/1", "2/5"}, []string{"", "2", "0/5", "6/5", "-1/5", "1/x", "1/2/3"}},
	"max-wait":        {[]string{"0s", "3m", "any"}, noLength},
	"grace":           {[]string{"0s", "10s"}, noLength},
	"wait":            {[]string{"0s", "10s"}, noLength},
	"trigger project": numbers, "merge-request": numbers, "check": numbers,
	"to": {urls.good, noURL}, "world": {[]string{"a"}, []string{"", " "}},
	"secret":         {[]string{"hush", "two words", "größe"}, []string{"", " ", "line\nbreak"}},
	"signature":      {[]string{"00ff"}, []string{"", " "}},
	"after":          {[]string{"0s", "3s"}, noLength},
	"answer":         {[]string{"nothing", "passed", "failed", "pending"}, []string{"", "maybe", "0"}},
	"receive listen": {addresses.good, noAddress}, "proxy listen": {addresses.good, noAddress},
	"upstream": urls, "record": newFiles, "from": files, "from-gitlab": urls,
	"judge listen": {addresses.good, noAddress},
	"service":      urls,
	"quiet":        lengths,
	"user":         {[]string{"developer"}, []string{"", " "}},
	"patience":     lengths, "timeout": lengths, "receiver-wait": lengths,
	"max-worlds":          {[]string{"1", "1000000"}, append([]string{"0", "1000001"}, noNumber...)},
	"worlds-expire-after": {[]string{"1s", "10m", "8760h"}, []string{"", "0s", "-1s", "soon", "5", "8761h", "1ms"}},
	"jobs":                {[]string{"1", "8", "1000"}, append([]string{"0", "1001"}, noNumber...)},
	"steps":               {[]string{"1", "1000000"}, append([]string{"0", "1000001"}, noNumber...)},
	"max-shrink":          {[]string{"0", "100000"}, append([]string{"100001"}, noNumber...)},
	"explore seed":        {[]string{"0", "18446744073709551615"}, noNumber},
	"journal-size":        {[]string{"0", "1000000"}, append([]string{"1000001"}, noNumber...)},
	"coverage":            newFiles,
	"merge format":        {[]string{"json", "text", "html"}, []string{"", "yaml", "0"}},
	"rate-limit": {[]string{"throttle_authenticated_api=10/1m", "gitlab.com,project_api=1/1s", "defaults"}, []string{
		"", "throttle=1/1m", "project_api", "project_api=0/1m", "project_api=1/1ms", "project_api=1/25h",
		"project_api=-1/1m", "project_api=1", "project_api=many/1m",
	}},
	"rate": {[]string{"0.01", "5", "100000"}, []string{
		"", "0", "-1", "0.001", "100001", "NaN", "Inf", "1e300",
		"many",
	}},
	"only":  patterns,
	"level": {[]string{"must", "must,should"}, []string{"", "may", "MUST", "must,", "0"}},
	"report": {[]string{"json=new", "junit=-", "html=folder/new,text=new"}, []string{
		"", "json", "json=", "=new",
		"htm=new", "json=folder", "json=none/file", "json=new,",
	}},
	"profile": {[]string{"deckhouse-code", "./settings.yaml"}, []string{
		"", "deckhouse", "none.yaml", "./folder",
		"./none",
	}},
	"format":      {[]string{"yaml", "json"}, []string{"", "xml", "YAML", "1"}},
	"kind":        {[]string{"auto", "target"}, []string{"", "seed", "0"}},
	"color":       {[]string{"auto", "always", "never"}, []string{"", "sometimes", "true", "0"}},
	"progress":    {[]string{"auto", "bar", "lines", "none"}, []string{"", "dots", "0"}},
	"timeout-job": {[]string{"exact", "every-minute"}, []string{"", "hourly", "1m", "0"}},
	"log-format":  {[]string{"text", "json"}, []string{"", "yaml", "0"}},
	"log-level":   {[]string{"info", "debug", "warn", "error"}, []string{"", "loud", "0", "-4"}},
}

// allFlags visits every flag of every command, those of the library and the hidden ones too.
func allFlags(cmd *cobra.Command, visit func(*cobra.Command, *pflag.Flag)) {
	cmd.InitDefaultHelpFlag()
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) { visit(cmd, f) })
	for _, child := range cmd.Commands() {
		allFlags(child, visit)
	}
}

// TestValues_areRefusedForEveryFlag holds that no flag takes a value that makes no sense, wherever it comes from, and
// that each says so in the same way. A flag that is new wants a row.
func TestValues_areRefusedForEveryFlag(t *testing.T) {
	folderWithFiles(t)
	used := map[string]bool{}
	allFlags(newRoot(system{out: &bytes.Buffer{}, errs: &bytes.Buffer{}}), func(cmd *cobra.Command, f *pflag.Flag) {
		row, key := switches, ""
		if f.Value.Type() != "bool" {
			row, key = rowOf(cmd, f)
			if len(row.good) == 0 || len(row.bad) == 0 {
				t.Errorf("%s --%s has no row in valuesOf: say there what it takes and what it refuses",
					cmd.CommandPath(), f.Name)
			}
		}
		used[key] = true
		for _, value := range row.good {
			assert.Check(t, f.Value.Set(value), "%s --%s %q", cmd.CommandPath(), f.Name, value)
		}
		for _, value := range row.bad {
			refusedAsFlag(t, cmd, f, value)
			refusedFromOutside(t, cmd, f, value)
		}
	})
	for key := range valuesOf {
		assert.Check(t, used[key], "valuesOf has a row for %q, and there is no such flag", key)
	}
}

func folderWithFiles(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, name := range []string{"file", "target.yaml", "settings.yaml"} {
		assert.NilError(t, os.WriteFile(name, nil, 0o600))
	}
	assert.NilError(t, os.Mkdir("folder", 0o700))
}

// rowOf is the row of a flag, with its key.
func rowOf(cmd *cobra.Command, f *pflag.Flag) (values, string) {
	key := cmd.Name() + " " + f.Name
	if row, own := valuesOf[key]; own {
		return row, key
	}
	return valuesOf[f.Name], f.Name
}

func refusedAsFlag(t *testing.T, cmd *cobra.Command, f *pflag.Flag, value string) {
	t.Helper()
	args := slices.Concat(strings.Fields(cmd.CommandPath())[1:], []string{"--" + f.Name + "=" + value})
	refused(t, args, nil, "statuschecks: --"+f.Name+" cannot be ")
	if _, hidden := f.Value.(secret); hidden && strings.TrimSpace(value) != "" {
		assert.Check(t, !strings.Contains(told(args, nil), value), "the secret is shown")
	}
}

// refusedFromOutside gives the value by the variable and by a settings file.
func refusedFromOutside(t *testing.T, cmd *cobra.Command, f *pflag.Flag, value string) {
	t.Helper()
	if !hasSettings(cmd) || !cmd.HasParent() || cmd.Parent().HasParent() || !settable(f) || value == "" {
		return // an empty variable counts as not set
	}
	arguments := map[string][]string{
		"cleanup": {"x.ledger"},
		"lint":    {"folder"},
		"exec":    {"none"}, "trigger": {"push"}, "sign": {"file"}, "verify-signature": {"file"},
	}[cmd.Name()]
	args := append([]string{cmd.Name()}, arguments...)
	refused(t, args, []string{variableOf(f) + "=" + value}, "statuschecks: the environment variable "+variableOf(f)+
		": "+f.Name+" cannot be ")
	if strings.ContainsAny(value, "\n\"") {
		return
	}
	assert.NilError(t, os.WriteFile("own.yaml", []byte(cmd.Name()+":\n  "+f.Name+": \""+value+"\"\n"), 0o600))
	args = append([]string{cmd.Name(), "--config", "own.yaml"}, arguments...)
	refused(t, args, nil, "statuschecks: own.yaml:2:"+columnOf(f)+f.Name+" cannot be ")
}

func columnOf(f *pflag.Flag) string { return strconv.Itoa(len(f.Name)+5) + ": " }

func refused(t *testing.T, args, environ []string, want string) {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(context.Background(), args, system{out: &out, errs: &errs, environ: environ})
	assert.Check(t, is.Equal(code, exitUsage), "%q %q: %s", args, environ, errs.String())
	assert.Check(t, strings.HasPrefix(errs.String(), want), "%q %q: %s\nwant %s…", args, environ, errs.String(), want)
	assert.Check(t, is.Equal(out.String(), ""), "%q", args)
}

func told(args, environ []string) string {
	var out, errs bytes.Buffer
	_ = run(context.Background(), args, system{out: &out, errs: &errs, environ: environ})
	return out.String() + errs.String()
}

// TestReportFiles_goToDifferentPlaces holds that no report replaces another.
func TestReportFiles_goToDifferentPlaces(t *testing.T) {
	folderWithFiles(t)
	assert.NilError(t, os.Symlink("file", "link"))
	for _, pair := range [][]string{
		{"json=new", "html=new"},
		{"json=new", "html=folder/../new"},
		{"json=file", "text=link"},
		{"json=-", "text=-"},
		{"json=new", "html=" + filepath.Join(workingFolder(t), "new")},
	} {
		_, err := reportFiles(pair)
		assert.Check(t, is.ErrorContains(err, "--report "+pair[1]+" and --report "+pair[0]))
	}
	files, err := reportFiles([]string{"json=new", "html=folder/new", "text=-", "junit=file"})
	assert.NilError(t, err)
	assert.Check(t, slices.Contains(files, reportFile{"text", standardOutput}))
}

func workingFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.Getwd()
	assert.NilError(t, err)
	return folder
}
