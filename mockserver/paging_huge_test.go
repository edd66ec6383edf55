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

// No page is so large or so small that a list breaks.
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
		for _, query := range []string{
			"page=99999999999999999999", "page=9223372036854775807&per_page=100", "page=-9223372036854775808",
			"per_page=9223372036854775807", "page=0&per_page=-1", // GitLab itself breaks at per_page=0
		} {
			status := h.raw("GET", path+"?private_token=glpat-admin&"+query, "").status
			assert.Check(t, status < http.StatusInternalServerError, "%s?%s: %d", path, query, status)
			if status == http.StatusOK {
				lists++
			}
		}
	}
	assert.Assert(t, lists > 50, "only %d lists were seen", lists)
}
