package conformance

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/statuschecks/statuschecks/conformance/internal/contract"
)

// deletion says how to look at, and delete, what GitLab deletes in two steps.
type deletion struct {
	show, remove string
	path         string // the member of the answer that the second step must repeat
}

var deletions = map[string]deletion{
	"project": {"getProject", "deleteProject", "path_with_namespace"},
	"group":   {"getGroup", "deleteGroup", "full_path"},
}

// permanently is the parameter of the second step, which earlier releases do not have.
const permanently = "permanently_remove"

// markedError is about a thing that the target will remove by itself, and not before.
type markedError struct{ cause error }

func (e *markedError) Error() string {
	text := "is marked for deletion, and the server removes it when its days of grace are over"
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

// removeInSteps deletes a project or a group for good, whether it stands, is marked for deletion already, or is gone.
// Since 16.0 GitLab first only marks it, and 18.0 renames it; the second call must name it as it is called by then.
func (s *suite) removeInSteps(ctx context.Context, m ledgerEntry) error {
	how, doing := deletions[m.Kind], "delete the "+m.Kind+" "+m.ID
	if away, err := s.stillOurs(ctx, m, how); away || err != nil {
		return err
	}
	first, err := s.projects.maker.make(ctx, errand{doing, s.options.Token, how.remove, map[string]any{"id": m.ID}},
		202, 400, 404)
	if err != nil {
		return err
	}
	refused, asked := first.status == http.StatusBadRequest, false
	away, err := s.target.poll(ctx, s.options.Patience, func() (bool, error) {
		at, away, err := s.look(ctx, m, how)
		marked := isMarked(at)
		switch {
		case away || err != nil || asked:
			return away, err
		case refused && !marked:
			return false, fmt.Errorf("%s: it is refused with 400 %s", doing, cut(string(first.raw), 300))
		case !s.target.takes(how.remove, permanently):
			return false, markedForLater(marked, nil)
		}
		if err := s.same(m, at, how.path); err != nil {
			return false, err
		}
		asked = true
		if err := s.removeMarked(ctx, m, how, at); err != nil {
			return false, err
		}
		_, away, err = s.look(ctx, m, how)
		return away, err
	})
	if err == nil && !away {
		return fmt.Errorf("%s: it is still there after %s", doing, s.options.Patience)
	}
	return err
}

// stillOurs holds that a thing is what the run made, if it is there at all.
func (s *suite) stillOurs(ctx context.Context, m ledgerEntry, how deletion) (away bool, err error) {
	at, away, err := s.look(ctx, m, how)
	if away || err != nil {
		return away, err
	}
	return false, s.same(m, at, how.path)
}

// look shows what is left of a thing.
func (s *suite) look(ctx context.Context, m ledgerEntry, how deletion) (at *answer, away bool, err error) {
	at, err = s.projects.maker.make(ctx, errand{
		"look at the " + m.Kind + " " + m.ID, s.options.Token, how.show, map[string]any{"id": m.ID},
	}, http.StatusOK, http.StatusNotFound)
	return at, err == nil && at.status == http.StatusNotFound, err
}

// removeMarked takes the second step.
func (s *suite) removeMarked(ctx context.Context, m ledgerEntry, how deletion, at *answer) error {
	with := map[string]any{"id": m.ID, permanently: true, "full_path": at.text(how.path)}
	a, err := s.projects.maker.make(ctx, errand{
		"delete the " + m.Kind + " " + m.ID + " for good", s.options.Token, how.remove,
		with,
	}, 202, 404)
	if a != nil && a.status == http.StatusBadRequest && isMarked(at) {
		return markedForLater(true, err)
	}
	return err
}

func isMarked(a *answer) bool { return a != nil && a.member("marked_for_deletion_on") != nil }

func markedForLater(marked bool, cause error) error {
	if !marked {
		return nil
	}
	return &markedError{cause}
}

// takes tells whether the target's release has a parameter of an operation.
func (t *target) takes(operation, parameter string) bool {
	op := t.ownOperation(operation)
	return op != nil && slices.Contains(contract.ParameterNames(op), parameter)
}
