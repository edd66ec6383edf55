package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/tooltest"
)

// TestReadme_showsWhatHappens runs the commands that README.md shows and compares what they print with what it shows.
// In what it shows, … stands for anything, on one line or, on a line of its own, on several.
func TestReadme_showsWhatHappens(t *testing.T) {
	t.Parallel()
	tooltest.Need(t, "curl")
	readAloud(t, "README.md")
}

// TestVerifyPage_showsWhatHappens does the same for docs/verify.md.
func TestVerifyPage_showsWhatHappens(t *testing.T) {
	t.Parallel()
	readAloud(t, "docs/verify.md")
}

// readAloud runs the commands of a document, with the files that it shows.
func readAloud(t *testing.T, document string) {
	t.Helper()
	path := filepath.Join("..", "..", filepath.FromSlash(document))
	shown := consoleBlocks(t, path)
	assert.Assert(t, len(shown) > 5, "only %d commands were found", len(shown))
	r := &reader{t: t, document: document, folder: t.TempDir(), program: testProgram(t)}
	for _, s := range shown {
		if r.address != "" && !r.filed {
			r.files(path)
		}
		r.run(s)
	}
	assert.Assert(t, r.address != "", "%s does not start the server", document)
}

// command is a command line that a document shows, and what it says that comes of it.
type command struct {
	line   int
	text   string
	output string
}

// consoleBlocks are the commands in a document's blocks of the kind console: lines after $, and below each what it
// prints.
func consoleBlocks(t *testing.T, name string) []command {
	t.Helper()
	text, err := os.ReadFile(name)
	assert.NilError(t, err)
	var found []command
	inside := false
	for i, line := range strings.Split(string(text), "\n") {
		shown, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case line == "```console":
			inside = true
		case line == "```":
			inside = false
		case inside && isCommand:
			found = append(found, command{line: i + 1, text: shown})
		case inside && len(found) > 0:
			found[len(found)-1].output += line + "\n"
		}
	}
	return found
}

// testProgram is a folder with this test binary under the program's name.
func testProgram(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	assert.NilError(t, err)
	folder := t.TempDir()
	assert.NilError(t, os.Symlink(self, filepath.Join(folder, "statuschecks")))
	return folder
}

// reader does what a document says.
type reader struct {
	t        *testing.T
	document string
	folder   string // to run in
	program  string // folder of the program
	address  string // of the server, once it runs
	filed    bool   // the files that the document shows are there
}

var shownFile = regexp.MustCompile("(?s)```yaml\n# ([a-z]+\\.yaml)\n.*?```")

// files writes the files that a document shows: blocks of YAML that begin with the name of one.
func (r *reader) files(path string) {
	r.t.Helper()
	text, err := os.ReadFile(path)
	assert.NilError(r.t, err)
	for _, block := range shownFile.FindAllStringSubmatch(string(text), -1) {
		body := strings.TrimSuffix(strings.TrimPrefix(block[0], "```yaml\n"), "```")
		body = strings.ReplaceAll(body, documentedAddress, r.address)
		assert.NilError(r.t, os.WriteFile(filepath.Join(r.folder, block[1]), []byte(body), 0o600))
	}
	r.filed = true
}

const fromCheckout = "go run ./cmd/statuschecks"

// documentedAddress is where the README's server listens; the one that is tested takes a free port.
const documentedAddress = "127.0.0.1:8929"

// documentedService is where the reader's own service listens; the test talks to nobody there.
const documentedService, nobody = "127.0.0.1:9000", "127.0.0.1:9"

func (r *reader) run(c command) {
	r.t.Helper()
	text := strings.ReplaceAll(c.text, fromCheckout, "statuschecks")
	switch {
	case strings.HasPrefix(text, "make "):
		r.holdsTarget(strings.Fields(text)[1])
	case strings.HasPrefix(text, "statuschecks serve"):
		r.compare(c, r.serve(text))
	default:
		r.compare(c, r.shell(strings.NewReplacer(documentedAddress, r.address, documentedService, nobody).
			Replace(text)))
	}
}

// holdsTarget holds that make knows a target; running it would run this test again.
func (r *reader) holdsTarget(target string) {
	r.t.Helper()
	makefile, err := os.ReadFile(filepath.Join("..", "..", "Makefile"))
	assert.NilError(r.t, err)
	assert.Assert(r.t, regexp.MustCompile("(?m)^"+target+":").Match(makefile), "the Makefile has no target %s", target)
}

// environment is that of a user who has set nothing.
func (r *reader) environment(more ...string) []string {
	environment := []string{
		"PATH=" + r.program + string(os.PathListSeparator) + os.Getenv("PATH"), "HOME=" + r.folder,
		"XDG_CACHE_HOME=" + r.folder, endsAtOnce,
	}
	return append(environment, more...)
}

func (r *reader) shell(text string) string {
	r.t.Helper()
	shell := exec.Command("sh", "-c", text)
	shell.Dir, shell.Env = r.folder, r.environment("STATUSCHECKS_PROGRESS=none") // which a slow machine would show
	output, err := shell.CombinedOutput()
	if ended := new(exec.ExitError); err != nil && !errors.As(err, &ended) {
		r.t.Fatalf("%s: %v", text, err)
	}
	return strings.NewReplacer(r.address, documentedAddress, nobody+"/", documentedService+"/", "\r", "").
		Replace(string(output))
}

// serve starts the server and leaves it running until the test ends. It gives what the server said until it was ready.
func (r *reader) serve(text string) string {
	r.t.Helper()
	server := exec.Command("sh", "-c", "exec "+text)
	server.Dir, server.Env = r.folder, r.environment("STATUSCHECKS_LISTEN=127.0.0.1:0")
	pipe, err := server.StdoutPipe()
	assert.NilError(r.t, err)
	server.Stderr = server.Stdout // in the order in which it is said
	assert.NilError(r.t, server.Start())
	out := bufio.NewReader(pipe)
	said := ""
	for !strings.Contains(said, `{"event":"ready"`) {
		line, err := out.ReadString('\n')
		assert.NilError(r.t, err, "%s", said)
		said += line
	}
	var ready struct{ URL string }
	assert.NilError(r.t, json.Unmarshal([]byte(said[strings.LastIndex(said, `{"event"`):]), &ready))
	r.address = strings.TrimPrefix(ready.URL, "http://")
	ended := make(chan struct{})
	go func() { _, _ = io.Copy(io.Discard, out); close(ended) }()
	r.t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGTERM)
		<-ended
		assert.Check(r.t, server.Wait())
	})
	return strings.ReplaceAll(said, r.address, documentedAddress)
}

func (r *reader) compare(c command, got string) {
	r.t.Helper()
	if !fits(c.output, got) {
		r.t.Errorf("%s:%d: %s\nshows:\n%s\nprints:\n%s", r.document, c.line, c.text, c.output, got)
	}
}

// fits tells whether a text is what is shown, with … for anything.
func fits(shown, got string) bool {
	var pattern strings.Builder
	pattern.WriteString(`^`)
	for _, line := range strings.Split(strings.TrimSpace(shown), "\n") {
		if line == "…" {
			pattern.WriteString(`(?:.*\n)*?`)
			continue
		}
		parts := strings.Split(strings.TrimRight(line, " "), "…")
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		fmt.Fprintf(&pattern, "%s *\n", strings.Join(parts, ".*"))
	}
	pattern.WriteString(`$`)
	return regexp.MustCompile(pattern.String()).MatchString(strings.TrimSpace(got) + "\n")
}
