package strictyaml

import "strings"

// DidYouMean returns " (did you mean X?)" with the known word nearest to a wrong one, or "" if none is near.
func DidYouMean(word string, known []string) string {
	if best := Nearest(word, known); best != "" {
		return " (did you mean " + best + "?)"
	}
	return ""
}

// Suggest returns the same as DidYouMean. If no known word is near, it returns all of them after an introduction such
// as "; it has ".
func Suggest(word string, known []string, all string) string {
	if near := DidYouMean(word, known); near != "" {
		return near
	}
	return all + strings.Join(known, ", ")
}

// Nearest returns the known word nearest to a wrong one, or "" if none is near. Of several it returns the first.
func Nearest(word string, known []string) string {
	best, least := "", max(1, min(len(word)/3, 3))+1
	for _, candidate := range known {
		if d := distance(strings.ToLower(word), strings.ToLower(candidate)); d < least {
			best, least = candidate, d
		}
	}
	return best
}

// distance counts the letters that must be inserted, removed, changed or swapped with their neighbour to turn a into b.
func distance(a, b string) int {
	if len(a)-len(b) > 3 || len(b)-len(a) > 3 { // too different to be worth the work
		return max(len(a), len(b))
	}
	var before []int
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
