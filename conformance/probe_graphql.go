package conformance

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/statuschecks/statuschecks/conformance/scenario"
)

// graphQLOperation is how scenarios ask GraphQL.
const graphQLOperation = "postGraphQL"

// withoutGraphQL are the statuses of a target that has the REST API alone, or lets nobody ask GraphQL.
var withoutGraphQL = []int{
	http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed,
	http.StatusNotImplemented,
}

// probeGraphQL asks the simplest query there is. A target that has no GraphQL is not judged by it.
func (s *suite) probeGraphQL(ctx context.Context, wanted []*scenario.Scenario) error {
	if !slices.ContainsFunc(wanted, func(c *scenario.Scenario) bool { return c.Calls(graphQLOperation) }) {
		return nil
	}
	with := map[string]any{"query": "{ __typename }"}
	a, _, err := s.projects.maker.call(ctx, s.options.Token, graphQLOperation, with)
	if err != nil {
		return connectionTrouble(err, s.target.root)
	}
	if slices.Contains(withoutGraphQL, a.status) || !a.isJSON {
		s.facts.Missing[graphQL] = fmt.Sprintf("the target answered %d to a query, so it has the REST API alone",
			a.status)
	}
	return nil
}
