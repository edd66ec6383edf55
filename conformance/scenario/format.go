package scenario

import (
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

// Format returns a scenario file with these scenarios. Reading the file returns the same scenarios. Cases become
// separate scenarios. The area is not part of the file.
func Format(scenarios []*Scenario) []byte {
	list := make([]any, len(scenarios))
	for i, s := range scenarios {
		list[i] = s.record()
	}
	return strictyaml.Write(record{{Key: "scenarios", Value: list}})
}

// record is a mapping in writing order. Add leaves out entries without a value.
type record = strictyaml.Map

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
	r.Add("id", s.ID)
	r.Add("summary", s.Summary)
	r.Add("level", string(s.Level))
	r.Add("evidence", s.Evidence)
	r.Add("source", s.Source)
	r.Add("why", s.Why)
	r.Add("tags", texts(s.Tags))
	r.Add("since", releaseTexts(s.Since, s.Patches.Since))
	r.Add("until", releaseTexts(s.Until, s.Patches.Until))
	r.Add("needs", texts(s.Needs))
	if s.Isolation != Shared {
		r.Add("isolation", string(s.Isolation))
	}
	r.Add("given", s.Given.record())
	r.Add("steps", list(s.Steps, func(step Step) any { return step.record() }))
	return r
}

func (g *Given) record() record {
	var project, r record
	if g.Project.Visibility != "private" {
		project.Add("visibility", g.Project.Visibility)
	}
	project.Add("settings", g.Project.Settings)
	project.Add("group", g.Project.Group)
	r.Add("project", project)
	r.Add("branches", keyed(g.Branches, BranchGiven.record))
	r.Add("checks", keyed(g.Checks, CheckGiven.record))
	if mr := g.MergeRequest; mr != nil {
		request := record{}
		if mr.Target != "main" {
			request.Add("target", mr.Target)
		}
		if mr.Author != Creator {
			request.Add("author", string(mr.Author))
		}
		request.Add("assignee", string(mr.Assignee))
		request.Add("draft", mr.Draft)
		request.Add("fork", mr.Fork)
		r = append(r, strictyaml.Entry{Key: "merge_request", Value: request})
	}
	r.Add("tokens", keyed(g.Tokens, TokenGiven.record))
	r.Add("replies", keyed(g.Replies, ReplyGiven.record))
	r.Add("members", keyed(g.Members, MemberGiven.record))
	r.Add("other", g.Other)
	return r
}

// keyed are things by the keys that scenarios give them.
func keyed[T any](given []T, show func(T) (string, record)) record {
	var r record
	for _, one := range given {
		key, shown := show(one)
		r = append(r, strictyaml.Entry{Key: key, Value: shown})
	}
	return r
}

func (b BranchGiven) record() (string, record) {
	var r record
	r.Add("name", b.Name)
	r.Add("protected", b.Protected)
	r.Add("wildcard", b.Wildcard)
	r.Add("group", b.Group)
	return b.Key, r
}

func (c CheckGiven) record() (string, record) {
	var r record
	r.Add("name", c.Name)
	r.Add("external_url", c.ExternalURL)
	r.Add("secret", c.Secret)
	r.Add("branches", texts(c.Branches))
	r.Add("before", c.Before)
	return c.Key, r
}

func (m MemberGiven) record() (string, record) {
	var r record
	r.Add("role", string(m.Role))
	r.Add("abilities", texts(m.Abilities))
	r.Add("group", m.Group)
	return m.Key, r
}

func (t TokenGiven) record() (string, record) {
	var r record
	if t.Role != Maintainer {
		r.Add("role", string(t.Role))
	}
	r.Add("scopes", texts(t.Scopes))
	if t.Days > 0 {
		r.Add("days", int64(t.Days))
	}
	r.Add("revoked", t.Revoked)
	return t.Key, r
}

func (g ReplyGiven) record() (string, record) {
	var r, headers record
	if g.Status != http.StatusOK {
		r.Add("status", int64(g.Status))
	}
	for _, name := range slices.Sorted(maps.Keys(g.Headers)) {
		headers = append(headers, strictyaml.Entry{Key: name, Value: g.Headers[name]})
	}
	r.Add("headers", headers)
	if g.HasBody {
		r = append(r, strictyaml.Entry{Key: "body", Value: g.Body})
	}
	r.Add("after", lengthText(g.After))
	r.Add("close", g.Close)
	return g.Key, r
}

func (s *Step) record() record {
	var r record
	r.Add("note", s.Note)
	switch s.Kind() {
	case "let":
		var let record
		let.Add("pass", lengthText(s.Let.Pass))
		let.Add("freeze", s.Let.Freeze)
		addChoice(&let, "licensed", s.Let.Licensed)
		addChoice(&let, "require_sha", s.Let.RequireSHA)
		r = append(r, strictyaml.Entry{Key: "let", Value: let})
	case "receive":
		r = append(r, strictyaml.Entry{Key: "receive", Value: s.Receive.record()})
	case "push":
		var push record
		push.Add("message", s.Push.Message)
		r = append(r, strictyaml.Entry{Key: "push", Value: push})
	case "answer":
		r = append(r, strictyaml.Entry{Key: "answer", Value: s.Answer.record()})
	case "calls":
		r = append(r, strictyaml.Entry{Key: "calls", Value: s.Calls.record()})
	case "deliver":
		r = append(r, strictyaml.Entry{Key: "deliver", Value: s.Deliver.record()})
	case "fault":
		r = append(r, strictyaml.Entry{Key: "fault", Value: s.Fault})
	case "secrets":
		r.Add("secrets", s.Secrets)
	default:
		r = append(r, s.callRecord()...)
	}
	return r
}

func (s *Step) callRecord() record {
	var r record
	r.Add("as", string(s.As))
	r.Add("call", s.Call)
	r.Add("with", s.With)
	r.Add("query", s.Query)
	r.Add("encode", s.Encode)
	if s.HasJSON {
		r = append(r, strictyaml.Entry{Key: "json", Value: s.JSON})
	}
	r.Add("headers", s.Headers)
	if s.Raw != nil {
		r = append(r, strictyaml.Entry{Key: "raw", Value: s.Raw.record()})
	}
	r.Add("lenient", s.Lenient)
	if e := s.Expect; e != nil {
		var expect record
		expect.Add("status", list(e.Status, func(status int) any { return int64(status) }))
		expect.Add("headers", sources(e.Headers))
		expect = append(expect, patternEntry("body", e.Body)...)
		expect = append(expect, patternEntry("text", e.Text)...)
		expect.Add("empty", e.Empty)
		r = append(r, strictyaml.Entry{Key: "expect", Value: expect})
	}
	r.Add("capture", captureRecord(s.Capture))
	r.Add("await", lengthText(s.Await))
	r.Add("or_skip", s.OrSkip)
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

// addChoice adds a flag that was given, be it true or false.
func addChoice(r *record, key string, given *bool) {
	if given != nil {
		*r = append(*r, strictyaml.Entry{Key: key, Value: *given})
	}
}

func patternEntry(key string, p *Pattern) record {
	if p == nil {
		return nil
	}
	return record{{Key: key, Value: p.Source}}
}

func captureRecord(captures map[string]*Capture) record {
	var r record
	for _, name := range slices.Sorted(maps.Keys(captures)) {
		r = append(r, strictyaml.Entry{Key: name, Value: captures[name].Source})
	}
	return r
}

func (w *Raw) record() record {
	var r record
	r.Add("method", w.Method)
	r.Add("api", w.API)
	r.Add("prefix", w.Prefix)
	r.Add("suffix", w.Suffix)
	r.Add("query", w.Query)
	switch {
	case w.Parts != nil:
		r = append(r, strictyaml.Entry{Key: "body", Value: list(w.Parts, Part.record)})
	case w.HasBody:
		r = append(r, strictyaml.Entry{Key: "body", Value: w.Body})
	}
	r.Add("chunked", w.Chunked)
	r.Add("no_type", w.NoType)
	r.Add("escape", w.Escape)
	return r
}

func (w *Receive) record() record {
	var r record
	r.Add("check", w.Check)
	r.Add("at", w.At)
	r.Add("method", w.Method)
	r.Add("within", lengthText(w.Within))
	r.Add("none", w.None)
	r.Add("headers", sources(w.Headers))
	r = append(r, patternEntry("body", w.Body)...)
	addChoice(&r, "signed", w.Signed)
	r.Add("answered", w.Answered)
	r.Add("capture", captureRecord(w.Capture))
	return r
}
