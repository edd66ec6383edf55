package mockserver

import (
	"net/http"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// writingAllowed is what a seed and the control surface call it when everything can be changed.
const writingAllowed = "allowed"

// writingOf reads a mode by its word; none means that everything can be changed.
func writingOf(mode, message string) gitlab.Writing {
	if mode == writingAllowed {
		mode = ""
	}
	return gitlab.Writing{Mode: gitlab.WriteMode(mode), Message: message}
}

type writingEntity struct {
	Mode    string `json:"mode"`
	Message string `json:"message"`
}

func presentWriting(tx *gitlab.Tx) writingEntity {
	w := tx.Settings().Writing
	if w.Mode == gitlab.WritesAllowed {
		return writingEntity{Mode: writingAllowed}
	}
	return writingEntity{string(w.Mode), refusalOfWrites(w)}
}

func (k *controlCall) getWriting() (re reply, err error) {
	k.view(func(tx *gitlab.Tx) { re, err = ok(presentWriting(tx)) })
	return re, err
}

// setWriting puts the instance under maintenance, makes its database read-only, or ends that.
func (k *controlCall) setWriting() (re reply, err error) {
	var given writingEntity
	if err := k.decode(&given); err != nil {
		return reply{}, err
	}
	if given.Message != "" && given.Mode != string(gitlab.Maintenance) {
		return reply{}, refused(http.StatusBadRequest, "message is for the mode maintenance only: leave it out, or "+
			"set that mode")
	}
	err = k.world.state.Update(k.world.clock.now(), func(tx *gitlab.Tx) error {
		settings := tx.Settings()
		settings.Writing = writingOf(given.Mode, given.Message)
		tx.SetSettings(settings)
		re, err = ok(presentWriting(tx))
		return err
	})
	return re, err
}
