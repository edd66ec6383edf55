package gitlab

import "github.com/statuschecks/statuschecks/release"

// Deprecation is something that GitLab still takes and tells clients not to use.
type Deprecation struct {
	Operation string // operationId
	Parameter string // empty for the operation itself
	Instead   string // what to use

	period Release // in which it is deprecated
}

// In says whether it is deprecated in a release.
func (d Deprecation) In(v release.Version) bool { return d.period.In(v) }

// Deprecations are those among the operations of the contract.
//
// Source: doc/api/version.md, groups.md, projects.md and merge_request_approvals.md of 18.9.
func Deprecations() []Deprecation {
	ever := Release{Since: release.Oldest}
	rules := "approval rules"
	return []Deprecation{
		{"getVersion", "", "getMetadata", Release{Since: release.Of(15, 5)}},
		{"getGroup", "with_projects", "the list of the group's projects", ever},
		{"changeProjectApprovals", "approvals_before_merge", rules, ever},
		{"createProject", "approvals_before_merge", rules, Release{Since: release.Of(16, 0)}},
		{"updateProject", "approvals_before_merge", rules, Release{Since: release.Of(16, 0)}},
	}
}
