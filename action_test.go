package statuschecks_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/docstest"
)

// standIn is a program that is ready at once, at an address that names the release that it was told. It leaves the
// ready file of another one alone.
const standIn = `#!/usr/bin/env bash
while [ $# -gt 0 ]; do case $1 in --gitlab-version) release=$2 ;; --ready-file) ready=$2 ;; esac; shift; done
[ -e "$ready" ] || echo "{\"url\":\"http://$release\"}" >"$ready"
exec sleep 2
`

// A job can start several mocks with the action, one per step. Each step tells of its own.
func TestAction_startsSeveralMocks(t *testing.T) {
	t.Parallel()
	temp := t.TempDir()
	folder := filepath.Join(temp, "statuschecks")
	assert.NilError(t, os.Mkdir(folder, 0o755))
	assert.NilError(t, os.WriteFile(filepath.Join(folder, "statuschecks"), []byte(standIn), 0o755))
	output := filepath.Join(temp, "output")
	for _, release := range []string{"16.4", "18.9"} {
		cmd := exec.CommandContext(t.Context(), "bash", "action/serve")
		cmd.Env = append(os.Environ(), "RUNNER_TEMP="+temp, "RELEASE="+release, "SEED=", "GITHUB_OUTPUT="+output,
			"GITHUB_ENV="+filepath.Join(temp, "env"))
		said, err := cmd.CombinedOutput()
		assert.NilError(t, err, "%s", said)
	}
	text, err := os.ReadFile(output)
	assert.NilError(t, err)
	for _, want := range []string{"url=http://16.4\n", "url=http://18.9\n"} {
		assert.Assert(t, strings.Contains(string(text), want), "%s", text)
	}
}

// The action and the component of GitLab CI set what clients read, as exec does. The variables of a job that is about
// something else stay.
func TestAction_setsWhatClientsRead(t *testing.T) {
	t.Parallel()
	rows := regexp.MustCompile("(?m)^\\| (`[A-Z].*?`) \\|").FindAllStringSubmatch(docstest.Page(t, "exec.md"), -1)
	var want []string
	for _, row := range rows {
		for name := range strings.SplitSeq(row[1], ", ") {
			name = strings.Trim(name, "`")
			if !strings.HasPrefix(name, "CI_") && !strings.HasPrefix(name, "GITLAB_USER_") {
				want = append(want, name)
			}
		}
	}
	assert.Check(t, len(want) > 5, "%q", want)
	for _, file := range []string{"action/serve", "templates/gitlab-mock.yml"} {
		text, err := os.ReadFile(file)
		assert.NilError(t, err)
		for _, name := range want {
			assert.Check(t, regexp.MustCompile(`\b`+name+`\b`).Match(text), "%s does not set %s", file, name)
		}
	}
}
