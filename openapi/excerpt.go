package openapi

import (
	"fmt"
	"strings"

	"github.com/statuschecks/statuschecks/release"
)

// Excerpt returns a YAML document that has only this operation, its callbacks and the components that it refers to. It
// leaves out descriptions of components. It is for tools that are slow with large documents.
func (o *Operation) Excerpt() ([]byte, error) {
	d := o.document
	operation, err := parseJSON(o.raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", d.source.name, o.ID, err)
	}
	if p := d.pruner(); p != nil {
		operation = p.prune(operation)
		first, _ := d.source.span(*d.version)
		showVersion(operation, release.Reference, first)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	components := newMap()
	d.gather(operation, components)
	return o.alone(operation, components).yaml(), nil
}

// alone is a document that has nothing but one operation and components.
func (o *Operation) alone(operation, components *node) *node {
	paths, item := newMap(), newMap()
	item.set(strings.ToLower(o.Method), operation)
	paths.set(o.Path, item)
	return newMap(
		member{name: "openapi", value: newText("3.0.3")},
		member{name: "info", value: newMap(member{name: "title", value: newText(o.ID)},
			member{name: "version", value: newText("1.0")})},
		member{
			name:  "servers",
			value: &node{kind: arrayNode, items: []*node{newMap(member{name: "url", value: newText(o.Root())})}},
		},
		member{name: "paths", value: paths},
		member{name: "components", value: components},
	)
}

// gather adds to components what n refers to, directly or indirectly. The caller holds d.mu.
func (d *Document) gather(n, components *node) {
	if ref := n.str("$ref"); ref != "" {
		kind, name, _ := splitRef(ref)
		if target := d.componentLocked(ref); target != nil && components.child(kind, name) == nil {
			if components.get(kind) == nil {
				components.set(kind, newMap())
			}
			components.get(kind).set(name, target)
			d.gather(target, components)
		}
	}
	for _, m := range n.members {
		d.gather(m.value, components)
	}
	for _, item := range n.items {
		d.gather(item, components)
	}
}

func newMap(members ...member) *node { return &node{kind: objectNode, members: members} }

func newText(text string) *node { return &node{kind: stringNode, text: text} }
