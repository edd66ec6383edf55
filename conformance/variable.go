package conformance

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// variable is a reference such as ${project.id}. A doubled dollar sign before the brace keeps the text as it is.
var variable = regexp.MustCompile(`\$?\$\{[^{}]*\}`)

// variables are the values that a scenario's texts can refer to, by dotted name. A name that goes deeper than a value
// reaches into it: ${created.protected_branches.0.id}.
type variables map[string]any

// get looks a dotted name up.
func (v variables) get(name string) (any, bool) {
	if text, is := byteNamed(name); is {
		return text, true
	}
	parts := strings.Split(name, ".")
	for n := len(parts); n > 0; n-- {
		if value, ok := v[strings.Join(parts[:n], ".")]; ok {
			return dig(value, parts[n:])
		}
	}
	return nil, false
}

// dig goes down into objects by key and into lists by position.
func dig(value any, path []string) (any, bool) {
	for _, part := range path {
		switch container := value.(type) {
		case *object:
			member, ok := container.members[part]
			if !ok {
				return nil, false
			}
			value = member
		case map[string]any:
			member, ok := container[part]
			if !ok {
				return nil, false
			}
			value = member
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(container) {
				return nil, false
			}
			value = container[i]
		default:
			return nil, false
		}
	}
	return value, true
}

// fill copies a value with its references replaced. A text that is wholly one reference takes the value with its type.
func (v variables) fill(value any) (any, error) {
	switch value := value.(type) {
	case string:
		return v.fillText(value, nil)
	case []any:
		filled := make([]any, len(value))
		for i, item := range value {
			var err error
			if filled[i], err = v.fill(item); err != nil {
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
				filled[key], err = v.fillPattern(member)
			case "$expr":
				filled[key] = member // expressions name variables themselves
			default:
				filled[key], err = v.fill(member)
			}
			if err != nil {
				return nil, err
			}
		}
		return filled, nil
	}
	return value, nil
}

// fillPattern fills a regular expression: what is put in matches itself.
func (v variables) fillPattern(value any) (any, error) {
	text, isText := value.(string)
	if !isText {
		return value, nil
	}
	filled, err := v.fillText(text, regexp.QuoteMeta)
	if err != nil {
		return nil, err
	}
	return asText(filled), nil
}

func (v variables) fillText(text string, quote func(string) string) (any, error) {
	var whole any
	var isWhole bool
	var missing error
	filled := variable.ReplaceAllStringFunc(text, func(reference string) string {
		if strings.HasPrefix(reference, "$$") {
			return reference[1:]
		}
		value, ok := v.get(reference[2 : len(reference)-1])
		if !ok {
			missing = fmt.Errorf("%s has no value here", reference)
			return reference
		}
		if reference == text && quote == nil {
			whole, isWhole = value, true
		}
		if quote != nil {
			return quote(asText(value))
		}
		return asText(value)
	})
	if missing != nil {
		return nil, missing
	}
	if isWhole {
		return whole, nil
	}
	return filled, nil
}

// text fills a text and gives it as text.
func (v variables) text(text string) (string, error) {
	filled, err := v.fillText(text, nil)
	if err != nil {
		return "", err
	}
	return asText(filled), nil
}

// references are the names that a text refers to.
func references(text string) []string {
	var names []string
	for _, reference := range variable.FindAllString(text, -1) {
		if !strings.HasPrefix(reference, "$$") {
			names = append(names, reference[2:len(reference)-1])
		}
	}
	return names
}

// asText is a value as it stands inside a longer text.
func asText(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return value
	case int64:
		return strconv.FormatInt(value, 10)
	case int:
		return strconv.Itoa(value)
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(value)
	}
	text, err := json.Marshal(plain(value))
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}

// names are the roots that a scenario can refer to before its first step.
func (s *Scenario) names() []string {
	known := []string{
		"run.id", "target.url", "target.version", "receiver.url", "project.id", "project.path", "project.visibility",
		"project.default_branch", "branch.main.id", "branch.main.name",
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
	for i := range s.Given.Tokens {
		known = append(known, "token."+s.Given.Tokens[i].Key)
	}
	if s.needsGroup() {
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
	for _, role := range s.roles() {
		if role != Anonymous {
			known = append(known, "user."+string(role)+".id")
		}
	}
	slices.Sort(known)
	return known
}
