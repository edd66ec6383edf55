package gitlab

import (
	"github.com/statuschecks/statuschecks/release"
)

// FeatureFlag is a feature flag that some releases have. What it governs is off before the first of these releases, and
// always on from the release that removed the flag.
type FeatureFlag struct {
	Name    string
	Since   release.Version
	Gone    release.Version // first release without the flag
	Default bool
	What    string
	Source  string
}

// The names of the feature flags.
const (
	FlagStatusChecks     = "ff_external_status_checks"
	FlagStatusField      = "status_checks_add_status_field"
	FlagMergeGate        = "only_allow_merge_if_all_status_checks_passed"
	FlagPendingResponses = "pending_status_check_responses"
	FlagTimeout          = "timeout_status_check_responses"
)

// FeatureFlags are the flags that governed external status checks.
var FeatureFlags = []FeatureFlag{
	{
		FlagStatusChecks, release.Of(13, 12), release.Of(14, 1), false,
		"All of it: without it every endpoint answers 401.",
		"ee/config/feature_flags/development/ff_external_status_checks.yml; CHANGELOG 14.1",
	},
	{FlagStatusField, release.Of(14, 9), release.Of(15, 0), false, "A response can have a status, passed or failed; " +
		"without it any response means approved.", "ee/lib/api/entities/merge_requests/status_check.rb of 14.9; " +
		"CHANGELOG 14.9, 15.0"},
	{
		FlagMergeGate, release.Of(15, 5), release.Of(15, 9), false,
		"The project setting of that name: without it the " +
			"setting is neither shown nor taken, and blocks nothing.",
		"CHANGELOG 15.5, 15.9; doc/user/project/merge_requests/status_checks.md",
	},
	{FlagPendingResponses, release.Of(16, 5), release.Of(16, 8), true, "A new merge request gets a pending response " +
		"for each check.", "ee/config/feature_flags/development/pending_status_check_responses.yml; CHANGELOG 16.8"},
	{
		FlagTimeout, release.Of(16, 6), release.Of(16, 8), true, "A pending response fails after two minutes.",
		"ee/config/feature_flags/development/timeout_status_check_responses.yml; CHANGELOG 16.8",
	},
}

// governs maps a flag to the change that it switches. Releases without the flag do what the history says.
var governs = map[string]Change{
	FlagStatusField: StatusVocabulary, FlagMergeGate: MergeGate, FlagPendingResponses: PendingResponses,
	FlagTimeout: ResponsesTimeOut,
}

// featureRow records a flag that was switched after the start.
type featureRow struct {
	Name string
	On   bool
}

var featureTable = newTable([]index[featureRow]{{"id", func(r featureRow) string { return key(r.Name) }}})

// Feature reports whether what a feature flag governs is on. It is false for an unknown name.
func (tx *Tx) Feature(name string) bool {
	if tx.release.switchable[name] {
		if row, switched := first(tx, featureTable, "id", key(name)); switched {
			return row.On
		}
	}
	return tx.release.features[name]
}

// SetFeature switches a feature flag of the release. It returns false, and changes nothing, for a flag that the release
// does not have.
func (tx *Tx) SetFeature(name string, on bool) bool {
	if !tx.release.switchable[name] {
		return false
	}
	timedOut := tx.timesOut()
	insert(tx, featureTable, featureRow{name, on})
	tx.resumeTimeouts(timedOut)
	return true
}

// features returns which flags a release has, and which features are on. A flag of the release has its set value or
// else its default. For any other flag the release decides whether the feature is on.
func features(r release.Version, has [changeCount]bool, set map[string]bool) (on, switchable map[string]bool) {
	on, switchable = map[string]bool{}, map[string]bool{}
	for _, f := range FeatureFlags {
		given, is := set[f.Name]
		change, governed := governs[f.Name]
		switch {
		case !f.In(r) && governed:
			on[f.Name] = has[change]
		case f.In(r):
			switchable[f.Name] = true
			on[f.Name] = f.Default
			if is {
				on[f.Name] = given
			}
		default:
			on[f.Name] = f.gone(r)
		}
	}
	return on, switchable
}
