package proof

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
)

// parcel is one delivery on its way from the good server to the receiver. A delivery alteration changes it.
type parcel struct {
	server  *Server
	request *http.Request
	body    []byte
	payload *object
	next    http.RoundTripper
	lost    bool
	heard   listener // changes what the good server hears of the receiver; nil means nothing
}

// listener changes an answer to a parcel, or the error for want of one.
type listener func(p *parcel, answer *http.Response, err error) (*http.Response, error)

// delivery changes a parcel before it is sent.
type delivery func(*parcel)

type transport func(*http.Request) (*http.Response, error)

// RoundTrip sends one request.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

func (s *Server) transport(next http.RoundTripper) http.RoundTripper {
	return transport(func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		p := &parcel{server: s, request: r.Clone(r.Context()), body: body, next: next}
		p.payload, _ = parse(body).(*object)
		if s.defect.Deliver != nil && p.payload != nil {
			s.defect.Deliver(p)
		}
		if p.lost {
			return taken(), nil
		}
		answer, err := p.send()
		if p.heard != nil {
			return p.heard(p, answer, err)
		}
		return answer, err
	})
}

// walkStep is a good service's answer.
func taken() *http.Response {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody}
}

// send gives the receiver the parcel as it is by now.
func (p *parcel) send() (*http.Response, error) {
	r := p.request.Clone(p.request.Context())
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(p.body)), int64(len(p.body))
	return p.next.RoundTrip(r)
}

// attributes are those of the merge request.
func (p *parcel) attributes() *object {
	if o, ok := p.payload.Get("object_attributes").(*object); ok {
		return o
	}
	return of()
}

// action is what happened; empty for a retry.
func (p *parcel) action() string { return text(p.attributes().Get("action")) }

// check is the check that the payload is for.
func (p *parcel) check() (id string, c check) {
	if rule, ok := p.payload.Get("external_approval_rule").(*object); ok {
		id = text(rule.Get("id"))
	}
	return id, p.server.memory.check(id)
}

const signature = "X-Gitlab-Signature"

// packed puts the payload, changed, back into the parcel and signs it anew if it was signed.
func (p *parcel) packed() {
	p.body = encode(p.payload)
	if _, c := p.check(); p.request.Header.Get(signature) != "" {
		p.request.Header.Set(signature, signed(c.secret, p.body))
	}
}

func signed(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}
