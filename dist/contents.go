package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// sharedFiles are what every archive has beside the program.
func (b *build) sharedFiles() ([]file, error) {
	var files []file
	for _, name := range []string{"LICENSE", "README.md", "CHANGELOG.md", "SECURITY.md"} {
		content, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files = append(files, file{name: name, content: content})
	}
	notices, err := b.notices()
	if err != nil {
		return nil, err
	}
	manual, err := b.manual()
	if err != nil {
		return nil, err
	}
	files = append(files, file{name: "NOTICES", content: notices}, file{name: "man/statuschecks.1", content: manual})
	completions, err := b.completions()
	return append(files, completions...), err
}

// completions are the completion scripts, written by the program of this machine.
func (b *build) completions() ([]file, error) {
	if err := b.compile(runtime.GOOS, runtime.GOARCH, b.ownProgram()); err != nil {
		return nil, err
	}
	var files []file
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		text, err := b.output(b.ownProgram(), "completion", shell)
		if err != nil {
			return nil, err
		}
		files = append(files, file{name: "completions/statuschecks." + shell, content: []byte(text)})
	}
	return files, nil
}

// manual is the reference of the commands as a manual page.
func (b *build) manual() ([]byte, error) {
	text, err := os.ReadFile("docs/reference/commands.md")
	if err != nil {
		return nil, err
	}
	_, text, _ = bytes.Cut(text, []byte("do not edit.\n"))
	page := fmt.Sprintf(
		"%% STATUSCHECKS 1 %q %q\n\n# NAME\n\nstatuschecks - a mock of GitLab's External Status Checks "+
			"API, and a conformance suite\n\n%s",
		b.time.UTC().Format("January 2006"),
		"statuschecks "+b.version,
		text,
	)
	source := filepath.Join(b.scratch, "statuschecks.md")
	if err := os.WriteFile(source, []byte(page), 0o644); err != nil {
		return nil, err
	}
	into := filepath.Join(b.scratch, "statuschecks.1")
	if _, err := b.output("go", "run", manTool, "-in", source, "-out", into); err != nil {
		return nil, fmt.Errorf("write the manual page: %w", err)
	}
	return os.ReadFile(into)
}

// module is a module that is linked into the program.
type module struct {
	Path, Version, Dir string
	Main               bool
}

// licenceFile is the name of a file with a licence or a notice.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)([.-].*)?$`)

// notices are the licences of all that is linked into the program on any platform.
func (b *build) notices() ([]byte, error) {
	modules := map[string]module{}
	for _, platform := range b.platforms {
		if err := b.linked(platform, modules); err != nil {
			return nil, err
		}
	}
	var text bytes.Buffer
	text.WriteString("statuschecks contains the following modules, each under the licence that follows its name.\n")
	root, err := b.output("go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	goLicence, err := os.ReadFile(filepath.Join(strings.TrimSpace(root), "LICENSE"))
	if err != nil {
		return nil, fmt.Errorf("read Go's licence: %w", err)
	}
	fmt.Fprintf(&text, "\n%s\nThe Go standard library\n\n%s", rule, goLicence)
	for _, path := range slices.Sorted(maps.Keys(modules)) {
		m := modules[path]
		found, err := licencesIn(m.Dir)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("%s %s has no file with a licence", m.Path, m.Version)
		}
		fmt.Fprintf(&text, "\n%s\n%s %s\n\n%s", rule, m.Path, m.Version, found)
	}
	return text.Bytes(), nil
}

const rule = "----------------------------------------------------------------------"

// linked adds the modules that are linked into the program for a platform.
func (b *build) linked(platform string, into map[string]module) error {
	system, processor, _ := strings.Cut(platform, "/")
	text, err := b.output("env", "GOOS="+system, "GOARCH="+processor, "CGO_ENABLED=0", "go", "list", "-deps",
		"-json=Module", "./cmd/statuschecks")
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	for {
		var p struct{ Module *module }
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("read go list: %w", err)
		}
		if p.Module != nil && !p.Module.Main {
			into[p.Module.Path] = *p.Module
		}
	}
}

// licencesIn are the texts of the licence files of a folder.
func licencesIn(folder string) ([]byte, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var all []byte
	for _, e := range entries {
		if e.IsDir() || !licenceFile.MatchString(e.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			return nil, err
		}
		all = append(append(all, bytes.TrimRight(text, "\n")...), '\n')
	}
	return all, nil
}

// timestamp is when the SBOM was written.
var timestamp = regexp.MustCompile(`(?m)^\s*"timestamp": "[^"]*",?\n`)

// withoutTimestamp is an SBOM without what differs from run to run.
func withoutTimestamp(text []byte) []byte { return timestamp.ReplaceAll(text, nil) }
