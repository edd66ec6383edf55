package mockserver

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

type clockEntity struct {
	Mode   clockMode `json:"mode"`
	Now    time.Time `json:"now"`
	Offset string    `json:"offset"`
}

func (k *controlCall) presentClock() clockEntity {
	mode, now, offset := k.world.clock.show()
	if mode != offsetClock {
		offset = 0
	}
	return clockEntity{mode, now, offset.String()}
}

func (k *controlCall) getClock() (reply, error) { return ok(k.presentClock()) }

// setClock makes the clock go in another way. Nothing happens by that alone, but Run is told.
func (k *controlCall) setClock() (reply, error) {
	var given struct {
		Mode   clockMode  `json:"mode"`
		Now    *time.Time `json:"now"`
		Offset *string    `json:"offset"`
	}
	if err := k.decode(&given); err != nil {
		return reply{}, err
	}
	if given.Now != nil && given.Mode != frozenClock {
		return reply{}, refused(http.StatusBadRequest, "now goes with mode frozen; a clock of mode %s shows its own "+
			"time", given.Mode)
	}
	if given.Offset != nil && given.Mode != offsetClock {
		return reply{}, refused(http.StatusBadRequest, "offset goes with mode offset, not with %s", given.Mode)
	}
	var at time.Time
	if given.Now != nil {
		if at = given.Now.UTC(); gitlab.CheckInstant(at) != nil {
			return reply{}, refused(http.StatusBadRequest, "now: %s", gitlab.CheckInstant(at))
		}
	}
	offset := k.world.clock.now().Sub(k.server.opts.Now()) // it goes on from where it is
	if given.Offset != nil {
		var err error
		if offset, err = time.ParseDuration(*given.Offset); err != nil {
			return reply{}, refused(http.StatusBadRequest, "offset is not a duration as 2m1s, at most some 290 years")
		}
		if err := gitlab.CheckInstant(k.server.opts.Now().Add(offset)); err != nil {
			return reply{}, refused(http.StatusBadRequest, "offset leads too far: %s", err)
		}
	}
	k.world.clock.set(given.Mode, at, offset)
	k.world.stir()
	return ok(k.presentClock())
}

// advanceClock answers when all that became due has happened.
func (k *controlCall) advanceClock() (reply, error) {
	var given struct {
		By   *string    `json:"by"`
		To   *time.Time `json:"to"`
		Wait string     `json:"wait"`
	}
	if err := k.decode(&given); err != nil {
		return reply{}, err
	}
	to, err := target(k.world.clock.now(), given.By, given.To)
	if err != nil {
		return reply{}, err
	}
	ctx, done, err := k.patiently(given.Wait)
	if err != nil {
		return reply{}, err
	}
	defer done()
	if err := k.server.AdvanceTo(ctx, to); err != nil {
		return reply{}, notFinished(err)
	}
	return ok(k.presentClock())
}

// target is the instant to which time is to be advanced.
func target(now time.Time, by *string, to *time.Time) (at time.Time, err error) {
	switch {
	case (by == nil) == (to == nil):
		return at, refused(http.StatusBadRequest, "give by, a duration, or to, an instant: one of them")
	case to != nil && to.Before(now):
		return at, refused(http.StatusBadRequest, "to is past; time only goes forward: set the clock to put it back")
	case to != nil:
		at = to.UTC()
	default:
		d, err := time.ParseDuration(*by)
		if err != nil {
			return at, refused(http.StatusBadRequest, "by is not a duration as 2m1s, at most some 290 years")
		}
		at = now.Add(d)
	}
	if err := gitlab.CheckInstant(at); err != nil {
		return at, refused(http.StatusBadRequest, "this leads to %s: %s", at.Format(time.RFC3339), err)
	}
	return at, nil
}

// longestWait is how long a call can be told to wait.
const longestWait = 10 * time.Minute

// patiently is the context of a call that waits as long as it was told to for what others have sent; without a word, as
// Deliver does.
func (k *controlCall) patiently(wait string) (context.Context, context.CancelFunc, error) {
	ctx := k.request.Context()
	if wait == "" {
		ctx, done := context.WithCancel(ctx)
		return ctx, done, nil
	}
	d, err := time.ParseDuration(wait)
	if err != nil || d <= 0 || d > longestWait {
		return nil, nil, refused(http.StatusBadRequest, "wait must be a duration as 20s, at most %s", longestWait)
	}
	ctx, done := context.WithTimeout(ctx, d)
	return ctx, done, nil
}

// notFinished words why a call that sends deliveries ended early.
func notFinished(err error) error {
	switch {
	case errors.Is(err, ErrReset):
		return refused(http.StatusConflict, "the world was reset while time was advanced")
	case errors.Is(err, ErrUnanswered):
		return refused(http.StatusConflict, "%s, as {\"wait\":\"30s\"}", err)
	case errors.Is(err, ErrEndless):
		return refused(http.StatusConflict, "%s", err)
	}
	return err
}

type licenceEntity struct {
	Licensed bool             `json:"licensed"`
	Projects []projectLicence `json:"projects"`
}

type projectLicence struct {
	ID       gitlab.ProjectID `json:"id"`
	Licensed bool             `json:"licensed"`
}

// presentLicence shows the instance's, and that of the projects that do not follow it.
func presentLicence(tx *gitlab.Tx) licenceEntity {
	e := licenceEntity{Licensed: tx.Settings().Licensed, Projects: []projectLicence{}}
	for _, p := range tx.Projects() {
		if p.Licence != gitlab.Unset {
			e.Projects = append(e.Projects, projectLicence{p.ID, p.Licence == gitlab.Yes})
		}
	}
	return e
}

func (k *controlCall) getLicence() (re reply, err error) {
	k.view(func(tx *gitlab.Tx) { re, err = ok(presentLicence(tx)) })
	return re, err
}

func (k *controlCall) setLicence() (re reply, err error) {
	var given struct {
		Licensed *bool `json:"licensed"`
		Project  any   `json:"project"`
	}
	if err := k.decode(&given); err != nil {
		return reply{}, err
	}
	if given.Project == nil && given.Licensed == nil {
		return reply{}, refused(http.StatusBadRequest, "licensed is null, which only a project can have: give "+
			"project, or true or false for the instance")
	}
	err = k.world.state.Update(k.world.clock.now(), func(tx *gitlab.Tx) error {
		if given.Project == nil {
			s := tx.Settings()
			s.Licensed = *given.Licensed
			tx.SetSettings(s)
		} else if err := setProjectLicence(tx, given.Project, given.Licensed); err != nil {
			return err
		}
		re, err = ok(presentLicence(tx))
		return err
	})
	return re, err
}

func setProjectLicence(tx *gitlab.Tx, ref any, licensed *bool) error {
	p, found := projectOf(tx, ref)
	if !found {
		return refused(http.StatusNotFound, "there is no project %v", ref)
	}
	p.Licence = gitlab.Chosen(licensed)
	tx.SeedProject(p)
	return nil
}

// projectOf finds a project by its id or by its full path.
func namespaceOf(tx *gitlab.Tx, ref any) (gitlab.Namespace, bool) {
	switch ref := ref.(type) {
	case float64:
		return tx.Namespace(gitlab.NamespaceID(ref))
	case string:
		if n, err := strconv.ParseInt(ref, 10, 64); err == nil {
			return tx.Namespace(gitlab.NamespaceID(n))
		}
		return tx.NamespaceByPath(strings.Trim(ref, "/"))
	}
	return gitlab.Namespace{}, false
}

func projectOf(tx *gitlab.Tx, ref any) (gitlab.Project, bool) {
	switch ref := ref.(type) {
	case float64:
		return tx.Project(gitlab.ProjectID(ref))
	case string:
		if n, err := strconv.ParseInt(ref, 10, 64); err == nil {
			return tx.Project(gitlab.ProjectID(n))
		}
		p, moved, found := tx.ProjectByPath(strings.Trim(ref, "/"))
		return p, found && !moved
	}
	return gitlab.Project{}, false
}
