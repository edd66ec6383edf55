package pages

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// operation is the path of an operation of the API.
func (p *page) operation(id string) string { return p.handler.World.Operation(id) }

// fill is the path of an operation with values in place of its parameters, which follow as pairs.
func (p *page) fill(id string, pairs ...any) string {
	path := p.operation(id)
	for i := 0; i+1 < len(pairs); i += 2 {
		path = strings.ReplaceAll(path, fmt.Sprintf("{%v}", pairs[i]), url.PathEscape(fmt.Sprint(pairs[i+1])))
	}
	return path
}

// answerPath is that at which an external service answers.
func (p *page) answerPath(m MergeRequest) string {
	return p.fill("createStatusCheckResponse", "id", m.Project.ID, "merge_request_iid", m.IID)
}

// boxQuery is the path of GraphQL for the merge box; empty if the release does not list what must hold.
func (p *page) boxQuery(b MergeBox) string {
	if !b.Listed {
		return ""
	}
	return p.operation("postGraphQL")
}

// retryPath is that at which a failed check is retried; empty for who may not.
func (p *page) retryPath(m MergeRequest) string {
	if !m.Retries {
		return ""
	}
	return p.operation("retryStatusCheck")
}

// asset is the path of a script, the style or an image.
func (p *page) asset(name string) string { return p.desk("assets/" + name) }

// desk is the path of a page of the workbench.
func (p *page) desk(path string) string { return p.Root + deskPrefix + path }

func (p *page) delivery(id int64) string { return p.desk("deliveries/" + strconv.FormatInt(id, 10)) }

// deliveryCall is the path of a delivery on the control surface.
func (p *page) deliveryCall(d Delivery) string {
	return p.Root + "/-/mock/deliveries/" + strconv.FormatInt(d.ID, 10)
}

// project is the path of a page of a project.
func (p *page) project(project, rest string) string {
	return p.Root + (&url.URL{Path: "/" + project}).EscapedPath() + "/-/" + rest
}

func (p *page) mergeRequest(project string, iid int64) string {
	return p.project(project, "merge_requests/"+strconv.FormatInt(iid, 10))
}

func (p *page) branchRule(project, branch string) string {
	return p.project(project, "settings/repository/branch_rules?branch="+url.QueryEscape(branch))
}

// deliveriesOf is the path of the deliveries for a merge request.
func (p *page) deliveriesOf(m MergeRequest) string {
	return p.desk(fmt.Sprintf("deliveries?merge_request=%d&project=%d", m.IID, m.Project.ID))
}
