package graphql

import (
	"strings"
	"testing"

	"gotest.tools/v3/assert"
)

func TestBlockStrings(t *testing.T) {
	t.Parallel()
	s := testService(t)
	for written, want := range map[string]string{
		`a`:                       `a`,
		`  a  `:                   `  a  `,
		`a\n    b\n  c`:           `a\n  b\nc`,
		`\n    a\n      b\n  \n`:  `a\n  b`,
		`  a\n    b\n    c`:       `  a\nb\nc`,
		`a\n\n    b\n  `:          `a\n\nb`,
		`é\r\n  b\r\n    c\r`:     `é\r\nb\r\n  c\r`,
		`say \"""hello\""" twice`: `say \\\"\"\"hello\\\"\"\" twice`,
		` `:                       ``,
		`a""`:                     `a\"\"`,
	} {
		text := `"""` + strings.NewReplacer(`\n`, "\n", `\r`, "\r").Replace(written) + `"""`
		answer := `{"data":{"echo":"nil says: ` + want + `"}}`
		assert.Equal(t, ask(t, s, `{ echo(text: `+text+`) }`, nil, nil), answer, written)
		answer = strings.Replace(answer, "echo", "a", 1)
		text = `{ ...F } fragment F on Query { ... { a: echo(text: ` + text + `) } }`
		assert.Equal(t, ask(t, s, text, nil, nil), answer, written)
	}
}
