package openapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/openapi/internal/index"
	"github.com/statuschecks/statuschecks/release"
)

// Form describes how a document is written for other tools. The zero value is the document as it is.
type Form struct {
	Release release.Version // the release to name in the title, if several share the document
	Topic   string          // only the operations on this topic: a word of their tags, such as "status checks"
	Server  string          // URL of the API
	Plain   bool            // see [Document.Write]
}

// Topics returns the values that [Form].Topic can have.
func (d *Document) Topics() []string {
	var all []string
	for _, o := range d.operations {
		for _, tag := range o.Tags {
			if !slices.Contains(all, tag) {
				all = append(all, tag)
			}
		}
	}
	return all
}

// Write returns the document in the given form, as "yaml" or "json". The plain form is for code generators that do
// not support everything in the document. In the plain form, bodies are JSON; body parameters are not repeated in the
// query; there is one way to authenticate; a path parameter has one type; alternatives of different kinds become one
// schema; no enum contains null; a header that can be empty is an optional text; and there are no extensions.
func (d *Document) Write(form Form, format string) ([]byte, error) {
	if form.Topic+form.Server == "" && !form.Plain && (d.version == nil || form.Release == (release.Version{})) {
		return d.written(format)
	}
	root, err := d.root()
	if err != nil {
		return nil, err
	}
	if form.Topic != "" && !keepTopic(root, form.Topic) {
		return nil, fmt.Errorf("no operation is about %q: there are %s", form.Topic, strings.Join(d.Topics(), ", "))
	}
	if form.Plain {
		plainer{root: root}.document()
	}
	dropUnused(root)
	if form.Release != (release.Version{}) && d.version != nil {
		title, _, _ := strings.Cut(root.get("info").str("title"), ", GitLab")
		root.get("info").set("title", newText(title+", GitLab "+form.Release.String()))
		root.get("info").set("version", newText(form.Release.String()))
		first, _ := d.source.span(*d.version)
		showVersion(root, first, form.Release)
	}
	if form.Server != "" {
		instance := strings.TrimSuffix(strings.TrimSuffix(form.Server, "/"), d.Root())
		root.set("servers", serverAt(instance+d.Root()))
		for _, path := range root.get("paths").members {
			if own := path.value.get("servers"); own != nil {
				path.value.set("servers", serverAt(instance+own.items[0].str("url")))
			}
		}
	}
	if format == "json" {
		return root.appendJSON(nil), nil
	}
	return root.yaml(), nil
}

func serverAt(url string) *node { return newList(newMap(member{name: "url", value: newText(url)})) }

func (d *Document) written(format string) ([]byte, error) {
	if format == "json" {
		return d.JSON()
	}
	return d.YAML()
}

// keepTopic removes the operations on other topics, and the tags that are then unused. It reports whether any
// operations are left.
func keepTopic(root *node, topic string) bool {
	about := func(tag string) bool { return strings.Contains(tag, topic) }
	paths := root.get("paths")
	for i := range paths.members {
		item := *paths.members[i].value
		item.members = slices.DeleteFunc(slices.Clone(item.members), func(m member) bool {
			return index.IsMethod(m.name) && !slices.ContainsFunc(m.value.get("tags").texts(), about)
		})
		paths.members[i].value = &item
	}
	dropEmptyPaths(root)
	if tags := root.get("tags"); tags != nil {
		tags.items = slices.DeleteFunc(tags.items, func(tag *node) bool { return !about(tag.str("name")) })
	}
	return len(paths.members) > 0
}

func newList(items ...*node) *node { return &node{kind: arrayNode, items: items} }
