package mockserver

import (
	"net/http"

	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

var diffOperations = map[string]operation{
	"listMergeRequestCommits": open(inProject(gitlab.ReadProject, listMergeRequestCommits)),
	"listMergeRequestDiffs":   open(inProject(gitlab.ReadProject, listMergeRequestDiffs)),
	"getMergeRequestChanges":  open(inProject(gitlab.ReadProject, getMergeRequestChanges)),
	"getMergeRequestRawDiffs": open(inProject(gitlab.ReadProject, getMergeRequestRawDiffs)),
}

// listMergeRequestCommits lists the commits of the diff. Earlier releases read them from where parents are not kept.
func listMergeRequestCommits(c *call, tx *gitlab.Tx) (reply, error) {
	mr, err := c.findReadable(tx)
	if err != nil {
		return reply{}, err
	}
	return listed(c, tx, tx.DiffCommits(mr), func(commit gitlab.Commit) commitEntity {
		e := presentCommit(tx, c.project, commit)
		if !tx.Has(gitlab.ShowsParentsOfCommits) {
			e.ParentIDs = []string{}
		}
		return e
	})
}

func listMergeRequestDiffs(c *call, tx *gitlab.Tx) (reply, error) {
	mr, err := c.findReadable(tx)
	if err != nil {
		return reply{}, err
	}
	p := c.declaredPage()
	if err := p.reachable(); err != nil {
		return reply{}, err
	}
	files, total := tx.DiffPage(mr, int(p.first()), int(p.first()+p.perPage))
	re := reply{status: http.StatusOK, body: presentAll(files, c.fileDiff(tx, new(bool)))}
	if tx.Has(gitlab.PagesDiffs) {
		re.header = c.pageHeaders(tx, p, int64(total))
	}
	return re, nil
}

func getMergeRequestChanges(c *call, tx *gitlab.Tx) (reply, error) {
	mr, err := c.findReadable(tx)
	if err != nil {
		return reply{}, err
	}
	c.recheckFor(tx, mr)
	diff := tx.ShownDiff(mr)
	if saysYes(c.params.text("access_raw_diffs")) {
		diff = gitlab.Diff{Files: tx.WholeDiff(mr)}
	}
	return ok(mergeRequestChanges{
		mergeRequestEntity: presentMergeRequest(tx, &c.actor, mr),
		Changes:            presentAll(diff.Files, c.fileDiff(tx, new(bool))), Overflow: diff.Overflow,
	})
}

var yes = lazy.Regexp(`(?i)^(?:true|t|yes|y|1|on)$`)

// saysYes reads a parameter that GitLab does not declare: a text that does not mean yes means no.
func saysYes(text string) bool { return yes().MatchString(text) }

// uncached are the headers of an answer that nobody may keep.
//
// Source: lib/gitlab/no_cache_headers.rb.
func uncached() http.Header {
	return http.Header{
		"Cache-Control": {"max-age=0, private, must-revalidate, no-store, no-cache"},
		"Expires":       {"Fri, 01 Jan 1990 00:00:00 GMT"},
	}
}

// getMergeRequestRawDiffs lets Workhorse ask git.
//
// Source: lib/api/helpers.rb (send_git_diff), workhorse/internal/gitaly/diff.go.
func getMergeRequestRawDiffs(c *call, tx *gitlab.Tx) (reply, error) {
	mr, err := c.findReadable(tx)
	if err != nil {
		return reply{}, err
	}
	diff, err := tx.RawDiff(mr)
	if err != nil {
		return reply{}, err
	}
	h := uncached()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Disposition", "inline")
	return reply{status: http.StatusOK, text: diff, header: h}, nil
}
