package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// lines is a view as text: status, headers and body as in an answer, the body's objects in order of their keys.
func (v view) lines() []string {
	var lines []string
	if v.status != 0 {
		lines = append(lines, fmt.Sprintf("status %d", v.status))
	}
	for _, name := range slices.Sorted(maps.Keys(v.header)) {
		lines = append(lines, name+": "+v.header[name])
	}
	if text, isText := v.body.(string); isText {
		return append(lines, strings.Split(text, "\n")...)
	}
	if v.body == nil {
		return lines
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v.body); err != nil {
		return append(lines, err.Error())
	}
	return append(lines, strings.Split(strings.TrimRight(out.String(), "\n"), "\n")...)
}

// around is how many lines that are alike stand beside those that differ.
const around = 3

// diffLinesOf compares texts line by line: "- " before a line of a, "+ " before one of b, and those around them that
// both have. It is empty when nothing differs.
func diffLinesOf(a, b []string) string {
	var all []string
	same := map[int]bool{}
	common := longestCommon(a, b)
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			same[len(all)] = true
			all = append(all, "  "+a[i])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			all = append(all, "- "+a[i])
			i++
		default:
			all = append(all, "+ "+b[j])
			j++
		}
	}
	if len(same) == len(all) {
		return ""
	}
	return withContext(all, same)
}

// withContext leaves out what is alike far from any difference.
func withContext(all []string, same map[int]bool) string {
	var kept []string
	gap := false
	for i := range all {
		near := false
		for k := max(0, i-around); k <= min(len(all)-1, i+around); k++ {
			near = near || !same[k]
		}
		switch {
		case near:
			kept, gap = append(kept, all[i]), false
		case !gap:
			kept, gap = append(kept, "  …"), true
		}
	}
	return strings.Join(kept, "\n")
}

// longestCommon gives, for every pair of ends, how many lines they have in common in order.
func longestCommon(a, b []string) [][]int {
	table := make([][]int, len(a)+1)
	for i := range table {
		table[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				table[i][j] = table[i+1][j+1] + 1
			} else {
				table[i][j] = max(table[i+1][j], table[i][j+1])
			}
		}
	}
	return table
}
