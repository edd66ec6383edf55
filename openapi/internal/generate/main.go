// Generate writes the JSON twins of the contract's YAML documents, which the
// program reads at start because they cost a fraction of the time.
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/statuschecks/statuschecks/openapi"
)

func main() {
	for _, name := range []string{"gitlab.yaml", "control.yaml"} {
		if err := generate(name); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func generate(name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("read the contract: %w", err)
	}
	document, err := openapi.Load(name, text)
	if err != nil {
		return err
	}
	encoded, err := document.JSON()
	if err != nil {
		return fmt.Errorf("encode %s: %w", name, err)
	}
	target := strings.TrimSuffix(name, ".yaml") + ".json"
	if err := os.WriteFile(target, append(encoded, '\n'), 0o644); err != nil {
		return fmt.Errorf("write %s: %w", target, err)
	}
	return nil
}
