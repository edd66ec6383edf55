package conformance

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/statuschecks/statuschecks/conformance/scenario"
)

// identity is someone who can make requests.
type identity struct {
	token  string
	userID int64
}

// project is a project that the run made or was given, with an identity for each role that was asked for.
type project struct {
	id            int64
	path          string
	visibility    string
	defaultBranch string
	// what scenarios know as the branch main: the default branch, or one of the run's in a given project
	main     string
	branchID int64  // of main, protected
	given    bool   // it stood before the run and stays
	prefix   string // of names made in it, so that runs do not meet
	created  time.Time
	creator  identity

	mu         sync.Mutex
	identities map[scenario.Role]*once[identity]
}

// projectKind tells the shared projects of a run apart.
type projectKind struct {
	visibility string
	userOwned  bool   // made by a user of its own, so that the administrator is no member
	foreign    bool   // the other project, whose members are strangers
	group      string // inTopGroup, belowTopGroup or empty
}

// projects makes the projects of a run, the shared ones once.
type projects struct {
	maker     *maker
	ledger    *ledger
	run       string
	namespace int64 // 0 means the creator's own
	handed    givenParts
	creator   identity

	mu       sync.Mutex
	shared   map[projectKind]*once[*project]
	user     once[identity]
	stranger once[identity]
	top      once[*group]
	below    once[*group]
}

// sharedProject is the run's project of a kind, made when it is first asked for. Where a project is given it is of
// every kind: what does not suit it was left out.
func (p *projects) sharedProject(ctx context.Context, kind projectKind) (*project, error) {
	if p.handed.project != "" {
		kind = projectKind{foreign: kind.foreign}
	}
	p.mu.Lock()
	if p.shared == nil {
		p.shared = map[projectKind]*once[*project]{}
	}
	entry := p.shared[kind]
	if entry == nil {
		entry = &once[*project]{}
		p.shared[kind] = entry
	}
	p.mu.Unlock()
	name := "shared-" + kind.visibility
	if kind.userOwned {
		name += "-user"
	}
	if kind.group != "" {
		name += "-group"
	}
	if kind.foreign {
		name = "other"
	}
	return entry.get(ctx, func(ctx context.Context) (*project, error) {
		switch {
		case kind.foreign && p.handed.other != "":
			return p.adopt(ctx, p.handed.other)
		case p.handed.project != "":
			return p.adopt(ctx, p.handed.project)
		}
		return p.make(ctx, name, kind)
	})
}

// make makes a project with a protected default branch.
func (p *projects) make(ctx context.Context, name string, kind projectKind) (*project, error) {
	creator := p.creator
	if kind.userOwned {
		var err error
		if creator, err = p.user.get(ctx, p.owner); err != nil {
			return nil, err
		}
	}
	path := "statuschecks-" + p.run + "-" + ownSlug(name)
	with := map[string]any{
		"name": path, "path": path, "visibility": kind.visibility, "initialize_with_readme": true,
		"default_branch": "main",
	}
	if p.namespace != 0 && !kind.userOwned {
		with["namespace_id"] = p.namespace
	}
	if kind.group != "" {
		in, err := p.groupFor(ctx, kind.group)
		if err != nil {
			return nil, err
		}
		with["namespace_id"] = in.id
	}
	if err := p.ledger.intend("project", path); err != nil {
		return nil, err
	}
	a, id, err := p.maker.create(ctx, "make the project "+path, creator.token, "createProject", with)
	if err != nil {
		p.ledger.refused(ledgerEntry{Kind: "project", Name: path}, err)
		return nil, err
	}
	full, err := p.pathOf(ctx, creator.token, id, a)
	if err != nil {
		return nil, err
	}
	made := &project{
		id: id, path: full, visibility: kind.visibility,
		defaultBranch: "main", creator: creator, identities: map[scenario.Role]*once[identity]{},
	}
	if err := p.ledger.add(entryFor("project", id, "", made.path).at(a)); err != nil {
		return nil, err
	}
	if branch := a.text("default_branch"); branch != "" {
		made.defaultBranch = branch
	}
	made.main = made.defaultBranch
	if made.created, err = time.Parse(time.RFC3339, a.text("created_at")); err != nil {
		made.created = p.maker.t.clock()
	}
	return made, p.protectDefault(ctx, made)
}

// pathOf is the full path of a project that was made. Clean-up knows the project again by it, so a server whose answer
// left it out is asked.
func (p *projects) pathOf(ctx context.Context, token string, id int64, made *answer) (string, error) {
	if full := made.text("path_with_namespace"); full != "" {
		return full, nil
	}
	a, err := p.maker.make(ctx, errand{"read the path of the project", token, "getProject", map[string]any{"id": id}})
	if err != nil {
		return "", err
	}
	return a.text("path_with_namespace"), nil
}

func entryFor(kind string, id int64, in, name string) ledgerEntry {
	return ledgerEntry{Kind: kind, ID: strconv.FormatInt(id, 10), In: in, Name: name}
}

// at adds when a thing was made, as the answer says that made it.
func (m ledgerEntry) at(a *answer) ledgerEntry {
	m.Created = cut(a.text("created_at"), 40)
	return m
}

// protectDefault finds the protection that GitLab gives a default branch, or adds it.
func (p *projects) protectDefault(ctx context.Context, made *project) error {
	with := map[string]any{"id": made.id, "name": made.defaultBranch}
	_, err := p.maker.t.poll(ctx, 5*time.Second, func() (bool, error) {
		a, _, err := p.maker.call(ctx, made.creator.token, "getProtectedBranch", with)
		if err != nil || a.status != 200 {
			return false, err
		}
		made.branchID = a.integer("id")
		return made.branchID > 0, nil
	})
	if err != nil || made.branchID != 0 {
		return err
	}
	_, made.branchID, err = p.maker.create(ctx, "protect "+made.defaultBranch, made.creator.token,
		"createProtectedBranch", with)
	return err
}

// identity gives the project's identity of a role, making a project access token when it is first asked for.
func (p *projects) identity(ctx context.Context, on *project, role scenario.Role) (identity, error) {
	switch role {
	case scenario.Anonymous, "":
		return identity{}, nil
	case scenario.Creator:
		return on.creator, nil
	case scenario.Admin:
		return p.creator, nil
	case scenario.Stranger:
		if p.handed.tokens[scenario.Stranger] != "" {
			return p.stranger.get(ctx, p.handedStranger)
		}
		other, err := p.sharedProject(ctx, projectKind{visibility: "private", foreign: true})
		if err != nil {
			return identity{}, err
		}
		return p.member(ctx, other, scenario.Developer, scenario.Stranger)
	}
	return p.member(ctx, on, role, role)
}

func (p *projects) member(ctx context.Context, on *project, level, role scenario.Role) (identity, error) {
	on.mu.Lock()
	entry := on.identities[role]
	if entry == nil {
		entry = &once[identity]{}
		on.identities[role] = entry
	}
	on.mu.Unlock()
	return entry.get(ctx, func(ctx context.Context) (identity, error) { return p.newMember(ctx, on, level, role) })
}

func (p *projects) newMember(ctx context.Context, on *project, level, role scenario.Role) (identity, error) {
	if p.handed.tokens[role] != "" {
		return p.handedMember(ctx, on, level, role)
	}
	name := string(role) + "-" + p.run
	a, id, err := p.createToken(ctx, on, name, "make a project access token for "+string(role), map[string]any{
		"scopes": []any{"api"}, "access_level": level.AccessLevel(), "expires_at": on.expiry(),
	})
	if err != nil {
		return identity{}, err
	}
	made := identity{token: a.text("token"), userID: a.integer("user_id")}
	p.maker.t.secrets.add(made.token, "$TOKEN_"+strings.ToUpper(string(role)))
	if err := p.ledger.add(entryFor("project_access_token", id, on.number(), name).at(a)); err != nil {
		return identity{}, err
	}
	return made, nil
}

// createToken makes a project access token.
func (p *projects) createToken(ctx context.Context, on *project, name, doing string, with map[string]any) (*answer,
	int64, error,
) {
	with["id"], with["name"] = on.id, name
	if err := p.intendIn(on, "project_access_token", name); err != nil {
		return nil, 0, err
	}
	a, id, err := p.maker.create(ctx, doing, on.creator.token, "createProjectAccessToken", with)
	p.refusedIn(on, "project_access_token", name, err)
	return a, id, err
}

// intendIn records that something is about to be asked for in a project that was given; what is in the run's own goes
// with it.
func (p *projects) intendIn(on *project, kind, name string) error {
	if !on.given {
		return nil
	}
	return p.ledger.add(ledgerEntry{Kind: kind, In: on.number(), Name: name, Intended: true})
}

// refusedIn records that it was not made, if an answer says so.
func (p *projects) refusedIn(on *project, kind, name string, err error) {
	if on.given {
		p.ledger.refused(ledgerEntry{Kind: kind, In: on.number(), Name: name}, err)
	}
}

// number is the project's id as the ledger has it.
func (on *project) number() string { return strconv.FormatInt(on.id, 10) }

// newToken makes a project access token as a scenario wants it.
func (p *projects) newToken(ctx context.Context, on *project, name string, given scenario.TokenGiven) (string, error) {
	scopes := make([]any, len(given.Scopes))
	for i, scope := range given.Scopes {
		scopes[i] = scope
	}
	expires := on.expiry()
	if given.Days > 0 {
		expires = on.created.AddDate(0, 0, given.Days).Format(time.DateOnly)
	}
	a, id, err := p.createToken(ctx, on, name, "make the project access token "+name, map[string]any{
		"scopes": scopes, "access_level": given.Role.AccessLevel(), "expires_at": expires,
	})
	if err != nil {
		return "", err
	}
	secret := a.text("token")
	p.maker.t.secrets.add(secret, "$TOKEN_"+strings.ToUpper(given.Key))
	entry := entryFor("project_access_token", id, on.number(), name).at(a)
	if err := p.ledger.add(entry); err != nil || !given.Revoked {
		return secret, err
	}
	_, err = p.maker.make(ctx, errand{
		"revoke the project access token " + name, on.creator.token,
		"revokeProjectAccessToken",
		map[string]any{"id": on.id, "token_id": id},
	})
	if err == nil {
		p.ledger.gone(entry)
	}
	return secret, err
}

// ownSlug is a name for a project made from the id of a scenario, or from another word. A long one is cut, and ends in
// a sum by which it differs from others that begin alike.
func ownSlug(text string) string {
	const longest, sum = 40, 8
	whole := slug(text, len(text))
	if len(whole) <= longest {
		return whole
	}
	digest := sha256.Sum256([]byte(text))
	return slug(text, longest-sum-1) + "-" + hex.EncodeToString(digest[:])[:sum]
}

// slug makes a name out of a scenario's id that suits paths and branches.
func slug(text string, longest int) string {
	clean := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(text))
	if len(clean) > longest {
		clean = clean[:longest]
	}
	return strings.Trim(clean, "-")
}
