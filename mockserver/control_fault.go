package mockserver

import (
	"encoding/json"
	"net/http"

	"github.com/statuschecks/statuschecks/mockserver/fault"
)

func (k *controlCall) listFaultPlans() (reply, error) { return ok(k.world.faults.List()) }

// createFaultPlan activates a plan.
func (k *controlCall) createFaultPlan() (reply, error) {
	return createdFrom(k.body, faultProblems, k.world.addFaults)
}

// createdFrom decodes what a body describes, checks it and adds it.
func createdFrom[T, S any](body []byte, problems func(*T) []string, add func(T) (S, error)) (reply, error) {
	var given T
	if err := json.Unmarshal(body, &given); err != nil {
		return reply{}, refused(http.StatusBadRequest, "%s", err)
	}
	if wrong := problems(&given); len(wrong) > 0 {
		return reply{}, problemsOf(locate(body, wrong))
	}
	state, err := add(given)
	if err != nil {
		return reply{}, refused(http.StatusConflict, "%s", err)
	}
	return created(state)
}

func (k *controlCall) deleteFaultPlans() (reply, error) {
	k.world.faults.Clear()
	k.world.stir()
	return noContent()
}

func (k *controlCall) getFaultPlan() (reply, error) {
	state, known := k.world.faults.Get(k.path["plan"])
	if !known {
		return reply{}, k.noPlan()
	}
	return ok(state)
}

func (k *controlCall) deleteFaultPlan() (reply, error) {
	if !k.server.RemoveFaults(k.path["plan"]) {
		return reply{}, k.noPlan()
	}
	return noContent()
}

// resetFaultPlan starts a plan again from the beginning.
func (k *controlCall) resetFaultPlan() (reply, error) {
	if !k.server.ResetFaults(k.path["plan"]) {
		return reply{}, k.noPlan()
	}
	return k.getFaultPlan()
}

func (k *controlCall) noPlan() error {
	ids := presentAll(k.world.faults.List(), func(s fault.State) string { return s.ID })
	return noneNamed("plan", k.path["plan"], ids)
}

// noneNamed refuses a name that nothing of a kind has, with the names that there are.
func noneNamed(kind, name string, names []string) error {
	p := refused(http.StatusNotFound, "there is no %s %q", kind, name)
	if p.Problems = names; len(names) > 0 {
		p.Message += "; there are those listed"
	}
	return p
}
