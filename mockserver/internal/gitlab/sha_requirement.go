package gitlab

// SHARequirement says whether a merge by API must name the commit to merge. The instance can require that, and so can
// each group.
type SHARequirement struct {
	Required Choice // Unset: as the group above it or, at the top, as the instance
	Locked   bool   // groups and projects below it cannot choose otherwise
}

// RequiresSHA reports whether a merge in a namespace must name the commit.
//
// Source: lib/api/merge_requests.rb and app/models/concerns/cascading_namespace_setting_attribute.rb of 19.2.
func (tx *Tx) RequiresSHA(id NamespaceID) bool {
	instance := tx.Settings().SHARequirement
	if !tx.Has(MergingCanNeedSHA) || instance.Locked {
		return tx.Has(MergingCanNeedSHA) && instance.Required == Yes
	}
	nearest, locked := Unset, Unset
	for n := range tx.upwards(id) {
		if nearest == Unset {
			nearest = n.SHARequirement.Required
		}
		if n.SHARequirement.Locked && n.ID != id {
			locked = n.SHARequirement.Required
		}
	}
	for _, choice := range []Choice{locked, nearest, instance.Required} {
		if choice != Unset {
			return choice == Yes
		}
	}
	return false
}

// RequireSHA sets the requirement of a namespace. A locked requirement also applies to everything below it.
func (tx *Tx) RequireSHA(n Namespace, r SHARequirement) {
	n.SHARequirement = r
	insert(tx, namespaceTable, n)
}
