package control

import "time"

// State is everything in the world, without its secrets.
type State struct {
	Version       string                `json:"version"`
	BaseURL       string                `json:"base_url"`
	Clock         Clock                 `json:"clock"`
	Licence       Licence               `json:"licence"`
	Settings      Settings              `json:"settings"`
	Users         []User                `json:"users"`
	Tokens        []Token               `json:"tokens"`
	Groups        []Group               `json:"groups"`
	Projects      []Project             `json:"projects"`
	Protected     []ProtectedBranch     `json:"protected_branches"`
	Checks        []ExternalStatusCheck `json:"external_status_checks"`
	MergeRequests []MergeRequest        `json:"merge_requests"`
	Responses     []Response            `json:"status_check_responses"`
	Notes         []Note                `json:"notes"`
	Jobs          []Job                 `json:"jobs"`
	Deliveries    []DeliverySummary     `json:"deliveries"`
	Dropped       Dropped               `json:"dropped"`
}

// Dropped counts the items that were removed to make room for newer ones, since the world was seeded.
type Dropped struct {
	Deliveries  int64 `json:"deliveries"` // only deliveries that were not sent yet
	AuditEvents int64 `json:"audit_events"`
	Surprises   int64 `json:"surprises"`
}

// Settings are the settings of the whole instance.
type Settings struct {
	BlockLocalRequests bool    `json:"block_local_requests"`
	DenyOutbound       bool    `json:"deny_outbound"`
	Writing            Writing `json:"writing"`
}

// User is an account.
type User struct {
	ID        int64     `json:"id"`
	Username  string    `json:"username"`
	Name      string    `json:"name"`
	Email     string    `json:"email"`
	Admin     bool      `json:"admin"`
	External  bool      `json:"external"`
	Bot       bool      `json:"bot"`
	Blocked   bool      `json:"blocked"`
	CreatedAt time.Time `json:"created_at"`
}

// Token is a token, without its secret.
type Token struct {
	ID         int64      `json:"id"`
	Kind       string     `json:"kind"`
	UserID     int64      `json:"user_id"`
	ProjectID  int64      `json:"project_id,omitempty"`
	Name       string     `json:"name"`
	Scopes     []string   `json:"scopes"`
	Active     bool       `json:"active"`
	Revoked    bool       `json:"revoked"`
	ExpiresOn  *time.Time `json:"expires_on"`
	LastUsedAt *time.Time `json:"last_used_at"`
}

// Group is a group with its own members.
type Group struct {
	ID         int64    `json:"id"`
	FullPath   string   `json:"full_path"`
	Name       string   `json:"name"`
	Visibility string   `json:"visibility"`
	Members    []Member `json:"members"`
}

// Member is a role in a group or a project.
type Member struct {
	UserID      int64    `json:"user_id"`
	AccessLevel int      `json:"access_level"`
	Abilities   []string `json:"abilities,omitempty"`
}

// Project is a project with its own members and its branches.
type Project struct {
	ID            int64     `json:"id"`
	FullPath      string    `json:"full_path"`
	Name          string    `json:"name"`
	Visibility    string    `json:"visibility"`
	DefaultBranch string    `json:"default_branch"`
	Archived      bool      `json:"archived"`
	Licensed      bool      `json:"licensed"`
	CreatedAt     time.Time `json:"created_at"`
	Members       []Member  `json:"members"`
	Branches      []Branch  `json:"branches"`
	// RequirePassingStatusChecks has its name from GitLab's API.
	RequirePassingStatusChecks bool `json:"only_allow_merge_if_all_status_checks_passed"`
}

// Branch is a branch with the commits that can be reached from it.
type Branch struct {
	Name    string   `json:"name"`
	SHA     string   `json:"sha"`
	Commits []string `json:"commits"` // newest first
	Files   []string `json:"files"`
}

// ProtectedBranch is a rule of a project or of a group for branches with a name.
type ProtectedBranch struct {
	ID        int64  `json:"id"`
	ProjectID int64  `json:"project_id,omitempty"`
	GroupID   int64  `json:"group_id,omitempty"`
	Name      string `json:"name"`
}

// ExternalStatusCheck is an external status check, without its secret.
type ExternalStatusCheck struct {
	ID                 int64     `json:"id"`
	ProjectID          int64     `json:"project_id"`
	Name               string    `json:"name"`
	ExternalURL        string    `json:"external_url"`
	HMAC               bool      `json:"hmac"`
	ProtectedBranchIDs []int64   `json:"protected_branch_ids"`
	CreatedAt          time.Time `json:"created_at"`
	UpdatedAt          time.Time `json:"updated_at"`
}

// MergeRequest is a merge request.
type MergeRequest struct {
	ID                  int64     `json:"id"`
	IID                 int64     `json:"iid"`
	ProjectID           int64     `json:"project_id"`
	SourceProjectID     int64     `json:"source_project_id"`
	Title               string    `json:"title"`
	State               string    `json:"state"`
	SourceBranch        string    `json:"source_branch"`
	TargetBranch        string    `json:"target_branch"`
	SHA                 string    `json:"sha"`
	DetailedMergeStatus string    `json:"detailed_merge_status"`
	AuthorID            int64     `json:"author_id"`
	AssigneeIDs         []int64   `json:"assignee_ids"`
	ApprovedBy          []int64   `json:"approved_by"`
	CreatedAt           time.Time `json:"created_at"`
	UpdatedAt           time.Time `json:"updated_at"`
}

// Response is a verdict of an external service for a commit.
type Response struct {
	ID             int64      `json:"id"`
	MergeRequestID int64      `json:"merge_request_id"`
	CheckID        int64      `json:"check_id"`
	SHA            string     `json:"sha"`
	Status         string     `json:"status"`
	CreatedAt      time.Time  `json:"created_at"`
	RetriedAt      *time.Time `json:"retried_at"`
}

// Note is a comment on a merge request.
type Note struct {
	ID             int64  `json:"id"`
	MergeRequestID int64  `json:"merge_request_id"`
	DiscussionID   string `json:"discussion_id"`
	AuthorID       int64  `json:"author_id"`
	Body           string `json:"body"`
	Resolved       bool   `json:"resolved"`
}

// DeliverySummary is a delivery without its body and its attempts.
type DeliverySummary struct {
	ID       int64         `json:"id"`
	CheckID  int64         `json:"check_id"`
	Action   string        `json:"action"`
	State    DeliveryState `json:"state"`
	Due      time.Time     `json:"due"`
	Attempts int           `json:"attempts"`
}
