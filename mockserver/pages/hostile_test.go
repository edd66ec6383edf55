package pages

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/control"
)

// evil are texts that try to be more than texts. A world has many from its clients.
var evil = []string{
	`"><script>alert(1)</script>`, `'><img src=x onerror=alert(1)>`,
	"</title></script></textarea></pre><svg/onload=alert(1)>", "javascript:alert(1)",
	"line\nline\"\r\n onclick=alert(1)",
}

func rendered(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	assert.NilError(t, c.Render(context.Background(), &b))
	return b.String()
}

var (
	element   = regexp.MustCompile(`<[a-z][^>]*>`)
	attribute = regexp.MustCompile(`="[^"]*"`)
	address   = regexp.MustCompile(` (?:href|src|action|formaction)="([^"]*)"`)
)

// harmless holds that texts became neither elements nor attributes, and that no address runs a script.
func harmless(t *testing.T, page string) {
	t.Helper()
	for _, tag := range []string{"<script>", "<img", "<svg", "</textarea></pre>"} {
		assert.Check(t, !strings.Contains(page, tag), "the page has %s", tag)
	}
	for _, tag := range element.FindAllString(page, -1) {
		assert.Check(t, !strings.Contains(attribute.ReplaceAllString(tag, ""), " on"), "the page has %s", tag)
	}
	for _, found := range address.FindAllStringSubmatch(page, -1) {
		assert.Check(t, !strings.HasPrefix(strings.ToLower(found[1]), "javascript:"), "the page leads to %s", found[1])
	}
}

func TestPages_keepHostileTextsTexts(t *testing.T) {
	t.Parallel()
	for _, text := range evil {
		p := &page{
			Title: text, Release: text, Path: text, Token: text, Person: Person{Username: text},
			People: []Person{{Name: text, Username: text}}, handler: Handler{World: nowhere{}},
		}
		mr := MergeRequestLink{Project: text, Title: text, State: text, Source: text, Target: text}
		project := Project{Path: text, Name: text, Manages: true, MergeRequests: []MergeRequestLink{mr}}
		index := &Index{About: text, Version: text, API: text, Control: text, Sections: []IndexSection{{
			Name: text, Operations: []IndexOperation{{ID: text, Method: text, Path: text, Summary: text, Link: true}},
		}}}
		rule := BranchRule{Name: text, Checks: []StatusCheck{{Name: text, URL: text}}}
		line := DeliveryLine{Check: text, Project: text, URL: text, Action: text, Problem: text}
		for _, shown := range []templ.Component{
			problemPage(p, text), entryPage(p, text), startPage(p, start{index, []Project{project}}),
			mergeRequestsPage(p, project),
			branchRulesPage(p, BranchRules{Project: project, Rules: []BranchRule{rule}}),
			faultsPage(p, []FaultPlan{{ID: text, JSON: text}}), tokensPage(p, []Token{{Username: text, Secret: text}}),
			deliveriesPage(p, inbox{
				Inbox: Inbox{Deliveries: []DeliveryLine{line}}, Filter: DeliveryFilter{Text: text},
				Pager: pager{Pages: 2, Newer: text, Older: text},
			}),
			worldsPage(p, worlds{[]control.World{{Name: text, Path: text}}, []control.Snapshot{{Name: text}}}),
		} {
			harmless(t, rendered(t, shown))
		}
	}
}

// TestLinks_escapeNames holds that a name stays one part of a path or one value of a query.
func TestLinks_escapeNames(t *testing.T) {
	t.Parallel()
	p := &page{Root: "/worlds/a"}
	for _, name := range append(evil, "release/*", "a?b=c&d=e#f", "100% ü +1", `\\evil.example`) {
		read, err := url.Parse(p.branchRule("g/"+name, name))
		assert.NilError(t, err)
		assert.Equal(t, read.Host, "")
		assert.Equal(t, read.Path, "/worlds/a/g/"+name+"/-/settings/repository/branch_rules")
		assert.Equal(t, read.Query().Get("branch"), name)
		assert.Equal(t, read.Fragment, "")
	}
}
