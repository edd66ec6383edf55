package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/fault"
	"github.com/statuschecks/statuschecks/mockserver/journal"
)

// watching is what serve does to the clients of the mock, and what it notes of them.
type watching struct {
	faultFiles                        []string
	faults                            []fault.Plan // that the files hold
	journalSize                       int
	rateLimits                        []string
	coverage                          string // file for the report
	strict, failOnNotes, failOnFaults bool
}

func newWatching() watching { return watching{journalSize: journal.UsualEntries} }

func (w *watching) flags(f *pflag.FlagSet) {
	f.Var(newWords(&w.faultFiles, readable), "faults", "YAML `file` with a fault plan for clients; repeatable; "+
		"see docs/faults.md")
	f.Var(newWords(&w.rateLimits, rateLimit).offering(limitNames), "rate-limit", "`limit` of requests, such as "+
		"throttle_authenticated_api=10/1m, or defaults or gitlab.com for a set; repeatable; see docs/rate-limits.md")
	f.BoolVar(&w.strict, "strict", false, "refuse what GitLab takes in silence and the contract does not know; see "+
		"docs/client-notes.md")
	f.BoolVar(&w.failOnFaults, "fail-on-unused-faults", false, "end with exit code 1 if a fault plan was not used up")
	f.BoolVar(&w.failOnNotes, "fail-on-notes", false, "end with exit code 1 if clients did such things")
	f.Var(newText(&w.coverage, writable), "coverage", "`file` for a report of what clients exercised, written at the "+
		"end; see docs/coverage.md")
	f.Var(&number{&w.journalSize, 0, 1_000_000}, "journal-size", "`number` of calls and deliveries that the journal "+
		"keeps; 0 for no journal; see docs/journal.md")
}

// read reads the files that the flags name.
func (w *watching) read() error {
	for _, path := range w.faultFiles {
		data, err := fileOfFlag(path, "fault plan", "faults")
		if err != nil {
			return err
		}
		plan, err := mockserver.ParseFaults(path, data)
		if err != nil {
			return wrongUsage("%w", err)
		}
		w.faults = append(w.faults, plan)
	}
	return nil
}

// rateLimit says what is wrong with a rate limit.
func rateLimit(text string) error {
	_, err := mockserver.ParseRateLimits([]string{text})
	return err
}

// apply has the mock do what the flags say.
func (w *watching) apply(o *mockserver.Options) {
	o.Faults, o.JournalSize = w.faults, cmp.Or(w.journalSize, -1)
	o.Strict = w.strict
	o.RateLimits, _ = mockserver.ParseRateLimits(w.rateLimits) // each of which the flag has looked at
}

// conclude writes what is to be written when the mock has ended, and says whether its clients did what they may not.
func (w *watching) conclude(totals *mockserver.Totals, log *slog.Logger) error {
	unused := w.tellOfFaults(totals.UnusedFaults, log)
	if w.coverage != "" {
		text, err := json.MarshalIndent(totals.Coverage, "", "  ")
		if err == nil {
			err = os.WriteFile(w.coverage, append(text, '\n'), 0o644)
		}
		if err != nil {
			return wrongUsage("the report of coverage cannot be written: %w; check --coverage", err)
		}
	}
	notes := totals.Notes
	if !w.failOnNotes || len(notes) == 0 {
		return unused
	}
	for _, n := range notes[:min(len(notes), mostToldNotes)] {
		log.Error("a client did what GitLab takes in silence", "what", n.Message, "operation", n.Operation, "user",
			n.User, "token", n.Token, "count", n.Count)
	}
	return &exitError{exitNotConformant, fmt.Errorf("clients did what GitLab takes in silence: %s",
		counted(len(notes), "note"))}
}

// mostToldNotes is how many notes are written to the log at the end.
const mostToldNotes = 20

// tellOfFaults says which plans did not happen as often as they were to, and fails if that matters.
func (w *watching) tellOfFaults(unused []fault.State, log *slog.Logger) error {
	for _, plan := range unused {
		log.Warn("a fault plan was not used up", "plan", plan.ID, "missing", strings.Join(plan.Missing(), "; "))
	}
	if !w.failOnFaults || len(unused) == 0 {
		return nil
	}
	return &exitError{exitNotConformant, fmt.Errorf("not used up: %s", counted(len(unused), "fault plan"))}
}
