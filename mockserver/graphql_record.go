package mockserver

import (
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/coverage"
	"github.com/statuschecks/statuschecks/mockserver/internal/graphql"
	"github.com/statuschecks/statuschecks/mockserver/journal"
)

// graphQLParameterNames are what GraphQL takes beside what every operation takes.
var graphQLParameterNames = []string{"query", "variables", "operationName", "remove_deprecated", "_json"}

// experiment is how the reason of a field begins that is marked as deprecated because it is new.
const experiment = "**Status**: Experiment"

// isGraphQL says whether the call is one of GraphQL.
func (c *call) isGraphQL() bool { return c.op != nil && c.op.ID == graphQLOperation }

// mostQueries is of how many queries of a batch a record is kept.
const mostQueries = 20

// queriesOf are the queries of a call as the journal has them: with names and without values.
func queriesOf(usages []graphql.Usage) []journal.GraphQLQuery {
	return presentAll(usages[:min(len(usages), mostQueries)], func(u graphql.Usage) journal.GraphQLQuery {
		q := journal.GraphQLQuery{Kind: u.Kind, Name: plainName(u.Name)}
		for _, name := range u.Fields[:min(len(u.Fields), mostKept)] {
			q.Fields = append(q.Fields, plainName(name))
		}
		return q
	})
}

// rootsOf are the fields that the queries of a call begin with, as coverage counts them.
func rootsOf(usages []graphql.Usage) (names []string) {
	for _, u := range usages {
		for _, name := range u.Fields {
			names = append(names, u.Kind+"."+plainName(name))
		}
	}
	return names
}

// withGraphQL adds what GraphQL can be asked for to what a contract documents.
func withGraphQL(known []coverage.Operation, schema *graphql.Schema) []coverage.Operation {
	i := slices.IndexFunc(known, func(op coverage.Operation) bool { return op.ID == graphQLOperation })
	if i >= 0 {
		for _, name := range schema.Roots() {
			known[i].Parameters = append(known[i].Parameters, documentedItem(name))
		}
	}
	return known
}

// graphQL finds what GitLab takes in silence in a request to GraphQL. Most of what is wrong there it tells.
func (f *finder) graphQL() []finding {
	c := f.call
	for _, given := range []map[string]any{c.body, c.query} {
		for _, name := range sortedKeys(given) {
			if !slices.Contains(graphQLParameterNames, name) && !takenEverywhere[name] {
				f.add(control.NoteUnknownParameter, name, "is not a parameter of %s, and GitLab ignores it", c.op.ID)
			}
		}
	}
	for _, u := range c.usages {
		for _, name := range u.Undeclared {
			f.add(control.NoteUnknownParameter, "variables."+name, "is not a variable of the %s, and GitLab ignores it",
				strings.TrimSpace(u.Kind+" "+plainName(u.Name)))
		}
		for _, d := range u.Deprecated {
			if !strings.Contains(d.Reason, experiment) {
				f.add(control.NoteDeprecated, d.Field, "is deprecated in the schema: %s", d.Reason)
			}
		}
	}
	return f.list
}
