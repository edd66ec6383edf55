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

// MergeRequestEvent is something that happened to a merge request and is told to external services.
type MergeRequestEvent struct {
	MergeRequest MergeRequest
	User         User
	// open, update, close, reopen, merge, approved, approval, unapproved, unapproval; empty for a retry
	Action       string
	Changes      []AttributeChange
	OldSHA       string // of a push
	SystemAction string // why GitLab itself did it; empty if a user did
	TimeChange   int    // how much time was added, in seconds
}

// DeliveryState says how far a delivery has come.
type DeliveryState string

// The states of a delivery.
const (
	Queued    DeliveryState = "queued"    // waits for its due time, or for a free worker
	Delivered DeliveryState = "delivered" // the service answered, whatever it said
	Blocked   DeliveryState = "blocked"   // the address may not be called; GitLab says nothing
	GaveUp    DeliveryState = "gave_up"   // no answer after all attempts
)

// Payload are the bytes of a delivery: first what all checks are told of an event, which their deliveries share, then
// what is the check's own.
type Payload struct{ Event, Own []byte }

// Bytes are all of them, in a copy.
func (p Payload) Bytes() []byte { return append(bytes.Clone(p.Event), p.Own...) }

// Len is how many there are.
func (p Payload) Len() int { return len(p.Event) + len(p.Own) }

// Reader reads them.
func (p Payload) Reader() io.Reader {
	return io.MultiReader(bytes.NewReader(p.Event), bytes.NewReader(p.Own))
}

// Rendering is what is told of an event: all checks the same, but for an end that is each check's own.
type Rendering struct {
	Event []byte
	Own   func(ExternalStatusCheck) []byte
}

// Delivery is one payload on its way to one external service. Body is frozen when the event happens.
type Delivery struct {
	ID             DeliveryID
	CheckID        CheckID
	ProjectID      ProjectID
	MergeRequestID MergeRequestID
	Action         string
	URL            string
	Body           Payload
	Signature      string // lower-case hex; empty if the check has no secret
	State          DeliveryState
	CreatedAt      time.Time
	Due            time.Time
	RedeliveryOf   DeliveryID // 0 if it is none
	Leads          bool       // it is the first of those that share the bytes of its event
	Attempts       []Attempt
}

// Attempt is one try at a delivery. Either Status or Error is set.
type Attempt struct {
	At             time.Time
	Duration       time.Duration
	Method         string // of the last request, since redirects can change it
	URL            string
	RequestHeader  map[string][]string
	Status         int
	ResponseHeader map[string][]string
	ResponseBody   []byte // cut to a bound
	Error          string
}

var deliveryTable = table[Delivery]{"deliveries", []index[Delivery]{
	{"id", func(d Delivery) []byte { return key(d.ID) }},
	{"queue", func(d Delivery) []byte {
		if d.State != Queued {
			return nil
		}
		return key(d.Due)
	}},
	{"check_queue", func(d Delivery) []byte {
		if d.State != Queued {
			return nil
		}
		return key(d.CheckID, d.Due)
	}},
}}

// How much the log of deliveries holds. When it is more, the oldest go, those that are done before those that wait.
const (
	keptDeliveries     = 10_000
	deliveryBatch      = 256 // how many go at a time
	keptDeliveryBytes  = 16 << 20
	deliveryByteBatch  = keptDeliveryBytes / 16
	perDeliveryAttempt = 512 // bytes of an attempt beside its answer, about
)

// size is what a delivery adds to the log, in bytes. What it shares counts once, with the delivery that is the first to
// have it.
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

// fire tells the checks that want to hear of the merge request's target branch. The licence is not asked for: checks
// that exist go on being told after it is lost.
//
// Source: ee/app/services/ee/merge_requests/base_service.rb, ee/app/models/ee/project.rb.
func (tx *Tx) fire(e MergeRequestEvent) {
	tx.dispatchTo(e, tx.ExternalStatusChecks(e.MergeRequest.ProjectID)...)
}

func (tx *Tx) dispatchTo(e MergeRequestEvent, checks ...ExternalStatusCheck) {
	var r *Rendering
	for _, c := range checks {
		if !tx.DispatchesToBranch(c, e.MergeRequest.TargetBranch) {
			continue
		}
		d := Delivery{ProjectID: c.ProjectID, MergeRequestID: e.MergeRequest.ID, Action: e.Action, Leads: r == nil}
		var err error
		if r == nil {
			r, err = tx.render(e)
		}
		if d.CheckID, d.URL = c.ID, c.ExternalURL; err != nil {
			r, d.Attempts = nil, []Attempt{{
				At: tx.Now, URL: d.URL,
				Error: fmt.Sprintf("render the payload for check %d: %s", c.ID, err),
			}}
		} else {
			tx.freeze(&d, *r, c)
		}
		tx.queue(d)
	}
}

func (tx *Tx) render(e MergeRequestEvent) (*Rendering, error) {
	r, err := tx.state.opts.Payload(tx, e)
	if err != nil {
		return nil, err
	}
	return &r, nil
}

// freeze fixes what is sent to a check, and signs it.
func (tx *Tx) freeze(d *Delivery, r Rendering, c ExternalStatusCheck) {
	d.CheckID, d.URL, d.Signature, d.Body = c.ID, c.ExternalURL, "", Payload{r.Event, r.Own(c)}
	if c.HMAC() && tx.Has(SharedSecrets) {
		d.Signature = Signature(c.SharedSecret, d.Body)
	}
}

func (tx *Tx) queue(d Delivery) Delivery {
	id := tx.next(deliverySequence)
	d.ID, d.State, d.CreatedAt = DeliveryID(id), Queued, tx.Now
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

// boundDeliveries makes room in the log for what comes, if there is too much in it: of what is done, and if that is not
// enough of what waits.
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
	for _, d := range all[:len(all)-1] { // all but what has just come
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

// drop counts what made room in a log, and tells of it.
func (tx *Tx) drop(log Log, count sequence, dropped int) {
	if dropped == 0 {
		return
	}
	tx.sequences[count] += int64(dropped)
	if tx.state.opts.Dropped != nil {
		tx.state.opts.Dropped(log, dropped, tx.sequences[count])
	}
}

// forget takes a delivery out of the log.
func (tx *Tx) forget(d Delivery) {
	remove(tx, deliveryTable, d)
	tx.sequences[deliveryRows]--
	tx.sequences[deliveryBytes] -= d.size()
}

// DroppedDeliveries is how many deliveries made room for newer ones before they were sent.
func (tx *Tx) DroppedDeliveries() int64 { return tx.sequences[droppedDeliveries] }

// Delivery looks up a delivery.
func (tx *Tx) Delivery(id DeliveryID) (Delivery, bool) {
	return first(tx, deliveryTable, "id", key(id))
}

// Deliveries lists the deliveries that are still in the log, by id.
func (tx *Tx) Deliveries() []Delivery { return all(tx, deliveryTable, "id", nil) }

// NewestDelivery is the id of the delivery that came last; 0 if none has come.
func (tx *Tx) NewestDelivery() DeliveryID {
	d, _ := last(tx, deliveryTable, "id", nil)
	return d.ID
}

// QueuedDeliveries lists those that wait, by due time.
func (tx *Tx) QueuedDeliveries() []Delivery { return all(tx, deliveryTable, "queue", nil) }

// EachQueuedDelivery calls f for those that wait, by due time, until it returns false.
func (tx *Tx) EachQueuedDelivery(f func(Delivery) bool) { each(tx, deliveryTable, "queue", nil, f) }

// EachCheckQueued calls f for the delivery of each check that waits and is due first, until it returns false.
func (tx *Tx) EachCheckQueued(f func(Delivery) bool) {
	for from := key(CheckID(0)); ; {
		d, ok := firstFrom(tx, deliveryTable, "check_queue", from)
		if !ok || !f(d) {
			return
		}
		from = key(d.CheckID + 1)
	}
}

// DueAfter is the first due time of those that wait that is later than an instant.
func (tx *Tx) DueAfter(at time.Time) (due time.Time, ok bool) {
	d, ok := firstFrom(tx, deliveryTable, "queue", key(at.Truncate(time.Microsecond).Add(time.Microsecond)))
	return d.Due, ok
}

// SetDelivery stores how a delivery fared. It does nothing if the delivery is gone.
func (tx *Tx) SetDelivery(d Delivery) {
	if before, ok := tx.Delivery(d.ID); ok {
		insert(tx, deliveryTable, d)
		tx.sequences[deliveryBytes] += d.size() - before.size()
	}
}

// Redeliver queues the same bytes again or, with fresh, the merge request as it is now, signed with the secret of now.
// It refuses with RecordNotFound if the delivery or, with fresh, its check or merge request is gone.
func (tx *Tx) Redeliver(id DeliveryID, fresh bool) (Delivery, error) {
	d, ok := tx.Delivery(id)
	if !ok {
		return Delivery{}, refuse(RecordNotFound, "there is no delivery %d in the log", id)
	}
	if fresh {
		c, err := tx.ExternalStatusCheck(d.ProjectID, d.CheckID)
		if err != nil {
			return Delivery{}, err
		}
		mr, ok := tx.mergeRequestByID(d.MergeRequestID)
		if !ok {
			return Delivery{}, refuse(RecordNotFound, "the merge request of delivery %d is gone", id)
		}
		author, _ := tx.User(mr.AuthorID)
		r, err := tx.render(MergeRequestEvent{MergeRequest: mr, User: author, Action: d.Action})
		if err != nil {
			return Delivery{}, fmt.Errorf("render the payload for check %d: %w", c.ID, err)
		}
		tx.freeze(&d, *r, c)
	}
	d.RedeliveryOf, d.Attempts, d.Leads = id, nil, true
	return tx.queue(d), nil
}
