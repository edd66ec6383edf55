package mockserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/release"
)

// rootOnly refuses operations that only the server at the root has.
func (k *controlCall) rootOnly() error {
	if k.server.place == nil {
		return nil
	}
	return refused(http.StatusNotFound, "a world has no worlds; ask below %s, without %s",
		strings.TrimSuffix(controlPrefix, "/"), k.server.place.path)
}

func (k *controlCall) listWorlds() (reply, error) {
	if err := k.rootOnly(); err != nil {
		return reply{}, err
	}
	k.server.family.expire(k.server.opts.Now())
	list, err := k.server.listed(k.request.Context())
	if err != nil {
		return reply{}, err
	}
	return ok(list)
}

func (k *controlCall) getWorld() (reply, error) {
	if err := k.rootOnly(); err != nil {
		return reply{}, err
	}
	child, err := k.server.lookUp(k.request.Context(), k.path["world"])
	if err != nil {
		return reply{}, err
	}
	if child == nil {
		return reply{}, k.server.noWorld(k.path["world"])
	}
	return ok(k.worldOf(child))
}

// worldOf describes a world. Before its first request a world has no base URL, so the URL of the caller's request is
// used.
func (k *controlCall) worldOf(child *Server) control.World {
	shown := child.asWorld()
	if shown.URL == "" {
		shown.URL = originOf(k.request) + shown.Path
	}
	return shown
}

type newWorldBody struct {
	Name         string           `json:"name"`
	Seed         json.RawMessage  `json:"seed"`
	Snapshot     string           `json:"snapshot"`
	Version      string           `json:"version"`
	Features     map[string]bool  `json:"features"`
	Licensed     *bool            `json:"licensed"`
	ExpiresAfter control.Duration `json:"expires_after"`
}

// createWorld creates a world.
func (k *controlCall) createWorld() (reply, error) {
	if err := k.rootOnly(); err != nil {
		return reply{}, err
	}
	var b newWorldBody
	if err := k.decode(&b); err != nil {
		return reply{}, err
	}
	opts := WorldOptions{
		Snapshot: b.Snapshot, Features: b.Features, Licensed: b.Licensed, ExpiresAfter: b.ExpiresAfter.Duration,
	}
	if opts.ExpiresAfter < 0 {
		return reply{}, refused(http.StatusBadRequest, "expires_after must be a duration as 10m, and not negative")
	}
	if b.Version != "" {
		v, err := release.Parse(b.Version)
		if err != nil {
			return reply{}, refused(http.StatusBadRequest, "version: %s", err)
		}
		opts.Version = v
	}
	if len(b.Seed) > 0 {
		d, err := seed.Parse("body", blanked(k.body, b.Seed))
		if err != nil {
			return reply{}, seedProblem(err)
		}
		opts.Seed = &d
	}
	child, err := k.server.addWorld(k.request.Context(), b.Name, opts)
	if err != nil {
		return reply{}, worldProblem(err)
	}
	return created(k.worldOf(child))
}

// blanked returns a body in which everything but one part is replaced by spaces, so that the part keeps its position.
func blanked(body, part []byte) []byte {
	at := bytes.Index(body, part)
	if at < 0 {
		return part
	}
	left := bytes.Clone(body[:at+len(part)])
	for i, c := range left[:at] {
		if c != '\n' {
			left[i] = ' '
		}
	}
	return left
}

func (k *controlCall) deleteWorld() (reply, error) {
	if err := k.rootOnly(); err != nil {
		return reply{}, err
	}
	known, err := k.server.removeWorld(k.request.Context(), k.path["world"])
	if err != nil {
		return reply{}, err
	}
	if !known {
		return reply{}, k.server.noWorld(k.path["world"])
	}
	return noContent()
}

// worldProblem describes why no world was created.
func worldProblem(err error) error {
	var broken *seed.Error
	var p *controlProblem
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &broken):
		return seedProblem(err)
	case errors.Is(err, ErrWorldExists):
		return refused(http.StatusConflict, "%s", err)
	case errors.Is(err, ErrTooManyWorlds):
		return refused(http.StatusInsufficientStorage, "%s", err)
	case errors.Is(err, ErrNoSnapshot):
		return refused(http.StatusNotFound, "%s", err)
	}
	return refused(http.StatusBadRequest, "%s", err)
}

func (k *controlCall) listSnapshots() (reply, error) { return ok(k.server.Snapshots()) }

// takeSnapshot saves the current state of the world.
func (k *controlCall) takeSnapshot() (reply, error) {
	var b struct {
		Name string `json:"name"`
	}
	if err := k.decode(&b); err != nil {
		return reply{}, err
	}
	shown, err := k.server.TakeSnapshot(b.Name)
	if errors.Is(err, errManySnapshots) {
		return reply{}, refused(http.StatusInsufficientStorage, "%s", err)
	}
	if err != nil {
		return reply{}, refused(http.StatusBadRequest, "%s", err)
	}
	return created(shown)
}

func (k *controlCall) restoreSnapshot() (reply, error) {
	if err := k.server.RestoreSnapshot(k.path["snapshot"]); err != nil {
		return reply{}, k.noSnapshot()
	}
	return noContent()
}

func (k *controlCall) deleteSnapshot() (reply, error) {
	if !k.server.RemoveSnapshot(k.path["snapshot"]) {
		return reply{}, k.noSnapshot()
	}
	return noContent()
}

func (k *controlCall) noSnapshot() error {
	known := presentAll(k.server.Snapshots(), func(shown control.Snapshot) string { return shown.Name })
	return noneOf("snapshot", k.path["snapshot"], known, "")
}
