package scenario

import (
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/conformance/internal/contract"
	"github.com/statuschecks/statuschecks/conformance/internal/reader"
	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/openapi"
)

// decoder turns nodes into scenarios and records every problem it meets. It reads the structure of a scenario first,
// and then checks what its texts refer to.
type decoder struct {
	reader.Reader
	contract *contract.Contract

	// of the scenario at hand
	at           place
	bytes        bool // texts here go out as they are, so that they may hold bytes that are no text
	mentions     []mention
	captureNames []captureName
	roles        []string // that make requests, as they are written
}

var idPattern = lazy.Regexp(`^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$`)

// MaxID bounds ids, as the names of branches, checks and projects hold them.
const MaxID = 60

// fields gives the values of a mapping by key and reports the keys that its kind does not have.
func (d *decoder) fields(n *reader.Node, kind string) map[string]*reader.Node {
	fields := map[string]*reader.Node{}
	if n == nil {
		return fields
	}
	if !n.IsMapping() {
		d.P.At(n, "%s must be a mapping, not %s", article(kind), n.Kind())
		return fields
	}
	for _, p := range n.Pairs {
		if !slices.Contains(vocabulary[kind], p.Key.Text) {
			d.P.At(p.Key, "unknown key %q in %s%s", p.Key.Text, article(kind), strictyaml.DidYouMean(p.Key.Text,
				vocabulary[kind]))
			continue
		}
		fields[p.Key.Text] = p.Value
	}
	return fields
}

func article(kind string) string {
	word := strings.ReplaceAll(kind, "_", " ")
	switch kind {
	case "file", "scenario", "case", "reply", "project", "branch", "check", "merge_request", "step", "pattern", "push":
		return "a " + word
	case "item":
		return "an " + word
	}
	return word
}

func (d *decoder) role(n *reader.Node) Role {
	names := make([]string, len(Roles))
	for i, r := range Roles {
		names[i] = string(r)
	}
	return Role(d.Word(n, "role", names))
}

// scenario decodes one scenario, cases resolved.
func (d *decoder) scenario(n *reader.Node) *Scenario {
	fields := d.fields(n, "scenario")
	s := &Scenario{
		Position:  Position{File: d.P.File, Line: n.Line, Column: n.Column},
		ID:        d.Text(fields["id"], "id"),
		Summary:   d.Text(fields["summary"], "summary"),
		Level:     Level(d.Word(fields["level"], "level", levelNames())),
		Evidence:  d.Word(fields["evidence"], "evidence mark", Evidences),
		Source:    d.Text(fields["source"], "source"),
		Why:       d.Text(fields["why"], "why"),
		Tags:      d.Texts(fields["tags"], "tags"),
		Isolation: Isolation(d.Word(fields["isolation"], "isolation", []string{string(Shared), string(OwnProject)})),
	}
	d.releases(fields, s)
	for _, item := range d.List(fields["needs"], "needs") {
		s.Needs = append(s.Needs, d.Word(item, "need", needs))
	}
	if s.Isolation == "" {
		s.Isolation = Shared
	}
	d.head(n, fields, s)
	d.at, d.mentions, d.captureNames, d.roles = place{}, nil, nil, nil
	s.Given = d.given(fields["given"], s)
	d.steps(fields["steps"], s)
	d.references(s)
	if s.Isolation != OwnProject && (s.Need(NeedLicence) || s.Need(NeedUnlicensed)) {
		d.P.At(n, "to take the licence away needs isolation: project, as others share the project")
	}
	if s.Given.Project.Group != "" && s.WithAdmin() {
		d.P.At(n, "a scenario of the administrator who is no member needs a project of somebody else's, and the "+
			"run's group is the administrator's")
	}
	if s.WithCustomRoles() && s.WithAdmin() {
		d.P.At(n, "members with abilities and the role admin do not go together: the administrator owns the project "+
			"in which custom roles count")
	}
	if fields["steps"] == nil || fields["steps"].IsList && len(fields["steps"].Items) == 0 {
		d.P.At(n, "the scenario has no steps")
	}
	return s
}

func levelNames() []string {
	names := make([]string, len(Levels))
	for i, level := range Levels {
		names[i] = string(level)
	}
	return names
}

// head checks what identifies a scenario, and that its level is borne out by its evidence.
func (d *decoder) head(n *reader.Node, fields map[string]*reader.Node, s *Scenario) {
	for _, key := range []string{"id", "summary", "level", "evidence", "source"} {
		if fields[key] == nil {
			d.P.At(n, "%s is missing", key)
		}
	}
	if id := fields["id"]; id != nil && s.ID != "" && !idPattern().MatchString(s.ID) {
		d.P.At(id, "the id %q must be lower-case words with dashes, parts joined by dots, as in respond.stale-sha",
			s.ID)
	}
	if len(s.ID) > MaxID {
		d.P.At(fields["id"], "the id is longer than %d letters; names on the target are made from it", MaxID)
	}
	derived := s.Evidence == "D" || s.Evidence == "U"
	if s.Level == Must && derived {
		d.P.At(fields["level"], "what is only derived (D) or unverified (U) is observed, not must")
	}
	if s.Level == Observed && s.Evidence != "" && !derived {
		d.P.At(fields["level"], "what is asserted (S), read in the source (V) or seen by running it (R) is must, "+
			"not observed")
	}
}

func (d *decoder) given(n *reader.Node, s *Scenario) Given {
	fields := d.fields(n, "given")
	var g Given
	project := d.fields(fields["project"], "project")
	g.Project.Visibility = d.Word(project["visibility"], "visibility", Visibilities)
	if g.Project.Visibility == "" {
		g.Project.Visibility = "private"
	}
	if settings := project["settings"]; settings != nil {
		g.Project.Settings = d.values(settings, "settings", "updateProject")
		if s.Isolation != OwnProject {
			d.P.At(settings, "project settings need isolation: project, as others share the project")
		}
	}
	g.Project.Group = d.Word(project["group"], "group", groupPlaces)
	d.ofGroup(project["group"], &g.Project, s)
	g.Other = d.Flag(fields["other"], "other")
	for _, entry := range d.Keyed(fields["branches"], "branches") {
		g.Branches = append(g.Branches, d.branch(entry))
	}
	d.at.part = ofChecks
	for _, entry := range d.Keyed(fields["checks"], "checks") {
		g.Checks = append(g.Checks, d.check(entry, g.Branches))
	}
	for _, entry := range d.Keyed(fields["tokens"], "tokens") {
		g.Tokens = append(g.Tokens, d.token(entry))
	}
	for _, entry := range d.Keyed(fields["members"], "members") {
		g.Members = append(g.Members, d.member(entry))
	}
	if mr := fields["merge_request"]; mr != nil {
		g.MergeRequest = d.mergeRequest(mr, g.Branches)
		if g.MergeRequest.Fork && s.Isolation != OwnProject {
			d.P.At(mr, "a merge request from a fork needs isolation: project, as the shared projects have no fork")
		}
	}
	s.Given = g
	d.at.part = ofReplies
	g.Replies = d.replies(fields["replies"], s)
	return g
}

func (d *decoder) branch(entry reader.Pair) BranchGiven {
	fields := d.fields(entry.Value, "branch")
	b := BranchGiven{
		Key:       entry.Key.Text,
		Name:      d.Text(fields["name"], "name"),
		Protected: d.Flag(fields["protected"], "protected"),
		Wildcard:  d.Flag(fields["wildcard"], "wildcard"),
		Group:     d.Flag(fields["group"], "group"),
	}
	d.refer(fields["name"])
	if b.Key == "main" {
		d.P.At(entry.Key, "main is the default branch and always there")
	}
	if b.Group && b.Protected {
		d.P.At(entry.Key, "a branch is protected in the project or in the group: leave protected or group out")
	}
	if b.Wildcard && b.Name == "" {
		d.P.At(entry.Key, "a wildcard needs a name such as \"release-*\"")
	}
	return b
}

func branchKeys(branches []BranchGiven) []string {
	keys := []string{"main"}
	for _, b := range branches {
		keys = append(keys, b.Key)
	}
	return keys
}

func (d *decoder) check(entry reader.Pair, branches []BranchGiven) CheckGiven {
	fields := d.fields(entry.Value, "check")
	c := CheckGiven{
		Key:         entry.Key.Text,
		Name:        d.Text(fields["name"], "name"),
		ExternalURL: d.Text(fields["external_url"], "external_url"),
		Secret:      d.Text(fields["secret"], "secret"),
		Before:      d.Flag(fields["before"], "before"),
	}
	for _, key := range []string{"name", "external_url", "secret"} {
		d.refer(fields[key])
	}
	for _, item := range d.List(fields["branches"], "branches") {
		c.Branches = append(c.Branches, d.Word(item, "branch", branchKeys(branches)))
	}
	return c
}

func (d *decoder) token(entry reader.Pair) TokenGiven {
	fields := d.fields(entry.Value, "token")
	t := TokenGiven{
		Key: entry.Key.Text, Role: d.role(fields["role"]), Scopes: d.Texts(fields["scopes"], "scopes"),
		Revoked: d.Flag(fields["revoked"], "revoked"),
	}
	if t.Role == "" {
		t.Role = Maintainer
	}
	if _, isMember := accessLevels[t.Role]; !isMember {
		d.P.At(fields["role"], "a token is that of a member of the project: guest to owner")
	}
	if len(t.Scopes) == 0 {
		d.P.At(entry.Key, "a token needs scopes, such as [read_api]")
	}
	if days := fields["days"]; days != nil {
		count, isNumber := days.Value.(int64)
		if t.Days = int(count); !isNumber || count < 1 || count > 7 {
			d.P.At(days, "days must be a number from 1 to 7")
		}
	}
	return t
}

func (d *decoder) member(entry reader.Pair) MemberGiven {
	fields := d.fields(entry.Value, "member")
	m := MemberGiven{Key: entry.Key.Text, Role: d.role(fields["role"]), Group: d.Flag(fields["group"], "group")}
	if _, isMember := accessLevels[m.Role]; !isMember {
		d.P.At(entry.Key, "a member needs a role from guest to owner, which is the access level")
	}
	for _, item := range d.List(fields["abilities"], "abilities") {
		m.Abilities = append(m.Abilities, d.Word(item, "ability", customAbilities()))
	}
	if m.Group && len(m.Abilities) > 0 {
		d.P.At(fields["abilities"], "a custom role is one in the project, and this member is none of it")
	}
	return m
}

// customAbilities are the permissions that a custom role can be given: what the contract takes yes or no for.
func customAbilities() []string {
	var names []string
	for _, p := range openapi.GitLab().Operation("createMemberRole").Parameters() {
		if p.Type == openapi.Boolean {
			names = append(names, p.Name)
		}
	}
	return names
}

func (d *decoder) mergeRequest(n *reader.Node, branches []BranchGiven) *MergeRequestGiven {
	fields := d.fields(n, "merge_request")
	mr := &MergeRequestGiven{
		Target:   d.Word(fields["target"], "branch", branchKeys(branches)),
		Author:   d.role(fields["author"]),
		Assignee: d.role(fields["assignee"]),
		Draft:    d.Flag(fields["draft"], "draft"),
		Fork:     d.Flag(fields["fork"], "fork"),
	}
	if mr.Fork && mr.Author != "" && mr.Author != Creator {
		d.P.At(fields["author"], "the creator opens a merge request from a fork, as the fork is theirs")
	}
	if mr.Author == "" {
		mr.Author = Creator
	}
	if mr.Target == "" {
		mr.Target = "main"
	}
	return mr
}

// ofGroup checks what goes with a project in a group. The group is private, and its owner is who made it.
func (d *decoder) ofGroup(n *reader.Node, project *ProjectGiven, s *Scenario) {
	switch {
	case project.Group == "":
	case s.Isolation != OwnProject:
		d.P.At(n, "a project in a group needs isolation: project, as the shared ones stand elsewhere")
	case project.Visibility != "private":
		d.P.At(n, "a project in a group is private, as the group is")
	}
}
