package scenario

import (
	"bytes"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/conformance/internal/reader"
)

// Format returns a scenario file with these scenarios. Reading the file returns the same scenarios. Cases become
// separate scenarios. The area is not part of the file.
func Format(scenarios []*Scenario) []byte {
	list := make([]any, len(scenarios))
	for i, s := range scenarios {
		list[i] = s.record()
	}
	f := &formatter{}
	f.member(0, "scenarios", list)
	return f.out.Bytes()
}

// record is a mapping in writing order; entries without a value are left out.
type record []entry

type entry struct {
	key   string
	value any
}

func (r *record) add(key string, value any) {
	switch value := value.(type) {
	case string:
		if value == "" {
			return
		}
	case bool:
		if !value {
			return
		}
	case record:
		if len(value) == 0 {
			return
		}
	case []any:
		if len(value) == 0 {
			return
		}
	case map[string]any:
		if value == nil {
			return
		}
	case nil:
		return
	}
	*r = append(*r, entry{key, value})
}

func list[T any](items []T, show func(T) any) []any {
	shown := make([]any, len(items))
	for i, item := range items {
		shown[i] = show(item)
	}
	return shown
}

func texts(items []string) []any { return list(items, func(text string) any { return text }) }

func lengthText(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

func (s *Scenario) record() record {
	var r record
	r.add("id", s.ID)
	r.add("summary", s.Summary)
	r.add("level", string(s.Level))
	r.add("evidence", s.Evidence)
	r.add("source", s.Source)
	r.add("why", s.Why)
	r.add("tags", texts(s.Tags))
	r.add("since", releaseTexts(s.Since, s.Patches.Since))
	r.add("until", releaseTexts(s.Until, s.Patches.Until))
	r.add("needs", texts(s.Needs))
	if s.Isolation != Shared {
		r.add("isolation", string(s.Isolation))
	}
	r.add("given", s.Given.record())
	r.add("steps", list(s.Steps, func(step Step) any { return step.record() }))
	return r
}

func (g *Given) record() record {
	var project, branches, checks, r record
	if g.Project.Visibility != "private" {
		project.add("visibility", g.Project.Visibility)
	}
	project.add("settings", g.Project.Settings)
	project.add("group", g.Project.Group)
	for _, b := range g.Branches {
		var branch record
		branch.add("name", b.Name)
		branch.add("protected", b.Protected)
		branch.add("wildcard", b.Wildcard)
		branch.add("group", b.Group)
		branches = append(branches, entry{b.Key, branch})
	}
	for _, c := range g.Checks {
		var check record
		check.add("name", c.Name)
		check.add("external_url", c.ExternalURL)
		check.add("secret", c.Secret)
		check.add("branches", texts(c.Branches))
		check.add("before", c.Before)
		checks = append(checks, entry{c.Key, check})
	}
	r.add("project", project)
	r.add("branches", branches)
	r.add("checks", checks)
	if mr := g.MergeRequest; mr != nil {
		request := record{}
		if mr.Target != "main" {
			request.add("target", mr.Target)
		}
		if mr.Author != Creator {
			request.add("author", string(mr.Author))
		}
		request.add("assignee", string(mr.Assignee))
		request.add("draft", mr.Draft)
		r = append(r, entry{"merge_request", request})
	}
	r.add("tokens", tokenRecords(g.Tokens))
	r.add("replies", replyRecords(g.Replies))
	r.add("members", memberRecords(g.Members))
	r.add("other", g.Other)
	return r
}

func memberRecords(given []MemberGiven) record {
	var members record
	for _, m := range given {
		var member record
		member.add("role", string(m.Role))
		member.add("abilities", texts(m.Abilities))
		member.add("group", m.Group)
		members = append(members, entry{m.Key, member})
	}
	return members
}

func tokenRecords(given []TokenGiven) record {
	var tokens record
	for _, t := range given {
		var token record
		if t.Role != Maintainer {
			token.add("role", string(t.Role))
		}
		token.add("scopes", texts(t.Scopes))
		if t.Days > 0 {
			token.add("days", int64(t.Days))
		}
		token.add("revoked", t.Revoked)
		tokens = append(tokens, entry{t.Key, token})
	}
	return tokens
}

func replyRecords(given []ReplyGiven) record {
	var replies record
	for _, g := range given {
		var reply, headers record
		if g.Status != http.StatusOK {
			reply.add("status", int64(g.Status))
		}
		for _, name := range slices.Sorted(maps.Keys(g.Headers)) {
			headers = append(headers, entry{name, g.Headers[name]})
		}
		reply.add("headers", headers)
		if g.HasBody {
			reply = append(reply, entry{"body", g.Body})
		}
		reply.add("after", lengthText(g.After))
		reply.add("close", g.Close)
		replies = append(replies, entry{g.Key, reply})
	}
	return replies
}

func (s *Step) record() record {
	var r record
	r.add("note", s.Note)
	switch s.Kind() {
	case "let":
		var let record
		let.add("pass", lengthText(s.Let.Pass))
		let.add("freeze", s.Let.Freeze)
		if s.Let.Licensed != nil {
			let = append(let, entry{"licensed", *s.Let.Licensed})
		}
		if s.Let.RequireSHA != nil {
			let = append(let, entry{"require_sha", *s.Let.RequireSHA})
		}
		r = append(r, entry{"let", let})
	case "receive":
		r = append(r, entry{"receive", s.Receive.record()})
	case "push":
		var push record
		push.add("message", s.Push.Message)
		r = append(r, entry{"push", push})
	default:
		r = append(r, s.callRecord()...)
	}
	return r
}

func (s *Step) callRecord() record {
	var r record
	r.add("as", string(s.As))
	r.add("call", s.Call)
	r.add("with", s.With)
	r.add("query", s.Query)
	r.add("encode", s.Encode)
	if s.HasJSON {
		r = append(r, entry{"json", s.JSON})
	}
	r.add("headers", s.Headers)
	if s.Raw != nil {
		r = append(r, entry{"raw", s.Raw.record()})
	}
	r.add("lenient", s.Lenient)
	if e := s.Expect; e != nil {
		var expect record
		expect.add("status", list(e.Status, func(status int) any { return int64(status) }))
		expect.add("headers", sources(e.Headers))
		expect = append(expect, patternEntry("body", e.Body)...)
		expect = append(expect, patternEntry("text", e.Text)...)
		expect.add("empty", e.Empty)
		r = append(r, entry{"expect", expect})
	}
	r.add("capture", captureRecord(s.Capture))
	r.add("await", lengthText(s.Await))
	r.add("or_skip", s.OrSkip)
	return r
}

// sources are patterns as they are written; nil without one.
func sources(patterns map[string]*Pattern) map[string]any {
	if patterns == nil {
		return nil
	}
	written := make(map[string]any, len(patterns))
	for name, p := range patterns {
		written[name] = p.Source
	}
	return written
}

func patternEntry(key string, p *Pattern) record {
	if p == nil {
		return nil
	}
	return record{{key, p.Source}}
}

func captureRecord(captures map[string]string) record {
	var r record
	for _, name := range slices.Sorted(maps.Keys(captures)) {
		r = append(r, entry{name, captures[name]})
	}
	return r
}

func (w *Raw) record() record {
	var r record
	r.add("method", w.Method)
	r.add("api", w.API)
	r.add("prefix", w.Prefix)
	r.add("suffix", w.Suffix)
	r.add("query", w.Query)
	switch {
	case w.Parts != nil:
		r = append(r, entry{"body", list(w.Parts, Part.record)})
	case w.HasBody:
		r = append(r, entry{"body", w.Body})
	}
	r.add("chunked", w.Chunked)
	r.add("no_type", w.NoType)
	r.add("escape", w.Escape)
	return r
}

func (w *Receive) record() record {
	var r record
	r.add("check", w.Check)
	r.add("at", w.At)
	r.add("method", w.Method)
	r.add("within", lengthText(w.Within))
	r.add("none", w.None)
	r.add("headers", sources(w.Headers))
	r = append(r, patternEntry("body", w.Body)...)
	if w.Signed != nil {
		r = append(r, entry{"signed", *w.Signed})
	}
	r.add("capture", captureRecord(w.Capture))
	return r
}

type formatter struct {
	out bytes.Buffer
}

func (f *formatter) indent(depth int) {
	f.out.WriteString(strings.Repeat("  ", depth))
}

func (f *formatter) member(depth int, key string, value any) {
	f.indent(depth)
	f.out.WriteString(scalarText(key) + ":")
	f.value(depth, value)
}

// value writes what stands behind a key's colon or a list's dash, line end included.
func (f *formatter) value(depth int, value any) {
	value = inOrder(value)
	switch value := value.(type) {
	case record:
		if len(value) == 0 {
			f.out.WriteString(" {}\n")
			return
		}
		f.out.WriteString("\n")
		for _, e := range value {
			f.member(depth+1, e.key, e.value)
		}
	case []any:
		if len(value) == 0 {
			f.out.WriteString(" []\n")
			return
		}
		f.out.WriteString("\n")
		for _, item := range value {
			f.item(depth+1, item)
		}
	default:
		f.out.WriteString(" " + scalarText(value) + "\n")
	}
}

// item writes a list's item; a mapping starts on the line of the dash.
func (f *formatter) item(depth int, value any) {
	value = inOrder(value)
	f.indent(depth)
	f.out.WriteString("-")
	r, isRecord := value.(record)
	if !isRecord || len(r) == 0 {
		f.value(depth, value)
		return
	}
	inner := &formatter{}
	for _, e := range r {
		inner.member(depth+1, e.key, e.value)
	}
	f.out.WriteString(" ")
	f.out.Write(inner.out.Bytes()[2*(depth+1):])
}

// inOrder gives the members of a map by name.
func inOrder(value any) any {
	members, isMap := value.(map[string]any)
	if !isMap {
		return value
	}
	r := make(record, 0, len(members))
	for _, key := range slices.Sorted(maps.Keys(members)) {
		r = append(r, entry{key, members[key]})
	}
	return r
}

var (
	bare    = regexp.MustCompile(`^[A-Za-z_$/][A-Za-z0-9_$/.{}-]*( [A-Za-z0-9_$/.{}()-]+)*$`)
	keyword = regexp.MustCompile(`^(?i:true|false|null|yes|no|on|off|y|n)$`)
)

// scalarText writes a scalar so that it reads back as the same value: text goes in quotes unless it is plainly text.
func scalarText(value any) string {
	switch value := value.(type) {
	case string:
		if bare.MatchString(value) && !keyword.MatchString(value) && !reader.LongHex.MatchString(value) &&
			!strings.ContainsAny(value, "{}") {
			return value
		}
		return jsonvalue.Quoted(value)
	case float64:
		text := strconv.FormatFloat(value, 'f', -1, 64)
		if !strings.Contains(text, ".") {
			text += ".0"
		}
		return text
	case nil:
		return "null"
	}
	return jsonvalue.Text(value)
}
