package gitlab

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// entry is one event in the log that the model replays.
type entry struct {
	at     time.Time
	job    bool // a background job did it; jobs come before requests of the same instant
	do     string
	check  CheckID
	sha    string
	status Status
}

// recorded is a response in the model, in the order of the log, with the instant at which it became pending.
type recorded struct {
	check  CheckID
	sha    string
	status Status
	since  time.Time
}

// model is a naive version of GitLab's rules: a log, and the state that replaying the log gives. It has no jobs and no
// indexes.
type model struct {
	log         []entry
	everyMinute bool
	lag         time.Duration
}

// replayed is the state that the log gives at an instant.
type replayed struct {
	now       time.Time
	tip       string // of the source branch
	head      string // as the merge request knows it
	checks    []CheckID
	responses []recorded
}

func (m *model) add(e entry) { m.log = append(m.log, e) }

func (m *model) replay(now time.Time) *replayed {
	log := slices.Clone(m.log)
	slices.SortStableFunc(log, func(a, b entry) int {
		if c := a.at.Compare(b.at); c != 0 || a.job == b.job {
			return c
		}
		if a.job {
			return -1
		}
		return 1
	})
	w := &replayed{}
	for _, e := range log {
		if e.at.After(now) {
			break
		}
		w.expire(e.at, m.everyMinute)
		w.apply(e)
	}
	w.expire(now, m.everyMinute)
	return w
}

// expire marks responses as failed that are pending for more than two minutes, now or at the last full minute.
func (w *replayed) expire(now time.Time, everyMinute bool) {
	w.now = now
	looked := now
	if everyMinute {
		looked = now.Truncate(time.Minute)
	}
	for i, r := range w.responses {
		if r.status == Pending && looked.Sub(r.since) > 2*time.Minute {
			w.responses[i].status = Failed
		}
	}
}

func (w *replayed) apply(e entry) {
	switch e.do {
	case "push":
		w.tip = e.sha
	case "follow":
		w.head = w.tip
	case "add check":
		w.checks = append(w.checks, e.check)
	case "delete check":
		w.checks = slices.DeleteFunc(w.checks, func(c CheckID) bool { return c == e.check })
		w.responses = slices.DeleteFunc(w.responses, func(r recorded) bool { return r.check == e.check })
	case "respond":
		w.responses = append(w.responses, recorded{e.check, e.sha, e.status, e.at})
	case "await all":
		for _, c := range w.checks {
			w.responses = append(w.responses, recorded{c, e.sha, Pending, e.at})
		}
	case "retry":
		if r := w.latest(e.check); r != nil {
			r.status, r.since = Pending, e.at
		}
	}
}

// latest is the last response to a check for the head, or nil.
func (w *replayed) latest(c CheckID) *recorded {
	for i := len(w.responses) - 1; i >= 0; i-- {
		if r := &w.responses[i]; r.check == c && r.sha == w.head {
			return r
		}
	}
	return nil
}

func (w *replayed) status(c CheckID) Status {
	if r := w.latest(c); r != nil {
		return r.status
	}
	return Pending
}

// machine runs a scene and the model side by side.
type machine struct {
	*scene
	model  model
	shas   []string
	checks []CheckID // all that ever existed
	names  int
}

func newMachine(t *testing.T, r *rapid.T) *machine {
	lag := rapid.SampledFrom([]time.Duration{0, time.Second, 50 * time.Second}).Draw(r, "lag")
	everyMinute := rapid.Bool().Draw(r, "every minute")
	s := newScene(t, Options{Lag: Lag{Min: lag, Max: lag}, TimeoutEveryMinute: everyMinute})
	s.pass(10 * time.Minute)
	s.change(func(p *Project) { p.RequirePassingStatusChecks = true })
	s.do(func(tx *Tx) { s.commit(tx, "second", "main", "second") })
	s.pass(10 * time.Minute)
	m := &machine{scene: s, model: model{everyMinute: everyMinute, lag: lag}, checks: []CheckID{s.check}}
	mr := s.open("second")
	s.mr = mr.ID
	m.shas = []string{mr.HeadSHA}
	m.model.add(entry{do: "push", sha: mr.HeadSHA})
	m.model.add(entry{do: "follow"})
	m.model.add(entry{do: "add check", check: s.check})
	m.model.add(entry{at: s.now.Add(lag), job: true, do: "await all", sha: mr.HeadSHA})
	m.model.add(entry{at: s.now.Add(lag), job: true, do: "follow"}) // the merge request is prepared
	return m
}

// expected is the present state of the model.
func (m *machine) expected() *replayed { return m.model.replay(m.now) }

func (m *machine) drawCheck(r *rapid.T) CheckID { return rapid.SampledFrom(m.checks).Draw(r, "check") }

func (m *machine) respondTo(r *rapid.T) {
	c, sha := m.drawCheck(r), rapid.SampledFrom(m.shas).Draw(r, "sha")
	status := rapid.SampledFrom([]Status{Passed, Failed, Pending}).Draw(r, "status")
	w := m.expected()
	want := "ok"
	switch {
	case !slices.Contains(w.checks, c):
		want = "record not found"
	case sha != w.head:
		want = "stale"
	}
	got := outcome(m.t, m.respondWith("developer", NewResponse{CheckID: c, SHA: &sha, Status: status}))
	m.agree(r, got, want)
	if want == "ok" {
		m.model.add(entry{at: m.now, do: "respond", check: c, sha: sha, status: status})
	}
}

func (m *machine) retryOne(r *rapid.T) {
	c := m.drawCheck(r)
	w := m.expected()
	want := "ok"
	switch {
	case !slices.Contains(w.checks, c):
		want = "record not found"
	case w.status(c) != Failed:
		want = "unprocessable"
	}
	got := outcome(m.t, m.try(func(tx *Tx) error { return tx.Retry(m.actor(tx, "developer"), m.mrIn(tx), c) }))
	m.agree(r, got, want)
	if want == "ok" {
		m.model.add(entry{at: m.now, do: "retry", check: c})
	}
}

func (m *machine) pushOne(*rapid.T) {
	m.names++
	var sha string
	m.do(func(tx *Tx) { sha = m.commit(tx, "second", "", fmt.Sprint("file", m.names)).SHA })
	m.shas = append(m.shas, sha)
	m.model.add(entry{at: m.now, do: "push", sha: sha})
	m.model.add(entry{at: m.now.Add(2 * m.model.lag), job: m.model.lag > 0, do: "follow"})
}

func (m *machine) addCheck(*rapid.T) {
	m.names++
	c, err := m.create("owner", changeOf(fmt.Sprint("check", m.names), fmt.Sprint("http://check", m.names)))
	if err != nil {
		m.t.Fatal(err)
	}
	m.checks = append(m.checks, c.ID)
	m.model.add(entry{at: m.now, do: "add check", check: c.ID})
}

func (m *machine) deleteCheck(r *rapid.T) {
	c := m.drawCheck(r)
	m.do(func(tx *Tx) {
		if check, err := tx.ExternalStatusCheck(m.project, c); err == nil {
			tx.DeleteExternalStatusCheck(m.actor(tx, "owner"), m.projectIn(tx), check)
		}
	})
	m.model.add(entry{at: m.now, do: "delete check", check: c})
}

func (m *machine) wait(r *rapid.T) {
	d := rapid.OneOf(
		rapid.SampledFrom([]time.Duration{
			time.Microsecond, time.Second, time.Minute, 2*time.Minute - time.Microsecond,
			2 * time.Minute, 2*time.Minute + time.Microsecond, time.Hour,
		}),
		rapid.Custom(func(r *rapid.T) time.Duration {
			return time.Duration(rapid.Int64Range(0, 200_000_000).Draw(r, "µs")) * time.Microsecond
		}),
	).Draw(r, "time")
	m.pass(d)
}

func (m *machine) agree(r *rapid.T, got, want any) {
	if got != want {
		r.Fatalf("got %v, the model says %v; after\n%s", got, want, m.model)
	}
}

func (m model) String() string {
	text := ""
	for _, e := range m.log {
		text += fmt.Sprintf("%s %+v\n", e.at.Format(time.StampMicro), e)
	}
	return text
}

// compare compares everything that can be seen with the model.
func (m *machine) compare(r *rapid.T) {
	w := m.expected()
	m.see(func(tx *Tx) {
		mr := m.mrIn(tx)
		m.agree(r, mr.HeadSHA, w.head)
		var listed []CheckID
		blocked := false
		for _, c := range tx.ApplicableChecks(mr) {
			listed = append(listed, c.ID)
			m.agree(r, tx.StatusOf(mr, c.ID), w.status(c.ID))
			blocked = blocked || w.status(c.ID) != Passed
		}
		m.agree(r, fmt.Sprint(listed), fmt.Sprint(w.checks))
		m.agree(r, tx.blockedByStatusChecks(m.projectIn(tx), mr), blocked)
		for _, c := range m.checks {
			m.agree(r, statuses(tx.Responses(mr.ID, c)), w.statuses(c))
		}
	})
}

// statuses lists the statuses of all responses in the order of their ids.
func statuses(list []StatusCheckResponse) string {
	slices.SortFunc(list, func(a, b StatusCheckResponse) int { return int(a.ID - b.ID) })
	text := ""
	for _, r := range list {
		text += r.SHA[:6] + " " + string(r.Status) + "; "
	}
	return text
}

func (w *replayed) statuses(c CheckID) string {
	text := ""
	for _, r := range w.responses {
		if r.check == c {
			text += r.sha[:6] + " " + string(r.status) + "; "
		}
	}
	return text
}

func TestModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		m := newMachine(t, r)
		r.Repeat(map[string]func(*rapid.T){
			"respond":      m.respondTo,
			"respond more": m.respondTo,
			"retry":        m.retryOne,
			"push":         m.pushOne,
			"add check":    m.addCheck,
			"delete check": m.deleteCheck,
			"wait":         m.wait,
			"":             m.compare,
		})
	})
}
