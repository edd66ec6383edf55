package mockserver

import "github.com/statuschecks/statuschecks/mockserver/control"

// triggerEvent makes an event happen to a merge request.
func (k *controlCall) triggerEvent() (reply, error) {
	var given struct {
		control.Trigger
		Wait string `json:"wait"`
	}
	ctx, done, err := k.decodePatiently(&given, &given.Wait)
	if err != nil {
		return reply{}, err
	}
	defer done()
	triggered, err := k.server.Trigger(ctx, given.Trigger)
	if err != nil {
		return reply{}, err
	}
	return ok(triggered)
}
