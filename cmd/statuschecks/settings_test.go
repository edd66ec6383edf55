package main

import (
	"strings"
	"testing"

	"github.com/spf13/pflag"
	"gotest.tools/v3/assert"
	is "gotest.tools/v3/assert/cmp"
)

// TestVariables_meanOneThing holds that no variable is read by flags that take different things.
func TestVariables_meanOneThing(t *testing.T) {
	t.Parallel()
	types := map[string]string{}
	visitFlags(newRoot(system{}), func(f *pflag.Flag) {
		variable := variableOf(f)
		if before, known := types[variable]; known {
			assert.Check(t, is.Equal(f.Value.Type(), before), "%s is read for --%s by two commands; give one of "+
				"them a variable of its own", variable, f.Name)
		}
		types[variable] = f.Value.Type()
	})
	assert.Equal(t, types["STATUSCHECKS_SEED"], "string")
	assert.Equal(t, types["STATUSCHECKS_EXPLORE_SEED"], "uint64")
}

var settingFlags = map[string][]string{
	"serve": {"lag", "listen", "seed", "no-hints"}, "verify": {"only", "url"},
	"version": nil,
}

func TestParseSettings_readsSectionsByCommand(t *testing.T) {
	t.Parallel()
	file := strings.Join([]string{
		"# comment", "serve:", "  listen: 127.0.0.1:0", "  no-hints: true", "  lag: 0s-2s", "verify:",
		"  only: [respond, \"!roles\"]", "  url: >-", "    http://a",
	}, "\n")
	sections, err := parseSettings("s.yaml", []byte(file), settingFlags)
	assert.NilError(t, err)
	assert.DeepEqual(t, sections["serve"]["listen"].values, []string{"127.0.0.1:0"})
	assert.DeepEqual(t, sections["serve"]["no-hints"].values, []string{"true"})
	assert.DeepEqual(t, sections["serve"]["lag"].values, []string{"0s-2s"})
	assert.DeepEqual(t, sections["verify"]["only"].values, []string{"respond", "!roles"})
	assert.DeepEqual(t, sections["verify"]["url"].values, []string{"http://a"})
	assert.Equal(t, sections["serve"]["lag"].from, "s.yaml:5:8")
}

func TestParseSettings_takesAnEmptyFile(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"", "# nothing\n", "serve:\n", "---\n"} {
		_, err := parseSettings("s.yaml", []byte(file), settingFlags)
		assert.NilError(t, err, "%q", file)
	}
}

func TestParseSettings_saysWhereAndWhat(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"serve: {listn: x}": `s.yaml:1:9: serve has no setting "listn" (did you mean listen?)`,
		"sreve:\n  lag: 1s": `s.yaml:1:1: unknown section "sreve" (did you mean serve?); the sections ` +
			`are serve, verify, version`,
		"serve: 5":                       "s.yaml:1:8: the section serve must be a mapping of names to values",
		"- serve":                        "s.yaml:1:1: the file must be a mapping of names to values",
		"serve:\n  lag:\n    min: 1s":    "lag takes a single value; leave the line out for the default",
		"serve:\n  lag: ~":               "s.yaml:2:8: lag takes a single value",
		"serve: {":                       "s.yaml:1:",
		"serve:\n  lag: 1s\n  lag: 2s":   "s.yaml:3:3: ",
		"serve: {lag: 1s}\n---\nverify:": "a second YAML document; a settings file holds one",
	} {
		_, err := parseSettings("s.yaml", []byte(file), settingFlags)
		assert.Check(t, is.ErrorContains(err, want), "%q", file)
		assert.Check(t, is.Equal(exitCode(err), exitUsage), "%q", file)
	}
}

func TestParseSettings_reportsAllAtOnce(t *testing.T) {
	t.Parallel()
	_, err := parseSettings("s.yaml", []byte("serve:\n  lg: 1s\n  sed: x\nverfy:\n  url: x\n"), settingFlags)
	assert.Assert(t, is.ErrorContains(err, "s.yaml:2:3: "))
	assert.Assert(t, is.ErrorContains(err, "s.yaml:3:3: "))
	assert.Assert(t, is.ErrorContains(err, "s.yaml:4:1: "))
}
