package openapi

import (
	"fmt"
	"slices"
	"strings"
)

// Difference is something that only one of two releases of the API has.
type Difference struct {
	// Added is true for something that only the later document has.
	Added bool
	// Subject is the operation or the schema that the difference is about.
	Subject string
	// Text describes the difference as a sentence without its full stop.
	Text string
	// Breaks says how the difference breaks clients of the earlier document.
	Breaks Break
}

// Break is the reason why a difference breaks clients. It is empty if it does not.
type Break string

// The reasons why a difference breaks clients.
const (
	Gone       Break = "gone"       // something that clients may use is gone
	Needed     Break = "needed"     // clients must send something that they do not send
	Refused    Break = "refused"    // something that clients may send is no longer accepted
	Retyped    Break = "retyped"    // something has another type or form
	Unexpected Break = "unexpected" // clients may get something that they cannot know
)

// Breaking reports whether clients of the earlier document may break.
func (d Difference) Breaking() bool { return d.Breaks != "" }

// Differences returns what later has and d does not, and the reverse, in the order of the documents: operations,
// parameters, responses, callbacks, and the schemas of both. Descriptions for people are ignored.
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
		c.came(o.ID, "", "%s is there: %s %s", o.ID, o.Method, o.Path)
	}
	for _, o := range d.Operations() {
		if later.Operation(o.ID) == nil {
			c.went(o.ID, Gone, "%s is no longer there", o.ID)
		}
	}
	c.components()
	return c.found, nil
}

// comparison collects the differences between two documents.
type comparison struct {
	before, after *node
	found         []Difference
}

func (c *comparison) came(subject string, breaks Break, format string, args ...any) {
	c.found = append(c.found, Difference{true, subject, fmt.Sprintf(format, args...), breaks})
}

func (c *comparison) went(subject string, breaks Break, format string, args ...any) {
	c.found = append(c.found, Difference{false, subject, fmt.Sprintf(format, args...), breaks})
}

// onlyIf returns a reason if a condition holds, else none.
func onlyIf(holds bool, reason Break) Break {
	if holds {
		return reason
	}
	return ""
}

func (c *comparison) operation(before, after *Operation) {
	id := after.ID
	old, now := writtenIn(c.before, before), writtenIn(c.after, after)
	c.parameters(before, after)
	c.headersSent(id, old, now)
	was, is := resolveIn(c.before, old.get("requestBody")), resolveIn(c.after, now.get("requestBody"))
	c.bodies(id, was.get("content"), is.get("content"))
	c.answers(id, old.get("responses"), now.get("responses"))
	c.callbacks(id, old.get("callbacks"), now.get("callbacks"))
}

func writtenIn(root *node, o *Operation) *node {
	return root.child("paths", o.Path, strings.ToLower(o.Method))
}

// parameters compares the parameters in the path, the query and the body.
func (c *comparison) parameters(before, after *Operation) {
	id, earlier := after.ID, map[string]Parameter{}
	for _, p := range before.Parameters() {
		earlier[p.Name] = p
	}
	for _, p := range after.Parameters() {
		if old, known := earlier[p.Name]; known {
			c.parameter(id, old, p)
		} else {
			c.came(id, onlyIf(p.Required, Needed), "%s takes %s%s", id, p.Name, described(p))
		}
		delete(earlier, p.Name)
	}
	for _, p := range before.Parameters() {
		if _, gone := earlier[p.Name]; gone {
			c.went(id, Gone, "%s no longer takes %s", id, p.Name)
		}
	}
}

// described gives details of a new parameter.
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
		c.came(id, onlyIf(after.Type != String, Retyped), "%s reads %s as %s, no longer as %s", id, after.Name,
			after.Type, before.Type)
	}
	switch {
	case after.Required && !before.Required:
		c.came(id, Needed, "%s requires %s", id, after.Name)
	case before.Required && !after.Required:
		c.went(id, "", "%s no longer requires %s", id, after.Name)
	}
	if before.Nullable && !after.Nullable {
		c.went(id, Refused, "%s no longer takes null as %s", id, after.Name)
	} else if after.Nullable && !before.Nullable {
		c.came(id, "", "%s takes null as %s", id, after.Name)
	}
	if len(before.Enum) == 0 && len(after.Enum) > 0 {
		c.came(id, Refused, "%s takes only %s as %s", id, strings.Join(after.Enum, " or "), after.Name)
		return
	}
	if len(after.Enum) == 0 && len(before.Enum) > 0 {
		c.went(id, "", "%s no longer takes only %s as %s", id, strings.Join(before.Enum, " or "), after.Name)
		return
	}
	for _, value := range onlyIn(after.Enum, before.Enum) {
		c.came(id, "", "%s takes %s as %s", id, value, after.Name)
	}
	for _, value := range onlyIn(before.Enum, after.Enum) {
		c.went(id, Refused, "%s no longer takes %s as %s", id, value, after.Name)
	}
}

// onlyIn returns the words that one list has and another one lacks.
func onlyIn(one, other []string) []string {
	return slices.DeleteFunc(slices.Clone(one), func(word string) bool { return slices.Contains(other, word) })
}

// headersSent compares the headers that an operation reads.
func (c *comparison) headersSent(id string, before, after *node) {
	was, is := headersOf(c.before, before), headersOf(c.after, after)
	for _, m := range is.members {
		old := was.get(m.name)
		switch {
		case old == nil:
			c.came(id, onlyIf(m.value.is("required"), Needed), "%s reads the header %s", id, m.name)
		case m.value.is("required") && !old.is("required"):
			c.came(id, Needed, "%s requires the header %s", id, m.name)
		}
	}
	for _, m := range was.members {
		if is.get(m.name) == nil {
			c.went(id, Gone, "%s no longer reads the header %s", id, m.name)
		}
	}
}

// headersOf returns the header parameters of an operation, by name.
func headersOf(root, operation *node) *node {
	all := newMap()
	for _, item := range operation.get("parameters").list() {
		if p := resolveIn(root, item); p.str("in") == "header" {
			all.set(p.str("name"), p)
		}
	}
	return all
}

// eachChange calls came and went for the names that only one of two maps has.
func eachChange(before, after *node, came, went func(name string)) {
	for _, m := range after.all() {
		if before.get(m.name) == nil {
			came(m.name)
		}
	}
	for _, m := range before.all() {
		if after.get(m.name) == nil {
			went(m.name)
		}
	}
}

// bodies compares the media types of request bodies, and the schemas of their parameters.
func (c *comparison) bodies(id string, before, after *node) {
	eachChange(before, after, func(name string) {
		c.came(id, "", "%s takes %s", id, name)
	}, func(name string) {
		c.went(id, Refused, "%s no longer takes %s", id, name)
	})
	if len(before.all()) == 0 || len(after.all()) == 0 {
		return
	}
	was, is := resolveIn(c.before, before.all()[0].value.get("schema")), resolveIn(c.after,
		after.all()[0].value.get("schema"))
	for _, m := range is.get("properties").all() {
		if old := was.child("properties", m.name); old != nil {
			at := place{m.name + " of " + id, id, true}
			c.limits(at, old, m.value)
			c.inside(at, old, m.value)
		}
	}
}

func (c *comparison) answers(id string, before, after *node) {
	for _, m := range after.all() {
		if before.get(m.name) == nil {
			c.came(id, "", "%s can answer %s", id, m.name)
			continue
		}
		old, now := resolveIn(c.before, before.get(m.name)), resolveIn(c.after, m.value)
		where := "the answer " + m.name + " of " + id
		c.headers(where, id, old.get("headers"), now.get("headers"))
		c.kinds(where, id, old.get("content"), now.get("content"))
		c.schema(place{where, id, false}, schemaOfJSON(old), schemaOfJSON(now))
	}
	for _, m := range before.all() {
		if after.get(m.name) == nil {
			c.went(id, onlyIf(m.name < "400", Gone), "%s no longer answers %s", id, m.name)
		}
	}
}

// schemaOfJSON is the schema of a JSON response or body; nil if there is none.
func schemaOfJSON(n *node) *node { return n.child("content", "application/json", "schema") }

// kinds compares the media types of a response's body.
func (c *comparison) kinds(where, subject string, before, after *node) {
	eachChange(before, after, func(name string) {
		c.came(subject, Unexpected, "%s can be %s", where, name)
	}, func(name string) {
		c.went(subject, Gone, "%s can no longer be %s", where, name)
	})
}

func (c *comparison) headers(where, subject string, before, after *node) {
	eachChange(before, after, func(name string) {
		c.came(subject, "", "%s comes with the header %s", where, name)
	}, func(name string) {
		c.went(subject, Gone, "%s no longer comes with the header %s", where, name)
	})
}

// callbacks compares what GitLab sends by itself, because receivers are clients too.
func (c *comparison) callbacks(id string, before, after *node) {
	for _, m := range after.all() {
		old := before.get(m.name)
		if old == nil {
			c.came(id, "", "%s calls back with %s", id, m.name)
			continue
		}
		for _, address := range m.value.all() {
			for _, method := range address.value.all() {
				if earlier := old.child(address.name, method.name); earlier != nil {
					c.callback(m.name+" of "+id, id, earlier, method.value)
				}
			}
		}
	}
	for _, m := range before.all() {
		if after.get(m.name) == nil {
			c.went(id, Gone, "%s no longer calls back with %s", id, m.name)
		}
	}
}

func (c *comparison) callback(where, id string, before, after *node) {
	c.headers(where, id, headersOf(c.before, before), headersOf(c.after, after))
	was, is := resolveIn(c.before, before.get("requestBody")), resolveIn(c.after, after.get("requestBody"))
	c.kinds(where, id, was.get("content"), is.get("content"))
	c.schema(place{where, id, false}, schemaOfJSON(was), schemaOfJSON(is))
}
