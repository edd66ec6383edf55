//go:build unix

package scaleout

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/logtest"
	"github.com/statuschecks/statuschecks/internal/tooltest"
)

const (
	password = "secret-of-the-database/@:%"
	escaped  = "secret-of-the-database%2F%40%3A%25"
	token    = "glpat-maintainer"
	patience = 20 * time.Second
)

// program is the program under test.
var program = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "statuschecks-scale-out")
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "statuschecks")
	out, err := exec.Command("go", "build", "-o", path, "../../cmd/statuschecks").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := program(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// scene is what the example is about: a database, three processes and nginx.
type scene struct {
	database  *database
	processes []*process
	proxy     string // root URL
	client    *http.Client
}

// begin starts all that belongs to the scene. Where a tool is missing, the test is skipped.
func begin(t *testing.T) *scene {
	t.Helper()
	tooltest.Need(t, "nginx")
	_, err := postgresTool("initdb")
	tooltest.NoTrouble(t, "PostgreSQL", err)
	path, err := program()
	assert.NilError(t, err)
	s := &scene{client: &http.Client{Timeout: patience}, proxy: "http://" + freeAddress(t)}
	s.database = startDatabase(t)
	for range 3 {
		p := &process{
			program: path, address: freeAddress(t), log: &logtest.Buffer{},
			flags:   []string{"--base-url", s.proxy, "--world-per-name", "--log-level", "debug"},
			environ: append(os.Environ(), "STATUSCHECKS_DATA="+s.database.url),
		}
		s.processes = append(s.processes, p)
		p.start(t)
	}
	s.startProxy(t)
	return s
}

// startProxy starts nginx with the file of the example, at other ports.
func (s *scene) startProxy(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile("nginx.conf")
	assert.NilError(t, err)
	folder := t.TempDir()
	changes := []string{
		"127.0.0.1:8930", strings.TrimPrefix(s.proxy, "http://"),
		"http {", "pid nginx.pid;\nerror_log error.log;\nhttp {\naccess_log off;\n" +
			"client_body_temp_path body;\nproxy_temp_path proxy;\nfastcgi_temp_path fastcgi;\n" +
			"uwsgi_temp_path uwsgi;\nscgi_temp_path scgi;\nadd_header X-Upstream $upstream_addr;",
	}
	for i, p := range s.processes {
		changes = append(changes, fmt.Sprintf("127.0.0.1:%d", 8931+i), p.address)
	}
	conf := strings.NewReplacer(changes...).Replace(string(text))
	if os.Geteuid() == 0 {
		conf = "user root;\n" + conf // or its workers could not use the folder
	}
	assert.NilError(t, os.WriteFile(filepath.Join(folder, "nginx.conf"), []byte(conf), 0o600))
	log := &logtest.Buffer{}
	run(t, exec.Command("nginx", "-p", folder, "-c", "nginx.conf", "-g", "daemon off;"), log)
	s.until(t, "nginx answers", func() bool {
		status, _, _ := s.call("GET", s.proxy+"/-/health", "")
		return status == http.StatusOK
	})
}

// run starts a command that ends with the test.
func run(t *testing.T, command *exec.Cmd, log io.Writer) {
	t.Helper()
	command.Stdout, command.Stderr = log, log
	assert.NilError(t, command.Start())
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		_ = command.Wait()
	})
}

// call makes a request. Status 0 means that there was no response.
func (s *scene) call(method, url, body string) (status int, header http.Header, text []byte) {
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return 0, nil, []byte(err.Error())
	}
	r.Header.Set("Private-Token", token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	response, err := s.client.Do(r)
	if err != nil {
		return 0, nil, []byte(err.Error())
	}
	defer response.Body.Close()
	text, err = io.ReadAll(response.Body)
	if err != nil {
		return 0, nil, []byte(err.Error())
	}
	return response.StatusCode, response.Header, text
}

func decoded(t *testing.T, body []byte) (object map[string]any) {
	t.Helper()
	assert.NilError(t, json.Unmarshal(body, &object), "%s", body)
	return object
}

// until waits for something.
func (s *scene) until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("it did not happen that %s:\n%s", what, strings.Join(s.logs(), "\n"))
}

// busiest is the process that has a world.
func (s *scene) busiest(t *testing.T, world string) *process {
	t.Helper()
	_, header, _ := s.call("GET", s.proxy+"/worlds/"+world+"/-/health", "")
	for _, p := range s.processes {
		if p.address == header.Get("X-Upstream") {
			return p
		}
	}
	t.Fatalf("no process has %s: %v", world, header)
	return nil
}

func (s *scene) logs() (all []string) {
	for _, p := range s.processes {
		all = append(all, p.log.String())
	}
	return append(all, s.database.log.String())
}

// freeAddress is an address that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	assert.NilError(t, err)
	defer listener.Close()
	return listener.Addr().String()
}
