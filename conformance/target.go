package conformance

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/openapi/crosscheck"
	"github.com/statuschecks/statuschecks/release"
)

// target is the server under judgement: how to reach it and what is known about it.
type target struct {
	root    string // the instance's address without a slash at its end
	home    string // a page of it at the address that it has for itself, which need not be the one it is called at
	client  *http.Client
	token   string
	agent   string
	secrets *secrets
	clock   func() time.Time
	wait    Waiter
	pace    *pace
	timeout time.Duration // for one request with its answer
	health  health
	slowed  slowdown

	version  release.Version // by which it is judged
	assumed  release.Version // by which the options want it judged; zero means its own
	patch    *int            // of that release; nil means that the target does not tell
	newer    bool            // than any release that is known
	says     string          // what it says it is, if it is judged as another release
	revision string
	contract *openapi.Document // as the target's version has it
	own      *openapi.Document // as the release has it that it says it is
	validate *crosscheck.Validator
	coverage *coverage
}

// realWait waits on the wall clock.
func realWait(ctx context.Context, length time.Duration) error {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// pace keeps requests at least a gap apart.
type pace struct {
	gap  time.Duration
	mu   sync.Mutex
	next time.Time
}

func newPace(perSecond float64) *pace {
	if perSecond <= 0 {
		return &pace{}
	}
	return &pace{gap: time.Duration(float64(time.Second) / perSecond)}
}

// delay books the next free moment and says how long it is until then.
func (p *pace) delay(now time.Time) time.Duration {
	if p.gap == 0 {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next.Before(now) {
		p.next = now
	}
	delay := p.next.Sub(now)
	p.next = p.next.Add(p.gap)
	return delay
}

// CheckURL returns an error if address cannot be the URL of a server. Use it to check input before a run.
func CheckURL(address string) error {
	_, err := instanceRoot(address)
	return err
}

// instanceRoot takes the address of an instance or of its API, with or without a slash at the end.
func instanceRoot(address string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", usage("%q is no address of a server; give one such as https://gitlab.example.com or "+
			"http://127.0.0.1:8080/api/v4", strictyaml.WithoutSecrets(address))
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", usage("the address %s has a user, a query or a fragment; give scheme, host and path alone, and "+
			"the token apart", strictyaml.WithoutSecrets(address))
	}
	root := strings.TrimRight(u.Scheme+"://"+u.Host+u.EscapedPath(), "/")
	return strings.TrimRight(strings.TrimSuffix(root, "/api/v4"), "/"), nil
}

func (t *target) api() string { return t.root + "/api/v4" }

// maxAnswer bounds what is read of an answer.
const maxAnswer = 16 << 20

// maxRetries bounds how often one request is sent again after 429.
const maxRetries = 8

// send sends a request with a token and gives the answer, waiting as long as the target asks it to slow down.
func (t *target) send(ctx context.Context, r *request, token, scenario string) (*answer, error) {
	for attempt := 0; ; attempt++ {
		if err := t.keepPace(ctx); err != nil {
			return nil, err
		}
		if err := t.health.verdict(); err != nil {
			return nil, err
		}
		a, err := t.sendOnce(ctx, r, token, scenario)
		t.health.saw(ctx, a, err, t.root)
		if err != nil || a.status != http.StatusTooManyRequests || attempt == maxRetries {
			return a, err
		}
		length := retryAfter(a.header, t.clock(), attempt)
		if err := t.slowed.by(length, t.clock()); err != nil {
			return nil, t.health.giveUp(trouble(Unreachable, err, "%s %v", t.root, err))
		}
		if err := t.wait(ctx, length); err != nil {
			return nil, err
		}
	}
}

func (t *target) keepPace(ctx context.Context) error {
	if delay := t.pace.delay(t.clock()); delay > 0 {
		return t.wait(ctx, delay)
	}
	return ctx.Err()
}

func (t *target) sendOnce(ctx context.Context, r *request, token, scenario string) (*answer, error) {
	ctx, cancel := context.WithTimeout(ctx, t.timeout)
	defer cancel()
	outgoing, err := t.outgoing(ctx, r, token, scenario)
	if err != nil {
		return nil, err
	}
	client, done := t.clientFor(r)
	defer done()
	response, err := client.Do(outgoing)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	raw, err := readWhole(io.LimitReader(response.Body, maxAnswer), response.ContentLength)
	if err != nil {
		return nil, err
	}
	return newAnswer(response.StatusCode, response.Header, raw), nil
}

// clientFor gives a request that a server may not read to its end a connection of its own: what it leaves unread there
// would be taken for the next request, which is another scenario's. done lets go of it.
func (t *target) clientFor(r *request) (client *http.Client, done func()) {
	network, is := t.client.Transport.(*http.Transport)
	bodyless := r.method != http.MethodPost && r.method != http.MethodPut && r.method != http.MethodPatch
	if !is || !r.hasBody || !r.chunked && !bodyless && r.op != nil {
		return t.client, func() {}
	}
	own := network.Clone()
	apart := *t.client
	apart.Transport = own
	return &apart, own.CloseIdleConnections
}

// readWhole reads a body to its end. length is how long it is said to be; it is negative if nobody knows. A response to
// HEAD says how long the body would be that it does not have.
func readWhole(body io.Reader, length int64) ([]byte, error) {
	if length <= 0 || length > maxAnswer {
		return io.ReadAll(body)
	}
	raw := make([]byte, length)
	n, err := io.ReadFull(body, raw)
	if errors.Is(err, io.EOF) {
		return nil, nil // a body that is cut off ends in io.ErrUnexpectedEOF
	}
	return raw[:n], err
}

func (t *target) outgoing(ctx context.Context, r *request, token, scenario string) (*http.Request, error) {
	var body io.Reader
	if r.hasBody {
		body = bytes.NewReader(r.body)
		if r.chunked {
			body = struct{ io.Reader }{body} // hides the length, so that the body goes in chunks
		}
	}
	outgoing, err := http.NewRequestWithContext(ctx, r.method, r.url, body)
	if err != nil {
		return nil, err
	}
	r.header.Set("User-Agent", t.agent+" "+scenario)
	if token != "" {
		r.header.Set("Private-Token", token)
	}
	outgoing.Header = r.header
	return outgoing, nil
}

// check judges an answer, and a request that was meant to be well-formed, by the contract. A bent request is not
// judged, nor is its answer when it is no request of the operation any more.
func (t *target) check(r *request, a *answer) []openapi.Violation {
	if r.op == nil || t.validate == nil || t.contract.Operation(r.operation) == nil {
		return nil
	}
	return t.validate.CheckResponse(r.operation, r.judged(), a.status, a.header, a.raw)
}

// deliveringOperation is the operation whose callbacks describe a delivery.
func (d *delivery) deliveringOperation() string {
	if d.isOfWebhook() {
		return "createProjectHook"
	}
	return "createExternalStatusCheck"
}

// checkDelivery judges a payload by the contract.
func (t *target) checkDelivery(d *delivery) []openapi.Violation {
	op := d.deliveringOperation()
	if t.validate == nil || t.contract.Operation(op) == nil {
		return nil
	}
	return t.validate.CheckDelivery(op, d.header, d.raw)
}

// checkRequest judges a request by the contract.
func (t *target) checkRequest(r *request) []openapi.Violation {
	if r.op == nil || t.validate == nil || t.contract.Operation(r.operation) == nil {
		return nil
	}
	return t.validate.CheckRequest(r.operation, r.judged(), r.body)
}

// scenarioRun is the request as the validator takes it.
func (r *request) judged() *http.Request {
	u, err := url.Parse(r.url)
	if err != nil {
		u = &url.URL{}
	}
	return &http.Request{
		Method: r.method, URL: u, Host: u.Host, Header: r.header, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(bytes.NewReader(r.body)), ContentLength: int64(len(r.body)),
	}
}

// connect asks the target for its version and tells what it is not.
func (t *target) connect(ctx context.Context) error {
	version := openapi.GitLab().Operation("getVersion")
	r, err := (&builder{root: t.api()}).build(version, input{})
	if err != nil {
		return err
	}
	a, err := t.send(ctx, r, t.token, "connect")
	if err != nil {
		return connectionTrouble(err, t.root)
	}
	text := a.text("version")
	lacks := slices.Contains(absentStatuses, a.status) && a.status != http.StatusForbidden
	if lacks && t.assumed != (release.Version{}) {
		return t.takeRelease(noVersion) // whether there is an API at all, the next operation shows
	}
	if a.status != http.StatusOK || text == "" {
		return strangeAnswer(a, t.root)
	}
	t.revision = a.text("revision")
	return t.takeRelease(text)
}

// validators holds the contracts that were compiled, as far as they were, for the next run.
var validators struct {
	mu       sync.Mutex
	compiled map[validatorKey]*crosscheck.Validator
}

type validatorKey struct {
	doc    *openapi.Document
	strict bool
}

// useValidator takes the contract of the target's version to judge every exchange.
func (t *target) useValidator(strict bool) {
	validators.mu.Lock()
	defer validators.mu.Unlock()
	key := validatorKey{t.contract, strict}
	if validators.compiled == nil {
		validators.compiled = map[validatorKey]*crosscheck.Validator{}
	}
	if validators.compiled[key] == nil {
		validators.compiled[key] = crosscheck.New(t.contract, crosscheck.Options{Strict: strict})
	}
	t.validate = validators.compiled[key]
}

// operation is an operation as the target's version has it, or as any version has it.
func (t *target) operation(id string) *openapi.Operation {
	if t.contract != nil {
		if op := t.contract.Operation(id); op != nil {
			return op
		}
	}
	return openapi.GitLab().Operation(id)
}

// errNoOperation cannot happen with a contract that loaded; it keeps a nil from travelling.
var errNoOperation = errors.New("the contract has no such operation")
