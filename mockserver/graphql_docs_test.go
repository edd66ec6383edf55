package mockserver_test

import (
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/docstest"
)

// The queries of docs/graphql.md work as they are, on the default world.
func TestGraphQL_docs(t *testing.T) {
	t.Parallel()
	queries := docstest.Blocks(t, "graphql.md", "graphql")
	assert.Equal(t, len(queries), 7)
	for _, q := range queries {
		answer := newHarness(t).ask("maintainer", q.Text).want(200)
		assert.Equal(t, answer.text("errors"), "<nil>", "%s\n%s", q.Text, answer.body)
		for _, field := range []string{createField, updateField, destroyField} {
			if strings.Contains(q.Text, field) {
				assert.Equal(t, answer.text("data."+field+".errors"), "[]", q.Text)
			}
		}
	}
}
