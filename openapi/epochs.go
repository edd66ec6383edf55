package openapi

import "slices"

// Epochs returns the releases from which on the operation takes other
// parameters than the release before, the first that has it included, oldest
// first. Between two of them nothing changes in what is asked of a request. A
// document that was cut down has one release, and so one epoch.
func (o *Operation) Epochs() []Version {
	d := o.document
	if d.version != nil {
		return []Version{*d.version}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	found := map[Version]bool{Oldest: true}
	d.dates(d.read(o.raw, "responses", "callbacks"), found, map[string]bool{})
	var all []Version
	for _, v := range Versions() {
		if found[v] && v.within(o.Since, o.Until) {
			all = append(all, v)
		}
	}
	return all
}

// dates gathers where something below n begins, or is gone for the first time.
func (d *Document) dates(n *node, found map[Version]bool, seen map[string]bool) {
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
			found[after(version(m.value))] = true
		case "x-enum-since":
			for _, word := range m.value.members {
				found[version(word.value)] = true
			}
		case "x-enum-until":
			for _, word := range m.value.members {
				found[after(version(word.value))] = true
			}
		default:
			d.dates(m.value, found, seen)
		}
	}
	for _, item := range n.items {
		d.dates(item, found, seen)
	}
}

func version(n *node) Version {
	v, _ := ParseVersion(n.text) // what the loader let pass can be read
	return v
}

// after is the release that follows v; v itself when there is none.
func after(v Version) Version {
	all := Versions()
	if at := slices.Index(all, v); at >= 0 && at+1 < len(all) {
		return all[at+1]
	}
	return v
}
