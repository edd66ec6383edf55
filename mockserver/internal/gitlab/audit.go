package gitlab

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// AuditEvent is an entry of the audit log. Stored is false for events that GitLab only streams.
type AuditEvent struct {
	ID         AuditEventID
	Name       string // the event's type, as in create_status_check
	ProjectID  ProjectID
	AuthorID   UserID // 0 for the system
	AuthorName string
	TargetID   CheckID
	TargetName string
	Message    string
	Change     string // the attribute that changed; empty if the event is not about an attribute
	From, To   string
	Response   AuditedResponse // set for the event of a response
	Stored     bool            // false for an event that is only streamed
	CreatedAt  time.Time
}

// AuditedResponse describes the response that an event is about. The zero value means that the event has none.
type AuditedResponse struct {
	CheckID         CheckID
	CheckName       string
	Status          Status
	SHA             string
	MergeRequestID  MergeRequestID
	MergeRequestIID MergeRequestIID
}

// Details describe the response that an event is about, under GitLab's names. They are nil for other events.
func (e AuditEvent) Details() map[string]any {
	r := e.Response
	if r == (AuditedResponse{}) {
		return nil
	}
	return map[string]any{
		"external_status_check_id": r.CheckID, "external_status_check_name": r.CheckName, "status": r.Status,
		"sha":              r.SHA,
		"merge_request_id": r.MergeRequestID, "merge_request_iid": r.MergeRequestIID,
	}
}

var auditEventTable = newTable([]index[AuditEvent]{
	{"id", func(e AuditEvent) string { return key(e.ID) }},
})

// The limits of the log of events. Rows above keptAuditEvents are removed auditBatch at a time. Rows above
// keptAuditBytes are removed at once.
const (
	keptAuditEvents = 10_000
	auditBatch      = 256
	keptAuditBytes  = 8 << 20
)

// size is what an event adds to the log, in bytes.
func (e AuditEvent) size() int64 {
	return int64(len(e.AuthorName) + len(e.TargetName) + len(e.Message) + len(e.From) + len(e.To) +
		len(e.Response.CheckName))
}

// AuditEvents lists the events that are still in the log, by id.
func (tx *Tx) AuditEvents() []AuditEvent { return all(tx, auditEventTable, "id", "") }

func (tx *Tx) audit(a Actor, c ExternalStatusCheck, e AuditEvent) {
	if !tx.Has(AuditsChecks) {
		return
	}
	e.ID = AuditEventID(tx.next(auditEventSequence))
	e.AuthorID, e.AuthorName = a.User.ID, a.User.Name
	if a.Anonymous() {
		e.AuthorName = "(System)"
	}
	e.ProjectID, e.TargetID, e.TargetName, e.CreatedAt = c.ProjectID, c.ID, c.Name, tx.Now
	insert(tx, auditEventTable, e)
	tx.sequences[auditBytes] += e.size()
	tx.boundAudit(e.ID)
}

// boundAudit removes old events if the log has grown beyond its limits.
func (tx *Tx) boundAudit(newest AuditEventID) {
	dropped := 0
	defer func() { tx.drop(AuditLog, droppedAudit, dropped) }()
	forget := func(e AuditEvent) {
		remove(tx, auditEventTable, e)
		tx.sequences[auditBytes] -= e.size()
		dropped++
	}
	if newest%auditBatch == 0 {
		for _, old := range whileBefore(tx, auditEventTable, key(newest-keptAuditEvents)) {
			forget(old)
		}
	}
	for tx.sequences[auditBytes] > keptAuditBytes {
		oldest, ok := firstFrom(tx, auditEventTable, "id", "")
		if !ok {
			return
		}
		forget(oldest)
	}
}

// DroppedAuditEvents counts the audit events that were removed to make room for newer ones.
func (tx *Tx) DroppedAuditEvents() int64 { return tx.sequences[droppedAudit] }

func (tx *Tx) branchNames(ids []ProtectedBranchID) []string {
	names := make([]string, 0, len(ids))
	for _, id := range ids {
		if b, ok := tx.ProtectedBranch(id); ok {
			names = append(names, b.Name)
		}
	}
	return names
}

func (tx *Tx) auditCheckCreated(a Actor, c ExternalStatusCheck) {
	message := fmt.Sprintf("Added %s status check with all branches", c.Name)
	if names := tx.branchNames(c.ProtectedBranchIDs); len(names) > 0 {
		message = fmt.Sprintf("Added %s status check with protected branch(es) %s", c.Name, strings.Join(names, ", "))
	}
	tx.audit(a, c, AuditEvent{Name: "create_status_check", Message: message, Stored: true})
}

// auditCheckUpdated records the changes of a check. Changes of its scope come first, because GitLab makes them while it
// saves the check. Changes of its attributes follow.
func (tx *Tx) auditCheckUpdated(a Actor, before, c ExternalStatusCheck) {
	for _, message := range tx.scopeMessages(before, c) {
		tx.audit(a, c, AuditEvent{Name: "update_status_check", Message: message, Stored: true})
	}
	if before.Name != c.Name && tx.Has(AuditsCheckNames) {
		tx.audit(a, c, AuditEvent{
			Name:    "external_status_check_name_updated",
			Message: fmt.Sprintf("Changed name from %s to %s", before.Name, c.Name), Change: "name", From: before.Name,
			To: c.Name, Stored: true,
		})
	}
	if before.ExternalURL != c.ExternalURL {
		tx.audit(a, c, AuditEvent{
			Name:    "external_status_check_url_updated",
			Message: fmt.Sprintf("Changed external url from %s to %s", before.ExternalURL, c.ExternalURL),
			Change:  "external url", From: before.ExternalURL, To: c.ExternalURL, Stored: true,
		})
	}
}

// scopeMessages words the changes of a check's protected branches in the order in which GitLab makes them. GitLab first
// unlinks all removed branches, then links new ones one after the other. Each message shows the scope at that moment.
func (tx *Tx) scopeMessages(before, c ExternalStatusCheck) []string {
	var messages []string
	removed := slices.DeleteFunc(slices.Clone(before.ProtectedBranchIDs),
		func(id ProtectedBranchID) bool { return slices.Contains(c.ProtectedBranchIDs, id) })
	added := slices.DeleteFunc(slices.Clone(c.ProtectedBranchIDs),
		func(id ProtectedBranchID) bool { return slices.Contains(before.ProtectedBranchIDs, id) })
	linked := len(before.ProtectedBranchIDs) - len(removed)
	for _, name := range tx.branchNames(removed) {
		message := fmt.Sprintf("Removed protected branch %s from %s status check", name, c.Name)
		if linked == 0 {
			message = fmt.Sprintf("Added all branches to %s status check", c.Name)
		}
		messages = append(messages, message)
	}
	for _, name := range tx.branchNames(added) {
		message := fmt.Sprintf("Added protected branch %s to %s status check", name, c.Name)
		if linked++; linked == 1 {
			message += " and removed all other branches from status check"
		}
		messages = append(messages, message)
	}
	return messages
}

func (tx *Tx) auditCheckDeleted(a Actor, c ExternalStatusCheck) {
	tx.audit(a, c, AuditEvent{
		Name: "delete_status_check", Message: fmt.Sprintf("Removed %s status check", c.Name),
		Stored: true,
	})
}

// auditResponse adds the event of a response. GitLab only streams such an event and does not store it.
func (tx *Tx) auditResponse(a Actor, mr MergeRequest, c ExternalStatusCheck, r StatusCheckResponse) {
	if !tx.Has(RespondsByService) {
		return
	}
	tx.audit(a, c, AuditEvent{
		Name:     "status_check_response_update",
		Message:  "Updated response for status check " + c.Name + " to " + string(r.Status),
		Response: AuditedResponse{c.ID, c.Name, r.Status, r.SHA, mr.ID, mr.IID},
	})
}
