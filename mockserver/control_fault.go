package mockserver

import (
	"encoding/json"
	"net/http"

	"github.com/statuschecks/statuschecks/mockserver/fault"
)

func (k *controlCall) listFaultPlans() (reply, error) { return ok(k.world.faults.List()) }

// createFaultPlan puts a plan in force.
func (k *controlCall) createFaultPlan() (reply, error) {
	var p fault.Plan
	if err := json.Unmarshal(k.body, &p); err != nil {
		return reply{}, refused(http.StatusBadRequest, "%s", err)
	}
	if wrong := faultProblems(&p); len(wrong) > 0 {
		return reply{}, problemsOf(locate(k.body, wrong))
	}
	state, err := k.world.addFaults(p)
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

// resetFaultPlan lets a plan begin anew.
func (k *controlCall) resetFaultPlan() (reply, error) {
	if !k.server.ResetFaults(k.path["plan"]) {
		return reply{}, k.noPlan()
	}
	return k.getFaultPlan()
}

func (k *controlCall) noPlan() error {
	p := refused(http.StatusNotFound, "there is no plan %q", k.path["plan"])
	for _, state := range k.world.faults.List() {
		p.Problems = append(p.Problems, state.ID)
	}
	if len(p.Problems) > 0 {
		p.Message += "; there are those listed"
	}
	return p
}
