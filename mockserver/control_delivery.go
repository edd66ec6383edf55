package mockserver

import (
	"net/http"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

type deliveryEntity struct {
	ID              gitlab.DeliveryID      `json:"id"`
	CheckID         gitlab.CheckID         `json:"check_id"`
	ProjectID       gitlab.ProjectID       `json:"project_id"`
	MergeRequestID  gitlab.MergeRequestID  `json:"merge_request_id"`
	MergeRequestIID gitlab.MergeRequestIID `json:"merge_request_iid"`
	Action          string                 `json:"action"`
	URL             string                 `json:"url"`
	State           gitlab.DeliveryState   `json:"state"`
	CreatedAt       time.Time              `json:"created_at"`
	Due             time.Time              `json:"due"`
	RedeliveryOf    *gitlab.DeliveryID     `json:"redelivery_of"`
	Signature       string                 `json:"signature"`
	Body            string                 `json:"body"`
	Attempts        []attemptEntity        `json:"attempts"`
}

type attemptEntity struct {
	At              time.Time   `json:"at"`
	Duration        string      `json:"duration"`
	Method          string      `json:"method"`
	URL             string      `json:"url"`
	RequestHeaders  http.Header `json:"request_headers"`
	Status          int         `json:"status"`
	ResponseHeaders http.Header `json:"response_headers"`
	ResponseBody    string      `json:"response_body"`
	Error           string      `json:"error"`
}

func presentDelivery(tx *gitlab.Tx, d gitlab.Delivery) deliveryEntity {
	mr, _ := tx.MergeRequestByID(d.MergeRequestID)
	return deliveryEntity{
		ID: d.ID, CheckID: d.CheckID, ProjectID: d.ProjectID, MergeRequestID: d.MergeRequestID, MergeRequestIID: mr.IID,
		Action: d.Action,
		URL:    d.URL, State: d.State, CreatedAt: d.CreatedAt, Due: d.Due, RedeliveryOf: orNull(d.RedeliveryOf),
		Signature: d.Signature,
		Body:      string(d.Body.Bytes()), Attempts: presentAll(d.Attempts, presentAttempt),
	}
}

func presentAttempt(a gitlab.Attempt) attemptEntity {
	return attemptEntity{
		At: a.At, Duration: a.Duration.String(), Method: a.Method, URL: a.URL, RequestHeaders: headers(a.RequestHeader),
		Status:          a.Status,
		ResponseHeaders: headers(a.ResponseHeader), ResponseBody: strings.ToValidUTF8(string(a.ResponseBody), "\uFFFD"),
		Error: a.Error,
	}
}

// headers is never null.
func headers(h http.Header) http.Header {
	if h == nil {
		return http.Header{}
	}
	return h
}

func (k *controlCall) listDeliveries() (re reply, err error) {
	list := []deliveryEntity{}
	state := k.request.URL.Query().Get("state")
	k.view(func(tx *gitlab.Tx) {
		for _, d := range tx.Deliveries() {
			e := presentDelivery(tx, d)
			if (k.has("check") && k.number("check") != int64(d.CheckID)) ||
				(k.has("project") && k.number("project") != int64(d.ProjectID)) ||
				(k.has("merge_request") && k.number("merge_request") != int64(e.MergeRequestIID)) ||
				(state != "" && state != string(d.State)) {
				continue
			}
			list = append(list, e)
		}
	})
	return ok(list)
}

func (k *controlCall) getDelivery() (re reply, err error) {
	k.view(func(tx *gitlab.Tx) {
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

// redeliver queues a delivery once more.
func (k *controlCall) redeliver() (re reply, err error) {
	var given struct {
		Fresh bool `json:"fresh"`
	}
	if err := k.decode(&given); err != nil {
		return reply{}, err
	}
	err = k.world.state.Update(k.world.clock.now(), func(tx *gitlab.Tx) error {
		d, err := tx.Redeliver(gitlab.DeliveryID(k.number("delivery_id")), given.Fresh)
		if err != nil {
			return err
		}
		re, err = created(presentDelivery(tx, d))
		return err
	})
	return re, err
}

type flushedEntity struct {
	Attempts int `json:"attempts"`
	Queued   int `json:"queued"`
}

func (k *controlCall) flushDeliveries() (reply, error) {
	var given struct {
		Wait string `json:"wait"`
	}
	if err := k.decode(&given); err != nil {
		return reply{}, err
	}
	ctx, done, err := k.patiently(given.Wait)
	if err != nil {
		return reply{}, err
	}
	defer done()
	made, err := k.server.Deliver(ctx)
	if err != nil {
		return reply{}, notFinished(err)
	}
	e := flushedEntity{Attempts: made}
	k.view(func(tx *gitlab.Tx) { e.Queued = len(tx.QueuedDeliveries()) })
	return ok(e)
}

type jobEntity struct {
	ID             gitlab.JobID          `json:"id"`
	Kind           gitlab.JobKind        `json:"kind"`
	Due            time.Time             `json:"due"`
	CreatedAt      time.Time             `json:"created_at"`
	UserID         gitlab.UserID         `json:"user_id,omitempty"`
	ProjectID      gitlab.ProjectID      `json:"project_id,omitempty"`
	MergeRequestID gitlab.MergeRequestID `json:"merge_request_id,omitempty"`
	CheckID        gitlab.CheckID        `json:"check_id,omitempty"`
	ResponseID     gitlab.ResponseID     `json:"response_id,omitempty"`
	SHA            string                `json:"sha,omitempty"`
	Branch         string                `json:"branch,omitempty"`
	OldSHA         string                `json:"old_sha,omitempty"`
	NewSHA         string                `json:"new_sha,omitempty"`
	Action         string                `json:"action,omitempty"`
}

func presentJob(j gitlab.Job) jobEntity {
	return jobEntity{
		ID: j.ID, Kind: j.Kind, Due: j.Due, CreatedAt: j.CreatedAt, UserID: j.UserID, ProjectID: j.ProjectID,
		MergeRequestID: j.MergeRequestID,
		CheckID:        j.CheckID, ResponseID: j.ResponseID, SHA: j.SHA, Branch: j.Branch, OldSHA: j.OldSHA,
		NewSHA: j.NewSHA,
		Action: j.Action,
	}
}

func (k *controlCall) listJobs() (re reply, err error) {
	k.view(func(tx *gitlab.Tx) { re, err = ok(presentAll(tx.Jobs(), presentJob)) })
	return re, err
}

type jobsRunEntity struct {
	Ran     int `json:"ran"`
	Waiting int `json:"waiting"`
}

func (k *controlCall) runJobs() (reply, error) {
	e := jobsRunEntity{Ran: k.world.state.RunDue(k.world.clock.now())}
	k.view(func(tx *gitlab.Tx) { e.Waiting = len(tx.Jobs()) })
	return ok(e)
}
