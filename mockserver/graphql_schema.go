package mockserver

import (
	"fmt"
	"strings"
	"sync"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/internal/graphql"
	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

// graphQLSchemas caches the schemas by release.
var graphQLSchemas sync.Map

// graphQLSchema returns the schema of a release.
func graphQLSchema(v release.Version) *graphql.Schema {
	if known, ok := graphQLSchemas.Load(v); ok {
		return known.(*graphql.Schema)
	}
	s, err := graphql.Parse(openapi.GraphQL(), v, globalIDs)
	if err != nil {
		// the schema's text is wrong, which every test notices
		panic("mockserver: " + err.Error())
	}
	known, _ := graphQLSchemas.LoadOrStore(v, s)
	return known.(*graphql.Schema)
}

// closedSchemas are the schemas of the releases that were asked for, without introspection.
var closedSchemas sync.Map

func closedSchema(v release.Version) *graphql.Schema {
	if known, ok := closedSchemas.Load(v); ok {
		return known.(*graphql.Schema)
	}
	known, _ := closedSchemas.LoadOrStore(v, graphQLSchema(v).WithoutIntrospection())
	return known.(*graphql.Schema)
}

// graphQLService returns the service that runs the queries of a request.
func (s *Server) graphQLService(query map[string]any) *graphql.Service {
	schema := graphQLSchema(s.world.state.Version())
	if s.world.state.Has(gitlab.DumpsSchema) {
		schema = closedSchema(s.world.state.Version())
	}
	if query["remove_deprecated"] == "true" {
		schema = schema.WithoutDeprecated()
	}
	return &graphql.Service{Schema: schema, Resolvers: graphQLResolvers}
}

// dumpedSchema is the response to a request that looks like introspection, in releases that return the whole schema for
// all of these.
//
// Source: app/controllers/graphql_controller.rb.
func (s *Server) dumpedSchema(q graphQLQuery) (graphql.Object, bool) {
	if !s.world.state.Has(gitlab.DumpsSchema) || !looksLikeIntrospection(q) {
		return nil, false
	}
	service := &graphql.Service{Schema: graphQLSchema(s.world.state.Version())}
	dump := service.Parse(wholeSchema, nil)
	if _, ok := dump.Check(nil); !ok {
		return nil, false
	}
	answer, err := dump.Run(nil, func(run func() error) error { return run() })
	return answer, err == nil
}

func looksLikeIntrospection(q graphQLQuery) bool {
	if q.operationName != nil {
		return *q.operationName == introspectionName
	}
	return strings.Contains(q.text, "__schema") ||
		strings.Contains(q.text, "__type") && !strings.Contains(q.text, "__typename") ||
		strings.Contains(q.text, "query "+introspectionName)
}

// wholeSchema is the query that tools use to get a schema.
const wholeSchema = `query IntrospectionQuery {
  __schema {
    queryType { name }
    mutationType { name }
    subscriptionType { name }
    types { ...FullType }
    directives { name description locations args(includeDeprecated: true) { ...InputValue } }
  }
}
fragment FullType on __Type {
  kind name description
  fields(includeDeprecated: true) {
    name description
    args(includeDeprecated: true) { ...InputValue }
    type { ...TypeRef }
    isDeprecated deprecationReason
  }
  inputFields(includeDeprecated: true) { ...InputValue }
  interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
  possibleTypes { ...TypeRef }
}
fragment InputValue on __InputValue {
  name description type { ...TypeRef } defaultValue isDeprecated deprecationReason
}
fragment TypeRef on __Type {
  kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
    ofType { kind name } } } } } } }
}`

// globalID is GraphQL's identifier of an object.
type globalID struct {
	model  string
	number int64
}

func (id globalID) String() string { return gid(id.model, id.number) }

// gid formats an identifier.
func gid[N ~int64](model string, number N) string {
	return fmt.Sprintf("gid://gitlab/%s/%d", model, int64(number))
}

// globalIDs are the scalars for identifiers of one kind of object, by their names.
var globalIDs = map[string]graphql.Scalar{
	"ProjectsBranchRuleID": idOf("Projects::BranchRule", string(gitlab.ProtectedBranchRule),
		string(gitlab.AllBranchesRule), string(gitlab.AllProtectedBranchesRule)),
	"MergeRequestsExternalStatusCheckID": idOf(statusCheckModel, statusCheckModel),
}

// statusCheckModel is the class of external status checks.
const statusCheckModel = "MergeRequests::ExternalStatusCheck"

// idOf returns a function that reads identifiers of one class and of its subclasses.
//
// Source: app/graphql/types/global_id_type.rb.
func idOf(model string, accepted ...string) graphql.Scalar {
	return func(given any) (any, error) {
		text, isText := given.(string)
		shown := fmt.Sprintf("%q", text)
		if !isText {
			shown = fmt.Sprint(given)
		}
		app, id, ok := parseGlobalID(text)
		switch {
		case !ok:
			return nil, fmt.Errorf("%s is not a valid Global ID", shown)
		case app != "gitlab":
			return nil, fmt.Errorf("%s is not a Gitlab Global ID", shown)
		}
		for _, name := range accepted {
			if id.model == name {
				return id, nil
			}
		}
		return nil, fmt.Errorf("%s does not represent an instance of %s", shown, model)
	}
}

// parseGlobalID splits an identifier. If its last part is not a number, the number is 0, which no object has.
func parseGlobalID(text string) (app string, id globalID, ok bool) {
	rest, ok := strings.CutPrefix(text, "gid://")
	parts := strings.Split(rest, "/")
	if !ok || len(parts) != 3 || parts[0] == "" || parts[1] == "" || parts[2] == "" {
		return "", globalID{}, false
	}
	return parts[0], globalID{parts[1], rubyToInteger(parts[2])}, true
}
