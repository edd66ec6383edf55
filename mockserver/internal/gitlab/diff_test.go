package gitlab

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gotest.tools/v3/assert"
	"pgregory.net/rapid"
)

// git runs git in a folder without anybody's configuration. A status of 1, by which diff says that files differ, is
// no error.
func git(t *testing.T, folder string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "HOME="+folder)
	out, err := cmd.Output()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() > 1 {
		t.Fatalf("git %v: %v", args, err)
	}
	return string(out)
}

// plant writes a tree of files below a folder.
func plant(t *testing.T, folder string, tree map[string]string) {
	t.Helper()
	for name, content := range tree {
		path := filepath.Join(folder, filepath.FromSlash(name))
		assert.NilError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		assert.NilError(t, os.WriteFile(path, []byte(content), 0o600))
	}
}

// byGit is the diff that git makes between two trees.
func byGit(t *testing.T, from, to map[string]string, options ...string) string {
	t.Helper()
	folder := t.TempDir()
	git(t, folder, "init", "-q")
	commit := func(tree map[string]string) string {
		git(t, folder, "rm", "-rfq", "--ignore-unmatch", ".")
		plant(t, folder, tree)
		git(t, folder, "add", "-A")
		return strings.TrimSpace(git(t, folder, "write-tree"))
	}
	before := commit(from)
	return git(t, folder, append(append([]string{"diff", "--full-index"}, options...), before, commit(to))...)
}

// bare leaves the headers out of a diff by git, but for those about renames.
func bare(diff string) string {
	var shown strings.Builder
	for line := range strings.Lines(diff) {
		header := false
		for _, prefix := range []string{
			"diff --git", "index ", "--- ", "+++ ", "similarity ", "new file", "deleted file",
		} {
			header = header || strings.HasPrefix(line, prefix)
		}
		if !header {
			shown.WriteString(line)
		}
	}
	return shown.String()
}

// ours writes a diff as bare leaves that of git.
func ours(files []FileDiff) string {
	var shown strings.Builder
	for _, f := range files {
		if f.Renamed() {
			fmt.Fprintf(&shown, "rename from %s\nrename to %s\n", f.OldPath, f.NewPath)
		}
		shown.WriteString(f.Patch)
	}
	return shown.String()
}

func numbered(from, to int) string {
	var text strings.Builder
	for i := from; i <= to; i++ {
		fmt.Fprintf(&text, "  line %d\n", i)
	}
	return text.String()
}

func TestDiff_isThatOfGit(t *testing.T) {
	t.Parallel()
	long := numbered(1, 40)
	for _, tc := range []struct {
		name     string
		from, to map[string]string
	}{
		{"new file", nil, map[string]string{"a.txt": "one\ntwo\n"}},
		{"new empty file", nil, map[string]string{"a.txt": ""}},
		{"file is gone", map[string]string{"a.txt": "one\n"}, nil},
		{"one line", map[string]string{"a.txt": "one\n"}, map[string]string{"a.txt": "two\n"}},
		{"no newline at the end", map[string]string{"a": "one\ntwo"}, map[string]string{"a": "one\nthree"}},
		{"newline added", map[string]string{"a": "one\ntwo"}, map[string]string{"a": "one\ntwo\n"}},
		{"file is emptied", map[string]string{"a": "one\ntwo\n"}, map[string]string{"a": ""}},
		{"two hunks", map[string]string{"a": long}, map[string]string{
			"a": strings.Replace(strings.Replace(long, "line 5\n", "LINE 5\n", 1), "line 30\n", "", 1),
		}},
		{"hunks that touch", map[string]string{"a": long}, map[string]string{
			"a": strings.Replace(strings.Replace(long, "line 5\n", "LINE 5\n", 1), "line 12\n", "x\n", 1),
		}},
		{
			"hunks with headings",
			map[string]string{"a.go": "func a() {\n" + long + "}\n\nfunc b() {\n" + long + "}\n"},
			map[string]string{"a.go": "func a() {\n" + strings.Replace(long, "line 9\n", "x\n", 1) +
				"}\n\nfunc b() {\n" +
				strings.Replace(long, "line 20\n", "y\n", 1) + "}\n"},
		},
		{
			"long heading",
			map[string]string{"a": strings.Repeat("heading ", 20) + "\n" + long},
			map[string]string{"a": strings.Repeat("heading ", 20) + "\n" + strings.Replace(long, "line 9\n", "x\n", 1)},
		},
		{"binary", map[string]string{"a.bin": "a\x00b"}, map[string]string{"a.bin": "a\x00c", "b.bin": "\x00"}},
		{"moved", map[string]string{"old/a": long}, map[string]string{"new/b": long}},
		{"moved and changed", map[string]string{"old/a": long}, map[string]string{"new/b": numbered(1, 25) + "end\n"}},
		{"too unlike", map[string]string{"a": long}, map[string]string{"b": numbered(1, 8) + numbered(60, 90)}},
		{
			"two moved, the better wins",
			map[string]string{"a": long, "b": numbered(1, 30)},
			map[string]string{"c": long + "end\n", "d": numbered(1, 31)},
		},
		{"same name wins", map[string]string{"x/a": long, "x/b": long}, map[string]string{"y/b": long, "y/a": long}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, ours(diffTrees(tc.from, tc.to, gitalySimilarity)),
				bare(byGit(t, tc.from, tc.to, "--find-renames=30%")))
			assert.Equal(t, rawDiff(tc.from, tc.to), byGit(t, tc.from, tc.to))
		})
	}
}

// Git can apply each patch, which leads from one text to the other.
func TestDiff_gitAppliesIt(t *testing.T) {
	t.Parallel()
	text := rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]string{"a\n", "b\n", "\n", " c\n", "$d\n", "ö\r\n"}), 0, 60),
		func(list []string) string { return strings.Join(list, "") })
	generate := rapid.Custom(func(t *rapid.T) [2]string {
		end := rapid.SampledFrom([]string{"", "end"})
		return [2]string{text.Draw(t, "before"), text.Draw(t, "after") + end.Draw(t, "end")}
	})
	from, to := map[string]string{}, map[string]string{}
	for i := range 200 {
		pair := generate.Example(i)
		name := fmt.Sprintf("%03d", i)
		from[name], to[name] = "start\n"+pair[0], "start\n"+pair[1]
	}
	folder := t.TempDir()
	plant(t, folder, from)
	var patch strings.Builder
	for _, f := range diffTrees(from, to, gitalySimilarity) {
		patch.WriteString(f.Unified())
	}
	plant(t, folder, map[string]string{"patch": patch.String()})
	git(t, folder, "apply", "--unidiff-zero", "patch")
	for name, want := range to {
		got, err := os.ReadFile(filepath.Join(folder, name))
		assert.NilError(t, err)
		assert.Equal(t, string(got), want, name)
	}
}

func TestTreeEntries_haveGitsIDs(t *testing.T) {
	t.Parallel()
	tree := map[string]string{"a": "1", "b/c": "2", "b.txt": "3", "b-d/e/f": "4", "b0": "5", "ö": "6"}
	folder := t.TempDir()
	git(t, folder, "init", "-q")
	plant(t, folder, tree)
	git(t, folder, "add", "-A")
	made := strings.TrimSpace(git(t, folder, "write-tree"))
	listed := git(t, folder, "-c", "core.quotePath=false", "ls-tree", "-rt", made)
	var ours []string
	for _, e := range newFolder(tree).all("") {
		ours = append(ours, e.ID+" "+e.Path)
	}
	var theirs []string
	for line := range strings.Lines(listed) {
		what, path, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		theirs = append(theirs, strings.Fields(what)[2]+" "+path)
	}
	assert.DeepEqual(t, ours, theirs)
}
