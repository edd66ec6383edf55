package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/tooltest"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// TestNode_stands judges the right service that is written for Node.js, with random delays before its answers and its
// calls.
func TestNode_stands(t *testing.T) {
	t.Parallel()
	tooltest.Need(t, "node")
	for n := range *runs {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			stands(t, lab{secret: hush, patience: 20 * time.Second, start: startNode}, randomDelays(n))
		})
	}
}

// TestNode_isCaught holds that it is really that service which is judged: what comes in or goes out is spoilt for it.
func TestNode_isCaught(t *testing.T) {
	t.Parallel()
	tooltest.Need(t, "node")
	spoilt := slices.DeleteFunc(defects(), func(d defect) bool {
		return d.id != "ignores-retries" && d.id != "gives-up-on-409"
	})
	assert.Equal(t, len(spoilt), 2)
	for _, d := range spoilt {
		t.Run(d.id, func(t *testing.T) {
			t.Parallel()
			report := lab{secret: hush, patience: 3 * time.Second, only: d.caught, start: startNode}.judged(t, d)
			assert.DeepEqual(t, blamed(report), d.caught)
		})
	}
}

// startNode starts the service for Node.js. A proxy before it and one before the mock do what the defect says.
func startNode(t *testing.T, s site, d defect) string {
	t.Helper()
	settings := &Settings{Secret: s.secret}
	toGitLab := proxy(t, s.gitlab)
	if d.out != nil {
		toGitLab.Transport = d.out(toGitLab.Transport, settings)
	}
	gitlab := httptest.NewServer(toGitLab)
	t.Cleanup(gitlab.Close)
	var service http.Handler = proxy(t, runNode(t, gitlab.URL, s))
	if d.in != nil {
		service = d.in(service, settings)
	}
	front := httptest.NewServer(service)
	t.Cleanup(front.Close)
	return front.URL
}

func proxy(t *testing.T, target string) *httputil.ReverseProxy {
	t.Helper()
	to, err := url.Parse(target)
	assert.NilError(t, err)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	t.Cleanup(transport.CloseIdleConnections)
	return &httputil.ReverseProxy{
		Transport: transport,
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(to) },
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) {
			panic(http.ErrAbortHandler) // a connection that was cut behind the proxy is cut before it
		},
	}
}

// runNode runs the service for Node.js until the test ends, and gives its URL.
func runNode(t *testing.T, gitlab string, s site) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "node", filepath.Join("..", "service-node", "service.mjs"))
	command.Env = append(os.Environ(), "PORT=0", "CI_API_V4_URL="+gitlab+"/api/v4",
		"GITLAB_TOKEN="+seed.DeveloperToken, "STATUS_CHECK_SECRET="+s.secret)
	output, err := command.StderrPipe()
	assert.NilError(t, err)
	assert.NilError(t, command.Start())
	lines := bufio.NewReader(output)
	first, err := lines.ReadString('\n')
	assert.NilError(t, err, first)
	address, found := strings.CutPrefix(strings.TrimSpace(first), "listening at ")
	assert.Assert(t, found, first)
	read := make(chan struct{})
	go func() {
		_, _ = io.Copy(s.log, lines)
		close(read)
	}()
	t.Cleanup(func() {
		_ = command.Process.Kill()
		<-read
		_ = command.Wait()
	})
	return "http://" + address
}
