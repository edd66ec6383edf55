package mockserver

import (
	"fmt"
	"strings"

	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// imageText finds a block of code, a block of HTML or an image in a text. As in GitLab, a block is known as one only
// where the text begins, or behind what was found before.
var imageText = lazy.Regexp("^```.*?\\n(?:\\n|.)*?\\n``` *$|" +
	`^<[^>]+?> *\n(?:\n|.)*?\n</[^>]+?> *$|` +
	`(?P<image>!\[(?P<title>[^\n]*?)\]\((?P<url>(?P<whole>(?:https?://|//)?)[^\n]+?)\))`)

// absoluteImages is a text whose images have whole URLs, as receivers of deliveries know no others.
//
// Source: lib/gitlab/hook_data/base_builder.rb.
func absoluteImages(tx *gitlab.Tx, p gitlab.Project, text string) string {
	if !strings.Contains(text, "![") {
		return text
	}
	find := imageText()
	image, title, url, whole := find.SubexpIndex("image"), find.SubexpIndex("title"), find.SubexpIndex("url"),
		find.SubexpIndex("whole")
	var b strings.Builder
	for rest := text; ; {
		found := find.FindStringSubmatch(rest)
		if found == nil {
			return b.String() + rest
		}
		before, after, _ := strings.Cut(rest, found[0])
		b.WriteString(before)
		if found[image] == "" || found[whole] != "" {
			b.WriteString(found[0])
		} else {
			fmt.Fprintf(&b, "![%s](%s%s)", found[title], tx.BaseURL(), imagePath(p, found[url]))
		}
		rest = after
	}
}

// imagePath is the path of an image that has no whole URL. Uploads are below their project.
func imagePath(p gitlab.Project, url string) string {
	path := "/" + strings.TrimPrefix(url, "/")
	if strings.HasPrefix(path, "/uploads") {
		return fmt.Sprintf("/-/project/%d%s", p.ID, path)
	}
	return path
}
