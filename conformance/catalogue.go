package conformance

import (
	"io/fs"
	"slices"
	"sync"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/scenarios"
)

// LoadCatalogue reads the scenarios of a file system. If files is nil, it returns the built-in scenarios and those of
// Negatives.
func LoadCatalogue(files fs.FS) ([]*scenario.Scenario, error) {
	if files != nil {
		return scenario.Load(files)
	}
	all, err := builtIn()
	return slices.Clone(all), err
}

// builtIn are read once: nobody writes to a scenario.
var builtIn = sync.OnceValues(func() ([]*scenario.Scenario, error) {
	written, err := scenario.Load(scenarios.Files)
	if err != nil {
		return nil, err
	}
	return append(written, Negatives()...), nil
})
