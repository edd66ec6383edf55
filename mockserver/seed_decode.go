package mockserver

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ParseSeed reads a seed from YAML or JSON, strictly: unknown keys, values of the wrong type, things that are there twice and references to
// what is not there are errors. All of them are reported at once, each with the name, line and column, the line itself, and the nearest
// valid word. A SHA of digits alone must be in quotes, or YAML would take it for a number.
func ParseSeed(name string, data []byte) (Seed, error) {
	d := &seedDecoder{places: map[string]place{}, unread: map[string]bool{}}
	var s Seed
	if root := parseSeedText(data, d.reportAt); root != nil {
		d.decode(root, reflect.ValueOf(&s).Elem(), "")
		for _, p := range s.problems() {
			if d.told(p.path) {
				continue
			}
			p.place = d.placeOf(p.path)
			if p.first != "" {
				p.message += fmt.Sprintf(", in line %d", d.placeOf(p.first).line)
			}
			d.problems = append(d.problems, p)
		}
	}
	if len(d.problems) == 0 {
		return s, nil
	}
	return Seed{}, &seedError{name: name, lines: strings.Split(string(data), "\n"), problems: sorted(d.problems)}
}

// seedDecoder fills a Seed from nodes by the yaml tags of its fields, and remembers where everything stands.
type seedDecoder struct {
	problems []problem
	places   map[string]place // by path
	unread   map[string]bool  // paths of values that could not be read, of which nothing more is to be said
}

func (d *seedDecoder) reportAt(at place, format string, args ...any) {
	d.problems = append(d.problems, problem{place: at, message: fmt.Sprintf(format, args...)})
}

func (d *seedDecoder) report(path string, at place, format string, args ...any) {
	d.unread[path] = true
	d.problems = append(d.problems, problem{path: path, place: at, message: fmt.Sprintf(format, args...)})
}

// placeOf is where the thing at a path stands or, if it is not there, what it would be part of.
func (d *seedDecoder) placeOf(path string) place {
	for {
		if p, ok := d.places[path]; ok {
			return p
		}
		i := strings.LastIndexAny(path, ".[")
		if i < 0 {
			return place{1, 1}
		}
		path = path[:i]
	}
}

// told says whether the value at a path, or one that it is part of, could not be read.
func (d *seedDecoder) told(path string) bool {
	for !d.unread[path] {
		i := strings.LastIndexAny(path, ".[")
		if i < 0 {
			return false
		}
		path = path[:i]
	}
	return true
}

func (d *seedDecoder) decode(n *seedNode, to reflect.Value, path string) {
	d.places[path] = n.place
	if n.kind == "" { // reported already
		d.unread[path] = true
		return
	}
	if to.Type() == reflect.TypeFor[time.Time]() {
		d.instant(n, to, path)
		return
	}
	switch to.Kind() {
	case reflect.Pointer:
		to.Set(reflect.New(to.Type().Elem()))
		d.decode(n, to.Elem(), path)
	case reflect.Struct:
		d.mapping(n, to, path)
	case reflect.Slice:
		d.list(n, to, path)
	case reflect.Map:
		d.texts(n, to, path)
	case reflect.String:
		if d.want(n, textNode, path) {
			to.SetString(n.text)
		}
	case reflect.Bool:
		if d.want(n, booleanNode, path) {
			to.SetBool(n.text == "true")
		}
	case reflect.Int64:
		d.number(n, to, path)
	}
}

// want reports a value that is not of the kind that its key takes.
func (d *seedDecoder) want(n *seedNode, kind nodeKind, path string) bool {
	switch {
	case n.kind == kind:
		return true
	case kind == textNode && (n.kind == numberNode || n.kind == booleanNode):
		d.report(path, n.place, "%s must be text: put quotes around it, or YAML takes it for %s", keyOf(path), n.kind)
	default:
		d.report(path, n.place, "%s must be %s, not %s", keyOf(path), kind, n.kind)
	}
	return false
}

// keyOf is the last key of a path.
func keyOf(path string) string {
	path, _, isNamed := strings.Cut(path, `["`)
	key, _, isItem := strings.Cut(path[strings.LastIndexByte(path, '.')+1:], "[")
	switch {
	case isNamed:
		return "each of " + key
	case key == "":
		return "a seed"
	case isItem:
		return "each of " + key
	}
	return key
}

func (d *seedDecoder) number(n *seedNode, to reflect.Value, path string) {
	if !d.want(n, numberNode, path) {
		return
	}
	value, err := strconv.ParseInt(n.text, 10, 64)
	if err != nil || !wholeNumber.MatchString(n.text) {
		d.report(path, n.place, "%s must be a whole number in plain digits", keyOf(path))
		return
	}
	to.SetInt(value)
}

func (d *seedDecoder) instant(n *seedNode, to reflect.Value, path string) {
	if !d.want(n, textNode, path) {
		return
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(layout, n.text); err == nil {
			if err := inBounds(t); err != nil {
				d.report(path, n.place, "%s: %s", keyOf(path), err)
				return
			}
			to.Set(reflect.ValueOf(t.UTC().Truncate(time.Microsecond)))
			return
		}
	}
	d.report(path, n.place, "%s must be a time as 2022-12-07T07:53:43Z", keyOf(path))
}

func (d *seedDecoder) list(n *seedNode, to reflect.Value, path string) {
	if n.kind == emptyNode || !d.want(n, listNode, path) || len(n.items) == 0 {
		return
	}
	to.Set(reflect.MakeSlice(to.Type(), len(n.items), len(n.items)))
	for i, item := range n.items {
		d.decode(item, to.Index(i), path+"["+strconv.Itoa(i)+"]")
	}
}

// texts reads a mapping whose keys are free.
func (d *seedDecoder) texts(n *seedNode, to reflect.Value, path string) {
	if n.kind == emptyNode || !d.want(n, mappingNode, path) || len(n.pairs) == 0 {
		return
	}
	to.Set(reflect.MakeMap(to.Type()))
	for _, p := range n.pairs {
		value := reflect.New(to.Type().Elem()).Elem()
		d.decode(p.value, value, path+"["+strconv.Quote(p.key)+"]")
		to.SetMapIndex(reflect.ValueOf(p.key), value)
	}
}

func (d *seedDecoder) mapping(n *seedNode, to reflect.Value, path string) {
	if n.kind == emptyNode || !d.want(n, mappingNode, path) {
		return
	}
	fields := fieldsOf(to.Type())
	for _, p := range n.pairs {
		below := strings.TrimPrefix(path+"."+p.key, ".")
		i := slices.Index(fields, p.key)
		if i < 0 {
			d.report(below, p.place, "%s has no key %q%s", nameOf(path), p.key, suggestion(p.key, fields))
			d.problems[len(d.problems)-1].until = p.place.column + len([]rune(p.key))
			if meant := nearest(p.key, fields); meant != "" { // which need not be said to be missing too
				d.unread[strings.TrimPrefix(path+"."+meant, ".")] = true
			}
			continue
		}
		d.decode(p.value, to.Field(i), below)
		if p.value.place == (place{}) {
			d.places[below] = p.place
		}
	}
}

// mappingNames are what the mappings of a seed are called in messages, by the key that they lie under.
var mappingNames = map[string]string{
	"": "a seed", "users": "a user", "tokens": "a token", "groups": "a group", "members": "a member", "custom_role": "a custom role",
	"projects": "a project", "branches": "a branch", "commits": "a commit", "protected_branches": "a protected branch",
	"push_access_levels": "an access level", "merge_access_levels": "an access level", "unprotect_access_levels": "an access level",
	"external_status_checks": "an external status check", "merge_requests": "a merge request", "responses": "a response",
}

// nameOf is what a mapping at a path is called in messages.
func nameOf(path string) string {
	key, _, _ := strings.Cut(path[strings.LastIndexByte(path, '.')+1:], "[")
	return cmp.Or(mappingNames[key], key)
}

// suggestion names the nearest key, or all of them if none is near.
func suggestion(word string, known []string) string {
	if near := didYouMean(word, known); near != "" {
		return near
	}
	return "; it has " + strings.Join(known, ", ")
}

// fieldsOf lists the keys of a struct in the order of its fields.
func fieldsOf(t reflect.Type) []string {
	names := make([]string, t.NumField())
	for i := range names {
		names[i] = t.Field(i).Tag.Get("yaml")
	}
	return names
}
