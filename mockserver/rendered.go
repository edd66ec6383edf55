package mockserver

import (
	"fmt"
	"strings"
)

// The mock renders no Markdown: it shows each text as GitLab shows one without any.

// escaped are the characters that HTML has another meaning for. GitLab leaves quotation marks as they are.
var escaped = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// titleHTML is the HTML that GitLab renders for a text of one line.
//
// Source: lib/banzai/pipeline/single_line_pipeline.rb and, for titles, single_line_markdown_pipeline.rb.
func titleHTML(text string) string { return escaped.Replace(text) }

// descriptionHTML is the HTML that GitLab renders for a description: a paragraph for all lines that follow each other,
// with the places in the text, in bytes, where it begins and ends.
//
// Source: lib/banzai/filter/markdown_engines/glfm_markdown.rb; comrak, which it calls, counts columns in bytes.
func descriptionHTML(text string) string {
	var paragraphs, lines []string
	end := func(line int) {
		if len(lines) > 0 {
			paragraphs = append(paragraphs, fmt.Sprintf(`<p data-sourcepos="%d:1-%d:%d" dir="auto">%s</p>`,
				line-len(lines)+1, line, len(lines[len(lines)-1]), escaped.Replace(strings.Join(lines, "\n"))))
		}
		lines = nil
	}
	all := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range all {
		if strings.TrimSpace(line) == "" {
			end(i)
			continue
		}
		lines = append(lines, line)
	}
	end(len(all))
	return strings.Join(paragraphs, "\n")
}
