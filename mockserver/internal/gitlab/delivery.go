package gitlab

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"time"
)

// MergeRequestEvent is something that happened to a merge request. External services are notified of it.
type MergeRequestEvent struct {
	MergeRequest MergeRequest
	User         User
	// open, update, close, reopen, merge, approved, approval, unapproved, unapproval; empty for a retry
	Action       string
	Changes      []AttributeChange
	OldSHA       string // the head before a push
	SystemAction string // the reason, if GitLab itself acted; empty if a user did
	TimeChange   int    // the time spent that was added, in seconds
}

// DeliveryState is the state of a delivery.
type DeliveryState string

// The states of a delivery.
const (
	Queued    DeliveryState = "queued"    // waits for its due time, or for a free worker
	Delivered DeliveryState = "delivered" // the service responded, with any status
	Blocked   DeliveryState = "blocked"   // the address may not be called; GitLab does not report that
	GaveUp    DeliveryState = "gave_up"   // no response after all attempts
)

// Payload holds the bytes of a delivery. Event is the part that the deliveries of all checks share. Own is the part
// that belongs to this check.
type Payload struct{ Event, Own []byte }

// Bytes returns a copy of the whole body.
func (p Payload) Bytes() []byte { return append(bytes.Clone(p.Event), p.Own...) }

// Len is the length of the body in bytes.
func (p Payload) Len() int { return len(p.Event) + len(p.Own) }

// Reader reads the body.
func (p Payload) Reader() io.Reader {
	return io.MultiReader(bytes.NewReader(p.Event), bytes.NewReader(p.Own))
}

// Rendering makes the payloads of an event. They are the same for all checks, except for an end that differs per check.
// Closing is the end for webhooks, whose payload has no check.
type Rendering struct {
	Event   []byte
	Own     func(ExternalStatusCheck) []byte
	Closing []byte
}

// Receiver is who gets a delivery: a check or a webhook. Deliveries to one receiver are sent one after the other.
type Receiver struct {
	CheckID CheckID
	HookID  HookID
}

// String names the receiver to people.
func (r Receiver) String() string {
	if r.HookID != 0 {
		return fmt.Sprintf("webhook %d", r.HookID)
	}
	return fmt.Sprintf("check %d", r.CheckID)
}

// Delivery is one delivery to one external service: of a check or of a webhook. Its body is fixed when the event
// happens.
type Delivery struct {
	ID             DeliveryID
	CheckID        CheckID // 0 for a delivery to a webhook
	Hook           HookCall
	ProjectID      ProjectID
	MergeRequestID MergeRequestID
	Action         string
	URL            string
	Body           Payload
	Signature      string // lower-case hex; empty if the check has no secret
	State          DeliveryState
	CreatedAt      time.Time
	Due            time.Time
	RedeliveryOf   DeliveryID // 0 for an original delivery
	Leads          bool       // it is the first of the deliveries that share the bytes of the event
	Attempts       []Attempt
}

// Attempt is one attempt at a delivery. Either Status or Error is set.
type Attempt struct {
	At             time.Time
	Duration       time.Duration
	Method         string // of the last request, because redirects can change it
	URL            string
	RequestHeader  map[string][]string
	Status         int
	ResponseHeader map[string][]string
	ResponseBody   []byte // cut to a maximum length
	Error          string
}

var deliveryTable = newTable([]index[Delivery]{
	{"id", func(d Delivery) string { return key(d.ID) }},
	{"queue", func(d Delivery) string {
		if d.State != Queued {
			return ""
		}
		return key(d.Due)
	}},
	{"receiver_queue", func(d Delivery) string {
		if d.State != Queued {
			return ""
		}
		return key(d.CheckID, d.Hook.HookID, d.Due)
	}},
	{"hook", func(d Delivery) string { return keyOfAny(d.Hook.HookID) }},
})

// Receiver is who gets the delivery.
func (d Delivery) Receiver() Receiver { return Receiver{d.CheckID, d.Hook.HookID} }

// The limits of the log of deliveries. Above them the oldest deliveries are removed: first those that are finished,
// then those that are queued.
const (
	keptDeliveries     = 10_000
	deliveryBatch      = 256 // deliveries removed at a time
	keptDeliveryBytes  = 16 << 20
	deliveryByteBatch  = keptDeliveryBytes / 16
	perDeliveryAttempt = 512 // approximate bytes of an attempt without its response
)

// size is what a delivery adds to the log, in bytes. Shared bytes count once, with the first delivery that has them.
func (d Delivery) size() int64 {
	n := len(d.Body.Own) + len(d.URL)
	if d.Leads {
		n += len(d.Body.Event)
	}
	for _, a := range d.Attempts {
		n += perDeliveryAttempt + len(a.ResponseBody) + len(a.Error)
		for name, values := range a.ResponseHeader {
			for _, v := range values {
				n += len(name) + len(v)
			}
		}
	}
	return int64(n)
}

// Signature signs a body as GitLab does: HMAC-SHA256 in lower-case hexadecimal digits.
func Signature(secret string, body Payload) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body.Event)
	mac.Write(body.Own)
	return hex.EncodeToString(mac.Sum(nil))
}

// fire queues a delivery to each webhook that is told of merge requests, and to each check that is notified of the
// merge request's target branch. It does not check the licence: GitLab goes on notifying existing checks after the
// licence is lost.
//
// Source: app/services/merge_requests/base_service.rb, ee/app/services/ee/merge_requests/base_service.rb,
// ee/app/models/ee/project.rb.
func (tx *Tx) fire(e MergeRequestEvent) {
	var hooks []ProjectHook
	for _, h := range tx.ProjectHooks(e.MergeRequest.ProjectID) {
		if h.wants(MergeRequestsEvents, "") {
			hooks = append(hooks, h)
		}
	}
	tx.dispatchTo(e, hooks, tx.ExternalStatusChecks(e.MergeRequest.ProjectID))
}

// dispatchTo queues deliveries, first to the webhooks and then to the checks. They share the bytes of the event.
func (tx *Tx) dispatchTo(e MergeRequestEvent, hooks []ProjectHook, checks []ExternalStatusCheck) {
	var r *Rendering
	deliver := func(d Delivery, fill func(*Delivery, Rendering)) {
		var err error
		if d.Leads = r == nil; d.Leads {
			r, err = tx.render(e)
		}
		d.ProjectID, d.MergeRequestID, d.Action = e.MergeRequest.ProjectID, e.MergeRequest.ID, e.Action
		if err != nil {
			r, d.Attempts = nil, []Attempt{{At: tx.Now, URL: d.URL, Error: "render the payload: " + err.Error()}}
		} else {
			fill(&d, *r)
		}
		tx.queue(d)
	}
	for _, h := range hooks {
		deliver(h.delivery(MergeRequestsEvents), func(d *Delivery, r Rendering) {
			d.Body = Payload{r.Event, r.Closing}
		})
	}
	for _, c := range checks {
		if tx.DispatchesToBranch(c, e.MergeRequest.TargetBranch) {
			deliver(Delivery{CheckID: c.ID, URL: c.ExternalURL}, func(d *Delivery, r Rendering) { tx.freeze(d, r, c) })
		}
	}
}

func (tx *Tx) render(e MergeRequestEvent) (*Rendering, error) {
	r, err := tx.state.opts.Payload(tx, e)
	if err != nil {
		return nil, err
	}
	return &r, nil
}

// freeze fixes the body of a delivery to a check, and signs it.
func (tx *Tx) freeze(d *Delivery, r Rendering, c ExternalStatusCheck) {
	d.CheckID, d.URL, d.Signature, d.Body = c.ID, c.ExternalURL, "", Payload{r.Event, r.Own(c)}
	if c.HMAC() && tx.Has(SharedSecrets) {
		d.Signature = Signature(c.SharedSecret, d.Body)
	}
}

func (tx *Tx) queue(d Delivery) Delivery {
	id := tx.next(deliverySequence)
	d.ID, d.State, d.CreatedAt = DeliveryID(id), Queued, tx.Now
	tx.identify(&d)
	if len(d.Attempts) > 0 { // there is nothing to send
		d.State = GaveUp
	}
	d.Due = tx.Now.Add(tx.state.opts.Lag.of(id, 0)).Truncate(time.Microsecond)
	insert(tx, deliveryTable, d)
	tx.sequences[deliveryRows]++
	tx.sequences[deliveryBytes] += d.size()
	tx.boundDeliveries()
	return d
}

// boundDeliveries removes old deliveries if the log has grown beyond its limits: first finished ones and, if that is
// not enough, queued ones.
func (tx *Tx) boundDeliveries() {
	if tx.sequences[deliveryRows] <= keptDeliveries+deliveryBatch && tx.sequences[deliveryBytes] <= keptDeliveryBytes {
		return
	}
	tooMuch := func() bool {
		return tx.sequences[deliveryRows] > keptDeliveries ||
			tx.sequences[deliveryBytes] > keptDeliveryBytes-deliveryByteBatch
	}
	all := tx.Deliveries()
	waiting := all[:0]
	for _, d := range all[:len(all)-1] { // all but the newest
		switch {
		case !tooMuch():
			return
		case d.State == Queued:
			waiting = append(waiting, d)
		default:
			tx.forget(d)
		}
	}
	dropped := 0
	for _, d := range waiting {
		if !tooMuch() {
			break
		}
		tx.forget(d)
		dropped++
	}
	tx.drop(DeliveryLog, droppedDeliveries, dropped)
}

// drop counts rows that were removed from a log, and reports them.
func (tx *Tx) drop(log Log, count sequence, dropped int) {
	if dropped == 0 {
		return
	}
	tx.sequences[count] += int64(dropped)
	if tx.state.opts.Dropped != nil {
		tx.state.opts.Dropped(log, dropped, tx.sequences[count])
	}
}

// forget removes a delivery from the log.
func (tx *Tx) forget(d Delivery) {
	remove(tx, deliveryTable, d)
	tx.sequences[deliveryRows]--
	tx.sequences[deliveryBytes] -= d.size()
}

// DroppedDeliveries counts the deliveries that were removed to make room before they were sent.
func (tx *Tx) DroppedDeliveries() int64 { return tx.sequences[droppedDeliveries] }

// Delivery looks up a delivery.
func (tx *Tx) Delivery(id DeliveryID) (Delivery, bool) {
	return first(tx, deliveryTable, "id", key(id))
}

// Deliveries lists the deliveries that are still in the log, by id.
func (tx *Tx) Deliveries() []Delivery { return all(tx, deliveryTable, "id", "") }

// NewestDelivery is the id of the newest delivery; 0 if there is none.
func (tx *Tx) NewestDelivery() DeliveryID {
	d, _ := last(tx, deliveryTable, "id", "")
	return d.ID
}

// QueuedDeliveries lists the queued deliveries by due time.
func (tx *Tx) QueuedDeliveries() []Delivery { return all(tx, deliveryTable, "queue", "") }

// EachQueuedDelivery calls f for each queued delivery, by due time, until f returns false.
func (tx *Tx) EachQueuedDelivery(f func(Delivery) bool) { each(tx, deliveryTable, "queue", "", f) }

// EachReceiverQueued calls f with the earliest queued delivery to each receiver, until f returns false.
func (tx *Tx) EachReceiverQueued(f func(Delivery) bool) {
	for from := key(CheckID(0)); ; {
		d, ok := firstFrom(tx, deliveryTable, "receiver_queue", from)
		if !ok || !f(d) {
			return
		}
		from = key(d.CheckID, d.Hook.HookID+1)
	}
}

// DueAfter returns the first due time of a queued delivery that is later than an instant.
func (tx *Tx) DueAfter(at time.Time) (due time.Time, ok bool) {
	d, ok := firstFrom(tx, deliveryTable, "queue", key(at.Truncate(time.Microsecond).Add(time.Microsecond)))
	return d.Due, ok
}

// SetDelivery stores the changed state of a delivery. It does nothing if the delivery is gone.
func (tx *Tx) SetDelivery(d Delivery) {
	if before, ok := tx.Delivery(d.ID); ok {
		insert(tx, deliveryTable, d)
		tx.sequences[deliveryBytes] += d.size() - before.size()
	}
}

// Redeliver queues a delivery again. Without fresh it sends the same bytes. With fresh it sends the merge request as it
// is now, signed with the present secret. It refuses with RecordNotFound if the delivery is gone or, with fresh, its
// check or merge request is gone. It refuses with Unprocessable if a delivery to a webhook is to be made afresh that is
// not about a merge request.
func (tx *Tx) Redeliver(id DeliveryID, fresh bool) (Delivery, error) {
	d, ok := tx.Delivery(id)
	if !ok {
		return Delivery{}, refuse(RecordNotFound, "there is no delivery %d in the log", id)
	}
	if fresh {
		if err := tx.renew(&d); err != nil {
			return Delivery{}, err
		}
	}
	d.RedeliveryOf, d.Attempts, d.Leads = id, nil, true
	return tx.queue(d), nil
}

// renew makes the body of a delivery from its merge request as it is now.
func (tx *Tx) renew(d *Delivery) error {
	mr, ok := tx.mergeRequestByID(d.MergeRequestID)
	if !ok {
		return refuse(RecordNotFound, "the merge request of delivery %d is gone", d.ID)
	}
	author, _ := tx.User(mr.AuthorID)
	r, err := tx.render(MergeRequestEvent{MergeRequest: mr, User: author, Action: d.Action})
	if err != nil {
		return fmt.Errorf("render the payload for delivery %d: %w", d.ID, err)
	}
	if d.Hook.HookID != 0 {
		return tx.renewForHook(d, *r)
	}
	c, err := tx.ExternalStatusCheck(d.ProjectID, d.CheckID)
	if err == nil {
		tx.freeze(d, *r, c)
	}
	return err
}
