package scenario

import (
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/conformance/internal/jq"
	"github.com/statuschecks/statuschecks/conformance/internal/reader"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

// part is a part of a scenario. What its texts may refer to depends on it.
type part int

const (
	ofProject part = iota // the project and its branches
	ofChecks              // what stands in the project
	ofReplies
	ofSteps
)

// place is where texts stand.
type place struct {
	part part
	step int // of ofSteps, counted from 0
}

// mention is a value whose texts may have references.
type mention struct {
	node  *reader.Node
	at    place
	bytes bool      // its texts go out as they are, so that they may hold bytes that are no text
	names []jq.Name // that it reads as a filter, instead of references
}

// captureName is a name under which a step captures a value.
type captureName struct {
	node *reader.Node
	at   place
}

// refer notes that the texts of a node may have references.
func (d *decoder) refer(n *reader.Node) {
	if n != nil {
		d.mentions = append(d.mentions, mention{node: n, at: d.at, bytes: d.bytes})
	}
}

// references checks all references of a scenario, once its structure is known.
func (d *decoder) references(s *Scenario) {
	before := d.namesBefore(s)
	for _, one := range d.captureNames {
		if slices.ContainsFunc(before[ofSteps], func(name string) bool { return rootOf(name) == one.node.Text }) {
			d.P.At(one.node, "%s is the name of something given; choose another", one.node.Text)
		}
	}
	for _, one := range d.mentions {
		var captured []string
		if one.at.part == ofSteps {
			captured = capturedBefore(s, one.at.step)
		}
		in := &scope{before[one.at.part], captured, one.bytes}
		if one.names == nil {
			d.resolve(one.node, in)
		}
		for _, name := range one.names {
			d.read(one.node, name, in)
		}
	}
}

// namesBefore are the names that can be referred to in each part before the first step.
func (d *decoder) namesBefore(s *Scenario) [4][]string {
	given := s.Given
	project := Given{Project: given.Project, Branches: given.Branches, Other: given.Other}
	steps := (&Scenario{Isolation: s.Isolation, Given: given}).Names()
	for _, role := range append(d.roles, string(Maintainer)) {
		steps = append(steps, "user."+role+".id")
	}
	return [...][]string{
		ofProject: (&Scenario{Given: Given{Other: true}}).Names(),
		ofChecks:  append((&Scenario{Isolation: s.Isolation, Given: project}).Names(), "hook"),
		ofReplies: (&Scenario{Isolation: s.Isolation, Given: given}).Names(),
		ofSteps:   steps,
	}
}

// capturedBefore are the names that steps before one capture values under.
func capturedBefore(s *Scenario, step int) []string {
	var names []string
	for i := range s.Steps[:step] {
		captures := s.Steps[i].Capture
		if s.Steps[i].Receive != nil {
			captures = s.Steps[i].Receive.Capture
		}
		for name := range captures {
			names = append(names, name)
		}
	}
	return names
}

// scope is what texts at a place may refer to.
type scope struct {
	known    []string // whole names
	captured []string // roots
	bytes    bool
}

// resolve checks every reference in a node's texts.
func (d *decoder) resolve(n *reader.Node, in *scope) {
	if text, isText := n.Value.(string); n.IsScalar && isText {
		for _, name := range References(text) {
			d.reference(n, name, in)
		}
	}
	for _, item := range n.Items {
		d.resolve(item, in)
	}
	for _, p := range n.Pairs {
		if p.Key.Text != "$jq" {
			d.resolve(p.Value, in)
		}
	}
}

func (d *decoder) reference(n *reader.Node, name string, in *scope) {
	if _, is := byteNamed(name); is {
		if !in.bytes {
			d.P.At(n, "${%s} stands in raw and in headers only: elsewhere a request holds text", name)
		}
		return
	}
	if !in.has(name) {
		d.P.At(n, "nothing sets ${%s}%s", name, in.didYouMean(name))
	}
}

// read checks a name that a filter reads. Of an open one, only the beginning is known.
func (d *decoder) read(n *reader.Node, name jq.Name, in *scope) {
	begins := func(known string) bool { return name.Text == "" || strings.HasPrefix(known, name.Text+".") }
	if in.has(name.Text) || name.Open && slices.ContainsFunc(in.known, begins) {
		return
	}
	d.P.At(n, "nothing sets %s.%s%s", jq.Variables, name.Text, in.didYouMean(name.Text))
}

func (s *scope) has(name string) bool {
	return slices.Contains(s.known, name) || slices.Contains(s.captured, rootOf(name))
}

func (s *scope) didYouMean(name string) string {
	known := slices.Concat(s.known, s.captured)
	slices.Sort(known)
	return strictyaml.DidYouMean(name, known)
}

// rootOf is the first word of a dotted name.
func rootOf(name string) string {
	root, _, _ := strings.Cut(name, ".")
	return root
}
