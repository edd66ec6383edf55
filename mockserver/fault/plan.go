// Package fault holds plans of faults, for tests of clients: which calls fail, how often, before or after the work is
// done, and what the client gets instead of the response. A plan makes the same decisions for the same calls in the
// same order. Its random choices come from its seed.
package fault

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Plan is a list of faults under a name. For each call the first fault of the oldest plan that is due happens, and no
// other.
type Plan struct {
	ID     string  `json:"id"` // letters, digits, -, _ and .; empty lets the book choose one
	Seed   uint64  `json:"seed,omitempty"`
	Faults []Fault `json:"faults"`
}

// Fault is one thing that goes wrong.
type Fault struct {
	Calls Calls `json:"calls,omitzero"` // to which calls it can happen; the zero value means to all
	// Deliveries lets it happen to attempts at deliveries instead: to which ones. Delivery says what happens to them.
	Deliveries *Deliveries `json:"deliveries,omitempty"`
	Delivery   Delivery    `json:"delivery,omitempty"`
	// First is the first matching call that it happens to, counted from 1; 0 means 1.
	First int `json:"first,omitempty"`
	// Every lets it happen to each n-th matching call from First on; 0 means to each.
	Every int `json:"every,omitempty"`
	// Chance is how likely it is for each of these calls, above 0 and at most 1; 0 means certain.
	Chance float64 `json:"chance,omitempty"`
	// Times is how often it happens at most; 0 means for ever. A plan with a Fault that happened less often is not used
	// up.
	Times int       `json:"times,omitempty"`
	Until time.Time `json:"until,omitzero"` // on the clock of the mock; zero means for ever

	// After lets the call do its work first: the client gets the fault, and what it asked for has happened.
	After bool `json:"after,omitempty"`

	// Delay is before the head of the response, in real time. With Late it is how much later a delivery is due, and
	// with OutOfOrder how long it waits at most for another one, on the clock of the mock; 0 means a minute then.
	Delay Period `json:"delay,omitempty"`
	// Trickle lets the body come in pieces of a few bytes, with so much time before each, in real time.
	Trickle    Period     `json:"trickle,omitempty"`
	Response   *Response  `json:"response,omitempty"`    // in place of the real one; nil keeps that
	Headers    Headers    `json:"headers,omitzero"`      // changes of whatever response is sent
	IDsAsText  bool       `json:"ids_as_text,omitempty"` // all ids in the JSON of the response are strings
	StaleETag  bool       `json:"stale_etag,omitempty"`  // who sends an If-None-Match is told that nothing has changed
	Paging     Paging     `json:"paging,omitempty"`      // what is wrong with the headers of a page
	Connection Connection `json:"connection,omitempty"`  // what happens to the connection; empty means nothing
	// CutAfter is after how many bytes of the body the connection ends, with CutKnown and CutChunked.
	CutAfter int `json:"cut_after,omitempty"`
	// Idle is how long the connection stays open behind the response, with CloseIdle.
	Idle Period `json:"idle,omitempty"`
	// Down is how long nothing listens, with NothingListens, in real time.
	Down Period `json:"down,omitempty"`
}

// Calls says which calls a fault can happen to. All that is given must fit.
type Calls struct {
	Operation string `json:"operation,omitempty"` // operationId in the contract
	Method    string `json:"method,omitempty"`
	Path      string `json:"path,omitempty"`    // below /api/v4, with * for one segment and ** for the rest
	User      string `json:"user,omitempty"`    // username of the token's owner
	Role      string `json:"role,omitempty"`    // of that user in the project, one of Roles
	Project   string `json:"project,omitempty"` // id or full path, as the client writes it
	Page      int    `json:"page,omitempty"`    // of a list; 1 also where the client names none
	// OnConnection is the n-th request on its connection, counted from 1.
	OnConnection int `json:"on_connection,omitempty"`
}

// Roles are the roles that a plan may name.
var Roles = []string{"guest", "planner", "reporter", "developer", "maintainer", "owner", "admin"}

// Deliveries says which attempts at deliveries a fault can happen to. All that is given must fit; the zero value means
// all.
type Deliveries struct {
	Check   int64  `json:"check,omitempty"`   // id of the external status check
	Project int64  `json:"project,omitempty"` // id
	Action  string `json:"action,omitempty"`  // what happened, as in the payload
	Attempt int    `json:"attempt,omitempty"` // the n-th of each delivery, counted from 1
}

// Delivery is what happens to an attempt at a delivery.
type Delivery string

// What can happen to a delivery. What is late is overtaken by deliveries to the same check that come meanwhile.
const (
	Duplicated Delivery = "duplicated"      // it is sent twice
	Late       Delivery = "late"            // it is due later, by Delay
	OutOfOrder Delivery = "out_of_order"    // it is sent after the next one to the same check
	Lost       Delivery = "lost"            // it is never sent
	Forged     Delivery = "wrong_signature" // its signature is another one
)

// Paging is what is wrong with the headers of a page. That one is missing, Headers can say.
type Paging string

// What can be wrong with the headers of a page.
const (
	RelativeLink Paging = "relative_link" // Link has paths instead of URLs
	SamePage     Paging = "same_page"     // Link and X-Next-Page lead to the same page again
)

// Response replaces the real response.
type Response struct {
	Status int    `json:"status"`
	Reason string `json:"reason,omitempty"` // phrase of the status line; empty means the usual one
	Body   Body   `json:"body,omitempty"`   // empty means BodyGitLab
	Text   string `json:"text,omitempty"`   // the body itself, with Body empty
	Type   string `json:"type,omitempty"`   // Content-Type; empty means the usual one of the body
}

// Body is the kind of a response's body.
type Body string

// The kinds of bodies. BodyText stands for a text of the plan's own and is never written in a plan.
const (
	BodyGitLab Body = "gitlab" // {"message":"503 Service Unavailable"}, as the API puts it
	BodyNginx  Body = "nginx"  // the HTML page of the web server in front of GitLab
	BodyLogin  Body = "login"  // an HTML page that asks to sign in
	BodyEmpty  Body = "empty"  // nothing
	BodyNull   Body = "null"   // the JSON value null
)

// Headers changes the headers of a response. In values ${epoch+N} and ${date+N} stand for the mock's time and N
// seconds, in seconds since 1970 or as a date of HTTP; N may be negative. ${path} stands for the path that was called.
type Headers struct {
	Set  map[string]string `json:"set,omitempty"`
	Drop []string          `json:"drop,omitempty"`
}

// Connection is what happens to a connection instead of, or in the middle of, a response.
type Connection string

// What can happen to a connection.
const (
	Reset      Connection = "reset"       // it is reset before any byte of the response
	Close      Connection = "close"       // it is closed before any byte of the response
	CloseAfter Connection = "close_after" // it is closed behind the response, without a header that says so
	CloseIdle  Connection = "close_idle"  // it is closed a while behind the response, whatever the client sends then
	CutKnown   Connection = "cut"         // the body ends early, after a Content-Length that promises more
	CutChunked Connection = "cut_chunked" // the body ends early, without the last chunk
	Extra      Connection = "extra_bytes" // bytes follow that belong to no response
	// NothingListens resets it, and lets nothing listen at the address of the mock for the time that Down says. It is
	// for a mock without worlds beside the root, as these have the same address.
	NothingListens Connection = "nothing_listens"
)

// Connections, Fates, Pagings and Bodies are all that a plan may name.
var (
	Connections = []Connection{Reset, Close, CloseAfter, CloseIdle, CutKnown, CutChunked, Extra, NothingListens}
	Fates       = []Delivery{Duplicated, Late, OutOfOrder, Lost, Forged}
	Pagings     = []Paging{RelativeLink, SamePage}
	Bodies      = []Body{BodyGitLab, BodyNginx, BodyLogin, BodyEmpty, BodyNull}
)

// Check finds what is wrong with a plan beyond what its types say: a fault that changes nothing, bounds that cannot be
// met, and what does not go together. Each problem begins with where it is, as "faults/0/response".
func (p *Plan) Check() []string {
	var wrong []string
	if p.ID != "" && strings.Trim(p.ID, nameLetters) != "" {
		wrong = append(wrong, fmt.Sprintf("id: %q is not a valid name: use letters, digits, -, _ and .", p.ID))
	}
	if len(p.Faults) == 0 {
		wrong = append(wrong, "faults: a plan needs at least one fault")
	}
	for i := range p.Faults {
		for _, problem := range p.Faults[i].check() {
			wrong = append(wrong, fmt.Sprintf("faults/%d%s", i, problem))
		}
	}
	return wrong
}

const nameLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."

func (f *Fault) check() []string {
	var wrong []string
	add := func(where, format string, args ...any) {
		wrong = append(wrong, where+": "+fmt.Sprintf(format, args...))
	}
	if f.First < 0 || f.Every < 0 || f.Times < 0 || f.Calls.Page < 0 || f.Calls.OnConnection < 0 || f.CutAfter < 0 {
		add("", "a count cannot be negative")
	}
	if !(f.Chance >= 0 && f.Chance <= 1) {
		add("/chance", "must be above 0 and at most 1")
	}
	if f.Delay < 0 || f.Delay > LongestDelay {
		add("/delay", "must be between 0s and %s", LongestDelay)
	}
	if f.Connection != "" && !slices.Contains(Connections, f.Connection) {
		add("/connection", "%q is not one of %s", f.Connection, words(Connections))
	}
	if f.CutAfter > 0 && f.Connection != CutKnown && f.Connection != CutChunked {
		add("/cut_after", "can only be used with the connection %s or %s", CutKnown, CutChunked)
	}
	f.checkMore(add)
	if f.Response != nil {
		f.Response.check(add)
	}
	f.Headers.check(add)
	if f.idle() {
		add("", "the fault does nothing: set a response, a delay, headers, a connection or another fault")
	}
	return wrong
}

// checkMore finds what is wrong with faults of deliveries, and with what comes piece by piece.
func (f *Fault) checkMore(add func(where, format string, args ...any)) {
	if f.Calls.Role != "" && !slices.Contains(Roles, f.Calls.Role) {
		add("/calls/role", "%q is not one of %s", f.Calls.Role, words(Roles))
	}
	if f.Delivery != "" && !slices.Contains(Fates, f.Delivery) {
		add("/delivery", "%q is not one of %s", f.Delivery, words(Fates))
	}
	if f.Paging != "" && !slices.Contains(Pagings, f.Paging) {
		add("/paging", "%q is not one of %s", f.Paging, words(Pagings))
	}
	if f.Trickle < 0 || f.Trickle > LongestDelay || f.Idle < 0 || f.Idle > LongestDelay {
		add("", "trickle and idle must be between 0s and %s", LongestDelay)
	}
	if (f.Idle > 0) != (f.Connection == CloseIdle) {
		add("/idle", "is needed with the connection %s, and cannot be used without it", CloseIdle)
	}
	if f.Down < 0 || f.Down > LongestDelay {
		add("/down", "must be between 0s and %s", LongestDelay)
	}
	if (f.Down > 0) != (f.Connection == NothingListens) {
		add("/down", "is needed with the connection %s, and cannot be used without it", NothingListens)
	}
	if f.Trickle > 0 && f.Connection != "" {
		add("/trickle", "cannot be used with a connection")
	}
	if (f.Deliveries == nil) != (f.Delivery == "") {
		add("/deliveries", "deliveries and delivery are used together: which ones, and what happens to them")
	}
	waits := f.Deliveries != nil && f.Delay > 0
	if f.Delivery == Late && !waits || waits && f.Delivery != Late && f.Delivery != OutOfOrder {
		add("/delay", "is needed with the delivery %s, can be used with %s, and with no other", Late, OutOfOrder)
	}
	if other := *f; f.Deliveries != nil {
		other.Deliveries, other.Delivery, other.Delay = nil, "", 0
		if !other.idle() || other.Calls != (Calls{}) || other.After {
			add("", "a fault of deliveries cannot have settings for calls")
		}
	}
}

// Answers reports whether a response comes, the real one or another.
func (f *Fault) Answers() bool {
	return f.Connection != Reset && f.Connection != Close && f.Connection != NothingListens
}

// idle reports whether the fault changes nothing.
func (f *Fault) idle() bool {
	return f.Delivery == "" && f.Trickle == 0 && !f.StaleETag && f.Paging == "" && f.Response == nil &&
		f.Delay == 0 && f.Connection == "" && !f.IDsAsText && len(f.Headers.Set) == 0 &&
		len(f.Headers.Drop) == 0
}

func (h *Headers) check(add func(where, format string, args ...any)) {
	for _, name := range slices.Sorted(maps.Keys(h.Set)) {
		if name == "" || strings.Trim(name, headerLetters) != "" {
			add("/headers/set", "%q is not a valid header name", name)
		}
		if strings.ContainsFunc(h.Set[name], func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
			add("/headers/set", "the value of %s contains a line break or another control character", name)
		}
	}
}

// headerLetters are the characters of a header's name in RFC 9110, 5.6.2.
const headerLetters = nameLetters + "!#$%&'*+^`|~"

func (r *Response) check(add func(where, format string, args ...any)) {
	if r.Status < 200 || r.Status > 599 {
		add("/response/status", "must be from 200 to 599")
	}
	if r.Body != "" && !slices.Contains(Bodies, r.Body) {
		add("/response/body", "%q is not one of %s", r.Body, words(Bodies))
	}
	if r.Body != "" && r.Text != "" {
		add("/response", "give body or text, not both")
	}
	if strings.ContainsAny(r.Reason+r.Type, "\r\n\x00") {
		add("/response", "reason and type cannot contain line breaks or NUL bytes")
	}
}

func words[T ~string](list []T) string {
	var texts []string
	for _, word := range list {
		texts = append(texts, string(word))
	}
	return strings.Join(texts, ", ")
}

// LongestDelay is how long a response can be held back.
const LongestDelay = Period(10 * time.Minute)

// Period is a length of time that is written as Go writes it: 300ms, 1m15s.
type Period time.Duration

// String is the length as it is written.
func (p Period) String() string { return time.Duration(p).String() }

// MarshalText writes the length.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads a length.
func (p *Period) UnmarshalText(text []byte) error {
	length, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is not a duration; write it as 300ms or 1m15s", text)
	}
	*p = Period(length)
	return nil
}
