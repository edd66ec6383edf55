// Package seed describes the initial content of a mock, as a Go value and as the YAML that docs/seed.md explains. It
// reads, checks and writes such descriptions. mockserver.New makes a world from one.
package seed

import (
	"cmp"
	"slices"
	"time"
)

// Document describes the initial content of a mock: its users and groups, and its projects with everything in them.
//
// Items refer to each other by the names that people use: users by username, groups and projects by path, branches and
// checks by name. An id of 0 means the next free id. A zero time means the time of the seeding.
type Document struct {
	// Licensed says whether the instance has Ultimate, which includes external status checks. Nil means that it has.
	Licensed *bool     `yaml:"licensed"`
	Settings Settings  `yaml:"settings"`
	Users    []User    `yaml:"users"`
	Groups   []Group   `yaml:"groups"`
	Projects []Project `yaml:"projects"`
	Rows     Rows      `yaml:"rows"` // of an export, in place of settings, users, groups and projects
}

// Settings are the settings of the whole instance.
type Settings struct {
	BlockLocalRequests bool `yaml:"block_local_requests"` // also on if Options.BlockLocalRequests is
	DenyOutbound       bool `yaml:"deny_outbound"`        // send no deliveries at all

	// RequireSHAForMerge says whether a merge by API must name the commit. GitLab has this setting since 19.2. Nil
	// means that it does not.
	RequireSHAForMerge     *bool `yaml:"require_sha_for_merge"`
	LockRequireSHAForMerge bool  `yaml:"lock_require_sha_for_merge"` // nothing below can choose otherwise

	Writing            string `yaml:"writing"` // allowed, maintenance or read_only
	MaintenanceMessage string `yaml:"maintenance_message"`

	// RateLimits are those that are on, each as throttle_authenticated_api=10/1m, or defaults or gitlab.com for a set
	// of them; none means those that the mock begins with.
	RateLimits []string `yaml:"rate_limits"`
}

// User is an account. An empty Name or Email is derived from the username.
type User struct {
	ID          int64         `yaml:"id"`
	Username    string        `yaml:"username"`
	Name        string        `yaml:"name"`
	Email       string        `yaml:"email"`
	PublicEmail string        `yaml:"public_email"`
	Admin       bool          `yaml:"admin"`
	External    bool          `yaml:"external"` // does not see internal projects
	Blocked     bool          `yaml:"blocked"`
	CreatedAt   time.Time     `yaml:"created_at"`
	Tokens      []AccessToken `yaml:"tokens"`
}

// AccessToken is a personal access token with a known secret.
type AccessToken struct {
	ID     int64    `yaml:"id"`
	Name   string   `yaml:"name"` // empty means the token's place in the list
	Secret string   `yaml:"secret"`
	Scopes []string `yaml:"scopes"` // an empty list means api
	// First day on which it is no longer valid, such as 2030-12-31. Empty means never.
	ExpiresOn string    `yaml:"expires_on"`
	Revoked   bool      `yaml:"revoked"`
	CreatedAt time.Time `yaml:"created_at"`
}

// Group is a group. The groups above it must be in the seed too.
type Group struct {
	ID                int64             `yaml:"id"`
	Path              string            `yaml:"path"` // full path, such as parent/child
	Name              string            `yaml:"name"` // empty means the last part of the path
	Description       string            `yaml:"description"`
	Visibility        string            `yaml:"visibility"` // private, internal or public; empty means private
	CreatedAt         time.Time         `yaml:"created_at"`
	Members           []Member          `yaml:"members"`
	ProtectedBranches []ProtectedBranch `yaml:"protected_branches"`

	// RequireSHAForMerge says whether a merge by API must name the commit. GitLab has this setting since 19.2. Nil
	// means the same as the group above it or the instance.
	RequireSHAForMerge     *bool `yaml:"require_sha_for_merge"`
	LockRequireSHAForMerge bool  `yaml:"lock_require_sha_for_merge"` // nothing below can choose otherwise
}

// Member is a user's role in a group or project: an access level by name, or a custom role.
type Member struct {
	User string `yaml:"user"`
	// guest, planner, reporter, security_manager, developer, maintainer or owner
	AccessLevel string     `yaml:"access_level"`
	CustomRole  CustomRole `yaml:"custom_role"`
	ExpiresOn   string     `yaml:"expires_on"` // first day on which the role no longer holds
}

// CustomRole is an access level with additional abilities.
type CustomRole struct {
	Base      string   `yaml:"base"`
	Abilities []string `yaml:"abilities"` // admin_merge_request, manage_merge_request_settings …
}

// Project is a project in a group or in a user's own namespace.
type Project struct {
	ID          int64  `yaml:"id"`
	Path        string `yaml:"path"` // full path, such as group/project
	Name        string `yaml:"name"` // empty means the last part of the path
	Description string `yaml:"description"`
	// private, internal or public; empty means private
	Visibility string `yaml:"visibility"`
	Creator    string `yaml:"creator"` // does not become a member by that
	// ForkedFrom is the path of the project that this one is a fork of. A fork begins with the branches of that
	// project.
	ForkedFrom string `yaml:"forked_from"`
	// Empty means main, else master, else the first branch by name.
	DefaultBranch        string                `yaml:"default_branch"`
	Archived             bool                  `yaml:"archived"`
	Licensed             *bool                 `yaml:"licensed"` // nil means the same as the instance
	CreatedAt            time.Time             `yaml:"created_at"`
	Settings             ProjectSettings       `yaml:"settings"`
	Members              []Member              `yaml:"members"`
	Branches             []Branch              `yaml:"branches"`
	ProtectedBranches    []ProtectedBranch     `yaml:"protected_branches"`
	ExternalStatusChecks []ExternalStatusCheck `yaml:"external_status_checks"`
	Labels               []Label               `yaml:"labels"` // those that merge requests name are made anyway
	Milestones           []Milestone           `yaml:"milestones"`
	MergeRequests        []MergeRequest        `yaml:"merge_requests"`
}

// ProjectSettings are a project's settings, with their names in GitLab's API.
type ProjectSettings struct {
	RequirePassingStatusChecks bool   `yaml:"only_allow_merge_if_all_status_checks_passed"`
	RequireResolvedDiscussions bool   `yaml:"only_allow_merge_if_all_discussions_are_resolved"`
	RequireSucceededPipeline   bool   `yaml:"only_allow_merge_if_pipeline_succeeds"`
	MergeOnSkippedPipeline     bool   `yaml:"allow_merge_on_skipped_pipeline"`
	RemoveSourceBranch         bool   `yaml:"remove_source_branch_after_merge"`
	MergeMethod                string `yaml:"merge_method"` // merge, rebase_merge or ff; empty means merge
	// never, always, default_on or default_off; empty means default_off
	SquashOption      string `yaml:"squash_option"`
	ApprovalsRequired int64  `yaml:"approvals_before_merge"` // the number of approvals
	AuthorMayApprove  bool   `yaml:"merge_requests_author_approval"`
	ApprovalsReset    bool   `yaml:"reset_approvals_on_push"`
}

// Branch is a branch with the commits that were made on it.
type Branch struct {
	Name string `yaml:"name"`
	// From is the branch at whose head it begins. Empty means that it begins without a commit or, in a fork, where the
	// branch of that name was. In a fork it can be the full SHA of a commit of the other project, too.
	From    string   `yaml:"from"`
	Commits []Commit `yaml:"commits"` // oldest first
}

// Commit is a commit on top of the previous one.
type Commit struct {
	SHA       string            `yaml:"sha"` // 40 hexadecimal digits in lower case; empty means a new one
	Message   string            `yaml:"message"`
	Author    string            `yaml:"author"` // empty means no particular user
	CreatedAt time.Time         `yaml:"created_at"`
	Files     map[string]string `yaml:"files"` // new content by path
	Removed   []string          `yaml:"removed"`
}

// ProtectedBranch protects the branches with a name, which may contain wildcards. Without access levels, Maintainers
// may push and merge.
type ProtectedBranch struct {
	ID                        int64          `yaml:"id"`
	Name                      string         `yaml:"name"`
	PushAccessLevels          []BranchAccess `yaml:"push_access_levels"`
	MergeAccessLevels         []BranchAccess `yaml:"merge_access_levels"`
	UnprotectAccessLevels     []BranchAccess `yaml:"unprotect_access_levels"`
	AllowForcePush            bool           `yaml:"allow_force_push"`
	CodeOwnerApprovalRequired bool           `yaml:"code_owner_approval_required"`
}

// BranchAccess says who may do something to a protected branch. Exactly one of its fields is set.
type BranchAccess struct {
	AccessLevel string `yaml:"access_level"` // no_one, developer, maintainer or owner
	User        string `yaml:"user"`
	Group       string `yaml:"group"`
}

// ExternalStatusCheck is an external status check of a project.
type ExternalStatusCheck struct {
	ID                int64     `yaml:"id"`
	Name              string    `yaml:"name"`
	ExternalURL       string    `yaml:"external_url"`
	SharedSecret      string    `yaml:"shared_secret"`
	ProtectedBranches []string  `yaml:"protected_branches"` // by name; empty means all branches
	CreatedAt         time.Time `yaml:"created_at"`
}

// Label is a label of a project.
type Label struct {
	ID          int64  `yaml:"id"`
	Name        string `yaml:"name"`
	Color       string `yaml:"color"` // as #6699cc, which is the default, or by its name in CSS
	Description string `yaml:"description"`
	Priority    *int64 `yaml:"priority"`
}

// Milestone is a milestone of a project.
type Milestone struct {
	ID          int64     `yaml:"id"`
	Title       string    `yaml:"title"`
	Description string    `yaml:"description"`
	State       string    `yaml:"state"`      // active or closed; empty means active
	StartDate   string    `yaml:"start_date"` // a day, such as 2026-01-31
	DueDate     string    `yaml:"due_date"`
	CreatedAt   time.Time `yaml:"created_at"`
}

// MergeRequest is a merge request in its project. Its diff was made before the start.
type MergeRequest struct {
	ID                 int64      `yaml:"id"`
	IID                int64      `yaml:"iid"`
	SourceProject      string     `yaml:"source_project"` // path of the fork that it comes from, if any
	SourceBranch       string     `yaml:"source_branch"`
	TargetBranch       string     `yaml:"target_branch"`
	Title              string     `yaml:"title"`
	Description        string     `yaml:"description"`
	Author             string     `yaml:"author"`
	Assignees          []string   `yaml:"assignees"`
	Reviewers          []string   `yaml:"reviewers"`
	ApprovedBy         []string   `yaml:"approved_by"`
	Labels             []string   `yaml:"labels"`
	Milestone          string     `yaml:"milestone"` // by title
	State              string     `yaml:"state"`     // opened, closed or merged; empty means opened
	SHA                string     `yaml:"sha"`       // its head; empty means the head of the source branch
	RemoveSourceBranch bool       `yaml:"force_remove_source_branch"`
	CreatedAt          time.Time  `yaml:"created_at"`
	Responses          []Response `yaml:"responses"`
	// MergeTrainCar is its place on the merge train of its target branch. Without a status, it is on none.
	MergeTrainCar MergeTrainCar `yaml:"merge_train_car"`
}

// MergeTrainCar is a merge request on a merge train, or one that was merged there.
type MergeTrainCar struct {
	ID        int64     `yaml:"id"`
	Status    string    `yaml:"status"` // idle, stale, fresh, merging, merged or skip_merged
	User      string    `yaml:"user"`   // who added it; empty means the author
	CreatedAt time.Time `yaml:"created_at"`
	UpdatedAt time.Time `yaml:"updated_at"` // zero means created_at
	MergedAt  time.Time `yaml:"merged_at"`  // of a merged one; zero means updated_at
}

// Response is a recorded verdict. If a check has several for the head SHA, the one with the highest id counts.
type Response struct {
	ID        int64     `yaml:"id"`
	Check     string    `yaml:"external_status_check"` // by name
	Status    string    `yaml:"status"`                // passed, failed or pending
	SHA       string    `yaml:"sha"`                   // empty means the head
	CreatedAt time.Time `yaml:"created_at"`
}

// Default returns the world of the examples in GitLab's documentation: project 6, flightjs/Flight, with merge request
// !4 and two external status checks. It has one user for each role, with a token that is easy to remember. The file
// default.yaml describes this world. Each call returns a new value.
func Default() Document { return defaultDocument() }

// The tokens of the default world: one of an administrator, one of a member for each role, and one of a user who is a
// member of nothing.
const (
	AdminToken      = "glpat-admin"
	OwnerToken      = "glpat-owner"
	MaintainerToken = "glpat-maintainer"
	DeveloperToken  = "glpat-developer"
	ReporterToken   = "glpat-reporter"
	PlannerToken    = "glpat-planner"
	GuestToken      = "glpat-guest"
	StrangerToken   = "glpat-stranger"
)

// Credential is a token to show to people, with its owner and what the owner may do.
type Credential struct {
	Username string
	Role     string // "admin", the highest access level in any project or group, or "none"
	Secret   string
}

// Tokens lists the usable tokens of a seed, in the order of its users. Their secrets protect only a mock. Print them at
// the start, and nowhere else.
func (d Document) Tokens() []Credential {
	var tokens []Credential
	for _, u := range d.Users {
		for _, t := range u.Tokens {
			if !t.Revoked && !u.Blocked {
				tokens = append(tokens, Credential{Username: u.Username, Role: d.roleOf(u), Secret: t.Secret})
			}
		}
	}
	return tokens
}

func (d Document) roleOf(u User) string {
	if u.Admin {
		return "admin"
	}
	highest := -1
	consider := func(members []Member) {
		for _, m := range members {
			if m.User == u.Username {
				highest = max(highest, slices.Index(roleNames, cmp.Or(m.AccessLevel, m.CustomRole.Base)))
			}
		}
	}
	for _, g := range d.Groups {
		consider(g.Members)
	}
	for _, p := range d.Projects {
		consider(p.Members)
	}
	if highest < 0 {
		return "none"
	}
	return roleNames[highest]
}
