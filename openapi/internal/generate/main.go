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
	if err := os.WriteFile(target, broken(encoded), 0o644); err != nil {
		return fmt.Errorf("write %s: %w", target, err)
	}
	return nil
}

// broken puts every path, operation and component on a line of its own, so that
// a change of one is a change of one line.
func broken(encoded []byte) []byte {
	const shallow = 3
	out := make([]byte, 0, len(encoded)+1024)
	depth, quoted := 0, false
	for i := 0; i < len(encoded); i++ {
		c := encoded[i]
		out = append(out, c)
		switch {
		case quoted && c == '\\':
			i++
			out = append(out, encoded[i])
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
		if !quoted && depth <= shallow && (c == ',' || c == '{') {
			out = append(out, '\n')
		}
	}
	return append(out, '\n')
}
