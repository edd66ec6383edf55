package conformance_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/release"
)

var record = flag.Bool("record", false, "write the requests of the suite to mockserver/testdata/traffic, from where "+
	"mockserver replays them")

// request is a line of a recording.
type request struct {
	At     time.Time   `json:"at"`
	Method string      `json:"method"`
	URL    string      `json:"url"`
	Header http.Header `json:"header"`
	Body   string      `json:"body,omitempty"`
}

// recording notes the requests that pass on to the mock. The suite sends several at once when it cleans up.
type recording struct {
	to    http.RoundTripper
	mu    *sync.Mutex
	lines *json.Encoder
}

// RoundTrip notes a request and passes it on.
func (r recording) RoundTrip(sent *http.Request) (*http.Response, error) {
	line := request{time.Now().UTC(), sent.Method, sent.URL.RequestURI(), sent.Header, ""}
	if sent.Body != nil {
		body, err := io.ReadAll(sent.Body)
		if err != nil {
			return nil, err
		}
		line.Body = string(body)
		sent.Body = io.NopCloser(bytes.NewReader(body))
	}
	r.mu.Lock()
	err := r.lines.Encode(line)
	r.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return r.to.RoundTrip(sent)
}

// TestTraffic_isRecorded records what the suite sends to the mocks of some releases, if it is asked to.
func TestTraffic_isRecorded(t *testing.T) {
	t.Parallel()
	if !*record {
		t.Skip("it writes what TestTraffic_isAnsweredAsBefore of mockserver reads; -record lets it")
	}
	for _, v := range []release.Version{{Major: 15, Minor: 0}, release.Reference, {Major: 19, Minor: 4}} {
		t.Run(v.String(), func(t *testing.T) {
			t.Parallel()
			file, err := os.Create("../mockserver/testdata/traffic/" + v.String() + ".jsonl.gz")
			assert.NilError(t, err)
			packed, err := gzip.NewWriterLevel(file, gzip.BestCompression)
			assert.NilError(t, err)
			inBubble(t, func(t *testing.T) {
				o := mock(t, func(m *mockserver.Options) { m.Version = v })
				o.Jobs, o.Transport = 1, recording{o.Transport, new(sync.Mutex), json.NewEncoder(packed)}
				_, err := conformance.Run(t.Context(), o.Target, o.RunOptions)
				assert.NilError(t, err)
			})
			assert.NilError(t, packed.Close())
			assert.NilError(t, file.Close())
		})
	}
}
