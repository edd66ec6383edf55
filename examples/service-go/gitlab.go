package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// client calls GitLab's REST API.
type client struct {
	api, token string
	http       *http.Client
	pause      time.Duration
}

// refusal is an answer of GitLab that is no success. It has no secrets, so that it can be logged.
type refusal struct {
	method, path string
	status       int
}

// Error names the call and the status.
func (r *refusal) Error() string {
	return fmt.Sprintf("%s %s: GitLab answered %d", r.method, r.path, r.status)
}

func isStatus(err error, status int) bool {
	var r *refusal
	return errors.As(err, &r) && r.status == status
}

// respond sets a status for a commit, which must be the head of the merge request.
func (c *client) respond(ctx context.Context, j job, sha, status string) error {
	return c.call(ctx, request{
		method: http.MethodPost, path: c.path(j) + "/status_check_responses", body: map[string]any{
			"external_status_check_id": j.check, "sha": sha, "status": status,
		},
	})
}

// head is the newest commit of a merge request and its state.
func (c *client) head(ctx context.Context, j job) (sha, state string, err error) {
	var mr struct{ SHA, State string }
	err = c.call(ctx, request{method: http.MethodGet, path: c.path(j), into: &mr})
	return mr.SHA, mr.State, err
}

// comments visits the comments on a merge request, the oldest first, page by page.
func (c *client) comments(ctx context.Context, j job, visit func(text string)) error {
	for page := "1"; page != ""; {
		var notes []struct{ Body string }
		header := http.Header{}
		err := c.call(ctx, request{
			method: http.MethodGet, path: c.path(j) + "/notes?sort=asc&page=" + page, into: &notes, header: &header,
		})
		if err != nil {
			return err
		}
		for _, n := range notes {
			visit(n.Body)
		}
		page = header.Get("X-Next-Page")
	}
	return nil
}

func (c *client) path(j job) string {
	return fmt.Sprintf("/projects/%d/merge_requests/%d", j.project, j.iid)
}

// mostCalls is how often a call is made in all, if GitLab is in trouble.
const mostCalls = 6

// request is a call to make.
type request struct {
	method, path string
	body         any          // to send as JSON; nil sends none
	into         any          // where the JSON of the answer goes; nil forgets it
	header       *http.Header // where the headers of the answer go; nil forgets them
}

// call makes a call. It waits and calls again if GitLab asks to slow down (429), is in trouble (5xx) or cannot be
// reached. Any other refusal stays one, however often it is asked for.
func (c *client) call(ctx context.Context, r request) error {
	pause := c.pause
	for n := 1; ; n++ {
		wait, err := c.once(ctx, r)
		if err == nil || wait < 0 || n == mostCalls {
			return err
		}
		select {
		case <-time.After(max(wait, pause)):
		case <-ctx.Done():
			return err
		}
		pause *= 2
	}
}

// once makes a call once. A wait of 0 or more says that it can be made again after that time.
func (c *client) once(ctx context.Context, r request) (time.Duration, error) {
	var text io.Reader = http.NoBody
	if r.body != nil {
		encoded, err := json.Marshal(r.body)
		if err != nil {
			return -1, err
		}
		text = bytes.NewReader(encoded)
	}
	outgoing, err := http.NewRequestWithContext(ctx, r.method, c.api+r.path, text)
	if err != nil {
		return -1, err
	}
	outgoing.Header.Set("Private-Token", c.token)
	if r.body != nil {
		outgoing.Header.Set("Content-Type", "application/json")
	}
	response, err := c.http.Do(outgoing)
	if err != nil {
		return 0, fmt.Errorf("%s %s: GitLab cannot be reached", r.method, r.path)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	switch status := response.StatusCode; {
	case err != nil:
		return 0, fmt.Errorf("%s %s: the answer was cut off", r.method, r.path)
	case status == http.StatusTooManyRequests:
		seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
		return time.Duration(seconds) * time.Second, &refusal{r.method, r.path, status}
	case status >= 500:
		return 0, &refusal{r.method, r.path, status}
	case status >= 300:
		return -1, &refusal{r.method, r.path, status}
	}
	if r.header != nil {
		*r.header = response.Header
	}
	if r.into == nil {
		r.into = &json.RawMessage{}
	}
	if err := json.Unmarshal(answer, r.into); err != nil {
		return 0, fmt.Errorf("%s %s: GitLab did not answer JSON", r.method, r.path)
	}
	return 0, nil
}
