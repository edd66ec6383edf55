package mockserver

import "net/http"

func (k *controlCall) getFeatures() (reply, error) { return ok(k.server.Features()) }

func (k *controlCall) setFeature() (reply, error) {
	var given struct {
		Name    string `json:"name"`
		Enabled bool   `json:"enabled"`
	}
	if err := k.decode(&given); err != nil {
		return reply{}, err
	}
	if err := k.server.SetFeatures(map[string]bool{given.Name: given.Enabled}); err != nil {
		return reply{}, refused(http.StatusBadRequest, "%s", err)
	}
	return ok(k.server.Features())
}
