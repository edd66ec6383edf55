//go:build unix

package scaleout

import (
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/logtest"
)

// process is a mock that can be started again.
type process struct {
	program, address string
	flags, environ   []string
	log              *logtest.Buffer
	command          *exec.Cmd // nil while it does not run
}

func (p *process) start(t *testing.T) {
	t.Helper()
	ready := filepath.Join(t.TempDir(), "ready.json")
	p.command = exec.Command(p.program, append([]string{
		"serve", "--listen", p.address, "--ready-file", ready,
	}, p.flags...)...)
	p.command.Env, p.command.Stdout, p.command.Stderr = p.environ, p.log, p.log
	assert.NilError(t, p.command.Start())
	t.Cleanup(func() {
		if p.command != nil {
			_ = p.command.Process.Signal(syscall.SIGTERM)
			_ = p.command.Process.Signal(syscall.SIGCONT) // if it was stopped
			_ = p.command.Wait()
			p.command = nil
		}
	})
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat(ready); err == nil {
			return
		}
	}
	t.Fatalf("the mock did not get ready:\n%s", p.log)
}

func (p *process) signal(t *testing.T, s os.Signal) {
	t.Helper()
	assert.NilError(t, p.command.Process.Signal(s))
}

// kill ends the process without notice.
func (p *process) kill(t *testing.T) {
	t.Helper()
	assert.NilError(t, p.command.Process.Kill())
	_ = p.command.Wait()
	p.command = nil
}

// terminate tells the process to stop.
func (p *process) terminate(t *testing.T) {
	t.Helper()
	p.signal(t, syscall.SIGTERM)
	assert.NilError(t, p.command.Wait(), "%s", p.log)
	p.command = nil
}

// database is a PostgreSQL of its own for one test.
type database struct {
	url     string
	log     *logtest.Buffer
	command *exec.Cmd
}

// postgresTool finds a program of PostgreSQL, which Debian keeps out of the path.
func postgresTool(name string) (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err == nil && len(found) > 0 {
		return found[len(found)-1], nil
	}
	return exec.LookPath(name)
}

// asPostgres runs a command as the user postgres if the test runs as root, which PostgreSQL refuses.
func asPostgres(t *testing.T, folder string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := postgresTool(args[0])
	assert.NilError(t, err)
	command := exec.Command(path, args[1:]...)
	command.Dir = folder
	if os.Geteuid() != 0 {
		return command
	}
	account, err := user.Lookup("postgres")
	assert.NilError(t, err)
	uid, err := strconv.Atoi(account.Uid)
	assert.NilError(t, err)
	gid, err := strconv.Atoi(account.Gid)
	assert.NilError(t, err)
	assert.NilError(t, os.Chown(folder, uid, gid))
	command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	return command
}

// startDatabase starts a PostgreSQL that asks for a password.
func startDatabase(t *testing.T) *database {
	t.Helper()
	folder, err := os.MkdirTemp("", "scale-out") // not that of the test, whose name is long for a socket
	assert.NilError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	secret := filepath.Join(folder, "password")
	assert.NilError(t, os.WriteFile(secret, []byte(password), 0o644)) // #nosec G306 -- of this test alone
	out, err := asPostgres(t, folder, "initdb", "--pgdata", "data", "--username", "mock", "--pwfile", secret,
		"--auth", "scram-sha-256", "--no-sync", "--encoding", "UTF8", "--locale", "C").CombinedOutput()
	assert.NilError(t, err, "%s", out)
	host, port, err := net.SplitHostPort(freeAddress(t))
	assert.NilError(t, err)
	d := &database{
		log: &logtest.Buffer{},
		command: asPostgres(t, folder, "postgres", "-D", "data", "-c", "listen_addresses="+host, "-c", "port="+port,
			"-c", "unix_socket_directories="+folder),
		url: (&url.URL{
			Scheme: "postgres", User: url.UserPassword("mock", password), Host: net.JoinHostPort(host, port),
			Path: "/postgres", RawQuery: "sslmode=disable",
		}).String(),
	}
	run(t, d.command, d.log)
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if strings.Contains(d.log.String(), "ready to accept connections") {
			return d
		}
	}
	t.Fatalf("PostgreSQL did not get ready:\n%s", d.log)
	return nil
}

// stop ends the database.
func (d *database) stop(t *testing.T) {
	t.Helper()
	assert.NilError(t, d.command.Process.Signal(syscall.SIGINT))
	_ = d.command.Wait()
}
