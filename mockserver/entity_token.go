package mockserver

import "github.com/statuschecks/statuschecks/mockserver/internal/gitlab"

// tokenEntity is an access token, without its secret.
//
// Source: lib/api/entities/personal_access_token.rb.
type tokenEntity struct {
	ID          gitlab.TokenID `json:"id"`
	Name        string         `json:"name"`
	Revoked     bool           `json:"revoked"`
	CreatedAt   *timestamp     `json:"created_at"`
	Description *string        `json:"description"`
	Scopes      []string       `json:"scopes"`
	UserID      gitlab.UserID  `json:"user_id"`
	LastUsedAt  *timestamp     `json:"last_used_at"`
	Active      bool           `json:"active"`
	ExpiresAt   *date          `json:"expires_at"`
}

// newToken is a personal access token in the only response that shows its secret.
type newToken struct {
	tokenEntity
	Token string `json:"token"`
}

// projectToken is an access token of a project.
//
// Source: lib/api/entities/resource_access_token.rb.
type projectToken struct {
	tokenEntity
	AccessLevel  gitlab.AccessLevel `json:"access_level"`
	ResourceType string             `json:"resource_type"`
	ResourceID   gitlab.ProjectID   `json:"resource_id"`
	Token        string             `json:"token,omitempty"` // only in the response to its creation
}

func presentToken(tx *gitlab.Tx, t gitlab.Token) tokenEntity {
	return tokenEntity{
		ID: t.ID, Name: t.Name, Revoked: t.Revoked, CreatedAt: newTimestamp(t.CreatedAt),
		Description: orNull(t.Description),
		Scopes:      append([]string{}, t.Scopes...), UserID: t.UserID, LastUsedAt: newTimestamp(t.LastUsedAt),
		Active:    t.Active(tx.Now),
		ExpiresAt: newDate(t.ExpiresOn),
	}
}

func presentProjectToken(tx *gitlab.Tx, t gitlab.Token) projectToken {
	return projectToken{
		tokenEntity: presentToken(tx, t), AccessLevel: t.AccessLevel, ResourceType: "project",
		ResourceID: t.ProjectID,
	}
}
