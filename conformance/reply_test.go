package conformance

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gotest.tools/v3/assert"
)

const aboutFour = `{"object_attributes":{"iid":4}}`

// TestReply tries what the receiver can be told to answer, over a real connection and within the process.
func TestReply(t *testing.T) {
	t.Parallel()
	listening, err := ListenReceiver("127.0.0.1:0", "")
	assert.NilError(t, err)
	t.Cleanup(func() { assert.NilError(t, listening.Close()) })
	within := NewReceiver("http://receiver.test")
	for name, over := range map[string]struct {
		*Receiver
		http.RoundTripper
	}{"network": {listening, &http.Transport{DisableKeepAlives: true}}, "process": {within, InProcess(within)}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			over.reply("/run/x/qa/", &reply{
				iid: 4, status: http.StatusFound,
				header: http.Header{"Location": {"/moved"}}, body: []byte("away"),
			})
			over.reply("run/x/gone", &reply{closes: true})
			post := func(path, body string) (*http.Response, error) {
				r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, over.URL()+path,
					strings.NewReader(body))
				assert.NilError(t, err)
				return over.RoundTrip(r)
			}
			status := func(path, body string) int {
				answer, err := post(path, body)
				assert.NilError(t, err)
				defer answer.Body.Close()
				text, err := io.ReadAll(answer.Body)
				assert.NilError(t, err)
				if answer.StatusCode == http.StatusFound {
					assert.Equal(t, string(text), "away")
					assert.Equal(t, answer.Header.Get("Location"), "/moved")
				}
				return answer.StatusCode
			}
			assert.Equal(t, status("/run/x/qa?token=1", aboutFour), http.StatusFound)
			assert.Equal(t, status("/run/x/qa", `{"object_attributes":{"iid":5}}`), http.StatusOK,
				"what others make happen is answered as ever")
			_, err := post("/run/x/gone", aboutFour)
			assert.ErrorContains(t, err, "EOF")
			over.reply("run/x/qa", nil)
			over.reply("run/x/gone", nil)
			assert.Equal(t, status("/run/x/qa", aboutFour), http.StatusOK, "the scenario is over")
			assert.Equal(t, status("/run/x/gone", aboutFour), http.StatusOK)
			assert.Equal(t, len(over.at("run/x/qa", 4)), 2, "whatever is answered, the delivery has come")
			assert.Equal(t, len(over.at("run/x/gone", 4)), 2)
		})
	}
}

// TestReply_closedWhereThatCannotBe holds that a connection which belongs to others too is left alone.
func TestReply_closedWhereThatCannotBe(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	(&reply{closes: true}).send(w, httptest.NewRequest(http.MethodPost, "/", http.NoBody))
	assert.Equal(t, w.Code, http.StatusInternalServerError)
	assert.Assert(t, strings.Contains(w.Body.String(), "the connection cannot be closed"), w.Body.String())
}

// TestReply_heldBack holds that an answer comes when its time is over, and that nobody goes on waiting for one that
// nobody wants.
func TestReply_heldBack(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		scenario, caller time.Duration // when either has enough; 0 is never
		took             time.Duration
		fails            bool
	}{
		"in full":                 {took: 15 * time.Second},
		"the scenario is over":    {scenario: 5 * time.Second, took: 5 * time.Second},
		"the caller has given up": {caller: 10 * time.Second, took: 10 * time.Second, fails: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				within := NewReceiver("http://receiver.test")
				scenario, over := context.WithCancel(t.Context())
				defer over()
				if test.scenario > 0 {
					time.AfterFunc(test.scenario, over)
				}
				caller, giveUp := context.WithCancel(t.Context())
				defer giveUp()
				if test.caller > 0 {
					time.AfterFunc(test.caller, giveUp)
				}
				within.reply("qa", &reply{
					status: http.StatusAccepted, after: 15 * time.Second, wait: realWait,
					while: scenario,
				})
				r, err := http.NewRequestWithContext(caller, http.MethodPost, "http://receiver.test/qa",
					strings.NewReader(aboutFour))
				assert.NilError(t, err)
				began := time.Now()
				answer, err := InProcess(within).RoundTrip(r)
				assert.Equal(t, time.Since(began), test.took)
				assert.Equal(t, err != nil, test.fails)
				if !test.fails {
					assert.Equal(t, answer.StatusCode, http.StatusAccepted)
					assert.NilError(t, answer.Body.Close())
				}
			})
		})
	}
}
