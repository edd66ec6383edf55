package mockserver_test

import (
	"strings"
	"testing"

	"gotest.tools/v3/assert"
)

const (
	labelsPath     = "/projects/6/labels"
	milestonesPath = "/projects/6/milestones"
)

func newLabelBody(name, color string, more ...any) map[string]any {
	body := map[string]any{"name": name, "color": color}
	for i := 0; i+1 < len(more); i += 2 {
		body[more[i].(string)] = more[i+1]
	}
	return body
}

func TestLabels(t *testing.T) {
	t.Parallel()
	there := func(h *harness) { h.do("reporter", "POST", labelsPath, newLabelBody("red", "#FF0000")).want(201) }
	runExchanges(t, []exchangeCase{
		{
			name: "new", as: "reporter", method: "POST", path: labelsPath,
			body: newLabelBody(" Back & end ", "Yellow", "description", "a < b", "priority", 3), status: 201,
			want: `{"id":1,"name":"Back & end","description":"a < b","description_html":"a &lt; b",` +
				`"text_color":"#1F1E24","color":"#ffff00","subscribed":false,"priority":3,"is_project_label":true}`,
		},
		{
			name: "by its name", as: "guest", method: "GET", path: labelsPath + "/red", arrange: there, status: 200,
			want: `{"id":1,"name":"red","description":null,"description_html":"","text_color":"#FFFFFF",` +
				`"color":"#FF0000","subscribed":false,"priority":null,"is_project_label":true}`,
		},
		{name: "by its id", as: "guest", method: "GET", path: labelsPath + "/1", arrange: there, status: 200},
		{
			name: "none", as: "guest", method: "GET", path: labelsPath + "/blue", status: 404,
			want: `{"message":"404 Label Not Found"}`,
		},
		{
			name: "counted", as: "reporter", method: "GET", path: labelsPath + "?with_counts=true&search=RE",
			arrange: func(h *harness) {
				there(h)
				h.do("developer", "PUT", mergeRequestPath, set("labels", "red,blue")).want(200)
			}, status: 200,
			want: `[{"id":1,"name":"red","description":null,"description_html":"","text_color":"#FFFFFF",` +
				`"color":"#FF0000","open_issues_count":0,"closed_issues_count":0,"open_merge_requests_count":1,` +
				`"subscribed":false,"priority":null,"is_project_label":true}]`,
		},
		{
			name: "taken", as: "reporter", method: "POST", path: labelsPath, arrange: there,
			body: newLabelBody("red", "none"), status: 409, want: `{"message":"Label already exists"}`,
		},
		{
			name: "invalid", as: "reporter", method: "POST", path: labelsPath, body: newLabelBody("a,b", "none"),
			status: 400, want: `{"message":{"color":["must be a valid color code"],"title":["is invalid"]}}`,
		},
		{
			name: "blank", as: "reporter", method: "POST", path: labelsPath, body: newLabelBody(" ", "#abc"),
			status: 400, want: `{"message":{"title":["can't be blank","is invalid"]}}`,
		},
		{
			name: "too long", as: "reporter", method: "POST", path: labelsPath,
			body: newLabelBody(strings.Repeat("ä", 256), "#abc"), status: 400,
			want: `{"message":{"title":["is too long (maximum is 255 characters)"]}}`,
		},
		{
			name: "no color", as: "guest", method: "POST", path: labelsPath, body: set("name", "red"), status: 400,
			want: `{"error":"color is missing"}`,
		},
		{
			name: "by a guest", as: "guest", method: "POST", path: labelsPath, body: newLabelBody("red", "red"),
			status: 403, want: `{"message":"403 Forbidden"}`,
		},
	})
}

func TestMilestones(t *testing.T) {
	t.Parallel()
	there := func(h *harness) {
		for _, body := range []map[string]any{
			{"title": "b", "due_date": "2026-03-01", "start_date": "2026-02-01"},
			{"title": "a", "due_date": "2026-01-01"},
			{"title": "c"},
			{"title": "d", "due_date": "no day"},
		} {
			h.do("reporter", "POST", milestonesPath, body).want(201)
		}
	}
	runExchanges(t, []exchangeCase{
		{
			name: "new", as: "reporter", method: "POST", path: milestonesPath,
			body: map[string]any{"title": " 1.0 ", "due_date": "2026-01-01", "start_date": "2025-12-01"}, status: 201,
			want: `{"id":1,"iid":1,"project_id":6,"title":"1.0","description":null,"state":"active",` +
				`"created_at":"2026-02-03T10:00:00.000Z","updated_at":"2026-02-03T10:00:00.000Z",` +
				`"due_date":"2026-01-01","start_date":"2025-12-01","expired":true,` +
				`"web_url":"http://example.com/flightjs/Flight/-/milestones/1"}`,
		},
		{
			name: "taken, and at an end before it begins", as: "reporter", method: "POST", path: milestonesPath,
			arrange: there, body: map[string]any{"title": "b", "due_date": "2026-01-01", "start_date": "2026-01-01"},
			status: 400, want: `{"message":"Failed to create milestone ` +
				`{:due_date=>[\"must be greater than start date\"], ` +
				`:title=>[\"already being used for another group or project milestone.\"]}"}`,
		},
		{
			name: "both dates too late", as: "reporter", method: "POST", path: milestonesPath,
			body:   map[string]any{"title": "b", "start_date": "10000-01-02", "due_date": "99999-01-01"},
			status: 400, want: `{"message":"Failed to create milestone ` +
				`{:due_date=>[\"must be greater than start date\", \"date must not be after 9999-12-31\"], ` +
				`:start_date=>[\"date must not be after 9999-12-31\"]}"}`,
		},
		{
			name: "due too late", as: "reporter", method: "POST", path: milestonesPath,
			body:   map[string]any{"title": "b", "start_date": "9999-12-31", "due_date": "10000-01-01"},
			status: 400, want: `{"message":"Failed to create milestone ` +
				`{:due_date=>[\"date must not be after 9999-12-31\"]}"}`,
		},
		{
			name: "blank", as: "reporter", method: "POST", path: milestonesPath, body: set("title", ""), status: 400,
			want: `{"message":"Failed to create milestone {:title=>[\"can't be blank\"]}"}`,
		},
		{
			name: "none", as: "guest", method: "GET", path: milestonesPath + "/1", status: 404, want: recordMissing,
		},
		{
			name: "of no known state", as: "guest", method: "GET", path: milestonesPath + "?state=open", status: 400,
			want: `{"error":"state does not have a valid value"}`,
		},
		{
			name: "by a guest", as: "guest", method: "POST", path: milestonesPath, body: set("title", "1.0"),
			status: 403, want: `{"message":"403 Forbidden"}`,
		},
	})
	h := newHarness(t)
	there(h)
	list := h.do("guest", "GET", milestonesPath, nil).want(200)
	assert.Equal(t, list.text("0.title")+list.text("1.title")+list.text("2.title")+list.text("3.title"), "abdc")
}

// Each row is what a client sends as a day, and the day that it means.
func TestMilestones_days(t *testing.T) {
	t.Parallel()
	for sent, day := range map[string]string{
		"2026-01-31": "2026-01-31", "2026-01-31T23:00:00-10:00": "2026-01-31", "2026-1-5 10:00": "2026-01-05",
		"20260131": "2026-01-31", "20260131T10": "2026-01-31", "2026/01/31": "2026-01-31", "31.01.2026": "2026-01-31",
		"9999-12-31": "9999-12-31", "2026-02-30": "<nil>", "2026-13-01": "<nil>", "2026-01": "<nil>", "": "<nil>",
		"tomorrow": "<nil>", "202601311": "<nil>",
	} {
		h := newHarness(t)
		m := h.do("reporter", "POST", milestonesPath, map[string]any{"title": "1.0", "due_date": sent}).want(201)
		assert.Equal(t, m.text("due_date"), day, "%q", sent)
	}
}

// Merge requests are found by their milestone and by the people they have.
func TestMergeRequests_filters(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("reporter", "POST", milestonesPath, map[string]any{
		"title": "1.0", "due_date": "2026-03-01", "start_date": "2026-02-03",
	}).want(201)
	h.do("developer", "PUT", mergeRequestPath, map[string]any{
		"milestone_id": 1, "assignee_ids": []int{4}, "reviewer_ids": []int{3}, "labels": "red,s::a",
	}).want(200)
	for query, found := range map[string]bool{
		"milestone=1.0": true, "milestone=None": false, "milestone=any": true, "milestone=2.0": false,
		"milestone=%23started": true, "milestone=%23upcoming": false,
		"assignee_id=4": true, "assignee_id=3": false, "assignee_id=None": false, "assignee_id=Any": true,
		"reviewer_id=3": true, "reviewer_id=none": false, "reviewer_username=maintainer": true,
		"reviewer_username=nobody": false, "source_project_id=6": true, "source_project_id=5": false,
		"reviewer_username=Any": false, "reviewer_username=None": false, "reviewer_username=MAINTAINER": true,
		"assignee_username=developer": true, "assignee_username=Developer": true, "assignee_username=maintainer": false,
		"assignee_username[]=developer&assignee_username[]=nobody":     true,
		"assignee_username[]=developer&assignee_username[]=maintainer": false,
		"assignee_username=developer,maintainer":                       false, "assignee_username=": false,
		"assignee_username=Any": false, "author_username=root": true, "author_username=developer": false,
		"author_id=1": true, "author_id=4": false, "labels=none": false, "labels=red,any": true, "labels=s::*": true,
		"labels=t::*": false, "labels=red,s::*": true, "labels=red,blue": false,
		"not[labels]=red": false, "not[labels]=blue": true, "not[labels][]=blue&not[labels][]=red": false,
		"not[labels]=s::*": false, "not[labels]=Any": true, "not[milestone]=1.0": false, "not[milestone]=2.0": true,
		"not[milestone]=None": true, "not[milestone]=%23upcoming": true, "not[milestone]=%23started": false,
		"not[author_id]=1": false, "not[author_id]=4": true, "not[author_username]=root": false,
		"not[author_username]=nobody": true, "not[assignee_id]=4": false, "not[assignee_id]=3": true,
		"not[assignee_id]=None": true, "not[assignee_username]=developer": false,
		"not[assignee_username][]=nobody&not[assignee_username][]=developer": false,
		"not[assignee_username]=nobody":                                      true,
		"not[reviewer_id]=3":                                                 false, "not[reviewer_id]=4": true,
		"not[reviewer_username]=maintainer": false, "not[reviewer_username]=nobody": false, "not[author_id]=": true,
		"updated_after=2026-02-03": true, "updated_after=2026-02-04": false, "created_before=2026-02-04T00:00:00": true,
		"updated_after=2026-02-03T10:00:00Z": true, "updated_before=2026-02-03T10:00:00Z": true, "updated_after=": true,
	} {
		list := h.do("developer", "GET", mergeRequestsPath+"?"+query, nil).want(200)
		assert.Check(t, (string(list.body) != "[]") == found, "%s", query)
	}
}

// Each row is a filter that is refused, and how.
func TestMergeRequests_filtersRefused(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	refused := func(query, said string) {
		t.Helper()
		h.do("developer", "GET", mergeRequestsPath+"?"+query, nil).wantBody(400, `{"error":"`+said+`"}`)
	}
	refused("assignee_id=x&reviewer_id=1.5", "assignee_id should be an integer, 'None' or 'Any', however got x, "+
		"reviewer_id should be an integer, 'None' or 'Any', however got 1.5")
	refused("author_id=1&author_username=root", "author_id, author_username are mutually exclusive")
	refused("assignee_id=Any&assignee_username=", "assignee_id, assignee_username are mutually exclusive")
	refused("reviewer_id=1&reviewer_username=root", "reviewer_id, reviewer_username are mutually exclusive")
	refused("not[author_id]=1&not[author_username]=root",
		"not[author_id], not[author_username] are mutually exclusive")
	refused("not[assignee_id]=x", "not[assignee_id] should be an integer, 'None' or 'Any', however got x")
	refused("not[author_id]=x", "not[author_id] is invalid")
	refused("not[reviewer_id]=None", "not[reviewer_id] is invalid")
	refused("not=labels", "not is invalid")
	refused("updated_after=soon&created_before=x", "created_before is invalid, updated_after is invalid")
	h.do("developer", "GET", mergeRequestsPath+"?author_id=1&not[author_username]=root", nil).wantBody(200, "[]")
	licence(h, false)
	refused("assignee_username[]=a&assignee_username[]=b", "assignee_username allows one value, but found 2: a, b")
}

// Who may not change the details of a merge request, but may change it as its author, leaves its labels, its milestone
// and its people as they are. So does a milestone that the project does not have.
func TestMergeRequests_metadata(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("reporter", "POST", milestonesPath, set("title", "1.0")).want(201)
	change := map[string]any{
		"labels": "red", "milestone_id": 1, "assignee_ids": []int{4, 5}, "reviewer_ids": []int{3},
		"discussion_locked": true,
	}
	h.do("developer", "PUT", mergeRequestPath, set("assignee_ids", []int{5})).want(200)
	mr := h.do("reporter", "PUT", mergeRequestPath, change).want(200)
	assert.Equal(t, mr.text("labels")+mr.text("milestone")+mr.text("reviewers")+mr.text("discussion_locked"),
		"[]<nil>[]<nil>")
	mr = h.do("developer", "PUT", mergeRequestPath, change).want(200)
	assert.Equal(t, mr.text("labels.0")+mr.text("milestone.title"), "red1.0")
	mr = h.do("developer", "PUT", mergeRequestPath, set("milestone_id", 7)).want(200)
	assert.Equal(t, mr.text("milestone.title"), "1.0")
	mr = h.do("developer", "PUT", mergeRequestPath, set("milestone_id", 0)).want(200)
	assert.Equal(t, mr.text("milestone"), "<nil>")
}
