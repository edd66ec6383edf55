package gitlab

import "strings"

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
		added, deleted := diffLines(lines(parent.Tree[path]), lines(c.Tree[path]))
		s.Additions += added
		s.Deletions += deleted
	}
	return s
}

func lines(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		list = append(list, line)
	}
	return list
}

// longestDiff limits the work of a comparison: the product of two numbers of lines may not be greater.
const longestDiff = 4_000_000

// diffLines counts the lines that must be added and deleted to turn one text into another. These are the lines outside
// the longest common sequence. For texts that are too long, all lines between the first and the last difference count.
func diffLines(from, to []string) (added, deleted int) {
	for len(from) > 0 && len(to) > 0 && from[0] == to[0] {
		from, to = from[1:], to[1:]
	}
	for len(from) > 0 && len(to) > 0 && from[len(from)-1] == to[len(to)-1] {
		from, to = from[:len(from)-1], to[:len(to)-1]
	}
	common := 0
	if len(from)*len(to) <= longestDiff {
		common = commonLines(from, to)
	}
	return len(to) - common, len(from) - common
}

// commonLines is the length of the longest common sequence of lines of two texts.
func commonLines(a, b []string) int {
	row := make([]int, len(b)+1)
	for _, line := range a {
		diagonal := 0
		for j, other := range b {
			above := row[j+1]
			switch {
			case line == other:
				row[j+1] = diagonal + 1
			case row[j] > above:
				row[j+1] = row[j]
			}
			diagonal = above
		}
	}
	return row[len(b)]
}
