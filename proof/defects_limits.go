package proof

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// full tells whether a parameter has just as many characters as its column holds.
func full(name string) func(*visit) bool {
	return func(v *visit) bool { return utf8.RuneCountInString(text(v.given(name))) == 255 }
}

// audited changes the details of the events that the audit log shows.
func audited(change func(details *object)) alteration {
	return on("listProjectAuditEvents", items(func(_ *visit, event *object) {
		if details, ok := event.Get("details").(*object); ok {
			change(details)
		}
	}))
}

// auditing puts one text for another into the messages of the audit log.
func auditing(from, to string) alteration {
	return audited(func(details *object) {
		if message, ok := details.Get("custom_message").(string); ok {
			details.Set("custom_message", strings.ReplaceAll(message, from, to))
		}
	})
}

// missesShort tells whether a target branch has so many letters and is not, letter by letter, one that the check is
// for.
func missesShort(letters int) delivery {
	return losing(func(p *parcel) bool {
		target, scope := text(p.attributes().Get("target_branch")), p.scope()
		return len(target) == letters && len(scope) > 0 && !slices.Contains(scope, target)
	})
}

var limitDefects = []Defect{
	{
		ID: "full-name-refused", Area: "checks", Wrong: "A name of 255 characters is one too many.",
		Answer: on(createCheck, when(full("name"), refuse(500, sentence("500 Internal Server Error")))),
	},
	{
		ID: "full-url-refused", Area: "checks", Wrong: "A URL of 255 characters is one too many.",
		Answer: on(createCheck, when(full("external_url"), refuse(500, sentence("500 Internal Server Error")))),
	},
	{
		ID: "full-secret-refused", Area: "checks", Wrong: "A secret of 255 characters is one too many.",
		Answer: on(createCheck,
			when(full("shared_secret"),
				refuse(422, complaints("Shared secret is too long (maximum is 255 characters)")))),
	},
	{
		ID: "ipv6-refused", Area: "checks", Wrong: "A URL with an IPv6 address is taken for one that makes no sense.",
		Answer: on(createCheck,
			when(func(v *visit) bool { return strings.Contains(text(v.given("external_url")), "//[") },
				refuse(422, complaints("External url is blocked: URI is invalid")))),
	},
	{
		ID: "audit-says-all-branches", Area: "history", Wrong: "The audit log says of every new check that it is " +
			"for all branches.",
		Answer: audited(func(details *object) {
			message, _ := details.Get("custom_message").(string)
			if before, _, found := strings.Cut(message, "with protected branch(es)"); found {
				details.Set("custom_message", before+"with all branches")
			}
		}),
	},
	{
		ID: "audit-says-nothing-of-all-branches", Area: "history", Wrong: "The audit log does not say that a new " +
			"check is for all branches.",
		Answer: auditing(" with all branches", ""),
	},
	{
		ID: "audit-forgets-urls", Area: "history", Wrong: "The audit log says that a check's URL was changed, and " +
			"not what it was.",
		Answer: audited(func(details *object) {
			if details.Get("change") == "external url" {
				details.Drop("from")
			}
		}),
	},
	{
		ID: "audit-forgets-the-others", Area: "history", Wrong: "The audit log does not say that a check's first " +
			"branch takes the place of all.",
		Answer: auditing(" and removed all other branches from status check", ""),
	},
	{ID: "three-letters-exactly", Area: "deliver", Wrong: "A target branch of three letters is held against whole " +
		"names of branches.", Deliver: missesShort(3)},
	{ID: "two-letters-exactly", Area: "deliver", Wrong: "Whole names of branches are compared letter by letter, " +
		"capitals and all.", Deliver: missesShort(2)},
}
