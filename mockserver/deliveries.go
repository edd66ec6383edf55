package mockserver

import (
	"net/http"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// Deliveries returns the log of deliveries with all their attempts, oldest first. It keeps the newest ten thousand.
func (s *Server) Deliveries() (list []control.Delivery) {
	s.look(func(tx *gitlab.Tx) {
		list = presentAll(tx.Deliveries(), func(d gitlab.Delivery) control.Delivery { return presentDelivery(tx, d) })
	})
	return list
}

// Redeliver queues a delivery again with the same bytes and signature. It fails if the log has no such delivery.
func (s *Server) Redeliver(id int64) (control.Delivery, error) {
	return s.queue(func(tx *gitlab.Tx) (gitlab.Delivery, error) { return tx.Redeliver(gitlab.DeliveryID(id), false) })
}

// RedeliverFresh queues a delivery again with the merge request as it is now, signed with the present secret. It fails
// if the delivery, its check or its merge request is gone.
func (s *Server) RedeliverFresh(id int64) (control.Delivery, error) {
	return s.queue(func(tx *gitlab.Tx) (gitlab.Delivery, error) { return tx.Redeliver(gitlab.DeliveryID(id), true) })
}

func (s *Server) queue(again func(*gitlab.Tx) (gitlab.Delivery, error)) (queued control.Delivery, err error) {
	err = s.change(func(tx *gitlab.Tx) error {
		d, err := again(tx)
		if err == nil {
			queued = presentDelivery(tx, d)
		}
		return err
	})
	return queued, err
}

func presentDelivery(tx *gitlab.Tx, d gitlab.Delivery) control.Delivery {
	mr, _ := tx.MergeRequestByID(d.MergeRequestID)
	return control.Delivery{
		ID: int64(d.ID), CheckID: int64(d.CheckID), HookID: int64(d.Hook.HookID), Event: d.Hook.Header(),
		ProjectID:      int64(d.ProjectID),
		MergeRequestID: int64(d.MergeRequestID), MergeRequestIID: int64(mr.IID), Action: d.Action, URL: d.URL,
		State: control.DeliveryState(d.State), CreatedAt: d.CreatedAt, Due: d.Due,
		RedeliveryOf: orNull(int64(d.RedeliveryOf)), Signature: d.Signature, Body: string(d.Body.Bytes()),
		Attempts: presentAll(d.Attempts, presentAttempt),
	}
}

func presentAttempt(a gitlab.Attempt) control.Attempt {
	return control.Attempt{
		At: a.At, Duration: control.Duration{Duration: a.Duration}, Method: a.Method, URL: a.URL,
		RequestHeaders: headers(a.RequestHeader), Status: a.Status, ResponseHeaders: headers(a.ResponseHeader),
		ResponseBody: strings.ToValidUTF8(string(a.ResponseBody), "\uFFFD"), Error: a.Error,
	}
}

// headers is never nil.
func headers(h http.Header) http.Header {
	if h == nil {
		return http.Header{}
	}
	return h
}

// Signature is the value of the header X-Gitlab-Signature of a webhook delivery for a body: the HMAC-SHA256 of its
// exact bytes with the shared secret of the external status check, in lower-case hexadecimal digits.
func Signature(secret string, body []byte) string {
	return gitlab.Signature(secret, gitlab.Payload{Event: body})
}
