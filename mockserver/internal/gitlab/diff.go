package gitlab

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// FileDiff is what differs in one file between two trees.
type FileDiff struct {
	OldPath, NewPath string // equal, unless the file was renamed
	Added, Deleted   bool
	Patch            string // hunks of the unified format with three lines of context; no header
	TooLarge         bool   // the patch is missing, because it is longer than GitLab keeps
	Collapsed        bool   // the patch is missing, because it or the diff as a whole is long
	similarity       int    // of the file before a rename, in parts of wholeFile
}

// Renamed reports whether the file has another path than before.
func (f FileDiff) Renamed() bool { return f.OldPath != f.NewPath }

// Unified is the patch with a header of two lines. A file without a patch has no header, and a binary one has only the
// notice that it differs.
//
// Source: lib/gitlab/git/diff.rb (unidiff).
func (f FileDiff) Unified() string {
	if f.Patch == "" || strings.HasPrefix(f.Patch, binaryNotice) {
		return f.Patch
	}
	from, to := f.labels()
	return "--- " + from + "\n+++ " + to + "\n" + f.Patch
}

// binaryNotice is how the patch of a binary file begins.
const binaryNotice = "Binary files "

// labels are the two paths as git writes them in headers.
func (f FileDiff) labels() (from, to string) {
	from, to = "a/"+f.OldPath, "b/"+f.NewPath
	if f.Added {
		from = "/dev/null"
	}
	if f.Deleted {
		to = "/dev/null"
	}
	return from, to
}

// Diff is what differs between two commits, as GitLab shows it.
type Diff struct {
	Files    []FileDiff
	Overflow bool // files are missing, because there are too many
}

// The limits of a diff, with the defaults of the instance: diff_max_files, diff_max_lines, diff_max_patch_bytes, and
// five kilobytes for each file. Above a tenth of them, patches are left out where a diff is shown.
//
// Source: app/models/commit.rb, lib/gitlab/git/diff_collection.rb.
const (
	maxDiffFiles  = 1000
	maxDiffLines  = 50_000
	maxPatchBytes = 200 << 10
	maxDiffBytes  = maxDiffFiles * 5 << 10
	safeShare     = 10
)

// limits says which limits of a diff apply: all, or those above which GitLab keeps nothing.
type limits int

const (
	allLimits limits = iota
	hardLimits
)

// apply applies the limits to the files of a diff, and returns those from an index on. A single file keeps its patch,
// unless it is too large.
//
// Source: lib/gitlab/git/diff_collection.rb, lib/gitlab/git/diff.rb.
func (l limits) apply(files []FileDiff, from int) Diff {
	d := Diff{Files: []FileDiff{}}
	expanded := l == hardLimits || len(files) == 1
	lineCount, size, safe := 0, 0, true
	for i, f := range files {
		if len(d.Files) >= maxDiffFiles {
			d.Overflow = true
			break
		}
		if len(f.Patch) >= maxPatchBytes {
			f.Patch, f.TooLarge = "", true
		}
		safe = safe && len(d.Files) < maxDiffFiles/safeShare && lineCount <= maxDiffLines/safeShare &&
			size < maxDiffBytes/safeShare
		if !expanded && f.Patch != "" && (!safe || len(f.Patch) >= maxPatchBytes/safeShare) {
			f.Patch, f.Collapsed = "", true
		}
		lineCount += len(lines(f.Patch))
		size += len(f.Patch)
		if lineCount >= maxDiffLines || size >= maxDiffBytes {
			d.Overflow = true
			break
		}
		if i >= from {
			d.Files = append(d.Files, f)
		}
	}
	return d
}

// ChangesCount says how many files the diff of a merge request has, with a plus if GitLab does not show all of them.
func (m MergeRequest) ChangesCount() string {
	if m.ChangedFiles > maxDiffFiles {
		return fmt.Sprintf("%d+", maxDiffFiles)
	}
	return strconv.Itoa(m.ChangedFiles)
}

// storedDiff is the diff that GitLab stores with a merge request: folders before files. It is empty until the job has
// made it.
//
// Source: app/models/merge_request_diff.rb, lib/gitlab/diff/file_collection_sorter.rb.
func (tx *Tx) storedDiff(mr MergeRequest) Diff {
	if mr.BaseSHA == "" {
		return Diff{}
	}
	base, _ := tx.Commit(mr.ProjectID, mr.BaseSHA)
	head, _ := tx.Commit(mr.ProjectID, mr.HeadSHA)
	d := hardLimits.apply(diffTrees(base.Tree, head.Tree, gitalySimilarity), 0)
	slices.SortStableFunc(d.Files, func(a, b FileDiff) int { return compareByFolder(a.NewPath, b.NewPath) })
	return d
}

// compareByFolder orders paths by folder, and within a folder what is in folders before what is not.
func compareByFolder(a, b string) int {
	for {
		first, restOfA, deepA := strings.Cut(a, "/")
		second, restOfB, deepB := strings.Cut(b, "/")
		switch {
		case deepA && !deepB:
			return -1
		case deepB && !deepA:
			return 1
		case first != second || !deepA:
			return cmp.Compare(first, second)
		}
		a, b = restOfA, restOfB
	}
}

// ShownDiff is the diff of a merge request as GitLab shows it: without patches where it is long.
func (tx *Tx) ShownDiff(mr MergeRequest) Diff {
	stored := tx.storedDiff(mr)
	shown := allLimits.apply(stored.Files, 0)
	shown.Overflow = shown.Overflow || stored.Overflow
	return shown
}

// WholeDiff is the diff of a merge request with all patches that GitLab keeps.
func (tx *Tx) WholeDiff(mr MergeRequest) []FileDiff { return tx.storedDiff(mr).Files }

// DiffPage returns the files of a page of the diff of a merge request, and how many there are in all. What was on
// earlier pages counts towards the limits.
//
// Source: lib/gitlab/diff/file_collection/paginated_diffs.rb.
func (tx *Tx) DiffPage(mr MergeRequest, from, to int) (page []FileDiff, total int) {
	files := tx.storedDiff(mr).Files
	from, to = min(from, len(files)), min(to, len(files))
	return allLimits.apply(files[:to], from).Files, len(files)
}

// diffTrees compares two trees, file by file in the order of their new paths. Files that are at least so similar are
// taken for renamed.
func diffTrees(from, to map[string]string, least int) []FileDiff {
	files := diffFiles(from, to, least)
	for i, f := range files {
		files[i].Patch = f.patch(from[f.OldPath], to[f.NewPath])
	}
	return files
}

// diffFiles lists the files that differ between two trees, without their patches.
func diffFiles(from, to map[string]string, least int) []FileDiff {
	var files, added, deleted []FileDiff
	for _, path := range changedPaths(from, to) {
		_, before := from[path]
		_, after := to[path]
		f := FileDiff{OldPath: path, NewPath: path, Added: !before, Deleted: !after}
		switch {
		case f.Added:
			added = append(added, f)
		case f.Deleted:
			deleted = append(deleted, f)
		default:
			files = append(files, f)
		}
	}
	files = append(files, findRenames(from, to, least, deleted, added)...)
	slices.SortFunc(files, func(a, b FileDiff) int { return cmp.Compare(a.NewPath, b.NewPath) })
	return files
}

// patch compares two texts. Like git, it does not show binary ones.
func (f FileDiff) patch(before, after string) string {
	if before == after {
		return ""
	}
	if isBinary(before) || isBinary(after) {
		from, to := f.labels()
		return fmt.Sprintf(binaryNotice+"%s and %s differ\n", from, to)
	}
	const context = 3
	u, err := udiff.ToUnifiedDiff("", "", before, udiff.Lines(before, after), context)
	if err != nil {
		panic("gitlab: the library made edits that do not fit: " + err.Error())
	}
	var b strings.Builder
	old, heading := lines(before), ""
	for _, h := range u.Hunks {
		heading = headingBefore(old, h.FromLine-1, heading)
		writeHunk(&b, h, heading)
	}
	return b.String()
}

// isBinary looks for NUL in the beginning of a text, as git does.
func isBinary(text string) bool {
	const looked = 8000
	return strings.IndexByte(text[:min(len(text), looked)], 0) >= 0
}

// headingBefore finds the line that git shows behind a hunk's range: the last one before the hunk that begins with a
// letter, an underscore or a dollar sign. If there is none, the heading is that of the hunk before.
func headingBefore(old []string, line int, last string) string {
	const longest = 80
	for i := min(line, len(old)) - 1; i >= 0; i-- {
		text := old[i]
		if c := text[0]; c == '_' || c == '$' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' {
			return strings.TrimRight(text[:min(len(text), longest)], " \t\n\r\f\v")
		}
	}
	return last
}

func writeHunk(b *strings.Builder, h *udiff.Hunk, heading string) {
	before, after := 0, 0
	for _, l := range h.Lines {
		if l.Kind != udiff.Insert {
			before++
		}
		if l.Kind != udiff.Delete {
			after++
		}
	}
	b.WriteString("@@ -" + hunkRange(h.FromLine, before) + " +" + hunkRange(h.ToLine, after) + " @@")
	if heading != "" {
		b.WriteString(" " + heading)
	}
	b.WriteByte('\n')
	for _, l := range h.Lines {
		b.WriteByte([]byte{udiff.Delete: '-', udiff.Insert: '+', udiff.Equal: ' '}[l.Kind])
		b.WriteString(l.Content)
		if !strings.HasSuffix(l.Content, "\n") {
			b.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// hunkRange writes where lines are. The number of lines is left out if it is one. If there are none, the line before
// counts.
func hunkRange(line, count int) string {
	switch count {
	case 0:
		return fmt.Sprintf("%d,0", line-1)
	case 1:
		return fmt.Sprint(line)
	}
	return fmt.Sprintf("%d,%d", line, count)
}

// CommitStats counts the lines that a commit adds and deletes.
type CommitStats struct{ Additions, Deletions int }

// Stats compares a commit with its first parent.
func (tx *Tx) Stats(c Commit) CommitStats {
	var parent Commit
	if len(c.ParentSHAs) > 0 {
		parent, _ = tx.Commit(c.ProjectID, c.ParentSHAs[0])
	}
	var s CommitStats
	for _, path := range changedPaths(parent.Tree, c.Tree) {
		before, after := parent.Tree[path], c.Tree[path]
		for _, e := range udiff.Lines(before, after) {
			s.Additions += len(lines(e.New))
			s.Deletions += len(lines(before[e.Start:e.End]))
		}
	}
	return s
}

func lines(text string) []string {
	return slices.Collect(strings.Lines(text))
}
