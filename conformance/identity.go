package conformance

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
)

// thing says of one kind of things how to look at one, what it is called by, and how it is removed.
type thing struct {
	show      string // the operation that shows one
	list      string // or lists them all
	id, name  string // the members of an answer that it is known by
	remove    string
	parameter string // of both operations, which names the one
}

// things are the kinds that a run makes, but for projects and groups: those are in deletions.
var things = map[string]thing{
	"user": {show: "getUser", id: "id", name: "username", remove: "deleteUser", parameter: "id"},
	"member_role": {
		list: "listMemberRoles", id: "id", name: "name", remove: "deleteMemberRole",
		parameter: "member_role_id",
	},
	"project_member": {
		show: "getProjectMember", id: "id", name: "username", remove: "deleteProjectMember",
		parameter: "user_id",
	},
	"approval_rule": {
		list: "listApprovalRules", id: "id", name: "name", remove: "deleteApprovalRule",
		parameter: "approval_rule_id",
	},
	"external_status_check": {
		list: "listExternalStatusChecks", id: "id", name: "name",
		remove: "deleteExternalStatusCheck", parameter: "check_id",
	},
	"project_access_token": {
		list: "listProjectAccessTokens", id: "id", name: "name",
		remove: "revokeProjectAccessToken", parameter: "token_id",
	},
	"branch": {show: "getBranch", id: "name", name: "name", remove: "deleteBranch", parameter: "branch"},
	"protected_branch": {
		show: "getProtectedBranch", id: "name", name: "name", remove: "deleteProtectedBranch",
		parameter: "name",
	},
	"merge_request": {
		show: "getMergeRequest", id: "iid", name: "source_branch", remove: "deleteMergeRequest",
		parameter: "merge_request_iid",
	},
}

// notOurs says why something is not removed: what stands under its id is not what the run made.
type notOurs struct{ why string }

func (e *notOurs) Error() string {
	return "is not removed, as it is not what the run made: " + e.why
}

func doubt(format string, args ...any) error { return &notOurs{fmt.Sprintf(format, args...)} }

// prove looks at a thing and at the project that it stands in, and holds that they are what the run made, not others
// that have its ids by now. What stands in a project of the run is the run's when the project is; elsewhere it must be
// known by itself.
func (s *suite) prove(ctx context.Context, m *maker, token string, about ledgerEntry) (gone bool, err error) {
	if about.In != "" {
		parent, known := s.ledger.parent(about)
		if !known {
			return false, doubt("the ledger does not say in which project it stands")
		}
		gone, err := s.proveProject(ctx, m, token, parent)
		if gone || err != nil || parent.Kind == "project" {
			return gone, err
		}
	}
	at, gone, err := s.find(ctx, m, token, about)
	if gone || err != nil {
		return gone, err
	}
	return false, s.same(about, at, things[about.Kind].name)
}

// proveProject looks at a project in which things are to be removed.
func (s *suite) proveProject(ctx context.Context, m *maker, token string, parent ledgerEntry) (gone bool, err error) {
	at, err := m.make(ctx, errand{
		"look at the project " + parent.ID, token, "getProject",
		map[string]any{"id": parent.ID},
	}, http.StatusOK, http.StatusNotFound)
	if err != nil || at.status == http.StatusNotFound {
		return err == nil, err
	}
	return false, s.same(parent, at, deletions["project"].path)
}

// find shows a thing as the target has it.
func (s *suite) find(ctx context.Context, m *maker, token string, about ledgerEntry) (
	at *answer, gone bool, err error,
) {
	how, known := things[about.Kind]
	if !known {
		return nil, false, fmt.Errorf("the ledger names a %s, which is not known here", about.Kind)
	}
	with := map[string]any{}
	if about.In != "" {
		with["id"] = about.In
	}
	doing := "look at " + about.text()
	if how.list == "" {
		with[how.parameter] = about.ID
		at, err = m.make(ctx, errand{doing, token, how.show, with}, http.StatusOK, http.StatusNotFound)
		return at, err == nil && at.status == http.StatusNotFound, err
	}
	gone = true
	err = m.eachItem(ctx, errand{doing, token, how.list, with}, func(item *answer) bool {
		if jsonvalue.Text(item.member(how.id)) == about.ID && item.member("revoked") != true {
			at, gone = item, false
		}
		return gone
	})
	return at, gone, err
}

// same holds that an answer shows what the ledger names.
func (s *suite) same(about ledgerEntry, at *answer, nameKey string) error {
	known := s.ledger.known(about)
	name := at.text(nameKey)
	if id := jsonvalue.Text(at.member(idKey(about.Kind))); id != about.ID {
		return doubt("the server answers with the id %q", cut(id, 40))
	}
	named := slices.ContainsFunc(known, func(k ledgerEntry) bool { return isCalled(k, name) })
	switch {
	case !named:
		return doubt("the server has %q there", cut(name, 200))
	case !bears(name, s.ledger.run) && mustBear(about.Kind):
		return doubt("its name does not hold the run's id %s", s.ledger.run)
	}
	if about.Kind == "external_status_check" {
		address := at.text("external_url")
		if !slices.ContainsFunc(known, func(k ledgerEntry) bool { return k.Address == "" || k.Address == address }) {
			return doubt("the server has one for another address there")
		}
	}
	return s.fits(about, at.text("created_at"))
}

func idKey(kind string) string {
	if how, known := things[kind]; known {
		return how.id
	}
	return "id"
}

// mustBear tells whether the name of a kind holds the run's id. A project that was given does not, and a check may be
// called anything: it is known by its id, its name, its address and the project that it stands in, all four.
func mustBear(kind string) bool { return kind != givenProject && kind != "external_status_check" }

// bears tells whether a name holds the run's id as a word of its own.
func bears(name, run string) bool {
	for from := 0; run != ""; {
		at := strings.Index(name[from:], run)
		if at < 0 {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(name[:from+at])
		after, _ := utf8.DecodeRuneInString(name[from+at+len(run):])
		if !isWordRune(before) && !isWordRune(after) {
			return true
		}
		from += at + 1
	}
	return false
}

func isWordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// isCalled tells whether a thing that the ledger names has a name now. Since 16.0 GitLab renames a project or group
// that is marked for deletion, and with it the path of all that is in it.
func isCalled(known ledgerEntry, name string) bool {
	was := known.Name
	if _, inSteps := deletions[known.Kind]; !inSteps && known.Kind != givenProject {
		if known.Kind == "branch" || known.Kind == "protected_branch" {
			was = known.ID
		}
		// a server may take one without a name
		hasAddress := known.Kind == "external_status_check" && known.Address != ""
		return name == was && (was != "" || hasAddress)
	}
	before, now := strings.Split(was, "/"), strings.Split(name, "/")
	if len(before) != len(now) || was == "" {
		return false
	}
	for i := range before {
		id := ""
		if i == len(before)-1 {
			id = known.ID
		}
		if now[i] != before[i] && !isMarkedName(now[i], before[i], id) {
			return false
		}
	}
	return true
}

// isMarkedName tells whether a part of a path is how GitLab calls it once it is marked for deletion: with its id, where
// that is known.
func isMarkedName(now, before, id string) bool {
	rest, ok := strings.CutPrefix(now, before+"-")
	if !ok {
		return false
	}
	for _, word := range []string{"deletion_scheduled-", "deleted-"} {
		if number, is := strings.CutPrefix(rest, word); is {
			_, err := strconv.ParseUint(number, 10, 63)
			return err == nil && (id == "" || id == number)
		}
	}
	return false
}

// clockSlack is how much earlier than the first thing of a run another may seem to be made: servers have more clocks
// than one.
const clockSlack = time.Minute

// fits holds that a thing was made when the run made it, as far as the target says when.
func (s *suite) fits(about ledgerEntry, text string) error {
	got, err := time.Parse(time.RFC3339, text)
	if text == "" || err != nil || about.Kind == givenProject {
		return nil
	}
	if when, err := time.Parse(time.RFC3339, about.Created); err == nil {
		if !got.Truncate(time.Second).Equal(when.Truncate(time.Second)) {
			return doubt("the server says that it was made at %s, and the run's was at %s",
				got.UTC().Format(time.RFC3339), when.UTC().Format(time.RFC3339))
		}
		return nil
	}
	if first := s.ledger.since(); !first.IsZero() && got.Before(first.Add(-clockSlack)) {
		return doubt("the server says that it was made at %s, before the run began at %s",
			got.UTC().Format(time.RFC3339), first.UTC().Format(time.RFC3339))
	}
	return nil
}

// eachItem goes through all pages of a list while visit wants more.
func (m *maker) eachItem(ctx context.Context, e errand, visit func(*answer) bool) error {
	const perPage, maxPages = 100, 100
	paged := m.t.takes(e.operation, "page")
	for page := 1; page <= maxPages; page++ {
		if paged {
			e.with["page"], e.with["per_page"] = page, perPage
		}
		a, err := m.make(ctx, e, http.StatusOK)
		if err != nil {
			return err
		}
		list, isList := a.body.([]any)
		if !isList {
			return fmt.Errorf("%s: %s answered something else than a list", e.doing, e.operation)
		}
		for _, item := range list {
			if !visit(newFound(item)) {
				return nil
			}
		}
		next, told := a.header["X-Next-Page"]
		if !paged || told && strings.Join(next, "") == "" || !told && len(list) < perPage {
			return nil
		}
	}
	return errors.New(e.doing + ": the list has no end")
}
