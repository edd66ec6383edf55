// Package contract says what scenarios may say about the operations of the API.
package contract

import (
	"slices"
	"strings"
	"sync"

	"github.com/statuschecks/statuschecks/openapi"
)

// Contract answers what scenarios may say about operations. It spans all versions; a run judges by the target's.
type Contract struct {
	Doc      *openapi.Document
	IDs      []string
	statuses map[string][]int
	mu       sync.Mutex
}

// GitLab is the contract of all releases.
var GitLab = sync.OnceValue(func() *Contract { return New(openapi.GitLab()) })

// New is the contract of a document.
func New(doc *openapi.Document) *Contract {
	c := &Contract{Doc: doc, statuses: map[string][]int{}}
	for _, op := range doc.Operations() {
		c.IDs = append(c.IDs, op.ID)
	}
	return c
}

// Documented are the statuses that an operation documents, ascending.
func (c *Contract) Documented(id string) []int {
	c.mu.Lock()
	defer c.mu.Unlock()
	statuses, known := c.statuses[id]
	if op := c.Doc.Operation(id); !known && op != nil {
		statuses = op.Statuses()
		c.statuses[id] = statuses
	}
	return statuses
}

// Documents tells whether an operation documents a status.
func Documents(op *openapi.Operation, status int) bool {
	return slices.Contains(op.Statuses(), status)
}

// ParameterNames are the names of an operation's parameters, in the contract's order.
func ParameterNames(op *openapi.Operation) []string {
	var names []string
	for _, p := range op.Parameters() {
		names = append(names, p.Name)
	}
	return names
}

// Provisioning make what only provisioning may make: it keeps the ledger.
var Provisioning = []string{
	"createUser", "deleteUser", "createGroup", "deleteGroup", "createProject", "deleteProject", "forkProject",
	"restoreProject", "createPersonalAccessToken", "revokePersonalAccessToken", "createProjectAccessToken",
	"revokeProjectAccessToken",
}

// defaultParameters are path parameters that a step need not name.
var defaultParameters = map[string]string{
	"id": "${project.id}", "merge_request_iid": "${mr.iid}",
	"noteable_id": "${mr.iid}",
}

// DefaultFor is the reference that stands for a path parameter which a step leaves out, empty when there is none.
// Only operations below a project take the project for their id, and those below a group the run's.
func DefaultFor(op *openapi.Operation, name string) string {
	switch {
	case name != "id" || isBelow(op, "getProject"):
		return defaultParameters[name]
	case isBelow(op, "getGroup"):
		return GroupID
	}
	return ""
}

func isBelow(op *openapi.Operation, above string) bool {
	parent := openapi.GitLab().Operation(above)
	return parent != nil && strings.HasPrefix(op.Path, parent.Path)
}

// GroupID is the reference to the run's group.
const GroupID = "${group.id}"
