package mockserver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/openapi"
)

// declaration says how the contract declares that the parameters of an operation are serialised.
type declaration struct {
	Parameters []struct {
		Name, In, Style string
		Explode         *bool
		Schema          struct{ Type string }
	}
	RequestBody struct {
		Content map[string]struct {
			Encoding map[string]struct{ Explode *bool }
		}
	}
}

// declarations are those of all operations, with their references followed.
func declarations(t *testing.T) map[string]declaration {
	t.Helper()
	text, err := openapi.GitLab().JSON()
	assert.NilError(t, err)
	var document struct {
		Paths      map[string]map[string]json.RawMessage
		Components struct{ Parameters map[string]json.RawMessage }
	}
	assert.NilError(t, json.Unmarshal(text, &document))
	all := map[string]declaration{}
	for _, path := range document.Paths {
		delete(path, "servers")
		for _, raw := range path {
			var written map[string]any
			assert.NilError(t, json.Unmarshal(raw, &written))
			list, _ := written["parameters"].([]any)
			for i := range list {
				if ref, ok := list[i].(map[string]any)["$ref"].(string); ok {
					list[i] = document.Components.Parameters[strings.TrimPrefix(ref, "#/components/parameters/")]
				}
			}
			whole, err := json.Marshal(written)
			assert.NilError(t, err)
			var d declaration
			assert.NilError(t, json.Unmarshal(whole, &d))
			all[written["operationId"].(string)] = d
		}
	}
	return all
}

// sample is a value of a parameter, as the words that are sent and as the value that the mock must read.
func sample(p openapi.Parameter) (words []string, want any) {
	word := "a word"
	if len(p.Enum) > 0 {
		word = p.Enum[len(p.Enum)-1]
	}
	switch p.Type {
	case openapi.Integer:
		if len(p.Enum) == 0 {
			word = "14"
		}
		n, _ := strconv.ParseInt(word, 10, 64)
		return []string{word}, n
	case openapi.Number:
		return []string{"1.5"}, 1.5
	case openapi.Boolean:
		return []string{"true"}, true
	case openapi.Integers:
		return []string{"14", "15"}, []int64{14, 15}
	case openapi.Strings:
		return []string{"one", "two"}, []string{"one", "two"}
	}
	return []string{word}, word
}

// travels returns the words as a client sends them that follows the contract: joined by commas, or each with the name.
func travels(words []string, explode *bool) []string {
	if explode != nil && !*explode {
		return []string{strings.Join(words, ",")}
	}
	return words
}

// TestDeclared_serialisations sends every parameter as the contract declares it: in the query, in both kinds of form
// and as JSON. The mock must read the same value. Maps and lists of maps are sent only as JSON, because OpenAPI cannot
// describe how forms contain them.
func TestDeclared_serialisations(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for id, d := range declarations(t) {
		operation := openapi.GitLab().Operation(id)
		for _, p := range operation.Parameters() {
			words, want := sample(p)
			for _, q := range d.Parameters {
				if q.In == "query" && q.Name == p.Name {
					seen["query"]++
					got, err := readForm(url.Values{p.Name: travels(words, q.Explode)}.Encode())
					assert.NilError(t, err)
					assert.DeepEqual(t, coerce(p.Type, p.Members, got[p.Name]), want)
				}
			}
			if p.In != "body" || p.Type == openapi.Object || p.Type == openapi.Objects {
				continue
			}
			for kind, media := range d.RequestBody.Content {
				seen[kind]++
				sent := travels(words, media.Encoding[p.Name].Explode)
				got := readDeclared(t, kind, p.Name, sent, want)
				assert.DeepEqual(t, coerce(p.Type, p.Members, got), want)
			}
		}
	}
	for _, way := range []string{
		"query", "application/json", "application/x-www-form-urlencoded",
		"multipart/form-data",
	} {
		assert.Assert(t, seen[way] > 80, "%s: %d", way, seen[way])
	}
}

// readDeclared sends one parameter in a body and returns the value that the mock reads.
func readDeclared(t *testing.T, kind, name string, words []string, value any) any {
	t.Helper()
	var body bytes.Buffer
	switch kind {
	case "application/json":
		assert.NilError(t, json.NewEncoder(&body).Encode(map[string]any{name: value}))
	case "multipart/form-data":
		w := multipart.NewWriter(&body)
		for _, word := range words {
			assert.NilError(t, w.WriteField(name, word))
		}
		assert.NilError(t, w.Close())
		kind = w.FormDataContentType()
	default:
		fmt.Fprint(&body, url.Values{name: words}.Encode())
	}
	request := httptest.NewRequest("POST", "/", &body)
	request.Header.Set("Content-Type", kind)
	c, err := entered(request)
	assert.NilError(t, err)
	return c.body[name]
}

// TestDeclared_traps checks lists that are not sent as declared. If a name is repeated, the last value counts. Numbered
// brackets are not a list, so the check then applies to all branches.
func TestDeclared_traps(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]int64{
		"ids=14,15": {14, 15}, "ids[]=14&ids[]=15": {14, 15}, "ids=14&ids=15": {15}, "ids[0]=14&ids[1]=15": {},
		"ids=": {},
	} {
		got, err := readForm(text)
		assert.NilError(t, err)
		assert.DeepEqual(t, coerce(openapi.Integers, nil, got["ids"]), want)
	}
}
