package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

// reportFile is a report to write beside the one for people.
type reportFile struct{ format, path string }

// standardOutput stands for it where a report's file is asked for.
const standardOutput = "-"

// The forms that the commands write reports in.
var (
	reportFormats = []string{"html", "json", "junit", "markdown", "text"}
	pairFormats   = []string{"json", "text"} // of diff and explore
)

// reportIn checks what asks for a report.
func reportIn(formats []string) func(string) error {
	return func(pair string) error { return checkReport(pair, formats) }
}

func checkReport(pair string, formats []string) error {
	format, path, ok := strings.Cut(pair, "=")
	if !ok || path == "" {
		return fmt.Errorf("write format=file, such as json=report.json, or json=- for standard output")
	}
	if !slices.Contains(formats, format) {
		return fmt.Errorf("the formats are %s%s", strings.Join(formats, ", "), strictyaml.DidYouMean(format, formats))
	}
	if path == standardOutput {
		return nil
	}
	return writable(path)
}

// reportFiles are the reports asked for. No two of them may go to one place.
func reportFiles(pairs []string) ([]reportFile, error) {
	var files []reportFile
	for _, pair := range pairs {
		format, path, _ := strings.Cut(pair, "=")
		for _, other := range files {
			switch {
			case !samePlace(path, other.path):
			case path == standardOutput:
				return nil, wrongUsage("--report %s and --report %s=%s both go to standard output, and only one "+
					"can; give one of them a file", pair, other.format, other.path)
			default:
				return nil, wrongUsage("--report %s and --report %s=%s go to one file, and the later would replace "+
					"the earlier; give each a file of its own",
					pair, other.format, other.path)
			}
		}
		files = append(files, reportFile{format, path})
	}
	return files, nil
}

// samePlace tells whether two paths lead to one file.
func samePlace(a, b string) bool {
	if a == standardOutput || b == standardOutput {
		return a == b
	}
	if one, err := os.Stat(a); err == nil {
		if other, err := os.Stat(b); err == nil {
			return one.Mode().IsRegular() && os.SameFile(one, other)
		}
	}
	folderA, errA := os.Stat(filepath.Dir(a))
	folderB, errB := os.Stat(filepath.Dir(b))
	return errA == nil && errB == nil && os.SameFile(folderA, folderB) && filepath.Base(a) == filepath.Base(b)
}

// forPeople is where the report for people goes: standard output, unless another report asks for that.
func forPeople(sys system, files []reportFile) io.Writer {
	if slices.ContainsFunc(files, func(f reportFile) bool { return f.path == standardOutput }) {
		return sys.errs
	}
	return sys.out
}

// writers write what came of a run, by the name of the form.
type writers map[string]func(io.Writer) error

// write writes the report for people and those asked for.
func (o *verifyOptions) write(sys system, report *conformance.Report, files []reportFile) error {
	people := forPeople(sys, files)
	if err := report.WriteText(people, conformance.TextOptions{
		Color:   o.colored(sys, people),
		Verbose: o.verbose,
	}); err != nil {
		return err
	}
	return writeReports(sys, files, writers{
		"html": report.WriteHTML, "markdown": report.WriteMarkdown, "json": report.WriteJSON,
		"junit": report.WriteJUnit,
		"text":  func(w io.Writer) error { return report.WriteText(w, conformance.TextOptions{Verbose: true}) },
	})
}

func writeReports(sys system, files []reportFile, forms writers) error {
	for _, f := range files {
		var text bytes.Buffer
		if err := forms[f.format](&text); err != nil {
			return err
		}
		if f.path == standardOutput {
			if _, err := sys.out.Write(text.Bytes()); err != nil {
				return wrongUsage("the report cannot be written to standard output: %w", err)
			}
			continue
		}
		if err := writeWhole(f.path, text.Bytes(), forEverybody); err != nil {
			return wrongUsage("the report %s cannot be written: %w; check --report", f.path, err)
		}
	}
	return nil
}
