package gitlab

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// Git takes a file that is gone and a file that is new for one file with another name if they share enough of their
// content, which it counts in parts of wholeFile. It does not compare more pairs than renameLimit squared. A commit
// shall not keep the mock busy for seconds, so the mock does not compare more than mostCompared pieces of files either.
const (
	wholeFile    = 60_000
	renameLimit  = 1000
	mostCompared = 500_000

	gitalySimilarity = wholeFile * 30 / 100 // Gitaly's CommitDiff: --find-renames=30%
	gitSimilarity    = wholeFile / 2        // git's own
)

// renamed is a file that is gone and one that is new, which may be the same.
type renamed struct {
	from, to   FileDiff
	similarity int // in parts of wholeFile
	sameName   int // 1 if only the folder differs
}

// findRenames joins files that are gone with files that are new: first those of the same content, then those that are
// most alike. It returns all of them, joined or not.
//
// Source: git's diffcore-rename.
func findRenames(from, to map[string]string, least int, deleted, added []FileDiff) []FileDiff {
	if len(deleted) == 0 || len(added) == 0 {
		return slices.Concat(deleted, added)
	}
	gone, come := map[string]bool{}, map[string]bool{}
	var files []FileDiff
	join := func(pairs []renamed) {
		slices.SortStableFunc(pairs, func(a, b renamed) int {
			return cmp.Or(cmp.Compare(b.similarity, a.similarity), cmp.Compare(b.sameName, a.sameName))
		})
		for _, p := range pairs {
			if !gone[p.from.OldPath] && !come[p.to.NewPath] {
				gone[p.from.OldPath], come[p.to.NewPath] = true, true
				files = append(files, FileDiff{
					OldPath: p.from.OldPath, NewPath: p.to.NewPath,
					similarity: p.similarity,
				})
			}
		}
	}
	join(pairsOf(deleted, added, least, sameContent(from, to, deleted, added)))
	deleted = kept(deleted, func(f FileDiff) bool { return !gone[f.OldPath] })
	added = kept(added, func(f FileDiff) bool { return !come[f.NewPath] })
	if len(deleted)*len(added) <= renameLimit*renameLimit && comparison(from, to, deleted, added) <= mostCompared {
		join(pairsOf(deleted, added, least, likeContent(from, to, deleted, added)))
	}
	for _, f := range slices.Concat(deleted, added) {
		if !gone[f.OldPath] && !come[f.NewPath] {
			files = append(files, f)
		}
	}
	return files
}

// kept returns the files that pass a test.
func kept(files []FileDiff, test func(FileDiff) bool) []FileDiff {
	return slices.DeleteFunc(slices.Clone(files), func(f FileDiff) bool { return !test(f) })
}

// pairsOf lists the pairs of files that are similar enough.
func pairsOf(deleted, added []FileDiff, least int, similarity func(old, name string) int) []renamed {
	var pairs []renamed
	for _, a := range added {
		for _, d := range deleted {
			if s := similarity(d.OldPath, a.NewPath); s >= least {
				p := renamed{from: d, to: a, similarity: s}
				if path.Base(d.OldPath) == path.Base(a.NewPath) {
					p.sameName = 1
				}
				pairs = append(pairs, p)
			}
		}
	}
	return pairs
}

// sameContent compares files by numbers of their contents: to compare long texts pair by pair takes too long.
func sameContent(from, to map[string]string, deleted, added []FileDiff) func(old, name string) int {
	numbers, before, after := map[string]int{}, map[string]int{}, map[string]int{}
	number := func(text string) int {
		if _, known := numbers[text]; !known {
			numbers[text] = len(numbers)
		}
		return numbers[text]
	}
	for _, f := range deleted {
		before[f.OldPath] = number(from[f.OldPath])
	}
	for _, f := range added {
		after[f.NewPath] = number(to[f.NewPath])
	}
	return func(old, name string) int {
		if before[old] == after[name] {
			return wholeFile
		}
		return 0
	}
}

// likeContent compares files by the pieces that they share.
func likeContent(from, to map[string]string, deleted, added []FileDiff) func(old, name string) int {
	before, after := map[string]map[string]int{}, map[string]map[string]int{}
	for _, f := range deleted {
		before[f.OldPath] = chunksOf(from[f.OldPath])
	}
	for _, f := range added {
		after[f.NewPath] = chunksOf(to[f.NewPath])
	}
	return func(old, name string) int {
		return similarity(len(from[old]), len(to[name]), before[old], after[name])
	}
}

// comparison is how many pieces likeContent looks at.
func comparison(from, to map[string]string, deleted, added []FileDiff) int {
	gone, come := 0, 0
	for _, f := range deleted {
		gone += pieces(from[f.OldPath])
	}
	for _, f := range added {
		come += pieces(to[f.NewPath])
	}
	return gone*len(added) + come
}

// similarity is the part of the longer of two texts that comes from the other, in parts of wholeFile.
func similarity(before, after int, chunksBefore, chunksAfter map[string]int) int {
	if min(before, after) == 0 {
		return 0
	}
	copied := 0
	for chunk, size := range chunksBefore {
		copied += min(size, chunksAfter[chunk])
	}
	return copied * wholeFile / max(before, after)
}

// longestPiece is the size of the pieces that lines are cut into, in bytes.
const longestPiece = 64

// pieces is how many pieces a text has at most.
func pieces(text string) int { return strings.Count(text, "\n") + 1 + len(text)/longestPiece }

// chunksOf cuts a text into lines, and lines into pieces. It returns how many bytes there are of each.
func chunksOf(text string) map[string]int {
	sizes := map[string]int{}
	for line := range strings.Lines(text) {
		for len(line) > 0 {
			n := min(len(line), longestPiece)
			sizes[line[:n]] += n
			line = line[n:]
		}
	}
	return sizes
}
