package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// parseSettings reads a settings file: a mapping from commands to mappings from flags to values. It accepts no key that is not the name
// of a command or of one of its flags, and reports everything that is wrong, each with its place.
func parseSettings(name string, data []byte, flags map[string][]string) (map[string]map[string]setting, error) {
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, wrongUsage("%s:%s", name, yamlTrouble(err))
	}
	r := &settingsReader{name: name, flags: flags, sections: map[string]map[string]setting{}}
	for i, document := range file.Docs {
		switch {
		case i > 0:
			r.wrong.add("%s: a settings file holds one document, and this is another", r.place(document.Body))
		case document.Body != nil && document.Body.Type() != ast.NullType:
			r.root(document.Body)
		}
	}
	if len(r.wrong) > 0 {
		return nil, &exitError{exitUsage, errors.Join(r.wrong...)}
	}
	return r.sections, nil
}

// yamlTrouble is what the YAML parser says, as line:column: message.
func yamlTrouble(err error) string {
	var syntax yaml.Error
	if errors.As(err, &syntax) && syntax.GetToken() != nil {
		at := syntax.GetToken().Position
		return fmt.Sprintf("%d:%d: %s", at.Line, at.Column, syntax.GetMessage())
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return " " + first
}

type settingsReader struct {
	name     string
	flags    map[string][]string
	sections map[string]map[string]setting
	wrong    problems
}

func (r *settingsReader) place(n ast.Node) string {
	if n == nil || n.GetToken() == nil {
		return r.name
	}
	at := n.GetToken().Position
	return fmt.Sprintf("%s:%d:%d", r.name, at.Line, at.Column)
}

// pairs are the keys and values of a mapping.
func (r *settingsReader) pairs(n ast.Node, what string) []*ast.MappingValueNode {
	if pair, ok := n.(*ast.MappingValueNode); ok {
		return []*ast.MappingValueNode{pair}
	}
	mapping, ok := n.(*ast.MappingNode)
	if !ok {
		r.wrong.add("%s: %s must be a mapping of names to values", r.place(n), what)
		return nil
	}
	return mapping.Values
}

func (r *settingsReader) root(n ast.Node) {
	commands := slices.Sorted(maps.Keys(r.flags))
	for _, pair := range r.pairs(n, "the file") {
		command := pair.Key.GetToken().Value
		flags, known := r.flags[command]
		switch {
		case !known:
			r.wrong.add("%s: unknown section %q%s; the sections are %s", r.place(pair.Key), command, didYouMean(command, commands), strings.Join(commands, ", "))
		case pair.Value.Type() != ast.NullType:
			r.section(command, flags, pair.Value)
		}
	}
}

func (r *settingsReader) section(command string, flags []string, n ast.Node) {
	section := map[string]setting{}
	for _, pair := range r.pairs(n, "the section "+command) {
		flag := pair.Key.GetToken().Value
		if !slices.Contains(flags, flag) {
			r.wrong.add("%s: %s has no setting %q%s", r.place(pair.Key), command, flag, didYouMean(flag, flags))
			continue
		}
		section[flag] = setting{from: r.place(pair.Value), values: r.values(flag, pair.Value)}
	}
	r.sections[command] = section
}

// values are the texts of a single value or of a list of them.
func (r *settingsReader) values(flag string, n ast.Node) []string {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		return r.value(flag, n)
	}
	var values []string
	for _, item := range list.Values {
		values = append(values, r.value(flag, item)...)
	}
	return values
}

func (r *settingsReader) value(flag string, n ast.Node) []string {
	if _, single := n.(ast.ScalarNode); !single || n.Type() == ast.NullType {
		r.wrong.add("%s: %s takes a single value; leave the line out for the default", r.place(n), flag)
		return nil
	}
	if literal, ok := n.(*ast.LiteralNode); ok {
		return []string{literal.Value.Value}
	}
	return []string{n.GetToken().Value}
}
