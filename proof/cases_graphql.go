package proof

import (
	"bytes"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

const askGraphQL = "postGraphQL" // the operation that GraphQL is asked by

// noResource is what GraphQL says of what is not there, and refusedByGraphQL a mutation that is refused with it.
const (
	noResource = "The resource that you are attempting to access does not exist or you don't have permission to " +
		"perform this action"
	refusedByGraphQL = `{"errors":[{"message":"` + noResource + `"}],"data":null}`
)

// saying puts one text for another in answers of GraphQL.
func saying(from, to string) alteration {
	return on(askGraphQL, after(func(v *visit) {
		v.answer = bytes.ReplaceAll(v.answer, []byte(from), []byte(to))
	}))
}

// withoutQueries takes the query of URLs out of answers of GraphQL.
func withoutQueries(query string) alteration {
	pattern := regexp.MustCompile(`\?` + query + `[^"]*`)
	return on(askGraphQL, after(func(v *visit) { v.answer = pattern.ReplaceAll(v.answer, nil) }))
}

// asking alters requests whose document or variables have a text.
func asking(what string, a alteration) alteration {
	return on(askGraphQL, when(func(v *visit) bool { return strings.Contains(string(v.body), what) }, a))
}

// byGet alters what is asked by GET with a text in the query.
func byGet(what string, a alteration) alteration {
	op := openapi.GitLab().Operation(askGraphQL)
	return when(func(v *visit) bool {
		return v.method() == http.MethodGet && strings.HasSuffix(v.request.URL.Path, op.Root()+op.Path) &&
			strings.Contains(v.request.URL.RawQuery, what)
	}, a)
}

// noteRevoked remembers the tokens that were revoked.
var noteRevoked = all(
	on("createProjectAccessToken", after(func(v *visit) {
		if made, ok := v.answered().(*object); ok {
			v.server.memory.note("token "+text(made.Get("id")), text(made.Get("token")))
		}
	})),
	on("revokeProjectAccessToken", after(func(v *visit) {
		v.server.memory.note("revoked "+v.server.memory.noted("token "+v.path["token_id"]), "yes")
	})))

// noteScopes remembers the tokens that were made without a scope of the API.
var noteScopes = on("createProjectAccessToken", after(func(v *visit) {
	made, _ := v.answered().(*object)
	if made != nil && !strings.Contains(string(encode(made.Get("scopes"))), "api") {
		v.server.memory.note("elsewhere "+text(made.Get("token")), "yes")
	}
}))

// remembered alters what callers are answered whose token was remembered as something.
func remembered(as string, a alteration) alteration {
	return when(func(v *visit) bool { return v.server.memory.noted(as+" "+v.token()) != "" }, a)
}

// coded answers errors with a code as if they had another one.
func coded(code string) alteration { return saying(`"code":"`+code+`"`, `"code":"invalid"`) }

// graphQLCases are the servers for scenarios about GraphQL.
var graphQLCases = []CaseDefect{
	{
		Case: "graphql.create.branch", Wrong: "GraphQL shows the URL of a new check without its query.",
		Answer: withoutQueries("a="),
	},
	{
		Case: "graphql.create.all-branches", Wrong: "GraphQL creates no checks by the rule for all branches.",
		Answer: asking("Projects::AllBranchesRule", refuse(200, refusedByGraphQL)),
	},
	{
		Case: "graphql.create.secret", Wrong: "GraphQL says of every check that it has no secret.",
		Answer: saying(`"hmac":true`, `"hmac":false`),
	},
	{
		Case: "graphql.create.long-secret", Wrong: "A secret that is too long is refused in other words.",
		Answer: saying("is too long (maximum is 255 characters)", "is too long"),
	},
	{
		Case: "graphql.create.taken", Wrong: "A name and a URL that are taken are refused in other words.",
		Answer: saying("has already been taken", "is taken"),
	},
	{
		Case: "graphql.create.stranger", Wrong: "A stranger is told that the branch rule is somebody else's.",
		Answer: asking("Strange ", saying(noResource, "Not allowed")),
	},
	{
		Case: "graphql.create.unknown-rule", Wrong: "A branch rule that is not there is told as such.",
		Answer: asking("BranchRule/999999999", saying(noResource, "Not found")),
	},
	{
		Case: "graphql.create.anonymous", Wrong: "A mutation without a token is told that it needs one.",
		Answer: when(func(v *visit) bool { return v.token() == "" }, saying(noResource, "Unauthorized")),
	},
	{
		Case: "graphql.create.read-only-token", Wrong: "A token that may only read is told its scope.",
		Answer: asking(`"Reader"`, saying(noResource, "insufficient_scope")),
	},
	{
		Case: "graphql.create.null-rule", Wrong: "Null for a branch rule is told in other words.",
		Answer: saying("invalid value for branchRuleId", "invalid branch rule"),
	},
	{
		Case: "graphql.create.null-name", Wrong: "Null for a name is told in other words.",
		Answer: saying("for name (Expected value to not be null)", "without a name"),
	},
	{
		Case: "graphql.create.null-url", Wrong: "Null for a URL is told in other words.",
		Answer: saying("for externalUrl (Expected value to not be null)", "without a URL"),
	},
	{
		Case: "graphql.create.wrong-id", Wrong: "The identifier of something else is told in other words.",
		Answer: saying("does not represent an instance of", "is no"),
	},
	{
		Case: "graphql.create.no-id", Wrong: "What is no identifier is told in other words.",
		Answer: saying("is not a valid Global ID", "is no identifier"),
	},
	{
		Case: "graphql.create.wrong-type", Wrong: "A number for a text is told in other words.",
		Answer: saying("Could not coerce value 5 to String", "String cannot represent 5"),
	},
	{
		Case: "graphql.create.unknown-key", Wrong: "A key that there is not is told in other words.",
		Answer: saying("Field is not defined on", "Unknown field of"),
	},
	{
		Case: "graphql.update.branch", Wrong: "GraphQL answers a change without the path of the new URL.",
		Answer: saying("https://example.com/renamed", "https://example.com"),
	},
	{
		Case: "graphql.update.all-branches", Wrong: "GraphQL changes no check without branches by the rule for all " +
			"branches.",
		Answer: asking(`"Everywhere"`, refuse(200, refusedByGraphQL)),
	},
	{
		Case: "graphql.update.scope-stays", Wrong: "GraphQL changes no check of a branch by the rule for all branches.",
		Answer: asking(`"Scoped"`, refuse(200, refusedByGraphQL)),
	},
	{
		Case: "graphql.update.secret", Wrong: "GraphQL says of every check that it has no secret.",
		Answer: saying(`"hmac":true`, `"hmac":false`),
	},
	{
		Case: "graphql.destroy.branch", Wrong: "GraphQL does not give clientMutationId back.",
		Answer: asking("clientMutationId }", after(func(v *visit) {
			v.say(200, `{"data":{"branchRuleExternalStatusCheckDestroy":{"errors":[],"clientMutationId":null}}}`)
		})),
	},
	{
		Case: "graphql.destroy.all-branches", Wrong: "GraphQL deletes no check by the rule for all branches.",
		Answer: asking("CheckDestroyInput!", asking("Projects::AllBranchesRule", refuse(200, refusedByGraphQL))),
	},
	{
		Case: "graphql.destroy.wrong-id", Wrong: "The identifier of something else than a check is told in other " +
			"words.",
		Answer: saying("does not represent an instance of MergeRequests", "is no"),
	},
	{
		Case: "graphql.mutations.one-by-one", Wrong: "A mutation that is refused stops those after it.",
		Answer: asking("mutation { a:", refuse(200, refusedByGraphQL)),
	},
	{
		Case: "graphql.all-protected.create", Wrong: "The rule for all protected branches refuses a new check in " +
			"other words.",
		Answer: asking("CheckCreate(", saying("All protected branches not allowed", "Not allowed")),
	},
	{
		Case: "graphql.all-protected.update", Wrong: "The rule for all protected branches refuses a change in other " +
			"words.",
		Answer: asking("CheckUpdate(", saying("All protected branches not allowed", "Not allowed")),
	},
	{
		Case: "graphql.all-protected.destroy", Wrong: "The rule for all protected branches refuses a deletion in " +
			"other words.",
		Answer: asking("CheckDestroy(", saying("All protected branches not allowed", "Not allowed")),
	},
	{
		Case: "graphql.rules.maintainer", Wrong: "GraphQL shows the URLs of checks without their query.",
		Answer: withoutQueries("token="),
	},
	{
		Case: "graphql.rules.guest-public", Wrong: "Branch rules are null for those who may not see them.",
		Answer: saying(`"branchRules":{"nodes":[]}`, `"branchRules":null`),
	},
	{
		Case: "graphql.rules.missing", Wrong: "The rule for all protected branches has another name.",
		Answer: asking("buildMissing", saying(`"All protected branches"`, `"Protected branches"`)),
	},
	{
		Case: "graphql.rules.pages", Wrong: "A page of branch rules says that nothing comes after it.",
		Answer: saying(`"hasNextPage":true`, `"hasNextPage":false`),
	},
	{
		Case: "graphql.rules.newest-first", Wrong: "The checks of a branch rule come oldest first.",
		Answer: on(askGraphQL, items(func(_ *visit, o *object) { reverseNodes(o, "externalStatusChecks") })),
	},
	{
		Case: "graphql.pages.list", Wrong: "A page of branch rules says that there is one before it.",
		Answer: saying(`"hasPreviousPage":false`, `"hasPreviousPage":true`),
	},
	{
		Case: "graphql.pages.details", Wrong: "Access levels to push do not say that they are no deploy key's.",
		Answer: saying(`"deployKey":null`, `"deployKey":{}`),
	},
	{
		Case: "graphql.access-levels", Wrong: "Access levels come oldest first.",
		Answer: on(askGraphQL, items(func(_ *visit, o *object) { reverseNodes(o, "mergeAccessLevels") })),
	},
	{
		Case: "graphql.approvers", Wrong: "Branch rules do not say who may approve.",
		Answer: saying(`"eligibleApprovers":{"nodes":[{`, `"eligibleApprovers":{"edges":[{`),
	},
	{
		Case: "graphql.rules.approvals", Wrong: "The rule for all branches shows no approval rules.",
		Answer: on(askGraphQL, items(func(_ *visit, o *object) {
			ofAllBranches(o, "approvalRules", of("nodes", []any{}))
		})),
	},
	{
		Case: "graphql.rules.times", Wrong: "The rule for all branches never says when it was made.",
		Answer: on(askGraphQL, items(func(_ *visit, o *object) { ofAllBranches(o, "createdAt", nil) })),
	},
	{
		Case: "graphql.malformed", Wrong: "GraphQL answers a body that is no JSON as one without a query.",
		Answer: asking(`{"invalid": json}`, refuse(200,
			`{"errors":[{"message":"Unexpected end of document","locations":[]}]}`)),
	},
	{
		Case: "graphql.agrees", Wrong: "GraphQL shows the URLs of checks without their query.",
		Answer: withoutQueries("a="),
	},
	{
		Case: "graphql.merge.gate", Wrong: "detailedMergeStatus has the word of REST.",
		Answer: saying("EXTERNAL_STATUS_CHECKS", "STATUS_CHECKS_MUST_PASS"),
	},
	{
		Case: "graphql.merge.off", Wrong: "What nobody asks for counts as success.",
		Answer: saying(`"STATUS_CHECKS_MUST_PASS","status":"INACTIVE"`, `"STATUS_CHECKS_MUST_PASS","status":"SUCCESS"`),
	},
	{
		Case: "graphql.merge.rebase", Wrong: "GraphQL looks whether a branch is behind where nobody asks for it.",
		Answer: saying(`"NEED_REBASE","status":"INACTIVE"`, `"NEED_REBASE","status":"SUCCESS"`),
	},
	{
		Case: "graphql.unlicensed", Wrong: "GraphQL creates no checks without a licence.",
		Answer: asking(`"Unlicensed"`, refuse(200, refusedByGraphQL)),
	},
	{
		Case: "graphql.typename", Wrong: "GraphQL names no charset.",
		Answer: on(askGraphQL, header("Content-Type", "application/json")),
	},
	{
		Case: "graphql.echo", Wrong: "GraphQL tells user names without quotes.",
		Answer: saying(`\"`, ""),
	},
	{
		Case: "graphql.batch", Wrong: "GraphQL takes no batches.",
		Answer: on(askGraphQL, when(func(v *visit) bool { return bytes.HasPrefix(v.body, []byte("[")) },
			refuse(422, `{"errors":[{"message":"One query at a time"}]}`))),
	},
	{
		Case: "graphql.no-query", Wrong: "A query that is missing is told in other words.",
		Answer: when(func(v *visit) bool { return bytes.HasPrefix(v.body, []byte("{")) && v.input != nil },
			saying("Unexpected end of document", "No query string was present")),
	},
	{
		Case: "graphql.too-large", Wrong: "A query that is too large is told in other words.",
		Answer: saying("Query too large", "Too large"),
	},
	{
		Case: "graphql.token.unknown", Wrong: "GraphQL says of a token that it is not known.",
		Answer: when(func(v *visit) bool {
			return strings.Contains(v.token()+v.request.Header.Get("Authorization"), "nobody-has")
		}, saying("Invalid token", "Unknown token")),
	},
	{
		Case: "graphql.token.revoked", Wrong: "GraphQL says of a token that it was revoked.",
		Answer: all(noteRevoked, remembered("revoked", saying("Invalid token", "Token was revoked"))),
	},
	{
		Case: "graphql.token.expired", Wrong: "GraphQL goes on to know a token that it knew once.",
		Answer: on(askGraphQL, after(func(v *visit) {
			switch token := v.token(); {
			case token != "" && v.succeeded():
				v.server.memory.note("known "+token, "yes")
			case v.status == http.StatusUnauthorized && v.server.memory.noted("known "+token) != "":
				v.say(http.StatusOK, `{"data":{"__typename":"Query"}}`)
			}
		})),
	},
	{
		Case: "graphql.token.other-scope", Wrong: "GraphQL says of a token that it has other scopes.",
		Answer: all(noteScopes, remembered("elsewhere", saying("Invalid token", "insufficient_scope"))),
	},
	{
		Case: "graphql.token.job", Wrong: "GraphQL takes a job token that is not known for no token.",
		Answer: on(askGraphQL, func(v *visit) {
			v.request.Header.Del("Job-Token")
			v.query(func(q url.Values) { q.Del("job_token") })
		}),
	},
	{
		Case: "graphql.token.in-query", Wrong: "GraphQL reads no token of the query string.",
		Answer: on(askGraphQL, func(v *visit) { v.query(func(q url.Values) { q.Del("private_token") }) }),
	},
	{
		Case: "graphql.get", Wrong: "GraphQL answers no queries by GET.",
		Answer: byGet("echo", refuse(404, `{"error":"404 Not Found"}`)),
	},
	{
		Case: "graphql.get.mutation", Wrong: "GraphQL answers mutations by GET.",
		Answer: byGet("mutation", turning(422, 200, `{"data":null}`)),
	},
	{
		Case: "graphql.projects", Wrong: "A project that is hidden is an error.",
		Answer: on(askGraphQL, after(func(v *visit) {
			if string(v.answer) == `{"data":{"project":null}}` {
				v.say(200, refusedByGraphQL)
			}
		})),
	},
	{
		Case: "graphql.variables.text", Wrong: "Variables that are no JSON are refused with 500.",
		Answer: asking("not JSON", turning(422, 500, `{"errors":[{"message":"Internal server error"}]}`)),
	},
	{
		Case: "graphql.variables.list", Wrong: "A list for variables is refused in other words.",
		Answer: saying("Unexpected parameter", "Unknown parameter"),
	},
	{
		Case: "graphql.other-type", Wrong: "GraphQL reads a document of another type.",
		Answer: on(askGraphQL, when(func(v *visit) bool {
			return v.request.Header.Get("Content-Type") == "application/graphql"
		}, refuse(200, `{"data":{"__typename":"Query"}}`))),
	},

	{Case: "graphql.invalid.field", Wrong: "An unknown field has another code.", Answer: coded("undefinedField")},
	{
		Case: "graphql.invalid.argument", Wrong: "An unknown argument has another code.",
		Answer: coded("argumentNotAccepted"),
	},
	{
		Case: "graphql.invalid.missing-argument", Wrong: "A missing argument has another code.",
		Answer: coded("missingRequiredArguments"),
	},
	{
		Case: "graphql.invalid.null-argument", Wrong: "Null for an argument has another code.",
		Answer: coded("argumentLiteralsIncompatible"),
	},
	{
		Case: "graphql.invalid.no-selection", Wrong: "A missing selection has another code.",
		Answer: coded("selectionMismatch"),
	},
	{
		Case: "graphql.invalid.unused-variable", Wrong: "A variable that nothing uses has another code.",
		Answer: coded("variableNotUsed"),
	},
	{
		Case: "graphql.invalid.undeclared-variable", Wrong: "A variable that is not declared has another code.",
		Answer: coded("variableNotDefined"),
	},
	{
		Case: "graphql.invalid.fragment", Wrong: "A fragment that nothing uses has another code.",
		Answer: coded("useAndDefineFragment"),
	},
	{
		Case: "graphql.invalid.conflict", Wrong: "One name for two things has another code.",
		Answer: coded("fieldConflict"),
	},
	{
		Case: "graphql.invalid.directive", Wrong: "An unknown directive has another code.",
		Answer: coded("undefinedDirective"),
	},
	{
		Case: "graphql.invalid.unfinished", Wrong: "A document that ends too early is told as graphql-js does.",
		Answer: saying("Expected NAME, actual: (none)", "Syntax Error: Expected Name, found <EOF>"),
	},
	{
		Case: "graphql.invalid.no-document", Wrong: "A text that is no document is told as graphql-js does.",
		Answer: saying("Expected one of SCHEMA", "Syntax Error: Unexpected Name"),
	},
	{
		Case: "graphql.invalid.operation", Wrong: "A missing name is told as graphql-js does.",
		Answer: saying("An operation name is required", "Must provide operation name"),
	},
	{
		Case: "graphql.invalid.operation-name", Wrong: "An unknown operation is told as graphql-js does.",
		Answer: saying("No operation named", "Unknown operation named"),
	},

	{
		Case: "history.graphql.refused-silently", Wrong: "A server of 17.3 names the branch rules that take no checks.",
		Version: release.Of(17, 3), Flips: "names-refused-rules",
	},
	{
		Case: "history.graphql.all-branches-refused", Wrong: "A server of 17.4 creates checks by the rule for all " +
			"branches.",
		Version: release.Of(17, 4), Flips: "all-branches-take-checks",
	},
	{
		Case: "history.graphql.all-branches-unlisted", Wrong: "A server of 17.8 always lists the rule for all " +
			"branches.",
		Version: release.Of(17, 8), Flips: "always-lists-all-branches",
	},
	{
		Case: "history.graphql.introspection", Wrong: "A server of 18.5 answers introspection with the whole schema.",
		Version: release.Of(18, 5), Flips: "dumps-schema",
	},
	{
		Case: "history.graphql.schema-dumped", Wrong: "A server of 18.9 answers introspection as it is asked.",
		Version: release.Of(18, 9), Flips: "dumps-schema",
	},
	{
		Case: "history.graphql.unprotect-restricted", Wrong: "A server of 19.3 does not ask who may unprotect a " +
			"branch.",
		Version: release.Of(19, 3), Flips: "branch-rules-have-own-abilities",
	},
	{
		Case: "history.graphql.unprotect-unasked", Wrong: "A server of 19.4 asks who may unprotect a branch.",
		Version: release.Of(19, 4), Flips: "branch-rules-have-own-abilities",
	},
	{
		Case: "history.graphql.unknown-named", Wrong: "A server of 19.3 hides that a check is not there.",
		Version: release.Of(19, 3), Flips: "hides-unknown-checks",
	},
	{
		Case: "history.graphql.unknown-hidden", Wrong: "A server of 19.4 tells that a check is not there.",
		Version: release.Of(19, 4), Flips: "hides-unknown-checks",
	},
}

// reverseNodes turns the order of the connections of a name round, wherever in an answer they are.
func reverseNodes(value any, name string) {
	eachObject(value, func(o *object) {
		if connection, is := o.Get(name).(*object); is {
			list, _ := connection.Get("nodes").([]any)
			slices.Reverse(list)
		}
	})
}

// ofAllBranches gives the rule for all branches another value of a member that it has.
func ofAllBranches(value any, name string, another any) {
	eachObject(value, func(o *object) {
		if _, has := o.Members[name]; has && o.Get("name") == "All branches" {
			o.Set(name, another)
		}
	})
}

// eachObject changes each object of a value, the outer ones first.
func eachObject(value any, change func(*object)) {
	switch value := value.(type) {
	case *object:
		change(value)
		for _, key := range value.Keys {
			eachObject(value.Get(key), change)
		}
	case []any:
		for _, item := range value {
			eachObject(item, change)
		}
	}
}
