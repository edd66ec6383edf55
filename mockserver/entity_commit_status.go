package mockserver

import (
	"math"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// commitStatusEntity is a commit status.
//
// Source: lib/api/entities/commit_status.rb.
type commitStatusEntity struct {
	ID           gitlab.CommitStatusID `json:"id"`
	SHA          string                `json:"sha"`
	Ref          string                `json:"ref"`
	Status       gitlab.CIStatus       `json:"status"`
	Name         string                `json:"name"`
	TargetURL    *string               `json:"target_url"`
	Description  *string               `json:"description"`
	CreatedAt    *timestamp            `json:"created_at"`
	StartedAt    *timestamp            `json:"started_at"`
	FinishedAt   *timestamp            `json:"finished_at"`
	AllowFailure bool                  `json:"allow_failure"`
	Coverage     *rubyFloat            `json:"coverage"`
	PipelineID   *gitlab.PipelineID    `json:"pipeline_id,omitempty"`
	Author       *userBasic            `json:"author"`
}

func presentCommitStatus(tx *gitlab.Tx, s gitlab.CommitStatus) commitStatusEntity {
	line, _ := tx.Pipeline(s.PipelineID)
	e := commitStatusEntity{
		ID: s.ID, SHA: line.SHA, Ref: line.Ref, Status: s.Status, Name: s.Name, TargetURL: orNull(s.TargetURL),
		Description: orNull(s.Description), CreatedAt: newTimestamp(s.CreatedAt), StartedAt: newTimestamp(s.StartedAt),
		FinishedAt: newTimestamp(s.FinishedAt), PipelineID: dated(tx, gitlab.ShowsPipelinesOfStatuses, s.PipelineID),
		Author: presentUser(tx, s.UserID),
	}
	if s.Covered {
		coverage := rubyFloat(s.Coverage)
		e.Coverage = &coverage
	}
	return e
}

// rubyFloat is a number that Ruby writes as a float: with a point always.
type rubyFloat float64

// MarshalJSON writes the number as Ruby's to_s does.
func (f rubyFloat) MarshalJSON() ([]byte, error) {
	const least, most = 1e-4, 1e16 // outside of these, Ruby writes an exponent
	size, form := math.Abs(float64(f)), byte('f')
	if size != 0 && (size < least || size >= most) {
		form = 'e'
	}
	digits, exponent, scaled := strings.Cut(strconv.FormatFloat(float64(f), form, -1, 64), "e")
	if !strings.Contains(digits, ".") {
		digits += ".0"
	}
	if scaled {
		digits += "e" + exponent
	}
	return []byte(digits), nil
}
