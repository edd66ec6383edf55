package mockserver

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

var treeOperations = map[string]operation{
	"getRawFile":         open(inProject(gitlab.ReadCode, getRawFile)),
	"listRepositoryTree": open(inProject(gitlab.ReadCode, listRepositoryTree)),
	"getBlob":            open(inProject(gitlab.ReadCode, getBlob)),
	"getRawBlob":         open(inProject(gitlab.ReadCode, getRawBlob)),
	"compareRefs":        open(inProject(gitlab.ReadCode, compareRefs)),
}

// getRawFile sends a file. If no ref was asked for, none is named in the headers.
func getRawFile(c *call, tx *gitlab.Tx) (reply, error) {
	ref, name := c.params.text("ref"), c.params.text("file_path")
	head, err := c.resolve(tx, ref)
	if err != nil {
		return reply{}, err
	}
	content, exists := head.Tree[name]
	if !exists {
		return reply{}, missing("File", "there is no file %q at %s", name, head.SHA)
	}
	file := presentFile(tx, head, ref, name)
	return sendContent(content, file.FileName, file.headers())
}

// shownInline are the types that Workhorse lets browsers show, besides text.
var shownInline = lazy.Regexp(`^(?:image|video)/|^application/pdf`)

// sendContent makes the answer with the content of a file. Workhorse tells the type from how it begins.
//
// Source: lib/api/helpers.rb (send_git_blob), workhorse/internal/headers/content_headers.go.
func sendContent(content, name string, h http.Header) (reply, error) {
	kind, disposition := http.DetectContentType([]byte(content)), "inline"
	switch {
	case strings.HasPrefix(kind, "text/"):
		kind = "text/plain; charset=utf-8"
	case !shownInline().MatchString(kind):
		kind, disposition = "application/octet-stream", "attachment"
	}
	if name != "" {
		disposition += fmt.Sprintf("; filename=%q; filename*=UTF-8''%s", name, url.PathEscape(name))
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", disposition)
	for key, values := range uncached() {
		h[key] = values
	}
	return reply{status: http.StatusOK, text: content, header: h}, nil
}

func getBlob(c *call, tx *gitlab.Tx) (reply, error) {
	sha, content, err := c.blob(tx)
	if err != nil {
		return reply{}, err
	}
	return ok(blobEntity{
		Size: len(content), Encoding: "base64", Content: base64.StdEncoding.EncodeToString([]byte(content)), SHA: sha,
	})
}

func getRawBlob(c *call, tx *gitlab.Tx) (reply, error) {
	_, content, err := c.blob(tx)
	if err != nil {
		return reply{}, err
	}
	return sendContent(content, "", http.Header{})
}

func (c *call) blob(tx *gitlab.Tx) (sha, content string, err error) {
	sha = c.params.text("sha")
	content, found := tx.Blob(c.project.ID, sha)
	if !found {
		err = missing("Blob", "no file of the project has a content with the SHA %q", sha)
	}
	return sha, content, err
}

// listRepositoryTree lists a folder by numbers of pages, by keysets or as a whole.
//
// Source: lib/api/repositories.rb, lib/gitlab/pagination/gitaly_keyset_pager.rb.
func listRepositoryTree(c *call, tx *gitlab.Tx) (reply, error) {
	p := c.params
	if p.text("pagination") == "none" && !p.flag("recursive") {
		const text = `pagination cannot be "none" unless "recursive" is true`
		return reply{}, failed(http.StatusBadRequest, text, "the parameters contradict each other")
	}
	commit, found := tx.Resolve(c.project.ID, cmp.Or(p.text("ref"), c.project.DefaultBranch))
	if !found {
		return reply{}, missing("Tree", "the repository has no branch and no commit %q", p.text("ref"))
	}
	depth := gitlab.OneFolder
	if p.flag("recursive") {
		depth = gitlab.Recursive
	}
	entries, err := commit.TreeEntries(p.text("path"), depth)
	if err != nil && tx.Has(gitlab.MissesTreePaths) {
		return reply{}, err
	}
	at := page{p.number("page"), p.number("per_page")}
	switch {
	case p.text("pagination") == "none":
		return ok(presentAll(entries, presentTreeEntry))
	case p.text("pagination") == "keyset":
		return c.keysetPage(tx, entries)
	case at.number > 1 || at.perPage < 1:
		at = at.clamped()
	default:
		at.number = 1 // of which Gitaly makes as many items as were asked for
	}
	shown, headers, err := window(c, tx, entries, at)
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusOK, body: presentAll(shown, presentTreeEntry), header: headers}, nil
}

// keysetPage shows the entries behind the one that page_token names. The only header leads to the next page.
func (c *call) keysetPage(tx *gitlab.Tx, entries []gitlab.TreeEntry) (reply, error) {
	if token := c.params.text("page_token"); token != "" {
		i := slices.IndexFunc(entries, func(e gitlab.TreeEntry) bool { return e.ID == token })
		if i < 0 {
			return reply{}, &gitlab.Refusal{
				Kind: gitlab.Broken, Reason: "page_token names no entry, and Gitaly refuses it",
			}
		}
		entries = entries[i+1:]
	}
	perPage := c.params.number("per_page")
	if perPage < 1 {
		perPage = defaultPerPage
	}
	re := reply{status: http.StatusOK, header: http.Header{}}
	if int64(len(entries)) > perPage {
		entries = entries[:perPage]
		re.header.Set("Link", "<"+c.nextKeyset(tx, entries[perPage-1].ID)+`>; rel="next"`)
	}
	re.body = presentAll(entries, presentTreeEntry)
	return re, nil
}

// nextKeyset is the URL of the next page of a list by keysets. It has all parameters, also the defaults.
func (c *call) nextKeyset(tx *gitlab.Tx, token string) string {
	pairs := []string{
		"page=" + strconv.FormatInt(max(c.params.number("page"), 1), 10), "page_token=" + url.QueryEscape(token),
		"pagination=keyset", "per_page=" + strconv.FormatInt(c.params.number("per_page"), 10),
		"recursive=" + strconv.FormatBool(c.params.flag("recursive")),
	}
	for name, value := range c.query {
		if !slices.Contains([]string{"page", "page_token", "pagination", "per_page", "recursive"}, name) {
			pairs = append(pairs, queryPairs(name, value)...)
		}
	}
	for name, value := range c.path {
		pairs = append(pairs, queryPairs(name, value)...)
	}
	slices.Sort(pairs)
	return tx.BaseURL() + c.request.URL.EscapedPath() + "?" + strings.Join(pairs, "&")
}

func compareRefs(c *call, tx *gitlab.Tx) (reply, error) {
	p := c.params
	target, err := c.comparedWith(tx)
	if err != nil {
		return reply{}, err
	}
	var commits []gitlab.Commit
	for i, name := range []string{"from", "to"} {
		in, ref := []gitlab.Project{target, c.project}[i], strings.TrimSpace(p.text(name))
		if ref == "HEAD" {
			ref = in.DefaultBranch
		}
		commit, found := tx.Resolve(in.ID, ref)
		if !found {
			return reply{}, missing("Ref", "the repository has no branch and no commit %q", ref)
		}
		commits = append(commits, commit)
	}
	start := commits[0]
	if !p.flag("straight") {
		start, _ = tx.CommonAncestor(commits[0], commits[1])
	}
	return ok(c.presentComparison(tx, target, tx.Compare(commits[0], commits[1], start)))
}

// comparedWith is the project whose ref a comparison begins at: the one that from_project_id names, which must be in
// one network of forks with this one.
//
// Source: lib/api/repositories.rb, app/finders/merge_request_target_project_finder.rb.
func (c *call) comparedWith(tx *gitlab.Tx) (gitlab.Project, error) {
	id := gitlab.ProjectID(c.params.number("from_project_id"))
	if id == 0 || id == c.project.ID {
		return c.project, nil
	}
	p, found := tx.Project(id)
	if !found || !p.SharesNetwork(c.project) || p.Archived || !tx.Can(c.actor, gitlab.ReadProject, p) {
		return p, &gitlab.Refusal{
			Kind:   gitlab.BadValue,
			Text:   fmt.Sprintf("Target project id:%d is not a fork of project id:%s", id, c.path["id"]),
			Reason: "from_project_id names a project that has no repository in common with this one",
		}
	}
	if !tx.Can(c.actor, gitlab.ReadCode, p) {
		return p, &gitlab.Refusal{
			Kind: gitlab.Forbidden, Text: "You don't have access to this fork's parent project",
			Reason: "from_project_id names a project whose code the caller may not see",
		}
	}
	return p, nil
}
