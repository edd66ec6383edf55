package hostile_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"
)

const (
	bodySize   = 30_000_000
	bodyMemory = 120 // MB
	bodyTime   = 500 * time.Millisecond
	bodyScans  = 6
)

// allowedTime is the processor time that one body may take: half a second, or on a slow machine six times what
// encoding/json takes to look through such a body, where a usual machine takes five.
func allowedTime() time.Duration {
	body := []byte(filled(`{"name":"`, "x", `"}`))
	start := time.Now()
	json.Valid(body)
	return max(bodyTime, bodyScans*time.Since(start))
}

// filled is a body of the size that all have, with one piece again and again between its head and its end.
func filled(head, piece, end string) string {
	return head + strings.Repeat(piece, (bodySize-len(head)-len(end))/len(piece)) + end
}

const part = "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n"

// bodies are what is sent to the path that adds a check. Where GitLab's database refuses a text that is too long, it
// answers 500.
var bodies = map[string]struct {
	kind, body string
	want       int
}{
	"JSON, one text": {
		"application/json", filled(`{"external_url":"http://a.example","name":"`, "x", `"}`),
		500,
	},
	"JSON, one escaped text": {"application/json", filled(`{"external_url":"http://a.example","name":"`, `\u00e9`,
		`"}`), 500},
	"JSON, an undeclared text": {"application/json", filled(`{"external_url":"http://a.example","name":"n","x":"`, "x",
		`"}`), 201},
	"JSON, an array":    {"application/json", filled(`{"name":[`, "0,", "0]}"), 400},
	"JSON, arrays":      {"application/json", filled(`{"name":[`, "[],", "[]]}"), 400},
	"JSON, deep":        {"application/json", filled("", "[", ""), 400},
	"JSON, names":       {"application/json", filled("{", `"a":1,`, `"a":1}`), 400},
	"JSON, blanks":      {"application/json", filled("{", " ", "}"), 400},
	"JSON, comments":    {"application/json", filled("{", "/**/", "}"), 400},
	"JSON, a number":    {"application/json", filled(`{"name":"n","external_url":`, "1", "}"), 422},
	"JSON, a long host": {"application/json", filled(`{"name":"n","external_url":"http://`, "a", `"}`), 500},
	// no list: none
	"JSON, a long id": {
		"application/json",
		filled(`{"name":"n","external_url":"http://b.example","protected_branch_ids":`, "1", `}`), 201,
	},
	"JSON, broken":        {"application/json", filled("", "x", ""), 400},
	"form, one value":     {"application/x-www-form-urlencoded", filled("name=", "x", ""), 400},
	"form, pairs":         {"application/x-www-form-urlencoded", filled("name=x", "&a=b", ""), 400},
	"form, lists":         {"application/x-www-form-urlencoded", filled("name=x", "&a[]=b", ""), 400},
	"multipart, one text": {"multipart/form-data; boundary=b", filled(part, "x", "\r\n--b--\r\n"), 400},
	"multipart, one file": {
		"multipart/form-data; boundary=b",
		filled(strings.Replace(part, `"x"`, `"x"; filename="f"`, 1), "x", "\r\n--b--\r\n"), 400,
	},
	"multipart, parts":  {"multipart/form-data; boundary=b", filled("", part+"y\r\n", "--b--\r\n"), 500},
	"multipart, dashes": {"multipart/form-data; boundary=b", filled(part, "\r\n--", "\r\n--b--\r\n"), 400},
	"multipart, headers": {
		"multipart/form-data; boundary=b", filled("--b\r\n", "A: b\r\n", "\r\n--b--\r\n"),
		400,
	},
	"text": {"text/plain", filled("", "x", ""), 415},
}

// cpu is how much time of a processor the program has used.
func (m *mock) cpu() time.Duration {
	m.t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", m.cmd.Process.Pid))
	assert.NilError(m.t, err)
	_, after, _ := strings.Cut(string(stat), ") ")
	var ticks int
	for _, field := range strings.Fields(after)[11:13] { // of the program and of the kernel for it
		n, err := strconv.Atoi(field)
		assert.NilError(m.t, err)
		ticks += n
	}
	return time.Duration(ticks) * time.Second / 100
}

// One large body costs neither memory nor time, whatever it holds. Time is the least of up to three tries, as a busy
// machine adds to it.
func TestServe_largeBodies(t *testing.T) {
	allowed := allowedTime()
	t.Logf("a body may take %s of a processor", allowed)
	for name, test := range bodies {
		t.Run(name, func(t *testing.T) {
			used := allowed + 1
			for try := 1; try <= 3 && used > allowed; try++ {
				m := serve(t, "--log-level", "error")
				before := m.cpu()
				status, text := m.ask("POST", "/api/v4/projects/6/external_status_checks", test.kind,
					strings.NewReader(test.body))
				peak := m.peak()
				used = min(used, m.cpu()-before)
				t.Logf("%d, %d MB at most, %s of a processor; %.80s", status, peak, m.cpu()-before, text)
				assert.Check(t, status == test.want, "%d %.200s", status, text)
				assert.Check(t, peak <= bodyMemory, "%d MB", peak)
			}
			assert.Check(t, used <= allowed, "more than %s of a processor in each of three tries", allowed)
		})
	}
}

// Large values that are the client's own do not pile up in the journal, of whatever type they are.
func TestServe_largeValuesInTheJournal(t *testing.T) {
	const path = "/api/v4/projects/6/external_status_checks"
	m := serve(t, "--log-level", "error")
	body := `{"name":"n","external_url":"http://a.example","protected_branch_ids":` +
		strings.Repeat("1", 10_000_000) + `}`
	for range 20 {
		status, text := m.ask("POST", path, "application/json", strings.NewReader(body))
		assert.Check(t, status == 201 || status == 422, "%d %.200s", status, text)
	}
	peak := m.peak()
	t.Logf("%d MB at most", peak)
	assert.Check(t, peak <= bodyMemory, "%d MB", peak)
}

// Names that are there again and again, and selections with nothing in them, cost no more time than one body may.
func TestServe_manyNames(t *testing.T) {
	var members strings.Builder
	for i := range 24_000 {
		fmt.Fprintf(&members, `"n%d":1,"n%d":1,`, i, i)
	}
	for path, body := range map[string]string{
		"/api/v4/projects/6/external_status_checks": "{" + members.String() + `"name":"n"}`,
		"/api/graphql": `{"query":"{` + strings.Repeat("a{}", 3300) + `}"}`,
	} {
		m := serve(t, "--log-level", "error")
		before := m.cpu()
		status, text := m.ask("POST", path, "application/json", strings.NewReader(body))
		used := m.cpu() - before
		t.Logf("%d, %s of a processor; %.80s", status, used, text)
		assert.Check(t, status != 0 && used <= allowedTime(), "%s: %s of a processor", path, used)
	}
}
