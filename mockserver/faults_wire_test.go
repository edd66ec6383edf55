package mockserver_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/fault"
	"github.com/statuschecks/statuschecks/mockserver/mocktest"
)

// millisecond is as short as a real wait can be written.
const millisecond = fault.Period(time.Millisecond)

// A body that trickles comes whole, in chunks or of known length, and the connection lives on.
func TestFaults_trickle(t *testing.T) {
	t.Parallel()
	server := faulty(t, fault.Fault{Trickle: millisecond})
	began := time.Now()
	heard, _ := speak(t, server, versionPath, lastPath)
	_, whole, _ := ask(t, faulty(t, fault.Fault{StaleETag: true}), "GET", versionPath, "")
	assert.Assert(t, strings.Contains(heard, whole) && strings.Contains(heard, "GitLab OK"), "%s", heard)
	pieces := time.Duration((len(whole) + 15) / 16)
	assert.Assert(t, time.Since(began) >= pieces*time.Millisecond, "it came at once")
}

// A connection that is closed when idle says nothing of that in the response.
func TestFaults_closeIdle(t *testing.T) {
	t.Parallel()
	server := faulty(t, fault.Fault{Connection: fault.CloseIdle, Idle: 20 * millisecond})
	began := time.Now()
	heard, _ := speak(t, server, versionPath)
	assert.Assert(t, strings.Contains(heard, "18.9.0-ee") && !strings.Contains(heard, "Connection: close"), "%s", heard)
	assert.Assert(t, time.Since(began) >= 20*time.Millisecond)
}

// Who asks with an ETag is told that nothing has changed, though it has.
func TestFaults_staleETag(t *testing.T) {
	t.Parallel()
	server := faulty(t, fault.Fault{StaleETag: true, Calls: fault.Calls{Operation: "listExternalStatusChecks"}})
	status, _, header := ask(t, server, "GET", checksURL, "")
	assert.Equal(t, status, http.StatusOK)
	tag := header.Get("Etag")
	assert.Assert(t, tag != "")
	status, text, _ := ask(t, server, "POST", checksURL, `{"name":"New","external_url":"https://new.example"}`)
	assert.Equal(t, status, http.StatusCreated, text)
	request, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+checksURL, http.NoBody)
	assert.NilError(t, err)
	request.Header.Set("Private-Token", "glpat-owner")
	request.Header.Set("If-None-Match", tag)
	response, err := server.Client().Do(request)
	assert.NilError(t, err)
	defer response.Body.Close()
	assert.Equal(t, response.StatusCode, http.StatusNotModified)
	assert.Equal(t, response.Header.Get("Etag"), tag)
}

// Headers of pages mislead one at a time, and the list itself is right.
func TestFaults_paging(t *testing.T) {
	t.Parallel()
	for how, want := range map[fault.Paging]string{
		fault.RelativeLink: "2 </api/v4/projects/6/external_status_checks?id=6&page=2&per_page=1>; rel=\"next\"",
		fault.SamePage:     "1 <URL/api/v4/projects/6/external_status_checks?id=6&page=1&per_page=1>; rel=\"next\"",
	} {
		t.Run(string(how), func(t *testing.T) {
			t.Parallel()
			server := faulty(t, fault.Fault{Paging: how, Times: 1})
			_, text, header := ask(t, server, "GET", checksURL+"?per_page=1", "")
			assert.Assert(t, strings.HasPrefix(text, `[{"id":1,`), text)
			link, _, _ := strings.Cut(header.Get("Link"), ",")
			got := header.Get("X-Next-Page") + " " + strings.ReplaceAll(link, server.URL, "URL")
			assert.Equal(t, got, want)
			_, _, header = ask(t, server, "GET", checksURL+"?per_page=1", "")
			assert.Equal(t, header.Get("X-Next-Page"), "2")
			assert.Assert(t, strings.Contains(header.Get("Link"), server.URL), header.Get("Link"))
		})
	}
}

// A page that fails leaves the others alone.
func TestFaults_failingPage(t *testing.T) {
	t.Parallel()
	server := faulty(t, fault.Fault{Calls: fault.Calls{Page: 2}, Response: &fault.Response{Status: 500}})
	for page, want := range map[string]int{"?per_page=1": 200, "?page=1&per_page=1": 200, "?page=2&per_page=1": 500} {
		status, text, _ := ask(t, server, "GET", checksURL+page, "")
		assert.Equal(t, status, want, "%s: %s", page, text)
	}
}

// A fault can be for those with a role in the project, and a redirect can name the path that was called.
func TestFaults_roleAndPath(t *testing.T) {
	t.Parallel()
	server := faulty(t, fault.Fault{
		Calls: fault.Calls{Role: "guest"}, Response: &fault.Response{Status: 302, Body: fault.BodyEmpty},
		Headers: fault.Headers{Set: map[string]string{"Location": "/gitlab${path}"}},
	})
	client := *server.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for role, want := range map[string]int{"guest": 302, "developer": 200, "owner": 200} {
		request, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+"/api/v4/projects/flightjs%2FFlight",
			http.NoBody)
		assert.NilError(t, err)
		request.Header.Set("Private-Token", "glpat-"+role)
		response, err := client.Do(request)
		assert.NilError(t, err)
		assert.NilError(t, response.Body.Close())
		assert.Equal(t, response.StatusCode, want, role)
		if want == 302 {
			assert.Equal(t, response.Header.Get("Location"), "/gitlab/api/v4/projects/flightjs%2FFlight")
		}
	}
}

// Nothing listens for a time, and then everything is as before.
func TestFaults_nothingListens(t *testing.T) {
	t.Parallel()
	plan := fault.Plan{Faults: []fault.Fault{{
		Connection: fault.NothingListens, Down: 200 * millisecond, Times: 1,
	}}}
	mock := mocktest.NewServer(t, mockserver.Options{})
	_, err := mock.AddFaults(plan)
	assert.NilError(t, err)
	call := func() error {
		response, err := http.Get(mock.URL + versionPath)
		if err == nil {
			err = response.Body.Close()
		}
		return err
	}
	address := strings.TrimPrefix(mock.URL, "http://")
	connection, err := net.Dial("tcp", address)
	assert.NilError(t, err)
	_, err = fmt.Fprintf(connection, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", versionPath)
	assert.NilError(t, err)
	_, err = connection.Read(make([]byte, 1))
	assert.Assert(t, errors.Is(err, syscall.ECONNRESET), "%v", err)
	assert.Assert(t, errors.Is(call(), syscall.ECONNREFUSED))
	for began := time.Now(); call() != nil; time.Sleep(5 * time.Millisecond) {
		assert.Assert(t, time.Since(began) < time.Minute)
	}
	assert.Assert(t, mock.Faults()[0].UsedUp)
}

// As the address is that of all worlds, such a plan is for a mock that has but one.
func TestFaults_nothingListensAndWorlds(t *testing.T) {
	t.Parallel()
	plan := fault.Plan{ID: "down", Faults: []fault.Fault{{Connection: fault.NothingListens, Down: millisecond}}}
	mock := mocktest.NewServer(t, mockserver.Options{})
	world, err := mock.AddWorld("a", mockserver.WorldOptions{})
	assert.NilError(t, err)
	for _, one := range []*mockserver.Server{mock.Server, world} {
		_, err = one.AddFaults(plan)
		assert.ErrorContains(t, err, "several worlds share the address; use a mock without worlds beside the root")
	}
	assert.Assert(t, mock.RemoveWorld("a"))
	_, err = mock.AddFaults(plan)
	assert.NilError(t, err)
	_, err = mock.AddWorld("b", mockserver.WorldOptions{})
	assert.ErrorContains(t, err, "nothing_listens is active")
	assert.Assert(t, mock.RemoveFaults("down"))
	_, err = mock.AddWorld("b", mockserver.WorldOptions{})
	assert.NilError(t, err)
	bare, err := mockserver.New(mockserver.Options{})
	assert.NilError(t, err)
	_, err = bare.AddFaults(plan)
	assert.ErrorContains(t, err, "Options.StopListening")
}

// A plan for a page means the page that GitLab would show.
func TestFaults_page(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]int{
		"?page=2": http.StatusTeapot, "?page=%202": http.StatusTeapot, "?page=02": http.StatusTeapot,
		"?page=1": http.StatusOK, "?page=": http.StatusOK, "": http.StatusOK,
	} {
		server := faulty(t, fault.Fault{
			Calls: fault.Calls{Page: 2}, Response: &fault.Response{Status: http.StatusTeapot},
		})
		status, text, _ := ask(t, server, "GET", checksURL+query, "")
		assert.Check(t, status == want, "%s: %d %s", query, status, text)
	}
}
