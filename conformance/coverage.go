package conformance

import (
	"cmp"
	"slices"
	"sync"

	"github.com/statuschecks/statuschecks/conformance/internal/contract"
	"github.com/statuschecks/statuschecks/openapi"
)

// coverage counts the statuses that operations answered with.
type coverage struct {
	mu   sync.Mutex
	seen map[coverageKey]int
}

type coverageKey struct {
	operation string
	status    int
}

func newCoverage() *coverage { return &coverage{seen: map[coverageKey]int{}} }

func (c *coverage) add(operation string, status int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen[coverageKey{operation, status}]++
}

// Coverage counts the statuses with which an operation responded, and lists the documented statuses that did not
// occur.
type Coverage struct {
	Operation string      `json:"operation"`
	Statuses  map[int]int `json:"statuses"`          // status to number of answers
	Missing   []int       `json:"missing,omitempty"` // documented but never reached
}

// table lists the operations in the document's order: those that were called, and those about status checks even when
// they were not.
func (c *coverage) table(doc *openapi.Document) []Coverage {
	if doc == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	documented := contract.New(doc)
	var table []Coverage
	for _, op := range doc.Operations() {
		row := Coverage{Operation: op.ID, Statuses: map[int]int{}}
		for where, count := range c.seen {
			if where.operation == op.ID {
				row.Statuses[where.status] = count
			}
		}
		if len(row.Statuses) == 0 && !aboutStatusChecks(op) {
			continue
		}
		for _, status := range documented.Documented(op.ID) {
			if row.Statuses[status] == 0 {
				row.Missing = append(row.Missing, status)
			}
		}
		table = append(table, row)
	}
	return table
}

// aboutStatusChecks tells the operations under judgement from those that only serve fixtures.
func aboutStatusChecks(op *openapi.Operation) bool {
	return slices.ContainsFunc(op.Tags, func(tag string) bool {
		return tag == "external status checks" || tag == "status checks of a merge request"
	})
}

// statuses are the statuses of a row, ascending.
func (c *Coverage) statuses() []int {
	var list []int
	for status := range c.Statuses {
		list = append(list, status)
	}
	slices.SortFunc(list, cmp.Compare[int])
	return list
}
