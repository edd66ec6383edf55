package main

import (
	"fmt"
	"slices"
)

// didYouMean is a clause that names the candidate nearest to a word, or nothing when none is near.
func didYouMean(word string, candidates []string) string {
	nearest, least := "", len(word)/3+2
	for _, candidate := range slices.Sorted(slices.Values(candidates)) {
		if d := distance(word, candidate); d < least {
			nearest, least = candidate, d
		}
	}
	if nearest == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %s?)", nearest)
}

// distance counts the letters to insert, delete or replace to get from one word to the other.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
