package mockserver

import (
	"net/http"

	"github.com/statuschecks/statuschecks/release"
)

func (k *controlCall) getRelease() (reply, error) { return ok(k.server.Release()) }

func (k *controlCall) setRelease() (reply, error) {
	var given struct {
		Version  string          `json:"version"`
		Features map[string]bool `json:"features"`
	}
	if err := k.decode(&given); err != nil {
		return reply{}, err
	}
	version, err := release.Parse(given.Version)
	if err == nil {
		err = k.server.SetRelease(version, given.Features)
	}
	if err != nil {
		return reply{}, refused(http.StatusBadRequest, "%s", err)
	}
	return ok(k.server.Release())
}
