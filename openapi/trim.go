package openapi

// trimmed returns the example of a schema without the properties that the version lacks. It keeps what the schema does
// not declare.
func (p *pruner) trimmed(value, schema *node) *node {
	if schema == nil {
		return value
	}
	return p.trim(value, p.parts(schema, false, nil, 0))
}

// part is one of the schemas that together describe a value. Gone means that the version does not have it.
type part struct {
	schema *node
	gone   bool
}

// parts adds to all the schemas that describe a value: the schema itself, and those that it consists of.
func (p *pruner) parts(schema *node, gone bool, all []part, depth int) []part {
	if depth > maxDepth {
		return all
	}
	gone = gone || p.absent(schema)
	if ref := schema.str("$ref"); ref != "" {
		if target := p.resolve(ref); target != nil {
			all = p.parts(target, gone, all, depth+1)
		}
		return all
	}
	all = append(all, part{schema, gone})
	for _, key := range []string{"allOf", "oneOf", "anyOf"} {
		for _, inner := range schema.get(key).list() {
			all = p.parts(inner, gone, all, depth+1)
		}
	}
	return all
}

func (p *pruner) trim(value *node, described []part) *node {
	kept := *value
	switch value.kind {
	case arrayNode:
		items := p.below(described, "items", "")
		kept.items = nil
		for _, item := range value.items {
			kept.items = append(kept.items, p.trim(item, items))
		}
	case objectNode:
		kept.members = nil
		for _, m := range value.members {
			declared := p.below(described, "properties", m.name)
			if len(declared) > 0 && allGone(declared) {
				continue
			}
			m.value = p.trim(m.value, declared)
			kept.members = append(kept.members, m)
		}
	}
	return &kept
}

// below returns the schemas of the items, or of the property called name.
func (p *pruner) below(described []part, key, name string) []part {
	var inner []part
	for _, one := range described {
		schema := one.schema.get(key)
		if name != "" {
			schema = schema.get(name)
		}
		if schema != nil && schema.kind == objectNode {
			inner = p.parts(schema, one.gone, inner, 0)
		}
	}
	return inner
}

func allGone(parts []part) bool {
	for _, one := range parts {
		if !one.gone {
			return false
		}
	}
	return true
}
