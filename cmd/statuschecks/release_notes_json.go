package main

import (
	"encoding/json"
	"io"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/openapi"
)

// notesFormat names the form of what is written; docs/reference/contract-diff.schema.json describes it.
const notesFormat = "statuschecks/contract-diff/v1"

type notesReport struct {
	Format   string         `json:"format"`
	From     string         `json:"from"`
	To       string         `json:"to"`
	Total    int            `json:"total"`    // differences of the contract
	Breaking int            `json:"breaking"` // those of them that break clients
	Releases []releaseClaim `json:"releases"`
}

type releaseClaim struct {
	Release   string          `json:"release"`
	Behaviour []changeClaim   `json:"behaviour"`
	Flags     []changeClaim   `json:"flags"`
	Contract  []contractClaim `json:"contract"`
}

// changeClaim is a change of the history, or a feature flag.
type changeClaim struct {
	Name  string `json:"name"`
	Added bool   `json:"added"`
	On    *bool  `json:"on,omitempty"` // of a flag that came: how it was shipped
	Text  string `json:"text"`
}

type contractClaim struct {
	Severity string        `json:"severity"`
	Why      openapi.Break `json:"why,omitempty"`
	Added    bool          `json:"added"`
	Subject  string        `json:"subject"`
	Text     string        `json:"text"`
}

// writeNotesAsJSON writes for machines what changed between two releases.
func writeNotesAsJSON(w io.Writer, between *span, notes []releaseNotes) error {
	report := notesReport{
		Format: notesFormat, From: between.from.String(), To: between.to.String(), Releases: []releaseClaim{},
	}
	report.Breaking, report.Total = countContract(notes)
	for _, n := range notes {
		report.Releases = append(report.Releases, n.claim())
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(report)
}

func (n releaseNotes) claim() releaseClaim {
	claim := releaseClaim{
		Release: n.version.String(), Behaviour: []changeClaim{}, Flags: []changeClaim{}, Contract: []contractClaim{},
	}
	behave := func(added bool, changes []mockserver.Change) {
		for _, c := range changes {
			claim.Behaviour = append(claim.Behaviour, changeClaim{Name: c.Name, Added: added, Text: c.What})
		}
	}
	behave(true, n.came)
	behave(false, n.went)
	for _, f := range n.flags {
		claim.Flags = append(claim.Flags, changeClaim{Name: f.Name, Added: true, On: &f.Default, Text: f.What})
	}
	for _, f := range n.unflag {
		claim.Flags = append(claim.Flags, changeClaim{Name: f.Name, Text: f.What})
	}
	for _, d := range n.contract {
		severity := "compatible"
		if d.Breaking() {
			severity = "breaking"
		}
		claim.Contract = append(claim.Contract, contractClaim{severity, d.Breaks, d.Added, d.Subject, d.Text})
	}
	return claim
}
