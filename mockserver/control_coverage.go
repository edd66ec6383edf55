package mockserver

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/coverage"
	"github.com/statuschecks/statuschecks/openapi"
)

// Coverage returns which parts of the contract clients have used since the server was created or ClearCoverage was
// called. A reset does not clear it.
func (s *Server) Coverage() coverage.Report {
	shown := s.surface()
	return s.world.coverage.Report(withGraphQL(documentedOf(shown.contract), graphQLSchema(shown.version)))
}

// ClearCoverage clears the record of what clients have used.
func (s *Server) ClearCoverage() { s.world.coverage.Clear() }

// documentedOf returns everything in a contract that a client can use.
func documentedOf(contract *openapi.Document) []coverage.Operation {
	return presentAll(contract.Operations(), func(op *openapi.Operation) coverage.Operation {
		o := coverage.Operation{
			ID: op.ID, Method: op.Method, Path: op.Path, Statuses: []coverage.Item{}, Parameters: []coverage.Item{},
			Pages: []coverage.Item{}, Headers: []coverage.Item{},
		}
		for _, status := range op.Statuses() {
			o.Statuses = append(o.Statuses, documentedItem(strconv.Itoa(status)))
		}
		for _, p := range op.Parameters() {
			if p.In != "path" {
				o.Parameters = append(o.Parameters, documentedItem(p.Name))
			}
			if p.Name == "page" {
				o.Pages = append(o.Pages, documentedItem("first"), documentedItem("further"), documentedItem("last"))
			}
		}
		return o
	})
}

func documentedItem(name string) coverage.Item { return coverage.Item{Name: name, Documented: true} }

// coveredHeaders lists the headers of requests that change what GitLab does.
var coveredHeaders = []string{
	"Authorization", "Content-Type", "If-None-Match", "Origin", "Private-Token", "X-Request-Id",
}

// tellCoverage records what a call has used.
func (v *callRecord) tellCoverage(status int, header http.Header) {
	c := v.call
	if c == nil || c.op == nil {
		return
	}
	const usual = 16 // parameters; there are fewer headers
	counted := &coverage.Call{
		Operation: c.op.ID, Release: v.server.surface().name, Status: status, Parameters: make([]string, 0, usual),
		Headers: make([]string, 0, usual),
	}
	for _, p := range c.op.Parameters() {
		if p.In != "path" && c.sends(p.Name) {
			counted.Parameters = append(counted.Parameters, p.Name)
		}
		if p.Name == "page" && status == http.StatusOK {
			counted.Page = pageOf(header)
		}
	}
	counted.Parameters = append(counted.Parameters, rootsOf(c.usages)...)
	for _, name := range coveredHeaders {
		if _, sent := v.request.Header[name]; sent {
			counted.Headers = append(counted.Headers, name)
		}
	}
	v.server.world.coverage.Add(counted)
}

// sends reports whether a parameter is in the body or the query.
func (c *call) sends(name string) bool {
	_, inBody := c.body[name]
	_, inQuery := c.query[name]
	return inBody || inQuery
}

// pageOf returns the position of a response's page in its list.
func pageOf(header http.Header) string {
	switch {
	case header.Get("X-Page") == "" || header.Get("X-Page") == "1":
		return "first"
	case header.Get("X-Next-Page") == "":
		return "last"
	}
	return "further"
}

// getCoverage responds in the requested format.
func (k *controlCall) getCoverage() (reply, error) {
	report, text, kind := k.server.Coverage(), strings.Builder{}, "text/plain; charset=utf-8"
	var err error
	switch k.request.URL.Query().Get("format") {
	case "text":
		err = report.Text(&text)
	case "html":
		kind = "text/html; charset=utf-8"
		err = report.HTML(&text)
	default:
		return ok(report)
	}
	return reply{status: http.StatusOK, text: text.String(), header: http.Header{"Content-Type": {kind}}}, err
}

func (k *controlCall) clearCoverage() (reply, error) {
	k.server.ClearCoverage()
	return noContent()
}
