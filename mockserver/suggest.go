package mockserver

import "strings"

// didYouMean is ", did you mean X?" for the known word nearest to a wrong one, or nothing if none is near.
func didYouMean(word string, known []string) string {
	if best := nearest(word, known); best != "" {
		return ", did you mean " + best + "?"
	}
	return ""
}

// nearest is the known word nearest to a wrong one, or nothing if none is near.
func nearest(word string, known []string) string {
	best, least := "", max(1, min(len(word)/3, 3))+1
	for _, candidate := range known {
		if d := editDistance(strings.ToLower(word), strings.ToLower(candidate)); d < least {
			best, least = candidate, d
		}
	}
	return best
}

// editDistance counts the letters to be put in, left out, changed or swapped with their neighbour to make b of a.
func editDistance(a, b string) int {
	if len(a)-len(b) > 3 || len(b)-len(a) > 3 { // too far apart to be worth the work
		return max(len(a), len(b))
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			rows[i][j] = min(change, rows[i-1][j]+1, rows[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
