package mockserver_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// waits are slow services, with the time that an attempt to reach them takes.
var waits = map[string]struct {
	serve func(net.Conn)
	after time.Duration
	err   string
	body  string
}{
	"an answer in time": {func(c net.Conn) {
		takeRequest(c)
		time.Sleep(19 * time.Second)
		fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	}, 19 * time.Second, "", "ok"},
	"no answer": {func(c net.Conn) {
		takeRequest(c)
		time.Sleep(time.Hour)
	}, mockserver.ReadTimeout, "no answer for 20s", ""},
	"an answer in pieces, each in time": {func(c net.Conn) {
		takeRequest(c)
		for _, piece := range []string{"HTTP/1.1 ", "200 OK\r\nContent-Length", ": 2\r\n\r\nok"} {
			time.Sleep(15 * time.Second)
			fmt.Fprint(c, piece)
		}
	}, 45 * time.Second, "", "ok"},
	"a body without end": {func(c net.Conn) {
		takeRequest(c)
		fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
		for {
			time.Sleep(7 * time.Second)
			if _, err := fmt.Fprint(c, "x"); err != nil {
				return
			}
		}
	}, mockserver.TotalReadTimeout, "the answer took longer than 30s", ""},
	"a body that stops": {func(c net.Conn) {
		takeRequest(c)
		fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx")
		time.Sleep(time.Hour)
	}, mockserver.ReadTimeout, "read the answer: no answer for 20s", ""},
	"a request that nobody takes": {
		func(net.Conn) { time.Sleep(time.Hour) }, mockserver.WriteTimeout,
		"the request was not taken for 30s", "",
	},
	"a request that is taken slowly": {func(c net.Conn) {
		time.Sleep(25 * time.Second)
		takeRequest(c)
		time.Sleep(15 * time.Second)
		fmt.Fprint(c, "HTTP/1.1 204 No Content\r\n\r\n")
	}, 40 * time.Second, "", ""},
	"headers without end": {func(c net.Conn) {
		takeRequest(c)
		fmt.Fprint(c, "HTTP/1.1 200 OK\r\nX: ")
		for {
			time.Sleep(7 * time.Second)
			if _, err := fmt.Fprint(c, "x"); err != nil {
				return
			}
		}
	}, mockserver.ExchangeTimeout, "the exchange went on for longer than 3m0s", ""},
	"a connection that is dropped": {func(c net.Conn) { takeRequest(c) }, 0, "EOF", ""},
}

// GitLab's time limits, tested on an in-process connection with synctest's time.
func TestDeliver_waitsNoLongerThanGitLab(t *testing.T) {
	t.Parallel()
	for name, test := range waits {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := sendTo(t, func(context.Context, string, string) (net.Conn, error) {
					mine, theirs := net.Pipe()
					go func() {
						defer theirs.Close()
						test.serve(theirs)
					}()
					return mine, nil
				})
				a := d.Attempts[0]
				assert.Equal(t, a.Duration, test.after)
				assert.Assert(t, strings.Contains(a.Error, test.err), a.Error)
				assert.Equal(t, a.Error == "", test.err == "")
				assert.Equal(t, string(a.ResponseBody), test.body)
				time.Sleep(2 * time.Hour) // lets the other side end
			})
		})
	}
}

func TestDeliver_waitsTenSecondsForAConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := sendTo(t, func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		})
		assert.Equal(t, d.Attempts[0].Duration, mockserver.OpenTimeout)
		assert.Equal(t, d.Attempts[0].Error, "no connection within 10s")
		assert.Equal(t, d.State, gitlab.Queued)
	})
}

// takeRequest reads a request from a connection.
func takeRequest(c net.Conn) {
	r, err := http.ReadRequest(bufio.NewReader(c))
	if err == nil {
		_, _ = io.Copy(io.Discard, r.Body)
	}
}

// sendTo sends one delivery over connections made by dial, and returns the delivery.
func sendTo(t *testing.T, dial func(context.Context, string, string) (net.Conn, error)) gitlab.Delivery {
	t.Helper()
	opts := mockserver.Options{Now: time.Now, Transport: mockserver.TransportOver(dial)}
	onlyCheck("http://service.example")(&opts)
	s, err := mockserver.New(opts)
	assert.NilError(t, err)
	s.MakePatient() // because the connections are the mock's own
	must(t, s, "PUT", mergeRequestPath, `{"title":"Slow"}`)
	_, err = s.Flush(t.Context())
	assert.NilError(t, err)
	var d gitlab.Delivery
	assert.NilError(t, s.ViewState(time.Now(), func(tx *gitlab.Tx) error {
		d = tx.Deliveries()[0]
		return nil
	}))
	return d
}

// With a transport of the caller, a delivery waits as long as GitLab does, even if the transport ignores the context.
func TestDeliver_waitsForAnyTransport(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answers time.Duration
		deaf    bool
		after   time.Duration
		err     string
	}{
		"in time":        {answers: 19 * time.Second, after: 19 * time.Second},
		"late":           {answers: 25 * time.Second, after: mockserver.ReadTimeout, err: "no answer for 20s"},
		"late, and deaf": {answers: 25 * time.Second, deaf: true, after: 25 * time.Second, err: "no answer for 20s"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t, onlyCheck("http://service.example"), func(o *mockserver.Options) {
					o.Now = time.Now
					o.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
						ended := r.Context().Done()
						if test.deaf {
							ended = nil
						}
						select {
						case <-time.After(test.answers):
							return answerWith(http.StatusOK, ""), nil
						case <-ended:
							return nil, r.Context().Err()
						}
					})
				})
				h.retitle("Waited for")
				h.deliver()
				a := h.soleDelivery().Attempts[0]
				assert.Equal(t, a.Duration, test.after)
				assert.Equal(t, a.Error, test.err)
			})
		})
	}
}

// A service can say how late its response is, so that no test has to wait for it.
func TestDeliver_lateResponses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		late   string
		change func(*mockserver.Options)
		state  gitlab.DeliveryState
		took   time.Duration
	}{
		"in time":           {"15s", nil, gitlab.Delivered, 15 * time.Second},
		"just in time":      {"20s", nil, gitlab.Delivered, 20 * time.Second},
		"too late":          {"20.001s", nil, gitlab.Queued, mockserver.ReadTimeout},
		"no length of time": {"late", nil, gitlab.Delivered, 0},
		"early":             {"-1h", nil, gitlab.Delivered, 0},
		"a control surface apart": {
			"25s", func(o *mockserver.Options) { o.ControlApart = true }, gitlab.Queued, mockserver.ReadTimeout,
		},
		"without a control surface": {"1h", func(o *mockserver.Options) { o.NoControl = true }, gitlab.Delivered, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t, onlyCheck("http://service.example"), func(o *mockserver.Options) {
				if test.change != nil {
					test.change(o)
				}
				o.Transport = roundTrip(func(*http.Request) (*http.Response, error) {
					answer := answerWith(http.StatusOK, "")
					answer.Header.Set("X-Mock-Late", test.late)
					return answer, nil
				})
			})
			h.retitle("Late")
			h.deliver()
			d := h.soleDelivery()
			assert.Equal(t, d.State, test.state)
			assert.Equal(t, d.Attempts[0].Duration, test.took)
			if test.state == gitlab.Queued {
				assert.Equal(t, d.Attempts[0].Error, "no answer for 20s")
				assert.Equal(t, d.Due, testNow.Add(mockserver.ReadTimeout+15*time.Second),
					"the wait comes before the rest")
			}
		})
	}
}
