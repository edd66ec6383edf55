package openapi

import (
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/openapi/internal/index"
)

// plainer rewrites a document, which must be a copy, into the plain form.
type plainer struct{ root *node }

func (p plainer) document() {
	for _, path := range p.root.get("paths").all() {
		for _, m := range path.value.members {
			if index.IsMethod(m.name) {
				p.operation(m.value)
			}
		}
	}
	for _, m := range p.root.child("components", "headers").all() {
		plainHeader(m.value)
	}
	p.security()
	p.schemas(p.root, false)
	removeExtensions(p.root, false)
}

// operation keeps only the JSON form of the body. The body is required if one of its parameters is; it is removed if it
// has no parameters. In the query, operation keeps the parameters that the body does not have.
func (p plainer) operation(operation *node) {
	body := resolveOrNil(p.root, operation.get("requestBody"))
	var inBody []string
	if body != nil {
		content := body.get("content")
		content.members = slices.DeleteFunc(content.members,
			func(m member) bool { return m.name != "application/json" })
		schema := resolveOrNil(p.root, content.child("application/json", "schema"))
		for _, m := range schema.get("properties").all() {
			inBody = append(inBody, m.name)
		}
		if len(schema.get("required").list()) > 0 {
			body.set("required", &node{kind: boolNode, text: "true"})
		}
		if len(inBody) == 0 {
			operation.remove("requestBody")
		}
	}
	parameters := operation.get("parameters")
	if parameters == nil {
		return
	}
	parameters.items = slices.DeleteFunc(parameters.items, func(item *node) bool {
		parameter := resolveIn(p.root, item)
		return parameter.str("in") == "query" && slices.Contains(inBody, parameter.str("name"))
	})
	for _, item := range parameters.items {
		parameter := resolveIn(p.root, item)
		onlyType(parameter.get("schema"))
		if examples := parameter.get("examples"); len(examples.all()) > 1 { // the first ones belong to the newest type
			examples.members = slices.DeleteFunc(examples.members,
				func(m member) bool { return m.value.get("x-until") != nil })
		}
	}
}

func resolveOrNil(root, n *node) *node {
	if n == nil {
		return nil
	}
	return resolveIn(root, n)
}

// onlyType keeps the newest of a parameter's types.
func onlyType(schema *node) {
	if choices := schema.get("anyOf").list(); len(choices) > 0 {
		schema.remove("anyOf")
		for _, m := range choices[len(choices)-1].members {
			schema.set(m.name, m.value)
		}
	}
}

// plainHeader adds the type string to a header without a type, which is a header that may be empty.
func plainHeader(header *node) {
	schema := header.get("schema")
	if schema.get("type") == nil && schema.get("$ref") == nil {
		schema.members = slices.Insert(schema.members, 0, member{name: "type", value: newText("string")})
		header.remove("required")
	}
}

// security keeps the first way to authenticate.
func (p plainer) security() {
	demands, schemes := p.root.get("security"), p.root.child("components", "securitySchemes")
	if len(demands.list()) == 0 || schemes == nil {
		return
	}
	demands.items = demands.items[:1]
	schemes.members = slices.DeleteFunc(schemes.members,
		func(m member) bool { return demands.items[0].get(m.name) == nil })
}

// schemas makes all schemas below n plain. In a named map the keys are names, not keywords.
func (p plainer) schemas(n *node, named bool) {
	for _, m := range n.members {
		if m.name != "example" && m.name != "value" || named {
			p.schemas(m.value, !named && namedMaps[m.name])
		}
	}
	for _, item := range n.items {
		p.schemas(item, false)
	}
	if named || n.kind != objectNode {
		return
	}
	if enum := n.get("enum"); enum != nil && enum.kind == arrayNode {
		plainEnum(enum)
	}
	n.remove("not")
	n.remove("minProperties")
	p.alternatives(n)
}

// plainEnum removes null. If two spellings become the same name in a programming language, it keeps the one with
// underscores.
func plainEnum(enum *node) {
	values := enum.texts()
	enum.items = slices.DeleteFunc(enum.items, func(item *node) bool {
		name := strings.ReplaceAll(item.text, "-", "_")
		return item.kind == nullNode || name != item.text && slices.Contains(values, name)
	})
}

// alternatives removes choices that only say which properties to give. It turns a choice of objects into one object
// with the properties of all.
func (p plainer) alternatives(n *node) {
	for _, key := range []string{"oneOf", "anyOf"} {
		choices := n.get(key).list()
		if len(choices) == 0 {
			continue
		}
		n.remove(key)
		if n.get("properties") != nil {
			continue
		}
		for _, m := range p.union(choices).members {
			n.set(m.name, m.value)
		}
	}
}

// union describes what fits any of the alternatives. Where they differ, it allows any value.
func (p plainer) union(choices []*node) *node {
	if len(choices) == 1 {
		return resolveIn(p.root, unwrap(choices[0]))
	}
	properties := newMap()
	var required []string
	for i, choice := range choices {
		one := resolveIn(p.root, unwrap(choice))
		if one.str("type") != "object" {
			return newMap()
		}
		own := one.get("required").texts()
		if i == 0 {
			required = own
		}
		required = slices.DeleteFunc(required, func(name string) bool { return !slices.Contains(own, name) })
		for _, m := range one.get("properties").all() {
			if known := properties.get(m.name); known == nil {
				properties.set(m.name, m.value)
			} else if known.str("type") != m.value.str("type") || known.str("$ref") != m.value.str("$ref") {
				properties.set(m.name, newMap())
			} else if m.value.is("nullable") && !known.is("nullable") {
				properties.set(m.name, m.value)
			}
		}
	}
	all := newMap(member{name: "type", value: newText("object")})
	if len(required) > 0 {
		all.set("required", newList())
		for _, name := range required {
			all.get("required").items = append(all.get("required").items, newText(name))
		}
	}
	all.set("properties", properties)
	return all
}

func removeExtensions(n *node, named bool) {
	if !named {
		n.members = slices.DeleteFunc(n.members, func(m member) bool { return strings.HasPrefix(m.name, "x-") })
	}
	for _, m := range n.members {
		if m.name != "example" && m.name != "value" || named {
			removeExtensions(m.value, !named && namedMaps[m.name])
		}
	}
	for _, item := range n.items {
		removeExtensions(item, false)
	}
}

// remove removes the member called name.
func (n *node) remove(name string) {
	n.members = slices.DeleteFunc(n.members, func(m member) bool { return m.name == name })
}
