package openapi

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gotest.tools/v3/golden"

	"github.com/statuschecks/statuschecks/release"
)

// operationsPage lists what the mock serves of GitLab's API, by the first tags of operations.
func operationsPage(d *Document) string {
	var b strings.Builder
	b.WriteString("# Operations\n\nWritten by `go test ./openapi -run TestOperationsPage -update`.\n\n" +
		"The mock serves these operations of GitLab's API, and no other: everything else is answered with 404 and " +
		"listed at\n`/-/mock/surprises`. The table is made from the [contract](../../openapi/gitlab.yaml). *Since* " +
		"is the first release that has the\noperation, if it is later than " + release.Oldest.String() +
		", the oldest that is known here. *Ability* is what GitLab asks of\n" +
		"the user for it; where none stands, what the user can see is enough, or the response depends on it. " +
		"*Source* says where\nthe facts can be read in GitLab's public source and documents. " +
		"The [history](versions.md) says what changed in an operation after that, and the\n[scenarios](scenarios.md) " +
		"show each fact with the evidence for it.\n")
	tag := ""
	operations := slices.Clone(d.Operations())
	slices.SortStableFunc(operations, func(a, b *Operation) int {
		return firstOf(d, a.Tags[0]) - firstOf(d, b.Tags[0])
	})
	for _, o := range operations {
		if o.Tags[0] != tag {
			tag = o.Tags[0]
			b.WriteString("\n## " + strings.ToUpper(tag[:1]) + tag[1:] + "\n\n" +
				"| Operation | Request | Since | Ability | Source |\n| --- | --- | --- | --- | --- |\n")
		}
		since := ""
		if o.Since != (release.Version{}) && o.Since != release.Oldest {
			since = o.Since.String()
		}
		fmt.Fprintf(&b, "| `%s`: %s | `%s %s%s` | %s | %s | %s |\n", o.ID, o.Summary, o.Method, o.Root(), o.Path, since,
			code(o.Ability), o.Source)
	}
	return b.String()
}

// firstOf is where the first operation with a tag stands.
func firstOf(d *Document, tag string) int {
	return slices.IndexFunc(d.Operations(), func(o *Operation) bool { return o.Tags[0] == tag })
}

func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}

func TestOperationsPage_isFresh(t *testing.T) {
	t.Parallel()
	golden.Assert(t, operationsPage(GitLab()), "../../docs/reference/operations.md")
}
