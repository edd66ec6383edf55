package mocktest

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/statuschecks/statuschecks/mockserver"
)

// World is a world of a Server for one test: a GitLab of its own on the port of the server.
type World struct {
	*mockserver.Server

	Name string
	// URL is the base URL of the world, such as http://127.0.0.1:41234/worlds/TestClient-1. The API is below URL +
	// "/api/v4".
	URL string
}

// notInNames are the characters of tests' names that a world's name cannot have.
var notInNames = regexp.MustCompile(`[^A-Za-z0-9_.-]+`)

// longestName is how much of a test's name goes into that of its world.
const longestName = 80

// NewWorld makes a world for a test, named after it, and drops it when the test ends. Tests that run side by side can
// share a server so, and never meet. It fails the test if there is no world for opts.
func (s *Server) NewWorld(tb testing.TB, opts mockserver.WorldOptions) *World {
	tb.Helper()
	name := notInNames.ReplaceAllString(tb.Name(), "-")
	name = fmt.Sprintf("%s-%d", name[:min(len(name), longestName)], s.made.Add(1))
	world, err := s.AddWorld(name, opts)
	if err != nil {
		tb.Fatalf("mocktest: %v", err)
	}
	tb.Cleanup(func() { s.RemoveWorld(name) })
	return &World{Server: world, Name: name, URL: s.URL + "/worlds/" + name}
}
