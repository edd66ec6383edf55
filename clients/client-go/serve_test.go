// Package clientgo runs GitLab's own Go client against the mock, as a program that uses GitLab would.
package clientgo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	gitlab "gitlab.com/gitlab-org/api/client-go/v2"
	"gotest.tools/v3/assert"
)

// program is the path of the program under test.
var program string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "statuschecks-client-go")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(folder, "statuschecks")
	build := exec.Command("go", "build", "-C", filepath.Join("..", ".."), "-o", program, "./cmd/statuschecks")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the program: %v\n%s", err, out)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

// server is a running mock.
type server struct {
	URL     string            `json:"url"`
	Control string            `json:"control"`
	Tokens  map[string]string `json:"tokens"`
}

// serve starts a mock of its own for the test, and holds at its end that it stops as it should.
func serve(t *testing.T, flags ...string) *server {
	t.Helper()
	ready := filepath.Join(t.TempDir(), "ready.json")
	command := exec.Command(program, append([]string{"serve", "--listen", "127.0.0.1:0", "--ready-file", ready},
		flags...)...)
	var log bytes.Buffer
	command.Stderr = &log
	assert.NilError(t, command.Start())
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		err := command.Wait()
		assert.Check(t, err, "serve after SIGTERM: %s", log.String())
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

// as is a client with the token of a user of the default world.
func (s *server) as(t *testing.T, user string) *gitlab.Client {
	t.Helper()
	assert.Assert(t, s.Tokens[user] != "", "the ready line has no token for %s", user)
	client, err := gitlab.NewClient(s.Tokens[user], gitlab.WithBaseURL(s.URL))
	assert.NilError(t, err)
	return client
}

// advance lets time pass at the mock; when it returns, what became due has happened.
func (s *server) advance(t *testing.T, by time.Duration) {
	t.Helper()
	body := strings.NewReader(fmt.Sprintf(`{"by":%q}`, by))
	response, err := http.Post(s.Control+"/clock/advance", "application/json", body)
	assert.NilError(t, err)
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	assert.Equal(t, response.StatusCode, http.StatusOK, "%s", text)
}
