package mockserver_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/logtest"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

const auditPath = "/projects/6/audit_events"

func TestAuditEvents(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("maintainer", "POST", checksPath, map[string]any{"name": "Third", "external_url": "https://example.com/3"}).
		want(201)
	h.clock.advance(time.Hour)
	h.do("owner", "PUT", checksPath+"/3", map[string]any{"name": "3rd"}).want(200)
	h.do("owner", "DELETE", checksPath+"/3", nil).want(204)
	h.do("developer", "POST", respondPath, responseBody(2, headSHA, "failed")).want(201) // this event is only streamed
	events := h.do("maintainer", "GET", auditPath, nil).want(200)
	assert.DeepEqual(t, events.column("event_name"),
		[]string{"delete_status_check", "external_status_check_name_updated", "create_status_check"})
	assert.DeepEqual(t, events.column("author_id"), []string{"2", "2", "3"})
	for path, want := range map[string]string{
		"2.entity_type": "Project", "2.entity_id": "6", "2.details.custom_message": "Added Third status check with " +
			"all branches", "2.details.entity_path": "flightjs/Flight",
		"2.details.author_name": "Max Maintainer", "1.details.change": "name", "1.details.from": "Third",
		"1.details.to": "3rd", "2.created_at": "2026-02-03T10:00:00.000Z",
	} {
		assert.Equal(t, events.text(path), want, path)
	}
	// Developers see only their own events.
	assert.DeepEqual(t, h.do("developer", "GET", auditPath, nil).want(200).column("id"), []string{})
	assert.DeepEqual(t, h.do("owner", "GET", auditPath+"?created_before=2026-02-03T10:30:00Z&per_page=1", nil).
		want(200).column("author_id"), []string{"3"})
	h.do("reporter", "GET", auditPath, nil).wantBody(403, forbidden)
	h.do("stranger", "GET", auditPath, nil).wantBody(404, projectMissing)
}

// Many dropped events are a few lines of the log.
func TestAuditEvents_droppedOnesAreLoggedNowAndThen(t *testing.T) {
	t.Parallel()
	var log logtest.Buffer
	h := newHarness(t, func(o *mockserver.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	const kept, more = 10_000, 5_000
	h.update(func(tx *gitlab.Tx) error {
		mr, err := tx.MergeRequest(6, 4)
		assert.NilError(t, err)
		developer, _ := tx.UserByUsername("developer")
		for range kept + more {
			if _, _, err := tx.Respond(gitlab.Actor{User: developer}, mr, gitlab.NewResponse{
				CheckID: 1, SHA: &mr.HeadSHA, Status: gitlab.Passed,
			}); err != nil {
				return err
			}
		}
		return nil
	})
	text := log.String()
	assert.Equal(t, strings.Count(text, "the oldest audit events are dropped"), 6, text)
	assert.Assert(t, strings.Contains(text, "dropped_in_all=239\n"), text)
}
