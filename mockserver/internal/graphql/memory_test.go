package graphql

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/release"
)

func TestMemory_isBounded(t *testing.T) {
	t.Parallel()
	s, err := Parse("type Query { a: String }\nschema { query: Query }", release.Of(18, 9), nil)
	assert.NilError(t, err)
	for i := range 2 * mostReadings {
		assert.Equal(t, len(s.read(fmt.Sprintf("{ a%d }", i)).invalid), 1)
		assert.Assert(t, len(s.memory.readings) <= mostReadings)
	}
	first := s.read("{ a }")
	assert.Assert(t, s.read("{ a }") == first)
	long := "{ a }" + strings.Repeat(" ", longestText)
	kept := s.read(long)
	assert.Assert(t, s.read(long) != kept)
	assert.Assert(t, s.WithoutIntrospection().read("{ a }") != first)
}

func TestObject_isWrittenAsJSON(t *testing.T) {
	t.Parallel()
	for _, value := range []any{
		"plain", `a "b" \ <i> & é`, "\x00\n", nil, true, int64(-5), 1.5, json.Number("12"),
		[]any{},
		[]any{"x", []any{nil}},
	} {
		want, err := json.Marshal(map[string]any{"a&b": value})
		assert.NilError(t, err)
		got, err := json.Marshal(Object{{"a&b", value}})
		assert.NilError(t, err)
		assert.Equal(t, string(got), string(want))
	}
}
