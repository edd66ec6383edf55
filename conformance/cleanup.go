package conformance

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/release"
)

// Cleaned describes what CleanUp did.
type Cleaned struct {
	Removed []string
	Stays   []Stay
}

// CleanUp deletes what an earlier run left on a server, using the ledger file of the run. It requires the Token of the
// target. If URL is empty, it takes the URL in the ledger. It uses the Pace and the Transport of the target, and the
// Clock, Wait and Product of the options. It returns what it did, and an error that lists what is still there.
func CleanUp(ctx context.Context, target Target, ledger string, ro RunOptions) (Cleaned, error) {
	o := options{Target: target, RunOptions: ro}.withDefaults()
	o.Ledger = ledger
	l, head, err := openLedger(ledger)
	if err != nil {
		return Cleaned{}, err
	}
	if o.URL == "" {
		o.URL = head.URL
	}
	s, err := newSuite(o)
	if err != nil {
		return Cleaned{}, errors.Join(err, l.close())
	}
	if s.target.root != head.URL {
		return Cleaned{}, errors.Join(usage("the ledger %s is about %s, not %s; if that is the same "+
			"server at another address, change the url in the first line of the ledger", o.Ledger, head.URL,
			s.target.root), l.close())
	}
	s.target.assumed, s.projects.maker.cleaning = release.Reference, true // nothing is judged, so any version will do
	if err := s.target.connect(ctx); err != nil {
		return Cleaned{}, errors.Join(s.redacted(err), l.close())
	}
	s.ledger = l
	s.findUnanswered(ctx)
	before := l.left()
	s.removeAll(ctx)
	return s.cleaned(before), errors.Join(s.stillThere(), l.close())
}

// cleaned tells what became of things that the ledger named.
func (s *suite) cleaned(before []ledgerEntry) Cleaned {
	left := s.ledger.left()
	result := Cleaned{Stays: staysOf(s.stays)}
	for _, m := range before {
		stays := slices.ContainsFunc(s.stays, func(one stay) bool { return one.of == m })
		if !stays && !slices.Contains(left, m) {
			result.Removed = append(result.Removed, m.text())
		}
	}
	return *redacted(&result, s.secrets)
}

// stillThere is the error that says what a clean-up left, and why; nil when that is nothing.
func (s *suite) stillThere() error {
	var left error
	for _, text := range append(slices.Clone(s.left), s.ledger.strange...) {
		left = errors.Join(left, errors.New(text))
	}
	if left == nil {
		return nil
	}
	if len(s.ledger.left())+len(s.ledger.unanswered())+len(s.ledger.strange) == 0 {
		return left
	}
	return errors.Join(left, fmt.Errorf("the ledger %s is kept; delete it when the server has nothing more of the "+
		"run %s", s.ledger.path, s.ledger.run))
}

// text names a thing for people.
func (m ledgerEntry) text() string {
	text := m.Kind + " " + m.ID
	if m.Name != "" {
		text += " (" + m.Name + ")"
	}
	return text
}

// cleanUp removes what the run made, also after an interruption, unless it is to be kept or goes with the server.
func (s *suite) cleanUp(ctx context.Context) {
	switch {
	case s.options.Keep:
		for _, m := range s.ledger.left() {
			s.leave("kept: " + m.text())
		}
	case s.options.EndsAfter:
		for _, m := range s.ledger.left() {
			s.ledger.gone(m)
		}
	default:
		ctx, cancel := s.care(ctx, 3*s.options.Patience)
		defer cancel()
		s.target.health.oneMoreTry()
		s.target.slowed.startAgain()
		s.projects.maker.cleaning = true
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
		if err := s.patiently(ctx, func() error { return s.findIntended(ctx, intent) }); err != nil {
			s.leave(fmt.Sprintf("%s may be left: %v", intent.text(), err))
			continue
		}
		s.ledger.gone(intent)
	}
}

func (s *suite) findIntended(ctx context.Context, intent ledgerEntry) error {
	how, known := searches[intent.Kind]
	if !known {
		return fmt.Errorf("a %s cannot be looked for", intent.Kind)
	}
	with := map[string]any{}
	if how.parameter != "" {
		with[how.parameter] = intent.Name
	}
	if intent.In != "" {
		with["id"] = intent.In
	}
	var wrong error
	err := s.projects.maker.eachItem(ctx, errand{
		"look for the " + intent.Kind + " " + intent.Name, s.options.Token,
		how.operation, with,
	}, func(item *answer) bool {
		if item.text(how.key) != intent.Name {
			return true
		}
		found := ledgerEntry{
			Kind: intent.Kind, ID: jsonvalue.Text(item.member(cmp.Or(things[intent.Kind].id, "id"))), In: intent.In,
			Name: intent.Name, Address: item.text("external_url"),
		}
		if path := deletions[intent.Kind].path; path != "" {
			found.Name = cmp.Or(item.text(path), intent.Name)
		}
		switch {
		case found.wrong() != nil:
			wrong = errors.New("the server lists it without an id")
			return true
		case !bears(found.Name, s.ledger.run) && !bears(found.Address, s.ledger.run):
			wrong = errors.New("there is one of that name, and nothing tells whether it is the run's")
			return true
		}
		if len(s.ledger.known(found)) == 0 {
			wrong = errors.Join(wrong, s.ledger.add(found.at(item)))
		}
		return true
	})
	return errors.Join(err, wrong)
}

// searches say how each kind of thing is looked for: by which operation, with the name as which parameter, and which
// member of an item is the name.
var searches = map[string]struct{ operation, parameter, key string }{
	"project":               {"listProjects", "search", "path"},
	"user":                  {"listUsers", "username", "username"},
	"group":                 {"listGroups", "search", "path"},
	"member_role":           {"listMemberRoles", "", "name"},
	"external_status_check": {"listExternalStatusChecks", "", "name"},
	"project_access_token":  {"listProjectAccessTokens", "", "name"},
	"merge_request":         {"listMergeRequests", "source_branch", "source_branch"},
}

// newFound shows an item of a list as an answer of its own.
func newFound(item any) *answer { return &answer{body: item, isJSON: true} }

// removeAll removes what the ledger holds: the projects, then the groups from the deepest on, and then the rest, such
// as the users who own them.
func (s *suite) removeAll(ctx context.Context) {
	left := s.ledger.left()
	s.removeSideBySide(ctx, ofKind(left, "project"))
	groups := map[int][]ledgerEntry{} // by how deep they lie
	for _, m := range ofKind(left, "group") {
		deep := strings.Count(m.Name, "/")
		groups[deep] = append(groups[deep], m)
	}
	for _, deep := range slices.Backward(slices.Sorted(maps.Keys(groups))) {
		s.removeSideBySide(ctx, groups[deep])
	}
	for _, m := range left {
		if _, inSteps := deletions[m.Kind]; !inSteps {
			s.removed(m, s.patiently(ctx, func() error { return s.removeOther(ctx, m) }))
		}
	}
}

func ofKind(entries []ledgerEntry, kind string) (found []ledgerEntry) {
	for _, m := range entries {
		if m.Kind == kind {
			found = append(found, m)
		}
	}
	return found
}

// removalsPerJob is how many projects or groups are removed while one scenario would run: it is nearly all waiting,
// with a question now and then.
const removalsPerJob = 4

// removeSideBySide removes projects or groups of which none is in another. The server takes its time for each.
func (s *suite) removeSideBySide(ctx context.Context, entries []ledgerEntry) {
	seats := make(chan struct{}, removalsPerJob*s.options.Jobs)
	var wait sync.WaitGroup
	for _, m := range entries {
		seats <- struct{}{}
		wait.Go(func() {
			defer func() { <-seats }()
			s.removed(m, s.patiently(ctx, func() error { return s.removeInSteps(ctx, m) }))
		})
	}
	wait.Wait()
}

// removalPatience is how long a removal is tried again and again after trouble that may pass.
const removalPatience = 10 * time.Second

// patiently does what may be done again, until it works or fails for a reason that stays. Beside a run that is over
// nobody would see why one response of a proxy left a project behind.
func (s *suite) patiently(ctx context.Context, do func() error) (err error) {
	_, _ = s.target.poll(ctx, removalPatience, func() (bool, error) { // which ends early only if it is interrupted
		err = do()
		return !mayPass(err), nil
	})
	return err
}

// mayPass tells whether a request failed for a reason that may be over soon: it got no answer, or one with 5xx.
func mayPass(err error) bool {
	var failed *fixtureError
	var givenUp *TargetError
	return errors.As(err, &failed) && !errors.As(err, &givenUp) &&
		(failed.Err != nil || failed.exchange.Status >= http.StatusInternalServerError)
}

func (s *suite) removed(m ledgerEntry, err error) {
	var later *markedError
	var other *notOurs
	switch {
	case errors.As(err, &later):
		s.leave(m.text() + " " + err.Error())
	case errors.As(err, &other):
		s.refuse(m.text() + " " + err.Error())
		return
	case err != nil:
		s.leave(fmt.Sprintf("%s is left: %v", m.text(), err))
		return
	}
	s.ledger.gone(m)
}

// refuse notes that the target has something else where the run made a thing.
func (s *suite) refuse(text string) {
	s.leave(text)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused = append(s.refused, s.secrets.redact(text))
}

// removeOther deletes what stands outside of any project of the run.
func (s *suite) removeOther(ctx context.Context, m ledgerEntry) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return s.removeThing(ctx, s.projects.maker, s.options.Token, m)
}

// removeThing removes one thing, if it is what the run made. What is gone already answers 404.
func (s *suite) removeThing(ctx context.Context, m *maker, token string, about ledgerEntry) error {
	if _, inSteps := deletions[about.Kind]; inSteps {
		return s.removeInSteps(ctx, about)
	}
	if !s.options.EndsAfter { // else nobody else can have put anything in its place
		if gone, err := s.prove(ctx, m, token, about); gone || err != nil {
			return err
		}
	}
	how := things[about.Kind]
	with := map[string]any{how.parameter: about.ID}
	if about.In != "" {
		with["id"] = about.In
	}
	switch about.Kind {
	case "user":
		with["hard_delete"] = true
	case "member_role":
		return s.removeWhenFree(ctx, m, errand{"remove " + about.text(), token, how.remove, with})
	case "merge_request":
		return s.removeMergeRequest(ctx, m, token, about, with)
	}
	_, err := m.make(ctx, errand{"remove " + about.text(), token, how.remove, with}, 204, 404)
	return err
}

// removeWhenFree removes a custom role as soon as nobody has it any more. That may be later than the project is gone in
// which somebody had.
func (s *suite) removeWhenFree(ctx context.Context, m *maker, e errand) error {
	free, err := s.target.poll(ctx, s.options.Patience, func() (bool, error) {
		a, err := m.make(ctx, e, http.StatusNoContent, http.StatusNotFound, http.StatusBadRequest)
		return err == nil && a.status != http.StatusBadRequest, err
	})
	if err == nil && !free {
		return fmt.Errorf("%s: somebody still has it after %s", e.doing, s.options.Patience)
	}
	return err
}
