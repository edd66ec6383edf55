package mockserver_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/orderedjson"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// payloadKey is a key that payloads have: the types of its values, and the keys of the objects among them. The key of
// the items of a list is [].
type payloadKey struct {
	name     string
	optional bool
	types    []string
	keys     []*payloadKey
	seen     bool
}

// readPayloadKeys reads a file of testdata/payload/keys.
func readPayloadKeys(t *testing.T, name string) *payloadKey {
	t.Helper()
	data, err := os.ReadFile("testdata/payload/keys/" + name + ".txt")
	assert.NilError(t, err)
	above := []*payloadKey{{name: "payload", types: []string{"object"}}}
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		words := strings.Fields(line)
		depth := (len(line) - len(strings.TrimLeft(line, " "))) / 2
		short, optional := strings.CutSuffix(words[0], "?")
		k := &payloadKey{name: short, optional: optional, types: words[1:]}
		above = append(above[:depth+1], k)
		above[depth].keys = append(above[depth].keys, k)
	}
	return above[0]
}

var rubyTimeForm = regexp.MustCompile(`^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} UTC$`)

// check compares a value with what is known of its key.
func (k *payloadKey) check(t *testing.T, path string, value any) {
	t.Helper()
	k.seen = true
	var kind string
	switch v := value.(type) {
	case nil:
		kind = "null"
	case bool:
		kind = "boolean"
	case json.Number:
		kind = "integer"
	case string:
		kind = "string"
		if rubyTimeForm.MatchString(v) {
			kind = "time"
		}
	case []any:
		kind = "array"
		for _, item := range v {
			if len(k.keys) == 0 {
				t.Errorf("%s has items, and the file does not say of which type", path)
				return
			}
			k.keys[0].check(t, path+"[]", item)
		}
	case *orderedjson.Object:
		kind = "object"
		k.checkKeys(t, path, v)
	}
	if !slices.Contains(k.types, kind) {
		t.Errorf("%s is of the type %s; want %s", path, kind, strings.Join(k.types, " or "))
	}
}

func (k *payloadKey) checkKeys(t *testing.T, path string, o *orderedjson.Object) {
	t.Helper()
	var want []string
	for _, key := range k.keys {
		if _, there := o.Members[key.name]; there || !key.optional {
			want = append(want, key.name)
		}
	}
	if !slices.Equal(o.Keys, want) {
		t.Errorf("%s has the keys\n%s; want\n%s", path, strings.Join(o.Keys, " "), strings.Join(want, " "))
	}
	for _, key := range k.keys {
		if value, there := o.Members[key.name]; there {
			key.check(t, path+"/"+key.name, value)
		}
	}
}

// unseen lists the keys that no payload had.
func (k *payloadKey) unseen(path string) []string {
	if !k.seen {
		return []string{path}
	}
	var list []string
	for _, key := range k.keys {
		list = append(list, key.unseen(path+"/"+key.name)...)
	}
	return list
}

// everythingAround makes deliveries in which every key has a value, and some in which as few as possible have one.
func everythingAround(h *harness) {
	addHook(map[string]any{"merge_requests_events": true, "push_events": true, "note_events": true})(h)
	newBranch(h)
	h.do("owner", "POST", approvalRules, newRule("Reviewers", 1, "user_ids", "3")).want(201)
	h.do("developer", "POST", labelsPath, newLabelBody("new", "red", "description", "Fresh")).want(201)
	h.do("developer", "POST", milestonesPath, set("title", "1.0")).want(201)
	h.do("developer", "POST", mergeRequestsPath, newMergeRequest("description", "Wings", "labels", "fast",
		"assignee_ids", []int{3}, "reviewer_ids", []int{4, 5}, "remove_source_branch", true)).want(201)
	h.do("guest", "GET", "/version", nil) // lets due jobs run
	h.do("developer", "PUT", mergeRequestPath, map[string]any{
		"title": "Draft: Update", "description": "Why", "add_labels": "fast,new", "target_branch": "feature",
		"assignee_ids": []int{4}, "reviewer_ids": []int{3}, "remove_source_branch": false,
		"milestone_id": 1,
	}).want(200)
	h.do("developer", "POST", notesPath, set("body", "Why not?")).want(201)
	h.do("developer", "POST", mergeRequestsPath+"/5/notes", set("body", "Why not?")).want(201)
	h.do("developer", "POST", mergeRequestPath+"/discussions", set("body", "Why?")).want(201)
	h.do("maintainer", "POST", mergeRequestPath+"/approve", nil).want(201)
	h.do("developer", "POST", mergeRequestPath+"/add_spent_time", set("duration", "1h")).want(201)
	h.do("developer", "PUT", mergeRequestsPath+"/5", set("state_event", "close")).want(200)
	h.do("guest", "GET", "/version", nil)
}

// Payloads have the keys that GitLab's source and documentation show, in the same places and with values of the same
// types. The files in testdata/payload/keys are written by hand.
func TestPayload_keys(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	everythingAround(h)
	kinds := map[string]*payloadKey{}
	for _, name := range []string{"merge_request", "push", "note"} {
		kinds[name] = readPayloadKeys(t, name)
	}
	h.view(func(tx *gitlab.Tx) {
		for _, d := range tx.Deliveries() {
			value, err := orderedjson.Parse(d.Body.Bytes(), func(n json.Number) any { return n })
			assert.NilError(t, err)
			kind := value.(*orderedjson.Object).Get("object_kind").(string)
			kinds[kind].check(t, kind, value)
		}
	})
	for name, k := range kinds {
		assert.DeepEqual(t, k.unseen(name), []string(nil))
	}
}
