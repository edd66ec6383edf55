package mockserver

import (
	"cmp"
	"fmt"
	"net/url"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// projectEntity is a project. Simple lists and callers without an account get a few keys; everybody else gets all.
//
// Source: lib/api/entities/basic_project_details.rb, project.rb, project_with_access.rb,
// ee/lib/ee/api/entities/project.rb.
type projectEntity struct {
	projectBasic
	ForkedFrom *projectBasic `json:"forked_from_project,omitempty"` // of a fork, if the viewer can see it
	*projectState
	*projectFeatures
	*projectOrigin
	*projectBuilds
	*projectCI
	*projectMerging
	*projectEnterprise
	*projectAccess
}

type projectBasic struct {
	ID                gitlab.ProjectID `json:"id"`
	Description       *string          `json:"description"`
	Name              string           `json:"name"`
	NameWithNamespace string           `json:"name_with_namespace"`
	Path              string           `json:"path"`
	PathWithNamespace string           `json:"path_with_namespace"`
	CreatedAt         *timestamp       `json:"created_at"`
	DefaultBranch     *string          `json:"default_branch"`
	TagList           []string         `json:"tag_list"`
	Topics            []string         `json:"topics"`
	SSHURL            string           `json:"ssh_url_to_repo"`
	HTTPURL           string           `json:"http_url_to_repo"`
	WebURL            string           `json:"web_url"`
	*projectCode
	AvatarURL      *string            `json:"avatar_url"`
	StarCount      int                `json:"star_count"`
	LastActivityAt *timestamp         `json:"last_activity_at"`
	Visibility     *gitlab.Visibility `json:"visibility,omitempty"`
	Namespace      namespaceBasic     `json:"namespace"`
}

// projectCode holds the keys for viewers who can read the code.
type projectCode struct {
	ReadmeURL  *string `json:"readme_url"`
	ForksCount int     `json:"forks_count"`
}

type projectState struct {
	Links                          projectLinks `json:"_links"`
	MarkedForDeletionAt            *date        `json:"marked_for_deletion_at"`
	MarkedForDeletionOn            *date        `json:"marked_for_deletion_on"`
	PackagesEnabled                bool         `json:"packages_enabled"`
	EmptyRepo                      bool         `json:"empty_repo"`
	Archived                       bool         `json:"archived"`
	Owner                          *userBasic   `json:"owner,omitempty"` // only in a user's namespace
	ResolveOutdatedDiffDiscussions bool         `json:"resolve_outdated_diff_discussions"`
	RepositoryObjectFormat         string       `json:"repository_object_format"`
}

type projectLinks struct {
	Self          string `json:"self"`
	Issues        string `json:"issues"`
	MergeRequests string `json:"merge_requests"`
	RepoBranches  string `json:"repo_branches"`
	Labels        string `json:"labels"`
	Events        string `json:"events"`
	Members       string `json:"members"`
	ClusterAgents string `json:"cluster_agents"`
}

type projectFeatures struct {
	IssuesEnabled            bool   `json:"issues_enabled"`
	MergeRequestsEnabled     bool   `json:"merge_requests_enabled"`
	WikiEnabled              bool   `json:"wiki_enabled"`
	JobsEnabled              bool   `json:"jobs_enabled"`
	SnippetsEnabled          bool   `json:"snippets_enabled"`
	ContainerRegistryEnabled bool   `json:"container_registry_enabled"`
	ServiceDeskEnabled       bool   `json:"service_desk_enabled"`
	ServiceDeskAddress       any    `json:"service_desk_address,omitzero"` // for administrators of issues
	CanCreateMergeRequestIn  bool   `json:"can_create_merge_request_in"`
	Issues                   string `json:"issues_access_level"`
	Repository               string `json:"repository_access_level"`
	MergeRequests            string `json:"merge_requests_access_level"`
	Forking                  string `json:"forking_access_level"`
	Wiki                     string `json:"wiki_access_level"`
	Builds                   string `json:"builds_access_level"`
	Snippets                 string `json:"snippets_access_level"`
	Pages                    string `json:"pages_access_level"`
	Analytics                string `json:"analytics_access_level"`
	ContainerRegistry        string `json:"container_registry_access_level"`
	SecurityAndCompliance    string `json:"security_and_compliance_access_level"`
	Releases                 string `json:"releases_access_level"`
	Environments             string `json:"environments_access_level"`
	FeatureFlags             string `json:"feature_flags_access_level"`
	Infrastructure           string `json:"infrastructure_access_level"`
	Monitor                  string `json:"monitor_access_level"`
	ModelExperiments         string `json:"model_experiments_access_level"`
	ModelRegistry            string `json:"model_registry_access_level"`
	PackageRegistry          string `json:"package_registry_access_level"`
	EmailsDisabled           bool   `json:"emails_disabled"`
	EmailsEnabled            bool   `json:"emails_enabled"`
	ShowDiffPreviewInEmail   bool   `json:"show_diff_preview_in_email"`
	SharedRunnersEnabled     bool   `json:"shared_runners_enabled"`
	LFSEnabled               bool   `json:"lfs_enabled"`
}

type projectOrigin struct {
	CreatorID       *gitlab.UserID `json:"creator_id,omitempty"`
	TargetsSelf     *bool          `json:"mr_default_target_self,omitempty"` // of a fork
	ImportURL       any            `json:"import_url,omitzero"`              // for administrators of the project
	ImportType      any            `json:"import_type,omitzero"`             // for administrators of the project
	ImportStatus    string         `json:"import_status"`
	ImportError     any            `json:"import_error,omitzero"`       // for administrators of the project
	OpenIssuesCount *int           `json:"open_issues_count,omitempty"` // for those who can use issues
	DescriptionHTML string         `json:"description_html"`
	UpdatedAt       *timestamp     `json:"updated_at"`
}

// projectURLs returns the URLs of a project's page and of its repository.
func projectURLs(tx *gitlab.Tx, p gitlab.Project) (web, ssh, https string) {
	web = tx.BaseURL() + "/" + p.FullPath
	host := "localhost"
	if u, err := url.Parse(tx.BaseURL()); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	return web, fmt.Sprintf("git@%s:%s.git", host, p.FullPath), web + ".git"
}

// presentProjectBasic shows a project to a viewer with few keys.
func presentProjectBasic(tx *gitlab.Tx, viewer gitlab.Actor, p gitlab.Project) projectBasic {
	n, _ := tx.Namespace(p.NamespaceID)
	web, ssh, https := projectURLs(tx, p)
	topics, _ := p.Plain["topics"].([]string)
	topics = append([]string{}, topics...)
	e := projectBasic{
		ID: p.ID, Description: orNull(p.Description), Name: p.Name, NameWithNamespace: tx.FullName(n) + " / " + p.Name,
		Path:              p.Path,
		PathWithNamespace: p.FullPath, CreatedAt: newTimestamp(p.CreatedAt), DefaultBranch: orNull(p.DefaultBranch),
		TagList: topics, Topics: topics,
		SSHURL: ssh, HTTPURL: https, WebURL: web,
		LastActivityAt: newTimestamp(p.ActivityAt),
		Visibility:     dated(tx, gitlab.ShowsVisibilityInShort, p.Visibility),
		Namespace:      presentNamespaceBasic(tx, n),
	}
	if tx.Can(viewer, gitlab.ReadCode, p) {
		e.projectCode = presentProjectCode(tx, p)
	}
	return e
}

func presentProjectCode(tx *gitlab.Tx, p gitlab.Project) *projectCode {
	e := &projectCode{ForksCount: len(tx.Forks(p.ID))}
	if c, ok := tx.Resolve(p.ID, p.DefaultBranch); ok {
		if _, has := c.Tree["README.md"]; has {
			web, _, _ := projectURLs(tx, p)
			readme := web + "/-/blob/" + p.DefaultBranch + "/README.md"
			e.ReadmeURL = &readme
		}
	}
	return e
}

// presentProject shows a project to a viewer. A viewer without an account sees only a few keys.
func presentProject(tx *gitlab.Tx, viewer gitlab.Actor, p gitlab.Project) projectEntity {
	e := projectEntity{projectBasic: presentProjectBasic(tx, viewer, p)}
	tells := !viewer.Anonymous() || tx.Has(gitlab.ShowsForksToAnybody)
	if parent, ok := tx.Project(p.ForkedFromID); ok && tells && tx.Can(viewer, gitlab.ReadProject, parent) {
		shown := presentProjectBasic(tx, viewer, parent)
		e.ForkedFrom = &shown
	}
	if viewer.Anonymous() {
		return e
	}
	administers := tx.Can(viewer, gitlab.AdminProject, p)
	e.Visibility = &p.Visibility
	e.projectState = presentProjectState(tx, p)
	e.projectFeatures = presentProjectFeatures(tx, viewer, p)
	e.projectOrigin = &projectOrigin{
		CreatorID: orNull(p.CreatorID), ImportStatus: cmp.Or(p.ImportStatus, "none"),
		DescriptionHTML: descriptionHTML(p.Description), UpdatedAt: newTimestamp(p.UpdatedAt),
	}
	if e.IssuesEnabled {
		e.OpenIssuesCount = new(int)
	}
	if p.Forked() {
		self := plain(p, "mr_default_target_self", false)
		e.TargetsSelf = &self
	}
	e.projectBuilds = presentProjectBuilds(tx, p, administers)
	e.projectCI = presentProjectCI(tx, viewer, p)
	e.projectMerging = presentProjectMerging(p)
	e.projectEnterprise = presentProjectEnterprise(tx, viewer, p)
	e.projectAccess = &projectAccess{presentPermissions(tx, viewer, p)}
	if administers {
		e.ImportURL, e.ImportType, e.ImportError = null{}, null{}, null{}
	}
	return e
}

// null is written as null. It stands for keys that are always there but never have a value.
type null struct{}

// MarshalJSON writes null.
func (null) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

func presentProjectState(tx *gitlab.Tx, p gitlab.Project) *projectState {
	at := newDate(p.DeletionOn)
	link := func(path string) string {
		return fmt.Sprintf("%s%s/projects/%d%s", tx.BaseURL(), apiPrefix, p.ID, path)
	}
	e := &projectState{
		Links: projectLinks{
			Self: link(""), Issues: link("/issues"), MergeRequests: link("/merge_requests"),
			RepoBranches: link("/repository/branches"),
			Labels:       link("/labels"), Events: link("/events"), Members: link("/members"),
			ClusterAgents: link("/cluster_agents"),
		},
		MarkedForDeletionAt: at, MarkedForDeletionOn: at, PackagesEnabled: plain(p, "packages_enabled", true),
		EmptyRepo: p.DefaultBranch == "",
		Archived:  p.Archived, ResolveOutdatedDiffDiscussions: plain(p, "resolve_outdated_diff_discussions", false),
		RepositoryObjectFormat: "sha1",
	}
	if n, _ := tx.Namespace(p.NamespaceID); n.Kind == gitlab.UserNamespace {
		e.Owner = presentUser(tx, n.OwnerID)
	}
	return e
}

// plain is a setting that changes nothing here: the value that was set, or the default.
func plain[T any](p gitlab.Project, name string, otherwise T) T {
	if v, ok := p.Plain[name].(T); ok {
		return v
	}
	return otherwise
}
