package conformance

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/statuschecks/statuschecks/conformance/scenario"
)

// health notices that a target has stopped answering, so that a run ends and does not wait for every request left.
type health struct {
	mu      sync.Mutex
	answers int // in all
	lost    int // requests without an answer, in a row
	refused int // answers in a row that say nothing about the API
	givenUp *TargetError
}

const (
	// maxLost is how many requests in a row may stay without an answer, and maxRefused how many may be answered by
	// something before the API, until the target is given up.
	maxLost    = 4
	maxRefused = 25
)

// verdict is the trouble with a target that was given up; nil while there is hope.
func (h *health) verdict() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.givenUp == nil {
		return nil
	}
	return h.givenUp
}

// giveUp ends the run for a reason of its own.
func (h *health) giveUp(why *TargetError) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.givenUp == nil {
		h.givenUp = why
	}
	return h.givenUp
}

// saw takes note of what became of a request. An interrupted run says nothing about the target.
func (h *health) saw(ctx context.Context, a *answer, err error, root string) {
	if err != nil && (ctx.Err() != nil || errors.Is(err, context.Canceled)) {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case err != nil:
		h.lost++

	case saysNothing(a.status):
		h.answers, h.lost, h.refused = h.answers+1, 0, h.refused+1
	default:
		h.answers, h.lost, h.refused = h.answers+1, 0, 0
	}
	switch {
	case h.givenUp != nil || h.answers == 0:
	case h.lost >= maxLost:
		h.givenUp = trouble(Unreachable, err, "%s stopped answering after %d answers: %s The run was ended, as "+
			"nothing can be judged so.", root, h.answers,
			connectionTrouble(err, root).Message)
	case h.refused >= maxRefused:
		h.givenUp = trouble(Unreachable, nil, "%s answered the last %d requests with %d: it, or a proxy before it, "+
			"is overloaded or down. The run was ended, as nothing can be judged so.",
			root, h.refused, a.status)
	}
}

// oneMoreTry lets requests through again, until one is lost.
func (h *health) oneMoreTry() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.givenUp != nil {
		h.givenUp, h.lost, h.refused = nil, maxLost-1, maxRefused-1
	}
}

// saysNothing tells statuses by which a server, or what stands before it, declines to answer at all.
func saysNothing(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// declined is the failure for an answer that says nothing about the API.
func declined(step *scenario.Step, status int) *mishap {
	what := "the server, or a proxy before it, did not let the request through"
	if status == http.StatusTooManyRequests {
		what = fmt.Sprintf("the server asks to slow down and still does after %d attempts; lower --rate or --jobs",
			maxRetries+1)
	}
	return &mishap{Failure: Failure{
		Action:  describeCall(step),
		Message: fmt.Sprintf("the answer %d says nothing about the API: %s", status, what),
	}, outcome: Errored}
}

// stillSound looks once more at what every scenario rests on when answers came that the loss of it explains: the token,
// and the project that the run made first. Where one is gone, no verdict can rest on what was seen.
func (s *suite) stillSound(ctx context.Context, results []scenarioRun) error {
	if ctx.Err() != nil || !slices.ContainsFunc(results, ofLoss) {
		return nil
	}
	a, _, err := s.projects.maker.call(ctx, s.options.Token, "getCurrentUser", nil)
	switch {
	case err != nil:
		return nil
	case a.status == http.StatusUnauthorized:
		return trouble(BadToken, nil, "%s took the token when the run began and does not any more: it has "+
			"expired, or somebody revoked it. The run is no use; begin it again with another.", s.target.root)
	case a.status != http.StatusOK || !a.isJSON:
		now := nobodysToken(a, s.target.root)
		return trouble(now.Kind, nil, "the server answered when the run began and does not any more: %s The run is no "+
			"use; begin it again.", now.Message)
	}
	shared, err := s.projects.sharedProject(ctx, projectKind{visibility: "private"})
	if err != nil {
		return nil
	}
	a, _, err = s.projects.maker.call(ctx, shared.creator.token, "getProject", map[string]any{"id": shared.id})
	if err == nil && a.status == http.StatusNotFound {
		return trouble(LostData, nil, "%s has lost the project %s during the run: it was started anew without its "+
			"data, or somebody deleted the project. The run is no use; begin it again.", s.target.root, shared.path)
	}
	return nil
}

// ofLoss tells results that lost data, a token that lapsed, or a sign-in page in between explains.
func ofLoss(r scenarioRun) bool {
	if r.mishap == nil || r.mishap.exchange == nil {
		return false
	}
	status := r.mishap.exchange.Status
	return status == http.StatusUnauthorized || status == http.StatusNotFound || status >= 300 && status < 400 ||
		r.Outcome == Errored
}
