// Package proxy stands between clients and a GitLab. It passes everything on as it is, and looks at each exchange:
// whether it fits the contract of the GitLab's release, and what clients do that GitLab takes in silence.
package proxy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/coverage"
	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

// Options say what a proxy does.
type Options struct {
	Upstream    *url.URL        // root of the GitLab
	Hosts       []string        // names of the proxy, beside those of a loopback address and that of the GitLab
	Release     release.Version // that it is; zero means release.Newest
	Now         func() time.Time
	Transport   http.RoundTripper // to the GitLab; it must not unpack responses
	JournalSize int               // how many exchanges the journal keeps; 0 means 10 000
	Record      io.Writer         // for a HAR of all exchanges, without secrets; nil means none
	Found       func(Finding)     // is called for each finding that is new, one at a time; nil means nobody
}

// Proxy is an http.Handler. It is safe for concurrent use.
type Proxy struct {
	options  Options
	ledger   *mockserver.Server // of which only the contract and the records are used
	contract *openapi.Document
	through  *httputil.ReverseProxy
	record   *record

	mu      sync.Mutex
	summary Summary
	known   map[key]int // places in summary.Findings
}

// Summary is what a proxy has seen.
type Summary struct {
	Exchanges int       // all
	Foreign   int       // those for whose path the contract has no operation
	Unchecked int       // those of which the response, or the request, could not be looked at
	Findings  []Finding // each once, with a count
	Dropped   int       // findings that had no room
	Notes     int       // different notes about clients
	Coverage  coverage.Report
}

// New makes a proxy.
func New(o Options) (*Proxy, error) {
	if o.Upstream == nil || o.Now == nil || o.Transport == nil {
		return nil, errors.New("a proxy needs an upstream, a clock and a transport")
	}
	if o.Release == (release.Version{}) {
		o.Release = release.Newest
	}
	ledger, err := mockserver.New(mockserver.Options{
		Version: o.Release, Now: o.Now, NoControl: true, JournalSize: o.JournalSize,
		BaseURL: withoutUser(o.Upstream), Hosts: o.Hosts,
	})
	if err != nil {
		return nil, err
	}
	p := &Proxy{
		options: o, ledger: ledger, contract: openapi.GitLab().At(o.Release), known: map[key]int{},
		record: &record{to: o.Record, root: withoutUser(o.Upstream), release: o.Release.String()},
	}
	p.through = &httputil.ReverseProxy{
		Rewrite: p.rewrite, Transport: o.Transport, ModifyResponse: begin, ErrorHandler: fail,
		FlushInterval: -1, // everything at once, as it comes
		ErrorLog:      log.New(io.Discard, "", 0),
	}
	return p, nil
}

func withoutUser(u *url.URL) string {
	copied := *u
	copied.User, copied.RawQuery, copied.Fragment = nil, "", ""
	return strings.TrimSuffix(copied.String(), "/")
}

// ServeHTTP passes a request on, and looks at the exchange when it has ended. At a loopback address it refuses requests
// under a foreign name, or web pages could read through it what only this machine can reach.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p.ledger.ForeignName(r) {
		http.Error(w, fmt.Sprintf("statuschecks proxy: at a loopback address this answers to localhost, to the "+
			"address and to the name of the GitLab, not to %q; use one of these", r.Host), http.StatusForbidden)
		return
	}
	x := &exchange{began: p.options.Now(), out: w.Header()}
	r = r.WithContext(context.WithValue(r.Context(), exchangeKey{}, x))
	if r.Body != nil && r.Body != http.NoBody {
		x.request.from = r.Body
		r.Body = &x.request
	}
	// Else the server closes the body of the request when the response begins, also while it is still passed on; that
	// breaks the connection to the GitLab, and so the response.
	_ = http.NewResponseController(w).EnableFullDuplex()
	defer p.look(r, x)
	p.through.ServeHTTP(w, r)
}

// rewrite directs a request to the GitLab. It takes back what the library changes: the proxy is not to be seen.
func (p *Proxy) rewrite(r *httputil.ProxyRequest) {
	r.SetURL(p.options.Upstream)
	r.Out.URL.RawQuery = r.In.URL.RawQuery
	r.Out.Host = ""
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
		if values, sent := r.In.Header[name]; sent {
			r.Out.Header[name] = slices.Clone(values)
		}
	}
}

// begin notes the head of a response, and reads along.
func begin(response *http.Response) error {
	x, _ := response.Request.Context().Value(exchangeKey{}).(*exchange)
	x.status, x.header = response.StatusCode, response.Header.Clone()
	for _, name := range []string{"Date", "Content-Type"} {
		x.out[name] = nil // or the server would add it where it is not sent
	}
	if response.StatusCode != http.StatusSwitchingProtocols {
		x.response.from = response.Body
		response.Body = &x.response
	}
	return nil
}

// fail answers a client when no response came from the GitLab.
func fail(w http.ResponseWriter, r *http.Request, err error) {
	x, _ := r.Context().Value(exchangeKey{}).(*exchange)
	x.failure = err
	if r.Context().Err() == nil {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, "statuschecks proxy: the GitLab behind it did not answer: "+cause(err)+"\n")
	}
}

// cause is why there was no response, without the URL that was called.
func cause(err error) string {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err.Error()
}

// Summary is what the proxy has seen until now.
func (p *Proxy) Summary() Summary {
	p.mu.Lock()
	s := p.summary
	s.Findings = slices.Clone(s.Findings)
	p.mu.Unlock()
	s.Notes, s.Coverage = len(p.ledger.Notes().Notes), p.ledger.Coverage()
	return s
}

// Ledger has the journal, the notes about clients and the coverage. Its data are of no meaning.
func (p *Proxy) Ledger() *mockserver.Server { return p.ledger }

// Close ends the HAR, and says whether all of it could be written. A request that is still under way is not in it.
func (p *Proxy) Close() error { return p.record.close() }
