package crosscheck

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

// twins are two validators of one document. One compiles schemas itself, the other leaves it to libopenapi-validator.
type twins struct{ own, whole *Validator }

func newTwins(d *openapi.Document) twins {
	t := twins{New(d, Options{}), New(d, Options{})}
	t.whole.whole = true
	return t
}

// TestSchemas_judgeAsTheLibrarysOwn checks the examples of responses of all operations, and variants of them that are
// broken in one place. What is compiled here must judge them as what libopenapi-validator compiles.
func TestSchemas_judgeAsTheLibrarysOwn(t *testing.T) {
	t.Parallel()
	refused := map[string]int{}
	for _, d := range []*openapi.Document{openapi.GitLab().At(release.Reference), openapi.Control()} {
		both, seen, document := newTwins(d), map[string]bool{}, map[string]any{}
		text, err := d.JSON()
		assert.NilError(t, err)
		assert.NilError(t, json.Unmarshal(text, &document))
		for _, o := range d.Operations() {
			for _, e := range examples(t, document, o) {
				for _, body := range variants(e.value, testing.Short()) {
					if key := e.schema + body; !seen[key] {
						seen[key] = true
						both.compareResponse(t, o, e, body, refused)
					}
				}
			}
		}
	}
	for _, code := range []string{"type", "required", "enum", "null", "one-of", "any-of"} {
		assert.Assert(t, refused[code] > 0, "no variant is refused for its %s: %v", code, refused)
	}
}

// TestSchemas_judgeRequestsAsTheLibrarysOwn does the same with requests: bodies that have one parameter each, which has
// each type.
func TestSchemas_judgeRequestsAsTheLibrarysOwn(t *testing.T) {
	t.Parallel()
	refused := map[string]int{}
	for _, d := range []*openapi.Document{openapi.GitLab().At(release.Reference), openapi.Control()} {
		both := newTwins(d)
		for _, o := range d.Operations() {
			bodies := []string{"", "null", "{", "{}", "[]", `"x"`, "1"}
			for _, p := range o.Parameters() {
				for _, value := range []string{"null", "1.5", `""`, "{}", `["x"]`} {
					bodies = append(bodies, `{"`+p.Name+`":`+value+`}`)
				}
			}
			for _, body := range bodies {
				both.compareRequest(t, o, body, refused)
			}
		}
	}
	for _, code := range []string{"type", "required", "enum", "invalid-json"} {
		assert.Assert(t, refused[code] > 0, "no request is refused for its %s: %v", code, refused)
	}
}

// TestSchemas_judgeDeliveriesAsTheLibrarysOwn does the same with the payload of a delivery.
func TestSchemas_judgeDeliveriesAsTheLibrarysOwn(t *testing.T) {
	t.Parallel()
	both := newTwins(openapi.GitLab().At(release.Reference))
	var payload any
	assert.NilError(t, json.Unmarshal(sample(t, func(map[string]any) {}), &payload))
	count := 0
	for _, body := range variants(payload, true) {
		for op, header := range map[string]http.Header{
			"createExternalStatusCheck": nil, "createProjectHook": {"X-Gitlab-Event": {"Merge Request Hook"}},
		} {
			own := both.own.CheckDelivery(op, header, []byte(body))
			assert.DeepEqual(t, own, both.whole.CheckDelivery(op, header, []byte(body)))
			count += len(own)
		}
	}
	assert.Assert(t, count > 100, "%d violations", count)
}

func (both twins) compareResponse(
	t *testing.T, o *openapi.Operation, e bodyExample, body string, refused map[string]int,
) {
	t.Helper()
	r := httptest.NewRequest(o.Method, "/api/v4"+strings.NewReplacer("{", "", "}", "").Replace(o.Path), nil)
	own := both.own.CheckResponse(o.ID, r, e.status, e.header, []byte(body))
	library := both.whole.CheckResponse(o.ID, r, e.status, e.header, []byte(body))
	assert.DeepEqual(t, own, library)
	for _, v := range own {
		refused[v.Code]++
		assert.Assert(t, v.Code != "validator-failed", "%s %d: %s", o.ID, e.status, v)
	}
}

func (both twins) compareRequest(t *testing.T, o *openapi.Operation, body string, refused map[string]int) {
	t.Helper()
	for _, kind := range []string{"application/json", "application/x-www-form-urlencoded"} {
		r := httptest.NewRequest(o.Method, "/api/v4"+strings.NewReplacer("{", "", "}", "").Replace(o.Path), nil)
		r.Header.Set("Content-Type", kind)
		own := both.own.CheckRequest(o.ID, r, []byte(body))
		assert.DeepEqual(t, own, both.whole.CheckRequest(o.ID, r, []byte(body)))
		for _, v := range own {
			refused[v.Code]++
		}
	}
}

// bodyExample is an example of a JSON body in a contract.
type bodyExample struct {
	status int
	header http.Header
	schema string
	value  any
}

// examples lists the examples of JSON bodies in the responses of an operation; one null for a response without any.
func examples(t *testing.T, document map[string]any, o *openapi.Operation) []bodyExample {
	t.Helper()
	item := document["paths"].(map[string]any)[o.Path].(map[string]any)[strings.ToLower(o.Method)].(map[string]any)
	var found []bodyExample
	for code, answer := range item["responses"].(map[string]any) {
		status, err := strconv.Atoi(code)
		assert.NilError(t, err)
		content, _ := resolve(document, answer)["content"].(map[string]any)
		media, has := content["application/json"].(map[string]any)
		if !has {
			continue
		}
		e := bodyExample{status, http.Header{"Content-Type": {"application/json"}}, jsonText(t, media["schema"]), nil}
		found = append(found, e)
		shown, _ := media["examples"].(map[string]any)
		for _, one := range shown {
			e.value = one.(map[string]any)["value"]
			found = append(found, e)
		}
	}
	return found
}

// variants are a value and what it is when it is broken in one place.
func variants(value any, few bool) []string {
	found := []string{}
	add := func() {
		text, _ := json.Marshal(value)
		found = append(found, string(text))
	}
	add()
	found = append(found, "1", `"x"`, "{}", "[]", "[1]", "true", "{")
	vary(value, few, add)
	return found
}

// vary changes each part of a value in turn, and calls add for each change.
func vary(value any, few bool, add func()) {
	wrong := []any{nil, "no such word", -1.5, map[string]any{}}
	if few {
		wrong = []any{nil, "no such word"}
	}
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			right := value[name]
			for _, other := range wrong {
				value[name] = other
				add()
			}
			delete(value, name)
			add()
			value[name] = right
			vary(right, few, add)
		}
		value["no_such_name"] = 1
		add()
		delete(value, "no_such_name")
	case []any:
		if len(value) > 0 {
			right := value[0]
			for _, other := range wrong {
				value[0] = other
				add()
			}
			value[0] = right
			vary(right, few, add)
		}
	}
}
