package conformance

import (
	"fmt"
	"maps"
	"mime"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/openapi"
)

// The names under which steps capture what they make, each with a number behind it.
const (
	madeName      = "made"      // a check
	openedName    = "opened"    // a merge request
	commitName    = "commit"    // a commit
	protectedName = "protected" // the protection of a branch
)

// wholeBody captures the body of an answer.
var wholeBody = sync.OnceValue(func() *scenario.Capture { return scenario.MustCapture(".body") })

// capturing captures the body of an answer under a name.
func capturing(name string) map[string]*scenario.Capture {
	return map[string]*scenario.Capture{name: wholeBody()}
}

// formOf gives an answer in the form in which it is compared, which is that of a scenario's expectation: references
// stand for ids, and matchers for what is never the same.
func (x *execution) formOf(op *openapi.Operation, a *answer) view {
	v := view{what: op.ID, status: a.status}
	f := newNaming(x.vars)
	if !aboutStatusChecks(op) {
		if op.ID == "getMergeRequest" && a.status == 200 {
			v.body = f.mergeRequest(a)
		}
		return v
	}
	v.header = headersOf(a.header, f.header)
	switch {
	case len(a.raw) == 0:
	case a.isJSON:
		v.body = shapeOf(f, a.body)
	default:
		v.body = shownBody(a.raw)
	}
	return v
}

// naming finds the references that stand for the ids and shas of one side.
type naming struct {
	ids  map[string]map[int64]string // by kind of thing
	shas map[string]string
}

// named are the names that stand for things, by kind; the number of what a step made stands behind its name.
var named = []struct {
	kind    string
	pattern *regexp.Regexp
	member  string // of what was captured
}{
	{"check", regexp.MustCompile(`^(check\.\w+|other\.check)\.id$`), ""},
	{"check", regexp.MustCompile(`^` + madeName + `\d+$`), ".id"},
	{"branch", regexp.MustCompile(`^(branch\.\w+|other\.branch)\.id$`), ""},
	{"branch", regexp.MustCompile(`^` + protectedName + `\d+$`), ".id"},
	{"project", regexp.MustCompile(`^project\.id$`), ""},
	{"request", regexp.MustCompile(`^mr\.iid$`), ""},
	{"request", regexp.MustCompile(`^` + openedName + `\d+$`), ".iid"},
}

func newNaming(vars scenario.Variables) *naming {
	n := &naming{ids: map[string]map[int64]string{}, shas: map[string]string{}}
	names := slices.Sorted(maps.Keys(vars))
	for _, one := range named {
		if n.ids[one.kind] == nil {
			n.ids[one.kind] = map[int64]string{}
		}
		for _, name := range names {
			if !one.pattern.MatchString(name) {
				continue
			}
			value, _ := vars.Get(name + one.member)
			if id, is := value.(int64); is && n.ids[one.kind][id] == "" {
				n.ids[one.kind][id] = name + one.member
			}
		}
	}
	for _, name := range append([]string{"mr.sha", "mr.previous_sha"}, names...) {
		if strings.HasPrefix(name, commitName) {
			name += ".id"
		}
		value, _ := vars.Get(name)
		if sha, is := value.(string); is && wholeSHA().MatchString(sha) && n.shas[sha] == "" {
			n.shas[sha] = name
		}
	}
	return n
}

var wholeSHA = lazy.Regexp(`^[0-9a-f]{40}$`)

// kindOf tells what an id in an object is that of; empty when it is of nothing that has a name.
func kindOf(key string, in *jsonvalue.Object) string {
	has := func(name string) bool { _, is := in.Members[name]; return is }
	switch {
	case key == "project_id":
		return "project"
	case key == "id" && has("external_url"):
		return "check"
	case key == "id" && has("push_access_levels"):
		return "branch"
	}
	return ""
}

// whole compares a merge request inside of an answer in its own way.
func (n *naming) whole(key string, o *jsonvalue.Object) (any, bool) {
	if key != "merge_request" {
		return nil, false
	}
	return n.mergeRequestIn(o), true
}

// id gives an id as a reference to what it is the id of, if that has a name.
func (n *naming) id(key string, in *jsonvalue.Object, id int64) any {
	if name := n.ids[kindOf(key, in)][id]; name != "" {
		return "${" + name + "}"
	}
	return map[string]any{"$type": "integer"}
}

// header gives the text of a header in the form in which it is compared.
func (n *naming) header(name, text string) string {
	switch name {
	case "Content-Type":
		if media, _, err := mime.ParseMediaType(text); err == nil {
			return media
		}
	case "Link":
		return n.link(text)
	case "Location":
		return n.link("<" + text + ">")
	}
	return text
}

// text gives a text with references in place of shas. One with something that nobody has named becomes a pattern.
func (n *naming) text(text string) any {
	unknown := false
	named := anySHA().ReplaceAllStringFunc(escapeReferences(text), func(sha string) string {
		if name := n.shas[sha]; name != "" {
			return "${" + name + "}"
		}
		unknown = true
		return sha
	})
	if !unknown && !anyTime().MatchString(text) {
		return named
	}
	pattern := regexp.QuoteMeta(anyTime().ReplaceAllString(anySHA().ReplaceAllString(text, "<sha>"), "<time>"))
	return map[string]any{"$match": "^" + strings.NewReplacer("<sha>", "[0-9a-f]{40}", "<time>", `\d{4}-\d\d-\d\d.*`).
		Replace(pattern) + "$"}
}

// escapeReferences keeps what looks like a reference from being one.
func escapeReferences(text string) string { return strings.ReplaceAll(text, "${", "$${") }

// mergeRequestIn compares of a merge request inside of an answer which one it is, its state and its head.
func (n *naming) mergeRequestIn(o *jsonvalue.Object) any {
	conditions := make([]string, 0, 3)
	for _, key := range []string{"iid", "state", "sha"} {
		switch value := o.Members[key].(type) {
		case int64:
			if name := n.ids["request"][value]; name != "" {
				conditions = append(conditions, fmt.Sprintf(".%s == $variables.%s", key, name))
			}
		case string:
			if name := n.shas[value]; name != "" {
				conditions = append(conditions, fmt.Sprintf(".%s == $variables.%s", key, name))
			} else if key == "state" {
				conditions = append(conditions, fmt.Sprintf(".%s == %s", key, jsonvalue.Quoted(value)))
			}
		}
	}
	if len(conditions) == 0 {
		return map[string]any{"$type": "object"}
	}
	return map[string]any{"$jq": strings.Join(conditions, " and ")}
}

// gated is the word by which a merge request says that its status checks keep it from being merged.
const gated = "status_checks_must_pass"

// mergeRequest compares of a merge request its state, its head, and whether status checks keep it from being merged.
func (n *naming) mergeRequest(a *answer) any {
	form := map[string]any{"state": n.text(a.text("state")), "sha": n.text(a.text("sha"))}
	if word := a.text("detailed_merge_status"); word == gated {
		form["detailed_merge_status"] = gated
	} else if word != "" {
		form["detailed_merge_status"] = map[string]any{"$not": gated}
	}
	return form
}

var (
	linkRoot   = lazy.Regexp(`https?://[^\s<>"]*?/api/v4/`)
	linkTarget = lazy.Regexp(`<[^>]*>`)
)

// link gives a Link header as a regular expression that fits it wherever the API is and whatever ids it has.
func (n *naming) link(text string) string {
	const root = "~~api~~"
	text = regexp.QuoteMeta(linkRoot().ReplaceAllString(text, root))
	text = linkTarget().ReplaceAllStringFunc(text, func(target string) string {
		seen := 0
		target = pathID().ReplaceAllStringFunc(target, func(segment string) string {
			seen++
			return "/" + n.linked([]string{"project", "request", ""}[min(seen, 3)-1], segment[1:])
		})
		return queryID().ReplaceAllStringFunc(target, func(pair string) string {
			key, id, _ := strings.Cut(pair, "=")
			return key + "=" + n.linked(map[string]string{"id": "project", "merge_request_iid": "request"}[key], id)
		})
	})
	return "^" + strings.ReplaceAll(text, root, `https?://[^<>]*/api/v4/`) + "$"
}

// linked is an id in a link as a pattern.
func (n *naming) linked(kind, digits string) string {
	if id, err := strconv.ParseInt(digits, 10, 64); err == nil && n.ids[kind][id] != "" {
		return "${" + n.ids[kind][id] + "}"
	}
	return `\d+`
}
