package seed

import (
	"fmt"
	"slices"

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
	if !car.MergedAt.IsZero() && !car.CreatedAt.IsZero() && car.MergedAt.Before(car.CreatedAt) {
		c.report(at+".merged_at", "merged_at must not be before created_at")
	}
}

// carRows checks that a merge request has one car at most.
func (c *checker) carRows(r *gitlab.Rows) {
	for i, car := range r.MergeTrainCars {
		at := fmt.Sprintf("rows.merge_train_cars[%d]", i)
		c.sole(at+".merge_request_id", "rows", fmt.Sprintf("the car of merge request %d", car.MergeRequestID))
		if car.Status == "" {
			c.report(at+".status", "%s needs status", rowName(at))
		}
	}
}
