package mockserver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/openapi"
)

// finding is something that GitLab takes in silence. Its text holds no value that the client sent.
type finding struct {
	kind      control.NoteKind
	parameter string
	text      string
}

// finder looks a call through.
type finder struct {
	call *call
	json bool // whether the value that is looked at comes from JSON, which has types
	list []finding
}

// takenEverywhere are parameters that GitLab takes with every operation.
var takenEverywhere = map[string]bool{
	"private_token": true, "access_token": true, "job_token": true, "sudo": true, "format": true, "_method": true,
	"pagination": true, "cursor": true, "go-get": true,
}

// mostFindings is how much is found in one call at most.
const mostFindings = 50

// full reports whether there is so much that no more is looked for.
func (f *finder) full() bool { return len(f.list) >= mostFindings }

func (f *finder) add(kind control.NoteKind, parameter, format string, args ...any) {
	if f.full() {
		return
	}
	name := plainName(parameter)
	f.list = append(f.list, finding{kind, name, name + " " + fmt.Sprintf(format, args...)})
}

// plainName is the name of a parameter as it can be shown: without what looks like a token, and not too long.
func plainName(name string) string {
	return oneLine(shortened(name))
}

// largestNoted is the size up to which a body is looked at, in bytes: a larger one would be decoded once more.
const largestNoted = 1 << 20

// look finds what is to be noted.
func (f *finder) look() []finding {
	c := f.call
	if c.isGraphQL() {
		return f.graphQL()
	}
	f.deprecated()
	if c.arrival.size > 0 && !slices.Contains(bodyVerbs, c.request.Method) {
		f.list = append(f.list, finding{
			kind: control.NoteBodyUnread,
			text: "the body is not read, as the method is " + c.request.Method,
		})
	}
	if len(c.query)+len(c.body) == 0 || c.arrival.size > largestNoted {
		return f.list
	}
	f.unknown(c.body)
	f.unknown(c.query)
	f.twice()
	for _, p := range c.op.Parameters() {
		f.value(p)
	}
	return f.list
}

// unknown finds parameters that the operation does not have.
func (f *finder) unknown(given map[string]any) {
	var names []string
	for name := range given {
		if !f.declares(name) && !takenEverywhere[name] {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return
	}
	slices.Sort(names)
	declared := presentAll(f.call.op.Parameters(), func(p openapi.Parameter) string { return p.Name })
	what := "is not a parameter of %s, and GitLab ignores it%s"
	if !isWhole(f.call.op) {
		what = "is not a parameter of %s that the mock knows, and the mock ignores it; GitLab may know it%s"
	}
	for _, name := range names {
		f.add(control.NoteUnknownParameter, name, what, f.call.op.ID, strictyaml.DidYouMean(name, declared))
	}
}

// wholeTags are those of the operations of which the contract has all parameters. Of others it has those that are of
// use around status checks.
var wholeTags = []string{"external status checks", "status checks of a merge request"}

func isWhole(op *openapi.Operation) bool {
	return slices.ContainsFunc(op.Tags, func(tag string) bool { return slices.Contains(wholeTags, tag) })
}

// declares reports whether the operation has a parameter.
func (f *finder) declares(name string) bool {
	return slices.ContainsFunc(f.call.op.Parameters(), func(p openapi.Parameter) bool { return p.Name == name })
}

// twice finds parameters that are given more than once, so that one of the values is lost.
func (f *finder) twice() {
	c := f.call
	for _, name := range slices.Concat(repeatedNames(c.request.URL.RawQuery), c.arrival.repeated, f.repeatedMembers()) {
		f.add(control.NoteRepeated, name, "is given more than once, and the last one counts")
	}
	for _, p := range c.op.Parameters() {
		name := p.Name
		_, inBody := c.body[name]
		_, inQuery := c.query[name]
		_, inPath := c.path[name]
		switch {
		case inPath && (inBody || inQuery):
			f.add(control.NoteRepeated, name, "is given in the path and again, and the one in the path counts")
		case inBody && inQuery:
			f.add(control.NoteRepeated, name, "is given in the body and in the query, and the one in the body counts")
		}
	}
}

// repetitions finds out which names come more than once: the first mostFindings of them.
type repetitions struct {
	times map[string]int
	names []string
}

func (r *repetitions) see(name string) {
	if r.times == nil {
		r.times = map[string]int{}
	}
	r.times[name]++
	if r.times[name] == 2 && len(r.names) < mostFindings {
		r.names = append(r.names, name)
	}
}

// repeatedNames are the plain names that a query or a form has more than once.
func repeatedNames(text string) []string {
	if strings.Count(text, "=") < 2 {
		return nil
	}
	var found repetitions
	for pair := range strings.SplitSeq(text, "&") {
		name, _, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err != nil || name == "" || strings.Contains(name, "[") {
			continue
		}
		found.see(name)
	}
	return found.names
}

// repeatedMembers are the members that a JSON body has more than once.
func (f *finder) repeatedMembers() []string {
	a := f.call.arrival
	if a.media.kind != jsonMedia || bytes.Count(a.body, []byte(":")) == len(f.call.body) {
		return nil
	}
	var found repetitions
	d := json.NewDecoder(bytes.NewReader(a.body))
	if t, _ := d.Token(); t != json.Delim('{') {
		return nil
	}
	for d.More() {
		t, _ := d.Token()
		name, isText := t.(string)
		var skipped json.RawMessage
		if !isText || d.Decode(&skipped) != nil {
			break
		}
		found.see(name)
	}
	return found.names
}

// value finds a value that is of another type than the contract has, and is made one of it.
func (f *finder) value(p openapi.Parameter) {
	c := f.call
	raw, inBody := c.body[p.Name]
	if !inBody {
		raw = c.query[p.Name]
	}
	if _, inPath := c.path[p.Name]; inPath || raw == nil {
		return
	}
	f.json = inBody && c.arrival.media.kind == jsonMedia
	switch p.Type {
	case openapi.Integers, openapi.Strings:
		f.listValue(p, raw)
	case openapi.Integer, openapi.Number, openapi.Boolean, openapi.String:
		if text := f.oddValue(p.Type, raw); text != "" {
			f.add(control.NoteCoerced, p.Name, "%s", text)
		}
	}
}

// listValue finds lists that are none.
func (f *finder) listValue(p openapi.Parameter, raw any) {
	what := "no item"
	if strings.HasSuffix(p.Name, "branch_ids") {
		what = "no item, which means all branches"
	}
	switch raw.(type) {
	case map[string]any:
		f.add(control.NoteNoList, p.Name, "is an object, as %s[0]= makes one, and GitLab takes it for a list of %s; "+
			"write %s[]=", p.Name, what, p.Name)
	case json.Number, bool:
		f.add(control.NoteNoList, p.Name, "is no list, and GitLab takes it for one of %s", what)
	case string:
		if f.json {
			f.add(control.NoteCoerced, p.Name, "is a text that GitLab splits at commas; send a list")
		}
	}
	if p.Type != openapi.Integers {
		return
	}
	for _, item := range listItems(raw) {
		if !wholeNumber().MatchString(strings.TrimSpace(item)) {
			f.add(control.NoteCoerced, p.Name, "has an item that is no whole number, of which GitLab takes the digits "+
				"that it begins with, or 0")
			return
		}
	}
}

var wholeNumber = lazy.Regexp(`^-?[0-9]+$`)

// oddValue says what is odd about a value that GitLab makes one of the declared type; nothing if that is what it is, or
// if GitLab refuses it.
func (f *finder) oddValue(t openapi.Type, raw any) string {
	text, isText := raw.(string)
	_, isNumber := raw.(json.Number)
	_, isFlag := raw.(bool)
	if !isText && !isNumber && !isFlag {
		return "" // which GitLab refuses
	}
	made := coerce(t, nil, raw)
	switch {
	case made == nil && isText && t != openapi.String:
		return "is an empty text, which GitLab takes for null"
	case t == openapi.String && (isNumber || isFlag):
		return "is no text, and GitLab makes one of it"
	case t == openapi.Boolean && made != raw && (isNumber || f.json || text != "true" && text != "false"):
		return "is neither true nor false, and GitLab takes it for one of them"
	case t == openapi.Integer && isNumber && strings.ContainsAny(fmt.Sprint(raw), ".eE"):
		return "is no whole number, and GitLab cuts it"
	case t != openapi.Boolean && t != openapi.String && isText && made != raw &&
		(f.json || t == openapi.Integer && !wholeNumber().MatchString(text)):
		return "is a text that GitLab reads as a number"
	}
	return ""
}

// deprecated finds what GitLab tells clients not to use any more.
func (f *finder) deprecated() {
	c := f.call
	for _, d := range deprecations[c.op.ID] {
		_, inBody := c.body[d.Parameter]
		_, inQuery := c.query[d.Parameter]
		switch {
		case !d.In(c.server.surface().version):
		case d.Parameter == "":
			f.list = append(f.list, finding{
				kind: control.NoteDeprecated, text: c.op.ID + " is deprecated; use " + d.Instead,
			})
		case inBody || inQuery:
			f.add(control.NoteDeprecated, d.Parameter, "is deprecated; use %s", d.Instead)
		}
	}
}

// deprecations are those of each operation.
var deprecations = func() map[string][]gitlab.Deprecation {
	by := map[string][]gitlab.Deprecation{}
	for _, d := range gitlab.Deprecations() {
		by[d.Operation] = append(by[d.Operation], d)
	}
	return by
}()
