package statuschecks_test

import (
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/statuschecks/statuschecks/openapi"
)

// libraries are the packages that read nothing from outside but what they are handed.
var libraries = []string{
	"release", "internal/strictyaml", "openapi", "mockserver", "conformance", "scenarios",
	"profiles",
}

func isLibrary(s *source) bool {
	// for generating and for tests
	support := under(s.folder, "openapi/internal") || under(s.folder, "openapi/openapitest")
	return slices.ContainsFunc(libraries, func(l string) bool { return under(s.folder, l) }) && !support
}

// realTime lists what reads the real clock or waits for it. A function value such as time.Now may be a default; a call
// may not.
var realTime = []string{
	"time.Now", "time.Since", "time.Until", "time.Sleep", "time.After", "time.Tick",
	"time.NewTimer", "time.NewTicker", "time.AfterFunc",
}

// mayWait are the functions that wait for real, each for a reason.
var mayWait = map[string]string{
	"conformance/target.go realWait":        "the suite's one real wait, which callers can replace",
	"mockserver/run.go sleep":               "Run's wait for the next due instant",
	"mockserver/family.go sleep":            "Run's wait for the next world that may have expired",
	"mockserver/drain.go rest":              "how long a call waits for what others have sent",
	"mockserver/faults.go rest":             "how long a fault holds a response back",
	"mockserver/fault_send.go closeAfter":   "how long a client may take that a fault happens to",
	"mockserver/listener.go rest":           "how long nothing listens, as a fault says",
	"mockserver/postgres/hand_over.go wait": "how long another process has to hand a world over",
	"mockserver/deliver_send.go exchange":   "the time limit of one attempt at a real connection",
	"mockserver/deliver_send.go await":      "the time limit of an answer over a transport that was given",
	"mockserver/deliver_wait.go Read":       "the time limit of reading from a real connection",
	"mockserver/deliver_wait.go Write":      "the time limit of writing to a real connection",
}

func TestLibraries_readNoClock(t *testing.T) {
	t.Parallel()
	eachNode(t, func(s *source, name string, n ast.Node) {
		if call, ok := n.(*ast.CallExpr); ok && slices.Contains(realTime, qualified(call.Fun)) &&
			mayWait[s.file+" "+name] == "" {
			t.Errorf("%s: %s calls %s; take the time from the state, the transaction or the options",
				s.place(call.Pos()), name, qualified(call.Fun))
		}
	})
}

func TestLibraries_readNoEnvironment(t *testing.T) {
	t.Parallel()
	forbidden := []string{
		"os.Getenv", "os.LookupEnv", "os.Environ", "os.Args", "os.Exit", "os.Stdout", "os.Stderr",
		"os.Stdin", "os.Open", "os.ReadFile", "os.Getwd", "os.Hostname",
	}
	eachNode(t, func(s *source, _ string, n ast.Node) {
		if e, ok := n.(*ast.SelectorExpr); ok && slices.Contains(forbidden, qualified(e)) {
			t.Errorf("%s uses %s; only the command reads what surrounds it", s.place(e.Pos()), qualified(e))
		}
	})
}

// mayStart are the functions of libraries that start goroutines.
var mayStart = map[string]string{
	"conformance/receiver.go ListenReceiver": "serves until Close",
}

func TestLibraries_startNoGoroutine(t *testing.T) {
	t.Parallel()
	eachNode(t, func(s *source, name string, n ast.Node) {
		if g, ok := n.(*ast.GoStmt); ok && mayStart[s.file+" "+name] == "" {
			t.Errorf("%s: %s starts a goroutine that nobody waits for; use a sync.WaitGroup, or say in mayStart who "+
				"ends it", s.place(g.Pos()), name)
		}
	})
}

// mayLookLikePaths are texts that look like a path of the API and are none.
var mayLookLikePaths = map[string]string{
	"proof/defects_input.go /users/sign_in":             "the web page to sign in at",
	"mockserver/entity_group.go /groups/":               "the web page of a group",
	"mockserver/entity_project.go /merge_requests":      "the end of a link in a project's answer",
	"mockserver/entity_project.go /repository/branches": "the end of a link in a project's answer",
	"mockserver/entity_project.go /events":              "the end of a link in a project's answer",
	"mockserver/entity_project.go /members":             "the end of a link in a project's answer",
	"mockserver/entity_project.go /labels":              "the end of a link in a project's answer",
}

// TestPaths_areWrittenInTheContractOnly holds that no code outside openapi spells a path of the API.
func TestPaths_areWrittenInTheContractOnly(t *testing.T) {
	t.Parallel()
	segments := contractSegments()
	for _, s := range product(t) {
		if under(s.folder, "openapi") || under(s.folder, "examples") { // an example stands for a client
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			literal, ok := n.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			text, _ := strconv.Unquote(literal.Value)
			if spells(text, segments) && mayLookLikePaths[s.file+" "+text] == "" {
				t.Errorf("%s: %q is a path of the API; name the operation by its id and take the path "+
					"from the contract", s.place(literal.Pos()), text)
			}
			return true
		})
	}
}

// contractSegments are the fixed parts of the contract's paths.
func contractSegments() []string {
	var found []string
	for _, o := range openapi.GitLab().Operations() {
		for segment := range strings.SplitSeq(strings.Trim(o.Path, "/"), "/") {
			if !strings.HasPrefix(segment, "{") {
				found = append(found, segment)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// spells tells whether a text begins, perhaps behind /api/v4, with a slash and a part of a path.
func spells(text string, segments []string) bool {
	text = strings.TrimPrefix(text, "/api/v4")
	rest, ok := strings.CutPrefix(text, "/")
	if !ok {
		return false
	}
	segment, _, _ := strings.Cut(rest, "/")
	segment, _, _ = strings.Cut(segment, "?")
	return slices.Contains(segments, segment)
}

// eachNode visits the syntax of all libraries, with the name of the function that a node stands in.
func eachNode(t *testing.T, visit func(s *source, function string, n ast.Node)) {
	t.Helper()
	for _, s := range product(t) {
		if !isLibrary(s) {
			continue
		}
		eachFunction(s, func(name string, body ast.Node) {
			ast.Inspect(body, func(n ast.Node) bool {
				visit(s, name, n)
				return true
			})
		})
	}
}

func eachFunction(s *source, visit func(name string, body ast.Node)) {
	for _, declaration := range s.syntax.Decls {
		name := "package level"
		if f, ok := declaration.(*ast.FuncDecl); ok {
			name = f.Name.Name
		}
		visit(name, declaration)
	}
}

// qualified is an expression such as time.Now as text; empty for anything else.
func qualified(e ast.Expr) string {
	selector, ok := e.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	left, ok := selector.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return left.Name + "." + selector.Sel.Name
}
