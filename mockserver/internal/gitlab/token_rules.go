package gitlab

import (
	"strings"
	"time"
)

// tokenLifetime is the longest validity of a token, in days.
const tokenLifetime = 365

// IssuePersonalToken makes a personal access token for a user. Without a day of expiry it gets the latest day that is
// allowed. It refuses with Unprocessable for values that do not fit.
//
// Source: app/services/personal_access_tokens/create_service.rb.
func (tx *Tx) IssuePersonalToken(t Token) (Token, string, error) {
	if t.ExpiresOn.IsZero() {
		t.ExpiresOn = tx.lastExpiry()
	}
	if problem := tx.tokenProblem(t); problem != "" {
		return Token{}, "", refuseText(Unprocessable, problem, "%s", problem)
	}
	t.Kind = PersonalToken
	stored, secret := tx.CreateToken(t, "")
	return stored, secret, nil
}

// IssueProjectToken makes an access token for a project, and its bot. It refuses with BadRequest, in this order: an
// actor who may not make one, a role above the actor's own, a missing day of expiry, other values that do not fit.
//
// Source: app/services/resource_access_tokens/create_service.rb.
func (tx *Tx) IssueProjectToken(a Actor, p Project, t Token) (Token, string, error) {
	if !tx.Can(a, ManageResourceAccessTokens, p) || a.User.Bot {
		return Token{}, "", refuseText(BadRequest, "User does not have permission to create project access token",
			"creating a project access token needs %s (Maintainer), and not a bot", ManageResourceAccessTokens)
	}
	if !tx.holds(a, p, t.AccessLevel) {
		return Token{}, "", refuseText(BadRequest, "Access level of the token contains permissions not held by the "+
			"creating user", "access level %d is not below the caller's own", t.AccessLevel)
	}
	if t.ExpiresOn.IsZero() {
		return Token{}, "", refuseText(BadRequest, "expires_at is missing",
			"a project access token needs a day of expiry")
	}
	if problem := tx.tokenProblem(t); problem != "" {
		return Token{}, "", refuseText(BadRequest, problem, "%s", problem)
	}
	return tx.CreateProjectToken(p, t)
}

// holds reports whether an actor's role has all permissions of another role. Planner and Security Manager have some
// that other roles lack. So only an Owner, or somebody with the same role, can give these roles to a token.
func (tx *Tx) holds(a Actor, p Project, level AccessLevel) bool {
	own := tx.Role(p, a.User.ID).AccessLevel
	if a.Admin() || own == Owner || own == level {
		return true
	}
	return level != Planner && level != SecurityManager && level <= own
}

func (tx *Tx) tokenProblem(t Token) string {
	switch {
	case strings.TrimSpace(t.Name) == "":
		return "Name can't be blank"
	case len(t.Scopes) == 0:
		return "Scopes can't be blank"
	case t.ExpiresOn.After(tx.lastExpiry()):
		return "Expiration date must be before " + tx.lastExpiry().AddDate(0, 0, 1).Format(time.DateOnly)
	}
	return ""
}

// lastExpiry is the latest day of expiry that a token may get now.
func (tx *Tx) lastExpiry() time.Time {
	return tx.Now.Truncate(24*time.Hour).AddDate(0, 0, tokenLifetime)
}

// WithdrawPersonalToken revokes one of the actor's own tokens or, for administrators, any token. It refuses with
// RecordNotFound, and with BadRequest for somebody else's token.
//
// Source: lib/api/personal_access_tokens.rb, app/services/personal_access_tokens/revoke_service.rb.
func (tx *Tx) WithdrawPersonalToken(a Actor, id TokenID) error {
	t, ok := tx.Token(id)
	if !ok {
		return refuse(RecordNotFound, "there is no token %d", id)
	}
	if t.UserID != a.User.ID && !a.Admin() {
		return refuse(BadRequest, "the token is somebody else's")
	}
	tx.RevokeToken(t)
	return nil
}

// Tokens lists all tokens by id.
func (tx *Tx) Tokens() []Token { return all(tx, tokenTable, "id", "") }

// WithdrawProjectToken revokes a project access token. It refuses with BadRequest if the actor may not do that.
//
// Source: app/services/resource_access_tokens/revoke_service.rb.
func (tx *Tx) WithdrawProjectToken(a Actor, p Project, t Token) error {
	if !tx.Can(a, ManageResourceAccessTokens, p) {
		bot, _ := tx.User(t.UserID)
		return refuseText(BadRequest, a.User.Name+" cannot delete "+bot.Name,
			"revoking a project access token needs %s (Maintainer)", ManageResourceAccessTokens)
	}
	tx.RevokeToken(t)
	return nil
}
