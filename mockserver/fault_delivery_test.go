package mockserver_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/fault"
	"github.com/statuschecks/statuschecks/mockserver/journal"
)

// spoiled is a world with one check, whose deliveries a fault happens to, and what its service has heard.
func spoiled(t *testing.T, f fault.Fault) (*harness, *[]*http.Request) {
	t.Helper()
	heard := &[]*http.Request{}
	f.Deliveries = &fault.Deliveries{Check: 1}
	h := newHarness(t, onlyCheck("http://service.test/hook"), func(o *mockserver.Options) {
		o.Faults = []fault.Plan{{ID: "p", Faults: []fault.Fault{f}}}
		o.Seed.Projects[0].ExternalStatusChecks[0].SharedSecret = "secret"
		o.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			*heard = append(*heard, r)
			return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, nil
		})
	})
	return h, heard
}

func (h *harness) advance(d time.Duration) {
	h.t.Helper()
	assert.NilError(h.t, h.server.Advance(h.t.Context(), d))
}

func TestFaults_deliveryTwice(t *testing.T) {
	t.Parallel()
	h, heard := spoiled(t, fault.Fault{Delivery: fault.Duplicated, Times: 1})
	h.retitle("One")
	h.advance(time.Second)
	assert.Equal(t, len(*heard), 2)
	entries := h.server.Journal(journal.Filter{Kind: journal.Delivery}).Entries
	assert.Equal(t, len(entries), 2)
	assert.Equal(t, entries[0].Fault+entries[1].Fault, "pp")
	assert.Equal(t, len(h.server.Deliveries()[0].Attempts), 1)
	h.retitle("Two")
	h.advance(time.Second)
	assert.Equal(t, len(*heard), 3)
	assert.Assert(t, h.server.Faults()[0].UsedUp)
}

func TestFaults_deliveryLost(t *testing.T) {
	t.Parallel()
	h, heard := spoiled(t, fault.Fault{Delivery: fault.Lost, Times: 1})
	h.retitle("One")
	h.advance(time.Hour)
	assert.Equal(t, len(*heard), 0)
	d := h.server.Deliveries()[0]
	assert.Equal(t, string(d.State), "gave_up")
	assert.Equal(t, d.Attempts[0].Error, "lost, as the fault plan p says")
	h.retitle("Two")
	h.advance(time.Second)
	assert.Equal(t, len(*heard), 1)
}

// What is late is overtaken by what comes meanwhile.
func TestFaults_deliveryLate(t *testing.T) {
	t.Parallel()
	h, heard := spoiled(t, fault.Fault{Delivery: fault.Late, Delay: fault.Period(time.Minute), Times: 1})
	h.retitle("One")
	h.advance(time.Second)
	h.retitle("Two")
	h.advance(time.Second)
	assert.Equal(t, len(*heard), 1)
	assert.Equal(t, len(h.server.Deliveries()[0].Attempts), 0)
	h.advance(time.Minute)
	assert.Equal(t, len(*heard), 2)
	assert.Equal(t, len(h.server.Deliveries()[0].Attempts), 1)
}

func TestFaults_deliveryForged(t *testing.T) {
	t.Parallel()
	h, heard := spoiled(t, fault.Fault{Delivery: fault.Forged, Times: 1})
	h.retitle("One")
	h.advance(time.Second)
	signature := (*heard)[0].Header.Get("X-Gitlab-Signature")
	right := h.server.Deliveries()[0].Signature
	assert.Assert(t, len(signature) == len(right) && signature != right, "%s %s", signature, right)
}

// A delivery that is sent twice leaves nothing in the journal of a world that was reset meanwhile.
func TestFaults_deliveryTwiceAndReset(t *testing.T) {
	t.Parallel()
	var h *harness
	h = newHarness(t, onlyCheck("http://service.test/hook"), func(o *mockserver.Options) {
		o.Faults = []fault.Plan{{ID: "p", Faults: []fault.Fault{{
			Deliveries: &fault.Deliveries{}, Delivery: fault.Duplicated,
		}}}}
		o.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			assert.Check(t, h.server.Reset())
			return nil, errors.New("broken off")
		})
	})
	h.retitle("One")
	assert.ErrorContains(t, h.server.Advance(t.Context(), time.Second), "the world was reset")
	assert.Equal(t, len(h.server.Journal(journal.Filter{Kind: journal.Delivery}).Entries), 0)
}

// hurried is a response whose client must read it in time.
type hurried struct {
	*httptest.ResponseRecorder
	until time.Time
}

func (w *hurried) SetWriteDeadline(at time.Time) error {
	w.until = at
	return nil
}

// A body that trickles has all the time that it takes.
func TestFaults_trickleHasTime(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t, func(o *mockserver.Options) {
		o.Faults = []fault.Plan{{Faults: []fault.Fault{{Trickle: fault.Period(time.Microsecond)}}}}
	})
	w := &hurried{httptest.NewRecorder(), testNow}
	h.server.ServeHTTP(w, h.request("owner", "GET", "/version", nil))
	assert.Equal(t, w.Code, 200)
	assert.Assert(t, w.until.IsZero(), w.until)
}

// A connection that is to be closed when it is idle is let go at once if its client leaves.
func TestFaults_idleClientLeaves(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t, func(o *mockserver.Options) {
		o.Faults = []fault.Plan{{Faults: []fault.Fault{{
			Connection: fault.CloseIdle, Idle: fault.LongestDelay,
		}}}}
	})
	left := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.server.ServeHTTP(w, r)
		close(left)
	}))
	defer server.Close()
	connection, err := net.Dial("tcp", server.Listener.Addr().String())
	assert.NilError(t, err)
	_, err = connection.Write([]byte("GET /api/v4/version HTTP/1.1\r\nHost: example.com\r\n\r\n"))
	assert.NilError(t, err)
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	assert.NilError(t, err)
	assert.NilError(t, response.Body.Close())
	assert.NilError(t, connection.Close())
	<-left
}

// What is out of order comes behind the next one to the same check, or after its time if none comes.
func TestFaults_deliveryOutOfOrder(t *testing.T) {
	t.Parallel()
	h, heard := spoiled(t, fault.Fault{Delivery: fault.OutOfOrder, Every: 2})
	titles := func() (list []string) {
		for _, r := range *heard {
			var p struct {
				Attributes struct{ Title string } `json:"object_attributes"`
			}
			assert.NilError(t, json.NewDecoder(r.Body).Decode(&p))
			list = append(list, p.Attributes.Title)
		}
		*heard = nil
		return list
	}
	h.retitle("One")
	h.advance(time.Second)
	assert.Equal(t, len(*heard), 0)
	h.retitle("Two")
	h.advance(time.Second)
	assert.DeepEqual(t, titles(), []string{"Two", "One"})
	h.retitle("Three")
	h.advance(59 * time.Second)
	assert.Equal(t, len(*heard), 0)
	h.advance(time.Second)
	assert.DeepEqual(t, titles(), []string{"Three"})
}
