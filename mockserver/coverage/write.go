package coverage

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// Part is how many of some things were exercised.
type Part struct {
	Name      string
	Exercised int
	Of        int
}

// Percent is the share, rounded down.
func (p Part) Percent() int {
	if p.Of == 0 {
		return 100
	}
	return 100 * p.Exercised / p.Of
}

// Parts sum a report up: how many of the documented operations, statuses, parameters and pages were exercised.
func (r Report) Parts() []Part {
	parts := []Part{{Name: "operations"}, {Name: "statuses"}, {Name: "parameters"}, {Name: "pages"}}
	for _, op := range r.Operations {
		parts[0].Of++
		if op.Calls > 0 {
			parts[0].Exercised++
		}
		for i, items := range [][]Item{op.Statuses, op.Parameters, op.Pages} {
			for _, one := range items {
				if !one.Documented {
					continue
				}
				parts[i+1].Of++
				if one.Count > 0 {
					parts[i+1].Exercised++
				}
			}
		}
	}
	return parts
}

// Missed are the documented items that were not exercised, by their names.
func Missed(items []Item) string {
	var names []string
	for _, one := range items {
		if one.Documented && one.Count == 0 {
			names = append(names, one.Name)
		}
	}
	return strings.Join(names, ", ")
}

// Shown are the items that were exercised, with their counts.
func Shown(items []Item) string {
	var texts []string
	for _, one := range items {
		if one.Count > 0 {
			texts = append(texts, fmt.Sprintf("%s (%d)", one.Name, one.Count))
		}
	}
	return strings.Join(texts, ", ")
}

// Text writes a report for people: the sums, what was missed of each operation that was called, and the operations that
// were not.
func (r Report) Text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "releases: %s\n", Shown(r.Releases))
	for _, p := range r.Parts() {
		fmt.Fprintf(&b, "%s: %d of %d (%d%%)\n", p.Name, p.Exercised, p.Of, p.Percent())
	}
	var never []string
	for _, op := range r.Operations {
		if op.Calls == 0 {
			never = append(never, op.ID)
			continue
		}
		fmt.Fprintf(&b, "\n%s (%d)\n", op.ID, op.Calls)
		for _, part := range []struct {
			name  string
			items []Item
		}{{"statuses", op.Statuses}, {"parameters", op.Parameters}, {"pages", op.Pages}, {"headers", op.Headers}} {
			if shown := Shown(part.items); shown != "" {
				fmt.Fprintf(&b, "  %s: %s\n", part.name, shown)
			}
			if missed := Missed(part.items); missed != "" {
				fmt.Fprintf(&b, "  %s not seen: %s\n", part.name, missed)
			}
		}
	}
	if len(never) > 0 {
		fmt.Fprintf(&b, "\nnever called: %s\n", strings.Join(never, ", "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

//go:generate go tool -modfile=../../tools/go.mod templ generate -include-version=false -log-level error

// HTML writes a report as a page without scripts.
func (r Report) HTML(w io.Writer) error { return page(r).Render(context.Background(), w) }
