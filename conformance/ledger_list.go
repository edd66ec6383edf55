package conformance

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

// LeftLedger is a ledger in a folder. Its run has ended or is still going on.
type LeftLedger struct {
	Path    string
	Run     string
	URL     string
	Left    int       // things that it names and that were not removed
	Written time.Time // last
	Err     error     // why it cannot be read in full; nil if it can
}

// Ledgers lists the ledgers in a folder, the newest first. If the folder does not exist, the list is empty.
func Ledgers(folder string) ([]LeftLedger, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.ledger"))
	if err != nil {
		return nil, fmt.Errorf("list the ledgers: %w", err)
	}
	var all []LeftLedger
	for _, path := range paths {
		all = append(all, lookAtLedger(path))
	}
	slices.SortFunc(all, func(a, b LeftLedger) int {
		return cmp.Or(b.Written.Compare(a.Written), cmp.Compare(a.Path, b.Path))
	})
	return all, nil
}

// lookAtLedger reads a ledger and changes nothing.
func lookAtLedger(path string) LeftLedger {
	shown := LeftLedger{Path: path}
	if info, err := os.Stat(path); err == nil {
		shown.Written = info.ModTime()
	}
	file, err := os.OpenFile(path, os.O_RDONLY, 0)
	if err != nil {
		shown.Err = err
		return shown
	}
	defer file.Close()
	l := &ledger{path: path, places: map[ledgerEntry][]int{}}
	head, _, err := l.readAll(file)
	shown.Run, shown.URL, shown.Err = head.Run, strictyaml.MaskURLs(head.URL), err
	shown.Left = len(l.left()) + len(l.unanswered())
	if err == nil && len(l.strange) > 0 {
		shown.Err = fmt.Errorf("%d of its lines cannot be read", len(l.strange))
	}
	return shown
}
