package proof

// ofWebhook changes the parcels that go to webhooks.
func ofWebhook(change func(*parcel)) delivery {
	return func(p *parcel) {
		if p.request.Header.Get("X-Gitlab-Event") != "" {
			change(p)
		}
	}
}

// hookDefects are wrong about the webhooks of projects. Nothing of them decides the verdict.
var hookDefects = []Defect{
	{
		ID: "webhook-without-event", Area: "deliver", Wrong: "Deliveries to webhooks do not name their event.",
		Deliver: ofWebhook(func(p *parcel) { p.request.Header.Del("X-Gitlab-Event") }),
	},
	{
		ID: "webhook-filter-ignored", Area: "deliver", Wrong: "Webhooks are told of pushes to all branches.",
		Answer: on("createProjectHook", ignoring("push_events_branch_filter")),
	},
	{
		ID: "webhook-without-token", Area: "deliver", Wrong: "Deliveries to webhooks lack the token.",
		Deliver: ofWebhook(func(p *parcel) { p.request.Header.Del("X-Gitlab-Token") }),
	},
	{
		ID: "webhook-hears-no-comments", Area: "deliver", Wrong: "Comments are told to nobody.",
		Deliver: ofWebhook(func(p *parcel) { p.lost = p.payload.Get("object_kind") == "note" }),
	},
	{
		ID: "webhook-counts-no-commits", Area: "deliver", Wrong: "A push to a webhook counts no commits.",
		Deliver: ofWebhook(func(p *parcel) {
			p.payload.Set("total_commits_count", number(0))
			p.packed()
		}),
	},
	{
		ID: "webhook-outlives-deletion", Area: "deliver", Wrong: "A deleted webhook goes on.",
		Answer: on("deleteProjectHook", refuse(204, "")),
	},
	{
		ID: "webhook-tested-in-words", Area: "deliver", Wrong: "The test of a webhook says that it is done.",
		Answer: on("testProjectHook", turning(422, 201, sentence("201 Created"))),
	},
	{
		ID: "webhook-log-without-status", Area: "deliver", Wrong: "The log of a webhook does not tell the status.",
		Answer: on("listProjectHookEvents", dropping("response_status")),
	},
	{
		ID: "webhook-resent-in-words", Area: "deliver", Wrong: "Sending again does not tell the status.",
		Answer: on("resendProjectHookEvent", turning(201, 201, sentence("201 Created"))),
	},
	late(18, 9, "tells-event-uuid", "still gives events no UUID, as 14.7 does"),
	late(18, 9, "tells-instance", "still does not tell webhooks the instance, as 15.4 does"),
	late(18, 9, "tells-webhook-uuid", "still gives deliveries to webhooks no UUID, as 16.1 does"),
	late(18, 9, "notes-have-actions", "still does not say what was done with a comment, as 16.10 does"),
	late(18, 9, "names-webhooks", "still gives webhooks no name, as 17.0 does"),
	late(18, 9, "tells-idempotency-key", "still gives deliveries to webhooks no key, as 17.3 does"),
	late(19, 4, "signs-webhooks", "still does not sign deliveries to webhooks, as 18.11 does"),
}
