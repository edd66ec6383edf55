package mockserver

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"gotest.tools/v3/assert"
)

// The queries of docs/graphql.md work as they are, on the default world.
func TestGraphQL_docs(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/graphql.md")
	assert.NilError(t, err)
	queries := regexp.MustCompile("(?s)```graphql\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	assert.Equal(t, len(queries), 5)
	for _, q := range queries {
		answer := newHarness(t).ask("maintainer", q[1]).want(200)
		assert.Equal(t, answer.text("errors"), "<nil>", "%s\n%s", q[1], answer.body)
		for _, field := range []string{createField, updateField, destroyField} {
			if strings.Contains(q[1], field) {
				assert.Equal(t, answer.text("data."+field+".errors"), "[]", q[1])
			}
		}
	}
}
