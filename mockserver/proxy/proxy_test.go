package proxy_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/journal"
	"github.com/statuschecks/statuschecks/mockserver/proxy"
	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/release"
)

// scene is a proxy in front of some GitLab.
type scene struct {
	t      *testing.T
	proxy  *proxy.Proxy
	server *httptest.Server
	har    bytes.Buffer
	found  []proxy.Finding
}

func before(t *testing.T, upstream string) *scene {
	t.Helper()
	u, err := url.Parse(upstream)
	assert.NilError(t, err)
	s := &scene{t: t}
	transport := &http.Transport{DisableCompression: true}
	s.proxy, err = proxy.New(proxy.Options{
		Upstream: u, Release: release.Reference, Now: time.Now, Transport: transport, Record: &s.har,
		Found: func(f proxy.Finding) { s.found = append(s.found, f) },
	})
	assert.NilError(t, err)
	s.server = httptest.NewServer(s.proxy)
	t.Cleanup(transport.CloseIdleConnections)
	t.Cleanup(s.server.Close)
	return s
}

// end waits for all exchanges, and returns what was seen.
func (s *scene) end() proxy.Summary {
	s.t.Helper()
	s.server.Close()
	assert.NilError(s.t, s.proxy.Close())
	return s.proxy.Summary()
}

// codes are the findings in short.
func codes(list []proxy.Finding) []string {
	texts := []string{}
	for _, f := range list {
		texts = append(texts, fmt.Sprintf("%s %s %d %s %s ×%d", f.Kind, f.Operation, f.Status, f.What.Code,
			f.What.Place(), f.Count))
	}
	return texts
}

func (s *scene) call(method, path, token, body string) (int, string) {
	s.t.Helper()
	request, err := http.NewRequest(method, s.server.URL+path, strings.NewReader(body))
	assert.NilError(s.t, err)
	if token != "" {
		request.Header.Set("Private-Token", token)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	assert.NilError(s.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	assert.NilError(s.t, err)
	return response.StatusCode, string(text)
}

// aGitLab is a mock that is right.
func aGitLab(t *testing.T) *httptest.Server {
	t.Helper()
	mock, err := mockserver.New(mockserver.Options{Version: release.Reference})
	assert.NilError(t, err)
	server := httptest.NewServer(mock)
	t.Cleanup(server.Close)
	return server
}

const (
	secretOfClient = "glpat-secretofclient12345"
	checks         = "/api/v4/projects/6/external_status_checks"
)

// Of a GitLab that is right nothing is found, and all records are those of a mock.
func TestProxy_findsNothingInARightGitLab(t *testing.T) {
	gitlab := aGitLab(t)
	s := before(t, gitlab.URL)
	status, _ := s.call("GET", checks, seed.OwnerToken, "")
	assert.Equal(t, status, 200)
	status, _ = s.call("POST", checks, seed.OwnerToken,
		`{"name":"new","external_url":"https://u:hush@example.com/?token=hush","shared_secret":"hushhush","odd":1}`)
	assert.Equal(t, status, 201)
	status, _ = s.call("GET", checks, secretOfClient, "")
	assert.Equal(t, status, 401)
	status, _ = s.call("GET", "/api/v4/nothing/of/this", "", "")
	assert.Equal(t, status, 404)
	seen := s.end()
	assert.DeepEqual(t, codes(seen.Findings), []string{})
	assert.Equal(t, seen.Exchanges, 4)
	assert.Equal(t, seen.Foreign, 1)
	assert.Equal(t, seen.Notes, 1)
	assert.Equal(t, s.proxy.Ledger().Notes().Notes[0].Parameter, "odd")
	page := s.proxy.Ledger().Journal(journal.Filter{})
	assert.Equal(t, len(page.Entries), 4)
	assert.Equal(t, page.Entries[1].Operation, "createExternalStatusCheck")
	assert.Equal(t, page.Entries[1].Worked, true)
	for _, op := range seen.Coverage.Operations {
		if op.ID == "listExternalStatusChecks" {
			assert.Equal(t, op.Calls, 2)
		}
	}
	assert.Assert(t, !strings.Contains(s.har.String(), "hush"), s.har.String())
	assert.Assert(t, !strings.Contains(s.har.String(), secretOfClient))
	assert.Assert(t, !strings.Contains(s.har.String(), seed.OwnerToken))
	var har journal.HAR
	assert.NilError(t, json.Unmarshal(s.har.Bytes(), &har))
	assert.Equal(t, len(har.Log.Entries), 4)
	assert.Equal(t, har.Log.Entries[0].Request.URL, gitlab.URL+checks)
	assert.Assert(t, strings.Contains(har.Log.Entries[0].Response.Content.Text, `"protected_branches"`))
}

// answering is a GitLab that always answers the same.
func answering(t *testing.T, answer http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return server.URL
}

// What does not fit the contract is found once, and counted. The client gets it as it is.
func TestProxy_findsWhatIsWrong(t *testing.T) {
	s := before(t, answering(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusCreated)
		}
		_, _ = io.WriteString(w, `[{"id":"hush"}]`)
	}))
	for range 3 {
		_, text := s.call("GET", checks, "", "")
		assert.Equal(t, text, `[{"id":"hush"}]`)
	}
	s.call("POST", checks, "", `{"name":"no address"}`)
	seen := s.end()
	assert.Equal(t, len(s.found), len(seen.Findings), "each is told once")
	all := strings.Join(codes(seen.Findings), "\n")
	for _, want := range []string{
		"response listExternalStatusChecks 200 type /0/id ×3",
		"request createExternalStatusCheck 201 required /external_url ×1",
		"response createExternalStatusCheck 201 type",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not among\n%s", want, all)
		}
	}
	assert.Assert(t, !strings.Contains(fmt.Sprint(seen.Findings), "hush"))
}

// A redirect is not what was asked for, so nothing is said of the parameters.
func TestProxy_redirects(t *testing.T) {
	s := before(t, answering(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusFound) // without Location, so that the test's client goes nowhere
	}))
	s.call("GET", checks+"?page=first", "", "")
	seen := s.end()
	assert.DeepEqual(t, codes(seen.Findings), []string{
		"response listExternalStatusChecks 302 undocumented-status  ×1",
	})
	page := s.proxy.Ledger().Journal(journal.Filter{})
	assert.Equal(t, page.Entries[0].Worked, false)
}

// raw sends bytes as they are to an address, and returns all that comes back.
func raw(t *testing.T, address, text string) string {
	t.Helper()
	connection, err := net.Dial("tcp", address)
	assert.NilError(t, err)
	defer connection.Close()
	_, err = io.WriteString(connection, text)
	assert.NilError(t, err)
	got, _ := io.ReadAll(connection)
	return string(got)
}

// rawUpstream answers each connection with fixed bytes, and keeps what it was sent.
func rawUpstream(t *testing.T, answer string) (address string, got chan string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	assert.NilError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	got = make(chan string, 10)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			reader := bufio.NewReader(connection)
			request, err := http.ReadRequest(reader)
			if err == nil {
				body, _ := io.ReadAll(request.Body)
				var head bytes.Buffer
				_ = request.Header.Write(&head)
				got <- request.Method + " " + request.RequestURI + "\r\n" + head.String() + "\r\n" + string(body)
			}
			_, _ = io.WriteString(connection, answer)
			_ = connection.Close()
		}
	}()
	return listener.Addr().String(), got
}

// headers are the lines of a head, sorted, as their order means nothing.
func headers(text string) (first string, lines []string, body string) {
	head, body, _ := strings.Cut(text, "\r\n\r\n")
	lines = strings.Split(head, "\r\n")
	first, lines = lines[0], lines[1:]
	slices.Sort(lines)
	return first, lines, body
}

// Not a byte of what counts is changed: path, query, headers with several values, forwarding headers, body and status.
// Nothing is added either.
func TestProxy_changesNothing(t *testing.T) {
	address, got := rawUpstream(t, "HTTP/1.1 418 I'm a teapot\r\nX-Two: a\r\nX-Two: b\r\nSet-Cookie: s=1\r\n"+
		"Set-Cookie: t=2\r\nEtag: W/\"x\"\r\nConnection: X-Hop\r\nX-Hop: gone\r\nContent-Length: 4\r\n\r\n"+
		"\x00\xffab")
	s := before(t, "http://"+address+"/sub/")
	back := raw(t, s.server.Listener.Addr().String(), "PUT /api/v4/projects/a%2Fb%2fc?x=1;y=%zz&&=+ HTTP/1.1\r\n"+
		"Host: localhost\r\nX-Forwarded-For: 1.2.3.4\r\nX-Many: one\r\nX-Many: two\r\n"+
		"Accept-Encoding: br\r\nConnection: close, X-Own\r\n"+
		"X-Own: gone\r\nContent-Length: 3\r\n\r\n\x01\x00\xfe")
	first, lines, body := headers(<-got)
	assert.Equal(t, first, "PUT /sub/api/v4/projects/a%2Fb%2fc?x=1;y=%zz&&=+")
	assert.DeepEqual(t, lines, []string{
		"Accept-Encoding: br", "Content-Length: 3", "X-Forwarded-For: 1.2.3.4", "X-Many: one", "X-Many: two",
	})
	assert.Equal(t, body, "\x01\x00\xfe")
	first, lines, body = headers(back)
	assert.Equal(t, first, "HTTP/1.1 418 I'm a teapot")
	assert.DeepEqual(t, lines, []string{
		"Connection: close", "Content-Length: 4", `Etag: W/"x"`, "Set-Cookie: s=1", "Set-Cookie: t=2", "X-Two: a",
		"X-Two: b",
	})
	assert.Equal(t, body, "\x00\xffab")
	s.end()
}

// A GitLab in trouble is told apart from one that is wrong, and the client sees the trouble.
func TestProxy_troubleUpstream(t *testing.T) {
	for name, c := range map[string]struct{ answer, status string }{
		"nothing":       {"", "0"},
		"no HTTP":       {"hello\r\n\r\n", "0"},
		"cut":           {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[", "200"},
		"broken chunks": {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[", "200"},
	} {
		t.Run(name, func(t *testing.T) {
			address, _ := rawUpstream(t, c.answer)
			s := before(t, "http://"+address)
			response, err := http.Get(s.server.URL + checks)
			if err == nil {
				_, err = io.ReadAll(response.Body)
				_ = response.Body.Close()
			}
			assert.Assert(t, err != nil || response.StatusCode == http.StatusBadGateway)
			assert.DeepEqual(t, codes(s.end().Findings), []string{
				"failure listExternalStatusChecks " + c.status + " no-response  ×1",
			})
		})
	}
}

// A response is passed on as it comes, and a client that does not wait for its end is no fault of GitLab's.
func TestProxy_streams(t *testing.T) {
	more := make(chan struct{})
	s := before(t, answering(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "first")
		_ = http.NewResponseController(w).Flush()
		select {
		case <-more:
		case <-r.Context().Done():
		}
		_, _ = io.WriteString(w, "last")
	}))
	response, err := http.Get(s.server.URL + checks)
	assert.NilError(t, err)
	piece := make([]byte, 5)
	_, err = io.ReadFull(response.Body, piece)
	assert.NilError(t, err)
	assert.Equal(t, string(piece), "first")
	_ = response.Body.Close()
	close(more)
	for _, f := range s.end().Findings {
		assert.Assert(t, f.Kind != proxy.Failure, f)
	}
}

// A GitLab may answer before it has all of the request, and the rest still reaches it.
func TestProxy_bothWaysAtOnce(t *testing.T) {
	s := before(t, answering(t, func(w http.ResponseWriter, r *http.Request) {
		c := http.NewResponseController(w)
		assert.Check(t, c.EnableFullDuplex())
		assert.Check(t, c.Flush())
		_, err := io.Copy(w, r.Body)
		assert.Check(t, err)
	}))
	reader, writer := io.Pipe()
	request, err := http.NewRequest("POST", s.server.URL+checks, reader)
	assert.NilError(t, err)
	response, err := http.DefaultClient.Do(request)
	assert.NilError(t, err)
	defer response.Body.Close()
	_, err = io.WriteString(writer, "sent when the response had begun")
	assert.NilError(t, err)
	assert.NilError(t, writer.Close())
	text, err := io.ReadAll(response.Body)
	assert.NilError(t, err)
	assert.Equal(t, string(text), "sent when the response had begun")
}

// What is too large is passed on and not looked at; packed responses are looked into, as far as they are not too large.
func TestProxy_largeAndPacked(t *testing.T) {
	large := strings.Repeat("x", 9<<20)
	var packed, bomb bytes.Buffer
	pack := func(into *bytes.Buffer, text string) {
		w := gzip.NewWriter(into)
		_, _ = io.WriteString(w, text)
		_ = w.Close()
	}
	pack(&packed, `[{"id":"x"}]`)
	pack(&bomb, large)
	s := before(t, answering(t, func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Query().Get("page") {
		case "1":
			_, _ = io.WriteString(w, large)
		case "2":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed.Bytes())
		case "3":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		case "4":
			w.Header().Set("Content-Encoding", "br")
			_, _ = w.Write(packed.Bytes())
		default:
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprintf(w, `{"message":"%d"}`, n)
		}
	}))
	_, text := s.call("GET", checks+"?page=1", "", "")
	assert.Equal(t, text, large)
	for _, page := range []string{"2", "3", "4"} {
		request, err := http.NewRequest("GET", s.server.URL+checks+"?page="+page, http.NoBody)
		assert.NilError(t, err)
		request.Header.Set("Accept-Encoding", "gzip, br")
		response, err := http.DefaultClient.Do(request)
		assert.NilError(t, err)
		got, err := io.ReadAll(response.Body)
		assert.NilError(t, err)
		_ = response.Body.Close()
		assert.Equal(t, bytes.Equal(got, packed.Bytes()), page != "3")
	}
	_, text = s.call("POST", checks, "", `{"name":"`+large+`"}`)
	assert.Equal(t, text, fmt.Sprintf(`{"message":"%d"}`, len(large)+len(`{"name":""}`)))
	seen := s.end()
	assert.Equal(t, seen.Unchecked, 4)
	assert.Assert(t, slices.Contains(codes(seen.Findings), "response listExternalStatusChecks 200 type /0/id ×1"),
		codes(seen.Findings))
}

// A connection that becomes another protocol is passed on, and not looked at.
func TestProxy_passesUpgrades(t *testing.T) {
	s := before(t, answering(t, func(w http.ResponseWriter, _ *http.Request) {
		connection, both, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer connection.Close()
		_, _ = both.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		_ = both.Flush()
		line, _ := both.ReadString('\n')
		_, _ = both.WriteString("echo " + line)
		_ = both.Flush()
	}))
	connection, err := net.Dial("tcp", s.server.Listener.Addr().String())
	assert.NilError(t, err)
	defer connection.Close()
	_, err = io.WriteString(connection,
		"GET /-/cable HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
	assert.NilError(t, err)
	reader := bufio.NewReader(connection)
	response, err := http.ReadResponse(reader, nil)
	assert.NilError(t, err)
	assert.Equal(t, response.StatusCode, http.StatusSwitchingProtocols)
	_, err = io.WriteString(connection, "hello\n")
	assert.NilError(t, err)
	line, err := reader.ReadString('\n')
	assert.NilError(t, err)
	assert.Equal(t, line, "echo hello\n")
	_ = connection.Close()
	assert.DeepEqual(t, codes(s.end().Findings), []string{})
}

// A recording that cannot be written is told at the end, and nothing else fails.
func TestProxy_recordFails(t *testing.T) {
	u, err := url.Parse(aGitLab(t).URL)
	assert.NilError(t, err)
	reader, writer := io.Pipe()
	_ = reader.CloseWithError(io.ErrShortWrite)
	p, err := proxy.New(proxy.Options{Upstream: u, Now: time.Now, Transport: http.DefaultTransport, Record: writer})
	assert.NilError(t, err)
	w := httptest.NewRecorder()
	p.ServeHTTP(w, httptest.NewRequest("GET", checks, http.NoBody))
	assert.Equal(t, w.Code, 401)
	assert.ErrorIs(t, p.Close(), io.ErrShortWrite)
}

// A web page whose name was made to point to this machine reads nothing through the proxy.
func TestProxy_foreignNames(t *testing.T) {
	t.Parallel()
	upstream := httptest.NewServer(http.NotFoundHandler())
	defer upstream.Close()
	s := before(t, strings.Replace(upstream.URL, "127.0.0.1", "localhost", 1))
	for host, want := range map[string]int{
		"": http.StatusNotFound, "localhost": http.StatusNotFound, "attacker.example": http.StatusForbidden,
		"attacker.example:8931": http.StatusForbidden,
	} {
		address := s.server.URL + "/api/v4/projects"
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
		assert.NilError(t, err)
		request.Host = host
		response, err := s.server.Client().Do(request)
		assert.NilError(t, err)
		assert.Check(t, response.Body.Close() == nil)
		assert.Check(t, response.StatusCode == want, "%q: %d", host, response.StatusCode)
	}
	assert.Equal(t, s.end().Exchanges, 2)
}

// A request that is under way when the proxy is stopped does not spoil the recording.
func TestProxy_stoppedMeanwhile(t *testing.T) {
	t.Parallel()
	asked, wait := make(chan struct{}), make(chan struct{})
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			close(asked)
			<-wait
		}
		_, _ = io.WriteString(w, "{}")
	}))
	defer upstream.Close()
	s := before(t, upstream.URL)
	// The second request of a connection is read when the first one is noted.
	s.server.Client().Transport.(*http.Transport).MaxConnsPerHost = 1
	get := func(path string) {
		response, err := s.server.Client().Get(s.server.URL + path)
		if assert.Check(t, err) {
			_, err = io.Copy(io.Discard, response.Body)
			assert.Check(t, err == nil && response.Body.Close() == nil)
		}
	}
	get("/quick")
	done := make(chan struct{})
	go func() { defer close(done); get("/slow") }()
	<-asked
	assert.NilError(t, s.proxy.Close())
	close(wait)
	<-done
	s.server.Close()
	var har journal.HAR
	assert.NilError(t, json.Unmarshal(s.har.Bytes(), &har), s.har.String())
	assert.Equal(t, len(har.Log.Entries), 1)
}
