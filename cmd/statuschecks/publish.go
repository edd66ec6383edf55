package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Who may read what is written. The ready file holds tokens.
const (
	forOwner     fs.FileMode = 0o600
	forEverybody fs.FileMode = 0o644
)

// writeWhole writes a file so that nobody ever sees a part of it. What is no ordinary file, such as a pipe, is written
// to as it is.
func writeWhole(path string, data []byte, mode fs.FileMode) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return withoutPath(os.WriteFile(path, data, mode))
	}
	return withoutPath(replaceFile(path, data, mode))
}

func replaceFile(path string, data []byte, mode fs.FileMode) error {
	draft, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = draft.Write(data)
	if err == nil {
		err = draft.Chmod(mode)
	}
	if closed := draft.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(draft.Name(), path)
	}
	if err != nil {
		_ = os.Remove(draft.Name())
	}
	return err
}

// readyFile is the file that tells that a mock is ready.
type readyFile struct {
	path    string // empty when there is none
	written []byte
}

// clear removes what an earlier run left, so that nobody takes it for this one. What no serve wrote is left alone.
func (f *readyFile) clear() error {
	if f.path == "" {
		return nil
	}
	info, err := os.Stat(f.path)
	if err != nil || !info.Mode().IsRegular() {
		return nil // nothing is there, or a pipe
	}
	text, err := os.ReadFile(f.path)
	if err == nil && len(bytes.TrimSpace(text)) > 0 && !isReadyLine(text) {
		return fmt.Errorf("the file %s is there, and no ready file of an earlier run; name another one with "+
			"--ready-file, or remove it", f.path)
	}
	if err == nil {
		err = os.Remove(f.path)
	}
	if err != nil {
		return fmt.Errorf("the ready file %s of an earlier run cannot be removed: %w; name another one with "+
			"--ready-file", f.path, withoutPath(err))
	}
	return nil
}

func isReadyLine(text []byte) bool {
	var note struct {
		Event string `json:"event"`
	}
	return json.Unmarshal(text, &note) == nil && note.Event == "ready"
}

// write writes the ready line.
func (f *readyFile) write(line []byte) error {
	if f.path == "" {
		return nil
	}
	if err := writeWhole(f.path, line, forOwner); err != nil {
		return fmt.Errorf("the ready file %s cannot be written: %w; check --ready-file", f.path, err)
	}
	f.written = line
	return nil
}

// remove takes the ready file away, unless another mock has written its own there since.
func (f *readyFile) remove() {
	if f.written == nil {
		return
	}
	info, err := os.Stat(f.path)
	if err != nil || !info.Mode().IsRegular() {
		return
	}
	if text, err := os.ReadFile(f.path); err == nil && bytes.Equal(text, f.written) {
		_ = os.Remove(f.path)
	}
}
