package main

import (
	"fmt"
	"slices"
	"strings"
)

// pythonKeywords that are names of properties; a class cannot have them as attributes.
var pythonKeywords = []string{"from", "is", "in", "not", "and", "or", "if", "with", "as", "pass", "global", "class"}

// pythonDeclaration declares a schema: a class for an object whose properties are known, else another name of a type.
func pythonDeclaration(n named) string {
	s := n.Schema
	if len(s.Properties) == 0 {
		return fmt.Sprintf("%s = %s", n.Name, pythonAtRuntime(s))
	}
	if !slices.ContainsFunc(s.Properties, func(p named) bool { return !isPythonName(p.Name) }) {
		var b strings.Builder
		fmt.Fprintf(&b, "\nclass %s(TypedDict, total=False):\n", n.Name)
		if s.Description != "" {
			fmt.Fprintf(&b, "    \"\"\"%s\"\"\"\n\n", s.Description)
		}
		for _, p := range s.Properties {
			fmt.Fprintf(&b, "    %s: %s\n", p.Name, pythonType(p.Schema))
		}
		return b.String()
	}
	return n.Name + " = Dict[str, Any]"
}

func isPythonName(name string) bool {
	return identifier.MatchString(name) && !slices.Contains(pythonKeywords, name)
}

// pythonType is a schema as an annotation.
func pythonType(s *schema) string {
	made := plainPythonType(s)
	if s.Nullable {
		made = "Optional[" + made + "]"
	}
	return made
}

// pythonAtRuntime is a schema as an expression. Classes are named by text, as they may be declared further down.
func pythonAtRuntime(s *schema) string {
	if s.Items != nil && s.Items.Ref != "" {
		return fmt.Sprintf("List[%q]", s.Items.Ref)
	}
	return pythonType(s)
}

// pythonChoices are the values as Python writes them.
func pythonChoices(values []any) string {
	var all []string
	for _, v := range values {
		written := choices([]any{v}, "")
		switch v {
		case nil:
			written = "None"
		case true:
			written = "True"
		case false:
			written = "False"
		}
		all = append(all, written)
	}
	return strings.Join(all, ", ")
}

func plainPythonType(s *schema) string {
	switch {
	case s.Ref != "":
		return s.Ref
	case len(s.Enum) > 0:
		return "Literal[" + pythonChoices(s.Enum) + "]"
	case len(s.OneOf) > 0:
		var all []string
		for _, one := range s.OneOf {
			all = append(all, pythonType(one))
		}
		return "Union[" + strings.Join(all, ", ") + "]"
	case s.Items != nil:
		return "List[" + pythonType(s.Items) + "]"
	case len(s.Properties) == 0 && s.Extra != nil:
		return "Dict[str, " + pythonType(s.Extra) + "]"
	}
	switch s.Type {
	case "integer":
		return "int"
	case "number":
		return "float"
	case "boolean":
		return "bool"
	case "string":
		return "str"
	case "object":
		return "Dict[str, Any]"
	}
	return "Any"
}
