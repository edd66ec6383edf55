package mockserver

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"math/bits"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/mockserver/fault"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

const (
	maxUnderway = 16 // deliveries that are sent at the same time
	maxRetries  = 3  // attempts after the first
)

// deliverer sends the deliveries in the outbox. It sends several at once, but only one at a time to each
// receiver.
type deliverer struct {
	world     *world
	log       *slog.Logger
	transport http.RoundTripper
	patient   bool             // the transport itself waits no longer than GitLab does
	dictated  bool             // services may say how late their answers are
	real      func() time.Time // for how long attempts take
	era       atomic.Int64     // counts how often the world was replaced; changed under mu
	seeding   sync.Mutex       // held while the world is being replaced; guards world.origin

	heldBack  sync.Map // ids of deliveries that a fault has made late
	overtaken sync.Map // by receiver, the delivery that waits until another one was sent

	nowhere sync.Map // hosts that cannot exist and were already reported

	mu       sync.Mutex
	underway map[gitlab.Receiver]context.CancelFunc // deliveries that are being sent
	moved    chan struct{}                          // closed and renewed when one of them has ended
}

func newDeliverer(w *world, opts Options) *deliverer {
	d := &deliverer{
		world: w, log: opts.Log, transport: opts.Transport, patient: opts.Transport == nil, dictated: !opts.NoControl,
		real:     opts.Now,
		underway: map[gitlab.Receiver]context.CancelFunc{}, moved: make(chan struct{}),
	}
	if d.transport == nil {
		d.transport = newTransport(d.guard)
	}
	return d
}

// claim is a delivery that one goroutine has taken in order to send it.
type claim struct {
	delivery gitlab.Delivery
	era      int64
	broken   context.Context // ends when the world is replaced
	fault    string          // the plan that has spoilt it
	began    time.Time       // when it was last begun to be sent, in real time
}

// claim takes the deliveries that are due and can be sent now. Quiet reports that nothing was taken and nothing is
// being sent. The channel is closed when a delivery that is being sent has ended.
func (d *deliverer) claim() (claims []claim, quiet bool, moved <-chan struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, delivery := range d.next() {
		if len(d.underway) >= maxUnderway {
			break
		}
		ctx, cancel := context.WithCancel(context.Background())
		d.underway[delivery.Receiver()] = cancel
		claims = append(claims, claim{delivery: delivery, era: d.era.Load(), broken: ctx})
	}
	return claims, len(d.underway) == 0, d.moved
}

// next lists the deliveries that are due and can be sent, one for each receiver, by due time.
func (d *deliverer) next() (list []gitlab.Delivery) {
	_ = d.world.state.View(d.world.clock.now(), func(tx *gitlab.Tx) error {
		tx.EachReceiverQueued(func(delivery gitlab.Delivery) bool {
			if _, busy := d.underway[delivery.Receiver()]; !busy && !delivery.Due.After(tx.Now) {
				list = append(list, delivery)
			}
			return true
		})
		return nil
	})
	slices.SortStableFunc(list, func(a, b gitlab.Delivery) int {
		return cmp.Or(a.Due.Compare(b.Due),
			cmp.Compare(a.ID, b.ID))
	})
	return list
}

// attempt sends a delivery once and records the result. If ctx ends the attempt, nothing is recorded, and the delivery
// stays queued.
func (d *deliverer) attempt(ctx context.Context, c claim) {
	defer d.release(c)
	defer d.survive(c)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(c.broken, cancel)()
	c.began = d.real()
	name, f := d.choose(c)
	c.fault = name
	delivery, goes := d.spoil(c, &f)
	if !goes {
		return
	}
	o := d.outboundOf(delivery)
	o.forges = f.Delivery == fault.Forged
	if f.Delivery == fault.Duplicated {
		d.sendTwice(ctx, o, delivery, c)
		c.began = d.real()
	}
	at := d.world.clock.when(c.began)
	a, err := d.send(ctx, o, delivery)
	if ctx.Err() != nil {
		return
	}
	late := a.Duration
	a.At, a.Duration = at, late+max(0, d.real().Sub(c.began))
	state := gitlab.Delivered
	if err != nil {
		a.Error, state = reasonOf(err), gitlab.Queued
	}
	if errors.Is(err, errBlocked) && o.dropsBlocked && delivery.Hook.HookID == 0 {
		state = gitlab.Blocked
	}
	d.record(c, a, late, state)
	d.follow(c)
}

func (d *deliverer) release(c claim) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.era.Load() != c.era {
		return // renew has removed it already
	}
	d.underway[c.delivery.Receiver()]()
	delete(d.underway, c.delivery.Receiver())
	close(d.moved)
	d.moved = make(chan struct{})
}

// record stores an attempt, unless the world was replaced meanwhile. A delivery without a response is queued again,
// until it has had all its attempts. GitLab sends a delivery to a webhook once: it takes every error for the
// result. Late is the time by which the response counts as later than the clock shows.
func (d *deliverer) record(c claim, a gitlab.Attempt, late time.Duration, state gitlab.DeliveryState) {
	var delivery gitlab.Delivery
	var known bool
	_ = d.world.state.Update(d.world.clock.now(), func(tx *gitlab.Tx) error {
		if delivery, known = tx.Delivery(c.delivery.ID); !known || d.era.Load() != c.era {
			known = false
			return nil
		}
		delivery.Attempts = append(slices.Clone(delivery.Attempts), a)
		delivery.State = state
		if state == gitlab.Queued {
			delivery.Due = tx.Now.Add(late + backOff(len(delivery.Attempts)))
			if len(delivery.Attempts) > maxRetries || delivery.Hook.HookID != 0 {
				delivery.State = gitlab.GaveUp
			}
		}
		tx.SetDelivery(delivery)
		return nil
	})
	if known {
		e := d.entryOf(delivery, a, c.began)
		e.Fault = c.fault
		d.world.journal.Keep(e)
		d.world.bell.ring()
		d.report(delivery, a)
	}
}

// backOff is how long a delivery waits before the next attempt: Sidekiq's formula without its random part.
func backOff(attempts int) time.Duration {
	count := time.Duration(attempts - 1)
	return (count*count*count*count + 15) * time.Second
}

func (d *deliverer) report(delivery gitlab.Delivery, a gitlab.Attempt) {
	attrs := []slog.Attr{
		slog.Int64("delivery", int64(delivery.ID)), receiverAttr(delivery), slog.String("url", plainURL(delivery.URL)),
		slog.String("state", string(delivery.State)), slog.Int("attempt", len(delivery.Attempts)),
	}
	if a.Error == "" {
		d.log.LogAttrs(context.Background(), slog.LevelInfo, "delivered",
			append(attrs, slog.Int("status", a.Status))...)
		return
	}
	attrs = append(attrs, slog.String("error", a.Error))
	if host := hostOf(delivery.URL); leadsNowhere(host) {
		d.reportNowhere(host, attrs)
		return
	}
	if delivery.State == gitlab.Queued {
		attrs = append(attrs, slog.Time("again_at", delivery.Due))
	}
	d.log.LogAttrs(context.Background(), slog.LevelWarn, "not delivered", attrs...)
}

func receiverAttr(delivery gitlab.Delivery) slog.Attr {
	if delivery.Hook.HookID != 0 {
		return slog.Int64("webhook", int64(delivery.Hook.HookID))
	}
	return slog.Int64("check", int64(delivery.CheckID))
}

// reportNowhere logs once per host that nothing can ever be delivered to it. This concerns the checks of the default
// world, for example. Single deliveries are logged at debug level.
func (d *deliverer) reportNowhere(host string, attrs []slog.Attr) {
	if _, said := d.nowhere.LoadOrStore(host, true); !said {
		d.log.Info("this host name is reserved and cannot exist, so deliveries to it go nowhere; give the check the "+
			"URL of a service of yours to receive them (this is logged once; the debug level logs each delivery)",
			slog.String("host", host))
	}
	d.log.LogAttrs(context.Background(), slog.LevelDebug, "not delivered", attrs...)
}

func hostOf(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// dropped logs a warning that rows of a log were removed to make room for newer ones: the first time, and each time
// that their number has doubled, so that this hides nothing else.
func (s *Server) dropped(log gitlab.Log, now int, inAll int64) {
	if bits.Len64(uint64(inAll)) == bits.Len64(uint64(inAll)-uint64(now)) {
		return
	}
	text := "the oldest " + string(log) + " are dropped, as there are too many; this is said again when it is twice " +
		"as many"
	if log == gitlab.DeliveryLog {
		text = "deliveries are dropped before they are sent, as too many wait; see that their receivers answer; " +
			"this is said again when it is twice as many"
	}
	s.log.LogAttrs(context.Background(), slog.LevelWarn, text, slog.Int("dropped", now),
		slog.Int64("dropped_in_all", inAll))
}

// plainURL returns a URL without the parts that may be secret: user, password, query, fragment, and tokens in the path.
func plainURL(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "(not a URL)"
	}
	return strictyaml.WithoutTokens((&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String())
}

// renew replaces the world while nothing is being sent. It cancels attempts in progress and discards their results.
func (d *deliverer) renew(replace func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.era.Add(1)
	d.heldBack.Clear()
	d.overtaken.Clear()
	for id, cancel := range d.underway {
		cancel()
		delete(d.underway, id)
	}
	replace()
	close(d.moved)
	d.moved = make(chan struct{})
}
