package graphql

import (
	"encoding/json"
	"os"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

// answers are what graphql-ruby 2.5.11 answers to queries, with the schema of 18.9 and resolvers that do as those of
// testService. They were recorded from the library itself.
type recorded struct {
	Query         string
	Variables     json.RawMessage
	OperationName *string
	Answer        string
}

func TestAnswers_areThoseOfTheLibrary(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/answers.json")
	assert.NilError(t, err)
	var all []recorded
	assert.NilError(t, json.Unmarshal(text, &all))
	assert.Assert(t, len(all) > 150)
	s := testService(t)
	for _, r := range all {
		var variables Object
		if len(r.Variables) > 0 {
			value, err := DecodeJSON(r.Variables)
			assert.NilError(t, err)
			variables = value.(Object)
		}
		if got := ask(t, s, r.Query, variables, r.OperationName); got != r.Answer {
			t.Errorf("%s %s\n got %s\nwant %s", r.Query, r.Variables, got, r.Answer)
		}
	}
}

// testService has the schema of 18.9 without introspection. Nothing is there, and every mutation is refused.
func testService(t *testing.T) *Service {
	t.Helper()
	schema, err := Parse(openapi.GraphQL(), release.Of(18, 9), map[string]Scalar{
		"ProjectsBranchRuleID":               testID("Projects::BranchRule"),
		"MergeRequestsExternalStatusCheckID": testID("MergeRequests::ExternalStatusCheck"),
	})
	assert.NilError(t, err)
	refused := func(Call) (any, error) { return nil, &Error{Message: "NA"} }
	return &Service{Schema: schema.WithoutIntrospection(), Resolvers: map[string]Resolver{
		"Query.currentUser": null, "Query.metadata": null, "Query.project": null, "Query.queryComplexity": null,
		"Query.echo": func(c Call) (any, error) { return "nil says: " + c.Args["text"].(string), nil },

		"Mutation.branchRuleExternalStatusCheckCreate":  refused,
		"Mutation.branchRuleExternalStatusCheckUpdate":  refused,
		"Mutation.branchRuleExternalStatusCheckDestroy": refused,
	}}
}

// ask gives the answer to a query as JSON, without the escapes that keep HTML apart.
func ask(t *testing.T, s *Service, query string, variables Object, name *string) string {
	t.Helper()
	q := s.Parse(query, name)
	answer, sound := q.Check(variables)
	if sound {
		var err error
		answer, err = q.Run(nil, func(run func() error) error { return run() })
		assert.NilError(t, err)
	}
	return jsonText(plainJSON(t, answer))
}

// plainJSON lets a value be written without escapes.
func plainJSON(t *testing.T, value any) json.RawMessage {
	t.Helper()
	text, err := json.Marshal(value)
	assert.NilError(t, err)
	return text
}
