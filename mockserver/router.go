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
	roots   map[string]*segment // by method
	methods map[string][]string // declared methods by template
}

// segment is where the paths of a method part: what comes next is one of the words, or else a value.
type segment struct {
	words map[string]*segment
	value *segment
	dots  bool   // whether this is a value that may have dots
	route *route // of the paths that end here; nil if none does
}

// route is an operation, with the names of the values in its path.
type route struct {
	op    *openapi.Operation
	names []string
	dots  bool // whether the last segment may have dots
}

// match is the result of a look-up: the operation, or only its template.
type match struct {
	op       *openapi.Operation
	template string
	path     map[string]string // the values in the path, decoded once
	dots     bool              // whether the last segment may have dots
}

func newRouter(d *openapi.Document) *router {
	r := &router{roots: map[string]*segment{}, methods: map[string][]string{}}
	for _, op := range d.Operations() {
		if op.Root() != d.Root() {
			continue // GraphQL, which is no part of the REST API
		}
		if r.roots[op.Method] == nil {
			r.roots[op.Method] = &segment{}
		}
		r.roots[op.Method].add(op)
		r.methods[op.Path] = append(r.methods[op.Path], op.Method)
	}
	return r
}

// add adds the path of an operation. Of two operations with a method and a path of the same form, the last one counts;
// the contract has none.
func (s *segment) add(op *openapi.Operation) {
	at := &route{op: op}
	for part := range strings.SplitSeq(op.Path[1:], "/") {
		at.dots = takesDots(part)
		if name, variable := strings.CutPrefix(part, "{"); variable {
			at.names = append(at.names, strings.TrimSuffix(name, "}"))
			if s.value == nil {
				s.value = &segment{}
			}
			s = s.value
			s.dots = s.dots || at.dots
			continue
		}
		if s.words == nil {
			s.words = map[string]*segment{}
		}
		if s.words[part] == nil {
			s.words[part] = &segment{}
		}
		s = s.words[part]
	}
	s.route = at
}

// find follows the segments of an escaped path. A word takes precedence over a value. The values of the path come
// behind those that were found before.
func (s *segment) find(path string, values []string) (*route, []string) {
	if path == "" {
		return s.route, values
	}
	part, rest, _ := strings.Cut(path, "/")
	text, err := url.PathUnescape(part)
	if err != nil {
		return nil, nil
	}
	if next := s.words[text]; next != nil {
		if found, all := next.find(rest, values); found != nil {
			return found, all
		}
	}
	if s.value == nil || rest != "" && !s.value.dots && strings.Contains(part, ".") {
		return nil, nil
	}
	return s.value.find(rest, append(values, text))
}

// takesDots says whether a segment of a template takes dots: names and paths do, numbers do not, and words with a dot
// have theirs. For the branch of a merge train, GitLab has no rule of its own, and Grape's own takes no dots.
//
// Source: ee/lib/api/merge_trains.rb; lib/mustermann/grape.rb of mustermann-grape.
func takesDots(segment string) bool {
	if strings.Contains(segment, ".") {
		return true
	}
	name, variable := strings.CutPrefix(segment, "{")
	name = strings.TrimSuffix(name, "}")
	return variable && (name == "id" || !strings.HasSuffix(name, "id") && name != "target_branch")
}

// find looks up an operation by method and escaped path, below the root of the API. If a suffix such as .json cannot be
// part of a value, it is removed from the last segment. A trailing slash is ignored. An empty segment, or one of dots,
// matches nothing.
func (r *router) find(method, path string) (match, bool) {
	path = strings.TrimSuffix(path, "/")
	if !clean(path) {
		return match{}, false
	}
	if m, ok := r.lookup(method, path); ok && (m.dots || !dotted(path)) {
		return m, true
	}
	if i := strings.LastIndexByte(path, '.'); dotted(path) {
		if m, ok := r.lookup(method, path[:i]); ok && !dotted(path[:i]) && !m.dots {
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

// lookup finds the operation of a path without empty segments.
func (r *router) lookup(method, path string) (match, bool) {
	root := r.roots[method]
	if root == nil {
		return match{}, false
	}
	const usual = 4 // values in a path
	found, values := root.find(path[1:], make([]string, 0, usual))
	if found == nil {
		return match{}, false
	}
	m := match{op: found.op, template: found.op.Path, path: make(map[string]string, len(values)), dots: found.dots}
	for i, name := range found.names {
		m.path[name] = values[i]
	}
	return m, true
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
