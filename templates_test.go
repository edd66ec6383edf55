package statuschecks_test

import (
	"bytes"
	"go/format"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ/generator"
	templates "github.com/a-h/templ/parser/v2"
	"gotest.tools/v3/assert"
)

// TestTemplates_areFresh holds that the code of each template is what the generator makes of it now, that templates are
// formatted, and that there is no code without a template.
func TestTemplates_areFresh(t *testing.T) {
	t.Parallel()
	found, code := 0, 0
	assert.NilError(t, filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (name == ".git" || isOtherModule(filepath.ToSlash(name))):
			return fs.SkipDir
		case strings.HasSuffix(name, "_templ.go"):
			code++
		case filepath.Ext(name) == ".templ":
			found++
			checkTemplate(t, name)
		}
		return nil
	}))
	assert.Assert(t, found > 0)
	assert.Equal(t, code, found)
}

func checkTemplate(t *testing.T, name string) {
	t.Helper()
	parsed, err := templates.Parse(name)
	assert.NilError(t, err)
	var formatted, made bytes.Buffer
	assert.NilError(t, parsed.Write(&formatted))
	assert.Check(t, read(t, name) == formatted.String(), "%s is not formatted; run make format", name)
	_, err = generator.Generate(parsed, &made, generator.WithFileName(filepath.Base(name)))
	assert.NilError(t, err)
	want, err := format.Source(made.Bytes())
	assert.NilError(t, err)
	assert.Check(t, read(t, strings.TrimSuffix(name, ".templ")+"_templ.go") == string(want),
		"the code of %s is stale; run go generate ./...", name)
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	assert.NilError(t, err)
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}
