package proxy

import (
	"bytes"
	"io"
	"net/http"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/openapi"
)

// Kind says what a finding is about.
type Kind string

// What is found.
const (
	Request  Kind = "request"  // GitLab did what was asked for, though the contract does not allow it
	Response Kind = "response" // the response does not fit the contract
	Failure  Kind = "failure"  // there was no response, or it broke off
)

// Finding is something that is not as the contract says. It holds no value that was sent.
type Finding struct {
	Kind      Kind
	Operation string // operationId; empty where the contract has none for the path
	Method    string
	Status    int // 0 where no response came
	What      openapi.Violation
	Count     int
}

// key is what makes two findings the same.
type key struct {
	kind      Kind
	operation string
	status    int
	code      string
	place     string
}

// mostFindings is how many different findings are kept.
const mostFindings = 1000

// look looks at an exchange that has ended.
func (p *Proxy) look(r *http.Request, x *exchange) {
	body, all := x.request.whole()
	if !all {
		body = nil
	}
	seen := p.ledger.Witness(mockserver.Exchange{
		Request: again(r, body), Began: x.began, Status: x.status, Header: x.header, Size: x.response.size,
		Reason: x.reason(r),
	})
	text, readable := x.unpacked()
	p.record.add(&seen, text)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.summary.Exchanges++
	switch {
	case seen.Operation == nil:
		p.summary.Foreign++
	case !all, x.status != 0 && !readable:
		p.summary.Unchecked++
	}
	if !all || !seen.Entry.Worked {
		seen.Request = nil // which is not known, or was not done
	}
	f := finder{p, r, x, operationID(&seen)}
	switch why := x.reason(r); {
	case why != "" && r.Context().Err() == nil:
		f.find(Failure, openapi.Violation{Code: "no-response", Message: why})
	case why == "" && seen.Operation != nil:
		f.find(Request, seen.Request...)
		if readable && r.Method != http.MethodHead && x.status != http.StatusSwitchingProtocols {
			f.find(Response, p.contract.Operation(f.operation).CheckResponse(x.status, x.header, text)...)
		}
	}
}

// again is a request as it came, with its body.
func again(r *http.Request, body []byte) *http.Request {
	copied := r.Clone(r.Context())
	copied.Body, copied.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return copied
}

// reason is why there is no response, or no whole one.
func (x *exchange) reason(r *http.Request) string {
	switch {
	case x.failure != nil && r.Context().Err() != nil:
		return "the client did not wait for the response"
	case x.failure != nil:
		return "the GitLab did not answer: " + cause(x.failure)
	case x.brokeOff(r.Context()):
		return "the response broke off: " + cause(x.response.failed)
	}
	return ""
}

func operationID(seen *mockserver.Witnessed) string {
	if seen.Operation == nil {
		return ""
	}
	return seen.Operation.ID
}

// finder keeps what is found in one exchange. Who calls holds the lock of the proxy.
type finder struct {
	proxy     *Proxy
	request   *http.Request
	exchange  *exchange
	operation string
}

func (f *finder) find(kind Kind, list ...openapi.Violation) {
	for _, one := range list {
		f.proxy.find(Finding{kind, f.operation, f.request.Method, f.exchange.status, one, 1})
	}
}

// find keeps a finding, or counts one that is known.
func (p *Proxy) find(f Finding) {
	k := key{f.Kind, f.Operation, f.Status, f.What.Code, f.What.Place()}
	if i, known := p.known[k]; known {
		p.summary.Findings[i].Count++
		return
	}
	if len(p.summary.Findings) == mostFindings {
		p.summary.Dropped++
		return
	}
	p.known[k] = len(p.summary.Findings)
	p.summary.Findings = append(p.summary.Findings, f)
	if p.options.Found != nil {
		p.options.Found(f)
	}
}
