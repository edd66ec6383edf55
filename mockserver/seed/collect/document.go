package collect

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// roles and branchRoles are the access levels by GitLab's numbers.
var (
	roles = map[int64]string{
		10: "guest", 15: "planner", 20: "reporter", 25: "security_manager", 30: "developer", 40: "maintainer",
		50: "owner",
	}
	branchRoles = map[int64]string{0: "no_one", 30: "developer", 40: "maintainer", 50: "owner"}
)

// Document is the seed of all answers, and what could not be known or is left out. It fails if there is no project.
func (c *Collector) Document() (seed.Document, []string, error) {
	b := &builder{
		collector: c, people: map[string]user{}, taken: map[string]bool{}, missing: slices.Clone(c.unread),
		made: map[*project]repository{}, lost: map[[2]string]bool{},
	}
	b.sayIgnored()
	for _, u := range sorted(c.users) {
		b.person(u)
	}
	for _, p := range b.parentsFirst() {
		if p.about.Path == "" {
			b.say("a project of which only a part was asked for, and not the project itself")
			continue
		}
		b.project(p)
	}
	if len(b.document.Projects) == 0 {
		return seed.Document{}, nil, errors.New("no answer is a whole project: that to GET /projects/… is needed")
	}
	b.forgetLost()
	b.accounts()
	if err := b.document.Check(); err != nil {
		return seed.Document{}, nil, fmt.Errorf("the answers do not make a seed: %w", err)
	}
	return b.document, b.missing, nil
}

// builder makes a document.
type builder struct {
	collector *Collector
	document  seed.Document
	people    map[string]user // by username
	taken     map[string]bool // groups that are there
	missing   []string
	made      map[*project]repository
	lost      map[[2]string]bool // paths of projects, and former heads for which their branches have no room
}

// say notes what is left out, once.
func (b *builder) say(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(b.missing, text) {
		b.missing = append(b.missing, text)
	}
}

// person is the username of a user, who is in the seed from then on; empty for nobody.
func (b *builder) person(u user) string {
	if u.Username == "" {
		return ""
	}
	before, known := b.people[u.Username]
	if !known || before.CreatedAt == "" {
		if known {
			u.Admin = u.Admin || before.Admin
		}
		b.people[u.Username] = u
	}
	return u.Username
}

func (b *builder) persons(list []user) (names []string) {
	for _, u := range list {
		if name := b.person(u); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// accounts writes the users, each with a token that is made up.
func (b *builder) accounts() {
	for _, u := range sorted(b.people) {
		b.document.Users = append(b.document.Users, seed.User{
			ID: u.ID, Username: u.Username, Name: plain(u.Name), Admin: u.Admin, External: u.External,
			Blocked: u.State == "blocked" || u.State == "banned", CreatedAt: instant(u.CreatedAt),
			Tokens: []seed.AccessToken{{Secret: "glpat-" + u.Username}},
		})
	}
}

func (b *builder) project(p *project) {
	a := p.about
	made := seed.Project{
		ID: a.ID, Path: a.Path, Name: plain(a.Name), Description: plain(a.Description), Visibility: a.Visibility,
		Archived: a.Archived, CreatedAt: instant(a.CreatedAt), Settings: seed.ProjectSettings{
			RequirePassingStatusChecks: a.PassingChecks, RequireResolvedDiscussions: a.ResolvedThreads,
			RequireSucceededPipeline: a.SucceededPipeline, MergeOnSkippedPipeline: a.SkippedPipeline,
			RemoveSourceBranch: a.RemoveSourceBranch,
			MergeMethod:        a.MergeMethod, SquashOption: a.SquashOption, ApprovalsRequired: a.Approvals,
		},
	}
	b.above(p)
	for _, m := range sorted(p.members) {
		role := roles[m.AccessLevel]
		if role == "" {
			b.say("members with the access level %d", m.AccessLevel)
			continue
		}
		made.Members = append(made.Members, seed.Member{
			User: b.person(m.user), AccessLevel: role, ExpiresOn: m.ExpiresOn,
		})
	}
	for _, u := range b.people {
		if u.ID == a.Creator {
			made.Creator = u.Username
		}
	}
	made.ProtectedBranches = b.protectedBranches(p)
	made.ExternalStatusChecks = b.checks(p, &made)
	made.Labels, made.Milestones = b.labels(p), b.milestones(p)
	made.MergeRequests = b.mergeRequests(p)
	if parent := b.parent(p); parent != nil {
		made.ForkedFrom = parent.about.Path
	}
	made.Branches, made.DefaultBranch = b.branches(p, made.MergeRequests)
	b.document.Projects = append(b.document.Projects, made)
}

// above makes the namespace of a project.
func (b *builder) above(p *project) {
	parts := strings.Split(p.about.Path, "/")
	if p.about.Namespace.Kind == "user" {
		if _, known := b.people[parts[0]]; !known {
			b.person(user{ID: 0, Username: parts[0], Name: parts[0]})
		}
		return
	}
	for i := 1; i < len(parts); i++ {
		path := strings.Join(parts[:i], "/")
		if b.taken[path] {
			continue
		}
		b.taken[path] = true
		g := seed.Group{Path: path, Visibility: p.about.Visibility}
		if i == len(parts)-1 {
			g.ID = p.about.Namespace.ID
		}
		b.document.Groups = append(b.document.Groups, g)
	}
}

func (b *builder) protectedBranches(p *project) (list []seed.ProtectedBranch) {
	for _, one := range sorted(p.protected) {
		list = append(list, seed.ProtectedBranch{
			ID: one.ID, Name: one.Name, AllowForcePush: one.ForcePush, CodeOwnerApprovalRequired: one.OwnersAgree,
			PushAccessLevels: b.levels(one.Push), MergeAccessLevels: b.levels(one.Merge),
			UnprotectAccessLevels: b.levels(one.Unprotect),
		})
	}
	return list
}

func (b *builder) levels(given []branchLevel) (list []seed.BranchAccess) {
	for _, l := range given {
		switch {
		case l.User != nil:
			i := slices.IndexFunc(sorted(b.people), func(u user) bool { return u.ID == *l.User })
			if i < 0 {
				b.say("access to protected branches for users who are not known otherwise")
				continue
			}
			list = append(list, seed.BranchAccess{User: sorted(b.people)[i].Username})
		case l.Group != nil, l.AccessLevel == nil, branchRoles[*l.AccessLevel] == "":
			b.say("access to protected branches for groups, deploy keys and administrators")
		default:
			list = append(list, seed.BranchAccess{AccessLevel: branchRoles[*l.AccessLevel]})
		}
	}
	return list
}

// checks makes the checks, and protects the branches that they name.
func (b *builder) checks(p *project, made *seed.Project) (list []seed.ExternalStatusCheck) {
	urls := map[string]bool{}
	for _, k := range sorted(p.checks) {
		one := seed.ExternalStatusCheck{ID: k.ID, Name: plain(k.Name), ExternalURL: plainURL(k.URL)}
		if urls[one.ExternalURL] {
			one.ExternalURL += fmt.Sprintf("#%d", k.ID)
		}
		urls[one.ExternalURL] = true
		if k.Signed {
			one.SharedSecret = fmt.Sprintf("made-up-secret-%d", k.ID)
			b.say("shared secrets of checks, which GitLab does not tell; made-up ones are in their place")
		}
		for _, branch := range k.Protected {
			known := func(x seed.ProtectedBranch) bool { return x.Name == branch.Name }
			if !slices.ContainsFunc(made.ProtectedBranches, known) {
				made.ProtectedBranches = append(made.ProtectedBranches, seed.ProtectedBranch{
					ID: branch.ID, Name: branch.Name,
				})
			}
			one.ProtectedBranches = append(one.ProtectedBranches, branch.Name)
		}
		list = append(list, one)
	}
	return list
}

func (b *builder) mergeRequests(p *project) (list []seed.MergeRequest) {
	for _, m := range sorted(p.requests) {
		source, known := b.source(p, m)
		if !known {
			b.say("merge requests from forks that were not read: those that are gone, that the token does not see, " +
				"that no open merge request comes from, or that were made from a fork of which this is so")
			continue
		}
		one := seed.MergeRequest{
			ID: m.ID, IID: m.IID, SourceProject: source, Milestone: b.milestoneOf(p, m),
			SourceBranch: m.SourceBranch, TargetBranch: m.TargetBranch, Title: plain(m.Title),
			Description: plain(m.Description), Author: b.person(m.Author), Assignees: b.persons(m.Assignees),
			Reviewers: b.persons(m.Reviewers), ApprovedBy: b.persons(p.approvals[m.IID]), Labels: m.Labels,
			State: m.State, SHA: m.SHA, RemoveSourceBranch: m.RemoveSource, CreatedAt: instant(m.CreatedAt),
		}
		if m.State == "locked" { // while it is merged
			one.State = "opened"
		}
		for _, s := range p.statuses[m.IID] {
			known, there := p.checks[s.ID]
			if there && (s.Status == "passed" || s.Status == "failed") {
				one.Responses = append(one.Responses, seed.Response{Check: plain(known.Name), Status: s.Status})
			}
		}
		list = append(list, one)
	}
	return list
}
