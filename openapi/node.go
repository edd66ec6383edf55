package openapi

// node is one value of a document. Unlike a Go map it keeps the order of its keys, which GitLab's entities need. It
// also knows its place in the text.
type node struct {
	kind    nodeKind
	text    string // the text of a string, the digits of a number, "true" or "false"
	members []member
	items   []*node

	line, column int  // from 1; zero if the value was not read from YAML
	unread       bool // the value could not be read, and that was reported
}

type member struct {
	name         string
	value        *node
	line, column int
}

type nodeKind uint8

const (
	nullNode nodeKind = iota
	boolNode
	numberNode
	stringNode
	arrayNode
	objectNode
)

func (k nodeKind) String() string {
	return [...]string{"null", "a boolean", "a number", "a string", "a list", "a map"}[k]
}

// get returns the member called name, or nil. It may be called on nil.
func (n *node) get(name string) *node {
	if n == nil {
		return nil
	}
	for i := range n.members {
		if n.members[i].name == name {
			return n.members[i].value
		}
	}
	return nil
}

// child follows names downwards. It returns nil if one is missing.
func (n *node) child(names ...string) *node {
	for _, name := range names {
		n = n.get(name)
	}
	return n
}

// str returns the text of the member called name if it is a string.
func (n *node) str(name string) string {
	if value := n.get(name); value != nil && value.kind == stringNode {
		return value.text
	}
	return ""
}

// is reports whether the member called name is the boolean true.
func (n *node) is(name string) bool {
	value := n.get(name)
	return value != nil && value.kind == boolNode && value.text == "true"
}

// set replaces the member called name or adds it at the end.
func (n *node) set(name string, value *node) {
	for i := range n.members {
		if n.members[i].name == name {
			n.members[i].value = value
			return
		}
	}
	n.members = append(n.members, member{name: name, value: value})
}

// texts returns the items that are strings.
func (n *node) texts() []string {
	if n == nil {
		return nil
	}
	var texts []string
	for _, item := range n.items {
		if item.kind == stringNode {
			texts = append(texts, item.text)
		}
	}
	return texts
}

// words returns the items that are single values, as text; null is left out.
func (n *node) words() []string {
	if n == nil {
		return nil
	}
	var words []string
	for _, item := range n.items {
		if item.kind != nullNode && item.text != "" {
			words = append(words, item.text)
		}
	}
	return words
}
