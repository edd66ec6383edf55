package conformance

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// ledgerFormat names the form of a ledger file: JSON lines, the first one this header.
const ledgerFormat = "statuschecks/ledger/v1"

// ledger remembers everything that a run made on the target, in order, so that it can be removed in reverse and nothing
// else is ever touched. With a path it is kept on disk and outlives a crash.
type ledger struct {
	mu      sync.Mutex
	file    *os.File // nil in memory
	path    string
	entries []made
	broken  error
}

// made is one thing on the target.
type made struct {
	Kind   string `json:"kind"` // "project", "user", "check" and so on
	ID     string `json:"id"`
	In     string `json:"in,omitempty"` // the project it stands in
	Name   string `json:"name,omitempty"`
	Parent string `json:"owner,omitempty"` // the user it belongs to
	Gone   bool   `json:"gone,omitempty"`  // removed again

	// Intended stands before a thing is asked for, under the name that it is to have: should the answer be lost, it is
	// looked for by that name when the run cleans up.
	Intended bool `json:"intended,omitempty"`
}

// header is the first line of a ledger file.
type header struct {
	Format string `json:"format"`
	Run    string `json:"run"`
	URL    string `json:"url"`
}

// newLedger starts a ledger; an empty path keeps it in memory.
func newLedger(path string, head header) (*ledger, error) {
	l := &ledger{path: path}
	if path == "" {
		return l, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("make the folder of the ledger: %w", err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, usage("the ledger %s is there already, so a run may have left things behind: clean up with it first, or name another file", path)
	}
	if err != nil {
		return nil, fmt.Errorf("start the ledger: %w", err)
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
	if _, err := l.file.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("write the ledger %s: %w", l.path, err)
	}
	return nil
}

// add records something as soon as it stands.
func (l *ledger) add(m made) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, m)
	return l.write(m)
}

// intend records that something is about to be asked for.
func (l *ledger) intend(kind, name string) error {
	return l.add(made{Kind: kind, Name: name, Intended: true})
}

// refused records that what was intended was not made, if an answer says so.
func (l *ledger) refused(kind, name string, err error) {
	var answered *fixtureError
	if errors.As(err, &answered) && answered.Err == nil {
		l.gone(made{Kind: kind, Name: name, Intended: true})
	}
}

// unanswered are the things that were asked for and of which nobody knows whether they stand.
func (l *ledger) unanswered() []made {
	l.mu.Lock()
	defer l.mu.Unlock()
	var open []made
	for _, intent := range l.entries {
		known := slices.ContainsFunc(l.entries, func(m made) bool {
			return !m.Intended && m.Kind == intent.Kind && (m.Name == intent.Name || strings.HasSuffix(m.Name, "/"+intent.Name))
		})
		if intent.Intended && !intent.Gone && !known {
			open = append(open, intent)
		}
	}
	return open
}

// gone records that something was removed.
func (l *ledger) gone(m made) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.entries {
		if l.entries[i] == m {
			l.entries[i].Gone = true
		}
	}
	m.Gone = true
	if err := l.write(m); err != nil {
		l.broken = err
	}
}

// left is what still stands, the newest first. What stands in a project that the ledger holds goes with it.
func (l *ledger) left() []made {
	l.mu.Lock()
	defer l.mu.Unlock()
	projects := map[string]bool{}
	for _, m := range l.entries {
		if m.Kind == "project" && !m.Intended {
			projects[m.ID] = true
		}
	}
	var left []made
	for i := len(l.entries) - 1; i >= 0; i-- {
		if m := l.entries[i]; !m.Gone && !m.Intended && !projects[m.In] {
			left = append(left, m)
		}
	}
	return left
}

// close ends the ledger; a file that has nothing left to tell is deleted.
func (l *ledger) close() error {
	if l.file == nil {
		return nil
	}
	err := errors.Join(l.broken, l.file.Close())
	if len(l.left()) == 0 && len(l.unanswered()) == 0 {
		err = errors.Join(err, os.Remove(l.path))
	}
	return err
}

// openLedger reads the ledger of an earlier run and goes on writing to it.
func openLedger(path string) (*ledger, header, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, header{}, usage("read the ledger: %v", err)
	}
	lines := bufio.NewScanner(file)
	var head header
	if !lines.Scan() || json.Unmarshal(lines.Bytes(), &head) != nil || head.Format != ledgerFormat {
		return nil, header{}, errors.Join(usage("%s is no ledger: its first line must name the format %s", path, ledgerFormat), file.Close())
	}
	l := &ledger{path: path, file: file}
	for number := 2; lines.Scan(); number++ {
		var m made
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			continue // a crash can cut the last line; what it would have said was not made yet or is known already
		}
		l.take(m)
	}
	return l, head, nil
}

func (l *ledger) take(m made) {
	if !m.Gone {
		l.entries = append(l.entries, m)
		return
	}
	m.Gone = false
	for i := range l.entries {
		if l.entries[i] == m {
			l.entries[i].Gone = true
		}
	}
}
