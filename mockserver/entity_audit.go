package mockserver

import "github.com/statuschecks/statuschecks/mockserver/internal/gitlab"

// auditEventEntity is an entry of a project's audit log.
//
// Source: ee/lib/api/entities/audit_event.rb.
type auditEventEntity struct {
	ID         gitlab.AuditEventID `json:"id"`
	AuthorID   int64               `json:"author_id"`
	EntityID   gitlab.ProjectID    `json:"entity_id"`
	EntityType string              `json:"entity_type"`
	EventName  string              `json:"event_name"`
	Details    auditDetails        `json:"details"`
	CreatedAt  *timestamp          `json:"created_at"`
}

// auditDetails say which attribute changed or, if the event is not about an attribute, what happened.
type auditDetails struct {
	Change        string         `json:"change,omitempty"`
	From          string         `json:"from,omitempty"`
	To            string         `json:"to,omitempty"`
	EventName     string         `json:"event_name"`
	AuthorName    string         `json:"author_name"`
	AuthorClass   string         `json:"author_class"`
	TargetID      gitlab.CheckID `json:"target_id"`
	TargetType    string         `json:"target_type"`
	TargetDetails string         `json:"target_details"`
	CustomMessage string         `json:"custom_message"`
	IPAddress     *string        `json:"ip_address"`
	EntityPath    string         `json:"entity_path"`
}

func presentAuditEvent(tx *gitlab.Tx, e gitlab.AuditEvent) auditEventEntity {
	p, _ := tx.Project(e.ProjectID)
	shown := auditEventEntity{
		ID: e.ID, AuthorID: int64(e.AuthorID), EntityID: e.ProjectID, EntityType: "Project", EventName: e.Name,
		CreatedAt: newTimestamp(e.CreatedAt),
		Details: auditDetails{
			Change: e.Change, From: e.From, To: e.To, EventName: e.Name, AuthorName: e.AuthorName, AuthorClass: "User",
			TargetID:   e.TargetID,
			TargetType: "MergeRequests::ExternalStatusCheck", TargetDetails: e.TargetName, CustomMessage: e.Message,
			EntityPath: p.FullPath,
		},
	}
	if e.AuthorID == 0 {
		shown.AuthorID, shown.Details.AuthorClass = -1, "Gitlab::Audit::UnauthenticatedAuthor"
	}
	return shown
}
