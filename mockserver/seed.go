package mockserver

import (
	"cmp"
	"time"
)

// Seed describes a world to begin with: who there is, and which projects with what in them. Its YAML form is described
// in docs/seed.md.
//
// Things refer to each other by the names that people use: users by username, groups and projects by path, branches and
// checks by name. Where an id is 0 the next free one is taken; where a time is zero it is that of the seeding.
type Seed struct {
	// Licensed says whether the instance has Ultimate, and with it external status checks; nil means that it has.
	Licensed *bool         `yaml:"licensed"`
	Settings SeedSettings  `yaml:"settings"`
	Users    []SeedUser    `yaml:"users"`
	Groups   []SeedGroup   `yaml:"groups"`
	Projects []SeedProject `yaml:"projects"`
}

// SeedSettings are the switches of the whole instance.
type SeedSettings struct {
	BlockLocalRequests bool `yaml:"block_local_requests"` // also on if Options.BlockLocalRequests is
	DenyOutbound       bool `yaml:"deny_outbound"`        // deliver nothing at all

	// RequireSHAForMerge says whether a merge by API must name the commit, which it can since 19.2; nil: as what is
	// above says.
	RequireSHAForMerge     *bool `yaml:"require_sha_for_merge"`
	LockRequireSHAForMerge bool  `yaml:"lock_require_sha_for_merge"` // what is below cannot say otherwise

	Writing            string `yaml:"writing"` // allowed, maintenance or read_only
	MaintenanceMessage string `yaml:"maintenance_message"`
}

// SeedUser is an account. Name and Email follow from the username if they are empty.
type SeedUser struct {
	ID          int64             `yaml:"id"`
	Username    string            `yaml:"username"`
	Name        string            `yaml:"name"`
	Email       string            `yaml:"email"`
	PublicEmail string            `yaml:"public_email"`
	Admin       bool              `yaml:"admin"`
	External    bool              `yaml:"external"` // does not see internal projects
	Blocked     bool              `yaml:"blocked"`
	CreatedAt   time.Time         `yaml:"created_at"`
	Tokens      []SeedAccessToken `yaml:"tokens"`
}

// SeedAccessToken is a personal access token with a secret that is known beforehand.
type SeedAccessToken struct {
	ID     int64    `yaml:"id"`
	Name   string   `yaml:"name"` // empty means the secret's place in the list
	Secret string   `yaml:"secret"`
	Scopes []string `yaml:"scopes"` // none means api
	// first day on which it is no longer valid, as 2030-12-31; empty means never
	ExpiresOn string    `yaml:"expires_on"`
	Revoked   bool      `yaml:"revoked"`
	CreatedAt time.Time `yaml:"created_at"`
}

// SeedGroup is a group. The groups above it must be in the seed too.
type SeedGroup struct {
	ID                int64                 `yaml:"id"`
	Path              string                `yaml:"path"` // full path, as parent/child
	Name              string                `yaml:"name"` // empty means the last part of the path
	Description       string                `yaml:"description"`
	Visibility        string                `yaml:"visibility"` // private, internal or public; empty means private
	CreatedAt         time.Time             `yaml:"created_at"`
	Members           []SeedMember          `yaml:"members"`
	ProtectedBranches []SeedProtectedBranch `yaml:"protected_branches"`

	// RequireSHAForMerge says whether a merge by API must name the commit, which it can since 19.2; nil: as what is
	// above says.
	RequireSHAForMerge     *bool `yaml:"require_sha_for_merge"`
	LockRequireSHAForMerge bool  `yaml:"lock_require_sha_for_merge"` // what is below cannot say otherwise
}

// SeedMember is a user's role in a group or project: an access level by name, or a custom role.
type SeedMember struct {
	User string `yaml:"user"`
	// guest, planner, reporter, security_manager, developer, maintainer or owner
	AccessLevel string         `yaml:"access_level"`
	CustomRole  SeedCustomRole `yaml:"custom_role"`
	ExpiresOn   string         `yaml:"expires_on"` // first day on which the role no longer holds
}

// SeedCustomRole is an access level with abilities added to it.
type SeedCustomRole struct {
	Base      string   `yaml:"base"`
	Abilities []string `yaml:"abilities"` // admin_merge_request, manage_merge_request_settings …
}

// SeedProject is a project in a group or in a user's own namespace.
type SeedProject struct {
	ID          int64  `yaml:"id"`
	Path        string `yaml:"path"` // full path, as group/project
	Name        string `yaml:"name"` // empty means the last part of the path
	Description string `yaml:"description"`
	// private, internal or public; empty means private
	Visibility string `yaml:"visibility"`
	Creator    string `yaml:"creator"` // not thereby a member
	// empty means main, else master, else the first by name
	DefaultBranch        string                    `yaml:"default_branch"`
	Archived             bool                      `yaml:"archived"`
	Licensed             *bool                     `yaml:"licensed"` // nil means as the instance
	CreatedAt            time.Time                 `yaml:"created_at"`
	Settings             SeedProjectSettings       `yaml:"settings"`
	Members              []SeedMember              `yaml:"members"`
	Branches             []SeedBranch              `yaml:"branches"`
	ProtectedBranches    []SeedProtectedBranch     `yaml:"protected_branches"`
	ExternalStatusChecks []SeedExternalStatusCheck `yaml:"external_status_checks"`
	MergeRequests        []SeedMergeRequest        `yaml:"merge_requests"`
}

// SeedProjectSettings are a project's settings by the names that GitLab's API has for them.
type SeedProjectSettings struct {
	RequirePassingStatusChecks bool   `yaml:"only_allow_merge_if_all_status_checks_passed"`
	RequireResolvedDiscussions bool   `yaml:"only_allow_merge_if_all_discussions_are_resolved"`
	RequireSucceededPipeline   bool   `yaml:"only_allow_merge_if_pipeline_succeeds"`
	RemoveSourceBranch         bool   `yaml:"remove_source_branch_after_merge"`
	MergeMethod                string `yaml:"merge_method"` // merge, rebase_merge or ff; empty means merge
	// never, always, default_on or default_off; empty means the last
	SquashOption      string `yaml:"squash_option"`
	ApprovalsRequired int64  `yaml:"approvals_before_merge"` // how many
	AuthorMayApprove  bool   `yaml:"merge_requests_author_approval"`
	ApprovalsReset    bool   `yaml:"reset_approvals_on_push"`
}

// SeedBranch is a branch: where it begins, and what was committed to it.
type SeedBranch struct {
	Name    string       `yaml:"name"`
	From    string       `yaml:"from"`    // the branch at whose tip it begins; empty means with no commit
	Commits []SeedCommit `yaml:"commits"` // oldest first
}

// SeedCommit is a commit on top of the one before it.
type SeedCommit struct {
	SHA       string            `yaml:"sha"` // 40 hexadecimal digits in lower case; empty means a new one
	Message   string            `yaml:"message"`
	Author    string            `yaml:"author"` // empty means nobody in particular
	CreatedAt time.Time         `yaml:"created_at"`
	Files     map[string]string `yaml:"files"` // new content by path
	Removed   []string          `yaml:"removed"`
}

// SeedProtectedBranch protects the branches of a name, which may hold wildcards. Without access levels Maintainers may
// push and merge.
type SeedProtectedBranch struct {
	ID                        int64              `yaml:"id"`
	Name                      string             `yaml:"name"`
	PushAccessLevels          []SeedBranchAccess `yaml:"push_access_levels"`
	MergeAccessLevels         []SeedBranchAccess `yaml:"merge_access_levels"`
	UnprotectAccessLevels     []SeedBranchAccess `yaml:"unprotect_access_levels"`
	AllowForcePush            bool               `yaml:"allow_force_push"`
	CodeOwnerApprovalRequired bool               `yaml:"code_owner_approval_required"`
}

// SeedBranchAccess says who may do something to a protected branch: one of the three.
type SeedBranchAccess struct {
	AccessLevel string `yaml:"access_level"` // no_one, developer, maintainer or owner
	User        string `yaml:"user"`
	Group       string `yaml:"group"`
}

// SeedExternalStatusCheck is an external status check of a project.
type SeedExternalStatusCheck struct {
	ID                int64     `yaml:"id"`
	Name              string    `yaml:"name"`
	ExternalURL       string    `yaml:"external_url"`
	SharedSecret      string    `yaml:"shared_secret"`
	ProtectedBranches []string  `yaml:"protected_branches"` // by name; none means all branches
	CreatedAt         time.Time `yaml:"created_at"`
}

// SeedMergeRequest is a merge request within its project, prepared long ago.
type SeedMergeRequest struct {
	ID                 int64          `yaml:"id"`
	IID                int64          `yaml:"iid"`
	SourceBranch       string         `yaml:"source_branch"`
	TargetBranch       string         `yaml:"target_branch"`
	Title              string         `yaml:"title"`
	Description        string         `yaml:"description"`
	Author             string         `yaml:"author"`
	Assignees          []string       `yaml:"assignees"`
	Reviewers          []string       `yaml:"reviewers"`
	ApprovedBy         []string       `yaml:"approved_by"`
	Labels             []string       `yaml:"labels"`
	State              string         `yaml:"state"` // opened, closed or merged; empty means opened
	SHA                string         `yaml:"sha"`   // head of the source branch; empty means its tip
	RemoveSourceBranch bool           `yaml:"force_remove_source_branch"`
	CreatedAt          time.Time      `yaml:"created_at"`
	Responses          []SeedResponse `yaml:"responses"`
}

// SeedResponse is a recorded verdict. Of those of one check for the head SHA the one with the highest id counts.
type SeedResponse struct {
	ID        int64     `yaml:"id"`
	Check     string    `yaml:"external_status_check"` // by name
	Status    string    `yaml:"status"`                // passed, failed or pending
	SHA       string    `yaml:"sha"`                   // empty means the head
	CreatedAt time.Time `yaml:"created_at"`
}

// DefaultSeed is the world of the samples in GitLab's documentation: project 6, flightjs/Flight, with merge request !4
// and two external status checks, and one user for each role, whose tokens are easy to remember. It is that of
// seed/default.yaml, and a new one each time.
func DefaultSeed() Seed { return defaultSeed() }

// SeedToken is a token to print for people: whose it is, and what its owner may do.
type SeedToken struct {
	Username string
	Role     string // "admin", the highest access level in any project or group, or "none"
	Secret   string
}

// Tokens lists the tokens of a seed that can be used, in the order of its users. Their secrets guard nothing but a
// mock; print them at start, and nowhere else.
func (s Seed) Tokens() []SeedToken {
	var tokens []SeedToken
	for _, u := range s.Users {
		for _, t := range u.Tokens {
			if !t.Revoked && !u.Blocked {
				tokens = append(tokens, SeedToken{Username: u.Username, Role: s.roleOf(u), Secret: t.Secret})
			}
		}
	}
	return tokens
}

func (s Seed) roleOf(u SeedUser) string {
	if u.Admin {
		return "admin"
	}
	highest := "none"
	consider := func(members []SeedMember) {
		for _, m := range members {
			level := cmp.Or(m.AccessLevel, m.CustomRole.Base)
			if m.User == u.Username && accessLevels[level] > accessLevels[highest] {
				highest = level
			}
		}
	}
	for _, g := range s.Groups {
		consider(g.Members)
	}
	for _, p := range s.Projects {
		consider(p.Members)
	}
	return highest
}
