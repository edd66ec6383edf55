// Package journal records what happens at a mock: each call to its API and each attempt at a delivery, without secrets
// and in limited memory. It can be searched, and written as an HTTP Archive (HAR).
package journal

import (
	"encoding/json"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/control"
)

// Kind says what an entry tells of.
type Kind string

// The kinds of entries.
const (
	Call     Kind = "call"     // a request to the API
	Delivery Kind = "delivery" // an attempt at a delivery
)

// Entry is one call or one attempt at a delivery. The values of secrets are never in it.
type Entry struct {
	Number    int64  `json:"number"` // counted from 1, in the order in which the responses began
	Kind      Kind   `json:"kind"`
	Operation string `json:"operation,omitempty"` // operationId; empty where the contract has none for the path
	Release   string `json:"release"`             // that the mock was then
	Method    string `json:"method"`
	Path      string `json:"path,omitempty"` // escaped as it came, without the query; of a call only
	URL       string `json:"url,omitempty"`  // of a delivery, without its query and without a password
	// Query and Body are the parameters of a call by where they stood. What the contract does not know as a parameter
	// of the operation, and secrets, have Hidden for a value. Long texts are cut.
	Query map[string]any `json:"query,omitempty"`
	Body  map[string]any `json:"body,omitempty"`

	GraphQL []GraphQLQuery `json:"graphql,omitempty"` // of a call to GraphQL: what it asks for

	User    string `json:"user,omitempty"`    // username of the token's owner
	Token   string `json:"token,omitempty"`   // name of the token
	Address string `json:"address,omitempty"` // of a caller without a known token

	Connection   int64 `json:"connection,omitempty"`    // counted from 1; 0 where it is not known
	OnConnection int   `json:"on_connection,omitempty"` // the n-th request on its connection

	At   time.Time        `json:"at"`            // arrival, on the clock of the mock
	Real time.Time        `json:"real,omitzero"` // arrival on the clock of the machine, if that differs
	Took control.Duration `json:"took"`          // from the arrival to the response, in real time
	// SinceConnection and SinceCaller are how long before the arrival the last response to the connection and to the
	// caller began, in real time; nil for the first of them.
	SinceConnection *control.Duration `json:"since_connection,omitempty"`
	SinceCaller     *control.Duration `json:"since_caller,omitempty"`

	RequestHeaders  map[string]string `json:"request_headers,omitempty"`  // a few of them
	RequestSize     int64             `json:"request_size"`               // of the body, in bytes
	Status          int               `json:"status"`                     // 0 where no response was sent
	ResponseHeaders map[string]string `json:"response_headers,omitempty"` // a few of them
	ResponseSize    int64             `json:"response_size"`              // of the body, in bytes

	Worked bool   `json:"worked"`           // whether what was asked for was done, whatever was sent
	Reason string `json:"reason,omitempty"` // why it was refused, or why a delivery failed
	Fault  string `json:"fault,omitempty"`  // name of the fault plan that changed the response

	Attempt *Attempt `json:"attempt,omitempty"` // of a delivery only
}

// GraphQLQuery is a query of a call to GraphQL, without values.
type GraphQLQuery struct {
	Kind   string   `json:"kind,omitempty"`   // query or mutation; empty if there was nothing to run
	Name   string   `json:"name,omitempty"`   // of the operation
	Fields []string `json:"fields,omitempty"` // that it begins with
}

// Hidden stands for a value that is not kept.
const Hidden = "…"

// Attempt tells which delivery an entry is about.
type Attempt struct {
	Delivery int64 `json:"delivery"`       // its id
	Check    int64 `json:"check"`          // id of the external status check; 0 for a delivery to a webhook
	Hook     int64 `json:"hook,omitempty"` // id of the webhook
	Number   int   `json:"number"`         // counted from 1
}

// Header is a header of a Record.
type Header struct{ Name, Value string }

// Parameter is a parameter of a Record.
type Parameter struct {
	Name  string
	Value any
}

// Record is an entry with its headers and parameters in lists, which take less time and memory than maps. The maps of
// the entry itself are empty.
type Record struct {
	Entry
	Request, Response []Header
	InQuery, InBody   []Parameter
	bytes             int // its size, when it is in a journal
}

// Shown is the entry of a record, with its headers and parameters.
func (r *Record) Shown() Entry {
	e := r.Entry
	e.RequestHeaders, e.ResponseHeaders = mapOf(e.RequestHeaders, r.Request), mapOf(e.ResponseHeaders, r.Response)
	e.Query, e.Body = mapOf(e.Query, r.InQuery), mapOf(e.Body, r.InBody)
	return e
}

// pair is a Header or a Parameter.
type pair[V any] interface{ pair() (string, V) }

func (h Header) pair() (string, string) { return h.Name, h.Value }
func (p Parameter) pair() (string, any) { return p.Name, p.Value }

// mapOf is a list as a map; already is what there is of it without the list.
func mapOf[V any, P pair[V]](already map[string]V, list []P) map[string]V {
	if len(list) == 0 {
		return already
	}
	all := make(map[string]V, len(list))
	for _, p := range list {
		name, value := p.pair()
		all[name] = value
	}
	return all
}

// size is about how many bytes a record takes.
func (r *Record) size() int {
	n := r.Entry.size()
	for _, headers := range [][]Header{r.Request, r.Response} {
		for _, h := range headers {
			n += 2*overhead + len(h.Name) + len(h.Value)
		}
	}
	for _, parameters := range [][]Parameter{r.InQuery, r.InBody} {
		for _, p := range parameters {
			n += overhead + len(p.Name) + sizeOf(p.Value)
		}
	}
	return n
}

// size is about how many bytes an entry takes.
func (e *Entry) size() int {
	const bare = 500
	n := bare + sizeOf(e.Query) + sizeOf(e.Body)
	for _, text := range []string{
		e.Operation, e.Method, e.Path, e.URL, e.User, e.Token, e.Address, e.Reason, e.Fault,
	} {
		n += len(text)
	}
	for _, q := range e.GraphQL {
		n += 2*overhead + len(q.Kind) + len(q.Name)
		for _, name := range q.Fields {
			n += overhead + len(name)
		}
	}
	for _, headers := range []map[string]string{e.RequestHeaders, e.ResponseHeaders} {
		for name, value := range headers {
			n += 2*overhead + len(name) + len(value)
		}
	}
	return n
}

// overhead is about how much a value takes beside what is in it.
const overhead = 16

func sizeOf(v any) int {
	n := overhead
	switch v := v.(type) {
	case string:
		n += len(v)
	case json.Number:
		n += len(v)
	case []any:
		for _, item := range v {
			n += sizeOf(item)
		}
	case map[string]any:
		for name, item := range v {
			n += overhead + len(name) + sizeOf(item)
		}
	}
	return n
}
