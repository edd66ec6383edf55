package mockserver

import (
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// projectBuilds holds the settings of CI, which earlier releases show to everybody.
type projectBuilds struct {
	DefaultGitDepth                 int      `json:"ci_default_git_depth"`
	DeletePipelinesInSeconds        *int     `json:"ci_delete_pipelines_in_seconds"`
	ForwardDeploymentEnabled        bool     `json:"ci_forward_deployment_enabled"`
	ForwardDeploymentRollback       bool     `json:"ci_forward_deployment_rollback_allowed"`
	JobTokenScopeEnabled            bool     `json:"ci_job_token_scope_enabled"`
	SeparatedCaches                 bool     `json:"ci_separated_caches"`
	ForkPipelinesInParent           bool     `json:"ci_allow_fork_pipelines_to_run_in_parent_project"`
	IDTokenClaims                   []string `json:"ci_id_token_sub_claim_components"`
	BuildGitStrategy                string   `json:"build_git_strategy,omitempty"` // for administrators of the project
	KeepLatestArtifact              bool     `json:"keep_latest_artifact"`
	RestrictUserDefinedVariables    bool     `json:"restrict_user_defined_variables"`
	VariablesMinimumRole            string   `json:"ci_pipeline_variables_minimum_override_role"`
	RunnerTokenExpirationInterval   *int     `json:"runner_token_expiration_interval"`
	GroupRunnersEnabled             bool     `json:"group_runners_enabled"`
	ResourceGroupDefaultProcessMode string   `json:"resource_group_default_process_mode"`
	AutoCancelPendingPipelines      string   `json:"auto_cancel_pending_pipelines"`
	BuildTimeout                    int64    `json:"build_timeout"`
	AutoDevopsEnabled               bool     `json:"auto_devops_enabled"`
	AutoDevopsDeployStrategy        string   `json:"auto_devops_deploy_strategy"`
	PushForJobToken                 bool     `json:"ci_push_repository_for_job_token_allowed"`
}

// projectCI holds the keys about CI that do not need an administrator of the project.
type projectCI struct {
	ConfigPath **string `json:"ci_config_path,omitempty"` // for viewers who can read the code
	PublicJobs bool     `json:"public_jobs"`
}

type projectMerging struct {
	SharedWithGroups           []struct{} `json:"shared_with_groups"`
	RequireSucceededPipeline   bool       `json:"only_allow_merge_if_pipeline_succeeds"`
	MergeOnSkippedPipeline     *bool      `json:"allow_merge_on_skipped_pipeline"`
	RequestAccessEnabled       bool       `json:"request_access_enabled"`
	RequireResolvedDiscussions bool       `json:"only_allow_merge_if_all_discussions_are_resolved"`
	RemoveSourceBranch         bool       `json:"remove_source_branch_after_merge"`
	PrintingLinkEnabled        bool       `json:"printing_merge_request_link_enabled"`
	MergeMethod                string     `json:"merge_method"`
	SquashOption               string     `json:"squash_option"`
	AuthChecksOnUploads        bool       `json:"enforce_auth_checks_on_uploads"`
	SuggestionCommitMessage    *string    `json:"suggestion_commit_message"`
	MergeCommitTemplate        *string    `json:"merge_commit_template"`
	SquashCommitTemplate       *string    `json:"squash_commit_template"`
	IssueBranchTemplate        *string    `json:"issue_branch_template"`
	WarnAboutCharacters        bool       `json:"warn_about_potentially_unwanted_characters"`
	AutocloseReferencedIssues  bool       `json:"autoclose_referenced_issues"`
	MaxArtifactsSize           *int       `json:"max_artifacts_size"`
}

type projectEnterprise struct {
	ApprovalsBeforeMerge         int      `json:"approvals_before_merge"`
	Mirror                       bool     `json:"mirror"`
	ExternalAuthorizationLabel   *string  `json:"external_authorization_classification_label"`
	RequirementsEnabled          bool     `json:"requirements_enabled"`
	RequirementsAccessLevel      string   `json:"requirements_access_level"`
	SecurityAndComplianceEnabled bool     `json:"security_and_compliance_enabled"`
	ComplianceFrameworks         []string `json:"compliance_frameworks"`
	IssuesTemplate               *string  `json:"issues_template"`
	MergeRequestsTemplate        *string  `json:"merge_requests_template"`
	// For administrators of the project.
	PipelineCancellationRole      string  `json:"ci_restrict_pipeline_cancellation_role,omitempty"`
	MergePipelinesEnabled         bool    `json:"merge_pipelines_enabled"`
	MergeTrainsEnabled            bool    `json:"merge_trains_enabled"`
	MergeTrainsSkipTrainAllowed   bool    `json:"merge_trains_skip_train_allowed"`
	RequirePassingStatusChecks    *bool   `json:"only_allow_merge_if_all_status_checks_passed,omitempty"`
	TriggerApproveDeployment      bool    `json:"allow_pipeline_trigger_approve_deployment"`
	PreventMergeWithoutJiraIssue  bool    `json:"prevent_merge_without_jira_issue"`
	MergeRequestTitleRegex        *string `json:"merge_request_title_regex"`
	MergeRequestTitleRegexMeaning *string `json:"merge_request_title_regex_description"`
}

type projectAccess struct {
	Permissions permissions `json:"permissions"`
}

// permissions show the viewer's own roles.
type permissions struct {
	Project *memberAccess `json:"project_access"`
	Group   *memberAccess `json:"group_access"`
}

type memberAccess struct {
	AccessLevel       gitlab.AccessLevel `json:"access_level"`
	NotificationLevel int                `json:"notification_level"`
}

// featureLevel says who can use a feature of a project.
func featureLevel(p gitlab.Project, name string) string {
	return plain(p, name+"_access_level", "enabled")
}

// securityAndCompliance is the level of the one feature that is private where nothing was chosen.
func securityAndCompliance(p gitlab.Project) string {
	return plain(p, "security_and_compliance_access_level", "private")
}

func presentProjectFeatures(tx *gitlab.Tx, viewer gitlab.Actor, p gitlab.Project) *projectFeatures {
	level := func(name string) string { return featureLevel(p, name) }
	on := func(name string, least gitlab.AccessLevel) bool { return tx.CanUse(viewer, p, level(name), least) }
	emails := plain(p, "emails_enabled", true)
	e := &projectFeatures{
		IssuesEnabled: on("issues", gitlab.Guest), MergeRequestsEnabled: on("merge_requests", gitlab.Reporter),
		WikiEnabled: on("wiki", gitlab.Guest), JobsEnabled: on("builds", gitlab.Guest),
		SnippetsEnabled:          on("snippets", gitlab.Guest),
		ContainerRegistryEnabled: on("container_registry", gitlab.Reporter),
		CanCreateMergeRequestIn:  tx.Can(viewer, gitlab.CreateMergeRequestIn, p), Issues: level("issues"),
		Repository:    level("repository"),
		MergeRequests: level("merge_requests"), Forking: level("forking"), Wiki: level("wiki"), Builds: level("builds"),
		Snippets: level("snippets"),
		Pages:    plain(p, "pages_access_level", "private"), Analytics: level("analytics"),
		ContainerRegistry:     level("container_registry"),
		SecurityAndCompliance: securityAndCompliance(p), Releases: level("releases"),
		Environments: level("environments"), FeatureFlags: level("feature_flags"),
		Infrastructure: level("infrastructure"), Monitor: level("monitor"),
		ModelExperiments: level("model_experiments"), ModelRegistry: level("model_registry"),
		PackageRegistry: level("package_registry"),
		EmailsDisabled:  !emails, EmailsEnabled: emails, ShowDiffPreviewInEmail: true,
		SharedRunnersEnabled: plain(p, "shared_runners_enabled", true), LFSEnabled: plain(p, "lfs_enabled", true),
	}
	if tx.Can(viewer, gitlab.AdminIssue, p) {
		e.ServiceDeskAddress = null{}
	}
	return e
}

func presentProjectBuilds(tx *gitlab.Tx, p gitlab.Project, administers bool) *projectBuilds {
	if !administers && tx.Has(gitlab.HidesCISettings) {
		return nil
	}
	e := &projectBuilds{
		DefaultGitDepth: 20, ForwardDeploymentEnabled: true, ForwardDeploymentRollback: true, SeparatedCaches: true,
		ForkPipelinesInParent:        true,
		IDTokenClaims:                []string{"project_path", "ref_type", "ref"},
		KeepLatestArtifact:           true,
		RestrictUserDefinedVariables: true, VariablesMinimumRole: "no_one_allowed", GroupRunnersEnabled: true,
		ResourceGroupDefaultProcessMode: "unordered", AutoCancelPendingPipelines: "enabled",
		BuildTimeout:      plain(p, "build_timeout", int64(3600)),
		AutoDevopsEnabled: plain(p, "auto_devops_enabled", false), AutoDevopsDeployStrategy: "continuous",
	}
	if administers {
		e.BuildGitStrategy = "fetch"
	}
	return e
}

func presentProjectCI(tx *gitlab.Tx, viewer gitlab.Actor, p gitlab.Project) *projectCI {
	e := &projectCI{PublicJobs: true}
	if tx.Can(viewer, gitlab.ReadCode, p) {
		path := orNull(plain(p, "ci_config_path", ""))
		e.ConfigPath = &path
	}
	return e
}

func presentProjectMerging(p gitlab.Project) *projectMerging {
	e := &projectMerging{
		SharedWithGroups: []struct{}{}, RequireSucceededPipeline: p.RequireSucceededPipeline,
		RequestAccessEnabled:       plain(p, "request_access_enabled", true),
		RequireResolvedDiscussions: p.RequireResolvedDiscussions, RemoveSourceBranch: p.RemoveSourceBranch,
		PrintingLinkEnabled: plain(p, "printing_merge_request_link_enabled", true), MergeMethod: p.MergeMethod,
		SquashOption:        p.SquashOption,
		AuthChecksOnUploads: true, SuggestionCommitMessage: orNull(plain(p, "suggestion_commit_message", "")),
		MergeCommitTemplate:  orNull(plain(p, "merge_commit_template", "")),
		SquashCommitTemplate: orNull(plain(p, "squash_commit_template", "")),
		WarnAboutCharacters:  true, AutocloseReferencedIssues: true,
	}
	if skipped, chosen := p.Plain["allow_merge_on_skipped_pipeline"].(bool); chosen {
		e.MergeOnSkippedPipeline = &skipped
	}
	return e
}

func presentProjectEnterprise(tx *gitlab.Tx, viewer gitlab.Actor, p gitlab.Project) *projectEnterprise {
	e := &projectEnterprise{
		ApprovalsBeforeMerge: p.ApprovalsRequired, RequirementsEnabled: true, RequirementsAccessLevel: "enabled",
		SecurityAndComplianceEnabled: tx.CanUse(viewer, p, securityAndCompliance(p), gitlab.Guest),
		ComplianceFrameworks:         []string{},
	}
	if tx.Can(viewer, gitlab.AdminProject, p) {
		e.PipelineCancellationRole = "developer"
	}
	if tx.MergeGate(p) {
		e.RequirePassingStatusChecks = &p.RequirePassingStatusChecks
	}
	return e
}

func presentPermissions(tx *gitlab.Tx, viewer gitlab.Actor, p gitlab.Project) permissions {
	const globalNotifications = 3
	var e permissions
	if m, ok := tx.ProjectMember(p.ID, viewer.User.ID); ok {
		e.Project = &memberAccess{m.AccessLevel, globalNotifications}
	}
	if n, ok := tx.Namespace(p.NamespaceID); ok && n.Kind == gitlab.GroupNamespace {
		if level := tx.GroupLevel(n.ID, viewer.User.ID); level > gitlab.NoAccess {
			e.Group = &memberAccess{level, globalNotifications}
		}
	}
	return e
}
