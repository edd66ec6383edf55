package mockserver

import (
	"errors"
	"net/http"
	"strings"
	"sync"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/internal/graphql"
	"github.com/statuschecks/statuschecks/openapi"
)

// graphQLOperation is the contract's operation for GraphQL.
const graphQLOperation = "postGraphQL"

// graphQLOperations are handled separately from those of REST.
var graphQLOperations = map[string]operation{graphQLOperation: {anonymous: true, scopes: []string{"read_api"}}}

// graphQLPath is the path of GraphQL in the contract.
var graphQLPath = sync.OnceValue(func() string {
	op := openapi.GitLab().Operation(graphQLOperation)
	return op.Root() + op.Path
})

// isGraphQL reports whether the path is that of GraphQL, with any format at its end.
func (a *arrival) isGraphQL() bool {
	rest, ok := strings.CutPrefix(strings.TrimSuffix(a.request.URL.Path, "/"), graphQLPath())
	return ok && (rest == "" || rest[0] == '.' && !strings.Contains(rest, "/"))
}

// asked is a GraphQL request with its caller.
type asked struct {
	call     *call
	service  *graphql.Service
	tx       *gitlab.Tx // while a query or one field of a mutation is resolved
	readOnly bool       // the token opens no more than queries
	writing  gitlab.Writing
	score    int // the complexity of all queries
	limit    int
}

// answerGraphQL responds like GitLab's GraphQL endpoint. The token is checked first. A request that cannot be read is
// refused with 422.
//
// Source: app/controllers/graphql_controller.rb.
func (s *Server) answerGraphQL(c *call) reply {
	a := c.arrival
	switch c.request.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
	default:
		return *a.errorPage(http.StatusNotFound, "GraphQL accepts GET and POST only")
	}
	c.op = s.surface().contract.Operation(graphQLOperation)
	c.query = a.query
	c.body = graphQLParameters(a)
	ask := &asked{call: c, writing: a.behind.Writing()}
	if re := s.admitToGraphQL(ask); re != nil {
		return *re
	}
	queries, batch, re := readQueries(a)
	if re != nil {
		return *re
	}
	ask.service = s.graphQLService(a.query)
	if re := ask.forbidMutations(queries); re != nil {
		return *re
	}
	if !batch {
		if dump, ok := s.dumpedSchema(queries[0]); ok {
			return graphQLReply(http.StatusOK, dump)
		}
	}
	answers, err := ask.all(s, queries)
	if strict := (*failure)(nil); errors.As(err, &strict) {
		re := graphQLError(strict.status, strict.body.(errorBody).Error)
		re.reason = strict.reason
		return re
	}
	if err != nil {
		re := graphQLError(http.StatusInternalServerError, "Internal server error")
		re.reason = err.Error()
		return re
	}
	if batch {
		return graphQLReply(http.StatusOK, answers)
	}
	return graphQLReply(http.StatusOK, answers[0])
}

// graphQLReply returns a response of a Rails controller.
func graphQLReply(status int, body any) reply {
	re := reply{status: status, body: body, header: http.Header{
		"Content-Type":     {"application/json; charset=utf-8"},
		"X-Xss-Protection": {"1; mode=block"},
		"X-Ua-Compatible":  {"IE=edge"},
	}}
	if status >= http.StatusBadRequest {
		re.header.Set("X-Gitlab-Custom-Error", "1")
	}
	return re
}

func graphQLError(status int, message string) reply {
	return graphQLReply(status, graphql.ErrorBody(message))
}

// admitToGraphQL authenticates the caller. Every problem with a token has the same response.
//
// Source: app/controllers/graphql_controller.rb, lib/gitlab/auth/request_authenticator.rb.
func (s *Server) admitToGraphQL(ask *asked) *reply {
	c := ask.call
	secret, given := c.graphQLCredentials()
	refused := func(status int, message, reason string) *reply {
		re := graphQLError(status, message)
		re.reason = reason
		return &re
	}
	invalid := func(reason string) *reply { return refused(http.StatusUnauthorized, "Invalid token", reason) }
	if c.presentsForeignToken() {
		return invalid("GraphQL accepts no job tokens and no deploy tokens")
	}
	if !given && c.visitor != 0 {
		s.look(func(tx *gitlab.Tx) { c.actor.User, _ = tx.User(c.visitor) })
	}
	if !given {
		return nil
	}
	var t gitlab.Token
	var u gitlab.User
	var known, stale bool
	now := s.world.clock.now()
	_ = s.world.state.View(now, func(tx *gitlab.Tx) error {
		t, known = tx.TokenBySecret(secret)
		u, _ = tx.User(t.UserID)
		stale = known && t.TokenUseIsStale(tx.Now)
		return nil
	})
	switch {
	case !known || t.Kind == gitlab.JobToken:
		return invalid("the token does not exist, or is a job token")
	case t.Revoked:
		return invalid("the token was revoked")
	case t.Expired(now):
		return invalid("the token expired on " + t.ExpiresOn.Format("2006-01-02"))
	case !t.Allows("api", "read_api"):
		return invalid("the token has the scopes " + strings.Join(t.Scopes, ", "))
	case t.Kind == gitlab.OAuthToken && c.presentsPrivateToken():
		return invalid("an OAuth token cannot be used as a private token")
	case u.Blocked:
		return refused(http.StatusForbidden, "API not accessible for user", "the user is blocked")
	}
	c.actor = gitlab.Actor{User: u, Token: t}
	if stale {
		c.staleUse = t.ID
	}
	ask.readOnly = !t.Allows("api")
	return nil
}

// graphQLCredentials returns the token of the caller, which can also be in the body.
func (c *call) graphQLCredentials() (string, bool) {
	if secret, given := c.credentials(); given {
		return secret, true
	}
	for _, name := range []string{"private_token", "access_token"} {
		if secret, ok := c.body[name].(string); ok && secret != "" {
			return secret, true
		}
	}
	return "", false
}

func (c *call) presentsPrivateToken() bool {
	text, _ := c.query["private_token"].(string)
	return text != "" || c.request.Header.Get("Private-Token") != ""
}

// presentsForeignToken reports whether the request has a token of a kind that GraphQL never accepts.
func (c *call) presentsForeignToken() bool {
	for _, name := range []string{"token", "job_token"} {
		if _, given := c.query[name]; given {
			return true
		}
	}
	h := c.request.Header
	return h.Get("Job-Token") != "" || h.Get("Deploy-Token") != ""
}

// forbidMutations refuses mutations by a method that changes nothing, such as GET.
func (a *asked) forbidMutations(queries []graphQLQuery) *reply {
	if !isRead(a.call.request.Method) {
		return nil
	}
	for _, q := range queries {
		if a.service.Parse(q.text, q.operationName).Mutates() {
			re := graphQLError(http.StatusUnprocessableEntity, "Mutations are forbidden in "+a.call.request.Method+
				" requests")
			return &re
		}
	}
	return nil
}

// all runs the queries in their order. The limit of complexity applies to all of them together.
func (a *asked) all(s *Server, queries []graphQLQuery) ([]graphql.Object, error) {
	answers := make([]graphql.Object, len(queries))
	sound := make([]*graphql.Query, len(queries))
	for i, q := range queries {
		if q.missing {
			return nil, errors.New("an element of the batch has no query")
		}
		parsed := a.service.Parse(q.text, q.operationName)
		a.call.usages = append(a.call.usages, parsed.Usage(q.variables))
		refused, ok := parsed.Check(q.variables)
		if answers[i] = refused; ok {
			sound[i] = parsed
			a.score += parsed.Complexity()
		}
	}
	if err := a.call.strictly(); err != nil {
		return nil, err
	}
	limits := a.limits(queries)
	a.limit = limits.Complexity
	for i, q := range sound {
		if q == nil {
			continue
		}
		if refused, exceeds := q.Exceeds(limits, a.score); exceeds {
			answers[i] = refused
			continue
		}
		var err error
		if answers[i], err = q.Run(a, a.transaction(s, q)); err != nil {
			return nil, err
		}
	}
	for _, answer := range answers {
		if _, errs := answer.Get("errors"); errs {
			a.call.failed = true
		}
	}
	return answers, nil
}

// limits returns the largest size of a query.
//
// Source: app/graphql/gitlab_schema.rb.
func (a *asked) limits(queries []graphQLQuery) graphql.Limits {
	switch actor := a.call.actor; {
	case actor.Anonymous() && len(queries) == 1 && queries[0].introspects():
		return graphql.Limits{Complexity: 226, Depth: 15}
	case actor.Anonymous():
		return graphql.Limits{Complexity: 200, Depth: 15}
	case actor.Admin():
		return graphql.Limits{Complexity: 300, Depth: 20}
	}
	return graphql.Limits{Complexity: 250, Depth: 20}
}

// transaction runs a query on one snapshot, and each field of a mutation in its own transaction.
func (a *asked) transaction(s *Server, q *graphql.Query) func(func() error) error {
	transact := s.world.state.View
	if q.Mutates() {
		transact = s.world.state.Update
	}
	return func(run func() error) error {
		return transact(s.world.clock.now(), func(tx *gitlab.Tx) error {
			a.tx = tx
			return run()
		})
	}
}
