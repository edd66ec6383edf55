package gitlab

import (
	"strings"
	"time"
)

// User is an account: a person's or, for an access token of a project or group, a bot's.
type User struct {
	ID          UserID
	Username    string
	Name        string
	Email       string
	PublicEmail string // empty means that it is not shown
	Admin       bool
	External    bool // external users do not see internal projects
	Bot         bool
	Blocked     bool
	CreatedAt   time.Time
}

var userTable = table[User]{"users", []index[User]{
	{"id", func(u User) []byte { return key(u.ID) }},
	{"username", func(u User) []byte { return key(strings.ToLower(u.Username)) }},
}}

// User looks up an account.
func (tx *Tx) User(id UserID) (User, bool) { return first(tx, userTable, "id", key(id)) }

// UserByUsername looks up an account, without regard to case.
func (tx *Tx) UserByUsername(name string) (User, bool) {
	return first(tx, userTable, "username", key(strings.ToLower(name)))
}

// Users lists all accounts by id.
func (tx *Tx) Users() []User { return all(tx, userTable, "id", nil) }

// CreateUser stores an account and its personal namespace. It refuses with Conflict if the username or the email address is taken.
func (tx *Tx) CreateUser(u User) (User, error) {
	if _, taken := tx.NamespaceByPath(u.Username); taken {
		return User{}, refuseText(Conflict, "Username has already been taken", "the username %q belongs to a user or group", u.Username)
	}
	for _, other := range tx.Users() {
		if u.Email != "" && strings.EqualFold(other.Email, u.Email) {
			return User{}, refuseText(Conflict, "Email has already been taken", "the email address belongs to user %d", other.ID)
		}
	}
	u.ID = UserID(tx.given(userSequence, int64(u.ID)))
	if u.CreatedAt.IsZero() {
		u.CreatedAt = tx.Now
	}
	insert(tx, userTable, u)
	if !u.Bot {
		tx.insertNamespace(Namespace{Kind: UserNamespace, Name: u.Name, Path: u.Username, OwnerID: u.ID})
	}
	return u, nil
}

// DeleteUser removes an account with its tokens and memberships.
func (tx *Tx) DeleteUser(u User) {
	removeAll(tx, tokenTable, "user", key(u.ID))
	removeAll(tx, memberTable, "user", key(u.ID))
	if ns, ok := tx.NamespaceByPath(u.Username); ok && ns.OwnerID == u.ID {
		tx.DeleteGroup(ns)
	}
	remove(tx, userTable, u)
}
