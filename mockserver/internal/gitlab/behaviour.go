package gitlab

import (
	"fmt"

	"github.com/statuschecks/statuschecks/release"
)

// History lists the changes in the order of the releases that brought them.
func History() []Release {
	list := make([]Release, changeCount)
	for i, r := range history {
		r.Change = Change(i)
		list[i] = r
	}
	return list
}

// Announcement is a change that GitLab has made, or is about to make, and that no release has which is known here.
type Announcement struct{ What, Source string }

// Announcements lists them.
func Announcements() []Announcement {
	return []Announcement{{
		What: "Who may not create or delete an external status check is refused with 403; up to 19.4 creating " +
			"answers 500, and deleting 204 and deletes nothing.",
		Source: "merge request 260486, not in 19.4.1",
	}, {
		What: "Groups show require_sha_for_merge and lock_require_sha_for_merge, and a change of a group takes " +
			"them; up to 19.4 the web pages and, for the instance, the settings do.",
		Source: "merge request 256966, not in 19.4",
	}}
}

// String is the change's permanent name.
func (c Change) String() string {
	if c < 0 || c >= changeCount {
		return fmt.Sprintf("change %d", int(c))
	}
	return history[c].Name
}

// In says whether a release has the change.
func (h Release) In(r release.Version) bool {
	return r.Compare(h.Since) >= 0 && (h.Gone == release.Version{} || r.Compare(h.Gone) < 0)
}

// behaviour is what a release does. It never changes.
type behaviour struct {
	version    release.Version
	has        [changeCount]bool
	features   map[string]bool // what is on, unless it was switched since
	switchable map[string]bool // flags that the release has
}

func behaviourOf(r release.Version, changes, flags map[string]bool) *behaviour {
	b := &behaviour{version: r, has: changesIn(r, changes)}
	b.features, b.switchable = features(r, b.has, flags)
	return b
}

// BehaveAs makes this GitLab one of another release, as an upgrade does: what is stored stays. Feature flags are as the
// release shipped them, but for those given.
func (tx *Tx) BehaveAs(r release.Version, flags map[string]bool) {
	timedOut := tx.timesOut()
	tx.release = behaviourOf(r, tx.state.opts.Changes, flags)
	tx.wrote()
	removeAll(tx, featureTable, "id", nil)
	tx.resumeTimeouts(timedOut)
}

// Version is the release that this GitLab behaves as.
func (tx *Tx) Version() release.Version { return tx.release.version }

func changesIn(r release.Version, otherwise map[string]bool) (has [changeCount]bool) {
	for c := range changeCount {
		has[c] = history[c].In(r)
		if set, is := otherwise[history[c].Name]; is {
			has[c] = set
		}
	}
	return has
}

// In says whether a release has the flag.
func (f FeatureFlag) In(r release.Version) bool { return r.Compare(f.Since) >= 0 && !f.gone(r) }

// gone says whether a release has no flag any more, so that what it governed is always on.
func (f FeatureFlag) gone(r release.Version) bool { return r.Compare(f.Gone) >= 0 }

// Has says whether this GitLab's release has what changed.
func (tx *Tx) Has(c Change) bool { return tx.release.has[c] }

// Has says whether this GitLab's release now has what changed.
func (s *State) Has(c Change) bool { return s.current.Load().release.has[c] }
