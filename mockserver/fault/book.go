package fault

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Call is a request as plans look at it.
type Call struct {
	Operation    string // operationId; empty where no operation has the path
	Method, Path string // below /api/v4
	User         string // username of the token's owner; empty where there is none
	Role         string // of the user in the project, in small letters; admin for an administrator
	Project      string // as the path has it, percent-decoded
	Page         int
	OnConnection int // the n-th request on its connection, from 1; 0 where that is not known
	At           time.Time
}

// Delivered is an attempt at a delivery as plans look at it.
type Delivered struct {
	Check, Project int64  // ids
	Action         string // what happened, as in the payload; empty for a retry
	Attempt        int    // counted from 1
	At             time.Time
}

// Count is what became of one fault of a plan.
type Count struct {
	Matched  int `json:"matched"`  // calls that it could have happened to
	Happened int `json:"happened"` // calls that it happened to
}

// State is a plan and what became of it.
type State struct {
	Plan
	Counts []Count `json:"counts"` // of each fault
	// UsedUp reports whether each fault happened as often as it may; one that may happen for ever, at least once.
	UsedUp bool `json:"used_up"`
}

// Book holds the plans in force. The zero value has none. It is safe for concurrent use.
type Book struct {
	active atomic.Bool
	mu     sync.Mutex
	plans  []*running
	named  int
}

type running struct {
	plan   Plan
	counts []Count
}

// MostPlans is how many plans can be in force side by side.
const MostPlans = 100

// Active reports whether there is any plan. It costs next to nothing.
func (b *Book) Active() bool { return b.active.Load() }

// Asks says what the plans in force look at, so that nobody has to find out anything else about a call: what one of
// them names is not zero.
func (b *Book) Asks() Calls {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all Calls
	for _, r := range b.plans {
		for i := range r.plan.Faults {
			one := &r.plan.Faults[i].Calls
			all = Calls{
				Operation: cmp.Or(all.Operation, one.Operation), Method: cmp.Or(all.Method, one.Method),
				Path: cmp.Or(all.Path, one.Path), User: cmp.Or(all.User, one.User), Role: cmp.Or(all.Role, one.Role),
				Project: cmp.Or(all.Project, one.Project), Page: cmp.Or(all.Page, one.Page),
				OnConnection: cmp.Or(all.OnConnection, one.OnConnection),
			}
		}
	}
	return all
}

// Add puts a plan in force and returns it with its name. It fails for a plan that Check finds wrong, for a name that is
// taken and when there are MostPlans.
func (b *Book) Add(p Plan) (State, error) {
	if wrong := p.Check(); len(wrong) > 0 {
		return State{}, fmt.Errorf("the plan is invalid: %s", strings.Join(wrong, "; "))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.plans) >= MostPlans {
		return State{}, fmt.Errorf("there are already %d plans; remove some", MostPlans)
	}
	if p.ID == "" {
		p.ID = b.freeName()
	}
	if b.find(p.ID) >= 0 {
		return State{}, fmt.Errorf("there is already a plan %s; remove it, or use another id", p.ID)
	}
	r := &running{plan: p}
	r.reset()
	b.plans = append(b.plans, r)
	b.active.Store(true)
	return r.state(), nil
}

func (b *Book) freeName() string {
	for {
		b.named++
		if name := fmt.Sprintf("plan-%d", b.named); b.find(name) < 0 {
			return name
		}
	}
}

func (b *Book) find(id string) int {
	return slices.IndexFunc(b.plans, func(r *running) bool { return r.plan.ID == id })
}

// Remove deactivates a plan. It reports whether there was one.
func (b *Book) Remove(id string) bool {
	return b.change(id, func(i int) {
		b.plans = slices.Delete(b.plans, i, i+1)
		b.active.Store(len(b.plans) > 0)
	})
}

// change does something to a plan. It reports whether there is one with that id.
func (b *Book) change(id string, do func(i int)) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := b.find(id)
	if i >= 0 {
		do(i)
	}
	return i >= 0
}

// Clear deactivates all plans.
func (b *Book) Clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.plans, b.named = nil, 0
	b.active.Store(false)
}

// Reset starts a plan again, with its counts at zero and the same random choices. It reports whether there is one.
func (b *Book) Reset(id string) bool {
	return b.change(id, func(i int) { b.plans[i].reset() })
}

// Get is a plan by its name.
func (b *Book) Get(id string) (State, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := b.find(id)
	if i < 0 {
		return State{}, false
	}
	return b.plans[i].state(), true
}

// List are all plans, the oldest first.
func (b *Book) List() []State {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := make([]State, 0, len(b.plans))
	for _, r := range b.plans {
		all = append(all, r.state())
	}
	return all
}

// Choose decides which fault happens to a call, and counts it. Where none does, the name is empty.
func (b *Book) Choose(c Call) (name string, f Fault) {
	return b.choose(c.At, func(f *Fault) bool { return f.Deliveries == nil && f.Calls.match(c) })
}

// ChooseDelivery decides which fault happens to an attempt at a delivery, and counts it. Where none does, the name is
// empty.
func (b *Book) ChooseDelivery(d Delivered) (name string, f Fault) {
	return b.choose(d.At, func(f *Fault) bool { return f.Deliveries != nil && f.Deliveries.match(d) })
}

func (b *Book) choose(at time.Time, match func(*Fault) bool) (name string, f Fault) {
	b.mu.Lock()
	defer b.mu.Unlock()
	chosen := false
	for _, r := range b.plans {
		for i := range r.plan.Faults {
			if !match(&r.plan.Faults[i]) {
				continue
			}
			due := r.due(i, at)
			if due && !chosen {
				r.counts[i].Happened++
				chosen, name, f = true, r.plan.ID, r.plan.Faults[i]
			}
		}
	}
	return name, f
}

func (r *running) reset() { r.counts = make([]Count, len(r.plan.Faults)) }

// due counts a matching call and reports whether the fault would happen to it.
func (r *running) due(i int, at time.Time) bool {
	f, count := &r.plan.Faults[i], &r.counts[i]
	count.Matched++
	since := count.Matched - max(f.First, 1)
	if since < 0 || f.Every > 1 && since%f.Every != 0 {
		return false
	}
	lucky := f.Chance == 0 || r.chance(i) < f.Chance
	over := f.Times > 0 && count.Happened >= f.Times || !f.Until.IsZero() && !at.Before(f.Until)
	return lucky && !over
}

// chance is a number from 0 to 1 for the call that a fault has counted last. It depends on the plan's seed and on the
// count alone.
func (r *running) chance(i int) float64 {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %d", r.plan.Seed, i, r.counts[i].Matched))
	return float64(binary.BigEndian.Uint64(sum[:])>>11) / (1 << 53)
}

func (r *running) state() State {
	s := State{Plan: r.plan, Counts: slices.Clone(r.counts)}
	s.UsedUp = len(s.Missing()) == 0
	return s
}

// Missing says of each fault that happened less often than it may, or never, how often it happened: a sentence each, in
// the order of the plan. It is empty for a plan that is used up.
func (s State) Missing() (sentences []string) {
	for i, count := range s.Counts {
		f := s.Faults[i]
		due := max(f.Times, 1)
		if count.Happened >= due {
			continue
		}
		whom := "calls"
		if f.Deliveries != nil {
			whom = "deliveries"
		}
		often := fmt.Sprintf("%d of %d times", count.Happened, due)
		if count.Happened == 0 {
			often = "never"
		}
		sentences = append(sentences, fmt.Sprintf("fault %d of %d happened %s; %s that fit it: %d", i+1,
			len(s.Counts), often, whom, count.Matched))
	}
	return sentences
}

// match reports whether a call is one of those described.
func (k Calls) match(c Call) bool {
	return (k.Operation == "" || k.Operation == c.Operation) &&
		(k.Method == "" || strings.EqualFold(k.Method, c.Method)) &&
		(k.User == "" || k.User == c.User) &&
		(k.Role == "" || k.Role == c.Role) &&
		(k.Project == "" || k.Project == c.Project) &&
		(k.Page == 0 || k.Page == max(c.Page, 1)) &&
		(k.OnConnection == 0 || k.OnConnection == c.OnConnection) &&
		(k.Path == "" || PathMatches(k.Path, c.Path))
}

// match reports whether an attempt is one of those described.
func (k *Deliveries) match(d Delivered) bool {
	return (k.Check == 0 || k.Check == d.Check) && (k.Project == 0 || k.Project == d.Project) &&
		(k.Action == "" || k.Action == d.Action) && (k.Attempt == 0 || k.Attempt == d.Attempt)
}

// PathMatches holds a path against a pattern, segment by segment: * stands for one, ** for the rest.
func PathMatches(pattern, path string) bool {
	want := strings.Split(strings.Trim(pattern, "/"), "/")
	got := strings.Split(strings.Trim(path, "/"), "/")
	for i, segment := range want {
		switch {
		case segment == "**":
			return true
		case i >= len(got) || segment != "*" && segment != got[i]:
			return false
		}
	}
	return len(want) == len(got)
}
