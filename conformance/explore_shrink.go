package conformance

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/conformance/internal/contract"
	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/openapi"
)

// counterexample is a list of steps at whose last one the two sides differ.
type counterexample struct {
	given scenario.Given
	steps []walkStep
}

func (f *counterexample) last() *walkStep { return &f.steps[len(f.steps)-1] }

// shrinker looks for the shortest list of steps that still ends in a difference of the same operation.
type shrinker struct {
	x     *explorer
	best  *counterexample
	tried map[string]bool
	first scenario.CheckGiven // of the checks that the walk began with
	grace time.Duration       // of a replay
}

// hurry bounds the grace of replays that look for fewer steps: a difference between answers to GETs uses it up each
// time. What is found so is replayed once more with all of it.
const hurry = time.Second

// shrink replays what was found and leaves steps out for as long as the difference comes again. It tells whether it
// came again at all.
func (x *explorer) shrink(ctx context.Context, f *counterexample) (best *counterexample, again bool, err error) {
	if x.options.MaxShrink < 0 {
		return f, false, nil
	}
	s := &shrinker{x: x, best: f, tried: map[string]bool{}, first: f.given.Checks[0], grace: x.options.Grace}
	if again, err = s.try(ctx, f.given, stepsOf(f.steps)); err != nil || !again {
		return f, false, err
	}
	sure := s.best
	s.grace = min(x.options.Grace, hurry)
	if err := s.rounds(ctx); err != nil || s.best == sure || !s.hurried() {
		return s.best, true, err
	}
	x.replays++
	if best, err = x.replay(ctx, s.best.given, stepsOf(s.best.steps), x.options.Grace); best == nil {
		return sure, true, err
	}
	return best, true, err
}

// rounds go on until none of them makes the list smaller.
func (s *shrinker) rounds(ctx context.Context) error {
	rounds := []func(context.Context) error{s.lastAlone, s.useGiven, s.leaveOut, s.simplifyGiven, s.simplifySteps}
	for size := s.size(); ; size = s.size() {
		for _, round := range rounds {
			if err := round(ctx); err != nil {
				return err
			}
		}
		if s.size() == size || s.spent() {
			return nil
		}
	}
}

func stepsOf(list []walkStep) []scenario.Step {
	steps := make([]scenario.Step, len(list))
	for i := range list {
		steps[i] = list[i].step
	}
	return steps
}

// spent tells whether all replays that may be made were made, but for one that is still to come with all the grace.
func (s *shrinker) spent() bool {
	most := s.x.options.MaxShrink
	if s.hurried() {
		most--
	}
	return s.x.replays >= most
}

// hurried tells whether replays give answers less time to become the same than the walk did.
func (s *shrinker) hurried() bool {
	return s.grace < s.x.options.Grace && s.x.reads(&s.best.last().step)
}

// size measures the best list: its steps, what it is given, and what its steps say.
func (s *shrinker) size() [3]int {
	size := [3]int{len(s.best.steps), len(s.best.given.Checks) + len(s.best.given.Branches)}
	for _, t := range s.best.steps {
		size[2] += len(stepLine(&t.step))
	}
	return size
}

// try replays a list in new projects and keeps it if it ends, perhaps early, in a difference of the same operation.
func (s *shrinker) try(ctx context.Context, given scenario.Given, steps []scenario.Step) (bool, error) {
	given.Other = refersTo(steps, "other.")
	key := string(scenario.Format([]*scenario.Scenario{{Given: given, Steps: steps}}))
	if s.tried[key] || s.spent() && s.x.replays > 0 {
		return false, nil
	}
	s.tried[key] = true
	s.x.replays++
	s.x.options.Progress(ExploreProgress{
		Steps: s.x.result.Steps, Total: s.x.options.Steps, Replays: s.x.replays, Budget: s.x.options.MaxShrink,
		Action: stepTitle(&steps[len(steps)-1]),
	})
	got, err := s.x.replay(ctx, given, steps, s.grace)
	if err != nil || got == nil || got.last().step.Call != s.best.last().step.Call {
		return false, err
	}
	s.best = got
	return true, nil
}

// replay takes steps in new projects and gives those up to the first difference, nil if there is none or they cannot be
// taken: a step that was left out may have made what another is about.
func (x *explorer) replay(ctx context.Context, given scenario.Given, steps []scenario.Step,
	grace time.Duration,
) (*counterexample, error) {
	w, err := x.startWalk(ctx, "replay", given)
	if err != nil {
		return nil, err
	}
	defer w.end(ctx)
	w.grace = grace
	for i := range steps {
		heard, err := w.take(ctx, &steps[i])
		var stuck *stuckError
		switch {
		case errors.Is(err, errNoReference), errors.Is(err, errTooLate), errors.As(err, &stuck):
			return nil, nil
		case err != nil:
			return nil, err
		case heard.diff != "":
			return &counterexample{w.given, w.steps}, nil
		}
	}
	return nil, nil
}

// lastAlone tries the last step with no more than what it needs.
func (s *shrinker) lastAlone(ctx context.Context) error {
	steps := stepsOf(s.best.steps)
	keep := make([]bool, len(steps))
	keep[len(steps)-1] = true
	_, err := s.try(ctx, s.best.given, needed(steps, keep))
	return err
}

// leaveOut leaves out ever smaller parts of the list, later ones first, and what refers to them.
func (s *shrinker) leaveOut(ctx context.Context) error {
	for size := len(s.best.steps) / 2; size > 0; size /= 2 {
		for end := len(s.best.steps) - 1; end > 0 && !s.spent(); end -= size {
			steps := stepsOf(s.best.steps)
			end = min(end, len(steps)-1)
			start := max(0, end-size)
			shorter := resolvable(append(slices.Clone(steps[:start]), steps[end:]...))
			if len(shorter) == 0 || shorter[len(shorter)-1].Call != steps[len(steps)-1].Call {
				continue // the last step needs what would be left out
			}
			if _, err := s.try(ctx, s.best.given, shorter); err != nil {
				return err
			}
		}
	}
	return nil
}

// useGiven has steps be about the first check and the merge request that are given instead of others, which are then
// left out.
func (s *shrinker) useGiven(ctx context.Context) error {
	var others []string
	for _, step := range stepsOf(s.best.steps) {
		for _, name := range stepReferences(&step) {
			root, _, _ := strings.Cut(name, ".")
			if root == "check" || isCaptured(root) {
				others = append(others, name)
			}
		}
	}
	slices.Sort(others)
	for _, name := range slices.Compact(others) {
		if err := s.useInstead(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// useInstead tries the best list with a given thing in place of another, which is not made then.
func (s *shrinker) useInstead(ctx context.Context, name string) error {
	root, _, _ := strings.Cut(name, ".")
	given, first := s.best.given, s.first
	var instead string
	switch {
	case root == "check" || strings.HasPrefix(root, madeName):
		instead = "check." + first.Key + ".id"
		if !slices.ContainsFunc(given.Checks, func(c scenario.CheckGiven) bool { return c.Key == first.Key }) {
			given.Checks = append([]scenario.CheckGiven{first}, given.Checks...)
		}
	case strings.HasPrefix(root, openedName):
		instead = "mr.iid"
	case strings.HasPrefix(root, commitName):
		instead = "mr.sha"
	}
	if instead == "" || instead == name {
		return nil
	}
	steps := stepsOf(s.best.steps)
	for i := range steps {
		with, _ := renamed(steps[i].With, "${"+name+"}", "${"+instead+"}").(map[string]any)
		steps[i].With = with
	}
	last := steps[len(steps)-1].Call
	steps = resolvable(slices.DeleteFunc(steps, func(step scenario.Step) bool {
		_, makes := step.Capture[root]
		return makes
	}))
	if len(steps) == 0 || steps[len(steps)-1].Call != last {
		return nil
	}
	_, err := s.try(ctx, given, steps)
	return err
}

// renamed is a value with one text in place of another.
func renamed(value any, from, to string) any {
	switch value := value.(type) {
	case string:
		if value == from {
			return to
		}
	case []any:
		return jsonvalue.Each(value, func(item any) any { return renamed(item, from, to) })
	case map[string]any:
		members := make(map[string]any, len(value))
		for key, member := range value {
			members[key] = renamed(member, from, to)
		}
		return members
	}
	return value
}

// needed are the steps to keep and those before them that they refer to.
func needed(steps []scenario.Step, keep []bool) []scenario.Step {
	for i := len(steps) - 1; i >= 0; i-- {
		if !keep[i] {
			continue
		}
		for _, name := range stepReferences(&steps[i]) {
			root, _, _ := strings.Cut(name, ".")
			for j := range i {
				_, captures := steps[j].Capture[root]
				keep[j] = keep[j] || captures
			}
		}
	}
	var kept []scenario.Step
	for i := range steps {
		if keep[i] {
			kept = append(kept, steps[i])
		}
	}
	return kept
}

// resolvable leaves out steps that refer to what no step before them captures.
func resolvable(steps []scenario.Step) []scenario.Step {
	captured := map[string]bool{}
	return slices.DeleteFunc(steps, func(step scenario.Step) bool {
		for _, name := range stepReferences(&step) {
			root, _, _ := strings.Cut(name, ".")
			if isCaptured(root) && !captured[root] {
				return true
			}
		}
		for name := range step.Capture {
			captured[name] = true
		}
		return false
	})
}

// isCaptured tells the names that steps set from those that are given.
func isCaptured(root string) bool {
	return slices.ContainsFunc([]string{madeName, openedName, commitName, protectedName}, func(prefix string) bool {
		digits, is := strings.CutPrefix(root, prefix)
		return is && digits != "" && strings.Trim(digits, "0123456789") == ""
	})
}

// refersTo tells whether steps refer to something whose name begins so.
func refersTo(steps []scenario.Step, prefix string) bool {
	return slices.ContainsFunc(steps, func(step scenario.Step) bool {
		return slices.ContainsFunc(stepReferences(&step),
			func(name string) bool { return strings.HasPrefix(name, prefix) })
	})
}

// simplifyGiven leaves out checks and branches that are given and not needed.
func (s *shrinker) simplifyGiven(ctx context.Context) error {
	steps := stepsOf(s.best.steps)
	for _, c := range s.best.given.Checks {
		if refersTo(steps, "check."+c.Key+".") {
			continue
		}
		given := s.best.given
		given.Checks = slices.DeleteFunc(slices.Clone(given.Checks),
			func(other scenario.CheckGiven) bool { return other.Key == c.Key })
		if _, err := s.try(ctx, given, steps); err != nil {
			return err
		}
	}
	for _, b := range s.best.given.Branches {
		given := s.best.given
		if refersTo(steps, "branch."+b.Key+".") || slices.ContainsFunc(given.Checks,
			func(c scenario.CheckGiven) bool { return slices.Contains(c.Branches, b.Key) }) {
			continue
		}
		given.Branches = slices.DeleteFunc(slices.Clone(given.Branches),
			func(other scenario.BranchGiven) bool { return other.Key == b.Key })
		if _, err := s.try(ctx, given, steps); err != nil {
			return err
		}
	}
	return nil
}

// simplifySteps leaves out parameters, has the maintainer act where nothing hangs on the role, and sends JSON.
func (s *shrinker) simplifySteps(ctx context.Context) error {
	for i := len(s.best.steps) - 1; i >= 0; i-- {
		if i >= len(s.best.steps) { // a replay ended earlier
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(s.best.steps[i].step.With)) {
			if err := s.change(ctx, i, func(step *scenario.Step) { delete(step.With, name) }); err != nil {
				return err
			}
		}
		for _, change := range []func(*scenario.Step){
			func(step *scenario.Step) { step.Encode = "" },
			func(step *scenario.Step) { step.As = scenario.Maintainer },
		} {
			if err := s.change(ctx, i, change); err != nil {
				return err
			}
		}
	}
	return nil
}

// change tries the best list with one step changed.
func (s *shrinker) change(ctx context.Context, i int, change func(*scenario.Step)) error {
	steps := stepsOf(s.best.steps)
	if i >= len(steps) || steps[i].Kind() != "call" || steps[i].Await > 0 {
		return nil
	}
	steps[i].With = maps.Clone(steps[i].With)
	change(&steps[i])
	if !sendable(&steps[i]) {
		return nil
	}
	_, err := s.try(ctx, s.best.given, steps)
	return err
}

// sendable tells whether a step names all that its path needs.
func sendable(step *scenario.Step) bool {
	op := openapi.GitLab().Operation(step.Call)
	for _, p := range op.Parameters() {
		if _, given := step.With[p.Name]; p.In == "path" && !given && contract.DefaultFor(op, p.Name) == "" {
			return false
		}
	}
	return true
}
