package openapi

import (
	"github.com/statuschecks/statuschecks/release"
)

// Epochs returns the releases that changed the parameters of the operation, oldest first, beginning with the first
// release that has the operation. Between two of them, the parameters do not change. In a document for one release,
// this release is the only one.
func (o *Operation) Epochs() []release.Version {
	d := o.document
	if d.version != nil {
		return []release.Version{*d.version}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	found := map[release.Version]bool{release.Oldest: true}
	d.dates(d.read(o.raw, "responses", "callbacks"), found, map[string]bool{})
	var all []release.Version
	for _, v := range release.All() {
		if found[v] && v.Within(o.Since, o.Until) {
			all = append(all, v)
		}
	}
	return all
}

// dates collects the releases in which something below n begins, or is gone for the first time.
func (d *Document) dates(n *node, found map[release.Version]bool, seen map[string]bool) {
	if ref := n.str("$ref"); ref != "" && !seen[ref] {
		seen[ref] = true
		if target := d.componentLocked(ref); target != nil {
			d.dates(target, found, seen)
		}
	}
	for _, m := range n.members {
		switch m.name {
		case "x-since":
			found[version(m.value)] = true
		case "x-until":
			found[version(m.value).Next()] = true
		case "x-enum-since":
			for _, word := range m.value.members {
				found[version(word.value)] = true
			}
		case "x-enum-until":
			for _, word := range m.value.members {
				found[version(word.value).Next()] = true
			}
		default:
			d.dates(m.value, found, seen)
		}
	}
	for _, item := range n.items {
		d.dates(item, found, seen)
	}
}

func version(n *node) release.Version {
	v, _ := release.Parse(n.text) // the loader has checked that it is valid
	return v
}
