package conformance

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/openapi"
)

// ofList are the headers that say how much a list holds, which in a shared project depends on others.
var ofList = []string{"Link", "X-Next-Page", "X-Total", "X-Total-Pages"}

// look keeps the answer to the step at hand. The operations around status checks only serve them: their status counts
// and no more.
func (x *execution) look(op *openapi.Operation, step *scenario.Step, a *answer) {
	if !x.suite.options.compare {
		return
	}
	v := view{step: x.at + 1, what: describeCall(step), status: a.status}
	if aboutStatusChecks(op) {
		n := x.normaliser()
		shared := x.scenario.Isolation != scenario.OwnProject
		list, isList := a.body.([]any)
		v.header = n.headers(a.header, shared)
		switch {
		case shared && isList && isShort(a.header):
			// What others made decides what is on the page.
		case shared && isList:
			v.body = shapeOf(n, x.ownItems(list))
		case a.isJSON:
			v.body = shapeOf(n, a.body)
		default:
			v.body = n.text(shownBody(a.raw))
		}
	}
	x.keepView(v)
}

// isShort says of a list whether it is asked for in pages that may be too short for it.
func isShort(header http.Header) bool {
	size := header.Get("X-Per-Page")
	return size != "" && size != "100" || header.Get("X-Page") > "1"
}

// lookAt keeps a delivery, of which the keys and the few values that are GitLab's own words count.
func (x *execution) lookAt(want *scenario.Receive, d *delivery) {
	if x.suite.options.compare {
		x.keepView(view{step: x.at + 1, what: "delivery to " + want.Address(), body: keysOf(d.body, true)})
	}
}

// keepView keeps the last view of each step: what was awaited counts as it was in the end.
func (x *execution) keepView(v view) {
	if last := len(x.views) - 1; last >= 0 && x.views[last].step == v.step {
		x.views[last] = v
		return
	}
	x.views = append(x.views, v)
}

// ownItems leaves out of a shared project's list what other scenarios made.
func (x *execution) ownItems(list []any) []any {
	own := []any{}
	for _, item := range list {
		id, _ := jsonvalue.Dig(item, []string{"id"})
		if slices.ContainsFunc(x.things, func(m ledgerEntry) bool {
			return m.Kind == "external_status_check" &&
				m.ID == jsonvalue.Text(id)
		}) {
			own = append(own, item)
		}
	}
	return own
}

// normaliser replaces what belongs to one run on one target.
type normaliser struct{ own *strings.Replacer }

func (x *execution) normaliser() *normaliser {
	pairs := []string{
		x.suite.target.root, "$TARGET", x.suite.receiverURL(), "$RECEIVER", x.project.path, "$PROJECT",
		x.suite.options.RunID, "$RUN",
	}
	if x.project.prefix != "" {
		pairs = append([]string{x.project.prefix, ""}, pairs...)
	}
	return &normaliser{own: strings.NewReplacer(pairs...)}
}

func (n *normaliser) headers(header http.Header, shared bool) map[string]string {
	kept := headersOf(header, func(_, text string) string { return n.plain(text) })
	if shared {
		for _, name := range ofList {
			delete(kept, name)
		}
	}
	return kept
}

// people are the keys of users, about whom two targets say different things, and of merge requests.
var people = []string{
	"author", "user", "assignee", "assignees", "reviewers", "merged_by", "merge_user", "closed_by",
	"merge_request",
}

// whole shows people and merge requests by their keys.
func (n *normaliser) whole(key string, o *jsonvalue.Object) (any, bool) {
	if !slices.Contains(people, key) {
		return nil, false
	}
	return keysOf(o, false), true
}

// id shows an id by its kind alone.
func (n *normaliser) id(string, *jsonvalue.Object, int64) any { return "$ID" }

var (
	anyDate = lazy.Regexp(`\b\d{4}-\d\d-\d\d\b`)
	anyRoot = lazy.Regexp(
		`(?:https?://|\b)[\w-]+(?:[.:][\w-]+)+(?:/[^\s<>"]*?)??(/api/v4\b|/help\b|/\$PROJECT\b)`)
	isURLish = lazy.Regexp(`^<?(/|[a-z]+://|\$TARGET)`)
)

func (n *normaliser) text(text string) any { return n.plain(text) }

func (n *normaliser) plain(text string) string {
	// links begin with the address in the target's settings
	text = anyRoot().ReplaceAllString(n.own.Replace(text), "$$TARGET$1")
	for _, one := range []struct {
		pattern *regexp.Regexp
		name    string
	}{{anySHA(), "$$SHA"}, {anyTime(), "$$TIME"}, {anyDate(), "$$DATE"}} {
		text = one.pattern.ReplaceAllString(text, one.name)
	}
	if isURLish().MatchString(text) {
		text = queryID().ReplaceAllString(pathID().ReplaceAllString(text, "/$$ID"), "$1=$$ID")
	}
	return text
}

// keysOf shows the keys of an object in their order. With words, texts that GitLab chose stand beside their keys.
func keysOf(value any, words bool) any {
	switch value := value.(type) {
	case *jsonvalue.Object:
		lines := make([]any, 0, len(value.Keys))
		for _, key := range value.Keys {
			switch below := keysOf(value.Members[key], words).(type) {
			case []any:
				lines = append(lines, map[string]any{key: below})
			case nil:
				lines = append(lines, key+wordOf(key, value.Members[key], words))
			}
		}
		return lines
	case []any:
		if len(value) > 0 {
			return keysOf(value[0], words)
		}
	}
	return nil
}

// chosen are the keys under which GitLab's own words stand in a payload.
var chosen = []string{"object_kind", "event_type", "action", "state"}

func wordOf(key string, value any, words bool) string {
	text, isText := value.(string)
	if words && isText && slices.Contains(chosen, key) {
		return ": " + text
	}
	return ""
}

func (v view) place() string { return "step " + strconv.Itoa(v.step) + ", " + v.what }
