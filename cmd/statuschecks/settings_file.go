package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

var settingsFormat = strictyaml.Format{Noun: "settings file", Size: 256 << 10, Depth: 32}

// parseSettings reads a settings file: a mapping from commands to mappings from flags to values. It accepts no key that
// is not the name of a command or of one of its flags, and reports everything that is wrong, each with its place.
func parseSettings(name string, data []byte, flags map[string][]string) (map[string]map[string]setting, error) {
	r := &settingsReader{flags: flags, sections: map[string]map[string]setting{}, wrong: strictyaml.NewProblems(name,
		data)}
	if root := strictyaml.Read(r.wrong, data, settingsFormat); root != nil && root.Kind != strictyaml.Empty {
		r.root(root)
	}
	if found := r.wrong.Sorted(); len(found) > 0 {
		return nil, &exitError{exitUsage, errors.New(strictyaml.Join(found, " in "+name))}
	}
	return r.sections, nil
}

type settingsReader struct {
	flags    map[string][]string
	sections map[string]map[string]setting
	wrong    *strictyaml.Problems
}

// pairs are the keys and values of a mapping.
func (r *settingsReader) pairs(n *strictyaml.Node, what string) []strictyaml.Pair {
	if n.Kind != strictyaml.Mapping && n.Kind != "" {
		r.wrong.Add(n.Place, "%s must be a mapping of names to values, not %s", what, n.Kind)
	}
	return n.Pairs
}

func (r *settingsReader) root(n *strictyaml.Node) {
	commands := slices.Sorted(maps.Keys(r.flags))
	for _, pair := range r.pairs(n, "the file") {
		flags, known := r.flags[pair.Key]
		switch {
		case !known:
			near := strictyaml.DidYouMean(pair.Key, commands)
			r.wrong.Add(pair.Place, "unknown section %q%s; the sections are %s", pair.Key, near,
				strings.Join(commands, ", "))
		case pair.Value.Kind != strictyaml.Empty:
			r.section(pair.Key, flags, pair.Value)
		}
	}
}

func (r *settingsReader) section(command string, flags []string, n *strictyaml.Node) {
	section := map[string]setting{}
	for _, pair := range r.pairs(n, "the section "+command) {
		if !slices.Contains(flags, pair.Key) {
			r.wrong.Add(pair.Place, "%s has no setting %q%s", command, pair.Key, strictyaml.DidYouMean(pair.Key, flags))
			r.wrong.HideAfter(pair)
			continue
		}
		at := pair.Value.Place
		from := fmt.Sprintf("%s:%d:%d", r.wrong.File, at.Line, at.Column)
		section[pair.Key] = setting{from: from, values: r.values(pair.Key, pair.Value)}
	}
	r.sections[command] = section
}

// values are the texts of a single value or of a list of them.
func (r *settingsReader) values(flag string, n *strictyaml.Node) []string {
	if n.Kind != strictyaml.List {
		return r.value(flag, n)
	}
	var values []string
	for _, item := range n.Items {
		values = append(values, r.value(flag, item)...)
	}
	return values
}

func (r *settingsReader) value(flag string, n *strictyaml.Node) []string {
	if !n.IsScalar() || n.Kind == strictyaml.Empty {
		r.wrong.Add(n.Place, "%s takes a single value; leave the line out for the default", flag)
		return nil
	}
	return []string{n.Text}
}
