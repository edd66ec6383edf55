package mockserver

import "github.com/statuschecks/statuschecks/mockserver/internal/gitlab"

// diffEntity is what differs in a file.
//
// Source: lib/api/entities/diff.rb.
type diffEntity struct {
	Diff          string `json:"diff"`
	Collapsed     *bool  `json:"collapsed,omitempty"`
	TooLarge      *bool  `json:"too_large,omitempty"`
	NewPath       string `json:"new_path"`
	OldPath       string `json:"old_path"`
	AMode         string `json:"a_mode"`
	BMode         string `json:"b_mode"`
	NewFile       bool   `json:"new_file"`
	RenamedFile   bool   `json:"renamed_file"`
	DeletedFile   bool   `json:"deleted_file"`
	GeneratedFile **bool `json:"generated_file,omitempty"`
}

// fileMode is the mode of each file here, and noMode that of a file that is not there.
const (
	fileMode = "100644"
	noMode   = "0"
)

// fileDiff shows the files of a diff, with a header if the caller wants one. Whether a file is generated is not
// detected here: no file is, and it is null where GitLab does not look.
func (c *call) fileDiff(tx *gitlab.Tx, generated *bool) func(gitlab.FileDiff) diffEntity {
	return func(f gitlab.FileDiff) diffEntity {
		e := diffEntity{
			Diff:      f.Patch,
			Collapsed: dated(tx, gitlab.ShowsDiffLimits, f.Collapsed),
			TooLarge:  dated(tx, gitlab.ShowsDiffLimits, f.TooLarge),
			NewPath:   f.NewPath, OldPath: f.OldPath, AMode: fileMode, BMode: fileMode,
			NewFile: f.Added, RenamedFile: f.Renamed(), DeletedFile: f.Deleted,
			GeneratedFile: dated(tx, gitlab.ShowsGeneratedFiles, generated),
		}
		if c.params.flag("unidiff") {
			e.Diff = f.Unified()
		}
		if f.Added {
			e.AMode = noMode
		}
		if f.Deleted {
			e.BMode = noMode
		}
		return e
	}
}

// mergeRequestChanges is a merge request with its diff.
//
// Source: lib/api/entities/merge_request_changes.rb.
type mergeRequestChanges struct {
	mergeRequestEntity
	Changes  []diffEntity `json:"changes"`
	Overflow bool         `json:"overflow"`
}
