package gitlab

import (
	"slices"
	"time"
)

// CarStatus says how far a merge request is on a merge train.
type CarStatus string

// The statuses of a car.
const (
	CarIdle       CarStatus = "idle"
	CarStale      CarStatus = "stale"
	CarFresh      CarStatus = "fresh"
	CarMerging    CarStatus = "merging"
	CarMerged     CarStatus = "merged"
	CarSkipMerged CarStatus = "skip_merged" // merged past the train
)

// CarStatuses are all statuses of a car.
func CarStatuses() []CarStatus {
	return []CarStatus{CarIdle, CarStale, CarFresh, CarMerging, CarMerged, CarSkipMerged}
}

// Active reports whether the merge request is still to be merged. All other cars count as complete.
//
// Source: ee/app/models/merge_trains/car.rb (ACTIVE_STATUSES, COMPLETE_STATUSES).
func (s CarStatus) Active() bool { return slices.Contains([]CarStatus{CarIdle, CarStale, CarFresh}, s) }

// Done reports whether the merge request is merged.
func (s CarStatus) Done() bool { return s == CarMerged || s == CarSkipMerged }

// MergeTrainCar is a merge request on the merge train of its target branch, or one that was merged there. It comes from
// a seed, and nothing moves it but what happens to its merge request: there are no pipelines of trains here.
type MergeTrainCar struct {
	ID             MergeTrainCarID
	ProjectID      ProjectID
	TargetBranch   string
	MergeRequestID MergeRequestID
	UserID         UserID // who added it
	Status         CarStatus
	CreatedAt      time.Time
	UpdatedAt      time.Time
	MergedAt       time.Time // zero until then
}

var mergeTrainCarTable = newTable([]index[MergeTrainCar]{
	{"id", func(c MergeTrainCar) string { return key(c.ID) }},
	{"project", func(c MergeTrainCar) string { return key(c.ProjectID) }},
	{"merge_request", func(c MergeTrainCar) string { return key(c.MergeRequestID) }},
	{"user", func(c MergeTrainCar) string { return key(c.UserID) }},
})

// Duration is how many whole seconds it took on the train to merge; known of merged ones alone.
func (c MergeTrainCar) Duration() (seconds int, known bool) {
	return int(c.MergedAt.Sub(c.CreatedAt).Seconds()), c.Status == CarMerged
}

// MergeTrainCars lists the cars of all trains of a project by id.
func (tx *Tx) MergeTrainCars(p ProjectID) []MergeTrainCar {
	return all(tx, mergeTrainCarTable, "project", key(p))
}

// MergeTrainCar looks up the car of a merge request. It refuses with NotFound.
//
// Source: ee/lib/api/merge_trains.rb. In 15.7 the text was Merge Train alone; which release changed it is not known.
func (tx *Tx) MergeTrainCar(mr MergeRequest) (MergeTrainCar, error) {
	car, ok := tx.carOf(mr)
	if !ok {
		return car, refuseText(NotFound, "Merge Train Merge Request",
			"merge request !%d is on no merge train; cars come from seeds", mr.IID)
	}
	return car, nil
}

func (tx *Tx) carOf(mr MergeRequest) (MergeTrainCar, bool) {
	return first(tx, mergeTrainCarTable, "merge_request", key(mr.ID))
}

// InsertMergeTrainCar stores the car of a merge request as it is, and sets its number and dates. A merge request on a
// train is set to auto-merge, and one that a train merged was merged as its car says.
//
// Source: ee/app/services/auto_merge/merge_train_service.rb, app/services/auto_merge/base_service.rb.
func (tx *Tx) InsertMergeTrainCar(mr MergeRequest, car MergeTrainCar) {
	car.ID = MergeTrainCarID(tx.given(mergeTrainCarSequence, int64(car.ID)))
	car.ProjectID, car.TargetBranch, car.MergeRequestID = mr.ProjectID, mr.TargetBranch, mr.ID
	if car.CreatedAt.IsZero() {
		car.CreatedAt = tx.Now
	}
	if car.UpdatedAt.IsZero() {
		car.UpdatedAt = car.CreatedAt
	}
	if car.Status.Done() && car.MergedAt.IsZero() {
		car.MergedAt = car.UpdatedAt
	}
	insert(tx, mergeTrainCarTable, car)
	if car.Status != CarSkipMerged {
		mr.AutoMergeParams.SHA = mr.HeadSHA
	}
	if car.Status.Done() {
		mr.MergedAt, mr.MergeUserID = car.MergedAt, car.UserID
	} else {
		mr.AutoMerge, mr.AutoMergeUserID = true, car.UserID
	}
	insert(tx, mergeRequestTable, mr)
}

// AutoMergeStrategy is how a merge request is merged, or was, once it is ready.
//
// Source: app/services/auto_merge_service.rb, ee/app/services/ee/auto_merge_service.rb.
func (tx *Tx) AutoMergeStrategy(mr MergeRequest) string {
	switch {
	case tx.rides(mr):
		return "merge_train"
	case tx.Has(AutoMergeAwaitsChecks):
		return "merge_when_checks_pass"
	}
	return "merge_when_pipeline_succeeds"
}

// rides reports whether a train is to merge the merge request, or has.
func (tx *Tx) rides(mr MergeRequest) bool {
	car, ok := tx.carOf(mr)
	return ok && car.Status != CarSkipMerged
}

// abortAutoMerge ends auto-merge without a merge, and takes the merge request off its train.
//
// Source: app/services/auto_merge/base_service.rb, ee/app/services/auto_merge/merge_train_service.rb.
func (tx *Tx) abortAutoMerge(mr MergeRequest) MergeRequest {
	removeAll(tx, mergeTrainCarTable, "merge_request", key(mr.ID))
	mr.AutoMerge, mr.AutoMergeUserID, mr.AutoMergeParams = false, 0, AutoMergeParams{}
	return mr
}

// leaveTrain is what becomes of the car of a merge request that was merged past its train. The next look at the train
// finds the merge request merged: one whose turn it was counts as merged by the train, any other has left it.
//
// Source: ee/app/services/merge_trains/refresh_merge_request_service.rb.
func (tx *Tx) leaveTrain(mr MergeRequest) MergeRequest {
	car, ok := tx.carOf(mr)
	switch {
	case !ok || car.Status.Done():
	case car.Status == CarMerging:
		car.Status, car.MergedAt, car.UpdatedAt = CarMerged, tx.Now, tx.Now
		insert(tx, mergeTrainCarTable, car)
	default:
		return tx.abortAutoMerge(mr)
	}
	return mr
}
