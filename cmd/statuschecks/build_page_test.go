package main

import (
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/tooltest"
)

// TestBuildPage_showsWhatHappens runs the commands of docs/build-a-service.md with the services that it shows, and
// compares what they print with what it shows.
func TestBuildPage_showsWhatHappens(t *testing.T) {
	t.Parallel()
	tooltest.Need(t, "node")
	const name = "docs/build-a-service.md"
	path := filepath.Join("..", "..", filepath.FromSlash(name))
	page, err := os.ReadFile(path)
	assert.NilError(t, err)
	r := &reader{t: t, document: name, folder: t.TempDir(), program: testProgram(t), address: "127.0.0.1:1"}
	shown := regexp.MustCompile("(?s)```js\n// ([a-z]+\\.mjs)\n.*?```").FindSubmatch(page)
	assert.Assert(t, shown != nil, "the page shows no service")
	first := strings.TrimSuffix(strings.TrimPrefix(string(shown[0]), "```js\n"), "```")
	assert.NilError(t, os.WriteFile(filepath.Join(r.folder, string(shown[1])), []byte(first), 0o600))
	right, err := os.ReadFile(filepath.Join("..", "..", "examples", "service-node", "service.mjs"))
	assert.NilError(t, err)
	assert.NilError(t, os.WriteFile(filepath.Join(r.folder, "service.mjs"), right, 0o600))
	port := freePort(t)
	commands := consoleBlocks(t, path)
	assert.Assert(t, len(commands) >= 4, "only %d commands were found", len(commands))
	for _, c := range commands {
		text := strings.ReplaceAll(c.text, ":3000/", ":"+port+"/")
		got := r.shell("PORT=" + port + "; export PORT; " + text)
		r.compare(c, strings.ReplaceAll(got, ":"+port+"/", ":3000/"))
	}
}

// freePort is a port that nobody listens at.
func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	assert.NilError(t, err)
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	assert.NilError(t, err)
	return port
}
