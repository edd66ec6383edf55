package openapi

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"

	"github.com/statuschecks/statuschecks/openapi/internal/index"
)

// Outline is an operation without the schemas of its JSON bodies, which are most of its text. It is for tools that are
// slow with large schemas.
type Outline struct {
	// Text is a YAML document that has only the operation, its callbacks and the schemas that it refers to, without
	// what only people read. Other components stand where they were referred to. Where the schema of a JSON body was,
	// Text has one that nothing satisfies, whose title is a key of Schemas. The titles of all schemas depend on what
	// they are and on all that they refer to, so that two schemas with one title are the same.
	Text []byte
	// Schemas are the schemas of the JSON bodies.
	Schemas map[string][]byte
}

// Outline returns the outline of the operation. [Document.Component] returns what its schemas refer to.
func (o *Operation) Outline() (*Outline, error) {
	d := o.document
	d.mu.Lock()
	defer d.mu.Unlock()
	operation, err := o.leanLocked()
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", d.source.name, o.ID, err)
	}
	w := &outliner{document: d, schemasLeft: newMap(), schemas: map[string][]byte{}}
	text := o.alone(w.outline(operation), newMap(member{name: "schemas", value: w.schemasLeft})).yaml()
	return &Outline{Text: text, Schemas: w.schemas}, nil
}

// Component returns the component that a reference such as "#/components/schemas/Project" names, as JSON without what
// only people read. It returns nil if there is none.
func (d *Document) Component(ref string) []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n := d.componentLocked(ref); n != nil {
		return n.appendJSON(nil)
	}
	return nil
}

// leanLocked reads the operation with its callbacks, without what is not about its form. The caller holds d.mu.
func (o *Operation) leanLocked() (*node, error) {
	operation, err := parseLean(o.raw, "operationId", "tags", "security")
	if err != nil {
		return nil, err
	}
	scan := &index.Scanner{Data: o.raw}
	err = scan.Each(func(key string) error {
		raw, err := scan.Raw()
		if key != "callbacks" || err != nil {
			return err
		}
		callbacks, err := parseLean(raw)
		operation.set(key, callbacks)
		return err
	})
	if p := o.document.pruner(); p != nil && err == nil {
		operation = p.prune(operation)
	}
	return operation, err
}

// outliner writes an outline. Its methods need the lock of the document.
type outliner struct {
	document    *Document
	schemasLeft *node // by name
	schemas     map[string][]byte
	whole       *node // what was written, of a component
}

// outline returns n with something else in place of the schemas of JSON bodies, and with components other than schemas
// in place of what refers to them. It adds to components the schemas that n still refers to. n itself is not changed.
func (w *outliner) outline(n *node) *node {
	if ref := n.str("$ref"); ref != "" {
		target := w.document.componentLocked(ref)
		if kind, name, _ := splitRef(ref); kind == "schemas" {
			w.refer(name, target)
		} else if target != nil {
			return w.component(ref, target)
		}
	}
	changed := *n
	changed.members = make([]member, 0, len(n.members))
	for _, m := range n.members {
		schema := m.value.get("schema")
		switch {
		case m.name == "application/json" && schema != nil:
			m.value = newMap(member{name: "schema", value: w.stand(schema)})
		case m.name == "schema":
			m.value = w.titled(m.value)
		default:
			m.value = w.outline(m.value)
		}
		changed.members = append(changed.members, m)
	}
	changed.items = make([]*node, len(n.items))
	for i, item := range n.items {
		changed.items[i] = w.outline(item)
	}
	return &changed
}

// component returns the outline of a component, which is made once for all operations that refer to it.
func (w *outliner) component(ref string, target *node) *node {
	made := w.document.outlined[ref]
	if made == nil {
		made = &outliner{document: w.document, schemasLeft: newMap(), schemas: map[string][]byte{}}
		made.whole = made.outline(target)
		w.document.outlined[ref] = made
	}
	maps.Copy(w.schemas, made.schemas)
	for _, m := range made.schemasLeft.members {
		w.schemasLeft.set(m.name, m.value)
	}
	return made.whole
}

func (w *outliner) refer(name string, target *node) {
	if target == nil || w.schemasLeft.get(name) != nil {
		return
	}
	w.schemasLeft.set(name, target) // so that it may refer to itself
	w.schemasLeft.set(name, w.titled(target))
}

// stand returns what stands in place of a schema.
func (w *outliner) stand(schema *node) *node {
	title := w.title(schema)
	w.schemas[title] = schema.appendJSON(nil)
	return newMap(member{name: "title", value: newText(title)}, member{name: "not", value: newMap()})
}

// titled returns the outline of a schema that stays, with a title.
func (w *outliner) titled(schema *node) *node {
	changed := w.outline(schema)
	if schema.str("$ref") == "" && schema.kind == objectNode {
		changed.set("title", newText(w.title(schema)))
	}
	return changed
}

// title is the sum of a schema and of all that it refers to.
func (w *outliner) title(schema *node) string {
	sum := sha256.New()
	sum.Write(schema.appendJSON(nil))
	w.mix(sum, schema, map[string]bool{})
	return hex.EncodeToString(sum.Sum(nil))
}

// mix adds the components that n refers to to a sum.
func (w *outliner) mix(sum hash.Hash, n *node, seen map[string]bool) {
	if ref := n.str("$ref"); ref != "" && !seen[ref] {
		seen[ref] = true
		if target := w.document.componentLocked(ref); target != nil {
			part := w.document.sumLocked(ref, target)
			sum.Write(part[:])
			w.mix(sum, target, seen)
		}
	}
	for _, m := range n.members {
		w.mix(sum, m.value, seen)
	}
	for _, item := range n.items {
		w.mix(sum, item, seen)
	}
}

// sumLocked returns the sum of the text of a component. The caller holds d.mu.
func (d *Document) sumLocked(ref string, component *node) [sha256.Size]byte {
	sum, known := d.sums[ref]
	if !known {
		sum = sha256.Sum256(component.appendJSON([]byte(ref)))
		d.sums[ref] = sum
	}
	return sum
}
