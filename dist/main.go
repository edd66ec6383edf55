// Command dist builds what a release consists of, for all platforms, on one machine: archives, and packages for the
// package managers of other languages.
//
// Two runs on the same commit give the same bytes: the build has no paths and no time in it, and files in the archives
// have the time of the commit. It runs go and git, and two tools at fixed versions through go run.
package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// platforms are what a release is built for.
const platforms = "linux/amd64,linux/arm64,darwin/amd64,darwin/arm64,windows/amd64,windows/arm64"

// The tools that dist runs.
const (
	sbomTool = "github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.9.0"
	manTool  = "github.com/cpuguy83/go-md2man/v2@v2.0.7"
)

// largestProgram is how many bytes a program may have, so that nobody waits for its download.
const largestProgram = 34_000_000

// parts are what dist can make, by the name that -make takes.
var parts = map[string]func(*build) error{
	"archives": (*build).archives, "contents": (*build).contents, "npm": (*build).npm, "wheels": (*build).wheels,
	"gems": (*build).gems, "jars": (*build).jars, "programs": (*build).unpacked,
	"size": (*build).size,
}

// build is one run.
type build struct {
	ctx       context.Context
	version   string
	folder    string    // for what is made
	scratch   string    // for what is in between
	time      time.Time // of all files
	sums      []string  // lines of checksums.txt
	platforms []string
	programs  map[string][]byte // by platform, once they are built
	licences  []file            // once they are collected
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("dist: ")
	version := flag.String("version", "", "version of the release, such as 0.1.0")
	folder := flag.String("out", "bin/dist", "folder for the archives; what is in it is deleted")
	list := flag.String("platforms", platforms, "platforms to build for, with commas between them")
	wanted := flag.String("make", "archives", "what to make, with commas: "+
		strings.Join(slices.Sorted(maps.Keys(parts)), ", "))
	flag.Parse()
	if *version == "" || flag.NArg() > 0 {
		log.Fatal("name the version, as in: go run ./dist -version 0.1.0")
	}
	b := &build{
		ctx: context.Background(), version: *version, folder: *folder, platforms: strings.Split(*list, ","),
		programs: map[string][]byte{},
	}
	if err := b.run(strings.Split(*wanted, ",")); err != nil {
		log.Fatal(err)
	}
}

func (b *build) run(wanted []string) error {
	if err := os.RemoveAll(b.folder); err != nil {
		return err
	}
	b.scratch = filepath.Join(b.folder, "scratch")
	if err := os.MkdirAll(b.scratch, 0o755); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(b.scratch) }()
	stamp, err := b.output("git", "log", "-1", "--format=%cI")
	if err != nil {
		return err
	}
	if b.time, err = time.Parse(time.RFC3339, strings.TrimSpace(stamp)); err != nil {
		return fmt.Errorf("read the time of the commit: %w", err)
	}
	for _, name := range wanted {
		part := parts[name]
		if part == nil {
			return fmt.Errorf("-make does not know %q", name)
		}
		if err := part(b); err != nil {
			return fmt.Errorf("make %s: %w", name, err)
		}
	}
	return nil
}

// archives makes an archive for each platform, with checksums and an SBOM beside them.
func (b *build) archives() error {
	shared, err := b.sharedFiles()
	if err != nil {
		return err
	}
	for _, platform := range b.platforms {
		if err := b.archive(platform, shared); err != nil {
			return fmt.Errorf("%s: %w", platform, err)
		}
	}
	if err := b.sbom(); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(b.folder, "checksums.txt"), []byte(strings.Join(b.sums, "")), 0o644)
}

// contents writes what archives have beside the program as files, for other tools that make archives.
func (b *build) contents() error {
	shared, err := b.sharedFiles()
	if err != nil {
		return err
	}
	return writeFiles(b.folder, shared)
}

// eachPlatform does something with the program of each platform and the licences that go with it.
func (b *build) eachPlatform(do func(platform string, program file, papers []file) error) error {
	papers, err := b.papers()
	if err != nil {
		return err
	}
	for _, platform := range b.platforms {
		program, err := b.program(platform)
		if err == nil {
			err = do(platform, program, papers)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", platform, err)
		}
	}
	return nil
}

// unpacked writes the program of each platform with its licences, for the image.
func (b *build) unpacked() error {
	return b.eachPlatform(func(platform string, program file, papers []file) error {
		folder := filepath.Join(b.folder, "programs", strings.ReplaceAll(platform, "/", "-"))
		return writeFiles(folder, append([]file{program}, papers...))
	})
}

// writeFiles writes files below a folder.
func writeFiles(folder string, files []file) error {
	for _, f := range files {
		path := filepath.Join(folder, filepath.FromSlash(f.name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, f.content, os.FileMode(f.mode())); err != nil {
			return err
		}
	}
	return nil
}

// program is the program for a platform, and the name of its file. It is built once.
func (b *build) program(platform string) (file, error) {
	system, processor, ok := strings.Cut(platform, "/")
	if !ok {
		return file{}, errors.New("a platform is written as linux/amd64")
	}
	name := "statuschecks"
	if system == "windows" {
		name += ".exe"
	}
	if built := b.programs[platform]; built != nil {
		return file{name, built, true}, nil
	}
	path := filepath.Join(b.scratch, system+"-"+processor+"-"+name)
	if err := b.compile(system, processor, path); err != nil {
		return file{}, err
	}
	built, err := os.ReadFile(path)
	if err != nil {
		return file{}, err
	}
	if len(built) > largestProgram {
		return file{}, fmt.Errorf("the program has %d bytes, more than %d; make size shows what takes them", len(built),
			largestProgram)
	}
	b.programs[platform] = built
	return file{name, built, true}, nil
}

// sbom lists what is in the program, in CycloneDX's JSON.
func (b *build) sbom() error {
	name := "statuschecks_" + b.version + ".cdx.json"
	path := filepath.Join(b.folder, name)
	if _, err := b.output("go", "run", sbomTool, "bin", "-json", "-noserial", "-licenses", "-version", "v"+b.version,
		"-output", path, b.ownProgram()); err != nil {
		return fmt.Errorf("write the SBOM: %w", err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text = withoutTimestamp(text)
	if err := os.WriteFile(path, text, 0o644); err != nil {
		return err
	}
	b.sum(name, text)
	return nil
}

// ownProgram is where the program for this machine is built.
func (b *build) ownProgram() string { return filepath.Join(b.scratch, "own") }

// sum notes the checksum of a file.
func (b *build) sum(name string, content []byte) {
	b.sums = append(b.sums, fmt.Sprintf("%x  %s\n", sha256.Sum256(content), name))
}

// How the program is built: without anything of this machine in it, and without inlining in the libraries of pb33f,
// which only verify uses: that saves half a megabyte.
var (
	buildFlags       = []string{"build", "-trimpath", "-buildvcs=false", "-gcflags=github.com/pb33f/...=-l"}
	buildEnvironment = []string{"CGO_ENABLED=0", "GOFLAGS="}
)

func linkerFlags(version string) string { return "-s -w -buildid= -X main.stamped=" + version }

// compile builds the program for a platform.
func (b *build) compile(system, processor, into string) error {
	return b.link(system, processor, into, linkerFlags(b.version))
}

// link does so with other flags for the linker.
func (b *build) link(system, processor, into, linker string) error {
	flags := append(slices.Clone(buildFlags), "-ldflags="+linker, "-o", into, "./cmd/statuschecks")
	// #nosec G204 -- the flags are those above
	command := exec.CommandContext(b.ctx, "go", flags...)
	command.Env = append(append(os.Environ(), buildEnvironment...), "GOOS="+system, "GOARCH="+processor)
	if text, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, text)
	}
	return nil
}

// output is what a program prints. Its messages are in the error.
func (b *build) output(name string, arguments ...string) (string, error) {
	command := exec.CommandContext(b.ctx, name, arguments...)
	var messages strings.Builder
	command.Stderr = &messages
	text, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s", name, err, messages.String())
	}
	return string(text), nil
}
