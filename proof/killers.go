package proof

import (
	_ "embed" // for the tables
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/statuschecks/statuschecks/conformance"
)

// Row says what the suite makes of one broken server.
type Row struct {
	Verdict  conformance.Verdict `yaml:"verdict"`
	Caught   []string            `yaml:"caught"`   // scenarios that fail or differ
	Broken   []string            `yaml:"broken"`   // scenarios that could not be carried out
	Skipped  []string            `yaml:"skipped"`  // scenarios that are left out, although they are about such a server
	Findings []string            `yaml:"findings"` // operations that departed from the contract outside of scenarios
	Left     bool                `yaml:"left"`     // the suite could not remove all that it made, and says so
	// a few of these scenarios, which notice it in a run of their own as well
	Short []string `yaml:"short"`
}

// Seen tells whether the suite notices anything at all.
func (r Row) Seen() bool {
	return len(r.Caught)+len(r.Broken)+len(r.Skipped)+len(r.Findings) > 0 || r.Left
}

var (
	//go:embed killers.yaml
	killersYAML []byte
	//go:embed unkillable.yaml
	unkillableYAML []byte
)

// Killers is the table of what the suite makes of each broken server, by the defect's id.
func Killers() (map[string]Row, error) {
	rows := map[string]Row{}
	if err := yaml.UnmarshalWithOptions(killersYAML, &rows, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read killers.yaml: %w", err)
	}
	return rows, nil
}

// Unkillable gives for each scenario that catches no broken server the reason why it cannot.
func Unkillable() (map[string]string, error) {
	reasons := map[string]string{}
	if err := yaml.UnmarshalWithOptions(unkillableYAML, &reasons, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read unkillable.yaml: %w", err)
	}
	return reasons, nil
}

// kind says in which way a scenario notices the server; empty when it does not.
func (r Row) kind(id string) string {
	switch {
	case slices.Contains(r.Caught, id):
		return "caught"
	case slices.Contains(r.Broken, id):
		return "broken"
	case slices.Contains(r.Skipped, id):
		return "skipped"
	}
	return ""
}

// noticing are all scenarios that notice the server, those that catch it first.
func (r Row) noticing() []string { return slices.Concat(r.Caught, r.Broken, r.Skipped) }

// rowOf reads a report.
func rowOf(report *conformance.Report) Row {
	row := Row{Verdict: report.Verdict, Left: len(report.Remaining) > 0}
	for _, result := range report.Scenarios {
		switch {
		case result.Outcome == conformance.Failed, result.Outcome == conformance.Differed:
			row.Caught = append(row.Caught, result.ID)
		case result.Outcome == conformance.Errored:
			row.Broken = append(row.Broken, result.ID)
		case result.Outcome == conformance.Skipped && !result.Moot:
			row.Skipped = append(row.Skipped, result.ID)
		}
	}
	for _, finding := range report.Fixtures {
		row.Findings = append(row.Findings, finding.Operation)
	}
	slices.Sort(row.Caught)
	slices.Sort(row.Broken)
	slices.Sort(row.Skipped)
	slices.Sort(row.Findings)
	row.Findings = slices.Compact(row.Findings)
	return row
}

// write is the table as killers.yaml has it, in the order of the defects.
func write(rows map[string]Row) string {
	var out strings.Builder
	out.WriteString("# What the suite makes of each broken server. Written by make proof; a difference is a change " +
		"of what the suite can see.\n")
	for _, d := range Defects() {
		row, known := rows[d.ID]
		if !known {
			continue
		}
		fmt.Fprintf(&out, "\n%s:\n  verdict: %s\n", d.ID, row.Verdict)
		for _, part := range []struct {
			name string
			ids  []string
		}{
			{"caught", row.Caught},
			{"broken", row.Broken},
			{"skipped", row.Skipped},
			{"findings", row.Findings},
			{"short", row.Short},
		} {
			if len(part.ids) > 0 {
				fmt.Fprintf(&out, "  %s: [%s]\n", part.name, folded(part.ids, "    "))
			}
		}
		if row.Left {
			out.WriteString("  left: true\n")
		}
	}
	return out.String()
}

// folded sets words in lines of a readable length.
func folded(words []string, indent string) string {
	const width = 150
	var out strings.Builder
	length := 0
	for i, word := range words {
		switch {
		case i == 0:
		case length+len(word) > width:
			out.WriteString(",\n" + indent)
			length = 0
		default:
			out.WriteString(", ")
		}
		out.WriteString(word)
		length += len(word) + 2
	}
	return out.String()
}
