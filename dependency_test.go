package statuschecks_test

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"gotest.tools/v3/assert"
)

// mayUse lists, for each package of the product, the packages of the module that it may import. An import that is
// missing here is a new dependency: it wants a reason, not a line.
var mayUse = map[string][]string{
	"release":                     {},
	"internal/strictyaml":         {},
	"internal/orderedjson":        {},
	"internal/docstest":           {},
	"internal/logtest":            {},
	"internal/lazy":               {}, // all may import it
	"internal/tooltest":           {},
	"internal/testheap":           {},
	"openapi":                     {"release", "openapi/internal", "internal/strictyaml", "internal/orderedjson"},
	"openapi/crosscheck":          {"openapi"},
	"openapi/openapitest":         {"openapi", "openapi/crosscheck", "release", "internal/orderedjson"},
	"openapi/internal/generate":   {"openapi", "openapi/internal/index"},
	"openapi/internal/index":      {"release"},
	"mockserver/internal/gitlab":  {"release"},
	"mockserver/internal/graphql": {"release", "internal/orderedjson"},
	"mockserver/control":          {},
	"mockserver/mocktest":         {"mockserver", "mockserver/expectation"},
	"mockserver/seed":             {"mockserver/internal/gitlab", "internal/strictyaml"},
	"mockserver/fault":            {},
	"mockserver/journal":          {"mockserver/control"},
	"mockserver/ratelimit":        {},
	"mockserver/postgres":         {"mockserver"},
	"mockserver/seed/collect":     {"internal/strictyaml", "mockserver/seed", "openapi"},
	"mockserver/proxy": {
		"mockserver", "mockserver/coverage", "mockserver/journal", "openapi", "release", "internal/strictyaml",
		"internal/orderedjson",
	},
	"mockserver/coverage":    {},
	"mockserver/pages":       {"internal/orderedjson", "mockserver/control", "mockserver/journal"},
	"mockserver/expectation": {"mockserver/fault", "mockserver/journal"},
	"mockserver": {
		"mockserver/control", "mockserver/coverage", "mockserver/expectation", "mockserver/fault",
		"mockserver/internal/gitlab", "mockserver/internal/graphql", "mockserver/journal",
		"mockserver/pages", "mockserver/ratelimit", "mockserver/seed", "openapi", "release", "internal/strictyaml",
		"internal/orderedjson",
	},
	"scenarios": {},
	"profiles":  {},
	"judge":     {},
	"conformance": {
		"openapi", "openapi/crosscheck", "release", "scenarios", "internal/strictyaml", "internal/orderedjson",
		"conformance/scenario", "conformance/internal",
	},
	"conformance/scenario":           {"openapi", "release", "internal/strictyaml", "conformance/internal"},
	"conformance/internal/jsonvalue": {"internal/orderedjson"},
	"conformance/internal/jq":        {"internal/strictyaml", "conformance/internal/jsonvalue"},
	"conformance/internal/reader":    {"internal/strictyaml"},
	"conformance/internal/contract":  {"openapi"},
	"cmd/statuschecks": {
		"openapi", "release", "mockserver", "conformance", "scenarios", "profiles", "judge",
		"internal/strictyaml",
	},
	"dist":                       {},
	"packages/generate":          {"openapi"},
	"examples/service-go":        {},
	"bench":                      {"openapi", "release", "mockserver", "conformance", "bench/internal/bare"},
	"bench/internal/bare":        {},
	"bench/internal/bare/server": {"bench/internal/bare"},
	"clients/matrix":             {"mockserver"},
	"proof": {
		"openapi", "openapi/openapitest", "release", "mockserver", "conformance",
		"scenarios", "internal/orderedjson",
	},
}

// mayNotTouch lists, for each package, the packages of the standard library that it must not import itself. Others link
// some of them anyway: fmt, for one, links os.
var mayNotTouch = map[string][]string{
	"release":                    {"os", "syscall"},
	"mockserver/internal/gitlab": {"os", "syscall", "log", "log/slog"},
	"openapi":                    {"os", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand"},
	"mockserver":                 {"math/rand", "math/rand/v2", "crypto/rand"},
	"mockserver/seed":            {"os", "net/http", "math/rand", "math/rand/v2", "crypto/rand"},
	"conformance":                {"math/rand", "math/rand/v2", "crypto/rand", "github.com/getkin/kin-openapi"},
}

// mayNotLink lists, for each package, what it must not be linked with, by however many steps. "*" is everything outside
// the standard library and this module.
var mayNotLink = map[string][]string{
	"release": {"*", "net", "os/exec", "log", "math/rand", "math/rand/v2", "crypto/rand"},
	"mockserver/internal/gitlab": { // the library that compares texts links log
		"net", "os/exec", "math/rand", "math/rand/v2", "crypto/rand",
		"github.com/getkin/kin-openapi", "github.com/goccy/go-yaml",
	},
	"openapi":              {"os/exec", "log/slog", "github.com/pb33f"},
	"conformance":          {"os/exec", "testing", "github.com/google/go-cmp"},
	"scenarios":            {"*", "net"},
	"profiles":             {"*", "net"},
	"judge":                {"*", "net"},
	"mockserver":           {"os/exec", "github.com/pb33f", "testing", "net/http/httptest"},
	"cmd/statuschecks":     {"testing", "gotest.tools/v3"},
	"conformance/scenario": {"os/exec", "testing", "net/http/httptest", "github.com/pb33f", "github.com/google/go-cmp"},
}

func TestDependencies_pointOneWay(t *testing.T) {
	t.Parallel()
	for _, s := range product(t) {
		allowed, known := mayUse[s.folder]
		if !known {
			t.Errorf("%s: the package %s is not in mayUse; say there what it may import", s.file, s.folder)
			continue
		}
		ours, _ := s.imports()
		for _, p := range ours {
			if p != "internal/lazy" && !slices.ContainsFunc(allowed, func(a string) bool {
				return under(p, a) &&
					(a != "openapi" || p == "openapi")
			}) {
				t.Errorf("%s imports %s; %s may import %s", s.file, p, s.folder, orNothing(allowed))
			}
		}
	}
}

func TestDependencies_keepTheOutsideOut(t *testing.T) {
	t.Parallel()
	for _, s := range product(t) {
		_, others := s.imports()
		for _, p := range others {
			if slices.ContainsFunc(mayNotTouch[s.folder], func(f string) bool {
				return p == f ||
					strings.Contains(f, ".") && under(p, f)
			}) {
				t.Errorf("%s imports %s, which %s has no business with", s.file, p, s.folder)
			}
		}
	}
}

// TestDependencies_lookUpNoMethods keeps the templates of the standard library out of the program. They look methods up
// by name, so that the linker would keep the exported methods of all types: some 7 MB.
func TestDependencies_lookUpNoMethods(t *testing.T) {
	t.Parallel()
	for _, s := range product(t) {
		if s.folder == "packages/generate" { // is not in the program
			continue
		}
		_, others := s.imports()
		for _, p := range []string{"text/template", "html/template"} {
			if slices.Contains(others, p) {
				t.Errorf("%s imports %s; write the template as a .templ file", s.file, p)
			}
		}
	}
}

// TestDependencies_keepTheOutsideOutOfWhatIsLinked looks at all that a package is linked with, not only at what it
// imports itself.
func TestDependencies_keepTheOutsideOutOfWhatIsLinked(t *testing.T) {
	t.Parallel()
	for folder, forbidden := range mayNotLink {
		for p := range strings.FieldsSeq(linkedWith(t, folder)) {
			if slices.ContainsFunc(forbidden, func(f string) bool {
				return p == f || isOutside(p) &&
					(f == "*" || under(p, f))
			}) {
				t.Errorf("%s is linked with %s; go list -deps -json shows by which import", folder, p)
			}
		}
	}
}

func linkedWith(t *testing.T, folder string) string {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", "./"+folder)
	list.Env = append(os.Environ(), "GOFLAGS=", "GOOS=linux")
	out, err := list.Output()
	assert.NilError(t, err)
	assert.Assert(t, strings.Contains(string(out), module+"/"+folder+"\n"))
	return string(out)
}

// isOutside tells a package of another module: unlike those of the standard library, its path begins with the name of a
// host.
func isOutside(p string) bool {
	host, _, _ := strings.Cut(p, "/")
	return strings.Contains(host, ".") && !under(p, module)
}

func orNothing(list []string) string {
	if len(list) == 0 {
		return "nothing of this module"
	}
	return strings.Join(list, ", ")
}
