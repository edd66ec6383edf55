package seed

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// Parse reads a seed from YAML or JSON. It is strict: unknown keys, values of the wrong type, duplicates and references
// to missing items are errors. It reports all of them at once. Each has the name, line and column, the line itself, and
// the nearest valid word. A SHA that consists only of digits must be in quotes, because YAML would read a number.
func Parse(name string, data []byte) (Document, error) {
	d := &decoder{
		wrong: strictyaml.NewProblems(name, data), places: map[string]strictyaml.Place{},
		unread: map[string]bool{},
	}
	var s Document
	root := strictyaml.Read(d.wrong, data, fileFormat)
	if root != nil && root.Place != (strictyaml.Place{}) {
		d.decode(root, reflect.ValueOf(&s).Elem(), "")
	}
	if root != nil {
		d.check(&s)
	}
	if err := newError(name, d.wrong.Sorted()); err != nil {
		return Document{}, err
	}
	return s, nil
}

// check reports inconsistencies in a seed, except for values with a problem that was reported already.
func (d *decoder) check(s *Document) {
	for _, p := range s.problems() {
		if d.told(p.path) {
			continue
		}
		if p.first != "" {
			p.message += fmt.Sprintf(", in line %d", d.placeOf(p.first).Line)
		}
		at := d.placeOf(p.path)
		if strings.HasSuffix(p.path, "secret") {
			d.wrong.Hide(at)
		}
		d.wrong.Add(at, "%s", p.message)
	}
}

const (
	// MaxSize is the maximum length of the text of a document, in bytes.
	MaxSize = 16 << 20
	// maxDepth is how deeply values may be nested. The deepest key of a seed is at level 8.
	maxDepth = 32
)

var fileFormat = strictyaml.Format{Noun: "seed", Size: MaxSize, Depth: maxDepth}

// wholeNumber is the form of numbers in a seed: without signs, other bases or underscores.
var wholeNumber = lazy.Regexp(`^(0|[1-9][0-9]*)$`)

// decoder fills a Document from nodes by the yaml tags of its fields. It remembers where each value is in the text.
type decoder struct {
	wrong  *strictyaml.Problems
	places map[string]strictyaml.Place // by path
	unread map[string]bool             // paths of values that could not be read; no more is reported of them
}

func (d *decoder) report(path string, at strictyaml.Place, format string, args ...any) {
	d.unread[path] = true
	d.wrong.Add(at, format, args...)
}

// placeOf is the place of the value at a path. If there is none, it is the place of what would contain it.
func (d *decoder) placeOf(path string) strictyaml.Place {
	for {
		if p, ok := d.places[path]; ok {
			return p
		}
		i := strings.LastIndexAny(path, ".[")
		if i < 0 {
			return strictyaml.Place{Line: 1, Column: 1}
		}
		path = path[:i]
	}
}

// told reports whether the value at a path, or a value that contains it, could not be read.
func (d *decoder) told(path string) bool {
	for !d.unread[path] {
		i := strings.LastIndexAny(path, ".[")
		if i < 0 {
			return false
		}
		path = path[:i]
	}
	return true
}

// begin notes where a value stands, and reads it if it is an instant. It reports whether the rest is to be read.
func (d *decoder) begin(n *strictyaml.Node, to reflect.Value, path string) bool {
	d.places[path] = n.Place
	if n.Kind == "" { // reported already
		d.unread[path] = true
		return false
	}
	if to.Type() == reflect.TypeFor[time.Time]() {
		d.instant(n, to, path)
		return false
	}
	return true
}

func (d *decoder) decode(n *strictyaml.Node, to reflect.Value, path string) {
	if !d.begin(n, to, path) {
		return
	}
	if to.Type() == reflect.TypeFor[Rows]() {
		d.rows(n, to, path)
		return
	}
	switch to.Kind() {
	case reflect.Pointer:
		to.Set(reflect.New(to.Type().Elem()))
		d.decode(n, to.Elem(), path)
	case reflect.Struct:
		d.mapping(n, to, path)
	case reflect.Slice:
		d.list(n, to, path, d.decode)
	case reflect.Map:
		d.entries(n, to, path, d.decode)
	case reflect.String:
		if d.want(n, strictyaml.Text, path) {
			to.SetString(n.Text)
		}
	case reflect.Bool:
		if d.want(n, strictyaml.Boolean, path) {
			to.SetBool(n.IsTrue())
		}
	case reflect.Int64:
		d.number(n, to, path)
	}
}

// want reports a problem if a value is not of the kind that its key requires.
func (d *decoder) want(n *strictyaml.Node, kind strictyaml.Kind, path string) bool {
	switch {
	case n.Kind == kind:
		return true
	case kind == strictyaml.Text && (n.Kind == strictyaml.Number || n.Kind == strictyaml.Boolean):
		d.report(path, n.Place, "%s must be text: put quotes around it, or YAML takes it for %s", keyOf(path),
			wordFor(n.Kind))
	default:
		d.report(path, n.Place, "%s must be %s, not %s", keyOf(path), wordFor(kind), wordFor(n.Kind))
	}
	return false
}

// wordFor is the name of a kind of value, for messages.
func wordFor(kind strictyaml.Kind) string {
	if kind == strictyaml.Boolean {
		return "true or false"
	}
	return string(kind)
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

func (d *decoder) number(n *strictyaml.Node, to reflect.Value, path string) {
	if !d.want(n, strictyaml.Number, path) {
		return
	}
	d.whole(n, to, path, n.Text)
}

// whole reads a number whose digits are those.
func (d *decoder) whole(n *strictyaml.Node, to reflect.Value, path, digits string) {
	value, err := strconv.ParseInt(n.Text, 10, 64)
	if err != nil || !wholeNumber().MatchString(digits) || to.OverflowInt(value) {
		d.report(path, n.Place, "%s must be a whole number in plain digits", keyOf(path))
		return
	}
	to.SetInt(value)
}

func (d *decoder) instant(n *strictyaml.Node, to reflect.Value, path string) {
	if !d.want(n, strictyaml.Text, path) {
		return
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(layout, n.Text); err == nil {
			if err := gitlab.CheckInstant(t); err != nil {
				d.report(path, n.Place, "%s: %s", keyOf(path), err)
				return
			}
			to.Set(reflect.ValueOf(t.UTC().Truncate(time.Microsecond)))
			return
		}
	}
	d.report(path, n.Place, "%s must be a time as 2022-12-07T07:53:43Z", keyOf(path))
}

// reading reads a node into a value.
type reading func(n *strictyaml.Node, to reflect.Value, path string)

// list reads a list, each of its items by each.
func (d *decoder) list(n *strictyaml.Node, to reflect.Value, path string, each reading) {
	if n.Kind == strictyaml.Empty || !d.want(n, strictyaml.List, path) || len(n.Items) == 0 {
		return
	}
	to.Set(reflect.MakeSlice(to.Type(), len(n.Items), len(n.Items)))
	for i, item := range n.Items {
		each(item, to.Index(i), path+"["+strconv.Itoa(i)+"]")
	}
}

// entries reads a mapping that may have any keys, each of its values by each.
func (d *decoder) entries(n *strictyaml.Node, to reflect.Value, path string, each reading) {
	if n.Kind == strictyaml.Empty || !d.want(n, strictyaml.Mapping, path) || len(n.Pairs) == 0 {
		return
	}
	to.Set(reflect.MakeMap(to.Type()))
	for _, p := range n.Pairs {
		value := reflect.New(to.Type().Elem()).Elem()
		each(p.Value, value, path+"["+strconv.Quote(p.Key)+"]")
		to.SetMapIndex(reflect.ValueOf(p.Key).Convert(to.Type().Key()), value)
	}
}

func (d *decoder) mapping(n *strictyaml.Node, to reflect.Value, path string) {
	if n.Kind == strictyaml.Empty || !d.want(n, strictyaml.Mapping, path) {
		return
	}
	fields := fieldsOf(to.Type())
	for _, p := range n.Pairs {
		below := strings.TrimPrefix(path+"."+p.Key, ".")
		i := slices.Index(fields, p.Key)
		if i < 0 {
			d.report(below, p.Place, "%s has no key %q%s", nameOf(path), p.Key, strictyaml.Suggest(p.Key, fields,
				"; it has "))
			d.wrong.HideAfter(p)
			if meant := strictyaml.Nearest(p.Key, fields); meant != "" { // not to be reported as missing too
				d.unread[strings.TrimPrefix(path+"."+meant, ".")] = true
			}
			continue
		}
		d.decode(p.Value, to.Field(i), below)
		if p.Value.Place == (strictyaml.Place{}) {
			d.places[below] = p.Place
		}
	}
}

// mappingNames are the names of the mappings of a seed in messages, by the key above them.
var mappingNames = map[string]string{
	"": "a seed", "users": "a user", "tokens": "a token", "groups": "a group", "members": "a member",
	"custom_role": "a custom role",
	"projects":    "a project", "branches": "a branch", "commits": "a commit",
	"protected_branches": "a protected branch",
	"push_access_levels": "an access level", "merge_access_levels": "an access level",
	"unprotect_access_levels": "an access level",
	"external_status_checks":  "an external status check", "merge_requests": "a merge request",
	"labels": "a label", "milestones": "a milestone",
	"responses": "a response",
}

// nameOf is the name of the mapping at a path in messages.
func nameOf(path string) string {
	key, _, _ := strings.Cut(path[strings.LastIndexByte(path, '.')+1:], "[")
	return cmp.Or(mappingNames[key], key)
}

// fieldsOf lists the keys of a struct in the order of its fields.
func fieldsOf(t reflect.Type) []string {
	names := make([]string, t.NumField())
	for i := range names {
		names[i] = t.Field(i).Tag.Get("yaml")
	}
	return names
}
