package mockserver

import (
	"net/http"

	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

func (k *controlCall) listDeliveries() (reply, error) {
	list := []control.Delivery{}
	state := control.DeliveryState(k.request.URL.Query().Get("state"))
	for _, d := range k.server.Deliveries() {
		if (!k.has("check") || k.number("check") == d.CheckID) &&
			(!k.has("project") || k.number("project") == d.ProjectID) &&
			(!k.has("merge_request") || k.number("merge_request") == d.MergeRequestIID) &&
			(state == "" || state == d.State) {
			list = append(list, d)
		}
	}
	return ok(list)
}

func (k *controlCall) getDelivery() (re reply, err error) {
	k.server.look(func(tx *gitlab.Tx) {
		d, found := tx.Delivery(gitlab.DeliveryID(k.number("delivery_id")))
		if !found {
			err = refused(http.StatusNotFound, "there is no delivery %s in the log; listDeliveries shows which "+
				"there are", k.path["delivery_id"])
			return
		}
		re, err = ok(presentDelivery(tx, d))
	})
	return re, err
}

// redeliver queues a delivery again.
func (k *controlCall) redeliver() (reply, error) {
	var given struct {
		Fresh bool `json:"fresh"`
	}
	if err := k.decode(&given); err != nil {
		return reply{}, err
	}
	again := k.server.Redeliver
	if given.Fresh {
		again = k.server.RedeliverFresh
	}
	d, err := again(k.number("delivery_id"))
	if err != nil {
		return reply{}, err
	}
	return created(d)
}

type flushedEntity struct {
	Attempts int `json:"attempts"`
	Queued   int `json:"queued"`
}

func (k *controlCall) flushDeliveries() (reply, error) {
	var given struct {
		Wait string `json:"wait"`
	}
	ctx, done, err := k.decodePatiently(&given, &given.Wait)
	if err != nil {
		return reply{}, err
	}
	defer done()
	made, err := k.server.Flush(ctx)
	if err != nil {
		return reply{}, notFinished(err)
	}
	e := flushedEntity{Attempts: made}
	k.server.look(func(tx *gitlab.Tx) { e.Queued = len(tx.QueuedDeliveries()) })
	return ok(e)
}

func (k *controlCall) listJobs() (reply, error) {
	without, list := gitlab.JobKind(k.request.URL.Query().Get("not_kind")), []control.Job(nil)
	k.server.look(func(tx *gitlab.Tx) { list = presentAll(tx.JobsBut(without), presentJob) })
	return ok(list)
}

type jobsRunEntity struct {
	Ran     int `json:"ran"`
	Waiting int `json:"waiting"`
}

func (k *controlCall) runJobs() (reply, error) {
	ran := k.server.RunJobs()
	return ok(jobsRunEntity{Ran: ran, Waiting: len(k.server.Jobs())})
}
