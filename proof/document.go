package proof

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/conformance/scenario"
)

// Document is docs/reference/proof.md: the kill table from both sides, and what is not blamed.
func Document(rows map[string]Row, all []*scenario.Scenario, reasons map[string]string, mutants Mutants) string {
	d := &document{
		rows: rows, all: all, reasons: reasons, families: map[string]int{}, observed: map[string]bool{},
		kills: map[string][]string{},
	}
	for _, s := range all {
		d.families[family(s.ID)]++
		d.observed[s.ID] = s.Level != scenario.Must
	}
	for _, defect := range Defects() {
		for _, id := range rows[defect.ID].Caught {
			d.kills[id] = append(d.kills[id], defect.ID)
		}
	}
	for _, c := range CaseDefects() {
		d.kills[c.Case] = append(d.kills[c.Case], "one of its own")
	}
	d.summary()
	d.defects()
	d.cases()
	d.scenarios()
	d.blameless()
	d.mutants(mutants)
	return d.out.String()
}

type document struct {
	out      strings.Builder
	rows     map[string]Row
	all      []*scenario.Scenario
	reasons  map[string]string
	families map[string]int      // how many scenarios share all of the id but its last part
	observed map[string]bool     // scenarios whose deviations are differences, no failures
	kills    map[string][]string // by scenario
}

func (d *document) line(format string, args ...any) { fmt.Fprintf(&d.out, format+"\n", args...) }

// family is an id without its last part.
func family(id string) string { return id[:strings.LastIndex(id, ".")+1] }

func (d *document) summary() {
	d.line("<!-- Made by go test ./proof -update from the tables in proof/. -->\n")
	d.line("# Proof\n")
	d.line(`A test suite is useful only if it fails on wrong servers. This page shows how well the conformance suite does that.
There are %d broken servers: each is the mock with one defect, a small change to what goes in or comes out. All %d
scenarios run against each of them, and the result must be exactly as in the tables here. If fewer scenarios catch a
defect than before, the suite has a gap; if more do, scenarios overlap, and somebody should know.
`, len(Defects()), len(d.all))
	d.line("```console\n$ make proof UPDATE=-update   # runs every scenario against every server, in less than ten " +
		"minutes; updates the tables and this page\n$ make proof                  # the same, and compares with the " +
		"tables\n$ make mutants                # changes the mock's state machine, with the suite as the only " +
		"test; takes most of an hour\n$ go test ./proof             # runs a few scenarios for each server, in " +
		"half a minute; part of make test\n```\n")
	d.line("The defects are in `proof/defects_*.go`. The table of what catches them is `proof/killers.yaml`. A " +
		"defect is *caught* if a must\nscenario fails. It is also caught if an observed scenario differs, which is " +
		"printed in *italics*. Such a difference is only\nreported; it alone does not make a server " +
		"nonconformant. The [glossary](../glossary.md) explains the terms.\n")
	d.line("| area | defects | a must scenario fails | an observed scenario differs | found in another way |\n| --- " +
		"| --: | " +
		"--: | --: | --: |")
	var sum [4]int
	for _, area := range Areas {
		counts := d.counts(area)
		if counts[0] == 0 {
			continue
		}
		d.line("| %s | %d | %d | %d | %d |", area, counts[0], counts[1], counts[2], counts[3])
		for i, n := range counts {
			sum[i] += n
		}
	}
	d.line("| **all** | **%d** | **%d** | **%d** | **%d** |\n", sum[0], sum[1], sum[2], sum[3])
}

// counts are the defects of an area: all, those that fail a must scenario, those that only differ, the others.
func (d *document) counts(area string) (counts [4]int) {
	for _, defect := range Defects() {
		if defect.Area != area {
			continue
		}
		caught := d.rows[defect.ID].Caught
		counts[0]++
		switch {
		case slices.ContainsFunc(caught, func(id string) bool { return !d.observed[id] }):
			counts[1]++
		case len(caught) > 0:
			counts[2]++
		default:
			counts[3]++
		}
	}
	return counts
}

func (d *document) defects() {
	d.line("## What catches each broken server\n")
	for _, area := range Areas {
		if d.counts(area)[0] == 0 {
			continue
		}
		d.line("### %s\n\n| broken server | what it does wrong | caught by |\n| --- | --- | --- |", area)
		for _, defect := range Defects() {
			if defect.Area == area {
				d.line("| `%s` | %s | %s |", defect.ID, strings.ReplaceAll(defect.Wrong, "|", `\|`),
					d.caught(d.rows[defect.ID]))
			}
		}
		d.line("")
	}
}

// caught tells a row in words.
func (d *document) caught(row Row) string {
	var parts []string
	if len(row.Caught) > 0 {
		parts = append(parts, d.ids(row.Caught))
	}
	for _, part := range []struct {
		words string
		ids   []string
	}{{"cannot be carried out: ", row.Broken}, {"skipped: ", row.Skipped}} {
		if len(part.ids) > 0 {
			parts = append(parts, part.words+d.ids(part.ids))
		}
	}
	if len(row.Findings) > 0 && len(row.Caught) == 0 {
		parts = append(parts, "breaks the contract, outside of scenarios: "+strings.Join(row.Findings, ", "))
	}
	if row.Left {
		parts = append(parts, "the report lists what could not be deleted")
	}
	if row.Verdict == conformance.NotJudged {
		parts = append(parts, "the verdict is not judged")
	}
	return strings.Join(parts, "; ")
}

// ids shows scenarios: families that are there as a whole as one, the last parts of others together, and of many the
// first.
func (d *document) ids(ids []string) string {
	const longest = 10
	byFamily := map[string][]string{}
	for _, id := range ids {
		byFamily[family(id)] = append(byFamily[family(id)], id)
	}
	var shown []string
	left := 0
	for _, f := range slices.SortedFunc(maps.Keys(byFamily), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(byFamily[b]), len(byFamily[a])), strings.Compare(a, b))
	}) {
		members := byFamily[f]
		switch {
		case len(shown) >= longest:
			left += len(members)
		case len(members) > 3 && len(members) == d.families[f]:
			shown = append(shown, fmt.Sprintf(`%s\* (%d)`, f, len(members)))
		default:
			several, more := d.members(members, longest-len(shown))
			shown, left = append(shown, several...), left+more
		}
	}
	text := strings.Join(shown, ", ")
	if left > 0 {
		text += fmt.Sprintf(" and %d more", left)
	}
	return text
}

// members shows up to some scenarios of one family.
func (d *document) members(ids []string, room int) (shown []string, left int) {
	for _, id := range ids[:min(len(ids), room)] {
		if d.observed[id] {
			id = "*" + id + "*"
		}
		shown = append(shown, id)
	}
	return shown, len(ids) - len(shown)
}

func (d *document) cases() {
	d.line("## Each scenario by itself\n")
	d.line(`A scenario must catch a server whose only defect is the opposite of the scenario's sentence. No other case of the
same table, and no other scenario in the same file, may catch it. If no broken server above shows this,
` + "`go test ./proof`" + ` uses one of these:
`)
	d.line("| scenario | what the server does wrong |\n| --- | --- |")
	for _, c := range CaseDefects() {
		d.line("| %s | %s |", c.Case, strings.ReplaceAll(c.Wrong, "|", `\|`))
	}
	d.line("")
}

func (d *document) scenarios() {
	const longest = 6
	d.line("## What each scenario catches\n")
	d.line("In **bold**: broken servers that no other scenario catches.\n\n| scenario | catches | broken servers " +
		"|\n| --- | --: | " +
		"--- |")
	for _, s := range d.all {
		kills := d.kills[s.ID]
		alone := func(id string) bool { return len(d.rows[id].Caught) == 1 }
		ordered := slices.Clone(kills)
		slices.SortStableFunc(ordered, func(a, b string) int { return len(d.rows[a].Caught) - len(d.rows[b].Caught) })
		var shown []string
		for _, id := range ordered[:min(len(ordered), longest)] {
			if alone(id) {
				id = "**" + id + "**"
			}
			shown = append(shown, id)
		}
		text := strings.Join(shown, ", ")
		if len(kills) > longest {
			text += ", …"
		}
		if len(kills) == 0 {
			text = "none: " + d.reasons[s.ID]
		}
		d.line("| %s | %d | %s |", s.ID, len(kills), text)
	}
	d.line("")
}

func (d *document) blameless() {
	d.line("## What is not blamed\n")
	d.line("No scenario may fail on a correct server. All scenarios run, eight at a time, in simulated time but with " +
		"every wait of a\nreal server. Nothing may fail, differ, end in an error or be left behind:\n")
	d.line("- twenty times each with a delay of background jobs and deliveries of 0, of 300 ms, and of 0 to 2 s;")
	d.line("- against servers that are unusual and correct:\n")
	for _, h := range Harmless() {
		d.line("  - `%s`: %s", h.ID, h.Wrong)
	}
	d.line("\nResult on two cores, with Go 1.26: none of the sixty runs blames the mock, and no unusual server is " +
		"blamed. All sixty runs\nalso passed under the race detector, without a race or a failure. `make proof` runs " +
		"them in ten minutes.")
	d.line("\nNo report, log, ledger or page of the control surface may contain a token or a shared secret. A test " +
		"searches every format\nfor each of them, on a server on which everything passes and on a server on which " +
		"everything fails.\n")
}
