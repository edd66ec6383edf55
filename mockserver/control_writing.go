package mockserver

import (
	"net/http"

	"github.com/statuschecks/statuschecks/mockserver/control"
)

func (k *controlCall) getWriting() (reply, error) { return ok(k.server.Writing()) }

func (k *controlCall) setWriting() (reply, error) {
	var given control.Writing
	if err := k.decode(&given); err != nil {
		return reply{}, err
	}
	if err := k.server.SetWriting(given.Mode, given.Message); err != nil {
		return reply{}, refused(http.StatusBadRequest, "%s", err)
	}
	return ok(k.server.Writing())
}
