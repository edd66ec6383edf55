package gitlab

import (
	"fmt"
	"strings"
)

// RawDiff is the diff of a merge request as git writes it. Without a diff GitLab breaks.
//
// Source: lib/gitlab/workhorse.rb (send_git_diff); Gitaly's RawDiff.
func (tx *Tx) RawDiff(mr MergeRequest) (string, error) {
	if mr.BaseSHA == "" {
		return "", refuse(Broken, "the merge request has no diff yet, and GitLab asks for its base")
	}
	base, _ := tx.Commit(mr.ProjectID, mr.BaseSHA)
	head, _ := tx.Commit(mr.ProjectID, mr.HeadSHA)
	return rawDiff(base.Tree, head.Tree), nil
}

func rawDiff(from, to map[string]string) string {
	var b strings.Builder
	for _, f := range diffTrees(from, to, gitSimilarity) {
		f.writeHeader(&b, from[f.OldPath], to[f.NewPath])
		b.WriteString(f.Unified())
	}
	return b.String()
}

// writeHeader writes the lines by which git says what became of a file.
func (f FileDiff) writeHeader(b *strings.Builder, before, after string) {
	const mode = "100644"
	fmt.Fprintf(b, "diff --git a/%s b/%s\n", f.OldPath, f.NewPath)
	none := strings.Repeat("0", len(BlobID("")))
	switch {
	case f.Added:
		fmt.Fprintf(b, "new file mode %s\nindex %s..%s\n", mode, none, BlobID(after))
		return
	case f.Deleted:
		fmt.Fprintf(b, "deleted file mode %s\nindex %s..%s\n", mode, BlobID(before), none)
		return
	case f.Renamed():
		fmt.Fprintf(b, "similarity index %d%%\nrename from %s\nrename to %s\n", f.similarity*100/wholeFile, f.OldPath,
			f.NewPath)
	}
	if before != after {
		fmt.Fprintf(b, "index %s..%s %s\n", BlobID(before), BlobID(after), mode)
	}
}
