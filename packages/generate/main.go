// Command generate writes the methods of the packages for other languages that are those of the control surface, and
// their types, from openapi/control.yaml.
package main

import (
	"bytes"
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"text/template"

	"github.com/statuschecks/statuschecks/openapi"
)

//go:generate go run . ..

//go:embed templates
var templates embed.FS

// written are the files that are made, by the name of their template. Their folders are below packages.
var written = map[string]string{
	"control.js.tmpl":   "npm/statuschecks/lib/control.js",
	"control.d.ts.tmpl": "npm/statuschecks/lib/control.d.ts",
	"control.py.tmpl":   "python/statuschecks/_control.py",
	"control.rb.tmpl":   "ruby/lib/statuschecks/control.rb",
	"Control.java.tmpl": "java/src/main/java/io/github/statuschecks/Control.java",
}

func main() {
	if len(os.Args) != 2 {
		fail(fmt.Errorf("name the folder of the packages, as in: go run ./packages/generate packages"))
	}
	s, err := read(openapi.Control())
	if err != nil {
		fail(err)
	}
	parsed, err := template.New("").Funcs(functions).ParseFS(templates, "templates/*")
	if err != nil {
		fail(err)
	}
	for name, path := range written {
		var text bytes.Buffer
		if err := parsed.ExecuteTemplate(&text, name, s); err != nil {
			fail(err)
		}
		if err := os.WriteFile(filepath.Join(os.Args[1], filepath.FromSlash(path)), text.Bytes(), 0o644); err != nil {
			fail(err)
		}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "generate:", err)
	os.Exit(1)
}
