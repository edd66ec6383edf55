package seed

import (
	"strings"
	"testing"

	"gotest.tools/v3/assert"
)

// Rows tell what they refer to that is not there, and the words that they cannot have.
func TestRows_labelsAndPipelines(t *testing.T) {
	t.Parallel()
	_, err := Parse("rows.yaml", []byte(`
rows:
  merge_requests: [{id: 1, milestone_id: 7, head_pipeline_id: 8}]
  labels: [{id: 1, title: "a,b", color: reddish, priority: -1}]
  milestones: [{id: 1, title: "1.0", state: open}, {id: 2, title: "1.1"}]
  pipelines: [{id: 1, status: done}]
  merge_train_cars:
    - {id: 1, merge_request_id: 1, user_id: 9, status: late}
    - {id: 2, merge_request_id: 1}
    - {id: 3, merge_request_id: 6}
`))
	assert.Assert(t, err != nil)
	for _, said := range []string{
		"there is no row with the id 7", "there is no row with the id 8", "status cannot be \"done\"",
		"the name of a label is not blank", "a color is #RRGGBB", "a priority is a number from 0",
		"state cannot be \"open\"", "state is active or closed",
		"there is no row with the id 9", "status cannot be \"late\"", "the car of merge request 1 is there already",
		"a row of merge_train_cars needs status", "there is no row with the id 6",
	} {
		assert.Check(t, strings.Contains(err.Error(), said), "%s in\n%s", said, err)
	}
}

// Cars fit their merge requests.
func TestRows_mergeTrainCars(t *testing.T) {
	t.Parallel()
	_, err := Parse("rows.yaml", []byte(`
rows:
  merge_requests:
    - {id: 1, project_id: 1, state: opened}
    - {id: 2, project_id: 1, state: merged}
    - {id: 3, project_id: 1, state: merged}
    - {id: 4, project_id: 1, state: merged}
  merge_train_cars:
    - {id: 1, merge_request_id: 1, project_id: 2, status: merged}
    - {id: 2, merge_request_id: 2, project_id: 1, target_branch: main, status: merged}
    - {id: 3, merge_request_id: 3, project_id: 1, target_branch: main, status: fresh}
    - {id: 4, merge_request_id: 4, project_id: 1, target_branch: main, status: merged, created_at: 2026-01-02,
       merged_at: 2026-01-01}
`))
	assert.Assert(t, err != nil)
	for _, said := range []string{
		"project_id must be 1, the project of merge request 1", "a row of merge_train_cars needs target_branch",
		"only a merged merge request has a car that is merged", "a row of merge_train_cars needs merged_at",
		"only an open merge request has a car that is fresh", "merged_at must not be before created_at",
	} {
		assert.Check(t, strings.Contains(err.Error(), said), "%s in\n%s", said, err)
	}
}
