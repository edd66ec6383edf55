package proof

import (
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/statuschecks/statuschecks/mockserver"
)

// Harmless are servers that are odd and do nothing wrong: no scenario may fail on them, and none may differ.
func Harmless() []Defect { return slices.Concat(odd(), wordy(), restricted(), around(), brief()) }

// odd are servers that answer in their own time.
func odd() []Defect {
	var requests atomic.Int64
	every := func(n int64) func(*visit) bool {
		return func(v *visit) bool { return !v.control && requests.Add(1)%n == 0 }
	}
	return []Defect{
		{ID: "good", Area: "harmless", Wrong: "The good mock as it is."},
		{
			ID: "minute-by-minute", Area: "harmless", Wrong: "Pending responses time out at full minutes only.",
			Options: func(o *mockserver.Options) { o.TimeoutEveryMinute = true },
		},
		{
			ID: "no-control", Area: "harmless", Wrong: "There is no control surface, so that all waits are real and " +
				"the licence cannot be switched.",
			Options: func(o *mockserver.Options) { o.NoControl = true },
		},
		{
			ID: "lagging", Area: "harmless", Wrong: "Background jobs and deliveries take up to two seconds.",
			Options: func(o *mockserver.Options) { o.Lag = mockserver.Lag{Max: 2 * time.Second} },
		},
		{
			ID: "slow", Area: "harmless", Wrong: "Every answer takes half a second.",
			Answer: func(v *visit) {
				if !v.control {
					time.Sleep(500 * time.Millisecond)
				}
			},
		},
		{
			ID: "throttled", Area: "harmless", Wrong: "Every seventh request is told to come back a second later.",
			Answer: when(every(7), func(v *visit) {
				v.say(http.StatusTooManyRequests, "")
				v.header.Set("Retry-After", "1")
			}),
		},
		{
			ID: "throttled-without-a-word", Area: "harmless", Wrong: "Every ninth request is refused with 429 and " +
				"no word of when to come back.",
			Answer: when(every(9), refuse(http.StatusTooManyRequests, "")),
		},
	}
}

// wordy are servers that say more than they must, or begin with other settings.
func wordy() []Defect {
	return []Defect{
		{
			ID: "behind-a-proxy", Area: "harmless", Wrong: "A proxy adds headers of its own.",
			Answer: after(func(v *visit) {
				v.header.Set("Server", "nginx")
				v.header.Set("Strict-Transport-Security", "max-age=63072000")
				v.header.Set("Vary", "Origin, Accept-Encoding")
				v.header.Set("RateLimit-Remaining", "1999")
			}),
		},
		{
			ID: "further-keys", Area: "harmless", Wrong: "Projects and merge requests have keys that the contract " +
				"does not know.",
			Answer: on("createProject getProject updateProject createMergeRequest getMergeRequest "+
				"updateMergeRequest mergeMergeRequest createBranch createCommit",
				adding("of_a_later_release", func(*visit, *object) any { return of("a", []any{}) })),
		},
		{
			ID: "unprotected-by-default", Area: "harmless", Wrong: "The default branch of a new project is not " +
				"protected.",
			Answer: on("createProject", after(func(v *visit) {
				if o, ok := v.answered().(*object); ok && v.succeeded() {
					v.askAs(v.token(), "deleteProtectedBranch", "id", o.Get("id"), "name", "main")
				}
			})),
		},
		{
			ID: "patched", Area: "harmless", Wrong: "The release is a patched one.",
			Answer: on("getVersion getMetadata",
				field("version", func(v *visit, value any) any { return "18.9.4-ee" })),
		},
	}
}

// restricted are servers that lack something or do not let the suite have it.
func restricted() []Defect {
	return []Defect{
		{
			ID: "no-planners", Area: "harmless", Wrong: "Project access tokens cannot have the role of a planner.",
			Answer: on("createProjectAccessToken",
				when(func(v *visit) bool { return text(v.given("access_level")) == "15" },
					refuse(400, complaint("access_level does not have a valid value")))),
		},
		{
			ID: "no-internal-projects", Area: "harmless", Wrong: "Internal projects are not allowed.",
			Answer: on("createProject", when(func(v *visit) bool { return v.given("visibility") == "internal" },
				refuse(400, string(encode(of("message",
					of("visibility_level", []any{"internal has been restricted by your GitLab administrator"}))))))),
		},
		{
			ID: "no-new-groups", Area: "harmless", Wrong: "Groups cannot be made.",
			Answer: on("createGroup", refuse(403, sentence("403 Forbidden"))),
		},
		{
			ID: "no-branches-of-groups", Area: "harmless", Wrong: "Groups have no protected branches.",
			Answer: on("createGroupProtectedBranch", refuse(404, complaint("404 Not Found"))),
		},
		{
			ID: "no-new-users", Area: "harmless", Wrong: "Users cannot be made.",
			Answer: on("createUser", refuse(403, sentence("403 Forbidden"))),
		},
		{
			ID: "nobody-is-admin", Area: "harmless", Wrong: "The token given is not an administrator's.",
			Answer: all(on("getCurrentUser", dropping("is_admin")),
				on("createUser", refuse(403, sentence("403 Forbidden")))),
		},
		{
			ID: "deliveries-blocked", Area: "harmless", Wrong: "Nothing is sent to the receiver's network.",
			Deliver: func(p *parcel) { p.lost = true },
		},
		{
			ID: "never-licensed", Area: "harmless", Wrong: "There is no licence, and none can be had.",
			Options: func(o *mockserver.Options) {
				licensed := false
				o.Seed.Licensed, o.NoControl = &licensed, true
			},
		},
	}
}

// without lacks some operations, as a server does that has no route for them.
func without(operations string) alteration {
	return on(operations, refuse(404, complaint("404 Not Found")))
}

// around are compatible servers that lack, or do in their own way, what stands around status checks.
func around() []Defect {
	const approvals = "getProjectApprovals changeProjectApprovals listApprovalRules createApprovalRule " +
		"deleteApprovalRule getMergeRequestApprovals approveMergeRequest unapproveMergeRequest"
	return []Defect{
		{
			ID: "no-time-tracking", Area: "harmless", Wrong: "There is no time tracking.",
			Answer: without("addSpentTime"),
		},
		{
			ID: "no-approvals", Area: "harmless", Wrong: "There are no approvals and no rules for them.",
			Answer: without(approvals),
		},
		{
			ID: "no-audit-log", Area: "harmless", Wrong: "There is no audit log.",
			Answer: without("listProjectAuditEvents"),
		},
		{
			ID: "audit-log-not-licensed", Area: "harmless", Wrong: "The audit log may not be read.",
			Answer: on("listProjectAuditEvents", refuse(403, sentence("403 Forbidden"))),
		},
		{
			ID: "no-threads", Area: "harmless", Wrong: "There are no threads.",
			Answer: without("createMergeRequestDiscussion resolveMergeRequestDiscussion listMergeRequestDiscussions"),
		},
		{
			ID: "no-comments", Area: "harmless", Wrong: "There are no comments.",
			Answer: on("createMergeRequestNote listMergeRequestNotes", refuse(501, "")),
		},
		{
			ID: "bare-notes", Area: "harmless", Wrong: "A note has an id, a body and nothing else.",
			Answer: on("createMergeRequestNote", after(func(v *visit) {
				if o, ok := v.answered().(*object); ok && v.succeeded() {
					v.answer = encode(of("id", o.Get("id"), "body", o.Get("body")))
				}
			})),
		},
		{
			ID: "no-conflicts", Area: "harmless", Wrong: "Conflicts are not shown.",
			Answer: on("getMergeRequest", showsInstead("conflict", "mergeable")),
		},
		{
			ID: "no-rebase", Area: "harmless", Wrong: "That a branch is behind is not shown.",
			Answer: on("getMergeRequest", showsInstead("need_rebase", "mergeable")),
		},
		{
			ID: "approvals-stop-nothing", Area: "harmless", Wrong: "An approval that is missing does not stop a " +
				"merge request.",
			Answer: on("getMergeRequest", showsInstead("not_approved", "mergeable")),
		},
	}
}

// brief are compatible servers whose answers, or whose operations, around status checks are fewer.
func brief() []Defect {
	return []Defect{
		{
			ID: "no-single-files", Area: "harmless", Wrong: "Files come with commits alone.",
			Answer: without("getFile createFile updateFile deleteFile"),
		},
		{
			ID: "no-metadata", Area: "harmless", Wrong: "There are no metadata beside the version.",
			Answer: without("getMetadata"),
		},
		{
			ID: "brief-merge-requests", Area: "harmless", Wrong: "Merge requests lack what has nothing to do with " +
				"checks.",
			Answer: on("createMergeRequest getMergeRequest updateMergeRequest mergeMergeRequest",
				// not labels and milestone: scenarios observe these
				dropping("time_stats", "task_completion_status", "upvotes", "downvotes", "user_notes_count",
					"squash_on_merge")),
		},
		{
			ID: "brief-projects", Area: "harmless", Wrong: "Projects lack what has nothing to do with checks.",
			Answer: on("createProject getProject updateProject", dropping("star_count", "forks_count", "wiki_enabled",
				"snippets_enabled", "container_registry_enabled")),
		},
		{
			ID: "words-for-numbers", Area: "harmless", Wrong: "Counts of a merge request that have nothing to do " +
				"with checks are texts.",
			Answer: on("getMergeRequest updateMergeRequest", fixed("upvotes", "none")),
		},
	}
}

// showsInstead shows another status of merging.
func showsInstead(from, to string) alteration {
	return items(func(_ *visit, o *object) {
		if o.Get("detailed_merge_status") == from {
			o.Set("detailed_merge_status", to)
		}
	})
}
