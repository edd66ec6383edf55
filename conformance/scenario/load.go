package scenario

import (
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/statuschecks/statuschecks/conformance/internal/contract"
	"github.com/statuschecks/statuschecks/conformance/internal/reader"
)

// File is a scenario file.
type File struct {
	Name string // for messages; its folder is the area of its scenarios
	Data []byte
}

// Load reads every .yaml file of a file system as scenarios. It is strict: an unknown key, operation, parameter, role
// or status, a variable that is never set, and an id that is used twice are errors. The folder of a file is the area
// of its scenarios. A *LoadError contains all problems. The scenarios are in the order of the files and of their
// positions in the files.
func Load(files fs.FS) ([]*Scenario, error) {
	var list []File
	if err := EachFile(files, func(file File) { list = append(list, file) }); err != nil {
		return nil, err
	}
	return whole(ReadFiles(list))
}

// EachFile visits the .yaml files of a file system, in order.
func EachFile(files fs.FS, visit func(File)) error {
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".yaml" && path.Ext(name) != ".yml" {
			return err
		}
		data, err := fs.ReadFile(files, name)
		if err == nil {
			visit(File{name, data})
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
	return whole(ReadFiles([]File{{name, data}}))
}

// ReadFiles reads several files. Beside a *LoadError it gives what it could read of them.
func ReadFiles(files []File) ([]*Scenario, error) {
	scenarios, problems := make([][]*Scenario, len(files)), make([][]Problem, len(files))
	var reading errgroup.Group
	reading.SetLimit(runtime.GOMAXPROCS(0))
	for i, file := range files {
		reading.Go(func() error {
			scenarios[i], problems[i] = read(file)
			return nil
		})
	}
	_ = reading.Wait() // none of them fails
	all, wrong := slices.Concat(scenarios...), slices.Concat(problems...)
	return all, NewLoadError(append(wrong, repeated(all)...))
}

// whole gives nothing beside an error.
func whole(scenarios []*Scenario, err error) ([]*Scenario, error) {
	if err != nil {
		return nil, err
	}
	return scenarios, nil
}

func read(file File) ([]*Scenario, []Problem) {
	p := reader.NewProblems(file.Name, file.Data)
	root := reader.Parse(file.Data, p)
	if root == nil {
		return nil, reader.Found(p, NewProblem)
	}
	d := &decoder{Reader: reader.Reader{P: p}, contract: contract.GitLab()}
	var scenarios []*Scenario
	for _, body := range d.file(root) {
		scenario := d.scenario(body)
		scenario.Area = area(file.Name)
		scenarios = append(scenarios, scenario)
	}
	return scenarios, reader.Found(p, NewProblem)
}

func area(name string) string {
	if folder := path.Base(path.Dir(name)); folder != "." && folder != "/" {
		return folder
	}
	return "general"
}

// repeated finds ids that are taken. In the names of what is made for a scenario, a dot is a hyphen.
func repeated(scenarios []*Scenario) []Problem {
	first := map[string]*Scenario{}
	var wrong []Problem
	for _, s := range scenarios {
		name := strings.ReplaceAll(s.ID, ".", "-")
		before, taken := first[name]
		switch {
		case !taken || name == "":
			first[name] = s
		case before.ID == s.ID:
			wrong = append(wrong, Problem{Position: s.Position, Message: fmt.Sprintf("the id %s is taken by %s", s.ID,
				before.Position)})
		default:
			wrong = append(wrong, Problem{Position: s.Position, Message: fmt.Sprintf("the id %s differs from %s of %s "+
				"only by dots and hyphens; choose another word", s.ID, before.ID, before.Position)})
		}
	}
	return wrong
}

// file returns the scenarios of a file, each case of a table as a scenario of its own.
func (d *decoder) file(root *reader.Node) []*reader.Node {
	bodies := []*reader.Node{root}
	if root.Get("scenarios") != nil || !root.IsMapping() {
		fields := d.fields(root, "file")
		bodies = d.List(fields["scenarios"], "scenarios")
	}
	var all []*reader.Node
	for _, body := range bodies {
		all = append(all, d.cases(body)...)
	}
	return all
}

// cases turns a scenario with a table of cases into one scenario a row: the row's keys replace the scenario's, and
// ${case.NAME} stands for what the row has under with.
func (d *decoder) cases(body *reader.Node) []*reader.Node {
	table := body.Get("cases")
	if table == nil {
		return []*reader.Node{body}
	}
	if id := body.Get("id"); id != nil {
		d.P.At(id, "a scenario with cases has no id of its own; each case has one")
	}
	var scenarios []*reader.Node
	for _, row := range d.List(table, "cases") {
		d.fields(row, "case")
		with := row.Get("with")
		used := map[string]bool{}
		filled := d.fill(without(body, "cases", "id"), with, used)
		for _, p := range row.Pairs {
			if p.Key.Text != "with" {
				filled.Pairs = slices.Concat(without(filled, p.Key.Text).Pairs, []reader.Pair{p})
			}
		}
		filled.Line, filled.Column = row.Line, row.Column
		d.unusedCase(with, used)
		scenarios = append(scenarios, filled)
	}
	return scenarios
}

func (d *decoder) unusedCase(with *reader.Node, used map[string]bool) {
	if with == nil || !with.IsMapping() {
		return
	}
	for _, p := range with.Pairs {
		if !used[p.Key.Text] {
			d.P.At(p.Key, "nothing in the scenario uses ${case.%s}", p.Key.Text)
		}
	}
}

// without is a copy of a mapping that lacks some keys.
func without(n *reader.Node, keys ...string) *reader.Node {
	rest := *n
	rest.Pairs = slices.DeleteFunc(slices.Clone(n.Pairs),
		func(p reader.Pair) bool { return slices.Contains(keys, p.Key.Text) })
	return &rest
}

// fill copies a node with every ${case.NAME} replaced; a text that is nothing else takes the row's value as it is.
func (d *decoder) fill(n *reader.Node, with *reader.Node, used map[string]bool) *reader.Node {
	filled := *n
	filled.Items, filled.Pairs = nil, nil
	for _, item := range n.Items {
		filled.Items = append(filled.Items, d.fill(item, with, used))
	}
	for _, p := range n.Pairs {
		filled.Pairs = append(filled.Pairs, reader.Pair{Key: p.Key, Value: d.fill(p.Value, with, used)})
	}
	text, isText := n.Value.(string)
	if !n.IsScalar || !isText || !strings.Contains(text, "${case.") {
		return &filled
	}
	var whole *reader.Node
	replaced := variable().ReplaceAllStringFunc(text, func(reference string) string {
		name, isCase := strings.CutPrefix(reference[2:len(reference)-1], "case.")
		if !isCase {
			return reference
		}
		var value *reader.Node
		if with != nil {
			value = with.Get(name)
		}
		if value == nil {
			d.P.At(n, "the case has no %q under with", name)
			return reference
		}
		used[name] = true
		if reference == text {
			whole = value
		} else if !value.IsScalar {
			d.P.At(value, "%s stands inside a text, so it must be a single value", reference)
		}
		return value.Text
	})
	if whole != nil {
		return whole
	}
	filled.Text, filled.Value = replaced, replaced
	return &filled
}
