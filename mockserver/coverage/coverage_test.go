package coverage_test

import (
	"encoding/json"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/coverage"
)

func known() []coverage.Operation {
	documented := func(names ...string) (list []coverage.Item) {
		for _, name := range names {
			list = append(list, coverage.Item{Name: name, Documented: true})
		}
		return list
	}
	return []coverage.Operation{
		{
			ID: "listThings", Method: "GET", Path: "/things", Statuses: documented("200", "401"),
			Parameters: documented("page", "per_page"), Pages: documented("first", "further", "last"),
		},
		{
			ID: "createThing", Method: "POST", Path: "/things", Statuses: documented("201"),
			Parameters: documented("name"),
		},
	}
}

func counted() coverage.Report {
	var c coverage.Counter
	c.Add(&coverage.Call{
		Operation: "listThings", Release: "18.9", Status: 200, Parameters: []string{"page"}, Page: "first",
	})
	c.Add(&coverage.Call{Operation: "listThings", Release: "16.4", Status: 502, Headers: []string{"If-None-Match"}})
	c.Add(&coverage.Call{Operation: "listThings", Release: "16.4"})
	return c.Report(known())
}

func TestCounter_reports(t *testing.T) {
	t.Parallel()
	r := counted()
	assert.DeepEqual(t, r.Releases, []coverage.Item{{Name: "16.4", Count: 2}, {Name: "18.9", Count: 1}})
	assert.DeepEqual(t, r.Operations[0].Statuses, []coverage.Item{
		{Name: "200", Count: 1, Documented: true},
		{Name: "401", Documented: true},
		{Name: "502", Count: 1},
		{Name: "no response", Count: 1},
	})
	assert.Equal(t, r.Operations[0].Calls, 3)
	assert.Equal(t, r.Operations[1].Calls, 0)
	assert.DeepEqual(t, r.Parts(), []coverage.Part{
		{Name: "operations", Exercised: 1, Of: 2},
		{Name: "statuses", Exercised: 1, Of: 3},
		{Name: "parameters", Exercised: 1, Of: 3},
		{Name: "pages", Exercised: 1, Of: 3},
	})
	assert.Equal(t, len(known()[0].Statuses), 2, "what is known is not changed")
}

func TestReport_Text(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	assert.NilError(t, counted().Text(&b))
	assert.Equal(t, b.String(), `releases: 16.4 (2), 18.9 (1)
operations: 1 of 2 (50%)
statuses: 1 of 3 (33%)
parameters: 1 of 3 (33%)
pages: 1 of 3 (33%)

listThings (3)
  statuses: 200 (1), 502 (1), no response (1)
  statuses not seen: 401
  parameters: page (1)
  parameters not seen: per_page
  pages: first (1)
  pages not seen: further, last
  headers: If-None-Match (1)

never called: createThing
`)
	b.Reset()
	assert.NilError(t, counted().HTML(&b))
	assert.Assert(t, strings.Contains(b.String(), "<th scope=\"row\">operations</th><td>1</td><td>2</td><td>50%</td>"),
		b.String())
}

// Reports of several runs add up, also those of another contract.
func TestMerge(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(counted())
	assert.NilError(t, err)
	read, err := coverage.Read(text)
	assert.NilError(t, err)
	assert.DeepEqual(t, read, counted())
	other := coverage.Report{Format: 1, Operations: []coverage.Operation{
		{ID: "createThing", Calls: 2, Statuses: []coverage.Item{{Name: "201", Count: 2, Documented: true}}},
		{ID: "deleteThing", Calls: 1},
	}}
	all := coverage.Merge(read, read, other)
	assert.Equal(t, len(all.Operations), 3)
	assert.Equal(t, all.Operations[0].Calls, 6)
	assert.DeepEqual(t, all.Operations[1].Statuses, []coverage.Item{{Name: "201", Count: 2, Documented: true}})
	assert.DeepEqual(t, all.Releases, []coverage.Item{{Name: "16.4", Count: 4}, {Name: "18.9", Count: 2}})
	assert.DeepEqual(t, coverage.Merge(all), all)
	_, err = coverage.Read([]byte(`{"format":2}`))
	assert.ErrorContains(t, err, "format is 2")
	_, err = coverage.Read([]byte(`[]`))
	assert.ErrorContains(t, err, "this is no report of coverage")
}

// Names of statuses, parameters and headers are what clients and servers sent.
func TestReport_HTML_hostile(t *testing.T) {
	t.Parallel()
	const evil = `</td><script>alert(1)</script>"'&`
	items := []coverage.Item{{Name: evil, Count: 1}, {Name: evil, Documented: true}}
	var b strings.Builder
	assert.NilError(t, coverage.Report{Releases: items, Operations: []coverage.Operation{{
		ID: evil, Method: evil, Path: evil, Calls: 1, Statuses: items, Parameters: items, Pages: items, Headers: items,
	}}}.HTML(&b))
	assert.Check(t, !strings.Contains(b.String(), "<script"))
	assert.Equal(t, strings.Count(b.String(), `&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&amp;`), 12)
}
