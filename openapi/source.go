package openapi

import (
	"fmt"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/statuschecks/statuschecks/release"
)

// source is the text that all versions of one document share, with an index of its operations and components.
type source struct {
	name   string
	root   string // path of the first server
	yaml   []byte
	json   []byte
	heads  []head
	parts  map[string][]byte // "#/components/KIND/NAME" to its JSON
	starts []release.Version // ascending: the versions in which something begins or is gone
	mu     sync.Mutex
	pruned map[release.Version]*Document // by the start of the period in which nothing changes
}

// head is what can be known about an operation without reading all of it.
type head struct {
	operation *Operation
	raw       []byte
}

func newSource(name string, yaml, json []byte) (*source, error) {
	s := &source{
		name: name, yaml: yaml, json: json, parts: map[string][]byte{},
		pruned: map[release.Version]*Document{},
	}
	scan := &scanner{data: json}
	err := scan.each(func(key string) error {
		switch key {
		case "paths":
			return scan.each(func(path string) error { return s.indexPath(scan, path) })
		case "components":
			return scan.each(func(kind string) error { return s.indexComponents(scan, kind) })
		}
		raw, err := scan.raw()
		if key == "servers" && err == nil {
			s.root = firstServer(raw)
		}
		return err
	})
	if err == nil {
		s.starts, err = periods(json)
	}
	if err != nil {
		return nil, fmt.Errorf("index the document: %w", err)
	}
	return s, nil
}

func firstServer(raw []byte) string {
	servers, err := parseJSON(raw)
	if err != nil || len(servers.items) == 0 {
		return ""
	}
	return strings.TrimSuffix(servers.items[0].str("url"), "/")
}

func (s *source) indexPath(scan *scanner, path string) error {
	root := ""
	return scan.each(func(method string) error {
		raw, err := scan.raw()
		if method == "servers" {
			root = firstServer(raw)
		}
		if err != nil || !httpMethods[method] {
			return err
		}
		operation, err := readHead(raw)
		if err != nil {
			return err
		}
		operation.Method, operation.Path, operation.root = strings.ToUpper(method), path, root
		s.heads = append(s.heads, head{operation: operation, raw: raw})
		return nil
	})
}

func (s *source) indexComponents(scan *scanner, kind string) error {
	return scan.each(func(name string) error {
		raw, err := scan.raw()
		s.parts["#/components/"+kind+"/"+name] = raw
		return err
	})
}

// readHead reads the short members of an operation and skips the rest.
func readHead(raw []byte) (*Operation, error) {
	o := &Operation{}
	texts := map[string]*string{
		"operationId": &o.ID, "summary": &o.Summary, "x-source": &o.Source, "x-ability": &o.Ability,
	}
	bounds := map[string]*release.Version{"x-since": &o.Since, "x-until": &o.Until}
	scan := &scanner{data: raw}
	err := scan.each(func(key string) error {
		if target := texts[key]; target != nil {
			text, err := scan.str()
			*target = text
			return err
		}
		if target := bounds[key]; target != nil {
			text, err := scan.str()
			if err == nil {
				*target, err = release.Parse(text)
			}
			return err
		}
		value, err := scan.raw()
		if key == "tags" && err == nil {
			var list *node
			list, err = parseJSON(value)
			o.Tags = list.texts()
		}
		return err
	})
	return o, err
}

// document returns the document for a version, or the whole document for nil.
func (s *source) document(version *release.Version) *Document {
	d := &Document{
		source:  s,
		version: version,
		byID:    make(map[string]*Operation, len(s.heads)),
		nodes:   map[string]*node{},
		schemas: map[string]*openapi3.SchemaRef{},
	}
	for i := range s.heads {
		known := s.heads[i].operation
		if version != nil && !version.Within(known.Since, known.Until) {
			continue
		}
		operation := &Operation{
			ID: known.ID, Method: known.Method, Path: known.Path, Summary: known.Summary,
			Source: known.Source, Ability: known.Ability, Tags: known.Tags,
			Since: known.Since, Until: known.Until,
			document: d, raw: s.heads[i].raw, root: known.root,
		}
		d.operations = append(d.operations, operation)
		d.byID[operation.ID] = operation
	}
	return d
}

// component returns the component that ref names as it was written.
func (s *source) component(ref string) *node {
	raw := s.parts[ref]
	if raw == nil {
		return nil
	}
	n, err := parseJSON(raw)
	if err != nil {
		return nil
	}
	return n
}
