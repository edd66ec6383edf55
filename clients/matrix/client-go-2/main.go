// Command client-go-2 does one call with GitLab's Go client. It prints what came of it as a line of JSON.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	gitlab "gitlab.com/gitlab-org/api/client-go/v2"
)

const project, mergeRequest, check = 6, 4, 1

func main() {
	rows, err := call(os.Getenv("MATRIX_CALL"))
	said := ""
	if err != nil {
		said = err.Error()
	}
	_ = json.NewEncoder(os.Stdout).Encode(map[string]any{"ok": err == nil, "rows": rows, "error": said})
}

func call(name string) (rows int, err error) {
	client, err := gitlab.NewClient(os.Getenv("MATRIX_TOKEN"), gitlab.WithBaseURL(os.Getenv("MATRIX_URL")))
	if err != nil {
		return 0, err
	}
	checks := client.ExternalStatusChecks
	switch name {
	case "list":
		return list(client, 100)
	case "pages":
		return list(client, 2)
	case "set":
		_, err = checks.SetProjectMergeRequestExternalStatusCheckStatus(project, mergeRequest,
			&gitlab.SetProjectMergeRequestExternalStatusCheckStatusOptions{
				SHA: gitlab.Ptr(os.Getenv("MATRIX_SHA")), ExternalStatusCheckID: gitlab.Ptr(int64(check)),
				Status: gitlab.Ptr("passed"),
			})
	case "retry":
		_, err = checks.RetryFailedExternalStatusCheckForProjectMergeRequest(project, mergeRequest, check, nil)
	case "delete":
		_, err = checks.DeleteProjectExternalStatusCheck(project, check, nil)
	default:
		err = fmt.Errorf("there is no call %q", name)
	}
	return 0, err
}

// list reads all pages as the client's documents show it.
func list(client *gitlab.Client, size int64) (rows int, err error) {
	options := &gitlab.ListProjectExternalStatusChecksOptions{ListOptions: gitlab.ListOptions{PerPage: size, Page: 1}}
	for {
		page, response, err := client.ExternalStatusChecks.ListProjectExternalStatusChecks(project, options)
		if err != nil {
			return rows, err
		}
		rows += len(page)
		if response.NextPage == 0 {
			return rows, nil
		}
		options.Page = response.NextPage
	}
}
