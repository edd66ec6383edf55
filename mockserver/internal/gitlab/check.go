package gitlab

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// ExternalStatusCheck is an external status check of a project: a service that GitLab notifies of merge requests, and
// whose verdict it waits for.
type ExternalStatusCheck struct {
	ID                 CheckID
	ProjectID          ProjectID
	Name               string
	ExternalURL        string
	SharedSecret       string              // never shown; deliveries are signed with it
	ProtectedBranchIDs []ProtectedBranchID // scope; none means all branches
	CreatedAt          time.Time
	UpdatedAt          time.Time
}

// HMAC reports whether deliveries are signed: the check has a secret that is more than white space.
func (c ExternalStatusCheck) HMAC() bool { return !blank(c.SharedSecret) }

var checkTable = newTable([]index[ExternalStatusCheck]{
	{"id", func(c ExternalStatusCheck) string { return key(c.ID) }},
	{"project", func(c ExternalStatusCheck) string { return key(c.ProjectID) }},
})

// ExternalStatusCheck looks up a check of a project. It refuses with RecordNotFound.
func (tx *Tx) ExternalStatusCheck(p ProjectID, id CheckID) (ExternalStatusCheck, error) {
	c, ok := first(tx, checkTable, "id", key(id))
	if !ok || c.ProjectID != p {
		return ExternalStatusCheck{}, refuse(RecordNotFound, "project %d has no external status check %d", p, id)
	}
	return c, nil
}

// ExternalStatusChecks lists a project's checks by id.
func (tx *Tx) ExternalStatusChecks(p ProjectID) []ExternalStatusCheck {
	return all(tx, checkTable, "project", key(p))
}

// ExternalStatusCheckChange is what creating or updating a check sets. A nil field is not changed.
type ExternalStatusCheckChange struct {
	Name               *string
	ExternalURL        *string
	SharedSecret       *string
	ProtectedBranchIDs *[]ProtectedBranchID
}

// CreateExternalStatusCheck adds a check. It refuses, in this order: NotAllowedStatusless (up to 16.10 NotAllowed)
// without manage_merge_request_settings, RecordNotFound for a protected branch that does not exist, Invalid for what
// the model's validations reject, Broken for what only the database rejects.
//
// Source: ee/app/services/external_status_checks/create_service.rb.
func (tx *Tx) CreateExternalStatusCheck(a Actor, p Project, change ExternalStatusCheckChange) (ExternalStatusCheck,
	error,
) {
	if !tx.Can(a, ManageMergeRequestSettings, p) {
		kind := NotAllowed
		if tx.Has(StatuslessCreateRefusal) {
			kind = NotAllowedStatusless
		}
		return ExternalStatusCheck{}, refuse(kind, "creating a check needs %s (Maintainer)", ManageMergeRequestSettings)
	}
	c, err := tx.applyCheckChange(p, ExternalStatusCheck{ProjectID: p.ID, CreatedAt: tx.Now, UpdatedAt: tx.Now}, change)
	if err != nil {
		return ExternalStatusCheck{}, err
	}
	c.ID = CheckID(tx.next(checkSequence))
	insert(tx, checkTable, c)
	tx.auditCheckCreated(a, c)
	return c, nil
}

// SeedExternalStatusCheck stores a check as it is, without checking permissions.
func (tx *Tx) SeedExternalStatusCheck(c ExternalStatusCheck) ExternalStatusCheck {
	c.ID = CheckID(tx.given(checkSequence, int64(c.ID)))
	if c.CreatedAt.IsZero() {
		c.CreatedAt = tx.Now
	}
	c.UpdatedAt = c.CreatedAt
	insert(tx, checkTable, c)
	return c
}

// UpdateExternalStatusCheck changes a check. It refuses, in this order: NotAllowed without
// manage_merge_request_settings, RecordNotFound for the check (since 19.4 these two are swapped), RecordNotFound for a
// protected branch, Invalid, Broken.
//
// Source: ee/app/services/external_status_checks/update_service.rb.
func (tx *Tx) UpdateExternalStatusCheck(a Actor, p Project, id CheckID, change ExternalStatusCheckChange) (
	ExternalStatusCheck, error,
) {
	before, err := tx.checkToUpdate(a, p, id)
	if err != nil {
		return ExternalStatusCheck{}, err
	}
	c, err := tx.applyCheckChange(p, before, change)
	if r, ok := err.(*Refusal); ok && r.Kind == Invalid && tx.Has(LosesUpdateErrors) {
		r.Messages = []string{}
	}
	if err != nil {
		return ExternalStatusCheck{}, err
	}
	if c.Name != before.Name || c.ExternalURL != before.ExternalURL || c.SharedSecret != before.SharedSecret {
		c.UpdatedAt = tx.Now
	}
	insert(tx, checkTable, c)
	tx.auditCheckUpdated(a, before, c)
	return c, nil
}

func (tx *Tx) checkToUpdate(a Actor, p Project, id CheckID) (ExternalStatusCheck, error) {
	c, missing := tx.ExternalStatusCheck(p.ID, id)
	if missing != nil && tx.Has(LooksUpBeforeAbility) {
		return c, missing
	}
	if !tx.Can(a, ManageMergeRequestSettings, p) {
		return c, refuse(NotAllowed, "updating a check needs %s (Maintainer)", ManageMergeRequestSettings)
	}
	return c, missing
}

// DeleteExternalStatusCheck removes a check with its responses. Without manage_merge_request_settings nothing is
// deleted and the caller gets no refusal, because GitLab's endpoint ignores the result of its service. Deleted reports
// whether the check was removed.
//
// Source: ee/lib/api/status_checks.rb, ee/app/services/external_status_checks/destroy_service.rb.
func (tx *Tx) DeleteExternalStatusCheck(a Actor, p Project, c ExternalStatusCheck) (deleted bool) {
	if !tx.Can(a, ManageMergeRequestSettings, p) {
		return false
	}
	tx.deleteCheckRows(c)
	tx.auditCheckDeleted(a, c)
	return true
}

func (tx *Tx) deleteCheckRows(c ExternalStatusCheck) {
	removeAll(tx, responsePageTable, "id", key(c.ID))
	remove(tx, checkTable, c)
}

// applyCheckChange returns the check as it will be stored. GitLab strips the URL only while it validates it. So the
// URLs of other checks are compared with the URL as it was given, and the database finds the duplicates that remain.
func (tx *Tx) applyCheckChange(p Project, c ExternalStatusCheck, change ExternalStatusCheckChange) (ExternalStatusCheck,
	error,
) {
	if change.Name != nil {
		c.Name = *change.Name
	}
	if change.ExternalURL != nil {
		c.ExternalURL = *change.ExternalURL
	}
	if change.SharedSecret != nil {
		c.SharedSecret = *change.SharedSecret
	}
	if change.ProtectedBranchIDs != nil {
		c.ProtectedBranchIDs = nil
		for _, id := range *change.ProtectedBranchIDs {
			if _, ok := tx.ProtectedBranch(id); !ok {
				return c, refuse(RecordNotFound, "protected_branch_ids: there is no protected branch %d", id)
			}
			if !slices.Contains(c.ProtectedBranchIDs, id) {
				c.ProtectedBranchIDs = append(c.ProtectedBranchIDs, id)
			}
		}
	}
	others := slices.DeleteFunc(tx.ExternalStatusChecks(p.ID), func(o ExternalStatusCheck) bool { return o.ID == c.ID })
	if messages := tx.checkProblems(p, c, others); len(messages) > 0 {
		return c, invalid(messages, "the check breaks these rules: %s", strings.Join(messages, "; "))
	}
	c.ExternalURL = strings.Trim(c.ExternalURL, rubyBlanks)
	return c, databaseProblem(c, others)
}

// maxColumn is the number of characters that the text columns of a check can hold.
const maxColumn = 255

// checkProblems applies the validations of the model. Their messages come in a fixed order.
//
// Source: ee/app/models/merge_requests/external_status_check.rb.
func (tx *Tx) checkProblems(p Project, c ExternalStatusCheck, others []ExternalStatusCheck) []string {
	var messages []string
	add := func(broken bool, message string) {
		if broken {
			messages = append(messages, message)
		}
	}
	add(blank(c.ExternalURL), "External url can't be blank")
	add(slices.ContainsFunc(others, func(o ExternalStatusCheck) bool { return o.ExternalURL == c.ExternalURL }),
		"External url has already been taken")
	problem := tx.externalURLProblem(c.ExternalURL)
	add(problem != "", "External url "+problem)
	add(slices.ContainsFunc(others, func(o ExternalStatusCheck) bool { return o.Name == c.Name }),
		"Name has already been taken")
	add(blank(c.Name), "Name can't be blank")
	add(tx.Has(LimitsSecrets) && utf8.RuneCountInString(c.SharedSecret) > maxColumn,
		fmt.Sprintf("Shared secret is too long (maximum is %d characters)", maxColumn))
	add(slices.ContainsFunc(c.ProtectedBranchIDs, func(id ProtectedBranchID) bool { return !tx.mayScope(p, id) }),
		"all protected branches must exist within the project")
	return messages
}

// databaseProblem finds what the validations accept but the database refuses. GitLab then raises an exception.
func databaseProblem(c ExternalStatusCheck, others []ExternalStatusCheck) error {
	for _, column := range []struct{ name, value string }{{"name", c.Name}, {"external_url", c.ExternalURL}} {
		if n := utf8.RuneCountInString(column.value); n > maxColumn {
			return refuse(Broken, "%s has %d characters; no validation catches that, and the database holds %d",
				column.name, n, maxColumn)
		}
	}
	for _, o := range others {
		if o.ExternalURL == c.ExternalURL {
			return refuse(Broken, "without the blanks around it the external_url is that of check %d; no validation "+
				"catches that, and the database refuses it", o.ID)
		}
	}
	return nil
}

// mayScope reports whether a protected branch may be the scope of a project's checks. It must belong to the project or,
// since 18.0, to a group above it.
func (tx *Tx) mayScope(p Project, id ProtectedBranchID) bool {
	b, ok := tx.ProtectedBranch(id)
	if !ok || !tx.Has(RefusesForeignBranches) {
		return true
	}
	return b.ProjectID == p.ID || (tx.Has(GroupBranches) && tx.inScope(p, b))
}

// AppliesToBranch reports whether merge requests into a branch must wait for a check. They must if the check has no
// scope, or if a protected branch in its scope has exactly that name. Up to 18.9 a wildcard in the name of a protected
// branch matches nothing here.
//
// Source: ee/app/models/merge_requests/external_status_check.rb (applicable_to_branch).
func (tx *Tx) AppliesToBranch(c ExternalStatusCheck, branch string) bool {
	return !tx.Has(ListsApplicableChecks) || tx.scopeHas(c, func(b ProtectedBranch) bool {
		return b.Name == branch || (tx.Has(ScopesByWildcard) && b.Matches(branch))
	})
}

// DispatchesToBranch reports whether a check's service is notified of merge requests into a branch. Up to 18.9 this is
// looser than AppliesToBranch: GitLab searches the names of the protected branches for the words of the branch name,
// ignoring case. A branch name of fewer than three characters must be equal, ignoring case.
//
// Source: app/models/protected_branch.rb, lib/gitlab/sql/pattern.rb.
func (tx *Tx) DispatchesToBranch(c ExternalStatusCheck, branch string) bool {
	if tx.Has(ScopesByWildcard) {
		return tx.AppliesToBranch(c, branch)
	}
	return tx.scopeHas(c, func(b ProtectedBranch) bool { return fuzzyMatch(b.Name, branch) })
}

func (tx *Tx) scopeHas(c ExternalStatusCheck, match func(ProtectedBranch) bool) bool {
	return len(c.ProtectedBranchIDs) == 0 || slices.ContainsFunc(c.ProtectedBranchIDs, func(id ProtectedBranchID) bool {
		b, ok := tx.ProtectedBranch(id)
		return ok && match(b)
	})
}

func fuzzyMatch(name, query string) bool {
	if utf8.RuneCountInString(query) < 3 {
		return strings.EqualFold(name, query)
	}
	for word := range strings.FieldsSeq(query) {
		if !strings.Contains(strings.ToLower(name), strings.ToLower(word)) {
			return false
		}
	}
	return true
}

// ApplicableChecks lists, by id, the checks of a merge request's project that apply to its target branch.
func (tx *Tx) ApplicableChecks(mr MergeRequest) []ExternalStatusCheck {
	return slices.DeleteFunc(tx.ExternalStatusChecks(mr.ProjectID), func(c ExternalStatusCheck) bool {
		return !tx.AppliesToBranch(c, mr.TargetBranch)
	})
}
