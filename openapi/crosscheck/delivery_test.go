package crosscheck

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/openapi"
)

// sample is the payload that the contract shows, changed.
func sample(t *testing.T, change func(payload map[string]any)) []byte {
	t.Helper()
	text, err := openapi.GitLab().JSON()
	assert.NilError(t, err)
	var document struct {
		Paths map[string]map[string]struct {
			Callbacks map[string]map[string]struct {
				Post struct {
					RequestBody struct {
						Content map[string]struct {
							Examples map[string]struct{ Value json.RawMessage }
						}
					}
				}
			}
		}
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	_ = decoder.Decode(&document) // parameters beside the methods have another type
	op := openapi.GitLab().Operation("createExternalStatusCheck")
	var payload map[string]any
	for _, callback := range document.Paths[op.Path]["post"].Callbacks {
		for _, item := range callback {
			assert.NilError(t, json.Unmarshal(
				item.Post.RequestBody.Content["application/json"].Examples["sample"].Value, &payload))
		}
	}
	assert.Assert(t, len(payload) > 5, "the contract shows no payload")
	change(payload)
	body, err := json.Marshal(payload)
	assert.NilError(t, err)
	return body
}

func TestCheckDelivery(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change func(map[string]any)
		want   []string
	}{
		{"as shown", func(map[string]any) {}, []string{}},
		{
			"without the check", func(p map[string]any) { delete(p, "external_approval_rule") },
			[]string{"required /external_approval_rule"},
		},
		{"another kind", func(p map[string]any) { p["object_kind"] = "push" }, []string{"enum /object_kind"}},
		{
			"a text for an id", func(p map[string]any) { p["external_approval_rule"].(map[string]any)["id"] = "1" },
			[]string{"type /external_approval_rule/id"},
		},
		{
			"a text for the attributes", func(p map[string]any) { p["object_attributes"] = "none" },
			[]string{"type /object_attributes"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			found := []string{}
			for _, v := range strict.CheckDelivery("createExternalStatusCheck", nil, sample(t, test.change)) {
				found = append(found, v.Code+" "+v.Pointer)
			}
			assert.DeepEqual(t, found, test.want)
		})
	}
	none := strict.CheckDelivery("createExternalStatusCheck", nil, []byte("{"))
	assert.Equal(t, len(none), 1, "%v", none)
	assert.Equal(t, strict.CheckDelivery("listExternalStatusChecks", nil, []byte("{}"))[0].Code, "unknown-callback")
	assert.Equal(t, strict.CheckDelivery("noSuchOperation", nil, []byte("{}"))[0].Code, "unknown-operation")
}

// TestCheckDelivery_choosesTheCallback holds that the headers of a delivery say by what it is checked.
func TestCheckDelivery_choosesTheCallback(t *testing.T) {
	t.Parallel()
	for event, want := range map[string]string{
		"Merge Request Hook":     "enum /object_kind",
		"Confidential Note Hook": "enum /object_kind",
		"Push Hook":              "enum /object_kind",
		"Pipeline Hook":          "unknown-callback ",
	} {
		found := strict.CheckDelivery("createProjectHook", http.Header{"X-Gitlab-Event": {event}},
			[]byte(`{"object_kind":"tag_push"}`))
		texts := []string{}
		for _, v := range found {
			texts = append(texts, v.Code+" "+v.Pointer)
		}
		assert.Assert(t, slices.Contains(texts, want), "%s: %v", event, texts)
	}
}
