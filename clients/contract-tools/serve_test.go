// Package contracttools runs clients that were generated from the contract against the mock.
package contracttools

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"gotest.tools/v3/assert"
)

const head = "141be9714669a4c1ccaa013c6a7f3e462ff2a40f"

// server is a running mock.
type server struct {
	URL    string            `json:"url"`
	Tokens map[string]string `json:"tokens"`
}

// serve starts a mock of its own for the test. The script run has built the program.
func serve(t *testing.T) *server {
	t.Helper()
	ready := filepath.Join(t.TempDir(), "ready.json")
	command := exec.Command("made/statuschecks", "serve", "--listen", "127.0.0.1:0", "--ready-file", ready)
	var log bytes.Buffer
	command.Stderr = &log
	assert.NilError(t, command.Start())
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		assert.Check(t, command.Wait(), "serve after SIGTERM: %s", log.String())
	})
	for range 500 {
		if data, err := os.ReadFile(ready); err == nil {
			s := &server{}
			assert.NilError(t, json.Unmarshal(data, s))
			return s
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("serve did not get ready:\n%s", log.String())
	return nil
}

// protect protects two branches more and returns their ids.
func (s *server) protect(t *testing.T) []int {
	t.Helper()
	var ids []int
	for _, name := range []string{"release", "stable"} {
		form := strings.NewReader(url.Values{"name": {name}}.Encode())
		request, err := http.NewRequest("POST", s.URL+"/api/v4/projects/6/protected_branches", form)
		assert.NilError(t, err)
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("PRIVATE-TOKEN", s.Tokens["maintainer"])
		answer, err := http.DefaultClient.Do(request)
		assert.NilError(t, err)
		defer answer.Body.Close()
		var branch struct{ ID int }
		assert.NilError(t, json.NewDecoder(answer.Body).Decode(&branch))
		ids = append(ids, branch.ID)
	}
	return ids
}
