package mockserver_test

import (
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

const (
	notesPath       = mergeRequestPath + "/notes"
	discussionsPath = mergeRequestPath + "/discussions"
)

func TestNotes_refusals(t *testing.T) {
	t.Parallel()
	locked := func(h *harness) {
		h.publish()
		h.do("developer", "PUT", mergeRequestPath, set("discussion_locked", true)).want(200)
	}
	runExchanges(t, []exchangeCase{
		{name: "list as Guest", as: "guest", method: "GET", path: notesPath, status: 404, want: recordMissing},
		{
			name: "list of none", as: "reporter", method: "GET", path: mergeRequestsPath + "/99/notes", status: 404,
			want: recordMissing,
		},
		{
			name: "comment without body", as: "reporter", method: "POST", path: notesPath, body: "{}", status: 400,
			want: `{"error":"body is missing"}`,
		},
		{
			name: "comment with a blank body", as: "reporter", method: "POST", path: notesPath, body: set("body", " "),
			status: 400, want: `{"message":"400 Bad request - Note {:note=>[\"can't be blank\"]}"}`,
		},
		{
			name: "comment where it is locked", as: "stranger", method: "POST", path: notesPath, body: set("body", "x"),
			status: 403, want: forbidden, arrange: locked,
		},
		{
			name: "comment without token", method: "POST", path: notesPath, body: set("body", "x"), status: 401,
			want: unauthorized,
		},
		{
			name: "discuss none", as: "reporter", method: "POST", path: mergeRequestsPath + "/99/discussions",
			body: set("body", "x"), status: 404, want: recordMissing,
		},
		{
			name: "resolve none", as: "developer", method: "PUT", path: discussionsPath + "/abc",
			body: set("resolved", true), status: 404, want: `{"message":"404 Discussion Not Found"}`,
		},
		{
			name: "resolve without saying so", as: "developer", method: "PUT", path: discussionsPath + "/abc",
			body:   "{}",
			status: 400, want: `{"error":"resolved is missing"}`,
		},
		{
			name: "resolve that of others", as: "reporter", method: "PUT", path: discussionsPath + "/" +
				firstDiscussion, body: set("resolved", true), status: 403, want: forbidden,
			arrange: func(h *harness) {
				assert.Equal(h.t, h.do("developer", "POST", discussionsPath, set("body", "Tested?")).want(201).
					text("id"), firstDiscussion)
			},
		},
	})
}

// firstDiscussion is the id of the first discussion in a fresh world.
const firstDiscussion = "a669671b5f238b37f1d841a801100895d4adbb6c"

func TestNotes(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	made := h.do("reporter", "POST", notesPath, set("body", "Looks good.")).want(201)
	for path, want := range map[string]string{
		"type": "<nil>", "body": "Looks good.", "author.username": "reporter", "noteable_type": "MergeRequest",
		"noteable_id": "144", "noteable_iid": "4",
		"project_id": "6", "resolvable": "false", "resolved": "<nil>", "internal": "false", "system": "false",
		"created_at": "2026-02-03T10:00:00.000Z",
	} {
		assert.Equal(t, made.text(path), want, path)
	}
	h.clock.advance(time.Minute)
	h.do("owner", "POST", notesPath, map[string]any{
		"body": "Old", "created_at": "2020-01-01T00:00:00Z",
		"internal": true,
	}).want(201)
	assert.DeepEqual(t, h.do("reporter", "GET", notesPath, nil).want(200).column("body"),
		[]string{"Looks good.", "Old"})
	assert.DeepEqual(t, h.do("reporter", "GET", notesPath+"?sort=asc", nil).want(200).column("internal"),
		[]string{"true", "false"})
	assert.DeepEqual(t, h.do("reporter", "GET", notesPath+"?activity_filter=only_activity", nil).want(200).column("id"),
		[]string{})
	assert.Equal(t, h.do("reporter", "GET", mergeRequestPath, nil).want(200).text("user_notes_count"), "2")
	assert.Equal(t, h.do("reporter", "GET", mergeRequestPath, nil).want(200).text("subscribed"), "true",
		"who comments is subscribed")
}

// Internal notes are visible to members with the Planner role or higher.
func TestNotes_internalOnesAreHidden(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.publish()
	h.do("owner", "POST", notesPath, map[string]any{"body": "Secret", "internal": true}).want(201)
	for as, want := range map[string][]string{"guest": {}, "planner": {"Secret"}, "stranger": {}} {
		assert.DeepEqual(t, h.do(as, "GET", notesPath, nil).want(200).column("body"), want)
		assert.Equal(t, len(h.do(as, "GET", discussionsPath, nil).want(200).column("id")), len(want))
	}
}

func TestParticipants(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	const path = mergeRequestPath + "/participants"
	h.do("reporter", "POST", notesPath, set("body", "Ask @guest, `@owner`.")).want(201)
	h.do("developer", "PUT", mergeRequestPath, set("reviewer_ids", []int{3})).want(200)
	first := h.do("reporter", "GET", path+"?per_page=3", nil).want(200)
	assert.DeepEqual(t, first.column("username"), []string{"maintainer", "reporter", "root"})
	assert.Equal(t, first.header.Get("X-Total"), "4")
	assert.DeepEqual(t, h.do("reporter", "GET", path+"?per_page=3&page=2", nil).want(200).column("username"),
		[]string{"guest"})
	h.do("guest", "GET", path, nil).wantBody(403, forbidden)
	h.do("reporter", "GET", mergeRequestsPath+"/99/participants", nil).wantBody(404, recordMissing)
	h.do("", "GET", path, nil).wantBody(404, `{"message":"404 Project Not Found"}`)
	h.publish()
	assert.Equal(t, len(h.do("", "GET", path, nil).want(200).column("id")), 4)
	assert.Equal(t, h.do("guest", "GET", mergeRequestPath, nil).want(200).text("subscribed"), "true",
		"who is named is subscribed")
}

// A comment that consists of commands makes no note. From other comments the commands are removed.
func TestNotes_carryOutCommands(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for _, tc := range []struct{ body, summary, path, want string }{
		{"/close", "Closed this merge request.", "state", "closed"},
		{"/reopen", "Reopened this merge request.", "state", "opened"},
		{"/title New", `Changed the title to "New".`, "title", "New"},
		{"/draft", "Marked this merge request as a draft.", "title", "Draft: New"},
		{"/ready", "Marked this merge request as ready.", "title", "New"},
	} {
		r := h.do("developer", "POST", notesPath, set("body", tc.body)).want(202)
		assert.Equal(t, r.text("summary.0"), tc.summary)
		assert.Equal(t, h.do("developer", "GET", mergeRequestPath, nil).want(200).text(tc.path), tc.want, tc.body)
	}
	mixed := h.do("developer", "POST", notesPath, set("body", "Fine.\n/approve\n/unknown\n")).want(201)
	assert.Equal(t, mixed.text("body"), "Fine.\n/unknown")
	assert.Equal(t, mixed.text("commands_changes.approve"), "true")
	assert.Equal(t, h.do("developer", "GET", mergeRequestPath+"/approvals", nil).want(200).text("user_has_approved"),
		"true")
	h.do("developer", "POST", notesPath, set("body", "/unapprove")).want(202)
	h.do("reporter", "POST", notesPath, set("body", "/close")).wantBody(202,
		`{"commands_changes":{},"summary":["Could not apply close command."]}`)
}

func TestDiscussions(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	project(func(p *gitlab.Project) { p.RequireResolvedDiscussions = true })(h)
	h.do("reporter", "POST", notesPath, set("body", "Hm.")).want(201)
	made := h.do("reporter", "POST", discussionsPath, set("body", "Tested?")).want(201)
	assert.Equal(t, made.text("individual_note"), "false")
	assert.Equal(t, made.text("notes.0.type")+" "+made.text("notes.0.resolved"), "DiscussionNote false")
	assert.DeepEqual(t, h.do("reporter", "GET", discussionsPath, nil).want(200).column("individual_note"),
		[]string{"true", "false"})
	open := h.do("reporter", "GET", mergeRequestPath, nil).want(200)
	assert.Equal(t, open.text("blocking_discussions_resolved")+" "+open.text("detailed_merge_status"),
		"false discussions_not_resolved")
	path := discussionsPath + "/" + made.text("id")
	resolved := h.do("reporter", "PUT", path+"?resolved=true", nil).want(200) // their own thread
	assert.Equal(t, resolved.text("notes.0.resolved_by.username")+" "+resolved.text("notes.0.resolved_at"),
		"reporter 2026-02-03T10:00:00.000Z")
	assert.Equal(t, h.do("reporter", "GET", mergeRequestPath, nil).want(200).text("blocking_discussions_resolved"),
		"true")
	assert.Equal(t, h.do("developer", "PUT", path, set("resolved", false)).want(200).text("notes.0.resolved_by"),
		"<nil>")
}
