package gitlab

import (
	"fmt"
	"strings"

	"github.com/statuschecks/statuschecks/internal/lazy"
)

// samePatch reports whether a push left the changes of a merge request as they were, wherever in the files they are.
// GitLab then keeps the approvals.
//
// Source: ee/app/services/merge_requests/reset_approvals_service.rb; git help patch-id.
func (tx *Tx) samePatch(before, after MergeRequest) bool {
	if !tx.Has(ComparesPatches) {
		return false
	}
	is := tx.patchOf(after)
	return is != "" && is == tx.patchOf(before)
}

// aroundHunks are the lines that say where a hunk is and that a file does not end with a newline.
var aroundHunks = lazy.Regexp(`(?m)^(?:@@|\\) .*$`)

// patchOf is the patch of a merge request without white space and without where it stands. Of binary files, it has the
// contents.
func (tx *Tx) patchOf(mr MergeRequest) string {
	base, _ := tx.Commit(mr.ProjectID, mr.BaseSHA)
	head, _ := tx.Commit(mr.ProjectID, mr.HeadSHA)
	var b strings.Builder
	for _, f := range diffFiles(base.Tree, head.Tree, gitalySimilarity) {
		before, after := base.Tree[f.OldPath], head.Tree[f.NewPath]
		fmt.Fprintf(&b, "%q%q", f.OldPath, f.NewPath)
		if patch := f.patch(before, after); strings.HasPrefix(patch, binaryNotice) {
			fmt.Fprintf(&b, "%q%q", before, after)
		} else {
			b.WriteString(strings.Join(strings.Fields(aroundHunks().ReplaceAllString(patch, "")), ""))
		}
	}
	return b.String()
}
