package release

import "strings"

// settled holds, for minor releases that GitLab changed in a patch release, the last patch that changed something.
var settled = map[Version]int{
	Of(14, 3): 6, Of(14, 4): 4, Of(14, 5): 4, Of(14, 6): 4, Of(14, 7): 1,
	Of(18, 2): 7, Of(18, 3): 3, Of(18, 4): 6, Of(18, 5): 4, Of(18, 6): 6, Of(18, 7): 4, Of(18, 8): 4,
	Of(19, 2): 6, Of(19, 3): 2,
}

// SettledPatch returns the first patch number from which on a minor release no longer changed. For 18.6 it is 6,
// because 18.6.6 changed something and no later patch did. It is 0 if no patch changed the minor release.
func (v Version) SettledPatch() int { return settled[v] }

// ParsePatch reads the patch number of a GitLab version, such as 6 for "v18.6.6-ee". It reports false if the version
// has no patch number, and for versions before their release, such as "18.6.0-pre" and "18.6.0-rc42-ee": their
// behaviour is not known.
func ParsePatch(text string) (int, bool) {
	if _, err := Parse(text); err != nil {
		return 0, false
	}
	plain, suffix, _ := strings.Cut(strings.TrimSpace(text), "-")
	parts := strings.Split(plain, ".")
	if len(parts) < 3 || strings.HasPrefix(suffix, "pre") || strings.HasPrefix(suffix, "rc") {
		return 0, false
	}
	patch, _, _ := strings.Cut(parts[2], "+")
	return plainNumber(patch)
}
