package gitlab

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Kind says why GitLab refuses. What it is called in HTTP is the business of the one who presents it.
type Kind int

// The kinds of refusal. Those that GitLab words in more than one way carry their own text.
const (
	// the caller is not allowed to do it, and GitLab says so as if it were not signed in
	Unauthorized   Kind = iota + 1
	Forbidden           // a policy says no
	NotFound            // there is no such thing for this caller; Text names it, as in "Project"
	RecordNotFound      // a row was looked up by id and is not there
	Hidden              // not found, without a word: the caller may not respond to this check
	NotAllowed          // the check service says no
	// the check service says no, without a status: the API then answers as if it had broken
	NotAllowedStatusless
	StaleSHA          // the SHA is not the head of the source branch; Text is the head
	Invalid           // the rules of a model are broken; Messages says which
	Unprocessable     // as Invalid, with one Text instead of a list
	BadRequest        // Text says why, after "400 Bad request - "
	BadValue          // a plain Text, or Messages, with status 400
	BadAttributes     // the rules of a model are broken; Attributes says which, by attribute
	Conflict          // it exists already, or the state does not fit; Text or Messages
	MethodNotAllowed  // the merge request cannot be merged now
	ConditionFailed   // If-Unmodified-Since does not hold
	Moved             // the project was renamed; Text is the new path
	Broken            // GitLab raises an exception here
	TokenExpired      // the token's last day is over
	TokenRevoked      // the token was revoked
	InsufficientScope // the token's scopes do not allow it; Messages are the scopes that would
)

// Refusal is a request that GitLab turns down. It leaves no trace in the state.
type Refusal struct {
	Kind     Kind
	Text     string
	Messages []string
	// Attributes are the problems of each attribute of a model.
	Attributes map[string][]string
	Reason     string // for people: the rule that refused, what it expected and what it got; never a secret
}

// Error is the reason, for logs and tests; it is never sent as a body.
func (r *Refusal) Error() string { return r.Reason }

// refuse makes a refusal of a kind that needs no text of its own.
func refuse(k Kind, reason string, args ...any) *Refusal {
	return &Refusal{Kind: k, Reason: fmt.Sprintf(reason, args...)}
}

// refuseText makes a refusal whose text is part of the answer.
func refuseText(k Kind, text, reason string, args ...any) *Refusal {
	return &Refusal{Kind: k, Text: text, Reason: fmt.Sprintf(reason, args...)}
}

// badAttributes makes a refusal for broken model rules that are told by attribute.
func badAttributes(problems map[string][]string) *Refusal {
	var texts []string
	for _, name := range slices.Sorted(maps.Keys(problems)) {
		texts = append(texts, name+" "+strings.Join(problems[name], ", "))
	}
	return &Refusal{Kind: BadAttributes, Attributes: problems, Reason: strings.Join(texts, "; ")}
}

// invalid makes a refusal for broken model rules.
func invalid(messages []string, reason string, args ...any) *Refusal {
	return &Refusal{Kind: Invalid, Messages: messages, Reason: fmt.Sprintf(reason, args...)}
}
