package openapi

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Difference is something that only one of two releases of the API has.
type Difference struct {
	// Added is true for what the later document has and the earlier one lacks.
	Added bool
	// Subject is the operation or the schema that it is about.
	Subject string
	// Text says what differs, as a sentence without its full stop.
	Text string
}

// Differences returns what later has and d does not, and the reverse, in the order of the documents: operations,
// parameters, responses, and the schemas of responses. Descriptions for people are ignored.
func (d *Document) Differences(later *Document) ([]Difference, error) {
	if d == later {
		return nil, nil
	}
	before, err := d.root()
	if err != nil {
		return nil, err
	}
	after, err := later.root()
	if err != nil {
		return nil, err
	}
	c := &comparison{before: before, after: after}
	for _, o := range later.Operations() {
		if earlier := d.Operation(o.ID); earlier != nil {
			c.operation(earlier, o)
			continue
		}
		c.add(true, o.ID, "%s is there: %s %s", o.ID, o.Method, o.Path)
	}
	for _, o := range d.Operations() {
		if later.Operation(o.ID) == nil {
			c.add(false, o.ID, "%s is no longer there", o.ID)
		}
	}
	c.components()
	return c.found, nil
}

// comparison gathers what differs between two documents.
type comparison struct {
	before, after *node
	found         []Difference
}

func (c *comparison) add(added bool, subject, format string, args ...any) {
	c.found = append(c.found, Difference{added, subject, fmt.Sprintf(format, args...)})
}

func (c *comparison) operation(before, after *Operation) {
	earlier := map[string]Parameter{}
	for _, p := range before.Parameters() {
		earlier[p.Name] = p
	}
	for _, p := range after.Parameters() {
		if old, known := earlier[p.Name]; known {
			c.parameter(after.ID, old, p)
		} else {
			c.add(true, after.ID, "%s takes %s%s", after.ID, p.Name, described(p))
		}
		delete(earlier, p.Name)
	}
	for _, p := range before.Parameters() {
		if _, gone := earlier[p.Name]; gone {
			c.add(false, after.ID, "%s no longer takes %s", after.ID, p.Name)
		}
	}
	c.answers(after.ID, responsesOf(c.before, before), responsesOf(c.after, after))
}

// described says what more there is to a parameter that is new.
func described(p Parameter) string {
	text := ""
	if p.Required {
		text = ", which is required"
	}
	if len(p.Enum) > 0 {
		text += ": " + strings.Join(p.Enum, " or ")
	}
	return text
}

func (c *comparison) parameter(id string, before, after Parameter) {
	if before.Type != after.Type {
		c.add(true, id, "%s reads %s as %s, no longer as %s", id, after.Name, after.Type, before.Type)
	}
	switch {
	case after.Required && !before.Required:
		c.add(true, id, "%s requires %s", id, after.Name)
	case before.Required && !after.Required:
		c.add(false, id, "%s no longer requires %s", id, after.Name)
	}
	for _, value := range onlyIn(after.Enum, before.Enum) {
		c.add(true, id, "%s takes %s as %s", id, value, after.Name)
	}
	for _, value := range onlyIn(before.Enum, after.Enum) {
		c.add(false, id, "%s no longer takes %s as %s", id, value, after.Name)
	}
}

// onlyIn returns the words that one list has and another one lacks.
func onlyIn(one, other []string) []string {
	return slices.DeleteFunc(slices.Clone(one), func(word string) bool { return slices.Contains(other, word) })
}

func responsesOf(root *node, o *Operation) *node {
	return root.child("paths", o.Path, strings.ToLower(o.Method), "responses")
}

func (c *comparison) answers(id string, before, after *node) {
	for _, m := range after.all() {
		if before.get(m.name) == nil {
			c.add(true, id, "%s can answer %s", id, m.name)
			continue
		}
		old, now := resolveIn(c.before, before.get(m.name)), resolveIn(c.after, m.value)
		c.headers("the answer "+m.name+" of "+id, id, old.get("headers"), now.get("headers"))
		c.schema("the answer "+m.name+" of "+id, id, schemaOfAnswer(old), schemaOfAnswer(now))
	}
	for _, m := range before.all() {
		if after.get(m.name) == nil {
			c.add(false, id, "%s no longer answers %s", id, m.name)
		}
	}
}

// schemaOfAnswer is that of the JSON; nil if there is none.
func schemaOfAnswer(answer *node) *node { return answer.child("content", "application/json", "schema") }

func (c *comparison) headers(where, subject string, before, after *node) {
	for _, m := range after.all() {
		if before.get(m.name) == nil {
			c.add(true, subject, "%s comes with the header %s", where, m.name)
		}
	}
	for _, m := range before.all() {
		if after.get(m.name) == nil {
			c.add(false, subject, "%s no longer comes with the header %s", where, m.name)
		}
	}
}

// components compares the schemas that both documents have and that are not only
// those of requests, whose parameters were compared already.
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
		if old := c.before.child("components", "schemas", m.name); old != nil && answers["#/components/schemas/"+
			m.name] {
			c.schema(m.name, m.name, old, m.value)
		}
	}
}

// withoutRequest is an operation as far as it answers and calls back.
func withoutRequest(operation *node) *node {
	kept := newMap()
	for _, name := range []string{"responses", "callbacks"} {
		if n := operation.get(name); n != nil {
			kept.set(name, n)
		}
	}
	return kept
}

// schema compares two schemas. What they refer to is compared where it stands.
func (c *comparison) schema(where, subject string, before, after *node) {
	if before == nil || after == nil {
		return
	}
	was, is := alternatives(before), alternatives(after)
	if len(was)+len(is) > 0 {
		for _, name := range onlyIn(is, was) {
			c.add(true, subject, "%s can be %s", where, name)
		}
		for _, name := range onlyIn(was, is) {
			c.add(false, subject, "%s can no longer be %s", where, name)
		}
		return
	}
	if old, now := before.str("type"), after.str("type"); old != now {
		c.add(true, subject, "%s is %s, no longer %s", where, now, old)
	}
	for _, value := range onlyIn(after.get("enum").words(), before.get("enum").words()) {
		c.add(true, subject, "%s can be %s", where, value)
	}
	for _, value := range onlyIn(before.get("enum").words(), after.get("enum").words()) {
		c.add(false, subject, "%s can no longer be %s", where, value)
	}
	c.properties(where, subject, before.get("properties"), after.get("properties"))
	c.schema("an item of "+where, subject, before.get("items"), after.get("items"))
	c.parts(where, subject, before.get("allOf"), after.get("allOf"))
}

func (c *comparison) properties(where, subject string, before, after *node) {
	for _, m := range after.all() {
		if old := before.get(m.name); old != nil {
			c.schema(within(where, m.name), subject, old, m.value)
		} else {
			c.add(true, subject, "%s has %s", where, m.name)
		}
	}
	for _, m := range before.all() {
		if after.get(m.name) == nil {
			c.add(false, subject, "%s no longer has %s", where, m.name)
		}
	}
}

// within names a property of something.
func within(where, property string) string {
	if strings.Contains(where, " ") {
		return property + " of " + where
	}
	return where + "." + property
}

// parts compares the schemas that make up one, those that stand there themselves.
func (c *comparison) parts(where, subject string, before, after *node) {
	if before == nil || after == nil {
		return
	}
	for i := range min(len(before.items), len(after.items)) {
		c.schema(where, subject, before.items[i], after.items[i])
	}
}

// alternatives returns the names of the schemas that a schema refers to: one, or
// each of its alternatives. It is empty if it does not only refer.
func alternatives(n *node) []string {
	if ref := n.str("$ref"); ref != "" {
		_, name, _ := splitRef(ref)
		return []string{name}
	}
	if all := n.get("allOf"); all != nil && len(all.items) == 1 {
		return alternatives(all.items[0])
	}
	var names []string
	for i, choice := range slices.Concat(n.get("oneOf").list(), n.get("anyOf").list()) {
		named := alternatives(choice)
		if named == nil {
			named = []string{"choice " + strconv.Itoa(i+1)}
		}
		names = append(names, named...)
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
