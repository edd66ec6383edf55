package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/conformance"
)

// reportFile is a report to write beside the one for people.
type reportFile struct{ format, path string }

var reportFormats = []string{"html", "json", "junit", "markdown", "text"}

// parseReports reads format=file pairs and holds that the files can be written, so that no run is in vain.
func parseReports(pairs []string) ([]reportFile, error) {
	var files []reportFile
	for _, pair := range pairs {
		format, path, ok := strings.Cut(pair, "=")
		if !ok || path == "" {
			return nil, wrongUsage("--report cannot be %q: write format=file, such as json=report.json", pair)
		}
		if !slices.Contains(reportFormats, format) {
			return nil, wrongUsage("--report cannot be %q: the formats are %s%s", pair, strings.Join(reportFormats, ", "), didYouMean(format, reportFormats))
		}
		if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
			return nil, wrongUsage("the report %s cannot be written: there is no folder %s; make it, or name another file", path, filepath.Dir(path))
		}
		files = append(files, reportFile{format, path})
	}
	return files, nil
}

// write writes the report for people and those asked for.
func (o *verifyOptions) write(sys system, report *conformance.Report, files []reportFile) error {
	if err := report.WriteText(sys.out, conformance.TextOptions{Color: o.colored(sys, sys.out), Verbose: o.verbose}); err != nil {
		return err
	}
	for _, f := range files {
		var text bytes.Buffer
		if err := f.write(&text, report); err != nil {
			return err
		}
		if err := writeWhole(f.path, text.Bytes()); err != nil {
			return wrongUsage("the report cannot be written: %w; check --report", err)
		}
		if err := os.Chmod(f.path, 0o644); err != nil { // reports hold no secrets, and others collect them
			return wrongUsage("the report cannot be written: %w; check --report", err)
		}
	}
	return nil
}

func (f reportFile) write(w io.Writer, report *conformance.Report) error {
	switch f.format {
	case "html":
		return report.WriteHTML(w)
	case "markdown":
		return report.WriteMarkdown(w)
	case "json":
		return report.WriteJSON(w)
	case "junit":
		return report.WriteJUnit(w)
	}
	return report.WriteText(w, conformance.TextOptions{Verbose: true})
}

// colored tells whether the report has colours: as --color says, else as the environment does, else on a terminal.
func (o *verifyOptions) colored(sys system, w io.Writer) bool {
	if o.color.value != "auto" {
		return o.color.value == "always"
	}
	switch {
	case sys.variable("NO_COLOR") != "":
		return false
	case sys.variable("CLICOLOR_FORCE") != "" && sys.variable("CLICOLOR_FORCE") != "0":
		return true
	case sys.variable("CLICOLOR") == "0" || sys.variable("TERM") == "dumb":
		return false
	}
	return isTerminal(w)
}

// variable is the value of an environment variable; empty when it is not set.
func (s system) variable(name string) string {
	for _, entry := range s.environ {
		if value, is := strings.CutPrefix(entry, name+"="); is {
			return value
		}
	}
	return ""
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && info.Mode()&os.ModeDevice != 0 && file.Name() != os.DevNull
}
