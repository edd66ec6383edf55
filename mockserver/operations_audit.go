package mockserver

import (
	"slices"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

var auditOperations = map[string]operation{
	"listProjectAuditEvents": inProject(gitlab.ReadProjectAuditEvents, listProjectAuditEvents),
}

// listProjectAuditEvents shows the newest events first. It leaves out events that GitLab only streams. Events of other
// users are shown only to administrators of the project.
func listProjectAuditEvents(c *call, tx *gitlab.Tx) (reply, error) {
	all := tx.Can(c.actor, gitlab.AdminProject, c.project)
	events := kept(tx.AuditEvents(), func(e gitlab.AuditEvent) bool {
		return e.Stored && e.ProjectID == c.project.ID && (all || e.AuthorID == c.actor.User.ID) &&
			c.params.between(e.CreatedAt, "created_after", "created_before")
	})
	slices.Reverse(events)
	return listed(c, tx, events, func(e gitlab.AuditEvent) auditEventEntity { return presentAuditEvent(tx, e) })
}
