package openapi_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

func TestOperation_Epochs(t *testing.T) {
	t.Parallel()
	for id, want := range map[string][]release.Version{
		"listExternalStatusChecks":     {{Major: 14}},
		"createExternalStatusCheck":    {{Major: 14}, {Major: 17, Minor: 3}},
		"listMergeRequestStatusChecks": {{Major: 14}, {Major: 19, Minor: 4}},
		"createStatusCheckResponse":    {{Major: 14}, {Major: 15}, {Major: 16, Minor: 5}},
		"retryStatusCheck":             {{Major: 15, Minor: 7}},
	} {
		assert.DeepEqual(t, openapi.GitLab().Operation(id).Epochs(), want)
	}
	cut := openapi.GitLab().At(release.Of(15, 0)).Operation("createStatusCheckResponse")
	assert.DeepEqual(t, cut.Epochs(), []release.Version{{Major: 15}})
}

// TestOperation_epochsAreComplete checks that within an epoch every release has the same parameters.
func TestOperation_epochsAreComplete(t *testing.T) {
	t.Parallel()
	for _, whole := range openapi.GitLab().Operations() {
		epochs, at := whole.Epochs(), -1
		for _, v := range release.All() {
			op := openapi.GitLab().At(v).Operation(whole.ID)
			if op == nil {
				continue
			}
			if at+1 < len(epochs) && v == epochs[at+1] {
				at++
			}
			assert.Assert(t, at >= 0, "%s is there at %s, before its first epoch", whole.ID, v)
			first := openapi.GitLab().At(epochs[at]).Operation(whole.ID)
			if diff := cmp.Diff(first.Parameters(), op.Parameters()); diff != "" {
				t.Errorf("%s at %s is not as at %s: %s", whole.ID, v, epochs[at], diff)
			}
		}
	}
}
