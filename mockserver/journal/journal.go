package journal

import (
	"strconv"
	"strings"
	"sync"
)

// Bounds of a journal.
const (
	UsualEntries = 10_000   // kept by a journal that nothing else was said of
	MostBytes    = 16 << 20 // about how much all entries take, at most
)

// Journal keeps the newest entries. It is safe for concurrent use.
type Journal struct {
	most int

	mu       sync.Mutex
	entries  []*Record // the oldest first; those before first are gone
	first    int
	bytes    int
	numbered int64
	dropped  int64
}

// New makes a journal that keeps at most so many entries and MostBytes. One of none keeps nothing. It takes no memory
// to speak of before there are entries.
func New(most int) *Journal { return &Journal{most: most} }

// Keeps reports whether the journal keeps anything at all.
func (j *Journal) Keeps() bool { return j.most > 0 }

// Add gives an entry its number and keeps it. The oldest ones make room.
func (j *Journal) Add(e *Entry) {
	r := &Record{Entry: *e}
	j.Keep(r)
	e.Number = r.Number
}

// Keep is Add for a record, which is not copied.
func (j *Journal) Keep(e *Record) {
	if !j.Keeps() {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.numbered++
	e.Number = j.numbered
	j.entries = append(j.entries, e)
	e.bytes = e.size()
	j.bytes += e.bytes
	for len(j.entries)-j.first > 1 && (len(j.entries)-j.first > j.most || j.bytes > MostBytes) {
		j.bytes -= j.entries[j.first].bytes
		j.entries[j.first] = nil
		j.first++
		j.dropped++
	}
	if j.first > len(j.entries)/2 {
		j.entries = append(j.entries[:0], j.entries[j.first:]...)
		clear(j.entries[len(j.entries):cap(j.entries)])
		j.first = 0
	}
}

// Clear forgets all entries. Numbers go on from where they are.
func (j *Journal) Clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.entries, j.first, j.bytes, j.dropped = nil, 0, 0, 0
}

// Filter says which entries are meant. All that is given must fit; the zero value means all.
type Filter struct {
	Kind      Kind
	Operation string // operationId
	User      string // username of the token's owner
	Status    string // as 404, or 4xx for all of a kind; 0 for no response
	Since     int64  // the first number
	Limit     int    // how many entries at most; 0 means all
}

// Page is a part of a journal.
type Page struct {
	Entries []Entry `json:"entries"` // the oldest first
	// Next is the number that the next page begins with, also where there is nothing more yet.
	Next    int64 `json:"next"`
	More    bool  `json:"more"`    // whether there is anything on the next page now
	Dropped int64 `json:"dropped"` // entries that had to make room since the journal was begun or cleared
}

// Page are the entries that fit, the oldest first.
func (j *Journal) Page(f Filter) Page {
	j.mu.Lock()
	defer j.mu.Unlock()
	p := Page{Entries: []Entry{}, Next: j.numbered + 1, Dropped: j.dropped}
	for _, e := range j.entries[j.first:] {
		if !f.fits(&e.Entry) {
			continue
		}
		if f.Limit > 0 && len(p.Entries) == f.Limit {
			p.Next, p.More = e.Number, true
			break
		}
		p.Entries = append(p.Entries, e.Shown())
	}
	return p
}

func (f *Filter) fits(e *Entry) bool {
	return e.Number >= f.Since && (f.Kind == "" || f.Kind == e.Kind) &&
		(f.Operation == "" || f.Operation == e.Operation) && (f.User == "" || f.User == e.User) &&
		(f.Status == "" || StatusFits(f.Status, e.Status))
}

// StatusFits reports whether a status is one of those that a text names: 404 for one, 4xx for all of a kind.
func StatusFits(text string, status int) bool {
	if kind, isKind := strings.CutSuffix(text, "xx"); isKind {
		return kind == strconv.Itoa(status/100)
	}
	return text == strconv.Itoa(status)
}
