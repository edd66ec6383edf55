package mockserver_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

const mergeRequestPath = "/projects/6/merge_requests/4"

// withChecks is the default world with its two checks at other addresses.
func withChecks(first, second string) func(*mockserver.Options) {
	return func(o *mockserver.Options) {
		s := seed.Default()
		s.Projects[0].ExternalStatusChecks[0].ExternalURL = first
		s.Projects[0].ExternalStatusChecks[1].ExternalURL = second
		o.Seed = &s
	}
}

// onlyCheck is the default world with its first check alone, at another address.
func onlyCheck(url string) func(*mockserver.Options) {
	return func(o *mockserver.Options) {
		s := seed.Default()
		p := &s.Projects[0]
		p.ExternalStatusChecks = p.ExternalStatusChecks[:1]
		p.ExternalStatusChecks[0].ExternalURL = url
		p.MergeRequests[0].Responses = nil
		o.Seed = &s
	}
}

// retitle changes a title, so that every check gets a delivery.
func (h *harness) retitle(title string) {
	h.t.Helper()
	h.do("developer", "PUT", mergeRequestPath, map[string]string{"title": title}).want(http.StatusOK)
}

// deliver sends the due deliveries. It fails the test if that takes too long.
func (h *harness) deliver() int {
	h.t.Helper()
	made, err := h.server.Flush(h.t.Context())
	assert.NilError(h.t, err)
	return made
}

func (h *harness) deliveries() []gitlab.Delivery {
	h.t.Helper()
	var list []gitlab.Delivery
	h.view(func(tx *gitlab.Tx) { list = tx.Deliveries() })
	return list
}

// soleDelivery returns the only delivery.
func (h *harness) soleDelivery() gitlab.Delivery {
	h.t.Helper()
	list := h.deliveries()
	assert.Equal(h.t, len(list), 1)
	return list[0]
}

// arrived is a request that a receiver has got.
type arrived struct {
	method, path string
	header       http.Header
	body         string
}

// receiver is an external service that keeps the requests that it gets.
type receiver struct {
	*httptest.Server
	mu  sync.Mutex
	got []arrived
}

func newReceiver(t *testing.T, answer http.HandlerFunc) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		r.mu.Lock()
		r.got = append(r.got, arrived{q.Method, q.URL.Path, q.Header.Clone(), string(body)})
		r.mu.Unlock()
		if answer != nil {
			answer(w, q)
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) all() []arrived {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

// titleIn returns the title of the merge request in a body.
func titleIn(t *testing.T, body string) string {
	t.Helper()
	var payload struct {
		Attributes struct {
			Title string `json:"title"`
		} `json:"object_attributes"`
	}
	assert.NilError(t, json.Unmarshal([]byte(body), &payload))
	return payload.Attributes.Title
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answerWith(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}
