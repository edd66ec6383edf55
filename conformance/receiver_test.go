package conformance

import (
	"bytes"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"gotest.tools/v3/assert"
)

// TestReceiver serves a receiver for real and looks at what arrived.
func TestReceiver(t *testing.T) {
	t.Parallel()
	receiver, err := ListenReceiver("127.0.0.1:0", "")
	assert.NilError(t, err)
	for _, body := range []string{`{"object_attributes":{"iid":4}}`, `{"object_attributes":{"iid":5}}`, "no JSON"} {
		response, err := http.Post(receiver.URL()+"/run/scenario/qa?token=1", "application/json",
			strings.NewReader(body))
		assert.NilError(t, err)
		assert.Equal(t, response.StatusCode, http.StatusOK)
		assert.NilError(t, response.Body.Close())
	}
	assert.Equal(t, len(receiver.at("run/scenario/qa", 0)), 3)
	assert.Equal(t, len(receiver.at("/run/scenario/qa/", 5)), 1, "only what is about the merge request")
	assert.Equal(t, len(receiver.at("run/scenario/other", 0)), 0)
	first := receiver.at("run/scenario/qa", 4)[0]
	receiver.use(first)
	assert.Equal(t, len(receiver.at("run/scenario/qa", 4)), 0, "what a step has matched is used up")
	assert.NilError(t, receiver.Close())
	_, err = http.Get(receiver.URL())
	assert.Assert(t, err != nil, "a closed receiver does not answer")
}

// TestReceiver_forgets holds that what is below a path is dropped, and nothing else.
func TestReceiver_forgets(t *testing.T) {
	t.Parallel()
	receiver := NewReceiver("https://public.test/hooks")
	for _, path := range []string{"/hooks/run/a/qa", "/hooks/run/a/other", "/hooks/run/ab/qa"} {
		receiver.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, path, strings.NewReader("{}")))
	}
	receiver.forget("run/a")
	assert.Equal(t, len(receiver.at("run/a/qa", 0)), 0)
	assert.Equal(t, len(receiver.at("run/a/other", 0)), 0)
	assert.Equal(t, len(receiver.at("run/ab/qa", 0)), 1)
}

func TestReceiver_belowAPath(t *testing.T) {
	t.Parallel()
	receiver := NewReceiver("https://public.test/hooks/")
	assert.NilError(t, receiver.Close())
	receiver.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/hooks/run/x/qa",
		strings.NewReader("{}")))
	assert.Equal(t, len(receiver.at("run/x/qa", 0)), 1)
}

func TestListenReceiver_taken(t *testing.T) {
	t.Parallel()
	receiver, err := ListenReceiver("127.0.0.1:0", "")
	assert.NilError(t, err)
	defer receiver.Close()
	_, err = ListenReceiver(strings.TrimPrefix(receiver.URL(), "http://"), "https://public.test")
	assert.ErrorContains(t, err, "listen for deliveries")
	public, err := ListenReceiver("127.0.0.1:0", "https://public.test")
	assert.NilError(t, err)
	assert.Equal(t, public.URL(), "https://public.test")
	assert.NilError(t, public.Close())
}

// TestVerify holds the vector of GitLab's own test, and what is no signature.
func TestVerify(t *testing.T) {
	t.Parallel()
	const vector = "6c52a647de5847fc387ead12919dc6a5b9ed08e9538583c83da266d958e33aec"
	for signature, want := range map[string]string{
		vector: "", "": "is missing", strings.ToUpper(vector): "the HMAC-SHA256", "sha256=" + vector: "the HMAC-SHA256",
		vector[:63] + "0": "the HMAC-SHA256",
	} {
		d := newDelivery("POST", http.Header{}, []byte("{}"))
		if signature != "" {
			d.header.Set(signatureHeader, signature)
		}
		err := d.verify("shared_secret")
		if want == "" {
			assert.NilError(t, err)
			continue
		}
		assert.ErrorContains(t, err, want)
	}
	signed := newDelivery("POST", http.Header{signatureHeader: {vector}}, bytes.TrimSpace([]byte(" {} ")))
	assert.NilError(t, signed.verify("shared_secret"))
	assert.Assert(t, signed.verify("another") != nil)
}

// TestRunReceiver_strays holds that deliveries which arrive and do not tell what they are about are told as that, and
// not as none.
func TestRunReceiver_strays(t *testing.T) {
	t.Parallel()
	for want, sent := range map[string]*http.Request{
		"a GET without a body": httptest.NewRequest(http.MethodGet, "/", http.NoBody),
		"a POST with a body of 3 bytes that is no JSON": httptest.NewRequest(http.MethodPost, "/",
			strings.NewReader("a=b")),
		"a POST with JSON that has no object_attributes.iid": httptest.NewRequest(http.MethodPost, "/",
			strings.NewReader("{}")),
		`a POST with JSON whose object_attributes.iid is "1" and no number`: httptest.NewRequest(http.MethodPost, "/",
			strings.NewReader(`{"object_attributes": {"iid": "1"}}`)),
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			g := newFakeGitLab()
			options, _ := optionsFor(g, fstest.MapFS{"deliver/open.yaml": {Data: []byte(head("deliver.open") +
				"given:\n  checks: {qa: {before: true}}\n  merge_request: {}\nsteps:\n  - receive: {check: qa}\n")}})
			options.Receiver = NewReceiver("http://receiver.test")
			g.tell = func(address string, _ map[string]any) {
				at, err := url.Parse(address)
				assert.Check(t, err)
				sent.URL = at
				options.Receiver.ServeHTTP(httptest.NewRecorder(), sent)
			}
			report, err := Run(t.Context(), options.Target, options.RunOptions)
			assert.NilError(t, err)
			result := report.Scenarios[0]
			assert.Equal(t, result.Outcome, Skipped)
			assert.Equal(t, result.Reason, "what reached http://receiver.test does not tell which merge request it "+
				"is about: "+want)
			assert.Equal(t, report.Verdict, NotJudged)
		})
	}
}

// TestInProcess holds that a handler sees what a server would.
func TestInProcess(t *testing.T) {
	t.Parallel()
	var seen *http.Request
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r
		w.Header().Set("X-One", "1")
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusTeapot)
		w.Header().Set("X-Late", "1")
		_, _ = w.Write([]byte("body"))
	})
	client := &http.Client{Transport: InProcess(handler)}
	response, err := client.Post("http://a.test/x%2Fy?z=1", "text/plain",
		struct{ *strings.Reader }{strings.NewReader("in")})
	assert.NilError(t, err)
	var body bytes.Buffer
	_, err = body.ReadFrom(response.Body)
	assert.NilError(t, err)
	assert.Equal(t, response.StatusCode, http.StatusTeapot)
	assert.Equal(t, body.String(), "body")
	assert.Equal(t, response.Header.Get("X-One"), "1")
	assert.Equal(t, response.Header.Get("X-Late"), "", "headers after the status are too late")
	assert.Equal(t, seen.RequestURI, "/x%2Fy?z=1")
	assert.Equal(t, seen.Host, "a.test")
	assert.Equal(t, seen.ContentLength, int64(-1), "a body of unknown length comes in chunks")
	head, err := client.Head("http://a.test/")
	assert.NilError(t, err)
	body.Reset()
	_, err = body.ReadFrom(head.Body)
	assert.NilError(t, err)
	assert.Equal(t, body.Len(), 0)
	assert.Equal(t, seen.Body, http.NoBody)
}

// TestReceiver_closesSoon holds that a receiver ends within seconds, whatever those hold open who connected to it.
func TestReceiver_closesSoon(t *testing.T) {
	t.Parallel()
	r, err := ListenReceiver("127.0.0.1:0", "")
	assert.NilError(t, err)
	for _, timeout := range []time.Duration{
		r.server.ReadTimeout, r.server.ReadHeaderTimeout, r.server.WriteTimeout,
		r.server.IdleTimeout,
	} {
		assert.Assert(t, timeout > 0 && timeout <= 5*time.Minute, "%s", timeout)
	}
	for _, begun := range []string{
		"", "POST /x HTTP/1.1\r\nHost: x\r\n",
		"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{", "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
	} {
		connection, err := net.Dial("tcp", strings.TrimPrefix(r.URL(), "http://"))
		assert.NilError(t, err)
		t.Cleanup(func() { _ = connection.Close() })
		_, err = connection.Write([]byte(begun))
		assert.NilError(t, err)
	}
	time.Sleep(50 * time.Millisecond) // until it has seen them
	started := time.Now()
	assert.NilError(t, r.Close())
	assert.Assert(t, time.Since(started) < 8*time.Second, "it took %s", time.Since(started))
}

// FuzzReceiver holds, for whatever is sent, that a receiver keeps it as it came, once, and that what looks at it later
// comes to an end.
func FuzzReceiver(f *testing.F) {
	f.Add("/hooks/run/x/qa", "sha256=1", []byte(`{"object_attributes":{"iid":4}}`))
	f.Add("//hooks//", "", []byte(`{"object_attributes":[{"iid":1e600000000}]}`))
	f.Add("/%2e%2e/x", strings.Repeat("f", 64), []byte("{\"object_attributes\":{\"iid\":\"4\"}} x\x00"))
	f.Add("", "\xff", []byte(strings.Repeat("[", 20000)))
	f.Fuzz(func(t *testing.T, path, signature string, body []byte) {
		receiver := NewReceiver("https://public.test/hooks/")
		request := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
		request.URL.Path = path
		request.Header[signatureHeader] = []string{signature}
		answer := httptest.NewRecorder()
		receiver.ServeHTTP(answer, request)
		assert.Equal(t, answer.Code, http.StatusOK)
		arrived := receiver.at(receiver.key(path), 0)
		assert.Equal(t, len(arrived), 1)
		d := arrived[0]
		assert.Assert(t, bytes.Equal(d.raw, body))
		assert.Assert(t, d.verify("shared_secret") != nil || len(signature) == 64)
		_ = d.isAbout(4)
		_ = d.answer().text("object_kind")
		receiver.use(d)
		assert.Equal(t, len(receiver.at(path, 0)), 0)
	})
}
