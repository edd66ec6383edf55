package conformance

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
)

// Receiver is a small external service for tests. It accepts every delivery, remembers it, and answers 200 or what a
// scenario says. It is an http.Handler, so it can be served, or reached by a transport without a socket. It never
// sends requests.
type Receiver struct {
	url    string
	server *http.Server

	service *takenService // to which deliveries are passed on; nil means that they end here

	mu      sync.Mutex
	arrived map[string][]*delivery // by path
	replies map[string]*reply      // by path
}

// delivery is one request that came in.
type delivery struct {
	method  string
	header  http.Header
	raw     []byte
	body    func() any // nil if it is no JSON
	used    bool       // a step has matched it
	checked bool       // it was held against the contract

	// what the external service made of it, once it has replied
	reception *answer
	trouble   error
	replied   bool
}

// maxDelivery is GitLab's own limit for a payload.
const maxDelivery = 25 << 20

// NewReceiver returns a receiver with the public URL url. The caller must serve it.
func NewReceiver(url string) *Receiver {
	return &Receiver{url: strings.TrimRight(url, "/"), arrived: map[string][]*delivery{}, replies: map[string]*reply{}}
}

// ListenReceiver creates a receiver and serves it at a TCP address such as "127.0.0.1:0". public is the URL that the
// target gets; empty means the address of the listener. Close stops it.
func ListenReceiver(listen, public string) (*Receiver, error) {
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, fmt.Errorf("listen for deliveries: %w", err)
	}
	if public == "" {
		public = "http://" + listener.Addr().String()
	}
	r := NewReceiver(public)
	r.server = &http.Server{
		Handler: r, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: time.Minute,
		WriteTimeout: 5 * time.Minute, // longer than any answer is held back
	}
	go func() { _ = r.server.Serve(listener) }()
	return r, nil
}

// URL is the receiver's public address.
func (r *Receiver) URL() string { return r.url }

// closing is how long deliveries that are on their way may take when a receiver ends.
const closing = 2 * time.Second

// Close stops the listener. Shortly after, it closes the connections that are still open. It takes some seconds at
// most.
func (r *Receiver) Close() error {
	if r.server == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), closing)
	defer cancel()
	err := r.server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return r.server.Close()
	}
	return err
}

// reply says what is answered to deliveries to a path; nil means 200 at once.
func (r *Receiver) reply(path string, answer *reply) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if answer == nil {
		delete(r.replies, strings.Trim(path, "/"))
		return
	}
	r.replies[strings.Trim(path, "/")] = answer
}

// ServeHTTP records a delivery and answers it. The path of the delivery is relative to the path of the public URL.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	raw, err := readWhole(http.MaxBytesReader(w, req.Body, maxDelivery), req.ContentLength)
	if err != nil {
		http.Error(w, "the delivery cannot be read", http.StatusRequestEntityTooLarge)
		return
	}
	d := newDelivery(req.Method, req.Header.Clone(), raw)
	if answer := r.keep(r.key(req.URL.Path), d); answer != nil {
		answer.send(w, req)
		return
	}
	if r.service != nil {
		r.passOn(w, req, d)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// newDelivery reads the body when somebody looks at it. Of most deliveries nobody does.
func newDelivery(method string, header http.Header, raw []byte) *delivery {
	return &delivery{method: method, header: header, raw: raw, body: sync.OnceValue(func() any {
		value, _ := jsonvalue.Parse(raw)
		return value
	})}
}

// forget drops the deliveries to all paths below one.
func (r *Receiver) forget(below string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.arrived, func(path string, _ []*delivery) bool { return strings.HasPrefix(path, below+"/") })
}

// keep records a delivery and gives what is answered to it; nil means 200 at once.
func (r *Receiver) keep(key string, d *delivery) *reply {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.arrived[key] = append(r.arrived[key], d)
	if answer := r.replies[key]; answer != nil && d.isAbout(answer.iid) {
		return answer
	}
	return nil
}

// key is a delivery's path without what the public address begins with.
func (r *Receiver) key(path string) string {
	if i := strings.Index(r.url, "://"); i >= 0 {
		if j := strings.IndexByte(r.url[i+3:], '/'); j >= 0 {
			path = strings.TrimPrefix(path, r.url[i+3+j:])
		}
	}
	return strings.Trim(path, "/")
}

// at are the deliveries to a path that no step has matched yet, in the order they came. With an iid only those about
// that merge request count: a check of a shared project hears of others too.
func (r *Receiver) at(path string, iid int64) []*delivery {
	r.mu.Lock()
	defer r.mu.Unlock()
	var open []*delivery
	for _, d := range r.arrived[strings.Trim(path, "/")] {
		if !d.used && d.isAbout(iid) {
			open = append(open, d)
		}
	}
	return open
}

// stray says of the last delivery to a path that does not tell which merge request it is about what it has instead;
// empty if there is none.
func (r *Receiver) stray(path string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	last := ""
	for _, d := range r.arrived[strings.Trim(path, "/")] {
		if text := d.stray(); text != "" {
			last = text
		}
	}
	return last
}

// stray says what a delivery has in place of the number of a merge request; empty if it has one, or is a webhook's,
// which has forms of its own.
func (d *delivery) stray() string {
	about, there := jsonvalue.Dig(d.body(), []string{"object_attributes", "iid"})
	_, isNumber := about.(int64)
	switch {
	case isNumber || d.isOfWebhook():
		return ""
	case len(d.raw) == 0:
		return "a " + d.method + " without a body"
	case !d.isJSON():
		return fmt.Sprintf("a %s with a body of %d bytes that is no JSON", d.method, len(d.raw))
	case !there:
		return "a " + d.method + " with JSON that has no object_attributes.iid"
	}
	return "a " + d.method + " with JSON whose object_attributes.iid is " + cut(jsonvalue.Short(about), 40) +
		" and no number"
}

func (r *Receiver) use(d *delivery) {
	r.mu.Lock()
	defer r.mu.Unlock()
	d.used = true
}

// firstLook says, once for each delivery, that nobody has held it against the contract yet.
func (r *Receiver) firstLook(d *delivery) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	first := !d.checked
	d.checked = true
	return first
}

// isAbout tells whether a delivery is about a merge request; 0 is any. A push, of which webhooks are told, is about
// all.
func (d *delivery) isAbout(iid int64) bool {
	where := []string{"object_attributes", "iid"}
	if kind, _ := jsonvalue.Dig(d.body(), []string{"object_kind"}); d.isOfWebhook() && kind == "push" {
		return true
	} else if d.isOfWebhook() && kind == "note" {
		where = []string{"merge_request", "iid"}
	}
	about, _ := jsonvalue.Dig(d.body(), where)
	return iid == 0 || jsonvalue.Equal(about, iid)
}

// isOfWebhook tells whether a delivery was sent to a webhook of the project, not to a check.
func (d *delivery) isOfWebhook() bool { return d.header.Get("X-Gitlab-Event") != "" }

func (d *delivery) isJSON() bool { return d.body() != nil }

// signatureHeader carries the HMAC of a delivery's body.
const signatureHeader = "X-Gitlab-Signature"

// verify says what is wrong with a delivery's signature: it must be the lower-case hex HMAC-SHA256 of the exact bytes.
func (d *delivery) verify(secret string) error {
	given := d.header.Get(signatureHeader)
	if given == "" {
		return errors.New("the header " + signatureHeader + " is missing")
	}
	if want := signature(secret, d.raw); !hmac.Equal([]byte(want), []byte(given)) {
		return fmt.Errorf("%s is %s, but the HMAC-SHA256 of the body under the check's secret is %s", signatureHeader,
			given, want)
	}
	return nil
}

// answer shows a delivery to the matchers as an answer is shown.
func (d *delivery) answer() *answer {
	return &answer{header: d.header, raw: d.raw, body: d.body(), isJSON: d.isJSON()}
}
