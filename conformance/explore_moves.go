package conformance

import (
	"strings"

	"github.com/statuschecks/statuschecks/conformance/scenario"
)

// createCheck makes a check, or tries to with what is wrong with it.
func (m *model) createCheck() *move {
	name, url := m.checkName(), m.checkURL()
	with := map[string]any{"name": name, "external_url": url}
	if m.dice.percent(6) {
		delete(with, pick(m.dice, "name", "external_url"))
	}
	m.secret(with, 30)
	m.branches(with, 50)
	key := m.name(madeName)
	step := scenario.Step{
		As: m.as(scenario.Maintainer), Call: "createExternalStatusCheck", With: with, Encode: m.encode(),
		Capture: capturing(key),
	}
	return single(step, func(*answerPair) {
		m.checks = append(m.checks, &modelCheck{
			ref: "${" + key + ".id}", name: name,
			url: url,
		})
	})
}

func (m *model) updateCheck() *move {
	with := map[string]any{"check_id": m.check()}
	if m.dice.percent(40) {
		with["name"] = m.checkName()
	}
	if m.dice.percent(40) {
		with["external_url"] = m.checkURL()
	}
	m.secret(with, 25)
	m.branches(with, 40)
	return single(scenario.Step{
		As: m.as(scenario.Maintainer), Call: "updateExternalStatusCheck", With: with,
		Encode: m.encode(),
	}, nil)
}

// deleteCheck deletes a check. GitLab says that it did to those who may not, too, so the model goes by the role.
func (m *model) deleteCheck() *move {
	ref, role := m.check(), m.as(scenario.Maintainer)
	return single(scenario.Step{As: role, Call: "deleteExternalStatusCheck", With: map[string]any{"check_id": ref}},
		func(*answerPair) {
			for _, c := range m.checks {
				c.gone = c.gone || c.ref == ref && (role == scenario.Maintainer || role == scenario.Owner)
			}
		})
}

func (m *model) listChecks() *move {
	return single(scenario.Step{As: m.as(scenario.Maintainer), Call: "listExternalStatusChecks", With: m.page()}, nil)
}

func (m *model) listStatusChecks() *move {
	with := m.page()
	if r := m.request(false); m.dice.percent(96) {
		with = r.within(with)
	} else {
		with["merge_request_iid"] = pick(m.dice, "999999999", "0")
	}
	return single(scenario.Step{As: m.as(scenario.Developer), Call: "listMergeRequestStatusChecks", With: with}, nil)
}

// respond sets a status, sometimes one that there is not, for a commit that is not the head or for no check.
func (m *model) respond() *move {
	r, check := m.request(false), m.check()
	status := pick(m.dice, "passed", "passed", "passed", "passed", "failed", "failed", "failed", "failed", "pending",
		"pending", "approved")
	with := r.within(map[string]any{"external_status_check_id": check, "sha": m.sha(r), "status": status})
	if m.dice.percent(5) {
		delete(with, pick(m.dice, "external_status_check_id", "sha", "status"))
	}
	return single(scenario.Step{
		As: m.as(scenario.Developer), Call: "createStatusCheckResponse", With: with,
		Encode: m.encode(),
	},
		func(*answerPair) {
			if status == "failed" {
				m.failed = func(with map[string]any) { r.within(with)["external_status_check_id"] = check }
			}
		})
}

// retry asks for a check again: half of the times, if there is one, that which failed last.
func (m *model) retry() *move {
	with := map[string]any{}
	if m.failed != nil && m.dice.percent(50) {
		m.failed(with)
	} else {
		m.request(false).within(with)["external_status_check_id"] = m.check()
	}
	return single(scenario.Step{As: m.as(scenario.Developer), Call: "retryStatusCheck", With: with}, nil)
}

// sha is mostly the head of a merge request.
func (m *model) sha(r *modelRequest) string {
	at := m.dice.below(100)
	switch {
	case at < 78:
		return r.sha
	case at < 90 && r.stale != "":
		return r.stale
	}
	return pick(m.dice, r.sha, "deadbeef", strings.Repeat("ab", 20), "main", "")
}

// checkName is mostly new; else it is taken, blank, or as long as a name can be or longer.
func (m *model) checkName() string {
	at := m.dice.below(100)
	switch {
	case at < 70:
		return m.name("check ")
	case at < 88:
		return pick(m.dice, m.checks...).name
	}
	return pick(m.dice, "", " ", "Qa", strings.Repeat("n", 255), strings.Repeat("n", 256))
}

// checkURL is mostly new; else it is taken, local, or none. Nobody listens at any of them, and all say so at once.
func (m *model) checkURL() string {
	at := m.dice.below(100)
	switch {
	case at < 65:
		return exploredURL + m.name("") + pick(m.dice, "", "", "?token=1", "#part", "?a=1#part")
	case at < 80:
		return pick(m.dice, m.checks...).url
	}
	return pick(m.dice, "", "status-checks", "ftp://status-checks.invalid", "http://localhost:9/"+m.name(""),
		"http://127.0.0.1:9/"+m.name(""), " "+exploredURL+m.name("")+" ")
}

// secret gives or takes a shared secret so many times of a hundred.
func (m *model) secret(with map[string]any, times int) {
	if m.dice.percent(times) {
		with["shared_secret"] = pick(m.dice, exploredSecret, exploredSecret, exploredSecret, "")
	}
}

// branches narrows a check down to branches so many times of a hundred; some are another project's, or none at all.
func (m *model) branches(with map[string]any, times int) {
	if !m.dice.percent(times) {
		return
	}
	ids := [][]any{{"${branch.main.id}"}, {"${branch.main.id}"}, {"${other.branch.id}"}, {"999999999"}, {}}
	if m.protected != "" {
		ids = append(ids, []any{m.protected}, []any{m.protected}, []any{"${branch.main.id}", m.protected})
	}
	with["protected_branch_ids"] = pick(m.dice, ids...)
}

// page asks for a page, half of the times one that there may not be.
func (m *model) page() map[string]any {
	with := map[string]any{}
	if m.dice.percent(40) {
		with["per_page"] = pick(m.dice, "1", "1", "2", "100", "101", "0", "-1", "abc")
	}
	if m.dice.percent(35) {
		with["page"] = pick(m.dice, "1", "2", "2", "3", "0", "-1", "abc")
	}
	return with
}
