package gitlab

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"
)

func TestToken_expiresAtMidnight(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		token   Token
		at      time.Time
		expired bool
		active  bool
	}{
		{Token{}, day.AddDate(1000, 0, 0), false, true},
		{Token{ExpiresOn: day}, day.Add(-time.Microsecond), false, true},
		{Token{ExpiresOn: day}, day, true, false},
		{Token{Revoked: true}, day, false, false},
		{Token{ExpiresOn: day, Revoked: true}, day, true, false},
	} {
		assert.Equal(t, tc.token.Expired(tc.at), tc.expired, "%+v", tc)
		assert.Equal(t, tc.token.Active(tc.at), tc.active, "%+v", tc)
	}
}

func TestToken_isFoundByItsSecretAndNotStoredWithIt(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	var given, made Token
	var secret string
	s.do(func(tx *Tx) {
		given, _ = tx.CreateToken(Token{Kind: PersonalToken, UserID: s.users["developer"], Scopes: []string{"api"}},
			"glpat-developer")
		made, secret = tx.CreateToken(Token{
			Kind: PersonalToken, UserID: s.users["developer"],
			Scopes: []string{"read_api"},
		}, "")
	})
	assert.Assert(t, strings.HasPrefix(secret, "glpat-") && len(secret) == len("glpat-")+20, secret)
	s.see(func(tx *Tx) {
		for text, want := range map[string]TokenID{"glpat-developer": given.ID, secret: made.ID} {
			found, ok := tx.TokenBySecret(text)
			assert.Assert(t, ok)
			assert.Equal(t, found.ID, want)
		}
		_, ok := tx.TokenBySecret("glpat-develope")
		assert.Assert(t, !ok)
		_, ok = tx.TokenBySecret("")
		assert.Assert(t, !ok)
		assert.Equal(t, len(tx.UserTokens(s.users["developer"])), 2)
		assert.Assert(t, given.Allows("api", "read_api") && made.Allows("api", "read_api") && !made.Allows("api"))
	})
	for table, rows := range everything(t, s.state) {
		for _, row := range rows {
			assert.Assert(t, !strings.Contains(row, secret) && !strings.Contains(row, "glpat-developer"),
				"%s holds a secret", table)
		}
	}
}

func TestToken_lastUseIsUpdatedEveryTenMinutes(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	var token Token
	s.do(func(tx *Tx) {
		token, _ = tx.CreateToken(Token{Kind: PersonalToken, UserID: s.users["developer"]}, "")
		assert.Assert(t, token.TokenUseIsStale(tx.Now))
		tx.UseToken(token.ID)
		tx.UseToken(9999)
		token, _ = tx.Token(token.ID)
	})
	assert.Equal(t, token.LastUsedAt, epoch)
	assert.Assert(t, !token.TokenUseIsStale(epoch.Add(usedInterval-time.Microsecond)))
	assert.Assert(t, token.TokenUseIsStale(epoch.Add(usedInterval)))
}

func TestProjectToken_standsForABot(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	var token Token
	s.do(func(tx *Tx) {
		var err error
		token, _, err = tx.CreateProjectToken(s.projectIn(tx), Token{
			Name: "ci", AccessLevel: Developer,
			Scopes: []string{"api"},
		})
		assert.NilError(t, err)
		bot, ok := tx.User(token.UserID)
		assert.Assert(t, ok)
		assert.Assert(t, bot.Bot && strings.HasPrefix(bot.Username, fmt.Sprintf("project_%d_bot_", s.project)), "%+v",
			bot)
		s.users["bot"] = bot.ID
		assert.Equal(t, len(tx.ProjectTokens(s.project)), 1)
	})
	assert.NilError(t, s.respond("bot", Failed))
	assert.NilError(t, s.retry("bot"))
	_, err := s.create("bot", changeOf("a", "http://a"))
	assert.Equal(t, outcome(t, err), "statusless")
	s.do(func(tx *Tx) { tx.RevokeToken(token) })
	assert.Equal(t, outcome(t, s.respond("bot", Passed)), "forbidden")
	s.see(func(tx *Tx) {
		revoked, _ := tx.Token(token.ID)
		assert.Assert(t, !revoked.Active(tx.Now))
	})
}
