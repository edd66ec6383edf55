// Package control contains the Go values that a mock returns about itself. The methods of mockserver.Server return
// them. The control surface writes them as JSON, and a program that uses a mock over HTTP can decode that JSON into
// them.
package control

import (
	"net/http"
	"time"
)

// Duration is a time.Duration that JSON shows as text, such as 2m1s.
type Duration struct{ time.Duration }

// MarshalText writes the duration as Go does.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText parses a duration such as 2m1s.
func (d *Duration) UnmarshalText(text []byte) (err error) {
	d.Duration, err = time.ParseDuration(string(text))
	return err
}

// ClockMode is the mode of a clock.
type ClockMode string

// The modes of a clock.
const (
	RealClock   ClockMode = "real"   // shows the time of Options.Now
	OffsetClock ClockMode = "offset" // runs as fast, but is ahead or behind
	FrozenClock ClockMode = "frozen" // stands still until it is set or advanced
)

// Clock is the present time of the world's clock, and its mode.
type Clock struct {
	Mode   ClockMode `json:"mode"`
	Now    time.Time `json:"now"`
	Offset Duration  `json:"offset"` // how far the clock is ahead or, if negative, behind; 0 unless Mode is OffsetClock
}

// Licence says who has Ultimate, which includes external status checks.
type Licence struct {
	Licensed bool             `json:"licensed"` // whether the instance has it
	Projects []ProjectLicence `json:"projects"` // the projects that differ from the instance
}

// ProjectLicence is the licence of a project that differs from the instance.
type ProjectLicence struct {
	ID       int64 `json:"id"`
	Licensed bool  `json:"licensed"`
}

// SHARequirement says whether a merge by API must name the commit. GitLab has this setting since 19.2.
type SHARequirement struct {
	Required   bool                      `json:"required"`   // whether the instance requires it
	Locked     bool                      `json:"locked"`     // groups and projects cannot choose otherwise
	Namespaces []NamespaceSHARequirement `json:"namespaces"` // those with a setting of their own
}

// NamespaceSHARequirement is the setting of one group, or of one user's own namespace.
type NamespaceSHARequirement struct {
	ID       int64  `json:"id"`
	FullPath string `json:"full_path"`
	Required *bool  `json:"required"` // nil means the same as the group above it or the instance
	Locked   bool   `json:"locked"`   // groups and projects below it cannot choose otherwise
}

// WriteMode says whether requests can change data.
type WriteMode string

// The modes of writing.
const (
	WritingAllowed     WriteMode = "allowed"     // all changes are possible
	WritingMaintenance WriteMode = "maintenance" // no changes, because GitLab is under maintenance
	WritingReadOnly    WriteMode = "read_only"   // no changes, because the database is read-only
)

// Writing says whether requests can change data, and which message they get if they cannot.
type Writing struct {
	Mode    WriteMode `json:"mode"`
	Message string    `json:"message"`
}

// RateLimits are the rate limits that are on, with what was counted in their present windows.
type RateLimits struct {
	Limits  []RateLimit  `json:"limits"`
	Windows []RateWindow `json:"windows"`
}

// RateLimit is how many requests a caller may send in a period.
type RateLimit struct {
	Name     string   `json:"name"` // as GitLab calls it
	Requests int      `json:"requests"`
	Period   Duration `json:"period"` // of whole seconds
}

// RateWindow is what was counted of a caller.
type RateWindow struct {
	Name      string    `json:"name"` // of the limit
	Key       string    `json:"key"`  // user:ID, or an address
	Observed  int       `json:"observed"`
	Remaining int       `json:"remaining"`
	Ends      time.Time `json:"ends"`
}

// NoteKind says what a ClientNote is about.
type NoteKind string

// What is noted of clients.
const (
	NoteUnknownParameter NoteKind = "unknown_parameter" // the operation does not have it
	NoteCoerced          NoteKind = "coerced"           // a value of another type, of which GitLab makes one
	NoteNoList           NoteKind = "no_list"           // what is to be a list and is none, and counts as empty
	NoteRepeated         NoteKind = "repeated"          // given more than once, so that a value is lost
	NoteBodyUnread       NoteKind = "body_unread"       // a body where GitLab reads none
	NoteDeprecated       NoteKind = "deprecated"        // GitLab tells clients to use something else
)

// ClientNotes are what clients did that GitLab takes in silence and the contract does not know.
type ClientNotes struct {
	Notes   []ClientNote `json:"notes"`   // in the order in which each was seen first
	Dropped int64        `json:"dropped"` // calls of which something was not noted, as there are too many notes
}

// ClientNote is one such thing that a caller did, however often. It holds no value that the caller sent.
type ClientNote struct {
	Kind      NoteKind  `json:"kind"`
	Operation string    `json:"operation"`           // operationId
	Parameter string    `json:"parameter,omitempty"` // empty where it is about none
	Message   string    `json:"message"`
	User      string    `json:"user,omitempty"`    // username of the token's owner
	Token     string    `json:"token,omitempty"`   // name of the token
	Address   string    `json:"address,omitempty"` // of a caller without a known token
	Count     int       `json:"count"`             // how many calls it was seen in
	FirstAt   time.Time `json:"first_at"`
	LastAt    time.Time `json:"last_at"`
}

// Release is the GitLab release that the mock behaves as.
type Release struct {
	Version string   `json:"version"`
	Oldest  string   `json:"oldest"`  // the oldest release that the mock can behave as
	Newest  string   `json:"newest"`  // the newest release that the mock can behave as
	Changes []string `json:"changes"` // the changes of GitLab that are in effect, by the names of mockserver.History
}

// Feature is a feature flag.
type Feature struct {
	Name       string `json:"name"`
	Enabled    bool   `json:"enabled"`    // whether what it governs is on
	Switchable bool   `json:"switchable"` // whether the release has the flag
	Default    bool   `json:"default"`    // its default
	Since      string `json:"since"`      // first release with the flag
	Removed    string `json:"removed"`    // first release without it
	What       string `json:"what"`       // what it governs
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

// Delivery is one webhook delivery to one external service.
type Delivery struct {
	ID              int64         `json:"id"`
	CheckID         int64         `json:"check_id"` // 0 for a delivery to a webhook
	HookID          int64         `json:"hook_id"`  // the webhook that gets it; 0 for a delivery to a check
	Event           string        `json:"event"`    // of a webhook: the header X-Gitlab-Event; empty for a check
	ProjectID       int64         `json:"project_id"`
	MergeRequestID  int64         `json:"merge_request_id"`
	MergeRequestIID int64         `json:"merge_request_iid"`
	Action          string        `json:"action"` // the event, as in the payload; empty for a retry
	URL             string        `json:"url"`
	State           DeliveryState `json:"state"`
	CreatedAt       time.Time     `json:"created_at"`
	Due             time.Time     `json:"due"`           // when the next attempt is due, or the last one was
	RedeliveryOf    *int64        `json:"redelivery_of"` // the id of the delivery that it repeats
	Signature       string        `json:"signature"`     // lower-case hex; empty if the check has no secret
	Body            string        `json:"body"`          // the exact bytes that are sent
	Attempts        []Attempt     `json:"attempts"`
}

// Attempt is one attempt at a delivery. Either Status or Error is set.
type Attempt struct {
	At              time.Time   `json:"at"`
	Duration        Duration    `json:"duration"`
	Method          string      `json:"method"` // of the last request, because redirects can change it
	URL             string      `json:"url"`    // of the last request
	RequestHeaders  http.Header `json:"request_headers"`
	Status          int         `json:"status"` // 0 if there was no response
	ResponseHeaders http.Header `json:"response_headers"`
	ResponseBody    string      `json:"response_body"` // the beginning of the body
	Error           string      `json:"error"`
}

// Job is a background job of GitLab that has not run yet.
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
	Stored     bool           `json:"stored"` // false for an event that GitLab only streams
	CreatedAt  time.Time      `json:"created_at"`
}

// Surprise is a request that matches no operation of the contract.
type Surprise struct {
	Method  string    `json:"method"`
	Path    string    `json:"path"` // as the client sent it, without the query
	At      time.Time `json:"at"`
	Nearest []string  `json:"nearest"` // operations that the client may have meant, the nearest first
}
