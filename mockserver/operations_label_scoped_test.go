package mockserver_test

import (
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// licence gives the instance its plan, or takes it away.
func licence(h *harness, has bool) {
	h.update(func(tx *gitlab.Tx) error {
		tx.SetSettings(gitlab.Settings{Licensed: has})
		return nil
	})
}

// titles are the labels that an answer shows of a merge request.
func titles(r response) string {
	return strings.Trim(r.text("labels"), "[]")
}

// Each row is a merge request with some labels, a change of them, and what it has then.
func TestLabels_scoped(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before     string
		change     map[string]any
		want       string
		unlicensed bool
	}{
		"added":            {before: "s::a", change: set("add_labels", "s::b"), want: "s::b"},
		"the last named":   {change: set("labels", "s::a,s::b,x,s::c"), want: "s::c x"},
		"named once more":  {change: set("labels", "s::a,s::b,s::a"), want: "s::a"},
		"a list":           {change: set("add_labels", []string{"s::b", "s::a"}), want: "s::a"},
		"in both":          {change: map[string]any{"labels": "s::a", "add_labels": "s::b"}, want: "s::a"},
		"the old one last": {before: "s::a", change: set("labels", "s::b,s::a"), want: "s::a"},
		"another scope":    {before: "s::a", change: set("add_labels", "t::a"), want: "s::a t::a"},
		"a deeper scope":   {before: "s::a", change: set("add_labels", "s::t::a"), want: "s::a s::t::a"},
		"in a deep scope":  {before: "s::t::a", change: set("add_labels", "s::t::b"), want: "s::t::b"},
		"no scope":         {before: "s", change: set("add_labels", "s:a"), want: "s s:a"},
		"an empty scope":   {before: "::a", change: set("add_labels", "::b"), want: "::b"},
		"other case":       {before: "s::a", change: set("add_labels", "S::b"), want: "S::b s::a"},
		"added and removed": {
			before: "s::a", change: map[string]any{"add_labels": "s::b", "remove_labels": "s::b"}, want: "s::a",
		},
		"a plan without": {before: "s::a", change: set("add_labels", "s::b"), want: "s::a s::b", unlicensed: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			if test.unlicensed {
				licence(h, false)
			}
			h.do("developer", "PUT", mergeRequestPath, set("labels", test.before)).want(200)
			assert.Equal(t, titles(h.do("developer", "PUT", mergeRequestPath, test.change).want(200)), test.want)
			assert.Equal(t, titles(h.do("developer", "GET", mergeRequestPath, nil).want(200)), test.want)
		})
	}
}

// Labels that were there together before the plan had scoped ones stay together, until one of the scope is added.
func TestLabels_scopedFromBefore(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	licence(h, false)
	h.do("developer", "PUT", mergeRequestPath, set("labels", "s::a,s::b")).want(200)
	licence(h, true)
	assert.Equal(t, titles(h.do("developer", "PUT", mergeRequestPath, set("add_labels", "x")).want(200)), "s::a s::b x")
	assert.Equal(t, titles(h.do("developer", "PUT", mergeRequestPath, set("add_labels", "s::c")).want(200)), "s::c x")
	newBranch(h)
	mr := h.do("developer", "POST", mergeRequestsPath, newMergeRequest("labels", "s::a,s::b")).want(201)
	assert.Equal(t, titles(mr), "s::b")
}

// A merge request makes the labels that the project lacks, but for those that no label can be.
func TestLabels_madeByMergeRequests(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	long := strings.Repeat("ä", 256)
	mr := h.do("developer", "PUT", mergeRequestPath, set("labels", long+","+long[2:]+",x")).want(200)
	assert.Equal(t, titles(mr), "x "+long[2:])
	h.do("guest", "GET", labelsPath+"/"+long, nil).want(404)
	h.do("developer", "PUT", mergeRequestPath, set("remove_labels", "y")).want(200)
	h.do("guest", "GET", labelsPath+"/y", nil).want(404)
}

// A priority that the database does not take breaks GitLab, which has made the label by then.
func TestLabels_priority(t *testing.T) {
	t.Parallel()
	for priority, status := range map[string]int{
		"0": 201, "2147483647": 201, "-1": 500, "2147483648": 500, "1.5": 400, "x": 400, "": 201,
	} {
		h := newHarness(t)
		h.do("reporter", "POST", labelsPath, newLabelBody("red", "red", "priority", priority)).want(status)
		if status == 500 {
			assert.Equal(t, h.do("guest", "GET", labelsPath+"/red", nil).want(200).text("priority"), "<nil>")
		}
	}
}
