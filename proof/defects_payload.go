package proof

import (

	//nolint:gosec // a server that signs as others do

	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/release"
)

// probed tells the parcel by which the suite finds out whether deliveries arrive.
func probed(p *parcel) bool {
	_, c := p.check()
	return strings.HasSuffix(c.url, "/probe")
}

// rule is what a payload says about its check.
func rule(change func(p *parcel, o *object)) delivery {
	return writing(func(p *parcel) {
		if o, ok := p.payload.get("external_approval_rule").(*object); ok {
			change(p, o)
		}
	})
}

// leaving leaves a key out of the payload.
func leaving(name string) delivery { return writing(func(p *parcel) { p.payload.drop(name) }) }

// leavingIn leaves a key out of an object of the payload.
func leavingIn(name, key string) delivery {
	return writing(func(p *parcel) {
		if o, ok := p.payload.get(name).(*object); ok {
			o.drop(key)
		}
	})
}

// attributes changes object_attributes of the deliveries about an action.
func attributes(action string, change func(p *parcel, o *object)) delivery {
	return writing(func(p *parcel) {
		if o, ok := p.payload.get("object_attributes").(*object); ok && (action == "" || o.get("action") == action) {
			change(p, o)
		}
	})
}

// mergeChoices changes merge_params of the deliveries about an action.
func mergeChoices(action string, change func(o *object)) delivery {
	return attributes(action, func(_ *parcel, o *object) {
		if chosen, ok := o.get("merge_params").(*object); ok {
			change(chosen)
		}
	})
}

var payloadDefects = []Defect{
	{ID: "source-branch-as-text", Area: "payload", Wrong: "That the source branch goes is told as a text, as the " +
		"pages send it.", Deliver: mergeChoices("", func(o *object) {
		if o.get("force_remove_source_branch") == true {
			o.set("force_remove_source_branch", "1")
		}
	})},
	{ID: "source-branch-left-out", Area: "payload", Wrong: "Where nobody said whether the source branch goes, the " +
		"key is left out.", Deliver: mergeChoices("", func(o *object) {
		if o.get("force_remove_source_branch") == nil {
			o.drop("force_remove_source_branch")
		}
	})},
	{
		ID: "source-branch-always-goes", Area: "payload", Wrong: "It is always told that the source branch goes.",
		Deliver: mergeChoices("", func(o *object) { o.set("force_remove_source_branch", true) }),
	},
	{
		ID: "merge-tells-its-choices", Area: "payload", Wrong: "The delivery about a merge tells what was chosen " +
			"for it.",
		Deliver: mergeChoices("merge", func(o *object) { o.set("should_remove_source_branch", false) }),
	},
	{
		ID: "merge-tells-who", Area: "payload", Wrong: "The delivery about a merge names who merged in merge_user_id.",
		Deliver: attributes("merge", func(p *parcel, o *object) {
			if user, ok := p.payload.get("user").(*object); ok {
				o.set("merge_user_id", user.get("id"))
			}
		}),
	},
	{
		ID: "merge-from-opened", Area: "payload", Wrong: "A merge is told as a change from opened to merged.",
		Deliver: attributes("merge", func(p *parcel, _ *object) {
			if changes, ok := p.payload.get("changes").(*object); ok {
				if state, ok := changes.get("state_id").(*object); ok {
					state.set("previous", number(1))
				}
			}
		}),
	},
	{
		ID: "waited-without-choices", Area: "payload", Wrong: "Of a merge that waited, the choices are not told.",
		Deliver: mergeChoices("merge", func(o *object) {
			for _, key := range []string{
				"auto_merge_strategy", "sha", "commit_message",
				"should_remove_source_branch",
			} {
				o.drop(key)
			}
		}),
	},
	{
		ID: "opens-without-time", Area: "payload", Wrong: "A new merge request is told without updated_at among " +
			"what changed.",
		Deliver: attributes("open", func(p *parcel, _ *object) {
			if changes, ok := p.payload.get("changes").(*object); ok {
				changes.drop("updated_at")
			}
		}),
	},
	{
		ID: "retry-acted", Area: "payload", Version: release.Newest, Wrong: "A retry says when it was done, as if " +
			"it had an action.",
		Deliver: attributes("", func(_ *parcel, o *object) {
			if o.get("action") == nil {
				o.set("actioned_at", "2026-04-14 10:00:00 UTC")
			}
		}),
	},
	{
		ID: "check-under-its-name", Area: "payload", Wrong: "The check stands under external_status_check.",
		Deliver: func(p *parcel) {
			p.packed()
			_, c := p.check()
			p.payload.rename("external_approval_rule", "external_status_check")
			p.body = encode(p.payload)
			if c.secret != "" {
				p.request.Header.Set(signature, signed(c.secret, p.body))
			}
		},
	},
	{ID: "check-left-out", Area: "payload", Wrong: "The payload does not name the check.", Deliver: func(p *parcel) {
		_, c := p.check()
		p.payload.drop("external_approval_rule")
		p.body = encode(p.payload)
		if c.secret != "" {
			p.request.Header.Set(signature, signed(c.secret, p.body))
		}
	}},
	{ID: "check-first", Area: "payload", Wrong: "The check stands first.", Deliver: writing(func(p *parcel) {
		keys := p.payload.keys
		p.payload.keys = append([]string{keys[len(keys)-1]}, keys[:len(keys)-1]...)
	})},
	{
		ID: "check-in-full", Area: "payload", Wrong: "The payload has all of the check.",
		Deliver: rule(func(p *parcel, o *object) { o.set("hmac", true) }),
	},
	{
		ID: "check-url-masked", Area: "payload", Wrong: "The check's URL is masked in its own payload.",
		Deliver: rule(func(_ *parcel, o *object) { o.set("external_url", cutAt("?")(text(o.get("external_url")))) }),
	},
	{
		ID: "kind-of-its-own", Area: "payload", Wrong: "The payload's kind is external_status_check.",
		Deliver: writing(func(p *parcel) { p.payload.set("object_kind", "external_status_check") }),
	},
	{
		ID: "event-type-left-out", Area: "payload", Wrong: "The payload has no event_type.",
		Deliver: leaving("event_type"),
	},
	{
		ID: "user-is-author", Area: "payload", Wrong: "The user in a payload is the merge request's author, whoever " +
			"acted.",
		Deliver: writing(func(p *parcel) {
			if u, ok := p.payload.get("user").(*object); ok {
				u.set("id", p.attributes().get("author_id"))
			}
		}),
	},
	{
		ID: "user-without-email", Area: "payload", Wrong: "The user in a payload has no email.",
		Deliver: leavingIn("user", "email"),
	},
	{
		ID: "project-in-brief", Area: "payload", Wrong: "The project in a payload is without ci_config_path.",
		Deliver: leavingIn("project", "ci_config_path"),
	},
	{
		ID: "repository-left-out", Area: "payload", Wrong: "The payload has no repository.",
		Deliver: leaving("repository"),
	},
	{
		ID: "no-labels-left-out", Area: "payload", Wrong: "Where there are no labels, the payload has no key for them.",
		Deliver: leaving("labels"),
	},
	{
		ID: "nobody-assigned-shown", Area: "payload", Wrong: "Where nobody is assigned, the payload says so.",
		Deliver: writing(func(p *parcel) {
			if p.payload.get("assignees") == nil {
				rule := p.payload.get("external_approval_rule")
				p.payload.drop("external_approval_rule")
				p.payload.set("assignees", []any{})
				p.payload.set("external_approval_rule", rule)
			}
		}),
	},
	{ID: "assignees-left-out", Area: "payload", Wrong: "Who is assigned is not told.", Deliver: leaving("assignees")},
	{ID: "id-for-iid", Area: "payload", Wrong: "iid holds the merge request's id.", Deliver: writing(func(p *parcel) {
		if !probed(p) {
			p.attributes().set("id", p.attributes().get("iid"))
		}
	})},
	{
		ID: "last-commit-in-brief", Area: "payload", Wrong: "The last commit is its id alone.",
		Deliver: writing(func(p *parcel) {
			if c, ok := p.attributes().get("last_commit").(*object); ok {
				p.attributes().set("last_commit", of("id", c.get("id")))
			}
		}),
	},
	{
		ID: "attributes-sorted", Area: "payload", Wrong: "The keys of the merge request come in alphabetical order.",
		Deliver: writing(func(p *parcel) { slices.Sort(p.attributes().keys) }),
	},
	{
		ID: "approval-rules-left-out", Area: "payload", Wrong: "The approval rules are not told.",
		Deliver: writing(func(p *parcel) { p.attributes().drop("approval_rules") }),
	},
	{
		ID: "target-is-default-branch", Area: "payload", Wrong: "The branches of source and target are exchanged.",
		Deliver: writing(func(p *parcel) {
			source, target := p.attributes().get("source_branch"), p.attributes().get("target_branch")
			p.attributes().set("source_branch", target)
			p.attributes().set("target_branch", source)
		}),
	},
	{
		ID: "state-is-open", Area: "payload", Wrong: "The state in a payload is always opened.",
		Deliver: writing(func(p *parcel) { p.attributes().set("state", "opened") }),
	},
}
