package mockserver

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// missing refuses with 404 and the name of what was not found. Without a name GitLab says only 404 Not Found.
func missing(what, reason string, args ...any) error {
	return &gitlab.Refusal{Kind: gitlab.NotFound, Text: what, Reason: fmt.Sprintf(reason, args...)}
}

// denied refuses with 403.
func denied(reason string, args ...any) error {
	return &gitlab.Refusal{Kind: gitlab.Forbidden, Reason: fmt.Sprintf(reason, args...)}
}

// inProject makes an operation on the project that the path names. The caller needs the ability in it. Reading a public
// project needs no account.
func inProject(ability gitlab.Ability, run func(*call, *gitlab.Tx) (reply, error)) operation {
	return operation{run: func(c *call, tx *gitlab.Tx) (reply, error) {
		if err := c.findProject(tx); err != nil {
			return reply{}, err
		}
		if !tx.Can(c.actor, ability, c.project) {
			return reply{}, denied("%s needs %s on the project", c.op.ID, ability)
		}
		return run(c, tx)
	}}
}

// ofCommits is an operation of GitLab's commits API, which asks whether the caller reads code before it looks at
// parameters.
//
// Source: lib/api/commits.rb.
func ofCommits(run func(*call, *gitlab.Tx) (reply, error)) operation {
	return operation{run: run, before: func(c *call, tx *gitlab.Tx) error {
		if err := c.findProject(tx); err != nil {
			return err
		}
		if !tx.Can(c.actor, gitlab.ReadCode, c.project) {
			return denied("%s needs %s on the project", c.op.ID, gitlab.ReadCode)
		}
		return nil
	}}
}

// open admits callers who are not signed in.
func open(o operation) operation {
	o.anonymous = true
	return o
}

// listed shows the page of a list that the parameters select.
func listed[R, E any](c *call, tx *gitlab.Tx, rows []R, present func(R) E) (reply, error) {
	shown, headers, err := window(c, tx, rows, c.declaredPage())
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusOK, body: presentAll(shown, present), header: headers}, nil
}

// kept returns the rows that pass all tests.
func kept[R any](rows []R, tests ...func(R) bool) []R {
	return slices.DeleteFunc(rows, func(row R) bool {
		return slices.ContainsFunc(tests, func(test func(R) bool) bool { return !test(row) })
	})
}

// mentions reports whether one of the texts contains the search text, ignoring case. An empty search text matches
// everything.
func mentions(search string, texts ...string) bool {
	search = strings.ToLower(search)
	return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(strings.ToLower(text), search) })
}

// instant returns a parameter that is a date or an instant. It is the zero time if the parameter was not given or is
// invalid.
func (p params) instant(name string) time.Time {
	text := p.text(name)
	for _, layout := range []string{
		time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05", time.DateOnly,
		"2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04Z0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04",
		"2006-01-02 15:04:05 Z0700", "2006-01-02 15:04:05 UTC",
	} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC()
		}
	}
	return time.Time{}
}

// wantsDay refuses a parameter that is neither a day nor an instant. Empty text counts as not given.
func (c *call) wantsDay(name string) error {
	if c.params.text(name) == "" {
		return nil
	}
	at := c.params.instant(name)
	if at.IsZero() {
		return failed(http.StatusBadRequest, name+" is invalid", name+" is neither a day nor an instant")
	}
	if err := gitlab.CheckInstant(at); err != nil {
		return failed(http.StatusBadRequest, name+" is invalid", name+": "+err.Error())
	}
	return nil
}

// between reports whether a time is after one parameter and before another. A parameter that was not given does not
// count.
func (p params) between(at time.Time, after, before string) bool {
	from, to := p.instant(after), p.instant(before)
	return (from.IsZero() || at.After(from)) && (to.IsZero() || at.Before(to))
}

// within reports whether a time is not before one parameter and not after another. A parameter that was not given does
// not count.
//
// Source: app/models/concerns/{created,updated}_at_filterable.rb.
func (p params) within(at time.Time, after, before string) bool {
	from, to := p.instant(after), p.instant(before)
	return (from.IsZero() || !at.Before(from)) && (to.IsZero() || !at.After(to))
}

// inOrder sorts rows as the parameters order_by and sort say. Rows that are equal in that order are sorted by id.
func inOrder[R any](c *call, rows []R, id func(R) int64, orders map[string]func(a, b R) int) []R {
	order := orders[c.params.text("order_by")]
	if order == nil {
		order = func(R, R) int { return 0 }
	}
	slices.SortStableFunc(rows, func(a, b R) int {
		by := cmp.Or(order(a, b), cmp.Compare(id(a), id(b)))
		if c.params.text("sort") == "desc" {
			return -by
		}
		return by
	})
	return rows
}

// unmodified refuses if the header If-Unmodified-Since has an instant before the last change.
func (c *call) unmodified(updated time.Time) error {
	if since, ok := c.unmodifiedSince(); ok && updated.After(since) {
		return &gitlab.Refusal{Kind: gitlab.ConditionFailed, Reason: "it was changed at " +
			updated.Format(time.RFC3339Nano) + ", after If-Unmodified-Since"}
	}
	return nil
}

// unmodifiedSince reads the header If-Unmodified-Since, in the formats of HTTP and in ISO 8601. Other values are
// ignored.
func (c *call) unmodifiedSince() (time.Time, bool) {
	text := c.request.Header.Get("If-Unmodified-Since")
	if at, err := http.ParseTime(text); err == nil {
		return at, true
	}
	for _, layout := range []string{
		time.RFC3339Nano, time.RFC1123Z, "2006-01-02 15:04:05 MST", "2006-01-02 15:04:05",
		"2006-01-02",
	} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}
