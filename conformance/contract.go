package conformance

import (
	"slices"
	"strings"
	"sync"

	"github.com/statuschecks/statuschecks/openapi"
)

// contract answers what scenarios may say about operations. It spans all versions; a run judges by the target's.
type contract struct {
	doc      *openapi.Document
	ids      []string
	statuses map[string][]int
	mu       sync.Mutex
}

var loadContract = sync.OnceValue(func() *contract { return newContract(openapi.GitLab()) })

func newContract(doc *openapi.Document) *contract {
	c := &contract{doc: doc, statuses: map[string][]int{}}
	for _, op := range doc.Operations() {
		c.ids = append(c.ids, op.ID)
	}
	return c
}

// documented are the statuses that an operation documents, ascending.
func (c *contract) documented(id string) []int {
	c.mu.Lock()
	defer c.mu.Unlock()
	statuses, known := c.statuses[id]
	if op := c.doc.Operation(id); !known && op != nil {
		for status := 100; status < 600; status++ {
			if documents(op, status) {
				statuses = append(statuses, status)
			}
		}
		c.statuses[id] = statuses
	}
	return statuses
}

func documents(op *openapi.Operation, status int) bool {
	return !slices.ContainsFunc(op.CheckResponse(status, nil, nil), func(v openapi.Violation) bool {
		return v.Code == "undocumented-status"
	})
}

func parameterNames(op *openapi.Operation) []string {
	var names []string
	for _, p := range op.Parameters() {
		names = append(names, p.Name)
	}
	return names
}

// fixtureOperations make what only provisioning may make: it keeps the ledger.
var fixtureOperations = []string{
	"createUser", "deleteUser", "createGroup", "deleteGroup", "createProject", "deleteProject",
	"restoreProject", "createPersonalAccessToken", "revokePersonalAccessToken", "createProjectAccessToken",
	"revokeProjectAccessToken",
}

// defaultParameters are path parameters that a step need not name.
var defaultParameters = map[string]string{
	"id": "${project.id}", "merge_request_iid": "${mr.iid}",
	"noteable_id": "${mr.iid}",
}

// defaultFor is the reference that stands for a path parameter which a step leaves out, empty when there is none.
// Only operations below a project take the project for their id, and those below a group the run's.
func defaultFor(op *openapi.Operation, name string) string {
	switch {
	case name != "id" || isBelow(op, "getProject"):
		return defaultParameters[name]
	case isBelow(op, "getGroup"):
		return ownGroupID
	}
	return ""
}

func isBelow(op *openapi.Operation, above string) bool {
	parent := openapi.GitLab().Operation(above)
	return parent != nil && strings.HasPrefix(op.Path, parent.Path)
}
