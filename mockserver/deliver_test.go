package mockserver_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gotest.tools/v3/assert"
	is "gotest.tools/v3/assert/cmp"

	"github.com/statuschecks/statuschecks/internal/logtest"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

func TestDeliver_requestOnTheWire(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	assert.NilError(t, err)
	defer listener.Close()
	lines := make(chan []string, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		in := bufio.NewReader(conn)
		var head []string
		for {
			line, err := in.ReadString('\n')
			if line = strings.TrimSpace(line); err != nil || line == "" {
				break
			}
			head = append(head, line)
		}
		fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		lines <- head
	}()
	h := newHarness(t, onlyCheck("http://"+listener.Addr().String()+"/hook?token=1"))
	h.retitle("On the wire")
	assert.Equal(t, h.deliver(), 1)
	d := h.soleDelivery()
	head := <-lines
	slices.Sort(head[1:])
	assert.DeepEqual(t, head, []string{
		"POST /hook?token=1 HTTP/1.1",
		"Accept-Encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3",
		"Accept: */*",
		"Connection: close",
		fmt.Sprintf("Content-Length: %d", d.Body.Len()),
		"Content-Type: application/json",
		"Host: " + listener.Addr().String(),
		"User-Agent: Ruby",
		"X-Gitlab-Signature: " + gitlab.Signature("shared_secret", d.Body),
	})
}

func TestDeliver_recordsTheAttempt(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Answer", "yes")
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, strings.Repeat("x", 3*mockserver.KeptBody))
	})
	h := newHarness(t, withChecks(r.URL+"/one", r.URL+"/two"))
	h.retitle("Recorded")
	assert.Equal(t, h.deliver(), 2)
	list := h.deliveries()
	assert.Equal(t, len(list), 2)
	for i, path := range []string{"/one", "/two"} {
		d := list[i]
		assert.Equal(t, d.State, gitlab.Delivered)
		assert.Equal(t, len(d.Attempts), 1, "an answer that is not 2xx is not tried again")
		a := d.Attempts[0]
		assert.Equal(t, a.At, testNow)
		assert.Equal(t, a.Method, "POST")
		assert.Equal(t, a.URL, r.URL+path)
		assert.Equal(t, a.Status, http.StatusTeapot)
		assert.Equal(t, http.Header(a.ResponseHeader).Get("X-Answer"), "yes")
		assert.Equal(t, len(a.ResponseBody), mockserver.KeptBody)
		assert.Equal(t, a.Error, "")
		assert.Equal(t, http.Header(a.RequestHeader).Get("User-Agent"), "Ruby")
	}
	assert.Equal(t, list[0].Signature, gitlab.Signature("shared_secret", list[0].Body))
	assert.Equal(t, list[1].Signature, "", "a check without a secret is not signed")
	assert.Equal(t, len(http.Header(list[1].Attempts[0].RequestHeader).Values("X-Gitlab-Signature")), 0)
	for _, got := range r.all() {
		assert.Equal(t, titleIn(t, got.body), "Recorded")
	}
}

// The vector is that of GitLab's own dispatch_service_spec.rb.
func TestSignature_vector(t *testing.T) {
	t.Parallel()
	assert.Equal(t, gitlab.Signature("shared_secret", gitlab.Payload{Event: []byte("{}")}),
		"6c52a647de5847fc387ead12919dc6a5b9ed08e9538583c83da266d958e33aec")
}

func TestDeliver_redirects(t *testing.T) {
	t.Parallel()
	for status, method := range map[int]string{
		300: "GET", 301: "GET", 302: "GET", 303: "GET", 307: "POST",
		308: "POST",
	} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t, func(w http.ResponseWriter, q *http.Request) {
				if q.URL.Path == "/from" {
					http.Redirect(w, &http.Request{Method: "POST", URL: q.URL}, "/to", status)
				}
			})
			h := newHarness(t, onlyCheck(r.URL+"/from"))
			h.retitle("Moved")
			h.deliver()
			d := h.soleDelivery()
			got := r.all()
			assert.Equal(t, len(got), 2)
			assert.Equal(t, got[1].method, method)
			assert.Equal(t, got[1].path, "/to")
			assert.Equal(t, got[1].body, string(d.Body.Bytes()), "the body goes along, also with GET")
			assert.DeepEqual(t, got[1].header, got[0].header)
			assert.Equal(t, d.State, gitlab.Delivered)
			assert.Equal(t, d.Attempts[0].Method, method)
			assert.Equal(t, d.Attempts[0].URL, r.URL+"/to")
			assert.Equal(t, d.Attempts[0].Status, http.StatusOK)
		})
	}
}

func TestDeliver_redirectsUpToALimit(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer   func(http.ResponseWriter, *http.Request)
		requests int
		state    gitlab.DeliveryState
		err      string
	}{
		"without Location": {
			func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusFound) }, 1,
			gitlab.Delivered, "",
		},
		"304": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/to")
			w.WriteHeader(http.StatusNotModified)
		}, 1, gitlab.Delivered, ""},
		"for ever": {
			redirecting("/again"), 5, gitlab.Queued,
			"more than 4 redirects, which go round in a circle: /again → /again",
		},
		"further and further": {func(w http.ResponseWriter, q *http.Request) {
			w.Header().Set("Location", strings.TrimSuffix(q.URL.Path, "/")+"/on?token=secret")
			w.WriteHeader(http.StatusFound)
		}, 5, gitlab.Queued, "more than 4 redirects:  → /on → /on/on → /on/on/on → /on/on/on/on → /on/on/on/on/on"},
		"four times": {func(w http.ResponseWriter, q *http.Request) {
			if len(q.URL.Path) < len("/rrrr") {
				w.Header().Set("Location", "/r"+strings.TrimPrefix(q.URL.Path, "/"))
				w.WriteHeader(http.StatusFound)
			}
		}, 5, gitlab.Delivered, ""},
		"to nonsense": {
			redirecting("http://secret:word@%zz/"), 1, gitlab.Queued,
			"the answer redirects to something that is not a URL",
		},
		"to another scheme": {
			redirecting("ftp://example.com/"), 1, gitlab.Queued, "unsupported protocol scheme \"ftp\"",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t, test.answer)
			h := newHarness(t, onlyCheck(r.URL))
			h.retitle("Sent on")
			h.deliver()
			d := h.soleDelivery()
			assert.Equal(t, len(r.all()), test.requests)
			assert.Equal(t, d.State, test.state)
			assert.Equal(t, strings.ReplaceAll(d.Attempts[0].Error, r.URL, ""), test.err)
		})
	}
}

func TestDeliver_retriesWithoutAResponse(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	h := newHarness(t, onlyCheck(gone.URL))
	h.retitle("Nobody there")
	assert.Equal(t, h.deliver(), 1)
	assert.Equal(t, h.deliver(), 0, "the next attempt has its own time")
	d := h.soleDelivery()
	assert.Equal(t, d.State, gitlab.Queued)
	assert.Equal(t, d.Due, testNow.Add(15*time.Second))
	assert.Assert(t, strings.Contains(d.Attempts[0].Error, "connection refused"), d.Attempts[0].Error)

	assert.NilError(t, h.server.Advance(t.Context(), 10*time.Minute))
	d = h.soleDelivery()
	assert.Equal(t, d.State, gitlab.GaveUp)
	var at []time.Duration
	for _, a := range d.Attempts {
		at = append(at, a.At.Sub(testNow))
	}
	assert.DeepEqual(t, at, []time.Duration{0, 15 * time.Second, 31 * time.Second, 62 * time.Second})
	assert.Equal(t, h.deliver(), 0)
}

func TestDeliver_stopsRetryingAfterAResponse(t *testing.T) {
	t.Parallel()
	var tried int
	h := newHarness(t, onlyCheck("http://service.example/"), func(o *mockserver.Options) {
		o.Transport = roundTrip(func(*http.Request) (*http.Response, error) {
			if tried++; tried < 3 {
				return nil, fmt.Errorf("dial: %w", context.DeadlineExceeded)
			}
			return answerWith(http.StatusInternalServerError, "no"), nil
		})
	})
	h.retitle("At last")
	assert.NilError(t, h.server.Advance(t.Context(), time.Minute))
	d := h.soleDelivery()
	assert.Equal(t, d.State, gitlab.Delivered)
	assert.Equal(t, len(d.Attempts), 3)
	assert.Equal(t, d.Attempts[2].Status, http.StatusInternalServerError)
	assert.Equal(t, string(d.Attempts[2].ResponseBody), "no")
}

func TestDeliver_oneAtATimeToACheck(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	arrivals := make(chan string, 10)
	r := newReceiver(t, func(_ http.ResponseWriter, q *http.Request) {
		arrivals <- q.URL.Path
		<-release
	})
	h := newHarness(t, withChecks(r.URL+"/one", r.URL+"/two"))
	h.retitle("First")
	h.retitle("Second")
	h.retitle("Third")
	done := make(chan int)
	go func() {
		made, _ := h.server.Flush(t.Context())
		done <- made
	}()
	both := []string{<-arrivals, <-arrivals}
	slices.Sort(both)
	assert.DeepEqual(t, both, []string{"/one", "/two"})
	assert.Equal(t, len(arrivals), 0, "the second delivery of a check waits for the first to end")
	close(release)
	assert.Equal(t, <-done, 6)
	order := map[string][]string{}
	for _, got := range r.all() {
		order[got.path] = append(order[got.path], titleIn(t, got.body))
	}
	assert.DeepEqual(t, order, map[string][]string{
		"/one": {"First", "Second", "Third"},
		"/two": {"First", "Second", "Third"},
	})
}

func TestDeliver_neverMoreThanSixteenAtOnce(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var now, most, all int
	full := make(chan struct{})
	h := newHarness(t, func(o *mockserver.Options) {
		s := seed.Default()
		s.Projects[0].ExternalStatusChecks, s.Projects[0].MergeRequests[0].Responses = nil, nil
		for i := range 40 {
			s.Projects[0].ExternalStatusChecks = append(s.Projects[0].ExternalStatusChecks,
				seed.ExternalStatusCheck{Name: fmt.Sprint(i), ExternalURL: fmt.Sprintf("http://%d.example", i)})
		}
		o.Seed = &s
		o.Transport = roundTrip(func(*http.Request) (*http.Response, error) {
			mu.Lock()
			now, all = now+1, all+1
			most = max(most, now)
			if all == mockserver.MaxUnderway {
				close(full)
			}
			mu.Unlock()
			<-full
			mu.Lock()
			now--
			mu.Unlock()
			return answerWith(http.StatusOK, ""), nil
		})
	})
	h.retitle("Many")
	assert.Equal(t, h.deliver(), 40)
	assert.Equal(t, most, mockserver.MaxUnderway)
}

func TestDeliver_userAndPasswordOfTheURL(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, nil)
	other := newReceiver(t, nil)
	from := newReceiver(t, func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Path == "/away" {
			http.Redirect(w, q, other.URL, http.StatusTemporaryRedirect)
		}
	})
	h := newHarness(t, withChecks(strings.Replace(r.URL, "//", "//user:hush@", 1),
		strings.Replace(from.URL, "//", "//user:hush@", 1)+"/away"))
	h.retitle("Signed in")
	h.deliver()
	assert.Equal(t, r.all()[0].header.Get("Authorization"), "Basic dXNlcjpodXNo")
	assert.Equal(t, http.Header(h.deliveries()[0].Attempts[0].RequestHeader).Get("Authorization"), "Basic [redacted]")
	assert.Equal(t, from.all()[0].header.Get("Authorization"), "Basic dXNlcjpodXNo")
	assert.Equal(t, other.all()[0].header.Get("Authorization"), "", "another host does not get the password")
}

func TestDeliver_logsWithoutSecrets(t *testing.T) {
	t.Parallel()
	var log logtest.Buffer
	r := newReceiver(t, nil)
	h := newHarness(t, withChecks(strings.Replace(r.URL, "//", "//user:hush@", 1)+"/hook?token=hush",
		"http://user:hush@127.0.0.1:1/hook?token=hush"), func(o *mockserver.Options) {
		o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	h.retitle("Logged")
	h.deliver()
	text := log.String()
	assert.Assert(t, strings.Contains(text, "level=INFO msg=delivered delivery=1 check=1 url="+r.URL+
		"/hook state=delivered attempt=1 status=200"), text)
	assert.Assert(t, strings.Contains(text, "level=WARN msg=\"not delivered\" delivery=2 check=2 "+
		"url=http://127.0.0.1:1/hook state=queued attempt=1"), text)
	assert.Assert(t, strings.Contains(text, "again_at="), text)
	for _, secret := range []string{"hush", "shared_secret", "glpat-", h.deliveries()[0].Signature} {
		assert.Assert(t, !strings.Contains(text, secret), text)
	}
	assert.Assert(t, !strings.Contains(h.deliveries()[1].Attempts[0].Error, "hush"))
}

// TestDeliver_reportsAHostThatCannotExistOnce checks that the checks of the default world, whose host name cannot
// exist, do not fill the log.
func TestDeliver_reportsAHostThatCannotExistOnce(t *testing.T) {
	t.Parallel()
	for level, singly := range map[slog.Level]int{slog.LevelInfo: 0, slog.LevelDebug: 6} {
		var log logtest.Buffer
		h := newHarness(t, func(o *mockserver.Options) {
			o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: level}))
		})
		for _, title := range []string{"One", "Two", "Three"} {
			h.retitle(title)
			h.deliver()
		}
		text := log.String()
		assert.Check(t, is.Equal(strings.Count(text, "go nowhere"), 1), text)
		assert.Check(t, is.Equal(strings.Count(text, "level=INFO"), 1), text)
		assert.Check(t, is.Contains(text, "host=checks.example"))
		assert.Check(t, is.Equal(strings.Count(text, "level=WARN"), 0), text)
		assert.Check(t, is.Equal(strings.Count(text, "msg=\"not delivered\""), singly), text)
	}
}

// If the world is replaced during an attempt, the new world has no trace of the attempt.
func TestDeliver_isCanceledByReset(t *testing.T) {
	t.Parallel()
	begun := make(chan struct{}, 1)
	h := newHarness(t, onlyCheck("http://service.example"), func(o *mockserver.Options) {
		o.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			begun <- struct{}{}
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
	})
	h.retitle("Under way")
	done := make(chan error)
	go func() {
		_, err := h.server.Flush(t.Context())
		done <- err
	}()
	<-begun
	assert.NilError(t, h.server.Reset())
	assert.NilError(t, <-done)
	assert.Equal(t, len(h.deliveries()), 0)
	h.retitle("In the new world")
	assert.Equal(t, len(h.soleDelivery().Attempts), 0)
}

func TestDeliver_endsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	h := newHarness(t, onlyCheck("http://service.example"), func(o *mockserver.Options) {
		o.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			cancel()
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
	})
	h.retitle("Never mind")
	_, err := h.server.Flush(ctx)
	assert.ErrorIs(t, err, context.Canceled)
	d := h.soleDelivery()
	assert.Equal(t, d.State, gitlab.Queued)
	assert.Equal(t, len(d.Attempts), 0, "an attempt that was broken off does not count")
}

// redirecting is a service that redirects to an address.
func redirecting(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
	}
}
