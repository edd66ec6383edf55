package statuschecks_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"gotest.tools/v3/assert"
)

// TestContractTools_documentedLinesAreRun holds that each line of the table in docs/contract.md is one that the script
// of the tools runs, with the same flags, and that the version in the table is the one that is pinned.
func TestContractTools_documentedLinesAreRun(t *testing.T) {
	t.Parallel()
	read := func(names ...string) string {
		var all strings.Builder
		for _, name := range names {
			text, err := os.ReadFile(name)
			assert.NilError(t, err)
			all.Write(text)
		}
		return all.String()
	}
	folder := "clients/contract-tools/"
	scripts := read(folder+"run", folder+"languages", folder+"validator.mjs", folder+"prism.mjs")
	script := strings.ReplaceAll(scripts, "\\\n", " ")
	pinned := read(folder+"run", folder+"languages", folder+"package.json", folder+"go.mod", folder+"requirements.txt")
	row := regexp.MustCompile("(?m)^\\| (\\S+) ([0-9][0-9.]*)[^|]*\\|[^|]*\\| `([^`]+)` \\|$")
	rows := row.FindAllStringSubmatch(read("docs/contract.md"), -1)
	assert.Assert(t, len(rows) >= 10, "%d rows", len(rows))
	for _, r := range rows {
		name, version, line := r[1], r[2], r[3]
		assert.Check(t, strings.Contains(pinned, version), "%s %s is not the version that is pinned", name, version)
		ran := false
		for command := range strings.Lines(script) {
			ran = ran || hasWords(command, wordsOf(line))
		}
		assert.Check(t, ran, "no command of the script is like that of %s: %s", name, line)
	}
}

// wordsOf are the words of a command that are no names of files or addresses.
func wordsOf(command string) []string {
	var kept []string
	after := ""
	for _, word := range strings.FieldsFunc(command, parts) {
		names := strings.Contains(word, ".yaml") || strings.Contains(word, "URL") || strings.Contains(word, ".jar") ||
			after == "apiSpec:" || after == "-o" || after == "--output" || after == "--target"
		if !names {
			kept = append(kept, word)
		}
		after = word
	}
	return kept
}

// hasWords reports whether a command has all the words, each by itself or as the end of a path.
func hasWords(command string, words []string) bool {
	fields := strings.FieldsFunc(command, parts)
	for _, word := range words {
		found := false
		for _, field := range fields {
			found = found || field == word || strings.HasSuffix(field, "/"+word)
		}
		if !found {
			return false
		}
	}
	return true
}

// parts reports whether a rune stands between the words of a command, in a shell or in JavaScript.
func parts(r rune) bool { return strings.ContainsRune(" \t\n\"'(){}[],", r) }
