package conformance

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/conformance/scenario"
)

// fixture is what stands for one scenario.
type fixture struct {
	suite    *suite
	seat     *seat
	maker    *maker
	scenario *scenario.Scenario
	project  *project
	vars     scenario.Variables
	things   []ledgerEntry // made in a shared project, removed when the scenario is over
	source   string        // the source branch
	from     int64         // the project of the source branch: the scenario's, or a fork of it
	iid      int64         // of the merge request; 0 without one
	commits  int
	hooks    string // path below which the receiver keeps this scenario's deliveries
	forget   func() // lets go of deliveries whose answers are held back
}

// prepare makes everything that a scenario is given.
func (s *suite) prepare(ctx context.Context, sc *scenario.Scenario, m *maker, seat *seat) (*fixture, error) {
	f := &fixture{suite: s, seat: seat, maker: m, scenario: sc, hooks: s.options.RunID + "/" +
		slug(sc.ID, scenario.MaxID)}
	var err error
	if f.project, err = s.projectFor(ctx, sc); err != nil {
		return f, err
	}
	f.vars = scenario.Variables{
		"run.id": s.options.RunID, "target.url": s.target.root, "target.version": s.target.version.String(),
		"target.origin": originOf(s.target.home), "receiver.url": s.receiverURL(),
		"project.id": f.project.id, "project.path": f.project.path, "project.visibility": f.project.visibility,
		"project.default_branch": f.project.defaultBranch,
		"branch.main.id":         f.project.branchID, "branch.main.name": f.project.main,
	}
	steps := []func(context.Context) error{
		f.group, f.settings, f.branches, f.roles, f.serviceUser, f.members, f.checksBefore,
		f.mergeRequest, f.checksAfter, f.tokens, f.other, f.replies,
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return f, err
		}
	}
	return f, nil
}

// originOf is a URL without its path, as browsers send it.
func originOf(root string) string {
	scheme, rest, _ := strings.Cut(root, "://")
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host
}

// projectFor is the project a scenario works in. Where the administrator plays a role, a user owns it; where
// somebody has a custom role, it stands in a group.
func (s *suite) projectFor(ctx context.Context, sc *scenario.Scenario) (*project, error) {
	kind := projectKind{
		visibility: sc.Given.Project.Visibility, userOwned: sc.WithAdmin(),
		group: sc.Given.Project.Group,
	}
	if sc.WithCustomRoles() && kind.group == "" {
		kind.group = scenario.InTopGroup
	}
	if s.inOwnProject(sc) {
		return s.projects.make(ctx, sc.ID, kind)
	}
	return s.projects.sharedProject(ctx, kind)
}

// inOwnProject reports whether a scenario gets a project that no other one uses: because it needs that, or because what
// it makes stays, and must not change what others see.
func (s *suite) inOwnProject(sc *scenario.Scenario) bool {
	return sc.Isolation == scenario.OwnProject || s.options.Keep && !s.single && s.options.Project == ""
}

func (f *fixture) make(ctx context.Context, doing, operation string, with map[string]any, statuses ...int) (*answer,
	error,
) {
	with["id"] = f.project.id
	return f.maker.make(ctx, errand{doing, f.project.creator.token, operation, with}, statuses...)
}

func (f *fixture) settings(ctx context.Context) error {
	settings := f.scenario.Given.Project.Settings
	if len(settings) == 0 {
		return nil
	}
	filled, err := f.vars.Fill(settings)
	if err != nil {
		return err
	}
	_, err = f.make(ctx, "change the project's settings", "updateProject", filled.(map[string]any))
	return err
}

func (f *fixture) name(key string) string {
	return f.project.prefix + slug(f.scenario.ID, scenario.MaxID) + "-" + strings.ReplaceAll(key, "_", "-")
}

func (f *fixture) branches(ctx context.Context) error {
	for _, b := range f.scenario.Given.Branches {
		name, err := f.vars.Text(b.Name)
		if err != nil {
			return err
		}
		if name == "" {
			name = f.name(b.Key)
		}
		f.vars["branch."+b.Key+".name"] = name
		if !b.Wildcard {
			if _, err := f.make(ctx, "make the branch "+name, "createBranch",
				map[string]any{"branch": name, "ref": f.project.main}); err != nil {
				return err
			}
			if err := f.keepNew("branch", name, ""); err != nil {
				return err
			}
		}
		if err := f.protect(ctx, b, name); err != nil {
			return err
		}
	}
	return nil
}

// protect protects a branch in the project or, with its name, in all projects of the run's group.
func (f *fixture) protect(ctx context.Context, b scenario.BranchGiven, name string) error {
	var id int64
	var err error
	switch {
	case b.Group:
		with := map[string]any{"id": f.vars["group.id"], "name": name}
		_, id, err = f.maker.create(ctx, "protect "+name+" in the group", f.suite.projects.creator.token,
			"createGroupProtectedBranch", with)
	case b.Protected || b.Wildcard:
		with := map[string]any{"id": f.project.id, "name": name}
		if _, id, err = f.maker.create(ctx, "protect "+name, f.project.creator.token, "createProtectedBranch",
			with); err == nil {
			err = f.keepNew("protected_branch", name, "")
		}
	default:
		return nil
	}
	if err == nil {
		f.vars["branch."+b.Key+".id"] = id
	}
	return err
}

func (f *fixture) roles(ctx context.Context) error {
	for _, role := range f.scenario.Roles() {
		who, err := f.suite.projects.identity(ctx, f.project, role)
		if err != nil {
			return err
		}
		if role != scenario.Anonymous {
			f.vars["user."+string(role)+".id"] = who.userID
		}
	}
	return nil
}

func (f *fixture) checksBefore(ctx context.Context) error { return f.makeChecks(ctx, true) }
func (f *fixture) checksAfter(ctx context.Context) error  { return f.makeChecks(ctx, false) }

func (f *fixture) makeChecks(ctx context.Context, before bool) error {
	for _, c := range f.scenario.Given.Checks {
		if c.Before != before {
			continue
		}
		if err := f.check(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// hook is the address at the receiver that belongs to one check of one scenario.
func (f *fixture) hook(key string) string {
	return f.suite.receiverURL() + "/" + f.hooks + "/" + key
}

func (f *fixture) check(ctx context.Context, c scenario.CheckGiven) error {
	f.vars["hook"] = f.hook(c.Key)
	name, address, secret := c.Name, c.ExternalURL, c.Secret
	if name == "" {
		name = f.name(c.Key)
	}
	if address == "" {
		address = "${hook}"
	}
	for _, text := range []*string{&name, &address, &secret} {
		var err error
		if *text, err = f.vars.Text(*text); err != nil {
			return err
		}
	}
	if f.suite.service != nil && f.maker.t.takes("createExternalStatusCheck", "shared_secret") {
		secret = f.suite.service.Secret
	}
	with := map[string]any{"name": name, "external_url": address}
	if secret != "" {
		with["shared_secret"] = secret
		f.suite.secrets.add(secret, "$SECRET_"+strings.ToUpper(c.Key))
	}
	if len(c.Branches) > 0 {
		var ids []any
		for _, key := range c.Branches {
			ids = append(ids, f.vars["branch."+key+".id"])
		}
		with["protected_branch_ids"] = ids
	}
	with["id"] = f.project.id
	people := f.suite.projects
	if err := people.intendIn(f.project, "external_status_check", name); err != nil {
		return err
	}
	_, id, err := f.maker.create(ctx, "make the check "+name, f.project.creator.token, "createExternalStatusCheck",
		with)
	if err != nil {
		people.refusedIn(f.project, "external_status_check", name, err)
		return err
	}
	for key, value := range map[string]any{"id": id, "name": name, "external_url": address, "secret": secret} {
		f.vars["check."+c.Key+"."+key] = value
	}
	return f.keep(id, name, address)
}

// keep records a check, made by the fixture or by a step, for removal.
func (f *fixture) keep(id int64, name, address string) error {
	entry := entryFor("external_status_check", id, f.project.number(), name)
	entry.Address = address
	return f.keepThing(entry)
}

// keepThing records what was made, for removal.
func (f *fixture) keepThing(entry ledgerEntry) error {
	f.things = append(f.things, entry)
	return f.suite.ledger.add(entry)
}

// removeLater has something removed with the scenario that the ledger holds already.
func (f *fixture) removeLater(kind string, id int64) {
	f.things = append(f.things, f.suite.ledger.known(entryFor(kind, id, "", ""))...)
}

// commit adds a commit to the source branch, which the first one makes.
func (f *fixture) commit(ctx context.Context, message string) (string, error) {
	f.commits++
	file := f.source + "-" + strconv.Itoa(f.commits) + ".txt"
	with := map[string]any{
		"branch": f.source, "commit_message": message,
		"actions": []any{map[string]any{"action": "create", "file_path": file, "content": message + "\n"}},
	}
	if f.commits == 1 {
		with["start_branch"] = jsonvalue.Text(f.vars["mr.target_branch"])
	}
	with["id"] = f.from
	a, err := f.maker.make(ctx, errand{"commit to " + f.source, f.project.creator.token, "createCommit", with})
	if err == nil && f.commits == 1 {
		err = f.keepNew("branch", f.source, "")
	}
	if err != nil {
		return "", err
	}
	return a.text("id"), nil
}

func (f *fixture) mergeRequest(ctx context.Context) error {
	given := f.scenario.Given.MergeRequest
	if given == nil {
		return nil
	}
	f.source, f.from = f.project.prefix+"change-"+slug(f.scenario.ID, scenario.MaxID), f.project.id
	if given.Fork {
		if err := f.fork(ctx); err != nil {
			return err
		}
	}
	f.vars["mr.source_branch"] = f.source
	f.vars["mr.target_branch"] = f.vars["branch."+given.Target+".name"]
	sha, err := f.commit(ctx, "Change for "+f.scenario.ID)
	if err != nil {
		return err
	}
	author, err := f.suite.projects.identity(ctx, f.project, given.Author)
	if err != nil {
		return err
	}
	title := "Change for " + f.scenario.ID
	if given.Draft {
		title = "Draft: " + title
	}
	with := map[string]any{
		"id": f.from, "source_branch": f.source, "target_branch": f.vars["mr.target_branch"], "title": title,
	}
	if given.Fork {
		with["target_project_id"] = f.project.id
	}
	if given.Assignee != "" {
		with["assignee_ids"] = []any{f.vars["user."+string(given.Assignee)+".id"]}
	}
	people := f.suite.projects
	if err := people.intendIn(f.project, "merge_request", f.source); err != nil {
		return err
	}
	a, iid, err := f.maker.create(ctx, "make the merge request", author.token, "createMergeRequest", with)
	if err != nil {
		people.refusedIn(f.project, "merge_request", f.source, err)
		return err
	}
	f.iid = iid
	if f.suite.watch != nil {
		f.suite.watch.meet(f.mergeRequestPath())
	}
	f.vars["mr.iid"], f.vars["mr.id"] = f.iid, a.integer("id")
	f.vars["mr.sha"], f.vars["mr.previous_sha"] = sha, sha
	if err := f.keepNew("merge_request", strconv.FormatInt(f.iid, 10), f.source); err != nil {
		return err
	}
	return f.awaitPrepared(ctx)
}

// settling is how long a target that works in the background is given, once a merge request is prepared, for what
// cannot be seen: the pending rows that come of the merge request, and the push that made its source branch. If the
// merge request is there by then, the checks are told of that push, and it looks like a change.
const settling = 5 * time.Second

// awaitPrepared waits until GitLab has prepared the merge request, and for what it does besides.
func (f *fixture) awaitPrepared(ctx context.Context) error {
	polls := 0
	ready, err := f.awaitMergeRequest(ctx, func(a *answer) bool {
		polls++
		prepared, known := jsonvalue.Dig(a.body, []string{"prepared_at"})
		status := a.text("detailed_merge_status")
		return (!known || prepared != nil) && status != "preparing" && status != "checking" && status != "unchecked"
	})
	if err != nil {
		return err
	}
	if !ready {
		return fmt.Errorf("the merge request !%d is not prepared after %s", f.iid, f.suite.options.Patience)
	}
	if polls > 1 {
		f.suite.lags.Store(true)
	}
	if !f.suite.lags.Load() {
		return nil
	}
	return f.settle(ctx, settling)
}

// settle waits until the target has nothing left to do about the merge request where it can be asked, else for a while.
func (f *fixture) settle(ctx context.Context, while time.Duration) error {
	control := f.suite.control
	if !control.has(scenario.NeedControl) {
		return f.seat.leave(ctx, func() error { return f.suite.target.wait(ctx, while) })
	}
	about, _ := f.vars["mr.id"].(int64)
	_, err := f.suite.target.poll(ctx, f.suite.options.Patience, func() (bool, error) {
		busy, err := control.busy(ctx, about, f.from, f.source)
		return !busy, err
	})
	return err
}

// awaitMergeRequest polls the merge request until it is as wanted.
func (f *fixture) awaitMergeRequest(ctx context.Context, wanted func(*answer) bool) (bool, error) {
	with := map[string]any{"merge_request_iid": f.iid}
	return f.suite.target.poll(ctx, f.suite.options.Patience, func() (bool, error) {
		a, err := f.make(ctx, "read the merge request", "getMergeRequest", with)
		if err != nil {
			return false, err
		}
		return wanted(a), nil
	})
}

// push adds a commit and waits until it is the merge request's head.
func (f *fixture) push(ctx context.Context, message string) error {
	if message == "" {
		message = "One more change for " + f.scenario.ID
	}
	sha, err := f.commit(ctx, message)
	if err != nil {
		return err
	}
	seen, err := f.awaitMergeRequest(ctx, func(a *answer) bool { return a.text("sha") == sha })
	if err != nil {
		return err
	}
	if !seen {
		return fmt.Errorf("the merge request !%d does not show the pushed commit %s after %s", f.iid, sha,
			f.suite.options.Patience)
	}
	f.vars["mr.previous_sha"], f.vars["mr.sha"] = f.vars["mr.sha"], sha
	return nil
}

// tokens makes the access tokens that the scenario wants beside those of its roles.
func (f *fixture) tokens(ctx context.Context) error {
	for _, given := range f.scenario.Given.Tokens {
		made, err := f.suite.projects.newToken(ctx, f.project, f.name(given.Key), given)
		if err != nil {
			return err
		}
		f.vars["token."+given.Key] = made
	}
	return nil
}

// other puts the run's other project in reach.
func (f *fixture) other(ctx context.Context) error {
	if !f.scenario.Given.Other {
		return nil
	}
	foreign, err := f.suite.foreign(ctx)
	if err != nil {
		return err
	}
	for name, value := range foreign {
		f.vars[name] = value
	}
	return nil
}

// remove takes away what a scenario leaves in a project that others share, the newest first. What one scenario alone
// leaves can be kept there.
func (f *fixture) remove(ctx context.Context) error {
	s := f.suite
	if f.project == nil || s.inOwnProject(f.scenario) || s.options.Keep && s.single {
		return nil
	}
	for _, thing := range slices.Backward(f.things) {
		if err := f.suite.removeThing(ctx, f.maker, f.project.creator.token, thing); err != nil {
			return err
		}
		f.suite.ledger.gone(thing)
	}
	return nil
}
