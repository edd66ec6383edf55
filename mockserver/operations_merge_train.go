package mockserver

import (
	"slices"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// mergeTrainOperations are those of ee/lib/api/merge_trains.rb. They look at what the caller may do before the
// parameters.
var mergeTrainOperations = map[string]operation{
	"listMergeTrainCars":         open(operation{run: listMergeTrainCars, before: mayReadTrains}),
	"listMergeTrainCarsOfBranch": open(operation{run: listMergeTrainCarsOfBranch, before: mayReadTrains}),
	"getMergeTrainCar":           open(operation{run: getMergeTrainCar, before: mayReadTrains}),
}

// mayReadTrains finds the project and refuses who may not see both its merge requests and its pipelines.
func mayReadTrains(c *call, tx *gitlab.Tx) error {
	if err := c.findProject(tx); err != nil {
		return err
	}
	if !tx.Can(c.actor, gitlab.ReadMergeTrain, c.project) {
		return denied("merge trains need %s: to see merge requests and pipelines", gitlab.ReadMergeTrain)
	}
	return nil
}

// listMergeTrainCars lists the cars of all trains of a project.
//
// Source: ee/lib/api/merge_trains.rb, ee/app/finders/merge_trains/cars_finder.rb.
func listMergeTrainCars(c *call, tx *gitlab.Tx) (reply, error) {
	return listedCars(c, tx, tx.MergeTrainCars(c.project.ID))
}

func listMergeTrainCarsOfBranch(c *call, tx *gitlab.Tx) (reply, error) {
	return listedCars(c, tx, kept(tx.MergeTrainCars(c.project.ID), func(car gitlab.MergeTrainCar) bool {
		return car.TargetBranch == c.params.text("target_branch")
	}))
}

// listedCars lists the cars of a scope, the newest first unless asked for otherwise.
func listedCars(c *call, tx *gitlab.Tx, cars []gitlab.MergeTrainCar) (reply, error) {
	if scope := c.params.text("scope"); scope != "" {
		cars = kept(cars, func(car gitlab.MergeTrainCar) bool { return car.Status.Active() == (scope == "active") })
	}
	if c.params.text("sort") != "asc" {
		slices.Reverse(cars)
	}
	return listed(c, tx, cars, func(car gitlab.MergeTrainCar) mergeTrainCar {
		mr, _ := tx.MergeRequestByID(car.MergeRequestID)
		return presentMergeTrainCar(tx, c.project, mr, car)
	})
}

func getMergeTrainCar(c *call, tx *gitlab.Tx) (reply, error) {
	mr, err := c.findMergeRequest(tx)
	if err != nil {
		return reply{}, err
	}
	car, err := tx.MergeTrainCar(mr)
	if err != nil {
		return reply{}, err
	}
	return ok(presentMergeTrainCar(tx, c.project, mr, car))
}
