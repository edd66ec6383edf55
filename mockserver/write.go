package mockserver

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
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

// write sends a reply to a request of the API.
func (s *Server) write(w http.ResponseWriter, a *arrival, re reply) {
	h := w.Header()
	if re.stop < atPuma && !a.began.IsZero() {
		h.Set("X-Runtime", strconv.FormatFloat(s.opts.Now().Sub(a.began).Seconds(), 'f', 6, 64))
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
	body := encode(re)
	if _, typed := h["Content-Type"]; !typed && re.text != "" {
		h.Set("Content-Type", "text/plain")
	} else if !typed && body != nil {
		h["Content-Type"] = asJSON
	}
	if re.stop <= atPreflight && keep(h, a.request, &re, body) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	writeBody(w, a.request, re.status, body)
}

// identify sets the headers of a response that carry the request's id and that stop browsers from sniffing types and
// framing. If the client sent no id, it is a number, so that the same requests get the same responses.
func (s *Server) identify(h http.Header, r *http.Request) {
	h["X-Content-Type-Options"], h["X-Frame-Options"] = noSniff, sameOrigin
	id := "mock-" + strconv.FormatInt(s.requests.Add(1), 10)
	if given := r.Header.Get("X-Request-Id"); given != "" {
		id = cleanID(given)
	}
	h.Set("X-Request-Id", id)
	h.Set("X-Gitlab-Meta", `{"correlation_id":`+strconv.Quote(id)+`,"version":"1"}`)
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
func keep(h http.Header, r *http.Request, re *reply, body []byte) (known bool) {
	if _, own := re.header["Cache-Control"]; own {
		return false
	}
	h["Cache-Control"] = noCache
	if body == nil || r.Method == http.MethodHead || re.status != http.StatusOK && re.status != http.StatusCreated {
		return false
	}
	etag := etagOf(body)
	h.Set("Etag", etag)
	h["Cache-Control"] = revalidate
	if r.Method == http.MethodGet && re.status == http.StatusOK && r.Header.Get("If-None-Match") == etag {
		h.Del("Content-Type")
		return true
	}
	return false
}

// writeBody sends status and body. The response to HEAD declares the length 0, which is the length that it has.
func writeBody(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	if r.Method == http.MethodHead {
		body = nil
	}
	if status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // nothing can be done if the client is gone
}

func encode(re reply) []byte {
	if re.text != "" {
		return []byte(re.text)
	}
	if re.body == nil {
		return nil
	}
	return encodeJSON(re.body)
}

// encodeJSON writes a value as GitLab does: compact, without escaping of < > &, without a final newline.
func encodeJSON(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		// A mistake in this package, which every test would show.
		panic("mockserver: an entity cannot be encoded: " + err.Error())
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

func etagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return `W/"` + hex.EncodeToString(sum[:16]) + `"`
}

func isRead(method string) bool { return method == http.MethodGet || method == http.MethodHead }
