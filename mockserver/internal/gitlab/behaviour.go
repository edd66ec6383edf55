package gitlab

import (
	"fmt"

	"github.com/statuschecks/statuschecks/release"
)

// History returns the changes in the order of the releases that brought them.
func History() []Release {
	list := make([]Release, changeCount)
	for i, r := range history {
		r.Change = Change(i)
		list[i] = r
	}
	return list
}

// Announcement is a change of GitLab that no supported release has yet.
type Announcement struct{ What, Source string }

// Announcements returns these changes.
func Announcements() []Announcement {
	return []Announcement{{
		What: "A user who may not create or delete an external status check is refused with 403. Up to 19.4, " +
			"creating returns 500, and deleting returns 204 and deletes nothing.",
		Source: "merge request 260486, not in 19.4.1",
	}, {
		What: "Groups have require_sha_for_merge and lock_require_sha_for_merge, and an update of a group can change " +
			"them. Up to 19.4, only the web pages can and, for the instance, the settings.",
		Source: "merge request 256966, not in 19.4",
	}}
}

// String returns the permanent name of the change.
func (c Change) String() string {
	if c < 0 || c >= changeCount {
		return fmt.Sprintf("change %d", int(c))
	}
	return history[c].Name
}

// In reports whether a release has the change.
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

// BehaveAs changes the release of this GitLab, like an upgrade: stored data stay. Feature flags get the defaults of the
// release, except for the given ones.
func (tx *Tx) BehaveAs(r release.Version, flags map[string]bool) {
	timedOut := tx.timesOut()
	tx.release = behaviourOf(r, tx.state.opts.Changes, flags)
	tx.wrote()
	removeAll(tx, featureTable, "id", "")
	tx.resumeTimeouts(timedOut)
}

// Version returns the release that this GitLab behaves as.
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

// In reports whether a release has the flag.
func (f FeatureFlag) In(r release.Version) bool { return r.Compare(f.Since) >= 0 && !f.gone(r) }

// gone reports whether a release no longer has the flag. What the flag controlled is then always on.
func (f FeatureFlag) gone(r release.Version) bool { return r.Compare(f.Gone) >= 0 }

// Has reports whether the release of this GitLab has a change.
func (tx *Tx) Has(c Change) bool { return tx.release.has[c] }

// Has reports whether the current release of this GitLab has a change.
func (s *State) Has(c Change) bool { return s.current.Load().release.has[c] }
