#!/usr/bin/env bash
# Tool: github.com/go-playground/webhooks/v6 v6.4.0, package gitlab, with Go 1.24 or newer.
# Input: webhooks as GitLab sends them: an issue with a due date, which is a date alone, a job, and a merge request that
# comes by a system hook. The service asks for the event that is in X-Gitlab-Event.
# Seen: the issue with a due date is refused whole, since the date is read as a time; without one it is read. A job is
# refused to who asks for jobs, and to who asks for builds: both must be named, and what comes is the type of a build. A
# merge request of a system hook is refused to who asks for system hooks: merge requests must be named, too.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >go.mod <<'TEXT'
module example.com/receiver

go 1.24

require github.com/go-playground/webhooks/v6 v6.4.0
TEXT
cat >main.go <<'GO'
package main

import (
	"fmt"
	"net/http/httptest"
	"strings"

	"github.com/go-playground/webhooks/v6/gitlab"
)

func main() {
	show("an issue", "Issue Hook", `{"object_kind":"issue","object_attributes":{"due_date":null}}`, gitlab.IssuesEvents)
	show("an issue with a due date", "Issue Hook",
		`{"object_kind":"issue","object_attributes":{"due_date":"2026-11-28"}}`, gitlab.IssuesEvents)
	job := `{"object_kind":"build","build_id":1977,"build_started_at":"2026-11-28 10:11:12 UTC"}`
	show("a job", "Job Hook", job, gitlab.JobEvents)
	show("a job", "Job Hook", job, gitlab.BuildEvents)
	show("a job", "Job Hook", job, gitlab.JobEvents, gitlab.BuildEvents)
	show("a user", "System Hook", `{"event_name":"user_create"}`, gitlab.SystemHookEvents)
	merge := `{"object_kind":"merge_request","event_type":"merge_request"}`
	show("a merge request", "System Hook", merge, gitlab.SystemHookEvents)
	show("a merge request", "System Hook", merge, gitlab.MergeRequestEvents)
	show("a merge request", "System Hook", merge, gitlab.SystemHookEvents, gitlab.MergeRequestEvents)
}

func show(name, event, body string, asked ...gitlab.Event) {
	hook, err := gitlab.New()
	if err != nil {
		panic(err)
	}
	request := httptest.NewRequest("POST", "/", strings.NewReader(body))
	request.Header.Set("X-Gitlab-Event", event)
	payload, err := hook.Parse(request, asked...)
	fmt.Printf("%s, sent as %q, asked for %q: ", name, event, asked)
	if err != nil {
		fmt.Println("refused:", err)
		return
	}
	fmt.Printf("%T\n", payload)
}
GO
export GOFLAGS=-mod=mod
go run . | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
an issue, sent as "Issue Hook", asked for ["Issue Hook"]: gitlab.IssueEventPayload
an issue with a due date, sent as "Issue Hook", asked for ["Issue Hook"]: refused: parsing time "2026-11-28" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T"
a job, sent as "Job Hook", asked for ["Job Hook"]: refused: event not defined to be parsed
a job, sent as "Job Hook", asked for ["Build Hook"]: refused: event not defined to be parsed
a job, sent as "Job Hook", asked for ["Job Hook" "Build Hook"]: gitlab.BuildEventPayload
a user, sent as "System Hook", asked for ["System Hook"]: gitlab.UserCreatedEventPayload
a merge request, sent as "System Hook", asked for ["System Hook"]: refused: event not defined to be parsed
a merge request, sent as "System Hook", asked for ["Merge Request Hook"]: refused: event not defined to be parsed
a merge request, sent as "System Hook", asked for ["System Hook" "Merge Request Hook"]: gitlab.MergeRequestEventPayload
TEXT
echo
echo "As described."
