package mockserver

import (
	"errors"
	"net/http"

	"github.com/statuschecks/statuschecks/mockserver/seed"
)

func (k *controlCall) getState() (reply, error) { return ok(k.server.State()) }

type seededEntity struct {
	Users         int `json:"users"`
	Groups        int `json:"groups"`
	Projects      int `json:"projects"`
	MergeRequests int `json:"merge_requests"`
	Checks        int `json:"external_status_checks"`
}

// seed replaces the world, and counts what it has then: the rows of an export, and the keys of any other seed.
func (k *controlCall) seed() (reply, error) {
	s, err := seed.Parse("seed", k.body)
	if err == nil {
		err = k.server.Seed(s)
	}
	if err != nil {
		return reply{}, seedProblem(err)
	}
	has := k.server.State()
	return ok(seededEntity{
		Users: len(has.Users), Groups: len(has.Groups), Projects: len(has.Projects),
		MergeRequests: len(has.MergeRequests), Checks: len(has.Checks),
	})
}

// seedProblem describes why a seed was refused.
func seedProblem(err error) error {
	p := refused(http.StatusBadRequest, "the seed does not hold together; nothing was changed")
	p.Problems = []string{err.Error()}
	var broken *seed.Error
	if errors.As(err, &broken) {
		p.Problems = broken.Problems
	}
	return p
}

func (k *controlCall) reset() (reply, error) {
	if err := k.server.Reset(); err != nil {
		return reply{}, err
	}
	return noContent()
}
