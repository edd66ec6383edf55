package conformance

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// Exchange is one request and its answer as a report shows them, with every secret replaced by a name.
type Exchange struct {
	Operation string   `json:"operation,omitempty"`
	Method    string   `json:"method"`
	URL       string   `json:"url"`
	Header    []string `json:"header,omitempty"` // of the request, as "Name: value"
	Body      string   `json:"body,omitempty"`
	Status    int      `json:"status,omitempty"` // 0 when no answer came
	Answer    []string `json:"answer_header,omitempty"`
	Reply     string   `json:"answer_body,omitempty"`
	Trouble   string   `json:"trouble,omitempty"` // why no answer came
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
	if value, err := parseJSON(raw); err == nil {
		a.body, a.isJSON = value, true
	}
	return a
}

func (a *answer) headerMap() map[string]any {
	shown := map[string]any{}
	for name, values := range a.header {
		shown[name] = strings.Join(values, ", ")
	}
	return shown
}

// member reads into the body by a dotted path; nil when there is nothing.
func (a *answer) member(path string) any {
	value, _ := dig(a.body, strings.Split(path, "."))
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
			lines = append(lines, name+": "+value)
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
func (s *secrets) record(r *request, a *answer, err error) Exchange {
	e := Exchange{Operation: r.operation, Method: r.method, URL: s.redact(r.url), Body: s.redact(shownBody(r.body))}
	for _, line := range headerLines(r.header) {
		e.Header = append(e.Header, s.redact(line))
	}
	if a != nil {
		e.Status, e.Reply = a.status, s.redact(shownBody(a.raw))
		for _, line := range headerLines(a.header) {
			e.Answer = append(e.Answer, s.redact(line))
		}
	}
	if err != nil {
		e.Trouble = s.redact(err.Error())
	}
	return e
}

// Curl is the request as a command for a shell in which $TOKEN and the like are set.
func (e *Exchange) Curl() string {
	parts := []string{"curl"}
	if e.Method == http.MethodHead {
		parts = append(parts, "-I")
	} else {
		parts = append(parts, "-i")
		if e.Method != http.MethodGet || e.Body != "" {
			parts = append(parts, "-X", e.Method)
		}
	}
	for _, line := range e.Header {
		if !strings.HasPrefix(line, "User-Agent: ") {
			parts = append(parts, "-H", shellQuote(line))
		}
	}
	if e.Body != "" {
		parts = append(parts, "--data-binary", shellQuote(e.Body))
	}
	return strings.Join(append(parts, shellQuote(e.URL)), " ")
}

// shellQuote quotes for a POSIX shell and leaves the names of secrets for the shell to fill in.
func shellQuote(text string) string {
	if strings.Contains(text, "$TOKEN") || strings.Contains(text, "$SECRET") {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`").Replace(text) + `"`
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
