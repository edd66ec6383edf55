package gitlab

import (
	"fmt"
	"maps"
	"testing"

	"gotest.tools/v3/assert"
	"pgregory.net/rapid"
)

func TestPushCommit(t *testing.T) {
	t.Parallel()
	file := func(action, path string) []FileAction {
		return []FileAction{{Action: action, Path: path, Content: "new"}}
	}
	for _, tc := range []struct {
		name string
		who  string
		n    NewCommit
		want string
		tree map[string]string
	}{
		{
			"create", "developer",
			NewCommit{Branch: "feature", Actions: file("create", "a")},
			"ok",
			map[string]string{"README": "README", "feature": "feature", "a": "new"},
		},
		{
			"update", "developer",
			NewCommit{Branch: "feature", Actions: file("update", "feature")},
			"ok",
			map[string]string{"README": "README", "feature": "new"},
		},
		{
			"delete", "developer",
			NewCommit{Branch: "feature", Actions: file("delete", "feature")},
			"ok",
			map[string]string{"README": "README"},
		},
		{
			"move", "developer",
			NewCommit{Branch: "feature", Actions: []FileAction{{Action: "move", Path: "b", PreviousPath: "feature"}}},
			"ok",
			map[string]string{"README": "README", "b": "feature"},
		},
		{
			"new branch", "developer",
			NewCommit{Branch: "new", StartBranch: "main", Actions: file("create", "a")},
			"ok",
			map[string]string{"README": "README", "a": "new"},
		},
		{"empty", "developer", NewCommit{Branch: "feature"}, "ok", map[string]string{
			"README":  "README",
			"feature": "feature",
		}},
		{"Reporter", "reporter", NewCommit{Branch: "feature", Actions: file("create", "a")}, "bad value", nil},
		{"protected", "developer", NewCommit{Branch: "main", Actions: file("create", "a")}, "bad value", nil},
		{"exists", "developer", NewCommit{Branch: "feature", Actions: file("create", "feature")}, "bad value", nil},
		{
			"does not exist", "developer",
			NewCommit{Branch: "feature", Actions: file("update", "gone")},
			"bad value",
			nil,
		},
		{
			"nothing to delete", "developer",
			NewCommit{Branch: "feature", Actions: file("delete", "gone")},
			"bad value",
			nil,
		},
		{
			"nothing to move", "developer",
			NewCommit{Branch: "feature", Actions: []FileAction{{Action: "move", Path: "b", PreviousPath: "gone"}}},
			"bad value", nil,
		},
		{"outside", "developer", NewCommit{Branch: "feature", Actions: file("create", "../a")}, "bad value", nil},
		{
			"branch exists", "developer",
			NewCommit{Branch: "feature", StartBranch: "main", Actions: file("create", "a")},
			"bad value", nil,
		},
		{"new branch that git does not take", "developer", NewCommit{
			Branch: "a\nb", StartBranch: "main",
			Actions: file("create", "a"),
		}, "bad value", nil},
		{"no start", "developer", NewCommit{Branch: "new", Actions: file("create", "a")}, "bad value", nil},
		{"second action fails", "developer", NewCommit{Branch: "feature", Actions: append(file("create", "a"),
			file("create", "a")...)}, "bad value", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, Options{})
			before := everything(t, s.state)
			var c Commit
			err := s.try(func(tx *Tx) (err error) {
				c, err = tx.PushCommit(s.actor(tx, tc.who), s.projectIn(tx), tc.n)
				return err
			})
			assert.Equal(t, outcome(t, err), tc.want)
			if err != nil {
				assert.DeepEqual(t, everything(t, s.state), before)
				return
			}
			s.see(func(tx *Tx) {
				b, _ := tx.Branch(s.project, tc.n.Branch)
				assert.Equal(t, b.SHA, c.SHA)
				stored, _ := tx.Commit(s.project, c.SHA)
				assert.DeepEqual(t, stored.Tree, tc.tree)
				short, _ := tx.Resolve(s.project, c.SHA[:7])
				assert.Equal(t, short.SHA, c.SHA)
				assert.Equal(t, len(c.SHA), 40)
			})
		})
	}
}

func TestCreateBranch_refuses(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	for name, want := range map[string]string{
		"feature": "Branch already exists", "a b": "Branch name is invalid", "": "Branch name is invalid",
		"a..b": "Branch name is invalid", "a.lock": "Branch name is invalid",
		"-a": "Branch name is invalid", "new": "Failed to create branch 'new': invalid reference name 'gone'",
	} {
		err := s.try(func(tx *Tx) error {
			_, err := tx.CreateBranch(s.actor(tx, "developer"), s.projectIn(tx), name, "gone")
			return err
		})
		assert.Equal(t, outcome(t, err), "bad value")
		assert.Equal(t, err.(*Refusal).Text, want, name)
	}
}

// TestMergeTrees checks the three-way merge against its meaning. If only one side changes a file, that change wins. If
// both sides change it differently, there is a conflict.
func TestMergeTrees(t *testing.T) {
	t.Parallel()
	tree := rapid.MapOf(rapid.SampledFrom([]string{"a", "b", "c"}), rapid.SampledFrom([]string{"1", "2", "3"}))
	rapid.Check(t, func(r *rapid.T) {
		base, ours, theirs := tree.Draw(r, "base"), tree.Draw(r, "ours"), tree.Draw(r, "theirs")
		before := fmt.Sprint(base, ours, theirs)
		merged, conflicts := mergeTrees(base, ours, theirs)
		back, again := mergeTrees(base, theirs, ours)
		if fmt.Sprint(conflicts) != fmt.Sprint(again) || (len(conflicts) == 0 && !maps.Equal(merged, back)) {
			r.Fatalf("the sides cannot be swapped: %v %v, %v %v", merged, conflicts, back, again)
		}
		if fmt.Sprint(base, ours, theirs) != before {
			r.Fatal("a tree was written to")
		}
		for _, path := range []string{"a", "b", "c"} {
			b, o, t := base[path], ours[path], theirs[path]
			conflict := b != o && b != t && o != t
			if got := fmt.Sprint(conflicts); conflict != (got == fmt.Sprint([]string{path}) || len(conflicts) > 1 &&
				containsPath(conflicts, path)) {
				r.Fatalf("%s: conflict is %v, conflicts are %s", path, conflict, got)
			}
			want := o
			if b == o {
				want = t
			}
			if !conflict && merged[path] != want {
				r.Fatalf("%s is %q, want %q", path, merged[path], want)
			}
		}
	})
}

func containsPath(paths []string, path string) bool {
	for _, p := range paths {
		if p == path {
			return true
		}
	}
	return false
}

func TestFirstCommit_protectsTheDefaultBranch(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	s.do(func(tx *Tx) {
		p, err := tx.CreateProject(Project{NamespaceID: s.group, CreatorID: s.users["owner"], Name: "New", Path: "new"})
		assert.NilError(t, err)
		_, err = tx.PushCommit(s.actor(tx, "owner"), p, NewCommit{
			Branch: "trunk", Message: "first",
			Actions: []FileAction{{Action: "create", Path: "a"}},
		})
		assert.NilError(t, err)
		p, _ = tx.Project(p.ID)
		assert.Equal(t, p.DefaultBranch, "trunk")
		rules := tx.ProtectedBranches(p)
		assert.Equal(t, len(rules), 1)
		assert.Equal(t, rules[0].Name, "trunk")
	})
}
