package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// npm writes the npm packages as folders for npm pack or npm publish: one with the program for each platform, and one
// with the launcher and the library, which depends on them.
func (b *build) npm() error {
	platforms := map[string]string{}
	if err := b.eachPlatform(func(platform string, program file, papers []file) error {
		platforms[npmName(platform)] = b.version
		return b.npmPlatform(platform, program, papers)
	}); err != nil {
		return err
	}
	papers, err := b.papers()
	if err != nil {
		return err
	}
	files, err := filesIn("packages/npm/statuschecks")
	if err != nil {
		return err
	}
	for i, f := range files {
		if f.name != "package.json" {
			continue
		}
		if files[i].content, err = npmManifest(f.content, map[string]any{
			"version": b.version, "optionalDependencies": platforms,
		}); err != nil {
			return err
		}
	}
	return writeFiles(filepath.Join(b.folder, "npm", "statuschecks"), append(files, papers...))
}

// npmName is the name of the package with the program for a platform.
func npmName(platform string) string { return "@statuschecks/" + nodePlatform(platform) }

// npmPlatform writes the package with the program for a platform.
func (b *build) npmPlatform(platform string, program file, papers []file) error {
	name := npmName(platform)
	system, processor, _ := strings.Cut(nodePlatform(platform), "-")
	manifest, err := npmManifest([]byte("{}"), map[string]any{
		"name": name, "version": b.version, "license": "MIT",
		"description": "The program of statuschecks for " + platform + "; install statuschecks instead",
		"os":          []string{system}, "cpu": []string{processor},
	})
	if err != nil {
		return err
	}
	program.name = "bin/" + program.name
	files := append([]file{{name: "package.json", content: manifest}, program}, papers...)
	return writeFiles(filepath.Join(b.folder, "npm", filepath.FromSlash(name)), files)
}

// npmManifest is a package.json with some keys set.
func npmManifest(text []byte, set map[string]any) ([]byte, error) {
	manifest := map[string]any{}
	if err := json.Unmarshal(text, &manifest); err != nil {
		return nil, fmt.Errorf("read package.json: %w", err)
	}
	for key, value := range set {
		manifest[key] = value
	}
	written, err := json.MarshalIndent(manifest, "", "  ")
	return append(written, '\n'), err
}

// nodePlatform is a platform as Node.js calls it, such as linux-x64.
func nodePlatform(platform string) string {
	return strings.NewReplacer("/", "-", "windows", "win32", "amd64", "x64").Replace(platform)
}

// papers are the licences, which every package has. They are collected once.
func (b *build) papers() ([]file, error) {
	if b.licences != nil {
		return b.licences, nil
	}
	licence, err := os.ReadFile("LICENSE")
	if err != nil {
		return nil, err
	}
	notices, err := b.notices()
	b.licences = []file{{name: "LICENSE", content: licence}, {name: "NOTICES", content: notices}}
	return b.licences, err
}

// filesIn are the files below a folder but for its tests, with their paths from it. Those in bin and exe may be run.
func filesIn(folder string) ([]file, error) {
	var files []file
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			if err == nil && slices.Contains([]string{"__pycache__", "test"}, entry.Name()) {
				return fs.SkipDir
			}
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		below, err := filepath.Rel(folder, path)
		name := filepath.ToSlash(below)
		files = append(files, file{name, content, strings.HasPrefix(name, "bin/") || strings.HasPrefix(name, "exe/")})
		return err
	})
	return files, err
}
