package mockserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/control"
)

// Store keeps worlds outside of the process, so that several processes can share them. At any time a world belongs to
// the process that has claimed it last, and only that one can save it. The world at the root is the one without a name.
// A Store is safe for concurrent use. Its errors must not hold secrets, as callers of the control surface see them.
type Store interface {
	// Secret is a random text that was made with the store and that all its processes share. A form of a page that one
	// process has served can so be sent to another one.
	Secret(ctx context.Context) ([]byte, error)
	// Create keeps a new world, which belongs to this process, and returns its revision. It fails with ErrWorldExists.
	Create(ctx context.Context, w StoredWorld) (revision int64, err error)
	// Claim returns a world as it was saved last, and makes it belong to this process. Before that it asks the process
	// that has the world, if there is one, and waits a moment for its Release. It fails with ErrNoWorld, also for a
	// world that has expired at the instant now.
	Claim(ctx context.Context, name string, now time.Time) (StoredWorld, error)
	// Look returns a world as it was saved last, to whomever it belongs. It fails with ErrNoWorld.
	Look(ctx context.Context, name string) (StoredWorld, error)
	// Revision is that of a world; 0 if there is none.
	Revision(ctx context.Context, name string) (int64, error)
	// Save keeps a world anew, if nobody has claimed or saved it since its revision, and returns the new revision. It
	// fails with ErrWorldTaken or ErrNoWorld.
	Save(ctx context.Context, w StoredWorld) (revision int64, err error)
	// Release makes a world belong to nobody, if it has the revision still and belongs to this process.
	Release(ctx context.Context, name string, revision int64) error
	// Remove forgets a world, of whatever revision if that is 0. It fails with ErrNoWorld if there is none of it.
	Remove(ctx context.Context, name string, revision int64) error
	// List describes the worlds by name, without the root.
	List(ctx context.Context) ([]control.World, error)
	// Sweep forgets the worlds that have expired at an instant, unless they belong to a process that is known to live,
	// and says how many they were.
	Sweep(ctx context.Context, now time.Time) (int, error)
}

// StoredWorld is a world as a Store keeps it.
type StoredWorld struct {
	Name     string        // empty for the world at the root
	Revision int64         // changes whenever the world is saved or claimed; no two worlds ever have the same
	Shown    control.World // how lists show it
	// Expires is when the world counts as unused if nothing more is heard of it; zero means never.
	Expires time.Time
	Data    []byte // as WriteData writes them, of this world alone
}

// StoreEvent is something that another process did to a world in the Store.
type StoreEvent struct {
	Kind     StoreEventKind `json:"kind"`
	World    string         `json:"world"`
	By       string         `json:"by"`       // the other process, for people
	Revision int64          `json:"revision"` // that the world has now; 0 unless it was taken
}

// StoreEventKind is what a process did, or is about to do.
type StoreEventKind string

// What a process can do to a world.
const (
	StoreAsked   StoreEventKind = "asked"   // it is about to take the world over
	StoreTaken   StoreEventKind = "taken"   // it has taken it over
	StoreRemoved StoreEventKind = "removed" // it has dropped it
)

var (
	// ErrNoWorld is why a Store returns no world.
	ErrNoWorld = errors.New("no world of this name is kept")
	// ErrWorldTaken is why a Store does not save a world.
	ErrWorldTaken = errors.New("another process has taken the world over")
)

// storedWorld is the world as the store is to keep it, without those below it.
func (s *Server) storedWorld() (StoredWorld, error) {
	var text bytes.Buffer
	stored := StoredWorld{Revision: s.custody.revision.Load()}
	if p := s.place; p != nil {
		stored.Name, stored.Shown = p.name, s.asWorld()
		if p.expiresAfter > 0 { // somewhat later than here, where it is known whether it is used
			stored.Expires = p.expiry().Add(p.expiresAfter/4 + expiryMargin)
		}
	}
	err := s.writeData(&text, func(d *dataWriter) {
		shown := d.world(s)
		if s.place == nil {
			d.body.Root = &shown
			return
		}
		d.body.Worlds = []dataWorld{shown}
	})
	stored.Data = text.Bytes()
	return stored, err
}

// expiryMargin is for how long worlds are kept at least that seem to have expired, and whose process may live.
const expiryMargin = 5 * time.Second

// readStored makes a world of what was stored, which nobody can reach yet.
func (s *Server) readStored(stored StoredWorld) (*Server, error) {
	_, body, err := readData(bytes.NewReader(stored.Data))
	if err != nil {
		return nil, err
	}
	if len(body.Worlds) != 1 || body.Worlds[0].Name != stored.Name {
		return nil, fmt.Errorf("%w: they are not those of world %s", ErrDataDamaged, stored.Name)
	}
	child, err := (&dataReader{server: s, body: body}).child(body.Worlds[0])
	if err != nil {
		return nil, err
	}
	child.custody.took(stored.Revision, child)
	child.custody.usedThen.Store(0) // the store knows of no use since somebody saved it
	return child, nil
}

// takeStoredRoot makes the root what was stored. Who calls holds its custody.
func (s *Server) takeStoredRoot(stored StoredWorld) (Data, Options, error) {
	head, body, err := readData(bytes.NewReader(stored.Data))
	if err != nil {
		return Data{}, s.opts, err
	}
	if body.Root == nil {
		return Data{}, s.opts, fmt.Errorf("%w: the root is not among them", ErrDataDamaged)
	}
	root, own, err := (&dataReader{server: s, body: body}).root(*body.Root)
	if err != nil {
		return Data{}, s.opts, err
	}
	s.world.deliverer.seeding.Lock()
	s.world.take(root)
	s.world.deliverer.seeding.Unlock()
	s.custody.took(stored.Revision, s)
	return Data{SavedAt: head.SavedAt, Seed: s.currentSeed()}, own, nil
}
