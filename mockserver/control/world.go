package control

import "time"

// World is a world of a mock, beside the one at its root.
type World struct {
	Name       string    `json:"name"`
	Path       string    `json:"path"`         // relative root, such as /worlds/a
	URL        string    `json:"url"`          // base URL, which its links begin with; the API is below URL + "/api/v4"
	Version    string    `json:"version"`      // release of GitLab that it is
	CreatedAt  time.Time `json:"created_at"`   // when it was made, by the machine's clock
	LastUsedAt time.Time `json:"last_used_at"` // when its last request came or was answered, by the machine's clock
	// ExpiresAfter is how long it lives without being used; 0 means for ever.
	ExpiresAfter Duration `json:"expires_after"`
}

// Snapshot is a moment of a world that it can be put back to.
type Snapshot struct {
	Name    string    `json:"name"`
	TakenAt time.Time `json:"taken_at"` // by the clock of the world
	Version string    `json:"version"`  // release of GitLab that it was
}
