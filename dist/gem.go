package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// gemPlatforms are the platforms as RubyGems calls them.
var gemPlatforms = map[string]string{
	"linux/amd64": "x86_64-linux", "linux/arm64": "aarch64-linux", "darwin/amd64": "x86_64-darwin",
	"darwin/arm64": "arm64-darwin", "windows/amd64": "x64-mingw-ucrt", "windows/arm64": "aarch64-mingw-ucrt",
}

// gems writes the Ruby gems as folders for gem build, one for each platform.
func (b *build) gems() error { return b.eachPlatform(b.gem) }

func (b *build) gem(platform string, program file, papers []file) error {
	name := gemPlatforms[platform]
	if name == "" {
		return errors.New("RubyGems has no name for it")
	}
	files, err := filesIn("packages/ruby")
	if err != nil {
		return err
	}
	for i, f := range files {
		if f.name == "statuschecks.gemspec" {
			text := bytes.Replace(f.content, []byte(`"0.0.0"`), []byte(`"`+b.version+`"`), 1)
			files[i].content = bytes.Replace(text, []byte(`"ruby"`), []byte(`"`+name+`"`), 1)
		}
	}
	program.name = "libexec/" + program.name
	return writeFiles(filepath.Join(b.folder, "gems", "statuschecks-"+name), append(append(files, program), papers...))
}

// jars makes the Java module as a folder for Maven, and a jar with the program for each platform, which stands for its
// classifier.
func (b *build) jars() error {
	files, err := filesIn("packages/java")
	if err != nil {
		return err
	}
	for i, f := range files {
		if f.name == "pom.xml" {
			files[i].content = bytes.Replace(f.content, []byte("<version>0.0.0<"), []byte("<version>"+b.version+"<"), 1)
		}
	}
	folder := filepath.Join(b.folder, "java")
	if err := writeFiles(folder, files); err != nil {
		return err
	}
	return b.eachPlatform(func(platform string, program file, papers []file) error {
		named := strings.ReplaceAll(platform, "/", "-")
		program.name = fmt.Sprintf("statuschecks/%s/%s", named, program.name)
		content := []file{{name: "META-INF/MANIFEST.MF", content: []byte("Manifest-Version: 1.0\r\n\r\n")}, program}
		for _, p := range papers {
			p.name = "META-INF/" + p.name
			content = append(content, p)
		}
		packed, err := zipped("", content, b.time)
		if err != nil {
			return err
		}
		name := fmt.Sprintf("statuschecks-program-%s-%s.jar", b.version, named)
		return os.WriteFile(filepath.Join(folder, name), packed, 0o644)
	})
}
