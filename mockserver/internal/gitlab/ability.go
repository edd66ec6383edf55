package gitlab

import "slices"

// Ability is a named permission, spelt as GitLab's policies spell it.
type Ability string

// The abilities that the operations ask for.
const (
	ReadProject                     Ability = "read_project"
	AdminProject                    Ability = "admin_project"
	RemoveProject                   Ability = "remove_project"
	ArchiveProject                  Ability = "archive_project"
	ManageMergeRequestSettings      Ability = "manage_merge_request_settings"
	AdminProjectMember              Ability = "admin_project_member"
	ManageResourceAccessTokens      Ability = "manage_resource_access_tokens"
	ReadProjectAuditEvents          Ability = "read_project_audit_events"
	ReadCode                        Ability = "read_code"
	PushCode                        Ability = "push_code"
	AdminProtectedBranch            Ability = "admin_protected_branch"
	ReadMergeRequest                Ability = "read_merge_request"
	CreateMergeRequestIn            Ability = "create_merge_request_in"
	UpdateMergeRequest              Ability = "update_merge_request"
	ApproveMergeRequest             Ability = "approve_merge_request"
	AcceptMergeRequest              Ability = "accept_merge_request"
	CreateNote                      Ability = "create_note"
	ReadExternalStatusCheckResponse Ability = "read_external_status_check_response"
	ProvideStatusCheckResponse      Ability = "provide_status_check_response"
	RetryFailedStatusChecks         Ability = "retry_failed_status_checks"
	ReadMergeRequestStatusCheckURL  Ability = "read_merge_request_status_check_url"
	AdminMergeRequest               Ability = "admin_merge_request" // given by custom roles
	ReadGroup                       Ability = "read_group"
	CreateProjects                  Ability = "create_projects"
	AdminGroup                      Ability = "admin_group"
)

// Actor is who calls. The zero Actor is nobody: a caller who is not signed in.
type Actor struct {
	User  User
	Token Token
}

// Anonymous says whether nobody is signed in.
func (a Actor) Anonymous() bool { return a.User.ID == 0 }

// Admin says whether the caller is an administrator.
func (a Actor) Admin() bool { return a.User.Admin }

// Role is what a user may do in a project by membership: the highest access level, and what custom roles add.
type Role struct {
	AccessLevel AccessLevel
	Abilities   []Ability
}

// Member says whether there is any membership.
func (r Role) Member() bool { return r.AccessLevel > NoAccess }

// Role finds a user's role in a project: its own and those of the groups above it, the highest of them.
func (tx *Tx) Role(p Project, u UserID) Role {
	var r Role
	add := func(m Member, ok bool) {
		if !ok || (!m.ExpiresOn.IsZero() && !tx.Now.Before(m.ExpiresOn)) {
			return
		}
		r.AccessLevel = max(r.AccessLevel, m.AccessLevel)
		r.Abilities = append(r.Abilities, m.Abilities...)
	}
	add(tx.ProjectMember(p.ID, u))
	for _, n := range tx.ancestors(p.NamespaceID) {
		if n.Kind == UserNamespace && n.OwnerID == u {
			add(Member{AccessLevel: Owner}, true)
		}
		add(tx.GroupMember(n.ID, u))
	}
	return r
}

// Can says whether the actor has an ability on a project.
func (tx *Tx) Can(a Actor, ability Ability, p Project) bool {
	if a.Anonymous() {
		return p.Visibility == Public && slices.Contains([]Ability{ReadProject, ReadCode, ReadMergeRequest}, ability)
	}
	role := tx.Role(p, a.User.ID)
	if a.Admin() {
		role.AccessLevel = Owner
	}
	if p.Archived && !slices.Contains(abilitiesOfArchived, ability) {
		return false
	}
	return tx.seesProject(a, p, role, ability) || slices.Contains(role.Abilities, ability) || allowedFrom(ability, role.AccessLevel)
}

// seesProject gives what everybody has who can see a project that is not private.
func (tx *Tx) seesProject(a Actor, p Project, role Role, ability Ability) bool {
	open := p.Visibility == Public || (p.Visibility == Internal && !a.User.External)
	switch ability {
	case ReadProject:
		return open || role.Member()
	case ReadCode, ReadMergeRequest, CreateNote:
		return open
	}
	return false
}

// lowest maps an ability to the lowest access level that has it.
var lowest = map[Ability]AccessLevel{
	ReadProject:                Guest,
	ReadCode:                   Reporter,
	ReadMergeRequest:           Reporter,
	CreateNote:                 Reporter,
	PushCode:                   Developer,
	CreateMergeRequestIn:       Developer,
	AdminProject:               Maintainer,
	ManageMergeRequestSettings: Maintainer,
	AdminProtectedBranch:       Maintainer,
	AdminProjectMember:         Maintainer,
	ManageResourceAccessTokens: Maintainer,
	ReadProjectAuditEvents:     Developer,
	ArchiveProject:             Owner,
	RemoveProject:              Owner,
}

func allowedFrom(ability Ability, level AccessLevel) bool {
	from, known := lowest[ability]
	if !known {
		return false
	}
	if level == Planner || level == SecurityManager { // outside the ladder: they see merge requests, they do not touch code
		return from <= Guest || ability == ReadMergeRequest || ability == CreateNote || (level == SecurityManager && from <= Reporter)
	}
	return level >= from
}

// abilitiesOfArchived are those that archiving a project, or marking it for deletion, does not take away.
var abilitiesOfArchived = []Ability{
	ReadProject, ReadCode, ReadMergeRequest, AdminProject, ManageMergeRequestSettings, AdminProjectMember, ManageResourceAccessTokens,
	ReadProjectAuditEvents, ArchiveProject, RemoveProject, AdminProtectedBranch,
}

// CanOn says whether the actor has an ability on a merge request.
func (tx *Tx) CanOn(a Actor, ability Ability, mr MergeRequest) bool {
	p, ok := tx.Project(mr.ProjectID)
	if !ok || a.Anonymous() {
		return ok && tx.Can(a, ability, p)
	}
	role := tx.Role(p, a.User.ID)
	developer := a.Admin() || role.AccessLevel >= Developer
	switch ability {
	case UpdateMergeRequest:
		return !p.Archived && (developer || slices.Contains(role.Abilities, AdminMergeRequest) ||
			(mr.involves(a.User.ID) && tx.Can(a, ReadMergeRequest, p)))
	case ApproveMergeRequest:
		return role.Member() && tx.CanOn(a, UpdateMergeRequest, mr)
	case AcceptMergeRequest:
		return !p.Archived && tx.CanPushTo(a, p, mr.TargetBranch, true)
	case ReadExternalStatusCheckResponse:
		return tx.canReadResponses(a, p, role)
	case ProvideStatusCheckResponse, RetryFailedStatusChecks:
		return tx.Licensed(p) && developer
	case ReadMergeRequestStatusCheckURL:
		return developer
	}
	return tx.Can(a, ability, p)
}

func (tx *Tx) canReadResponses(a Actor, p Project, role Role) bool {
	internal := p.Visibility == Internal && !a.User.External && tx.Can(a, ReadMergeRequest, p)
	return a.Admin() || role.AccessLevel >= Reporter || internal
}

// CanPushTo says whether the actor may push to a branch or, with merge, merge into it: Developers to any that is not protected, and
// whoever the protection names.
func (tx *Tx) CanPushTo(a Actor, p Project, branch string, merge bool) bool {
	if !tx.Can(a, PushCode, p) {
		return false
	}
	level := tx.Role(p, a.User.ID).AccessLevel
	protected := false
	for _, b := range tx.ProtectedBranches(p) {
		if !b.Matches(branch) {
			continue
		}
		protected = true
		allowed := b.PushAccessLevels
		if merge {
			allowed = b.MergeAccessLevels
		}
		for _, l := range allowed {
			if a.Admin() || (l.UserID != 0 && l.UserID == a.User.ID) || (l.UserID == 0 && l.AccessLevel > NoAccess && level >= l.AccessLevel) {
				return true
			}
		}
	}
	return !protected
}

// CanOnGroup says whether the actor has an ability on a group or a user's namespace.
func (tx *Tx) CanOnGroup(a Actor, ability Ability, n Namespace) bool {
	if a.Admin() || (n.Kind == UserNamespace && n.OwnerID == a.User.ID) {
		return true
	}
	level := NoAccess
	for _, up := range tx.ancestors(n.ID) {
		if m, ok := tx.GroupMember(up.ID, a.User.ID); ok {
			level = max(level, m.AccessLevel)
		}
	}
	switch ability {
	case ReadGroup:
		return n.Visibility == Public || (n.Visibility == Internal && !a.Anonymous() && !a.User.External) || level > NoAccess
	case CreateProjects:
		return level >= Developer
	case AdminGroup:
		return level >= Owner
	}
	return false
}
