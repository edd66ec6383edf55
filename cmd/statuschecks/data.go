package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/postgres"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// saveInterval is how long the mock rests between two writings of its data.
const saveInterval = time.Second

// keeper keeps the worlds of a mock.
type keeper struct {
	save    func(context.Context) error
	beside  []func(context.Context) // what else is to be done meanwhile, until the context ends
	where   slog.Attr               // what the worlds are kept in
	mock    *mockserver.Server
	log     *slog.Logger
	failing bool // the last time it could not be written, which was said
}

// dataFile is a file that holds the worlds of a mock.
type dataFile struct {
	path    string
	mock    *mockserver.Server
	written []byte // first line of what the file holds, as far as is known; nil when there is no file
}

// errForeignData is why a file is not overwritten.
var errForeignData = errors.New("somebody else has written the file meanwhile, perhaps another mock that keeps its " +
	"data there; it is left as it is")

// openData fills the mock with what a file holds. Without a file it makes one, to see that this is possible.
func openData(path string, mock *mockserver.Server, log *slog.Logger) (*keeper, mockserver.Data, error) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target // so that the link stays one
	}
	file := &dataFile{path: path, mock: mock}
	file.sweep()
	k := &keeper{save: file.save, where: slog.String("file", path), mock: mock, log: log}
	in, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := file.save(context.Background()); err != nil {
			return nil, mockserver.Data{}, wrongUsage("no data can be kept in %s: %w; check --data", path, err)
		}
		log.Info("there are no data yet; they will be kept in this file", "file", path)
		return k, mockserver.Data{}, nil
	case err != nil:
		return nil, mockserver.Data{}, wrongUsage("the data cannot be read: %w; check --data", err)
	}
	defer in.Close()
	if info, err := in.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, mockserver.Data{}, wrongUsage("no data can be kept in %s: it is no file; check --data", path)
	}
	found, err := mock.ReadData(in)
	if err != nil {
		return nil, found, wrongUsage("%s cannot be used: %w; nothing was changed: move the file away to begin anew",
			path, err)
	}
	begin := make([]byte, 1<<10) // of which the first line takes a part
	n, _ := in.ReadAt(begin, 0)
	file.written = firstLine(begin[:n])
	log.Info("found data, and go on with them; --seed, --gitlab-version and --feature are not used", "file", path,
		"saved_at", found.SavedAt, "worlds", found.Worlds)
	return k, found, nil
}

func firstLine(text []byte) []byte {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return line
}

// run writes the data when something has changed, at most once in an interval, until the context ends. It begins as
// much earlier as writing takes, so that a change is kept an interval later.
func (k *keeper) run(ctx context.Context) {
	for {
		changed, began := k.mock.Changed(), time.Now()
		k.try(ctx)
		took := time.Since(began)
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Until(began.Add(max(saveInterval-took, took)))):
		}
	}
}

// try writes the data and says it when that begins to fail, and when it works again.
func (k *keeper) try(ctx context.Context) {
	err := k.save(ctx)
	switch {
	case err != nil && ctx.Err() != nil: // broken off, to be done once more at the end
	case err != nil && !k.failing:
		k.log.Error("the data cannot be kept; there is what was written before, and it is tried again", k.where,
			"error", err)
	case err == nil && k.failing:
		k.log.Info("the data are kept again", k.where)
	}
	k.failing = err != nil
}

// save writes the data beside the file and then puts them in its place, so that there is a whole file at any time.
func (k *dataFile) save(context.Context) error {
	var text bytes.Buffer
	if err := k.mock.WriteData(&text); err != nil {
		return err
	}
	if err := k.untouched(); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(k.path), k.temporary())
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temporary.Name()) }() // which is gone if all went well
	_, err = temporary.Write(text.Bytes())
	err = errors.Join(err, temporary.Sync(), temporary.Close())
	if err != nil {
		return err
	}
	if err := os.Rename(temporary.Name(), k.path); err != nil {
		return err
	}
	k.written = firstLine(text.Bytes())
	syncFolder(filepath.Dir(k.path))
	return nil
}

// untouched fails if the file is not any more what was read or written last.
func (k *dataFile) untouched() error {
	file, err := os.Open(k.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	begin := make([]byte, len(k.written)+1)
	n, _ := file.Read(begin)
	if k.written == nil || !bytes.Equal(firstLine(begin[:n]), k.written) {
		return errForeignData
	}
	return nil
}

// syncFolder makes a renaming last. Not every system can, and then it lasts anyway as long as the system does.
func syncFolder(path string) {
	if folder, err := os.Open(path); err == nil {
		_ = folder.Sync()
		_ = folder.Close()
	}
}

// sweep removes new files that did not take the place of the old one, as the mock was killed.
func (k *dataFile) sweep() {
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(k.path), k.temporary()))
	for _, path := range left {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && time.Since(info.ModTime()) > oldEnough {
			_ = os.Remove(path)
		}
	}
}

// oldEnough is the age of a new file that no other mock can be writing still.
const oldEnough = time.Minute

// temporary is what a new file is called, with a star for what tells them apart.
func (k *dataFile) temporary() string { return "." + filepath.Base(k.path) + "-*" }

// openData opens the file or the database of --data, if it is given, and returns the seed that the mock is reset to
// from now on, if that is the one found.
func (o *serveOptions) openData(mock *mockserver.Server, store *postgres.Store, log *slog.Logger) (
	kept *keeper, _ *seed.Document, err error,
) {
	var found mockserver.Data
	switch {
	case o.data == "":
		return nil, nil, nil
	case store != nil:
		kept, found, err = openDatabase(store, mock, log)
	default:
		kept, found, err = openData(o.data, mock, log)
	}
	if err != nil || found.SavedAt.IsZero() {
		return kept, nil, err
	}
	return kept, &found.Seed, nil
}

// during keeps the data while something runs, and once more afterwards. Without a place for them it just runs.
func (k *keeper) during(ctx context.Context, run func() error) error {
	if k == nil {
		return run()
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	var keeping sync.WaitGroup
	keeping.Go(func() { k.run(ctx) })
	for _, one := range k.beside {
		keeping.Go(func() { one(ctx) })
	}
	failed := run()
	stop()
	keeping.Wait()
	if err := k.save(context.Background()); err != nil {
		k.log.Error("the last changes could not be kept; there is what was written before", k.where, "error", err)
		return errors.Join(failed, cannotServe("the data could not be kept in %s: %w", k.where.Value, err))
	}
	return failed
}
