package mockserver

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/mockserver/fault"
	"github.com/statuschecks/statuschecks/openapi"
)

var faultFile = strictyaml.Format{Noun: "fault plan", Size: 1 << 20, Depth: deepestBody}

// ParseFaults reads a fault plan from YAML or JSON. It has the form of the body of createFaultPlan in the contract of
// the control surface. The error lists all problems with their positions. The name is that of the file, for the error.
func ParseFaults(name string, data []byte) (fault.Plan, error) {
	found := strictyaml.NewProblems(name, data)
	root := strictyaml.Read(found, data, faultFile)
	if root == nil || len(found.List) > 0 {
		return fault.Plan{}, joined(found)
	}
	body, err := json.Marshal(plainOf(root))
	if err != nil {
		return fault.Plan{}, err
	}
	op := openapi.Control().Operation("createFaultPlan")
	request := &http.Request{
		Method: op.Method, URL: &url.URL{Path: strings.TrimSuffix(controlPrefix, "/") + op.Path},
		Header: http.Header{"Content-Type": asJSON},
	}
	for _, v := range op.CheckRequest(request, body) {
		found.Add(placeBelow(root, strings.Split(strings.TrimPrefix(v.Pointer, "/"), "/")), "%s", nestedWords(v))
	}
	var p fault.Plan
	if len(found.List) == 0 {
		if err := json.Unmarshal(body, &p); err != nil {
			return fault.Plan{}, fmt.Errorf("%s: %w", name, err)
		}
		for _, problem := range faultProblems(&p) {
			path, _, _ := strings.Cut(problem, ":")
			found.Add(placeBelow(root, strings.Split(path, "/")), "%s", problem)
		}
	}
	if len(found.List) > 0 {
		return fault.Plan{}, joined(found)
	}
	return p, nil
}

// faultProblems returns the problems of a plan, also unknown operations. Each problem begins with the path of the
// value.
func faultProblems(p *fault.Plan) []string {
	wrong := p.Check()
	for i, f := range p.Faults {
		id := f.Calls.Operation
		if id == "" || openapi.GitLab().Operation(id) != nil {
			continue
		}
		wrong = append(wrong, fmt.Sprintf("faults/%d/calls/operation: there is no operation %q%s", i, id,
			strictyaml.DidYouMean(id, operationNames())))
	}
	return wrong
}

// addFaults activates a plan.
func (w *world) addFaults(p fault.Plan) (fault.State, error) {
	if wrong := faultProblems(&p); len(wrong) > 0 {
		return fault.State{}, fmt.Errorf("the plan is invalid: %s", strings.Join(wrong, "; "))
	}
	if why := w.listensForAll(); deafens(p) && why != "" {
		return fault.State{}, fmt.Errorf("the plan cannot be activated: nothing_listens: %s", why)
	}
	defer w.stir()
	return w.faults.Add(p)
}

func joined(found *strictyaml.Problems) error {
	return errors.New(strictyaml.Join(found.Sorted(), " in "+found.File))
}

// plainOf converts a value to the types that encoding/json uses.
func plainOf(n *strictyaml.Node) any {
	switch n.Kind {
	case strictyaml.Mapping:
		members := map[string]any{}
		for _, pair := range n.Pairs {
			members[pair.Key] = plainOf(pair.Value)
		}
		return members
	case strictyaml.List:
		items := make([]any, 0, len(n.Items))
		for _, item := range n.Items {
			items = append(items, plainOf(item))
		}
		return items
	case strictyaml.Boolean:
		return n.IsTrue()
	case strictyaml.Number:
		if text := []byte(n.Text); json.Valid(text) && !slices.Contains(text, '_') {
			return json.Number(n.Text)
		}
		if whole, err := strconv.ParseInt(n.Text, 0, 64); err == nil {
			return whole
		}
		return n.Text
	case strictyaml.Empty:
		return nil
	}
	return n.Text
}
