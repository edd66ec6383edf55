package gitlab

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"
)

// TokenKind says what kind of account a token belongs to.
type TokenKind string

// The kinds of token.
const (
	PersonalToken TokenKind = "personal"
	ProjectToken  TokenKind = "project"
	OAuthToken    TokenKind = "oauth"
	JobToken      TokenKind = "job"
)

// Token is an access token. Only a digest of its secret is stored.
type Token struct {
	ID          TokenID
	Kind        TokenKind
	UserID      UserID
	ProjectID   ProjectID // of a project access token, else 0
	AccessLevel AccessLevel
	Name        string
	Description string
	Digest      [sha256.Size]byte
	Scopes      []string
	CreatedAt   time.Time
	LastUsedAt  time.Time // zero until it is used
	ExpiresOn   time.Time // midnight UTC at the start of the first day on which it is no longer valid; zero means never
	Revoked     bool
}

// Expired reports whether the token is past its last valid day.
func (t Token) Expired(now time.Time) bool { return !t.ExpiresOn.IsZero() && !now.Before(t.ExpiresOn) }

// Active reports whether the token can be used.
func (t Token) Active(now time.Time) bool { return !t.Revoked && !t.Expired(now) }

// Allows reports whether the token has one of the given scopes.
func (t Token) Allows(scopes ...string) bool {
	return slices.ContainsFunc(t.Scopes, func(s string) bool { return slices.Contains(scopes, s) })
}

var tokenTable = newTable([]index[Token]{
	{"id", func(t Token) string { return key(t.ID) }},
	{"digest", func(t Token) string { return key(string(t.Digest[:])) }},
	{"user", func(t Token) string { return key(t.UserID) }},
	{"project", func(t Token) string {
		if t.Kind != ProjectToken {
			return ""
		}
		return key(t.ProjectID)
	}},
})

// TokenDigest is the digest of a token's secret, which the state stores instead of the secret.
func TokenDigest(secret string) [sha256.Size]byte { return sha256.Sum256([]byte(secret)) }

// TokenBySecret looks up a token by the secret that a caller sent.
func (tx *Tx) TokenBySecret(secret string) (Token, bool) {
	digest := TokenDigest(secret)
	return first(tx, tokenTable, "digest", key(string(digest[:])))
}

// Token looks up a token.
func (tx *Tx) Token(id TokenID) (Token, bool) { return first(tx, tokenTable, "id", key(id)) }

// UserTokens lists a user's personal tokens by id.
func (tx *Tx) UserTokens(id UserID) []Token {
	return slices.DeleteFunc(all(tx, tokenTable, "user", key(id)),
		func(t Token) bool { return t.Kind != PersonalToken })
}

// ProjectTokens lists a project's access tokens by id.
func (tx *Tx) ProjectTokens(id ProjectID) []Token { return all(tx, tokenTable, "project", key(id)) }

// CreateToken stores a token and returns it with its secret: the given one or, if that is empty, a new one. The secret
// cannot be read again.
func (tx *Tx) CreateToken(t Token, secret string) (Token, string) {
	t.ID = TokenID(tx.given(tokenSequence, int64(t.ID)))
	if t.CreatedAt.IsZero() {
		t.CreatedAt = tx.Now
	}
	if secret == "" {
		secret = tx.secret("glpat-")
	}
	t.Digest = TokenDigest(secret)
	insert(tx, tokenTable, t)
	return t, secret
}

// RevokeToken revokes a token. Revoking a project access token also removes its bot's membership.
func (tx *Tx) RevokeToken(t Token) {
	t.Revoked = true
	insert(tx, tokenTable, t)
	if t.Kind == ProjectToken {
		removeAll(tx, memberTable, "user", key(t.UserID))
	}
}

// usedInterval is the age at which the recorded time of a token's last use must be updated.
const usedInterval = 10 * time.Minute

// TokenUseIsStale reports whether the recorded time of the token's last use must be updated.
func (t Token) TokenUseIsStale(now time.Time) bool {
	return t.LastUsedAt.IsZero() || now.Sub(t.LastUsedAt) >= usedInterval
}

// UseToken records that the token was used now.
func (tx *Tx) UseToken(id TokenID) {
	if t, ok := tx.Token(id); ok {
		t.LastUsedAt = tx.Now
		insert(tx, tokenTable, t)
	}
}

// secret makes a new, unique token secret. It is derived from a counter, so that a run can be repeated. This is safe,
// because a mock's tokens protect nothing.
func (tx *Tx) secret(prefix string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "statuschecks secret %d", tx.next(secretSequence)))
	return prefix + strings.NewReplacer("-", "x", "_", "y").Replace(base64.RawURLEncoding.EncodeToString(sum[:15]))
}

// CreateProjectToken makes an access token for a project, and its bot user: a member with the token's access level.
func (tx *Tx) CreateProjectToken(p Project, t Token) (Token, string, error) {
	n := tx.next(secretSequence)
	sum := sha256.Sum256(fmt.Appendf(nil, "statuschecks bot %d", n))
	username := fmt.Sprintf("project_%d_bot_%x", p.ID, sum[:16])
	bot, err := tx.CreateUser(User{
		Username: username, Name: t.Name, Email: username + "@noreply.example.com",
		Bot: true,
	})
	if err != nil {
		return Token{}, "", err
	}
	tx.SetMember(Member{ProjectID: p.ID, UserID: bot.ID, AccessLevel: t.AccessLevel})
	t.Kind, t.UserID, t.ProjectID = ProjectToken, bot.ID, p.ID
	stored, secret := tx.CreateToken(t, "")
	return stored, secret, nil
}
