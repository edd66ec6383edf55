package mockserver

import (
	"net/http"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/fault"
	"github.com/statuschecks/statuschecks/mockserver/journal"
)

// spoiled is a world with one check, whose deliveries a fault happens to, and what its service has heard.
func spoiled(t *testing.T, f fault.Fault) (*harness, *[]*http.Request) {
	t.Helper()
	heard := &[]*http.Request{}
	f.Deliveries = &fault.Deliveries{Check: 1}
	h := newHarness(t, onlyCheck("http://service.test/hook"), func(o *Options) {
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
