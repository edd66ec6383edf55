package mockserver

import "github.com/statuschecks/statuschecks/mockserver/internal/gitlab"

// mergeTrainCar is a merge request on a merge train. There are no pipelines of merge trains here.
//
// Source: ee/lib/ee/api/entities/merge_trains/car.rb.
type mergeTrainCar struct {
	ID           gitlab.MergeTrainCarID `json:"id"`
	MergeRequest simpleMergeRequest     `json:"merge_request"`
	User         *userBasic             `json:"user"`
	Pipeline     *pipelineBasic         `json:"pipeline"`
	CreatedAt    *timestamp             `json:"created_at"`
	UpdatedAt    *timestamp             `json:"updated_at"`
	TargetBranch string                 `json:"target_branch"`
	Status       gitlab.CarStatus       `json:"status"`
	MergedAt     *timestamp             `json:"merged_at"`
	Duration     *int                   `json:"duration"`
}

func presentMergeTrainCar(tx *gitlab.Tx, p gitlab.Project, mr gitlab.MergeRequest,
	car gitlab.MergeTrainCar,
) mergeTrainCar {
	e := mergeTrainCar{
		ID: car.ID, MergeRequest: presentSimpleMergeRequest(tx, p, mr), User: presentUser(tx, car.UserID),
		CreatedAt: newTimestamp(car.CreatedAt), UpdatedAt: newTimestamp(car.UpdatedAt),
		TargetBranch: car.TargetBranch, Status: car.Status, MergedAt: newTimestamp(car.MergedAt),
	}
	if seconds, known := car.Duration(); known {
		e.Duration = &seconds
	}
	return e
}
