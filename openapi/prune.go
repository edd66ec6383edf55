package openapi

import (
	"slices"

	"github.com/statuschecks/statuschecks/release"
)

// pruner reduces a document to what one GitLab version has.
type pruner struct {
	version release.Version
	resolve func(ref string) *node // the component as written, nil if unknown
	dates   func(ref string) *node // of the component only what absent needs; nil means that resolve is quick
}

// absent reports whether the version does not have n. If n is a reference, it also looks at the component.
func (p *pruner) absent(n *node) bool {
	if n.kind != objectNode {
		return false
	}
	if ref := n.str("$ref"); ref != "" {
		resolve := p.resolve
		if p.dates != nil {
			resolve = p.dates
		}
		target := resolve(ref)
		return target != nil && target.str("$ref") == "" && p.absent(target)
	}
	since, until := bounds(n)
	return !p.version.Within(since, until)
}

// bounds reads x-since and x-until. A version that is missing or not valid means unbounded.
func bounds(n *node) (since, until release.Version) {
	if text := n.str("x-since"); text != "" {
		since, _ = release.Parse(text)
	}
	if text := n.str("x-until"); text != "" {
		until, _ = release.Parse(text)
	}
	return since, until
}

// prune returns n without what the version lacks. n itself is not changed.
func (p *pruner) prune(n *node) *node {
	switch n.kind {
	case arrayNode:
		kept := *n
		kept.items = nil
		for _, item := range n.items {
			if !p.absent(item) {
				kept.items = append(kept.items, unwrap(p.prune(item)))
			}
		}
		return &kept
	case objectNode:
		return p.pruneObject(n)
	}
	return n
}

// namedMaps are the keys whose value is a map with free names, so that a property called "default" is not treated as a
// keyword.
var namedMaps = map[string]bool{
	"properties": true, "paths": true, "responses": true, "headers": true, "callbacks": true,
	"schemas": true, "parameters": true, "requestBodies": true, "securitySchemes": true,
}

func (p *pruner) pruneObject(n *node) *node {
	kept := *n
	kept.members = make([]member, 0, len(n.members))
	for _, m := range n.members {
		if p.absent(m.value) {
			continue
		}
		switch {
		case m.name == "x-enum-since" || m.name == "x-enum-until":
			m.value = p.pruneDates(n, m.value)
			if len(m.value.members) == 0 {
				continue
			}
		case m.name == "x-notes":
			continue
		case m.name == "examples" && m.value.kind == objectNode:
			m.value = p.pruneExamples(n, m.value)
			if len(m.value.members) == 0 {
				continue
			}
		case m.name == "example":
			m.value = p.trimmed(m.value, exemplified(n))
		case m.name == "default":
		case m.name == "enum":
			m.value = p.pruneEnum(n, m.value)
		case m.name == "required":
			m.value = p.pruneRequired(n, m.value)
		case namedMaps[m.name] && m.value.kind == objectNode:
			m.value = p.pruneNamed(m.value)
		default:
			m.value = p.prune(m.value)
		}
		kept.members = append(kept.members, m)
	}
	p.note(n, &kept)
	return collapse(&kept)
}

// note adds the notes for this release to the description.
func (p *pruner) note(n, kept *node) {
	notes := n.get("x-notes")
	if notes == nil {
		return
	}
	text := n.str("description")
	for _, one := range notes.items {
		if !p.absent(one) {
			text += " " + one.str("text")
		}
	}
	kept.set("description", newText(text))
}

// pruneExamples removes the examples of other releases. From the other examples it removes what the version lacks.
func (p *pruner) pruneExamples(owner, examples *node) *node {
	kept := *examples
	kept.members = nil
	for _, m := range examples.members {
		if p.absent(m.value) {
			continue
		}
		one := *m.value
		one.members = nil
		for _, inner := range m.value.members {
			if inner.name == "value" {
				inner.value = p.trimmed(inner.value, exemplified(owner))
			}
			one.members = append(one.members, inner)
		}
		kept.members = append(kept.members, member{name: m.name, value: &one})
	}
	return &kept
}

// exemplified is the schema that the examples of n belong to: n itself, unless it is a parameter, a header or a media
// type.
func exemplified(n *node) *node {
	if schema := n.get("schema"); schema != nil {
		return schema
	}
	return n
}

func (p *pruner) pruneNamed(n *node) *node {
	kept := *n
	kept.members = make([]member, 0, len(n.members))
	for _, m := range n.members {
		if !p.absent(m.value) {
			m.value = p.prune(m.value)
			kept.members = append(kept.members, m)
		}
	}
	return &kept
}

func (p *pruner) pruneEnum(owner, enum *node) *node {
	since, until := owner.get("x-enum-since"), owner.get("x-enum-until")
	if enum.kind != arrayNode || since == nil && until == nil {
		return enum
	}
	kept := *enum
	kept.items = slices.DeleteFunc(slices.Clone(enum.items), func(item *node) bool {
		from, _ := release.Parse(since.str(item.text))
		to, _ := release.Parse(until.str(item.text))
		return !p.version.Within(from, to)
	})
	return &kept
}

// pruneDates drops the dates of values that the version lacks.
func (p *pruner) pruneDates(owner, dates *node) *node {
	enum := owner.get("enum")
	if enum == nil {
		return dates
	}
	left := p.pruneEnum(owner, enum).words()
	kept := *dates
	kept.members = slices.DeleteFunc(slices.Clone(dates.members), func(m member) bool {
		return !slices.Contains(left, m.name)
	})
	return &kept
}

// pruneRequired drops the names of properties that the version lacks.
func (p *pruner) pruneRequired(owner, required *node) *node {
	properties := owner.get("properties")
	if required.kind != arrayNode || properties == nil {
		return required
	}
	kept := *required
	kept.items = slices.DeleteFunc(slices.Clone(required.items), func(item *node) bool {
		property := properties.get(item.text)
		return property != nil && p.absent(property)
	})
	return &kept
}

// unwrap removes the allOf around a reference if it only carried dates. A $ref itself cannot have any.
func unwrap(n *node) *node {
	wrapped := n.get("allOf")
	if wrapped == nil || len(wrapped.items) != 1 {
		return n
	}
	for _, m := range n.members {
		if m.name != "allOf" && m.name != "x-since" && m.name != "x-until" {
			return n
		}
	}
	return wrapped.items[0]
}

// collapse replaces alternatives by the only one that is left.
func collapse(n *node) *node {
	for _, key := range []string{"oneOf", "anyOf"} {
		if choices := n.get(key); choices != nil && choices.kind == arrayNode && len(choices.items) == 1 {
			return merge(n, key, choices.items[0])
		}
	}
	return n
}

// merge puts the only alternative into its owner.
func merge(n *node, key string, only *node) *node {
	if only.str("$ref") != "" {
		return only
	}
	merged := *n
	merged.members = nil
	for _, m := range n.members {
		if m.name != key {
			merged.members = append(merged.members, m)
		}
	}
	for _, m := range only.members {
		if m.name != "x-since" && m.name != "x-until" {
			merged.set(m.name, m.value)
		}
	}
	return &merged
}
