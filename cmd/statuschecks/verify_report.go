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
	if err := report.WriteText(sys.out, conformance.TextOptions{Color: o.colored(sys), Verbose: o.verbose}); err != nil {
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
func (o *verifyOptions) colored(sys system) bool {
	if o.color.value != "auto" {
		return o.color.value == "always"
	}
	for _, entry := range sys.environ {
		name, value, _ := strings.Cut(entry, "=")
		if name == "NO_COLOR" && value != "" {
			return false
		}
	}
	return isTerminal(sys.out)
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// progress is a line that tells how far a run is, on a terminal only.
type progress struct{ to io.Writer }

func newProgress(sys system) *progress {
	if !isTerminal(sys.errs) {
		return &progress{to: io.Discard}
	}
	return &progress{to: sys.errs}
}

const clearLine = "\r\x1b[K"

func (p *progress) tell(done, total int, last *conformance.Result) {
	fmt.Fprintf(p.to, "%s%d of %d  %s", clearLine, done, total, last.ID)
}

func (p *progress) clear() { fmt.Fprint(p.to, clearLine) }
