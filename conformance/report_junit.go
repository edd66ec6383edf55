package conformance

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name      string      `xml:"name,attr"`
	Tests     int         `xml:"tests,attr"`
	Failures  int         `xml:"failures,attr"`
	Errors    int         `xml:"errors,attr"`
	Skipped   int         `xml:"skipped,attr"`
	Time      string      `xml:"time,attr"`
	Timestamp string      `xml:"timestamp,attr"`
	Cases     []junitCase `xml:"testcase"`
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

// WriteJUnit writes the report as JUnit XML: a suite per area; failures, errors and skips each as what they are. What
// only differs is a passed case that says so in its output.
func (r *Report) WriteJUnit(w io.Writer) error {
	all := junitSuites{Name: "statuschecks", Time: fmt.Sprintf("%.3f", r.Run.Seconds)}
	for _, area := range r.areas() {
		suite := r.junitSuite(area)
		all.Tests += suite.Tests
		all.Failures += suite.Failures
		all.Errors += suite.Errors
		all.Skipped += suite.Skipped
		all.Suites = append(all.Suites, suite)
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("write the JUnit report: %w", err)
	}
	return r.write(w, xml.Header+string(text)+"\n")
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
	suite := junitSuite{Name: area, Timestamp: r.Run.Started.Format("2006-01-02T15:04:05")}
	seconds := 0.0
	for _, result := range r.Scenarios {
		if result.Area != area {
			continue
		}
		seconds += result.Took.Seconds()
		suite.Tests++
		c := junitCase{Name: result.ID, ClassName: "statuschecks." + area, Time: fmt.Sprintf("%.3f", result.Took.Seconds())}
		switch result.Outcome {
		case Skip:
			suite.Skipped++
			c.Skipped = &junitSkip{Message: clean(result.Reason)}
		case Fail:
			suite.Failures++
			c.Failure = junitText(result, "failure")
		case Error:
			suite.Errors++
			c.Error = junitText(result, "error")
		case Differs:
			c.Output = junitText(result, "").Text
		}
		suite.Cases = append(suite.Cases, c)
	}
	suite.Time = fmt.Sprintf("%.3f", seconds)
	return suite
}

func junitText(result Result, kind string) *junitMessage {
	t := &textReport{}
	t.failure(result)
	message := result.Failure.Message
	if len(result.Failure.Mismatches) > 0 {
		message = result.Failure.Mismatches[0].String()
	} else if len(result.Failure.Contract) > 0 {
		message = result.Failure.Contract[0].String()
	}
	return &junitMessage{Message: clean(message), Type: kind, Text: clean(t.out.String())}
}

// clean drops control characters, which XML cannot hold even escaped.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text)
}
