// Package coverage measures how much of an API the tests of a client have used: which operations, parameters, pages and
// headers, and which statuses they received.
package coverage

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
)

// Format is the version of the form of a Report in JSON.
const Format = 1

// Report is what the clients of a mock exercised.
type Report struct {
	Format     int         `json:"format"`
	Releases   []Item      `json:"releases"`   // that the mock was
	Operations []Operation `json:"operations"` // of the contract, in its order
}

// Operation is one of the contract, with what was exercised of it.
type Operation struct {
	ID         string `json:"id"`
	Method     string `json:"method"`
	Path       string `json:"path"`
	Calls      int    `json:"calls"`
	Statuses   []Item `json:"statuses"`
	Parameters []Item `json:"parameters"`
	Pages      []Item `json:"pages"`   // of a list: first, further and last; empty for what is no list
	Headers    []Item `json:"headers"` // that clients sent, of those that matter
}

// Item is one thing that can be exercised.
type Item struct {
	Name       string `json:"name"`
	Count      int    `json:"count"`
	Documented bool   `json:"documented"` // whether the contract has it
}

// Call is a call as it counts.
type Call struct {
	Operation  string
	Release    string
	Status     int // 0 for no response
	Parameters []string
	Page       string // first, further or last; empty where there are no pages
	Headers    []string
}

// Counter counts calls. The zero value has counted none. It is safe for concurrent use.
type Counter struct {
	mu       sync.Mutex
	releases map[string]int
	counts   map[string]*count
}

// count is what was counted of an operation.
type count struct {
	calls                      int
	statuses                   map[int]int
	parameters, pages, headers map[string]int
}

func newCount() *count {
	return &count{0, map[int]int{}, map[string]int{}, map[string]int{}, map[string]int{}}
}

// Add counts a call.
func (c *Counter) Add(call *Call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counts == nil {
		c.releases, c.counts = map[string]int{}, map[string]*count{}
	}
	n := c.counts[call.Operation]
	if n == nil {
		n = newCount()
		c.counts[call.Operation] = n
	}
	c.releases[call.Release]++
	n.calls++
	n.statuses[call.Status]++
	if call.Page != "" {
		n.pages[call.Page]++
	}
	for _, name := range call.Parameters {
		n.parameters[name]++
	}
	for _, name := range call.Headers {
		n.headers[name]++
	}
}

// Join adds what another counter has counted. It reports whether that was anything.
func (c *Counter) Join(other *Counter) bool {
	other.mu.Lock()
	defer other.mu.Unlock()
	if len(other.counts) == 0 {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counts == nil {
		c.releases, c.counts = map[string]int{}, map[string]*count{}
	}
	addUp(c.releases, other.releases)
	for operation, more := range other.counts {
		n := c.counts[operation]
		if n == nil {
			n = newCount()
			c.counts[operation] = n
		}
		n.calls += more.calls
		addUp(n.statuses, more.statuses)
		addUp(n.parameters, more.parameters)
		addUp(n.pages, more.pages)
		addUp(n.headers, more.headers)
	}
	return true
}

func addUp[K comparable](into, more map[K]int) {
	for name, n := range more {
		into[name] += n
	}
}

// byName are counts of statuses by their names.
func byName(statuses map[int]int) map[string]int {
	named := make(map[string]int, len(statuses))
	for status, n := range statuses {
		name := "no response"
		if status != 0 {
			name = strconv.Itoa(status)
		}
		named[name] = n
	}
	return named
}

// Clear forgets everything that was counted.
func (c *Counter) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.releases, c.counts = nil, nil
}

// Report is what was counted, beside what there is: known has the operations of the contract, with everything that is
// documented and no counts.
func (c *Counter) Report(known []Operation) Report {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := Report{Format: Format, Releases: withCounts(nil, c.releases), Operations: []Operation{}}
	for _, op := range known {
		if n := c.counts[op.ID]; n != nil {
			op.Calls = n.calls
			op.Statuses = withCounts(op.Statuses, byName(n.statuses))
			op.Parameters = withCounts(op.Parameters, n.parameters)
			op.Pages, op.Headers = withCounts(op.Pages, n.pages), withCounts(op.Headers, n.headers)
		}
		r.Operations = append(r.Operations, op)
	}
	return r
}

// withCounts adds counts to items, and items for what is not among them, by name.
func withCounts(items []Item, counts map[string]int) []Item {
	list := append([]Item{}, items...)
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		i := slices.IndexFunc(list, func(one Item) bool { return one.Name == name })
		if i < 0 {
			i = len(list)
			list = append(list, Item{Name: name})
		}
		list[i].Count += counts[name]
	}
	return list
}

// Merge is what the clients of several mocks, or of several runs, exercised together.
func Merge(reports ...Report) Report {
	all := Report{Format: Format, Releases: []Item{}, Operations: []Operation{}}
	for _, r := range reports {
		all.Releases = together(all.Releases, r.Releases)
		for _, op := range r.Operations {
			i := slices.IndexFunc(all.Operations, func(one Operation) bool { return one.ID == op.ID })
			if i < 0 {
				all.Operations = append(all.Operations, op)
				continue
			}
			into := &all.Operations[i]
			into.Calls += op.Calls
			into.Statuses, into.Parameters = together(into.Statuses, op.Statuses),
				together(into.Parameters, op.Parameters)
			into.Pages, into.Headers = together(into.Pages, op.Pages), together(into.Headers, op.Headers)
		}
	}
	slices.SortStableFunc(all.Releases, func(a, b Item) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

func together(a, b []Item) []Item {
	list := append([]Item{}, a...)
	for _, one := range b {
		i := slices.IndexFunc(list, func(known Item) bool { return known.Name == one.Name })
		if i < 0 {
			list = append(list, one)
			continue
		}
		list[i].Count += one.Count
		list[i].Documented = list[i].Documented || one.Documented
	}
	return list
}

// Read reads a report from JSON. It fails for what is none, and for one of another format.
func Read(text []byte) (Report, error) {
	var r Report
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("this is no report of coverage: %w", err)
	}
	if r.Format != Format {
		return r, fmt.Errorf("this is no report of coverage in the format %d: format is %d", Format, r.Format)
	}
	return r, nil
}
