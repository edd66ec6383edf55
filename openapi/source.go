package openapi

import (
	"crypto/sha256"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/statuschecks/statuschecks/openapi/internal/index"
	"github.com/statuschecks/statuschecks/release"
)

// source is the text that all versions of one document share, with its index.
type source struct {
	name   string
	yaml   []byte
	json   []byte
	index  *index.Index
	mu     sync.Mutex
	pruned map[release.Version]*Document // by the start of the period in which nothing changes
}

func newSource(name string, yaml, json []byte, of *index.Index) *source {
	return &source{name: name, yaml: yaml, json: json, index: of, pruned: map[release.Version]*Document{}}
}

// at is a part of the text.
func (s *source) at(span index.Span) []byte { return s.json[span.From:span.To:span.To] }

// document returns the document for a version, or the whole document for nil.
func (s *source) document(version *release.Version) *Document {
	known := s.index.Operations
	d := &Document{
		source:     s,
		version:    version,
		operations: make([]*Operation, 0, len(known)),
		byID:       make(map[string]*Operation, len(known)),
		nodes:      map[string]*node{},
		sums:       map[string][sha256.Size]byte{},
		outlined:   map[string]*outliner{},
		schemas:    map[string]*openapi3.SchemaRef{},
	}
	for i := range known {
		o := &known[i]
		if version != nil && !version.Within(o.Since, o.Until) {
			continue
		}
		operation := &Operation{
			ID: o.ID, Method: o.Method, Path: o.Path, Summary: o.Summary,
			Source: o.Source, Ability: o.Ability, Tags: o.Tags,
			Since: o.Since, Until: o.Until,
			document: d, raw: s.at(o.Span), root: o.Root,
		}
		d.operations = append(d.operations, operation)
		d.byID[operation.ID] = operation
	}
	return d
}

// component returns the component that ref names as it was written, or nil.
func (s *source) component(ref string) *node {
	span, known := s.index.Component(ref)
	if !known {
		return nil
	}
	n, err := parseJSON(s.at(span))
	if err != nil {
		return nil
	}
	return n
}

// dates returns of the component that ref names which releases have it, or what it refers to itself; nil if it is
// unknown.
func (s *source) dates(ref string) *node {
	span, known := s.index.Component(ref)
	if !known {
		return nil
	}
	n, scan := newMap(), &index.Scanner{Data: s.at(span)}
	err := scan.Each(func(name string) error {
		raw, err := scan.Raw()
		if err != nil || name != "x-since" && name != "x-until" && name != "$ref" {
			return err
		}
		value, err := parseJSON(raw)
		n.members = append(n.members, member{name: name, value: value})
		return err
	})
	if err != nil {
		return nil
	}
	return n
}
