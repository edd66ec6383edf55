package mockserver_test

import (
	"fmt"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// push commits files to the branch of the merge request, and lets the jobs run.
func push(h *harness, actions ...map[string]any) string {
	h.t.Helper()
	made := h.do("developer", "POST", commitsPath, commitOf(actions...)).want(201)
	h.do("developer", "GET", mergeRequestPath, nil).want(200)
	return made.text("id")
}

func TestDiffs_refusals(t *testing.T) {
	t.Parallel()
	var cases []exchangeCase
	for _, name := range []string{"commits", "diffs", "changes", "raw_diffs"} {
		cases = append(cases,
			exchangeCase{
				name: name + " as Guest", as: "guest", method: "GET", path: mergeRequestPath + "/" + name,
				status: 403, want: forbidden,
			},
			exchangeCase{
				name: name + " of a stranger", as: "stranger", method: "GET", path: mergeRequestPath + "/" + name,
				status: 404, want: `{"message":"404 Project Not Found"}`,
			},
			exchangeCase{
				name: name + " of none", as: "reporter", method: "GET", path: mergeRequestsPath + "/99/" + name,
				status: 404, want: recordMissing,
			})
	}
	runExchanges(t, append(cases,
		exchangeCase{
			name: "no page", as: "reporter", method: "GET", path: mergeRequestPath + "/diffs?per_page=0",
			status: 400, want: `{"error":"per_page has a value not allowed"}`,
		},
		exchangeCase{
			name: "no flag", as: "reporter", method: "GET", path: mergeRequestPath + "/changes?unidiff=perhaps",
			status: 400, want: `{"error":"unidiff is invalid"}`,
		},
		exchangeCase{
			name: "no diff yet", arrange: withoutDiff, as: "reporter", method: "GET",
			path: mergeRequestPath + "/diffs", status: 200, want: "[]",
		},
		exchangeCase{
			name: "no commits yet", arrange: withoutDiff, as: "reporter", method: "GET",
			path: mergeRequestPath + "/commits", status: 200, want: "[]",
		},
		exchangeCase{
			name: "no raw diff yet", arrange: withoutDiff, as: "reporter", method: "GET",
			path: mergeRequestPath + "/raw_diffs", status: 500,
		},
	))
}

// withoutDiff makes the merge request one whose diff is not made yet.
func withoutDiff(h *harness) {
	h.update(func(tx *gitlab.Tx) error {
		mr, err := tx.MergeRequest(6, 4)
		mr.BaseSHA, mr.StartSHA = "", ""
		tx.InsertMergeRequest(mr)
		return err
	})
}

func TestDiffs(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	sha := push(h, action("create", "lib/a.js", "content", "a\n"), action("create", "zip/z/z.js", "content", "z"),
		action("create", "b.bin", "content", "AAEC", "encoding", "base64"), action("create", "empty"))
	list := h.do("reporter", "GET", mergeRequestPath+"/diffs?per_page=2", nil).want(200)
	assert.DeepEqual(t, list.column("new_path"), []string{"lib/a.js", "zip/z/z.js"})
	assert.DeepEqual(t, list.column("diff"), []string{
		"@@ -0,0 +1 @@\n+a\n",
		"@@ -0,0 +1 @@\n+z\n\\ No newline at end of file\n",
	})
	assert.DeepEqual(t, list.column("a_mode"), []string{"0", "0"})
	assert.Equal(t, list.header.Get("X-Total")+" "+list.header.Get("X-Next-Page"), "5 2")
	rest := h.do("reporter", "GET", mergeRequestPath+"/diffs?per_page=2&page=2&unidiff=true", nil).want(200)
	assert.DeepEqual(t, rest.column("new_path"), []string{"README.md", "b.bin"})
	assert.Assert(t, strings.HasPrefix(rest.text("0.diff"), "--- a/README.md\n+++ b/README.md\n@@ -1"),
		rest.text("0.diff"))
	assert.Equal(t, rest.text("1.diff"), "Binary files /dev/null and b/b.bin differ\n")
	past := h.do("reporter", "GET", mergeRequestPath+"/diffs?page=9", nil).want(200)
	assert.Equal(t, past.header.Get("X-Prev-Page")+string(past.body), "[]")
	commits := h.do("reporter", "GET", mergeRequestPath+"/commits", nil).want(200)
	assert.DeepEqual(t, commits.column("id"), []string{sha, headSHA})
	assert.Equal(t, h.do("reporter", "GET", mergeRequestPath, nil).want(200).text("changes_count"), "5")
	assert.Equal(t, len(h.do("reporter", "GET", mergeRequestPath+"/changes", nil).want(200).get("changes").([]any)), 5)
}

func TestDiffs_renames(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("developer", "POST", commitsPath, map[string]any{
		"branch": "feature", "start_branch": "main", "commit_message": "Move",
		"actions": []map[string]any{action("move", "docs/README.md", "previous_path", "README.md")},
	}).want(201)
	opened := h.do("developer", "POST", mergeRequestsPath, newMergeRequest()).want(201)
	path := mergeRequestsPath + "/" + opened.text("iid")
	list := h.do("reporter", "GET", path+"/diffs", nil).want(200)
	assert.Equal(t, list.text("0.old_path")+" "+list.text("0.new_path")+" "+list.text("0.renamed_file")+
		list.text("0.diff"), "README.md docs/README.md true")
	raw := h.do("reporter", "GET", path+"/raw_diffs", nil).want(200)
	assert.Equal(t, raw.header.Get("Content-Type")+raw.header.Get("Etag"), "text/plain; charset=utf-8")
	assert.Equal(t, string(raw.body), "diff --git a/README.md b/docs/README.md\nsimilarity index 100%\n"+
		"rename from README.md\nrename to docs/README.md\n")
}

// Above the limits patches are left out, unless the file is alone or the caller asks for all.
func TestDiffs_limits(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	long, huge := strings.Repeat("0123456789\n", 2_000), strings.Repeat("0123456789\n", 20_000)
	push(h, action("create", "long.txt", "content", long), action("create", "huge.txt", "content", huge))
	shown := h.do("reporter", "GET", mergeRequestPath+"/changes", nil).want(200)
	states := func(r response, list string) string {
		var all []string
		for i := range r.get(list).([]any) {
			at := fmt.Sprintf("%s.%d.", list, i)
			all = append(all, fmt.Sprint(r.text(at+"new_path"), r.text(at+"diff") == "", r.get(at+"collapsed"),
				r.get(at+"too_large")))
		}
		return strings.Join(all, "; ")
	}
	assert.Equal(t, states(shown, "changes"), "README.mdfalse false false; huge.txttrue false true; "+
		"long.txttrue true false")
	whole := h.do("reporter", "GET", mergeRequestPath+"/changes?access_raw_diffs=1", nil).want(200)
	assert.Equal(t, states(whole, "changes"), "README.mdfalse false false; huge.txttrue false true; "+
		"long.txtfalse false false")
	assert.Equal(t, whole.text("overflow"), "false")
}

func TestDiffs_manyFiles(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	var actions []map[string]any
	for i := range 1_002 {
		actions = append(actions, action("create", fmt.Sprintf("files/%04d", i), "content", "x\n"))
	}
	push(h, actions...)
	shown := h.do("reporter", "GET", mergeRequestPath+"/changes", nil).want(200)
	assert.Equal(t, shown.text("overflow")+" "+shown.text("changes_count"), "true 1000+")
	changes := shown.get("changes").([]any)
	assert.Equal(t, len(changes), 1_000)
	assert.Equal(t, shown.text("changes.99.collapsed")+shown.text("changes.100.collapsed"), "falsetrue")
	page := h.do("reporter", "GET", mergeRequestPath+"/diffs?per_page=100&page=2", nil).want(200)
	assert.Equal(t, page.header.Get("X-Total"), "1000")
}
