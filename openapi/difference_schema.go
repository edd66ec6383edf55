package openapi

import (
	"slices"
	"strconv"
	"strings"
)

// place is the place of two schemas that are compared.
type place struct {
	where   string // in words, for texts
	subject string
	sent    bool // clients send it; otherwise they receive it
}

// widened and narrowed say why clients break if more values are possible than before, or fewer.
func (p place) widened() Break  { return onlyIf(!p.sent, Unexpected) }
func (p place) narrowed() Break { return onlyIf(p.sent, Refused) }

// property is the place of a property.
func (p place) property(name string) place {
	p.where = within(p.where, name)
	return p
}

// item is the place of the items of a list.
func (p place) item() place {
	p.where = "an item of " + p.where
	return p
}

// within names a property of something.
func within(where, property string) string {
	if strings.Contains(where, " ") {
		return property + " of " + where
	}
	return where + "." + property
}

// components compares the schemas that both documents have. It leaves out those that only requests use, because their
// parameters were compared already.
func (c *comparison) components() {
	answers := map[string]bool{}
	for _, root := range []*node{c.before, c.after} {
		for _, path := range root.get("paths").all() {
			for _, method := range path.value.all() {
				markUsed(withoutRequest(method.value), root.get("components"), answers)
			}
		}
	}
	for _, m := range c.after.child("components", "schemas").all() {
		old := c.before.child("components", "schemas", m.name)
		if old != nil && answers["#/components/schemas/"+m.name] {
			c.schema(place{m.name, m.name, false}, old, m.value)
		}
	}
}

// withoutRequest returns the responses and callbacks of an operation.
func withoutRequest(operation *node) *node {
	kept := newMap()
	for _, name := range []string{"responses", "callbacks"} {
		if n := operation.get(name); n != nil {
			kept.set(name, n)
		}
	}
	return kept
}

// schema compares two schemas. It does not compare components that both refer to, because they are compared separately.
func (c *comparison) schema(at place, before, after *node) {
	if before == nil || after == nil || strings.Count(at.where, " of ") > maxDepth {
		return
	}
	was, is := choicesOf(before), choicesOf(after)
	if len(was)+len(is) > 0 {
		c.choices(at, before, after)
		return
	}
	if old, now := before.str("type"), after.str("type"); old != now {
		c.came(at.subject, Retyped, "%s is %s, no longer %s", at.where, typeWords(now), typeWords(old))
	}
	for _, value := range onlyIn(after.get("enum").words(), before.get("enum").words()) {
		c.came(at.subject, at.widened(), "%s can be %s", at.where, value)
	}
	for _, value := range onlyIn(before.get("enum").words(), after.get("enum").words()) {
		c.went(at.subject, at.narrowed(), "%s can no longer be %s", at.where, value)
	}
	c.null(at, before, after)
	c.limits(at, before, after)
	c.inside(at, before, after)
}

func typeWords(kind string) string {
	if kind == "" {
		return "anything"
	}
	return kind
}

// null compares whether a value may be null.
func (c *comparison) null(at place, before, after *node) {
	switch {
	case after.is("nullable") && !before.is("nullable"):
		c.came(at.subject, at.widened(), "%s can be null", at.where)
	case before.is("nullable") && !after.is("nullable"):
		c.went(at.subject, at.narrowed(), "%s can no longer be null", at.where)
	}
}

// limits compares the other restrictions of a value besides its type. A restriction with another value always counts as
// breaking, without a closer look.
func (c *comparison) limits(at place, before, after *node) {
	for _, key := range []string{
		"format", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems",
	} {
		was, is := before.get(key), after.get(key)
		switch {
		case was == nil && is != nil:
			c.came(at.subject, at.narrowed(), "%s has the %s %s", at.where, key, is.text)
		case was != nil && is == nil:
			c.went(at.subject, at.widened(), "%s no longer has the %s %s", at.where, key, was.text)
		case was != nil && was.text != is.text:
			c.came(at.subject, Retyped, "%s has the %s %s, no longer %s", at.where, key, is.text, was.text)
		}
	}
}

// inside compares properties and items.
func (c *comparison) inside(at place, before, after *node) {
	was, required := flattened(c.before, before, after)
	is, nowRequired := flattened(c.after, after, before)
	for _, m := range is.members {
		old := was.get(m.name)
		if old == nil {
			needed := at.sent && slices.Contains(nowRequired, m.name)
			c.came(at.subject, onlyIf(needed, Needed), "%s has %s", at.where, m.name)
			continue
		}
		c.requires(at, m.name, required, nowRequired)
		c.schema(at.property(m.name), old, m.value)
	}
	for _, m := range was.members {
		if is.get(m.name) == nil {
			c.went(at.subject, Gone, "%s no longer has %s", at.where, m.name)
		}
	}
	c.schema(at.item(), before.get("items"), after.get("items"))
}

// requires compares whether a property is required.
func (c *comparison) requires(at place, name string, before, after []string) {
	was, is := slices.Contains(before, name), slices.Contains(after, name)
	switch {
	case is && !was:
		c.came(at.subject, onlyIf(at.sent, Needed), "%s always has %s", at.where, name)
	case was && !is:
		c.went(at.subject, onlyIf(!at.sent, Gone), "%s no longer always has %s", at.where, name)
	}
}

// flattened returns the properties of a schema, including those of its allOf, and the required ones. It leaves out the
// components that both schemas refer to, because they are compared separately.
func flattened(root, schema, other *node) (*node, []string) {
	properties, required := newMap(), slices.Clone(schema.get("required").texts())
	for _, m := range schema.get("properties").all() {
		properties.set(m.name, m.value)
	}
	for _, part := range schema.get("allOf").list() {
		if ref := part.str("$ref"); ref != "" {
			shared := slices.ContainsFunc(other.get("allOf").list(),
				func(one *node) bool { return one.str("$ref") == ref })
			if shared {
				continue
			}
			part = resolveIn(root, part)
		}
		more, needed := flattened(root, part, other)
		for _, m := range more.members {
			properties.set(m.name, m.value)
		}
		required = append(required, needed...)
	}
	return properties, required
}

// choice is one of the alternatives of a schema.
type choice struct {
	name   string
	schema *node
}

// choicesOf returns the schemas that a schema refers to: a single one, or each of its alternatives. The list is empty
// if the schema is not a reference or a choice.
func choicesOf(n *node) []choice {
	if ref := n.str("$ref"); ref != "" {
		_, name, _ := splitRef(ref)
		return []choice{{name, n}}
	}
	if all := n.get("allOf"); all != nil && len(all.items) == 1 {
		return choicesOf(all.items[0])
	}
	var all []choice
	for i, one := range slices.Concat(n.get("oneOf").list(), n.get("anyOf").list()) {
		named := choicesOf(one)
		if named == nil {
			named = []choice{{"choice " + strconv.Itoa(i+1), one}}
		}
		all = append(all, named...)
	}
	return all
}

// choices compares alternatives: which there are, and which properties they have together.
func (c *comparison) choices(at place, before, after *node) {
	was, is := choicesOf(before), choicesOf(after)
	c.null(at, before, after)
	gone, fresh := unlike(was, is), unlike(is, was)
	if len(was) == 1 && len(is) == 1 && len(gone) == 1 {
		c.came(at.subject, "", "%s is %s, no longer %s", at.where, is[0].name, was[0].name)
		c.schema(at, resolveIn(c.before, was[0].schema), resolveIn(c.after, is[0].schema))
		return
	}
	for _, one := range fresh {
		c.came(at.subject, at.widened(), "%s can be %s", at.where, one.name)
	}
	for _, one := range gone {
		c.went(at.subject, at.narrowed(), "%s can no longer be %s", at.where, one.name)
	}
	for _, one := range is { // only what is written in place, not components
		for _, old := range was {
			if one.name == old.name && one.schema.str("$ref")+old.schema.str("$ref") == "" {
				c.schema(place{one.name + " of " + at.where, at.subject, at.sent}, old.schema, one.schema)
			}
		}
	}
	if len(gone)+len(fresh) == 0 {
		return
	}
	held, holds := propertiesOf(c.before, was), propertiesOf(c.after, is)
	for _, name := range onlyIn(holds, held) {
		c.came(at.subject, "", "%s can have %s", at.where, name)
	}
	for _, name := range onlyIn(held, holds) {
		c.went(at.subject, Gone, "%s can no longer have %s", at.where, name)
	}
}

// unlike returns the choices of one list that the other lacks.
func unlike(one, other []choice) []choice {
	return slices.DeleteFunc(slices.Clone(one), func(c choice) bool {
		return slices.ContainsFunc(other, func(o choice) bool { return o.name == c.name })
	})
}

// propertiesOf returns the names of the properties of all choices.
func propertiesOf(root *node, choices []choice) []string {
	var names []string
	for _, one := range choices {
		properties, _ := flattened(root, resolveIn(root, one.schema), newMap())
		for _, m := range properties.members {
			if !slices.Contains(names, m.name) {
				names = append(names, m.name)
			}
		}
	}
	return names
}

// resolveIn follows a reference within a document.
func resolveIn(root, n *node) *node {
	for range maxDepth {
		ref := n.str("$ref")
		if ref == "" {
			return n
		}
		n = componentOf(root, ref)
	}
	return n
}

// list returns the items. It may be called on nil.
func (n *node) list() []*node {
	if n == nil {
		return nil
	}
	return n.items
}

// all returns the members of a map. It may be called on nil.
func (n *node) all() []member {
	if n == nil {
		return nil
	}
	return n.members
}
