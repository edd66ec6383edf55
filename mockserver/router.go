package mockserver

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/openapi"
)

// router finds the operation for a method and a path. It is built from the contract; its code contains no paths.
type router struct {
	mux     *http.ServeMux
	methods map[string][]string // declared methods by template
	tails   map[string]bool     // templates whose last segment may have dots
}

// route is the handler that the mux stores. It carries its operation.
type route struct{ op *openapi.Operation }

func (route) ServeHTTP(http.ResponseWriter, *http.Request) {}

// match is the result of a look-up: the operation, or only its template.
type match struct {
	op       *openapi.Operation
	template string
	path     map[string]string // the values in the path, decoded once
}

func newRouter(d *openapi.Document) *router {
	r := &router{mux: http.NewServeMux(), methods: map[string][]string{}, tails: map[string]bool{}}
	for _, op := range d.Operations() {
		if op.Root() != d.Root() {
			continue // GraphQL, which is no part of the REST API
		}
		r.mux.Handle(op.Method+" "+op.Path, route{op})
		r.methods[op.Path] = append(r.methods[op.Path], op.Method)
		last := op.Path[strings.LastIndexByte(op.Path, '/')+1:]
		r.tails[op.Path] = takesDots(last)
	}
	return r
}

// takesDots says whether a segment of a template takes dots: names and paths do, numbers do not, and words with a dot
// have theirs.
func takesDots(segment string) bool {
	if strings.Contains(segment, ".") {
		return true
	}
	name, variable := strings.CutPrefix(segment, "{")
	name = strings.TrimSuffix(name, "}")
	return variable && (name == "id" || !strings.HasSuffix(name, "id"))
}

// find looks up an operation by method and escaped path, below the root of the API. If a suffix such as .json cannot be
// part of a value, it is removed from the last segment. A trailing slash is ignored. An empty segment, or one of dots,
// matches nothing.
func (r *router) find(method, path string) (match, bool) {
	path = strings.TrimSuffix(path, "/")
	if !clean(path) {
		return match{}, false
	}
	if m, ok := r.lookup(method, path); ok && (r.tails[m.template] || !dotted(path)) {
		return m, true
	}
	if i := strings.LastIndexByte(path, '.'); dotted(path) {
		if m, ok := r.lookup(method, path[:i]); ok && !dotted(path[:i]) && !r.tails[m.template] {
			return m, true
		}
	}
	return match{}, false
}

func clean(path string) bool {
	if !strings.HasPrefix(path, "/") {
		return false
	}
	for segment := range strings.SplitSeq(path[1:], "/") {
		if segment == "" || segment == "." || segment == ".." {
			return false
		}
	}
	return true
}

// dotted reports whether the last segment has a dot.
func dotted(path string) bool {
	return strings.LastIndexByte(path, '.') > strings.LastIndexByte(path, '/')
}

func (r *router) lookup(method, path string) (match, bool) {
	u, err := url.Parse(path)
	if err != nil {
		return match{}, false
	}
	request := &http.Request{Method: method, URL: u, Host: "gitlab"}
	h, pattern := r.mux.Handler(request)
	found, ok := h.(route)
	if !ok || pattern == "" {
		return match{}, false
	}
	values, ok := found.op.PathValues(u.EscapedPath())
	return match{op: found.op, template: found.op.Path, path: values}, ok
}

// allowed lists the methods of a path in the form of the header Allow. The list is empty if no operation has the path.
func (r *router) allowed(path string) (match, []string) {
	var found match
	for _, method := range []string{
		http.MethodGet, http.MethodPut, http.MethodPost, http.MethodDelete,
		http.MethodPatch,
	} {
		if m, ok := r.find(method, path); ok {
			found = m
			break
		}
	}
	if found.op == nil {
		return found, nil
	}
	methods := []string{http.MethodOptions}
	for _, method := range []string{
		http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodGet,
		http.MethodDelete,
	} {
		if slices.Contains(r.methods[found.template], method) {
			methods = append(methods, method)
		}
	}
	if slices.Contains(methods, http.MethodGet) {
		methods = append(methods, http.MethodHead)
	}
	return found, methods
}
