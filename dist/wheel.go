package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// wheelTags are the platforms as Python's wheels call them. The program is static, so that it runs with any C library.
var wheelTags = map[string]string{
	"linux/amd64":   "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64",
	"linux/arm64":   "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
	"darwin/amd64":  "macosx_12_0_x86_64",
	"darwin/arm64":  "macosx_12_0_arm64",
	"windows/amd64": "win_amd64",
	"windows/arm64": "win_arm64",
}

// wheels makes a wheel for each platform: the Python package with the program as a script.
func (b *build) wheels() error { return b.eachPlatform(b.wheel) }

func (b *build) wheel(platform string, program file, papers []file) error {
	tag := wheelTags[platform]
	if tag == "" {
		return errors.New("python has no name for it")
	}
	sources, err := filesIn("packages/python/statuschecks")
	if err != nil {
		return err
	}
	readme, err := os.ReadFile("packages/python/README.md")
	if err != nil {
		return err
	}
	name := "statuschecks-" + b.version
	info := name + ".dist-info/"
	var files []file
	for _, f := range sources {
		files = append(files, file{name: "statuschecks/" + f.name, content: f.content})
	}
	program.name = name + ".data/scripts/" + program.name
	files = append(files, program)
	for _, f := range papers {
		files = append(files, file{name: info + "licenses/" + f.name, content: f.content})
	}
	files = append(files, file{name: info + "METADATA", content: b.wheelMetadata(readme)},
		file{name: info + "WHEEL", content: wheelNote(tag)},
		file{name: info + "entry_points.txt", content: []byte(pytestEntry)})
	files = append(files, file{name: info + "RECORD", content: wheelRecord(files, info)})
	packed, err := zipped("", files, b.time)
	if err != nil {
		return err
	}
	folder := filepath.Join(b.folder, "wheels")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, name+"-py3-none-"+tag+".whl"), packed, 0o644)
}

func (b *build) wheelMetadata(readme []byte) []byte {
	return fmt.Appendf(nil, `Metadata-Version: 2.4
Name: statuschecks
Version: %s
Summary: A mock of GitLab's External Status Checks API for tests, and a conformance suite
License-Expression: MIT
License-File: LICENSE
License-File: NOTICES
Requires-Python: >=3.9
Classifier: Framework :: Pytest
Description-Content-Type: text/markdown

%s`, b.version, readme)
}

// pytestEntry tells pytest of its plugin.
const pytestEntry = "[pytest11]\nstatuschecks = statuschecks.pytest_plugin\n"

// wheelNote is the file WHEEL.
func wheelNote(tag string) []byte {
	var text bytes.Buffer
	text.WriteString("Wheel-Version: 1.0\nGenerator: statuschecks\nRoot-Is-Purelib: false\n")
	for one := range bytes.SplitSeq([]byte(tag), []byte(".")) {
		fmt.Fprintf(&text, "Tag: py3-none-%s\n", one)
	}
	return text.Bytes()
}

// wheelRecord lists the files of a wheel with their checksums.
func wheelRecord(files []file, info string) []byte {
	var text bytes.Buffer
	for _, f := range files {
		sum := sha256.Sum256(f.content)
		fmt.Fprintf(&text, "%s,sha256=%s,%d\n", f.name, base64.RawURLEncoding.EncodeToString(sum[:]), len(f.content))
	}
	fmt.Fprintf(&text, "%sRECORD,,\n", info)
	return text.Bytes()
}
