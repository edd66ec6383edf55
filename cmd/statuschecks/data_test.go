package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/control"
)

// mockWith makes a mock with a file, and what it logs.
func mockWith(t *testing.T, path string) (*mockserver.Server, *keeper, *bytes.Buffer) {
	t.Helper()
	mock, err := mockserver.New(mockserver.Options{})
	assert.NilError(t, err)
	var log bytes.Buffer
	kept, _, err := openData(path, mock, slog.New(slog.NewTextHandler(&log, nil)))
	assert.NilError(t, err)
	return mock, kept, &log
}

// The file follows the mock: at once, then at most once a second, and at the end.
func TestKeeper(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "worlds.data")
		mock, kept, log := mockWith(t, path)
		assert.Assert(t, strings.Contains(log.String(), "there are no data yet"), log)
		licensed := func() bool {
			again, _, log := mockWith(t, path)
			assert.Assert(t, strings.Contains(log.String(), "found data"), log)
			return again.Licence().Licensed
		}
		err := kept.during(t.Context(), func() error {
			synctest.Wait()
			set := func(on bool) {
				assert.NilError(t, mock.SetLicence(control.Licence{Licensed: on}))
				synctest.Wait()
			}
			set(false)
			assert.Assert(t, licensed(), "it rests a second after it was begun")
			time.Sleep(saveInterval)
			synctest.Wait()
			assert.Assert(t, !licensed())
			set(true)
			assert.Assert(t, !licensed())
			return nil
		})
		assert.NilError(t, err)
		assert.Assert(t, licensed(), "the end is kept at once")
	})
}

// A file that cannot be used is left alone, and what is wrong is said.
func TestKeeper_refuses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "worlds.data")
	mock, kept, _ := mockWith(t, path)
	assert.NilError(t, kept.save(t.Context()))
	whole, err := os.ReadFile(path)
	assert.NilError(t, err)
	for _, text := range []string{"users: []\n", string(whole[:len(whole)-9]), "{\"statuschecks_data\":9}\n"} {
		assert.NilError(t, os.WriteFile(path, []byte(text), 0o600))
		_, _, err := openData(path, mock, slog.New(slog.DiscardHandler))
		assert.ErrorContains(t, err, path+" cannot be used: the data")
		assert.ErrorContains(t, err, "move the file away to begin anew")
		left, err := os.ReadFile(path)
		assert.NilError(t, err)
		assert.Equal(t, string(left), text)
		if !bytes.HasPrefix(whole, []byte(text)) { // of what was cut, the first line is still ours
			assert.ErrorIs(t, kept.save(t.Context()), errForeignData)
		}
	}
	_, _, err = openData(filepath.Dir(path), mock, slog.New(slog.DiscardHandler))
	assert.ErrorContains(t, err, "it is no file; check --data")
	_, _, err = openData(filepath.Join(path, "below"), mock, slog.New(slog.DiscardHandler))
	assert.ErrorContains(t, err, "check --data")
}

// What cannot be written is said once, and the old file stays.
func TestKeeper_fullDisk(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "folder")
	assert.NilError(t, os.Mkdir(folder, 0o700))
	path := filepath.Join(folder, "worlds.data")
	_, kept, log := mockWith(t, path)
	assert.NilError(t, os.Rename(folder, folder+"-away"))
	kept.try(t.Context())
	kept.try(t.Context())
	assert.Equal(t, strings.Count(log.String(), "the data cannot be kept"), 1, log)
	assert.ErrorContains(t, kept.during(t.Context(), func() error { return nil }), "the data could not be kept")
	assert.NilError(t, os.Rename(folder+"-away", folder))
	kept.try(t.Context())
	assert.Equal(t, strings.Count(log.String(), "the data are kept again"), 1, log)
	left, err := os.ReadDir(folder)
	assert.NilError(t, err)
	assert.Equal(t, len(left), 1, "nothing is left beside the file")
}

// A link to the file stays one, and new files that a killed mock has left are removed.
func TestKeeper_links(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path, link := filepath.Join(folder, "worlds.data"), filepath.Join(t.TempDir(), "link")
	_, _, _ = mockWith(t, path)
	assert.NilError(t, os.Symlink(path, link))
	old, fresh := filepath.Join(folder, ".worlds.data-1"), filepath.Join(folder, ".worlds.data-2")
	for _, left := range []string{old, fresh} {
		assert.NilError(t, os.WriteFile(left, nil, 0o600))
	}
	assert.NilError(t, os.Chtimes(old, time.Time{}, time.Now().Add(-time.Hour)))
	before, err := os.ReadFile(path)
	assert.NilError(t, err)
	mock, kept, _ := mockWith(t, link)
	assert.NilError(t, mock.SetLicence(control.Licence{}))
	assert.NilError(t, kept.save(t.Context()))
	info, err := os.Lstat(link)
	assert.NilError(t, err)
	assert.Assert(t, info.Mode()&os.ModeSymlink != 0)
	after, err := os.ReadFile(path)
	assert.NilError(t, err)
	assert.Assert(t, !bytes.Equal(before, after))
	_, err = os.Stat(old)
	assert.ErrorIs(t, err, os.ErrNotExist)
	_, err = os.Stat(fresh)
	assert.NilError(t, err, "another mock may be writing it")
}
