package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// largestFile is what a file that a person names has at most, in bytes. Recordings are the largest of them.
const largestFile = 256 << 20

var errLargeFile = errors.New("it is larger than 256 MiB")

// readFile reads a file that a person has named. It may be a pipe, and some have no end, as /dev/zero.
func readFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := readBounded(file, largestFile)
	if errors.Is(err, errLargeFile) {
		err = &fs.PathError{Op: "read", Path: path, Err: err}
	}
	return data, err
}

// readBounded reads all that there is, if it is not more than so many bytes.
func readBounded(from io.Reader, most int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(from, most+1))
	if err == nil && int64(len(data)) > most {
		return nil, errLargeFile
	}
	return data, err
}
