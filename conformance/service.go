package conformance

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

// Service is an external service for status checks that is judged with the help of a mock GitLab. Its scenarios play
// what happens in GitLab, and look at what the service calls. The run needs a Receiver, which passes each delivery on
// to the service, and the token of a developer in Target.Tokens, by which the service calls the API. Only URL is
// required.
type Service struct {
	URL    string // where it takes deliveries
	Secret string // the shared secret of its checks; empty means none

	Patience time.Duration // longest time until it has set a status; 0 means 20 seconds
	Quiet    time.Duration // it is at rest if it has called nothing for so long; 0 means half a second
	// longest time until it answers a delivery; 0 means GitLab's own limit of 20 seconds
	Limit     time.Duration
	Transport http.RoundTripper // sends deliveries; nil means the network
	Output    func() string     // what it has written so far, to be searched for secrets; nil means not known
}

// takenService is a service while a run judges it.
type takenService struct {
	Service
	client *http.Client
}

func takeService(s *Service) *takenService {
	taken := &takenService{Service: *s}
	taken.Patience = cmp.Or(s.Patience, 20*time.Second)
	taken.Quiet = cmp.Or(s.Quiet, 500*time.Millisecond)
	taken.Limit = cmp.Or(s.Limit, 20*time.Second)
	taken.client = newClient(options{Target: Target{Transport: s.Transport}})
	taken.client.Timeout = taken.Limit
	return taken
}

// signature is the one that GitLab sends with a body.
func signature(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// maxServiceAnswer bounds what is read of an answer to a delivery, which nobody needs.
const maxServiceAnswer = 1 << 20

// send sends a delivery on. The error says that the service gave no answer in time.
func (s *takenService) send(ctx context.Context, header http.Header, body []byte) (*answer, error) {
	outgoing, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	outgoing.Header = header
	outgoing.Close = true // GitLab sends each delivery on a connection of its own
	response, err := s.client.Do(outgoing)
	if err != nil {
		reason := strictyaml.MaskURLs(err.Error())
		return nil, fmt.Errorf("the service gave no answer (the limit is %s): %s", s.Limit, reason)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(response.Body, maxServiceAnswer))
	if err != nil {
		return nil, fmt.Errorf("the service's answer cannot be read: %w", err)
	}
	return newAnswer(response.StatusCode, response.Header, raw), nil
}

// passOn passes a delivery on to the service and gives its answer back. A GitLab before 17.3 signs nothing, so the
// delivery is signed here: a service that has a secret takes nothing else.
func (r *Receiver) passOn(w http.ResponseWriter, req *http.Request, d *delivery) {
	header := req.Header.Clone()
	header.Del("Content-Length")
	if r.service.Secret != "" && header.Get(signatureHeader) == "" {
		header.Set(signatureHeader, signature(r.service.Secret, d.raw))
	}
	a, err := r.service.send(req.Context(), header, d.raw)
	r.mu.Lock()
	d.reception, d.trouble, d.replied = a, err, true
	r.mu.Unlock()
	if err != nil {
		http.Error(w, "the service gave no answer", http.StatusGatewayTimeout)
		return
	}
	if location := a.header.Get("Location"); location != "" {
		w.Header().Set("Location", location)
	}
	w.WriteHeader(a.status)
}

// newest is the delivery that came last to a path, about a merge request; nil means none.
func (r *Receiver) newest(path string, iid int64) *delivery {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := r.arrived[path]
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].isAbout(iid) && all[i].isJSON() {
			return all[i]
		}
	}
	return nil
}

// receptions are the answers of the service so far to deliveries below a path.
func (r *Receiver) receptions(below string) []*answer {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []*answer
	for path, deliveries := range r.arrived {
		for _, d := range deliveries {
			if d.reception != nil && len(path) >= len(below) && path[:len(below)] == below {
				all = append(all, d.reception)
			}
		}
	}
	return all
}

// received is what came back for a delivery, once something did.
func (r *Receiver) received(d *delivery) (a *answer, replied bool, trouble error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return d.reception, d.replied, d.trouble
}

// matchReception compares how a service took a delivery with what is expected.
func matchReception(m *judgement, want string, a *answer, trouble error) {
	words := map[string]string{
		scenario.Taken: "200 to 299", scenario.Refused: "400 to 499", scenario.Survived: "below 500",
	}
	switch {
	case trouble != nil:
		m.wrong("the service's answer to the delivery", words[want], trouble.Error())
	case !receivedAs(want, a.status):
		m.wrong("the service's answer to the delivery", words[want], int64(a.status))
	}
}

func receivedAs(want string, status int) bool {
	switch want {
	case scenario.Taken:
		return status >= 200 && status < 300
	case scenario.Refused:
		return status >= 400 && status < 500
	}
	return status < 500
}
