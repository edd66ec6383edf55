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
)

// reportFile is a report to write beside the one for people.
type reportFile struct{ format, path string }

// standardOutput stands for it where a report's file is asked for.
const standardOutput = "-"

var reportFormats = []string{"html", "json", "junit", "markdown", "text"}

// report checks what asks for a report.
func report(pair string) error {
	format, path, ok := strings.Cut(pair, "=")
	if !ok || path == "" {
		return fmt.Errorf("write format=file, such as json=report.json, or json=- for standard output")
	}
	if !slices.Contains(reportFormats, format) {
		return fmt.Errorf("the formats are %s%s", strings.Join(reportFormats, ", "), didYouMean(format, reportFormats))
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
				return nil, wrongUsage("--report %s and --report %s=%s both go to standard output, and only one can; give one of them a file", pair, other.format, other.path)
			default:
				return nil, wrongUsage("--report %s and --report %s=%s go to one file, and the later would replace the earlier; give each a file of its own",
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

// tellable is what reports are made of.
type tellable interface {
	WriteText(w io.Writer, o conformance.TextOptions) error
	WriteHTML(w io.Writer) error
	WriteMarkdown(w io.Writer) error
	WriteJSON(w io.Writer) error
	WriteJUnit(w io.Writer) error
}

// write writes the report for people and those asked for.
func (o *verifyOptions) write(sys system, report tellable, files []reportFile) error {
	people := forPeople(sys, files)
	if err := report.WriteText(people, conformance.TextOptions{Color: o.colored(sys, people), Verbose: o.verbose}); err != nil {
		return err
	}
	return writeReports(sys, report, files)
}

func writeReports(sys system, report tellable, files []reportFile) error {
	for _, f := range files {
		var text bytes.Buffer
		if err := f.write(&text, report); err != nil {
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

func (f reportFile) write(w io.Writer, report tellable) error {
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
