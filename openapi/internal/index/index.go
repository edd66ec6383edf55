// Package index finds what an OpenAPI document has without reading all of it: its operations, its components, and the
// releases that change it. The indexes of the documents that this module contains are made at build time, so that
// nothing has to be searched when a program starts.
package index

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/release"
)

// Index tells what stands where in the JSON of a document.
type Index struct {
	Root       string // path of the first server
	Operations []Operation
	Components []Component       // by reference
	Starts     []release.Version // ascending: the versions in which something begins or is gone
}

// Operation is what can be known about an operation without reading all of it.
type Operation struct {
	ID, Method, Path string
	Root             string // of its path, where that has a server of its own
	Summary          string
	Source, Ability  string
	Tags             []string
	Since, Until     release.Version
	Span             Span
}

// Component is one of those below components.
type Component struct {
	Ref  string // "#/components/KIND/NAME"
	Span Span
}

// Span is where a value begins in the text and where the next one may begin, in bytes.
type Span struct{ From, To int }

// Of makes the index of a document.
func Of(text []byte) (*Index, error) {
	x, scan := &Index{}, &Scanner{Data: text}
	err := scan.Each(func(key string) error {
		switch key {
		case "paths":
			return scan.Each(func(path string) error { return x.addPath(scan, path) })
		case "components":
			return scan.Each(func(kind string) error { return x.addComponents(scan, kind) })
		}
		raw, err := scan.Raw()
		if key == "servers" && err == nil {
			x.Root = firstServer(raw)
		}
		return err
	})
	if err == nil {
		x.Starts, err = starts(text)
	}
	if err != nil {
		return nil, fmt.Errorf("index the document: %w", err)
	}
	slices.SortFunc(x.Components, func(a, b Component) int { return strings.Compare(a.Ref, b.Ref) })
	return x, nil
}

// Component finds a component by its reference.
func (x *Index) Component(reference string) (Span, bool) {
	at, known := slices.BinarySearchFunc(x.Components, reference, func(c Component, wanted string) int {
		return strings.Compare(c.Ref, wanted)
	})
	if !known {
		return Span{}, false
	}
	return x.Components[at].Span, true
}

// firstServer is the path of the first of some servers, which may be none.
func firstServer(raw []byte) string {
	var servers []struct{ URL string }
	if err := json.Unmarshal(raw, &servers); err != nil || len(servers) == 0 {
		return ""
	}
	return strings.TrimSuffix(servers[0].URL, "/")
}

var methods = map[string]bool{
	"get": true, "put": true, "post": true, "delete": true,
	"options": true, "head": true, "patch": true, "trace": true,
}

// IsMethod reports whether a member of a path is an operation.
func IsMethod(name string) bool { return methods[name] }

func (x *Index) addPath(scan *Scanner, path string) error {
	root := ""
	return scan.Each(func(method string) error {
		raw, err := scan.Raw()
		if method == "servers" {
			root = firstServer(raw)
		}
		if err != nil || !IsMethod(method) {
			return err
		}
		o := Operation{
			Method: strings.ToUpper(method), Path: path, Root: root, Span: Span{scan.At - len(raw), scan.At},
		}
		err = o.read(raw)
		x.Operations = append(x.Operations, o)
		return err
	})
}

func (x *Index) addComponents(scan *Scanner, kind string) error {
	return scan.Each(func(name string) error {
		raw, err := scan.Raw()
		x.Components = append(x.Components, Component{
			Ref: "#/components/" + kind + "/" + name, Span: Span{scan.At - len(raw), scan.At},
		})
		return err
	})
}

// read reads the short members of an operation and skips the rest.
func (o *Operation) read(raw []byte) error {
	texts := map[string]*string{
		"operationId": &o.ID, "summary": &o.Summary, "x-source": &o.Source, "x-ability": &o.Ability,
	}
	bounds := map[string]*release.Version{"x-since": &o.Since, "x-until": &o.Until}
	scan := &Scanner{Data: raw}
	return scan.Each(func(key string) error {
		if target := texts[key]; target != nil {
			text, err := scan.Str()
			*target = text
			return err
		}
		if target := bounds[key]; target != nil {
			text, err := scan.Str()
			if err == nil {
				*target, err = release.Parse(text)
			}
			return err
		}
		value, err := scan.Raw()
		if key == "tags" && err == nil {
			err = json.Unmarshal(value, &o.Tags)
		}
		return err
	})
}

// dated are the extensions for the first and the last version that has something.
var dated = []struct {
	key  string
	last bool
}{{"x-since", false}, {"x-enum-since", false}, {"x-until", true}, {"x-enum-until", true}}

// starts returns, in ascending order, the versions in which something begins or is gone. It searches for the
// extensions instead of parsing everything, because few places have one.
func starts(text []byte) ([]release.Version, error) {
	var all []release.Version
	for _, extension := range dated {
		quoted := []byte(strconv.Quote(extension.key))
		scan := &Scanner{Data: text}
		for {
			at := bytes.Index(text[scan.At:], quoted)
			if at < 0 {
				break
			}
			scan.At += at + len(quoted)
			if !scan.Take(':') {
				continue
			}
			found, err := versions(scan)
			if err != nil {
				return nil, fmt.Errorf("%s before byte %d: %w", extension.key, scan.At, err)
			}
			for _, v := range found {
				if extension.last {
					v.Minor++
				}
				all = append(all, v)
			}
		}
	}
	slices.SortFunc(all, release.Version.Compare)
	return slices.Compact(all), nil
}

// versions reads a version, or a map whose values are versions.
func versions(scan *Scanner) ([]release.Version, error) {
	var found []release.Version
	read := func(string) error {
		text, err := scan.Str()
		if err != nil {
			return err
		}
		v, err := release.Parse(text)
		found = append(found, v)
		return err
	}
	if scan.Peek() == '{' {
		err := scan.Each(read)
		return found, err
	}
	err := read("")
	return found, err
}
