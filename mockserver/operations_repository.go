package mockserver

import (
	"encoding/base64"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/openapi"
)

var repositoryOperations = map[string]operation{
	"getFile":                 open(inProject(gitlab.ReadCode, getFile)),
	"createFile":              withOwnBody(inProject(gitlab.ReadProject, createFile)),
	"updateFile":              withOwnBody(inProject(gitlab.ReadProject, updateFile)),
	"deleteFile":              inProject(gitlab.PushCode, deleteFile),
	"listCommits":             open(ofCommits(listCommits)),
	"createCommit":            withOwnBody(ofCommits(createCommit)),
	"getCommit":               open(ofCommits(getCommit)),
	"listCommitMergeRequests": open(ofCommits(listCommitMergeRequests)),
	"listBranches":            open(inProject(gitlab.ReadCode, listBranches)),
	"createBranch":            inProject(gitlab.PushCode, createBranch),
	"getBranch":               open(inProject(gitlab.ReadCode, getBranch)),
	"deleteBranch":            inProject(gitlab.PushCode, deleteBranch),
}

// resolve finds the commit for a branch, a SHA or HEAD.
func (c *call) resolve(tx *gitlab.Tx, ref string) (gitlab.Commit, error) {
	name := ref
	if name == "HEAD" || name == "" {
		name = c.project.DefaultBranch
	}
	found, ok := tx.Resolve(c.project.ID, name)
	if !ok {
		return found, missing("Commit", "the repository has no branch and no commit %q", ref)
	}
	return found, nil
}

func getFile(c *call, tx *gitlab.Tx) (reply, error) {
	ref, name := c.params.text("ref"), c.params.text("file_path")
	head, err := c.resolve(tx, ref)
	if err != nil {
		return reply{}, err
	}
	if _, exists := head.Tree[name]; !exists {
		return reply{}, missing("File", "there is no file %q at %s", name, head.SHA)
	}
	file := presentFile(tx, head, ref, name)
	return reply{status: http.StatusOK, body: file, header: file.headers()}, nil
}

// present refuses, in Grape's words, parameters that are missing altogether.
func (c *call) present(names []string) error {
	var missing []openapi.Violation
	for _, name := range names {
		if !c.params.has(name) {
			missing = append(missing, openapi.Violation{Code: "required", Parameter: name, Message: name +
				" was not given"})
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return grapeFailure(missing)
}

// newCommit is the commit that the parameters describe.
func (c *call) newCommit(actions ...gitlab.FileAction) gitlab.NewCommit {
	p := c.params
	return gitlab.NewCommit{
		Branch: p.text("branch"), StartBranch: p.text("start_branch"), StartSHA: p.text("start_sha"),
		Force:   p.flag("force"),
		Message: p.text("commit_message"), AuthorName: p.text("author_name"), AuthorEmail: p.text("author_email"),
		Actions: actions,
	}
}

// changeFile commits an action on the file that the path names.
func (c *call) changeFile(tx *gitlab.Tx, action string) (savedFile, error) {
	p := c.params
	f := gitlab.FileAction{
		Action: action, Path: p.text("file_path"), Content: decodeContent(p.text("content"), p.text("encoding")),
		HasContent:   p.has("content"),
		LastCommitID: p.text("last_commit_id"),
	}
	_, err := tx.PushCommit(c.actor, c.project, c.newCommit(f))
	return savedFile{f.Path, p.text("branch")}, err
}

func createFile(c *call, tx *gitlab.Tx) (reply, error) {
	if err := c.mayCommitFile(tx); err != nil {
		return reply{}, err
	}
	saved, err := c.changeFile(tx, "create")
	if err != nil {
		return reply{}, err
	}
	return created(saved)
}

func updateFile(c *call, tx *gitlab.Tx) (reply, error) {
	if err := c.mayCommitFile(tx); err != nil {
		return reply{}, err
	}
	saved, err := c.changeFile(tx, "update")
	if err != nil {
		return reply{}, err
	}
	return ok(saved)
}

func deleteFile(c *call, tx *gitlab.Tx) (reply, error) {
	if _, err := c.changeFile(tx, "delete"); err != nil {
		return reply{}, err
	}
	return noContent()
}

// decodeContent decodes the content of a file. Like Ruby, it skips characters that do not belong to base64.
func decodeContent(text, encoding string) string {
	if encoding != "base64" {
		return text
	}
	clean := strings.Map(func(c rune) rune {
		if 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '/' {
			return c
		}
		return -1
	}, text)
	if len(clean)%4 == 1 {
		clean = clean[:len(clean)-1]
	}
	content, err := base64.RawStdEncoding.DecodeString(clean)
	if err != nil {
		return text
	}
	return string(content)
}

// fileAction reads one of the actions of a commit.
func fileAction(item any) gitlab.FileAction {
	object, _ := item.(map[string]any)
	text := func(name string) string {
		s, _ := object[name].(string)
		return s
	}
	_, hasContent := object["content"].(string)
	return gitlab.FileAction{
		Action: text("action"), Path: text("file_path"), PreviousPath: text("previous_path"),
		Content:    decodeContent(text("content"), text("encoding")),
		HasContent: hasContent, LastCommitID: text("last_commit_id"),
	}
}

func listCommits(c *call, tx *gitlab.Tx) (reply, error) {
	p := c.params
	ref := p.text("ref_name")
	if ref == "" {
		ref = c.project.DefaultBranch
	}
	head, _ := tx.Resolve(c.project.ID, ref)
	commits := kept(tx.History(c.project.ID, head.SHA), func(commit gitlab.Commit) bool {
		author := mentions(p.text("author"), commit.AuthorName, commit.AuthorEmail)
		return author && p.between(commit.CreatedAt, "since", "until") &&
			(p.text("path") == "" || tx.Touches(commit, p.text("path")))
	})
	return listed(c, tx, commits, func(commit gitlab.Commit) commitEntity {
		e := presentCommit(tx, c.project, commit)
		if p.flag("with_stats") {
			e.Stats = presentStats(tx, commit)
		}
		return e
	})
}

func getCommit(c *call, tx *gitlab.Tx) (reply, error) {
	commit, err := c.resolve(tx, c.params.text("sha"))
	if err != nil {
		return reply{}, err
	}
	return ok(c.presentCommitDetails(tx, commit))
}

func listCommitMergeRequests(c *call, tx *gitlab.Tx) (reply, error) {
	if !tx.Can(c.actor, gitlab.ReadMergeRequest, c.project) {
		return reply{}, denied("listing merge requests needs %s", gitlab.ReadMergeRequest)
	}
	commit, err := c.resolve(tx, c.params.text("sha"))
	if err != nil {
		return reply{}, err
	}
	state := c.params.text("state")
	found := kept(tx.MergeRequestsWithCommit(c.project.ID, commit.SHA), func(mr gitlab.MergeRequest) bool {
		return state == "" || state == string(mr.State)
	})
	slices.Reverse(found)
	return listed(c, tx, found, func(mr gitlab.MergeRequest) mergeRequestBasic {
		return presentMergeRequestBasic(tx,
			mr)
	})
}

func listBranches(c *call, tx *gitlab.Tx) (reply, error) {
	search := c.params.text("search")
	pattern, err := regexp.Compile(c.params.text("regex"))
	if err != nil {
		return reply{}, &gitlab.Refusal{
			Kind: gitlab.BadValue, Text: "Regex is invalid",
			Reason: "regex is not a regular expression: " + err.Error(),
		}
	}
	branches := kept(tx.Branches(c.project.ID), func(b gitlab.Branch) bool {
		return matchesPinned(search, b.Name) &&
			pattern.MatchString(b.Name)
	})
	if by := c.params.text("sort"); strings.HasPrefix(by, "updated") {
		slices.SortStableFunc(branches, func(a, b gitlab.Branch) int {
			first, _ := tx.Commit(a.ProjectID, a.SHA)
			second, _ := tx.Commit(b.ProjectID, b.SHA)
			if by == "updated_desc" {
				first, second = second, first
			}
			return first.CreatedAt.Compare(second.CreatedAt)
		})
	}
	return listed(c, tx, branches, func(b gitlab.Branch) branchEntity {
		return presentBranch(tx, c.actor, c.project,
			b)
	})
}

// matchesPinned searches a name for a text. In the text, ^ and $ stand for the start and the end of the name.
func matchesPinned(search, name string) bool {
	start, atStart := strings.CutPrefix(strings.ToLower(search), "^")
	text, atEnd := strings.CutSuffix(start, "$")
	name = strings.ToLower(name)
	switch {
	case atStart && atEnd:
		return name == text
	case atStart:
		return strings.HasPrefix(name, text)
	case atEnd:
		return strings.HasSuffix(name, text)
	}
	return strings.Contains(name, text)
}

func createBranch(c *call, tx *gitlab.Tx) (reply, error) {
	b, err := tx.CreateBranch(c.actor, c.project, c.params.text("branch"), c.params.text("ref"))
	if err != nil {
		return reply{}, err
	}
	return created(presentBranch(tx, c.actor, c.project, b))
}

// findBranch looks up the branch that the path names.
func (c *call) findBranch(tx *gitlab.Tx) (gitlab.Branch, error) {
	b, found := tx.Branch(c.project.ID, c.params.text("branch"))
	if !found {
		return b, missing("Branch", "there is no branch %q", c.params.text("branch"))
	}
	return b, nil
}

func getBranch(c *call, tx *gitlab.Tx) (reply, error) {
	b, err := c.findBranch(tx)
	if err != nil {
		return reply{}, err
	}
	return ok(presentBranch(tx, c.actor, c.project, b))
}

func deleteBranch(c *call, tx *gitlab.Tx) (reply, error) {
	b, err := c.findBranch(tx)
	if err != nil {
		return reply{}, err
	}
	head, _ := tx.Commit(c.project.ID, b.SHA)
	if err := c.unmodified(head.CreatedAt); err != nil {
		return reply{}, err
	}
	if err := tx.RemoveBranch(c.actor, c.project, b); err != nil {
		return reply{}, err
	}
	return noContent()
}
