package mockserver_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gotest.tools/v3/assert"
	"gotest.tools/v3/golden"

	"github.com/statuschecks/statuschecks/internal/docstest"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/release"
)

// doorExample is a request that a layer of the front door answers in some releases.
type doorExample struct {
	layer, sent string
	knock       knock
	writing     string // the mode that it takes
	limit       string // the rate limit that it takes, which one request has used up
}

func sentJSON(body string) knock { return knock{kind: typeJSON, body: body} }

func sentForm(body string) knock { return knock{kind: typeForm, body: body} }

func sentQuery(query string) knock { return knock{method: "GET", path: checksPath + "?" + query} }

func sentHeader(name string, values ...string) knock {
	return knock{method: "GET", header: http.Header{name: values}}
}

// parts is multipart data with as many parts of one kind as there are to be.
func parts(number int, disposition string) knock {
	part := "--b\r\nContent-Disposition: form-data; name=\"a\"" + disposition + "\r\n\r\n1\r\n"
	return knock{kind: "multipart/form-data; boundary=b", body: strings.Repeat(part, number) + "--b--\r\n"}
}

// doorExamples are the requests of the page, in the order of the layers. Nobody has signed in.
var doorExamples = []doorExample{
	{"web server", "a verb in small letters, `get`", knock{method: "get"}, "", ""},
	{"web server", "a verb that nobody knows, `FOO`", knock{method: "FOO"}, "", ""},
	{"web server", "a path of more than 8 KiB", knock{method: "GET", path: "/" + strings.Repeat("y", 8<<10)}, "", ""},
	{"web server", "a query of more than 10 KiB", sentQuery(strings.Repeat("y", 10<<10+1)), "", ""},
	{"method override", "`POST`, multipart data of more than 4096 parts", parts(4097, ""), "", ""},
	{"method override", "`POST`, multipart data with 128 files", parts(128, `; filename="a"`), "", ""},
	{"JSON validation", "JSON, `{ bad json }`", sentJSON("{ bad json }"), "", ""},
	{"JSON validation", "JSON, blanks alone", sentJSON("  "), "", ""},
	{"JSON validation", "JSON, a number alone, `12`", sentJSON("12"), "", ""},
	{"JSON validation", "JSON, 33 levels", sentJSON(strings.Repeat("[", 33) + strings.Repeat("]", 33)), "", ""},
	{
		"JSON validation", "JSON, 50001 elements in one list", sentJSON("[" + strings.Repeat("1,", 50_000) + "1]"), "",
		"",
	},
	{
		"JSON validation", "JSON, 100000 elements in all",
		sentJSON("[[" + strings.Repeat("1,", 49_999) + "1],[" + strings.Repeat("1,", 49_997) + "1]]"), "", "",
	},
	{"malformed strings", "JSON, two documents, `{}{}`", sentJSON("{}{}"), "", ""},
	{"malformed strings", "JSON, a NUL in a text, `\"\\u0000\"`", sentJSON(`{"name":"\u0000"}`), "", ""},
	{"malformed strings", "JSON, a text that is not UTF-8", sentJSON("{\"name\":\"\xc0\"}"), "", ""},
	{"malformed strings", "a form with a NUL, `name=%00`", sentForm("name=%00"), "", ""},
	{"malformed strings", "a form that is not UTF-8, `name=%c0`", sentForm("name=%c0"), "", ""},
	{"malformed strings", "a form with an escape that is none, `name=%zz`", sentForm("name=%zz"), "", ""},
	{"malformed strings", "one parameter of two kinds, `x=1&x[]=2`", sentForm("x=1&x[]=2"), "", ""},
	{"malformed strings", "more than 4096 parameters", sentForm(strings.Repeat("a=1&", 4096) + "a=1"), "", ""},
	{"malformed strings", "parameters in 100 brackets", sentForm("x" + strings.Repeat("[a]", 100) + "=1"), "", ""},
	{"malformed strings", "a query with a NUL, `?x=%00`", sentQuery("x=%00"), "", ""},
	{"malformed strings", "a path with a NUL, `/%00`", knock{method: "GET", path: checksPath + "/%00"}, "", ""},
	{"malformed strings", "`Referer: http://x/100%`", sentHeader("Referer", "http://x/100%"), "", ""},
	{"malformed strings", "a password with a NUL", sentHeader("Authorization", "Basic YTpiAA=="), "", ""},
	{"malformed strings", "`Content-Type: garbage`", knock{method: "GET", kind: "garbage"}, "", ""},
	{"path traversal", "`?x=a/../y`", sentQuery("x=a/../y"), "", ""},
	{"read-only", "JSON, under maintenance", sentJSON("{}"), "maintenance", ""},
	{"read-only", "JSON, with a database that can only be read", sentJSON("{}"), "read_only", ""},
	{"read-only", "a form, under maintenance", sentForm("name=x"), "maintenance", ""},
	{"preflight", "`OPTIONS` with `Origin` and `Access-Control-Request-Method`", knock{
		method: "OPTIONS",
		header: http.Header{"Origin": {"https://x.test"}, "Access-Control-Request-Method": {"PUT"}},
	}, "", ""},
	{"rate limits", "more requests than are allowed", knock{method: "GET"}, "", "throttle_unauthenticated_api=1/1h"},
	{"go command", "`?go-get=1`", sentQuery("go-get=1"), "", ""},
	{"go command", "`?go-get=1` with `Authorization`", knock{
		method: "GET", path: checksPath + "?go-get=1", header: http.Header{"Authorization": {"Bearer x"}},
	}, "", ""},
	{"verbs of Rails", "`LINK`", knock{method: "LINK"}, "", ""},
	{"client's address", "`Client-Ip: ::1` and `X-Forwarded-For: ::2`", knock{
		method: "GET", header: http.Header{"Client-Ip": {"::1"}, "X-Forwarded-For": {"::2"}},
	}, "", ""},
	{"", "a body of a type that is not read, `text/plain`", knock{kind: "text/plain", body: "x"}, "", ""},
	{"", "a body without a type", knock{body: "x"}, "", ""},
	{"", "JSON with a comment behind it, `{} // x`", sentJSON("{} // x"), "", ""},
	{"", "`?format=xml`", sentQuery("format=xml"), "", ""},
}

const nobodySignedIn = `401 application/json {"message":"401 Unauthorized"}`

// shownAnswer is an answer for a cell of a table.
func (e doorExample) shownAnswer(h *harness) string {
	if e.limit != "" {
		limits, err := mockserver.ParseRateLimits([]string{e.limit})
		assert.NilError(h.t, err)
		assert.NilError(h.t, h.server.SetRateLimits(limits))
		defer func() { assert.NilError(h.t, h.server.SetRateLimits(nil)) }()
		e.knock.send(h)
	}
	if e.writing != "" {
		h.raw("PUT", "/-/mock/writing", `{"mode":"`+e.writing+`"}`).want(http.StatusOK)
		defer h.raw("PUT", "/-/mock/writing", `{"mode":"allowed"}`)
	}
	answer := e.knock.send(h)
	status, kind, body := answer.status, answer.header.Get("Content-Type"), strings.TrimSpace(string(answer.body))
	if strings.TrimSpace(fmt.Sprintf("%d %s %s", status, kind, body)) == nobodySignedIn {
		return "let through"
	}
	cells := []string{fmt.Sprintf("`%d`", status)}
	if kind != "" {
		cells = append(cells, "`"+kind+"`")
	}
	switch first, _, more := strings.Cut(body, "\n"); {
	case more && strings.HasPrefix(first, "<!DOCTYPE"):
		cells = append(cells, "a page")
	case body == "":
		cells = append(cells, "without a body")
	default:
		cells = append(cells, "`"+body+"`")
	}
	if to := answer.header.Get("Location"); to != "" {
		cells = append(cells, "to `"+to+"`")
	}
	return strings.Join(cells, " ")
}

// stoppedBy is the layer that an answer names; empty for what comes behind the layers.
func stoppedBy(answer response) string {
	name, _, _ := strings.Cut(answer.header.Get("X-Mock-Reason"), ": ")
	if slices.Contains(mockserver.FrontDoor(), name) {
		return name
	}
	return ""
}

// doorReleases are the oldest release and those that changed the front door.
func doorReleases(t *testing.T) []release.Version {
	versions := []release.Version{release.Oldest}
	for _, b := range doorBoundaries {
		versions = append(versions, parseVersion(t, b.version))
	}
	slices.SortFunc(versions, release.Version.Compare)
	return slices.Compact(versions)
}

// TestDoorPage_layers holds that docs/front-door.md tells of the layers that there are, in their order, and that each
// answers its examples itself.
func TestDoorPage_layers(t *testing.T) {
	t.Parallel()
	page := docstest.Page(t, "front-door.md")
	var told, layers, shown []string
	for _, row := range regexp.MustCompile(`(?m)^\| [0-9]+ \| ([^|]+) \|`).FindAllStringSubmatch(page, -1) {
		told = append(told, row[1])
	}
	layers = mockserver.FrontDoor()
	assert.DeepEqual(t, told, layers)
	h := newUnjudged(t)
	for _, e := range doorExamples {
		shown = append(shown, e.layer)
		// what refuses nothing gives no reason
		if answer := e.knock.send(h); e.writing+e.limit == "" && answer.status >= http.StatusBadRequest {
			assert.Check(t, stoppedBy(answer) == e.layer, e.sent)
		}
	}
	assert.DeepEqual(t, slices.Compact(shown), append(layers, ""))
}

// TestDoorPage_isFresh holds that docs/reference/front-door.md shows what the mock of each release answers. The flag
// -update writes it anew.
func TestDoorPage_isFresh(t *testing.T) {
	t.Parallel()
	type since struct {
		first  release.Version
		answer string
	}
	answers := make([][]since, len(doorExamples))
	for _, v := range doorReleases(t) {
		h := newUnjudged(t, asRelease(v))
		for i, e := range doorExamples {
			answer, known := e.shownAnswer(h), answers[i]
			if len(known) == 0 || known[len(known)-1].answer != answer {
				answers[i] = append(known, since{v, answer})
			}
		}
	}
	var w strings.Builder
	w.WriteString("# What the front door answers\n\nWritten by `go test ./mockserver -run TestDoorPage -update` " +
		"from what the mock of each release answers; do not edit.\n[front-door.md](../front-door.md) tells of the " +
		"layers.\n\nAll requests are about the external status checks of a project, and nobody has signed in: what " +
		"is *let through* is\nanswered by the API, here with 401. A release stands for its last patch.\n\n" +
		"| layer | request | since | answer |\n| --- | --- | --- | --- |\n")
	for i, e := range doorExamples {
		layer, sent := e.layer, e.sent
		if layer == "" {
			layer = "*behind it*"
		}
		for _, one := range slices.Backward(answers[i]) {
			fmt.Fprintf(&w, "| %s | %s | %s | %s |\n", layer, sent, one.first, one.answer)
			layer, sent = "", ""
		}
	}
	w.WriteString(headerTable(t))
	golden.Assert(t, w.String(), "../../docs/reference/front-door.md")
}

// headerTable shows which headers each kind of answer has.
func headerTable(t *testing.T) string {
	h := newUnjudged(t)
	var w strings.Builder
	w.WriteString("\n## Headers\n\nThe earlier a request is stopped, the fewer layers leave their headers on the " +
		"answer. The\nrequests name an `Origin`; the release is 18.9.\n\n| answer |")
	for _, name := range doorHeaders {
		fmt.Fprintf(&w, " `%s` |", name)
	}
	w.WriteString("\n| --- |" + strings.Repeat(" --- |", len(doorHeaders)) + "\n")
	for _, kind := range doorKinds {
		answer := kind.knock.fromElsewhere().send(h)
		w.WriteString("| " + kind.name + " |")
		for _, name := range doorHeaders {
			switch value := answer.header.Get(name); {
			case value == "":
				w.WriteString(" |")
			case name == "Cache-Control":
				w.WriteString(" `" + value + "` |")
			default:
				w.WriteString(" ● |")
			}
		}
		w.WriteString("\n")
	}
	return w.String()
}
