package gitlab

import (
	"cmp"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// TreeEntry is a file or a folder in the tree of a commit.
type TreeEntry struct {
	ID     string // the SHA by which git knows it
	Name   string
	Path   string
	Folder bool
}

// folder is a folder with what is directly in it.
type folder struct {
	files   map[string]string // content by name
	folders map[string]*folder
}

func newFolder(files map[string]string) *folder {
	root := &folder{files: map[string]string{}, folders: map[string]*folder{}}
	for path, content := range files {
		at, names := root, strings.Split(path, "/")
		for _, name := range names[:len(names)-1] {
			if at.folders[name] == nil {
				at.folders[name] = &folder{files: map[string]string{}, folders: map[string]*folder{}}
			}
			at = at.folders[name]
		}
		at.files[names[len(names)-1]] = content
	}
	return root
}

// list lists what is in a folder, in git's order: by name, with a slash behind the names of folders. If within is
// given, each folder is followed by what is in it.
func (f *folder) list(path string, within func(*folder, string) []TreeEntry) []TreeEntry {
	names := slices.Concat(slices.Collect(maps.Keys(f.files)), slices.Collect(maps.Keys(f.folders)))
	for i, name := range names[len(f.files):] {
		names[len(f.files)+i] = name + "/"
	}
	slices.Sort(names)
	var entries []TreeEntry
	for _, name := range names {
		plain, isFolder := strings.CutSuffix(name, "/")
		e := TreeEntry{Name: plain, Path: path + plain, Folder: isFolder}
		if !isFolder {
			e.ID = BlobID(f.files[plain])
			entries = append(entries, e)
			continue
		}
		e.ID = f.folders[plain].id()
		entries = append(entries, e)
		if within != nil {
			entries = append(entries, within(f.folders[plain], e.Path+"/")...)
		}
	}
	return entries
}

// all lists what is in a folder and in the folders in it.
func (f *folder) all(path string) []TreeEntry { return f.list(path, (*folder).all) }

// id is the SHA by which git knows a folder.
func (f *folder) id() string {
	var body []byte
	for _, e := range f.list("", nil) {
		mode := "100644"
		if e.Folder {
			mode = "40000"
		}
		sha, err := hex.DecodeString(e.ID)
		if err != nil {
			panic("gitlab: an id of git is not hexadecimal: " + err.Error())
		}
		body = append(fmt.Appendf(body, "%s %s\x00", mode, e.Name), sha...)
	}
	return fmt.Sprintf("%x", sha1.Sum(append(fmt.Appendf(nil, "tree %d\x00", len(body)), body...)))
}

// TreeEntries lists what is in a folder of a commit, and if recursive in the folders in it: folders first, each in
// git's order. There is an error if the commit has no such folder.
//
// Source: app/models/tree.rb, lib/gitlab/gitaly_client/commit_service.rb.
func (c Commit) TreeEntries(path string, depth TreeDepth) ([]TreeEntry, error) {
	path = strings.Trim(path, "/")
	at, prefix := newFolder(c.Tree), ""
	if path != "" {
		prefix = path + "/"
		for name := range strings.SplitSeq(path, "/") {
			if at = at.folders[name]; at == nil {
				return nil, refuseText(NotFound, "invalid revision or path", "there is no folder %q at %s", path, c.SHA)
			}
		}
	}
	entries := at.list(prefix, nil)
	if depth == Recursive {
		entries = at.all(prefix)
	}
	slices.SortStableFunc(entries, func(a, b TreeEntry) int { return cmp.Compare(b.rank(), a.rank()) })
	return entries, nil
}

// TreeDepth says whether a list of a folder has what is in the folders in it.
type TreeDepth int

// The depths of a list of a folder.
const (
	OneFolder TreeDepth = iota
	Recursive
)

func (e TreeEntry) rank() int {
	if e.Folder {
		return 1
	}
	return 0
}

// Blob finds the content of a file in any commit of a project by the SHA of the content.
func (tx *Tx) Blob(p ProjectID, id string) (content string, found bool) {
	seen := map[string]bool{}
	each(tx, commitTable, "id", key(p), func(c Commit) bool {
		for _, text := range c.Tree {
			if seen[text] {
				continue
			}
			seen[text] = true
			if BlobID(text) == id {
				content, found = text, true
				return false
			}
		}
		return true
	})
	return content, found
}

// Comparison is what differs between two commits.
type Comparison struct {
	Base, Head Commit   // what was asked for
	Start      Commit   // with which Head was compared: Base, or what both have in common
	Commits    []Commit // of Head that Base does not have, oldest first
	Diff       Diff
}

// Compare compares two commits, of a project or of two projects in one network of forks. The diff begins at a third:
// the first, or what both have in common.
//
// Source: app/services/compare_service.rb, lib/gitlab/git/compare.rb.
func (tx *Tx) Compare(base, head, start Commit) Comparison {
	c := Comparison{Base: base, Head: head, Start: start}
	have := map[string]bool{}
	for _, known := range tx.History(base.ProjectID, base.SHA) {
		have[known.SHA] = true
	}
	c.Commits = tx.walk(head.ProjectID, head.SHA, have)
	slices.Reverse(c.Commits)
	c.Diff = allLimits.apply(diffTrees(c.Start.Tree, head.Tree, gitalySimilarity), 0)
	return c
}
