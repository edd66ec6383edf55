package openapi_test

import (
	"slices"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

// TestOperation_Statuses holds that the statuses are those that a check of a response knows.
func TestOperation_Statuses(t *testing.T) {
	t.Parallel()
	for _, v := range []release.Version{release.Oldest, release.Reference, release.Newest} {
		for _, o := range openapi.GitLab().At(v).Operations() {
			var known []int
			for status := 100; status < 600; status++ {
				unknown := func(f openapi.Violation) bool { return f.Code == "undocumented-status" }
				if !slices.ContainsFunc(o.CheckResponse(status, nil, nil), unknown) {
					known = append(known, status)
				}
			}
			assert.DeepEqual(t, o.Statuses(), known)
		}
	}
}
