package proof

import (
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/release"
)

// CaseDefect is a server with just the defect that one case of a table is about: the case notices it, and no
// other case of its table. There is one for each case that has no such server among Defects.
type CaseDefect struct {
	Case    string
	Wrong   string          // what the server does wrong, in one sentence
	Version release.Version // the release that the good server behaves as; zero means the reference
	Answer  alteration
	Serve   delivery
	Flips   string   // a change of the history that the server has, although its release has it not, or lacks
	Also    []string // other cases or scenarios of the same table or file that cannot but notice it
}

// CaseDefects are the servers for single cases of tables.
func CaseDefects() []CaseDefect {
	return slices.Concat(idCases, invalidCases, parameterCases, listCases, pathCases, responseCases, roleCases,
		deliveryCases, singleCases, doorCases, doorLimitCases,
		doorHeaderCases, eitherCases, doorHistoryCases, mergeCases, movingCases,
		graphQLCases)
}

// defect is the server as others are.
func (c CaseDefect) defect() Defect {
	d := Defect{ID: c.Case, Wrong: c.Wrong, Version: c.Version, Answer: c.Answer, Deliver: c.Serve}
	for _, change := range mockserver.History() {
		if change.Name == c.Flips {
			d.Options = func(o *mockserver.Options) { o.Changes = map[string]bool{c.Flips: !change.In(c.Version)} }
		}
	}
	return d
}

// refusing400 refuses a request whose JSON body has a parameter of a kind.
func refusing400(operation, name string, kind func(any) bool) alteration {
	return on(operation, when(hasParameter(name, kind), refuse(400, complaint(name+" is invalid"))))
}

// both joins two conditions.
func both(one, two func(*visit) bool) func(*visit) bool {
	return func(v *visit) bool { return one(v) && two(v) }
}

func isTrue(value any) bool { return value == true }

func isObject(value any) bool { _, is := value.(*object); return is }

func isList(value any) bool { _, is := value.([]any); return is }

// listOf tells a list of one item of a kind.
func listOf(kind func(any) bool) func(any) bool {
	return func(value any) bool { list := asList(value); return len(list) == 1 && kind(list[0]) }
}

func isWord(value any) bool { return isText(value) && value != "" }

func isNoWord(value any) bool { return value == "" }

const branchIDs = "protected_branch_ids"

// forNothing takes the branches of a new check for none.
func forNothing(kind func(any) bool) alteration {
	none := func(*visit, any) any { return []any{} }
	return on(createCheck, when(hasParameter(branchIDs, kind), taking(branchIDs, none)))
}

var idCases = []CaseDefect{
	{
		Case: "checks.branch-ids.list", Wrong: "Numbers in a list of branches count for nothing.",
		Answer: forNothing(listOf(isNumber)),
	},
	{
		Case: "checks.branch-ids.texts", Wrong: "Texts in a list of branches count for nothing.",
		Answer: forNothing(listOf(isPlain)),
	},
	{
		Case:  "checks.branch-ids.texts-with-space",
		Wrong: "Texts with a space before the number count for nothing.", Answer: forNothing(listOf(isSpaced)),
	},
	{Case: "checks.branch-ids.text", Wrong: "Branches in a text count for nothing.", Answer: forNothing(isWord)},
	{
		Case: "checks.branch-ids.boolean", Wrong: "A boolean for branches is refused.",
		Answer: refusing400(createCheck, branchIDs, isTrue),
	},
	{
		Case: "checks.branch-ids.object", Wrong: "An object for branches is refused.",
		Answer: refusing400(createCheck, branchIDs, isObject),
	},
	{
		Case: "checks.branch-ids.empty-text", Wrong: "An empty text for branches is refused.",
		Answer: refusing400(createCheck, branchIDs, isNoWord),
	},
	{
		Case: "checks.branch-ids.empty-list", Wrong: "An empty list of branches is refused.",
		Answer: refusing400(createCheck, branchIDs, func(value any) bool {
			return isList(value) && len(asList(value)) == 0
		}),
	},
	{
		Case: "checks.branch-ids.list-of-empty", Wrong: "A list of an empty text is refused.",
		Answer: refusing400(createCheck, branchIDs, listOf(isNoWord)),
	},
}

// complaining puts one refusal by a model for another, if it is exactly that.
func complaining(was []string, status int, body string) alteration {
	return on(createCheck, after(func(v *visit) {
		if v.status == 422 && strings.TrimSpace(string(v.answer)) == complaints(was...) {
			v.say(status, body)
		}
	}))
}

// nameAndURL tells a new check by its name and URL.
func nameAndURL(name, url func(any) bool) func(*visit) bool {
	return both(hasParameter("name", name), hasParameter("external_url", url))
}

const (
	urlTaken  = "External url has already been taken"
	nameTaken = "Name has already been taken"
	urlBlank  = "External url can't be blank"
	urlWrong  = "External url must be a valid URL"
	nameBlank = "Name can't be blank"
)

var invalidCases = []CaseDefect{
	{
		Case: "checks.invalid.both-blank", Wrong: "Where name and URL are empty only the URL is told.",
		Answer: complaining([]string{urlBlank, urlWrong, nameBlank}, 422, complaints(urlBlank, urlWrong)),
	},
	{
		Case: "checks.invalid.both-taken", Wrong: "Where name and URL are taken only the URL is told.",
		Answer: complaining([]string{urlTaken, nameTaken}, 422, complaints(urlTaken)),
	},
	{
		Case: "checks.invalid.name-blank", Wrong: "An empty name is refused with 400.",
		Answer: on(createCheck, when(nameAndURL(isNoWord, isWord), refuse(400, complaint("name is empty")))),
	},
	{
		Case: "checks.invalid.name-null", Wrong: "Null for a name is refused with 400.",
		Answer: refusing400(createCheck, "name", isNull),
	},
	{
		Case: "checks.invalid.name-taken", Wrong: "A name that is taken is refused with 409.",
		Answer: complaining([]string{nameTaken}, 409, complaints(nameTaken)),
	},
	{
		Case: "checks.invalid.url-blank", Wrong: "An empty URL is told once.",
		Answer: on(createCheck, when(nameAndURL(isWord, isNoWord), turning(422, 422, complaints(urlBlank)))),
	},
	{
		Case: "checks.invalid.url-taken", Wrong: "A URL that is taken is refused with 409.",
		Answer: complaining([]string{urlTaken}, 409, complaints(urlTaken)),
	},
	{
		Case: "checks.invalid.url-ftp", Wrong: "A URL of FTP is taken.",
		Answer: stored("external_url", func(url string) string {
			return strings.Replace(url, "ftp://", "https://",
				1)
		}),
	},
	{
		Case: "checks.invalid.url-word", Wrong: "A word for a URL is taken for a host.",
		Answer: stored("external_url", func(url string) string {
			if url != "" && !strings.Contains(url, ":") {
				return "https://" + url
			}
			return url
		}),
	},
}

// bodyOf tells a JSON body that is a value of a kind and no object.
func bodyOf(kind func(any) bool) func(*visit) bool {
	return func(v *visit) bool { return noObject(v) && kind(parse(v.body)) }
}

// hasOnly tells a JSON body with just some parameters.
func hasOnly(names ...string) func(*visit) bool {
	return func(v *visit) bool {
		missing := func(name string) bool { return absent(name)(v) }
		return v.input != nil && len(v.input.Keys) == len(names) && !slices.ContainsFunc(names, missing)
	}
}

// saysOtherwise refuses a new check in other words.
func saysOtherwise(holds func(*visit) bool) alteration {
	return on(createCheck, when(holds, refuse(400, complaint("400 Bad request"))))
}

var parameterCases = []CaseDefect{
	{
		Case: "checks.parameters.array", Wrong: "A list for a body is refused in other words.",
		Answer: saysOtherwise(bodyOf(isList)),
	},
	{
		Case: "checks.parameters.string", Wrong: "A text for a body is refused in other words.",
		Answer: saysOtherwise(bodyOf(isText)),
	},
	{
		Case: "checks.parameters.number", Wrong: "A number for a body is refused in other words.",
		Answer: saysOtherwise(bodyOf(isNumber)),
	},
	{
		Case: "checks.parameters.none", Wrong: "An empty object for a body is refused in other words.",
		Answer: saysOtherwise(hasOnly()),
	},
	{
		Case: "checks.parameters.no-url", Wrong: "That the URL is missing is told in other words.",
		Answer: saysOtherwise(hasOnly("name")),
	},
	{
		Case: "checks.parameters.name-array", Wrong: "A list for a name is refused in other words.",
		Answer: saysOtherwise(hasParameter("name", isList)),
	},
	{
		Case: "checks.parameters.both-objects", Wrong: "Of two objects for name and URL only one is told.",
		Answer: on(createCheck, when(nameAndURL(isObject, isObject), refuse(400, complaint("name is invalid")))),
	},
	{
		Case: "checks.parameters.name-boolean", Wrong: "A boolean for a name is refused.",
		Answer: refusing400(createCheck, "name", isTrue),
	},
	{
		Case: "checks.parameters.name-number", Wrong: "A number for a name is refused.",
		Answer: refusing400(createCheck, "name", isNumber),
	},
	{
		Case: "checks.order.delete", Wrong: "Who may not delete checks is told so before the id is looked at.",
		Answer: on(deleteCheck, by("developer", refuse(401, complaints("Not allowed")))),
	},
}

// refusingQuery refuses a value in the query.
func refusingQuery(operation, name, value string) alteration {
	return on(operation, when(queryIs(name, value), refuse(400, complaint(name+" is invalid"))))
}

// unmasked shows some URLs in full to a role.
func unmasked(role string, which func(url string) bool, others func(url string) string) alteration {
	return fullURL(role, func(url string) string {
		if which(url) {
			return url
		}
		return others(url)
	})
}

func hasToken(url string) bool { return strings.Contains(url, "?token=") }

func hidden(string) string { return "" }

var listCases = []CaseDefect{
	{
		Case: "checks.list.page-negative", Wrong: "A negative page is refused.",
		Answer: refusingQuery(listChecks, "page", "-3"),
	},
	{Case: "checks.list.page-zero", Wrong: "Page 0 is refused.", Answer: refusingQuery(listChecks, "page", "0")},
	{
		Case: "checks.list.per-page-fraction", Wrong: "A fraction for per_page is cut.",
		Answer: on(listChecks, withQuery("per_page", "2.5", "2")),
	},
	{
		Case: "checks.list.per-page-word", Wrong: "A word for per_page is ignored.",
		Answer: on(listChecks, withQuery("per_page", "abc", "")),
	},
	{
		Case: "list.parameters.page-word", Wrong: "A word for page is refused.",
		Answer: refusingQuery(listStatuses, "page", "abc"),
	},
	{
		Case: "list.parameters.per-page-fraction", Wrong: "A fraction for per_page is refused.",
		Answer: refusingQuery(listStatuses, "per_page", "2.5"),
	},
	{
		Case: "list.parameters.per-page-prefix", Wrong: "A number with a letter behind it is refused.",
		Answer: refusingQuery(listStatuses, "per_page", "7x"),
	},
	{
		Case: "list.parameters.per-page-word", Wrong: "A word for per_page is refused.",
		Answer: refusingQuery(listStatuses, "per_page", "abc"),
	},
	{
		Case: "masking.developer", Wrong: "A token in a URL is shown to developers.",
		Answer: unmasked("developer", hasToken, cutAt("?")),
	},
	{
		Case: "masking.reporter", Wrong: "A URL with a query is shown to reporters.",
		Answer: unmasked("reporter", hasToken, hidden),
	},
	{
		Case: "masking.reporter-without-query", Wrong: "A URL without a query is shown to reporters.",
		Answer: unmasked("reporter", func(url string) bool { return !strings.Contains(url, "?") }, hidden),
	},
	{
		Case: "masking.without-query", Wrong: "A URL with nothing to hide is hidden.",
		Answer: unmasked("developer", func(url string) bool { return false }, func(url string) string {
			if strings.ContainsAny(url, "?#") {
				return cutAt("?")(url)
			}
			return ""
		}),
	},
}
