package conformance

import (
	"net/http"
	"strings"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/internal/lazy"
)

// view is an answer, or a delivery, with everything replaced that differs from run to run, so that two targets can be
// compared.
type view struct {
	step   int // counted from 1
	what   string
	status int // 0 for a delivery
	header map[string]string
	body   any
}

// headersOf are the headers of an answer by which two targets are compared, each as show gives it.
func headersOf(header http.Header, show func(name, text string) string) map[string]string {
	kept := map[string]string{}
	for _, name := range comparedHeaders {
		if values := header.Values(name); len(values) > 0 {
			kept[name] = show(name, strings.Join(values, ", "))
		}
	}
	return kept
}

// shaper says what takes the place of values that differ from target to target. Two servers that run the same scenarios
// are compared by words for them; two servers that are explored, by references and matchers.
type shaper interface {
	// whole shows an object, if all of it is shown in another way.
	whole(key string, o *jsonvalue.Object) (shown any, is bool)
	id(key string, in *jsonvalue.Object, id int64) any
	text(text string) any
}

// shapeOf is a JSON value in the shape in which it is compared.
func shapeOf(s shaper, value any) any { return shapeUnder(s, "", value) }

func shapeUnder(s shaper, key string, value any) any {
	switch value := value.(type) {
	case *jsonvalue.Object:
		if shown, is := s.whole(key, value); is {
			return shown
		}
		members := map[string]any{}
		for _, name := range value.Keys {
			member := value.Members[name]
			if id, is := member.(int64); is && isIDKey(name) {
				members[name] = s.id(name, value, id)
				continue
			}
			members[name] = shapeUnder(s, name, member)
		}
		return members
	case []any:
		return jsonvalue.Each(value, func(item any) any { return shapeUnder(s, key, item) })
	case string:
		return s.text(value)
	}
	return value
}

func isIDKey(key string) bool {
	return key == "id" || key == "iid" || strings.HasSuffix(key, "_id") || strings.HasSuffix(key, "_iid")
}

var (
	anySHA  = lazy.Regexp(`\b[0-9a-f]{40}\b`)
	anyTime = lazy.Regexp(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( ?(Z|UTC|[+-]\d\d:?\d\d))?`)
	pathID  = lazy.Regexp(`/\d+\b`)
	queryID = lazy.Regexp(`\b((?:\w+_)?i?id)=(\d+)`)
)

// comparedHeaders are those by which answers of two targets are compared; the others tell of the deployment.
var comparedHeaders = []string{
	"Allow", "Cache-Control", "Content-Type", "Link", "Location", "Poll-Interval",
	"X-Next-Page", "X-Page", "X-Per-Page", "X-Prev-Page", "X-Total", "X-Total-Pages",
}
