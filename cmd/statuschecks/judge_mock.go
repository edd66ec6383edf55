package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/release"
)

// helpingMock is the mock, or the world of a running one, with whose help a service is judged.
type helpingMock struct {
	note         *readyNote
	state        control.State // to begin with
	controlToken string
	transport    http.RoundTripper // nil means the network
	setRelease   func(context.Context, release.Version) error
	end          func(context.Context) error
}

// help starts a mock, or makes a world in the one that runs.
func (o *judgeOptions) help(ctx context.Context, sys system) (*helpingMock, error) {
	world, err := o.beginning()
	if err != nil {
		return nil, err
	}
	if o.url != "" {
		return o.worldOfRunning(ctx, world)
	}
	return o.ownMock(ctx, sys, world)
}

// beginning is what the world begins with: the usual one, in which the service has the token that was given.
func (o *judgeOptions) beginning() (*seed.Document, error) {
	world := seed.Default()
	if o.checkToken == "" {
		return &world, nil
	}
	for i := range world.Users {
		u := &world.Users[i]
		for j := range u.Tokens {
			if u.Username != serviceUser && u.Tokens[j].Secret == o.checkToken {
				return nil, wrongUsage("--check-token is the token of %s in the mock, and a service has that of a "+
					"developer; give another one, or leave it out", u.Username)
			}
		}
		if u.Username == serviceUser {
			u.Tokens[0].Secret = o.checkToken
		}
	}
	return &world, nil
}

// serviceToken is the token by which the service calls the API.
func (o *judgeOptions) serviceToken() string {
	if o.checkToken != "" {
		return o.checkToken
	}
	return seed.DeveloperToken
}

// ownMock starts a mock that lives for this run.
func (o *judgeOptions) ownMock(ctx context.Context, sys system, world *seed.Document) (*helpingMock, error) {
	o.mock.features, o.mock.world = neededFeatures(o.mock.version.version), world
	if !isLocal("http://" + o.mock.listen) { // others can reach it
		o.mock.controlToken = rand.Text()
	}
	m, err := o.mock.open(ctx, sys)
	if err != nil {
		return nil, err
	}
	// The mock outlives an interruption, so that the run can end in order.
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	served := make(chan error, 1)
	go func() { served <- m.serve(serving) }()
	return &helpingMock{
		note: m.note, state: m.mock.State(), controlToken: o.mock.controlToken,
		setRelease: func(_ context.Context, v release.Version) error {
			return m.mock.SetRelease(v, neededFeatures(v))
		},
		end: func(context.Context) error {
			stop()
			err := <-served
			m.close()
			return err
		},
	}, nil
}

// How long the world of a judge that was killed stays in the mock, and how long removing it may take.
const (
	worldStays   = 10 * time.Minute
	removingTime = 10 * time.Second
)

// worldOfRunning makes a world in a running mock.
func (o *judgeOptions) worldOfRunning(ctx context.Context, world *seed.Document) (*helpingMock, error) {
	transport, err := trusting(o.verify.caFile)
	if err != nil {
		return nil, err
	}
	root := controlCaller{url: o.url, token: o.controlToken, transport: transport}
	mine := root.world(o.world)
	asked := map[string]any{"name": o.world, "expires_after": worldStays.String()}
	if v := o.mock.version; v.String() != "" {
		asked["version"], asked["features"] = v.String(), neededFeatures(v.version)
	}
	var made control.World
	if err := root.call(ctx, controlRequest{operation: "createWorld", body: asked}, &made); err != nil {
		return nil, notMade(o.world, err)
	}
	h := &helpingMock{
		note:         worldNote(mine.base(), made.Version, o.verify.caFile, world),
		controlToken: o.controlToken, transport: transport,
		setRelease: func(ctx context.Context, v release.Version) error {
			return mine.call(ctx, controlRequest{operation: "setRelease", body: map[string]any{
				"version": v.String(), "features": neededFeatures(v),
			}}, nil)
		},
		end: func(ctx context.Context) error { return removeWorld(ctx, root, o.world) },
	}
	err = prepare(ctx, mine, world, made.Version)
	if err == nil {
		err = mine.call(ctx, controlRequest{operation: "getState"}, &h.state)
	}
	if err != nil {
		return nil, &exitError{exitNotJudged, errors.Join(err, h.end(ctx))}
	}
	return h, nil
}

// prepare makes the new world one to judge in: with the usual data, with what has to be on in its release, and without
// the faults and limits of the mock.
func prepare(ctx context.Context, mine controlCaller, world *seed.Document, version string) error {
	steps := []controlRequest{
		{operation: "seed", body: world.YAML()},
		{operation: "deleteFaultPlans"},
		{operation: "setRateLimits", body: map[string]any{"limits": []any{}}},
	}
	v, err := release.Parse(version)
	for name := range neededFeatures(v) {
		steps = append(steps, controlRequest{
			operation: "setFeature", body: map[string]any{"name": name, "enabled": true},
		})
	}
	for _, step := range steps {
		if err == nil {
			err = mine.call(ctx, step, nil)
		}
	}
	if err != nil {
		err = fmt.Errorf("prepare the new world of the mock: %w", err)
	}
	return err
}

// notMade says why there is no world.
func notMade(name string, err error) error {
	var refused *controlError
	if errors.As(err, &refused) && refused.status == http.StatusConflict {
		err = fmt.Errorf("the mock has a world %s already: another judge is using it, or was killed less than %s ago; "+
			"name another one with --world", name, worldStays)
	}
	return &exitError{exitNotJudged, err}
}

// removeWorld removes the world of a run, also when that was interrupted.
func removeWorld(ctx context.Context, root controlCaller, name string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), removingTime)
	defer cancel()
	asked := controlRequest{operation: "deleteWorld", path: map[string]string{"world": name}}
	if err := root.call(ctx, asked, nil); err != nil {
		return &exitError{exitNotJudged, fmt.Errorf("the world %s could not be removed from the mock, which drops it "+
			"after %s: %w", name, worldStays, err)}
	}
	return nil
}

// worldNote is what a ready line would say of a world.
func worldNote(base, version, caFile string, world *seed.Document) *readyNote {
	n := &readyNote{
		URL: base, API: base + apiPath, Control: base + controlPath, CA: caFile, Version: version,
		Tokens: map[string]string{}, world: *world,
	}
	n.takeTokens()
	return n
}

// receiver takes the deliveries of the mock and passes them on to the service.
func (o *judgeOptions) receiver() (*conformance.Receiver, error) {
	if o.url == "" && o.verify.receiverListen == "" {
		o.verify.receiverListen = "127.0.0.1:0"
	}
	o.verify.url = o.url
	return o.verify.receiver()
}

// neededFeatures switches on the flag without which a release has no external status checks at all.
func neededFeatures(v release.Version) features {
	for _, f := range mockserver.FeatureFlags() {
		if f.Name == "ff_external_status_checks" && f.In(v) {
			return features{f.Name: true}
		}
	}
	return features{}
}

// serviceRoot is the base URL of the GitLab that the service calls.
func (o *judgeOptions) serviceRoot() string {
	if o.url == "" {
		return "http://" + o.mock.listen
	}
	return controlCaller{url: strings.TrimSpace(o.url)}.world(o.world).base()
}
