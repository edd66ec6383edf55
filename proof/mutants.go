package proof

import (
	_ "embed" // for the table
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
)

// Mutants is what came of changing the state machine of the mock line by line, with the suite as the only test.
type Mutants struct {
	Tool      string     `yaml:"tool"`
	Package   string     `yaml:"package"`
	Files     []string   `yaml:"files"` // those that were changed; the others were not
	Killed    int        `yaml:"killed"`
	Lived     int        `yaml:"lived"`
	TimedOut  int        `yaml:"timed_out"`
	Uncovered int        `yaml:"not_covered"`
	Survivors []Survivor `yaml:"survivors"`
}

// Survivor is a mutant that the suite does not notice, and why.
type Survivor struct {
	At      string `yaml:"at"`      // file and function
	Change  string `yaml:"change"`  // the line, and what was done to it
	Count   int    `yaml:"count"`   // so many mutants of the line
	Because string `yaml:"because"` // why no scenario notices, or what is missing
}

//go:embed mutants.yaml
var mutantsYAML []byte

// ReadMutants reads the reviewed list.
func ReadMutants() (Mutants, error) {
	var m Mutants
	if err := yaml.UnmarshalWithOptions(mutantsYAML, &m, yaml.Strict()); err != nil {
		return m, fmt.Errorf("read mutants.yaml: %w", err)
	}
	return m, nil
}

func (d *document) mutants(m Mutants) {
	judged := m.Killed + m.Lived
	d.line("## Mutants of the state machine\n")
	d.line("Besides defects that somebody thought of: %s changes `%s` operator by operator, and the catalogue, run "+
		"on the mock as", m.Tool, m.Package)
	d.line("18.9 and then as 15.7, is the only test that may notice. Of %d mutants in code that the catalogue "+
		"reaches it notices %d, which is %.1f %%; %d live. %d are in code", judged, m.Killed,
		100*float64(m.Killed)/float64(judged), m.Lived, m.Uncovered)
	d.line("that no scenario reaches in these releases, and %d were too slow to judge. The mock is more than what "+
		"the suite judges: it has the projects, groups, members", m.TimedOut)
	d.line("and merge requests that somebody needs around checks, and most of what lives is there. Each survivor " +
		"was looked at; what was a hole in the catalogue has a scenario since.\n")
	d.line("Changed were `%s`.\n", strings.Join(m.Files, "`, `"))
	d.line("| survivor | change | mutants | why it lives |\n| --- | --- | --: | --- |")
	for _, s := range m.Survivors {
		d.line("| %s | `%s` | %d | %s |", s.At, strings.ReplaceAll(s.Change, "|", "\\|"), s.Count, s.Because)
	}
}
