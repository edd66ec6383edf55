package mockserver

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/fault"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/release"
)

// dataFormat is the version of what WriteData writes. Another one is not read.
const dataFormat = 1

// dataHead is the first line of data. The rest is one line of JSON, a dataBody.
type dataHead struct {
	Format  int       `json:"statuschecks_data"`
	SavedAt time.Time `json:"saved_at"`
	Bytes   int       `json:"bytes"` // of the rest
	SHA256  string    `json:"sha256"`
}

type dataBody struct {
	Seeds  []string    `json:"seeds"`
	States []dataState `json:"states"`
	Root   *dataWorld  `json:"root,omitempty"`
	Worlds []dataWorld `json:"worlds,omitempty"`
}

// dataState is what is stored in a world, and which release it is.
type dataState struct {
	Release string          `json:"release"`
	Flags   map[string]bool `json:"flags"`
	Rows    json.RawMessage `json:"rows"`
}

// dataMoment is a moment of a world. States and seeds are those of the body, by their place.
type dataMoment struct {
	State  int               `json:"state"`
	Mode   control.ClockMode `json:"clock"`
	At     time.Time         `json:"at"`
	Offset time.Duration     `json:"offset"`
	Faults fault.Mark        `json:"faults"`
	Origin dataOrigin        `json:"origin"`
}

// dataOrigin is what a reset goes back to: a seed or, if that is there, a moment.
type dataOrigin struct {
	Seed   int         `json:"seed"`
	Moment *dataMoment `json:"moment,omitempty"`
}

type dataSnapshot struct {
	control.Snapshot
	Moment dataMoment `json:"moment"`
}

type dataWorld struct {
	Name         string          `json:"name,omitempty"`
	Version      string          `json:"version,omitempty"` // release that a reset goes back to
	Features     map[string]bool `json:"features,omitempty"`
	MadeAt       time.Time       `json:"made_at,omitzero"`
	ExpiresAfter time.Duration   `json:"expires_after,omitempty"`
	Now          dataMoment      `json:"now"`
	Snapshots    []dataSnapshot  `json:"snapshots,omitempty"`
}

// Data tells of data that were read.
type Data struct {
	SavedAt time.Time
	Worlds  int           // beside that of the root
	Seed    seed.Document // what the root is reset to
}

// WriteData writes the world of the server and those below it, with their snapshots, as ReadData reads them. Each is
// written as it is at one instant. The data hold secrets: those of checks, and digests of tokens. The error is that of
// w.
func (s *Server) WriteData(w io.Writer) error {
	s.family.expire(s.opts.Now())
	return s.writeData(w, func(d *dataWriter) {
		root := d.world(s)
		d.body.Root = &root
		for _, child := range s.family.all() {
			d.body.Worlds = append(d.body.Worlds, d.world(child))
		}
	})
}

// writeData writes the worlds that gather takes in.
func (s *Server) writeData(w io.Writer, gather func(*dataWriter)) error {
	d := &dataWriter{seeds: map[string]int{}, states: map[gitlab.Snapshot]int{}}
	gather(d)
	body, err := json.Marshal(&d.body)
	if err != nil {
		return fmt.Errorf("mockserver: encode the data: %w", err)
	}
	sum := sha256.Sum256(body)
	head, err := json.Marshal(dataHead{dataFormat, s.opts.Now().UTC(), len(body), hex.EncodeToString(sum[:])})
	if err != nil {
		return fmt.Errorf("mockserver: encode the data: %w", err)
	}
	_, err = w.Write(bytes.Join([][]byte{head, body, nil}, []byte("\n")))
	return err
}

// Changed is closed when something changes in the server or its worlds.
func (s *Server) Changed() <-chan struct{} { return s.family.changes.bell.listen() }

// dataWriter gathers data.
type dataWriter struct {
	body   dataBody
	seeds  map[string]int
	states map[gitlab.Snapshot]int
}

func (d *dataWriter) world(s *Server) dataWorld {
	shown := dataWorld{
		Version: s.opts.Version.String(), Features: s.opts.Features, Now: d.moment(s.world, s.world.moment()),
	}
	for _, kept := range s.world.snapshots.list() {
		shown.Snapshots = append(shown.Snapshots, dataSnapshot{kept.shown, d.moment(s.world, kept.moment)})
	}
	if p := s.place; p != nil {
		shown.Name, shown.MadeAt, shown.ExpiresAfter = p.name, p.madeAt, p.expiresAfter
	}
	s.world.encoded.turn()
	return shown
}

func (d *dataWriter) moment(w *world, m *moment) dataMoment {
	return dataMoment{
		State: d.state(w, m.state), Mode: m.clock.mode, At: m.clock.at, Offset: m.clock.offset, Faults: m.faults,
		Origin: d.origin(w, m.origin),
	}
}

func (d *dataWriter) origin(w *world, o origin) dataOrigin {
	if o.moment != nil {
		m := d.moment(w, o.moment)
		return dataOrigin{Moment: &m}
	}
	text := d.yaml(o)
	place, known := d.seeds[text]
	if !known {
		place = len(d.body.Seeds)
		d.seeds[text] = place
		d.body.Seeds = append(d.body.Seeds, text)
	}
	shared := d.body.Seeds[place]
	o.text.Store(&shared)
	return dataOrigin{Seed: place}
}

// yaml is the seed of an origin. It is written once, as there may be many worlds that have it.
func (d *dataWriter) yaml(o origin) string {
	if known := o.text.Load(); known != nil {
		return *known
	}
	return string(o.seed.YAML())
}

// state is the place of what is stored. Worlds that share it still, as nothing has happened in them, share it here too.
func (d *dataWriter) state(w *world, snapshot gitlab.Snapshot) int {
	if place, known := d.states[snapshot]; known {
		return place
	}
	place := len(d.body.States)
	d.states[snapshot] = place
	shown := w.state.Empty()
	shown.Restore(snapshot)
	var one dataState
	_ = shown.View(time.Time{}, func(tx *gitlab.Tx) error {
		one.Release, one.Flags = tx.Version().String(), tx.Flags()
		one.Rows = w.encoded.rows(snapshot, tx)
		return nil
	})
	d.body.States = append(d.body.States, one)
	return place
}

// encodedRows are the rows of the moments of a world as they were written last. The zero value has none.
type encodedRows struct {
	mu   sync.Mutex
	then map[gitlab.Snapshot]json.RawMessage
	now  map[gitlab.Snapshot]json.RawMessage
}

// rows are the rows of a snapshot.
func (e *encodedRows) rows(snapshot gitlab.Snapshot, tx *gitlab.Tx) json.RawMessage {
	e.mu.Lock()
	defer e.mu.Unlock()
	text, known := e.then[snapshot]
	if !known {
		text = encodeJSON(tx.Rows())
	}
	if e.now == nil {
		e.now = map[gitlab.Snapshot]json.RawMessage{}
	}
	e.now[snapshot] = text
	return text
}

// turn forgets what was not written this time.
func (e *encodedRows) turn() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.then, e.now = e.now, nil
}

var (
	// ErrDataFormat is why data are not read that another version of the program has written.
	ErrDataFormat = errors.New("the data have another format")
	// ErrDataDamaged is why data are not read that are not whole.
	ErrDataDamaged = errors.New("the data are damaged")
)

// ReadData makes the server and its worlds what they were when the data were written. Options that are about the server
// as a whole, such as BaseURL, Lag and Changes, hold as New got them. Options.Faults, RateLimits and BlockLocalRequests
// hold in the world of the server, beside what the data have: a plan that is in force already goes on with its counts,
// and another one of its id makes room. It is for a server that nobody has used yet. It fails with ErrDataFormat or
// ErrDataDamaged, with the error of r, or if there are too many fault plans, and then changes nothing.
func (s *Server) ReadData(r io.Reader) (Data, error) {
	head, body, err := readData(r)
	if err != nil {
		return Data{}, err
	}
	d := &dataReader{server: s, body: body}
	if body.Root == nil {
		return Data{}, fmt.Errorf("%w: the root is not among them", ErrDataDamaged)
	}
	root, own, err := d.root(*body.Root)
	if err != nil {
		return Data{}, err
	}
	children := make([]*Server, 0, len(body.Worlds))
	for _, one := range body.Worlds {
		child, err := d.child(one)
		if err != nil {
			return Data{}, fmt.Errorf("world %s: %w", one.Name, err)
		}
		children = append(children, child)
	}
	s.opts = own
	s.world.take(root)
	for _, child := range children {
		if err := s.family.adopt(child, max(s.maxWorlds(), len(children))); err != nil {
			return Data{}, err
		}
		s.family.stir(child)
	}
	s.world.stir()
	return Data{SavedAt: head.SavedAt, Worlds: len(children), Seed: s.currentSeed()}, nil
}

// readData reads and checks the two lines.
func readData(r io.Reader) (dataHead, *dataBody, error) {
	in := bufio.NewReader(r) // which has no room for a first line that is too long to be a head
	line, err := in.ReadSlice('\n')
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return dataHead{}, nil, err
	}
	var head dataHead
	if json.Unmarshal(line, &head) != nil || head.Format == 0 {
		return head, nil, fmt.Errorf("%w: the first line is not that of data of this program", ErrDataDamaged)
	}
	if head.Format != dataFormat {
		return head, nil, fmt.Errorf("%w: it is %d, and this version reads %d", ErrDataFormat, head.Format, dataFormat)
	}
	rest, err := io.ReadAll(io.LimitReader(in, int64(head.Bytes)+2)) // the end of the line, and what must not follow
	if err != nil {
		return head, nil, err
	}
	rest = bytes.TrimSuffix(rest, []byte("\n"))
	if len(rest) > head.Bytes {
		return head, nil, fmt.Errorf("%w: there are more than the %d bytes that there were", ErrDataDamaged, head.Bytes)
	}
	if len(rest) < head.Bytes {
		return head, nil, fmt.Errorf("%w: there are %d bytes, and there were %d", ErrDataDamaged, len(rest), head.Bytes)
	}
	if sum := sha256.Sum256(rest); hex.EncodeToString(sum[:]) != head.SHA256 {
		return head, nil, fmt.Errorf("%w: they are not what was written", ErrDataDamaged)
	}
	body := &dataBody{}
	if err := json.Unmarshal(rest, body); err != nil {
		return head, nil, fmt.Errorf("%w: %w", ErrDataDamaged, err)
	}
	return head, body, nil
}

// readWorld is a world that was read.
type readWorld struct {
	now       *moment
	snapshots map[string]snapshot
}

// take makes a world one that was read.
func (w *world) take(one readWorld) {
	w.become(one.now, one.now.origin)
	w.snapshots.mu.Lock()
	defer w.snapshots.mu.Unlock()
	w.snapshots.kept = one.snapshots
}

// dataReader makes worlds of data.
type dataReader struct {
	server *Server
	body   *dataBody
	states map[int]gitlab.Snapshot
	seeds  map[int]seed.Document
}

func (d *dataReader) read(one dataWorld) (readWorld, error) {
	now, err := d.moment(one.Now)
	if err != nil {
		return readWorld{}, err
	}
	w := readWorld{now, map[string]snapshot{}}
	for _, kept := range one.Snapshots {
		m, err := d.moment(kept.Moment)
		if err != nil {
			return readWorld{}, err
		}
		w.snapshots[kept.Name] = snapshot{m, kept.Snapshot}
	}
	return w, nil
}

// child makes a world below the root, which nobody can reach yet.
func (d *dataReader) child(one dataWorld) (*Server, error) {
	if err := checkName("world", one.Name); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDataDamaged, err)
	}
	w, err := d.read(one)
	if err != nil {
		return nil, err
	}
	own, err := d.optionsOf(one)
	if err != nil {
		return nil, err
	}
	at := newPlace(d.server, one.Name, cmp.Or(one.ExpiresAfter, -1))
	at.madeAt = one.MadeAt
	if own.BaseURL != "" {
		own.BaseURL += at.path
	}
	child, err := newServer(own, d.server.family, at, origin{moment: w.now})
	if err != nil {
		return nil, err
	}
	child.world.take(w)
	return child, nil
}

func (d *dataReader) moment(one dataMoment) (*moment, error) {
	state, err := d.state(one.State)
	if err != nil {
		return nil, err
	}
	m := &moment{state: state, clock: clockSetting{one.Mode, one.At, one.Offset}, faults: one.Faults}
	if one.Origin.Moment != nil {
		m.origin.moment, err = d.moment(*one.Origin.Moment)
		return m, err
	}
	document, err := d.seed(one.Origin.Seed)
	m.origin = seedOrigin(document)
	return m, err
}

func (d *dataReader) seed(place int) (seed.Document, error) {
	if known, is := d.seeds[place]; is {
		return known, nil
	}
	if place < 0 || place >= len(d.body.Seeds) {
		return seed.Document{}, fmt.Errorf("%w: there is no seed %d", ErrDataDamaged, place)
	}
	read, err := seed.Parse("seed", []byte(d.body.Seeds[place]))
	if err != nil {
		return read, fmt.Errorf("%w: %w", ErrDataDamaged, err)
	}
	if d.seeds == nil {
		d.seeds = map[int]seed.Document{}
	}
	d.seeds[place] = read
	return read, nil
}

// state fills a state with what was stored.
func (d *dataReader) state(place int) (gitlab.Snapshot, error) {
	if known, is := d.states[place]; is {
		return known, nil
	}
	if place < 0 || place >= len(d.body.States) {
		return gitlab.Snapshot{}, fmt.Errorf("%w: there is no state %d", ErrDataDamaged, place)
	}
	one := d.body.States[place]
	version, err := release.Parse(one.Release)
	if err == nil {
		err = release.Covered(version)
	}
	var rows gitlab.Rows
	if err == nil {
		err = json.Unmarshal(one.Rows, &rows)
	}
	if err != nil {
		return gitlab.Snapshot{}, fmt.Errorf("%w: %w", ErrDataDamaged, err)
	}
	fresh := d.server.world.state.Empty()
	_ = fresh.Update(time.Time{}, func(tx *gitlab.Tx) error { // which refuses nothing
		tx.BehaveAs(version, one.Flags)
		tx.InsertRows(rows)
		return nil
	})
	if d.states == nil {
		d.states = map[int]gitlab.Snapshot{}
	}
	d.states[place] = fresh.Snapshot()
	return d.states[place], nil
}
