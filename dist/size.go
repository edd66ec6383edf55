package main

import (
	"bufio"
	"cmp"
	"debug/elf"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// sections are those of a program, in words.
var sections = map[string]string{
	".text": "machine code", ".rodata": "constants, types, embedded files",
	".gopclntab": "names and lines for stack traces",
	".typelink":  "types", ".itablink": "types", ".data": "variables", ".noptrdata": "variables", ".go.module": "types",
}

// size prints what the bytes of the program are, for Linux on amd64: by section, and its machine code by module.
func (b *build) size() error {
	path := filepath.Join(b.scratch, "with-names")
	if err := b.link("linux", "amd64", path, strings.Replace(linkerFlags(b.version), "-s -w ", "", 1)); err != nil {
		return err
	}
	stripped, err := b.program("linux/amd64")
	if err != nil {
		return err
	}
	program, err := elf.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = program.Close() }()
	bytes := map[string]uint64{}
	for _, s := range program.Sections {
		if what := sections[s.Name]; what != "" {
			bytes[what] += s.Size
		}
	}
	fmt.Printf("| what | MB |\n| --- | --- |\n| the program, stripped | %.1f |\n", float64(len(stripped.content))/1e6)
	printSizes(bytes, "")
	code, err := b.codeByModule(path)
	if err != nil {
		return err
	}
	printSizes(code, "machine code of ")
	return nil
}

// codeByModule adds up the functions of a program by the module that they are from.
func (b *build) codeByModule(path string) (map[string]uint64, error) {
	modules := map[string]module{}
	if err := b.linked("linux/amd64", modules); err != nil {
		return nil, err
	}
	text, err := b.output("go", "tool", "nm", "-size", path)
	if err != nil {
		return nil, err
	}
	code := map[string]uint64{}
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 || !strings.EqualFold(fields[2], "t") {
			continue
		}
		n, err := strconv.ParseUint(fields[1], 10, 64)
		if err == nil {
			code[moduleOf(fields[3], modules)] += n
		}
	}
	return code, nil
}

// moduleOf is the module of a function, by its name.
func moduleOf(function string, modules map[string]module) string {
	for path := range modules {
		if strings.HasPrefix(function, path+"/") || strings.HasPrefix(function, path+".") {
			return path
		}
	}
	if strings.HasPrefix(function, "github.com/statuschecks/") || strings.HasPrefix(function, "main.") {
		return "this project"
	}
	return "the Go standard library"
}

// printSizes prints the rows of what has more than a tenth of a megabyte, largest first.
func printSizes(bytes map[string]uint64, before string) {
	largest := slices.SortedFunc(maps.Keys(bytes), func(a, b string) int { return -cmp.Compare(bytes[a], bytes[b]) })
	for _, what := range largest {
		if bytes[what] >= 1e5 {
			fmt.Fprintf(os.Stdout, "| %s%s | %.1f |\n", before, what, float64(bytes[what])/1e6)
		}
	}
}
