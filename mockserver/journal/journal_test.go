package journal_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/journal"
)

func numbers(p journal.Page) []int64 {
	var list []int64
	for _, e := range p.Entries {
		list = append(list, e.Number)
	}
	return list
}

func TestJournal_dropsTheOldest(t *testing.T) {
	t.Parallel()
	j := journal.New(3)
	for range 100 {
		j.Add(&journal.Entry{Kind: journal.Call})
	}
	p := j.Page(journal.Filter{})
	assert.DeepEqual(t, numbers(p), []int64{98, 99, 100})
	assert.Equal(t, p.Dropped, int64(97))
	assert.Equal(t, p.Next, int64(101))
	j.Clear()
	j.Add(&journal.Entry{})
	p = j.Page(journal.Filter{})
	assert.DeepEqual(t, numbers(p), []int64{101})
	assert.Equal(t, p.Dropped, int64(0))
}

// A journal of few but large entries is bounded by what they take.
func TestJournal_isBoundedByBytes(t *testing.T) {
	t.Parallel()
	large := strings.Repeat("1", 1<<20)
	for name, entry := range map[string]journal.Entry{
		"a text in a list": {Body: map[string]any{"list": []any{large}}},
		"a number":         {Body: map[string]any{"id": json.Number(large)}},
		"a user":           {User: large},
		"a token":          {Token: large},
		"a method":         {Method: large},
		"an operation":     {Operation: large},
		"a fault":          {Fault: large},
	} {
		j := journal.New(1000)
		for range 40 {
			j.Add(&entry)
		}
		kept := len(j.Page(journal.Filter{}).Entries)
		assert.Assert(t, kept > 10 && kept < 17, "%s: %d", name, kept)
	}
}

func TestJournal_ofNothingKeepsNothing(t *testing.T) {
	t.Parallel()
	j := journal.New(-1)
	j.Add(&journal.Entry{})
	assert.Assert(t, !j.Keeps())
	assert.DeepEqual(t, j.Page(journal.Filter{}), journal.Page{Entries: []journal.Entry{}, Next: 1})
}

func TestJournal_filtersAndPages(t *testing.T) {
	t.Parallel()
	j := journal.New(10)
	for _, e := range []journal.Entry{
		{Kind: journal.Call, Operation: "getProject", User: "dana", Status: 200},
		{Kind: journal.Delivery, Status: 200},
		{Kind: journal.Call, Operation: "getProject", User: "olga", Status: 404},
		{Kind: journal.Call, Operation: "getUser", User: "dana", Status: 429},
		{Kind: journal.Call, Operation: "getUser", User: "dana"},
	} {
		j.Add(&e)
	}
	for name, test := range map[string]struct {
		filter journal.Filter
		want   []int64
		next   int64
		more   bool
	}{
		"all":            {journal.Filter{}, []int64{1, 2, 3, 4, 5}, 6, false},
		"kind":           {journal.Filter{Kind: journal.Delivery}, []int64{2}, 6, false},
		"operation":      {journal.Filter{Operation: "getProject"}, []int64{1, 3}, 6, false},
		"user":           {journal.Filter{User: "dana"}, []int64{1, 4, 5}, 6, false},
		"status":         {journal.Filter{Status: "404"}, []int64{3}, 6, false},
		"statuses":       {journal.Filter{Status: "4xx"}, []int64{3, 4}, 6, false},
		"no response":    {journal.Filter{Status: "0"}, []int64{5}, 6, false},
		"since":          {journal.Filter{Since: 4}, []int64{4, 5}, 6, false},
		"first page":     {journal.Filter{User: "dana", Limit: 2}, []int64{1, 4}, 5, true},
		"second page":    {journal.Filter{User: "dana", Limit: 2, Since: 5}, []int64{5}, 6, false},
		"a page just so": {journal.Filter{User: "dana", Limit: 3}, []int64{1, 4, 5}, 6, false},
		"nothing yet":    {journal.Filter{Since: 6}, nil, 6, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := j.Page(test.filter)
			assert.DeepEqual(t, numbers(p), test.want)
			assert.Equal(t, p.Next, test.next)
			assert.Equal(t, p.More, test.more)
		})
	}
}

// An archive is one by the format's own rules, whatever the entries are.
func TestArchive(t *testing.T) {
	t.Parallel()
	schema, err := jsonschema.NewCompiler().Compile("testdata/har.schema.json")
	assert.NilError(t, err)
	at := time.Date(2026, 2, 3, 10, 0, 0, 0, time.UTC)
	text, err := json.Marshal(journal.Archive([]journal.Entry{
		{
			Kind: journal.Call, Operation: "updateExternalStatusCheck", Method: "PUT", Path: "/api/v4/x%20y", At: at,
			Query: map[string]any{"private_token": journal.Hidden}, Body: map[string]any{"name": "a b"}, User: "dana",
			RequestHeaders: map[string]string{"Content-Type": "application/json"}, RequestSize: 14, Status: 200,
			ResponseHeaders: map[string]string{"Content-Type": "application/json"}, ResponseSize: 2, Connection: 3,
		},
		{Kind: journal.Call, Method: "GET", Path: "/", At: at, Fault: "flaky"},
		{Kind: journal.Call, Method: "GET", Path: "/list", At: at, Query: map[string]any{
			"iids": []any{"1", "2"}, "not": map[string]any{"b": true, "a": nil}, "page": 2,
		}},
		{
			Kind: journal.Delivery, Method: "POST", URL: "https://x.test/hook", At: at, Reason: "no answer",
			Attempt: &journal.Attempt{Delivery: 7, Number: 2},
		},
	}, "http://gitlab.test", "18.9"))
	assert.NilError(t, err)
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	assert.NilError(t, err)
	assert.NilError(t, schema.Validate(value))
	for _, part := range []string{
		`"url":"http://gitlab.test/api/v4/x%20y?private_token=%E2%80%A6"`, `"postData":{"mimeType":` +
			`"application/json","params":[{"name":"name","value":"a b"}],"text":""}`,
		`"url":"http://gitlab.test/list?iids%5B%5D=1\u0026iids%5B%5D=2\u0026not%5Ba%5D=\u0026not%5Bb%5D=true` +
			`\u0026page=2"`,
		`{"name":"iids[]","value":"1"},{"name":"iids[]","value":"2"},{"name":"not[a]","value":""},`,
		`"comment":"updateExternalStatusCheck by dana"`,
		`"comment":" fault plan: flaky"`, `"comment":"delivery 7, attempt 2 reason: no answer"`, `"connection":"3"`,
	} {
		assert.Assert(t, strings.Contains(string(text), part), "%s\n%s", part, text)
	}
	broken := strings.Replace(string(text), `"queryString"`, `"query"`, 1)
	value, err = jsonschema.UnmarshalJSON(strings.NewReader(broken))
	assert.NilError(t, err)
	assert.Assert(t, schema.Validate(value) != nil)
}
