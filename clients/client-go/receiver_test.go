package clientgo

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	gitlab "gitlab.com/gitlab-org/api/client-go/v2"
	"gotest.tools/v3/assert"
)

// delivery is a request that the external service got.
type delivery struct {
	header  http.Header
	body    []byte
	payload payload
}

// payload is what a service reads of the body. GitLab's client has no type with the check in it: readByClient reads
// what it knows.
type payload struct {
	ObjectKind string `json:"object_kind"`
	Project    struct {
		ID int64 `json:"id"`
	} `json:"project"`
	ObjectAttributes struct {
		IID        int64  `json:"iid"`
		Action     string `json:"action"`
		OldRev     string `json:"oldrev"`
		LastCommit struct {
			ID string `json:"id"`
		} `json:"last_commit"`
	} `json:"object_attributes"`
	ExternalApprovalRule struct {
		ID          int64  `json:"id"`
		Name        string `json:"name"`
		ExternalURL string `json:"external_url"`
	} `json:"external_approval_rule"`
}

// receiver is an external service that takes every delivery.
type receiver struct {
	*httptest.Server
	deliveries chan delivery
}

func receive(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{deliveries: make(chan delivery, 100)}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		d := delivery{header: request.Header.Clone()}
		var err error
		if d.body, err = io.ReadAll(request.Body); err == nil {
			err = json.Unmarshal(d.body, &d.payload)
		}
		if err == nil {
			err = d.readByClient(request)
		}
		if err != nil {
			t.Errorf("a delivery cannot be read: %v", err)
		}
		r.deliveries <- d
	}))
	t.Cleanup(r.Close)
	return r
}

// readByClient holds that GitLab's client reads a delivery as an event of a merge request if it is told that it is one.
// Deliveries to checks do not say so in a header.
func (d delivery) readByClient(request *http.Request) error {
	if kind := gitlab.WebhookEventType(request); kind != "" {
		return fmt.Errorf("the delivery says that it is a %q", kind)
	}
	event, err := gitlab.ParseWebhook(gitlab.EventTypeMergeRequest, d.body)
	if err != nil {
		return err
	}
	read, isMergeEvent := event.(*gitlab.MergeEvent)
	if !isMergeEvent {
		return fmt.Errorf("the delivery is read as %T", event)
	}
	attributes, ours := read.ObjectAttributes, d.payload.ObjectAttributes
	if read.Project.ID != d.payload.Project.ID || attributes.IID != ours.IID || attributes.Action != ours.Action ||
		attributes.OldRev != ours.OldRev || attributes.LastCommit.ID != ours.LastCommit.ID {
		return fmt.Errorf("the client reads %+v, and the body has %+v", attributes, ours)
	}
	return nil
}

// next waits for the next delivery.
func (r *receiver) next(t *testing.T) delivery {
	t.Helper()
	select {
	case d := <-r.deliveries:
		return d
	case <-time.After(10 * time.Second):
		t.Fatal("no delivery came within ten seconds")
		return delivery{}
	}
}

// signedWith holds that a delivery bears the signature of its own bytes.
func (d delivery) signedWith(t *testing.T, secret string) {
	t.Helper()
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(d.body)
	assert.Equal(t, d.header.Get("X-Gitlab-Signature"), hex.EncodeToString(mac.Sum(nil)))
}
