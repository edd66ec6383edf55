package conformance

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"html"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/internal/tooltest"
	"gotest.tools/v3/assert"
)

const (
	knownToken  = "glpat-0123456789abcdef"
	knownSecret = `it's "hidden" $(touch canary) here`
)

// shellArguments are what a real shell hands to the program that a line calls. Whatever else the line does shows in the
// folder.
func shellArguments(t *testing.T, line string) []string {
	t.Helper()
	tooltest.Need(t, "sh")
	folder := t.TempDir()
	script := "curl() { for a; do printf '%s\\0' \"$a\"; done; }\n" + line + "\n"
	command := exec.CommandContext(t.Context(), "sh")
	command.Stdin, command.Dir = strings.NewReader(script), folder
	command.Env = append(os.Environ(), "TOKEN="+knownToken, "SECRET_QA="+knownSecret, "canary=touch canary")
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	assert.NilError(t, command.Run(), "%s\n%s", errs.String(), line)
	left, err := os.ReadDir(folder)
	assert.NilError(t, err)
	assert.Equal(t, len(left), 0, "the line did something: %s", line)
	return strings.Split(strings.TrimSuffix(out.String(), "\x00"), "\x00")
}

// serverTexts are what a server can say to have a reader run it, read a file of theirs, or take it for a secret's name.
var serverTexts = []string{
	"$TOKEN`touch canary`", "$TOKEN$(touch canary)", "$SECRET_QA\"; touch canary; \"", "'; touch canary; '",
	"$(touch canary)$TOKEN", "@/etc/passwd", "\\'; touch canary #",
	"x\n touch canary\n", "$canary", "'\"'\"`touch canary`", "${TOKEN}", knownToken, knownSecret, "a" + knownToken +
		"'b" + knownSecret + "$TOKEN", "!! !touch", "[1-3]{a,b}", "\x1b[31m\x00\u202e", "https://me:geheim@x.test/",
}

// recorded is an exchange whose every part repeats a text of the server's, with a token and a secret that must not be
// seen.
func recorded(s *secrets, text string) exchange {
	s.add(knownToken, "$TOKEN")
	s.add(knownSecret, "$SECRET_QA")
	header := http.Header{"Private-Token": {knownToken}, "X-Text": {text}, "Content-Type": {"text/plain"}}
	r := &request{
		operation: "createExternalStatusCheck", method: "POST", url: "http://a.test/" + text, header: header,
		body: []byte(text), hasBody: true,
	}
	return s.record(r, newAnswer(200, http.Header{"X-Echo": {text}}, []byte(text)), nil)
}

// checkCurl holds that a shell hands curl just what was sent, or what the line shows of it.
func checkCurl(t *testing.T, text string) {
	t.Helper()
	e := recorded(newSecrets(), text).shown(newSecrets())
	if strings.ContainsRune(text, 0) || !utf8.ValidString(text) || len(text) > 4096 {
		return // which no argument of a program can hold
	}
	want := []string{"-i", "-X", "POST"}
	if strings.ContainsAny(text, "[]{}") {
		want = append(want, "-g")
	}
	masked := strictyaml.MaskURLs(strings.NewReplacer(knownSecret, "\x01", knownToken, "\x02").Replace(text))
	masked = strings.NewReplacer("\x01", knownSecret, "\x02", knownToken).Replace(masked)
	want = append(want, "-H", "Content-Type: text/plain", "-H", "Private-Token: "+knownToken, "-H", "X-Text: "+masked)
	if text != "" {
		want = append(want, "--data-raw", masked)
	}
	got := shellArguments(t, e.Curl)
	if len(got) == len(want)+1 && !strings.ContainsAny(text, "@\x01\x02") {
		if diff := cmp.Diff(append(want, "http://a.test/"+masked), got); diff != "" {
			t.Errorf("%s\n%s", diff, e.Curl)
		}
	}
	assert.Equal(t, len(got), len(want)+1, "%q", got)
	assert.Assert(t, !strings.Contains(e.Curl, knownToken) && !strings.Contains(e.Curl, knownSecret), e.Curl)
}

// TestCurl_runsNothing holds that the line of a report does nothing but call curl, whatever a server said.
func TestCurl_runsNothing(t *testing.T) {
	t.Parallel()
	for _, text := range serverTexts {
		checkCurl(t, text)
	}
}

// TestReports_chosenSecrets holds that a server that gives a token which is part of how a report is written does not
// break it.
func TestReports_chosenSecrets(t *testing.T) {
	t.Parallel()
	for _, token := range []string{
		"' 'http", `": "` + "http", "</code>", "<details>", "</pre></div>",
		"class=\"scenario", `"format"`, "statuschecks/report", "-H 'X-T", "' '$(to", "testcase", "@page-style@",
		"{{.Report}}",
	} {
		s := newSecrets()
		e := recorded(s, "x' "+token+" $(touch canary) `touch canary`")
		s.add(token, "$TOKEN_DEVELOPER")
		checkReports(t, s, e)
	}
}

// checkReports writes a report about an exchange in all forms, and reads each back.
func checkReports(t *testing.T, s *secrets, e exchange) {
	t.Helper()
	r := hostileReport()
	for i := range r.Scenarios {
		if f := r.Scenarios[i].Failure; f != nil {
			f.Exchange, f.Message, f.Mismatches = e.shown(s), e.ResponseBody,
				[]scenario.Mismatch{{Pointer: "/x", Want: e.ResponseBody, Got: e.ResponseBody}}
		}
	}
	r = redacted(r, s)
	texts := map[string]string{}
	for name, write := range everyFormat(r) {
		var text bytes.Buffer
		assert.NilError(t, write(&text), name)
		texts[name] = text.String()
		for _, secret := range []string{knownToken, knownSecret, html.EscapeString(knownSecret)} {
			assert.Assert(t, !strings.Contains(text.String(), secret), "%s shows %s", name, secret)
		}
	}
	_, err := ReadReport("x.json", []byte(texts["json"]))
	assert.NilError(t, err)
	assert.NilError(t, xml.Unmarshal([]byte(texts["junit"]), &junitSuites{}))
	assert.Equal(t, strings.Count(texts["html"], "<script>"), 1)
	assert.Equal(t, strings.Count(texts["html"], "<style>"), 1)
	assert.Equal(t, strings.Count(texts["html"], `<details class="scenario `), 4)
	assert.Equal(t, strings.Count(texts["html"], pageStyle), 1, "the page has its style once")
	assert.Equal(t, regexp.MustCompile(`[\x00-\x08\x0b-\x1f\x7f-\x{9f}\x{202a}-\x{202e}]`).FindString(texts["text"]+
		texts["markdown"]), "")
	for _, line := range curlLines(texts) {
		shellArguments(t, line)
	}
}

var curlInPage = regexp.MustCompile(`(?s)<pre class="curl">(.*?)</pre>`)

// curlLines are the lines that readers can copy out of a report for people and out of a page.
func curlLines(texts map[string]string) []string {
	var lines []string
	for _, found := range curlInPage.FindAllStringSubmatch(texts["html"], -1) {
		if line := html.UnescapeString(found[1]); !strings.Contains(line, "\ufffd") {
			lines = append(lines, line)
		}
	}
	for _, part := range strings.Split(texts["text"], "\n  request   ")[1:] {
		line, _, _ := strings.Cut(part, "\n  answer    ")
		lines = append(lines, line)
	}
	return lines
}

// FuzzReport holds, for whatever a server says, that no report runs anything, shows a secret or is torn.
func FuzzReport(f *testing.F) {
	for _, text := range append([]string{hostile}, serverTexts...) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkCurl(t, text)
		s := newSecrets()
		e := recorded(s, text)
		checkReports(t, s, e)
	})
}

func TestMaskURLs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"https://me:geheim@x.test/a":                "https://***@x.test/a",
		"at https://token@x.test, and http://a:b@c": "at https://***@x.test, and http://***@c",
		`{"u":"https:\/\/a:p@b@x.test\/c"}`:         `{"u":"https:\/\/***@x.test\/c"}`,
		"https://x.test/@me":                        "https://x.test/@me",
		"https://x.test?m=a@b":                      "https://x.test?m=a@b",
		"a@example.com":                             "a@example.com",
		"u=https%3A%2F%2Fme%3Ageheim%40x.test%2Fa":  "u=https%3A%2F%2F***%40x.test%2Fa",
		"u=https%3A%2F%2Fx.test%2Fa%40b":            "u=https%3A%2F%2Fx.test%2Fa%40b",
		"HTTP://Me:Pw@X":                            "HTTP://***@X",
	} {
		assert.Equal(t, strictyaml.MaskURLs(text), want)
	}
	text, err := json.Marshal(recorded(newSecrets(), "https://me:geheim@x.test").shown(newSecrets()))
	assert.NilError(t, err)
	assert.Assert(t, !strings.Contains(string(text), "geheim"), string(text))
}

// TestExcerpts_showNoSecrets holds that a line shown below a problem holds no secret, however short, and no password of
// a URL.
func TestExcerpts_showNoSecrets(t *testing.T) {
	t.Parallel()
	for _, data := range []string{
		"url: https://me:geheim@x.test\ntoken: x\n", "url: http://x.test\ntoken: [geheim]\ntokn: geheim\n",
		"url: http://x.test\ntoken: geheim\nrate: {token: geheim}\n",
		"url: http://x.test\ntoken: pin\njobs: {token: pin}\n",
	} {
		_, err := ReadTarget("target.yaml", []byte(data))
		assert.Assert(t, err != nil, data)
		assert.Assert(t, !strings.Contains(err.Error(), "geheim") && !strings.Contains(err.Error(), "pin"), err.Error())
	}
	_, err := scenario.Read("scenario.yaml",
		[]byte("id: a.b\ngiven: {checks: {qa: {secret: pin, sekret: 1, external_url: "+
			"'https://me:geheim@x.test'}}}\n"))
	assert.Assert(t, err != nil && !strings.Contains(err.Error(), "geheim") && !strings.Contains(err.Error(), "pin"),
		err.Error())
}

// TestExcerpts_hideEverySecretKey holds that what stands below a key that is taken for that of a secret is hidden in
// the excerpts of every file that the suite reads.
func TestExcerpts_hideEverySecretKey(t *testing.T) {
	t.Parallel()
	for _, key := range []string{
		"token", "Token", "tokens", "access_token", "secret", "shared_secret", "secrets", "password",
		"db_password", "PASSWORDS",
	} {
		for _, value := range []string{"hunter2", `"hunter2"`, "[hunter2, {a: hunter2}]", "|\n  hunter2"} {
			data := []byte(key + ": " + value + "\njobs: none\n")
			_, ofScenario := scenario.Read("f.yaml", data)
			_, ofTarget := ReadTarget("f.yaml", data)
			_, ofProfile := ReadProfile("f.yaml", data)
			_, ofLint := Lint([]scenario.File{{Name: "f.yaml", Data: data}}, ScenarioFile, nil)
			for name, err := range map[string]error{
				"scenario": ofScenario, "target": ofTarget, "profile": ofProfile, "lint": ofLint,
			} {
				assert.Assert(t, err != nil, "%s: %s", name, data)
				assert.Assert(t, !strings.Contains(err.Error(), "hunter2"), "%s: %v", name, err)
			}
		}
	}
}
