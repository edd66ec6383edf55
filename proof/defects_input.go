package proof

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// unknownToken tells a caller with a token that the server did not give out.
func unknownToken(v *visit) bool {
	return v.token() != "" && v.role() == "" || strings.HasPrefix(v.request.Header.Get("Authorization"), "Bearer ")
}

func anonymous(v *visit) bool { return v.role() == "anonymous" && !unknownToken(v) }

var tokenDefects = []Defect{
	{
		ID: "unknown-token-403", Area: "token", Wrong: "A token that is not known is answered with 403.",
		Answer: when(unknownToken, turning(401, 403, sentence("403 Forbidden"))),
	},
	{
		ID: "unknown-token-explained", Area: "token", Wrong: "A token that is not known is answered as a revoked one.",
		Answer: when(unknownToken,
			turning(401, 401, string(encode(of("error", "invalid_token", "error_description",
				"Token was revoked. You have to re-authorize from the user."))))),
	},
	{
		ID: "unknown-token-taken", Area: "token", Wrong: "Any token will do.",
		Answer: when(unknownToken, func(v *visit) {
			v.request.Header.Del("Authorization")
			v.signIn(v.server.memory.admin)
		}),
	},
	{
		ID: "project-before-token", Area: "token", Wrong: "Without a token a private project is not found.",
		Answer: on(everywhere, when(anonymous, turning(401, 404, sentence("404 Project Not Found")))),
	},
	{
		ID: "anonymous-403", Area: "token", Wrong: "Without a token every call is answered with 403.",
		Answer: on(everywhere, when(anonymous, turning(401, 403, sentence("403 Forbidden")))),
	},
	{
		ID: "anonymous-says-error", Area: "token", Wrong: "Without a token the answer says error where GitLab says " +
			"message.",
		Answer: on(everywhere, when(anonymous, turning(401, 401, complaint("401 Unauthorized")))),
	},
	{
		ID: "anonymous-redirected", Area: "token", Wrong: "Without a token the caller is sent to the sign-in page.",
		Answer: on(everywhere, when(anonymous, after(func(v *visit) {
			v.say(302, "")
			v.header.Set("Location", serverURL+"/sign_in")
		}))),
	},
	{
		ID: "anonymous-reads", Area: "token", Wrong: "Without a token everything can be read.",
		Answer: on(everywhere, when(func(v *visit) bool { return anonymous(v) && v.method() == http.MethodGet },
			asCreator)),
	},
	{
		ID: "anonymous-responds", Area: "token", Wrong: "Responses are taken without a token.",
		Answer: on(respond, when(anonymous, asCreator)),
	},
}

// isText, isNumber and isBare tell what kind of JSON value a parameter is.
func isText(value any) bool { _, is := value.(string); return is }

func isNumber(value any) bool { _, is := value.(json.Number); return is }

func isBare(value any) bool {
	_, isList := value.([]any)
	return value != nil && !isList && !isText(value)
}

// hasParameter tells a JSON body with a parameter whose value is of a kind.
func hasParameter(name string, kind func(any) bool) func(*visit) bool {
	return func(v *visit) bool {
		if v.input == nil {
			return false
		}
		value, given := v.input.Members[name]
		return given && kind(value)
	}
}

func isNull(value any) bool { return value == nil }

func equals(wanted string) func(any) bool {
	return func(value any) bool { return value == any(wanted) }
}

// bodyIs tells a JSON body that is no object.
func noObject(v *visit) bool {
	return strings.Contains(v.request.Header.Get("Content-Type"), "json") && len(v.body) > 0 && v.input == nil
}

var parameterDefects = []Defect{
	{
		ID: "missing-one-by-one", Area: "parameters", Wrong: "Of several missing parameters only the first is named.",
		Answer: after(func(v *visit) {
			if first, _, several := strings.Cut(string(v.answer), ", "); several && v.status == 400 &&
				strings.Contains(first, "is missing") {
				v.say(400, first+`"}`)
			}
		}),
	},
	{
		ID: "url-optional", Area: "parameters", Wrong: "A check needs no URL.",
		Answer: on(createCheck, func(v *visit) {
			if v.input != nil && absent("external_url")(v) {
				v.give("external_url", "http://example.com/default")
			}
		}),
	},
	{
		ID: "missing-422", Area: "parameters", Wrong: "Missing parameters are answered with 422.",
		Answer: on(createCheck+" "+respond, turning(400, 422, "")),
	},
	{
		ID: "missing-says-message", Area: "parameters", Wrong: "Complaints about parameters say message where Grape " +
			"says error.",
		Answer: on(createCheck+" "+updateCheck+" "+respond, wording(`{"error":`, `{"message":`)),
	},
	{
		ID: "blank-is-missing", Area: "parameters", Wrong: "A blank name counts as a missing one.",
		Answer: on(createCheck,
			when(hasParameter("name", func(value any) bool { return strings.TrimSpace(text(value)) == "" }),
				ignoring("name"))),
	},
	{
		ID: "null-url-is-missing", Area: "parameters", Wrong: "Null for a URL counts as a missing one.",
		Answer: on(createCheck, when(hasParameter("external_url", isNull), ignoring("external_url"))),
	},
	{
		ID: "name-must-be-text", Area: "parameters", Wrong: "A number or boolean for a name is refused.",
		Answer: on(createCheck,
			when(hasParameter("name", func(value any) bool {
				_, isBool := value.(bool)
				return isBool ||
					isNumber(value)
			}),
				refuse(400, complaint("name is invalid")))),
	},
	{
		ID: "arrays-stringified", Area: "parameters", Wrong: "An array or object for a text is taken as its JSON.",
		Answer: on(createCheck+" "+respond, func(v *visit) {
			for _, name := range []string{"name", "external_url", "sha"} {
				taking(name, func(_ *visit, value any) any {
					if _, isBool := value.(bool); isText(value) || isNumber(value) || isBool || value == nil {
						return value
					}
					return text(value)
				})(v)
			}
		}),
	},
	{
		ID: "whole-body-must-be-object", Area: "parameters", Wrong: "A JSON body that is no object is malformed.",
		Answer: when(noObject, refuse(400, complaint("The body must be a JSON object."))),
	},
	{
		ID: "whole-body-of-null-500", Area: "parameters", Wrong: "null for a body breaks the server.",
		Answer: when(func(v *visit) bool { return string(v.body) == "null" },
			refuse(500, sentence("500 Internal Server Error"))),
	},
	{
		ID: "unknown-parameters-refused", Area: "parameters", Wrong: "Parameters that are not known are refused.",
		Answer: on(createCheck, when(func(v *visit) bool {
			return v.input != nil && slices.ContainsFunc(v.input.Keys, func(key string) bool {
				return !slices.Contains([]string{"name", "external_url", "shared_secret", "protected_branch_ids"}, key)
			})
		}, refuse(400, complaint("unknown parameter")))),
	},
	{
		ID: "body-beats-path", Area: "parameters", Wrong: "A project id in the query beats that of the path.",
		Answer: on(listChecks, when(func(v *visit) bool { return v.request.URL.Query().Get("id") != "" },
			refuse(404, sentence("404 Project Not Found")))),
	},
	{
		ID: "query-beats-body", Area: "parameters", Wrong: "Where query and body name the same parameter, the query " +
			"wins.",
		Answer: on(createCheck, func(v *visit) {
			if name := v.request.URL.Query().Get("name"); name != "" {
				v.give("name", name)
			}
		}),
	},
	{
		ID: "first-of-two-wins", Area: "parameters", Wrong: "Of a query parameter given twice the first one counts.",
		Answer: on(listChecks, func(v *visit) {
			v.query(func(q url.Values) {
				for name, values := range q {
					q[name] = values[:1]
				}
			})
		}),
	},
	{
		ID: "first-key-wins", Area: "parameters", Wrong: "Of a JSON key given twice the first one counts.",
		Answer: on(createCheck, when(func(v *visit) bool { return strings.Count(string(v.body), `"name"`) == 2 },
			func(v *visit) {
				v.body = []byte(strings.Replace(string(v.body), `,"name"`, `,"later"`, 1))
			})),
	},
	{
		ID: "forms-not-read", Area: "parameters", Wrong: "Parameters in a form are not read.",
		Answer: on(everywhere, when(hasType("application/x-www-form-urlencoded"), func(v *visit) { v.body = nil })),
	},
	{
		ID: "forms-sniffed", Area: "parameters", Wrong: "A form that looks like JSON is read as JSON.",
		Answer: when(func(v *visit) bool {
			return hasType("application/x-www-form-urlencoded")(v) && strings.HasPrefix(string(v.body), "{")
		},
			func(v *visit) { v.request.Header.Set("Content-Type", "application/json") }),
	},
	{
		ID: "multipart-415", Area: "parameters", Wrong: "A multipart form is a type that is not read.",
		Answer: when(func(v *visit) bool {
			return strings.HasPrefix(v.request.Header.Get("Content-Type"),
				"multipart/")
		},
			refuse(415, complaint("The provided content-type 'multipart/form-data' is not supported."))),
	},
	{
		ID: "query-not-read-on-post", Area: "parameters", Wrong: "Parameters of a POST are not read from the query.",
		Answer: when(withMethod("POST"), func(v *visit) { v.query(func(q url.Values) { clear(q) }) }),
	},
	{
		ID: "type-is-case-sensitive", Area: "parameters", Wrong: "A Content-Type in capitals is not known.",
		Answer: when(hasType("APPLICATION/JSON"),
			refuse(415, complaint("The provided content-type 'APPLICATION/JSON' is not supported."))),
	},
	{
		ID: "charset-not-known", Area: "parameters", Wrong: "A Content-Type with a charset is not known.",
		Answer: when(func(v *visit) bool { return strings.Contains(v.request.Header.Get("Content-Type"), "charset") },
			refuse(415, complaint("The provided content-type is not supported."))),
	},
	{
		ID: "integers-must-be-numbers", Area: "parameters", Wrong: "A check id in a text is refused.",
		Answer: on(respond, when(hasParameter("external_status_check_id", isText),
			refuse(400, complaint("external_status_check_id is invalid")))),
	},
	{
		ID: "integers-not-trimmed", Area: "parameters", Wrong: "A check id with a space around it is refused.",
		Answer: on(respond, when(hasParameter("external_status_check_id", func(value any) bool {
			return isText(value) &&
				strings.TrimSpace(text(value)) != text(value)
		}),
			refuse(400, complaint("external_status_check_id is invalid")))),
	},
	{
		ID: "fractions-cut", Area: "parameters", Wrong: "A fraction in a text is cut to an integer.",
		Answer: on(respond, taking("external_status_check_id", func(_ *visit, value any) any {
			if fraction, err := strconv.ParseFloat(text(value), 64); err == nil && isText(value) {
				return number(int64(fraction))
			}
			return value
		})),
	},
	{
		ID: "true-is-one", Area: "parameters", Wrong: "true for an integer is 1.",
		Answer: on(respond, taking("external_status_check_id", func(_ *visit, value any) any {
			if value == true {
				return number(1)
			}
			return value
		})),
	},
	{
		ID: "words-are-not-found", Area: "parameters", Wrong: "A word for an id is looked for and not found.",
		Answer: on(everywhere, after(func(v *visit) {
			if v.status == 400 && strings.Contains(string(v.answer), "_id is invalid") {
				v.say(404, sentence("404 Not found"))
			}
		})),
	},
	{
		ID: "bare-id-is-a-list", Area: "parameters", Wrong: "A bare number for protected_branch_ids is a list of one.",
		Answer: on(createCheck+" "+updateCheck, when(hasParameter("protected_branch_ids", isNumber), func(v *visit) {
			v.give("protected_branch_ids", []any{v.given("protected_branch_ids")})
		})),
	},
	{
		ID: "branch-ids-must-be-a-list", Area: "parameters", Wrong: "Anything but a list for protected_branch_ids " +
			"is refused.",
		Answer: on(createCheck+" "+updateCheck,
			when(hasParameter("protected_branch_ids", func(value any) bool { return isBare(value) || isText(value) }),
				refuse(400, complaint("protected_branch_ids is invalid")))),
	},
	{
		ID: "branch-ids-first-only", Area: "parameters", Wrong: "Of several branch ids only the first counts.",
		Answer: on(createCheck, taking("protected_branch_ids", func(_ *visit, value any) any {
			if ids := asList(value); len(ids) > 1 {
				return ids[:1]
			}
			return value
		})),
	},
	{
		ID: "branch-ids-null-refused", Area: "parameters", Wrong: "null for protected_branch_ids is refused.",
		Answer: on(createCheck+" "+updateCheck, when(hasParameter("protected_branch_ids", isNull),
			refuse(400, complaint("protected_branch_ids is invalid")))),
	},
	{
		ID: "branch-ids-not-split", Area: "parameters", Wrong: "A text for protected_branch_ids is one id, commas " +
			"or not.",
		Answer: on(createCheck, taking("protected_branch_ids", func(_ *visit, value any) any {
			if isText(value) {
				value, _, _ = strings.Cut(text(value), ",")
				return "0" + text(value) + "0"
			}
			return value
		})),
	},
	{
		ID: "branch-ids-of-texts-refused", Area: "parameters", Wrong: "A list of texts for protected_branch_ids is " +
			"refused.",
		Answer: on(createCheck, when(hasParameter("protected_branch_ids", func(value any) bool {
			list, _ := value.([]any)
			return slices.ContainsFunc(list, isText)
		}), refuse(400, complaint("protected_branch_ids is invalid")))),
	},
	{
		ID: "branch-ids-ignored", Area: "parameters", Wrong: "A new check is for all branches, whatever " +
			"protected_branch_ids says.",
		Answer: on(createCheck, ignoring("protected_branch_ids")),
	},
	{
		ID: "empty-branch-ids-not-found", Area: "parameters",
		Wrong: "An empty list or text for protected_branch_ids is a branch that is not found.",
		Answer: on(createCheck, when(hasParameter("protected_branch_ids", func(value any) bool {
			list, isList := value.([]any)
			return value == any("") || isList && (len(list) == 0 || list[0] == any(""))
		}), refuse(404, sentence("404 Not found")))),
	},
}
