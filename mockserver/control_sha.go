package mockserver

import (
	"net/http"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// shaRequirementEntity is what the instance demands, and what those namespaces do that chose for themselves.
type shaRequirementEntity struct {
	Required   bool               `json:"required"`
	Locked     bool               `json:"locked"`
	Namespaces []namespaceDemands `json:"namespaces"`
}

type namespaceDemands struct {
	ID       gitlab.NamespaceID `json:"id"`
	FullPath string             `json:"full_path"`
	Required *bool              `json:"required"`
	Locked   bool               `json:"locked"`
}

func presentSHARequirement(tx *gitlab.Tx) shaRequirementEntity {
	instance := tx.Settings().SHARequirement
	e := shaRequirementEntity{
		Required: instance.Required == gitlab.Yes, Locked: instance.Locked,
		Namespaces: []namespaceDemands{},
	}
	for _, n := range tx.Namespaces() {
		if n.SHARequirement != (gitlab.SHARequirement{}) {
			e.Namespaces = append(e.Namespaces, namespaceDemands{
				n.ID, n.FullPath, choice(n.SHARequirement.Required),
				n.SHARequirement.Locked,
			})
		}
	}
	return e
}

func (k *controlCall) getSHARequirement() (re reply, err error) {
	k.view(func(tx *gitlab.Tx) { re, err = ok(presentSHARequirement(tx)) })
	return re, err
}

func (k *controlCall) setSHARequirement() (re reply, err error) {
	var given struct {
		Required  *bool `json:"required"`
		Locked    bool  `json:"locked"`
		Namespace any   `json:"namespace"`
	}
	if err := k.decode(&given); err != nil {
		return reply{}, err
	}
	wanted := gitlab.SHARequirement{Required: gitlab.Chosen(given.Required), Locked: given.Locked}
	err = k.world.state.Update(k.world.clock.now(), func(tx *gitlab.Tx) error {
		if given.Namespace == nil {
			s := tx.Settings()
			s.SHARequirement = wanted
			tx.SetSettings(s)
		} else {
			n, found := namespaceOf(tx, given.Namespace)
			if !found {
				return refused(http.StatusNotFound, "there is no group or namespace %v", given.Namespace)
			}
			tx.RequireSHA(n, wanted)
		}
		re, err = ok(presentSHARequirement(tx))
		return err
	})
	return re, err
}
