package gitlab

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

type plainRows Rows

// storedRows are rows as JSON has them. What rows share is written once: the contents of files are in Blobs, and a
// delivery leaves out the bytes that it shares with the one before it.
type storedRows struct {
	plainRows
	Blobs   [][]byte
	Commits []storedCommit
}

type storedCommit struct {
	Commit
	Tree map[string]int // place in Blobs, by path
}

// MarshalJSON writes the rows with nothing lost.
func (r Rows) MarshalJSON() ([]byte, error) {
	s := storedRows{plainRows: plainRows(r)}
	s.Deliveries = slices.Clone(r.Deliveries)
	for i := range s.Deliveries {
		d := &s.Deliveries[i].Body
		if i > 0 && !s.Deliveries[i].Leads && bytes.Equal(d.Event, r.Deliveries[i-1].Body.Event) {
			d.Event = nil
		}
	}
	places := map[string]int{}
	for _, c := range r.Commits {
		stored := storedCommit{Commit: c, Tree: map[string]int{}}
		for _, path := range slices.Sorted(maps.Keys(c.Tree)) { // so that the same rows are the same text
			content := c.Tree[path]
			place, known := places[content]
			if !known {
				place = len(s.Blobs)
				places[content] = place
				s.Blobs = append(s.Blobs, []byte(content))
			}
			stored.Tree[path] = place
		}
		s.Commits = append(s.Commits, stored)
	}
	return json.Marshal(s)
}

// UnmarshalJSON reads what MarshalJSON has written.
func (r *Rows) UnmarshalJSON(text []byte) error {
	var s storedRows
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	*r = Rows(s.plainRows)
	for i := 1; i < len(r.Deliveries); i++ {
		if d := &r.Deliveries[i]; !d.Leads && d.Body.Event == nil {
			d.Body.Event = r.Deliveries[i-1].Body.Event
		}
	}
	contents := make([]string, len(s.Blobs))
	for i, blob := range s.Blobs {
		contents[i] = string(blob)
	}
	r.Commits = make([]Commit, len(s.Commits))
	for i, stored := range s.Commits {
		r.Commits[i] = stored.Commit
		r.Commits[i].Tree = make(map[string]string, len(stored.Tree))
		for path, place := range stored.Tree {
			if place >= 0 && place < len(contents) {
				r.Commits[i].Tree[path] = contents[place]
			}
		}
	}
	for _, p := range r.Projects {
		for name, value := range p.Plain {
			p.Plain[name] = settingOf(value)
		}
	}
	return nil
}

// settingOf is the value of a setting as requests bring it.
func settingOf(value any) any {
	switch value := value.(type) {
	case float64:
		return int64(value)
	case []any:
		texts := make([]string, 0, len(value))
		for _, item := range value {
			text, isText := item.(string)
			if !isText {
				return value
			}
			texts = append(texts, text)
		}
		return texts
	}
	return value
}
