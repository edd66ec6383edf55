package seed

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// carStatuses are the statuses of the car of a merge request.
var carStatuses = wordsOfCars()

func wordsOfCars() []string {
	var words []string
	for _, s := range gitlab.CarStatuses() {
		words = append(words, string(s))
	}
	return words
}

// mergeTrainCar checks the car of a merge request, if it has one.
func (c *checker) mergeTrainCar(path string, mr MergeRequest) {
	car, at := mr.MergeTrainCar, path+".merge_train_car"
	if car == (MergeTrainCar{}) {
		return
	}
	c.id(at, "car", car.ID)
	c.userNamed(at+".user", car.User)
	if !c.needed(at, "status", car.Status) {
		return
	}
	if c.word(at+".status", car.Status, carStatuses); !slices.Contains(carStatuses, car.Status) {
		return
	}
	done := gitlab.CarStatus(car.Status).Done()
	switch merged := mr.State == "merged"; {
	case done && !merged:
		c.report(at+".status", "only a merged merge request has a car that is %s", car.Status)
	case !done && mr.State != "" && mr.State != "opened":
		c.report(at+".status", "only an open merge request has a car that is %s", car.Status)
	}
	if !done && !car.MergedAt.IsZero() {
		c.report(at+".merged_at", "merged_at is for a car that is merged or skip_merged")
	}
	c.carTime(at+".updated_at", car.UpdatedAt, car.CreatedAt)
	if done {
		c.carTime(at+".merged_at", car.MergedAt, car.CreatedAt)
	}
}

// carTime checks that what happened to a car, if it is told, was after the car was made.
func (c *checker) carTime(at string, then, made time.Time) {
	key := at[strings.LastIndexByte(at, '.')+1:]
	switch {
	case then.IsZero():
	case made.IsZero():
		c.report(at, "%s needs created_at, which would be the time at which the seed is loaded", key)
	case then.Before(made):
		c.report(at, "%s must not be before created_at", key)
	}
}

// carRows checks that a merge request has one car at most, which fits it.
func (c *checker) carRows(r *gitlab.Rows) {
	requests := map[gitlab.MergeRequestID]gitlab.MergeRequest{}
	for _, mr := range r.MergeRequests {
		requests[mr.ID] = mr
	}
	for i, car := range r.MergeTrainCars {
		at := fmt.Sprintf("rows.merge_train_cars[%d]", i)
		c.sole(at+".merge_request_id", "rows", fmt.Sprintf("the car of merge request %d", car.MergeRequestID))
		if car.Status == "" {
			c.report(at+".status", "%s needs status", rowName(at))
		}
		if mr, there := requests[car.MergeRequestID]; there {
			c.carRow(at, car, mr)
		}
	}
}

// carRow checks that a row of a car fits its merge request.
func (c *checker) carRow(at string, car gitlab.MergeTrainCar, mr gitlab.MergeRequest) {
	if car.ProjectID != mr.ProjectID {
		c.report(at+".project_id", "project_id must be %d, the project of merge request %d", mr.ProjectID, mr.ID)
	}
	if car.TargetBranch == "" {
		c.report(at+".target_branch", "%s needs target_branch", rowName(at))
	}
	switch ended := mr.State == gitlab.Merged || mr.State == gitlab.Closed; {
	case car.Status.Done() && mr.State != gitlab.Merged:
		c.report(at+".status", "only a merged merge request has a car that is %s", car.Status)
	case car.Status.Done() && car.MergedAt.IsZero():
		c.report(at+".merged_at", "%s needs merged_at", rowName(at))
	case slices.Contains(carStatuses, string(car.Status)) && !car.Status.Done() && ended:
		c.report(at+".status", "only an open merge request has a car that is %s", car.Status)
	}
	if car.Status.Done() && !car.MergedAt.IsZero() && car.MergedAt.Before(car.CreatedAt) {
		c.report(at+".merged_at", "merged_at must not be before created_at")
	}
}
