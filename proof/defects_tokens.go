package proof

import (
	"net/http"
	"net/url"
	"strings"
)

// refusedFor tells that the good server refused, with words among its own.
func refusedFor(words string) func(*visit) bool {
	return func(v *visit) bool {
		return v.status >= http.StatusBadRequest && strings.Contains(string(v.answer), words)
	}
}

// overlooking lets the creator's token stand in for one that is refused with some words.
func overlooking(words string) alteration {
	return on(everywhere, after(when(refusedFor(words), func(v *visit) {
		asCreator(v)
		v.pass()
	})))
}

// reads and writes tell what a token with the scope read_api may do, and what not.
func reads(v *visit) bool { return v.method() == http.MethodGet }

func writes(v *visit) bool { return !reads(v) }

// noteReaders remembers the tokens that were made to read with.
var noteReaders = on("createProjectAccessToken createPersonalAccessToken", after(func(v *visit) {
	made, _ := v.answered().(*object)
	if made == nil {
		return
	}
	if scopes := asList(made.Get("scopes")); len(scopes) == 1 && scopes[0] == "read_api" {
		v.server.memory.note("reader "+text(made.Get("token")), "yes")
	}
}))

// namesNothing tells a path whose merge request or check is not there.
func namesNothing(v *visit) bool {
	id := v.path["check_id"]
	return v.mr() != "" && v.ask("getMergeRequest").status == http.StatusNotFound || id != "" &&
		v.server.memory.check(id).project == 0
}

var scopeDefects = []Defect{
	{
		ID: "readers-write", Area: "token", Wrong: "A token with the scope read_api may write.",
		Answer: when(writes, overlooking("insufficient_scope")),
	},
	{
		ID: "read-api-not-known", Area: "token", Wrong: "A token with the scope read_api may not even read.",
		Answer: all(noteReaders,
			on(everywhere, when(func(v *visit) bool {
				return reads(v) && v.server.memory.noted("reader "+
					v.token()) != ""
			},
				refuse(403, string(encode(of("error", "insufficient_scope", "error_description",
					"The request requires higher privileges than provided by the access token.", "scope", "api"))))))),
	},
	{
		ID: "any-scope-reads", Area: "token", Wrong: "A token of any scope may read.",
		Answer: when(reads, overlooking("insufficient_scope")),
	},
	{
		ID: "scopes-not-told", Area: "token", Wrong: "A token without the scope is not told which would do.",
		Answer: on(everywhere, after(when(refusedFor("insufficient_scope"), func(v *visit) {
			if o, ok := v.answered().(*object); ok {
				o.Drop("scope")
				v.answer = encode(o)
			}
		}))),
	},
	{
		ID: "scope-401", Area: "token", Wrong: "A token without the scope is refused as if it were none.",
		Answer: on(everywhere,
			after(when(refusedFor("insufficient_scope"), refuse(401, sentence("401 Unauthorized"))))),
	},
	{
		ID: "scope-after-lookup", Area: "token", Wrong: "What a path names is looked up before the scope of the " +
			"token is.",
		Answer: on(everywhere,
			after(when(refusedFor("insufficient_scope"), when(namesNothing, refuse(404, sentence("404 Not found")))))),
	},
	{
		ID: "revoked-tokens-work", Area: "token", Wrong: "A token that was revoked goes on working.",
		Answer: overlooking("Token was revoked"),
	},
	{
		ID: "revoked-not-said", Area: "token", Wrong: "A token that was revoked is answered as one that never was.",
		Answer: on(everywhere, after(when(refusedFor("Token was revoked"), refuse(401, sentence("401 Unauthorized"))))),
	},
	{
		ID: "revoked-without-challenge", Area: "token",
		Wrong:  "The refusal of a revoked token has no WWW-Authenticate.",
		Answer: header("WWW-Authenticate", ""),
	},
	{
		ID: "challenge-always", Area: "token", Wrong: "Every refusal of a token has WWW-Authenticate.",
		Answer: after(func(v *visit) {
			if v.status == 401 {
				v.header.Set("WWW-Authenticate", `Bearer realm="Protected by OAuth 2.0", error="invalid_token"`)
			}
		}),
	},
	{
		ID: "expired-tokens-work", Area: "token", Wrong: "A token that expired goes on working.",
		Answer: overlooking("Token is expired"),
	},
	{
		ID: "expired-says-revoked", Area: "token", Wrong: "A token that expired is called revoked.",
		Answer: wording("Token is expired. You can either do re-authorization or token refresh.",
			"Token was revoked. You have to re-authorize from the user."),
	},
	{
		ID: "bearers-not-known", Area: "token", Wrong: "A token in Authorization is not seen.",
		Answer: on(everywhere, func(v *visit) { v.request.Header.Del("Authorization") }),
	},
	{
		ID: "query-tokens-not-known", Area: "token", Wrong: "A token in the query is not seen.",
		Answer: on(everywhere, func(v *visit) { v.query(func(q url.Values) { q.Del("private_token") }) }),
	},
}
