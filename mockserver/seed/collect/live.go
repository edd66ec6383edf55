package collect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/openapi"
)

// mostPages is how many pages of a list are read, with 100 items each.
const mostPages = 20

// largestBody is how much of a response is read, in bytes.
const largestBody = 32 << 20

// GitLab is where a real project is. It is only read.
type GitLab struct {
	Root   string // URL without /api/v4
	Token  string
	Client *http.Client // must not follow redirects, which would take the token elsewhere
}

// Project takes a project by its id or full path, with what is in it.
func (c *Collector) Project(ctx context.Context, g GitLab, name string) error {
	at := map[string]string{"id": name}
	if err := c.read(ctx, g, "getProject", at); err != nil {
		return err
	}
	for _, list := range []string{
		"listAllProjectMembers", "listBranches", "listProtectedBranches", "listExternalStatusChecks",
		"listMergeRequests",
	} {
		if err := c.read(ctx, g, list, at); err != nil {
			return err
		}
	}
	for _, list := range []string{"listProjectLabels", "listProjectMilestones"} {
		if _, err := c.try(ctx, g, list, at); err != nil {
			return err
		}
	}
	c.unread = append(c.unread, "comments, pipelines, commit statuses, webhooks, approval rules, access tokens and "+
		"merge trains, which are not read")
	asked := map[int64]bool{}
	for _, m := range c.opened(name) {
		if err := c.fork(ctx, g, m.Source, asked); err != nil {
			return err
		}
		at := map[string]string{"id": name, "merge_request_iid": strconv.FormatInt(m.IID, 10)}
		for _, operation := range []string{"listMergeRequestStatusChecks", "getMergeRequestApprovals"} {
			if err := c.read(ctx, g, operation, at); err != nil {
				return err
			}
		}
	}
	return nil
}

// opened are the merge requests whose statuses can change.
func (c *Collector) opened(name string) []mergeRequest {
	return slices.DeleteFunc(sorted(c.projectNamed(name).requests), func(m mergeRequest) bool {
		return m.State != "opened"
	})
}

// fork takes the fork that a merge request comes from, and those that it was made from, if there are any and the token
// may read them. None is asked for twice.
func (c *Collector) fork(ctx context.Context, g GitLab, id int64, asked map[int64]bool) error {
	if id == 0 || asked[id] || c.projects[id] != nil {
		return nil
	}
	asked[id] = true
	at := map[string]string{"id": strconv.FormatInt(id, 10)}
	for _, operation := range []string{"getProject", "listAllProjectMembers", "listBranches"} {
		if told, err := c.try(ctx, g, operation, at); err != nil || !told {
			return err
		}
	}
	if parent := c.projects[id].about.Parent; parent != nil {
		return c.fork(ctx, g, parent.ID, asked)
	}
	return nil
}

// refused is a response other than 200.
type refused struct{ operation, status string }

func (r *refused) Error() string {
	if r.operation == "listExternalStatusChecks" {
		return fmt.Sprintf("%s: GitLab answers %s; only a token of a Maintainer or Owner may list the status checks "+
			"of a project, and only with GitLab Ultimate", r.operation, r.status)
	}
	return fmt.Sprintf("%s: GitLab answers %s; look whether the token may read the project", r.operation, r.status)
}

// try reads what a seed can do without, and notes if GitLab refuses to tell it.
func (c *Collector) try(ctx context.Context, g GitLab, operation string, at map[string]string) (told bool, err error) {
	err = c.read(ctx, g, operation, at)
	if no := (*refused)(nil); errors.As(err, &no) {
		c.unread = append(c.unread, fmt.Sprintf("what %s tells of the project %s: GitLab answers %s", operation,
			at["id"], no.status))
		return false, nil
	}
	return err == nil, err
}

// read takes the answer to an operation, all pages of it.
func (c *Collector) read(ctx context.Context, g GitLab, operation string, values map[string]string) error {
	op := openapi.GitLab().Operation(operation)
	path := op.Path
	for name, value := range values {
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value))
	}
	address := strings.TrimSuffix(g.Root, "/") + op.Root() + path
	next := "1"
	for range mostPages {
		response, body, err := g.get(ctx, op, address+"?per_page=100&page="+url.QueryEscape(next))
		if err != nil {
			return fmt.Errorf("%s: %w", operation, err)
		}
		if response.StatusCode != http.StatusOK {
			return &refused{operation, response.Status}
		}
		if err := c.Add(Answer{operation, values, body}); err != nil {
			return err
		}
		if next = response.Header.Get("X-Next-Page"); next == "" {
			return nil
		}
	}
	return fmt.Errorf("%s: there are more than %d pages", operation, mostPages)
}

func (g GitLab) get(ctx context.Context, op *openapi.Operation, address string) (*http.Response, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, op.Method, address, http.NoBody)
	if err != nil {
		return nil, nil, err
	}
	request.Header.Set("Private-Token", g.Token)
	response, err := g.Client.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, largestBody))
	return response, body, err
}
