package mockserver

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/release"
)

// Clock returns the present time of the world's clock, and its mode.
func (s *Server) Clock() control.Clock {
	mode, now, offset := s.world.clock.show()
	if mode != control.OffsetClock {
		offset = 0
	}
	return control.Clock{Mode: mode, Now: now, Offset: control.Duration{Duration: offset}}
}

// SetClock sets the mode of the world's clock. Now is used only for a frozen clock; if Now is zero, the clock is frozen
// at its present time. Offset is used only for an offset clock. Jobs and deliveries that become due run with the next
// request or, while Run is running, at once. Advance also waits for them. SetClock fails for an unknown mode, and for
// times before 1970 or after 2199.
func (s *Server) SetClock(c control.Clock) error {
	switch c.Mode {
	case control.RealClock:
	case control.OffsetClock:
		if err := gitlab.CheckInstant(s.opts.Now().Add(c.Offset.Duration)); err != nil {
			return fmt.Errorf("offset leads too far: %w", err)
		}
	case control.FrozenClock:
		if err := gitlab.CheckInstant(c.Now); err != nil && !c.Now.IsZero() {
			return fmt.Errorf("now: %w", err)
		}
	default:
		return fmt.Errorf("there is no clock of mode %q: it can be %s, %s or %s", c.Mode, control.RealClock,
			control.OffsetClock, control.FrozenClock)
	}
	s.world.clock.set(c.Mode, c.Now, c.Offset.Duration)
	s.world.stir()
	return nil
}

// Freeze freezes the world's clock at an instant, or at its present time if at is zero.
func (s *Server) Freeze(at time.Time) error {
	return s.SetClock(control.Clock{Mode: control.FrozenClock, Now: at})
}

// Licence says who has Ultimate: the instance, and the projects that differ from it.
func (s *Server) Licence() (l control.Licence) {
	s.look(func(tx *gitlab.Tx) { l = presentLicence(tx) })
	return l
}

// SetLicence sets the licences of the instance and the projects to what l says. It fails if a project does not exist.
func (s *Server) SetLicence(l control.Licence) error {
	return s.change(func(tx *gitlab.Tx) error { return applyLicence(tx, l) })
}

func presentLicence(tx *gitlab.Tx) control.Licence {
	l := control.Licence{Licensed: tx.Settings().Licensed, Projects: []control.ProjectLicence{}}
	for _, p := range tx.Projects() {
		if p.Licence != gitlab.Unset {
			l.Projects = append(l.Projects, control.ProjectLicence{ID: int64(p.ID), Licensed: p.Licence == gitlab.Yes})
		}
	}
	return l
}

func applyLicence(tx *gitlab.Tx, l control.Licence) error {
	settings := tx.Settings()
	settings.Licensed = l.Licensed
	tx.SetSettings(settings)
	choices := map[gitlab.ProjectID]gitlab.Choice{}
	for _, p := range l.Projects {
		if _, found := tx.Project(gitlab.ProjectID(p.ID)); !found {
			return fmt.Errorf("there is no project %d", p.ID)
		}
		choices[gitlab.ProjectID(p.ID)] = gitlab.Chosen(&p.Licensed)
	}
	for _, p := range tx.Projects() {
		if p.Licence != choices[p.ID] {
			p.Licence = choices[p.ID]
			tx.SeedProject(p)
		}
	}
	return nil
}

// SHARequirement says whether a merge by API must name the commit: in the instance, and in the namespaces that have a
// setting of their own.
func (s *Server) SHARequirement() (r control.SHARequirement) {
	s.look(func(tx *gitlab.Tx) { r = presentSHARequirement(tx) })
	return r
}

// SetSHARequirement replaces the settings that SHARequirement returns. It finds namespaces by id, and by full path if
// the id is zero.
func (s *Server) SetSHARequirement(r control.SHARequirement) error {
	return s.change(func(tx *gitlab.Tx) error { return applySHARequirement(tx, r) })
}

func presentSHARequirement(tx *gitlab.Tx) control.SHARequirement {
	instance := tx.Settings().SHARequirement
	r := control.SHARequirement{
		Required: instance.Required == gitlab.Yes, Locked: instance.Locked,
		Namespaces: []control.NamespaceSHARequirement{},
	}
	for _, n := range tx.Namespaces() {
		if n.SHARequirement != (gitlab.SHARequirement{}) {
			r.Namespaces = append(r.Namespaces, control.NamespaceSHARequirement{
				ID: int64(n.ID), FullPath: n.FullPath, Required: choice(n.SHARequirement.Required),
				Locked: n.SHARequirement.Locked,
			})
		}
	}
	return r
}

func applySHARequirement(tx *gitlab.Tx, r control.SHARequirement) error {
	settings := tx.Settings()
	settings.SHARequirement = gitlab.SHARequirement{Required: gitlab.Chosen(&r.Required), Locked: r.Locked}
	tx.SetSettings(settings)
	choices := map[gitlab.NamespaceID]gitlab.SHARequirement{}
	for _, chosen := range r.Namespaces {
		n, found := tx.Namespace(gitlab.NamespaceID(chosen.ID))
		if chosen.ID == 0 {
			n, found = tx.NamespaceByPath(chosen.FullPath)
		}
		if !found {
			return fmt.Errorf("there is no group or namespace %d %s", chosen.ID, chosen.FullPath)
		}
		choices[n.ID] = gitlab.SHARequirement{Required: gitlab.Chosen(chosen.Required), Locked: chosen.Locked}
	}
	for _, n := range tx.Namespaces() {
		if n.SHARequirement != choices[n.ID] {
			tx.RequireSHA(n, choices[n.ID])
		}
	}
	return nil
}

// Writing says whether requests can change data, and which message they get if they cannot.
func (s *Server) Writing() (w control.Writing) {
	s.look(func(tx *gitlab.Tx) { w = presentWriting(tx) })
	return w
}

// SetWriting puts the instance under maintenance, makes its database read-only, or ends that. The message is used only
// for maintenance, and replaces GitLab's own.
func (s *Server) SetWriting(mode control.WriteMode, message string) error {
	switch mode {
	case control.WritingAllowed, control.WritingMaintenance, control.WritingReadOnly:
	default:
		return fmt.Errorf("there is no mode %q: it can be %s, %s or %s", mode, control.WritingAllowed,
			control.WritingMaintenance, control.WritingReadOnly)
	}
	if message != "" && mode != control.WritingMaintenance {
		return errors.New("message is for the mode maintenance only: leave it out, or set that mode")
	}
	return s.change(func(tx *gitlab.Tx) error {
		settings := tx.Settings()
		settings.Writing = writingOf(mode, message)
		tx.SetSettings(settings)
		return nil
	})
}

// writingOf parses a mode. An empty mode means that data can be changed.
func writingOf(mode control.WriteMode, message string) gitlab.Writing {
	if mode == control.WritingAllowed {
		mode = ""
	}
	return gitlab.Writing{Mode: gitlab.WriteMode(mode), Message: message}
}

func presentWriting(tx *gitlab.Tx) control.Writing {
	w := tx.Settings().Writing
	if w.Mode == gitlab.WritesAllowed {
		return control.Writing{Mode: control.WritingAllowed}
	}
	return control.Writing{Mode: control.WriteMode(w.Mode), Message: refusalOfWrites(w)}
}

// Release returns the release that the world behaves as, and which changes of History it has.
func (s *Server) Release() (r control.Release) {
	s.look(func(tx *gitlab.Tx) { r = presentRelease(tx) })
	return r
}

// SetRelease changes the release of the world, as an upgrade or a downgrade does, and keeps its data. It also switches
// feature flags of that release. It fails for a release that is not covered, and for a flag that the release does not
// have.
func (s *Server) SetRelease(v release.Version, features map[string]bool) error {
	if err := release.Covered(v); err != nil {
		return err
	}
	if err := checkFeatures(v, features); err != nil {
		return err
	}
	return s.change(func(tx *gitlab.Tx) error {
		tx.BehaveAs(v, features)
		return nil
	})
}

func presentRelease(tx *gitlab.Tx) control.Release {
	r := control.Release{
		Version: tx.Version().String(), Oldest: release.Oldest.String(), Newest: release.Newest.String(),
		Changes: []string{},
	}
	for _, h := range gitlab.History() {
		if tx.Has(h.Change) {
			r.Changes = append(r.Changes, h.Name)
		}
	}
	return r
}

// Features lists all feature flags, also those that the release does not have. For these it says whether what they
// govern is on.
func (s *Server) Features() (list []control.Feature) {
	s.look(func(tx *gitlab.Tx) { list = presentFeatures(tx) })
	return list
}

// SetFeatures switches feature flags by name. It fails, and switches none, if the release lacks one of them.
func (s *Server) SetFeatures(features map[string]bool) error {
	return s.change(func(tx *gitlab.Tx) error {
		if err := checkFeatures(tx.Version(), features); err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(features)) {
			tx.SetFeature(name, features[name])
		}
		return nil
	})
}

func presentFeatures(tx *gitlab.Tx) []control.Feature {
	return presentAll(FeatureFlags(), func(f FeatureFlag) control.Feature {
		return control.Feature{
			Name: f.Name, Enabled: tx.Feature(f.Name), Switchable: f.In(tx.Version()), Default: f.Default,
			Since: f.Since.String(), Removed: f.Gone.String(), What: f.What,
		}
	})
}
