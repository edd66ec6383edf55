package gitlab

import (
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	segments "github.com/yuin/goldmark/text"

	"github.com/statuschecks/statuschecks/internal/lazy"
)

// mentioned are the members of the groups that are named and that the actor sees, and then the users that are named, in
// the order in which they are.
//
// Source: lib/banzai/reference_parser/user_parser.rb.
func (tx *Tx) mentioned(a Actor, names []string) []UserID {
	var users, members []UserID
	for _, path := range names {
		if u, ok := tx.UserByUsername(path); ok {
			users = append(users, u.ID)
		}
		if n, ok := tx.NamespaceByPath(path); ok && n.Kind != UserNamespace && tx.CanOnGroup(a, ReadGroup, n) {
			for _, m := range tx.GroupMembers(n.ID) {
				members = append(members, m.UserID)
			}
		}
	}
	return append(members, users...)
}

// namesOf are the paths of users and groups that title and description name. A title is not Markdown.
//
// Source: app/models/concerns/issuable.rb.
func namesOf(mr MergeRequest) []string {
	return append(namesIn(mr.Title), mentions(mr.Description)...)
}

// mention is the path of a user or a group behind an @, which does not follow a letter, a digit or a backslash. A full
// stop at the end is not part of the path.
//
// Source: app/models/user.rb (reference_pattern), lib/gitlab/path_regex.rb.
var mention = lazy.Regexp(`(?:^|[^\w\\])@((?:(?:[\w.][\w.-]*[\w-]|\w)/)*(?:[\w.][\w.-]*[\w-]|\w))`)

func namesIn(plain string) (paths []string) {
	for _, found := range mention().FindAllStringSubmatch(plain, -1) {
		paths = append(paths, found[1])
	}
	return paths
}

// markdown reads Markdown as GitLab does, as far as names are concerned. GitLab's additions would not change them, but
// for plain URLs.
var markdown = sync.OnceValue(goldmark.DefaultParser)

// plainURL is what GitLab makes a link of.
//
// Source: lib/banzai/filter/markdown_engines/glfm_markdown.rb (autolink).
var plainURL = lazy.Regexp(`\b(?:https?|ftp)://[^\s<]+|(?:^|[\s*_~(])www\.[^\s<]+`)

// longestMarkdown is how many bytes of a text are read as Markdown, and the rest as plain text: the time that the
// library takes can grow with the square of the length.
const longestMarkdown = 10_000

// mentions are the paths that a text in Markdown names outside of code and links.
//
// Source: lib/banzai/filter/references/reference_filter.rb.
func mentions(body string) []string {
	if !strings.Contains(body, "@") {
		return nil
	}
	if len(body) > longestMarkdown {
		cut := strings.LastIndexByte(body[:longestMarkdown], '\n') + 1
		return append(mentions(body[:cut]), namesIn(body[cut:])...)
	}
	r := mentionReader{source: []byte(body)}
	_ = ast.Walk(markdown().Parse(segments.NewReader(r.source)),
		func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if n.Kind() != ast.KindText {
				r.end()
			}
			if !entering {
				return ast.WalkContinue, nil
			}
			return r.visit(n), nil
		})
	return r.paths
}

// mentionReader walks through the nodes of a text.
type mentionReader struct {
	source []byte
	run    strings.Builder // of text, up to here
	hidden string          // the HTML tag that hides what stands in it, if there is one
	paths  []string
}

// visit reads a node.
func (r *mentionReader) visit(n ast.Node) ast.WalkStatus {
	switch n := n.(type) {
	case *ast.Text:
		r.read(string(n.Segment.Value(r.source)))
		if n.SoftLineBreak() || n.HardLineBreak() {
			r.end()
		}
		return ast.WalkContinue
	case *ast.RawHTML:
		r.html(string(n.Segments.Value(r.source)))
		return ast.WalkSkipChildren
	case *ast.HTMLBlock:
		r.htmlBlock(n)
		return ast.WalkSkipChildren
	case *ast.CodeSpan, *ast.CodeBlock, *ast.FencedCodeBlock, *ast.Link, *ast.AutoLink:
		return ast.WalkSkipChildren
	}
	return ast.WalkContinue
}

// read takes plain text.
func (r *mentionReader) read(plain string) {
	if r.hidden == "" {
		r.run.WriteString(plain)
	}
}

// end looks for names in the text so far.
func (r *mentionReader) end() {
	r.paths = append(r.paths, namesIn(plainURL().ReplaceAllString(r.run.String(), " "))...)
	r.run.Reset()
}

var (
	anyTag = lazy.Regexp(`(?s)<!--.*?-->|<[^>]*>`)
	// hiding are the HTML tags in which nobody is named.
	hiding = lazy.Regexp(`^<(/?)(a|code|pre|style)\b`)
)

func (r *mentionReader) htmlBlock(n *ast.HTMLBlock) {
	r.html(string(n.Lines().Value(r.source)))
	if n.HasClosure() {
		r.html(string(n.ClosureLine.Value(r.source)))
	}
	r.end()
}

// html takes HTML: what stands between its tags is text.
func (r *mentionReader) html(raw string) {
	for _, tag := range anyTag().FindAllString(raw, -1) {
		before, after, _ := strings.Cut(raw, tag)
		r.read(before)
		r.end()
		r.tag(tag)
		raw = after
	}
	r.read(raw)
}

func (r *mentionReader) tag(text string) {
	found := hiding().FindStringSubmatch(text)
	switch {
	case found == nil:
	case found[1] == "" && r.hidden == "":
		r.hidden = found[2]
	case found[1] != "" && r.hidden == found[2]:
		r.hidden = ""
	}
}
