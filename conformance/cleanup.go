package conformance

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// CleanUp removes what an earlier run left behind, by its ledger. Of the options it uses URL (empty means the ledger's),
// Token, Ledger, Patience, Rate, Transport, Clock and Wait. It returns what it removed, and an error that names what is
// still there.
func CleanUp(ctx context.Context, options Options) (removed []string, err error) {
	o := options.withDefaults()
	l, head, err := openLedger(o.Ledger)
	if err != nil {
		return nil, err
	}
	if o.URL == "" {
		o.URL = head.URL
	}
	s, err := newSuite(o)
	if err != nil {
		return nil, errors.Join(err, l.close())
	}
	if s.target.root != head.URL {
		return nil, errors.Join(usage("the ledger %s is about %s, not %s", o.Ledger, head.URL, s.target.root), l.close())
	}
	if err := s.target.connect(ctx); err != nil {
		return nil, errors.Join(s.redacted(err), l.close())
	}
	s.ledger = l
	s.findUnanswered(ctx)
	before := l.left()
	s.removeAll(ctx)
	for _, m := range before {
		removed = append(removed, m.text())
	}
	var left error
	for _, m := range l.left() {
		left = errors.Join(left, fmt.Errorf("still there: %s", m.text()))
	}
	for _, text := range s.left {
		left = errors.Join(left, errors.New(text))
	}
	if left != nil {
		removed = nil
	}
	return removed, errors.Join(left, l.close())
}

// text names a thing for people.
func (m made) text() string {
	text := m.Kind + " " + m.ID
	if m.Name != "" {
		text += " (" + m.Name + ")"
	}
	return text
}

// cleanUp removes what the run made, also after an interruption, unless it is to be kept.
func (s *suite) cleanUp(ctx context.Context) {
	if s.options.Keep {
		for _, m := range s.ledger.left() {
			s.leave("kept: " + m.text())
		}
	} else {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*s.options.Patience)
		defer cancel()
		s.target.health.oneMoreTry()
		s.findUnanswered(ctx)
		s.removeAll(ctx)
	}
	if err := s.ledger.close(); err != nil {
		s.leave(err.Error())
	}
}

// findUnanswered looks, by the exact names that the run gave, for what it asked for without learning what became of it,
// and puts into the ledger what stands.
func (s *suite) findUnanswered(ctx context.Context) {
	for _, intent := range s.ledger.unanswered() {
		how := searches[intent.Kind]
		with := map[string]any{}
		if how.parameter != "" {
			with[how.parameter] = intent.Name
		}
		a, err := s.projects.maker.make(ctx, "look for the "+intent.Kind+" "+intent.Name, s.options.Token, how.operation, with)
		if err != nil {
			s.leave(fmt.Sprintf("%s may be left: %v", intent.text(), err))
			continue
		}
		list, _ := a.body.([]any)
		for _, item := range list {
			found := newFound(item)
			if found.text(how.key) == intent.Name {
				err = s.ledger.add(entryFor(intent.Kind, found.integer("id"), "", intent.Name))
			}
		}
		if err != nil {
			s.leave(err.Error())
			continue
		}
		s.ledger.gone(intent)
	}
}

// searches say how each kind of thing is looked for: by which operation, with the name as which parameter, and which member of an item is
// the name.
var searches = map[string]struct{ operation, parameter, key string }{
	"project":     {"listProjects", "search", "path"},
	"user":        {"listUsers", "username", "username"},
	"group":       {"listGroups", "search", "path"},
	"member_role": {"listMemberRoles", "", "name"},
}

// newFound shows an item of a list as an answer of its own.
func newFound(item any) *answer { return &answer{body: item, isJSON: true} }

// removeAll removes what the ledger holds, projects side by side and before the users that own them.
func (s *suite) removeAll(ctx context.Context) {
	left := s.ledger.left()
	seats := make(chan struct{}, s.options.Jobs)
	var wait sync.WaitGroup
	for _, m := range left {
		if m.Kind != "project" {
			continue
		}
		seats <- struct{}{}
		wait.Go(func() {
			defer func() { <-seats }()
			s.removed(m, s.removeInSteps(ctx, m))
		})
	}
	wait.Wait()
	for _, m := range left {
		switch m.Kind {
		case "project":
		case "group":
			s.removed(m, s.removeInSteps(ctx, m))
		default:
			s.removed(m, s.removeOther(ctx, m))
		}
	}
}

func (s *suite) removed(m made, err error) {
	var later *markedError
	if errors.As(err, &later) {
		s.leave(m.text() + " " + err.Error())
	} else if err != nil {
		s.leave(fmt.Sprintf("%s is left: %v", m.text(), err))
		return
	}
	s.ledger.gone(m)
}

// removeOther deletes what stands outside of any project of the run.
func (s *suite) removeOther(ctx context.Context, m made) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return s.removeThing(ctx, s.projects.maker, s.options.Token, m)
}

// removals say how each kind of thing is removed: by which operation, and which parameter names the thing. What is gone
// already answers 404.
var removals = map[string]struct{ operation, parameter string }{
	"user":                  {"deleteUser", "id"},
	"group":                 {"deleteGroup", "id"},
	"member_role":           {"deleteMemberRole", "member_role_id"},
	"project_member":        {"deleteProjectMember", "user_id"},
	"approval_rule":         {"deleteApprovalRule", "approval_rule_id"},
	"external_status_check": {"deleteExternalStatusCheck", "check_id"},
	"project_access_token":  {"revokeProjectAccessToken", "token_id"},
	"branch":                {"deleteBranch", "branch"},
	"protected_branch":      {"deleteProtectedBranch", "name"},
	"merge_request":         {"updateMergeRequest", "merge_request_iid"},
}

// removeThing removes one thing. A merge request can only be closed, and one that is merged stays so.
func (s *suite) removeThing(ctx context.Context, m *maker, token string, thing made) error {
	how, known := removals[thing.Kind]
	if !known {
		return fmt.Errorf("the ledger names a %s, which is not known here", thing.Kind)
	}
	with := map[string]any{how.parameter: thing.ID}
	if thing.In != "" {
		with["id"] = thing.In
	}
	switch thing.Kind {
	case "user":
		with["hard_delete"] = true
	case "group":
		return s.removeInSteps(ctx, thing)
	case "member_role":
		return s.removeWhenFree(ctx, m, token, thing, how.operation, with)
	case "merge_request":
		a, err := m.make(ctx, "read "+thing.text(), token, "getMergeRequest", with, 200, 404)
		if err != nil || a.status == 404 || a.text("state") != "opened" {
			return err
		}
		with["state_event"] = "close"
		_, err = m.make(ctx, "close "+thing.text(), token, how.operation, with)
		return err
	}
	_, err := m.make(ctx, "remove "+thing.text(), token, how.operation, with, 204, 404)
	return err
}

// removeWhenFree removes a custom role as soon as nobody has it any more. That may be later than the project is gone in which somebody had.
func (s *suite) removeWhenFree(ctx context.Context, m *maker, token string, thing made, operation string, with map[string]any) error {
	free, err := s.target.poll(ctx, s.options.Patience, func() (bool, error) {
		a, err := m.make(ctx, "remove "+thing.text(), token, operation, with, http.StatusNoContent, http.StatusNotFound, http.StatusBadRequest)
		return err == nil && a.status != http.StatusBadRequest, err
	})
	if err == nil && !free {
		return fmt.Errorf("remove %s: somebody still has it after %s", thing.text(), s.options.Patience)
	}
	return err
}
