package control

// Event is something that happens to a merge request in GitLab.
type Event string

// The events.
const (
	EventOpen      Event = "open"      // a merge request is opened, from a new branch with one commit
	EventPush      Event = "push"      // a commit is pushed to the source branch
	EventUpdate    Event = "update"    // the description is edited
	EventClose     Event = "close"     // the merge request is closed
	EventReopen    Event = "reopen"    // a closed merge request is opened again
	EventApprove   Event = "approve"   // somebody approves it
	EventUnapprove Event = "unapprove" // an approval is withdrawn
	EventMerge     Event = "merge"     // it is merged
	EventRetry     Event = "retry"     // a failed external status check is retried
	EventTimeout   Event = "timeout"   // time passes until the pending responses have timed out
)

// Trigger names an event and what it happens to. The mock chooses what is not given.
type Trigger struct {
	Event        Event  `json:"event"`
	Project      int64  `json:"project"`       // id; 0 means the project of the first merge request that the event fits
	MergeRequest int64  `json:"merge_request"` // iid; 0 means the first that the event fits
	Check        int64  `json:"check"`         // id, for EventRetry; 0 means the first that failed
	User         string `json:"user"`          // username of the actor; empty means a member who may do it
}

// Triggered says what has happened.
type Triggered struct {
	Event        Event        `json:"event"`
	User         string       `json:"user"` // empty for EventTimeout
	MergeRequest MergeRequest `json:"merge_request"`
	Deliveries   []int64      `json:"deliveries"` // ids of the webhook deliveries that the event has caused so far
	Clock        Clock        `json:"clock"`
}
