package conformance

import (
	"fmt"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

// noVersion stands for what a target says it is that has no operation for it.
const noVersion = "no version"

// takeRelease decides by which release the target is judged: the one that the options name, else the one that the
// target says it is, or the newest one that is known if it says a newer one.
func (t *target) takeRelease(says string) error {
	said, err := release.Parse(says)
	switch {
	case t.assumed != release.Version{}:
		t.version = t.assumed
	case err != nil:
		return trouble(NotGitLab, err, "%s calls its version %q, which is no GitLab version. "+
			"If it is a GitLab all the same, which release is it to be judged as? Name one from %s to %s, as in "+
			"--assume-version %s.",
			t.root, says, release.Oldest, release.Newest, release.Reference)
	case said.Compare(release.Oldest) < 0:
		return trouble(TooOld, nil, "%s is GitLab %s; external status checks exist since %s, so there is nothing to "+
			"judge. If that is a number of its own, name the GitLab release to judge it as, as in --assume-version %s.",
			t.root, said, release.Oldest, release.Reference)
	default:
		t.version, t.newer = known(said), said.Compare(release.Newest) > 0
	}
	if err != nil || said != t.version {
		t.says = says
	} else if patch, known := release.ParsePatch(says); known && t.patch == nil {
		t.patch = &patch
	}
	t.contract = openapi.GitLab().At(t.version)
	t.own = t.contract
	if err == nil && said != t.version && said.Compare(release.Oldest) >= 0 { // an older number is one of its own
		t.own = openapi.GitLab().At(known(said))
	}
	return nil
}

// known is the nearest release that is known here.
func known(said release.Version) release.Version {
	if said.Compare(release.Newest) > 0 {
		return release.Newest
	}
	return said
}

// ownOperation is an operation as the release has it that the target says it is. Clean-up goes by it, whatever the
// target is judged as.
func (t *target) ownOperation(id string) *openapi.Operation {
	if t.own != nil {
		if op := t.own.Operation(id); op != nil {
			return op
		}
	}
	return t.operation(id)
}

// releaseNote says why the target was judged as another release than it says it is; nothing if it was not.
func (r *TargetReport) releaseNote() string {
	switch r.ReportedVersion {
	case "":
		return ""
	case noVersion:
		return fmt.Sprintf("the target tells no version; it was judged as GitLab %s, as was asked", r.Version)
	}
	if said, err := release.Parse(r.ReportedVersion); err == nil && said.Compare(release.Newest) > 0 &&
		r.Version == release.Newest.String() {
		return fmt.Sprintf("the target says it is GitLab %s, which is newer than what is known here; it was judged "+
			"as GitLab %s", said, r.Version)
	}
	return fmt.Sprintf("the target says it is GitLab %q; it was judged as GitLab %s, as was asked", r.ReportedVersion,
		r.Version)
}

// endsWithNewest reports whether nothing is known of a scenario's fact after the newest release that is covered.
func endsWithNewest(s *scenario.Scenario) bool { return s.Until == release.Newest }

// otherRelease says why a scenario is about other releases than the target's. Where the target's patch is not known, a
// minor that changed in a patch may behave either way, so neither side is judged.
func otherRelease(s *scenario.Scenario, facts Facts) string {
	none := release.Version{}
	sincePatch, sincePatched := s.Patches.Since[facts.Version]
	untilPatch, untilPatched := s.Patches.Until[facts.Version]
	switch {
	case s.Since != none && facts.Version.Compare(s.Since) < 0:
		return fmt.Sprintf("since GitLab %s, the target is %s", s.FirstReleases(), facts.Version)
	case s.Until != none && facts.Version.Compare(s.Until) > 0:
		return fmt.Sprintf("until GitLab %s, the target is %s", s.LastReleases(), facts.Version)
	case (sincePatched || untilPatched) && facts.Patch == nil:
		return fmt.Sprintf("a patch of GitLab %s changed this, and which patch the target is, it does not say",
			facts.Version)
	case sincePatched && *facts.Patch < sincePatch:
		return fmt.Sprintf("since GitLab %s.%d, the target is %s.%d", facts.Version, sincePatch, facts.Version,
			*facts.Patch)
	case untilPatched && *facts.Patch > untilPatch:
		return fmt.Sprintf("until GitLab %s.%d, the target is %s.%d", facts.Version, untilPatch, facts.Version,
			*facts.Patch)
	}
	return ""
}
