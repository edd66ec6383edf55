package mockserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/openapi"
)

// seedOperation is the one operation whose body is not an object with a schema of its own.
const seedOperation = "seed"

// readControlBody reads the body of a request and checks the request against the contract. The error lists all
// problems. Problems of the body have a line and a column.
func readControlBody(op *openapi.Operation, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, seed.MaxSize))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, refused(http.StatusRequestEntityTooLarge, "the body is larger than %d MiB", seed.MaxSize>>20)
	}
	if err != nil {
		return nil, refused(http.StatusBadRequest, "the body ended too early")
	}
	if takesBody(op) && len(body) > 0 && !readable(op, r) {
		return nil, refused(http.StatusUnsupportedMediaType, "%s", rightly(op, r, body))
	}
	problems := queryProblems(op, r)
	switch empty := len(bytes.TrimSpace(body)) == 0; {
	case op.ID == seedOperation && empty:
		problems = append(problems, "the body is empty: send a seed; {} is one, for an empty world")
	case op.ID == seedOperation:
	case !takesBody(op) && !empty && string(bytes.TrimSpace(body)) != "{}":
		problems = append(problems, op.ID+" takes no body")
	default:
		problems = append(problems, bodyProblems(op, r, body)...)
	}
	if len(problems) > 0 {
		return nil, problemsOf(problems)
	}
	return body, nil
}

// takesBody reports whether a request can have a body.
func takesBody(op *openapi.Operation) bool {
	return op.ID == seedOperation || slices.ContainsFunc(op.Parameters(),
		func(p openapi.Parameter) bool { return p.In == "body" })
}

// readable reports whether the content type of a body is accepted. A page of another origin cannot send these types
// without a preflight request. It can send text/plain, so that is not accepted.
func readable(op *openapi.Operation, r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	known := []string{"application/json"}
	if op.ID == seedOperation {
		known = append(known, "application/yaml", "application/x-yaml", "text/yaml")
	}
	return err == nil && slices.Contains(known, kind)
}

// longestRepeated is the largest body that is repeated in the suggested command, in bytes.
const longestRepeated = 500

// rightly describes how to send a body with the right content type, with a command that does it.
func rightly(op *openapi.Operation, r *http.Request, body []byte) string {
	kind, wanted := "application/json", "send JSON with Content-Type: application/json"
	if op.ID == seedOperation {
		wanted = "send YAML with Content-Type: application/yaml, or JSON with application/json"
		if !json.Valid(body) {
			kind = "application/yaml"
		}
	}
	data := "@FILE"
	if text := string(body); len(body) <= longestRepeated && utf8.Valid(body) && !strings.HasPrefix(text, "@") {
		data = text
	}
	token := ""
	if r.Header.Get("X-Control-Token")+r.Header.Get("Authorization") != "" {
		token = "-H 'X-Control-Token: TOKEN' "
	}
	return fmt.Sprintf("%s: curl -X %s -H 'Content-Type: %s' %s--data-binary %s %s", wanted, r.Method, kind, token,
		shellQuoted(data),
		shellQuoted(reachedBy(r)+r.URL.RequestURI()))
}

// shellQuoted quotes a text so that a shell reads it as one word.
func shellQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// queryProblems returns the problems of the path and the query.
func queryProblems(op *openapi.Operation, r *http.Request) []string {
	var problems, known []string
	for _, p := range op.Parameters() {
		if p.In == "query" {
			known = append(known, p.Name)
		}
	}
	query := r.URL.Query()
	for _, name := range sortedKeys(query) {
		switch {
		case !slices.Contains(known, name) && len(known) == 0:
			problems = append(problems, fmt.Sprintf("%s takes no parameters in the query; %q is one", op.ID, name))
		case !slices.Contains(known, name):
			problems = append(problems, fmt.Sprintf("there is no parameter %q%s", name,
				strictyaml.Suggest(name, known, "; it has ")))
		case len(query[name]) > 1:
			problems = append(problems, fmt.Sprintf("parameter %q is given %d times", name, len(query[name])))
		}
	}
	return problems
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// bodyProblems returns the problems of a JSON body, and those that the contract finds in the request as a whole.
func bodyProblems(op *openapi.Operation, r *http.Request, body []byte) []string {
	places, problem := membersOf(body)
	if problem != "" {
		return []string{problem}
	}
	var problems, known []string
	for _, p := range op.Parameters() {
		if p.In == "body" {
			known = append(known, p.Name)
		}
	}
	for _, name := range sortedKeys(places) {
		if !slices.Contains(known, name) {
			problems = append(problems, fmt.Sprintf("%s: there is no key %q%s", places[name], name,
				strictyaml.Suggest(name, known, "; it has ")))
		}
	}
	canonical := r.Clone(r.Context())
	canonical.Header.Set("Content-Type", "application/json")
	for _, v := range op.CheckRequest(canonical, body) {
		switch nested := strings.Count(v.Pointer, "/") > 1; {
		case nested:
			problems = append(problems, locate(body, []string{v.Pointer[1:] + ": " + nestedWords(v)})...)
		case v.Code != "unknown-property": // which was said already, and better
			problems = append(problems, placed(v, places, known))
		}
	}
	return problems
}

// locate adds the line and column to problems that begin with the path of a value.
func locate(body []byte, problems []string) []string {
	format := strictyaml.Format{Noun: "body", Size: seed.MaxSize, Depth: deepestBody}
	root := strictyaml.Read(strictyaml.NewProblems("body", body), body, format)
	var located []string
	for _, problem := range problems {
		path, _, _ := strings.Cut(problem, ":")
		at := placeBelow(root, strings.Split(path, "/"))
		located = append(located, fmt.Sprintf("%d:%d: %s", at.Line, at.Column, problem))
	}
	return located
}

// deepestBody limits how deeply the place of a problem is searched for in a body.
const deepestBody = 50

// placeBelow finds the line and column of a value. If the value is not there, it returns those of the nearest value
// above it.
func placeBelow(n *strictyaml.Node, path []string) strictyaml.Place {
	at := strictyaml.Place{Line: 1, Column: 1}
	for _, step := range path {
		if n == nil {
			break
		}
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.Items) {
			n = n.Items[i]
			at = n.Place
			continue
		}
		i := slices.IndexFunc(n.Pairs, func(p strictyaml.Pair) bool { return p.Key == step })
		if i < 0 {
			break
		}
		at, n = n.Pairs[i].Place, n.Pairs[i].Value
	}
	return at
}

// problemsOf returns the refusal of a request with these problems.
func problemsOf(problems []string) *controlProblem {
	if len(problems) == 1 {
		return refused(http.StatusBadRequest, "%s", problems[0])
	}
	p := refused(http.StatusBadRequest, "%d things are wrong with the request", len(problems))
	p.Problems = problems
	return p
}

// plainWords describe for some members what they accept, better than their schema does.
var plainWords = map[string]string{
	"by": "must be a duration as 2m1s, and not negative", "wait": "must be a duration as 30s",
	"delay": "must be a duration as 300ms or 1m15s", "offset": "must be a duration as 2m1s or -300ms",
	"trickle": "must be a duration as 50ms", "idle": "must be a duration as 200ms",
	"down": "must be a duration as 300ms or 1m15s", "period": "must be a duration as 1m",
	"expires_after": "must be a duration as 10m, and not negative",
	"project":       "must be the id or the full path of a project",
	"now":           "must be an instant as 2026-01-31T09:00:00Z", "to": "must be an instant as 2026-01-31T09:00:00Z",
}

// typedWords do so where a member of this name has one type here and another type there.
var typedWords = map[string]string{
	"project integer": "must be the id of a project, a number",
	"project string":  `must be text: the id in quotes, as "6", or the full path of a project`,
	"status string":   `must be text, as "404", "4xx" or "0"`,
}

// wordsFor are the better words for what is wrong with a value, if there are any.
func wordsFor(v openapi.Violation) (words string, better bool) {
	name := v.Pointer[strings.LastIndexByte(v.Pointer, '/')+1:]
	if name == "" {
		name = v.Parameter
	}
	kind := v.Message[strings.LastIndexByte(v.Message, ' ')+1:]
	if v.Code == "pattern" {
		kind = "string"
	}
	if words, better = typedWords[name+" "+kind]; better {
		return words, true
	}
	words, better = plainWords[name]
	return words, better
}

// nestedWords describe what is wrong with a value inside a member of the body.
func nestedWords(v openapi.Violation) string {
	if words, better := wordsFor(v); better {
		return words
	}
	return v.Message
}

// placed describes a violation, with its line and column if it is in the body.
func placed(v openapi.Violation, places map[string]string, known []string) string {
	name := strings.TrimPrefix(v.Pointer, "/")
	where, inBody := places[name]
	message := strings.Replace(v.Message, "the value", name, 1)
	switch words, better := wordsFor(v); {
	case inBody && better:
		return where + ": " + name + " " + words
	case inBody:
		return where + ": " + message
	case v.Code == "one-of" && name == "":
		known = slices.DeleteFunc(slices.Clone(known), func(key string) bool { return key == "wait" })
		return "give one of " + strings.Join(known, " and ") + ", and only one"
	case v.Code == "required" && v.Parameter == "" && name != "":
		return name + " is missing"
	case v.Code == "pattern" && v.Parameter != "" && better:
		return v.Parameter + " " + words
	case v.Code == "type" && v.Parameter != "":
		return v.Parameter + " must be a whole number"
	}
	return message
}

// membersOf finds the line:column of each member of a JSON object. An empty body has none. A body that is not an
// object, and a repeated member, are problems.
func membersOf(body []byte) (places map[string]string, problem string) {
	places = map[string]string{}
	if len(bytes.TrimSpace(body)) == 0 {
		return places, ""
	}
	if problem := syntaxProblem(body); problem != "" {
		return nil, problem
	}
	d := json.NewDecoder(bytes.NewReader(body))
	if t, _ := d.Token(); t != json.Delim('{') {
		return nil, "1:1: the body must be a JSON object"
	}
	for d.More() {
		from := d.InputOffset()
		t, _ := d.Token()
		name, _ := t.(string)
		at := position(body, from+int64(bytes.IndexByte(body[from:], '"')))
		if before, twice := places[name]; twice {
			return nil, fmt.Sprintf("%s: %q stands here twice, first at %s", at, name, before)
		}
		places[name] = at
		var skipped json.RawMessage
		if d.Decode(&skipped) != nil {
			break // which syntaxProblem has ruled out
		}
	}
	return places, ""
}

func syntaxProblem(body []byte) string {
	var syntax *json.SyntaxError
	switch err := json.Unmarshal(body, new(any)); {
	case !errors.As(err, &syntax):
		return ""
	case strings.HasPrefix(syntax.Error(), "unexpected end"):
		return position(body, int64(len(body))) + ": the body ends too early"
	case strings.HasSuffix(syntax.Error(), "after top-level value"):
		return position(body, syntax.Offset-1) + ": the body goes on after its end"
	}
	return position(body, syntax.Offset-1) + ": the body is not JSON"
}

// position converts an offset to line:column, both counted from 1.
func position(text []byte, offset int64) string {
	before := text[:min(max(offset, 0), int64(len(text)))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len([]rune(string(before[bytes.LastIndexByte(before, '\n')+1:]))) + 1
	return fmt.Sprintf("%d:%d", line, column)
}

// decode decodes the body, which was checked against the contract, into a struct.
func (k *controlCall) decode(into any) error {
	if len(bytes.TrimSpace(k.body)) == 0 {
		return nil
	}
	if err := json.Unmarshal(k.body, into); err != nil {
		return refused(http.StatusBadRequest, "the body cannot be read: %s", err)
	}
	return nil
}
