package pages

import "slices"

// World is what the pages show: one GitLab, as one person sees it. People are named by the ids of their users.
type World interface {
	// Root is the relative root of the world: empty, or /worlds/NAME.
	Root() string
	// Release is the GitLab release that the world is, as 18.9.
	Release() string
	// People are those who can be signed in. The first is signed in until another one is chosen.
	People() []Person
	// Operation is the path of an operation of the API, with its parameters in braces; empty if the release has none of
	// that id.
	Operation(id string) string
	// Projects are those that a person can see.
	Projects(person int64) []Project
	// Settings are the settings of a project. It reports false if there is none, or the person may not change them.
	Settings(path string, person int64) (Settings, bool)
	// MergeRequest is a merge request of a project, by its number there. It reports false if the person cannot see it.
	MergeRequest(path string, iid, person int64) (MergeRequest, bool)
	// BranchRules are those of a project. It reports false if the person may not change them, or the release has no
	// page of them.
	BranchRules(path string, person int64) (BranchRules, bool)
	Workbench
	// RequireStatusChecks says whether merge requests of a project can be merged only if all status checks passed. It
	// fails if the person may not decide that.
	RequireStatusChecks(path string, person int64, required Requirement) error
}

// Requirement says whether status checks must succeed before a merge.
type Requirement bool

// The two requirements.
const (
	MaySucceed  Requirement = false
	MustSucceed Requirement = true
)

// Person is somebody who can be signed in.
type Person struct {
	ID             int64
	Username, Name string
}

// Project is a project in a list.
type Project struct {
	ID            int64
	Path, Name    string
	Manages       bool // the person may change its settings
	MergeRequests []MergeRequestLink
}

// Shown are those merge requests that fit into a list of projects: the newest ones.
func (p Project) Shown() []MergeRequestLink {
	const most = 10
	newest := slices.Clone(p.MergeRequests[max(0, len(p.MergeRequests)-most):])
	slices.Reverse(newest)
	return newest
}

// MergeRequestLink is a merge request in a list.
type MergeRequestLink struct {
	Project        string // full path
	IID            int64
	Title, State   string
	Source, Target string // branches; that of a fork as path:branch
}

// Settings are what the page of a project's merge request settings shows.
type Settings struct {
	Project  Project
	Licensed bool          // status checks are there
	Secrets  bool          // checks can have a shared secret
	HasGate  bool          // the release lets status checks block merging
	Gate     Requirement   // whether they do
	Rules    bool          // the release has a page of branch rules with checks
	Checks   []StatusCheck // in GitLab's order
}

// StatusCheck is an external status check in a list.
type StatusCheck struct {
	ID        int64
	Name, URL string
	Branches  []Branch // none means all
	HMAC      bool
}

// Branch is a protected branch.
type Branch struct {
	ID   int64
	Name string
}
