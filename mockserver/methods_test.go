package mockserver_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/journal"
	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/release"
)

// begun is the time at which the worlds of these tests begin.
var begun = time.Date(2026, 2, 3, 10, 0, 0, 0, time.UTC)

// newServer is a mock with a frozen clock, whose services respond 200 to everything.
func newServer(t *testing.T) *mockserver.Server {
	t.Helper()
	s, err := mockserver.New(mockserver.Options{
		BaseURL: "http://gitlab.example", Now: func() time.Time { return begun }, Transport: &answering{},
	})
	assert.NilError(t, err)
	return s
}

// closeMergeRequest causes an event of which the checks of the default world are notified.
func closeMergeRequest(t *testing.T, s *mockserver.Server) {
	t.Helper()
	status, body := call(s, http.MethodPut, "/api/v4/projects/6/merge_requests/4?state_event=close")
	assert.Equal(t, status, http.StatusOK, body)
}

// The control surface responds with the same values that the methods return.
func TestServer_methodsReturnTheSameAsTheControlSurface(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	assert.NilError(t, s.Freeze(begun))
	closeMergeRequest(t, s)
	call(s, http.MethodGet, "/api/v4/project/6")
	_, err := s.Flush(t.Context())
	assert.NilError(t, err)
	for path, value := range map[string]any{
		"state": s.State(), "clock": s.Clock(), "licence": s.Licence(), "sha_requirement": s.SHARequirement(),
		"writing": s.Writing(), "rate_limits": s.RateLimits(),
		"release": s.Release(), "features": s.Features(), "deliveries": s.Deliveries(),
		"jobs": s.Jobs(), "audit_events": s.AuditEvents(), "surprises": s.Surprises(),
		"expectations": s.Expectations(),
		"notes":        s.Notes(), "coverage": s.Coverage(),
		"journal": s.Journal(journal.Filter{}), "journal.har": s.Archive(journal.Filter{}),
	} {
		status, body := call(s, http.MethodGet, "/-/mock/"+path)
		assert.Equal(t, status, http.StatusOK, path)
		text, err := json.Marshal(value)
		assert.NilError(t, err)
		var got, want any
		assert.NilError(t, json.Unmarshal([]byte(body), &got))
		assert.NilError(t, json.Unmarshal(text, &want))
		assert.DeepEqual(t, got, want)
		empty := slices.Contains([]string{"jobs", "expectations", "audit_events"}, path)
		assert.Assert(t, len(text) > len("[]") || empty, "%s: %s", path, text)
	}
}

// The responses of the control surface can be decoded into their Go types, and then equal what the methods return.
func TestState_isReadFromJSON(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	assert.NilError(t, s.SetClock(control.Clock{
		Mode:   control.OffsetClock,
		Offset: control.Duration{Duration: -time.Hour},
	}))
	closeMergeRequest(t, s)
	_, body := call(s, http.MethodGet, "/-/mock/state")
	var got control.State
	assert.NilError(t, json.Unmarshal([]byte(body), &got))
	assert.DeepEqual(t, got, s.State())
	assert.Equal(t, got.Clock.Offset.Duration, -time.Hour)
}

func TestServer_SetClock(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		clock control.Clock
		now   time.Time
		err   string
	}{
		"real": {clock: control.Clock{Mode: control.RealClock}, now: begun},
		"frozen at": {
			clock: control.Clock{Mode: control.FrozenClock, Now: begun.AddDate(1, 0, 0)},
			now:   begun.AddDate(1, 0, 0),
		},
		"frozen where it is": {clock: control.Clock{Mode: control.FrozenClock}, now: begun},
		"ahead": {
			clock: control.Clock{Mode: control.OffsetClock, Offset: control.Duration{Duration: time.Hour}},
			now:   begun.Add(time.Hour),
		},
		"no mode": {err: `there is no clock of mode "": it can be real, offset or frozen`, now: begun},
		"too long ago": {
			clock: control.Clock{Mode: control.FrozenClock, Now: begun.AddDate(-100, 0, 0)},
			err:   "now: the instant", now: begun,
		},
		"too far ahead": {
			clock: control.Clock{
				Mode:   control.OffsetClock,
				Offset: control.Duration{Duration: 250 * 365 * 24 * time.Hour},
			},
			err: "offset leads too far: the instant", now: begun,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			err := s.SetClock(test.clock)
			if test.err != "" {
				assert.ErrorContains(t, err, test.err)
			} else {
				assert.NilError(t, err)
			}
			assert.DeepEqual(t, s.Clock().Now, test.now)
		})
	}
}

func TestServer_SetLicence(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, l := range []control.Licence{
		{Licensed: false, Projects: []control.ProjectLicence{{ID: 6, Licensed: true}}},
		{Licensed: true, Projects: []control.ProjectLicence{}},
		{Licensed: true, Projects: []control.ProjectLicence{{ID: 6, Licensed: false}}},
	} {
		assert.NilError(t, s.SetLicence(l))
		assert.DeepEqual(t, s.Licence(), l)
		status, _ := call(s, http.MethodGet, "/api/v4/projects/6/merge_requests/4/status_checks")
		want := http.StatusOK
		if len(l.Projects) > 0 && !l.Projects[0].Licensed {
			want = http.StatusUnauthorized
		}
		assert.Equal(t, status, want)
	}
	before := s.Licence()
	err := s.SetLicence(control.Licence{Projects: []control.ProjectLicence{{ID: 77}}})
	assert.Error(t, err, "there is no project 77")
	assert.DeepEqual(t, s.Licence(), before)
}

func TestServer_SetSHARequirement(t *testing.T) {
	t.Parallel()
	s, yes := newServer(t), true
	chosen := control.NamespaceSHARequirement{ID: 9, FullPath: "flightjs", Required: &yes}
	for _, r := range []control.SHARequirement{
		{Namespaces: []control.NamespaceSHARequirement{chosen}},
		{Required: true, Locked: true, Namespaces: []control.NamespaceSHARequirement{}},
	} {
		assert.NilError(t, s.SetSHARequirement(r))
		assert.DeepEqual(t, s.SHARequirement(), r)
	}
	assert.NilError(t, s.SetSHARequirement(control.SHARequirement{
		Namespaces: []control.NamespaceSHARequirement{{FullPath: "flightjs", Required: &yes}},
	}))
	assert.DeepEqual(t, s.SHARequirement().Namespaces, []control.NamespaceSHARequirement{chosen})
	err := s.SetSHARequirement(control.SHARequirement{Namespaces: []control.NamespaceSHARequirement{{FullPath: "x"}}})
	assert.Error(t, err, "there is no group or namespace 0 x")
}

func TestServer_SetWriting(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	assert.Error(t, s.SetWriting("never", ""),
		`there is no mode "never": it can be allowed, maintenance or read_only`)
	assert.ErrorContains(t, s.SetWriting(control.WritingReadOnly, "x"), "message is for the mode maintenance only")
	assert.NilError(t, s.SetWriting(control.WritingMaintenance, "back at ten"))
	assert.DeepEqual(t, s.Writing(), control.Writing{Mode: control.WritingMaintenance, Message: "back at ten"})
	assert.NilError(t, s.SetWriting(control.WritingAllowed, ""))
	assert.DeepEqual(t, s.Writing(), control.Writing{Mode: control.WritingAllowed})
}

func TestServer_SetRelease(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	assert.ErrorContains(t, s.SetRelease(release.Version{Major: 12}, nil), "12.0")
	assert.NilError(t, s.SetRelease(release.Oldest, nil))
	assert.Equal(t, s.Release().Version, release.Oldest.String())
	newest := newServer(t)
	assert.NilError(t, newest.SetRelease(release.Newest, nil))
	assert.Assert(t, len(newest.Release().Changes) > len(s.Release().Changes))
}

// Each flag can be switched in the releases that have it, and in no others.
func TestServer_SetFeatures(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	enabled := func(name string) bool {
		for _, f := range s.Features() {
			if f.Name == name {
				return f.Enabled
			}
		}
		return false
	}
	for _, flag := range mockserver.FeatureFlags() {
		first := flag.Since
		if flag.In(release.Oldest) {
			first = release.Oldest
		}
		assert.NilError(t, s.SetRelease(first, map[string]bool{flag.Name: true}))
		assert.Assert(t, enabled(flag.Name), flag.Name)
		assert.NilError(t, s.SetFeatures(map[string]bool{flag.Name: false}))
		assert.Assert(t, !enabled(flag.Name), flag.Name)
		assert.NilError(t, s.SetRelease(flag.Gone, nil))
		assert.ErrorContains(t, s.SetFeatures(map[string]bool{flag.Name: false}), flag.Name)
	}
}

func TestServer_Redeliver(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	closeMergeRequest(t, s)
	first := s.Deliveries()[0]
	again, err := s.Redeliver(first.ID)
	assert.NilError(t, err)
	assert.Equal(t, again.Body, first.Body)
	assert.Equal(t, *again.RedeliveryOf, first.ID)
	call(s, http.MethodPut, "/api/v4/projects/6/merge_requests/4?title=Another")
	fresh, err := s.RedeliverFresh(first.ID)
	assert.NilError(t, err)
	assert.Assert(t, fresh.Body != first.Body)
	_, err = s.Redeliver(999)
	assert.ErrorContains(t, err, "there is no delivery 999 in the log")
}

func TestServer_Seed(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	err := s.Seed(seed.Document{Users: []seed.User{{}}})
	var broken *seed.Error
	assert.Assert(t, errors.As(err, &broken))
	assert.DeepEqual(t, broken.Problems, []string{"seed: users[0].username: a user needs username"})
	assert.Equal(t, len(s.State().Projects), 1)
	assert.NilError(t, s.Seed(seed.Document{}))
	assert.Equal(t, len(s.State().Projects), 0)
}

func TestServer_Jobs(t *testing.T) {
	t.Parallel()
	s, err := mockserver.New(mockserver.Options{
		Now: func() time.Time { return begun }, Lag: mockserver.Lag{Min: time.Minute, Max: time.Minute},
		Transport: &answering{},
	})
	assert.NilError(t, err)
	call(s, http.MethodPost, "/api/v4/projects/6/merge_requests/4/status_check_responses?external_status_check_id=1"+
		"&sha=141be9714669a4c1ccaa013c6a7f3e462ff2a40f&status=pending")
	assert.Equal(t, s.Jobs()[0].Kind, "time_out_response")
	assert.Equal(t, s.RunJobs(), 0)
	assert.NilError(t, s.Freeze(begun.Add(time.Hour)))
	assert.Assert(t, s.RunJobs() > 0)
}

// Deliveries that Run sends, and others that Flush sends, can be awaited without polling.
func TestServer_AwaitDeliveries(t *testing.T) {
	t.Parallel()
	for name, send := range map[string]func(context.Context, *mockserver.Server) error{
		"Run":   func(ctx context.Context, s *mockserver.Server) error { return s.Run(ctx) },
		"Flush": func(ctx context.Context, s *mockserver.Server) error { _, err := s.Flush(ctx); return err },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			closeMergeRequest(t, s)
			ctx, stop := context.WithCancel(t.Context())
			sent := make(chan error, 1)
			go func() { sent <- send(ctx, s) }()
			answered, err := s.AwaitDeliveries(t.Context(), 2)
			assert.NilError(t, err)
			assert.Assert(t, len(answered) >= 2)
			assert.Equal(t, answered[0].Attempts[0].Status, http.StatusOK)
			stop()
			<-sent
		})
	}
}

func TestServer_AwaitDeliveries_describesOthersInItsError(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	closeMergeRequest(t, s)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	_, err := s.AwaitDeliveries(ctx, 1)
	assert.ErrorIs(t, err, context.Canceled)
	assert.ErrorContains(t, err, "mockserver: 0 of 1 deliveries were answered; "+
		"delivery 1 to https://checks.example/compliance-tool is queued; delivery 2 to")
}

// Each kind of change wakes up those who wait.
func TestServer_Await(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*mockserver.Server){
		"a request": func(s *mockserver.Server) {
			call(s, http.MethodPut,
				"/api/v4/projects/6/merge_requests/4?title=A")
		},
		"a surprise": func(s *mockserver.Server) { call(s, http.MethodGet, "/api/v4/nowhere") },
		"the clock":  func(s *mockserver.Server) { _ = s.Freeze(begun.Add(time.Hour)) },
		"a reset":    func(s *mockserver.Server) { _ = s.Reset() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			assert.NilError(t, s.SetWriting(control.WritingAllowed, ""))
			asked, changed := 0, make(chan struct{})
			err := s.Await(t.Context(), func() bool {
				if asked++; asked == 1 {
					go func() {
						change(s)
						close(changed)
					}()
				}
				return asked > 1
			})
			assert.NilError(t, err)
			<-changed
		})
	}
}
