// Package reader reads the values of the files that the suite takes, strictly, and records every problem with its
// place.
package reader

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

// keyPattern is what an author may call a thing.
var keyPattern = lazy.Regexp(`^[a-z][a-z0-9_]*$`)

// Reader reads the values of a file and records every problem that it meets.
type Reader struct{ P *Problems }

// List gives the items of a list.
func (d *Reader) List(n *Node, what string) []*Node {
	if n == nil {
		return nil
	}
	if !n.IsList {
		d.P.At(n, "%s must be a list, not %s", what, n.Kind())
		return nil
	}
	return n.Items
}

// Text reads a text.
func (d *Reader) Text(n *Node, what string) string {
	if n == nil {
		return ""
	}
	text, isText := n.Value.(string)
	if !n.IsScalar || !isText {
		d.P.At(n, "%s must be text, not %s; put quotes around it", what, n.Kind())
		return ""
	}
	return text
}

// Texts reads a list of texts.
func (d *Reader) Texts(n *Node, what string) []string {
	var texts []string
	for _, item := range d.List(n, what) {
		texts = append(texts, d.Text(item, "each of "+what))
	}
	return texts
}

// Flag reads true or false.
func (d *Reader) Flag(n *Node, what string) bool {
	if n == nil {
		return false
	}
	value, isBool := n.Value.(bool)
	if !n.IsScalar || !isBool {
		d.P.At(n, "%s must be true or false, not %s", what, n.Kind())
	}
	return value
}

// Duration reads a length of time.
func (d *Reader) Duration(n *Node, what string) time.Duration {
	if n == nil {
		return 0
	}
	length, err := time.ParseDuration(d.Text(n, what))
	if err != nil || length <= 0 {
		d.P.At(n, "%s must be a length of time such as 2m1s", what)
		return 0
	}
	return length
}

// Word is a text out of a closed list.
func (d *Reader) Word(n *Node, what string, allowed []string) string {
	if n == nil {
		return ""
	}
	word := d.Text(n, what)
	if word != "" && !slices.Contains(allowed, word) {
		d.P.At(n, "unknown %s %q%s; one of %s", what, word, strictyaml.DidYouMean(word, allowed),
			strings.Join(allowed, ", "))
		return ""
	}
	return word
}

// Keyed gives the entries of a mapping whose keys are the author's.
func (d *Reader) Keyed(n *Node, what string) []Pair {
	if n == nil {
		return nil
	}
	if !n.IsMapping() {
		d.P.At(n, "%s must be a mapping of keys to descriptions, not %s", what, n.Kind())
		return nil
	}
	for _, p := range n.Pairs {
		if !keyPattern().MatchString(p.Key.Text) {
			d.P.At(p.Key, "the key %q must be a lower-case word", p.Key.Text)
		}
	}
	return n.Pairs
}

// Problems collects what is wrong while reading goes on.
type Problems struct {
	*strictyaml.Problems
}

// NewProblems is for a file with this text.
func NewProblems(file string, data []byte) *Problems {
	return &Problems{strictyaml.NewProblems(file, data)}
}

// add records a problem at a line and column; a line of 0 means the file as a whole.
func (p *Problems) add(line, column int, format string, args ...any) {
	p.Add(strictyaml.Place{Line: line, Column: column}, "%s", strictyaml.WithoutSecrets(fmt.Sprintf(format, args...)))
}

// At records a problem at a value.
func (p *Problems) At(n *Node, format string, args ...any) {
	p.add(n.Line, n.Column, format, args...)
}

// Found makes problems of what was recorded, in the order of the file.
func Found[P any](p *Problems, problem func(file string, line, column int, message, excerpt string) P) []P {
	var list []P
	for _, one := range p.Sorted() {
		list = append(list, problem(p.File, one.Place.Line, one.Place.Column, one.Message, one.Line))
	}
	return list
}

// Among gives the values of a mapping by key and reports the keys that are not allowed there.
func (d *Reader) Among(n *Node, what string, allowed []string) map[string]*Node {
	fields := map[string]*Node{}
	if n == nil {
		return fields
	}
	if !n.IsMapping() {
		d.P.At(n, "%s must be a mapping, not %s", what, n.Kind())
		return fields
	}
	for _, p := range n.Pairs {
		if !slices.Contains(allowed, p.Key.Text) {
			d.P.At(p.Key, "unknown key %q in %s%s; the keys are %s", p.Key.Text, what, strictyaml.DidYouMean(p.Key.Text,
				allowed),
				strings.Join(allowed, ", "))
			continue
		}
		fields[p.Key.Text] = p.Value
	}
	return fields
}
