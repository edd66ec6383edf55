package conformance

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
)

// WriteJSON writes the report as JSON. The member "format" names the format.
func (r *Report) WriteJSON(w io.Writer) error {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(r); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return r.write(w, out.String())
}

func (r *Report) write(w io.Writer, text string) error {
	if _, err := io.WriteString(w, text); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// TextOptions describes the format of the text report.
type TextOptions struct {
	Color   bool // ANSI colours; leave it off for NO_COLOR and for files
	Verbose bool // a line for each scenario and the coverage, too
}

// WriteText writes the report for people: the failures with all details, then what was skipped, then the verdict.
func (r *Report) WriteText(w io.Writer, o TextOptions) error {
	t := &textReport{color: o.Color}
	if text := r.interruption(); text != "" {
		t.line("%s\n", t.paint(yellow, text))
	}
	if o.Verbose {
		t.all(r)
	}
	for _, cause := range r.causes() {
		t.cause(cause, o.Verbose)
	}
	for _, result := range r.Scenarios {
		if result.Failure != nil && result.Outcome == Known && o.Verbose {
			t.failure(result)
		}
	}
	t.known(r)
	if o.Verbose || r.Target.Service != "" { // few, and each says something about the service
		t.skips(r.skipGroups())
	} else {
		t.skipsInShort(r)
	}
	t.fixtures(r)
	if o.Verbose {
		t.coverage(r)
	}
	t.changes(r.Changes)
	t.widest(r)
	t.verdict(r)
	return r.write(w, t.out.String())
}

type textReport struct {
	out   strings.Builder
	color bool
}

const (
	red    = "31"
	green  = "32"
	yellow = "33"
	dim    = "2"
	bold   = "1"
)

// paintedText is a text that needs no more cleaning: it is clean, but for the colours that paint gave it.
type paintedText string

// paint gives a text a colour; nothing in the text can steer a terminal.
func (t *textReport) paint(code string, text any) paintedText {
	shown, isPainted := text.(paintedText)
	if !isPainted {
		shown = paintedText(clean(fmt.Sprint(text)))
	}
	if !t.color || code == "" {
		return shown
	}
	return paintedText("\x1b["+code+"m") + shown + "\x1b[0m"
}

// line adds a line in which nothing that came from the target can steer the reader's terminal.
func (t *textReport) line(format string, args ...any) {
	for i, arg := range args {
		switch arg := arg.(type) {
		case paintedText, int, rune:
		case string:
			args[i] = clean(arg)
		default:
			args[i] = clean(fmt.Sprint(arg))
		}
	}
	fmt.Fprintf(&t.out, format+"\n", args...)
}

var marks = map[Outcome]struct{ sign, color string }{
	Skipped: {"-", dim}, Passed: {"✓", green}, Known: {"~", yellow}, Differed: {"≠", yellow}, Failed: {"✗", red},
	Errored: {"!", red},
}

func (t *textReport) all(r *Report) {
	for _, result := range r.Scenarios {
		mark := marks[result.Outcome]
		text := result.Summary
		if result.Outcome == Skipped {
			text = "skipped: " + result.Reason
		}
		t.line("%s %s  %s", t.paint(mark.color, mark.sign), result.ID, t.paint(dim, text))
	}
	t.line("")
}

// cause shows the first scenario that met a finding, and names the others.
func (t *textReport) cause(cause causeOf, verbose bool) {
	first := cause.results[0]
	t.told(*first)
	var named, lines []string
	for _, other := range cause.results[1:] {
		beside := other.Failure.beside(first.Failure)
		switch {
		case verbose || beside != "":
			lines = append(lines, strings.TrimSuffix(other.ID+other.Failure.where()+": "+beside, ": "))
		default:
			named = append(named, other.ID)
		}
	}
	if n := len(cause.results) - 1; n > 0 {
		t.line("")
		t.field("alike", counted(n, "more scenario")+" met the same finding")
	}
	for _, line := range append(wrapped(named, 100), lines...) {
		t.line("            %s", line)
	}
	t.line("")
}

// where is the step of a failure, for a list.
func (f *Failure) where() string {
	if f.Step == 0 {
		return ""
	}
	return fmt.Sprintf(", step %d", f.Step)
}

// failure shows one scenario that did not pass.
func (t *textReport) failure(result Result) {
	t.told(result)
	t.line("")
}

func (t *textReport) told(result Result) {
	mark := marks[result.Outcome]
	word := result.Outcome.String()
	switch result.Outcome {
	case Differed:
		word = string(result.Level) + ": differs"
	case Known:
		word = "known difference"
	}
	t.line("%s %s  %s", t.paint(mark.color, mark.sign+" "+word), t.paint(bold, result.ID), result.Summary)
	if result.Why != "" {
		t.field("why", result.Why)
	}
	if result.Outcome == Known {
		t.field("known", result.Difference.Reason+" ("+result.Difference.Link+")")
	}
	t.field("source", fmt.Sprintf("[%s] %s", result.Evidence, result.Source))
	f := result.Failure
	where := result.File
	if f.Step > 0 {
		where = fmt.Sprintf("%s, step %d: %s", f.File, f.Step, f.Action)
	} else if f.Action != "" {
		where += ", " + f.Action
	}
	t.field("at", where)
	if f.Note != "" {
		t.field("note", f.Note)
	}
	if f.Message != "" {
		t.field("what", f.Message)
	}
	for _, m := range f.Mismatches {
		t.field("wrong", m.String())
	}
	for _, finding := range f.Contract {
		t.field("contract", finding.String())
	}
	t.diff(f.Diff)
	t.exchange(f.Exchange)
}

func (t *textReport) field(name, text string) {
	lines := strings.Split(text, "\n")
	t.line("  %-8s  %s", name, lines[0])
	for _, line := range lines[1:] {
		t.line("  %-8s  %s", "", line)
	}
}

func (t *textReport) diff(text string) { t.diffOf(text, "- expected, + got") }

func (t *textReport) diffOf(text, sides string) {
	if text == "" {
		return
	}
	t.field("diff", sides)
	for line := range strings.SplitSeq(text, "\n") {
		color := ""
		switch {
		case strings.HasPrefix(line, "-"):
			color = red
		case strings.HasPrefix(line, "+"):
			color = green
		}
		t.line("            %s", t.paint(color, line))
	}
}

func (t *textReport) exchange(e *Exchange) {
	if e == nil {
		return
	}
	t.field("request", e.Curl)
	if e.Error != "" {
		t.field("answer", "none: "+e.Error)
		return
	}
	t.field("answer", fmt.Sprintf("%d", e.Status))
	for _, line := range e.ResponseHeader {
		t.line("            %s", t.paint(dim, line))
	}
	if e.ResponseBody != "" {
		t.line("")
		for line := range strings.SplitSeq(strings.TrimRight(e.ResponseBody, "\n"), "\n") {
			t.line("            %s", line)
		}
	}
}

// known lists the differences of the profile that were met, each with its scenarios.
func (t *textReport) known(r *Report) {
	if r.Profile == nil {
		return
	}
	for _, difference := range r.Profile.Differences {
		if len(difference.Met) == 0 {
			continue
		}
		t.line("%s %d known: %s", t.paint(yellow, "~"), len(difference.Met), difference.Reason)
		t.line("    %s", t.paint(dim, difference.Link))
		t.line("    %s", t.paint(dim, wrap(difference.Met, 110)))
	}
	if r.Totals[Known.String()] > 0 {
		t.line("")
	}
}

// changes lists what changed since an earlier report.
func (t *textReport) changes(c *Changes) {
	if c == nil {
		return
	}
	t.line("since the run %s of %s at %s, which was %s:", c.Since.Run, c.Since.Started.Format("2006-01-02 15:04"),
		c.Since.URL, c.Since.Verdict)
	colors := map[string]string{"newly failing": red, "fixed": green}
	for _, group := range c.groups() {
		for _, change := range group.Changes {
			t.line("  %s  %s", t.paint(colors[group.Name], fmt.Sprintf("%-17s", group.Name)), change)
		}
	}
	if len(c.groups()) == 0 {
		t.line("  nothing changed")
	}
	t.line("")
}

// skipsInShort counts what says nothing about the target, and where nothing is left open counts whatever did not run.
// Else it lists what did not, with the reasons.
func (t *textReport) skipsInShort(r *Report) {
	moot, other := 0, &Report{}
	for i := range r.Scenarios {
		switch result := &r.Scenarios[i]; {
		case result.Outcome != Skipped:
		case result.Moot:
			moot++
		default:
			other.Scenarios = append(other.Scenarios, *result)
		}
	}
	green := r.Verdict == Conformant || r.Verdict == KnownVerdict
	var counts []string
	if moot > 0 {
		counts = append(counts, fmt.Sprintf("%d do not apply to %s", moot, r.Target.Version))
	}
	if n := len(other.Scenarios); n > 0 && green {
		counts = append(counts, fmt.Sprintf("%d more were left out, which do not decide", n))
	}
	if len(counts) > 0 {
		t.line("%s %s; --verbose lists them", t.paint(dim, "-"), strings.Join(counts, ", "))
		t.line("")
	}
	if !green {
		t.skips(other.skipGroups())
	}
}

// skips lists why scenarios did not run, each reason with its scenarios.
func (t *textReport) skips(groups []skipGroup) {
	for _, group := range groups {
		t.line("%s %d skipped: %s", t.paint(dim, "-"), len(group.ids), group.reason)
		t.line("    %s", t.paint(dim, wrap(group.ids, 110)))
	}
	if len(groups) > 0 {
		t.line("")
	}
}

type skipGroup struct {
	reason string
	ids    []string
}

// skipGroups are the reasons why scenarios did not run, the most frequent first.
func (r *Report) skipGroups() []skipGroup {
	byReason := map[string][]string{}
	for _, result := range r.Scenarios {
		if result.Outcome == Skipped {
			byReason[result.Reason] = append(byReason[result.Reason], result.ID)
		}
	}
	groups := make([]skipGroup, 0, len(byReason))
	for reason, ids := range byReason {
		groups = append(groups, skipGroup{reason, ids})
	}
	slices.SortFunc(groups, func(a, b skipGroup) int {
		return cmp.Or(cmp.Compare(len(b.ids), len(a.ids)), strings.Compare(a.reason, b.reason))
	})
	return groups
}

// wrap sets words in lines.
func wrap(words []string, width int) string { return strings.Join(wrapped(words, width), "\n    ") }

func wrapped(words []string, width int) []string {
	if len(words) == 0 {
		return nil
	}
	var lines []string
	line := ""
	for _, word := range words {
		if line != "" && len(line)+len(word)+2 > width {
			lines, line = append(lines, line+","), ""
		}
		if line != "" {
			line += ", "
		}
		line += word
	}
	return append(lines, line)
}

// fixtures tells, a line for each operation, where answers outside of scenarios departed from the contract, and what
// was not removed.
func (t *textReport) fixtures(r *Report) {
	count := map[string]int{}
	for _, finding := range r.Fixtures {
		count[finding.Operation]++
	}
	for _, finding := range r.Fixtures {
		n := count[finding.Operation]
		if n == 0 {
			continue
		}
		count[finding.Operation] = 0
		more := ""
		if n > 1 {
			more = fmt.Sprintf(", and %d more", n-1)
		}
		t.line("%s outside of scenarios, %s departs from the contract: %s%s", t.paint(yellow, "≠"), finding.Operation,
			finding.Finding.String(), more)
	}
	for _, text := range r.Remaining {
		t.line("%s %s", t.paint(yellow, "!"), text)
	}
	if len(r.Stays) > 0 {
		t.line("%s %s", t.paint(yellow, "!"), r.staying())
	}
	for _, stay := range r.Stays {
		t.line("  %s", stay.String())
	}
	if len(r.Fixtures)+len(r.Remaining)+len(r.Stays) > 0 {
		t.line("")
	}
}

func (t *textReport) coverage(r *Report) {
	t.line("operations and the statuses they answered with:")
	for i := range r.Coverage {
		row := &r.Coverage[i]
		never := paintedText("")
		if len(row.Missing) > 0 {
			never = t.paint(dim, "  never: "+jsonvalue.JoinInts(row.Missing))
		}
		t.line("  %-32s %s%s", row.Operation, jsonvalue.JoinInts(row.statuses()), never)
	}
	t.line("")
}

// widest says where to begin if many scenarios have few causes.
func (t *textReport) widest(r *Report) {
	told := r.widest()
	if len(told) == 0 {
		return
	}
	t.line("What most scenarios met:")
	for _, text := range told {
		t.line("  %s", text)
	}
	t.line("")
}

func (t *textReport) verdict(r *Report) {
	took := time.Duration(r.Run.Seconds * float64(time.Second)).Round(10 * time.Millisecond)
	known := ""
	if r.Profile != nil {
		known = fmt.Sprintf(", %d known", r.Totals["known"])
	}
	t.line("%s at %s: %d passed, %d failed, %d errors, %d differ%s, %d skipped in %s", r.Target.Name(), r.Target.URL,
		r.Totals["passed"], r.Totals["failed"], r.Totals["errored"], r.Totals["differed"], known, r.Totals["skipped"],
		took)
	color := map[Verdict]string{
		Conformant: green, KnownVerdict: green, NotConformant: red,
		NotJudged: yellow,
	}[r.Verdict]
	t.line("%s", t.paint(bold, t.paint(color, string(r.Verdict))))
	for _, reason := range append(slices.Clone(r.Reasons), r.Notes()...) {
		t.line("  %s", reason)
	}
}
