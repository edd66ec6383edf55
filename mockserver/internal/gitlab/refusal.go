package gitlab

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Kind says why GitLab refuses. The HTTP layer decides which status and body that means.
type Kind int

// The kinds of refusal. A kind with more than one wording in GitLab carries its own text.
const (
	// The caller lacks the permission, and GitLab responds as if the caller were not signed in.
	Unauthorized   Kind = iota + 1
	Forbidden           // a policy refuses
	NotFound            // the thing does not exist for this caller; Text names it, as in "Project"
	RecordNotFound      // no row has this id
	Hidden              // not found, with an empty body: the caller may not respond to this check
	NotAllowed          // the check service refuses
	// The check service refuses without a status. The API then responds as if GitLab had failed.
	NotAllowedStatusless
	StaleSHA          // the SHA is not the head of the source branch; Text is the head
	Invalid           // the model's validations fail; Messages says which
	Unprocessable     // as Invalid, with one Text instead of a list
	Rejected          // as Unprocessable, in the words of the endpoint itself
	InvalidAttributes // as BadAttributes, with status 422
	BadRequest        // Text says why, after "400 Bad request - "
	BadValue          // a plain Text, or Messages, with status 400
	BadAttributes     // the model's validations fail; Attributes says which, by attribute
	LimitReached      // there are as many as there may be; Messages
	Conflict          // it exists already, or the state does not fit; Text or Messages
	MethodNotAllowed  // the merge request cannot be merged now
	ConditionFailed   // the condition of If-Unmodified-Since is false
	Moved             // the project was renamed; Text is the new path
	Broken            // GitLab raises an exception here
	TokenExpired      // the token has expired
	TokenRevoked      // the token was revoked
	InsufficientScope // the token's scopes do not allow it; Messages lists the scopes that would
)

// Refusal is the error for a request that GitLab refuses. A refused request changes nothing in the state.
type Refusal struct {
	Keeps    bool // what was done before it stays
	Kind     Kind
	Text     string
	Messages []string
	// Attributes lists the problems of each attribute of a model.
	Attributes map[string][]string
	Reason     string // for people: the rule that refused, what it expected and what it got; never a secret
}

// Error is the reason, for logs and tests. It is never sent as a body.
func (r *Refusal) Error() string { return r.Reason }

// refuse makes a refusal of a kind that needs no text of its own.
func refuse(k Kind, reason string, args ...any) *Refusal {
	return &Refusal{Kind: k, Reason: fmt.Sprintf(reason, args...)}
}

// refuseText makes a refusal whose text is part of the response.
func refuseText(k Kind, text, reason string, args ...any) *Refusal {
	return &Refusal{Kind: k, Text: text, Reason: fmt.Sprintf(reason, args...)}
}

// badAttributes makes a refusal for failed validations that are listed by attribute.
func badAttributes(problems map[string][]string) *Refusal {
	var texts []string
	for _, name := range slices.Sorted(maps.Keys(problems)) {
		texts = append(texts, name+" "+strings.Join(problems[name], ", "))
	}
	return &Refusal{Kind: BadAttributes, Attributes: problems, Reason: strings.Join(texts, "; ")}
}

// invalid makes a refusal for failed validations.
func invalid(messages []string, reason string, args ...any) *Refusal {
	return &Refusal{Kind: Invalid, Messages: messages, Reason: fmt.Sprintf(reason, args...)}
}

// keeping marks a refusal as one before which something was done that stays.
func keeping(err error) error {
	var r *Refusal
	if errors.As(err, &r) {
		r.Keeps = true
	}
	return err
}
