package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// ledgerFormat names the form of a ledger file: JSON lines, the first one this header.
const ledgerFormat = "statuschecks/ledger/v1"

// ledger remembers everything that a run made on the target, in order, so that it can be removed in reverse and nothing
// else is ever touched. With a path it is kept on disk and outlives a crash.
type ledger struct {
	mu      sync.Mutex
	file    *os.File // nil in memory
	path    string
	entries []ledgerEntry
	places  map[ledgerEntry][]int // where each entry is
	strange []string              // what is said of lines that cannot be read
	broken  error

	run string // whose it is
}

// ledgerEntry is one thing on the target.
type ledgerEntry struct {
	Kind    string `json:"kind"` // "project", "user", "check" and so on
	ID      string `json:"id,omitempty"`
	In      string `json:"in,omitempty"` // the project it stands in
	Name    string `json:"name,omitempty"`
	Address string `json:"address,omitempty"` // of a check
	Created string `json:"created,omitempty"` // when, as the target said
	Gone    bool   `json:"gone,omitempty"`    // removed again

	// Intended stands before a thing is asked for, under the name that it is to have: should the answer be lost, it is
	// looked for by that name when the run cleans up.
	Intended bool `json:"intended,omitempty"`

	// Also gives another name or address to a thing that stands in the ledger already: the run renamed it.
	Also bool `json:"also,omitempty"`
}

// givenProject is the kind of a project that was there before the run. It is in the ledger as what things stand in, and
// never removed.
const givenProject = "given_project"

// header is the first line of a ledger file.
type header struct {
	Format string `json:"format"`
	Run    string `json:"run"`
	URL    string `json:"url"`
}

// newLedger starts a ledger; an empty path keeps it in memory.
func newLedger(path string, head header) (*ledger, error) {
	l := &ledger{path: path, places: map[ledgerEntry][]int{}, run: head.Run}
	if path == "" {
		return l, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, usage("the folder of the ledger cannot be made: %v; name a file elsewhere with --ledger", err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, usage("the ledger %s is there already, so a run may have left things behind: clean up with it "+
			"first, or name another file", path)
	}
	if err != nil {
		return nil, usage("the ledger cannot be made: %v; name a file elsewhere with --ledger", err)
	}
	l.file = file
	return l, l.write(head)
}

func (l *ledger) write(line any) error {
	if l.file == nil {
		return nil
	}
	text, err := json.Marshal(line)
	if err != nil {
		return fmt.Errorf("write the ledger: %w", err)
	}
	if len(text) > maxLedgerLine {
		return fmt.Errorf("write the ledger: a name is too long for it (%d bytes)", len(text))
	}
	if _, err := l.file.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("write the ledger %s: %w", l.path, err)
	}
	return nil
}

// add records something as soon as it stands.
func (l *ledger) add(m ledgerEntry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keep(m)
	return l.write(m)
}

func (l *ledger) keep(m ledgerEntry) {
	l.places[m] = append(l.places[m], len(l.entries))
	l.entries = append(l.entries, m)
}

// intend records that something is about to be asked for.
func (l *ledger) intend(kind, name string) error {
	return l.add(ledgerEntry{Kind: kind, Name: name, Intended: true})
}

// refused records that what was intended was not made, if an answer says so.
func (l *ledger) refused(intent ledgerEntry, err error) {
	var answered *fixtureError
	if errors.As(err, &answered) && answered.Err == nil {
		intent.Intended = true
		l.gone(intent)
	}
}

// unanswered are the things that were asked for and of which nobody knows whether they stand.
func (l *ledger) unanswered() []ledgerEntry {
	l.mu.Lock()
	defer l.mu.Unlock()
	known := map[[3]string]bool{}
	for _, m := range l.entries {
		if m.Intended {
			continue
		}
		known[[3]string{m.Kind, m.In, m.Name}] = true
		if _, inSteps := deletions[m.Kind]; inSteps { // which are known by their whole path
			known[[3]string{m.Kind, m.In, m.Name[strings.LastIndexByte(m.Name, '/')+1:]}] = true
		}
	}
	var open []ledgerEntry
	for _, intent := range l.entries {
		if intent.Intended && !intent.Gone && !known[[3]string{intent.Kind, intent.In, intent.Name}] {
			open = append(open, intent)
		}
	}
	return open
}

// gone records that something was removed.
func (l *ledger) gone(m ledgerEntry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.strike(m)
	m.Gone = true
	if err := l.write(m); err != nil {
		l.broken = err
	}
}

func (l *ledger) strike(m ledgerEntry) {
	m.Gone = false
	for _, i := range l.places[m] {
		l.entries[i].Gone = true
	}
}

// left is what still stands, the newest first. What stands in a project that the ledger holds goes with it.
func (l *ledger) left() []ledgerEntry {
	l.mu.Lock()
	defer l.mu.Unlock()
	projects := map[string]bool{}
	for _, m := range l.entries {
		if m.Kind == "project" && !m.Intended {
			projects[m.ID] = true
		}
	}
	var left []ledgerEntry
	for _, m := range slices.Backward(l.entries) {
		if !m.Gone && !m.Intended && !m.Also && m.Kind != givenProject && !projects[m.In] {
			left = append(left, m)
		}
	}
	return left
}

// known are all entries about a thing: as it was made, and as the run renamed it.
func (l *ledger) known(thing ledgerEntry) []ledgerEntry {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []ledgerEntry
	for _, m := range l.entries {
		if m.Kind == thing.Kind && m.ID == thing.ID && m.In == thing.In && !m.Intended {
			all = append(all, m)
		}
	}
	return all
}

// since is when the first thing was made of which the target said when; zero if it never did.
func (l *ledger) since() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	var first time.Time
	for _, m := range l.entries {
		if at, err := time.Parse(time.RFC3339, m.Created); err == nil && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first
}

// parent is the project that a thing stands in: one of the run's, or one that was given.
func (l *ledger) parent(thing ledgerEntry) (ledgerEntry, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, m := range l.entries {
		if (m.Kind == "project" || m.Kind == givenProject) && m.ID == thing.In && !m.Intended && !m.Also {
			return m, true
		}
	}
	return ledgerEntry{}, false
}

// close ends the ledger; a file that has nothing left to tell is deleted.
func (l *ledger) close() error {
	if l.file == nil {
		return nil
	}
	err := errors.Join(l.broken, l.file.Close())
	if len(l.left()) == 0 && len(l.unanswered()) == 0 && len(l.strange) == 0 {
		err = errors.Join(err, os.Remove(l.path))
	}
	return err
}
