package seed

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// The words that some keys allow, in the order in which messages list them. Roles are ordered from the lowest to the
// highest.
var (
	roleNames       = []string{"guest", "planner", "reporter", "security_manager", "developer", "maintainer", "owner"}
	branchRoleNames = []string{"no_one", "developer", "maintainer", "owner"}
	scopeNames      = []string{
		"api", "read_api", "read_user", "read_repository", "write_repository", "sudo",
		"admin_mode",
	}
	abilityNames = []string{
		string(gitlab.ReadCode), string(gitlab.PushCode), string(gitlab.ReadMergeRequest),
		string(gitlab.AdminMergeRequest),
		string(gitlab.ManageMergeRequestSettings), string(gitlab.AdminProtectedBranch),
		string(gitlab.AdminProjectMember),
		string(gitlab.ManageResourceAccessTokens), string(gitlab.ReadProjectAuditEvents), string(gitlab.ArchiveProject),
		string(gitlab.RemoveProject),
	}
	visibilities    = []string{"private", "internal", "public"}
	states          = []string{"opened", "closed", "merged"}
	milestoneStates = []string{gitlab.ActiveMilestone, gitlab.ClosedMilestone}
	statuses        = []string{"passed", "failed", "pending"}
	writeModes      = []string{"allowed", string(gitlab.Maintenance), string(gitlab.ReadOnlyDatabase)}
)

// checker finds inconsistencies in a seed.
type checker struct {
	document Document
	found    []problem
	taken    map[string]string // path of the first use, by the thing that may be used once
	users    *nameSet
	groups   *nameSet
	places   *nameSet // groups and users, which can contain projects
	projects *nameSet
}

// nameSet holds the names that a reference can have.
type nameSet struct {
	list []string
	has  map[string]bool
}

func namesOf[T any](things []T, name func(T) string) *nameSet {
	s := &nameSet{has: map[string]bool{}}
	for _, thing := range things {
		s.add(name(thing))
	}
	return s
}

func (s *nameSet) add(name string) {
	s.list = append(s.list, name)
	s.has[name] = true
}

// Check reports whether the document is consistent: its values are allowed, and everything that they refer to exists.
// The error is an *Error.
func (d Document) Check() error { return newError("seed", d.problems()) }

// problems lists the inconsistencies, in the order of the seed.
func (d Document) problems() []problem {
	c := &checker{document: d, taken: map[string]string{}}
	c.users = namesOf(d.Users, func(u User) string { return u.Username })
	c.groups = namesOf(d.Groups, func(g Group) string { return g.Path })
	c.places = namesOf(slices.Concat(c.groups.list, c.users.list), func(name string) string { return name })
	c.projects = namesOf(d.Projects, func(p Project) string { return p.Path })
	c.settings(d.Settings)
	if d.Rows.all != nil {
		c.rows(d.Rows.all)
	}
	for i, u := range d.Users {
		c.user(fmt.Sprintf("users[%d]", i), u)
	}
	for i, g := range d.Groups {
		c.group(fmt.Sprintf("groups[%d]", i), g)
	}
	for i, p := range d.Projects {
		c.project(fmt.Sprintf("projects[%d]", i), p)
	}
	return c.found
}

func (c *checker) settings(s Settings) {
	c.word("settings.writing", s.Writing, writeModes)
	if s.MaintenanceMessage != "" && s.Writing != string(gitlab.Maintenance) {
		c.report("settings.maintenance_message", "maintenance_message is for writing: maintenance only")
	}
	var limits gitlab.RateLimits
	for i, text := range s.RateLimits {
		if err := limits.ParseRateLimit(text); err != nil {
			c.report(fmt.Sprintf("settings.rate_limits[%d]", i), "%s", err)
		}
	}
}

func (c *checker) report(path, format string, args ...any) {
	c.found = append(c.found, problem{path: path, message: fmt.Sprintf(format, args...)})
}

// sole reports a second use of something that may be used only once. Within says where it must be unique.
func (c *checker) sole(path, within, what string) {
	key := within + "\x00" + what
	if first, there := c.taken[key]; there {
		c.found = append(c.found, problem{path: path, message: what + " is there already", first: first})
		return
	}
	c.taken[key] = path
}

// id checks that an id is unique among those of its kind.
func (c *checker) id(path, kind string, id int64) {
	if id != 0 {
		c.sole(path+".id", "", fmt.Sprintf("%s id %d", kind, id))
	}
	if id > 1<<53 {
		c.report(path+".id", "an id can be at most %d", int64(1)<<53)
	}
}

// needed reports a text that is missing or blank. It returns true if the text is there.
func (c *checker) needed(path, key, value string) bool {
	if strings.TrimSpace(value) == "" {
		c.report(path+"."+key, "%s needs %s", nameOf(path), key)
		return false
	}
	return true
}

// word checks that a value is one of some words. It may be empty.
func (c *checker) word(path, value string, words []string) {
	if value != "" && !slices.Contains(words, value) {
		c.report(path, "%s cannot be %q%s", keyOf(path), value, strictyaml.Suggest(value, words, "; it can be "))
	}
}

// known checks a reference by name.
func (c *checker) known(path, kind, name string, names *nameSet) bool {
	if names.has[name] {
		return true
	}
	c.report(path, "there is no %s %q in the seed%s", kind, name, strictyaml.DidYouMean(name, names.list))
	return false
}

func (c *checker) userNamed(path, name string) {
	if name != "" {
		c.known(path, "user", name, c.users)
	}
}

func (c *checker) date(path, text string) {
	if text == "" {
		return
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		c.report(path, "%s must be a day as 2030-12-31", keyOf(path))
	} else if err := gitlab.CheckInstant(day); err != nil {
		c.report(path, "%s: %s", keyOf(path), err)
	}
}

// pathPart is the form of the path of a user, group or project.
var pathPart = lazy.Regexp(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)

const maxPathPart = 255 // characters

func (c *checker) pathParts(path string, parts ...string) {
	for _, part := range parts {
		if len(part) > maxPathPart || !pathPart().MatchString(part) || strings.HasSuffix(part, ".git") ||
			strings.HasSuffix(part, ".atom") {
			c.report(path, "%q is not a name for a URL: letters, digits, _, - and . only, not - or . first, not "+
				".git or .atom last", part)
		}
	}
}

func (c *checker) user(path string, u User) {
	c.id(path, "user", u.ID)
	if c.needed(path, "username", u.Username) {
		c.pathParts(path+".username", u.Username)
		c.sole(path+".username", "", pathNamed(u.Username))
	}
	if email := emailOf(u); email != "" {
		c.sole(path+".email", "", fmt.Sprintf("the email address %q", strings.ToLower(email)))
	}
	for i, t := range u.Tokens {
		c.token(fmt.Sprintf("%s.tokens[%d]", path, i), t)
	}
}

// pathNamed describes a path, ignoring case.
func pathNamed(path string) string { return fmt.Sprintf("the path %q", strings.ToLower(path)) }

// emailOf is a user's email address. If none is given, it is derived from the username.
func emailOf(u User) string {
	if u.Email == "" && u.Username != "" {
		return u.Username + "@example.com"
	}
	return u.Email
}

func (c *checker) token(path string, t AccessToken) {
	c.id(path, "token", t.ID)
	if c.needed(path, "secret", t.Secret) {
		c.sole(path+".secret", t.Secret, "a token with this secret")
	}
	for i, s := range t.Scopes {
		c.word(fmt.Sprintf("%s.scopes[%d]", path, i), s, scopeNames)
	}
	c.date(path+".expires_on", t.ExpiresOn)
}

func (c *checker) group(path string, g Group) {
	c.id(path, "group", g.ID)
	if c.needed(path, "path", g.Path) {
		c.pathParts(path+".path", strings.Split(g.Path, "/")...)
		c.sole(path+".path", "", pathNamed(g.Path))
		if i := strings.LastIndexByte(g.Path, '/'); i >= 0 {
			c.known(path+".path", "group", g.Path[:i], c.groups)
		}
	}
	c.word(path+".visibility", g.Visibility, visibilities)
	c.members(path, g.Members)
	c.protectedBranches(path, g.ProtectedBranches)
}

func (c *checker) members(path string, members []Member) {
	seen := map[string]bool{}
	for i, m := range members {
		at := fmt.Sprintf("%s.members[%d]", path, i)
		if c.needed(at, "user", m.User) && c.known(at+".user", "user", m.User, c.users) && seen[m.User] {
			c.report(at+".user", "%q is a member already", m.User)
		}
		seen[m.User] = true
		custom := m.CustomRole.Base != "" || len(m.CustomRole.Abilities) > 0
		switch {
		case custom && m.AccessLevel != "":
			c.report(at+".access_level", "a member has access_level or custom_role, not both")
		case custom:
			c.needed(at+".custom_role", "base", m.CustomRole.Base)
		default:
			c.needed(at, "access_level", m.AccessLevel)
		}
		c.word(at+".access_level", m.AccessLevel, roleNames)
		c.word(at+".custom_role.base", m.CustomRole.Base, roleNames)
		for j, a := range m.CustomRole.Abilities {
			c.word(fmt.Sprintf("%s.custom_role.abilities[%d]", at, j), a, abilityNames)
		}
		c.date(at+".expires_on", m.ExpiresOn)
	}
}

func (c *checker) protectedBranches(path string, branches []ProtectedBranch) {
	for i, b := range branches {
		at := fmt.Sprintf("%s.protected_branches[%d]", path, i)
		c.id(at, "protected branch", b.ID)
		if c.needed(at, "name", b.Name) {
			c.sole(at+".name", path, fmt.Sprintf("the protected branch %q", b.Name))
		}
		for key, levels := range map[string][]BranchAccess{
			"push_access_levels":  b.PushAccessLevels,
			"merge_access_levels": b.MergeAccessLevels, "unprotect_access_levels": b.UnprotectAccessLevels,
		} {
			for j, l := range levels {
				c.branchAccess(fmt.Sprintf("%s.%s[%d]", at, key, j), l)
			}
		}
	}
}

func (c *checker) branchAccess(path string, l BranchAccess) {
	given := 0
	for _, text := range []string{l.AccessLevel, l.User, l.Group} {
		if text != "" {
			given++
		}
	}
	if given != 1 {
		c.report(path, "%s needs one of access_level, user and group", nameOf(path))
	}
	c.word(path+".access_level", l.AccessLevel, branchRoleNames)
	c.userNamed(path+".user", l.User)
	if l.Group != "" {
		c.known(path+".group", "group", l.Group, c.groups)
	}
}

func (c *checker) project(path string, p Project) {
	c.id(path, "project", p.ID)
	if c.needed(path, "path", p.Path) {
		c.pathParts(path+".path", strings.Split(p.Path, "/")...)
		c.sole(path+".path", "", pathNamed(p.Path))
		if i := strings.LastIndexByte(p.Path, '/'); i < 0 {
			c.report(path+".path", "%q lies nowhere: write group/%s or username/%s", p.Path, p.Path, p.Path)
		} else {
			c.known(path+".path", "group or user", p.Path[:i], c.places)
		}
	}
	c.word(path+".visibility", p.Visibility, visibilities)
	c.word(path+".settings.merge_method", p.Settings.MergeMethod, []string{"merge", "rebase_merge", "ff"})
	c.word(path+".settings.squash_option", p.Settings.SquashOption, []string{
		"never", "always", "default_on",
		"default_off",
	})
	c.userNamed(path+".creator", p.Creator)
	c.members(path, p.Members)
	c.fork(path, p)
	c.branches(path, p)
	c.protectedBranches(path, p.ProtectedBranches)
	c.checks(path, p)
	c.labels(path, p)
	c.mergeRequests(path, p)
}

// fullSHA is the form of a full SHA.
var fullSHA = lazy.Regexp(`^[0-9a-f]{40}$`)

func (c *checker) sha(path, sha string) bool {
	if sha == "" || fullSHA().MatchString(sha) {
		return true
	}
	c.report(path, "a SHA has 40 digits, 0 to 9 and a to f, in quotes")
	return false
}

// branches checks the branches of a project.
func (c *checker) branches(path string, p Project) {
	names, earlier := c.branchesOf(p), c.commitsBefore(p)
	if p.DefaultBranch != "" {
		c.known(path+".default_branch", "branch", p.DefaultBranch, names)
	}
	from := map[string]string{}
	for _, b := range p.Branches {
		from[b.Name] = b.From
	}
	for i, b := range p.Branches {
		at := fmt.Sprintf("%s.branches[%d]", path, i)
		if c.needed(at, "name", b.Name) {
			c.sole(at+".name", path, fmt.Sprintf("the branch %q", b.Name))
		}
		switch {
		case b.From == "" && len(b.Commits) == 0:
			c.report(at, "branch %q has no commit: give it commits, or from", b.Name)
		case b.From != "" && !earlier.has[b.From] && c.known(at+".from", "branch", b.From, names) &&
			circular(from, b.Name):
			c.report(at+".from", "branch %q has no beginning: from leads in a circle", b.Name)
		}
		for j, commit := range b.Commits {
			c.commit(fmt.Sprintf("%s.commits[%d]", at, j), path, commit)
		}
	}
}

func (c *checker) commit(path, project string, commit Commit) {
	if c.sha(path+".sha", commit.SHA) && commit.SHA != "" {
		c.sole(path+".sha", project, "the commit "+commit.SHA)
	}
	c.needed(path, "message", commit.Message)
	c.userNamed(path+".author", commit.Author)
}

// circular reports whether following from ends in a circle.
func circular(from map[string]string, name string) bool {
	for range len(from) + 1 { // it can end in a branch that a fork begins with
		if name = from[name]; name == "" {
			return false
		}
	}
	return true
}

// protectedIn lists the names of the protected branches that apply in a project: its own and those of the groups above
// it.
func (c *checker) protectedIn(p Project) *nameSet {
	names := namesOf(p.ProtectedBranches, func(b ProtectedBranch) string { return b.Name })
	for _, g := range c.document.Groups {
		if strings.HasPrefix(p.Path, g.Path+"/") {
			for _, b := range g.ProtectedBranches {
				names.add(b.Name)
			}
		}
	}
	return names
}

func (c *checker) checks(path string, p Project) {
	protected := c.protectedIn(p)
	for i, check := range p.ExternalStatusChecks {
		at := fmt.Sprintf("%s.external_status_checks[%d]", path, i)
		c.id(at, "external status check", check.ID)
		if c.needed(at, "name", check.Name) {
			c.sole(at+".name", path, fmt.Sprintf("the external status check %q", check.Name))
		}
		if c.needed(at, "external_url", check.ExternalURL) {
			c.externalURL(at+".external_url", path, check.ExternalURL)
		}
		for key, value := range map[string]string{
			"name": check.Name, "external_url": check.ExternalURL,
			"shared_secret": check.SharedSecret,
		} {
			if utf8.RuneCountInString(value) > 255 {
				c.report(at+"."+key, "%s can have at most 255 characters", key)
			}
		}
		for j, name := range check.ProtectedBranches {
			c.known(fmt.Sprintf("%s.protected_branches[%d]", at, j), "protected branch", name, protected)
		}
	}
}

func (c *checker) externalURL(path, project, text string) {
	if u, err := url.Parse(text); err != nil || (u.Scheme != "http" && u.Scheme != "https") {
		c.report(path, "an external URL begins with http:// or https://")
	}
	c.sole(path, project+"\x00"+text, "a check with this external URL")
}

func (c *checker) mergeRequests(path string, p Project) {
	milestones := namesOf(p.Milestones, func(m Milestone) string { return m.Title })
	checks := namesOf(p.ExternalStatusChecks, func(c ExternalStatusCheck) string { return c.Name })
	for i, mr := range p.MergeRequests {
		at := fmt.Sprintf("%s.merge_requests[%d]", path, i)
		c.mergeTrainCar(at, mr)
		c.id(at, "merge request", mr.ID)
		if mr.IID != 0 {
			c.sole(at+".iid", path, fmt.Sprintf("the iid %d", mr.IID))
		}
		c.needed(at, "title", mr.Title)
		c.word(at+".state", mr.State, states)
		source := c.sourceOf(at, p, mr)
		c.mergeRequestBranches(at, p, source, mr)
		if c.sha(at+".sha", mr.SHA) && mr.SHA != "" {
			c.known(at+".sha", "commit", mr.SHA, c.commitsOf(source))
		}
		c.people(at, mr)
		for j, title := range mr.Labels {
			c.labelTitle(fmt.Sprintf("%s.labels[%d]", at, j), title)
		}
		if mr.Milestone != "" {
			c.known(at+".milestone", "milestone", mr.Milestone, milestones)
		}
		for j, r := range mr.Responses {
			c.response(fmt.Sprintf("%s.responses[%d]", at, j), r, checks)
		}
	}
}

func (c *checker) mergeRequestBranches(path string, p, from Project, mr MergeRequest) {
	opened := mr.State == "" || mr.State == "opened"
	source := c.needed(path, "source_branch", mr.SourceBranch)
	if c.needed(path, "target_branch", mr.TargetBranch) {
		c.known(path+".target_branch", "branch", mr.TargetBranch, c.branchesOf(p))
	}
	switch {
	case !source:
	case opened || mr.SHA == "":
		c.known(path+".source_branch", "branch", mr.SourceBranch, c.branchesOf(from))
	}
	if source && mr.SourceBranch == mr.TargetBranch && p.Path == from.Path {
		c.report(path+".target_branch", "source and target are the same branch")
	}
	if opened && source {
		c.sole(path+".source_branch", "in "+p.Path+" from "+from.Path,
			fmt.Sprintf("an open merge request from %q into %q", mr.SourceBranch, mr.TargetBranch))
	}
}

func (c *checker) people(path string, mr MergeRequest) {
	if c.needed(path, "author", mr.Author) {
		c.userNamed(path+".author", mr.Author)
	}
	for key, names := range map[string][]string{
		"assignees": mr.Assignees, "reviewers": mr.Reviewers,
		"approved_by": mr.ApprovedBy,
	} {
		for i, name := range names {
			c.known(fmt.Sprintf("%s.%s[%d]", path, key, i), "user", name, c.users)
		}
	}
}
