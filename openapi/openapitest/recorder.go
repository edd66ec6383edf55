// Package openapitest helps tests to compare code with the contract. It records exchanges, checks them with both
// validators, and compares Go values with schemas.
package openapitest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	"github.com/statuschecks/statuschecks/openapi"
)

// Exchange is one request and its response.
type Exchange struct {
	Operation   string // the operationId; empty if the document has no such path
	Request     *http.Request
	RequestBody []byte
	Status      int
	Header      http.Header
	Body        []byte
}

// Recorder keeps the exchanges that pass through its wrappers. It is safe for
// concurrent use.
type Recorder struct {
	document  *openapi.Document
	mu        sync.Mutex
	exchanges []Exchange
}

// NewRecorder returns a recorder that names exchanges by the operations of doc.
func NewRecorder(doc *openapi.Document) *Recorder { return &Recorder{document: doc} }

// Exchanges returns what was recorded so far, in the order of completion.
func (r *Recorder) Exchanges() []Exchange {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Exchange(nil), r.exchanges...)
}

func (r *Recorder) keep(e Exchange) {
	if operation := Find(r.document, e.Request.Method, e.Request.URL.EscapedPath()); operation != nil {
		e.Operation = operation.ID
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.exchanges = append(r.exchanges, e)
}

// Handler records the responses of next. It passes on a response when it is complete.
func (r *Recorder) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body := drain(&request.Body)
		kept := request.Clone(request.Context())
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, request)
		result := answer.Result()
		for name, values := range result.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(result.StatusCode)
		_, _ = w.Write(answer.Body.Bytes())
		r.keep(Exchange{
			Request: kept, RequestBody: body, Status: result.StatusCode,
			Header: result.Header.Clone(), Body: bytes.Clone(answer.Body.Bytes()),
		})
	})
}

// RoundTripper records the responses of next. Nil means [http.DefaultTransport].
func (r *Recorder) RoundTripper(next http.RoundTripper) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	return roundTrip(func(request *http.Request) (*http.Response, error) {
		body := drain(&request.Body)
		kept := request.Clone(request.Context())
		answer, err := next.RoundTrip(request)
		if err != nil {
			return answer, err
		}
		r.keep(Exchange{
			Request: kept, RequestBody: body, Status: answer.StatusCode,
			Header: answer.Header.Clone(), Body: drain(&answer.Body),
		})
		return answer, nil
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// drain reads a body and replaces it by a copy.
func drain(body *io.ReadCloser) []byte {
	if *body == nil || *body == http.NoBody {
		return nil
	}
	content, _ := io.ReadAll(*body)
	_ = (*body).Close()
	*body = io.NopCloser(bytes.NewReader(content))
	return content
}

// Find returns the operation of doc for a method and a path, or nil. The path is escaped, as it was sent. It may have
// another root before the document's own. As in GitLab, HEAD is treated as GET, and a trailing slash and a .json suffix
// are ignored. If two operations match, the one with more fixed segments wins.
func Find(doc *openapi.Document, method, path string) *openapi.Operation {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	var best *openapi.Operation
	most := -1
	for _, operation := range doc.Operations() {
		at := strings.Index(path+"/", operation.Root()+"/")
		if at < 0 || operation.Method != method {
			continue
		}
		below := strings.TrimSuffix(strings.TrimPrefix(path[at:], operation.Root()), "/")
		for _, candidate := range []string{below, strings.TrimSuffix(below, ".json")} {
			if fixed := fit(operation.Path, candidate); fixed > most {
				best, most = operation, fixed
			}
		}
	}
	return best
}

// fit counts the fixed segments of template that path has. It returns -1 if path does not match.
func fit(template, path string) int {
	wanted, given := strings.Split(template, "/"), strings.Split(path, "/")
	if len(wanted) != len(given) {
		return -1
	}
	fixed := 0
	for i, segment := range wanted {
		switch {
		case strings.HasPrefix(segment, "{") && given[i] != "":
		case segment == given[i]:
			fixed++
		default:
			return -1
		}
	}
	return fixed
}
