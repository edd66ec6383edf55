package conformance

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/scenarios"
)

// Standing says what an operation means for the verdict.
type Standing string

// The standings. Which operation has which is in scenarios/operations.yaml, and nowhere else.
const (
	Judged  Standing = "judged"  // the feature: its answers decide
	Telling Standing = "telling" // the feature shows in it: what a scenario expects decides, and nothing else
	Needed  Standing = "needed"  // scenarios cannot do without: if it fails, nothing can be said
	Helping Standing = "helping" // a compatible server may lack it
)

// operationList is the list of operations by their standing. What a server lacks that is without one stands
// behind it.
type operationList struct {
	Judged  []string          `yaml:"judged"`
	Telling map[string]string `yaml:"telling"`
	Needed  []string          `yaml:"needed"`
	Helping map[string]string `yaml:"helping"`
}

var operationsByStanding = sync.OnceValues(func() (*operationList, error) {
	list := &operationList{}
	if err := yaml.UnmarshalWithOptions(scenarios.Operations, list, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read scenarios/operations.yaml: %w", err)
	}
	return list, nil
})

// StandingOf returns the standing of an operation. lacking describes what a server without the operation lacks; it is
// empty if the operation is required.
func StandingOf(operation string) (standing Standing, lacking string, err error) {
	list, err := operationsByStanding()
	if err != nil {
		return "", "", err
	}
	if lacking, has := list.Helping[operation]; has {
		return Helping, lacking, nil
	}
	if lacking, has := list.Telling[operation]; has {
		return Telling, lacking, nil
	}
	switch {
	case slices.Contains(list.Judged, operation):
		return Judged, "", nil
	case slices.Contains(list.Needed, operation):
		return Needed, "", nil
	}
	return "", "", fmt.Errorf("scenarios/operations.yaml does not name the operation %s", operation)
}

// absentStatuses are what a server answers to an operation that it lacks.
var absentStatuses = []int{
	http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented,
}

// weigh decides what a step that did not go as expected means, by what its operation has to do with the
// feature.
func (x *execution) weigh(step *scenario.Step, failure *mishap) *mishap {
	if failure == nil || failure.outcome != Failed {
		return failure
	}
	if step.OrSkip != "" {
		return x.leftOut(failure, step.OrSkip)
	}
	standing, lacking, err := StandingOf(step.Call)
	switch {
	case err != nil:
		return x.trouble(step.Call, err)
	case lacking != "" && failure.exchange != nil && slices.Contains(absentStatuses, failure.exchange.Status):
		return x.leftOut(failure, lacks(lacking, failure.exchange.Status, step.Call))
	case standing == Helping:
		failure.outcome = Differed
	case standing == Needed:
		failure.outcome = Errored
		failure.Message = strings.TrimSpace("the scenario needs this to succeed, and it says nothing about status " +
			"checks. " + failure.Message)
	}
	return failure
}

// lacking leaves a scenario out for which something cannot be made that a server may lack.
func (x *execution) lacking(failure *mishap) *mishap {
	if failure.exchange == nil || !slices.Contains(absentStatuses, failure.exchange.Status) {
		return failure
	}
	operation := failure.exchange.Operation
	if _, lacking, err := StandingOf(operation); err == nil && lacking != "" {
		return x.leftOut(failure, lacks(lacking, failure.exchange.Status, operation))
	}
	return failure
}

// lacks is the reason to leave a scenario out that needs what the target lacks.
func lacks(what string, status int, operation string) string {
	return fmt.Sprintf("the target lacks %s: it answered %d to %s", what, status, operation)
}

// leftOut ends a scenario that says nothing about such a target.
func (x *execution) leftOut(failure *mishap, reason string) *mishap {
	failure.outcome, failure.reason = Skipped, reason
	return failure
}

// aside tells what an answer departs from the contract in where the operation does not decide the verdict: it
// is reported beside the scenarios. What is left are departures that do decide.
func (x *execution) aside(operation string, found []Finding) []Finding {
	if standing, _, err := StandingOf(operation); err != nil || standing == Judged {
		return found
	}
	x.suite.fixtureFindings(operation, found)
	return nil
}
