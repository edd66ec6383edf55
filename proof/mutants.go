package proof

import (
	_ "embed" // for the table
	"fmt"

	"github.com/goccy/go-yaml"
)

// Mutants is what came of changing the state machine of the mock line by line, with the suite as the only test.
type Mutants struct {
	Tool      string     `yaml:"tool"`
	Package   string     `yaml:"package"`
	Killed    int        `yaml:"killed"`
	Lived     int        `yaml:"lived"`
	TimedOut  int        `yaml:"timed_out"`
	Uncovered int        `yaml:"not_covered"`
	Survivors []Survivor `yaml:"survivors"`
}

// Survivor is a mutant that the suite does not notice, and why.
type Survivor struct {
	At      string `yaml:"at"`      // file and function
	Change  string `yaml:"change"`  // what was put for what
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
	if m.Killed == 0 {
		return
	}
	judged := m.Killed + m.Lived
	d.line("## Mutants of the state machine\n")
	d.line("Besides defects that somebody thought of: %s changes `%s` operator by operator, and the catalogue, run on the mock, is the only test that", m.Tool, m.Package)
	d.line("may notice. Of %d mutants in code that the catalogue reaches it notices %d, which is %.1f %%; %d live, %d were", judged, m.Killed, 100*float64(m.Killed)/float64(judged), m.Lived, m.TimedOut)
	d.line("too slow to judge and count for neither, and %d are in code that no scenario reaches.\n", m.Uncovered)
	d.line("| survivor | change | why it lives |\n| --- | --- | --- |")
	for _, s := range m.Survivors {
		d.line("| %s | `%s` | %s |", s.At, s.Change, s.Because)
	}
}
