package gitlab

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
)

// MergeRequestEvent is something that happened to a merge request and is told to external services.
type MergeRequestEvent struct {
	MergeRequest MergeRequest
	User         User
	Action       string // open, update, close, reopen, merge, approved, approval, unapproved, unapproval; empty for a retry
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

// Delivery is one payload on its way to one external service. Body is frozen when the event happens.
type Delivery struct {
	ID             DeliveryID
	CheckID        CheckID
	ProjectID      ProjectID
	MergeRequestID MergeRequestID
	Action         string
	URL            string
	Body           []byte
	Signature      string // lower-case hex; empty if the check has no secret
	State          DeliveryState
	CreatedAt      time.Time
	Due            time.Time
	RedeliveryOf   DeliveryID // 0 if it is none
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
}}

// keptDeliveries is how many deliveries the log holds at least. The oldest that are done make room for new ones, deliveryBatch at a time.
const (
	keptDeliveries = 10_000
	deliveryBatch  = 256
)

// Signature signs a body as GitLab does: HMAC-SHA256 in lower-case hexadecimal digits.
func Signature(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// fire tells the checks that want to hear of the merge request's target branch. The licence is not asked for: checks that exist go on
// being told after it is lost.
//
// Source: ee/app/services/ee/merge_requests/base_service.rb, ee/app/models/ee/project.rb.
func (tx *Tx) fire(e MergeRequestEvent) {
	for _, c := range tx.ExternalStatusChecks(e.MergeRequest.ProjectID) {
		tx.dispatchTo(e, c)
	}
}

func (tx *Tx) dispatchTo(e MergeRequestEvent, c ExternalStatusCheck) {
	if !tx.DispatchesToBranch(c, e.MergeRequest.TargetBranch) {
		return
	}
	d := Delivery{ProjectID: c.ProjectID, MergeRequestID: e.MergeRequest.ID, Action: e.Action}
	if err := tx.render(&d, e, c); err != nil {
		d.Attempts = []Attempt{{At: tx.Now, URL: d.URL, Error: err.Error()}}
	}
	tx.queue(d)
}

// render freezes what is sent to a check.
func (tx *Tx) render(d *Delivery, e MergeRequestEvent, c ExternalStatusCheck) error {
	d.CheckID, d.URL, d.Signature = c.ID, c.ExternalURL, ""
	body, err := tx.state.opts.Payload(tx, e, c)
	if err != nil {
		return fmt.Errorf("render the payload for check %d: %w", c.ID, err)
	}
	d.Body = body
	if c.HMAC() && tx.Has(SharedSecrets) {
		d.Signature = Signature(c.SharedSecret, body)
	}
	return nil
}

func (tx *Tx) queue(d Delivery) Delivery {
	id := tx.next(deliverySequence)
	d.ID, d.State, d.CreatedAt = DeliveryID(id), Queued, tx.Now
	if len(d.Attempts) > 0 { // there is nothing to send
		d.State = GaveUp
	}
	d.Due = tx.Now.Add(tx.state.opts.Lag.of(id, 0)).Truncate(time.Microsecond)
	insert(tx, deliveryTable, d)
	if d.ID%deliveryBatch == 0 {
		for _, old := range whileBefore(tx, deliveryTable, key(d.ID-keptDeliveries)) {
			if old.State != Queued {
				remove(tx, deliveryTable, old)
			}
		}
	}
	return d
}

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

// SetDelivery stores how a delivery fared. It does nothing if the delivery is gone.
func (tx *Tx) SetDelivery(d Delivery) {
	if _, ok := tx.Delivery(d.ID); ok {
		insert(tx, deliveryTable, d)
	}
}

// Redeliver queues the same bytes again or, with fresh, the merge request as it is now, signed with the secret of now. It refuses with
// RecordNotFound if the delivery or, with fresh, its check or merge request is gone.
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
		if err := tx.render(&d, MergeRequestEvent{MergeRequest: mr, User: author, Action: d.Action}, c); err != nil {
			return Delivery{}, err
		}
	}
	d.RedeliveryOf, d.Attempts = id, nil
	return tx.queue(d), nil
}
