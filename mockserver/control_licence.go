package mockserver

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

func (k *controlCall) getLicence() (reply, error) { return ok(k.server.Licence()) }

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
	err = k.server.change(func(tx *gitlab.Tx) error {
		l := presentLicence(tx)
		if given.Project == nil {
			l.Licensed = *given.Licensed
		} else {
			p, found := projectOf(tx, given.Project)
			if !found {
				return refused(http.StatusNotFound, "there is no project %v", given.Project)
			}
			l.Projects = slices.DeleteFunc(l.Projects,
				func(c control.ProjectLicence) bool { return c.ID == int64(p.ID) })
			if given.Licensed != nil {
				l.Projects = append(l.Projects, control.ProjectLicence{ID: int64(p.ID), Licensed: *given.Licensed})
			}
		}
		if err := applyLicence(tx, l); err != nil {
			return err
		}
		re, err = ok(presentLicence(tx))
		return err
	})
	return re, err
}

// namespaceOf finds a group or namespace by its id or by its full path.
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

// projectOf finds a project by its id or by its full path.
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
