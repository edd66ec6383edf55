package main

import (
	"fmt"
	"strings"
	"time"
)

// page is the page of the documents.
func page(chosen []client, results [][]result, now time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, head, now.UTC().Format(time.DateOnly))
	b.WriteString("| Fault | Call |")
	for _, c := range chosen {
		b.WriteString(" " + c.name)
		if c.setup != "" {
			b.WriteString(", `" + c.setup + "`")
		}
		b.WriteString(" |")
	}
	b.WriteString("\n| --- | --- |" + strings.Repeat(" --- |", len(chosen)) + "\n")
	for i, t := range trials {
		fmt.Fprintf(&b, "| %s | %s |", t.what, calls[t.call])
		for _, r := range results[i] {
			b.WriteString(" " + cell(t, r) + " |")
		}
		b.WriteString("\n")
	}
	b.WriteString(foot)
	seen := map[string]bool{"": true}
	for _, t := range trials {
		if !seen[t.fault] {
			fmt.Fprintf(&b, "- %s: `%s`\n", t.what, t.fault)
			seen[t.fault] = true
		}
	}
	return b.String()
}

// cell says what a client did in a trial.
func cell(t trial, r result) string {
	if r.told.Missing {
		return "–"
	}
	parts := []string{fmt.Sprint(r.requests)}
	switch {
	case r.cut:
		parts[0] += " …"
	case r.told.OK:
		parts[0] += " ✓"
	default:
		parts[0] += " ✗"
	}
	if waited := r.waited.Round(100 * time.Millisecond); waited > 0 {
		parts = append(parts, fmt.Sprintf("%.1f s", waited.Seconds()))
	}
	if rows := len(world().Projects[0].ExternalStatusChecks); r.told.OK && r.told.Rows != rows &&
		(t.call == "list" || t.call == "pages") {
		parts = append(parts, fmt.Sprintf("%d of %d", r.told.Rows, rows))
	}
	return strings.Join(parts, ", ")
}

const head = `# Clients when a server misbehaves

What clients of GitLab do when the server does not behave: each was run against the mock with the
[fault](../faults.md) of its row. A cell has the number of requests that the mock saw, ✓ if the caller is told of
success and ✗ if of an error, and the time between the answers and the next requests. … is a client that was still at
work after 30 seconds. "2 of 5" is what a caller gets of a list of five, – a call that the client does not have.

Who repeats a call after a 5xx may be told of an error although the work was done the first time: see the rows with
"then". Which header leads to the next page differs between clients, and half of a list can look like all of it.
Tests against a server that always behaves show none of this.

The clients are as they are by default, but for what a column says. They are the versions of the table on a day: the
next may do something else. Waits differ a little between runs, as most clients choose them at random.

` + "`make client-matrix`" + ` installs them and writes this page. Written on %s, on Linux.

`

const foot = `
## The faults

Each is one of the faults of a plan.

`
