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
	return referred(ref, func(id int64) (gitlab.Namespace, bool) {
		return tx.Namespace(gitlab.NamespaceID(id))
	}, tx.NamespaceByPath)
}

// projectOf finds a project by its id or by its full path.
func projectOf(tx *gitlab.Tx, ref any) (gitlab.Project, bool) {
	return referred(ref, func(id int64) (gitlab.Project, bool) {
		return tx.Project(gitlab.ProjectID(id))
	}, func(path string) (gitlab.Project, bool) {
		p, moved, found := tx.ProjectByPath(path)
		return p, found && !moved
	})
}

// referred finds a row by a number, by a text of digits, or by a path.
func referred[T any](ref any, byID func(int64) (T, bool), byPath func(string) (T, bool)) (found T, is bool) {
	switch ref := ref.(type) {
	case float64:
		return byID(int64(ref))
	case string:
		if n, err := strconv.ParseInt(ref, 10, 64); err == nil {
			return byID(n)
		}
		return byPath(strings.Trim(ref, "/"))
	}
	return found, false
}
