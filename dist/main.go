// Command dist builds the archives of a release, for all platforms, on one machine.
//
// Two runs on the same commit give the same bytes: the build has no paths and no time in it, and files in the archives
// have the time of the commit. It runs go and git, and two tools at fixed versions through go run.
package main

import (
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
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

// build is one run.
type build struct {
	ctx       context.Context
	version   string
	folder    string    // for what is made
	scratch   string    // for what is in between
	time      time.Time // of all files
	sums      []string  // lines of checksums.txt
	platforms []string
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("dist: ")
	version := flag.String("version", "", "version of the release, such as 0.1.0")
	folder := flag.String("out", "bin/dist", "folder for the archives; what is in it is deleted")
	list := flag.String("platforms", platforms, "platforms to build for, with commas between them")
	flag.Parse()
	if *version == "" || flag.NArg() > 0 {
		log.Fatal("name the version, as in: go run ./dist -version 0.1.0")
	}
	b := &build{
		ctx: context.Background(), version: *version, folder: *folder, platforms: strings.Split(*list, ","),
	}
	if err := b.run(); err != nil {
		log.Fatal(err)
	}
}

func (b *build) run() error {
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

// compile builds the program for a platform, without anything of this machine in it.
func (b *build) compile(system, processor, into string) error {
	command := exec.CommandContext(b.ctx, "go", "build", "-trimpath", "-buildvcs=false",
		"-ldflags=-s -w -buildid= -X main.stamped="+b.version, "-o", into, "./cmd/statuschecks")
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+processor, "GOFLAGS=")
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
