package mockserver

import (
	"net/http"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/release"
)

type releaseEntity struct {
	Version string   `json:"version"`
	Oldest  string   `json:"oldest"`
	Newest  string   `json:"newest"`
	Changes []string `json:"changes"`
}

func presentRelease(tx *gitlab.Tx) releaseEntity {
	e := releaseEntity{
		Version: tx.Version().String(), Oldest: release.Oldest.String(), Newest: release.Newest.String(),
		Changes: []string{},
	}
	for _, r := range gitlab.History() {
		if tx.Has(r.Change) {
			e.Changes = append(e.Changes, r.Name)
		}
	}
	return e
}

func (k *controlCall) getRelease() (re reply, err error) {
	k.view(func(tx *gitlab.Tx) { re, err = ok(presentRelease(tx)) })
	return re, err
}

// setRelease upgrades or downgrades the world where it stands.
func (k *controlCall) setRelease() (re reply, err error) {
	var given struct {
		Version  string          `json:"version"`
		Features map[string]bool `json:"features"`
	}
	if err := k.decode(&given); err != nil {
		return reply{}, err
	}
	version, err := release.Parse(given.Version)
	if err == nil {
		err = release.Covered(version)
	}
	if err == nil {
		err = checkFeatures(version, given.Features)
	}
	if err != nil {
		return reply{}, refused(http.StatusBadRequest, "%s", err)
	}
	err = k.world.state.Update(k.world.clock.now(), func(tx *gitlab.Tx) error {
		tx.BehaveAs(version, given.Features)
		re, err = ok(presentRelease(tx))
		return err
	})
	return re, err
}
