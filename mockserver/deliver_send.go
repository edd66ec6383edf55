package mockserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// GitLab's limits for what it sends: gems/gitlab-http/lib/gitlab/http_v2/client.rb.
const (
	openTimeout      = 10 * time.Second
	readTimeout      = 20 * time.Second // between two pieces of a response
	writeTimeout     = 30 * time.Second
	totalReadTimeout = 30 * time.Second // for the whole body of a response
	maxRedirects     = 4                // its HTTP library makes at most five requests
)

// keptBody is how much of a response's body is kept, in bytes. GitLab does not look at the body.
const keptBody = 8 << 10

// send makes the request of a delivery and follows redirects. An error means that there was no final response. The
// attempt's duration is the time by which the responses say that they are late.
func (d *deliverer) send(ctx context.Context, o outbound, delivery gitlab.Delivery) (gitlab.Attempt, error) {
	a := gitlab.Attempt{Method: http.MethodPost, URL: delivery.URL}
	header := o.headersOf(delivery)
	first, err := url.Parse(delivery.URL)
	if err != nil {
		return a, errors.New("the external URL cannot be parsed")
	}
	way := []string{plainURL(delivery.URL)}
	for target, hops := first, 0; ; hops++ {
		if err := o.allow(target); err != nil {
			return a, err
		}
		r := request(ctx, a.Method, target, header, delivery.Body)
		if target.Host == first.Host {
			signIn(r, first)
		}
		a.URL, a.RequestHeader = target.String(), shown(r.Header)
		next, err := d.exchange(r, &a, o.patience(delivery))
		if err != nil || next == nil {
			return a, err
		}
		way = append(way, plainURL(next.String()))
		if hops == maxRedirects {
			return a, tooManyRedirects(way)
		}
		if a.Status != http.StatusTemporaryRedirect && a.Status != http.StatusPermanentRedirect {
			a.Method = http.MethodGet
		}
		target = next
	}
}

// tooManyRedirects is the error for a delivery that was redirected too often. It says where, and whether in a circle.
func tooManyRedirects(way []string) error {
	for i, at := range way {
		if again := slices.Index(way[i+1:], at); again >= 0 {
			round := way[i : i+again+2]
			return fmt.Errorf("more than %d redirects, which go round in a circle: %s", maxRedirects,
				strings.Join(round, " → "))
		}
	}
	return fmt.Errorf("more than %d redirects: %s", maxRedirects, strings.Join(way, " → "))
}

// headersOf returns the headers that GitLab adds to those of every request. In releases that do not set the type
// themselves, the HTTP library declares every body to be a form.
func (o outbound) headersOf(delivery gitlab.Delivery) http.Header {
	if delivery.Hook.HookID != 0 {
		return o.headersOfHook(delivery)
	}
	kind := "application/x-www-form-urlencoded"
	if o.asJSON {
		kind = "application/json"
	}
	h := plainHeaders(kind, "Ruby")
	switch {
	case delivery.Signature == "":
	case o.forges:
		h.Set("X-Gitlab-Signature", forged(delivery.Signature))
	default:
		h.Set("X-Gitlab-Signature", delivery.Signature)
	}
	return h
}

// plainHeaders are the headers that GitLab's HTTP library adds to every request, with those two that callers set.
func plainHeaders(mediaType, agent string) http.Header {
	return http.Header{
		"Content-Type": {mediaType}, "Accept": {"*/*"}, "User-Agent": {agent},
		"Accept-Encoding": {"gzip;q=1.0,deflate;q=0.6,identity;q=0.3"},
	}
}

// forged is another signature of the same form.
func forged(signature string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '0':
			return 'f'
		case 'f':
			return '0'
		}
		return r
	}, signature)
}

// request makes a request with the body, whatever the method is. A redirect that changes the method to GET keeps the
// body.
func request(ctx context.Context, method string, target *url.URL, header http.Header,
	body gitlab.Payload,
) *http.Request {
	r := &http.Request{
		Method: method, URL: target, Host: target.Host, Header: header.Clone(), Close: true,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(body.Reader()), ContentLength: int64(body.Len()),
	}
	if body.Len() == 0 {
		r.Body = http.NoBody
	}
	return r.WithContext(ctx)
}

// signIn adds the user and password from the external URL, if it has them.
func signIn(r *http.Request, u *url.URL) {
	if u.User != nil {
		password, _ := u.User.Password()
		r.SetBasicAuth(u.User.Username(), password)
	}
}

// shown returns the headers of a request that are kept: all except passwords and tokens.
func shown(h http.Header) http.Header {
	kept := h.Clone()
	if kept.Get("Authorization") != "" {
		kept.Set("Authorization", "Basic [redacted]")
	}
	if kept.Get(hookTokenHeader) != "" {
		kept.Set(hookTokenHeader, "[REDACTED]")
	}
	return kept
}

// exchangeTimeout limits one request and its response. GitLab only limits the single waits. So a service that reads or
// sends a byte now and then would never end.
const exchangeTimeout = 3 * time.Minute

var errEndless = fmt.Errorf("the exchange went on for longer than %s", exchangeTimeout)

var errOverdue = fmt.Errorf("the answer took longer than %s", totalReadTimeout)

// exchange sends one request and records the response. It returns the target of a redirect, or nil if the response is
// final.
// Patience is how long the response may take to begin.
func (d *deliverer) exchange(r *http.Request, a *gitlab.Attempt, patience time.Duration) (*url.URL, error) {
	ctx, cancel := context.WithCancelCause(r.Context())
	defer cancel(nil)
	defer time.AfterFunc(exchangeTimeout, func() { cancel(errEndless) }).Stop()
	answer, err := d.await(r.WithContext(ctx), cancel, patience)
	if errors.Is(context.Cause(ctx), errEndless) {
		err = errEndless
	}
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if err := d.late(answer, a, patience); err != nil {
		return nil, err
	}
	defer time.AfterFunc(totalReadTimeout, func() { cancel(errOverdue) }).Stop()
	kept, err := io.ReadAll(io.LimitReader(answer.Body, keptBody))
	if err == nil {
		_, err = io.Copy(io.Discard, answer.Body)
	}
	switch {
	case err != nil && errors.Is(context.Cause(ctx), errOverdue):
		return nil, errOverdue
	case err != nil:
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	a.Status, a.ResponseHeader, a.ResponseBody = answer.StatusCode, answer.Header, kept
	return follow(r.URL, answer)
}

// silence is the error for a response that did not begin in time.
type silence time.Duration

func (s silence) Error() string { return fmt.Sprintf("no answer for %s", time.Duration(s)) }

// await sends a request and waits for the beginning of the response, no longer than GitLab does. The connections of the
// mock's own transport enforce that limit themselves.
func (d *deliverer) await(r *http.Request, cancel context.CancelCauseFunc, patience time.Duration) (*http.Response,
	error,
) {
	if d.patient && patience == readTimeout {
		return d.transport.RoundTrip(r)
	}
	overdue := time.AfterFunc(patience, func() { cancel(silence(patience)) })
	answer, err := d.transport.RoundTrip(r)
	overdue.Stop()
	if cause := context.Cause(r.Context()); errors.Is(cause, silence(patience)) {
		if err == nil {
			_ = answer.Body.Close()
		}
		return nil, cause
	}
	return answer, err
}

// lateHeader is the response header by which a service says that its response counts as one that came later. It belongs
// to the control surface.
const lateHeader = "X-Mock-Late"

// late adds the time by which a response says that it is late to an attempt. A response that would have come after the
// timeout counts as no response.
func (d *deliverer) late(answer *http.Response, a *gitlab.Attempt, patience time.Duration) error {
	late, err := time.ParseDuration(answer.Header.Get(lateHeader))
	if err != nil || late <= 0 || !d.dictated {
		return nil
	}
	if late > patience {
		a.Duration += patience
		return silence(patience)
	}
	a.Duration += late
	return nil
}

// follow returns where a response redirects to, or nil.
func follow(from *url.URL, answer *http.Response) (*url.URL, error) {
	location := answer.Header.Get("Location")
	if answer.StatusCode < 300 || answer.StatusCode > 399 || answer.StatusCode == http.StatusNotModified ||
		location == "" {
		return nil, nil
	}
	next, err := from.Parse(location)
	if err != nil {
		return nil, errors.New("the answer redirects to something that is not a URL")
	}
	return next, nil
}

// reasonOf words an error without the URL of the request, which may contain a secret.
func reasonOf(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return err.Error()
}

// newTransport makes a transport that works as Ruby's Net::HTTP does: only HTTP/1.1, one connection for each request,
// no proxy, and a limit for each wait. The guard checks every resolved address before it is called.
func newTransport(guard func(network, address string) error) *http.Transport {
	dialer := &net.Dialer{Control: controlWith(guard)}
	return transportOver(func(ctx context.Context, network, address string) (net.Conn, error) {
		if host, _, err := net.SplitHostPort(address); err == nil && leadsNowhere(host) {
			return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
		}
		return dialer.DialContext(ctx, network, address)
	})
}

// leadsNowhere reports whether a host name is reserved, so that it cannot exist and resolving it would waste time.
//
// Source: RFC 2606, section 2; RFC 6761, section 6.4.
func leadsNowhere(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return strings.HasSuffix(host, ".invalid") || strings.HasSuffix(host, ".example")
}

var errNotOpen = fmt.Errorf("no connection within %s", openTimeout)

func transportOver(dial func(ctx context.Context, network, address string) (net.Conn, error)) *http.Transport {
	protocols := &http.Protocols{}
	protocols.SetHTTP1(true)
	return &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			ctx, cancel := context.WithTimeoutCause(ctx, openTimeout, errNotOpen)
			defer cancel()
			conn, err := dial(ctx, network, address)
			if err != nil && errors.Is(context.Cause(ctx), errNotOpen) {
				return nil, errNotOpen
			}
			if err != nil {
				return nil, err
			}
			return &patientConn{Conn: conn}, nil
		},
		TLSHandshakeTimeout: openTimeout, DisableKeepAlives: true, DisableCompression: true, Protocols: protocols,
		MaxResponseHeaderBytes: 1 << 20,
	}
}
