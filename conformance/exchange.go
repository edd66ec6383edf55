package conformance

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/conformance/scenario"
)

// Exchange is one request and its response, as reports show them. Each secret is replaced by a name.
type Exchange struct {
	Operation      string   `json:"operation,omitempty"`
	Method         string   `json:"method"`
	URL            string   `json:"url"`
	Header         []string `json:"header,omitempty"` // of the request, as "Name: value"
	Body           string   `json:"body,omitempty"`
	Status         int      `json:"status,omitempty"` // 0 when no response came
	ResponseHeader []string `json:"response_header,omitempty"`
	ResponseBody   string   `json:"response_body,omitempty"`
	Error          string   `json:"error,omitempty"` // why no response came
	// the request as a shell command; the shell must have the variables $TOKEN and the like
	Curl string `json:"curl,omitempty"`
}

// exchange is an exchange while a run goes on. More secrets may come to light until it is shown.
type exchange struct {
	Exchange
	line curlLine
}

// shown is the exchange as reports show it.
func (e exchange) shown(all ...*secrets) *Exchange {
	shown, line := redacted(&e.Exchange, all...), e.line
	for _, s := range all {
		line = line.redacted(s)
	}
	shown.Curl = line.String()
	return shown
}

// maxShown bounds a body in a report; the checks see all of it.
const maxShown = 16 << 10

// answer is a response as the checks see it.
type answer struct {
	status int
	header http.Header
	raw    []byte
	body   any // the JSON value; nil when the body is empty or no JSON
	isJSON bool
}

func newAnswer(status int, header http.Header, raw []byte) *answer {
	a := &answer{status: status, header: header, raw: raw}
	if value, err := jsonvalue.Parse(raw); err == nil {
		a.body, a.isJSON = value, true
	}
	return a
}

// seen is the answer as filters see it.
func (a *answer) seen() scenario.Answer {
	headers := map[string]any{}
	for name, values := range a.header {
		headers[name] = strings.Join(values, ", ")
	}
	return scenario.Answer{Status: a.status, Headers: headers, Body: a.body}
}

// member reads into the body by a dotted path; nil when there is nothing.
func (a *answer) member(path string) any {
	value, _ := jsonvalue.Dig(a.body, strings.Split(path, "."))
	return value
}

func (a *answer) text(path string) string {
	text, _ := a.member(path).(string)
	return text
}

func (a *answer) integer(path string) int64 {
	number, _ := a.member(path).(int64)
	return number
}

// headerLines shows headers in order of name.
func headerLines(header http.Header) []string {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			lines = append(lines, strings.ToValidUTF8(name+": "+value, "\uFFFD"))
		}
	}
	return lines
}

// shownBody is a body for people: cut when it is long, described when it is not text.
func shownBody(body []byte) string {
	if !utf8.Valid(body) {
		return fmt.Sprintf("(%d bytes that are not text)", len(body))
	}
	if len(body) > maxShown {
		return strings.ToValidUTF8(string(body[:maxShown]), "") + fmt.Sprintf("… (%d bytes in all)", len(body))
	}
	return string(body)
}

// record builds the exchange for a report.
func (s *secrets) record(r *request, a *answer, err error) exchange {
	e := Exchange{
		Operation: r.operation, Method: r.method, URL: r.url, Body: shownBody(r.body),
		Header: headerLines(r.header),
	}
	line := e.command(string(r.body)).redacted(s)
	e.URL, e.Body, e.Header = s.redact(e.URL), s.redact(e.Body), s.redactLines(e.Header)
	if a != nil {
		e.Status, e.ResponseBody = a.status, s.redact(shownBody(a.raw))
		e.ResponseHeader = s.redactLines(headerLines(a.header))
	}
	if err != nil {
		e.Error = s.redact(err.Error())
	}
	return exchange{e, line}
}

func (s *secrets) redactLines(lines []string) []string {
	for i, line := range lines {
		lines[i] = s.redact(line)
	}
	return lines
}
