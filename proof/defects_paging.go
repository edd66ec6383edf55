package proof

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

var pagingDefects = []Defect{
	{
		ID: "per-page-zero-is-twenty", Area: "paging", Wrong: "per_page=0 means the default.",
		Answer: on(listChecks, withQuery("per_page", "0", "")),
	},
	{
		ID: "per-page-word-is-twenty", Area: "paging", Wrong: "A per_page that is no number means the default.",
		Answer: on(listChecks, whenQuery("per_page", notWhole, "")),
	},
	{
		ID: "page-word-is-one", Area: "paging", Wrong: "A page that is no number means the first.",
		Answer: on(listChecks, whenQuery("page", notWhole, "")),
	},
	{
		ID: "per-page-not-capped", Area: "paging", Wrong: "A page may hold as many items as are asked for.",
		Answer: on(listChecks, when(func(v *visit) bool { return v.request.URL.Query().Get("per_page") == "1000" },
			header("X-Per-Page", "1000"))),
	},
	{
		ID: "per-page-large-400", Area: "paging", Wrong: "A per_page above 100 is refused.",
		Answer: on(listChecks+" "+listStatuses, when(queryIs("per_page", "1000"),
			refuse(400, complaint("per_page does not have a valid value")))),
	},
	{
		ID: "per-page-negative-400", Area: "paging", Wrong: "A negative per_page is refused.",
		Answer: on(listChecks+" "+listStatuses,
			when(func(v *visit) bool { return strings.HasPrefix(v.request.URL.Query().Get("per_page"), "-") },
				refuse(400, complaint("per_page does not have a valid value")))),
	},
	{
		ID: "per-page-empty-400", Area: "paging", Wrong: "An empty per_page is refused.",
		Answer: on(listChecks, when(func(v *visit) bool {
			q := v.request.URL.Query()
			return q.Has("per_page") &&
				q.Get("per_page") == ""
		}, refuse(400, complaint("per_page is invalid")))),
	},
	{
		ID: "per-page-list-ignored", Area: "paging", Wrong: "A list for per_page is ignored.",
		Answer: on(listChecks, func(v *visit) { v.query(func(q url.Values) { q.Del("per_page[]") }) }),
	},
	{
		ID: "page-zero-400", Area: "paging", Wrong: "A page below 1 is refused.",
		Answer: on(listChecks+" "+listStatuses, when(func(v *visit) bool {
			n, err := strconv.Atoi(v.request.URL.Query().Get("page"))
			return err == nil && n < 1
		},
			refuse(400, complaint("page does not have a valid value")))),
	},
	{
		ID: "page-past-the-end-404", Area: "paging", Wrong: "A page past the end is not found.",
		Answer: on(listChecks, when(queryIs("page", "9"), refuse(404, sentence("404 Not found")))),
	},
	{
		ID: "page-past-the-end-has-previous", Area: "paging", Wrong: "A page past the end names a previous page.",
		Answer: on(listChecks, when(queryIs("page", "9"), header("X-Prev-Page", "8"))),
	},
	{
		ID: "pages-ignored", Area: "paging", Wrong: "The list of checks always comes whole.",
		Answer: on(listChecks, func(v *visit) {
			v.query(func(q url.Values) {
				if q.Get("per_page") == "2" {
					q.Set("per_page", "100")
					q.Del("page")
				}
			})
		}),
	},
	{
		ID: "no-totals", Area: "paging", Wrong: "X-Total and X-Total-Pages are left out.",
		Answer: on(listChecks, all(header("X-Total", ""), header("X-Total-Pages", ""))),
	},
	{
		ID: "no-pages-of-nothing", Area: "paging", Wrong: "An empty list has no page.",
		Answer: on(listChecks, after(func(v *visit) {
			if v.header.Get("X-Total") == "0" {
				v.header.Set("X-Total-Pages", "0")
			}
		})),
	},
	{
		ID: "next-page-left-out", Area: "paging", Wrong: "Where there is no next page, X-Next-Page is left out.",
		Answer: on(listChecks, after(func(v *visit) {
			if v.header.Get("X-Next-Page") == "" {
				v.header.Del("X-Next-Page")
			}
		})),
	},
	{
		ID: "link-without-first", Area: "paging", Wrong: "Link does not lead to the first and last page.",
		Answer: on(listChecks+" "+listStatuses, after(func(v *visit) {
			kept := slices.DeleteFunc(strings.Split(v.header.Get("Link"), ", "),
				func(link string) bool { return strings.Contains(link, "first") || strings.Contains(link, "last") })
			v.header.Set("Link", strings.Join(kept, ", "))
		})),
	},
	{
		ID: "link-without-id", Area: "paging", Wrong: "Link leaves out the parameters of the path.",
		Answer: on(listChecks+" "+listStatuses, after(func(v *visit) {
			link := strings.ReplaceAll(v.header.Get("Link"), "id="+v.path["id"]+"&", "")
			v.header.Set("Link", strings.ReplaceAll(link, "merge_request_iid="+v.mr()+"&", ""))
		})),
	},
	{
		ID: "link-in-another-order", Area: "paging", Wrong: "Link begins with the first page.",
		Answer: on(listChecks, after(func(v *visit) {
			links := strings.Split(v.header.Get("Link"), ", ")
			slices.Reverse(links)
			v.header.Set("Link", strings.Join(links, ", "))
		})),
	},
	{
		ID: "keyset-paging", Area: "paging", Wrong: "Keyset paging is supported, so pages have no numbers.",
		Answer: on(listChecks, when(queryIs("pagination", "keyset"), all(header("X-Page", ""), header("X-Total", ""),
			header("X-Total-Pages", "")))),
	},
	{
		ID: "statuses-unpaged", Area: "paging", Wrong: "The checks of a merge request come whole, whatever page is " +
			"asked for.",
		Answer: on(listStatuses, func(v *visit) {
			v.query(func(q url.Values) {
				if q.Get("per_page") == "2" {
					q.Del("per_page")
					q.Del("page")
				}
			})
		}),
	},
	{
		ID: "statuses-paged-strictly", Area: "paging", Wrong: "The checks of a merge request refuse what is no page," +
			" as other lists do.",
		Answer: on(listStatuses, when(func(v *visit) bool {
			q := v.request.URL.Query()
			return q.Has("per_page") && notWhole(q.Get("per_page")) || q.Has("page") && notWhole(q.Get("page"))
		}, refuse(400, complaint("per_page is invalid")))),
	},
	{
		ID: "statuses-of-zero-a-page", Area: "paging", Wrong: "No items a page of a merge request's checks is " +
			"refused with 400.",
		Answer: on(listStatuses,
			when(queryIs("per_page", "0"), refuse(400, complaint("per_page has a value not allowed")))),
	},
}

func notWhole(text string) bool { _, err := strconv.Atoi(text); return text != "" && err != nil }

func queryIs(name, value string) func(*visit) bool {
	return func(v *visit) bool { return v.request.URL.Query().Get(name) == value }
}

// withQuery puts one value of a query parameter for another; an empty one takes it away.
func withQuery(name, from, to string) alteration {
	return whenQuery(name, func(value string) bool { return value == from }, to)
}

func whenQuery(name string, holds func(string) bool, to string) alteration {
	return func(v *visit) {
		v.query(func(q url.Values) {
			if !q.Has(name) || !holds(q.Get(name)) {
				return
			}
			q.Set(name, to)
			if to == "" {
				q.Del(name)
			}
		})
	}
}
