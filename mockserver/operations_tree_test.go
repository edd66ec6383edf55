package mockserver_test

import (
	"strings"
	"testing"

	"gotest.tools/v3/assert"
)

const (
	treePath    = "/projects/6/repository/tree"
	blobsPath   = "/projects/6/repository/blobs/"
	comparePath = "/projects/6/repository/compare"
	readmeBlob  = "d8c4246c20f7878fed4c54535b084513bb173b10" // git hash-object
)

func TestTree_refusals(t *testing.T) {
	t.Parallel()
	const reader = "reporter"
	var cases []exchangeCase
	for _, path := range []string{
		treePath, blobsPath + readmeBlob, blobsPath + readmeBlob + "/raw",
		comparePath + "?from=main&to=main", filesPath + "README.md/raw",
	} {
		cases = append(cases,
			exchangeCase{
				name: path + " as Guest", as: "guest", method: "GET", path: path, status: 403,
				want: forbidden,
			},
			exchangeCase{
				name: path + " of a stranger", as: "stranger", method: "GET", path: path, status: 404,
				want: `{"message":"404 Project Not Found"}`,
			})
	}
	for _, tc := range []struct {
		name, path string
		status     int
		want       string
	}{
		{"tree at no ref", treePath + "?ref=gone", 404, `{"message":"404 Tree Not Found"}`},
		{"tree of no folder", treePath + "?path=bogus", 404, `{"message":"404 invalid revision or path Not Found"}`},
		{
			"tree without pages that is flat", treePath + "?pagination=none", 400,
			`{"error":"pagination cannot be \"none\" unless \"recursive\" is true"}`,
		},
		{
			"tree with unknown pages", treePath + "?pagination=all", 400,
			`{"error":"pagination does not have a valid value"}`,
		},
		{"tree after nothing", treePath + "?pagination=keyset&page_token=gone", 500, ""},
		{"no blob", blobsPath + "abcd9876", 404, `{"message":"404 Blob Not Found"}`},
		{"no raw blob", blobsPath + "abcd9876/raw", 404, `{"message":"404 Blob Not Found"}`},
		{"no raw file", filesPath + "gone/raw", 404, `{"message":"404 File Not Found"}`},
		{"raw file at no ref", filesPath + "README.md/raw?ref=gone", 404, `{"message":"404 Commit Not Found"}`},
		{"compare nothing", comparePath, 400, `{"error":"from is missing, to is missing"}`},
		{"compare with no ref", comparePath + "?from=main&to=gone", 404, `{"message":"404 Ref Not Found"}`},
		{
			"compare with another project", comparePath + "?from=main&to=main&from_project_id=7", 400,
			`{"message":"Target project id:7 is not a fork of project id:6"}`,
		},
	} {
		cases = append(cases, exchangeCase{
			name: tc.name, as: reader, method: "GET", path: tc.path, status: tc.status,
			want: tc.want,
		})
	}
	runExchanges(t, cases)
}

func TestTree(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	push(h, action("create", "lib/a/b.js", "content", "b\n"), action("create", "lib.js", "content", "c\n"),
		action("create", "lib-x/d", "content", "d\n"))
	at := treePath + "?ref=" + patchBranch
	list := h.do("reporter", "GET", at, nil).want(200)
	assert.DeepEqual(t, list.column("path"), []string{"lib-x", "lib", "README.md", "lib.js"})
	assert.DeepEqual(t, list.column("mode"), []string{"040000", "040000", "100644", "100644"})
	below := h.do("reporter", "GET", at+"&path=lib/", nil).want(200)
	assert.Equal(t, below.text("0.path")+" "+below.text("0.name")+" "+below.text("0.type"), "lib/a a tree")
	all := h.do("reporter", "GET", at+"&recursive=true&per_page=200", nil).want(200)
	assert.DeepEqual(t, all.column("path"), []string{
		"lib-x", "lib", "lib/a", "README.md", "lib-x/d", "lib.js",
		"lib/a/b.js",
	})
	assert.Equal(t, all.header.Get("X-Per-Page")+" "+all.header.Get("X-Total"), "200 7")
	second := h.do("reporter", "GET", at+"&per_page=3&page=2", nil).want(200)
	assert.DeepEqual(t, second.column("path"), []string{"lib.js"})
	whole := h.do("reporter", "GET", at+"&recursive=true&pagination=none", nil).want(200)
	assert.Equal(t, len(whole.column("id")), 7)
	assert.Equal(t, whole.header.Get("X-Total")+whole.header.Get("Link"), "")
}

func TestTree_keysets(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	push(h, action("create", "a", "content", "1"), action("create", "b", "content", "2"))
	path, names := treePath+"?pagination=keyset&per_page=2&ref="+patchBranch, []string{}
	for range 2 {
		r := h.do("reporter", "GET", path, nil).want(200)
		assert.Equal(t, r.header.Get("X-Page")+r.header.Get("X-Total"), "")
		names = append(names, r.column("name")...)
		next, more := strings.CutPrefix(r.header.Get("Link"), "<"+testBaseURL+apiPrefix)
		assert.Equal(t, more, len(names) == 2)
		path = strings.TrimSuffix(next, `>; rel="next"`)
	}
	assert.DeepEqual(t, names, []string{"README.md", "a", "b"})
}

func TestContent(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	push(h, action("create", "img/x.bin", "content", "AAEC", "encoding", "base64"))
	raw := h.do("reporter", "GET", filesPath+"README.md/raw", nil).want(200)
	assert.Equal(t, string(raw.body), "# Flight\n")
	for name, want := range map[string]string{
		"Content-Type": "text/plain; charset=utf-8", "X-Gitlab-Blob-Id": readmeBlob, "X-Gitlab-Ref": "",
		"X-Gitlab-Size": "9", "X-Gitlab-Execute-Filemode": "false", "Etag": "",
		"Cache-Control":       "max-age=0, private, must-revalidate, no-store, no-cache",
		"Content-Disposition": `inline; filename="README.md"; filename*=UTF-8''README.md`,
	} {
		assert.Equal(t, raw.header.Get(name), want, name)
	}
	binary := h.do("reporter", "GET", filesPath+"img%2Fx.bin/raw?ref="+patchBranch, nil).want(200)
	assert.Equal(t, string(binary.body)+binary.header.Get("Content-Type"), "\x00\x01\x02application/octet-stream")
	assert.Assert(t, strings.HasPrefix(binary.header.Get("Content-Disposition"), "attachment; "))
	assert.Equal(t, string(h.do("reporter", "GET", blobsPath+readmeBlob, nil).want(200).body),
		`{"size":9,"encoding":"base64","content":"IyBGbGlnaHQK","sha":"`+readmeBlob+`"}`)
	blob := h.do("reporter", "GET", blobsPath+readmeBlob+"/raw", nil).want(200)
	assert.Equal(t, string(blob.body)+blob.header.Get("Content-Disposition"), "# Flight\ninline")
	shown := h.do("reporter", "GET", filesPath+"README.md?ref=main", nil).want(200)
	assert.Equal(t, shown.header.Get("X-Gitlab-Last-Commit-Id"), firstSHA)
}

func TestCompare(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	newBranch(h)
	sha := push(h, action("create", "a", "content", "1\n"))
	found := h.do("reporter", "GET", comparePath+"?from=feature&to="+patchBranch, nil).want(200)
	assert.Equal(t, found.text("commit.id")+" "+found.text("commits.0.id"), sha+" "+headSHA)
	assert.Equal(t, found.text("diffs.0.new_path")+" "+found.text("diffs.1.new_path"), "README.md a")
	assert.Equal(t, found.get("diffs.0.generated_file"), nil)
	assert.Equal(t, found.text("web_url"), testBaseURL+"/flightjs/Flight/-/compare/"+firstSHA+"..."+sha)
	straight := h.do("reporter", "GET", comparePath+"?from=feature&straight=true&unidiff=true&to="+sha, nil).want(200)
	assert.Equal(t, straight.text("diffs.2.deleted_file")+" "+straight.text("diffs.2.new_path"), "true feature.go")
	assert.Assert(t, strings.HasPrefix(straight.text("diffs.2.diff"), "--- a/feature.go\n+++ /dev/null\n@@"))
	same := h.do("reporter", "GET", comparePath+"?from=main&to=HEAD", nil).want(200)
	assert.Equal(t, same.text("compare_same_ref")+" "+string(same.body[:len(`{"commit":null,"commits":[],"diffs":[]`)]),
		`true {"commit":null,"commits":[],"diffs":[]`)
}
