package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"
)

var (
	commitTime = time.Date(2026, 2, 3, 10, 0, 0, 0, time.UTC)
	sample     = []file{{"statuschecks", []byte("program"), true}, {"man/statuschecks.1", []byte("manual"), false}}
)

// unpacked are the files of an archive with what the archive says of them.
type unpacked struct {
	Name, Content string
	Mode          int64
	Time          time.Time
}

var wantUnpacked = []unpacked{
	{"s/statuschecks", "program", 0o755, commitTime},
	{"s/man/statuschecks.1", "manual", 0o644, commitTime},
}

// packedTwice packs the sample twice, which must give the same bytes.
func packedTwice(t *testing.T, pack func(string, []file, time.Time) ([]byte, error)) []byte {
	t.Helper()
	packed, err := pack("s", sample, commitTime)
	assert.NilError(t, err)
	again, err := pack("s", sample, commitTime)
	assert.NilError(t, err)
	assert.Assert(t, bytes.Equal(packed, again), "two archives of the same files differ")
	return packed
}

func TestTarred(t *testing.T) {
	t.Parallel()
	packed := packedTwice(t, tarred)
	plain, err := gzip.NewReader(bytes.NewReader(packed))
	assert.NilError(t, err)
	var found []unpacked
	for r := tar.NewReader(plain); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		assert.NilError(t, err)
		content, err := io.ReadAll(r)
		assert.NilError(t, err)
		found = append(found, unpacked{header.Name, string(content), header.Mode, header.ModTime.UTC()})
		assert.Equal(t, header.Uid, 0)
		assert.Equal(t, header.Uname, "")
	}
	assert.DeepEqual(t, found, wantUnpacked)
}

func TestZipped(t *testing.T) {
	t.Parallel()
	packed := packedTwice(t, zipped)
	r, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	assert.NilError(t, err)
	var found []unpacked
	for _, f := range r.File {
		part, err := f.Open()
		assert.NilError(t, err)
		content, err := io.ReadAll(part)
		assert.NilError(t, err)
		found = append(found, unpacked{f.Name, string(content), int64(f.Mode().Perm()), f.Modified.UTC()})
	}
	assert.DeepEqual(t, found, wantUnpacked)
}

func TestWithoutTimestamp(t *testing.T) {
	t.Parallel()
	text := "{\n  \"metadata\": {\n    \"timestamp\": \"2026-02-03T10:00:00Z\",\n    \"tools\": []\n  }\n}\n"
	assert.Equal(t, string(withoutTimestamp([]byte(text))), "{\n  \"metadata\": {\n    \"tools\": []\n  }\n}\n")
}

func TestWheelRecord(t *testing.T) {
	t.Parallel()
	record := wheelRecord([]file{{"a/b.py", []byte("pass\n"), false}}, "s.dist-info/")
	assert.Equal(t, string(record),
		"a/b.py,sha256=n1bnYdeb_bNDBKASWGywTRa0Ne9hMAkal3AuVZJgovI,5\ns.dist-info/RECORD,,\n")
}

func TestPlatforms_haveNamesEverywhere(t *testing.T) {
	t.Parallel()
	for platform := range strings.SplitSeq(platforms, ",") {
		assert.Assert(t, wheelTags[platform] != "" && gemPlatforms[platform] != "", platform)
		assert.Assert(t, !strings.Contains(nodePlatform(platform), "amd64"), platform)
	}
	assert.Equal(t, nodePlatform("windows/amd64"), "win32-x64")
}
