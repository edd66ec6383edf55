package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// file is one file of an archive.
type file struct {
	name    string
	content []byte
	program bool // may be run
}

// archive builds the program for a platform and packs it with what every archive has.
func (b *build) archive(platform string, shared []file) error {
	program, err := b.program(platform)
	if err != nil {
		return err
	}
	system, processor, _ := strings.Cut(platform, "/")
	folder := fmt.Sprintf("statuschecks_%s_%s_%s", b.version, system, processor)
	files := append([]file{program}, shared...)
	pack, ending := tarred, ".tar.gz"
	if system == "windows" {
		pack, ending = zipped, ".zip"
	}
	packed, err := pack(folder, files, b.time)
	if err != nil {
		return err
	}
	b.sum(folder+ending, packed)
	return os.WriteFile(filepath.Join(b.folder, folder+ending), packed, 0o644)
}

func (f file) mode() int64 {
	if f.program {
		return 0o755
	}
	return 0o644
}

// tarred packs files below a folder as .tar.gz.
func tarred(folder string, files []file, at time.Time) ([]byte, error) {
	var packed bytes.Buffer
	compressed, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	w := tar.NewWriter(compressed)
	for _, f := range files {
		header := &tar.Header{
			Typeflag: tar.TypeReg, Name: path.Join(folder, f.name), Size: int64(len(f.content)), Mode: f.mode(),
			ModTime: at, Format: tar.FormatPAX,
		}
		if err := w.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.content); err != nil {
			return nil, err
		}
	}
	err = errors.Join(w.Close(), compressed.Close())
	return packed.Bytes(), err
}

// zipped packs files below a folder as .zip.
func zipped(folder string, files []file, at time.Time) ([]byte, error) {
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	for _, f := range files {
		header := &zip.FileHeader{Name: path.Join(folder, f.name), Method: zip.Deflate, Modified: at.UTC()}
		header.SetMode(os.FileMode(f.mode()))
		part, err := w.CreateHeader(header)
		if err != nil {
			return nil, err
		}
		if _, err := part.Write(f.content); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return packed.Bytes(), err
}
