package mockserver

import "github.com/statuschecks/statuschecks/mockserver/internal/gitlab"

// hookEntity is a webhook of a project, without its tokens.
//
// Source: lib/api/entities/hook.rb, project_hook.rb.
type hookEntity struct {
	ID                     gitlab.HookID    `json:"id"`
	URL                    string           `json:"url"`
	Name                   **string         `json:"name,omitempty"`
	Description            **string         `json:"description,omitempty"`
	CreatedAt              *timestamp       `json:"created_at"`
	Push                   bool             `json:"push_events"`
	TagPush                bool             `json:"tag_push_events"`
	MergeRequests          bool             `json:"merge_requests_events"`
	RepositoryUpdate       bool             `json:"repository_update_events"`
	EnableSSLVerification  bool             `json:"enable_ssl_verification"`
	AlertStatus            string           `json:"alert_status"`
	DisabledUntil          *timestamp       `json:"disabled_until"`
	URLVariables           *[]struct{}      `json:"url_variables,omitempty"`
	PushEventsBranchFilter *string          `json:"push_events_branch_filter"`
	BranchFilterStrategy   string           `json:"branch_filter_strategy"`
	CustomWebhookTemplate  *string          `json:"custom_webhook_template"`
	CustomHeaders          *[]struct{}      `json:"custom_headers,omitempty"`
	TokenPresent           *bool            `json:"token_present,omitempty"`
	SigningTokenPresent    *bool            `json:"signing_token_present,omitempty"`
	ProjectID              gitlab.ProjectID `json:"project_id"`
	Issues                 bool             `json:"issues_events"`
	ConfidentialIssues     bool             `json:"confidential_issues_events"`
	Note                   bool             `json:"note_events"`
	ConfidentialNote       *bool            `json:"confidential_note_events"`
	Pipeline               bool             `json:"pipeline_events"`
	WikiPage               bool             `json:"wiki_page_events"`
	Deployment             bool             `json:"deployment_events"`
	FeatureFlag            bool             `json:"feature_flag_events"`
	Job                    bool             `json:"job_events"`
	Releases               bool             `json:"releases_events"`
	Milestone              bool             `json:"milestone_events"`
	Emoji                  bool             `json:"emoji_events"`
	ResourceAccessToken    bool             `json:"resource_access_token_events"`
	Vulnerability          bool             `json:"vulnerability_events"`
}

// presentHook shows a webhook. GitLab disables webhooks that fail only with a feature flag that is off on instances of
// one's own, so the webhook is always executable.
func presentHook(tx *gitlab.Tx, h gitlab.ProjectHook) hookEntity {
	on := func(event gitlab.HookEvent) bool { return h.Events[event] }
	e := hookEntity{
		ID: h.ID, URL: h.URL, Name: dated(tx, gitlab.NamesWebhooks, orNull(h.Name)),
		Description: dated(tx, gitlab.NamesWebhooks, orNull(h.Description)), CreatedAt: newTimestamp(h.CreatedAt),
		Push: on(gitlab.PushEvents), TagPush: on("tag_push_events"), MergeRequests: on(gitlab.MergeRequestsEvents),
		EnableSSLVerification: h.VerifiesTLS, AlertStatus: "executable",
		URLVariables: &[]struct{}{}, PushEventsBranchFilter: orNull(h.BranchFilter),
		BranchFilterStrategy: h.FilterStrategy, CustomHeaders: &[]struct{}{},
		TokenPresent:        dated(tx, gitlab.SignsWebhooks, h.Token != ""),
		SigningTokenPresent: dated(tx, gitlab.SignsWebhooks, h.SigningToken != ""), ProjectID: h.ProjectID,
		Issues: on("issues_events"), ConfidentialIssues: on("confidential_issues_events"),
		Note: on(gitlab.NoteEvents), Pipeline: on("pipeline_events"), WikiPage: on("wiki_page_events"),
		Deployment: on("deployment_events"), FeatureFlag: on("feature_flag_events"), Job: on("job_events"),
		Releases: on("releases_events"), Milestone: on("milestone_events"), Emoji: on("emoji_events"),
		ResourceAccessToken: on("resource_access_token_events"), Vulnerability: on("vulnerability_events"),
	}
	if chosen, is := h.Events[gitlab.ConfidentialNoteEvents]; is {
		e.ConfidentialNote = &chosen
	}
	return e
}
