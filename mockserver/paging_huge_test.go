package mockserver_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

var pathParameter = regexp.MustCompile(`\{(\w+)\}`)

// Lists break at pages that begin behind the largest number of the database, as GitLab's do, and at no others.
func TestLists_pagesOfAnySize(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.raw("POST", "/api/v4/projects/6/hooks?private_token=glpat-owner&url=http://127.0.0.1:1/", "").
		want(http.StatusCreated)
	known := map[string]string{"merge_request_iid": "4", "hook_id": "1"}
	lists := 0
	for _, op := range openapi.GitLab().At(release.Reference).Operations() {
		paged := slices.ContainsFunc(op.Parameters(), func(p openapi.Parameter) bool { return p.Name == "page" })
		if op.Method != http.MethodGet || !paged {
			continue
		}
		path := op.Root() + pathParameter.ReplaceAllStringFunc(op.Path, func(text string) string {
			if value := known[strings.Trim(text, "{}")]; value != "" {
				return value
			}
			return "6"
		})
		for query, breaks := range map[string]bool{
			"page=99999999999999999999": true, "page=9223372036854775807&per_page=100": true,
			"page=9223372036854775807&per_page=1": false, "page=92233720368547758&per_page=100": false,
			"page=-9223372036854775808": false, "per_page=9223372036854775807": false,
			"page=0&per_page=-1": false, // GitLab itself breaks at per_page=0
		} {
			status := h.raw("GET", path+"?private_token=glpat-admin&"+query, "").status
			whole := status == http.StatusOK || status == http.StatusInternalServerError
			broken := status == http.StatusInternalServerError
			assert.Check(t, !whole || breaks == broken, "%s?%s: %d", path, query, status)
			if whole {
				lists++
			}
		}
	}
	assert.Assert(t, lists > 50, "only %d lists were seen", lists)
}
