package conformance

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// maxMarkdown bounds the failures told in full: summaries of CI systems take one MiB at most.
const maxMarkdown = 600 << 10

// WriteMarkdown writes the report for the summaries of CI systems: the verdict, a table of areas, and folded
// failures.
func (r *Report) WriteMarkdown(w io.Writer) error {
	m := &markdownReport{}
	m.head(r)
	m.areas(r)
	m.changes(r.Changes)
	m.failures(r)
	m.known(r)
	m.skips(r)
	if len(r.Remaining) > 0 {
		m.line("\n### Left on the target\n")
		for _, text := range r.Remaining {
			m.line("- %s", inline(text))
		}
	}
	m.stays(r)
	return r.write(w, clean(m.out.String()))
}

// stays lists what stays in the project that was given.
func (m *markdownReport) stays(r *Report) {
	if len(r.Stays) == 0 {
		return
	}
	m.line("\n### Stays in the project\n\n%s\n", r.staying())
	for _, stay := range r.Stays {
		name := inline(stay.Thing)
		if stay.URL != "" {
			name = "[" + name + "](<" + inLink(stay.URL) + ">)"
		}
		m.line("- %s, %s", name, inline(stay.State))
	}
}

// inLink writes an address so that it cannot end the link that it stands in.
func inLink(address string) string {
	return strings.NewReplacer("<", "%3C", ">", "%3E", "\\", "%5C", "|", "%7C", " ", "%20", "`", "%60").Replace(address)
}

type markdownReport struct{ out strings.Builder }

func (m *markdownReport) line(format string, args ...any) { fmt.Fprintf(&m.out, format+"\n", args...) }

// inline keeps a text from being read as Markdown or HTML, and in one line.
func inline(text string) string {
	var out strings.Builder
	for _, r := range strings.Join(strings.Fields(text), " ") {
		if strings.ContainsRune("\\`*_{}[]<>()#+|~!&@$%^", r) {
			out.WriteByte('\\')
		}
		out.WriteRune(r)
	}
	return out.String()
}

// code sets a text as code in one line.
func code(text string) string {
	fence := strings.Repeat("`", longestRun(text)+1)
	text = strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", "\\|")
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return fence + text + fence
}

// longestRun is the length of the longest run of backticks.
func longestRun(text string) int {
	longest, run := 0, 0
	for _, r := range text {
		run++
		if r != '`' {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}

var verdictSigns = map[Verdict]string{Conformant: "✅", KnownVerdict: "✅", NotConformant: "❌", NotJudged: "⚠️"}

func (m *markdownReport) head(r *Report) {
	m.line("## %s External Status Checks: %s\n", verdictSigns[r.Verdict], r.Verdict)
	m.line("%s at %s, judged by %d scenarios in %s (run %s).\n", inline(r.Target.Name()), code(r.Target.URL),
		r.Run.Catalogue.Chosen, seconds(r.Run.Seconds), code(r.Run.ID))
	for _, text := range append(append([]string(nil), r.Reasons...), r.Notes()...) {
		m.line("- %s", inline(text))
	}
}

func (m *markdownReport) areas(r *Report) {
	m.line("\n| area | passed | failed | errors | differ | known | skipped |\n| --- | ---: | ---: | ---: | ---: | " +
		"---: | ---: |")
	for _, area := range r.areas() {
		count := map[Outcome]int{}
		for i := range r.Scenarios {
			if r.Scenarios[i].Area == area {
				count[r.Scenarios[i].Outcome]++
			}
		}
		m.line("| %s | %d | %s | %s | %d | %d | %d |", inline(area), count[Passed], loud(count[Failed]),
			loud(count[Errored]), count[Differed], count[Known], count[Skipped])
	}
	t := r.Totals
	m.line("| **all** | **%d** | **%d** | **%d** | **%d** | **%d** | **%d** |", t["passed"], t["failed"], t["errored"],
		t["differed"], t["known"], t["skipped"])
}

func loud(n int) string {
	if n == 0 {
		return "0"
	}
	return fmt.Sprintf("**%d**", n)
}

func (m *markdownReport) changes(c *Changes) {
	if c == nil {
		return
	}
	m.line("\n### Since the run %s of %s\n", code(c.Since.Run), c.Since.Started.Format("2006-01-02 15:04"))
	if len(c.groups()) == 0 {
		m.line("Nothing changed.")
	}
	for _, group := range c.groups() {
		for _, change := range group.Changes {
			m.line("- %s: %s %s", group.Name, code(change.String()), inline(change.Summary))
		}
	}
}

// failures tells each departure in full until the summary is full; the others are named.
func (m *markdownReport) failures(r *Report) {
	started := false
	var rest []string
	for _, cause := range r.causes() {
		if !started {
			m.line("\n### Not as expected\n")
			started = true
		}
		if m.out.Len() > maxMarkdown {
			rest = append(rest, cause.Scenarios...)
			continue
		}
		m.cause(cause)
	}
	if len(rest) > 0 {
		m.line("\n%d more, for which there is no room here: %s", len(rest), codes(rest))
	}
}

// cause tells the first scenario that met a finding, and names the others.
func (m *markdownReport) cause(cause causeOf) {
	t := &textReport{}
	t.cause(cause, false)
	first, more := cause.results[0], ""
	if n := len(cause.results) - 1; n > 0 {
		more = fmt.Sprintf(" (and %d more)", n)
	}
	text := strings.TrimRight(t.out.String(), "\n")
	if len(text) > maxShown {
		text = text[:maxShown]
		for !utf8.ValidString(text) {
			text = text[:len(text)-1]
		}
		text += "\n…"
	}
	fence := strings.Repeat("`", max(3, longestRun(text)+1))
	m.line("<details><summary>%s <code>%s</code> %s%s</summary>\n\n%stext\n%s\n%s\n\n</details>\n",
		marks[cause.Outcome].sign,
		htmlInline(first.ID), htmlInline(first.Summary), more, fence, text, fence)
}

// htmlInline keeps a text inside an HTML element from being read as HTML or Markdown.
func htmlInline(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "*", "&#42;", "_", "&#95;", "`", "&#96;", "[",
		"&#91;", "\n", " ").Replace(text)
}

func (m *markdownReport) known(r *Report) {
	if r.Profile == nil || r.Totals[Known.String()] == 0 {
		return
	}
	m.line("\n### Known differences of %s\n", inline(r.Profile.Name))
	for _, difference := range r.Profile.Differences {
		if len(difference.Met) > 0 {
			m.line("- %s ([source](<%s>)): %s", inline(difference.Reason), strings.NewReplacer("<", "%3C", ">", "%3E",
				" ", "%20").Replace(difference.Link), codes(difference.Met))
		}
	}
}

func codes(words []string) string {
	shown := make([]string, len(words))
	for i, word := range words {
		shown[i] = code(word)
	}
	return strings.Join(shown, ", ")
}

func (m *markdownReport) skips(r *Report) {
	groups := r.skipGroups()
	if len(groups) == 0 {
		return
	}
	m.line("\n<details><summary>%d skipped</summary>\n", r.Totals["skipped"])
	for _, group := range groups {
		m.line("- %s: %s", inline(group.reason), codes(group.ids))
	}
	m.line("\n</details>")
}
