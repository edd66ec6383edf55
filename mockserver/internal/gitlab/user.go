package gitlab

import (
	"slices"
	"strings"
	"time"
)

// User is an account of a person, or of a bot that belongs to an access token of a project or group.
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
	CreatedByID UserID // 0 for users who signed up themselves
	CreatedAt   time.Time

	PrivateProfile bool
	NoGroups       bool // may not create top-level groups
}

var userTable = newTable([]index[User]{
	{"id", func(u User) string { return key(u.ID) }},
	{"username", func(u User) string { return key(strings.ToLower(u.Username)) }},
	{"email", func(u User) string {
		if u.Email == "" {
			return ""
		}
		return key(strings.ToLower(u.Email))
	}},
})

// User looks up an account.
func (tx *Tx) User(id UserID) (User, bool) { return first(tx, userTable, "id", key(id)) }

// UserByUsername looks up an account, ignoring case.
func (tx *Tx) UserByUsername(name string) (User, bool) {
	return first(tx, userTable, "username", key(strings.ToLower(name)))
}

// Users lists all accounts by id.
func (tx *Tx) Users() []User { return all(tx, userTable, "id", "") }

// CreateUser stores an account and its personal namespace. It refuses with Conflict if the username or the email
// address is taken.
func (tx *Tx) CreateUser(u User) (User, error) {
	if other, taken := first(tx, userTable, "email", key(strings.ToLower(u.Email))); taken {
		return User{}, refuseText(Conflict, "Email has already been taken", "the email address belongs to user %d",
			other.ID)
	}
	_, isUser := tx.UserByUsername(u.Username)
	if _, isNamespace := tx.NamespaceByPath(u.Username); isUser || isNamespace {
		return User{}, refuseText(Conflict, "Username has already been taken",
			"the username %q belongs to a user or group", u.Username)
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

// CanCreateGroup reports whether a user may create groups at the top.
func (u User) CanCreateGroup() bool { return !u.External && !u.NoGroups && !u.Bot }

// UserNamespace is the namespace of a user's own projects. Bots have none.
func (tx *Tx) UserNamespace(u User) (Namespace, bool) {
	n, ok := tx.NamespaceByPath(u.Username)
	return n, ok && n.OwnerID == u.ID
}

// HighestRole is the highest access level that a user has in any project or group.
func (tx *Tx) HighestRole(id UserID) AccessLevel {
	highest := NoAccess
	each(tx, memberTable, "user", key(id), func(m Member) bool {
		highest = max(highest, m.AccessLevel)
		return true
	})
	return highest
}

// RegisterUser creates an account. It refuses with BadAttributes for blank or malformed values, and as CreateUser does.
//
// Source: lib/api/users.rb.
func (tx *Tx) RegisterUser(u User) (User, error) {
	problems := map[string][]string{}
	if strings.TrimSpace(u.Name) == "" {
		problems["name"] = []string{"can't be blank"}
	}
	if !strings.Contains(u.Email, "@") {
		problems["email"] = []string{"is invalid"}
	}
	if !validPath(u.Username) {
		problems["username"] = []string{pathRule}
	}
	if len(problems) > 0 {
		return User{}, badAttributes(problems)
	}
	return tx.CreateUser(u)
}

// ghost is the account that becomes the author of what deleted users have written.
func (tx *Tx) ghost() User {
	if u, ok := tx.UserByUsername("ghost"); ok {
		return u
	}
	u := User{
		ID: UserID(tx.next(userSequence)), Username: "ghost", Name: "Ghost User", Email: "ghost@example.com",
		Bot: true, CreatedAt: tx.Now,
	}
	insert(tx, userTable, u)
	return u
}

// RemoveUser deletes an account. What the user wrote goes to the ghost user or, with hard, is deleted too. It refuses
// with Conflict for the only owner of a group.
//
// Source: app/services/users/destroy_service.rb, migrate_records_to_ghost_user_service.rb.
func (tx *Tx) RemoveUser(u User, hard bool) error {
	for _, m := range all(tx, memberTable, "user", key(u.ID)) {
		if m.NamespaceID != 0 && m.AccessLevel == Owner && tx.countOwners(m.NamespaceID) == 1 && !hard {
			return refuseText(Conflict, "User cannot be removed while is the sole-owner of a group",
				"user %d is the only owner of group %d", u.ID, m.NamespaceID)
		}
	}
	heir := tx.ghost()
	for _, mr := range all(tx, mergeRequestTable, "id", "") {
		if mr.AuthorID != u.ID && !slices.Contains(mr.AssigneeIDs, u.ID) && !slices.Contains(mr.ReviewerIDs, u.ID) {
			continue
		}
		if mr.AuthorID == u.ID && hard {
			tx.deleteMergeRequest(mr)
			continue
		}
		if mr.AuthorID == u.ID {
			mr.AuthorID = heir.ID
		}
		mr.AssigneeIDs, mr.ReviewerIDs = withoutUser(mr.AssigneeIDs, u.ID), withoutUser(mr.ReviewerIDs, u.ID)
		insert(tx, mergeRequestTable, mr)
	}
	for _, n := range all(tx, noteTable, "id", "") {
		if n.AuthorID == u.ID {
			n.AuthorID = heir.ID
			insert(tx, noteTable, n)
		}
	}
	tx.DeleteUser(u)
	return nil
}

func withoutUser(ids []UserID, u UserID) []UserID {
	return slices.DeleteFunc(slices.Clone(ids), func(id UserID) bool { return id == u })
}

// DeleteUser removes an account with its tokens, its memberships and the cars that it added to merge trains, and
// nothing else.
func (tx *Tx) DeleteUser(u User) {
	removeAll(tx, tokenTable, "user", key(u.ID))
	removeAll(tx, memberTable, "user", key(u.ID))
	removeAll(tx, mergeTrainCarTable, "user", key(u.ID))
	if ns, ok := tx.UserNamespace(u); ok {
		tx.DeleteGroup(u, ns)
	}
	remove(tx, userTable, u)
}
