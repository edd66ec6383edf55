package pages

import (
	"time"

	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/journal"
)

// Workbench is what the workbench shows of a world.
type Workbench interface {
	Clock() control.Clock
	// Inbox is a part of the deliveries that fit a filter, the newest first.
	Inbox(filter DeliveryFilter) Inbox
	// Delivery is one delivery. It reports false if it is not in the log.
	Delivery(id int64) (Delivery, bool)
	Journal(filter journal.Filter) journal.Page
	// Archive is the journal as an HTTP Archive.
	Archive(filter journal.Filter) journal.HAR
	FaultPlans() []FaultPlan
	// Worlds are those beside the one at the root. A world has none.
	Worlds() []control.World
	Snapshots() []control.Snapshot
	Tokens() []Token
	Notes() control.ClientNotes
}

// DeliveryFilter says which deliveries are meant. All that is given must fit.
type DeliveryFilter struct {
	Text                         string // in the URL, the body, the signature or the action
	State                        control.DeliveryState
	Check, Project, MergeRequest int64 // the last is its number in the project
	Skip, Limit                  int
}

// Inbox is a part of the deliveries.
type Inbox struct {
	Deliveries []DeliveryLine
	Fitting    int   // how many fit
	All        int   // how many there are
	Dropped    int64 // how many are gone to make room
	Next       int64 // the number of the next entry in the journal
}

// DeliveryLine is a delivery in a list.
type DeliveryLine struct {
	ID                  int64
	Check, Project, URL string
	MergeRequest        int64
	Action              string // empty for a retry
	State               control.DeliveryState
	CreatedAt           time.Time
	Attempts, Status    int    // the status of the last answer; 0 if there was none
	Problem             string // why the last attempt got no answer
	Took                time.Duration
	Redelivery          bool
}

// answer is the status of the last answer, or how it stands without one.
func (l DeliveryLine) answer() string { return statusOr(l.Status, string(l.State)) }

// tries says how often it was tried, and how long the last attempt took.
func (l DeliveryLine) tries() string {
	if l.Attempts == 0 {
		return counted(0, "attempt")
	}
	return counted(l.Attempts, "attempt") + ", " + took(l.Took)
}

// Delivery is a delivery with all that is known of it.
type Delivery struct {
	control.Delivery
	Check, Project string
	Secret         SecretState
	Payload        any // the body, as orderedjson reads it; nil if it is none
}

// SecretState says how a signature stands to the secret that a check has now.
type SecretState string

// The states of a secret.
const (
	NoSecret      SecretState = ""        // the delivery is not signed
	PresentSecret SecretState = "present" // signed with the secret that the check has now
	FormerSecret  SecretState = "former"  // signed with another one, or the check is gone
)

// FaultPlan is a plan of what is to go wrong.
type FaultPlan struct {
	ID, JSON string
	UsedUp   bool
}

// Token is a token of somebody. Secret is empty where only a digest of it is kept.
type Token struct {
	control.Token
	Username, Secret string
}

func (t Token) state() string {
	switch {
	case t.Revoked:
		return "revoked"
	case t.Active:
		return "active"
	}
	return "expired"
}
