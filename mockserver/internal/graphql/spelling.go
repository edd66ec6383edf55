package graphql

import (
	"math"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// didYouMean is what is added to a message about a name that is near to others, as Ruby's did_you_mean finds them.
func didYouMean(name string, known []string) string {
	found := corrections(name, known)
	for i := range found {
		found[i] = "`" + found[i] + "`"
	}
	switch last := len(found) - 1; last {
	case -1:
		return ""
	case 0:
		return " (Did you mean " + found[0] + "?)"
	default:
		return " (Did you mean " + strings.Join(found[:last], ", ") + " or " + found[last] + "?)"
	}
}

// corrections are the known names that may be meant: all that are few letters away or, if none is, the most similar
// one.
func corrections(name string, known []string) []string {
	wrong := plainName(name)
	threshold := 0.77
	if len(wrong) > 3 {
		threshold = 0.834
	}
	var similar []string
	for _, k := range known {
		if k != name && jaroWinkler(plainName(k), wrong) >= threshold {
			similar = append(similar, k)
		}
	}
	slices.SortStableFunc(similar, func(a, b string) int {
		switch x, y := jaroWinkler(a, wrong), jaroWinkler(b, wrong); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	most := int(math.Ceil(float64(len(wrong)) * 0.25))
	mistyped := slices.DeleteFunc(slices.Clone(similar), func(k string) bool {
		return levenshtein.ComputeDistance(plainName(k), wrong) > most
	})
	if len(mistyped) > 0 {
		return mistyped
	}
	for _, k := range similar {
		if plain := plainName(k); levenshtein.ComputeDistance(plain, wrong) < min(len(plain), len(wrong)) {
			return []string{k}
		}
	}
	return nil
}

func plainName(name string) string { return strings.ReplaceAll(strings.ToLower(name), "@", "") }

// jaroWinkler is how similar two names are, from 0 to 1; names that begin alike are more similar.
func jaroWinkler(a, b string) float64 {
	similarity := jaro(a, b)
	if similarity <= 0.7 {
		return similarity
	}
	prefix := 0
	for prefix < min(4, len(a), len(b)) && a[prefix] == b[prefix] {
		prefix++
	}
	return similarity + float64(prefix)*0.1*(1-similarity)
}

func jaro(a, b string) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	reach := max(0, len(b)/2-1)
	inA, inB := make([]bool, len(a)), make([]bool, len(b))
	common := 0.0
	for i := range len(a) {
		for j := max(0, i-reach); j <= min(i+reach, len(b)-1); j++ {
			if !inB[j] && a[i] == b[j] {
				inA[i], inB[j] = true, true
				common++
				break
			}
		}
	}
	if common == 0 {
		return 0
	}
	swapped, next := 0, 0
	for i := range len(a) {
		if !inA[i] {
			continue
		}
		for !inB[next] {
			next++
		}
		if a[i] != b[next] {
			swapped++
		}
		next++
	}
	half := float64(swapped / 2)
	return (common/float64(len(a)) + common/float64(len(b)) + (common-half)/common) / 3
}
