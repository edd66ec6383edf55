// Package control has what a mock tells of itself, as Go values: the methods of mockserver.Server return them, and the
// control surface writes them as JSON, which a program that reaches a mock over HTTP can read into them.
package control

import (
	"net/http"
	"time"
)

// Duration is a time.Duration that JSON has as text, such as 2m1s.
type Duration struct{ time.Duration }

// MarshalText writes it as Go does.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads it.
func (d *Duration) UnmarshalText(text []byte) (err error) {
	d.Duration, err = time.ParseDuration(string(text))
	return err
}

// ClockMode says how a clock goes.
type ClockMode string

// The ways in which a clock goes.
const (
	RealClock   ClockMode = "real"   // shows the time of Options.Now
	OffsetClock ClockMode = "offset" // goes as fast, but ahead or behind
	FrozenClock ClockMode = "frozen" // stands until it is set or advanced
)

// Clock is the time of the world.
type Clock struct {
	Mode   ClockMode `json:"mode"`
	Now    time.Time `json:"now"`
	Offset Duration  `json:"offset"` // how far it is ahead or, if negative, behind; 0 unless the mode is OffsetClock
}

// Licence says who has Ultimate, and with it external status checks.
type Licence struct {
	Licensed bool             `json:"licensed"` // the instance
	Projects []ProjectLicence `json:"projects"` // those that do not follow the instance
}

// ProjectLicence is the licence of a project that does not follow the instance.
type ProjectLicence struct {
	ID       int64 `json:"id"`
	Licensed bool  `json:"licensed"`
}

// SHARequirement says whether a merge by API must name the commit, which it can since 19.2.
type SHARequirement struct {
	Required   bool                      `json:"required"`   // the instance
	Locked     bool                      `json:"locked"`     // what is below the instance cannot choose otherwise
	Namespaces []NamespaceSHARequirement `json:"namespaces"` // those that chose for themselves
}

// NamespaceSHARequirement is what a group, or a user's own namespace, chose for itself.
type NamespaceSHARequirement struct {
	ID       int64  `json:"id"`
	FullPath string `json:"full_path"`
	Required *bool  `json:"required"` // nil means as what is above
	Locked   bool   `json:"locked"`   // what is below cannot choose otherwise
}

// WriteMode says whether anything can be changed.
type WriteMode string

// What can be changed.
const (
	WritingAllowed     WriteMode = "allowed"     // everything
	WritingMaintenance WriteMode = "maintenance" // nothing, as GitLab is under maintenance
	WritingReadOnly    WriteMode = "read_only"   // nothing, as its database can only be read
)

// Writing says whether anything can be changed, and what is said where it cannot.
type Writing struct {
	Mode    WriteMode `json:"mode"`
	Message string    `json:"message"`
}

// Release is the release that the world is.
type Release struct {
	Version string   `json:"version"`
	Oldest  string   `json:"oldest"`  // that it can be
	Newest  string   `json:"newest"`  // that it can be
	Changes []string `json:"changes"` // of GitLab's history that it does, by the names of mockserver.History
}

// Feature is a feature flag.
type Feature struct {
	Name       string `json:"name"`
	Enabled    bool   `json:"enabled"`    // whether what it governs is on
	Switchable bool   `json:"switchable"` // whether the release has the flag
	Default    bool   `json:"default"`    // how it was shipped
	Since      string `json:"since"`      // first release with the flag
	Removed    string `json:"removed"`    // first release without it
	What       string `json:"what"`       // what it governs
}

// DeliveryState says how far a delivery has come.
type DeliveryState string

// The states of a delivery.
const (
	Queued    DeliveryState = "queued"    // waits for its time, or for a free worker
	Delivered DeliveryState = "delivered" // the service answered, whatever it said
	Blocked   DeliveryState = "blocked"   // the address may not be called; GitLab says nothing
	GaveUp    DeliveryState = "gave_up"   // no answer after all attempts
)

// Delivery is one webhook on its way to one external service.
type Delivery struct {
	ID              int64         `json:"id"`
	CheckID         int64         `json:"check_id"`
	ProjectID       int64         `json:"project_id"`
	MergeRequestID  int64         `json:"merge_request_id"`
	MergeRequestIID int64         `json:"merge_request_iid"`
	Action          string        `json:"action"` // what happened, as in the payload; empty for a retry
	URL             string        `json:"url"`
	State           DeliveryState `json:"state"`
	CreatedAt       time.Time     `json:"created_at"`
	Due             time.Time     `json:"due"`           // when the next attempt is due, or the last one was
	RedeliveryOf    *int64        `json:"redelivery_of"` // the delivery that it repeats
	Signature       string        `json:"signature"`     // lower-case hex; empty if the check has no secret
	Body            string        `json:"body"`          // the exact bytes that are sent
	Attempts        []Attempt     `json:"attempts"`
}

// Attempt is one try at a delivery. Either Status or Error is set.
type Attempt struct {
	At              time.Time   `json:"at"`
	Duration        Duration    `json:"duration"`
	Method          string      `json:"method"` // of the last request, since redirects can change it
	URL             string      `json:"url"`    // of the last request
	RequestHeaders  http.Header `json:"request_headers"`
	Status          int         `json:"status"` // 0 when there was no answer
	ResponseHeaders http.Header `json:"response_headers"`
	ResponseBody    string      `json:"response_body"` // the beginning of it
	Error           string      `json:"error"`
}

// Job is something that GitLab does in the background when it is due.
type Job struct {
	ID             int64     `json:"id"`
	Kind           string    `json:"kind"`
	Due            time.Time `json:"due"`
	CreatedAt      time.Time `json:"created_at"`
	UserID         int64     `json:"user_id,omitempty"`
	ProjectID      int64     `json:"project_id,omitempty"`
	MergeRequestID int64     `json:"merge_request_id,omitempty"`
	CheckID        int64     `json:"check_id,omitempty"`
	ResponseID     int64     `json:"response_id,omitempty"`
	SHA            string    `json:"sha,omitempty"`
	Branch         string    `json:"branch,omitempty"`
	OldSHA         string    `json:"old_sha,omitempty"`
	NewSHA         string    `json:"new_sha,omitempty"`
	Action         string    `json:"action,omitempty"`
}

// AuditEvent is an entry of GitLab's audit log.
type AuditEvent struct {
	ID         int64          `json:"id"`
	Name       string         `json:"name"`
	ProjectID  int64          `json:"project_id"`
	AuthorID   int64          `json:"author_id"` // 0 for the system
	AuthorName string         `json:"author_name"`
	TargetID   int64          `json:"target_id"`
	TargetName string         `json:"target_name"`
	Message    string         `json:"message"`
	Change     string         `json:"change,omitempty"` // the attribute that changed
	From       string         `json:"from,omitempty"`
	To         string         `json:"to,omitempty"`
	Details    map[string]any `json:"details,omitempty"`
	Stored     bool           `json:"stored"` // false for what GitLab only streams
	CreatedAt  time.Time      `json:"created_at"`
}

// Surprise is a request that no operation of the contract stands for.
type Surprise struct {
	Method  string    `json:"method"`
	Path    string    `json:"path"` // as it came, without the query
	At      time.Time `json:"at"`
	Nearest []string  `json:"nearest"` // operations that may have been meant, the nearest first
}
