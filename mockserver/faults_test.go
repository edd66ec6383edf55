package mockserver_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/fault"
)

// faulty is a mock at a real address with one fault in force, whose clock stands.
func faulty(t *testing.T, f fault.Fault) *httptest.Server {
	t.Helper()
	now := time.Date(2026, 2, 3, 10, 0, 0, 0, time.UTC)
	mock, err := mockserver.New(mockserver.Options{
		Now: func() time.Time { return now }, Faults: []fault.Plan{{ID: "p", Faults: []fault.Fault{f}}},
	})
	assert.NilError(t, err)
	server := httptest.NewUnstartedServer(mock)
	server.Config.ConnContext = mockserver.ConnContext
	server.Start()
	t.Cleanup(server.Close)
	return server
}

// lastPath is asked for with the request that ends a connection.
const lastPath = "/-/health"

// speak sends requests over one connection and returns all that comes back until it ends, and whether that was a reset.
// A mock that ends the connection itself must not be sent more: what it has not read then resets the connection.
func speak(t *testing.T, server *httptest.Server, paths ...string) (heard string, reset bool) {
	t.Helper()
	connection, err := net.Dial("tcp", server.Listener.Addr().String())
	assert.NilError(t, err)
	defer connection.Close()
	for _, path := range paths {
		ending := ""
		if path == lastPath {
			ending = "Connection: close\r\n"
		}
		_, err := fmt.Fprintf(connection, "GET %s HTTP/1.1\r\nHost: localhost\r\nPrivate-Token: glpat-owner\r\n%s\r\n",
			path, ending)
		assert.NilError(t, err)
	}
	assert.NilError(t, connection.SetReadDeadline(time.Now().Add(time.Minute)))
	all, err := io.ReadAll(connection)
	reset = errors.Is(err, syscall.ECONNRESET)
	assert.Assert(t, err == nil || reset, "%v", err)
	return string(all), reset
}

const versionPath = "/api/v4/version"

func TestFaults_onTheWire(t *testing.T) {
	t.Parallel()
	body := `{"message":"503 Service Unavailable"}`
	for name, test := range map[string]struct {
		fault       fault.Fault
		has, hasNot []string
		ends, reset bool
	}{
		"GitLab's JSON": {
			fault: fault.Fault{Response: &fault.Response{Status: 503}},
			has: []string{
				"HTTP/1.1 503 Service Unavailable\r\n", "Content-Type: application/json\r\n", "X-Mock-Fault: p\r\n",
				"X-Gitlab-Meta: ", body,
			},
		},
		"nginx": {
			fault:  fault.Fault{Response: &fault.Response{Status: 502, Body: fault.BodyNginx}},
			has:    []string{"502 Bad Gateway\r\n", "Server: nginx\r\n", "<hr><center>nginx</center>", "text/html\r\n"},
			hasNot: []string{"X-Gitlab-Meta: {\"correlation_id\":\"mock-1\""},
		},
		"a login page": {
			fault: fault.Fault{Response: &fault.Response{Status: 200, Body: fault.BodyLogin}},
			has:   []string{"200 OK\r\n", "Sign in · GitLab", "text/html; charset=utf-8\r\n"},
		},
		"nothing": {
			fault:  fault.Fault{Response: &fault.Response{Status: 200, Body: fault.BodyEmpty}},
			has:    []string{"200 OK\r\n", "Content-Length: 0\r\n"},
			hasNot: []string{"Content-Type: application/json\r\nDate: "},
		},
		"null": {
			fault: fault.Fault{Response: &fault.Response{Status: 200, Body: fault.BodyNull}},
			has:   []string{"Content-Length: 4\r\n", "\r\n\r\nnull"},
		},
		"no content": {
			fault:  fault.Fault{Response: &fault.Response{Status: 204}},
			has:    []string{"204 No Content\r\n"},
			hasNot: []string{"Content-Length: 2", `{"message"`},
		},
		"a text": {
			fault: fault.Fault{Response: &fault.Response{Status: 200, Text: "[1", Type: "application/json"}},
			has:   []string{"Content-Type: application/json\r\n", "Content-Length: 2\r\n", "\r\n\r\n[1"},
		},
		"a reason phrase": {
			fault: fault.Fault{Response: &fault.Response{Status: 503, Reason: "Over Capacity"}},
			has:   []string{"HTTP/1.1 503 Over Capacity\r\n", `{"message":"503 Over Capacity"}`}, ends: true,
		},
		"headers": {
			fault: fault.Fault{Headers: fault.Headers{
				Set: map[string]string{
					"Retry-After": "${date+3}", "RateLimit-Reset": "${epoch+60}", "Date": "${date-3600}", "X-A": "${x}",
				},
				Drop: []string{"Etag"},
			}},
			has: []string{
				"200 OK\r\n", "Retry-After: Tue, 03 Feb 2026 10:00:03 GMT\r\n", "Ratelimit-Reset: 1770112860\r\n",
				"Date: Tue, 03 Feb 2026 09:00:00 GMT\r\n", "X-A: ${x}\r\n", `"version":"18.9.0-ee"`,
			},
			hasNot: []string{"Etag:"},
		},
		"reset":       {fault: fault.Fault{Connection: fault.Reset}, hasNot: []string{"HTTP"}, ends: true, reset: true},
		"close":       {fault: fault.Fault{Connection: fault.Close}, hasNot: []string{"HTTP"}, ends: true},
		"close after": {fault: fault.Fault{Connection: fault.CloseAfter}, has: []string{`18.9.0-ee`}, ends: true},
		"cut": {
			fault:  fault.Fault{Response: &fault.Response{Status: 503}, Connection: fault.CutKnown, CutAfter: 10},
			has:    []string{fmt.Sprintf("Content-Length: %d\r\n", len(body)), "\r\n\r\n" + body[:10]},
			hasNot: []string{body[:11]}, ends: true,
		},
		"cut behind the end": {
			fault: fault.Fault{Response: &fault.Response{Status: 503}, Connection: fault.CutKnown, CutAfter: 500},
			has:   []string{"Content-Length: 501\r\n", body}, ends: true,
		},
		"cut chunked": {
			fault: fault.Fault{Response: &fault.Response{Status: 503}, Connection: fault.CutChunked, CutAfter: 10},
			has:   []string{"Transfer-Encoding: chunked\r\n", "\r\n\r\na\r\n" + body[:10] + "\r\n"},
			hasNot: []string{
				"Content-Length", "\r\n0\r\n",
			}, ends: true,
		},
		"extra bytes": {
			fault: fault.Fault{
				Response: &fault.Response{Status: 204, Body: fault.BodyEmpty}, Connection: fault.Extra,
			},
			has: []string{"204 No Content\r\n", "\r\n\r\nbytes that belong to no response\r\n"}, ends: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			paths := []string{versionPath}
			if !test.ends {
				paths = append(paths, lastPath)
			}
			heard, reset := speak(t, faulty(t, test.fault), paths...)
			for _, want := range test.has {
				assert.Assert(t, strings.Contains(heard, want), "no %q in:\n%s", want, heard)
			}
			for _, other := range test.hasNot {
				assert.Assert(t, !strings.Contains(heard, other), "%q in:\n%s", other, heard)
			}
			assert.Equal(t, !strings.Contains(heard, "GitLab OK"), test.ends, "%s", heard)
			assert.Equal(t, reset, test.reset, "%s", heard)
		})
	}
}

// A fault of the second request on a connection leaves the first of it, and other connections, alone.
func TestFaults_onConnection(t *testing.T) {
	t.Parallel()
	server := faulty(t, fault.Fault{Calls: fault.Calls{OnConnection: 2}, Response: &fault.Response{Status: 503}})
	for range 2 {
		heard, _ := speak(t, server, versionPath, versionPath, versionPath, lastPath)
		var statuses []string
		for _, line := range regexp.MustCompile(`HTTP/1\.1 (\d+)`).FindAllStringSubmatch(heard, -1) {
			statuses = append(statuses, line[1])
		}
		assert.DeepEqual(t, statuses, []string{"200", "503", "200", "200"})
	}
}

const checksURL = "/api/v4/projects/6/external_status_checks"

func ask(t *testing.T, server *httptest.Server, method, path, body string) (status int, text string,
	header http.Header,
) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(body))
	assert.NilError(t, err)
	request.Header.Set("Private-Token", "glpat-owner")
	request.Header.Set("Content-Type", "application/json")
	response, err := server.Client().Do(request)
	assert.NilError(t, err)
	defer response.Body.Close()
	var all bytes.Buffer
	_, err = bufio.NewReader(response.Body).WriteTo(&all)
	assert.NilError(t, err)
	return response.StatusCode, all.String(), response.Header
}

// What a client cannot see from the fault alone is whether the work was done.
func TestFaults_beforeAndAfter(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		t.Run(fmt.Sprint(after), func(t *testing.T) {
			t.Parallel()
			server := faulty(t, fault.Fault{
				Calls: fault.Calls{Operation: "createExternalStatusCheck"}, Times: 1, After: after,
				Response: &fault.Response{Status: 502, Body: fault.BodyNginx},
			})
			create := `{"name":"New","external_url":"https://new.example"}`
			status, _, header := ask(t, server, "POST", checksURL, create)
			assert.Equal(t, status, 502)
			assert.Equal(t, header.Get("X-Mock-Fault"), "p")
			status, text, header := ask(t, server, "POST", checksURL, create)
			assert.Equal(t, header.Get("X-Mock-Fault"), "")
			if after {
				assert.Equal(t, status, 422, text) // it is there already
			} else {
				assert.Equal(t, status, 201, text)
			}
		})
	}
}

func TestFaults_idsAsText(t *testing.T) {
	t.Parallel()
	server := faulty(t, fault.Fault{IDsAsText: true})
	_, text, _ := ask(t, server, "GET", checksURL, "")
	assert.Assert(t, strings.HasPrefix(text, `[{"id":"1","name":"Compliance Tool","project_id":"6",`), text)
}

// A plan that holds back is told when the client has gone, and is no fault of others.
func TestFaults_delay(t *testing.T) {
	t.Parallel()
	server := faulty(t, fault.Fault{Delay: fault.LongestDelay, Times: 1})
	connection, err := net.Dial("tcp", server.Listener.Addr().String())
	assert.NilError(t, err)
	defer connection.Close() // else closing the server waits for ten minutes
	_, err = io.WriteString(connection, "GET "+versionPath+" HTTP/1.1\r\nHost: localhost\r\n\r\n")
	assert.NilError(t, err)
	text := ""
	for range 1000 { // until the mock has seen the request
		if _, text, _ = ask(t, server, "GET", "/-/mock/faults/p", ""); strings.Contains(text, `"happened":1`) {
			break
		}
	}
	assert.Assert(t, strings.Contains(text, `"happened":1`), text)
	assert.NilError(t, connection.Close())
	status, _, _ := ask(t, server, "GET", versionPath, "")
	assert.Equal(t, status, 200)
}
