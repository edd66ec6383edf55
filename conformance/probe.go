package conformance

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/conformance/scenario"
)

const (
	ownPeople     = "own people"     // what a run lacks that can make no users
	customRoles   = "custom roles"   // what a target lacks on which nobody can be given a custom role
	approvalRules = "approval rules" // what a target lacks on which projects cannot be given rules for approvals
	graphQL       = "GraphQL"        // what a target lacks that has the REST API alone
)

// probe finds out what the target can do, as far as the chosen scenarios ask, and makes the shared projects.
func (s *suite) probe(ctx context.Context, chosen []*scenario.Scenario) error {
	s.facts = Facts{
		Version: s.target.version, Patch: s.target.patch, Newer: s.target.newer, Licensed: true,
		Missing: map[string]string{},
	}
	s.target.useValidator(s.options.Strict)
	s.probeControl(ctx)
	if err := s.probeToken(ctx); err != nil {
		return err
	}
	steps := []func(context.Context, []*scenario.Scenario) error{
		s.probeProjects, s.probeLicence, s.probeGroup, s.probeRoles,
		s.probePeople, s.probeCustomRoles, s.probeApprovalRules, s.probeGraphQL, s.probeReceiver, s.probeService,
	}
	for _, step := range steps {
		wanted := s.stillWanted(chosen)
		if len(wanted) == 0 {
			return nil
		}
		if err := step(ctx, wanted); err != nil {
			return err
		}
	}
	return nil
}

// stillWanted are the scenarios that would run by what is known so far.
func (s *suite) stillWanted(chosen []*scenario.Scenario) []*scenario.Scenario {
	var wanted []*scenario.Scenario
	for _, p := range Plan(chosen, s.facts, s.options.Selection) {
		if p.Run {
			wanted = append(wanted, p.Scenario)
		}
	}
	return wanted
}

func (s *suite) probeControl(ctx context.Context) {
	s.control.discover(ctx)
	for need, reason := range map[string]string{
		scenario.NeedControl: "the target has no mock's control surface",
		scenario.NeedClock:   "the target's clock cannot be moved",
		scenario.NeedLicence: "the target's licence cannot be switched",

		scenario.NeedSHASwitch: "whether merging must name the commit cannot be switched",
	} {
		if !s.control.has(need) {
			s.facts.Missing[need] = reason
		}
	}
}

func (s *suite) probeToken(ctx context.Context) error {
	a, _, err := s.projects.maker.call(ctx, s.options.Token, "getCurrentUser", nil)
	if err != nil {
		return connectionTrouble(err, s.target.root)
	}
	if a.status != http.StatusOK || !a.isJSON {
		return nobodysToken(a, s.target.root)
	}
	s.projects.creator.userID = a.integer("id")
	s.target.home = cmp.Or(pageOf(a), s.target.root)
	if a.member("is_admin") != true {
		s.facts.Missing[scenario.NeedAdmin] = noAdmin
	}
	if len(s.options.Tokens) > 0 {
		s.facts.Missing[ownTokens] = noTokensMade
	}
	if s.service == nil {
		s.facts.Missing[scenario.NeedService] = "no external service is judged; statuschecks judge does that"
	}
	if s.options.Receiver == nil {
		s.facts.Missing[scenario.NeedReceiver] = noReceiver
	}
	return nil
}

// probeProjects makes the shared project of each visibility that is asked for. Without a private one nothing can run.
func (s *suite) probeProjects(ctx context.Context, wanted []*scenario.Scenario) error {
	if s.options.Project != "" {
		return s.probeGiven(ctx)
	}
	if err := s.resolveNamespace(ctx); err != nil {
		return err
	}
	for _, visibility := range scenario.Visibilities {
		asked := slices.ContainsFunc(wanted,
			func(c *scenario.Scenario) bool { return c.Given.Project.Visibility == visibility })
		if visibility != "private" && !asked {
			continue
		}
		_, err := s.projects.sharedProject(ctx, projectKind{visibility: visibility})
		var refused *fixtureError
		switch {
		case err == nil:
		case !errors.As(err, &refused) || refused.Err != nil:
			return s.unreachable(err)
		case visibility == "private":
			return noProjectToUse(refused)
		default:
			s.facts.Missing["visibility "+visibility] = "no " + visibility + " project can be made: " +
				s.secrets.redact(err.Error())
		}
	}
	return nil
}

// noProjectToUse explains why there is no project to work in.
func noProjectToUse(refused *fixtureError) *TargetError {
	const otherwise = "Give a namespace where projects can be made (--namespace), or a project to work in (--project)"
	switch status := refused.exchange.Status; {
	case refused.exchange.Operation != "createProject":
		return trouble(NoPermission, refused, "a project was made and is of no use: %v. Every scenario needs this "+
			"operation.", refused)
	case status != http.StatusForbidden && slices.Contains(absentStatuses, status):
		return trouble(NoPermission, refused, "the server makes no projects: %v. %s.", refused, otherwise)
	}
	return trouble(NoPermission, refused, "the token cannot make a project: %v. %s, or the token of someone who may "+
		"make one.", refused, otherwise)
}

// unreachable explains an error that is no answer.
func (s *suite) unreachable(err error) error {
	var refused *fixtureError
	if errors.As(err, &refused) && refused.Err != nil {
		return connectionTrouble(refused.Err, s.target.root)
	}
	return err
}

// probeLicence asks for the checks of the shared project: its creator may list them, so a 401 means no licence.
func (s *suite) probeLicence(ctx context.Context, _ []*scenario.Scenario) error {
	shared, err := s.projects.sharedProject(ctx, projectKind{visibility: "private"})
	if err != nil {
		return err
	}
	a, _, err := s.projects.maker.call(ctx, shared.creator.token, "listExternalStatusChecks",
		map[string]any{"id": shared.id})
	if err != nil {
		return connectionTrouble(err, s.target.root)
	}
	s.facts.Licensed = a.status != http.StatusUnauthorized
	return nil
}

// probeRoles gets an identity for every role that is asked for.
func (s *suite) probeRoles(ctx context.Context, wanted []*scenario.Scenario) error {
	shared, err := s.projects.sharedProject(ctx, projectKind{visibility: "private"})
	if err != nil {
		return err
	}
	for _, role := range scenario.Roles {
		if !slices.ContainsFunc(wanted, func(c *scenario.Scenario) bool { return slices.Contains(c.Roles(), role) }) {
			continue
		}
		_, err := s.projects.identity(ctx, shared, role)
		if role == scenario.Admin && err == nil { // who must be no member, so somebody else's project is needed
			_, err = s.projects.sharedProject(ctx, projectKind{visibility: "private", userOwned: true})
		}
		if err := s.lacks("role "+string(role), noIdentity+string(role)+" can be made",
			err); err != nil {
			return err
		}
	}
	return nil
}

// probePeople makes a user: an instance can be out of seats, or take its users from elsewhere.
func (s *suite) probePeople(ctx context.Context, wanted []*scenario.Scenario) error {
	if !slices.ContainsFunc(wanted, func(c *scenario.Scenario) bool { return len(c.Given.Members) > 0 }) {
		return nil
	}
	_, err := s.projects.user.get(ctx, s.projects.owner)
	return s.lacks(ownPeople, "no user can be made", err)
}

// lacks notes that the target refused something, so that what needs it is left out with the reason. Any other error is
// one of the run.
func (s *suite) lacks(need, what string, err error) error {
	var refused *fixtureError
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &refused) || refused.Err != nil:
		return s.unreachable(err)
	}
	s.facts.Missing[need] = what + ": " + s.secrets.redact(err.Error())
	return nil
}

// receiverProbe is a scenario that only has to cause a delivery.
var receiverProbe = deliveryProbe("probe.receiver")

// deliveryProbe is a scenario without steps: its merge request is opened while a check wants deliveries.
func deliveryProbe(id string) *scenario.Scenario {
	return &scenario.Scenario{
		ID: id, Level: scenario.Must, Isolation: scenario.Shared,
		Given: scenario.Given{
			Project:      scenario.ProjectGiven{Visibility: "private"},
			Checks:       []scenario.CheckGiven{{Key: "probe", Before: true}},
			MergeRequest: &scenario.MergeRequestGiven{Target: "main", Author: scenario.Creator},
		},
	}
}

// probeReceiver opens a merge request and looks whether the target tells our receiver. Where a service is judged, the
// first look at that shows it: the service would hear of a merge request that is gone before it can answer.
func (s *suite) probeReceiver(ctx context.Context, wanted []*scenario.Scenario) error {
	needed := func(c *scenario.Scenario) bool { return c.Need(scenario.NeedReceiver) }
	if s.service != nil || !slices.ContainsFunc(wanted, needed) {
		return nil
	}
	f, err := s.prepare(ctx, receiverProbe, s.maker(receiverProbe.ID), nil)
	var refused *fixtureError
	switch {
	case err == nil:
	case ctx.Err() != nil, errors.As(err, &refused) && refused.Err != nil:
		return s.unreachable(err)
	default:
		s.facts.Missing[scenario.NeedReceiver] = "whether deliveries arrive could not be seen: " +
			s.secrets.redact(err.Error())
		return nil
	}
	if err := s.control.flush(ctx); err != nil {
		return err
	}
	reached, err := s.target.poll(ctx, s.options.ReceiverWait, func() (bool, error) {
		return len(s.options.Receiver.at(f.hooks+"/probe", f.iid)) > 0, nil
	})
	if err != nil {
		return err
	}
	stray := s.options.Receiver.stray(f.hooks + "/probe")
	if !reached && stray != "" {
		s.facts.Missing[scenario.NeedReceiver] = "what reached " + s.options.Receiver.URL() + " does not tell which " +
			"merge request it is about: " + s.secrets.redact(stray)
	} else if !reached {
		s.facts.Missing[scenario.NeedReceiver] = fmt.Sprintf(noDelivery+"%s within %s; GitLab sends "+
			"nothing to "+
			"local addresses unless its administrator allows it",
			s.options.Receiver.URL(), s.options.ReceiverWait)
	}
	if err := f.remove(ctx); err != nil {
		s.leave("after the probe of deliveries: " + err.Error())
	}
	return nil
}

// foreign gives the other project with a check and a merge request of its own, made once.
func (s *suite) foreign(ctx context.Context) (scenario.Variables, error) {
	return s.other.get(ctx, s.makeForeign)
}

func (s *suite) makeForeign(ctx context.Context) (scenario.Variables, error) {
	other, err := s.projects.sharedProject(ctx, projectKind{visibility: "private", foreign: true})
	if err != nil {
		return nil, err
	}
	sc := &scenario.Scenario{ID: "other.project", Given: scenario.Given{
		Checks:       []scenario.CheckGiven{{Key: "other"}},
		MergeRequest: &scenario.MergeRequestGiven{Target: "main", Author: scenario.Creator},
	}}
	f := &fixture{
		suite: s, maker: s.maker("other.project"), scenario: sc, project: other, hooks: s.options.RunID +
			"/other",
		vars: scenario.Variables{"branch.main.id": other.branchID, "branch.main.name": other.main},
	}
	for _, step := range []func(context.Context) error{f.mergeRequest, f.checksAfter} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return scenario.Variables{
		"other.project.id": other.id, "other.check.id": f.vars["check.other.id"],
		"other.check.name":         f.vars["check.other.name"],
		"other.check.external_url": f.vars["check.other.external_url"], "other.branch.id": other.branchID,
		"other.mr.iid": f.iid, "other.mr.sha": f.vars["mr.sha"],
	}, nil
}

// probeCustomRoles asks for the custom roles of the instance, which an administrator of one that has them may see.
func (s *suite) probeCustomRoles(ctx context.Context, wanted []*scenario.Scenario) error {
	if !slices.ContainsFunc(wanted, (*scenario.Scenario).WithCustomRoles) {
		return nil
	}
	if s.target.operation("listMemberRoles") == nil {
		s.facts.Missing[customRoles] = fmt.Sprintf("GitLab %s has none that belong to the instance", s.target.version)
		return nil
	}
	a, _, err := s.projects.maker.call(ctx, s.options.Token, "listMemberRoles", nil)
	if err != nil {
		return connectionTrouble(err, s.target.root)
	}
	if a.status != http.StatusOK {
		s.facts.Missing[customRoles] = fmt.Sprintf("the target answered %d when asked for those of the instance, so "+
			"it has none or the token may not make any", a.status)
	}
	return nil
}

// probeApprovalRules makes an approval rule that requires nothing, in the run's own project, and removes it: an
// instance can be without such rules, and can forbid them to all but its administrators.
func (s *suite) probeApprovalRules(ctx context.Context, wanted []*scenario.Scenario) error {
	if !slices.ContainsFunc(wanted, func(c *scenario.Scenario) bool { return c.Calls("createApprovalRule") }) {
		return nil
	}
	shared, err := s.projects.sharedProject(ctx, projectKind{visibility: "private"})
	if err != nil {
		return err
	}
	who, err := s.projects.identity(ctx, shared, scenario.Maintainer)
	if err != nil {
		return err
	}
	with := map[string]any{"id": shared.id, "name": "statuschecks-" + s.options.RunID, "approvals_required": 0}
	_, id, err := s.projects.maker.create(ctx, "make an approval rule", who.token, "createApprovalRule", with)
	if err != nil {
		return s.lacks(approvalRules, "approval rules cannot be made", err)
	}
	entry := entryFor("approval_rule", id, shared.number(), jsonvalue.Text(with["name"]))
	if err := s.ledger.add(entry); err != nil {
		return err
	}
	err = s.removeThing(ctx, s.projects.maker, who.token, entry)
	if err == nil {
		s.ledger.gone(entry)
	}
	return err
}
