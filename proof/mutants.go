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
	d.line(`The broken servers have defects that somebody thought of. %s finds others: it changes `+"`%s`"+` operator by
operator. The scenarios run on the changed mock, first as 18.9 and then as 15.7, and are the only test. The results:

- %d mutants are in code that the scenarios reach. The scenarios find %d of them, which is %.1f %%; %d survive.
- %d mutants are in code that no scenario reaches in these releases, or in the condition of a case, which the tool
  takes for such code.
- %d mutants were too slow to judge.

The suite does not judge everything that the mock has. The mock also has the projects, groups, members and merge
requests that are needed around checks, and most survivors are there. Each survivor was examined. Where one showed a gap
in the scenarios, there is a new scenario.
`, m.Tool, m.Package, judged, m.Killed, 100*float64(m.Killed)/float64(judged), m.Lived, m.Uncovered, m.TimedOut)
	d.line("The changed files are `%s`.\n", strings.Join(m.Files, "`, `"))
	d.line("| survivor | change | mutants | why it survives |\n| --- | --- | --: | --- |")
	for _, s := range m.Survivors {
		d.line("| %s | `%s` | %d | %s |", s.At, strings.ReplaceAll(s.Change, "|", "\\|"), s.Count, s.Because)
	}
}
