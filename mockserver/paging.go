package mockserver

import (
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

const (
	defaultPerPage = 20
	maxPerPage     = 100
	maxCounted     = 10_000 // above this number of rows GitLab leaves out the totals
)

// page is a page of a list.
type page struct{ number, perPage int64 }

// declaredPage is the page that the declared parameters ask for.
func (c *call) declaredPage() page {
	return page{c.params.number("page"), c.params.number("per_page")}.clamped()
}

// rawPage is the page that a request asks for, where GitLab does not declare the parameters. A value that is not a
// number counts as not given. It refuses a per_page of 0, which makes GitLab divide by zero.
func (c *call) rawPage() (page, error) {
	perPage, given := rawNumber(c.query["per_page"])
	if given && perPage == 0 {
		return page{}, &gitlab.Refusal{Kind: gitlab.Broken, Reason: "per_page is 0, which nothing refuses here and " +
			"the paginator divides by"}
	}
	number, _ := rawNumber(c.query["page"])
	return page{number, perPage}.clamped(), nil
}

// rawNumber reads the number at the beginning of a text. A text without one counts as not given.
func rawNumber(raw any) (int64, bool) {
	text, ok := raw.(string)
	if !ok || leadingInteger().FindString(text) == "" {
		return 0, false
	}
	return rubyToInteger(text), true
}

func (p page) clamped() page {
	if p.number < 1 {
		p.number = 1
	}
	if p.perPage < 1 {
		p.perPage = defaultPerPage
	}
	p.perPage = min(p.perPage, maxPerPage)
	return p
}

// first is the index of the page's first row. Nothing here is so long that a row behind the 2^31st page matters.
func (p page) first() int64 { return min(p.number-1, math.MaxInt32) * p.perPage }

// reachable refuses a page of which neither the database nor Ruby can say where it begins, at which GitLab fails.
//
// Source: lib/gitlab/pagination/offset_pagination.rb; Kaminari multiplies without a bound.
func (p page) reachable() error {
	if p.number-1 <= math.MaxInt64/p.perPage {
		return nil
	}
	return &gitlab.Refusal{Kind: gitlab.Broken, Reason: "the page begins behind the largest number of the database"}
}

// window returns the rows of a page, and the headers for them.
func window[T any](c *call, tx *gitlab.Tx, rows []T, p page) ([]T, http.Header, error) {
	if err := p.reachable(); err != nil {
		return nil, nil, err
	}
	total := int64(len(rows))
	h := c.pageHeaders(tx, p, total)
	if p.number > (total+p.perPage-1)/p.perPage {
		return []T{}, h, nil
	}
	from := p.first()
	return rows[from:min(from+p.perPage, total)], h, nil
}

// pageHeaders makes the headers as lib/gitlab/pagination/offset_header_builder.rb does.
func (c *call) pageHeaders(tx *gitlab.Tx, p page, total int64) http.Header {
	pages := max((total+p.perPage-1)/p.perPage, 1)
	var next, prev string
	if p.number < pages {
		next = strconv.FormatInt(p.number+1, 10)
	}
	if p.number > 1 && p.number <= pages {
		prev = strconv.FormatInt(p.number-1, 10)
	}
	const most = 7
	own := headerSetter{make(http.Header, most), make([]string, 0, most)}
	own.set("X-Per-Page", strconv.FormatInt(p.perPage, 10))
	own.set("X-Page", strconv.FormatInt(p.number, 10))
	own.set("X-Next-Page", next)
	own.set("X-Prev-Page", prev)
	before, after := c.aroundPage(tx, p)
	links := make([]byte, 0, 4*(len(before)+len(after)+len(`<123>; rel="first", `)))
	link := func(rel, number string) {
		if number == "" {
			return
		}
		if len(links) > 0 {
			links = append(links, ", "...)
		}
		links = append(append(append(append(links, '<'), before...), number...), after...)
		links = append(append(append(links, `>; rel="`...), rel...), '"')
	}
	link("prev", prev)
	link("next", next)
	link("first", "1")
	if total <= maxCounted {
		last := strconv.FormatInt(pages, 10)
		link("last", last)
		own.set("X-Total", strconv.FormatInt(total, 10))
		own.set("X-Total-Pages", last)
	}
	own.set("Link", string(links))
	return own.of
}

// aroundPage returns the URL of another page of the same list in two parts: before and after the page's number. All
// parameters are in the query, also those of the path.
func (c *call) aroundPage(tx *gitlab.Tx, p page) (before, after string) {
	const usual = 8 // parameters
	pairs := append(make([]string, 0, usual), "per_page="+strconv.FormatInt(p.perPage, 10), "page=")
	for name, value := range c.query {
		if _, inPath := c.path[name]; !inPath && name != "page" && name != "per_page" {
			pairs = append(pairs, queryPairs(name, value)...)
		}
	}
	for name, value := range c.path {
		pairs = append(pairs, queryPair(name, value))
	}
	slices.Sort(pairs)
	var whole strings.Builder
	const most = 64 // of a usual query, with the numbers
	whole.Grow(len(tx.BaseURL()) + len(c.request.URL.Path) + most)
	whole.WriteString(tx.BaseURL())
	whole.WriteString(c.request.URL.EscapedPath())
	number := 0
	for i, pair := range pairs {
		whole.WriteByte("?&"[min(i, 1)])
		whole.WriteString(pair)
		if pair == "page=" && number == 0 {
			number = whole.Len()
		}
	}
	return whole.String()[:number], whole.String()[number:]
}

func queryPair(name, value string) string {
	return url.QueryEscape(name) + "=" + url.QueryEscape(value)
}

func queryPairs(name string, value any) []string {
	switch v := value.(type) {
	case []any:
		var pairs []string
		for _, item := range v {
			pairs = append(pairs, queryPairs(name+"[]", item)...)
		}
		return pairs
	case map[string]any:
		var pairs []string
		for key, item := range v {
			pairs = append(pairs, queryPairs(name+"["+key+"]", item)...)
		}
		return pairs
	case string:
		return []string{queryPair(name, v)}
	}
	return []string{url.QueryEscape(name) + "="}
}
