package mockserver

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/control"
)

// mostNotes is how many different notes are kept.
const mostNotes = 1000

// clientNotes are what GitLab takes in silence and the contract does not know, each once. The zero value is empty.
type clientNotes struct {
	mu      sync.Mutex
	list    []*control.ClientNote
	known   map[noteKey]*control.ClientNote
	dropped int64
}

// noteKey is what makes two notes the same.
type noteKey struct {
	kind                                       control.NoteKind
	operation, parameter, user, token, address string
}

// add notes what was found in a call.
func (n *clientNotes) add(one control.ClientNote, at time.Time) {
	one.Count, one.FirstAt, one.LastAt = 1, at, at
	n.join(one)
}

// join adds a note, or its count to that of the same one.
func (n *clientNotes) join(one control.ClientNote) {
	key := noteKey{one.Kind, one.Operation, one.Parameter, one.User, one.Token, one.Address}
	n.mu.Lock()
	defer n.mu.Unlock()
	if before := n.known[key]; before != nil {
		before.Count += one.Count
		before.LastAt = one.LastAt
		return
	}
	if len(n.list) == mostNotes {
		n.dropped++
		return
	}
	if n.known == nil {
		n.known = map[noteKey]*control.ClientNote{}
	}
	n.known[key] = &one
	n.list = append(n.list, &one)
}

func (n *clientNotes) clear() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.list, n.known, n.dropped = nil, nil, 0
}

// Notes are what clients did that GitLab takes in silence and the contract does not know: in the order in which it was
// first seen, each thing once for each caller.
func (s *Server) Notes() control.ClientNotes {
	n := &s.world.notes
	n.mu.Lock()
	defer n.mu.Unlock()
	shown := control.ClientNotes{Notes: []control.ClientNote{}, Dropped: n.dropped}
	for _, one := range n.list {
		shown.Notes = append(shown.Notes, *one)
	}
	return shown
}

// ClearNotes forgets all notes.
func (s *Server) ClearNotes() { s.world.notes.clear() }

// tellNotes notes what was found in a call, with its caller.
func (v *callRecord) tellNotes() {
	c, e := v.call, v.entry
	if c == nil || c.op == nil {
		return
	}
	for _, f := range c.found() {
		v.server.world.notes.add(control.ClientNote{
			Kind: f.kind, Operation: c.op.ID, Parameter: f.parameter, Message: f.text, User: e.User, Token: e.Token,
			Address: e.Address,
		}, e.At)
	}
}

// found is what is to be noted of a call.
func (c *call) found() []finding {
	if !c.looked {
		c.looked = true
		c.findings = (&finder{call: c}).look()
	}
	return c.findings
}

// strictly refuses a call of which there is something to be noted, if the mock is strict.
func (c *call) strictly() error {
	if !c.server.opts.Strict || len(c.found()) == 0 {
		return nil
	}
	var texts []string
	for _, f := range c.found() {
		texts = append(texts, f.text)
	}
	text := strings.Join(texts, "; ")
	if len(texts) == mostFindings {
		text += "; and perhaps more"
	}
	return failed(http.StatusBadRequest, text, "the mock is strict: "+text)
}

func (k *controlCall) listNotes() (reply, error) {
	query := k.request.URL.Query()
	shown := k.server.Notes()
	shown.Notes = slices.DeleteFunc(shown.Notes, func(n control.ClientNote) bool {
		return query.Has("user") && n.User != query.Get("user") ||
			cmp.Or(control.NoteKind(query.Get("kind")), n.Kind) != n.Kind
	})
	return ok(shown)
}

func (k *controlCall) clearNotes() (reply, error) {
	k.server.ClearNotes()
	return noContent()
}
