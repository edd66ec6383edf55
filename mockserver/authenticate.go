package mockserver

import (
	"net/http"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// authenticate identifies the caller. It refuses, in this order: a token that is unknown, revoked or expired, or that
// lacks the scope; a user who is blocked; a caller without a token where the operation requires one.
//
// Source: lib/gitlab/auth/auth_finders.rb, lib/api/api_guard.rb.
func (c *call) authenticate(tx *gitlab.Tx, o operation) error {
	secret, given := c.credentials()
	if !given {
		if c.visitor != 0 {
			c.actor.User, _ = tx.User(c.visitor)
			return nil
		}
		if o.anonymous {
			return nil
		}
		reason := "no token: give one as PRIVATE-TOKEN, Authorization: Bearer or private_token"
		if c.request.Header.Get("Job-Token") != "" {
			reason = "a CI job token does not open this endpoint; give a personal, project or OAuth token"
		}
		return &gitlab.Refusal{Kind: gitlab.Unauthorized, Reason: reason}
	}
	t, known := tx.TokenBySecret(secret)
	u, _ := tx.User(t.UserID)
	switch {
	case !known || t.Kind == gitlab.JobToken:
		return &gitlab.Refusal{Kind: gitlab.Unauthorized, Reason: "the token is not known here"}
	case t.Revoked:
		return &gitlab.Refusal{Kind: gitlab.TokenRevoked, Reason: "the token was revoked"}
	case t.Expired(tx.Now):
		return &gitlab.Refusal{Kind: gitlab.TokenExpired, Reason: "the token expired on " +
			t.ExpiresOn.Format("2006-01-02")}
	case !t.Allows(c.scopes(o)...):
		return &gitlab.Refusal{
			Kind: gitlab.InsufficientScope, Messages: c.scopes(o),
			Reason: "the token has the scopes " + strings.Join(t.Scopes, ", "),
		}
	case u.Blocked:
		return &gitlab.Refusal{
			Kind: gitlab.Forbidden, Text: "Your account has been blocked.",
			Reason: "the user is blocked",
		}
	}
	c.actor = gitlab.Actor{User: u, Token: t}
	if t.TokenUseIsStale(tx.Now) {
		c.staleUse = t.ID
	}
	return nil
}

// The scopes that are sufficient for any operation, and for those that only read.
var (
	anyScopes  = []string{"api"}
	readScopes = []string{"api", "read_api"}
)

func (c *call) scopes(o operation) []string {
	scopes := anyScopes
	if isRead(c.op.Method) {
		scopes = readScopes
	}
	if len(o.scopes) == 0 {
		return scopes
	}
	return slices.Concat(scopes, o.scopes)
}

// credentials returns the token that the caller presents. It looks in the places where GitLab looks, in the same order.
func (c *call) credentials() (string, bool) {
	if t := c.request.Header.Get("Private-Token"); t != "" {
		return t, true
	}
	if t, ok := c.query["private_token"].(string); ok && t != "" {
		return t, true
	}
	if t, ok := bearer(c.request); ok {
		return t, true
	}
	t, ok := c.query["access_token"].(string)
	return t, ok && t != ""
}

func bearer(r *http.Request) (string, bool) {
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(token), ok && strings.EqualFold(scheme, "Bearer")
}
