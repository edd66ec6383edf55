package main

// trial is a fault that happens to a call.
type trial struct {
	what  string
	call  string // that the drivers know
	fault string // in the form of a fault plan
}

// calls are what the drivers do, in the words of the table.
var calls = map[string]string{
	"list":   "list checks",
	"pages":  "list 5 checks, 2 per page",
	"set":    "set a status",
	"retry":  "retry a check",
	"delete": "delete a check",
}

// The faults, from what comes of load and proxies to what is wrong in an answer.
const (
	retryLater = `response: {status: 429, text: "Retry later\n", type: text/plain}, headers: {set: {`

	limited      = `{times: 1, ` + retryLater + `Retry-After: "1"}}}`
	limitedTwice = `{times: 2, ` + retryLater + `Retry-After: "1"}}}`
	resetOnly    = `{times: 1, ` + retryLater + `RateLimit-Reset: "${epoch+2}"}}}`
	dated        = `{times: 1, ` + retryLater + `Retry-After: "${date+2}"}}}`
	unavailable  = `{times: 1, response: {status: 503, body: gitlab}}`
	overloaded   = `{times: 1, response: {status: 503, body: gitlab}, headers: {set: {Retry-After: "2"}}}`
	badGateway   = `{times: 1, response: {status: 502, body: nginx}}`
	reset        = `{times: 1, connection: reset}`
	closed       = `{times: 1, connection: close}`
	cut          = `{times: 1, connection: cut, cut_after: 20}`
	cutChunked   = `{times: 1, connection: cut_chunked, cut_after: 20}`
)

var trials = []trial{
	{"nothing is wrong", "list", ""},
	{"nothing is wrong", "pages", ""},
	{"429 with Retry-After 1, once", "list", limited},
	{"429 with Retry-After 1, once", "set", limited},
	{"429 with Retry-After 1, twice", "list", limitedTwice},
	{"429 with RateLimit-Reset in 2 s, once", "list", resetOnly},
	{"429 with Retry-After as a date in 2 s, once", "list", dated},
	{"503, once", "list", unavailable},
	{"503, once", "set", unavailable},
	{"503, once", "delete", unavailable},
	{"503 with Retry-After 2, once", "list", overloaded},
	{"502 with nginx's page, once", "list", badGateway},
	{"502 with nginx's page, once", "set", badGateway},
	{"the status is set, then 502, once", "set", `{times: 1, after: true, response: {status: 502, body: nginx}}`},
	{"the check is retried, then 502, once", "retry", `{times: 1, after: true, response: {status: 502, body: nginx}}`},
	{"the check is deleted, then 503, once", "delete", `{times: 1, after: true, response: {status: 503}}`},
	{"the connection is reset, once", "list", reset},
	{"the connection is reset, once", "set", reset},
	{"the connection is closed before the answer, once", "list", closed},
	{"the connection is closed behind each answer", "pages", `{connection: close_after}`},
	{"the body ends early, its length being known, once", "list", cut},
	{"the body ends early, its length being known, once", "set", cut},
	{"a chunked body ends early, once", "list", cutChunked},
	{"200 with an empty body", "list", `{response: {status: 200, body: empty}}`},
	{"200 with a page to sign in", "list", `{response: {status: 200, body: login}}`},
	{"200 with a page to sign in", "set", `{response: {status: 200, body: login}}`},
	{"200 with null", "list", `{response: {status: 200, body: "null"}}`},
	{"ids as text", "list", `{ids_as_text: true}`},
	{"409", "set", `{response: {status: 409}}`},
	{"Link is missing", "pages", `{headers: {drop: [Link]}}`},
	{"X-Next-Page is missing", "pages", `{headers: {drop: [X-Next-Page]}}`},
	{"page 2 answers 500, once", "pages", `{calls: {page: 2}, times: 1, response: {status: 500}}`},
	{"the answer comes after 3 s", "list", `{delay: 3s}`},
	{"the body comes in pieces", "list", `{trickle: 20ms}`},
}
