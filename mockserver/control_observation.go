package mockserver

import (
	"time"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

type loggedAuditEvent struct {
	ID         gitlab.AuditEventID `json:"id"`
	Name       string              `json:"name"`
	ProjectID  gitlab.ProjectID    `json:"project_id"`
	AuthorID   gitlab.UserID       `json:"author_id"`
	AuthorName string              `json:"author_name"`
	TargetID   gitlab.CheckID      `json:"target_id"`
	TargetName string              `json:"target_name"`
	Message    string              `json:"message"`
	Change     string              `json:"change,omitempty"`
	From       string              `json:"from,omitempty"`
	To         string              `json:"to,omitempty"`
	Details    map[string]any      `json:"details,omitempty"`
	Stored     bool                `json:"stored"`
	CreatedAt  time.Time           `json:"created_at"`
}

// listAuditEvents lists also those that GitLab only streams.
func (k *controlCall) listAuditEvents() (re reply, err error) {
	list := []loggedAuditEvent{}
	name := k.request.URL.Query().Get("name")
	k.view(func(tx *gitlab.Tx) {
		for _, e := range tx.AuditEvents() {
			if (k.has("project") && k.number("project") != int64(e.ProjectID)) || (name != "" && name != e.Name) {
				continue
			}
			list = append(list, loggedAuditEvent{
				ID: e.ID, Name: e.Name, ProjectID: e.ProjectID, AuthorID: e.AuthorID, AuthorName: e.AuthorName,
				TargetID:   e.TargetID,
				TargetName: e.TargetName, Message: e.Message, Change: e.Change, From: e.From, To: e.To,
				Details: e.Details(), Stored: e.Stored,
				CreatedAt: e.CreatedAt,
			})
		}
	})
	return ok(list)
}

type surpriseEntity struct {
	Method  string    `json:"method"`
	Path    string    `json:"path"`
	At      time.Time `json:"at"`
	Nearest []string  `json:"nearest"`
}

func (k *controlCall) listSurprises() (reply, error) {
	return ok(presentAll(k.world.surprises.all(), func(s surprise) surpriseEntity {
		return surpriseEntity{s.method, s.path, s.at, notNull(k.server.nearestTo(s))}
	}))
}
