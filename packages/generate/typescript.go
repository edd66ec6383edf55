package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"text/template"
)

// functions are what templates call.
var functions = template.FuncMap{
	"ts": func(s *schema) string { return typeScript(s, "") }, "lower": strings.ToLower, "join": strings.Join,
	"snake": snake, "fill": filled,
	"python": pythonDeclaration, "py": pythonType, "camel": camel, "javaPath": javaPath,
}

var (
	wordEnd    = regexp.MustCompile(`([a-z0-9])([A-Z])`)
	acronym    = regexp.MustCompile(`([A-Z]+)([A-Z][a-z])`)
	parameter  = regexp.MustCompile(`\{([^}]+)\}`)
	identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// snake is a name as Python and Ruby write it: getSHARequirement is get_sha_requirement.
func snake(name string) string {
	return strings.ToLower(wordEnd.ReplaceAllString(acronym.ReplaceAllString(name, "${1}_$2"), "${1}_$2"))
}

// filled is a path whose parameters are replaced by a pattern, in which $1 is the name of the parameter.
func filled(path, pattern string) string { return parameter.ReplaceAllString(path, pattern) }

// typeScript is a schema as a type of TypeScript.
func typeScript(s *schema, indent string) string {
	made := plainTypeScript(s, indent)
	if s.Nullable {
		made += " | null"
	}
	return made
}

func plainTypeScript(s *schema, indent string) string {
	switch {
	case s.Ref != "":
		return s.Ref
	case len(s.Enum) > 0:
		return choices(s.Enum, " | ")
	case len(s.OneOf) > 0:
		var all []string
		for _, one := range s.OneOf {
			all = append(all, typeScript(one, indent))
		}
		return strings.Join(all, " | ")
	case s.Items != nil:
		return "Array<" + typeScript(s.Items, indent) + ">"
	case len(s.Properties) > 0:
		return typeScriptObject(s, indent)
	case s.Extra != nil:
		return "Record<string, " + typeScript(s.Extra, indent) + ">"
	}
	switch s.Type {
	case "integer", "number":
		return "number"
	case "string", "boolean":
		return s.Type
	case "object":
		return "Record<string, unknown>"
	}
	return "unknown"
}

func typeScriptObject(s *schema, indent string) string {
	var b strings.Builder
	b.WriteString("{\n")
	inner := indent + "  "
	for _, p := range s.Properties {
		if p.Schema.Description != "" {
			fmt.Fprintf(&b, "%s/** %s */\n", inner, p.Schema.Description)
		}
		name := p.Name
		if !identifier.MatchString(name) {
			name = fmt.Sprintf("%q", name)
		}
		if !p.Required {
			name += "?"
		}
		fmt.Fprintf(&b, "%s%s: %s;\n", inner, name, typeScript(p.Schema, inner))
	}
	if s.Extra != nil {
		fmt.Fprintf(&b, "%s[name: string]: unknown;\n", inner)
	}
	b.WriteString(indent + "}")
	return b.String()
}

// choices are the values of an enum as literals.
func choices(values []any, between string) string {
	var all []string
	for _, v := range values {
		literal, _ := json.Marshal(v) // text, number, boolean or null
		all = append(all, string(literal))
	}
	return strings.Join(all, between)
}
