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
	CreateMergeRequestFrom          Ability = "create_merge_request_from"
	UpdateMergeRequest              Ability = "update_merge_request"
	ApproveMergeRequest             Ability = "approve_merge_request"
	DestroyMergeRequest             Ability = "destroy_merge_request"
	AcceptMergeRequest              Ability = "accept_merge_request"
	CreateNote                      Ability = "create_note"
	UpdateApprovers                 Ability = "update_approvers"
	ReadApprovers                   Ability = "read_approvers"
	ReadExternalStatusCheckResponse Ability = "read_external_status_check_response"
	ProvideStatusCheckResponse      Ability = "provide_status_check_response"
	RetryFailedStatusChecks         Ability = "retry_failed_status_checks"
	ReadMergeRequestStatusCheckURL  Ability = "read_merge_request_status_check_url"
	AdminMergeRequest               Ability = "admin_merge_request"
	ReadGroup                       Ability = "read_group"
	CreateProjects                  Ability = "create_projects"
	AdminGroup                      Ability = "admin_group"
	CreateSubgroup                  Ability = "create_subgroup"
	ReadProtectedBranch             Ability = "read_protected_branch"
	RenameProject                   Ability = "rename_project"
	ChangeVisibilityLevel           Ability = "change_visibility_level"
	ReadCommitStatus                Ability = "read_commit_status"
	CreateCommitStatus              Ability = "create_commit_status"
	ReadPipeline                    Ability = "read_pipeline"
	ReadBuild                       Ability = "read_build"
	AdminLabel                      Ability = "admin_label"
	AdminIssue                      Ability = "admin_issue"
	ReadMilestone                   Ability = "read_milestone"
	AdminMilestone                  Ability = "admin_milestone"
	ForkProject                     Ability = "fork_project"
	RemoveForkProject               Ability = "remove_fork_project"
	ReadMergeTrain                  Ability = "read_merge_train"
)

// Actor is the caller. The zero Actor is a caller who is not signed in.
type Actor struct {
	User  User
	Token Token
}

// Anonymous reports whether the caller is not signed in.
func (a Actor) Anonymous() bool { return a.User.ID == 0 }

// Admin reports whether the caller is an administrator.
func (a Actor) Admin() bool { return a.User.Admin }

// Role is what a user may do in a project because of memberships: the highest access level, and the abilities that
// custom roles add.
type Role struct {
	AccessLevel AccessLevel
	Abilities   []Ability
}

// Member reports whether the user has any membership.
func (r Role) Member() bool { return r.AccessLevel > NoAccess }

// Role finds a user's role in a project: the highest of the roles in the project itself and in the groups above it.
func (tx *Tx) Role(p Project, u UserID) Role {
	who := roleOf{p.ID, p.NamespaceID, u}
	if tx.known.of != who {
		tx.known = knownRole{who, tx.findRole(p, u)}
	}
	return tx.known.role
}

// knownRole caches the role that was looked up last. One request asks for its caller's role many times.
type knownRole struct {
	of   roleOf
	role Role
}

type roleOf struct {
	project   ProjectID
	namespace NamespaceID
	user      UserID
}

func (tx *Tx) findRole(p Project, u UserID) Role {
	var r Role
	add := func(m Member, ok bool) {
		if !ok || !m.holds(tx.Now) {
			return
		}
		r.AccessLevel = max(r.AccessLevel, m.AccessLevel)
		r.Abilities = append(r.Abilities, m.Abilities...)
	}
	add(tx.ProjectMember(p.ID, u))
	for n := range tx.upwards(p.NamespaceID) {
		if n.Kind == UserNamespace && n.OwnerID == u {
			add(Member{AccessLevel: Owner}, true)
		}
		add(tx.GroupMember(n.ID, u))
	}
	return r
}

// asked returns the ability that this release requires. Earlier or later releases may require another one for the same
// thing.
func (tx *Tx) asked(ability Ability) Ability {
	switch {
	case ability == ManageMergeRequestSettings && !tx.Has(ChecksHaveOwnAbility):
		return AdminProject
	case ability == ReadProtectedBranch && tx.Has(ReadersSeeProtectedBranches):
		return ReadCode
	case ability == ReadProtectedBranch:
		return AdminProject
	}
	return ability
}

// Can reports whether the actor has an ability in a project.
//
// Source: app/policies/project_policy.rb, ee/app/policies/ee/project_policy.rb.
func (tx *Tx) Can(a Actor, ability Ability, p Project) bool {
	ability = tx.asked(ability)
	if ability == ReadMergeTrain {
		return tx.Can(a, ReadMergeRequest, p) && tx.Can(a, ReadPipeline, p)
	}
	role := tx.actorRole(a, p)
	if slices.Contains(abilitiesOfMergeRequests, ability) && !offersMergeRequests(p, role) {
		return false
	}
	if a.Anonymous() {
		return p.Visibility == Public && slices.Contains(abilitiesOfNobody, ability)
	}
	if p.Archived && !slices.Contains(abilitiesOfArchived, ability) || ability == ForkProject && !forkable(p, role) {
		return false
	}
	return tx.seesProject(a, p, role, ability) || slices.Contains(role.Abilities, ability) ||
		tx.levelAllows(ability, role.AccessLevel)
}

// actorRole is the role of an actor in a project. Administrators have that of an owner.
func (tx *Tx) actorRole(a Actor, p Project) Role {
	role := tx.Role(p, a.User.ID)
	if a.Admin() {
		role.AccessLevel = Owner
	}
	return role
}

// abilitiesOfMergeRequests are the abilities that nobody has where a project offers them no merge requests.
var abilitiesOfMergeRequests = []Ability{
	CreateMergeRequestIn, CreateMergeRequestFrom, ReadMergeRequest, UpdateMergeRequest, AdminMergeRequest,
	DestroyMergeRequest,
}

// offersMergeRequests reports whether a project's setting lets somebody with a role use its merge requests.
func offersMergeRequests(p Project, role Role) bool {
	level, _ := p.Plain["merge_requests_access_level"].(string)
	return role.canUse(level, Reporter) || level == "private" && slices.Contains(role.Abilities, AdminMergeRequest)
}

// CanUse reports whether an actor can use a feature of a project, by its access level: disabled, private or enabled. A
// private feature is for members whose own access level is the least one or above.
//
// Source: app/models/concerns/featurable.rb, app/models/project_feature.rb.
func (tx *Tx) CanUse(a Actor, p Project, level string, least AccessLevel) bool {
	return tx.actorRole(a, p).canUse(level, least)
}

func (r Role) canUse(level string, least AccessLevel) bool {
	return level != "disabled" && (level != "private" || r.AccessLevel >= least)
}

// abilitiesOfNobody are the abilities in public projects of callers who are not signed in.
var abilitiesOfNobody = []Ability{
	ReadProject, ReadCode, ReadMergeRequest, ReadPipeline, ReadBuild, ReadCommitStatus, ReadMilestone,
}

// seesProject reports whether somebody has an ability because they can see a project that is not private.
func (tx *Tx) seesProject(a Actor, p Project, role Role, ability Ability) bool {
	open := p.Visibility == Public || (p.Visibility == Internal && !a.User.External)
	switch ability {
	case ReadProject, ReadPipeline, ReadBuild: // the pipelines of all projects are public here
		return open || role.Member()
	case ReadCode, ReadMergeRequest, CreateNote, ReadCommitStatus, ReadMilestone, ForkProject:
		return open
	case CreateMergeRequestIn:
		return open || role.Member() && tx.opensInPrivate(role)
	}
	return false
}

// opensInPrivate reports whether a member may open merge requests into a private project from any source. Members who
// can read its code may, except Planners. Earlier releases let all members do so.
func (tx *Tx) opensInPrivate(role Role) bool {
	if !tx.Has(OpeningNeedsCode) {
		return true
	}
	return tx.levelAllows(ReadCode, role.AccessLevel) && role.AccessLevel != Planner ||
		slices.Contains(role.Abilities, ReadCode)
}

// lowest maps an ability to the lowest access level that has it.
var lowest = map[Ability]AccessLevel{
	ReadProject:                Guest,
	ReadCode:                   Reporter,
	ReadMergeRequest:           Reporter,
	CreateNote:                 Reporter,
	AdminLabel:                 Reporter,
	AdminIssue:                 Reporter,
	AdminMilestone:             Reporter,
	ReadMilestone:              Guest,
	ForkProject:                Reporter,
	PushCode:                   Developer,
	CreateMergeRequestFrom:     Developer,
	AdminProject:               Maintainer,
	ManageMergeRequestSettings: Maintainer,
	AdminProtectedBranch:       Maintainer,
	RenameProject:              Maintainer,
	ChangeVisibilityLevel:      Owner,
	AdminProjectMember:         Maintainer,
	UpdateApprovers:            Maintainer,
	ReadApprovers:              Maintainer,
	ManageResourceAccessTokens: Maintainer,
	ReadProjectAuditEvents:     Developer,
	ArchiveProject:             Owner,
	RemoveProject:              Owner,
	RemoveForkProject:          Owner,
	DestroyMergeRequest:        Owner,
	ReadCommitStatus:           Reporter,
	CreateCommitStatus:         Developer,
}

// levelAllows reports whether an access level has an ability in this release.
func (tx *Tx) levelAllows(ability Ability, level AccessLevel) bool {
	switch {
	case ability == ReadCode && level == Planner:
		return tx.Has(PlannersReadCode)
	case ability == AdminMilestone && !tx.Has(ReportersManageMilestones):
		return level >= Developer
	case ability == RenameProject && level < Owner:
		return tx.Has(MaintainersRename) && allowedFrom(ability, level)
	}
	return allowedFrom(ability, level)
}

// besideLadder are abilities that Planners and Security Managers have although Guests do not.
var besideLadder = []Ability{ReadMergeRequest, CreateNote, AdminLabel, AdminIssue, AdminMilestone}

func allowedFrom(ability Ability, level AccessLevel) bool {
	from, known := lowest[ability]
	if !known {
		return false
	}
	// These two lie outside the ladder: they see merge requests, but they do not change code.
	if level == Planner || level == SecurityManager {
		return from <= Guest || slices.Contains(besideLadder, ability) ||
			(level == SecurityManager && from <= Reporter)
	}
	return level >= from
}

// abilitiesOfArchived are the abilities that remain when a project is archived or marked for deletion.
var abilitiesOfArchived = []Ability{
	ReadProject, ReadCode, ReadMergeRequest, AdminProject, ManageMergeRequestSettings, AdminProjectMember,
	ManageResourceAccessTokens,
	ReadProjectAuditEvents, ArchiveProject, RemoveProject, AdminProtectedBranch, ReadApprovers, RenameProject,
	ChangeVisibilityLevel, ReadCommitStatus, ReadPipeline, ReadBuild, ReadMilestone, ForkProject,
	RemoveForkProject,
}

// forkable reports whether a project's setting lets somebody with a role make forks of it.
func forkable(p Project, role Role) bool {
	level, _ := p.Plain["forking_access_level"].(string)
	return role.canUse(level, MinimalAccess)
}

// CanOn reports whether the actor has an ability on a merge request.
func (tx *Tx) CanOn(a Actor, ability Ability, mr MergeRequest) bool {
	s := tx.standing(a, mr)
	return s.can(ability)
}

// standing is an actor's relation to a merge request and its project. It is determined once and serves several
// questions.
type standing struct {
	tx      *Tx
	actor   Actor
	mr      MergeRequest
	project Project
	exists  bool // whether the project exists
	role    Role
}

func (tx *Tx) standing(a Actor, mr MergeRequest) standing {
	s := standing{tx: tx, actor: a, mr: mr}
	if s.project, s.exists = tx.Project(mr.ProjectID); s.exists && !a.Anonymous() {
		s.role = tx.Role(s.project, a.User.ID)
	}
	return s
}

// can reports whether the actor has an ability.
//
// Source: ee/app/policies/ee/merge_request_policy.rb, app/policies/{merge_request,issuable}_policy.rb.
func (s *standing) can(ability Ability) bool {
	if !s.exists || s.actor.Anonymous() {
		return s.exists && s.tx.Can(s.actor, ability, s.project)
	}
	switch ability {
	case UpdateMergeRequest:
		return !s.project.Archived && s.offered() && (s.developer() || s.mr.involves(s.actor.User.ID) &&
			s.tx.Can(s.actor, ReadMergeRequest, s.project))
	case ApproveMergeRequest:
		member := s.role.Member() || !s.tx.Has(ApproversAreMembers)
		return member && s.can(UpdateMergeRequest) || slices.Contains(s.role.Abilities, AdminMergeRequest) ||
			s.tx.approvesByGroup(s.actor.User.ID, s.project, s.mr)
	case AdminMergeRequest:
		return !s.project.Archived && s.offered() &&
			(s.developer() || slices.Contains(s.role.Abilities, AdminMergeRequest))
	case AcceptMergeRequest:
		return !s.project.Archived && s.tx.CanPushTo(s.actor, s.project, s.mr.TargetBranch, true)
	case ReadExternalStatusCheckResponse:
		return s.canReadResponses()
	case ProvideStatusCheckResponse, RetryFailedStatusChecks:
		return s.tx.Licensed(s.project) && s.developer()
	case ReadMergeRequestStatusCheckURL:
		return s.developer() || !s.tx.Has(MasksExternalURL)
	}
	return s.tx.Can(s.actor, ability, s.project)
}

// offered reports whether the project offers merge requests to the actor at all.
func (s *standing) offered() bool {
	return offersMergeRequests(s.project, s.tx.actorRole(s.actor, s.project))
}

func (s *standing) developer() bool { return s.actor.Admin() || s.role.AccessLevel >= Developer }

func (s *standing) canReadResponses() bool {
	if !s.tx.Has(ReportersReadStatuses) {
		return s.can(ApproveMergeRequest)
	}
	internal := s.project.Visibility == Internal && !s.actor.User.External && s.tx.Can(s.actor, ReadMergeRequest,
		s.project)
	return s.actor.Admin() || s.role.AccessLevel >= Reporter || internal
}

// CanPushTo reports whether the actor may push to a branch or, with merge, merge into it. Developers may for any branch
// that is not protected. For a protected branch, those whom the protection names may; to merge, they need no more. To
// push to the source branch of a merge request from a fork, it is enough to be allowed by the merge request.
//
// Source: lib/gitlab/user_access.rb.
func (tx *Tx) CanPushTo(a Actor, p Project, branch string, merge bool) bool {
	pushes := tx.Can(a, PushCode, p) || !merge && tx.collaborates(a, p, branch)
	if !pushes && !merge {
		return false
	}
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
		if slices.ContainsFunc(allowed, func(l BranchAccess) bool { return tx.lets(l, a, p) }) {
			return true
		}
	}
	return !protected && pushes
}

// lets reports whether a rule of a protected branch of a project allows an actor what it is about.
//
// Source: app/models/concerns/protected_ref_access.rb, ee/app/models/concerns/ee/protected_ref_access.rb.
func (tx *Tx) lets(l BranchAccess, a Actor, p Project) bool {
	role := tx.Role(p, a.User.ID)
	switch {
	case l.role() && l.AccessLevel == NoAccess:
		return false
	case a.Admin() && (l.role() && l.AccessLevel == InstanceAdmin || !tx.Has(AdminsObeyProtection)):
		return true
	case l.UserID != 0:
		return l.UserID == a.User.ID && role.Member()
	case l.GroupID != 0:
		return tx.groupLevel(l.GroupID, a.User.ID) >= Developer
	}
	return role.AccessLevel >= l.AccessLevel && tx.Can(a, PushCode, p)
}

// CanOnGroup reports whether the actor has an ability on a group or a user's namespace.
//
// Source: app/policies/group_policy.rb, app/policies/namespaces/user_namespace_policy.rb.
func (tx *Tx) CanOnGroup(a Actor, ability Ability, n Namespace) bool {
	if ability == CreateProjects && n.Kind == UserNamespace && a.User.External {
		return false
	}
	if a.Admin() || (n.Kind == UserNamespace && n.OwnerID == a.User.ID) {
		return true
	}
	level := tx.groupLevel(n.ID, a.User.ID)
	switch ability {
	case ReadGroup:
		return n.Visibility == Public || (n.Visibility == Internal && !a.Anonymous() && !a.User.External) ||
			level > NoAccess || tx.hasProjectBelow(n.ID, a.User.ID)
	case CreateProjects:
		return level >= Developer
	case CreateSubgroup:
		return level >= Maintainer
	case AdminGroup:
		return level >= Owner
	}
	return false
}

// hasProjectBelow reports whether a user is a member of a project in a group or in one of its subgroups.
func (tx *Tx) hasProjectBelow(id NamespaceID, u UserID) bool {
	for _, m := range all(tx, memberTable, "user", key(u)) {
		p, is := tx.Project(m.ProjectID)
		if !is || !m.holds(tx.Now) {
			continue
		}
		for n := range tx.upwards(p.NamespaceID) {
			if n.ID == id {
				return true
			}
		}
	}
	return false
}

// groupLevel is the highest access level that a user has in a group, by membership of that group or of a group above
// it.
func (tx *Tx) groupLevel(id NamespaceID, u UserID) AccessLevel {
	level := NoAccess
	for n := range tx.upwards(id) {
		if m, ok := tx.GroupMember(n.ID, u); ok && m.holds(tx.Now) {
			level = max(level, m.AccessLevel)
		}
	}
	return level
}
