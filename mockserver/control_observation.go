package mockserver

import "github.com/statuschecks/statuschecks/mockserver/control"

// listAuditEvents also lists events that GitLab only streams.
func (k *controlCall) listAuditEvents() (reply, error) {
	list := []control.AuditEvent{}
	name := k.request.URL.Query().Get("name")
	for _, e := range k.server.AuditEvents() {
		if (!k.has("project") || k.number("project") == e.ProjectID) && (name == "" || name == e.Name) {
			list = append(list, e)
		}
	}
	return ok(list)
}

func (k *controlCall) listSurprises() (reply, error) { return ok(k.server.Surprises()) }
