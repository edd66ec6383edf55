package mockserver

import (
	"slices"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

var memberOperations = map[string]operation{
	"listProjectMembers":    inProject(gitlab.ReadProject, listProjectMembers),
	"listAllProjectMembers": inProject(gitlab.ReadProject, listAllProjectMembers),
	"getProjectMember":      inProject(gitlab.ReadProject, getProjectMember),
	"createProjectMember":   inProject(gitlab.AdminProjectMember, createProjectMember),
	"updateProjectMember":   inProject(gitlab.ReadProject, updateProjectMember),
	"deleteProjectMember":   inProject(gitlab.ReadProject, deleteProjectMember),
}

// listMembers shows the members who pass the filters in the request.
func (c *call) listMembers(tx *gitlab.Tx, members []gitlab.Member) (reply, error) {
	p := c.params
	members = kept(members, func(m gitlab.Member) bool {
		u, exists := tx.User(m.UserID)
		wanted := !p.has("user_ids") || slices.Contains(p.numbers("user_ids"), int64(u.ID))
		return exists && wanted && mentions(p.text("query"), u.Name, u.Username) &&
			!slices.Contains(p.numbers("skip_users"), int64(u.ID)) &&
			p.text("state") != "awaiting"
	})
	return listed(c, tx, members, func(m gitlab.Member) memberEntity {
		return presentMember(tx, c.actor, m, p.flag("show_seat_info"))
	})
}

func listProjectMembers(c *call, tx *gitlab.Tx) (reply, error) {
	return c.listMembers(tx, tx.ProjectMembers(c.project.ID))
}

func listAllProjectMembers(c *call, tx *gitlab.Tx) (reply, error) {
	return c.listMembers(tx, tx.AllProjectMembers(c.project))
}

func getProjectMember(c *call, tx *gitlab.Tx) (reply, error) {
	m, err := c.findMember(tx)
	if err != nil {
		return reply{}, err
	}
	return ok(presentMember(tx, c.actor, m, false))
}

// findMember looks up the direct member of the project whom the path names.
func (c *call) findMember(tx *gitlab.Tx) (gitlab.Member, error) {
	m, found := tx.ProjectMember(c.project.ID, gitlab.UserID(c.params.number("user_id")))
	if !found {
		return m, &gitlab.Refusal{Kind: gitlab.RecordNotFound, Reason: "the user is not a direct member of the project"}
	}
	return m, nil
}

func createProjectMember(c *call, tx *gitlab.Tx) (reply, error) {
	return c.addMembers(tx, gitlab.Member{ProjectID: c.project.ID})
}

// addedMembers is the response if the request named several users.
type addedMembers struct {
	Status string `json:"status"`
}

// addMembers gives the requested role to the users whom the request names by username or id.
func (c *call) addMembers(tx *gitlab.Tx, m gitlab.Member) (reply, error) {
	if err := c.wantsDay("expires_at"); err != nil {
		return reply{}, err
	}
	m.AccessLevel, m.ExpiresOn = gitlab.AccessLevel(c.params.number("access_level")), c.params.instant("expires_at")
	m.MemberRoleID = gitlab.MemberRoleID(c.params.number("member_role_id"))
	names := strings.Split(c.params.text("user_id"), ",")
	if c.params.text("user_id") == "" {
		names = []string{c.params.text("username")}
	}
	var last gitlab.Member
	for _, name := range names {
		u, found := c.namedUser(tx, strings.TrimSpace(name))
		if !found {
			return reply{}, missing("User", "there is no user %q", name)
		}
		m.UserID = u.ID
		added, err := tx.AddMember(c.actor, m)
		if err != nil {
			return reply{}, err
		}
		last = added
	}
	if len(names) > 1 {
		return created(addedMembers{"success"})
	}
	return created(presentMember(tx, c.actor, last, false))
}

func (c *call) namedUser(tx *gitlab.Tx, name string) (gitlab.User, bool) {
	if c.params.text("user_id") == "" {
		return tx.UserByUsername(name)
	}
	id, err := strconv.ParseInt(name, 10, 64)
	if err != nil {
		return gitlab.User{}, false
	}
	return tx.User(gitlab.UserID(id))
}

func updateProjectMember(c *call, tx *gitlab.Tx) (reply, error) {
	if err := c.wantsDay("expires_at"); err != nil {
		return reply{}, err
	}
	before, err := c.findMember(tx)
	if err != nil {
		return reply{}, err
	}
	m := before
	m.AccessLevel, m.MemberRoleID = gitlab.AccessLevel(c.params.number("access_level")),
		gitlab.MemberRoleID(c.params.number("member_role_id"))
	if c.params.has("expires_at") {
		m.ExpiresOn = c.params.instant("expires_at")
	}
	if m, err = tx.ChangeMember(c.actor, before, m); err != nil {
		return reply{}, err
	}
	return ok(presentMember(tx, c.actor, m, false))
}

func deleteProjectMember(c *call, tx *gitlab.Tx) (reply, error) {
	m, err := c.findMember(tx)
	if err != nil {
		return reply{}, err
	}
	if err := tx.DismissMember(c.actor, m); err != nil {
		return reply{}, err
	}
	return noContent()
}
