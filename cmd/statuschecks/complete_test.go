package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"gotest.tools/v3/assert"
	is "gotest.tools/v3/assert/cmp"
)

// TestCompletion_offersWhatFlagsTake asks for the values of every flag of every command, and gives each to the flag.
func TestCompletion_offersWhatFlagsTake(t *testing.T) {
	t.Chdir(t.TempDir()) // for the files that reports are checked against
	offering := map[string]int{}
	allFlags(newRoot(system{}), func(cmd *cobra.Command, f *pflag.Flag) {
		known, directive := valuesFor(f, "")
		offering[f.Name] = max(offering[f.Name], len(known))
		for _, value := range known {
			if strings.HasSuffix(value, "=") {
				assert.Check(t, directive&cobra.ShellCompDirectiveNoSpace != 0, "%s --%s", cmd.CommandPath(), f.Name)
				value += map[bool]string{true: "new", false: "10/1m"}[f.Name == "report"]
			}
			assert.Check(t, f.Value.Set(value), "%s --%s", cmd.CommandPath(), f.Name)
		}
		kind, _ := pflag.UnquoteUsage(f)
		byShell := directive == cobra.ShellCompDirectiveDefault
		assert.Check(t, byShell == slices.Contains([]string{"file", "name or file", "server"}, kind),
			"%s --%s: files are offered: %t", cmd.CommandPath(), f.Name, byShell)
	})
	for _, name := range []string{
		"gitlab-version", "assume-version", "log-level", "feature", "rate-limit", "only", "level", "profile", "report",
		"a", "b", "color", "answer", "kind", "fail-on",
	} {
		assert.Check(t, offering[name] > 0, "--%s has values that can be counted", name)
	}
}

// TestCompletion asks as a shell does.
func TestCompletion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line, offers, ends string
	}{
		{"serve --log-level ", "debug", "NoFileComp"},
		{"serve --seed ", "", "Default"},
		{"serve --gitlab-version 18.", "18.9", "NoFileComp"},
		{"serve --base-url ", "", "NoFileComp"},
		{"serve --feature only", "only_allow_merge_if_all_status_checks_passed=off", "NoFileComp"},
		{"serve ", "", "NoFileComp"},
		{"verify --config ", "", "Default"},
		{"verify --only roles,retr", "roles,retry.", "NoFileComp"},
		{"verify --report json=report.json,jun", "json=report.json,junit=", "NoSpace"},
		{"verify --scenarios ", "", "FilterDirs"},
		{"contract --only status-", "status-checks", "NoFileComp"},
		{"trigger re", "retry", "NoFileComp"},
		{"trigger --control-token ", "", "NoFileComp"},
		{"lint ", "", "Default"},
		{"cleanup ", "", "Default"},
		{"exec -- ", "", "Default"},
		{"coverage merge ", "", "Default"},
		{"--config ", "", "Default"},
		{"diff --a buil", "builtin@16.4", "Default"},
	} {
		words := strings.Split(c.line, " ")
		var out, errs strings.Builder
		code := run(t.Context(), append([]string{cobra.ShellCompNoDescRequestCmd}, words...),
			system{out: &out, errs: &errs})
		assert.Check(t, is.Equal(code, 0), c.line)
		assert.Check(t, is.Contains(errs.String(), "ShellCompDirective"+c.ends), c.line)
		assert.Check(t, is.Contains(out.String(), c.offers), c.line)
	}
}
