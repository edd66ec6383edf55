package gitlab

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/google/go-cmp/cmp"
)

// plainPayload renders an event as one line: what happened to a merge request in which state, by whom, from which SHA,
// why, and what changed.
func plainPayload(_ *Tx, e MergeRequestEvent) (Rendering, error) {
	line := []string{":", e.Action, string(e.MergeRequest.State), "by", e.User.Username}
	if e.OldSHA != "" {
		line = append(line, "from", e.OldSHA[:4])
	}
	if e.SystemAction != "" {
		line = append(line, "system", e.SystemAction)
	}
	for _, change := range e.Changes {
		line = append(line, change.Name)
	}
	return Rendering{
		Event: []byte(strings.Join(line, " ")),
		Own:   func(c ExternalStatusCheck) []byte { return []byte(" to " + c.Name) },
	}, nil
}

// plainly returns what plainPayload has rendered, with the check first.
func plainly(p Payload) string { return strings.TrimPrefix(string(p.Own), " to ") + string(p.Event) }

// observer sees the deliveries of its scene, one after the other.
type observer struct {
	*scene
	seen int
}

func newObserver(t *testing.T, opts Options) *observer {
	t.Helper()
	opts.Payload = plainPayload
	return &observer{scene: newScene(t, opts)}
}

// tells asserts which deliveries came since the last call.
func (o *observer) tells(want ...string) {
	o.t.Helper()
	var got []string
	o.see(func(tx *Tx) {
		list := tx.Deliveries()
		for _, d := range list[o.seen:] {
			got = append(got, plainly(d.Body))
		}
		o.seen = len(list)
	})
	assert.Assert(o.t, cmp.Equal(got, want), cmp.Diff(want, got))
}

func (s *scene) edit(name string, u MergeRequestUpdate) {
	s.t.Helper()
	s.do(func(tx *Tx) {
		_, err := tx.UpdateMergeRequest(s.actor(tx, name), s.mrIn(tx), u)
		assert.NilError(s.t, err)
	})
}

func text(v string) *string { return &v }

func TestEvents_ofUpdates(t *testing.T) {
	t.Parallel()
	o := newObserver(t, Options{})
	o.edit("developer", MergeRequestUpdate{Title: text("Add a feature")})
	o.tells("compliance: update opened by developer updated_by_id updated_at")
	o.edit("developer", MergeRequestUpdate{Title: text("Add a feature")})
	o.tells("compliance: update opened by developer")
	o.edit("developer", MergeRequestUpdate{})
	o.tells("compliance: update opened by developer")
	o.edit("developer", MergeRequestUpdate{Title: text("Draft: Add a feature")})
	o.tells("compliance: update opened by developer title draft updated_at")
	o.edit("developer", MergeRequestUpdate{Description: text("More")})
	o.tells("compliance: update opened by developer description last_edited_at last_edited_by_id updated_at")
	o.edit("maintainer", MergeRequestUpdate{Labels: &LabelChange{Add: []string{"a"}}})
	o.tells("compliance: update opened by maintainer labels updated_by_id updated_at")
	o.edit("author", MergeRequestUpdate{Labels: &LabelChange{Add: []string{"b"}}}) // who may not set them
	o.tells("compliance: update opened by author updated_by_id updated_at")
	o.edit("developer", MergeRequestUpdate{StateEvent: "close", Title: text("Closed")})
	o.tells("compliance: close closed by developer state_id updated_at",
		"compliance: update closed by developer title draft updated_by_id updated_at")
	o.edit("developer", MergeRequestUpdate{StateEvent: "close"})
	o.tells("compliance: update closed by developer")
	o.edit("developer", MergeRequestUpdate{StateEvent: "reopen"})
	o.tells("compliance: reopen opened by developer state_id updated_at", "compliance: update opened by developer")
	o.edit("developer", MergeRequestUpdate{StateEvent: "reopen"})
	o.tells("compliance: update opened by developer")
	o.do(func(tx *Tx) {
		_, err := tx.Comment(o.actor(tx, "developer"), o.mrIn(tx), "nice", false)
		assert.NilError(t, err)
	})
	o.tells()
}

func TestEvents_ofCreation(t *testing.T) {
	t.Parallel()
	o := newObserver(t, Options{Lag: Lag{Min: time.Second, Max: time.Second}})
	o.pass(time.Minute)
	o.do(func(tx *Tx) { o.commit(tx, "second", "main", "second") })
	o.pass(time.Minute)
	o.see(func(tx *Tx) { o.seen = len(tx.Deliveries()) }) // those of the scene's own pushes
	mr := o.open("second")
	assert.Equal(t, mr.MergeStatus, PreparingStatus)
	o.tells()
	o.pass(time.Second)
	o.tells("compliance: open opened by developer merge_status updated_at prepared_at")
	o.see(func(tx *Tx) {
		stored, _ := tx.MergeRequestByID(mr.ID)
		assert.Equal(t, stored.PreparedAt, o.now)
		assert.Equal(t, tx.DetailedMergeStatus(stored), "checking")
		d := tx.Deliveries()[o.seen-1]
		assert.Equal(t, d.Due, o.now.Add(time.Second), "deliveries lag too")
	})
	o.pass(time.Second)
	o.see(func(tx *Tx) {
		stored, _ := tx.MergeRequestByID(mr.ID)
		assert.Equal(t, tx.DetailedMergeStatus(stored), mergeable)
	})
	o.tells()
}

func TestEvents_ofPushes(t *testing.T) {
	t.Parallel()
	o := newObserver(t, Options{})
	first := *o.head()
	second := o.push("more")
	o.tells("compliance: update opened by owner from " + first[:4])
	o.do(func(tx *Tx) { o.commit(tx, "main", "", "ahead") })
	o.tells() // pushes to the target branch cause no deliveries
	o.edit("owner", MergeRequestUpdate{StateEvent: "close"})
	o.seen = 3
	o.push("even more")
	o.tells() // nor do pushes to the source of a closed merge request
	assert.Equal(t, *o.head(), second)
	o.edit("owner", MergeRequestUpdate{StateEvent: "reopen"})
	assert.Assert(t, *o.head() != second, "reopening catches up")
}

func TestEvents_ofADeletedSource(t *testing.T) {
	t.Parallel()
	o := newObserver(t, Options{})
	head := *o.head()
	o.do(func(tx *Tx) {
		b, _ := tx.Branch(o.project, "feature")
		tx.DeleteBranch(o.actor(tx, "owner"), o.projectIn(tx), b)
	})
	o.tells("compliance: close closed by owner state_id updated_at")
	assert.Equal(t, *o.head(), head, "the head is that of the last diff")
	o = newObserver(t, Options{})
	o.do(func(tx *Tx) {
		b, _ := tx.Branch(o.project, "feature")
		tx.DeleteBranch(o.actor(tx, "reporter"), o.projectIn(tx), b) // who may not close it
	})
	o.tells("compliance: update opened by reporter from " + head[:4])
	assert.Equal(t, o.detailedMergeStatus(), "commits_status")
}

func TestEvents_ofMerging(t *testing.T) {
	t.Parallel()
	o := newObserver(t, Options{})
	o.do(func(tx *Tx) {
		mr, err := tx.Merge(o.actor(tx, "maintainer"), o.mrIn(tx), MergeOptions{})
		assert.NilError(t, err)
		assert.Equal(t, mr.State, Merged)
	})
	o.tells("compliance: merge merged by maintainer state_id updated_at")
}

func TestEvents_ofMergingWithGitItself(t *testing.T) {
	t.Parallel()
	o := newObserver(t, Options{})
	var empty MergeRequestID
	o.do(func(tx *Tx) {
		main, _ := tx.Branch(o.project, "main")
		tx.moveBranch(o.actor(tx, "owner"), o.projectIn(tx), "empty", main.SHA)
	})
	o.do(func(tx *Tx) {
		empty = o.seedMergeRequest(tx, MergeRequest{SourceBranch: "empty"}).ID
		tx.moveBranch(o.actor(tx, "maintainer"), o.projectIn(tx), "main", o.mrIn(tx).HeadSHA)
	})
	o.tells("compliance: merge merged by maintainer state_id updated_at")
	o.see(func(tx *Tx) {
		mr := o.mrIn(tx)
		assert.Equal(t, mr.State, Merged)
		assert.Equal(t, mr.MergedAt, o.now)
		assert.Equal(t, tx.DetailedMergeStatus(mr), "not_open")
		other, _ := tx.MergeRequestByID(empty)
		assert.Equal(t, other.State, Opened, "what has no commits of its own was not merged")
	})
}

func TestEvents_ofApprovals(t *testing.T) {
	t.Parallel()
	approve := func(o *observer, name string) {
		t.Helper()
		o.do(func(tx *Tx) {
			_, err := tx.Approve(o.actor(tx, name), o.mrIn(tx), "")
			assert.NilError(t, err)
		})
	}
	o := newObserver(t, Options{})
	o.change(func(p *Project) { p.ApprovalsRequired, p.ApprovalsReset = 2, true })
	approve(o, "developer")
	o.tells("compliance: approval opened by developer")
	approve(o, "maintainer")
	o.tells("compliance: approved opened by maintainer")
	approve(o, "owner")
	o.tells("compliance: approved opened by owner")
	unapprove := func(name string) {
		o.do(func(tx *Tx) {
			_, err := tx.Unapprove(o.actor(tx, name), o.mrIn(tx))
			assert.NilError(t, err)
		})
	}
	unapprove("owner")
	o.tells("compliance: unapproval opened by owner")
	unapprove("maintainer")
	o.tells("compliance: unapproved opened by maintainer")
	err := o.try(func(tx *Tx) error { _, err := tx.Unapprove(o.actor(tx, "maintainer"), o.mrIn(tx)); return err })
	assert.Equal(t, outcome(t, err), "not found")
	head := *o.head()
	o.push("more")
	o.tells("compliance: update opened by owner from "+head[:4], "compliance: unapproval opened by owner system "+
		"approvals_reset_on_push")
	approve(o, "developer")
	approve(o, "maintainer")
	o.seen += 2
	head = *o.head()
	o.push("even more")
	o.tells("compliance: update opened by owner from "+head[:4], "compliance: unapproved opened by owner system "+
		"approvals_reset_on_push")
	o.see(func(tx *Tx) { assert.Equal(t, len(o.mrIn(tx).Approvals), 0) })
}

func TestEvents_approvalsAreResetOnlyIfTheProjectWantsIt(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		opts  Options
		reset bool
		left  int
		told  int
	}{{at(18, 9), false, 1, 2}, {at(18, 9), true, 0, 3}, {at(17, 11), true, 0, 2}} {
		o := newObserver(t, tc.opts)
		o.change(func(p *Project) { p.ApprovalsReset = tc.reset })
		o.do(func(tx *Tx) {
			_, err := tx.Approve(o.actor(tx, "developer"), o.mrIn(tx), "")
			assert.NilError(t, err)
		})
		o.push("more")
		o.see(func(tx *Tx) {
			assert.Equal(t, len(o.mrIn(tx).Approvals), tc.left)
			assert.Equal(t, len(tx.Deliveries()), tc.told)
		})
	}
}

func TestEvents_ofThreads(t *testing.T) {
	t.Parallel()
	o := newObserver(t, Options{})
	var threads []Note
	o.do(func(tx *Tx) {
		for range 2 {
			n, err := tx.Comment(o.actor(tx, "developer"), o.mrIn(tx), "why?", true)
			assert.NilError(t, err)
			threads = append(threads, n)
		}
	})
	resolve := func(n Note, resolved bool) {
		o.do(func(tx *Tx) {
			_, err := tx.ResolveDiscussion(o.actor(tx, "developer"), o.mrIn(tx), n.DiscussionID, resolved)
			assert.NilError(t, err)
		})
	}
	o.tells()
	resolve(threads[0], true)
	o.tells()
	resolve(threads[1], true)
	o.tells("compliance: update opened by developer")
	resolve(threads[1], true)
	o.tells()
	resolve(threads[1], false)
	o.tells()
	resolve(threads[1], true)
	o.tells("compliance: update opened by developer")
}

func TestEvents_reachTheChecksOfTheBranch(t *testing.T) {
	t.Parallel()
	o := newObserver(t, Options{})
	o.do(func(tx *Tx) {
		for _, name := range []string{"release", "release-main", "mai*"} {
			b := tx.InsertProtectedBranch(ProtectedBranch{ProjectID: o.project, Name: name})
			tx.SeedExternalStatusCheck(ExternalStatusCheck{ProjectID: o.project, Name: name, ExternalURL: "http://" +
				name[:3], ProtectedBranchIDs: []ProtectedBranchID{b.ID}})
		}
	})
	o.edit("developer", MergeRequestUpdate{})
	o.tells("compliance: update opened by developer updated_by_id updated_at",
		"release-main: update opened by developer updated_by_id updated_at")
	o.do(func(tx *Tx) { tx.SetSettings(Settings{}) })
	o.edit("developer", MergeRequestUpdate{})
	// The licence is not checked.
	o.tells("compliance: update opened by developer", "release-main: update opened by developer")
}

func TestDelivery_isSignedAndDoesNotChange(t *testing.T) {
	t.Parallel()
	assert.Equal(t, Signature("shared_secret", Payload{Event: []byte("{}")}),
		"6c52a647de5847fc387ead12919dc6a5b9ed08e9538583c83da266d958e33aec")
	o := newObserver(t, Options{})
	edit := func(secret string) (d Delivery) {
		o.do(func(tx *Tx) {
			c, _ := tx.ExternalStatusCheck(o.project, o.check)
			c.SharedSecret = secret
			insert(tx, checkTable, c)
		})
		o.edit("developer", MergeRequestUpdate{})
		o.see(func(tx *Tx) { d = tx.Deliveries()[len(tx.Deliveries())-1] })
		return d
	}
	assert.Equal(t, edit("").Signature, "")
	assert.Equal(t, edit(" ").Signature, "", "a secret of blanks signs nothing")
	d := edit("shared_secret")
	assert.Equal(t, d.Signature, Signature("shared_secret", d.Body))
	edit("other")
	o.do(func(tx *Tx) {
		again, err := tx.Redeliver(d.ID, false)
		assert.NilError(t, err)
		assert.Equal(t, plainly(again.Body), plainly(d.Body))
		assert.Equal(t, again.Signature, d.Signature, "the same bytes have the same signature")
		assert.Equal(t, again.RedeliveryOf, d.ID)
		fresh, err := tx.Redeliver(d.ID, true)
		assert.NilError(t, err)
		assert.Equal(t, fresh.Signature, Signature("other", fresh.Body))
		_, err = tx.Redeliver(9999, false)
		assert.Equal(t, outcome(t, err), "record not found")
	})
}

func TestDelivery_thatCannotBeRenderedIsRecorded(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{Payload: func(*Tx, MergeRequestEvent) (Rendering, error) {
		return Rendering{},
			fmt.Errorf("too deep")
	}})
	s.do(func(tx *Tx) {
		_, err := tx.UpdateMergeRequest(s.actor(tx, "owner"), s.mrIn(tx), MergeRequestUpdate{})
		assert.NilError(t, err)
		list := tx.Deliveries()
		assert.Equal(t, len(list), 1)
		assert.Equal(t, list[0].State, GaveUp)
		assert.Equal(t, list[0].Attempts[0].Error, "render the payload: too deep")
		assert.Equal(t, len(tx.QueuedDeliveries()), 0)
	})
}

func TestDelivery_logForgetsTheOldest(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	s.do(func(tx *Tx) {
		waiting := tx.queue(Delivery{Action: "waiting"})
		for range keptDeliveries + 2*deliveryBatch {
			d := tx.queue(Delivery{})
			d.State = Delivered
			tx.SetDelivery(d)
		}
		list := tx.Deliveries()
		assert.Assert(t, len(list) >= keptDeliveries && len(list) <= keptDeliveries+deliveryBatch, "%d are kept",
			len(list))
		assert.Equal(t, tx.DroppedDeliveries(), int64(0))
		assert.Equal(t, list[0].ID, waiting.ID, "what waits is kept")
		assert.Assert(t, slices.IsSortedFunc(list, func(a, b Delivery) int { return int(a.ID - b.ID) }))
	})
}

// The queue is limited too, by number and by size. The oldest deliveries are removed, and that is reported.
func TestDelivery_queueIsBounded(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		delivery Delivery
		queued   int
		most     int
	}{
		"many":  {Delivery{}, keptDeliveries + 3*deliveryBatch, keptDeliveries + deliveryBatch},
		"large": {Delivery{Leads: true, Body: Payload{Event: make([]byte, 1<<20)}}, 40, keptDeliveryBytes >> 20},
		"own":   {Delivery{Body: Payload{Own: make([]byte, 1<<20)}}, 40, keptDeliveryBytes >> 20},
		"huge":  {Delivery{Leads: true, Body: Payload{Event: make([]byte, 2*keptDeliveryBytes)}}, 3, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var told int64
			s := newScene(t, Options{Dropped: func(log Log, _ int, inAll int64) {
				assert.Check(t, log == DeliveryLog)
				told = inAll
			}})
			s.do(func(tx *Tx) {
				var last Delivery
				for range test.queued {
					last = tx.queue(test.delivery)
				}
				list := tx.QueuedDeliveries()
				assert.Assert(t, len(list) > 0 && len(list) <= test.most, "%d wait", len(list))
				assert.Equal(t, list[len(list)-1].ID, last.ID, "the newest is kept")
				assert.Equal(t, tx.DroppedDeliveries(), int64(test.queued-len(list)))
				assert.Equal(t, told, tx.DroppedDeliveries())
			})
		})
	}
}

// The recorded size of the log is that of its rows, however they change.
func TestDelivery_logKnowsItsSize(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	s.do(func(tx *Tx) {
		for n := range 100 {
			d := tx.queue(Delivery{
				Leads: n%3 == 0, Body: Payload{Event: make([]byte, 1000*n), Own: make([]byte, n)},
				URL: "http://a",
			})
			d.State, d.Attempts = Delivered,
				[]Attempt{{ResponseBody: make([]byte, 10*n), ResponseHeader: map[string][]string{"A": {"b"}}}}
			tx.SetDelivery(d)
		}
		var size int64
		for _, d := range tx.Deliveries() {
			size += d.size()
		}
		assert.Equal(t, tx.sequences[deliveryBytes], size)
		assert.Equal(t, tx.sequences[deliveryRows], int64(len(tx.Deliveries())))
	})
}

// The deliveries of one event to several checks share its bytes.
func TestDelivery_checksShareTheEvent(t *testing.T) {
	t.Parallel()
	s := newObserver(t, Options{})
	s.do(func(tx *Tx) {
		tx.SeedExternalStatusCheck(ExternalStatusCheck{
			ProjectID: s.project, Name: "second",
			ExternalURL: "https://checks.example.com/b",
		})
		tx.fire(MergeRequestEvent{MergeRequest: s.mrIn(tx), Action: "update"})
		list := tx.Deliveries()
		one, two := list[len(list)-2], list[len(list)-1]
		assert.Assert(t, &one.Body.Event[0] == &two.Body.Event[0])
		assert.Assert(t, one.Leads && !two.Leads)
		assert.Equal(t, plainly(two.Body), "second: update opened by ")
	})
}

func TestAudit_logIsBoundedBySize(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	s.do(func(tx *Tx) {
		for range 40 {
			tx.audit(Actor{}, ExternalStatusCheck{}, AuditEvent{Message: string(make([]byte, 1<<20))})
		}
		list := tx.AuditEvents()
		assert.Assert(t, len(list) >= 7 && len(list) <= 8, "%d are kept", len(list))
		assert.Equal(t, list[len(list)-1].ID, AuditEventID(40))
		assert.Equal(t, tx.DroppedAuditEvents(), int64(40-len(list)))
	})
}

func TestAudit_logForgetsTheOldest(t *testing.T) {
	t.Parallel()
	var told int64
	s := newScene(t, Options{Dropped: func(_ Log, _ int, inAll int64) { told = inAll }})
	s.do(func(tx *Tx) {
		for range keptAuditEvents + 2*auditBatch {
			tx.auditResponse(Actor{}, s.mrIn(tx), ExternalStatusCheck{}, StatusCheckResponse{})
		}
		list := tx.AuditEvents()
		assert.Assert(t, len(list) >= keptAuditEvents && len(list) <= keptAuditEvents+auditBatch, "%d are kept",
			len(list))
		assert.Equal(t, list[len(list)-1].ID, AuditEventID(keptAuditEvents+2*auditBatch))
		assert.Equal(t, tx.DroppedAuditEvents(), int64(keptAuditEvents+2*auditBatch-len(list)))
		assert.Equal(t, told, tx.DroppedAuditEvents())
	})
}
