package proof

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/scenarios"
)

// companyOf gives, for each scenario of the catalogue, those that it must be told apart from: the cases of its
// table, or the scenarios of its file where it is no case.
func companyOf(t *testing.T) map[string][]string {
	t.Helper()
	type list []struct {
		ID string `yaml:"id"`
	}
	siblings := map[string][]string{}
	assert.NilError(t, fs.WalkDir(scenarios.Files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(scenarios.Files, name)
		assert.NilError(t, err)
		var file struct {
			ID        string `yaml:"id"`
			Cases     list   `yaml:"cases"`
			Scenarios []struct {
				ID    string `yaml:"id"`
				Cases list   `yaml:"cases"`
			} `yaml:"scenarios"`
		}
		assert.NilError(t, yaml.Unmarshal(data, &file), name)
		tables, whole := []list{file.Cases}, []string{}
		for _, scenario := range file.Scenarios {
			tables = append(tables, scenario.Cases)
			whole = append(whole, scenario.ID)
		}
		for _, table := range tables {
			var ids []string
			for _, c := range table {
				ids = append(ids, c.ID)
			}
			for _, id := range ids {
				siblings[id] = ids
			}
			whole = append(whole, ids...)
		}
		whole = slices.DeleteFunc(append(whole, file.ID), func(id string) bool { return id == "" })
		for _, id := range whole {
			if siblings[id] == nil {
				siblings[id] = whole
			}
		}
		return nil
	}))
	return siblings
}

func among(some, all []string) []string {
	return slices.DeleteFunc(slices.Clone(some), func(id string) bool { return !slices.Contains(all, id) })
}

// inCompany are scenarios whose defect others of the same file cannot but notice, each with the reason.
var inCompany = map[string]string{
	"deliver.redirect.four":     "a chain that ends early is short for what comes after it as well",
	"deliver.reviewer":          "how the reviews stand is told by the same update",
	"deliver.signature":         "a wrong signature is wrong wherever one is looked at",
	"deliver.update-of-nothing": "an update is an update, whatever it changes",
	"http.anonymous":            "who is taken for somebody is so for every verb",
	"http.unknown-path":         "what is unknown is so with one slash or two",
	"merge.gate.unanswered":     "the gate is shut or open for all of its scenarios",
	"merge.setting.default":     "what stands in the project is what the gate goes by",
}

// TestCases_eachHasADefectOfItsOwn holds that a case of a table tests what its sentence says: there is a server
// with the one defect that the sentence denies, which the case notices and no other case of the table.
func TestCases_eachHasADefectOfItsOwn(t *testing.T) {
	t.Parallel()
	rows, tables := killers(t), companyOf(t)
	special := map[string]CaseDefect{}
	for _, c := range CaseDefects() {
		assert.Check(t, special[c.Case].Case == "" && tables[c.Case] != nil, "%s is there twice, or no scenario",
			c.Case)
		assert.Check(t, len(c.Wrong) > 10 && c.Wrong[len(c.Wrong)-1] == '.', "%s: %q is no sentence", c.Case, c.Wrong)
		special[c.Case] = c
	}
	for id, table := range tables {
		if reason := inCompany[id]; reason != "" || strings.HasPrefix(id, "history.") && special[id].Case == "" {
			continue // of history, the rows of releases prove each change
		}
		c, has := special[id]
		if !has {
			own := slices.ContainsFunc(Defects(), func(d Defect) bool {
				return slices.Equal(among(rows[d.ID].Caught, table), []string{id})
			})
			assert.Check(t, own, "no broken server is noticed by %s and by no other of its table or file: "+
				"add one to CaseDefects, with the defect that its sentence denies", id)
			continue
		}
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			report, _ := trial{defect: c.defect(), only: table}.judge(t)
			want := append([]string{id}, c.Also...)
			slices.Sort(want)
			assert.DeepEqual(t, rowOf(report).Caught, want)
		})
	}
}
