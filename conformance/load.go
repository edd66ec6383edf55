package conformance

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/scenarios"
)

// Load reads every .yaml file of a file system as scenarios. It is strict: an unknown key, operation, parameter, role
// or status, a variable that is never set, and an id that is used twice are errors. The folder of a file is the area
// of its scenarios. A *LoadError contains all problems. The scenarios are in the order of the files and of their
// positions in the files.
func Load(files fs.FS) ([]*Scenario, error) {
	var all []*Scenario
	var wrong []Problem
	err := eachScenarioFile(files, func(name string, data []byte) {
		scenarios, problems := read(name, data)
		all, wrong = append(all, scenarios...), append(wrong, problems...)
	})
	if err != nil {
		return nil, err
	}
	wrong = append(wrong, repeated(all)...)
	if err := loadError(wrong); err != nil {
		return nil, err
	}
	return all, nil
}

// LoadCatalogue reads the scenarios of a file system. If files is nil, it returns the built-in scenarios and those of
// Negatives.
func LoadCatalogue(files fs.FS) ([]*Scenario, error) {
	if files != nil {
		return Load(files)
	}
	written, err := Load(scenarios.Files)
	if err != nil {
		return nil, err
	}
	return append(written, Negatives()...), nil
}

// eachScenarioFile visits the .yaml files of a file system, in order.
func eachScenarioFile(files fs.FS, visit func(name string, data []byte)) error {
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".yaml" && path.Ext(name) != ".yml" {
			return err
		}
		data, err := fs.ReadFile(files, name)
		if err == nil {
			visit(name, data)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("read the scenarios: %w", err)
	}
	return nil
}

// Read reads one scenario file. name is used in messages, and its folder is the area.
func Read(name string, data []byte) ([]*Scenario, error) {
	scenarios, wrong := read(name, data)
	wrong = append(wrong, repeated(scenarios)...)
	if err := loadError(wrong); err != nil {
		return nil, err
	}
	return scenarios, nil
}

func read(name string, data []byte) ([]*Scenario, []Problem) {
	p := newProblems(name, data)
	root := parse(data, p)
	if root == nil {
		return nil, p.found()
	}
	d := &decoder{p: p, contract: loadContract()}
	var scenarios []*Scenario
	for _, body := range d.file(root) {
		scenario := d.scenario(body)
		scenario.Area = area(name)
		scenarios = append(scenarios, scenario)
	}
	return scenarios, p.found()
}

func area(name string) string {
	if folder := path.Base(path.Dir(name)); folder != "." && folder != "/" {
		return folder
	}
	return "general"
}

func repeated(scenarios []*Scenario) []Problem {
	first := map[string]Position{}
	var wrong []Problem
	for _, s := range scenarios {
		if at, ok := first[s.ID]; ok && s.ID != "" {
			wrong = append(wrong, Problem{Position: s.Position, Message: fmt.Sprintf("the id %s is taken by %s", s.ID,
				at)})
			continue
		}
		first[s.ID] = s.Position
	}
	return wrong
}

// file returns the scenarios of a file, each case of a table as a scenario of its own.
func (d *decoder) file(root *node) []*node {
	bodies := []*node{root}
	if root.get("scenarios") != nil || !root.mapping() {
		fields := d.fields(root, "file")
		bodies = d.list(fields["scenarios"], "scenarios")
	}
	var all []*node
	for _, body := range bodies {
		all = append(all, d.cases(body)...)
	}
	return all
}

// cases turns a scenario with a table of cases into one scenario a row: the row's keys replace the scenario's, and
// ${case.NAME} stands for what the row has under with.
func (d *decoder) cases(body *node) []*node {
	table := body.get("cases")
	if table == nil {
		return []*node{body}
	}
	if id := body.get("id"); id != nil {
		d.p.at(id, "a scenario with cases has no id of its own; each case has one")
	}
	var scenarios []*node
	for _, row := range d.list(table, "cases") {
		d.fields(row, "case")
		with := row.get("with")
		used := map[string]bool{}
		filled := d.fill(without(body, "cases", "id"), with, used)
		for _, p := range row.pairs {
			if p.key.text != "with" {
				filled.pairs = slices.Concat(without(filled, p.key.text).pairs, []pair{p})
			}
		}
		filled.line, filled.column = row.line, row.column
		d.unusedCase(with, used)
		scenarios = append(scenarios, filled)
	}
	return scenarios
}

func (d *decoder) unusedCase(with *node, used map[string]bool) {
	if with == nil || !with.mapping() {
		return
	}
	for _, p := range with.pairs {
		if !used[p.key.text] {
			d.p.at(p.key, "nothing in the scenario uses ${case.%s}", p.key.text)
		}
	}
}

// without is a copy of a mapping that lacks some keys.
func without(n *node, keys ...string) *node {
	rest := *n
	rest.pairs = slices.DeleteFunc(slices.Clone(n.pairs),
		func(p pair) bool { return slices.Contains(keys, p.key.text) })
	return &rest
}

// fill copies a node with every ${case.NAME} replaced; a text that is nothing else takes the row's value as it is.
func (d *decoder) fill(n *node, with *node, used map[string]bool) *node {
	filled := *n
	filled.items, filled.pairs = nil, nil
	for _, item := range n.items {
		filled.items = append(filled.items, d.fill(item, with, used))
	}
	for _, p := range n.pairs {
		filled.pairs = append(filled.pairs, pair{key: p.key, value: d.fill(p.value, with, used)})
	}
	text, isText := n.value.(string)
	if !n.scalar || !isText || !strings.Contains(text, "${case.") {
		return &filled
	}
	var whole *node
	replaced := variable.ReplaceAllStringFunc(text, func(reference string) string {
		name, isCase := strings.CutPrefix(reference[2:len(reference)-1], "case.")
		if !isCase {
			return reference
		}
		var value *node
		if with != nil {
			value = with.get(name)
		}
		if value == nil {
			d.p.at(n, "the case has no %q under with", name)
			return reference
		}
		used[name] = true
		if reference == text {
			whole = value
		} else if !value.scalar {
			d.p.at(value, "%s stands inside a text, so it must be a single value", reference)
		}
		return value.text
	})
	if whole != nil {
		return whole
	}
	filled.text, filled.value = replaced, replaced
	return &filled
}
