package mockserver

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// reply is what an operation returns: the one function write makes HTTP of it.
type reply struct {
	status int
	body   any    // nil means no body
	text   string // a plain text body instead, for the few answers that are not JSON
	header http.Header
}

func ok(body any) (reply, error)      { return reply{status: http.StatusOK, body: body}, nil }
func created(body any) (reply, error) { return reply{status: http.StatusCreated, body: body}, nil }
func noContent() (reply, error)       { return reply{status: http.StatusNoContent}, nil }

func accepted() (reply, error) {
	return reply{status: http.StatusAccepted, body: messageBody{"202 Accepted"}}, nil
}

// commonHeaders go with every answer. The request's id and GitLab's own counters are opaque.
func (s *Server) commonHeaders(h http.Header, r *http.Request) {
	h["X-Content-Type-Options"], h["X-Frame-Options"], h["Vary"] = noSniff, sameOrigin, byOrigin
	id := r.Header.Get("X-Request-Id")
	if id == "" {
		id = "mock-" + strconv.FormatInt(s.requests.Add(1), 10)
	}
	h.Set("X-Request-Id", id)
	h.Set("X-Gitlab-Meta", `{"correlation_id":`+strconv.Quote(id)+`,"version":"1"}`)
}

// shareWithPages lets web pages of every origin read the answer, as GitLab does for its API.
func shareWithPages(h http.Header, r *http.Request) {
	if r.Header.Get("Origin") != "" {
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Allow-Methods", corsMethods)
		h.Set("Access-Control-Expose-Headers", corsExposed)
		h.Set("Access-Control-Max-Age", "7200")
	}
}

// Values of headers that never change, shared by all answers.
var (
	noSniff    = []string{"nosniff"}
	sameOrigin = []string{"SAMEORIGIN"}
	byOrigin   = []string{"Origin"}
	asJSON     = []string{"application/json"}
	noCache    = []string{"no-cache"}
	revalidate = []string{"max-age=0, private, must-revalidate"}
)

const (
	corsMethods = "GET, POST, PUT, PATCH, DELETE, OPTIONS, HEAD"
	corsExposed = "Link, X-Total, X-Total-Pages, X-Per-Page, X-Page, X-Next-Page, X-Prev-Page, X-Gitlab-Blob-Id, X-Gitlab-Commit-Id, " +
		"X-Gitlab-Content-Sha256, X-Gitlab-Encoding, X-Gitlab-File-Name, X-Gitlab-File-Path, X-Gitlab-Last-Commit-Id, X-Gitlab-Ref, " +
		"X-Gitlab-Size, X-Request-Id, ETag"
)

// preflight answers the browser's question before a request from another origin.
func preflight(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
	w.WriteHeader(http.StatusOK)
}

// write sends a reply.
func write(w http.ResponseWriter, r *http.Request, re reply) {
	h := w.Header()
	for name, values := range re.header {
		h[name] = values
	}
	body := encode(re)
	switch {
	case re.text != "":
		h.Set("Content-Type", "text/plain")
	case body != nil:
		h["Content-Type"] = asJSON
	}
	h["Cache-Control"] = noCache
	if body != nil && (re.status == http.StatusOK || re.status == http.StatusCreated) {
		etag := etagOf(body)
		h.Set("Etag", etag)
		h["Cache-Control"] = revalidate
		if isRead(r.Method) && matchesETag(r.Header.Get("If-None-Match"), etag) {
			h.Del("Content-Type")
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	if re.status != http.StatusNoContent && re.status != http.StatusNotModified {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(re.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a client that went away is no business of ours
	}
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
		panic("mockserver: an entity cannot be encoded: " + err.Error()) // a mistake in this package, seen by every test
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

func etagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return `W/"` + hex.EncodeToString(sum[:16]) + `"`
}

// matchesETag compares as Rack does: the whole list, and only the weak form that was given out.
func matchesETag(header, etag string) bool {
	for candidate := range strings.SplitSeq(header, ",") {
		if strings.TrimSpace(candidate) == etag {
			return true
		}
	}
	return false
}

func isRead(method string) bool { return method == http.MethodGet || method == http.MethodHead }
