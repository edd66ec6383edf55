package conformance

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"gotest.tools/v3/assert"
	"gotest.tools/v3/golden"
)

const targetText = `url: https://gitlab.example.com/api/v4/
token: {env: GITLAB_TOKEN}
tls_ca: ca.pem
project: quality/playground
other_project: 77
tokens:
  developer: glpat-developers-own
  stranger: {file: stranger.token}
receiver: {url: "https://ci.example.com/hooks", listen: "0.0.0.0:9000"}
profile: deckhouse-code
jobs: 4
rate: 2.5
timeout: 30s
patience: 2m
max_wait: any
`

func TestReadTarget(t *testing.T) {
	t.Parallel()
	file, err := ReadTarget("target.yaml", []byte(targetText))
	assert.NilError(t, err)
	patience, any := 2*time.Minute, time.Duration(-1)
	assert.DeepEqual(t, file, &TargetFile{
		URL: "https://gitlab.example.com/api/v4/", Token: &SecretSource{
			Position: scenario.Position{File: "target.yaml", Line: 2, Column: 9},
			Env:      "GITLAB_TOKEN",
		}, TLSCA: "ca.pem",
		Project: "quality/playground", OtherProject: "77",
		Tokens: map[scenario.Role]SecretSource{
			scenario.Developer: {
				Position: scenario.Position{File: "target.yaml", Line: 7, Column: 14},
				Text:     "glpat-developers-own",
			},
			scenario.Stranger: {
				Position: scenario.Position{File: "target.yaml", Line: 8, Column: 14},
				File:     "stranger.token",
			},
		},
		ReceiverURL: "https://ci.example.com/hooks", ReceiverListen: "0.0.0.0:9000", Profile: "deckhouse-code",
		Jobs: 4, Rate: 2.5, Timeout: 30 * time.Second, Patience: &patience, MaxWait: &any,
	})
}

// TestReadTarget_problems holds the whole message for each way a target file can be wrong, and that none shows a token.
func TestReadTarget_problems(t *testing.T) {
	t.Parallel()
	wrong := `url: gitlab.example.com
tokn: glpat-mistyped-key
tkens: {owner: 0123456789abcdef0123}
token: {envv: A}
namespace: 7
project: ""
other_project: /
tokens:
  develper: glpat-of-somebody
  admin: {env: ADMIN, file: b}
  guest: ""
  owner: [glpat-in-a-list]
receiver: {port: 9000}
jobs: 0
rate: fast
timeout: 0s
patience: 2
max_wait: never
`
	_, err := ReadTarget("target.yaml", []byte(wrong))
	assert.Equal(t, ExitCode(err), ExitUsage)
	for _, secret := range []string{"glpat-", "0123456789abcdef"} {
		assert.Assert(t, !strings.Contains(err.Error(), secret), err.Error())
	}
	golden.Assert(t, err.Error()+"\n", "target-problems.golden")
}

func TestKindOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]FileKind{
		patched: ScenarioFile, "scenarios: []": ScenarioFile, "": ScenarioFile, "- a": ScenarioFile,
		"unknown: 1": ScenarioFile, "a: [": ScenarioFile,
		profileText: ProfileFile, "profile: x": ProfileFile, "profile: x\nsummry: y\ndifferences: []": ProfileFile,
		targetText: TargetKind, "url: x\ntoken: y\nprofile: z": TargetKind, "tokens: {}": TargetKind,
	} {
		assert.Equal(t, KindOf([]byte(text)), want, text)
	}
}

// TestLint holds that files of all kinds are checked at once and that every problem of every file is told.
func TestLint(t *testing.T) {
	t.Parallel()
	text := []byte(head("list.wrong") + pendingList)
	good := []scenario.File{
		{Name: "list/a.yaml", Data: text},
		{Name: "p.yaml", Data: []byte(strings.ReplaceAll(profileText, "list.some-*", "list.w*"))},
		{Name: "t.yaml", Data: []byte(targetText)},
	}
	done, err := Lint(good, "", []*scenario.Scenario{{ID: "list.right"}})
	assert.NilError(t, err)
	assert.DeepEqual(t, done, Linted{
		Files:     map[FileKind]int{ScenarioFile: 1, ProfileFile: 1, TargetKind: 1},
		Scenarios: 1,
	})

	_, err = Lint(append(good, scenario.File{Name: "list/b.yaml", Data: text},
		scenario.File{Name: "list/c.yaml", Data: []byte("id: x\nsumary: y\n")},
		scenario.File{Name: "q.yaml", Data: []byte("profile: q\ndiferences: []\n")},
		scenario.File{Name: "u.yaml", Data: []byte("url: x\ntoken: y\n")}), "", nil)
	var load *scenario.LoadError
	assert.Assert(t, errors.As(err, &load), "%v", err)
	files := map[string]bool{}
	for _, problem := range load.Problems {
		files[problem.Position.File] = true
	}
	assert.DeepEqual(t, files, map[string]bool{
		"p.yaml": true, "list/b.yaml": true, "list/c.yaml": true, "q.yaml": true,
		"u.yaml": true,
	})
	assert.Assert(t, strings.Contains(err.Error(), `no scenario fits "list.right"`), err.Error())
	assert.Assert(t, strings.Contains(err.Error(), "the id list.wrong is taken by list/a.yaml:1:1"), err.Error())

	_, err = Lint([]scenario.File{{Name: "t.yaml", Data: []byte(targetText)}}, ScenarioFile, nil)
	assert.ErrorContains(t, err, `unknown key "url" in a scenario`)
}

// FuzzReadTarget holds that no file makes the readers of profiles and targets panic or say nothing.
func FuzzReadTarget(f *testing.F) {
	f.Add([]byte(targetText))
	f.Add([]byte(profileText))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := ReadTarget("fuzz.yaml", data); err != nil {
			assert.Assert(t, err.Error() != "")
		}
		if _, err := ReadProfile("fuzz.yaml", data); err != nil {
			assert.Assert(t, err.Error() != "")
		}
		_, _ = Lint([]scenario.File{{Name: "fuzz.yaml", Data: data}}, "", nil)
	})
}

// TestReadTarget_bounds holds that a target file may ask for what a flag may, and for no more.
func TestReadTarget_bounds(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"jobs: 1000":      "",
		"jobs: 1001":      "jobs must be a whole number from 1 to 1000",
		"rate: 0.01":      "",
		"rate: 0.009":     "rate must be a number from 0.01 to 100000; leave it out for no limit",
		"rate: 1e300":     "rate must be a number from 0.01 to 100000; leave it out for no limit",
		"rate: .nan":      "rate must be a number from 0.01 to 100000; leave it out for no limit",
		"timeout: 24h":    "",
		"timeout: 25h":    "timeout is too long; write 24h or less",
		"patience: 24h1s": "patience is too long; write 24h or less",
		"max_wait: 24h1s": "max_wait must be a length of time such as 0s or 3m, 24h at most, or any",
		"max_wait: any":   "",
	} {
		_, err := ReadTarget("t.yaml", []byte(line+"\n"))
		if want == "" {
			assert.NilError(t, err, line)
		} else {
			assert.ErrorContains(t, err, want, line)
		}
	}
}
