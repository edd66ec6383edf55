package conformance

import (
	"errors"
	"slices"

	"github.com/statuschecks/statuschecks/conformance/internal/reader"
	"github.com/statuschecks/statuschecks/conformance/scenario"
)

// FileKind says what a file is.
type FileKind string

// The kinds of file that the suite reads.
const (
	ScenarioFile FileKind = "scenarios"
	ProfileFile  FileKind = "profile"
	TargetKind   FileKind = "target"
)

// FileKinds are all kinds.
var FileKinds = []FileKind{ScenarioFile, ProfileFile, TargetKind}

// Linted counts the contents of files without problems.
type Linted struct {
	Files     map[FileKind]int
	Scenarios int
}

// Lint checks files of all kinds. It reports all problems of all files in a *LoadError. If kind is empty, the keys in
// a file decide its kind. The patterns of profiles must match the catalogue or the scenarios in the files.
func Lint(files []scenario.File, kind FileKind, catalogue []*scenario.Scenario) (Linted, error) {
	done := Linted{Files: map[FileKind]int{}}
	var wrong []scenario.Problem
	var profiles []*Profile
	var written []scenario.File
	for _, file := range files {
		is := kind
		if is == "" {
			is = KindOf(file.Data)
		}
		done.Files[is]++
		var err error
		switch is {
		case ProfileFile:
			var profile *Profile
			if profile, err = ReadProfile(file.Name, file.Data); err == nil {
				profiles = append(profiles, profile)
			}
		case TargetKind:
			_, err = ReadTarget(file.Name, file.Data)
		default:
			written = append(written, file)
		}
		wrong = append(wrong, problemsOf(err)...)
	}
	own, err := scenario.ReadFiles(written)
	wrong = append(wrong, problemsOf(err)...)
	for _, profile := range profiles {
		wrong = append(wrong, problemsOf(profile.Check(append(slices.Clone(catalogue), own...)))...)
	}
	done.Scenarios = len(own)
	return done, scenario.NewLoadError(wrong)
}

func problemsOf(err error) []scenario.Problem {
	var load *scenario.LoadError
	if errors.As(err, &load) {
		return load.Problems
	}
	return nil
}

// KindOf returns the kind of a file. The kind with the most matching top-level keys wins. A file that cannot be read
// counts as a scenario file.
func KindOf(data []byte) FileKind {
	root := reader.Parse(data, reader.NewProblems("", data))
	if root == nil || !root.IsMapping() {
		return ScenarioFile
	}
	best, most := ScenarioFile, 0
	for _, kind := range FileKinds {
		if n := countKeys(root, topKeys(kind)); n > most {
			best, most = kind, n
		}
	}
	return best
}

func topKeys(kind FileKind) []string {
	switch kind {
	case ProfileFile:
		return profileKeys["profile"]
	case TargetKind:
		return targetKeys["target"]
	}
	return scenario.TopKeys()
}

func countKeys(n *reader.Node, known []string) int {
	count := 0
	for _, p := range n.Pairs {
		if slices.Contains(known, p.Key.Text) {
			count++
		}
	}
	return count
}
