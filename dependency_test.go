package statuschecks_test

import (
	"slices"
	"strings"
	"testing"
)

// mayUse lists, for each package of the product, the packages of the module that it may import. An import that is missing here is a new
// dependency: it wants a reason, not a line.
var mayUse = map[string][]string{
	"openapi":                    {"openapi/internal"},
	"openapi/crosscheck":         {"openapi"},
	"openapi/openapitest":        {"openapi", "openapi/crosscheck"},
	"openapi/internal/generate":  {"openapi"},
	"mockserver/internal/gitlab": {"openapi"},
	"mockserver":                 {"mockserver/internal/gitlab", "openapi"},
	"scenarios":                  {},
	"profiles":                   {},
	"conformance":                {"openapi", "openapi/crosscheck", "scenarios"},
	"cmd/statuschecks":           {"openapi", "mockserver", "conformance", "scenarios", "profiles"},
	"bench":                      {"openapi", "mockserver", "conformance"},
	"proof":                      {"openapi", "openapi/openapitest", "mockserver", "conformance", "scenarios"},
}

// mayNotTouch lists, for each package, the packages from outside that it has no business with.
var mayNotTouch = map[string][]string{
	"mockserver/internal/gitlab": {"net", "net/http", "net/http/httptest", "os", "os/exec", "syscall", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand"},
	"openapi":                    {"os", "os/exec", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand", "github.com/pb33f/libopenapi", "github.com/pb33f/libopenapi-validator"},
	"mockserver":                 {"os/exec", "math/rand", "math/rand/v2", "crypto/rand", "github.com/pb33f/libopenapi", "github.com/pb33f/libopenapi-validator"},
	"conformance":                {"os/exec", "math/rand", "math/rand/v2", "crypto/rand", "github.com/getkin/kin-openapi"},
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
			if !slices.ContainsFunc(allowed, func(a string) bool { return under(p, a) && (a != "openapi" || p == "openapi") }) {
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
			if slices.ContainsFunc(mayNotTouch[s.folder], func(f string) bool { return p == f || strings.Contains(f, ".") && under(p, f) }) {
				t.Errorf("%s imports %s, which %s has no business with", s.file, p, s.folder)
			}
		}
	}
}

func orNothing(list []string) string {
	if len(list) == 0 {
		return "nothing of this module"
	}
	return strings.Join(list, ", ")
}
