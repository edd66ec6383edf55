// Package profiles contains the built-in profiles. A profile is a file that lists where a compatible server differs
// from GitLab on purpose. docs/verify.md explains the format.
package profiles

import (
	"embed"
	"io/fs"
	"strings"
)

//go:embed *.yaml
var files embed.FS

// Names are the names by which the profiles can be asked for, in order.
func Names() []string {
	entries, _ := fs.ReadDir(files, ".") // what is embedded can be read
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = strings.TrimSuffix(entry.Name(), ".yaml")
	}
	return names
}

// Read gives the text of a profile; false when there is none of that name.
func Read(name string) ([]byte, bool) {
	data, err := files.ReadFile(name + ".yaml")
	return data, err == nil
}
