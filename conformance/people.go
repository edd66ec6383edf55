package conformance

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/conformance/scenario"
)

// owner makes the user who owns projects of which the administrator is no member.
func (p *projects) owner(ctx context.Context) (identity, error) {
	return p.newUser(ctx, "statuschecks-"+p.run, "$TOKEN_USER")
}

// newUser makes a user with a personal access token; only an administrator may. In reports the token goes by a label.
func (p *projects) newUser(ctx context.Context, name, label string) (identity, error) {
	if err := p.ledger.intend("user", name); err != nil {
		return identity{}, err
	}
	a, id, err := p.maker.create(ctx, "make a user", p.creator.token, "createUser", map[string]any{
		"username": name, "name": name, "email": name + "@example.com", "force_random_password": true,
		"skip_confirmation": true,
	})
	if err != nil {
		p.ledger.refused(ledgerEntry{Kind: "user", Name: name}, err)
		return identity{}, err
	}
	made := identity{userID: id}
	if err := p.ledger.add(entryFor("user", id, "", name).at(a)); err != nil {
		return identity{}, err
	}
	expires := p.maker.t.clock()
	if created, err := time.Parse(time.RFC3339, a.text("created_at")); err == nil {
		expires = created
	}
	a, err = p.maker.make(ctx, errand{
		"make a personal access token for the user", p.creator.token,
		"createPersonalAccessToken",
		map[string]any{
			"user_id": made.userID, "name": name, "scopes": []any{"api"}, "expires_at": expires.AddDate(0, 0, 7).
					Format(time.DateOnly),
		},
	})
	if err != nil {
		return identity{}, err
	}
	made.token = a.text("token")
	p.maker.t.secrets.add(made.token, label)
	return made, nil
}

// newMemberRole makes a custom role and gives its id.
func (p *projects) newMemberRole(ctx context.Context, name string, given scenario.MemberGiven) (int64, error) {
	with := map[string]any{"name": name, "base_access_level": given.Role.AccessLevel()}
	for _, ability := range given.Abilities {
		with[ability] = true
	}
	if err := p.ledger.intend("member_role", name); err != nil {
		return 0, err
	}
	_, id, err := p.maker.create(ctx, "make the custom role "+name, p.creator.token, "createMemberRole", with)
	if err != nil {
		p.ledger.refused(ledgerEntry{Kind: "member_role", Name: name}, err)
		return 0, err
	}
	return id, p.ledger.add(entryFor("member_role", id, "", name))
}

// members makes the people whom the scenario is given. What is removed later is removed in the reverse of the order
// here: a custom role goes when nobody has it any more.
func (f *fixture) members(ctx context.Context) error {
	for _, given := range f.scenario.Given.Members {
		if err := f.member(ctx, given); err != nil {
			return err
		}
	}
	return nil
}

func (f *fixture) member(ctx context.Context, given scenario.MemberGiven) error {
	people := f.suite.projects
	name := "statuschecks-" + people.run + "-" + slug(f.scenario.ID, scenario.MaxID) + "-" +
		strings.ReplaceAll(given.Key, "_",
			"-")
	with := map[string]any{"id": f.project.id, "access_level": given.Role.AccessLevel()}
	if len(given.Abilities) > 0 {
		role, err := people.newMemberRole(ctx, name, given)
		if err != nil {
			return err
		}
		f.removeLater("member_role", role)
		with["member_role_id"] = role
	}
	who, err := people.newUser(ctx, name, "$TOKEN_"+strings.ToUpper(given.Key))
	if err != nil {
		return err
	}
	f.removeLater("user", who.userID)
	f.vars["member."+given.Key+".id"], f.vars["member."+given.Key+".token"] = who.userID, who.token
	with["user_id"] = strconv.FormatInt(who.userID, 10)
	if given.Group {
		return f.inGroup(ctx, given, name, with)
	}
	if _, err := f.make(ctx, "make "+name+" a member", "createProjectMember", with); err != nil {
		return err
	}
	return f.keepThing(entryFor("project_member", who.userID, f.project.number(), name))
}

// inGroup makes somebody a member of a group that has nothing to do with the project.
func (f *fixture) inGroup(ctx context.Context, given scenario.MemberGiven, name string, with map[string]any) error {
	group, err := f.suite.projects.makeGroup(ctx, name+"-group", 0)
	if err != nil {
		return err
	}
	f.removeLater("group", group.id)
	f.vars["member."+given.Key+".group_id"] = group.id
	with["id"] = group.id
	_, err = f.maker.make(ctx, errand{
		"make " + name + " a member of the group", f.suite.projects.creator.token,
		"createGroupMember", with,
	})
	return err
}
