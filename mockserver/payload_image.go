package mockserver

import (
	"fmt"
	"strings"

	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// imageText finds an image in a text.
var imageText = lazy.Regexp(`!\[(?P<title>[^\n]*?)\]\((?P<url>(?P<whole>(?:https?://|//)?)[^\n]+?)\)`)

// absoluteImages is a text whose images have whole URLs, as receivers of deliveries know no others. As in GitLab, a
// block of code or of HTML is known as one only where the text begins, or behind an image, and where it ends the text.
//
// Source: lib/gitlab/hook_data/base_builder.rb.
func absoluteImages(tx *gitlab.Tx, p gitlab.Project, text string) string {
	if !strings.Contains(text, "![") {
		return text
	}
	find := imageText()
	title, url, whole := find.SubexpIndex("title"), find.SubexpIndex("url"), find.SubexpIndex("whole")
	var b strings.Builder
	ends := blockEndsOf(text)
	for rest := text; ; {
		found := find.FindStringSubmatch(rest)
		if found == nil || ends.blockFrom(len(text)-len(rest)) {
			return b.String() + rest
		}
		before, after, _ := strings.Cut(rest, found[0])
		b.WriteString(before)
		if found[whole] != "" {
			b.WriteString(found[0])
		} else {
			fmt.Fprintf(&b, "![%s](%s%s)", found[title], tx.BaseURL(), imagePath(p, found[url]))
		}
		rest = after
	}
}

// blockEnds says where the last lines of a text begin that end a block, and so whether a block goes on to the end. All
// of it is found once, so that a text with many images takes no longer for each of them.
type blockEnds struct {
	text      string
	code      int // the last line break before the one in front of the end of code; -1 if there is none
	html      int // the line break in front of the end of HTML; -1 if there is none
	bracket   int // the next >, as far as it was looked for
	lineBreak int // the one behind that and blanks; -1 if there is none
}

func blockEndsOf(text string) *blockEnds {
	e := &blockEnds{text: text, code: -1, html: -1, bracket: -1}
	trimmed := strings.TrimRight(text, " ")
	if before, ends := strings.CutSuffix(trimmed, "\n```"); ends {
		e.code = strings.LastIndexByte(before, '\n')
	}
	if inner, ends := strings.CutSuffix(trimmed, ">"); ends {
		from := strings.LastIndexByte(inner, '>') + 1
		if at := strings.LastIndex(inner[from:max(from, len(inner)-1)], "\n</"); at >= 0 {
			e.html = from + at
		}
	}
	return e
}

// blockFrom tells whether a block begins at a place and ends the text. Places are asked for in their order.
func (e *blockEnds) blockFrom(start int) bool {
	const code = "```"
	switch rest := e.text[start:]; {
	case strings.HasPrefix(rest, code):
		return e.code >= start+len(code)
	case !strings.HasPrefix(rest, "<") || e.html < 0:
		return false
	case e.bracket < start:
		inside, behind, found := strings.Cut(rest, ">")
		blanks := len(behind) - len(strings.TrimLeft(behind, " "))
		e.bracket, e.lineBreak = start+len(inside), -1
		if found && strings.HasPrefix(behind[blanks:], "\n") {
			e.lineBreak = e.bracket + 1 + blanks
		}
	}
	return e.bracket > start+1 && e.lineBreak >= 0 && e.lineBreak < e.html
}

// imagePath is the path of an image that has no whole URL. Uploads are below their project.
func imagePath(p gitlab.Project, url string) string {
	path := "/" + strings.TrimPrefix(url, "/")
	if strings.HasPrefix(path, "/uploads") {
		return fmt.Sprintf("/-/project/%d%s", p.ID, path)
	}
	return path
}
