package mockserver_test

import (
	"testing"
	"time"

	"gotest.tools/v3/assert"
)

// labelled makes the label red, with a priority, and gives it to the merge request.
func labelled(h *harness) {
	h.do("reporter", "POST", labelsPath, newLabelBody("red", "#FF0000", "priority", 1)).want(201)
	h.do("reporter", "POST", labelsPath, newLabelBody("taken", "#FF0000")).want(201)
	h.do("developer", "PUT", mergeRequestPath, set("labels", "new,red")).want(200)
}

func TestLabels_changed(t *testing.T) {
	t.Parallel()
	change := func(name, as, path string, body any, status int, want string) exchangeCase {
		return exchangeCase{
			name: name, as: as, method: "PUT", path: labelsPath + path, body: body, arrange: labelled, status: status,
			want: want,
		}
	}
	const missing = `{"error":"new_name, color, description, priority, archived are missing, at least one parameter ` +
		`must be provided"}`
	runExchanges(t, []exchangeCase{
		change("all", "reporter", "/red", map[string]any{
			"new_name": " Back ", "color": "Yellow", "description": "a", "priority": nil,
		}, 200, `{"id":1,"name":"Back","description":"a","description_html":"a",`+
			`"text_color":"#1F1E24","color":"#ffff00","subscribed":false,"priority":null,"is_project_label":true}`),
		change("the priority", "planner", "/1", set("priority", 7), 200, `{"id":1,"name":"red","description":null,`+
			`"description_html":"","text_color":"#FFFFFF","color":"#FF0000","subscribed":false,"priority":7,`+
			`"is_project_label":true}`),
		change("no color", "planner", "/1", set("color", nil), 200, `{"id":1,"name":"red","description":null,`+
			`"description_html":"","text_color":"#FFFFFF","color":"#6699cc","subscribed":false,"priority":1,`+
			`"is_project_label":true}`),
		change("nothing", "reporter", "/red", map[string]any{}, 400, missing),
		change("to one that is taken", "reporter", "/red", set("new_name", "taken"), 400,
			`{"message":{"title":["has already been taken"]}}`),
		change("to what no label is", "reporter", "/red", newLabelBody("", "none", "new_name", "a,b"), 400,
			`{"message":{"color":["must be a valid color code"],"title":["is invalid"]}}`),
		change("to a blank name", "reporter", "/red", set("new_name", ""), 400,
			`{"message":{"title":["can't be blank","is invalid"]}}`),
		change("none", "reporter", "/blue", set("color", "red"), 404, `{"message":"404 Label Not Found"}`),
		change("none, by a guest", "guest", "/blue", set("color", "red"), 403, forbidden),
		{
			name: "delete none, by a guest", as: "guest", method: "DELETE", path: labelsPath + "/blue",
			arrange: labelled, status: 404, want: `{"message":"404 Label Not Found"}`,
		},
		{
			name: "delete by a guest", as: "guest", method: "DELETE", path: labelsPath + "/red", arrange: labelled,
			status: 403, want: forbidden,
		},
	})
}

// A label that is changed or deleted does so in merge requests, of which nobody is told.
func TestLabels_inMergeRequests(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	labelled(h)
	h.deliver()
	before := h.do("reporter", "GET", mergeRequestPath, nil).want(200)
	h.clock.advance(time.Minute)
	shown := func() string {
		t.Helper()
		mr := h.do("reporter", "GET", mergeRequestPath, nil).want(200)
		assert.Equal(t, mr.text("updated_at"), before.text("updated_at"))
		return mr.text("labels")
	}
	h.do("reporter", "PUT", labelsPath+"/red", set("new_name", "blue")).want(200)
	assert.Equal(t, shown(), "[blue new]")
	h.do("developer", "PUT", mergeRequestPath, set("add_labels", "blue")).want(200)
	before = h.do("reporter", "GET", mergeRequestPath, nil).want(200)
	h.do("reporter", "DELETE", labelsPath+"/blue", nil).want(204)
	assert.Equal(t, shown(), "[new]")
	assert.DeepEqual(t, h.do("reporter", "GET", labelsPath, nil).want(200).column("name"), []string{"new", "taken"})
	h.do("reporter", "PUT", labelsPath+"/new", set("priority", -1)).want(500)
	h.do("reporter", "PUT", labelsPath+"/new", map[string]any{"priority": -1, "new_name": "newer"}).want(500)
	assert.Equal(t, shown(), "[newer]")
}

func TestMilestones_changed(t *testing.T) {
	t.Parallel()
	there := func(h *harness) {
		h.do("reporter", "POST", milestonesPath, map[string]any{"title": "1.0", "due_date": "2099-12-31"}).want(201)
		h.do("reporter", "POST", milestonesPath, set("title", "2.0")).want(201)
	}
	change := func(name, as, path string, body any, status int, want string) exchangeCase {
		return exchangeCase{
			name: name, as: as, method: "PUT", path: milestonesPath + path, body: body, arrange: there, status: status,
			want: want,
		}
	}
	runExchanges(t, []exchangeCase{
		change("all", "reporter", "/1", map[string]any{
			"title": " 1.1 ", "description": "a", "start_date": "2026-01-01", "due_date": "", "state_event": "close",
		}, 200, `{"id":1,"iid":1,"project_id":6,"title":"1.1","description":"a","state":"closed",`+
			`"created_at":"2026-02-03T10:00:00.000Z","updated_at":"2026-02-03T10:00:00.000Z",`+
			`"due_date":null,"start_date":"2026-01-01","expired":false,`+
			`"web_url":"http://example.com/flightjs/Flight/-/milestones/1"}`),
		change("nothing", "reporter", "/1", map[string]any{}, 400, `{"error":"title, description, start_date, `+
			`due_date, state_event are missing, at least one parameter must be provided"}`),
		change("to no state", "reporter", "/1", set("state_event", "open"), 400,
			`{"error":"state_event does not have a valid value"}`),
		change("to one that is taken", "reporter", "/1", set("title", "2.0"), 400,
			`{"message":"Failed to update milestone `+
				`{:title=>[\"already being used for another group or project milestone.\"]}"}`),
		change("none", "reporter", "/7", set("title", "3.0"), 404, recordMissing),
		change("none, by a guest", "guest", "/7", set("title", "3.0"), 403, forbidden),
		{
			name: "delete none", as: "reporter", method: "DELETE", path: milestonesPath + "/7", status: 404,
			want: recordMissing,
		},
		{
			name: "delete by a guest", as: "guest", method: "DELETE", path: milestonesPath + "/1", arrange: there,
			status: 403, want: forbidden,
		},
	})
}

// A milestone is closed and opened even if the rest of the request is refused.
func TestMilestones_closed(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("reporter", "POST", milestonesPath, set("title", "1.0")).want(201)
	for _, tc := range []struct {
		body  map[string]any
		want  int
		state string
	}{
		{map[string]any{"state_event": "close"}, 200, "closed"},
		{map[string]any{"state_event": "close"}, 200, "closed"},
		{map[string]any{"state_event": "activate", "title": ""}, 400, "active"},
		{map[string]any{"state_event": nil, "description": "a"}, 200, "active"},
	} {
		h.do("reporter", "PUT", milestonesPath+"/1", tc.body).want(tc.want)
		assert.Equal(t, h.do("guest", "GET", milestonesPath+"/1", nil).want(200).text("state"), tc.state)
	}
}

// Services are told of merge requests that lose their milestone, if whoever deletes it could have taken it away.
func TestMilestones_deleted(t *testing.T) {
	t.Parallel()
	for who, told := range map[string]int{"developer": 1, "reporter": 0} {
		h := newHarness(t)
		h.do("reporter", "POST", milestonesPath, set("title", "1.0")).want(201)
		h.do("developer", "PUT", mergeRequestPath, set("milestone_id", 1)).want(200)
		h.deliver()
		before := len(h.deliveries())
		h.do(who, "DELETE", milestonesPath+"/1", nil).want(204)
		h.deliver()
		assert.Equal(t, h.do("reporter", "GET", mergeRequestPath, nil).want(200).text("milestone"), "<nil>")
		assert.Equal(t, len(h.deliveries()) > before, told > 0, who)
		h.do("guest", "GET", milestonesPath+"/1", nil).wantBody(404, recordMissing)
	}
}
