// Package hostile_test attacks the built program over loopback, with limits on number and time. It runs only if the
// flag -hostile gives a duration.
package hostile_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"gotest.tools/v3/assert"
)

var load = flag.Duration("hostile", 0, "attack the built program, with so much time for each load")

var program string

func TestMain(m *testing.M) {
	flag.Parse()
	if *load == 0 {
		fmt.Println("skipped: give -hostile, as make hostile does")
		return
	}
	folder, err := os.MkdirTemp("", "hostile")
	if err == nil {
		program = filepath.Join(folder, "statuschecks")
		build := exec.Command("go", "build", "-o", program, "../cmd/statuschecks")
		build.Stderr = os.Stderr
		err = build.Run()
	}
	code := 1
	if err == nil {
		code = m.Run()
	} else {
		fmt.Fprintln(os.Stderr, err)
	}
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

// mock is a running serve.
type mock struct {
	t      *testing.T
	root   string
	cmd    *exec.Cmd
	log    *bytes.Buffer
	client *http.Client
}

// serve starts the program and waits until it is ready.
func serve(t *testing.T, args ...string) *mock {
	t.Helper()
	m := &mock{t: t, log: &bytes.Buffer{}, client: &http.Client{Timeout: 30 * time.Second}}
	m.cmd = exec.Command(program, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	m.cmd.Stderr = m.log
	out, err := m.cmd.StdoutPipe()
	assert.NilError(t, err)
	assert.NilError(t, m.cmd.Start())
	t.Cleanup(func() { _ = m.cmd.Process.Kill() })
	line, err := bufio.NewReader(out).ReadBytes('\n')
	assert.NilError(t, err, "%s", m.log)
	var ready struct {
		URL string `json:"url"`
	}
	assert.NilError(t, json.Unmarshal(line, &ready))
	m.root = ready.URL
	return m
}

// ask sends a request as the owner and gives the status.
func (m *mock) ask(method, path, kind string, body io.Reader, headers ...string) (int, string) {
	r, err := http.NewRequest(method, m.root+path, body)
	if err != nil {
		return 0, err.Error()
	}
	r.Header.Set("Private-Token", "glpat-owner")
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := m.client.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, string(text)
}

// check adds an external status check.
func (m *mock) check(name, url string) {
	m.t.Helper()
	status, text := m.ask("POST", "/api/v4/projects/6/external_status_checks", "application/x-www-form-urlencoded",
		strings.NewReader("name="+name+"&external_url="+url))
	assert.Equal(m.t, status, 201, text)
}

// retitle changes the merge request, of which all checks are told, and gives the status.
func (m *mock) retitle(title string) int {
	status, _ := m.ask("PUT", "/api/v4/projects/6/merge_requests/4", "application/x-www-form-urlencoded",
		strings.NewReader("title="+title))
	return status
}

// peak is the most memory that the program has had, in MB.
func (m *mock) peak() int {
	m.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", m.cmd.Process.Pid))
	assert.NilError(m.t, err)
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	kilobytes, err := strconv.Atoi(strings.Fields(after)[0])
	assert.NilError(m.t, err)
	return kilobytes / 1024
}

// end asks the program to stop and gives the time that it took.
func (m *mock) end() time.Duration {
	m.t.Helper()
	began := time.Now()
	assert.NilError(m.t, m.cmd.Process.Signal(syscall.SIGTERM))
	assert.NilError(m.t, m.cmd.Wait())
	return time.Since(began)
}

// silent is a service that takes requests and never answers; quick answers at once.
func silent(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func quick(http.ResponseWriter, *http.Request) {}

func service(t *testing.T, answer http.HandlerFunc) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	assert.NilError(t, err)
	server := &http.Server{Handler: answer, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return "http://" + listener.Addr().String()
}

// Pages of others and strange names reach nothing but the API.
func TestServe_pages(t *testing.T) {
	m := serve(t)
	for _, header := range []string{"Origin", "Sec-Fetch-Site", "Host"} {
		value := map[string]string{
			"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site",
			"Host": "evil.example",
		}[header]
		for _, path := range []string{"/-/mock/state", "/-/mock/clock", "/-/health"} {
			status, text := m.ask("GET", path, "", nil, header, value)
			assert.Equal(t, status, 403, text)
		}
		status, text := m.ask("POST", "/-/mock/reset", "", nil, header, value)
		assert.Equal(t, status, 403, text)
		status, text = m.ask("GET", "/api/v4/version", "", nil, header, value)
		assert.Equal(t, status, 200, text)
	}
}

// What has ten checks told, with a service that never answers, costs no more memory than it may, and no more time than
// with one that does.
func TestServe_silentReceiver(t *testing.T) {
	mocks := map[string]*mock{}
	for name, answer := range map[string]http.HandlerFunc{"quick": quick, "silent": silent} {
		m := serve(t, "--log-level", "error")
		url := service(t, answer)
		for n := range 10 {
			m.check(fmt.Sprint("c", n), fmt.Sprint(url, "/", n))
		}
		mocks[name] = m
	}
	var done [2]atomic.Int64 // both at once, so that what else the machine does hits both
	var busy sync.WaitGroup
	until := time.Now().Add(*load)
	for worker := range 4 {
		m := mocks[[]string{"quick", "silent"}[worker%2]]
		busy.Go(func() {
			for n := 0; time.Now().Before(until); n++ {
				if m.retitle(fmt.Sprintf("w%d-%d", worker, n)) == 200 {
					done[worker%2].Add(1)
				}
			}
		})
	}
	busy.Wait()
	ratio := float64(done[1].Load()) / float64(done[0].Load())
	t.Logf("quick receiver: %d requests, %d MB at most; silent receiver: %d requests, %d MB at most; ratio %.2f",
		done[0].Load(), mocks["quick"].peak(), done[1].Load(), mocks["silent"].peak(), ratio)
	if ratio < 0.8 {
		t.Errorf("with a silent receiver it answers %.2f as many requests as with a quick one, fewer than 0.8", ratio)
	}
	for name, m := range mocks {
		if peak := m.peak(); peak > 150 {
			t.Errorf("with a %s receiver the memory grew to %d MB, more than 150", name, peak)
		}
		if took := m.end(); took > 2*time.Second {
			t.Errorf("with a %s receiver it ended %s after it was told to, more than 2s", name, took)
		}
	}
}

// A receiver that flushes while it is asked is told that it waits for itself.
func TestServe_receiverThatCallsBack(t *testing.T) {
	m := serve(t)
	told := make(chan int, 100)
	m.check("back", service(t, func(http.ResponseWriter, *http.Request) {
		status, _ := m.ask("POST", "/-/mock/deliveries/flush", "", nil)
		told <- status
	}))
	began := time.Now()
	assert.Equal(t, m.retitle("x"), 200)
	assert.Equal(t, <-told, 409)
	assert.Assert(t, time.Since(began) < 10*time.Second)
}

// A body that does not come and a service that is silent hold up nobody who wants it to end, and what was not delivered
// is told.
func TestServe_endsSoon(t *testing.T) {
	m := serve(t)
	m.check("deaf", service(t, silent))
	assert.Equal(t, m.retitle("x"), 200)
	slow, err := net.Dial("tcp", strings.TrimPrefix(m.root, "http://"))
	assert.NilError(t, err)
	defer slow.Close()
	fmt.Fprint(slow, "POST /api/v4/projects HTTP/1.1\r\nHost: x\r\nContent-Type: "+
		"application/json\r\nContent-Length: 100\r\n\r\n{")
	took := m.end()
	assert.Assert(t, took < 2*time.Second, took)
	assert.Assert(t, strings.Contains(m.log.String(), "undelivered=1"), m.log.String())
}
