package mockserver

import (
	"net/http"

	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

func (k *controlCall) getSHARequirement() (reply, error) { return ok(k.server.SHARequirement()) }

func (k *controlCall) setSHARequirement() (re reply, err error) {
	var given struct {
		Required  *bool `json:"required"`
		Locked    bool  `json:"locked"`
		Namespace any   `json:"namespace"`
	}
	if err := k.decode(&given); err != nil {
		return reply{}, err
	}
	err = k.server.change(func(tx *gitlab.Tx) error {
		r := presentSHARequirement(tx)
		if given.Namespace == nil {
			r.Required, r.Locked = given.Required != nil && *given.Required, given.Locked
		} else {
			n, found := namespaceOf(tx, given.Namespace)
			if !found {
				return refused(http.StatusNotFound, "there is no group or namespace %v", given.Namespace)
			}
			r.Namespaces = append(r.Namespaces, control.NamespaceSHARequirement{ // the last one counts
				ID: int64(n.ID), Required: given.Required, Locked: given.Locked,
			})
		}
		if err := applySHARequirement(tx, r); err != nil {
			return err
		}
		re, err = ok(presentSHARequirement(tx))
		return err
	})
	return re, err
}
