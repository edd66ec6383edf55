package main

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/mockserver/control"
)

// environment is the environment of a command that is to use the mock: what was there, with the mock in the place of
// a real GitLab.
func (m *runningMock) environment(username string, environ []string) ([]string, error) {
	return m.note.environment(username, m.mock.State(), environ)
}

func (n *readyNote) environment(username string, state control.State, environ []string) ([]string, error) {
	token, err := n.tokenOf(username)
	if err != nil {
		return nil, err
	}
	variables := addressesOf(n)
	addTokens(variables, token)
	addWork(variables, state, n.URL)
	var all []string
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		_, replaced := variables[name]
		if replaced || isAboutWork(name) {
			continue
		}
		if value != "" && belongsToGitLab(name, value) {
			entry = name + "=" + token
		}
		all = append(all, entry)
	}
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		all = append(all, name+"="+variables[name])
	}
	return all, nil
}

// tokenOf is the token of a user, or that of a maintainer if no user is named. Without one it is empty.
func (n *readyNote) tokenOf(username string) (string, error) {
	if username == "" {
		return n.maintainersToken(), nil
	}
	if token, known := n.Tokens[username]; known {
		return token, nil
	}
	return "", wrongUsage("no token is known for the user %q%s; the mock has tokens of %s", username,
		strictyaml.DidYouMean(username, slices.Sorted(maps.Keys(n.Tokens))),
		strings.Join(slices.Sorted(maps.Keys(n.Tokens)), ", "))
}

// maintainersToken is the token of a maintainer, who may do all that status checks need; else that of whoever may do
// most.
func (n *readyNote) maintainersToken() string {
	for _, t := range n.world.Tokens() {
		if t.Role == "maintainer" {
			return t.Secret
		}
	}
	return n.powerfulToken()
}

// addressesOf are the variables that say where the mock is, as GitLab's CI and the clients have them.
func addressesOf(n *readyNote) map[string]string {
	variables := map[string]string{
		"MOCK_GITLAB_CONTROL_URL": n.Control,
		"CI_API_V4_URL":           n.API, "CI_API_GRAPHQL_URL": n.URL + "/api/graphql", "CI_SERVER_VERSION": n.Version,
		"GITLAB_BASE_URL":     n.API + "/", // the Terraform provider
		"GITLAB_API_ENDPOINT": n.API,       // ruby-gitlab
		"CI_SERVER_NAME":      "GitLab",
	}
	// python-gitlab, glab, gitbeaker
	for _, name := range []string{"GITLAB_URL", "CI_SERVER_URL", "GITLAB_HOST", "GITBEAKER_HOST"} {
		variables[name] = n.URL
	}
	if n.CA != "" {
		for _, name := range []string{ // of Node.js, Python's requests and httplib2, curl and OpenSSL
			"NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "HTTPLIB2_CA_CERTS", "CURL_CA_BUNDLE", "SSL_CERT_FILE",
		} {
			variables[name] = n.CA
		}
	}
	at, err := url.Parse(n.URL)
	if err != nil {
		return variables
	}
	variables["CI_SERVER_HOST"], variables["CI_SERVER_FQDN"] = at.Hostname(), at.Host
	variables["CI_SERVER_PORT"], variables["CI_SERVER_PROTOCOL"] = portOf(at), at.Scheme
	major, minor, _ := strings.Cut(n.Version, ".")
	variables["CI_SERVER_VERSION_MAJOR"], variables["CI_SERVER_VERSION_MINOR"] = major, minor
	return variables
}

// addTokens adds the variables that clients read a token from: glab and the Terraform provider, python-gitlab,
// ruby-gitlab, gitbeaker.
func addTokens(variables map[string]string, token string) {
	for _, name := range []string{
		"GITLAB_TOKEN", "GITLAB_PRIVATE_TOKEN", "GITLAB_API_PRIVATE_TOKEN", "GITBEAKER_TOKEN",
	} {
		variables[name] = token
	}
}

// addWork adds the variables of a job of GitLab's CI for the first open merge request, or at least for the first
// project. The job is one of a merge request pipeline for the commits of its branch, which GitLab calls detached.
func addWork(variables map[string]string, state control.State, root string) {
	projects := map[int64]control.Project{}
	for _, p := range state.Projects {
		projects[p.ID] = p
	}
	for _, mr := range state.MergeRequests {
		target, known := projects[mr.ProjectID]
		if !known || mr.State != "opened" {
			continue
		}
		addProject(variables, target, root)
		addMergeRequest(variables, mr, target, root)
		if source, known := projects[mr.SourceProjectID]; known {
			addSource(variables, mr, source, root)
		}
		addAuthor(variables, state.Users, mr.AuthorID)
		variables["CI_OPEN_MERGE_REQUESTS"] = openFrom(mr, state.MergeRequests, projects)
		return
	}
	if len(state.Projects) > 0 {
		addProject(variables, state.Projects[0], root)
	}
}

// openFrom are the open merge requests from the branch that one comes from, as GitLab writes them: the newest four.
func openFrom(mr control.MergeRequest, all []control.MergeRequest, projects map[int64]control.Project) string {
	var open []string
	for _, other := range slices.Backward(all) {
		if other.State == "opened" && other.SourceProjectID == mr.SourceProjectID &&
			other.SourceBranch == mr.SourceBranch {
			open = append(open, fmt.Sprintf("%s!%d", projects[other.ProjectID].FullPath, other.IID))
		}
	}
	return strings.Join(open[:min(len(open), 4)], ",")
}

// workOfJob are the names of the variables in which a job of GitLab's CI has its project, commit and merge request.
// Those of a real job are none of the mock's.
var workOfJob = lazy.Regexp(
	`^(CI_(PROJECT|COMMIT|MERGE_REQUEST|EXTERNAL_PULL_REQUEST|DEFAULT_BRANCH|REPOSITORY_URL)(_.*)?` +
		`|CI_OPEN_MERGE_REQUESTS|CI_PIPELINE_SOURCE|GITLAB_USER_(ID|LOGIN|NAME|EMAIL))$`)

// isAboutWork reports whether a variable says what a job works on. The folder of a job is where its command runs.
func isAboutWork(name string) bool { return name != "CI_PROJECT_DIR" && workOfJob().MatchString(name) }

func addProject(variables map[string]string, p control.Project, root string) {
	namespace, name := "", p.FullPath
	if i := strings.LastIndexByte(p.FullPath, '/'); i >= 0 {
		namespace, name = p.FullPath[:i], p.FullPath[i+1:]
	}
	top, _, _ := strings.Cut(namespace, "/")
	variables["CI_PROJECT_ID"] = strconv.FormatInt(p.ID, 10)
	variables["CI_PROJECT_PATH"], variables["CI_PROJECT_PATH_SLUG"] = p.FullPath, slug(p.FullPath)
	variables["CI_PROJECT_NAME"], variables["CI_PROJECT_TITLE"] = name, p.Name
	variables["CI_PROJECT_NAMESPACE"], variables["CI_PROJECT_NAMESPACE_SLUG"] = namespace, slug(namespace)
	variables["CI_PROJECT_ROOT_NAMESPACE"] = top
	variables["CI_PROJECT_URL"] = root + "/" + p.FullPath
	variables["CI_DEFAULT_BRANCH"], variables["CI_DEFAULT_BRANCH_SLUG"] = p.DefaultBranch, slug(p.DefaultBranch)
	variables["CI_PROJECT_VISIBILITY"] = p.Visibility
	variables["CI_REPOSITORY_URL"] = root + "/" + p.FullPath + ".git" // a real one has a token in it
}

func addMergeRequest(variables map[string]string, mr control.MergeRequest, p control.Project, root string) {
	variables["CI_PIPELINE_SOURCE"], variables["CI_MERGE_REQUEST_EVENT_TYPE"] = "merge_request_event", "detached"
	variables["CI_MERGE_REQUEST_ID"] = strconv.FormatInt(mr.ID, 10)
	variables["CI_MERGE_REQUEST_IID"] = strconv.FormatInt(mr.IID, 10)
	variables["CI_MERGE_REQUEST_REF_PATH"] = fmt.Sprintf("refs/merge-requests/%d/head", mr.IID)
	variables["CI_MERGE_REQUEST_TITLE"] = mr.Title
	variables["CI_MERGE_REQUEST_PROJECT_ID"] = strconv.FormatInt(mr.ProjectID, 10)
	variables["CI_MERGE_REQUEST_PROJECT_PATH"] = p.FullPath
	variables["CI_MERGE_REQUEST_PROJECT_URL"] = root + "/" + p.FullPath
	variables["CI_MERGE_REQUEST_TARGET_BRANCH_NAME"] = mr.TargetBranch
	// GitLab sets these two in pipelines of merged results alone.
	variables["CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"], variables["CI_MERGE_REQUEST_TARGET_BRANCH_SHA"] = "", ""
	variables["CI_COMMIT_SHA"], variables["CI_COMMIT_SHORT_SHA"] = mr.SHA, mr.SHA[:min(len(mr.SHA), 8)]
	variables["CI_COMMIT_BEFORE_SHA"] = strings.Repeat("0", 40)
	variables["CI_COMMIT_REF_NAME"], variables["CI_COMMIT_REF_SLUG"] = mr.SourceBranch, slug(mr.SourceBranch)
}

// addSource adds the variables about the project that a merge request comes from.
func addSource(variables map[string]string, mr control.MergeRequest, p control.Project, root string) {
	variables["CI_MERGE_REQUEST_SOURCE_PROJECT_ID"] = strconv.FormatInt(mr.SourceProjectID, 10)
	variables["CI_MERGE_REQUEST_SOURCE_PROJECT_PATH"] = p.FullPath
	variables["CI_MERGE_REQUEST_SOURCE_PROJECT_URL"] = root + "/" + p.FullPath
	variables["CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"] = mr.SourceBranch
}

func addAuthor(variables map[string]string, users []control.User, id int64) {
	for _, u := range users {
		if u.ID == id {
			variables["GITLAB_USER_ID"] = strconv.FormatInt(u.ID, 10)
			variables["GITLAB_USER_LOGIN"], variables["GITLAB_USER_NAME"] = u.Username, u.Name
			variables["GITLAB_USER_EMAIL"] = u.Email
		}
	}
}

// slug is a text as GitLab makes it fit for a host name: in small letters, with a hyphen for whatever is neither a
// letter of English nor a digit, of at most 63 characters, and without hyphens at its ends.
func slug(text string) string {
	fit := strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(text))
	return strings.Trim(fit[:min(len(fit), 63)], "-")
}

var (
	// secretOfGitLab is the name of a variable with a token or password of a real GitLab.
	secretOfGitLab = lazy.Regexp(
		`^(CI|GITLAB|GL|GLAB|GITBEAKER)_.*(TOKEN|PASSWORD|SECRET|JWT|JWT_V[0-9])$|^OAUTH_TOKEN$|_GITLAB_TOKEN$`)
	// tokenOfGitLab is a token of GitLab by its prefix, wherever it stands in a value. Those of the mock are shorter.
	tokenOfGitLab = lazy.Regexp(`\b(gl(pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|wt|soat|ffct)-[\w.-]{20,})`)
)

// belongsToGitLab reports whether a variable gives access to a real GitLab.
func belongsToGitLab(name, value string) bool {
	return secretOfGitLab().MatchString(name) || tokenOfGitLab().MatchString(value)
}
