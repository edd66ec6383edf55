package mockserver_test

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"hash"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"
	"gotest.tools/v3/golden"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

var transcripts = flag.String("transcripts", "", "write what TestTraffic_isAnsweredAsBefore gets to this folder, to "+
	"compare it with what another commit gets")

// taken is a delivery's receiver that takes everything.
type taken struct{}

// RoundTrip takes a delivery.
func (taken) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Body: http.NoBody, Request: r,
	}, nil
}

// TestTraffic_isAnsweredAsBefore sends what the suite sends, as conformance has recorded it, and holds that status,
// headers and bodies are what they were, byte by byte, and the journal too. The golden file has a sum for each
// operation and status. If responses are meant to change, -update writes it anew; -transcripts shows what they were.
func TestTraffic_isAnsweredAsBefore(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/traffic/*.jsonl.gz")
	assert.NilError(t, err)
	assert.Assert(t, len(files) > 0)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".jsonl.gz")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden.Assert(t, replay(t, name, file), "traffic/"+name+".golden")
		})
	}
}

// replay sends the requests of a recording, and returns the sums of what came back.
func replay(t *testing.T, name, recording string) string {
	t.Helper()
	version, err := release.Parse(name)
	assert.NilError(t, err)
	h := newUnjudged(t, func(o *mockserver.Options) {
		o.Version, o.BaseURL, o.Transport = version, "http://builtin.invalid", taken{}
	})
	all := sums{map[string]hash.Hash{}, map[string]int{}, io.Discard}
	if *transcripts != "" {
		file, err := os.Create(filepath.Join(*transcripts, name+".txt"))
		assert.NilError(t, err)
		defer file.Close()
		all.transcript = file
	}
	for r := range recorded(t, recording) {
		h.clock.at = r.At
		request := httptest.NewRequest(r.Method, "http://builtin.invalid"+r.URL, strings.NewReader(r.Body))
		request.RemoteAddr, request.Header = "127.0.0.1:1", r.Header
		response := httptest.NewRecorder()
		h.handler.ServeHTTP(response, request)
		all.add(group(h.server.Contract(), request, response.Code), r.Method+" "+r.URL, response)
		_, err := h.server.Flush(t.Context())
		assert.NilError(t, err)
	}
	response := httptest.NewRecorder()
	h.handler.ServeHTTP(response, httptest.NewRequest(http.MethodGet, controlPrefix+"/journal?limit=10000", nil))
	all.add("journal", "journal", response)
	return all.String()
}

// recordedRequest is a line of a recording.
type recordedRequest struct {
	At     time.Time
	Method string
	URL    string
	Header http.Header
	Body   string
}

// recorded yields the lines of a recording.
func recorded(t *testing.T, name string) func(func(recordedRequest) bool) {
	t.Helper()
	file, err := os.Open(name)
	assert.NilError(t, err)
	t.Cleanup(func() { _ = file.Close() })
	unpacked, err := gzip.NewReader(file)
	assert.NilError(t, err)
	lines := json.NewDecoder(unpacked)
	return func(yield func(recordedRequest) bool) {
		for {
			var line recordedRequest
			err := lines.Decode(&line)
			if errors.Is(err, io.EOF) {
				return
			}
			assert.NilError(t, err)
			if !yield(line) {
				return
			}
		}
	}
}

// group names what a response is counted under.
func group(contract *openapi.Document, r *http.Request, status int) string {
	path, below := strings.CutPrefix(r.URL.EscapedPath(), apiPrefix)
	for _, op := range contract.Operations() {
		if !below || op.Method != r.Method || strings.Count(op.Path, "/") != strings.Count(path, "/") {
			continue
		}
		if _, is := op.PathValues(path); is {
			return fmt.Sprintf("%s %d", op.ID, status)
		}
	}
	return fmt.Sprintf("- %d", status)
}

// sums are of all responses, by group.
type sums struct {
	of         map[string]hash.Hash
	count      map[string]int
	transcript io.Writer
}

func (s sums) add(group, what string, response *httptest.ResponseRecorder) {
	if s.of[group] == nil {
		s.of[group] = sha256.New()
	}
	s.count[group]++
	to := io.MultiWriter(s.of[group], s.transcript)
	fmt.Fprintf(to, "%s\n%d\n", what, response.Code)
	for _, name := range slices.Sorted(maps.Keys(response.Header())) {
		fmt.Fprintf(to, "%s: %q\n", name, response.Header()[name])
	}
	fmt.Fprintf(to, "\n%s\n\n", response.Body)
}

// String has a line for each group.
func (s sums) String() string {
	var b strings.Builder
	for _, group := range slices.Sorted(maps.Keys(s.of)) {
		fmt.Fprintf(&b, "%s × %d: %x\n", group, s.count[group], s.of[group].Sum(nil)[:8])
	}
	return b.String()
}
