package conformance

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/openapi"
)

// takeService takes the external service that is to be judged.
func (s *suite) takeService() error {
	switch o := s.options; {
	case o.Receiver == nil:
		return usage("to judge a service needs a receiver, which passes deliveries on to it")
	case o.Tokens[scenario.Developer] == "":
		return usage("to judge a service needs the token of a developer, by which it calls the API")
	case CheckURL(o.Service.URL) != nil && strings.ContainsAny(o.Service.URL, " \n") || o.Service.URL == "":
		return usage("%q is no address of a service", strictyaml.MaskURLs(o.Service.URL))
	}
	s.service = takeService(s.options.Service)
	s.secrets.add(s.service.Secret, "$SECRET")
	s.options.Receiver.service = s.service
	return nil
}

// serviceURL is where the service is that is judged, without secrets; empty where none is.
func (s *suite) serviceURL() string {
	if s.service == nil {
		return ""
	}
	return strictyaml.MaskURLs(s.service.URL)
}

// serviceUser makes the owner of the service's token a member of the project, before the service hears of it.
func (f *fixture) serviceUser(ctx context.Context) error {
	if f.suite.service == nil {
		return nil
	}
	_, err := f.suite.projects.identity(ctx, f.project, scenario.Developer)
	return err
}

// serviceProbe is a scenario in which a service can show what it does.
var serviceProbe = deliveryProbe("probe.service")

// probeService has a first look at the service: what it does when a merge request is opened and pushed to. What it was
// not seen to do is not judged.
func (s *suite) probeService(ctx context.Context, _ []*scenario.Scenario) error {
	if s.service == nil {
		return nil
	}
	if s.service.Secret == "" {
		s.facts.Missing[scenario.NeedSecret] = "no shared secret is given, so signatures are not judged"
	}
	if err := s.watchService(ctx); err != nil {
		return err
	}
	x := &execution{}
	var err error
	x.mark, err = s.watch.look(ctx)
	if err != nil {
		return err
	}
	x.fixture, err = s.prepare(ctx, serviceProbe, s.maker(serviceProbe.ID), nil)
	if err == nil {
		err = s.firstLook(ctx, x)
	}
	if err != nil {
		return s.unreachable(err)
	}
	if err := x.remove(ctx); err != nil {
		s.leave("after the first look at the service: " + err.Error())
	}
	return nil
}

func (s *suite) firstLook(ctx context.Context, x *execution) error {
	if err := s.firstReception(ctx, x); err != nil {
		return err
	}
	silent := x.awaitStatus(ctx, &scenario.AnswerStep{Check: "probe", Status: []string{"pending", "passed", "failed"}})
	if silent != nil && silent.outcome == Errored {
		return errors.New(silent.Message)
	}
	if silent != nil {
		s.facts.Missing[scenario.NeedAnswers] = "at the first look " + silent.Message
		return nil
	}
	x.awaitStatus(ctx, &scenario.AnswerStep{Check: "probe"}) // a scenario will say if it does not finish
	if err := x.push(ctx, ""); err != nil {
		return err
	}
	x.awaitStatus(ctx, &scenario.AnswerStep{Check: "probe"})
	if err := x.rest(ctx, restTime); err != nil {
		return err
	}
	s.note(x.latest())
	return nil
}

// firstReception waits until the service has answered its first delivery. The error says that none came here, for which
// the service is not to blame, or that nobody answers there.
func (s *suite) firstReception(ctx context.Context, x *execution) error {
	var first *delivery
	arrived, err := s.target.poll(ctx, s.options.ReceiverWait, func() (bool, error) {
		err := s.control.flush(ctx)
		first = s.options.Receiver.newest(x.hooks+"/probe", x.iid)
		return first != nil, err
	})
	switch {
	case err != nil:
		return err
	case !arrived:
		return trouble(Unreachable, err, "no delivery of %s reached %s within %s. The service hears of merge requests "+
			"that way, so it cannot be judged. The mock must reach that address, and be allowed to send to it.",
			s.target.root, s.options.Receiver.URL(), s.options.ReceiverWait)
	}
	var unanswered error
	_, err = s.target.poll(ctx, s.service.Limit, func() (replied bool, err error) {
		_, replied, unanswered = s.options.Receiver.received(first)
		return replied, nil
	})
	if err == nil && unanswered != nil {
		err = s.noService(unanswered)
	}
	return err
}

// noService says that nothing can be said about a service that takes no deliveries.
func (s *suite) noService(err error) error {
	return trouble(Unreachable, err, "%s: %v. Start the service, or mend --service.", s.serviceURL(), err)
}

// note notes what the service was not seen to do.
func (s *suite) note(calls []serviceCall) {
	unseen := map[string]string{
		scenario.NeedPending: "it was not seen to set pending",
		scenario.NeedLists:   "it was not seen to read lists",
		scenario.NeedWrites:  "it was not seen to comment on merge requests or to change them",
	}
	for i := range calls {
		c := &calls[i]
		op := openapi.GitLab().Operation(c.operation)
		switch {
		case op == nil:
		case c.operation == "createStatusCheckResponse":
			if c.parameter("status") == "pending" {
				delete(unseen, scenario.NeedPending)
			}
		case op.Method == http.MethodGet && strings.HasPrefix(op.ID, "list"):
			delete(unseen, scenario.NeedLists)
		case op.Method != http.MethodGet:
			delete(unseen, scenario.NeedWrites)
		}
	}
	for need, reason := range unseen {
		s.facts.Missing[need] = "left out by the service: " + reason
	}
}

// watchService finds out who the service is, so that its calls are known by their user.
func (s *suite) watchService(ctx context.Context) error {
	a, _, err := s.projects.maker.call(ctx, s.options.Tokens[scenario.Developer], "getCurrentUser", nil)
	if err != nil {
		return connectionTrouble(err, s.target.root)
	}
	name := a.text("username")
	if a.status != http.StatusOK || name == "" {
		return usage("the token of the service is refused: GitLab answered %d", a.status)
	}
	if !s.control.has(scenario.NeedControl) {
		return usage("a service can be judged with a mock GitLab only: %s has no control surface", s.target.root)
	}
	s.watch = &watch{control: s.control, user: name}
	if _, err := s.watch.look(ctx); err != nil {
		return fmt.Errorf("look at the mock's journal: %w", err)
	}
	return nil
}
