package openapi

import (
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/statuschecks/statuschecks/openapi/internal/index"
	"github.com/statuschecks/statuschecks/release"
)

// Operation is one method on one path.
type Operation struct {
	ID      string // the operationId
	Method  string // upper case
	Path    string // template below the operation's root: /projects/{id}/external_status_checks
	Summary string
	Source  string   // where the facts about it can be read
	Ability string   // the ability that GitLab requires; empty if there is no single one
	Tags    []string // shared: do not change

	// Since and Until are the first and the last GitLab minor release that has the operation. Zero means unbounded.
	Since, Until release.Version

	document *Document
	raw      []byte
	root     string // of its path, where that has a server of its own

	requestOnce sync.Once
	request     requestContract
	answersOnce sync.Once
	answers     map[int]*answerContract

	statusesOnce sync.Once
	statuses     []int
}

// requestContract is what an operation accepts.
type requestContract struct {
	parameters []Parameter
	schemas    []parameterSchemas // one for each parameter
	body       *openapi3.Schema   // the groups of body parameters; nil when there are none
	bodyNames  []string
	kin        *openapi3.Operation
}

// answerContract is one documented status.
type answerContract struct {
	content openapi3.Content
	headers []headerContract
}

type headerContract struct {
	name     string
	required bool
	schema   *openapi3.Schema
}

// Root returns the path that the operation's own is below: "/api/v4", or "/api" where the path has a server of its own,
// as that of GraphQL has.
func (o *Operation) Root() string {
	if o.root != "" {
		return o.root
	}
	return o.document.Root()
}

func (o *Operation) requestPart() *requestContract {
	o.requestOnce.Do(func() {
		d := o.document
		d.mu.Lock()
		defer d.mu.Unlock()
		n := d.read(o.raw, "responses")
		o.request.kin = d.operationLocked(n)
		d.fillParameters(&o.request, n)
	})
	return &o.request
}

func (o *Operation) answerPart() map[int]*answerContract {
	o.answersOnce.Do(func() {
		d := o.document
		d.mu.Lock()
		defer d.mu.Unlock()
		o.answers = map[int]*answerContract{}
		responses := d.read(o.raw, "parameters", "requestBody").get("responses")
		if responses == nil {
			return
		}
		for _, m := range responses.members {
			status, err := strconv.Atoi(m.name)
			if err != nil {
				continue
			}
			if n := d.resolve(m.value); n != nil {
				o.answers[status] = d.answerLocked(n)
			}
		}
	})
	return o.answers
}

// Statuses are the statuses that the operation documents, ascending.
func (o *Operation) Statuses() []int {
	o.statusesOnce.Do(func() {
		d := o.document
		d.mu.Lock()
		defer d.mu.Unlock()
		operation := &index.Scanner{Data: o.raw}
		_ = operation.Each(func(key string) error {
			raw, err := operation.Raw()
			if key == "responses" && err == nil {
				o.statuses = d.statusesLocked(raw)
			}
			return err
		})
	})
	return slices.Clone(o.statuses)
}

// statusesLocked reads the statuses of responses, and of what belongs to them only the releases. The caller holds d.mu.
func (d *Document) statusesLocked(responses []byte) (statuses []int) {
	scan, pruner := &index.Scanner{Data: responses}, d.pruner()
	_ = scan.Each(func(name string) error {
		raw, err := scan.Raw()
		if err != nil {
			return err
		}
		n, err := parseLean(raw, "content", "headers")
		if err != nil || pruner != nil && pruner.absent(n) || d.resolve(n) == nil {
			return err
		}
		if status, err := strconv.Atoi(name); err == nil {
			statuses = append(statuses, status)
		}
		return nil
	})
	slices.Sort(statuses)
	return statuses
}

func (d *Document) answerLocked(n *node) *answerContract {
	answer := &answerContract{content: d.content3(n.get("content"))}
	headers := n.get("headers")
	if headers == nil {
		return answer
	}
	for _, m := range headers.members {
		header := d.resolve(m.value)
		contract := headerContract{name: http.CanonicalHeaderKey(m.name), required: header.is("required")}
		if schema := d.schemaLocked(header.get("schema")); schema != nil {
			contract.schema = schema.Value
		}
		answer.headers = append(answer.headers, contract)
	}
	return answer
}
