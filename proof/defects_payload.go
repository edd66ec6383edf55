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
		if o, ok := p.payload.Get("external_approval_rule").(*object); ok {
			change(p, o)
		}
	})
}

// leaving leaves a key out of the payload.
func leaving(name string) delivery { return writing(func(p *parcel) { p.payload.Drop(name) }) }

// leavingIn leaves a key out of an object of the payload.
func leavingIn(name, key string) delivery {
	return writing(func(p *parcel) {
		if o, ok := p.payload.Get(name).(*object); ok {
			o.Drop(key)
		}
	})
}

// attributes changes object_attributes of the deliveries about an action.
func attributes(action string, change func(p *parcel, o *object)) delivery {
	return writing(func(p *parcel) {
		if o, ok := p.payload.Get("object_attributes").(*object); ok && (action == "" || o.Get("action") == action) {
			change(p, o)
		}
	})
}

// mergeChoices changes merge_params of the deliveries about an action.
func mergeChoices(action string, change func(o *object)) delivery {
	return attributes(action, func(_ *parcel, o *object) {
		if chosen, ok := o.Get("merge_params").(*object); ok {
			change(chosen)
		}
	})
}

// amongChanges alters what deliveries tell of changed attributes.
func amongChanges(change func(o *object)) delivery {
	return writing(func(p *parcel) {
		if o, ok := p.payload.Get("changes").(*object); ok {
			change(o)
		}
	})
}

// eachReviewer changes what deliveries tell of each reviewer.
func eachReviewer(change func(o *object)) delivery {
	return writing(func(p *parcel) {
		for _, o := range objects(p.payload.Get("reviewers")) {
			change(o)
		}
	})
}

var payloadDefects = []Defect{
	{ID: "source-branch-as-text", Area: "payload", Wrong: "That the source branch goes is told as a text, as the " +
		"pages send it.", Deliver: mergeChoices("", func(o *object) {
		if o.Get("force_remove_source_branch") == true {
			o.Set("force_remove_source_branch", "1")
		}
	})},
	{ID: "source-branch-left-out", Area: "payload", Wrong: "Where nobody said whether the source branch goes, the " +
		"key is left out.", Deliver: mergeChoices("", func(o *object) {
		if o.Get("force_remove_source_branch") == nil {
			o.Drop("force_remove_source_branch")
		}
	})},
	{
		ID: "source-branch-always-goes", Area: "payload", Wrong: "It is always told that the source branch goes.",
		Deliver: mergeChoices("", func(o *object) { o.Set("force_remove_source_branch", true) }),
	},
	{
		ID: "source-branch-change-alone", Area: "payload", Wrong: "A new choice about the source branch is told as a " +
			"change of its own.",
		Deliver: amongChanges(func(o *object) {
			if chosen, ok := o.Get("merge_params").(*object); ok {
				o.Drop("merge_params")
				o.Set("force_remove_source_branch", chosen)
			}
		}),
	},
	{
		ID: "reviews-stay-open", Area: "payload", Wrong: "Every review is told as one that nobody has made.",
		Deliver: eachReviewer(func(o *object) { o.Set("state", "unreviewed") }),
	},
	{
		ID: "new-reviewers-as-users", Area: "payload", Wrong: "Among what changed, reviewers are users without a " +
			"review.",
		Deliver: amongChanges(func(o *object) {
			if both, ok := o.Get("reviewers").(*object); ok {
				for _, o := range objects(both.Get("current")) {
					o.Drop("state")
					o.Drop("re_requested")
				}
			}
		}),
	},
	{
		ID: "labels-without-description", Area: "payload", Wrong: "Labels are told without their description.",
		Deliver: writing(func(p *parcel) {
			for _, o := range objects(p.payload.Get("labels")) {
				o.Set("description", nil)
			}
		}),
	},
	{
		ID: "milestone-change-not-told", Area: "payload", Wrong: "Another milestone is not told as a change.",
		Deliver: amongChanges(func(o *object) { o.Drop("milestone_id") }),
	},
	{
		ID: "approval-rules-never-told", Area: "payload", Wrong: "A delivery tells no approval rules of the merge " +
			"request.",
		Deliver: attributes("open", func(_ *parcel, o *object) {
			if o.Get("approval_rules") != nil {
				o.Set("approval_rules", []any{})
			}
		}),
	},
	{
		ID: "first-scoped-label-stays", Area: "payload",
		Wrong: "Of labels with the same scope, the first that is named stays.",
		Answer: on("updateMergeRequest", taking("labels", func(_ *visit, value any) any {
			if labels, ok := value.([]any); ok {
				slices.Reverse(labels)
			}
			return value
		})),
	},
	{
		ID: "labels-made-twice", Area: "history", Wrong: "A label whose name is taken is not refused as a conflict.",
		Answer: on("createProjectLabel", turning(409, 400, sentence("Label already exists"))),
	},
	{
		ID: "any-color", Area: "history", Wrong: "A colour that is none is not refused as one.",
		Answer: on("createProjectLabel", turning(400, 422, sentence("color is invalid"))),
	},
	{
		ID: "guests-make-labels", Area: "history", Wrong: "Guests may make labels.",
		Answer: by("guest", on("createProjectLabel", asCreator)),
	},
	{
		ID: "authors-set-labels", Area: "history", Wrong: "Whoever may change a merge request may change its labels.",
		Answer: by("reporter", on("updateMergeRequest", asCreator)),
	},
	{
		ID: "merge-tells-its-choices", Area: "payload", Wrong: "The delivery about a merge tells what was chosen " +
			"for it.",
		Deliver: mergeChoices("merge", func(o *object) { o.Set("should_remove_source_branch", false) }),
	},
	{
		ID: "merge-tells-who", Area: "payload", Wrong: "The delivery about a merge names who merged in merge_user_id.",
		Deliver: attributes("merge", func(p *parcel, o *object) {
			if user, ok := p.payload.Get("user").(*object); ok {
				o.Set("merge_user_id", user.Get("id"))
			}
		}),
	},
	{
		ID: "merge-from-opened", Area: "payload", Wrong: "A merge is told as a change from opened to merged.",
		Deliver: attributes("merge", func(p *parcel, _ *object) {
			if changes, ok := p.payload.Get("changes").(*object); ok {
				if state, ok := changes.Get("state_id").(*object); ok {
					state.Set("previous", number(1))
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
				o.Drop(key)
			}
		}),
	},
	{
		ID: "opens-without-time", Area: "payload", Wrong: "A new merge request is told without updated_at among " +
			"what changed.",
		Deliver: attributes("open", func(p *parcel, _ *object) {
			if changes, ok := p.payload.Get("changes").(*object); ok {
				changes.Drop("updated_at")
			}
		}),
	},
	{
		ID: "retry-acted", Area: "payload", Version: release.Newest, Wrong: "A retry says when it was done, as if " +
			"it had an action.",
		Deliver: attributes("", func(_ *parcel, o *object) {
			if o.Get("action") == nil {
				o.Set("actioned_at", "2026-04-14 10:00:00 UTC")
			}
		}),
	},
	{
		ID: "check-under-its-name", Area: "payload", Wrong: "The check stands under external_status_check.",
		Deliver: func(p *parcel) {
			p.packed()
			_, c := p.check()
			p.payload.Rename("external_approval_rule", "external_status_check")
			p.body = encode(p.payload)
			if c.secret != "" {
				p.request.Header.Set(signature, signed(c.secret, p.body))
			}
		},
	},
	{ID: "check-left-out", Area: "payload", Wrong: "The payload does not name the check.", Deliver: func(p *parcel) {
		_, c := p.check()
		p.payload.Drop("external_approval_rule")
		p.body = encode(p.payload)
		if c.secret != "" {
			p.request.Header.Set(signature, signed(c.secret, p.body))
		}
	}},
	{ID: "check-first", Area: "payload", Wrong: "The check stands first.", Deliver: writing(func(p *parcel) {
		keys := p.payload.Keys
		p.payload.Keys = append([]string{keys[len(keys)-1]}, keys[:len(keys)-1]...)
	})},
	{
		ID: "check-in-full", Area: "payload", Wrong: "The payload has all of the check.",
		Deliver: rule(func(p *parcel, o *object) { o.Set("hmac", true) }),
	},
	{
		ID: "check-url-masked", Area: "payload", Wrong: "The check's URL is masked in its own payload.",
		Deliver: rule(func(_ *parcel, o *object) { o.Set("external_url", cutAt("?")(text(o.Get("external_url")))) }),
	},
	{
		ID: "kind-of-its-own", Area: "payload", Wrong: "The payload's kind is external_status_check.",
		Deliver: writing(func(p *parcel) { p.payload.Set("object_kind", "external_status_check") }),
	},
	{
		ID: "event-type-left-out", Area: "payload", Wrong: "The payload has no event_type.",
		Deliver: leaving("event_type"),
	},
	{
		ID: "user-is-author", Area: "payload", Wrong: "The user in a payload is the merge request's author, whoever " +
			"acted.",
		Deliver: writing(func(p *parcel) {
			if u, ok := p.payload.Get("user").(*object); ok {
				u.Set("id", p.attributes().Get("author_id"))
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
			if p.payload.Get("assignees") == nil {
				rule := p.payload.Get("external_approval_rule")
				p.payload.Drop("external_approval_rule")
				p.payload.Set("assignees", []any{})
				p.payload.Set("external_approval_rule", rule)
			}
		}),
	},
	{ID: "assignees-left-out", Area: "payload", Wrong: "Who is assigned is not told.", Deliver: leaving("assignees")},
	{ID: "id-for-iid", Area: "payload", Wrong: "iid holds the merge request's id.", Deliver: writing(func(p *parcel) {
		if !probed(p) {
			p.attributes().Set("id", p.attributes().Get("iid"))
		}
	})},
	{
		ID: "last-commit-in-brief", Area: "payload", Wrong: "The last commit is its id alone.",
		Deliver: writing(func(p *parcel) {
			if c, ok := p.attributes().Get("last_commit").(*object); ok {
				p.attributes().Set("last_commit", of("id", c.Get("id")))
			}
		}),
	},
	{
		ID: "attributes-sorted", Area: "payload", Wrong: "The keys of the merge request come in alphabetical order.",
		Deliver: writing(func(p *parcel) { slices.Sort(p.attributes().Keys) }),
	},
	{
		ID: "approval-rules-left-out", Area: "payload", Wrong: "The approval rules are not told.",
		Deliver: writing(func(p *parcel) { p.attributes().Drop("approval_rules") }),
	},
	{
		ID: "target-is-default-branch", Area: "payload", Wrong: "The branches of source and target are exchanged.",
		Deliver: writing(func(p *parcel) {
			source, target := p.attributes().Get("source_branch"), p.attributes().Get("target_branch")
			p.attributes().Set("source_branch", target)
			p.attributes().Set("target_branch", source)
		}),
	},
	{
		ID: "state-is-open", Area: "payload", Wrong: "The state in a payload is always opened.",
		Deliver: writing(func(p *parcel) { p.attributes().Set("state", "opened") }),
	},
}
