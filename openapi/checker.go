package openapi

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/openapi/internal/index"
	"github.com/statuschecks/statuschecks/release"
)

// checker walks a document along the shapes and reports what is not allowed.
type checker struct {
	root  *node
	found *problems
	ids   map[string]*node
}

func newChecker(root *node, found *problems) *checker {
	return &checker{root: root, found: found, ids: map[string]*node{}}
}

func (c *checker) check() {
	c.walk(c.root, documentShape, documentShape.name)
	if c.root.kind != objectNode {
		return
	}
	if paths := c.root.get("paths"); paths != nil {
		for _, path := range paths.members {
			c.path(path)
		}
	}
	if components := c.root.get("components"); components != nil {
		for _, kind := range components.members {
			for _, m := range kind.value.members {
				c.component(kind.name, m)
			}
		}
	}
}

// walk checks n against s. Label is the name of n in messages.
func (c *checker) walk(n *node, s *shape, label string) {
	if n.unread {
		return
	}
	if !s.anyKind && n.kind != s.kind {
		c.found.at(n, "%s must be %s, not %s", label, s.kind, n.kind)
		return
	}
	if s.refs && n.get("$ref") != nil {
		c.reference(n, s)
		return
	}
	switch {
	case n.kind == objectNode && s.keys != nil:
		c.keys(n, s)
	case n.kind == objectNode && s.named != nil:
		for _, m := range n.members {
			c.walk(m.value, s.named, m.name)
		}
	case n.kind == arrayNode && s.items != nil:
		for _, item := range n.items {
			c.walk(item, s.items, s.items.name)
		}
	case n.kind == stringNode && len(s.words) > 0 && !slices.Contains(s.words, n.text):
		near := strictyaml.DidYouMean(n.text, s.words)
		if near == "" {
			near = "; it can be " + strings.Join(s.words, ", ")
		}
		c.found.at(n, "%q is not known here%s", n.text, near)
	}
	if s.check != nil {
		s.check(c, n)
	}
}

func (c *checker) keys(n *node, s *shape) {
	known := slices.Sorted(maps.Keys(s.keys))
	for _, m := range n.members {
		if inner := s.keys[m.name]; inner != nil {
			c.walk(m.value, inner, m.name)
			continue
		}
		c.found.add(m.line, m.column, "%q is not a key of %s %s%s", m.name, article(s.name), s.name,
			strictyaml.DidYouMean(m.name, known))
	}
	for _, name := range s.required {
		if n.get(name) == nil {
			c.found.at(n, "%s %s needs %s", article(s.name), s.name, name)
		}
	}
}

func article(noun string) string {
	if strings.Contains("aeio", noun[:1]) {
		return "an"
	}
	return "a"
}

// componentKind says where the components of a shape are.
var componentKind = map[string]string{
	"schema": "schemas", "parameter": "parameters", "header": "headers",
	"response": "responses", "request body": "requestBodies",
}

func splitRef(ref string) (kind, name string, ok bool) {
	rest, ok := strings.CutPrefix(ref, "#/components/")
	if !ok {
		return "", "", false
	}
	return strings.Cut(rest, "/")
}

func (c *checker) reference(n *node, s *shape) {
	value := n.get("$ref")
	if len(n.members) > 1 {
		c.found.at(n, "a $ref stands alone: OpenAPI 3.0 ignores what is written beside it")
	}
	kind, name, ok := splitRef(value.text)
	if value.kind != stringNode || !ok || kind != componentKind[s.name] {
		c.found.at(value, "a %s is referred to as #/components/%s/NAME", s.name, componentKind[s.name])
		return
	}
	target := c.root.child("components", kind, name)
	if target == nil {
		c.found.at(value, "there is no %s%s", value.text, strictyaml.DidYouMean(name, c.names(kind)))
		return
	}
	c.cycle(value, target)
}

// cycle refuses references that only refer to each other.
func (c *checker) cycle(value, target *node) {
	for range maxDepth {
		kind, name, ok := splitRef(target.str("$ref"))
		if !ok {
			return
		}
		if target = c.root.child("components", kind, name); target == nil {
			return
		}
	}
	c.found.at(value, "this $ref leads in a circle")
}

func (c *checker) names(kind string) []string {
	var names []string
	if components := c.root.child("components", kind); components != nil {
		for _, m := range components.members {
			names = append(names, m.name)
		}
	}
	return names
}

var versionPattern = lazy.Regexp(`^[0-9]{1,3}\.[0-9]{1,3}$`)

func (c *checker) version(n *node) {
	switch {
	case n.kind == numberNode:
		c.found.at(n, "quote the version: without quotes 14.10 is the number 14.1")
	case n.kind != stringNode || !versionPattern().MatchString(n.text):
		c.found.at(n, `a version is major and minor in quotes, such as "16.5"`)
	default:
		if v, err := release.Parse(n.text); err != nil || !slices.Contains(release.All(), v) {
			c.found.at(n, "there is no GitLab %s from %s to %s", n.text, release.Oldest, release.Newest)
		}
	}
}

func (c *checker) pattern(n *node) {
	if _, err := regexp.Compile(n.text); err != nil {
		c.found.at(n, "the pattern does not compile: %v", err)
	}
}

func (c *checker) count(n *node) {
	if _, err := strconv.ParseUint(n.text, 10, 32); err != nil {
		c.found.at(n, "a whole number of at least 0 is expected")
	}
}

func (c *checker) schemaOrFlag(n *node) {
	if n.kind != boolNode {
		c.walk(n, schemaShape, schemaShape.name)
	}
}

func (c *checker) schema(n *node) {
	c.span(n)
	if n.str("type") == "array" && n.get("items") == nil {
		c.found.at(n, "a list without items")
	}
	if n.is("nullable") && n.get("type") == nil {
		c.found.at(n.get("nullable"), "nullable says something only beside a type; without a type null is accepted "+
			"anyhow")
	}
	c.alternatives(n)
	c.enumVersions(n)
	c.leftovers(n)
	c.notes(n)
	if properties := n.get("properties"); properties != nil {
		if required := n.get("required"); required != nil {
			for _, item := range required.items {
				if properties.get(item.text) == nil {
					c.found.at(item, "%q is required but not among the properties", item.text)
				}
			}
		}
	}
}

func (c *checker) enumVersions(n *node) {
	allowed := n.get("enum").words()
	for _, key := range []string{"x-enum-since", "x-enum-until"} {
		dates := n.get(key)
		if dates == nil {
			continue
		}
		for _, m := range dates.members {
			if !slices.Contains(allowed, m.name) {
				c.found.add(m.line, m.column, "%q is not in the enum%s", m.name, strictyaml.DidYouMean(m.name, allowed))
			}
		}
	}
}

// alternatives refuses a oneOf with alternatives that only some releases have. Over all releases, a value may fit more
// than one of them.
func (c *checker) alternatives(n *node) {
	choices := n.get("oneOf")
	if choices == nil {
		return
	}
	for _, choice := range choices.items {
		if choice.get("x-since") != nil || choice.get("x-until") != nil {
			c.found.at(choices, "alternatives of some releases only stand in anyOf: two of them may fit over all "+
				"releases")
			return
		}
	}
}

// notes refuses notes without a description, because they are added to it.
func (c *checker) notes(n *node) {
	if notes := n.get("x-notes"); notes != nil && n.str("description") == "" {
		c.found.at(notes, "x-notes are added to a description, and there is none")
	}
}

// leftovers requires that every release has at least one of the alternatives and at least one value of the enum.
func (c *checker) leftovers(n *node) {
	for _, v := range release.All() {
		p := &pruner{version: v, resolve: func(string) *node { return nil }}
		if choices := n.get("anyOf"); choices != nil && choices.kind == arrayNode && len(choices.items) > 0 {
			if len(p.prune(choices).items) == 0 {
				c.found.at(choices, "GitLab %s has none of the alternatives", v)
				return
			}
		}
		if enum := n.get("enum"); enum != nil && len(enum.items) > 0 && len(p.pruneEnum(n, enum).items) == 0 {
			c.found.at(enum, "GitLab %s has none of the values", v)
			return
		}
	}
}

// span refuses a first version that is newer than the last one.
func (c *checker) span(n *node) {
	since, until := bounds(n)
	var open release.Version
	if since != open && until != open && since.Compare(until) > 0 {
		c.found.at(n, "x-since %s is younger than x-until %s", since, until)
	}
}

var statusPattern = lazy.Regexp(`^[1-5][0-9][0-9]$`)

func (c *checker) responses(n *node) {
	if len(n.members) == 0 {
		c.found.at(n, "an operation needs at least one response")
	}
	for _, m := range n.members {
		if !statusPattern().MatchString(m.name) {
			c.found.add(m.line, m.column, "%q is not a status code", m.name)
		}
	}
}

// component refuses versions where nothing reads them. A component has the dates of the parameter, response or header
// that it is; a schema has the dates of its property.
func (c *checker) component(kind string, m member) {
	if kind != "schemas" {
		return
	}
	for _, key := range []string{"x-since", "x-until"} {
		if m.value.get(key) != nil {
			c.found.add(m.line, m.column, "%s belongs to the properties that use schema %s, not to the schema", key,
				m.name)
		}
	}
}

func (c *checker) path(path member) {
	if !strings.HasPrefix(path.name, "/") {
		c.found.add(path.line, path.column, "path %q does not start with a slash", path.name)
	}
	for _, m := range path.value.members {
		if index.IsMethod(m.name) && m.value.kind == objectNode {
			c.operation(path.name, m)
		}
	}
}

func (c *checker) operation(path string, m member) {
	id, source := m.value.get("operationId"), m.value.str("x-source")
	switch {
	case id == nil || id.kind != stringNode || id.text == "":
		c.found.add(m.line, m.column, "%s %s has no operationId", strings.ToUpper(m.name), path)
	case c.ids[id.text] != nil:
		c.found.at(id, "operationId %s is taken by line %d", id.text, c.ids[id.text].line)
	default:
		c.ids[id.text] = id
	}
	if source == "" {
		c.found.add(m.line, m.column, "%s %s has no x-source: say where the facts can be read", strings.ToUpper(m.name),
			path)
	}
	c.span(m.value)
	c.pathParameters(path, m)
}

var variablePattern = lazy.Regexp(`\{([^{}]*)\}`)

// pathParameters requires that the variables of the path are the declared path parameters.
func (c *checker) pathParameters(path string, m member) {
	declared := map[string]bool{}
	seen := map[string]bool{}
	if list := m.value.get("parameters"); list != nil {
		for _, item := range list.items {
			p := c.target(item)
			if p == nil {
				continue
			}
			key := p.str("in") + " " + p.str("name")
			if seen[key] {
				c.found.at(item, "parameter %s is listed twice", p.str("name"))
			}
			seen[key] = true
			if p.str("in") != "path" {
				continue
			}
			declared[p.str("name")] = true
			if !p.is("required") {
				c.found.at(item, "path parameter %s must be required", p.str("name"))
			}
			if !strings.Contains(path, "{"+p.str("name")+"}") {
				c.found.at(item, "path parameter %s is not in the path", p.str("name"))
			}
		}
	}
	for _, match := range variablePattern().FindAllStringSubmatch(path, -1) {
		if !declared[match[1]] {
			c.found.add(m.line, m.column, "path variable {%s} is not declared as a parameter", match[1])
		}
	}
}

func (c *checker) target(n *node) *node {
	for range maxDepth {
		ref := n.str("$ref")
		if ref == "" {
			return n
		}
		kind, name, ok := splitRef(ref)
		if !ok {
			return nil
		}
		if n = c.root.child("components", kind, name); n == nil {
			return nil
		}
	}
	return nil
}
