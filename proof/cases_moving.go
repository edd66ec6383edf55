package proof

import (
	"bytes"
	"strings"

	"github.com/statuschecks/statuschecks/release"
)

// twiceAs sends the parcels of an action a second time, as those of another one.
func twiceAs(action, name string) delivery {
	return func(p *parcel) {
		if p.action() != action {
			return
		}
		as := func(name string) {
			p.attributes().Set("action", name)
			p.packed()
		}
		as(name)
		p.sendTo(p.request.URL.String())
		as(action)
	}
}

// movingCases are about merge requests whose branches move, and what that does to them.
var movingCases = []CaseDefect{
	{
		Case: "deliver.reopen-head", Wrong: "The reopening is told with another head than it had when it was closed.",
		Serve: writing(func(p *parcel) {
			if commit, ok := p.attributes().Get("last_commit").(*object); ok && p.action() == "reopen" {
				commit.Set("id", strings.Repeat("0", 40))
			}
		}),
	},
	{
		Case: "deliver.close-and-reopen", Wrong: "The reopening is told of a merge request that is still closed.",
		Serve: writing(func(p *parcel) {
			if p.action() == "reopen" {
				p.attributes().Set("state", "closed")
			}
		}),
	},
	{
		Case: "deliver.source-deleted", Wrong: "That the source branch is gone is told as an update as well.",
		Serve: twiceAs("close", "update"),
	},
	{
		Case: "deliver.push-draft", Wrong: "A push makes no draft.",
		Serve: func(p *parcel) {
			p.body = bytes.ReplaceAll(p.body, []byte(`"title":"Draft: `), []byte(`"title":"`))
		},
	},
	{
		Case: "graphql.merge.others", Wrong: "GraphQL says that nobody looks for requested changes.",
		Answer: saying(`"REQUESTED_CHANGES","status":"SUCCESS"`, `"REQUESTED_CHANGES","status":"INACTIVE"`),
	},
	{
		Case: "history.merge.later", Wrong: "A merge request can be merged before its time.",
		Answer: mergeStatus("merge_time", "mergeable", func(*visit) bool { return true }),
	},
	{
		Case: "history.approvals.target-kept", Wrong: "A server of 16.1 takes back approvals for another target.",
		Version: release.Of(16, 1), Flips: "targets-reset-approvals",
	},
	{
		Case: "history.approvals.target", Wrong: "A server of 16.2 keeps approvals for another target.",
		Version: release.Of(16, 2), Flips: "targets-reset-approvals",
	},
	{
		Case: "history.approvals.patch-unlooked", Wrong: "A server of 16.6 compares patches.",
		Version: release.Of(16, 6), Flips: "compares-patches",
	},
	{
		Case: "history.approvals.patch", Wrong: "A server of 16.7 does not compare patches.",
		Version: release.Of(16, 7), Flips: "compares-patches",
	},
}
