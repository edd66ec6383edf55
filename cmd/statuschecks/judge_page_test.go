package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/docstest"
	"github.com/statuschecks/statuschecks/internal/tooltest"
)

// TestJudgePage_showsWhatHappens runs the commands of docs/judge.md, and compares what they print with what it shows.
// To save time, judge asks for a few scenarios there; TestBuildPage_showsWhatHappens asks for all.
func TestJudgePage_showsWhatHappens(t *testing.T) {
	t.Parallel()
	tooltest.Need(t, "node", "curl")
	p := judgePage{&reader{t: t, document: "docs/judge.md", folder: t.TempDir(), program: testProgram(t)}}
	service, err := os.ReadFile(filepath.Join("..", "..", "examples", "service-node", "service.mjs"))
	assert.NilError(t, err)
	assert.NilError(t, os.WriteFile(filepath.Join(p.folder, "service.mjs"), service, 0o600))
	judged := 0
	for _, block := range docstest.Blocks(t, "judge.md", "console") {
		for _, sequence := range sequencesOf(block.Text) {
			judged += strings.Count(sequence.text, "statuschecks judge")
			if !testing.Short() || !strings.Contains(sequence.text, "--releases") { // seventy releases take their time
				p.run(sequence)
			}
		}
	}
	assert.Assert(t, judged >= 8, "only %d commands were run", judged)
}

// judgePage runs what the page shows, with other ports.
type judgePage struct{ *reader }

// sequencesOf are the commands of a block that belong together, as one text: what is shown is the output of the last.
func sequencesOf(block string) []command {
	all := []command{{}}
	for line := range strings.Lines(block) {
		last := &all[len(all)-1]
		text, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case isCommand && last.output != "":
			all = append(all, command{text: text})
		case isCommand:
			last.text += text
		default:
			last.output += line
		}
	}
	return all
}

// run runs commands in one shell, and compares what the last prints. What runs in the background listens by then.
func (p *judgePage) run(c command) {
	p.t.Helper()
	port, mock := freePort(p.t), freePort(p.t)
	lines := strings.Split(strings.TrimSpace(c.text), "\n")
	before, last := strings.Join(lines[:len(lines)-1], "\n"), lines[len(lines)-1]
	text := last + "\n"
	if before != "" {
		listens := "until curl -s -o answer http://127.0.0.1:3000/; do sleep 0.1; done\n"
		text = "{\n" + before + "\n" + listens + "} >before.txt 2>&1\n" + text
	}
	text = strings.NewReplacer(":3000/", ":"+port+"/", ":8929", ":"+mock).Replace(text)
	shell := exec.Command("sh", "-c", text)
	shell.Dir = p.folder
	shell.Env = p.environment("PORT="+port, "STATUSCHECKS_SERVER=http://127.0.0.1:"+mock, "STATUSCHECKS_PROGRESS=none",
		"STATUSCHECKS_QUIET=50ms", "STATUSCHECKS_ONLY=service.open,service.signature.*,service.conflict")
	if !strings.Contains(last, " -- ") { // else it takes a free port by itself
		shell.Env = append(shell.Env, "STATUSCHECKS_LISTEN=127.0.0.1:"+mock)
	}
	inOwnGroup(shell)
	output, err := shell.CombinedOutput()
	_ = signalGroup(shell.Process, syscall.SIGKILL) // what runs in the background
	said, _ := os.ReadFile(filepath.Join(p.folder, "before.txt"))
	assert.Check(p.t, err, "%s\n%s\n%s", text, output, said)
	p.compare(c, strings.NewReplacer(":"+port+"/", ":3000/", ":"+mock+"/", ":8929/").Replace(string(output)))
}
