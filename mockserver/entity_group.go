package mockserver

import (
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// groupEntity is a group as lists show it. A group that is shown alone has more keys.
//
// Source: lib/api/entities/group.rb, group_detail.rb and those of ee.
type groupEntity struct {
	ID                              gitlab.NamespaceID  `json:"id"`
	WebURL                          string              `json:"web_url"`
	Name                            string              `json:"name"`
	Path                            string              `json:"path"`
	Description                     string              `json:"description"`
	Visibility                      gitlab.Visibility   `json:"visibility"`
	ShareWithGroupLock              bool                `json:"share_with_group_lock"`
	RequireTwoFactorAuthentication  bool                `json:"require_two_factor_authentication"`
	TwoFactorGracePeriod            int                 `json:"two_factor_grace_period"`
	ProjectCreationLevel            string              `json:"project_creation_level"`
	AutoDevopsEnabled               *bool               `json:"auto_devops_enabled"`
	SubgroupCreationLevel           string              `json:"subgroup_creation_level"`
	EmailsDisabled                  bool                `json:"emails_disabled"`
	EmailsEnabled                   bool                `json:"emails_enabled"`
	ShowDiffPreviewInEmail          bool                `json:"show_diff_preview_in_email"`
	MentionsDisabled                *bool               `json:"mentions_disabled"`
	LFSEnabled                      bool                `json:"lfs_enabled"`
	Archived                        bool                `json:"archived"`
	MathRenderingLimitsEnabled      bool                `json:"math_rendering_limits_enabled"`
	LockMathRenderingLimitsEnabled  bool                `json:"lock_math_rendering_limits_enabled"`
	DefaultBranch                   *string             `json:"default_branch"`
	DefaultBranchProtection         int                 `json:"default_branch_protection"`
	DefaultBranchProtectionDefaults branchDefaults      `json:"default_branch_protection_defaults"`
	AvatarURL                       *string             `json:"avatar_url"`
	RequestAccessEnabled            bool                `json:"request_access_enabled"`
	FullName                        string              `json:"full_name"`
	FullPath                        string              `json:"full_path"`
	CreatedAt                       *timestamp          `json:"created_at"`
	ParentID                        *gitlab.NamespaceID `json:"parent_id"`
	OrganizationID                  int                 `json:"organization_id"`
	SharedRunnersSetting            string              `json:"shared_runners_setting"`
	MaxArtifactsSize                *int                `json:"max_artifacts_size"`
	MarkedForDeletionOn             *date               `json:"marked_for_deletion_on"`
	*groupDetails
}

// branchDefaults are the rules for new default branches in a group.
type branchDefaults struct {
	AllowedToPush           []branchDefaultLevel `json:"allowed_to_push"`
	AllowForcePush          bool                 `json:"allow_force_push"`
	AllowedToMerge          []branchDefaultLevel `json:"allowed_to_merge"`
	DeveloperCanInitialPush bool                 `json:"developer_can_initial_push"`
}

type branchDefaultLevel struct {
	AccessLevel gitlab.AccessLevel `json:"access_level"`
}

// groupDetails are the keys of a group that is shown alone.
type groupDetails struct {
	SharedWithGroups                     []struct{}      `json:"shared_with_groups"`
	EnabledGitAccessProtocol             string          `json:"enabled_git_access_protocol"`
	PreventSharingGroupsOutsideHierarchy bool            `json:"prevent_sharing_groups_outside_hierarchy"`
	Projects                             []projectEntity `json:"projects,omitempty"`
	SharedProjects                       []projectEntity `json:"shared_projects,omitempty"`
	SharedRunnersMinutesLimit            *int            `json:"shared_runners_minutes_limit"`
	ExtraSharedRunnersMinutesLimit       *int            `json:"extra_shared_runners_minutes_limit"`
	PreventForkingOutsideGroup           *bool           `json:"prevent_forking_outside_group"`
	MembershipLock                       bool            `json:"membership_lock"`
}

func presentGroup(tx *gitlab.Tx, n gitlab.Namespace) groupEntity {
	maintainers := []branchDefaultLevel{{gitlab.Maintainer}}
	return groupEntity{
		ID: n.ID, WebURL: tx.BaseURL() + "/groups/" + n.FullPath, Name: n.Name, Path: n.Path,
		Description: n.Description, Visibility: n.Visibility,
		TwoFactorGracePeriod: 48, ProjectCreationLevel: "developer", SubgroupCreationLevel: "maintainer",
		EmailsEnabled:          true,
		ShowDiffPreviewInEmail: true, LFSEnabled: true, MathRenderingLimitsEnabled: true, DefaultBranchProtection: 2,
		DefaultBranchProtectionDefaults: branchDefaults{AllowedToPush: maintainers, AllowedToMerge: maintainers},
		RequestAccessEnabled:            true,
		FullName:                        tx.FullName(n), FullPath: n.FullPath, CreatedAt: newTimestamp(n.CreatedAt),
		ParentID: orNull(n.ParentID), OrganizationID: 1,
		SharedRunnersSetting: "enabled", MarkedForDeletionOn: newDate(n.DeletionOn),
	}
}

// presentGroupAlone shows one group. With withProjects it includes the projects that the viewer can see.
func presentGroupAlone(tx *gitlab.Tx, viewer gitlab.Actor, n gitlab.Namespace, withProjects bool) groupEntity {
	e := presentGroup(tx, n)
	e.groupDetails = &groupDetails{SharedWithGroups: []struct{}{}, EnabledGitAccessProtocol: "all"}
	if withProjects {
		e.Projects = []projectEntity{}
		for _, p := range tx.ProjectsIn(n.ID) {
			if tx.Can(viewer, gitlab.ReadProject, p) {
				e.Projects = append(e.Projects, presentProject(tx, viewer, p))
			}
		}
	}
	return e
}

// namespaceBasic is a namespace as projects show it.
//
// Source: lib/api/entities/namespace_basic.rb.
type namespaceBasic struct {
	ID        gitlab.NamespaceID   `json:"id"`
	Name      string               `json:"name"`
	Path      string               `json:"path"`
	Kind      gitlab.NamespaceKind `json:"kind"`
	FullPath  string               `json:"full_path"`
	ParentID  *gitlab.NamespaceID  `json:"parent_id"`
	AvatarURL *string              `json:"avatar_url"`
	WebURL    string               `json:"web_url"`
}

func presentNamespaceBasic(tx *gitlab.Tx, n gitlab.Namespace) namespaceBasic {
	e := namespaceBasic{
		ID: n.ID, Name: n.Name, Path: n.Path, Kind: n.Kind, FullPath: n.FullPath,
		ParentID: orNull(n.ParentID), WebURL: tx.BaseURL() + "/groups/" + n.FullPath,
	}
	if n.Kind == gitlab.UserNamespace {
		owner, _ := tx.User(n.OwnerID)
		avatar := avatarURL(tx, owner.Email)
		e.AvatarURL, e.WebURL = &avatar, tx.BaseURL()+"/"+n.FullPath
	}
	return e
}

// namespaceEntity is a namespace that is shown by itself. Its owners see more keys.
//
// Source: lib/api/entities/namespace.rb, ee/lib/ee/api/entities/namespace.rb.
type namespaceEntity struct {
	namespaceBasic
	*namespaceCounts
	BillableMembersCount int `json:"billable_members_count"`
	*namespacePlan
}

type namespaceCounts struct {
	MembersCountWithDescendants int `json:"members_count_with_descendants"`
	RootRepositorySize          int `json:"root_repository_size"`
	ProjectsCount               int `json:"projects_count"`
}

type namespacePlan struct {
	Plan        string `json:"plan"`
	TrialEndsOn *date  `json:"trial_ends_on"`
	Trial       bool   `json:"trial"`
}

func presentNamespace(tx *gitlab.Tx, viewer gitlab.Actor, n gitlab.Namespace) namespaceEntity {
	members := tx.GroupMembers(n.ID)
	e := namespaceEntity{namespaceBasic: presentNamespaceBasic(tx, n), BillableMembersCount: max(len(members), 1)}
	if !tx.CanOnGroup(viewer, gitlab.AdminGroup, n) {
		return e
	}
	e.namespacePlan = &namespacePlan{Plan: "default"}
	if n.Kind == gitlab.GroupNamespace {
		e.namespaceCounts = &namespaceCounts{
			MembersCountWithDescendants: len(members),
			ProjectsCount:               tx.CountProjects(n.ID),
		}
	}
	return e
}
