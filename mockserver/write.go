package mockserver

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// reply is what an operation returns. The function write turns it into an HTTP response.
type reply struct {
	status int
	body   any    // nil means no body
	text   string // a plain text body instead, for the few responses that are not JSON
	header http.Header
	reason string // the reason for a refusal, for people
	stop   stop   // how far the request was processed
	// stream sends the answer piece by piece instead; of the control surface only
	stream func(http.ResponseWriter)
	sends  *sending // what is sent after the transaction, which then decides the response
}

func ok(body any) (reply, error)      { return reply{status: http.StatusOK, body: body}, nil }
func created(body any) (reply, error) { return reply{status: http.StatusCreated, body: body}, nil }
func noContent() (reply, error)       { return reply{status: http.StatusNoContent}, nil }

func accepted() (reply, error) {
	return reply{status: http.StatusAccepted, body: messageBody{"202 Accepted"}}, nil
}

// Values of headers that never change, shared by all responses.
var (
	noSniff    = []string{"nosniff"}
	sameOrigin = []string{"SAMEORIGIN"}
	byOrigin   = []string{"Origin"}
	asJSON     = []string{"application/json"}
	noCache    = []string{"no-cache"}
	noReports  = []string{`{"max_age": 0}`}
	revalidate = []string{"max-age=0, private, must-revalidate"}
)

// headerSetter sets headers of a response that have one value each. The values share one piece of memory.
type headerSetter struct {
	of     http.Header
	values []string
}

func (h *headerSetter) set(name, value string) {
	h.values = append(h.values, value)
	n := len(h.values)
	h.of[name] = h.values[n-1 : n : n]
}

// write sends a reply to a request of the API.
func (s *Server) write(w http.ResponseWriter, a *arrival, re reply) {
	const most = 3 // that are set here
	own := headerSetter{w.Header(), make([]string, 0, most)}
	h := own.of
	if re.stop < atPuma && !a.began.IsZero() {
		own.set("X-Runtime", inSeconds(s.opts.Now().Sub(a.began)))
	}
	if re.stop == atPuma {
		h.Del("X-Request-Id")
		h.Del("X-Gitlab-Meta")
	}
	if re.stop <= atReadOnly && a.has(gitlab.SendsNetworkErrorPolicy) {
		h["Nel"] = noReports
	}
	if re.stop <= atGrape && a.isAPI() {
		h["Vary"] = byOrigin
		crossOrigin(h, a)
	}
	if re.stop != atOperation {
		h.Del("X-Content-Type-Options")
		h.Del("X-Frame-Options")
	}
	for name, values := range re.header {
		h[name] = values
	}
	a.limitHeaders(h, re.status)
	e := encodings.Get().(*encoding)
	defer e.free()
	body := e.encode(re)
	if _, typed := h["Content-Type"]; !typed && re.text != "" {
		h.Set("Content-Type", "text/plain")
	} else if !typed && body != nil {
		h["Content-Type"] = asJSON
	}
	if re.stop <= atPreflight && keep(&own, a.request, &re, body) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if re.status != http.StatusNoContent && re.status != http.StatusNotModified {
		own.set("Content-Length", lengthOf(a.request, body))
	}
	writeBody(w, a.request, re.status, body)
}

// inSeconds is a length of time in seconds, with six digits behind the point.
func inSeconds(d time.Duration) string {
	const most = 24
	return string(strconv.AppendFloat(make([]byte, 0, most), d.Seconds(), 'f', 6, 64))
}

// identify sets the headers of a response that carry the request's id and that stop browsers from sniffing types and
// framing. If the client sent no id, it is a number, so that the same requests get the same responses.
func (s *Server) identify(h http.Header, r *http.Request) {
	h["X-Content-Type-Options"], h["X-Frame-Options"] = noSniff, sameOrigin
	const before, after = `{"correlation_id":"`, `","version":"1"}`
	own := headerSetter{h, make([]string, 0, 2)}
	number := s.requests.Add(1)
	if given := r.Header.Get("X-Request-Id"); given != "" {
		id := cleanID(given)
		own.set("X-Request-Id", id)
		own.set("X-Gitlab-Meta", before+id+after)
		return
	}
	const most = 80
	meta := strconv.AppendInt(append(make([]byte, 0, most), before+"mock-"...), number, 10)
	whole := string(append(meta, after...))
	own.set("X-Request-Id", whole[len(before):len(whole)-len(after)])
	own.set("X-Gitlab-Meta", whole)
}

// cleanID removes the characters from a request id that Rails removes, and shortens it.
func cleanID(id string) string {
	clean := strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == '@' || r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return -1
	}, id)
	return clean[:min(len(clean), 255)]
}

// keep sets the headers that say whether a response may be cached, unless the operation did. It reports whether the
// caller has the response already. The response to HEAD has lost its body by then, and so gets no ETag.
func keep(own *headerSetter, r *http.Request, re *reply, body []byte) (known bool) {
	h := own.of
	if _, own := re.header["Cache-Control"]; own {
		return false
	}
	h["Cache-Control"] = noCache
	if body == nil || r.Method == http.MethodHead || re.status != http.StatusOK && re.status != http.StatusCreated {
		return false
	}
	etag := etagOf(body)
	own.set("Etag", etag)
	h["Cache-Control"] = revalidate
	if r.Method == http.MethodGet && re.status == http.StatusOK && r.Header.Get("If-None-Match") == etag {
		h.Del("Content-Type")
		return true
	}
	return false
}

// writeBody sends status and body.
func writeBody(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	if r.Method == http.MethodHead {
		body = nil
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // nothing can be done if the client is gone
}

// lengthOf is the length that a response declares. That to HEAD declares 0, which is the length that it has.
func lengthOf(r *http.Request, body []byte) string {
	if r.Method == http.MethodHead {
		return "0"
	}
	return strconv.Itoa(len(body))
}

// encoding writes values as GitLab does: compact, without escaping of < > &, without a final newline.
type encoding struct {
	text bytes.Buffer
	json *json.Encoder
}

// encodings are those that nobody uses now, with their memory.
var encodings = sync.Pool{New: func() any { return newEncoding() }}

func newEncoding() *encoding {
	e := &encoding{}
	e.json = json.NewEncoder(&e.text)
	e.json.SetEscapeHTML(false)
	return e
}

// free keeps the memory for others. What was encoded must not be used any more.
func (e *encoding) free() {
	const most = 64 << 10
	if e.text.Cap() <= most {
		encodings.Put(e)
	}
}

// encode returns the body of a reply. It is valid until free is called.
func (e *encoding) encode(re reply) []byte {
	if re.text != "" {
		return []byte(re.text)
	}
	if re.body == nil {
		return nil
	}
	return e.value(re.body)
}

func (e *encoding) value(v any) []byte {
	e.text.Reset()
	if err := e.json.Encode(v); err != nil {
		// A mistake in this package, which every test would show.
		panic("mockserver: an entity cannot be encoded: " + err.Error())
	}
	return bytes.TrimSuffix(e.text.Bytes(), []byte("\n"))
}

// encodeJSON returns a value as encoding writes it.
func encodeJSON(v any) []byte { return newEncoding().value(v) }

func etagOf(body []byte) string {
	const before, after = `W/"`, `"`
	sum := sha256.Sum256(body)
	tag := append(make([]byte, 0, 2*sha256.Size), before...)
	return string(append(hex.AppendEncode(tag, sum[:16]), after...))
}

func isRead(method string) bool { return method == http.MethodGet || method == http.MethodHead }
