package mockserver

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// readUser is a scope that suffices to read about the instance and about users.
var readUser = []string{"read_user"}

var userOperations = map[string]operation{
	"getVersion":     {run: getVersion, scopes: readUser},
	"getMetadata":    {run: getMetadata, scopes: readUser},
	"getCurrentUser": {run: getCurrentUser, scopes: readUser},
	"listUsers":      {run: listUsers, scopes: readUser, anonymous: true},
	"createUser":     {run: createUser},
	"getUser":        {run: getUser, scopes: readUser, anonymous: true},
	"deleteUser":     {run: deleteUser},
}

// metadata is what an instance says about itself.
//
// Source: lib/api/metadata.rb.
type metadata struct {
	Version    string `json:"version"`
	Revision   string `json:"revision"`
	KAS        *kas   `json:"kas,omitempty"`
	Enterprise *bool  `json:"enterprise,omitempty"`
}

type kas struct {
	Enabled             bool    `json:"enabled"`
	ExternalURL         *string `json:"externalUrl"`
	ExternalK8sProxyURL *string `json:"externalK8sProxyUrl"`
	Version             *string `json:"version"`
}

func presentVersion(tx *gitlab.Tx) metadata {
	return metadata{Version: fullVersion(tx), Revision: "statuschecks"}
}

// fullVersion is the version with its patch and the edition.
func fullVersion(tx *gitlab.Tx) string {
	return fmt.Sprintf("%s.%d-ee", tx.Version(), tx.Version().SettledPatch())
}

func getVersion(c *call, tx *gitlab.Tx) (reply, error) {
	if tx.Has(gitlab.VersionIsMetadata) {
		return getMetadata(c, tx)
	}
	return ok(presentVersion(tx))
}

func getMetadata(c *call, tx *gitlab.Tx) (reply, error) {
	e := presentVersion(tx)
	e.KAS, e.Enterprise = &kas{}, dated(tx, gitlab.MetadataHasEdition, true)
	return ok(e)
}

func getCurrentUser(c *call, tx *gitlab.Tx) (reply, error) {
	return ok(presentCurrentUser(tx, c.actor))
}

func listUsers(c *call, tx *gitlab.Tx) (reply, error) {
	if c.actor.Anonymous() && c.params.text("username") == "" {
		return reply{}, &gitlab.Refusal{
			Kind: gitlab.Forbidden, Text: "Not authorized to access /api/v4/users",
			Reason: "without an account users can only be asked for by username",
		}
	}
	users := kept(tx.Users(), c.choosesUser)
	users = inOrder(c, users, func(u gitlab.User) int64 { return int64(u.ID) }, map[string]func(a, b gitlab.User) int{
		"name":       func(a, b gitlab.User) int { return strings.Compare(a.Name, b.Name) },
		"username":   func(a, b gitlab.User) int { return strings.Compare(a.Username, b.Username) },
		"created_at": func(a, b gitlab.User) int { return a.CreatedAt.Compare(b.CreatedAt) },
	})
	return listed(c, tx, users, func(u gitlab.User) userEntity { return presentUserInList(tx, c.actor, u) })
}

// choosesUser reports whether a user passes the filters in the request. Only administrators find users by email
// address, which must match exactly.
func (c *call) choosesUser(u gitlab.User) bool {
	p, search := c.params, c.params.text("search")
	found := mentions(search, u.Name, u.Username) || strings.EqualFold(search, u.PublicEmail) ||
		(c.actor.Admin() && strings.EqualFold(search, u.Email))
	username := p.text("username")
	switch {
	case search != "" && !found, username != "" && !strings.EqualFold(username, u.Username):
		return false
	case p.flag("active") && u.Blocked, p.flag("blocked") && !u.Blocked, p.flag("external") && !u.External:
		return false
	case p.flag("humans") && u.Bot, p.flag("without_project_bots") && u.Bot:
		return false
	}
	return p.between(u.CreatedAt, "created_after", "created_before")
}

// administrators refuses callers who are not administrators.
func (c *call) administrators() error {
	if !c.actor.Admin() {
		return denied("%s is for administrators", c.op.ID)
	}
	return nil
}

func createUser(c *call, tx *gitlab.Tx) (reply, error) {
	if err := c.administrators(); err != nil {
		return reply{}, err
	}
	u, err := tx.RegisterUser(gitlab.User{
		Username: c.params.text("username"), Name: c.params.text("name"), Email: c.params.text("email"),
		Admin:    c.params.flag("admin"),
		External: c.params.flag("external"), PrivateProfile: c.params.flag("private_profile"),
		CreatedByID: c.actor.User.ID,
		NoGroups:    c.params.has("can_create_group") && !c.params.flag("can_create_group"),
	})
	if err != nil {
		return reply{}, err
	}
	return created(presentUserInList(tx, c.actor, u))
}

// findUser looks up the user whose id is in a parameter.
func (c *call) findUser(tx *gitlab.Tx, parameter string) (gitlab.User, error) {
	u, ok := tx.User(gitlab.UserID(c.params.number(parameter)))
	if !ok {
		return u, missing("User", "there is no user %d", c.params.number(parameter))
	}
	return u, nil
}

func getUser(c *call, tx *gitlab.Tx) (reply, error) {
	if c.actor.Anonymous() {
		return reply{}, &gitlab.Refusal{
			Kind: gitlab.Forbidden, Text: "Not authorized!",
			Reason: "looking at a user needs an account",
		}
	}
	u, err := c.findUser(tx, "id")
	if err != nil {
		return reply{}, err
	}
	return ok(presentUserAlone(tx, c.actor, u))
}

func deleteUser(c *call, tx *gitlab.Tx) (reply, error) {
	if err := c.administrators(); err != nil {
		return reply{}, err
	}
	u, err := c.findUser(tx, "id")
	if err != nil {
		return reply{}, err
	}
	if err := c.unmodified(u.CreatedAt); err != nil {
		return reply{}, err
	}
	if err := tx.RemoveUser(u, c.params.flag("hard_delete")); err != nil {
		return reply{}, err
	}
	return noContent()
}

// compareNames compares text ignoring case, and equal text by its bytes.
func compareNames(a, b string) int {
	return cmp.Or(strings.Compare(strings.ToLower(a), strings.ToLower(b)), strings.Compare(a, b))
}
