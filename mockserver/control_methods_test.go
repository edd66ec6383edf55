package mockserver_test

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/docstest"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/openapi"
)

var methodRow = regexp.MustCompile("(?m)^\\| (`[a-z][A-Za-z`, ]*`) \\| (`[A-Z][A-Za-z`, ]*`) \\|$")

// Each operation of the control surface has its methods in the table of docs/go.md, and the methods are there.
func TestServer_hasAMethodForEachControlOperation(t *testing.T) {
	t.Parallel()
	told := map[string]bool{}
	for _, row := range methodRow.FindAllStringSubmatch(docstest.Page(t, "go.md"), -1) {
		for id := range strings.SplitSeq(strings.ReplaceAll(row[1], "`", ""), ", ") {
			told[id] = true
		}
		for name := range strings.SplitSeq(strings.ReplaceAll(row[2], "`", ""), ", ") {
			_, found := reflect.TypeFor[*mockserver.Server]().MethodByName(name)
			assert.Assert(t, found, "docs/go.md names the method %s, and there is none", name)
		}
	}
	for _, op := range openapi.Control().Operations() {
		assert.Assert(t, told[op.ID], "docs/go.md names no method for %s", op.ID)
		delete(told, op.ID)
	}
	assert.Equal(t, len(told), 0, "docs/go.md names operations that the control surface has not: %v", told)
}
