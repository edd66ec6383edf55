package mockserver

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/seed"

	"github.com/statuschecks/statuschecks/mockserver/control"
)

// accessLevels maps the names of roles in a seed to their levels.
var accessLevels = map[string]gitlab.AccessLevel{
	"guest": gitlab.Guest, "planner": gitlab.Planner, "reporter": gitlab.Reporter,
	"security_manager": gitlab.SecurityManager,
	"developer":        gitlab.Developer, "maintainer": gitlab.Maintainer, "owner": gitlab.Owner,
}

// plant fills an empty state with what the seed describes. If ids are given, the order in the seed does not matter:
// every item first gets its id and is then stored in the order of ids. It fails if the seed is inconsistent.
func plant(tx *gitlab.Tx, d seed.Document) error {
	if err := d.Check(); err != nil {
		return err
	}
	if rows, ok := d.Stored(); ok {
		plantRows(tx, d, rows)
		return nil
	}
	settings := tx.Settings()
	settings.Licensed = d.Licensed == nil || *d.Licensed
	settings.BlockLocalRequests = settings.BlockLocalRequests || d.Settings.BlockLocalRequests
	settings.DenyOutbound = d.Settings.DenyOutbound
	settings.SHARequirement = gitlab.SHARequirement{
		Required: gitlab.Chosen(d.Settings.RequireSHAForMerge),
		Locked:   d.Settings.LockRequireSHAForMerge,
	}
	if len(d.Settings.RateLimits) > 0 {
		settings.RateLimits = gitlab.RateLimits{}
	}
	for _, text := range d.Settings.RateLimits {
		if err := settings.RateLimits.ParseRateLimit(text); err != nil {
			return err
		}
	}
	settings.Writing = writingOf(control.WriteMode(d.Settings.Writing), d.Settings.MaintenanceMessage)
	tx.SetSettings(settings)
	p := &planter{
		tx: tx, document: numbered(d), users: map[string]gitlab.User{},
		groups: map[string]gitlab.NamespaceID{},
	}
	for _, step := range []func() error{p.plantGroups, p.plantUsers, p.plantGroupRules, p.plantProjects} {
		if err := step(); err != nil {
			return fmt.Errorf("plant the seed: %w", err)
		}
	}
	return nil
}

// plantRows stores what an export tells.
func plantRows(tx *gitlab.Tx, d seed.Document, rows gitlab.Rows) {
	before := tx.Settings()
	tx.InsertRows(rows)
	settings := rows.Settings
	settings.BlockLocalRequests = settings.BlockLocalRequests || before.BlockLocalRequests
	if settings.RateLimits == (gitlab.RateLimits{}) {
		settings.RateLimits = before.RateLimits
	}
	if d.Licensed != nil {
		settings.Licensed = *d.Licensed
	}
	tx.SetSettings(settings)
}

// numbered returns a copy in which every item has an id, and each kind of item is sorted by id.
func numbered(d seed.Document) seed.Document {
	d.Users, d.Groups, d.Projects = slices.Clone(d.Users), slices.Clone(d.Groups), slices.Clone(d.Projects)
	numberAll(d.Users, func(u *seed.User) *int64 { return &u.ID })
	numberAll(d.Groups, func(g *seed.Group) *int64 { return &g.ID })
	numberAll(d.Projects, func(p *seed.Project) *int64 { return &p.ID })
	tokens, branches, checks, requests, responses := &numbering{}, &numbering{}, &numbering{}, &numbering{},
		&numbering{}
	labels, milestones, cars := &numbering{}, &numbering{}, &numbering{}
	for i := range d.Users {
		d.Users[i].Tokens = slices.Clone(d.Users[i].Tokens)
		gather(tokens, d.Users[i].Tokens, func(t *seed.AccessToken) *int64 { return &t.ID })
	}
	for i := range d.Groups {
		d.Groups[i].ProtectedBranches = slices.Clone(d.Groups[i].ProtectedBranches)
		gather(branches, d.Groups[i].ProtectedBranches, func(b *seed.ProtectedBranch) *int64 { return &b.ID })
	}
	for i := range d.Projects {
		p := &d.Projects[i]
		p.ProtectedBranches, p.ExternalStatusChecks = slices.Clone(p.ProtectedBranches),
			slices.Clone(p.ExternalStatusChecks)
		p.MergeRequests, p.Labels, p.Milestones = slices.Clone(p.MergeRequests), slices.Clone(p.Labels),
			slices.Clone(p.Milestones)
		gather(labels, p.Labels, func(l *seed.Label) *int64 { return &l.ID })
		gather(milestones, p.Milestones, func(m *seed.Milestone) *int64 { return &m.ID })
		gather(branches, p.ProtectedBranches, func(b *seed.ProtectedBranch) *int64 { return &b.ID })
		gather(checks, p.ExternalStatusChecks, func(c *seed.ExternalStatusCheck) *int64 { return &c.ID })
		gather(requests, p.MergeRequests, func(m *seed.MergeRequest) *int64 { return &m.ID })
		numberAll(p.MergeRequests, func(m *seed.MergeRequest) *int64 { return &m.IID })
		for j := range p.MergeRequests {
			p.MergeRequests[j].Responses = slices.Clone(p.MergeRequests[j].Responses)
			gather(responses, p.MergeRequests[j].Responses, func(r *seed.Response) *int64 { return &r.ID })
			if car := &p.MergeRequests[j].MergeTrainCar; car.Status != "" {
				cars.ids = append(cars.ids, &car.ID)
			}
		}
	}
	for _, n := range []*numbering{tokens, branches, checks, requests, responses, labels, milestones, cars} {
		n.number()
	}
	slices.SortFunc(d.Users, func(a, b seed.User) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(d.Projects, func(a, b seed.Project) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(d.Groups, func(a, b seed.Group) int { // parents first
		return cmp.Or(cmp.Compare(strings.Count(a.Path, "/"), strings.Count(b.Path, "/")), cmp.Compare(a.ID, b.ID))
	})
	return d
}

// numbering collects the ids of one kind of item.
type numbering struct{ ids []*int64 }

func gather[T any](n *numbering, things []T, id func(*T) *int64) {
	for i := range things {
		n.ids = append(n.ids, id(&things[i]))
	}
}

func numberAll[T any](things []T, id func(*T) *int64) {
	n := &numbering{}
	gather(n, things, id)
	n.number()
}

// number gives ids to the items that have none. These ids are greater than all given ids.
func (n *numbering) number() {
	highest := int64(0)
	for _, id := range n.ids {
		highest = max(highest, *id)
	}
	for _, id := range n.ids {
		if *id == 0 {
			highest++
			*id = highest
		}
	}
}

// planter stores a numbered seed.
type planter struct {
	tx       *gitlab.Tx
	document seed.Document
	users    map[string]gitlab.User
	groups   map[string]gitlab.NamespaceID
}

func lastPart(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

func parentPart(path string) string {
	return path[:max(0, strings.LastIndexByte(path, '/'))]
}

func (p *planter) plantGroups() error {
	for _, g := range p.document.Groups {
		n, err := p.tx.CreateGroup(gitlab.Namespace{
			ID: gitlab.NamespaceID(g.ID), Name: cmp.Or(g.Name, lastPart(g.Path)), Path: lastPart(g.Path),
			ParentID:    p.groups[parentPart(g.Path)],
			Description: g.Description, Visibility: gitlab.Visibility(g.Visibility), CreatedAt: g.CreatedAt,
			SHARequirement: gitlab.SHARequirement{
				Required: gitlab.Chosen(g.RequireSHAForMerge),
				Locked:   g.LockRequireSHAForMerge,
			},
		})
		if err != nil {
			return fmt.Errorf("group %s: %w", g.Path, err)
		}
		p.groups[g.Path] = n.ID
	}
	return nil
}

func (p *planter) plantUsers() error {
	for _, u := range p.document.Users {
		stored, err := p.tx.CreateUser(gitlab.User{
			ID: gitlab.UserID(u.ID), Username: u.Username, Name: cmp.Or(u.Name, u.Username),
			Email:       cmp.Or(u.Email, u.Username+"@example.com"),
			PublicEmail: u.PublicEmail, Admin: u.Admin, External: u.External, Blocked: u.Blocked,
			CreatedAt: u.CreatedAt,
		})
		if err != nil {
			return fmt.Errorf("user %s: %w", u.Username, err)
		}
		p.users[u.Username] = stored
		if home, ok := p.tx.NamespaceByPath(u.Username); ok {
			p.groups[u.Username] = home.ID
		}
		for i, t := range u.Tokens {
			scopes := t.Scopes
			if len(scopes) == 0 {
				scopes = []string{"api"}
			}
			p.tx.CreateToken(gitlab.Token{
				ID: gitlab.TokenID(t.ID), Kind: gitlab.PersonalToken, UserID: stored.ID,
				Name:   cmp.Or(t.Name, fmt.Sprintf("token %d", i+1)),
				Scopes: scopes, ExpiresOn: day(t.ExpiresOn), Revoked: t.Revoked, CreatedAt: t.CreatedAt,
			}, t.Secret)
		}
	}
	return nil
}

// day is midnight at the beginning of a day; the zero time for an empty text.
func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}
	}
	return t
}

func (p *planter) plantGroupRules() error {
	for _, g := range p.document.Groups {
		for _, m := range g.Members {
			p.member(gitlab.Member{NamespaceID: p.groups[g.Path]}, m)
		}
		for _, b := range byID(g.ProtectedBranches, func(b seed.ProtectedBranch) int64 { return b.ID }) {
			p.protect(gitlab.ProtectedBranch{NamespaceID: p.groups[g.Path]}, b)
		}
	}
	return nil
}

func byID[T any](things []T, id func(T) int64) []T {
	return slices.SortedFunc(slices.Values(things), func(a, b T) int { return cmp.Compare(id(a), id(b)) })
}

func (p *planter) member(in gitlab.Member, m seed.Member) {
	in.UserID, in.ExpiresOn = p.users[m.User].ID, day(m.ExpiresOn)
	in.AccessLevel = accessLevels[cmp.Or(m.AccessLevel, m.CustomRole.Base)]
	for _, a := range m.CustomRole.Abilities {
		in.Abilities = append(in.Abilities, gitlab.Ability(a))
	}
	p.tx.SetMember(in)
}

func (p *planter) protect(in gitlab.ProtectedBranch, b seed.ProtectedBranch) gitlab.ProtectedBranchID {
	in.ID, in.Name, in.AllowForcePush, in.CodeOwnerApprovalRequired = gitlab.ProtectedBranchID(b.ID), b.Name,
		b.AllowForcePush, b.CodeOwnerApprovalRequired
	in.PushAccessLevels, in.MergeAccessLevels = p.access(b.PushAccessLevels), p.access(b.MergeAccessLevels)
	in.UnprotectAccessLevels = p.access(b.UnprotectAccessLevels)
	for _, levels := range []*[]gitlab.BranchAccess{&in.PushAccessLevels, &in.MergeAccessLevels} {
		if len(*levels) == 0 {
			*levels = []gitlab.BranchAccess{{AccessLevel: gitlab.Maintainer}}
		}
	}
	return p.tx.InsertProtectedBranch(in).ID
}

func (p *planter) access(levels []seed.BranchAccess) []gitlab.BranchAccess {
	var list []gitlab.BranchAccess
	for _, l := range levels {
		access := gitlab.BranchAccess{
			AccessLevel: accessLevels[l.AccessLevel], UserID: p.users[l.User].ID,
			GroupID: p.groups[l.Group],
		}
		if l.AccessLevel == "" {
			access.AccessLevel = gitlab.Maintainer
		}
		list = append(list, access)
	}
	return list
}

func (p *planter) plantProjects() error {
	protected := map[gitlab.ProjectID]map[string]gitlab.ProtectedBranchID{}
	for _, sp := range parentsFirst(p.document.Projects) {
		if err := p.plantProject(sp); err != nil {
			return fmt.Errorf("project %s: %w", sp.Path, err)
		}
	}
	for _, sp := range p.document.Projects {
		id := gitlab.ProjectID(sp.ID)
		for _, b := range byID(sp.ProtectedBranches, func(b seed.ProtectedBranch) int64 { return b.ID }) {
			p.protect(gitlab.ProtectedBranch{ProjectID: id}, b)
		}
		protected[id] = map[string]gitlab.ProtectedBranchID{}
		stored, _ := p.tx.Project(id)
		for _, b := range p.tx.ProtectedBranches(stored) {
			if _, own := protected[id][b.Name]; !own || b.ProjectID == id {
				protected[id][b.Name] = b.ID
			}
		}
	}
	for _, sp := range p.document.Projects {
		p.plantLabels(sp)
		checks := p.plantChecks(sp, protected[gitlab.ProjectID(sp.ID)])
		for _, sm := range byID(sp.MergeRequests, func(m seed.MergeRequest) int64 { return m.ID }) {
			p.plantMergeRequest(sp, sm, checks)
		}
	}
	return nil
}

func (p *planter) plantProject(sp seed.Project) error {
	id := gitlab.ProjectID(sp.ID)
	creator := p.users[sp.Creator].ID
	settings := sp.Settings
	_, err := p.tx.CreateProject(gitlab.Project{
		ID: id, NamespaceID: p.groups[parentPart(sp.Path)], CreatorID: creator,
		Name: cmp.Or(sp.Name, lastPart(sp.Path)), Path: lastPart(sp.Path),
		Description: sp.Description, Visibility: gitlab.Visibility(sp.Visibility), DefaultBranch: defaultBranchOf(sp),
		Archived: sp.Archived, CreatedAt: sp.CreatedAt,
		RequirePassingStatusChecks: settings.RequirePassingStatusChecks,
		RequireResolvedDiscussions: settings.RequireResolvedDiscussions,
		RequireSucceededPipeline:   settings.RequireSucceededPipeline, RemoveSourceBranch: settings.RemoveSourceBranch,
		MergeMethod: settings.MergeMethod, SquashOption: settings.SquashOption,
		ApprovalsRequired: int(settings.ApprovalsRequired),
		AuthorMayApprove:  settings.AuthorMayApprove, ApprovalsReset: settings.ApprovalsReset,
		Licence: gitlab.Chosen(sp.Licensed), Plain: plainSettings(settings),
	})
	if err != nil {
		return err
	}
	if m, ok := p.tx.ProjectMember(id, creator); ok {
		p.tx.RemoveMember(m)
	}
	for _, m := range sp.Members {
		p.member(gitlab.Member{ProjectID: id}, m)
	}
	p.plantFork(sp)
	p.plantBranches(sp)
	return nil
}

func defaultBranchOf(sp seed.Project) string {
	var names []string
	for _, b := range sp.Branches {
		names = append(names, b.Name)
	}
	slices.Sort(names)
	for _, usual := range []string{"main", "master"} {
		if slices.Contains(names, usual) {
			return cmp.Or(sp.DefaultBranch, usual)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return cmp.Or(sp.DefaultBranch, names[0])
}

// plantBranches stores each branch after the branch where it begins, and otherwise by name.
func (p *planter) plantBranches(sp seed.Project) {
	waiting := map[string]seed.Branch{}
	for _, b := range sp.Branches {
		waiting[b.Name] = b
	}
	for len(waiting) > 0 {
		for _, name := range slices.Sorted(maps.Keys(waiting)) {
			if _, later := waiting[waiting[name].From]; !later {
				p.plantBranch(sp, waiting[name])
				delete(waiting, name)
			}
		}
	}
}

func (p *planter) plantBranch(sp seed.Project, b seed.Branch) {
	id := gitlab.ProjectID(sp.ID)
	head := p.fetched(sp, b.From)
	if from, ok := p.tx.Branch(id, cmp.Or(b.From, b.Name)); ok {
		head, _ = p.tx.Commit(id, from.SHA)
	}
	for _, sc := range b.Commits {
		tree := maps.Clone(head.Tree)
		if tree == nil {
			tree = map[string]string{}
		}
		maps.Copy(tree, sc.Files)
		for _, path := range sc.Removed {
			delete(tree, path)
		}
		author := p.users[sc.Author]
		c := gitlab.Commit{
			ProjectID: id, SHA: sc.SHA, Message: sc.Message, AuthorName: cmp.Or(author.Name, "Nobody"),
			AuthorEmail: cmp.Or(author.Email, "nobody@example.com"),
			CreatedAt:   sc.CreatedAt, Tree: tree,
		}
		if head.SHA != "" {
			c.ParentSHAs = []string{head.SHA}
		}
		head = p.tx.SeedCommit(c)
	}
	p.tx.SeedBranch(gitlab.Branch{ProjectID: id, Name: b.Name, SHA: head.SHA})
}

// plantChecks returns the ids of the checks by name.
func (p *planter) plantChecks(sp seed.Project,
	protected map[string]gitlab.ProtectedBranchID,
) map[string]gitlab.CheckID {
	ids := map[string]gitlab.CheckID{}
	for _, sc := range byID(sp.ExternalStatusChecks, func(c seed.ExternalStatusCheck) int64 { return c.ID }) {
		c := gitlab.ExternalStatusCheck{
			ID: gitlab.CheckID(sc.ID), ProjectID: gitlab.ProjectID(sp.ID), Name: sc.Name,
			ExternalURL:  strings.TrimSpace(sc.ExternalURL),
			SharedSecret: sc.SharedSecret, CreatedAt: sc.CreatedAt,
		}
		for _, name := range sc.ProtectedBranches {
			c.ProtectedBranchIDs = append(c.ProtectedBranchIDs, protected[name])
		}
		ids[c.Name] = p.tx.SeedExternalStatusCheck(c).ID
	}
	return ids
}

// plantLabels stores the labels and milestones of a project.
func (p *planter) plantLabels(sp seed.Project) {
	for _, l := range byID(sp.Labels, func(l seed.Label) int64 { return l.ID }) {
		p.tx.InsertLabel(gitlab.Label{
			ID: gitlab.LabelID(l.ID), ProjectID: gitlab.ProjectID(sp.ID), Title: l.Name, Color: gitlab.ColorOf(l.Color),
			Description: l.Description, HasPriority: l.Priority != nil, Priority: value(l.Priority),
		})
	}
	for _, m := range byID(sp.Milestones, func(m seed.Milestone) int64 { return m.ID }) {
		p.tx.InsertMilestone(gitlab.Milestone{
			ID: gitlab.MilestoneID(m.ID), ProjectID: gitlab.ProjectID(sp.ID), Title: m.Title, State: m.State,
			Description: m.Description, StartsOn: m.StartDate, DueOn: m.DueDate, CreatedAt: m.CreatedAt,
		})
	}
}

func (p *planter) plantMergeRequest(sp seed.Project, sm seed.MergeRequest, checks map[string]gitlab.CheckID) {
	id := gitlab.ProjectID(sp.ID)
	from := p.sourceOf(sp, sm)
	source, _ := p.tx.Branch(from, sm.SourceBranch)
	mr := gitlab.MergeRequest{
		ID: gitlab.MergeRequestID(sm.ID), IID: gitlab.MergeRequestIID(sm.IID), ProjectID: id, SourceProjectID: from,
		AuthorID:    p.users[sm.Author].ID,
		AssigneeIDs: p.userIDs(sm.Assignees), ReviewerIDs: p.userIDs(sm.Reviewers), Title: sm.Title,
		Description: sm.Description, Labels: sm.Labels,
		State: gitlab.MergeRequestState(cmp.Or(sm.State, "opened")), SourceBranch: sm.SourceBranch,
		TargetBranch: sm.TargetBranch,
		HeadSHA:      cmp.Or(sm.SHA, source.SHA), CreatedAt: sm.CreatedAt,
	}
	if sm.RemoveSourceBranch {
		mr.RemoveSourceBranch = gitlab.Yes
	}
	for _, m := range p.tx.Milestones(id) {
		if m.Title == sm.Milestone {
			mr.MilestoneID = m.ID
		}
	}
	mr = p.tx.InsertMergeRequest(mr)
	for _, u := range p.userIDs(sm.ApprovedBy) {
		mr.Approvals = append(mr.Approvals, gitlab.Approval{UserID: u, At: mr.CreatedAt})
	}
	switch mr.State {
	case gitlab.Closed:
		mr.ClosedAt, mr.ClosedByID = mr.CreatedAt, mr.AuthorID
	case gitlab.Merged:
		mr.MergedAt, mr.MergeUserID = mr.CreatedAt, mr.AuthorID
	}
	mr = p.tx.PrepareNow(mr)
	for _, sr := range byID(sm.Responses, func(r seed.Response) int64 { return r.ID }) {
		p.tx.SeedResponse(gitlab.StatusCheckResponse{
			ID: gitlab.ResponseID(sr.ID), MergeRequestID: mr.ID, CheckID: checks[sr.Check],
			SHA:    cmp.Or(sr.SHA, mr.HeadSHA),
			Status: gitlab.Status(sr.Status), CreatedAt: sr.CreatedAt,
		})
	}
	if car := sm.MergeTrainCar; car.Status != "" {
		p.tx.InsertMergeTrainCar(mr, gitlab.MergeTrainCar{
			ID: gitlab.MergeTrainCarID(car.ID), UserID: p.users[cmp.Or(car.User, sm.Author)].ID,
			Status: gitlab.CarStatus(car.Status), CreatedAt: car.CreatedAt, UpdatedAt: car.UpdatedAt,
			MergedAt: car.MergedAt,
		})
	}
}

func (p *planter) userIDs(names []string) []gitlab.UserID {
	var ids []gitlab.UserID
	for _, name := range names {
		ids = append(ids, p.users[name].ID)
	}
	return ids
}

// plainSettings are those settings of a project that are kept as requests bring them.
func plainSettings(s seed.ProjectSettings) map[string]any {
	if !s.MergeOnSkippedPipeline {
		return nil
	}
	return map[string]any{"allow_merge_on_skipped_pipeline": true}
}
