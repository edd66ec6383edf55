package conformance

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// junitCounts are what a report and each of its suites begin with.
type junitCounts struct {
	Name     string `xml:"name,attr"`
	Tests    int    `xml:"tests,attr"`
	Failures int    `xml:"failures,attr"`
	Errors   int    `xml:"errors,attr"`
	Skipped  int    `xml:"skipped,attr"`
	Time     string `xml:"time,attr"`
}

type junitSuites struct {
	XMLName xml.Name `xml:"testsuites"`
	junitCounts
	Suites []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	junitCounts
	Timestamp string      `xml:"timestamp,attr"`
	Cases     []junitCase `xml:"testcase"`
	Output    string      `xml:"system-out,omitempty"`
}

type junitCase struct {
	Name      string        `xml:"name,attr"`
	ClassName string        `xml:"classname,attr"`
	Time      string        `xml:"time,attr"`
	Failure   *junitMessage `xml:"failure"`
	Error     *junitMessage `xml:"error"`
	Skipped   *junitSkip    `xml:"skipped"`
	Output    string        `xml:"system-out,omitempty"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

type junitSkip struct {
	Message string `xml:"message,attr"`
}

// WriteJUnit writes the report as JUnit XML, with a test suite for each area. Failures, errors and skipped scenarios
// are marked as such. A scenario that only differs is a passed case, and its output says so.
func (r *Report) WriteJUnit(w io.Writer) error {
	all := junitSuites{junitCounts: junitCounts{Name: "statuschecks", Time: fmt.Sprintf("%.3f", r.Run.Seconds)}}
	if text := r.interruption(); text != "" {
		all.Name += " (" + text + ")"
	}
	for _, area := range r.areas() {
		suite := r.junitSuite(area)
		all.Tests += suite.Tests
		all.Failures += suite.Failures
		all.Errors += suite.Errors
		all.Skipped += suite.Skipped
		all.Suites = append(all.Suites, suite)
	}
	if len(all.Suites) > 0 {
		all.Suites[0].Output = r.remains()
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("write the JUnit report: %w", err)
	}
	return r.write(w, xml.Header+string(text)+"\n")
}

// remains tells what was not removed from the target; empty when that is nothing.
func (r *Report) remains() string {
	var out strings.Builder
	for _, text := range r.Remaining {
		fmt.Fprintf(&out, "left on the target: %s\n", text)
	}
	if len(r.Stays) > 0 {
		fmt.Fprintln(&out, r.staying())
	}
	for _, stay := range r.Stays {
		fmt.Fprintf(&out, "  %s\n", stay)
	}
	return clean(out.String())
}

func (r *Report) areas() []string {
	var areas []string
	for _, result := range r.Scenarios {
		if !slices.Contains(areas, result.Area) {
			areas = append(areas, result.Area)
		}
	}
	return areas
}

func (r *Report) junitSuite(area string) junitSuite {
	suite := junitSuite{
		junitCounts: junitCounts{Name: clean(area)}, Timestamp: r.Run.Started.Format("2006-01-02T15:04:05"),
	}
	seconds, first := 0.0, r.firstAlike()
	for i := range r.Scenarios {
		if result := &r.Scenarios[i]; result.Area == area {
			seconds += result.Seconds
			suite.add(result, first[result.ID])
		}
	}
	suite.Time = fmt.Sprintf("%.3f", seconds)
	return suite
}

// add adds a scenario. A known difference is a skipped case, as JUnit has no better word for what is neither a failure
// nor a pass. What another scenario met before is told in short; its id says where to read all of it.
func (s *junitSuite) add(result *Result, first string) {
	c := junitCase{
		Name: clean(result.ID), ClassName: "statuschecks." + s.Name,
		Time: fmt.Sprintf("%.3f", result.Seconds),
	}
	s.Tests++
	switch result.Outcome {
	case Skipped:
		s.Skipped++
		c.Skipped = &junitSkip{Message: clean(result.Reason)}
	case Known:
		s.Skipped++
		c.Skipped = &junitSkip{Message: clean("known difference: " + result.Difference.Reason + " (" +
			result.Difference.Link + ")")}
		c.Output = junitText(result, "", first).Text
	case Failed:
		s.Failures++
		c.Failure = junitText(result, "failure", first)
	case Errored:
		s.Errors++
		c.Error = junitText(result, "error", first)
	case Differed:
		c.Output = junitText(result, "", first).Text
	}
	s.Cases = append(s.Cases, c)
}

func junitText(result *Result, kind, first string) *junitMessage {
	t := &textReport{}
	if first == "" {
		t.failure(*result)
	} else {
		t.failureAgain(*result, first)
	}
	return &junitMessage{Message: clean(result.Failure.headline()), Type: kind, Text: clean(t.out.String())}
}

// failureAgain shows a failure whose finding an earlier scenario has met already: what differs and the request, and not
// the answer.
func (t *textReport) failureAgain(result Result, first string) {
	f := *result.Failure
	t.field("alike", "the same finding as "+first+", where the answer is shown")
	if f.Exchange != nil {
		t.field("request", f.Exchange.Curl)
	}
	f.Diff, f.Exchange = "", nil
	result.Failure = &f
	t.failure(result)
}

// headline is a failure in one line.
func (f *Failure) headline() string {
	switch {
	case len(f.Mismatches) > 0:
		return f.Mismatches[0].String()
	case len(f.Contract) > 0:
		return f.Contract[0].String()
	}
	return f.Message
}

// clean writes what XML cannot hold even escaped, control characters above all, and what turns the order of letters
// round, as Go writes it in a string.
func clean(text string) string {
	var out strings.Builder
	for _, r := range strings.ToValidUTF8(text, "\uFFFD") {
		switch {
		case r == '\n' || r == '\t':
			out.WriteRune(r)
		case r < ' ' || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' || r >= 0x7f &&
			r <= 0x9f || r == 0xfffe || r == 0xffff:
			out.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
