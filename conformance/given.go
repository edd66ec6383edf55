package conformance

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/conformance/scenario"
)

// What a run lacks when it works in a project that was given.
const (
	ownProject   = "own project"
	otherProject = "other project"
	ownTokens    = "own tokens"

	noOwnProject    = "it needs a project of its own, and with a given project none is made"
	noAdminsProject = "it needs a project of somebody else's, and with a given project none is made"
	noOtherProject  = "it needs a second project, and none is given"
	noTokensMade    = "it needs access tokens of its own making, and where tokens are given the run makes " +
		"none but those of roles without one"
	noDelivery = "no delivery reached "
	noIdentity = "no identity of the role "
	noReceiver = "there is no receiver for deliveries"
	noAdmin    = "the token given is not an administrator's"
)

// givenParts is what stands on the target before the run and is used instead of made: projects and people's tokens.
type givenParts struct {
	project string // to work in; empty means to make projects
	other   string // whose members are strangers to the project
	tokens  map[scenario.Role]string
}

// adopt takes a project that stands already. Nothing in it is touched: scenarios work on a branch of the run's own,
// which they know as main.
func (p *projects) adopt(ctx context.Context, path string) (*project, error) {
	a, err := p.maker.make(ctx, errand{
		"read the project " + path, p.creator.token, "getProject",
		map[string]any{"id": path},
	})
	var refused *fixtureError
	switch {
	case errors.As(err, &refused) && refused.Err == nil:
		return nil, trouble(NoPermission, nil, "the project %s cannot be read: %v. Check its path, and that the "+
			"token's owner is a member of it.", path, err)
	case err != nil:
		return nil, err
	case a.text("default_branch") == "":
		return nil, trouble(NoPermission, nil, "the project %s has no branch yet; push a first commit to it.", path)
	case a.member("archived") == true:
		return nil, trouble(NoPermission, nil, "the project %s is archived, so nothing can be changed in it; give "+
			"another.", path)
	}
	id := a.integer("id")
	if id < 1 {
		return nil, fmt.Errorf("read the project %s: the answer has no id that is a positive integer", path)
	}
	on := &project{
		id: id, path: a.text("path_with_namespace"), visibility: a.text("visibility"),
		defaultBranch: a.text("default_branch"),
		given:         true, prefix: "statuschecks-" + p.run + "-", creator: p.creator, created: p.maker.t.clock(),
		identities: map[scenario.Role]*once[identity]{},
	}
	if now, err := http.ParseTime(a.header.Get("Date")); err == nil {
		on.created = now
	}
	on.main = on.prefix + "main"
	if err := p.ledger.add(entryFor(givenProject, on.id, "", on.path)); err != nil {
		return nil, err
	}
	return on, p.ownMain(ctx, on)
}

// ownMain makes the protected branch that stands in for the default branch.
func (p *projects) ownMain(ctx context.Context, on *project) error {
	id := on.number()
	with := map[string]any{"id": on.id, "branch": on.main, "ref": on.defaultBranch}
	if _, err := p.maker.make(ctx, errand{
		"make the branch " + on.main, on.creator.token, "createBranch",
		with,
	}); err != nil {
		return p.notEnough(on, err)
	}
	if err := p.ledger.add(ledgerEntry{Kind: "branch", ID: on.main, In: id}); err != nil {
		return err
	}
	_, branch, err := p.maker.create(ctx, "protect "+on.main, on.creator.token, "createProtectedBranch",
		map[string]any{"id": on.id, "name": on.main})
	if err != nil {
		return p.notEnough(on, err)
	}
	on.branchID = branch
	return p.ledger.add(ledgerEntry{Kind: "protected_branch", ID: on.main, In: id})
}

func (p *projects) notEnough(on *project, err error) error {
	var refused *fixtureError
	if errors.As(err, &refused) && refused.Err == nil {
		switch refused.exchange.Status {
		case http.StatusMethodNotAllowed, http.StatusNotImplemented:
			return trouble(NoPermission, nil, "the server does not do what scenarios need: %v. Every scenario needs "+
				"this operation.", err)
		}
		return trouble(NoPermission, nil, "the token may not do in %s what scenarios need: %v. Give the token of a "+
			"maintainer or an owner of the project.", on.path, err)
	}
	return err
}

// person finds out whose a token given by hand is.
func (p *projects) person(ctx context.Context, role scenario.Role) (identity, error) {
	token := p.handed.tokens[role]
	a, err := p.maker.make(ctx, errand{
		"ask who the " + string(role) + " is", token, "getCurrentUser",
		map[string]any{},
	})
	var refused *fixtureError
	if errors.As(err, &refused) && refused.Err == nil {
		return identity{}, trouble(BadToken, nil, "the token given for the role %s is not taken: %v. Give one with "+
			"the scope api that is neither expired nor revoked.", role, err)
	}
	return identity{token: token, userID: a.integer("id")}, err
}

// handedMember is the owner of a token given by hand, made a member of the run's own projects. In a given project the
// owner must be one already, as the suite changes nothing there.
func (p *projects) handedMember(ctx context.Context, on *project, level, role scenario.Role) (identity, error) {
	who, err := p.person(ctx, role)
	if err != nil {
		return identity{}, err
	}
	if !on.given {
		with := map[string]any{"id": on.id, "user_id": who.userID, "access_level": level.AccessLevel()}
		if _, err := p.maker.make(ctx, errand{
			"make the " + string(role) + " a member", on.creator.token,
			"createProjectMember", with,
		}, http.StatusCreated, http.StatusConflict); err != nil {
			return identity{}, err
		}
	}
	got, err := p.accessLevel(ctx, on, who.userID)
	if err == nil && got != level.AccessLevel() {
		err = trouble(NoPermission, nil, "the token given for the role %s belongs to the user %d, whose access "+
			"level in %s is %s, not %s. Give another token, or change the membership.",
			role, who.userID, on.path, describeLevel(got), describeLevel(level.AccessLevel()))
	}
	return who, err
}

// accessLevel is what a user holds in a project, inherited or not; 0 for somebody who is no member.
func (p *projects) accessLevel(ctx context.Context, on *project, user int64) (int, error) {
	with := map[string]any{"id": on.id, "user_ids": []any{user}}
	a, err := p.maker.make(ctx, errand{"look up the member", on.creator.token, "listAllProjectMembers", with})
	if err != nil {
		return 0, err
	}
	members, _ := a.body.([]any)
	highest := int64(0)
	for _, member := range members {
		id, _ := jsonvalue.Dig(member, []string{"id"})
		level, _ := jsonvalue.Dig(member, []string{"access_level"})
		if held, isNumber := level.(int64); isNumber && jsonvalue.Equal(id, user) {
			highest = max(highest, held)
		}
	}
	return int(highest), nil
}

func describeLevel(level int) string {
	if level == 0 {
		return "none"
	}
	for _, role := range scenario.Roles {
		if role.AccessLevel() == level {
			return fmt.Sprintf("%d (%s)", level, role)
		}
	}
	return strconv.Itoa(level)
}

// handedStranger is the owner of the token given for the role stranger, who must be no member of the project.
func (p *projects) handedStranger(ctx context.Context) (identity, error) {
	who, err := p.person(ctx, scenario.Stranger)
	if err != nil {
		return identity{}, err
	}
	on, err := p.sharedProject(ctx, projectKind{visibility: "private"})
	if err != nil {
		return identity{}, err
	}
	level, err := p.accessLevel(ctx, on, who.userID)
	if err == nil && level != 0 {
		err = trouble(NoPermission, nil, "the token given for the role stranger belongs to the user %d, who is a "+
			"member of %s. Give that of somebody who is none.", who.userID, on.path)
	}
	return who, err
}

// probeGiven takes the given project and says what cannot be had with it.
func (s *suite) probeGiven(ctx context.Context) error {
	on, err := s.projects.sharedProject(ctx, projectKind{visibility: "private"})
	if err != nil {
		return s.unreachable(err)
	}
	for _, visibility := range scenario.Visibilities {
		if visibility != on.visibility {
			s.facts.Missing["visibility "+visibility] = fmt.Sprintf("the project given, %s, is %s and not %s", on.path,
				cmp.Or(on.visibility, "of a visibility that the server does not tell"), visibility)
		}
	}
	s.facts.Missing[ownProject] = noOwnProject
	s.facts.Missing[ownGroup] = noGroupInGiven
	s.facts.Missing[scenario.NeedAdmin] = noAdminsProject
	if s.options.OtherProject == "" {
		s.facts.Missing[otherProject] = noOtherProject
		if s.options.Tokens[scenario.Stranger] == "" {
			s.facts.Missing["role "+string(scenario.Stranger)] = "there is no identity of the role stranger, as " +
				"neither a " +
				"token for it nor a second project is given"
		}
	}
	return nil
}

// resolveNamespace finds the id of the namespace that projects are to be made in.
func (s *suite) resolveNamespace(ctx context.Context) error {
	wanted := strings.Trim(s.options.Namespace, "/")
	if wanted == "" {
		return nil
	}
	a, err := s.projects.maker.make(ctx, errand{
		"find the namespace " + wanted, s.options.Token, "getNamespace",
		map[string]any{"id": wanted},
	})
	var refused *fixtureError
	switch {
	case errors.As(err, &refused) && refused.Err == nil:
		return trouble(NoPermission, nil, "the namespace %s cannot be used: %v. Give the id or the full path of a "+
			"group or user namespace in which the token's owner may make projects.", wanted, err)
	case err != nil:
		return s.unreachable(err)
	}
	s.projects.namespace = a.integer("id")
	return nil
}

// keepNew records what a step or a fixture made in a given project, from which it does not vanish with the project.
func (f *fixture) keepNew(kind, id, name string) error {
	if !f.project.given {
		return nil
	}
	return f.keepThing(ledgerEntry{Kind: kind, ID: id, In: f.project.number(), Name: name})
}

// expiry is when tokens of the run lapse by themselves: a week after the project was made or taken.
func (on *project) expiry() string { return on.created.AddDate(0, 0, 7).Format(time.DateOnly) }
