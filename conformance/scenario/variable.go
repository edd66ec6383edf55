package scenario

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/internal/lazy"
)

// variable is a reference such as ${project.id}. A doubled dollar sign before the brace keeps the text as it is.
var variable = lazy.Regexp(`\$?\$\{[^{}]*\}`)

// Variables are the values that a scenario's texts can refer to, by dotted name. A name that goes deeper than a value
// reaches into it: ${created.protected_branches.0.id}.
type Variables map[string]any

// Get looks a dotted name up.
func (v Variables) Get(name string) (any, bool) {
	if text, is := byteNamed(name); is {
		return text, true
	}
	parts := strings.Split(name, ".")
	for n := len(parts); n > 0; n-- {
		if value, ok := v[strings.Join(parts[:n], ".")]; ok {
			return jsonvalue.Dig(value, parts[n:])
		}
	}
	return nil, false
}

// Fill copies a value with its references replaced. A text that is wholly one reference takes the value with its type.
func (v Variables) Fill(value any) (any, error) {
	switch value := value.(type) {
	case string:
		return v.fillText(value, nil)
	case []any:
		filled := make([]any, len(value))
		for i, item := range value {
			var err error
			if filled[i], err = v.Fill(item); err != nil {
				return nil, err
			}
		}
		return filled, nil
	case map[string]any:
		filled := make(map[string]any, len(value))
		for key, member := range value {
			var err error
			switch key {
			case "$match":
				filled[key], err = v.fillPattern(jsonvalue.Text(member))
			case "$jq":
				filled[key] = member // a filter names variables itself
			default:
				filled[key], err = v.Fill(member)
			}
			if err != nil {
				return nil, err
			}
		}
		return filled, nil
	}
	return value, nil
}

func noValue(reference string) error { return fmt.Errorf("%s has no value here", reference) }

// fillPattern fills a regular expression: what is put in matches itself.
func (v Variables) fillPattern(text string) (string, error) {
	filled, err := v.fillText(text, regexp.QuoteMeta)
	return jsonvalue.Text(filled), err
}

func (v Variables) fillText(text string, quote func(string) string) (any, error) {
	var whole any
	var isWhole bool
	var missing error
	filled := variable().ReplaceAllStringFunc(text, func(reference string) string {
		if strings.HasPrefix(reference, "$$") {
			return reference[1:]
		}
		value, ok := v.Get(reference[2 : len(reference)-1])
		if !ok {
			missing = noValue(reference)
			return reference
		}
		if reference == text && quote == nil {
			whole, isWhole = value, true
		}
		if quote != nil {
			return quote(jsonvalue.Text(value))
		}
		return jsonvalue.Text(value)
	})
	if missing != nil {
		return nil, missing
	}
	if isWhole {
		return whole, nil
	}
	return filled, nil
}

// Text fills a text and gives it as text.
func (v Variables) Text(text string) (string, error) {
	filled, err := v.fillText(text, nil)
	if err != nil {
		return "", err
	}
	return jsonvalue.Text(filled), nil
}

// References are the names that a text refers to.
func References(text string) []string {
	var names []string
	for _, reference := range variable().FindAllString(text, -1) {
		if !strings.HasPrefix(reference, "$$") {
			names = append(names, reference[2:len(reference)-1])
		}
	}
	return names
}

// Names are the roots that a scenario can refer to before its first step.
func (s *Scenario) Names() []string {
	known := []string{
		"run.id", "target.url", "target.origin", "target.version", "receiver.url", "project.id", "project.path",
		"project.visibility", "project.default_branch", "branch.main.id", "branch.main.name",
	}
	for _, b := range s.Given.Branches {
		known = append(known, "branch."+b.Key+".name")
		if b.Protected || b.Wildcard || b.Group {
			known = append(known, "branch."+b.Key+".id")
		}
	}
	for _, c := range s.Given.Checks {
		for _, attribute := range []string{"id", "name", "external_url", "secret"} {
			known = append(known, "check."+c.Key+"."+attribute)
		}
	}
	if s.Given.MergeRequest != nil {
		for _, attribute := range []string{"iid", "id", "sha", "previous_sha", "source_branch", "target_branch"} {
			known = append(known, "mr."+attribute)
		}
	}
	if mr := s.Given.MergeRequest; mr != nil && mr.Fork {
		known = append(known, "fork.id", "fork.path")
	}
	for i := range s.Given.Tokens {
		known = append(known, "token."+s.Given.Tokens[i].Key)
	}
	if s.NeedsGroup() {
		known = append(known, "group.id", "group.path")
	}
	for _, r := range s.Given.Replies {
		known = append(known, "hook."+r.Key)
	}
	for _, m := range s.Given.Members {
		known = append(known, "member."+m.Key+".id", "member."+m.Key+".token")
		if m.Group {
			known = append(known, "member."+m.Key+".group_id")
		}
	}
	if s.Given.Other {
		known = append(known, "other.project.id", "other.check.id", "other.check.name", "other.check.external_url",
			"other.branch.id", "other.mr.iid", "other.mr.sha")
	}
	for _, role := range s.Roles() {
		if role != Anonymous {
			known = append(known, "user."+string(role)+".id")
		}
	}
	slices.Sort(known)
	return known
}
