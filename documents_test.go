package statuschecks_test

import (
	"go/ast"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gotest.tools/v3/assert"
)

// notOurs are folders that tools fill; their files are not the repository's.
var notOurs = []string{"node_modules", "made", "bin"}

// documents are the Markdown files of the repository.
func documents(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if entry.IsDir() && name != "." && (strings.HasPrefix(path.Base(name), ".") ||
			slices.Contains(notOurs, path.Base(name))) {
			return fs.SkipDir
		}
		if path.Ext(name) == ".md" {
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			texts[name] = string(text)
		}
		return nil
	})
	assert.NilError(t, err)
	assert.Assert(t, texts["README.md"] != "" && texts["ARCHITECTURE.md"] != "" && texts["CHANGELOG.md"] != "")
	return texts
}

var markdownLink = regexp.MustCompile(`\]\(([^)#\s]+)(?:#[^)]*)?\)`)

func TestDocuments_linksLeadSomewhere(t *testing.T) {
	t.Parallel()
	links := 0
	for name, text := range documents(t) {
		for _, link := range markdownLink.FindAllStringSubmatch(text, -1) {
			if strings.Contains(link[1], "://") {
				continue
			}
			links++
			if _, err := os.Stat(filepath.Join(filepath.Dir(name), link[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", name, link[1])
			}
		}
	}
	assert.Assert(t, links > 10, "only %d links were found", links)
}

// testName is a test or fuzz target as documents name it, perhaps with a script that it runs.
var testName = regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z_0-9]+)(?:/([a-z-]+))?`")

// namesTests holds that a document names tests, and none that does not exist.
func namesTests(t *testing.T, document string) {
	t.Helper()
	known := map[string]bool{}
	for _, s := range sources(t) {
		for _, declaration := range s.syntax.Decls {
			if f, ok := declaration.(*ast.FuncDecl); ok && s.isTest {
				known[f.Name.Name] = true
			}
		}
	}
	named := testName.FindAllStringSubmatch(documents(t)[document], -1)
	assert.Assert(t, len(named) > 5, "only %d tests are named", len(named))
	for _, match := range named {
		_, err := os.Stat(filepath.Join("testdata", "script", match[2]+".txtar"))
		if !known[match[1]] || match[2] != "" && err != nil {
			t.Errorf("%s names %s, and there is no such test", document, match[0])
		}
	}
}

func TestArchitecture_namesTestsThatExist(t *testing.T) {
	t.Parallel()
	namesTests(t, "ARCHITECTURE.md")
}

// TestPromises_nameTestsThatExist holds that each promise names what holds it.
func TestPromises_nameTestsThatExist(t *testing.T) {
	t.Parallel()
	namesTests(t, "docs/promises.md")
	for line := range strings.Lines(documents(t)["docs/promises.md"]) {
		isRow := strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| promise") &&
			!strings.HasPrefix(line, "| ---")
		if isRow && !testName.MatchString(line) {
			t.Errorf("docs/promises.md promises what no test holds: %s", line)
		}
	}
}

// TestArchitecture_namesFilesThatExist holds that the map still fits the country.
func TestArchitecture_namesFilesThatExist(t *testing.T) {
	t.Parallel()
	for _, match := range regexp.MustCompile("`([a-z_]+(?:/[a-z_]+)*/[a-z_]+\\.(?:go|md|yaml|json))`").
		FindAllStringSubmatch(documents(t)["ARCHITECTURE.md"], -1) {
		if _, err := os.Stat(match[1]); err != nil {
			t.Errorf("ARCHITECTURE.md names %s, which is not there", match[1])
		}
	}
}
