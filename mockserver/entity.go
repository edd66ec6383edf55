package mockserver

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// timestamp is an instant as GitLab's API writes it: in UTC, with milliseconds.
type timestamp time.Time

// newTimestamp returns nil, which is written as null, for the zero time.
func newTimestamp(t time.Time) *timestamp {
	if t.IsZero() {
		return nil
	}
	ts := timestamp(t)
	return &ts
}

// MarshalJSON writes the instant in GitLab's form.
func (t timestamp) MarshalJSON() ([]byte, error) {
	return time.Time(t).UTC().AppendFormat(make([]byte, 0, 32), `"2006-01-02T15:04:05.000Z"`), nil
}

// orNull returns nil, which is written as null, for the zero value.
func orNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// userBasic is a user as other entities show it.
type userBasic struct {
	ID          gitlab.UserID `json:"id"`
	Username    string        `json:"username"`
	PublicEmail string        `json:"public_email"`
	Name        string        `json:"name"`
	State       string        `json:"state"`
	Locked      bool          `json:"locked"`
	AvatarURL   string        `json:"avatar_url"`
	WebURL      string        `json:"web_url"`
}

// presentUser returns nil, which is written as null, if there is no such user.
func presentUser(tx *gitlab.Tx, id gitlab.UserID) *userBasic {
	u, ok := tx.User(id)
	if !ok {
		return nil
	}
	return &userBasic{
		ID: u.ID, Username: u.Username, PublicEmail: u.PublicEmail, Name: u.Name, State: userState(u),
		AvatarURL: avatarURL(tx, u.Email), WebURL: tx.BaseURL() + "/" + u.Username,
	}
}

func userState(u gitlab.User) string {
	if u.Blocked {
		return "blocked"
	}
	return "active"
}

// avatarURL is the address of an image that gravatar.com has for an email address.
//
// Source: app/services/gravatar_service.rb, config/initializers/1_settings.rb.
func avatarURL(tx *gitlab.Tx, email string) string {
	const plain, secure, after = "https://www.gravatar.com/avatar/", "https://secure.gravatar.com/avatar/",
		"?s=80&d=identicon"
	before := plain
	if strings.HasPrefix(tx.BaseURL(), "https:") {
		before = secure
	}
	text := make([]byte, 0, len(secure)+2*sha256.Size+len(after))
	if key := []byte(strings.ToLower(email)); tx.Has(gitlab.HashesAvatarsBySHA) {
		sum := sha256.Sum256(key)
		text = hex.AppendEncode(append(text, before...), sum[:])
	} else {
		sum := md5.Sum(key)
		text = hex.AppendEncode(append(text, before...), sum[:])
	}
	return string(append(text, after...))
}

// presentAll presents each row of a list; an empty list is written as [].
func presentAll[R, E any](rows []R, present func(R) E) []E {
	list := make([]E, len(rows))
	for i, row := range rows {
		list[i] = present(row)
	}
	return list
}
