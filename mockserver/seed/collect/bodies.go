package collect

// What is read of GitLab's answers. Secrets have no field here.
type (
	user struct {
		ID        int64  `json:"id"`
		Username  string `json:"username"`
		Name      string `json:"name"`
		State     string `json:"state"`
		Admin     bool   `json:"is_admin"`
		External  bool   `json:"external"`
		CreatedAt string `json:"created_at"`
	}
	projectBody struct {
		ID            int64  `json:"id"`
		Path          string `json:"path_with_namespace"`
		Name          string `json:"name"`
		Description   string `json:"description"`
		Visibility    string `json:"visibility"`
		DefaultBranch string `json:"default_branch"`
		Archived      bool   `json:"archived"`
		CreatedAt     string `json:"created_at"`
		Namespace     struct {
			Kind string `json:"kind"`
			ID   int64  `json:"id"`
		} `json:"namespace"`
		Creator            int64  `json:"creator_id"`
		PassingChecks      bool   `json:"only_allow_merge_if_all_status_checks_passed"`
		ResolvedThreads    bool   `json:"only_allow_merge_if_all_discussions_are_resolved"`
		SucceededPipeline  bool   `json:"only_allow_merge_if_pipeline_succeeds"`
		SkippedPipeline    bool   `json:"allow_merge_on_skipped_pipeline"`
		RemoveSourceBranch bool   `json:"remove_source_branch_after_merge"`
		MergeMethod        string `json:"merge_method"`
		SquashOption       string `json:"squash_option"`
		Approvals          int64  `json:"approvals_before_merge"`
		Parent             *struct {
			ID   int64  `json:"id"`
			Path string `json:"path_with_namespace"`
		} `json:"forked_from_project"`
	}
	member struct {
		user
		AccessLevel int64  `json:"access_level"`
		ExpiresOn   string `json:"expires_at"`
	}
	branch struct {
		Name   string `json:"name"`
		Commit struct {
			ID        string `json:"id"`
			Title     string `json:"title"`
			CreatedAt string `json:"created_at"`
		} `json:"commit"`
	}
	protectedBranch struct {
		ID          int64         `json:"id"`
		Name        string        `json:"name"`
		Push        []branchLevel `json:"push_access_levels"`
		Merge       []branchLevel `json:"merge_access_levels"`
		Unprotect   []branchLevel `json:"unprotect_access_levels"`
		ForcePush   bool          `json:"allow_force_push"`
		OwnersAgree bool          `json:"code_owner_approval_required"`
	}
	branchLevel struct {
		AccessLevel *int64 `json:"access_level"`
		User        *int64 `json:"user_id"`
		Group       *int64 `json:"group_id"`
	}
	check struct {
		ID        int64  `json:"id"`
		Name      string `json:"name"`
		URL       string `json:"external_url"`
		Signed    bool   `json:"hmac"`
		Protected []struct {
			Name string `json:"name"`
			ID   int64  `json:"id"`
		} `json:"protected_branches"`
	}
	label struct {
		ID          int64  `json:"id"`
		Name        string `json:"name"`
		Color       string `json:"color"`
		Description string `json:"description"`
		Priority    *int64 `json:"priority"`
		OfProject   bool   `json:"is_project_label"`
	}
	milestone struct {
		ID          int64  `json:"id"`
		IID         int64  `json:"iid"`
		Project     int64  `json:"project_id"`
		Title       string `json:"title"`
		Description string `json:"description"`
		State       string `json:"state"`
		StartDate   string `json:"start_date"`
		DueDate     string `json:"due_date"`
		CreatedAt   string `json:"created_at"`
	}
	mergeRequest struct {
		ID           int64      `json:"id"`
		IID          int64      `json:"iid"`
		SourceBranch string     `json:"source_branch"`
		TargetBranch string     `json:"target_branch"`
		Source       int64      `json:"source_project_id"`
		Target       int64      `json:"target_project_id"`
		Title        string     `json:"title"`
		Description  string     `json:"description"`
		State        string     `json:"state"`
		SHA          string     `json:"sha"`
		Author       user       `json:"author"`
		Assignees    []user     `json:"assignees"`
		Reviewers    []user     `json:"reviewers"`
		Labels       []string   `json:"labels"`
		Milestone    *milestone `json:"milestone"`
		RemoveSource bool       `json:"force_remove_source_branch"`
		CreatedAt    string     `json:"created_at"`
	}
	status struct {
		ID     int64  `json:"id"`
		Name   string `json:"name"`
		Status string `json:"status"`
	}
	approvals struct {
		ApprovedBy []struct {
			User user `json:"user"`
		} `json:"approved_by"`
	}
)
