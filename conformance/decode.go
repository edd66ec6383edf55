package conformance

import (
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/openapi"
)

// decoder turns nodes into scenarios and records every problem it meets.
type decoder struct {
	p        *problems
	contract *contract

	// of the scenario at hand
	known    []string // what texts can refer to
	captured []string // roots set by steps so far
	bytes    bool     // texts here go out as they are, so that they may hold bytes that are no text
}

var (
	idPattern  = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$`)
	keyPattern = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
)

// maxID bounds ids, as the names of branches, checks and projects hold them.
const maxID = 60

// fields gives the values of a mapping by key and reports the keys that its kind does not have.
func (d *decoder) fields(n *node, kind string) map[string]*node {
	fields := map[string]*node{}
	if n == nil {
		return fields
	}
	if !n.mapping() {
		d.p.at(n, "%s must be a mapping, not %s", article(kind), n.kind())
		return fields
	}
	for _, p := range n.pairs {
		if !slices.Contains(vocabulary[kind], p.key.text) {
			d.p.at(p.key, "unknown key %q in %s%s", p.key.text, article(kind), didYouMean(p.key.text, vocabulary[kind]))
			continue
		}
		fields[p.key.text] = p.value
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

func (d *decoder) list(n *node, what string) []*node {
	if n == nil {
		return nil
	}
	if !n.list {
		d.p.at(n, "%s must be a list, not %s", what, n.kind())
		return nil
	}
	return n.items
}

func (d *decoder) text(n *node, what string) string {
	if n == nil {
		return ""
	}
	text, isText := n.value.(string)
	if !n.scalar || !isText {
		d.p.at(n, "%s must be text, not %s; put quotes around it", what, n.kind())
		return ""
	}
	return text
}

func (d *decoder) texts(n *node, what string) []string {
	var texts []string
	for _, item := range d.list(n, what) {
		texts = append(texts, d.text(item, "each of "+what))
	}
	return texts
}

func (d *decoder) flag(n *node, what string) bool {
	if n == nil {
		return false
	}
	value, isBool := n.value.(bool)
	if !n.scalar || !isBool {
		d.p.at(n, "%s must be true or false, not %s", what, n.kind())
	}
	return value
}

func (d *decoder) duration(n *node, what string) time.Duration {
	if n == nil {
		return 0
	}
	length, err := time.ParseDuration(d.text(n, what))
	if err != nil || length <= 0 {
		d.p.at(n, "%s must be a length of time such as 2m1s", what)
		return 0
	}
	return length
}

// word is a text out of a closed list.
func (d *decoder) word(n *node, what string, allowed []string) string {
	if n == nil {
		return ""
	}
	word := d.text(n, what)
	if word != "" && !slices.Contains(allowed, word) {
		d.p.at(n, "unknown %s %q%s; one of %s", what, word, didYouMean(word, allowed), strings.Join(allowed, ", "))
		return ""
	}
	return word
}

func (d *decoder) role(n *node) Role {
	names := make([]string, len(Roles))
	for i, r := range Roles {
		names[i] = string(r)
	}
	return Role(d.word(n, "role", names))
}

// scenario decodes one scenario, cases resolved.
func (d *decoder) scenario(n *node) *Scenario {
	fields := d.fields(n, "scenario")
	s := &Scenario{
		Position:  Position{File: d.p.File, Line: n.line, Column: n.column},
		ID:        d.text(fields["id"], "id"),
		Summary:   d.text(fields["summary"], "summary"),
		Level:     Level(d.word(fields["level"], "level", levelNames())),
		Evidence:  d.word(fields["evidence"], "evidence mark", evidences),
		Source:    d.text(fields["source"], "source"),
		Why:       d.text(fields["why"], "why"),
		Tags:      d.texts(fields["tags"], "tags"),
		Isolation: Isolation(d.word(fields["isolation"], "isolation", []string{string(Shared), string(OwnProject)})),
	}
	d.releases(fields, s)
	for _, item := range d.list(fields["needs"], "needs") {
		s.Needs = append(s.Needs, d.word(item, "need", needs))
	}
	if s.Isolation == "" {
		s.Isolation = Shared
	}
	d.head(n, fields, s)
	d.known = (&Scenario{Given: Given{Other: true}}).names()
	s.Given = d.given(fields["given"], s)
	d.steps(fields["steps"], s)
	if s.Isolation != OwnProject && (s.need(NeedLicence) || s.need(NeedUnlicensed)) {
		d.p.at(n, "to take the licence away needs isolation: project, as others share the project")
	}
	if s.Given.Project.Group != "" && s.withAdmin() {
		d.p.at(n, "a scenario of the administrator who is no member needs a project of somebody else's, and the "+
			"run's group is the administrator's")
	}
	if s.withCustomRoles() && s.withAdmin() {
		d.p.at(n, "members with abilities and the role admin do not go together: the administrator owns the project "+
			"in which custom roles count")
	}
	if fields["steps"] == nil || fields["steps"].list && len(fields["steps"].items) == 0 {
		d.p.at(n, "the scenario has no steps")
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
func (d *decoder) head(n *node, fields map[string]*node, s *Scenario) {
	for _, key := range []string{"id", "summary", "level", "evidence", "source"} {
		if fields[key] == nil {
			d.p.at(n, "%s is missing", key)
		}
	}
	if id := fields["id"]; id != nil && s.ID != "" && !idPattern.MatchString(s.ID) {
		d.p.at(id, "the id %q must be lower-case words with dashes, parts joined by dots, as in respond.stale-sha",
			s.ID)
	}
	if len(s.ID) > maxID {
		d.p.at(fields["id"], "the id is longer than %d letters; names on the target are made from it", maxID)
	}
	derived := s.Evidence == "D" || s.Evidence == "U"
	if s.Level == Must && derived {
		d.p.at(fields["level"], "what is only derived (D) or unverified (U) is observed, not must")
	}
	if s.Level == Observed && s.Evidence != "" && !derived {
		d.p.at(fields["level"], "what is asserted (S), read in the source (V) or seen by running it (R) is must, "+
			"not observed")
	}
}

func (d *decoder) given(n *node, s *Scenario) Given {
	fields := d.fields(n, "given")
	var g Given
	project := d.fields(fields["project"], "project")
	g.Project.Visibility = d.word(project["visibility"], "visibility", visibilities)
	if g.Project.Visibility == "" {
		g.Project.Visibility = "private"
	}
	if settings := project["settings"]; settings != nil {
		g.Project.Settings = d.values(settings, "settings", "updateProject")
		if s.Isolation != OwnProject {
			d.p.at(settings, "project settings need isolation: project, as others share the project")
		}
	}
	g.Project.Group = d.word(project["group"], "group", groupPlaces)
	d.ofGroup(project["group"], &g.Project, s)
	g.Other = d.flag(fields["other"], "other")
	for _, entry := range d.keyed(fields["branches"], "branches") {
		g.Branches = append(g.Branches, d.branch(entry))
	}
	s.Given = g
	d.known = s.names()
	for _, entry := range d.keyed(fields["checks"], "checks") {
		g.Checks = append(g.Checks, d.check(entry, g.Branches))
	}
	for _, entry := range d.keyed(fields["tokens"], "tokens") {
		g.Tokens = append(g.Tokens, d.token(entry))
	}
	for _, entry := range d.keyed(fields["members"], "members") {
		g.Members = append(g.Members, d.member(entry))
	}
	if mr := fields["merge_request"]; mr != nil {
		g.MergeRequest = d.mergeRequest(mr, g.Branches)
	}
	s.Given = g
	d.known = s.names()
	g.Replies = d.replies(fields["replies"], s)
	s.Given = g
	d.known = s.names()
	return g
}

// keyed gives the entries of a mapping whose keys are the author's.
func (d *decoder) keyed(n *node, what string) []pair {
	if n == nil {
		return nil
	}
	if !n.mapping() {
		d.p.at(n, "%s must be a mapping of keys to descriptions, not %s", what, n.kind())
		return nil
	}
	for _, p := range n.pairs {
		if !keyPattern.MatchString(p.key.text) {
			d.p.at(p.key, "the key %q must be a lower-case word", p.key.text)
		}
	}
	return n.pairs
}

func (d *decoder) branch(entry pair) BranchGiven {
	fields := d.fields(entry.value, "branch")
	b := BranchGiven{
		Key:       entry.key.text,
		Name:      d.text(fields["name"], "name"),
		Protected: d.flag(fields["protected"], "protected"),
		Wildcard:  d.flag(fields["wildcard"], "wildcard"),
		Group:     d.flag(fields["group"], "group"),
	}
	d.refer(fields["name"])
	if b.Key == "main" {
		d.p.at(entry.key, "main is the default branch and always there")
	}
	if b.Group && b.Protected {
		d.p.at(entry.key, "a branch is protected in the project or in the group: leave protected or group out")
	}
	if b.Wildcard && b.Name == "" {
		d.p.at(entry.key, "a wildcard needs a name such as \"release-*\"")
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

func (d *decoder) check(entry pair, branches []BranchGiven) CheckGiven {
	fields := d.fields(entry.value, "check")
	c := CheckGiven{
		Key:         entry.key.text,
		Name:        d.text(fields["name"], "name"),
		ExternalURL: d.text(fields["external_url"], "external_url"),
		Secret:      d.text(fields["secret"], "secret"),
		Before:      d.flag(fields["before"], "before"),
	}
	d.known = append(d.known, "hook")
	for _, key := range []string{"name", "external_url", "secret"} {
		d.refer(fields[key])
	}
	d.known = d.known[:len(d.known)-1]
	for _, item := range d.list(fields["branches"], "branches") {
		c.Branches = append(c.Branches, d.word(item, "branch", branchKeys(branches)))
	}
	return c
}

func (d *decoder) token(entry pair) TokenGiven {
	fields := d.fields(entry.value, "token")
	t := TokenGiven{
		Key: entry.key.text, Role: d.role(fields["role"]), Scopes: d.texts(fields["scopes"], "scopes"),
		Revoked: d.flag(fields["revoked"], "revoked"),
	}
	if t.Role == "" {
		t.Role = Maintainer
	}
	if _, isMember := accessLevels[t.Role]; !isMember {
		d.p.at(fields["role"], "a token is that of a member of the project: guest to owner")
	}
	if len(t.Scopes) == 0 {
		d.p.at(entry.key, "a token needs scopes, such as [read_api]")
	}
	if days := fields["days"]; days != nil {
		count, isNumber := days.value.(int64)
		if t.Days = int(count); !isNumber || count < 1 || count > 7 {
			d.p.at(days, "days must be a number from 1 to 7")
		}
	}
	return t
}

func (d *decoder) member(entry pair) MemberGiven {
	fields := d.fields(entry.value, "member")
	m := MemberGiven{Key: entry.key.text, Role: d.role(fields["role"]), Group: d.flag(fields["group"], "group")}
	if _, isMember := accessLevels[m.Role]; !isMember {
		d.p.at(entry.key, "a member needs a role from guest to owner, which is the access level")
	}
	for _, item := range d.list(fields["abilities"], "abilities") {
		m.Abilities = append(m.Abilities, d.word(item, "ability", customAbilities()))
	}
	if m.Group && len(m.Abilities) > 0 {
		d.p.at(fields["abilities"], "a custom role is one in the project, and this member is none of it")
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

func (d *decoder) mergeRequest(n *node, branches []BranchGiven) *MergeRequestGiven {
	fields := d.fields(n, "merge_request")
	mr := &MergeRequestGiven{
		Target:   d.word(fields["target"], "branch", branchKeys(branches)),
		Author:   d.role(fields["author"]),
		Assignee: d.role(fields["assignee"]),
		Draft:    d.flag(fields["draft"], "draft"),
	}
	if mr.Author == "" {
		mr.Author = Creator
	}
	if mr.Target == "" {
		mr.Target = "main"
	}
	return mr
}

// refer checks every reference in a node's texts.
func (d *decoder) refer(n *node) {
	if n == nil {
		return
	}
	if text, isText := n.value.(string); n.scalar && isText {
		for _, name := range references(text) {
			d.reference(n, name)
		}
	}
	for _, item := range n.items {
		d.refer(item)
	}
	for _, p := range n.pairs {
		if p.key.text != "$expr" {
			d.refer(p.value)
		}
	}
}

func (d *decoder) reference(n *node, name string) {
	if _, is := byteNamed(name); is {
		if !d.bytes {
			d.p.at(n, "${%s} stands in raw and in headers only: elsewhere a request holds text", name)
		}
		return
	}
	if slices.Contains(d.known, name) {
		return
	}
	root := strings.SplitN(name, ".", 2)[0]
	if slices.Contains(d.captured, root) {
		return
	}
	known := append(slices.Clone(d.known), d.captured...)
	sort.Strings(known)
	d.p.at(n, "nothing sets ${%s}%s", name, didYouMean(name, known))
}
