package mockserver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/statuschecks/statuschecks/mockserver/internal/graphql"
)

// longestQueryText is how many characters the queries of a request can have in total.
const longestQueryText = 10_000

// graphQLQuery is one query of a request.
type graphQLQuery struct {
	text          string
	missing       bool // there is none, in a batch
	variables     graphql.Object
	operationName *string
}

// introspectionName is the name that tools give to the query for the whole schema.
const introspectionName = "IntrospectionQuery"

func (q graphQLQuery) introspects() bool {
	return q.operationName != nil && *q.operationName == introspectionName
}

// graphQLParameters returns the parameters of the body as plain values. They are used to look for a token.
func graphQLParameters(a *arrival) map[string]any {
	if a.media.kind == jsonMedia {
		return decodeJSON(a.json.plain)
	}
	return a.form
}

// readQueries returns the queries of a request: those of a batch, or the one in the body or the query string.
func readQueries(a *arrival) (queries []graphQLQuery, batch bool, refused *reply) {
	body := graphQLBody(a)
	elements, batch := body.([]any)
	if !batch {
		parameters, _ := body.(graphql.Object)
		for _, m := range ordered(a.query) {
			if _, given := parameters.Get(m.Name); !given {
				parameters = append(parameters, m)
			}
		}
		if text, _ := parameters.Get("_json"); text != nil {
			parameters = nil
		}
		elements = []any{parameters}
	}
	size := 0
	for _, e := range elements {
		q, refused := readQuery(e)
		if refused != nil {
			return nil, batch, refused
		}
		q.missing = q.missing && batch
		queries = append(queries, q)
		if size += utf8.RuneCountInString(q.text); size > longestQueryText {
			re := graphQLError(http.StatusUnprocessableEntity, "Query too large")
			return nil, batch, &re
		}
	}
	return queries, batch, nil
}

// graphQLBody returns the body with its members in order. It is nil for a form.
func graphQLBody(a *arrival) any {
	if isRead(a.request.Method) {
		return nil
	}
	switch {
	case a.media.kind == jsonMedia && len(a.body) > 0:
		value, err := graphql.DecodeJSON(a.json.plain)
		if err != nil {
			return nil
		}
		return value
	case a.form != nil:
		return ordered(a.form)
	}
	return nil
}

// ordered returns a form as an object. Its names are sorted, because the order of a form does not matter.
func ordered(values map[string]any) graphql.Object {
	object := graphql.Object{}
	for _, name := range sortedKeys(values) {
		value := values[name]
		if inner, ok := value.(map[string]any); ok {
			value = ordered(inner)
		}
		object = append(object, graphql.Member{Name: name, Value: value})
	}
	return object
}

func readQuery(element any) (graphQLQuery, *reply) {
	parameters, isObject := element.(graphql.Object)
	text, given := parameters.Get("query")
	q := graphQLQuery{text: scalarText(text), missing: !isObject || !given}
	if name, given := parameters.Get("operationName"); given && name != nil {
		plain := scalarText(name)
		q.operationName = &plain
	}
	raw, _ := parameters.Get("variables")
	variables, problem := readVariables(raw)
	if problem != "" {
		re := graphQLError(http.StatusUnprocessableEntity, problem)
		re.reason = "variables must be an object, or JSON text of an object"
		return q, &re
	}
	q.variables = variables
	return q, nil
}

// scalarText returns a parameter that is a text, a number or a bool. Others are not permitted, so they are left out.
func scalarText(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return fmt.Sprint(v)
	}
	return ""
}

// readVariables reads the variables of a query: an object, or JSON text with one. The error has GitLab's words, except
// for text that is not JSON.
//
// Source: lib/gitlab/graphql/variables.rb.
func readVariables(raw any) (graphql.Object, string) {
	switch v := raw.(type) {
	case nil:
		return nil, ""
	case graphql.Object:
		return v, ""
	case string:
		if strings.TrimSpace(v) == "" {
			return nil, ""
		}
		inner, err := graphql.DecodeJSON([]byte(v))
		if err != nil {
			return nil, "unexpected character: '" + v + "' at line 1 column 1"
		}
		if _, isText := inner.(string); isText {
			return nil, "Unexpected parameter: " + v
		}
		return readVariables(inner)
	}
	return nil, "Unexpected parameter: " + string(encodeJSON(raw))
}
