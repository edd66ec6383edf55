package mockserver

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

const (
	maxUnderway = 16 // deliveries that are on their way at the same time
	maxRetries  = 3  // attempts after the first
)

// deliverer sends what is in the outbox: several deliveries at once, but to one check only one at a time.
type deliverer struct {
	world     *world
	log       *slog.Logger
	transport http.RoundTripper
	patient   bool             // the transport itself waits no longer than GitLab does
	dictated  bool             // services may say how late their answers are
	real      func() time.Time // for how long attempts take
	era       atomic.Int64     // counts how often the world was replaced; changed under mu
	seeding   sync.Mutex       // held while the world is being replaced; guards world.origin

	nowhere sync.Map // hosts that nobody can have and of which that was said

	mu       sync.Mutex
	underway map[gitlab.CheckID]context.CancelFunc // what is on its way, by check
	moved    chan struct{}                         // closed and renewed when one of them has ended
}

func newDeliverer(w *world, opts Options) *deliverer {
	d := &deliverer{
		world: w, log: opts.Log, transport: opts.Transport, patient: opts.Transport == nil, dictated: !opts.NoControl,
		real:     opts.Now,
		underway: map[gitlab.CheckID]context.CancelFunc{}, moved: make(chan struct{}),
	}
	if d.transport == nil {
		d.transport = newTransport(d.guard)
	}
	return d
}

// claim is a delivery that somebody has undertaken to send.
type claim struct {
	delivery gitlab.Delivery
	era      int64
	broken   context.Context // ends when the world is replaced
}

// claim takes the deliveries that are due and can leave now. It says whether all is quiet: nothing was taken and
// nothing is under way. The channel is closed when one that is under way has ended.
func (d *deliverer) claim() (claims []claim, quiet bool, moved <-chan struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, delivery := range d.next() {
		if len(d.underway) >= maxUnderway {
			break
		}
		ctx, cancel := context.WithCancel(context.Background())
		d.underway[delivery.CheckID] = cancel
		claims = append(claims, claim{delivery, d.era.Load(), ctx})
	}
	return claims, len(d.underway) == 0, d.moved
}

// next are the deliveries that are due and can leave, one for each check, in the order of their due times.
func (d *deliverer) next() (list []gitlab.Delivery) {
	_ = d.world.state.View(d.world.clock.now(), func(tx *gitlab.Tx) error {
		tx.EachCheckQueued(func(delivery gitlab.Delivery) bool {
			if _, busy := d.underway[delivery.CheckID]; !busy && !delivery.Due.After(tx.Now) {
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

// attempt tries a delivery once and records how it fared. Broken off by ctx it leaves no trace: the delivery stays
// queued.
func (d *deliverer) attempt(ctx context.Context, c claim) {
	defer d.release(c)
	defer d.survive(c)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(c.broken, cancel)()
	at, began := d.world.clock.now(), d.real()
	o := d.outbound()
	a, err := d.send(ctx, o, c.delivery)
	if ctx.Err() != nil {
		return
	}
	late := a.Duration
	a.At, a.Duration = at, late+max(0, d.real().Sub(began))
	state := gitlab.Delivered
	if err != nil {
		a.Error, state = reasonOf(err), gitlab.Queued
	}
	if errors.Is(err, errBlocked) && o.dropsBlocked {
		state = gitlab.Blocked
	}
	d.record(c, a, late, state)
}

func (d *deliverer) release(c claim) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.era.Load() != c.era {
		return // renew has forgotten it already
	}
	d.underway[c.delivery.CheckID]()
	delete(d.underway, c.delivery.CheckID)
	close(d.moved)
	d.moved = make(chan struct{})
}

// record stores an attempt, unless the world is another one by now. A delivery that nobody answered is queued again,
// until it has had all its attempts. What its answer is late by, the clock has not seen yet.
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
			if len(delivery.Attempts) > maxRetries {
				delivery.State = gitlab.GaveUp
			}
		}
		tx.SetDelivery(delivery)
		return nil
	})
	if known {
		d.report(delivery, a)
	}
}

// backOff is how long a delivery rests after so many attempts: Sidekiq's formula without its chance.
func backOff(attempts int) time.Duration {
	count := time.Duration(attempts - 1)
	return (count*count*count*count + 15) * time.Second
}

func (d *deliverer) report(delivery gitlab.Delivery, a gitlab.Attempt) {
	attrs := []slog.Attr{
		slog.Int64("delivery", int64(delivery.ID)), slog.Int64("check", int64(delivery.CheckID)),
		slog.String("url", plainURL(delivery.URL)),
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

// reportNowhere says once for each host that nothing can ever be delivered there, as to the checks of the default
// world; the single deliveries are told to whoever wants all.
func (d *deliverer) reportNowhere(host string, attrs []slog.Attr) {
	if _, said := d.nowhere.LoadOrStore(host, true); !said {
		d.log.Info("nobody can have this name, so that what is sent there goes nowhere; give the check the URL of a "+
			"service of yours to see it arrive "+
			"(this is said once; debug tells of each delivery)", slog.String("host", host))
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

// dropped warns that rows of a log made room for newer ones.
func (s *Server) dropped(log gitlab.Log, now int, inAll int64) {
	text := "the oldest " + string(log) + " were dropped, as there are too many"
	if log == gitlab.DeliveryLog {
		text = "deliveries were dropped before they were sent, as too many wait; see that their receivers answer"
	}
	s.log.LogAttrs(context.Background(), slog.LevelWarn, text, slog.Int("dropped", now),
		slog.Int64("dropped_in_all", inAll))
}

// plainURL is a URL without what may be secret in it: user, password, query and fragment.
func plainURL(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "(not a URL)"
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// renew replaces the world while nothing is sent. What is under way is broken off, and what comes of it is forgotten.
func (d *deliverer) renew(replace func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.era.Add(1)
	for id, cancel := range d.underway {
		cancel()
		delete(d.underway, id)
	}
	replace()
	close(d.moved)
	d.moved = make(chan struct{})
}
