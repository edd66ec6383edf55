package graphql

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"
	"gotest.tools/v3/assert"
)

// oneByOne takes empty selections out as gqlparser complains about them, until it has another complaint or none.
func oneByOne(text string) string {
	for {
		_, err := parser.ParseQuery(&ast.Source{Input: text})
		if err == nil {
			return text
		}
		shorter, cut := newComplaint(text, err).withoutEmptySelection()
		if !cut || shorter == "" {
			return text
		}
		text = shorter
	}
}

// shape is a document, or what is wrong with it.
func shape(d *document, wrong *Error) string {
	if wrong != nil {
		return wrong.Message
	}
	var b bytes.Buffer
	formatter.NewFormatter(&b).FormatQueryDocument(d.QueryDocument)
	return b.String()
}

// All empty selections at once give what one after the other does, whatever stands around them.
func TestParse_emptySelectionsAtOnce(t *testing.T) {
	t.Parallel()
	pieces := []string{
		"a", "b:", "{}", "{}", "{", "}", "{c}", "(x:1)", "(x:{})", "(x:{y:[{}]})", "@d", "...", "...F", "... on T",
		"on", "{ # empty\n}", "\"s\"", "$v", "[", "]", "a{}", "...{}", "... on T{}", "...F{}",
		"fragment F on T", "query Q", "query Q($v:T={})",
	}
	r := rand.New(rand.NewPCG(1, 2))
	differ := 0
	for range 20_000 {
		var words []string
		for range 1 + r.IntN(12) {
			words = append(words, pieces[r.IntN(len(pieces))])
		}
		text := "{ a{} " + strings.Join(words, " ")
		if r.IntN(4) > 0 {
			text += " }"
		}
		if got, want := shape(parse(text)), shape(parse(oneByOne(text))); got != want {
			t.Fatalf("%s\n got %s\nwant %s", text, got, want)
		}
		if withoutEmptySelections(text) != text {
			differ++
		}
	}
	assert.Assert(t, differ > 1000, differ)
}

// Twice as many empty selections make about twice as much work.
func TestParse_manyEmptySelections(t *testing.T) {
	for _, piece := range []string{"a{}", "a(x:1){}", "a@d{}", "...{}a", "...on T{}{x}", "a:b{}{}"} {
		work := func(n int) float64 {
			text := "{" + strings.Repeat(piece, n) + "}"
			return testing.AllocsPerRun(1, func() { parse(text) })
		}
		few, many := work(100), work(400)
		assert.Check(t, many < 8*few, "%s: %.0f and %.0f allocations", piece, few, many)
	}
}
