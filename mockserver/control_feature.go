package mockserver

import (
	"net/http"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

type featureEntity struct {
	Name       string `json:"name"`
	Enabled    bool   `json:"enabled"`
	Switchable bool   `json:"switchable"`
	Default    bool   `json:"default"`
	Since      string `json:"since"`
	Removed    string `json:"removed"`
	What       string `json:"what"`
}

// presentFeatures shows all feature flags, those that the release does not have too: for what they govern is on or off
// there.
func (k *controlCall) presentFeatures(tx *gitlab.Tx) []featureEntity {
	return presentAll(FeatureFlags(), func(f FeatureFlag) featureEntity {
		return featureEntity{
			f.Name, tx.Feature(f.Name), f.In(k.world.state.Version()), f.Default, f.Since.String(),
			f.Gone.String(), f.What,
		}
	})
}

func (k *controlCall) getFeatures() (re reply, err error) {
	k.view(func(tx *gitlab.Tx) { re, err = ok(k.presentFeatures(tx)) })
	return re, err
}

func (k *controlCall) setFeature() (re reply, err error) {
	var given struct {
		Name    string `json:"name"`
		Enabled bool   `json:"enabled"`
	}
	if err := k.decode(&given); err != nil {
		return reply{}, err
	}
	if err := checkFeature(k.world.state.Version(), given.Name); err != nil {
		return reply{}, refused(http.StatusBadRequest, "%s", err)
	}
	err = k.world.state.Update(k.world.clock.now(), func(tx *gitlab.Tx) error {
		tx.SetFeature(given.Name, given.Enabled)
		re, err = ok(k.presentFeatures(tx))
		return err
	})
	return re, err
}
