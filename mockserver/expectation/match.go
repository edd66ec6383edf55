package expectation

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/fault"
	"github.com/statuschecks/statuschecks/mockserver/journal"
)

// String says which calls are meant.
func (k Calls) String() string {
	var parts []string
	switch {
	case k.Operation != "":
		parts = append(parts, k.Operation)
	case k.Path != "" || k.Method != "":
		parts = append(parts, strings.TrimSpace(k.Method+" "+k.Path))
	default:
		parts = append(parts, "the API")
	}
	if k.User != "" {
		parts = append(parts, "by "+k.User)
	}
	if k.Status != "" {
		parts = append(parts, "with the status "+k.Status)
	}
	if k.Worked != nil {
		parts = append(parts, map[bool]string{true: "that did its work", false: "that did no work"}[*k.Worked])
	}
	for _, name := range slices.Sorted(maps.Keys(k.With)) {
		parts = append(parts, "with "+name+" "+textOf(k.With[name]))
	}
	return strings.Join(parts, " ")
}

// differ lists in what a call differs from those that are meant.
func (k Calls) differ(e *journal.Entry) []string {
	var list []string
	add := func(what, is, should string) {
		if is != should {
			list = append(list, fmt.Sprintf("%s is %s, not %s", what, orNone(is), should))
		}
	}
	if k.Operation != "" {
		add("the operation", e.Operation, k.Operation)
	}
	if k.Method != "" {
		add("the method", strings.ToUpper(e.Method), strings.ToUpper(k.Method))
	}
	if below := belowAPI(e.Path); k.Path != "" && !fault.PathMatches(k.Path, below) {
		add("the path", below, k.Path)
	}
	if k.User != "" {
		add("the user", e.User, k.User)
	}
	if k.Status != "" && !journal.StatusFits(k.Status, e.Status) {
		add("the status", strconv.Itoa(e.Status), k.Status)
	}
	if k.Worked != nil && *k.Worked != e.Worked {
		list = append(list, map[bool]string{true: "it did its work", false: "it did no work"}[e.Worked])
	}
	for _, name := range slices.Sorted(maps.Keys(k.With)) {
		value, given := e.Body[name]
		if !given {
			value, given = e.Query[name]
		}
		switch {
		case !given:
			list = append(list, name+" is not given")
		case value == journal.Hidden:
			list = append(list, name+" is given, and the journal does not keep its value")
		default:
			add(name, textOf(value), textOf(k.With[name]))
		}
	}
	return list
}

// belowAPI is a path below the root of the API, which has two segments.
func belowAPI(path string) string {
	parts := strings.SplitN(path, "/", 4)
	return "/" + parts[len(parts)-1]
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

// textOf is a value of a parameter as text.
func textOf(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		var items []string
		for _, item := range v {
			items = append(items, textOf(item))
		}
		return "[" + strings.Join(items, " ") + "]"
	case map[string]any:
		var members []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			members = append(members, name+":"+textOf(v[name]))
		}
		return "{" + strings.Join(members, " ") + "}"
	case nil:
		return "null"
	}
	return fmt.Sprint(value)
}

// What is told of near misses at most: how many, and how much they may differ.
const (
	mostNear    = 3
	mostDiffers = 2
)

// nearMisses are the calls that differ least from those that are meant.
func nearMisses(k Calls, calls []*journal.Entry) []NearMiss {
	var list []NearMiss
	for _, e := range calls {
		if differ := k.differ(e); len(differ) > 0 && len(differ) <= mostDiffers {
			list = append(list, NearMiss{e.Number, fmt.Sprintf("%s %s (%d)", e.Method, e.Path, e.Status), differ})
		}
	}
	slices.SortStableFunc(list, func(a, b NearMiss) int { return cmp.Compare(len(a.Differ), len(b.Differ)) })
	return list[:min(len(list), mostNear)]
}

// hurried says which call came before the Retry-After of one before it was over; nothing if none did.
func hurried(matching, calls []*journal.Entry) string {
	for _, told := range matching {
		wait, is := retryAfter(told)
		if !is {
			continue
		}
		i := slices.IndexFunc(calls, func(e *journal.Entry) bool { return e.Number > told.Number && again(told, e) })
		if i < 0 {
			continue
		}
		next := calls[i]
		waited := max(next.At.Sub(told.At), realOf(next).Sub(realOf(told))) - told.Took.Duration
		if waited < wait {
			return fmt.Sprintf("call %d came %s after the response to call %d, which said Retry-After: %s", next.Number,
				max(0, waited), told.Number, told.ResponseHeaders["Retry-After"])
		}
	}
	return ""
}

// again reports whether a call repeats another one.
func again(first, second *journal.Entry) bool {
	return first.Method == second.Method && first.Path == second.Path && first.User == second.User &&
		first.Token == second.Token && first.Address == second.Address
}

func realOf(e *journal.Entry) time.Time {
	if e.Real.IsZero() {
		return e.At
	}
	return e.Real
}

// retryAfter is how long a response said that the caller must wait.
func retryAfter(e *journal.Entry) (time.Duration, bool) {
	text := e.ResponseHeaders["Retry-After"]
	if seconds, err := strconv.Atoi(text); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	at, err := http.ParseTime(text)
	return at.Sub(e.At.Add(e.Took.Duration)), err == nil
}
